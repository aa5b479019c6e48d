"""What workers are asked to do in tests. A module of its own, because each new worker imports it."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from copydesk.alone.single import record_row
from copydesk.article import RawRecord
from copydesk.machine.announcing import listen_to_compiler
from copydesk.reading import RawFile, read_records
from copydesk.reading.opening import Root
from copydesk.running.examining import examine_encoded
from copydesk.running.raw_records import sources_parts
from copydesk.settings import RunningSettings, Settings

PREPARED = 0
"""How often `prepare` was called in this process or before it was forked."""


def prepare() -> None:
    """Count the call."""
    global PREPARED
    PREPARED += 1


def double(number: int) -> int:
    """Give twice the number."""
    return 2 * number


def hang() -> None:
    """Never come back."""
    while True:
        pass


def fail() -> None:
    """Raise what nobody foresaw."""
    raise LookupError("a mistake of ours")


DEEDS: dict[str, Callable[[], object]] = {
    "segfault": lambda: os.kill(os.getpid(), signal.SIGSEGV),
    "killed": lambda: os.kill(os.getpid(), signal.SIGKILL),
    "exit": lambda: os._exit(3),
    "hang": hang,
    "memory": lambda: bytearray(2 << 30),
    "bug": fail,
    "compile": lambda: compile_slowly(),
    "compile-and-hang": lambda: (compile_slowly(), hang()),
}


def act(order: str) -> str:
    """Do what the order says: most orders end the process."""
    DEEDS.get(order, bool)()
    if ":" in order:
        act_by_file(*order.split(":", 1))
    return order.upper()


COMPILE_SECONDS = 4.0
COMPILE_LIMITS = RunningSettings(record_seconds=3, worker_bytes=1 << 30, readers=2)
"""Less than the compiler takes; to load it counts as an item's time, and may take a second on a busy machine."""


def compile_slowly() -> None:
    """Do what a compiler does on a slow machine: say that it begins, twice, and take longer than an item may."""
    from numba.core import event

    listen_to_compiler()
    with event.trigger_event("numba:compile"):
        with event.trigger_event("numba:compile"):
            pass
        time.sleep(COMPILE_SECONDS)


def act_by_file(order: str, name: str) -> None:
    """Note in a file that this was tried, and end the process: always, never, or only at one of the tries."""
    with Path(name).open("a", encoding="utf-8") as notes:
        notes.write(".")
        tries = notes.tell()
    if order == "note-and-die" or (order, tries) in {("once", 1), ("second", 2)}:
        os._exit(1)


def join(results: Sequence[str]) -> bytes:
    """Give all results as one."""
    return ",".join(results).encode()


def tell_process(_: object) -> int:
    """Give the process id of the worker."""
    return os.getpid()


def examine_or_die(record: RawRecord, settings: Settings) -> bytes:
    """Examine a record as usual, but die of certain words in it, as a parser of markup might."""
    for word in ("segfault", "hang", "memory"):
        if f"DEADLY {word}" in str(record.content):
            act(word)
    return examine_encoded(record, settings)


def row_or_die(record: RawRecord, settings: Settings) -> dict[str, Any]:
    """Give a record's row as usual, but die of certain words in it."""
    if "DEADLY segfault" in str(record.content):
        act("segfault")
    return record_row(record, settings)


def sources_or_die(root: Root, max_bytes: int, file: RawFile) -> Iterator[Any]:
    """Read a sources file as usual, but die of those in a folder called deadly."""
    if b"deadly" in file.location:
        act("segfault")
    return sources_parts(root, max_bytes, file)


def kill_dask_worker() -> None:
    """End the Dask worker that this child works for; nothing elsewhere."""
    grandparent = parent_of(os.getppid())
    if b"dask" in Path(f"/proc/{grandparent}/cmdline").read_bytes() or is_spawned(grandparent):
        os.kill(grandparent, signal.SIGKILL)
        time.sleep(60)


def is_spawned(process: int) -> bool:
    """Whether a process was started by multiprocessing, as the workers of a local cluster are."""
    return b"spawn_main" in Path(f"/proc/{process}/cmdline").read_bytes()


def parent_of(process: int) -> int:
    """Give the process that started this one."""
    return int(Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[1])


def act_on_cluster(order: str) -> str:
    """As `act`, with one order more."""
    if order == "kill dask":
        kill_dask_worker()
    return act(order)


def examine_and_kill_once(record: RawRecord, settings: Settings) -> bytes:
    """Examine a record as usual; at the one that names a mark, the first time, the Dask worker is killed."""
    _, found, mark = str(record.content).partition("MARK ")
    if found and not (path := Path(mark.split()[0])).exists():
        path.touch()
        kill_dask_worker()
    return examine_encoded(record, settings)


def take_apart(order: str) -> Iterator[str]:
    """Give what the words of an order come to, one by one."""
    return map(act, order.split())


def read_or_die(raw: Path, settings: Settings, file: RawFile) -> Iterator[RawRecord]:
    """Read a file as usual, but die of certain names behind its second record."""
    for number, record in enumerate(read_records(raw, file, settings)):
        if number == 2 and file.path.startswith("deadly"):
            act("segfault")
        yield record

"""A worker from inside: takes groups of items, sends one answer per item, and may die of any of them.

Nothing here guards against an item: no signals, no timers, no threads. Who guards is the parent, which sees the
connection end or hears nothing for too long.
"""

from __future__ import annotations

import gc
import resource
import traceback
from collections.abc import Callable, Iterator
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from copydesk.errors import RunError
from copydesk.machine.announcing import announce_compiling
from copydesk.machine.collector import RARELY
from copydesk.settings import RunningSettings
from copydesk.workers.engine import GroupWork, do_all
from copydesk.workers.saying import Speaker
from copydesk.workers.waiting import Answers
from copydesk.workers.wire import decode_value, encode_parts, unpack

OUT_OF_MEMORY = 86
"""Exit status of a worker that was refused memory. What it holds then can't be trusted any more, so it ends."""


READY, COMPILING, RESULT, LAST, FAILED, GAVE_UP = b"r", b"c", b"v", b"l", b"f", b"g"
"""How an answer begins. `COMPILING` comes before machine code is made, and `READY` again behind it. `LAST` follows the
parts of one item, `FAILED` is followed by a traceback, `GAVE_UP` by what keeps the run from going on (a store that
doesn't answer)."""


def work(connection: Connection[Any, Any], memory_bytes: int, at_item: memoryview) -> int:
    """The exit status of a worker, after all its work: 0, or `OUT_OF_MEMORY`.

    In `at_item[0]` stands which of the items of a pack it is at: it is read when the worker is dead.

    Comes first over the connection: the function (pickled, by the process that we are a part of), answered by `READY`;
    then packs of items (before them, whether to be careful: `Speaker`), answered by `RESULT` and the encoded result for
    each item, and by one more for a `Summary`. Where the result is an iterator, each part is an answer, and `LAST`
    follows. Or, once and for all, `FAILED` and a traceback for an error of the function, which is a mistake of ours.
    """
    limit_memory(memory_bytes)
    offer_to_the_kernel()
    gc.set_threshold(*RARELY)  # A group of articles holds no cycles: a thirtieth of a worker's time.
    speaker = Speaker(connection)
    announce_compiling(partial(_say_compiling, speaker))
    try:
        function: Callable[[Any], Any] | GroupWork = connection.recv()
        connection.send_bytes(READY)  # all is imported: from now on, time is the item's
        requests = Answers(connection)
        while True:
            for request in requests.read():
                _answer(speaker, function, request, at_item)
                at_item[0] = 0
    except (EOFError, ConnectionError):
        return 0  # the parent needs us no longer
    except MemoryError:
        return OUT_OF_MEMORY
    except RunError as error:
        speaker.say(GAVE_UP, str(error).encode("utf-8", "backslashreplace"))
        speaker.send()
        return 0
    except Exception:  # noqa: BLE001 - it is raised again, in the parent
        speaker.say(FAILED, traceback.format_exc().encode("utf-8", "backslashreplace"))
        speaker.send()
        return 0


def _answer(speaker: Speaker, function: Callable[[Any], Any] | GroupWork, request: bytes, at_item: memoryview) -> None:
    """Do what is asked for: a pack that holds whether each answer must be sent at once, and the items."""
    items = unpack(request)
    speaker.careful = bool(next(items))
    for result in do_all(function, _counted(items, at_item)):
        if isinstance(result, Iterator):
            for part in result:
                speaker.say(RESULT, *encode_parts(part))
            speaker.say(LAST)
        else:
            speaker.say(RESULT, *encode_parts(result))
    speaker.send()


def _say_compiling(speaker: Speaker, begins: bool) -> None:
    speaker.say(COMPILING if begins else READY)
    speaker.send()


def _counted(items: Iterator[Any], at_item: memoryview) -> Iterator[Any]:
    """The items; which one it is, is said before it is unpacked, and behind the last one that there are no more."""
    at_item[0] = 1
    for number, item in enumerate(items, 2):
        yield item
        at_item[0] = number


def read_answer(answer: bytes) -> Any:
    """What an answer holds, `None` for `READY`, `COMPILING` and `LAST`.

    Raises RunError for `GAVE_UP`, RuntimeError for `FAILED` and for what no worker of ours would say.
    """
    kind, rest = answer[:1], memoryview(answer)[1:]
    if kind == RESULT:
        try:
            return decode_value(rest)
        except (ValueError, TypeError) as error:
            raise RuntimeError(f"a worker gave an answer that can't be read: {error}") from error
    if kind in (READY, COMPILING, LAST):
        return None
    if kind == GAVE_UP:
        raise RunError(str(rest, "utf-8", "replace"))
    raise RuntimeError(f"a worker failed:\n{str(rest, 'utf-8', 'replace')}")


def limit_memory(memory_bytes: int) -> None:
    """Have the system refuse this process more private memory than this beyond what it has, so that it fails alone.

    RLIMIT_DATA, not RLIMIT_AS: mapped libraries take 300 MB of addresses that cost nothing. What the process has by now
    counts 1 GB of such addresses, too, which Arrow's allocator keeps for itself.
    """
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    wanted = _memory_bytes() + memory_bytes
    resource.setrlimit(resource.RLIMIT_DATA, (wanted if hard == resource.RLIM_INFINITY else min(wanted, hard), hard))


def _memory_bytes() -> int:
    """The private memory that this process has, as RLIMIT_DATA counts it; 0 where the system doesn't say."""
    sizes = Path("/proc/self/statm")
    return int(sizes.read_text().split()[5]) * resource.getpagesize() if sizes.exists() else 0


def offer_to_the_kernel() -> None:
    """Have the kernel, where it runs out of memory in spite of all limits, end this process before any other."""
    score = Path("/proc/self/oom_score_adj")
    if score.exists():
        score.write_text("1000")


def how_it_ended(status: int, limits: RunningSettings) -> str:
    """In words, what the status of a worker that should have gone on says (negative: the signal that killed it).

    >>> how_it_ended(-11, RunningSettings())
    'the worker died with signal 11'
    >>> how_it_ended(3, RunningSettings())
    'the worker ended itself with status 3'
    """
    if status == OUT_OF_MEMORY:
        return f"the worker needed more than {limits.worker_bytes:,} bytes of memory"
    return f"the worker died with signal {-status}" if status < 0 else f"the worker ended itself with status {status}"

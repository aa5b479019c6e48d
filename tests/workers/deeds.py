"""What workers are asked to do in tests. A module of its own, because each new worker imports it."""

from __future__ import annotations

import os
import signal
from pathlib import Path

from copydesk.article import Article, RawRecord
from copydesk.pipeline import examine
from copydesk.settings import Settings


def double(number: int) -> int:
    """Give twice the number."""
    return 2 * number


def act(order: str) -> str:
    """Do what the order says: most orders end the process."""
    if order == "segfault":
        os.kill(os.getpid(), signal.SIGSEGV)
    if order == "killed":
        os.kill(os.getpid(), signal.SIGKILL)
    if order == "exit":
        os._exit(3)
    if order == "hang":
        while True:
            pass
    if order == "memory":
        return str(len(bytearray(2 << 30)))
    if order == "bug":
        raise LookupError("a mistake of ours")
    if order.startswith("once:"):
        mark = Path(order.removeprefix("once:"))
        if not mark.exists():
            mark.touch()
            os._exit(1)
    return order.upper()


def tell_process(_: object) -> int:
    """Give the process id of the worker."""
    return os.getpid()


def examine_or_die(record: RawRecord, settings: Settings) -> Article:
    """Examine a record as usual, but die of certain words in it, as a parser of markup might."""
    for word in ("segfault", "hang", "memory"):
        if f"DEADLY {word}" in str(record.content):
            act(word)
    return examine(record, settings)

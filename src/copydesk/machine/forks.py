"""Work on parts of what this process holds, in forks of it: for work that is half Python's own, which threads of one
process would do one at a time.

A fork is there in milliseconds. It shares all memory until one of the two writes to it, and nothing has to be loaded or
to travel to it: arrays, mapped columns and machine code are where they were. Only results come back, in a file. A fork
has no threads but the one that made it, so it is for processes that are ours alone: of our own threads none holds
anything that arrays or Arrow need.
"""

from __future__ import annotations

import gc
import os
import pickle
import struct
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any, TypeVar

from copydesk.machine.lean import is_ours
from copydesk.machine.split import Split, end_with, split_off
from copydesk.machine.threads import map_in_threads
from copydesk.machine.work import Work

Item = TypeVar("Item")
Result = TypeVar("Result")

MOST_FORKS = 4
"""Processes at one piece of work, this one among them: each holds a batch of its own."""

LEAST_ITEMS = 8
"""Fewer are worth no fork: it takes ten milliseconds, and twenty where a gigabyte is held."""

PATIENCE_SECONDS = 60
"""How long is waited for forks when nothing is left to be begun. They are at one item each, which takes half a second
at most; one that hangs must not hang the run."""

LOOK_SECONDS = 0.002
"""Between two looks whether a fork has ended."""

NUMBER = struct.Struct("!I")
"""An item's number among those that wait."""


def map_in_forks(
    function: Callable[[Item], Result], items: Sequence[Item], work: Work, *, loaded: bool = False
) -> list[Result]:
    """The results of a function, in the order of the items, worked out by as many processes, of which this is one, as
    the work may have threads.

    The first item is done before there are others, so that what it loads is there in all of them; unless all is
    `loaded`. Whatever becomes of a fork, what it hasn't done is done here, and what the function raises is raised here.
    Results are pickled, and lie in the work's folder on their way. Where no fork may be, there are threads.

    >>> map_in_forks(abs, [-1, 2, -3], Work(2))
    [1, 2, 3]
    """
    processes, folder = min(work.threads, MOST_FORKS), work.folder
    if processes <= 1 or len(items) < LEAST_ITEMS or not may_fork():
        return list(map_in_threads(function, items, processes))
    done = {} if loaded else {0: function(items[0])}
    with TemporaryFile(dir=folder) as waiting:
        waiting.write(b"".join(map(NUMBER.pack, range(len(done), len(items)))))
        waiting.flush()
        os.lseek(waiting.fileno(), 0, os.SEEK_SET)
        forks: list[_Fork] = []
        try:
            with suppress(OSError):  # The system has no room for one: then there are fewer.
                forks.extend(_fork(function, items, waiting.fileno(), folder) for _ in range(processes - 1))
            done.update((number, function(items[number])) for number in _numbers(waiting.fileno()))
            limit = time.monotonic() + PATIENCE_SECONDS
            for fork in forks:
                done.update(fork.results(limit))
        finally:
            for fork in forks:
                fork.end()
    return [done[number] if number in done else function(item) for number, item in enumerate(items)]


def may_fork() -> bool:
    """Whether this process may be forked where it is: not among somebody else's threads, nor on systems whose own
    libraries don't take it.
    """
    return is_ours() and sys.platform == "linux" and all(map(_is_harmless, threading.enumerate()))


def _is_harmless(thread: threading.Thread) -> bool:
    """Whether a fork needs nothing that this thread may hold: ours look at the time or wait, that of bars draws."""
    ours = thread is threading.main_thread() or thread.name.startswith("copydesk")
    return ours or type(thread).__module__.startswith("rich.")


@dataclass(slots=True)
class _Fork:
    process: Split
    said: IO[bytes]

    def results(self, limit: float) -> Iterator[tuple[int, Any]]:
        """What the fork has done, by number, once it has ended; it is ended where it hasn't by that time."""
        while self.process.poll() is None and time.monotonic() < limit:
            time.sleep(LOOK_SECONDS)
        self._kill()
        self.said.seek(0)
        # One that died has left a part of its last result at most.
        with suppress(EOFError, pickle.UnpicklingError):
            while True:
                yield pickle.load(self.said)  # noqa: S301 - by this very program, in a file that nobody else sees

    def end(self) -> None:
        """End the fork, if it still lives, and forget what it has said."""
        self._kill()
        self.said.close()

    def _kill(self) -> None:
        self.process.kill()
        self.process.wait()


def _fork(function: Callable[[Item], Result], items: Sequence[Item], waiting: int, folder: Path | None) -> _Fork:
    said = TemporaryFile(dir=folder)  # noqa: SIM115 - closed with the fork's results
    user = os.getpid()

    def work() -> None:
        end_with(user)
        gc.disable()  # Looking for cycles would write to all that is shared.
        for number in _numbers(waiting):
            pickle.dump((number, function(items[number])), said, pickle.HIGHEST_PROTOCOL)
        said.flush()

    try:
        return _Fork(split_off(work), said)
    except OSError:
        said.close()
        raise


def _numbers(waiting: int) -> Iterator[int]:
    """Numbers of items that nobody else has taken. All who read the file are at one place of it: what one has read the
    others don't.
    """
    while taken := os.read(waiting, NUMBER.size):
        yield NUMBER.unpack(taken)[0]

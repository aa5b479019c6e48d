"""One worker that takes things apart: for each item many parts, in order, as far as it survives.

For reading: a file becomes records one by one, however large it is, and a container that kills its reader (parsers of
packed and binary formats are written in C) costs what lies behind that place in that file. Like any other accident it
is tried once more, from the start, since no parser can be set down in the middle.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from copydesk.article import Refusal
from copydesk.errors import RunError
from copydesk.settings import RunningSettings
from copydesk.workers.child import LAST, how_it_ended, read_answer
from copydesk.workers.engine import Item, Result
from copydesk.workers.nursery import Child, nursery
from copydesk.workers.pool import START_ATTEMPTS, START_SECONDS
from copydesk.workers.wire import pack

ITEMS_AT_ONCE = 256
"""Items that the worker is given at a time, so that it needn't wait for us after each."""


def stream_parts(
    function: Callable[[Item], Iterator[Result]], items: Iterable[Item], limits: RunningSettings
) -> Generator[tuple[Item, Result | Refusal], None, None]:
    """Each item with each of its parts, in order; with a refusal behind them if no worker survived the rest.

    `function` must be importable and pure. Raises RuntimeError for what it raises, RunError if no worker can be
    started. The worker ends with the iterator.
    """
    source = iter(items)
    taker = _Taker(function, limits)
    try:
        while group := list(islice(source, ITEMS_AT_ONCE)):
            yield from taker.take(group)
    finally:
        taker.dismiss()


@dataclass(slots=True)
class _Taker:
    function: Callable[[Any], Iterator[Any]]
    limits: RunningSettings
    child: Child | None = None

    def take(self, group: list[Any]) -> Iterator[tuple[Any, Any]]:
        """The parts of all items of the group."""
        done, given, failed = 0, 0, False
        while done < len(group):
            yielded = 0
            try:
                child = self._ready()
                child.connection.send_bytes(pack(group[done:]))
                while done < len(group):
                    part = self._receive(child)
                    if part is LAST:
                        done, given, failed, yielded = done + 1, 0, False, 0
                        continue
                    yielded += 1
                    if yielded > given:  # else it was given before the accident
                        given = yielded
                        yield group[done], part
            except _Lost as lost:
                if failed:
                    yield group[done], lost.refusal
                    done, given = done + 1, 0
                failed = not failed

    def dismiss(self) -> int:
        """How the worker ended; it is killed if it hasn't."""
        child, self.child = self.child, None
        return nursery().end(child) if child else 0

    def _ready(self) -> Child:
        """The worker, or a new one in the place of one that was lost."""
        for _ in range(START_ATTEMPTS):
            if self.child is not None:
                return self.child
            self.child = nursery().start(self.limits.worker_bytes)
            try:
                self.child.connection.send(self.function)
                self._receive(self.child, START_SECONDS)
            except (_Lost, ConnectionError):
                self.dismiss()
        raise RunError("workers die before they have begun; nothing was published")

    def _receive(self, child: Child, seconds: float | None = None) -> Any:
        """The next part. The clock runs only while we wait: what the worker has ready by then is in time."""
        deadline = time.monotonic() + (seconds or self.limits.record_seconds)
        try:
            if not child.connection.poll(max(0.0, deadline - time.monotonic())):
                self.dismiss()
                raise _Lost(Refusal("deadline", f"nothing was read in {self.limits.record_seconds} s"))
            answer = child.connection.recv_bytes()
        except (EOFError, OSError):
            raise _Lost(Refusal("crashed", how_it_ended(self.dismiss(), self.limits))) from None
        return LAST if answer == LAST else read_answer(answer)


class _Lost(Exception):  # noqa: N818 - what happened to a worker, on its way to the item it was at
    def __init__(self, refusal: Refusal) -> None:
        super().__init__(str(refusal))
        self.refusal = refusal

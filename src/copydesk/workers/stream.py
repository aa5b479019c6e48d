"""Workers that take things apart: for each item many parts, in order, as far as a worker survives.

For reading: a file becomes records one by one, however large it is, and a container that kills its reader (parsers of
packed and binary formats are written in C) costs what lies behind that place in that file. Like any other accident it
is tried once more, from the start, since no parser can be set down in the middle; and by a worker that sends each part
at once, so that none is lost with it. Which item it was at, a worker has noted, so no other one is held to have failed.

Several workers read ahead, each at its own portion of items; what they give waits here until it is its turn, up to a
limit, beyond which only the one whose turn it is is listened to. The others then wait at their end of the connection.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from copydesk.article import Refusal
from copydesk.errors import RunError
from copydesk.settings import RunningSettings
from copydesk.workers.child import COMPILING, LAST, READY, how_it_ended, read_answer
from copydesk.workers.engine import Item, Result
from copydesk.workers.nursery import Child, nursery
from copydesk.workers.pool import START_ATTEMPTS, START_SECONDS
from copydesk.workers.waiting import Answers, ready
from copydesk.workers.wire import pack

ITEMS_AT_ONCE = 256
"""Items that a worker is given at a time, so that it needn't wait for us after each."""

AHEAD_SHARE = 16
"""One part in so many of `memory_bytes` is for what was read before its turn."""


def stream_parts(
    function: Callable[[Item], Iterator[Result]],
    items: Iterable[Item],
    limits: RunningSettings,
    size: Callable[[Item], int] = lambda _: 0,
) -> Generator[tuple[Item, Result | Refusal], None, None]:
    """Each item with each of its parts, in order; with a refusal behind them if no worker survived the rest.

    `function` must be importable and pure; `size` gives about how many bytes an item is, so that large ones don't wait
    for each other. Raises RuntimeError for what the function raises, RunError if no worker can be started. The workers
    end with the iterator.
    """
    run = _Run(function, _portions(items, size, limits), limits)
    try:
        yield from run.parts()
    finally:
        run.end()


def _portions(items: Iterable[Item], size: Callable[[Item], int], limits: RunningSettings) -> Iterator[list[Item]]:
    """The items in portions of at most `ITEMS_AT_ONCE` items and about `shard_bytes`."""
    source = iter(items)
    while portion := list(islice(source, 1)):
        total = size(portion[0])
        while total < limits.shard_bytes and len(portion) < ITEMS_AT_ONCE and (more := list(islice(source, 1))):
            portion += more
            total += size(more[0])
        yield portion


@dataclass(slots=True)
class _Portion:
    """Items for one worker; how many are done, how many parts of the next one were given, and what waits."""

    items: list[Any]
    done: int = 0
    given: int = 0
    failed: set[int] = field(default_factory=set)
    """Those of the items that a worker has died of, or fallen silent at."""
    waiting: deque[tuple[Any, Any]] = field(default_factory=deque)
    waiting_bytes: int = 0
    worker: _Worker | None = None

    @property
    def over(self) -> bool:
        return self.done == len(self.items)


@dataclass(slots=True)
class _Worker:
    child: Child
    answers: Answers
    ready: bool = False
    compiling: bool = False
    first: int = 0
    """Which item of its portion it began with."""
    careful: bool = False
    """Whether it sends each part at once."""
    received: int = 0
    """Parts of the present item, counted from its start in this worker."""
    silent_seconds: float = 0.0
    taken: int = 0


@dataclass(slots=True)
class _Run:
    function: Callable[[Any], Iterator[Any]]
    source: Iterator[list[Any]]
    limits: RunningSettings
    portions: deque[_Portion] = field(default_factory=deque)
    idle: list[_Worker] = field(default_factory=list)
    lost_unbegun: int = 0

    def parts(self) -> Iterator[tuple[Any, Any]]:
        while True:
            self._feed()
            if not self.portions:
                return
            first = self.portions[0]
            while first.waiting:
                yield self._take(first)
            if first.over:
                self.portions.popleft()
            else:
                self._listen()

    def _take(self, portion: _Portion) -> tuple[Any, Any]:
        if len(portion.waiting) == 1:
            portion.waiting_bytes = 0
        return portion.waiting.popleft()

    def end(self) -> None:
        """End all workers, whatever they are at."""
        for worker in [*self.idle, *(p.worker for p in self.portions if p.worker)]:
            nursery().end(worker.child)
        self.idle.clear()
        self.portions.clear()

    def _feed(self) -> None:
        """Give a portion to each worker that has none."""
        busy = sum(portion.worker is not None for portion in self.portions)
        while busy < self.limits.readers and self._has_room():
            portion = next(self.source, None)
            if portion is None:
                return
            self.portions.append(_Portion(portion))
            self._start(self.portions[-1])
            busy += 1

    def _has_room(self) -> bool:
        # What waits may also be many portions of small files that are over.
        waiting = sum(portion.waiting_bytes for portion in self.portions)
        return waiting < self.limits.memory_bytes // AHEAD_SHARE and len(self.portions) < 4 * self.limits.readers

    def _start(self, portion: _Portion) -> None:
        """Have a worker begin with what is left of a portion."""
        worker = self.idle.pop() if self.idle else self._new_worker()
        portion.worker = worker
        worker.received, worker.silent_seconds = 0, 0.0
        worker.first, worker.careful = portion.done, max(portion.failed, default=-1) >= portion.done
        try:
            if not worker.ready:
                worker.child.connection.send(self.function)
            worker.child.connection.send_bytes(pack([worker.careful, *portion.items[portion.done :]]))
        except ConnectionError:
            self._lose(portion)

    def _new_worker(self) -> _Worker:
        child = nursery().start(self.limits.worker_bytes)
        return _Worker(child, Answers(child.connection))

    def _listen(self) -> None:
        """Take what the first portion's worker has, and what the others have as long as there is room for it."""
        heard = self.portions if self._has_room() else (self.portions[0],)
        working = [(portion, portion.worker) for portion in heard if portion.worker is not None]
        left = min(self._patience(worker) - worker.silent_seconds for _, worker in working)
        asked_at = time.monotonic()
        answers = ready([worker.child.connection for _, worker in working], max(0.0, left))
        passed = time.monotonic() - asked_at
        for portion, worker in working:
            if worker.child.connection.fileno() in answers:
                self._hear(portion, worker)
                continue
            worker.silent_seconds += passed
            if worker.silent_seconds >= self._patience(worker):
                self._lose(portion, Refusal("deadline", f"nothing was read in {self.limits.record_seconds} s"))

    def _patience(self, worker: _Worker) -> float:
        """How long it may be silent. Its clock runs only while we wait for it."""
        return self.limits.record_seconds if worker.ready and not worker.compiling else START_SECONDS

    def _hear(self, portion: _Portion, worker: _Worker) -> None:
        """Take what is there, of a large answer a part."""
        try:
            answers = worker.answers.read()
        except (EOFError, OSError):
            self._lose(portion)
            return
        for answer in answers:
            worker.silent_seconds = 0.0
            self._sort(portion, worker, answer)

    def _sort(self, portion: _Portion, worker: _Worker, answer: bytes) -> None:
        if answer in (READY, COMPILING):
            worker.ready, worker.compiling, self.lost_unbegun = True, answer == COMPILING, 0
        elif answer == LAST:
            portion.done, portion.given, worker.received = portion.done + 1, 0, 0
            worker.taken += 1
            if portion.over:
                self._release(portion, worker)
        else:
            part = read_answer(answer)
            worker.received += 1
            worker.taken += 1
            if worker.received > portion.given:  # else it was given before the accident
                portion.given = worker.received
                portion.waiting.append((portion.items[portion.done], part))
                portion.waiting_bytes += len(answer)

    def _release(self, portion: _Portion, worker: _Worker) -> None:
        portion.worker = None
        if worker.taken < self.limits.records_per_worker:
            self.idle.append(worker)
        else:
            nursery().end(worker.child)

    def _lose(self, portion: _Portion, refusal: Refusal | None = None) -> None:
        """End a worker that is dead or overdue; the item it was at is tried again or refused, the rest goes on."""
        worker, portion.worker = portion.worker, None
        if worker is None:
            return
        ending = nursery().end(worker.child)
        if not worker.ready:
            self.lost_unbegun += 1
            if self.lost_unbegun >= START_ATTEMPTS:
                raise RunError("workers die before they have begun; nothing was published")
        elif (culprit := _culprit(portion, worker, ending.at_item)) not in portion.failed:
            portion.failed.add(culprit)
        else:
            refusal = refusal or Refusal("crashed", how_it_ended(ending.status, self.limits))
            portion.waiting.append((portion.items[portion.done], refusal))
            portion.done, portion.given = portion.done + 1, 0
        if not portion.over:
            self._start(portion)


def _culprit(portion: _Portion, worker: _Worker, at_item: int) -> int:
    """The item that a worker was at: of those that hold parts back, some may be done of which we don't know yet."""
    noted = worker.first + at_item - 1
    return portion.done if worker.careful else min(max(portion.done, noted), len(portion.items) - 1)

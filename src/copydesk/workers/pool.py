"""Worker processes that may die: what kills a worker costs that item alone.

When a worker dies, or nothing is heard of it for too long, it has left a note of the item that it was at. The others
that it hasn't answered go to a worker that is careful: it sends each answer at once, so nothing is done a third time
if another one of them kills it. The item itself is tried once more, alone in a fresh worker, because the fault may have
been its neighbour's or the machine's. If it fails again, its result is a refusal.
The deadline is kept here, by the clock of this process: no signals or timers in workers.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from copydesk.article import Refusal
from copydesk.errors import RunError
from copydesk.settings import RunningSettings
from copydesk.workers.child import COMPILING, READY, how_it_ended, read_answer
from copydesk.workers.engine import GROUP_BYTES, GroupWork, Item, Result, Summary, group_by_size
from copydesk.workers.nursery import Child, Ending, nursery
from copydesk.workers.waiting import Answers, ready
from copydesk.workers.wire import pack

GROUPS_AHEAD = 8
"""Groups per worker that may be read before the oldest is done: bounds memory, and lets the others go on while one
worker is at a hard item."""

AHEAD_SHARE = 8
"""One part in so many of `memory_bytes` is for records that wait for a worker, or for their turn after it: a group has
half a megabyte, but one record may have 32."""

START_SECONDS = 300
"""A worker that hasn't imported the function after so long won't, nor make the machine code that it began to make."""

START_ATTEMPTS = 5
"""Workers in a row that may be lost before they have begun with any work. More, and it isn't the work's fault."""


class ProcessEngine:
    """Work in so many worker processes, each of which may die of its work."""

    def __init__(self, workers: int, limits: RunningSettings) -> None:
        self._workers = workers
        self._limits = limits

    def map(
        self, function: Callable[[Item], Result] | GroupWork, items: Iterable[Item], size: Callable[[Item], int]
    ) -> Generator[Result | Refusal, None, None]:
        """The results of `function`, in the order of the items; a refusal for an item that no worker survived.

        The first worker is started with the first item, a second one when a second group is there. However the
        iterator ends (exhausted, closed, interrupted), it leaves no worker behind. Raises RuntimeError with the
        worker's traceback for what `function` raises, RunError if no worker can be started.
        """
        limit = function.group_bytes if isinstance(function, GroupWork) else GROUP_BYTES
        run = _Run(function, group_by_size(items, size, limit), self._workers, self._limits, size)
        try:
            yield from run.results()
        finally:
            run.end()


@dataclass(slots=True)
class _Task:
    """Items that lie next to each other, from position `first`."""

    first: int
    items: list[Any]
    careful: bool = False
    """Whether each answer comes as soon as it is there."""
    last_attempt: bool = False
    summed_up: bool = True
    """In work on groups, whether the position behind the items is that of the summary, not of another item."""

    @property
    def end(self) -> int:
        return self.first + len(self.items)


@dataclass(slots=True)
class _Worker:
    child: Child
    answers: Answers
    heard_at: float = 0.0
    task: _Task | None = None
    ready: bool = False
    compiling: bool = False
    answered: int = 0
    taken: int = 0


@dataclass(slots=True)
class _Run:
    """One `map`: who is at what, what waits, what is done."""

    function: Callable[[Any], Any] | GroupWork
    groups: Iterator[list[Any]]
    most_workers: int
    limits: RunningSettings
    size: Callable[[Any], int]
    workers: list[_Worker] = field(default_factory=list)
    again: deque[_Task] = field(default_factory=deque)
    done: dict[int, Any] = field(default_factory=dict)
    ends: deque[int] = field(default_factory=deque)
    bytes_of: deque[int] = field(default_factory=deque)
    ahead_bytes: int = 0
    read: int = 0
    lost_unbegun: int = 0

    def results(self) -> Iterator[Any]:
        for position in count():
            while position not in self.done:
                self._feed()
                if not self._busy():
                    return
                self._listen()
            yield self.done.pop(position)
            if self.ends and self.ends[0] == position + 1:
                self.ends.popleft()
                self.ahead_bytes -= self.bytes_of.popleft()

    @property
    def summed_up(self) -> bool:
        """Whether a summary stands behind the results of each group."""
        return isinstance(self.function, GroupWork)

    def end(self) -> None:
        """End all workers, whatever they are at."""
        while self.workers:
            nursery().end(self.workers.pop().child)

    def _busy(self) -> list[_Worker]:
        return [worker for worker in self.workers if worker.task is not None]

    def _feed(self) -> None:
        """Give work to every worker that has none, and start workers while there is work."""
        while len(self._busy()) < self.most_workers and (task := self._next_task()) is not None:
            self._give(task)

    def _next_task(self) -> _Task | None:
        if self.again:
            return self.again.popleft()
        if (
            len(self.ends) >= self.most_workers * GROUPS_AHEAD
            or self.ahead_bytes > self.limits.memory_bytes // AHEAD_SHARE
        ):
            return None
        group = next(self.groups, None)
        if group is None:
            return None
        task = _Task(self.read, group)
        self.read += len(group) + self.summed_up
        self.ends.append(self.read)
        self.bytes_of.append(sum(map(self.size, group)))
        self.ahead_bytes += self.bytes_of[-1]
        return task

    def _give(self, task: _Task) -> None:
        worker = self._idle_worker(fresh=task.last_attempt)
        worker.task, worker.answered, worker.heard_at = task, 0, time.monotonic()
        worker.taken += len(task.items)
        try:
            if not worker.ready:
                worker.child.connection.send(self.function)
            worker.child.connection.send_bytes(pack([task.careful, *task.items]))
        except ConnectionError:
            # It had died while it had nothing to do: no item's fault.
            self._dismiss(worker)
            self._take_back(task)

    def _idle_worker(self, *, fresh: bool) -> _Worker:
        for worker in self.workers:
            if worker.task is None:
                if worker.taken < self.limits.records_per_worker and not (fresh and worker.taken):
                    return worker
                self._dismiss(worker)
                break
        if isinstance(self.function, GroupWork) and self.function.prepare:
            nursery().prepare(self.function.prepare)
        child = nursery().start(self.limits.worker_bytes)
        worker = _Worker(child, Answers(child.connection))
        self.workers.append(worker)
        return worker

    def _listen(self) -> None:
        """Wait until a worker has answered, died, or been silent for too long."""
        busy = self._busy()
        first_deadline = min(map(self._deadline, busy))
        heard = ready([w.child.connection for w in busy], max(0.0, first_deadline - time.monotonic()))
        for worker in busy:
            if worker.child.connection.fileno() in heard:
                self._hear(worker)
            elif time.monotonic() >= self._deadline(worker):
                self._lose(worker, Refusal("deadline", f"not examined after {self.limits.record_seconds} s"))

    def _deadline(self, worker: _Worker) -> float:
        at_item = worker.ready and not worker.compiling
        return worker.heard_at + (self.limits.record_seconds if at_item else START_SECONDS)

    def _hear(self, worker: _Worker) -> None:
        """Take all answers that are there. The clock starts again only now: a worker may have waited for us."""
        try:
            answers = worker.answers.read()
        except (EOFError, OSError):
            self._lose(worker)
            return
        for answer in answers:
            result = read_answer(answer)
            if answer in (READY, COMPILING):
                worker.ready, worker.compiling, self.lost_unbegun = True, answer == COMPILING, 0
            elif worker.task is not None:
                self._take(worker, worker.task, result)
        if answers:  # Of one who says nothing whole, nothing was heard.
            worker.heard_at = time.monotonic()

    def _take(self, worker: _Worker, task: _Task, result: object) -> None:
        if worker.answered < len(task.items) or task.summed_up:
            self.done[task.first + worker.answered] = result
        worker.answered += 1
        if worker.answered == len(task.items) + self.summed_up:
            worker.task = None

    def _lose(self, worker: _Worker, refusal: Refusal | None = None) -> None:
        """End a worker that is dead or overdue; the item it was at is tried again or refused."""
        ending = self._dismiss(worker)
        task = worker.task
        if task is None:
            return
        if not worker.ready:
            self._take_back(task)
            return
        # The note also tells of what is answered but wasn't sent yet; the careful hold nothing back.
        culprit = worker.answered if task.careful else max(worker.answered, ending.at_item - 1)
        self._again(task, worker.answered, culprit)
        if culprit < len(task.items):
            self._blame(task, culprit, refusal or Refusal("crashed", how_it_ended(ending.status, self.limits)))

    def _dismiss(self, worker: _Worker) -> Ending:
        """How a worker ended that is gone now."""
        self.workers.remove(worker)
        return nursery().end(worker.child)

    def _take_back(self, task: _Task) -> None:
        """Give the task to another worker: this one died, or hung, before it had begun with it."""
        self.again.appendleft(task)
        self.lost_unbegun += 1
        if self.lost_unbegun >= START_ATTEMPTS:
            raise RunError("workers die before they have begun; nothing was published")

    def _again(self, task: _Task, answered: int, culprit: int) -> None:
        """Have done again what wasn't answered, but for the culprit; there is none if all was done but the summary."""
        end = len(task.items)
        pieces = [(answered, end)] if culprit >= end else [(answered, culprit), (culprit + 1, end)]
        for start, stop in pieces:
            summed_up = task.summed_up and stop == end
            if start < stop:
                self.again.append(_Task(task.first + start, task.items[start:stop], careful=True, summed_up=summed_up))
            elif summed_up and self.summed_up:
                self.done[task.end] = Summary(0, b"")

    def _blame(self, task: _Task, culprit: int, refusal: Refusal) -> None:
        """Try the item once more, alone, or refuse it."""
        position = task.first + culprit
        if task.last_attempt:
            self.done[position] = refusal
        else:
            alone = [task.items[culprit]]
            self.again.appendleft(_Task(position, alone, careful=True, last_attempt=True, summed_up=False))

"""Work on a Dask cluster: groups of items travel to its workers as bytes, each of which examines them in a child.

An item is guarded on the machine where it is examined, by the same processes that may die as here (`pool`): a crash, a
deadline, too much memory cost that item, and the Dask worker doesn't notice. What kills a Dask worker itself (its
machine is taken away, the system runs out of memory) costs nothing: its groups go to other workers. A group that
takes its worker with it is done again item by item, so that an item that does so every time is refused alone.

Items and results are bytes of our own format (`wire`). Dask itself sends functions and exceptions between its
processes as pickle; whoever reaches a scheduler can run code on its workers: see docs/decisions/0005.
"""

from __future__ import annotations

import asyncio
import logging
import socket
import threading
import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import CancelledError
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import cache
from itertools import chain
from typing import Any

from copydesk.article import Refusal
from copydesk.errors import RunError, UsageError
from copydesk.settings import RunningSettings, Settings
from copydesk.state.fingerprint import examination_fingerprint
from copydesk.state.serial import SERIAL_FORMAT
from copydesk.workers.engine import GroupWork, Item, Result, group_by_size
from copydesk.workers.pool import ProcessEngine
from copydesk.workers.wire import encode_value, pack, unpack

SHARD_BYTES = 2 * 1024 * 1024
"""Size of a group of items. Dask takes about a millisecond for a task, a worker some milliseconds to start a child;
a group of this size is half a second of work or more."""

SHARDS_AHEAD = 3
"""Groups per thread of the cluster that are under way: one at work, the others so that it never waits for us."""

ATTEMPTS_ALONE = 2
"""How often an item of a group that killed its Dask worker is tried by itself before it is refused."""

CONNECT_SECONDS = 30
"""A scheduler that doesn't answer by then isn't there."""

WORKERS_SECONDS = 300
"""So long a cluster may be without any worker: new machines take minutes to come."""

SCHEDULER_GONE = "the Dask scheduler is gone; nothing was published, run again"

LOOK_SECONDS = 5.0
"""How often, while nothing comes, it is asked whether there are workers at all."""


class DaskEngine:
    """Work on the cluster of a scheduler, or (without one) on a local cluster of so many workers."""

    def __init__(self, workers: int, limits: RunningSettings, scheduler: str | None = None) -> None:
        self._workers = workers
        self._limits = limits
        self._scheduler = scheduler

    def map(
        self, function: Callable[[Item], Result] | GroupWork, items: Iterable[Item], size: Callable[[Item], int]
    ) -> Generator[Result | Refusal, None, None]:
        """The results of `function`, in the order of the items; a refusal for an item that no worker survived.

        Items and results are of the kinds that `wire` knows; `function` must be importable on the workers, too.
        Raises UsageError if Dask isn't installed, no scheduler answers or workers have another version of this
        package, RunError if the cluster is lost, RuntimeError with a traceback for what `function` raises.
        """
        with ExitStack() as opened:
            client = _connect(opened, self._workers, self._scheduler)
            run = _Run(client, function, group_by_size(items, size, SHARD_BYTES), self._limits)
            yield from run.results()


def _connect(opened: ExitStack, workers: int, scheduler: str | None) -> Any:
    """A client of the scheduler, or of a local cluster that ends with the stack."""
    try:
        import dask
        import distributed
        from distributed.security import Security
    except ImportError as error:
        raise UsageError(f"--engine dask: {error}; install it with `pip install 'copydesk[dask]'`") from error
    # A record may be as large as max_record_bytes, and Dask warns of tasks above 10 MB.
    settings = {"distributed.admin.large-graph-warning-threshold": "100 GiB"}
    if scheduler is not None:
        opened.enter_context(dask.config.set(settings))
        return opened.enter_context(_client(distributed, scheduler, None))
    # A group that kills its worker is done again by us, item by item; a second go at the whole would kill another one.
    opened.enter_context(dask.config.set(settings | {"distributed.scheduler.allowed-failures": 0}))
    # With keys of its own, or everybody on this machine could have the workers run something.
    security = Security.temporary()
    cluster = distributed.LocalCluster(
        n_workers=workers,
        threads_per_worker=1,
        dashboard_address="127.0.0.1:0",  # it can't be told to have none; any free port, on this machine only
        security=security,
        silence_logs=logging.CRITICAL,
    )
    return opened.enter_context(_client(distributed, opened.enter_context(cluster), security))


def _client(distributed: Any, address: Any, security: Any) -> Any:
    try:
        return distributed.Client(address, timeout=CONNECT_SECONDS, security=security, set_as_default=False)
    except (OSError, TimeoutError, ValueError) as error:
        said = str(error) or type(error).__name__
        raise UsageError(f"--scheduler {address}: no Dask scheduler answers there ({said}); name another") from error


@dataclass(slots=True)
class _Shard:
    items: list[Any]
    future: Any


@dataclass(slots=True)
class _Run:
    """One `map`: the groups that are under way, the oldest first."""

    client: Any
    function: Callable[[Any], Any] | GroupWork
    groups: Iterator[list[Any]]
    limits: RunningSettings
    under_way: deque[_Shard] = field(default_factory=deque)

    def results(self) -> Iterator[Any]:
        first = next(self.groups, None)
        if first is None:
            return
        self.groups = chain([first], self.groups)
        self._wait_for_workers()
        while self._fill():
            yield from self._collect(self.under_way.popleft())

    def _wait_for_workers(self) -> None:
        try:
            self.client.wait_for_workers(1, timeout=WORKERS_SECONDS)
        except TimeoutError as error:
            raise RunError(f"no Dask worker came within {WORKERS_SECONDS} s; start some, then run again") from error

    def _fill(self) -> bool:
        """Whether anything is under way, after so much was sent that the cluster has something to do."""
        threads = self._threads()
        while len(self.under_way) < SHARDS_AHEAD * max(1, threads):
            group = next(self.groups, None)
            if group is None:
                break
            self.under_way.append(_Shard(group, self._submit(group)))
        return bool(self.under_way)

    def _submit(self, items: list[Any]) -> Any:
        # Not pure: Dask would hash every payload for its key, and equal groups are rare.
        return self.client.submit(do_group, self.function, pack(items), self.limits, build(), pure=False)

    def _collect(self, shard: _Shard) -> Iterator[Any]:
        """The results of a group; if it killed its Dask worker, of each of its items alone."""
        packed = self._wait(shard.future)
        if packed is not None:
            yield from unpack(packed)
            return
        for item in shard.items:
            yield from self._alone(item)

    def _alone(self, item: Any) -> Iterator[Any]:
        # Dask blames everything that a dead worker was to do: nobody is judged while others are under way.
        for shard in self.under_way:
            self._wait(shard.future)
        for _ in range(ATTEMPTS_ALONE):
            packed = self._wait(self._submit([item]))
            if packed is not None:
                yield from unpack(packed)
                return
        yield Refusal("crashed", "the Dask worker died")

    def _wait(self, future: Any) -> bytes | None:
        """What `do_group` gave, None if every Dask worker that tried it died of it."""
        from distributed import KilledWorker

        # Not `result` with a time: where the result comes as the time ends, that fails in one of several ways.
        done, alone_since = threading.Event(), None
        future.add_done_callback(lambda _: done.set())
        while not done.wait(LOOK_SECONDS):
            alone_since = self._check_workers(alone_since)
        try:
            packed: bytes = future.result(timeout=WORKERS_SECONDS)
        except KilledWorker:
            return None
        except (CancelledError, asyncio.CancelledError) as error:
            raise RunError(SCHEDULER_GONE) from error
        return packed

    def _threads(self) -> int:
        """How many threads all workers have together."""
        try:
            return sum(self.client.nthreads().values())
        except OSError as error:
            raise RunError(SCHEDULER_GONE) from error

    def _check_workers(self, alone_since: float | None) -> float | None:
        """Since when there has been no worker, None while there is one."""
        if self._threads():
            return None
        now = time.monotonic()
        if alone_since is not None and now - alone_since > WORKERS_SECONDS:
            raise RunError(f"no Dask worker for {WORKERS_SECONDS} s; nothing was published, run again when there are")
        return alone_since or now


def do_group(function: Callable[[Any], Any] | GroupWork, packed: bytes, limits: RunningSettings, wanted: str) -> bytes:
    """The packed results of a packed group of items, examined in a child of this process: what Dask workers run.

    Raises UsageError if this worker isn't of the build that is wanted: its results could differ.
    """
    if build() != wanted:
        raise UsageError(
            f"the Dask worker on {socket.gethostname()} has another copydesk, or other versions of what it depends on; "
            "install the same on all machines (constraints.txt)"
        )
    return pack(ProcessEngine(1, limits).map(function, unpack(packed), _bytes_of))


def _bytes_of(item: object) -> int:
    return len(encode_value(item))


@cache
def build() -> str:
    """A digest of our code and the versions of what its results depend on: the same on all machines of a cluster."""
    return f"{SERIAL_FORMAT}:{examination_fingerprint(Settings())}"

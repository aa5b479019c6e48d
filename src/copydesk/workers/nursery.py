"""Where workers come from: a process that has imported everything and forks a worker in milliseconds.

A worker that starts anew takes half a second of imports, so nobody would dare to end one lightly. From a warm process
it takes a few milliseconds: even five files can be examined in a worker, and one that died is soon replaced.
multiprocessing's forkserver does the same, but runs the user's main module again in each worker, outlives its user as
long as one worker hangs, and doesn't say how a worker ended.
"""

from __future__ import annotations

import atexit
import json
import os
import socket
import subprocess
import sys
import threading
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any, NamedTuple

from copydesk.errors import RunError
from copydesk.machine.split import Split, split_off, stand_alone
from copydesk.workers.zygote import ANSWER, END, GONE, PREPARE, REQUEST, START, main

PRELOAD = ("copydesk.running.examining:warm_up",)
"""What makes a worker ready for most work. Functions from elsewhere still work: the worker imports them itself."""

COMMAND = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); "
    "from copydesk.workers.zygote import main; main(int(sys.argv[2]), sys.argv[3:])"
)

ONE_THREAD = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
"""Workers are the parallel part; threads beneath them would only be in each other's way, and don't survive a fork."""


@dataclass(frozen=True, slots=True)
class Child:
    """A worker that was started, as its user sees it."""

    process_id: int
    connection: Connection[Any, Any]


class Ending(NamedTuple):
    """How a worker ended (negative: the signal), and which of the items that it was given last it was at (from 1; 0 if
    it was at none, one more than there are if it was through with all).
    """

    status: int
    at_item: int


class Nursery:
    """Starts and ends workers. May be used from several threads."""

    def __init__(self, *, shared: bool = False) -> None:
        self._control, theirs = socket.socketpair()
        self._lock = threading.Lock()
        with theirs:
            self._process = (_share if shared else _begin)(theirs.fileno())
        self.user = os.getpid()
        self._in_use = False
        self._prepared: set[str] = set()

    @property
    def alive(self) -> bool:
        """Whether workers can still be had here."""
        return self._process.poll() is None

    def prepare(self, function: str) -> None:
        """Have a `module:function` called where workers come from, once: what it loads all later ones have."""
        if function in self._prepared:
            return
        self._prepared.add(function)
        # Where that process has died another one begins with the next worker, which will load it itself.
        with self._lock, suppress(ConnectionError):
            name = function.encode()
            self._control.sendall(REQUEST.pack(PREPARE, len(name)) + name)

    def start(self, memory_bytes: int, *, again: bool = True) -> Child:
        """A new worker that may hold so many bytes; if this process has died, and `again`, one of another nursery.

        Raises RunError if none can be started.
        """
        self._in_use = True
        mine, theirs = socket.socketpair()
        with theirs:
            answer = self._ask(START, memory_bytes, theirs.fileno())
        if answer is not None:
            return Child(answer[0], Connection(mine.detach()))
        mine.close()
        # Not `close`: another thread may be about to ask as well, and hears from the open end that nobody is there.
        self._process.kill()
        self._process.wait()
        if not again:
            raise RunError("the process that starts workers dies; nothing was published")
        return nursery().start(memory_bytes, again=False)

    def end(self, child: Child) -> Ending:
        """How the worker ended; one that still lives is killed, and one whose nursery has died is dead as well."""
        child.connection.close()
        return Ending(*(self._ask(END, child.process_id) or GONE))

    def close(self) -> None:
        """End all workers and the process that starts them."""
        self._control.close()
        if not self._in_use:
            self._process.kill()  # perhaps it is still importing, and nobody should wait for that
        self._process.wait()

    def _ask(self, code: int, value: int, *descriptors: int) -> tuple[int, int] | None:
        """The answer; None from a process that has died."""
        with self._lock:
            try:
                socket.send_fds(self._control, [REQUEST.pack(code, value)], descriptors)
                answer = self._control.recv(ANSWER.size)
            except ConnectionError:
                answer = b""
        if not answer:
            return None
        first, second = ANSWER.unpack(answer)
        return first, second


def _begin(descriptor: int) -> subprocess.Popen[bytes]:
    """A new process that serves the other end of the socket."""
    return subprocess.Popen(
        [sys.executable, "-c", COMMAND, json.dumps(sys.path), str(descriptor), *PRELOAD],
        pass_fds=[descriptor],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
        env=os.environ | ONE_THREAD,
    )


def _share(descriptor: int) -> Split:
    """The same, split off from this one with all that it has imported: that takes half a second less."""

    def serve() -> None:
        stand_alone(descriptor)
        main(descriptor, list(PRELOAD))

    return split_off(serve)


_nurseries: list[Nursery] = []
_starting = threading.Lock()


def nursery(*, shared: bool = False) -> Nursery:
    """The one nursery of this process, started if there is none: kept until the process ends, so that a second run in
    it (a schedule, a notebook, a test) needn't warm up. `shared`: it may be split off from this process, which is ours
    alone and has imported what workers need; it isn't where there are threads.
    """
    with _starting:
        # One that was inherited by a fork belongs to the parent.
        if not _nurseries or _nurseries[0].user != os.getpid() or not _nurseries[0].alive:
            _nurseries[:] = [Nursery(shared=shared and threading.active_count() == 1)]
            atexit.register(_nurseries[0].close)
        return _nurseries[0]

"""A process that goes on from where this one is: it has all that was imported and is held, and nobody loads it twice.

For who has this process to itself, and where no other thread holds anything that the new process needs. Elsewhere a
new one that imports everything itself is the safe way.
"""

from __future__ import annotations

import os
import signal
import warnings
from collections.abc import Callable
from contextlib import suppress
from ctypes import CDLL

from threadpoolctl import threadpool_limits

LOST = 255
"""The status of a process whose end nobody can tell: somebody else has waited for it, or nobody may."""

END_WITH_PARENT = 1
"""`PR_SET_PDEATHSIG`, `man 2 prctl`."""


class Split:
    """A process that was split off, with what is used here of `subprocess.Popen`."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self._status: int | None = None

    def poll(self) -> int | None:
        """How it ended, None while it goes on."""
        return self._ask(os.WNOHANG)

    def wait(self) -> int | None:
        """How it ended, once it has."""
        return self._ask(0)

    def kill(self) -> None:
        """End it; nothing for one that has ended."""
        if self.poll() is None:
            with suppress(ProcessLookupError):  # Where nobody waits for it, it may have vanished since.
                os.kill(self.pid, signal.SIGKILL)

    def _ask(self, options: int) -> int | None:
        if self._status is None:
            try:
                pid, status = os.waitpid(self.pid, options)
            except ChildProcessError:
                self._status = LOST
            else:
                self._status = os.waitstatus_to_exitcode(status) if pid else None
        return self._status


def split_off(job: Callable[[], None]) -> Split:
    """The process in which `job` is done, and nothing else. Raises OSError where there is no room for one.

    It ends at once when it is told to: what its user would tidy up then isn't its own.
    """
    with warnings.catch_warnings():
        # The libraries of arrays have threads of their own, which end before a fork and begin anew.
        warnings.filterwarnings("ignore", message=".*multi-threaded", category=DeprecationWarning)
        process_id = os.fork()
    if process_id:
        return Split(process_id)
    status = 1
    try:
        for ending in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(ending, signal.SIG_DFL)
        job()
        status = 0
    finally:
        # Nothing of the process that this one was split off from is to be tidied up twice, whatever has happened here.
        os._exit(status)


def stand_alone(descriptor: int) -> None:
    """Nothing: this process, which was split off, is in a session of its own, in one thread, with no files but this
    descriptor and nothing to read from or to write to.
    """
    os.setsid()
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in range(3):
        os.dup2(nothing, stream)
    for other in _open_files():
        if other > 2 and other != descriptor:
            with suppress(OSError):  # the list was a file itself
                os.close(other)
    threadpool_limits(limits=1)


def end_with(user: int) -> None:
    """Nothing: this process, which was split off, ends with its user, however that ends: what it holds open is the
    user's, the lock of a corpus among it. Raises ProcessLookupError where the user has ended already.
    """
    CDLL(None).prctl(END_WITH_PARENT, signal.SIGKILL)
    if os.getppid() != user:
        raise ProcessLookupError(user)


def _open_files() -> list[int]:
    for folder in ("/proc/self/fd", "/dev/fd"):
        with suppress(OSError):  # another system has it elsewhere, or nowhere
            return [int(name) for name in os.listdir(folder)]  # noqa: PTH208 - numbers, not paths
    return list(range(3, os.sysconf("SC_OPEN_MAX")))

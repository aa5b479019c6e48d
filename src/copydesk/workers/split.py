"""A process that goes on from where this one is: it has all that was imported, and nobody imports it twice.

For who has this process to itself and has started no threads in it. Elsewhere a new process is the safe way.
"""

from __future__ import annotations

import os
import signal
import warnings
from collections.abc import Callable
from contextlib import suppress

from threadpoolctl import threadpool_limits

LOST = 255
"""The status of a process whose end nobody can tell: somebody else has waited for it, or nobody may."""


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


def split_off(job: Callable[[], None], descriptor: int) -> Split:
    """The process in which `job` is done, and nothing else: in a session of its own, in one thread, with no files but
    this descriptor and nothing to read from or to write to.
    """
    with warnings.catch_warnings():
        # The libraries of arrays have threads of their own, which end before a fork and begin anew.
        warnings.filterwarnings("ignore", message=".*multi-threaded", category=DeprecationWarning)
        process_id = os.fork()
    if process_id:
        return Split(process_id)
    status = 1
    try:
        _stand_alone(descriptor)
        job()
        status = 0
    finally:
        # Nothing of the process that this one was split off from is to be tidied up twice, whatever has happened here.
        os._exit(status)


def _stand_alone(descriptor: int) -> None:
    os.setsid()
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)  # what the user of this process would tidy up isn't here
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in range(3):
        os.dup2(nothing, stream)
    for other in _open_files():
        if other > 2 and other != descriptor:
            with suppress(OSError):  # the list was a file itself
                os.close(other)
    threadpool_limits(limits=1)


def _open_files() -> list[int]:
    for folder in ("/proc/self/fd", "/dev/fd"):
        with suppress(OSError):  # another system has it elsewhere, or nowhere
            return [int(name) for name in os.listdir(folder)]  # noqa: PTH208 - numbers, not paths
    return list(range(3, os.sysconf("SC_OPEN_MAX")))

"""Loops over arrays as machine code: how they are compiled, where that is kept, and whether it pays.

Compiling costs seconds on a fresh install and after each upgrade, loading what is kept most of one. So a process begins
in plain Python and changes over when it has done as much work as that costs, or when it and those before it have: a
night of a thousand pages is too short to compile for, a year of them isn't. Both ways run the same lines and give the
same results: it doesn't matter to a result when the change comes.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from copydesk.machine.announcing import listen_to_compiler
from copydesk.machine.lean import load_numba


def machine_code(
    function: Callable[..., Any], *, kept_as: str | None = None, makes_arrays: bool = True
) -> Callable[..., Any]:
    """The function as machine code, compiled when first called and kept on disk under this name; in memory only where
    no folder can be written.

    `makes_arrays` False: it neither makes an array, nor returns one, nor calls a function that returns one. Then nobody
    counts who still needs which array: numba counts at every call and for every row that is looked at, with a lock on
    the memory each time, which was half of the time of the walk over a page.
    """
    if kept_as is None:
        return _njit(function, _nrt=makes_arrays)
    function.__qualname__ = kept_as
    try:
        return _njit(function, _nrt=makes_arrays, cache=True)
    except RuntimeError:
        return _njit(function, _nrt=makes_arrays)


def inner_code(function: Callable[..., Any], *, in_line: bool = False, makes_arrays: bool = True) -> Callable[..., Any]:
    """The function as machine code for other such functions to call, and not for Python: that saves a tenth of the time
    that compiling takes. It isn't kept on disk, since what calls it has it in itself.

    `in_line`: written into each place that calls it. A call hands over every array as seven values, which may take
    longer than what the function does; but a long function with many callers takes long to compile so.

    `makes_arrays`: as for `machine_code`.
    """
    return _njit(function, _nrt=makes_arrays, no_cpython_wrapper=True, forceinline=in_line)


def _njit(function: Callable[..., Any], **options: bool) -> Callable[..., Any]:
    # It takes a third of a second to load, and many runs need none.
    # Nothing is called from C and nothing divides by zero: code and checks for either take time to compile.
    njit: Any = load_numba().njit  # its types don't know all of its options
    listen_to_compiler()
    compiled: Callable[..., Any] = njit(nogil=True, no_cfunc_wrapper=True, error_model="numpy", **options)(function)
    return compiled


def digest_sources(sources: Iterable[Path]) -> str:
    """A digest of these files, to be part of the name under which code made of them is kept.

    numba looks for changes in a function's own file alone: without it, code would be used that was compiled with an
    older neighbour.
    """
    parts = (path.read_bytes() for path in (Path(__file__), *sources))
    return hashlib.blake2b(b"".join(parts), digest_size=6).hexdigest()


SHARES = 8
"""A process leaves a mark for each one part in so many of the work that compiling pays for, so that little ones, of a
page or two, leave none: who only tries the program shouldn't wait for a compiler."""
LOOKS = 100
"""So often a process looks whether code is there, of its own or another's making, while it does as much work as
compiling pays for: to look takes a tenth of a millisecond, as long as a little text's work in plain Python."""


class Pace:
    """Whether a group of loops runs as machine code: the work done so far decides, never a result.

    `kernel` is that of the group that is compiled last, with the name under which it is kept; `folder` is its source
    file's. Work is counted in whatever unit `load_work` (what loading costs) and `compile_work` have.
    """

    __slots__ = ("_kept", "_lock", "_marks", "_next_look", "compile_work", "is_fast", "load_work", "work")

    def __init__(self, folder: Path, kernel: str, *, load_work: int, compile_work: int) -> None:
        self.load_work, self.compile_work = load_work, compile_work
        self.work = 0
        self.is_fast = False
        self._kept = f"{kernel}-*.nbi"
        self._lock = folder / "__pycache__" / f"{kernel}.lock"
        self._marks = 0
        self._next_look: float = load_work

    def add(self, work: int) -> bool:
        """Count what is to be done now; whether machine code does it, and all that follows."""
        if not self.is_fast:
            self.work += work
            if self.work >= self._next_look:
                self._next_look = self.work + self.compile_work / LOOKS
                self.is_fast = self.is_kept() or self._may_compile()
        return self.is_fast

    def add_where_loaded(self, work: int) -> bool:
        """As `add`, for loops that pay only where something else has loaded the compiler: elsewhere nothing counts."""
        return self.is_fast or ("numba" in sys.modules and self.add(work))

    def is_kept(self) -> bool:
        """Whether the code is on disk."""
        return any(True for _ in self._lock.parent.glob(self._kept))

    def _may_compile(self) -> bool:
        return self._done_by_all() >= self.compile_work and self._takes_turn()

    def _done_by_all(self) -> int:
        """Work that was done plainly: by this process, and by others as their marks (bytes in the lock file) say."""
        share = self.compile_work / SHARES
        mine = int(self.work / share)
        try:
            if mine > self._marks:
                self._lock.parent.mkdir(exist_ok=True)
                with self._lock.open("ab") as marks:
                    marks.write(bytes(mine - self._marks))
                self._marks = mine
            marked = self._lock.stat().st_size if self._lock.exists() else 0
        except OSError:
            return self.work  # No folder to keep anything in, so nobody has left a mark.
        return self.work + int(max(0, marked - mine) * share)

    def _takes_turn(self) -> bool:
        """Whether no other process is compiling the same: one does, the others go on in plain Python meanwhile."""
        try:
            self._lock.parent.mkdir(exist_ok=True)
            turn = os.open(self._lock, os.O_CREAT | os.O_WRONLY | os.O_CLOEXEC)
        except OSError:
            return True  # No folder to keep it in, so each needs its own.
        try:
            fcntl.flock(turn, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(turn)
            return False
        return True  # The file stays open, and the lock is held, until this process ends; by then the code is kept.

"""Loops over the characters and segments of a page: plain Python on the first pages, machine code from then on.

Compiling takes some fifteen seconds on a fresh install, as much as a hundred pages in plain Python. Both ways run the
same lines and give the same results, so it doesn't matter to a result when the change comes. The machine
code is kept on disk; where it is there already, it is used from the first page on.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Callable
from pathlib import Path
from types import FunctionType
from typing import Any, cast

import numpy as np

PLAIN_WORK = 1_000_000
"""What is worked on in plain Python before anything is compiled, in characters: some 30 pages, five seconds. One page
of so much text is compiled for at once."""

SEGMENT_WORK = 100
"""A segment is as much work as so many characters."""


class Kernel:
    """A loop over arrays that can be compiled, with the other kernels that it calls.

    It may use what numba knows and has to give the same in plain Python. Two differences are to be kept in mind: a
    small integer stays small there (sum bytes as np.int64), and a float32 with a Python number stays a float32.
    """

    __slots__ = ("_fast", "_plain", "function")

    def __init__(self, function: FunctionType) -> None:
        self.function = function
        self._fast: Callable[..., Any] | None = None
        self._plain: Callable[..., Any] | None = None

    def __call__(self, *arrays: Any) -> Any:
        """What the loop returns for these arrays."""
        if PACE.is_fast:
            return (self._fast or self.compile())(*arrays)
        # Hashes overflow, which numpy says of single numbers and machine code doesn't.
        with np.errstate(over="ignore"):
            return (self._plain or self.interpret())(*arrays)

    def interpret(self) -> Callable[..., Any]:
        """The loop in plain Python, bound to the plain forms of the kernels it calls."""
        if self._plain is None:
            self._plain = self._bind(Kernel.interpret)
        return self._plain

    def compile(self) -> Callable[..., Any]:
        """The loop as machine code, kept on disk; in memory only where no folder can be written.

        numba looks for changes in a function's own file alone. The digest of this folder's code is part of the name
        under which the code is kept, so that none is used that was compiled with an older neighbour.
        """
        if self._fast is None:
            from numba import njit

            bound = self._bind(Kernel.compile)
            bound.__qualname__ = f"{bound.__name__}_{_digest()}"
            # A call hands over every array as seven values: in line, the walk takes a quarter less time.
            try:
                self._fast = njit(cache=True, nogil=True, forceinline=True)(bound)
            except RuntimeError:
                self._fast = njit(nogil=True)(bound)
        fast: Callable[..., Any] = self._fast
        return fast

    def _bind(self, form: Callable[[Kernel], Callable[..., Any]]) -> FunctionType:
        scope = {
            name: form(value) if isinstance(value, Kernel) and name in self.function.__code__.co_names else value
            for name, value in self.function.__globals__.items()
        }
        return FunctionType(self.function.__code__, scope, self.function.__name__)


class Pace:
    """Whether kernels run as machine code: this process's work so far decides, never a page's result."""

    __slots__ = ("is_fast", "work")

    def __init__(self) -> None:
        self.work = 0
        self.is_fast = False

    def look_for_code(self) -> None:
        """Use machine code from the start if it is on disk: the kernel that a page needs last was kept there."""
        kept = (Path(__file__).parent / "__pycache__").glob(f"marked._tell_{_digest()}-*.nbi")
        self.is_fast = any(True for _ in kept)

    def add(self, chars: int, segments: int) -> None:
        """Count what there is to do."""
        self.work += chars + SEGMENT_WORK * segments
        self.is_fast = self.is_fast or self.work > PLAIN_WORK


def kernel(function: Callable[..., Any]) -> Kernel:
    """A function as a kernel."""
    return Kernel(cast(FunctionType, function))


@functools.cache
def _digest() -> str:
    sources = sorted(Path(__file__).parent.glob("*.py"))
    return hashlib.blake2b(b"".join(path.read_bytes() for path in sources), digest_size=6).hexdigest()


PACE = Pace()
"""The pace of this process."""
PACE.look_for_code()

"""Loops over the characters and segments of a page: plain Python on the first pages, machine code from then on.

Compiling takes some twelve seconds on a fresh install, as much as seventy pages in plain Python.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path
from types import FunctionType
from typing import Any, cast

import numpy as np

from copydesk.machine.compiling import Pace, digest_sources, inner_code, machine_code

COMPILE_WORK = 500_000
"""What is worked on in plain Python before anything is compiled, in characters: some 15 pages, two seconds. One page
of so much text is compiled for at once. Half of what compiling costs would be fairest to a single small run; but who
cleans more pages than these has more of them the next time."""

SEGMENT_WORK = 100
"""A segment is as much work as so many characters."""

_MAKERS = frozenset(("zeros", "empty", "full"))
"""What a kernel makes arrays with. With anything else that makes one, a kernel without these doesn't compile."""

_HERE = Path(__file__).parent


class Kernel:
    """A loop over arrays that can be compiled, with the other kernels that it calls.

    It may use what numba knows and has to give the same in plain Python. Two differences are to be kept in mind: a
    small integer stays small there (sum bytes as np.int64), and a float32 with a Python number stays a float32.

    It returns no part of an array that it was handed: only of arrays made in kernels is counted who needs them.
    """

    __slots__ = ("_fast", "_part", "_plain", "function", "in_line")

    def __init__(self, function: FunctionType, *, in_line: bool = False) -> None:
        self.function = function
        self.in_line = in_line
        self._fast: Callable[..., Any] | None = None
        self._part: Callable[..., Any] | None = None
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
        """The loop as machine code, kept on disk."""
        if self._fast is None:
            bound = self._bind(Kernel.compile_part)
            self._fast = machine_code(bound, kept_as=f"{bound.__name__}_{_digest()}", makes_arrays=self.makes_arrays)
        return self._fast

    def compile_part(self) -> Callable[..., Any]:
        """The loop as machine code for other loops to call."""
        if self._part is None:
            bound = self._bind(Kernel.compile_part)
            self._part = inner_code(bound, in_line=self.in_line, makes_arrays=self.makes_arrays)
        return self._part

    @property
    def makes_arrays(self) -> bool:
        """Whether it makes arrays, or calls a kernel that does: such a one may return them."""
        names, scope = self.function.__code__.co_names, self.function.__globals__
        return not _MAKERS.isdisjoint(names) or any(
            isinstance(scope.get(name), Kernel) and scope[name].makes_arrays for name in names
        )

    def _bind(self, form: Callable[[Kernel], Callable[..., Any]]) -> FunctionType:
        scope = {
            name: form(value) if isinstance(value, Kernel) and name in self.function.__code__.co_names else value
            for name, value in self.function.__globals__.items()
        }
        return FunctionType(self.function.__code__, scope, self.function.__name__)


def kernel(function: Callable[..., Any]) -> Kernel:
    """A function as a kernel."""
    return Kernel(cast(FunctionType, function))


def inline_kernel(function: Callable[..., Any]) -> Kernel:
    """A function as a kernel that is written into those that call it: for what is short, or called in one place."""
    return Kernel(cast(FunctionType, function), in_line=True)


@functools.cache
def _digest() -> str:
    return digest_sources(sorted(_HERE.glob("*.py")))


PACE = Pace(_HERE, f"marked._tell_{_digest()}", load_work=0, compile_work=COMPILE_WORK)
"""The pace of this process; the kernel that a page needs last is compiled last."""
PACE.add(0)

"""Loops over words that are compiled for large corpora and run as they are for small ones.

Compiling takes seconds on a fresh install, more than judging some dozens of articles by plain Python does. The kernels
are plain functions over arrays that call no others, so both ways run the same lines.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from copydesk.machine.compiling import machine_code

MIN_COMPILED_WORDS = 60_000
"""Words of a corpus from which the loops are compiled: some 70 articles, two seconds of plain Python."""


def run_kernel(kernel: Callable[..., Any], words: int, *arrays: Any) -> Any:
    """What the kernel returns for these arrays; `words` is the size of the corpus."""
    return (compiled(kernel) if words >= MIN_COMPILED_WORDS else kernel)(*arrays)


@cache
def compiled(kernel: Callable[..., Any]) -> Callable[..., Any]:
    """The kernel as machine code, kept on disk between runs."""
    return machine_code(kernel, kept_as=kernel.__qualname__)

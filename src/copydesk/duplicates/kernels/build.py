"""How the kernels are compiled, and under which names they are kept.

A literal number that is handed on (`count = 0`, `f(count)`) has numba compile `f` once more for that very number;
`np.int64(0)` doesn't.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from copydesk.duplicates.pace import DIGEST
from copydesk.machine.compiling import inner_code, machine_code


def kernel(function: Callable[..., Any]) -> Any:
    """A function as machine code, for Python to call."""
    return machine_code(function, kept_as=f"{function.__qualname__}_{DIGEST}")


def part(function: Callable[..., Any]) -> Any:
    """A function as machine code, for kernels to call."""
    return inner_code(function)

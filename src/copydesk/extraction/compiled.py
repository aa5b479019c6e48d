"""Loops over the characters and segments of a page, as machine code that is kept on disk between runs."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numba


def kernel(function: Callable[..., Any]) -> Any:
    """A function, compiled when first called and kept on disk; in memory only where no folder can be written.

    numba looks for changes in a function's own file alone. The digest of this folder's code is part of the name under
    which the code is kept, so that none is used that was compiled with an older neighbour.
    """
    function.__qualname__ = f"{function.__qualname__}_{_digest()}"
    try:
        return numba.njit(cache=True, nogil=True)(function)
    except RuntimeError:
        return numba.njit(nogil=True)(function)


@functools.cache
def _digest() -> str:
    sources = sorted(Path(__file__).parent.glob("*.py"))
    return hashlib.blake2b(b"".join(path.read_bytes() for path in sources), digest_size=6).hexdigest()

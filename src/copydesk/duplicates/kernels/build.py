"""How the kernels are compiled, and where the compiled code is kept."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numba as nb

from copydesk.duplicates import align, fold, hashing, runs

_HERE = Path(__file__).parent
_SOURCES = [Path(str(module.__file__)) for module in (fold, hashing, align, runs)] + sorted(_HERE.glob("*.py"))
_DIGEST = hashlib.blake2b(b"".join(path.read_bytes() for path in _SOURCES), digest_size=6).hexdigest()


def kernel(function: Callable[..., Any]) -> Any:
    """A function, compiled when first called and kept on disk; in memory only where no folder can be written.

    numba looks for changes in a function's own file alone. The digest of all files they are made of is part of the
    name under which the code is kept, so that none is used that was compiled from an older neighbour.
    """
    function.__qualname__ = f"{function.__qualname__}_{_DIGEST}"
    try:
        return nb.njit(cache=True, nogil=True)(function)
    except RuntimeError:
        return nb.njit(nogil=True)(function)

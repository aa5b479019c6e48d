"""How the kernels are compiled, and where the compiled code is kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numba as nb

from copydesk.duplicates.pace import DIGEST as _DIGEST


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

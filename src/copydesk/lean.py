"""What libraries load for users of their own, left out of processes that serve nobody else.

Arrow looks for pandas when it is given its first values, which takes .2 s where pandas is installed. We don't use it.
In a user's own program it isn't left out: there somebody may ask an Arrow table for a data frame. In the processes of a
run (`copydesk clean`, those that workers come from) nobody does. The same goes for what numba and Beautiful Soup look
for.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from types import ModuleType

_ours: list[bool] = []


def begin() -> None:
    """Nothing: this process is ours alone from now on. To be called before there are threads."""
    if not _ours:
        _ours.append(True)
        _settle_arrow()
        _settle_soup()


def is_ours() -> bool:
    """Whether this process serves nobody else."""
    return bool(_ours)


def load_numba() -> ModuleType:
    """The compiler; in a process of ours without the linear algebra that it looks for when it first compiles or loads
    anything. None of our loops has any, and what numba finds takes .2 s.
    """
    with _without("scipy.linalg") if _ours else nullcontext():
        import numba
        import numba.np.arraymath  # here it looks

    return numba


def _settle_arrow() -> None:
    """Have Arrow look for pandas now, and find none; somebody else's `import pandas` finds it as ever."""
    with _without("pandas"):
        import pyarrow as pa

        pa.array([])


def _settle_soup() -> None:
    """Have Beautiful Soup look for the library of its CSS selectors now, and find none. We have none for it; that
    library compiles its own patterns when it is loaded, which takes .08 s.
    """
    with _without("soupsieve"), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=".*soupsieve", category=UserWarning)
        import bs4  # noqa: F401 - loaded for those who use it


@contextmanager
def _without(module: str) -> Iterator[None]:
    """Have a module that isn't there yet not be found while this holds, whether it is installed or not."""
    if module in sys.modules:
        yield
        return
    absent = _Absent(module)
    sys.meta_path.insert(0, absent)
    try:
        yield
    finally:
        sys.meta_path.remove(absent)


class _Absent:
    """Who looks for this module first, and says that there is none."""

    def __init__(self, module: str) -> None:
        self._module = module

    def find_spec(self, name: str, _path: object = None, _target: object = None) -> None:
        """None, for the others to go on looking; raises ModuleNotFoundError for the module."""
        if name == self._module:
            raise ModuleNotFoundError(f"{name} is left out of this process", name=name)

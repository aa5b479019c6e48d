"""What libraries load for users of their own, left out of processes that serve nobody else.

Arrow looks for pandas when it is given its first values, which takes .2 s where pandas is installed. We don't use it.
In a user's own program it isn't left out: there somebody may ask an Arrow table for a data frame. In the processes of a
run (`copydesk clean`, those that workers come from) nobody does. The same goes for what numba and Beautiful Soup look
for.
"""

from __future__ import annotations

import gc
import os
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from functools import cache
from types import ModuleType

_ours: list[bool] = []


def begin() -> None:
    """Nothing: this process is ours alone from now on. To be called before there are threads."""
    if not _ours:
        _ours.append(True)
        _settle_algebra()
        _settle_arrow()
        _settle_collector()


def is_ours() -> bool:
    """Whether this process serves nobody else."""
    return bool(_ours)


def load_numba() -> ModuleType:
    """The compiler; in a process of ours without what it looks for and none of our loops has: linear algebra (.2 s),
    foreign functions with the parser of their headers (.04 s), a file of settings with its parser (.02 s), colours,
    and extensions of it, for which all that is installed is asked (.02 s).

    There it also optimises less, if nobody has said how much: the loops are as fast, and compiled in a seventh less
    time. Results are the same to the last bit either way.
    """
    if _ours:
        os.environ.setdefault("NUMBA_OPT", "1")
    with _without("scipy", "cffi", "yaml", "colorama") if _ours else nullcontext():
        import numba
        import numba.core.entrypoints
        import numba.core.typing.cffi_utils  # here it looks, and
        import numba.np.arraymath  # here, when it first compiles or loads anything

    if _ours:
        numba.core.entrypoints._already_initialized = True  # as if it had asked

    return numba


@cache
def load_soup() -> ModuleType:
    """Beautiful Soup; in a process of ours without the library of its CSS selectors. We have none for it, and that
    library compiles its own patterns when it is loaded, which takes .08 s.
    """
    with _without("soupsieve") if _ours else nullcontext(), warnings.catch_warnings():
        if _ours:
            warnings.filterwarnings("ignore", message=".*soupsieve", category=UserWarning)
        import bs4

    return bs4


def _settle_algebra() -> None:
    """Have the library of arrays multiply matrices in one thread, if nobody has said how many: ours are small, and
    threads that wait for the next one are at work all the while.
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def _settle_arrow() -> None:
    """Have Arrow look for pandas now, and find none; somebody else's `import pandas` finds it as ever."""
    with _without("pandas"):
        import pyarrow as pa

        pa.array([])


def _settle_collector() -> None:
    """Have Python look for cycles rarely: all that modules bring stays, and to go through it again and again while more
    of them come takes .1 s.
    """
    from copydesk.machine.collector import RARELY

    gc.set_threshold(*RARELY)


@contextmanager
def _without(*modules: str) -> Iterator[None]:
    """Have modules that aren't there yet not be found while this holds, whether they are installed or not."""
    absent = _Absent(frozenset(modules) - sys.modules.keys())
    sys.meta_path.insert(0, absent)
    try:
        yield
    finally:
        sys.meta_path.remove(absent)


class _Absent:
    """Who looks for these modules first, and says that there are none."""

    def __init__(self, modules: frozenset[str]) -> None:
        self._modules = modules

    def find_spec(self, name: str, _path: object = None, _target: object = None) -> None:
        """None, for the others to go on looking; raises ModuleNotFoundError for these modules."""
        if name in self._modules:
            raise ModuleNotFoundError(f"{name} is left out of this process", name=name)

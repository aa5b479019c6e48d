"""Libraries that ours load for users of theirs, left out of processes that serve nobody else.

Arrow looks for pandas when it is given its first values (.2 s where pandas is installed), numba for the BLAS of scipy
when it is loaded (.16 s). We use neither. In a user's own program nothing is left out: there somebody may ask an Arrow
table for a data frame. In the processes of a run (`copydesk clean`, those that workers come from) nobody does.
"""

from __future__ import annotations

import sys

_ours: list[bool] = []


def begin() -> None:
    """Nothing: this process is ours alone from now on. To be called before there are threads."""
    if not _ours:
        _ours.append(True)
        _settle_arrow()


def spare_blas() -> None:
    """Nothing: numba, loaded now, won't look for scipy if this process is ours alone."""
    if not _ours or "numba.np.arraymath" in sys.modules:
        return
    from numba.np import linalg

    found = linalg.ensure_blas
    linalg.ensure_blas = _without_blas
    try:
        from numba.np import arraymath  # noqa: F401  # it looks once, while it is imported
    finally:
        linalg.ensure_blas = found


def _without_blas() -> None:
    raise ImportError("scipy is left out of this process")


class _Absent:
    """Finds no pandas, whether it is installed or not."""

    @staticmethod
    def find_spec(name: str, _path: object = None, _target: object = None) -> None:
        """None, for the others to go on looking; raises ModuleNotFoundError for pandas."""
        if name == "pandas":
            raise ModuleNotFoundError("pandas is left out of this process", name=name)


def _settle_arrow() -> None:
    """Have Arrow look for pandas now, and find none; somebody else's `import pandas` finds it as ever."""
    if "pandas" in sys.modules:
        return
    sys.meta_path.insert(0, _Absent)
    try:
        import pyarrow as pa

        pa.array([])
    finally:
        sys.meta_path.remove(_Absent)

"""What Arrow loads for users of its own, left out of processes that serve nobody else.

It looks for pandas when it is given its first values, which takes .2 s where pandas is installed. We don't use it. In a
user's own program it isn't left out: there somebody may ask an Arrow table for a data frame. In the processes of a run
(`copydesk clean`, those that workers come from) nobody does.
"""

from __future__ import annotations

import sys

_ours: list[bool] = []


def begin() -> None:
    """Nothing: this process is ours alone from now on. To be called before there are threads."""
    if not _ours:
        _ours.append(True)
        _settle_arrow()


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

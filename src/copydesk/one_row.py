"""Tables of one row, each column a list: arrays of different lengths that belong together, as a night leaves them."""

from __future__ import annotations

from typing import Any

import pyarrow as pa


def list_field(name: str, kind: pa.DataType) -> pa.Field:
    """A column that holds one list, without nulls.

    >>> list_field("pairs", pa.uint64()).nullable
    False
    """
    return pa.field(name, pa.large_list(pa.field("item", kind, nullable=False)), nullable=False)


def one_list(values: Any, kind: pa.LargeListType) -> pa.Array:
    """Values (an array of NumPy or Arrow, a list) as a column of one row of this type.

    >>> one_list([1, 2], pa.large_list(pa.int64())).to_pylist()
    [[1, 2]]
    """
    if isinstance(values, pa.ChunkedArray):
        values = values.combine_chunks()
    flat = values if isinstance(values, pa.Array) else pa.array(values, kind.value_type)
    return pa.LargeListArray.from_arrays(pa.array([0, len(flat)], pa.int64()), flat.cast(kind.value_type), type=kind)

"""Comparing rows of two tables, and keeping what an earlier snapshot knows about rows that haven't changed."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

RUN_COLUMNS = ("first_seen", "run_id")
"""Columns that tell about runs, not about articles: they never make a row a changed one."""


def rows_equal(left: pa.Array, right: pa.Array) -> npt.NDArray[np.bool_]:
    """Row by row, whether two arrays of one type and length hold the same; null equals null. bool, shape (rows,).

    Arrow's own `equal` knows no lists and structs, and a Python loop over 100,000 rows takes seconds.

    >>> rows_equal(pa.array([["a"], [], None]), pa.array([["a"], ["b"], None])).tolist()
    [True, False, True]
    """
    if left.equals(right):  # Most columns of most rows; what follows is a dozen calls.
        return np.ones(len(left), np.bool_)
    same: npt.NDArray[np.bool_] = np.equal(_validity(left), _validity(right))
    if pa.types.is_struct(left.type):
        for i in range(left.type.num_fields):
            same &= rows_equal(left.field(i), right.field(i)) | ~_validity(left)
        return same
    if pa.types.is_list(left.type):
        return same & _lists_equal(left, right)
    return same & _as_numpy(pc.fill_null(pc.equal(left, right), True))


def in_words(rows: pa.RecordBatch | pa.StructArray) -> pa.Array:
    """All that stands in each row, each field behind its length in bytes, an unknown one as `-`: no two rows and no two
    lists of rows read alike.

    >>> in_words(pa.record_batch({"name": ["Ada", None], "shares": [0.5, 2.0]})).to_pylist()
    ['3:Ada3:0.5', '-1:2']
    """
    columns = rows.columns if isinstance(rows, pa.RecordBatch) else rows.flatten()
    texts = (column.cast(pa.string()) for column in columns)
    sized = (pc.binary_join_element_wise(pc.binary_length(text).cast(pa.string()), text, ":") for text in texts)
    return pc.binary_join_element_wise(*(pc.fill_null(text, "-") for text in sized), "")


def _validity(array: pa.Array) -> npt.NDArray[np.bool_]:
    return _as_numpy(array.is_valid())


def _as_numpy(booleans: pa.Array) -> npt.NDArray[np.bool_]:
    array: npt.NDArray[np.bool_] = booleans.to_numpy(zero_copy_only=False)
    return array.astype(np.bool_)


def _lists_equal(left: pa.Array, right: pa.Array) -> npt.NDArray[np.bool_]:
    lengths = pc.fill_null(pc.list_value_length(left), 0).to_numpy()
    same: npt.NDArray[np.bool_] = np.equal(lengths, pc.fill_null(pc.list_value_length(right), 0).to_numpy())
    comparable = pa.array(same)
    items = rows_equal(left.filter(comparable).flatten(), right.filter(comparable).flatten())
    rows = np.repeat(np.flatnonzero(same), lengths[same])
    same[rows[~items]] = False
    return same


def carry_over(new: pa.Table, old: pa.Table) -> pa.Table:
    """The new rows, with the run columns of the old row: its time always, its run id if all other columns are equal.

    Rows belong together by `row_keys`, which must be unique in each table.
    """
    if not len(old) or not len(new):
        return new
    if says_same(new, old):
        return old
    place = pc.index_in(row_keys(new), value_set=row_keys(old))
    found = place.is_valid()
    partner = old.take(place.drop_null())
    if "first_seen" in new.column_names:
        new = _replaced(
            new, "first_seen", pc.coalesce(_whole(old["first_seen"]).take(place), _whole(new["first_seen"]))
        )
    if "run_id" in new.column_names:
        unchanged = _same_rows(new.filter(found), partner)
        rows = np.flatnonzero(found.to_numpy(zero_copy_only=False))[unchanged]
        run_ids = new["run_id"].to_numpy(zero_copy_only=False).copy()
        run_ids[rows] = partner["run_id"].to_numpy(zero_copy_only=False)[unchanged]
        new = _replaced(new, "run_id", pa.array(run_ids, pa.string()))
    return new


def says_same(left: pa.Table, right: pa.Table) -> bool:
    """Whether two tables are equal but for what tells about runs."""
    columns = [name for name in left.column_names if name not in RUN_COLUMNS]
    return len(left) == len(right) and bool(left.select(columns).equals(right.select(columns)))


def keep_first_seen(new: pa.Table, known: pa.Table) -> pa.Table:
    """The new rows, with the time at which an article of that id was first seen, wherever that is known."""
    seen = _looked_up(new["article_id"], known["article_id"], known["first_seen"])
    return _replaced(new, "first_seen", pc.coalesce(seen, new["first_seen"]))


def has_strangers(new: pa.Table, old: pa.Table) -> bool:
    """Whether the new rows hold articles that the old ones don't."""
    return bool(pc.any(pc.is_null(pc.index_in(new["article_id"], value_set=_whole(old["article_id"])))).as_py())


def row_keys(table: pa.Table) -> pa.Array:
    """What names a row over runs: its article_id, or the place of a record that has none."""
    ids = _whole(table["article_id"])
    if not ids.null_count:
        return ids
    places = pc.binary_join_element_wise(table["source_path"], table["source_record"].cast(pa.string()), "\n")
    return pc.coalesce(ids, _whole(places))


def _same_rows(left: pa.Table, right: pa.Table) -> npt.NDArray[np.bool_]:
    same = np.ones(len(left), dtype=np.bool_)
    for name in left.column_names:
        if name not in RUN_COLUMNS:
            same &= rows_equal(_whole(left[name]), _whole(right[name]))
    return same


def _looked_up(keys: pa.ChunkedArray, known: pa.ChunkedArray, values: pa.ChunkedArray) -> pa.ChunkedArray:
    """For each key the value beside it in `known`, null where it isn't there."""
    return values.take(pc.index_in(keys, value_set=_whole(known)))


def _whole(array: pa.ChunkedArray | pa.Array) -> pa.Array:
    return array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array


def _replaced(table: pa.Table, name: str, values: pa.Array | pa.ChunkedArray) -> pa.Table:
    place = table.schema.get_field_index(name)
    return table.set_column(place, table.schema.field(name), values)

"""Rows of many tables as one table: the same as if they had been put together."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from copydesk import spread as module
from copydesk.spread import Spread, as_spread, as_table, spread

SCHEMA = pa.schema([pa.field("n", pa.int64(), nullable=False), ("words", pa.list_(pa.string()))])


def table(*numbers: int) -> pa.Table:
    """Make a table of two chunks."""
    rows = [{"n": n, "words": [str(n)] * (n % 3)} for n in numbers]
    half = len(rows) // 2
    return pa.concat_tables([pa.Table.from_pylist(part, SCHEMA) for part in (rows[:half], rows[half:])])


@pytest.fixture
def both() -> Spread:
    """Five rows of two tables: 3, 11, 1, 10, 4."""
    return spread(SCHEMA, [table(1, 2, 3, 4), table(10, 11)], np.array([0, 1, 0, 1, 0]), np.array([2, 1, 0, 0, 3]))


def test_rows_come_in_the_order_asked_for(both: Spread):
    """Columns, selections, slices and takes are those of the table that it stands for."""
    whole = both.table()
    assert whole.schema == SCHEMA
    assert both["n"].to_pylist() == [3, 11, 1, 10, 4]
    assert both["words"].to_pylist() == [[], ["11", "11"], ["1"], ["10"], ["4"]]
    assert both.select(["words"]).table() == whole.select(["words"])
    assert both.slice(1, 3).table() == whole.slice(1, 3)
    assert both.take(pa.array([4, 0])).table() == whole.take(pa.array([4, 0]))
    assert (len(both), both.num_rows, both.column_names) == (5, 5, ["n", "words"])


def test_rows_can_be_replaced(both: Spread):
    """The new rows stand in the place of the old ones; the table that was there stays as it was."""
    replaced = both.replaced(np.array([1, 4]), table(20, 21))
    assert replaced["n"].to_pylist() == [3, 20, 1, 10, 21]
    assert both["n"].to_pylist() == [3, 11, 1, 10, 4]


def test_columns_can_have_other_names(both: Spread):
    """A stage knows its columns by names of its own."""
    names = pa.schema([SCHEMA.field(0).with_name("number"), SCHEMA.field(1).with_name("said")], metadata={"made": "so"})
    renamed = both.renamed(names)
    assert renamed["number"].to_pylist() == both["n"].to_pylist()
    assert renamed.table().schema.equals(names, check_metadata=True)


def test_large_columns_come_in_chunks(both: Spread, monkeypatch: pytest.MonkeyPatch):
    """No list array grows beyond what its offsets can count."""
    monkeypatch.setattr(module, "CHUNK_ROWS", 2)
    assert both["words"].num_chunks == 3
    assert both.table().combine_chunks()["n"].to_pylist() == [3, 11, 1, 10, 4]


def test_nothing_is_an_empty_table():
    """No tables and no rows give the columns without rows."""
    none = spread(SCHEMA, [], np.zeros(0, np.int64), np.zeros(0, np.int64))
    assert none.table() == SCHEMA.empty_table()
    assert none["n"].to_pylist() == []


def test_a_table_is_spread_over_itself():
    """Whatever has the columns can be had as either."""
    plain = table(1, 2, 3)
    assert as_spread(plain).table() == plain
    assert as_table(plain) is plain
    assert as_table(as_spread(plain)) == plain

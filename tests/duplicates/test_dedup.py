"""Tables of clean texts without their copies."""

from __future__ import annotations

import pyarrow as pa
import pytest

from copydesk.duplicates.dedup import dedup
from copydesk.errors import UsageError


def test_kept_rows_are_as_they_were(pool: str, ferry: str) -> None:
    """The columns, order and types of the input stay; only copies are gone."""
    table = pa.table({"key": [3, 1, 2], "body": [pool, ferry, pool.upper()], "note": ["x", None, "y"]})
    done = dedup(table, "body", "key")
    assert done.kept.schema == table.schema
    assert done.kept.num_rows == 2
    assert {*done.kept["key"].to_pylist(), *map(int, done.links["article_id"].to_pylist())} == {1, 2, 3}


def test_known_columns_choose_the_survivor(pool: str) -> None:
    """The row with a title stays."""
    table = pa.table({"id": ["a", "b"], "text": [pool, pool], "title": [None, "The pool closes"]})
    assert dedup(table).kept["id"].to_pylist() == ["b"]


def test_an_empty_table_comes_back() -> None:
    """No rows, no copies."""
    table = pa.table({"id": pa.array([], pa.int64()), "text": pa.array([], pa.string())})
    assert dedup(table).kept.equals(table)


@pytest.mark.parametrize(
    ("ids", "column", "message"),
    [
        (["a", "a"], "text", "each row once"),
        (["a", None], "text", "each row once"),
        (["a", "b"], "body", "no column 'body'"),
    ],
)
def test_wrong_columns_are_refused(ids: list[str | None], column: str, message: str) -> None:
    """A missing column, an id given twice and a null id are errors that name the column."""
    with pytest.raises(UsageError, match=message):
        dedup(pa.table({"id": ids, "text": ["one", "two"]}), column)

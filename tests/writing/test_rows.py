"""Comparing rows, keeping run ids."""

import datetime as dt

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from copydesk.writing.rows import carry_over, rows_equal

COPY = pa.struct([("outlet", pa.string()), ("day", pa.date32())])
CELL = st.one_of(st.none(), st.text("ab", max_size=2))
COPIES = st.lists(
    st.fixed_dictionaries({"outlet": CELL, "day": st.sampled_from([None, dt.date(2026, 1, 2)])}), max_size=2
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(CELL, CELL)), st.lists(st.tuples(COPIES | st.none(), COPIES | st.none())))
def test_rows_are_equal_where_python_says_so(cells: list, copies: list) -> None:
    """Row by row, strings and lists of structs compare as their Python values do."""
    for pairs, kind in ((cells, pa.string()), (copies, pa.list_(COPY))):
        left, right = (pa.array([pair[side] for pair in pairs], kind) for side in (0, 1))
        assert rows_equal(left, right).tolist() == [a == b for a, b in pairs]


def test_slices_are_compared_by_their_own_rows() -> None:
    """An array that is a slice of another one has its own first row."""
    whole = pa.array([["x"], ["a", "b"], [], ["c"]])
    assert rows_equal(whole.slice(1), pa.array([["a", "b"], [], ["d"]])).tolist() == [True, True, False]


def rows(*given_rows: tuple[str, str, str, int]) -> pa.Table:
    """Rows of (id, text, run, day)."""
    columns = list(zip(*given_rows, strict=True)) or [(), (), (), ()]
    days = [dt.datetime(2026, 1, day, tzinfo=dt.UTC) for day in columns[3]]
    arrays = [pa.array(c, pa.string()) for c in columns[:3]] + [pa.array(days, pa.timestamp("us", "UTC"))]
    return pa.table(arrays, names=["article_id", "text", "run_id", "first_seen"])


@pytest.mark.parametrize("shift", [0, 1])
def test_only_changed_rows_take_the_new_run(shift: int) -> None:
    """An unchanged row keeps run and time, a changed one the time alone, a new one neither."""
    old = rows(("a", "one", "r1", 1), ("b", "two", "r1", 1), ("gone", "x", "r1", 1))
    new = rows(("a", "one", "r2", 2), ("b", "TWO", "r2", 2), ("c", "three", "r2", 2)).slice(shift)
    kept = carry_over(new, old)
    assert (
        kept.to_pylist()
        == rows(("a", "one", "r1", 1), ("b", "TWO", "r2", 1), ("c", "three", "r2", 2))[shift:].to_pylist()
    )


def test_without_a_snapshot_before_nothing_is_carried_over() -> None:
    """An empty old table leaves the new rows as they are."""
    new = rows(("a", "one", "r2", 2))
    assert carry_over(new, rows()).equals(new)

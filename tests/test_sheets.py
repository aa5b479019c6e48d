"""Lists that a spreadsheet opens and never computes."""

from __future__ import annotations

import csv
import io

from hypothesis import given
from hypothesis import strategies as st

from copydesk.sheets import FORMULA, cell, write_sheet


def written(rows: list[list[object]]) -> list[list[str]]:
    """The rows as a reader of CSV gets them, without the header."""
    out = io.StringIO()
    assert write_sheet(out, ["a", "b"], rows) == len(rows)
    return list(csv.reader(io.StringIO(out.getvalue(), newline="")))[1:]


def test_text_that_looks_like_a_formula_is_text():
    """An apostrophe stands before it; the same sign further on changes nothing."""
    assert written([["=cmd|' /C calc'!A0", "3 = 2 + 1"]]) == [["'=cmd|' /C calc'!A0", "3 = 2 + 1"]]


def test_numbers_stay_numbers():
    """A negative figure is no formula."""
    assert written([[-3, 0.5]]) == [["-3", "0.5"]]


def test_no_rows_leave_the_header():
    """Nothing to list is a list of nothing."""
    assert written([]) == []


@given(st.text())
def test_no_cell_begins_like_a_formula(text: str):
    """Whatever the corpus holds."""
    assert not str(cell(text)).startswith(FORMULA)

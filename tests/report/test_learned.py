"""The list of learned lines, for people to veto."""

from __future__ import annotations

import pyarrow as pa

from copydesk.report.learned import learned_lines, learned_sheet

OUTLETS = pa.table({"article_id": ["a", "b", "c"], "outlet": ["Tarrow Courier", "Tarrow Courier", "Skerry Post"]})


def decided(*rows: tuple[str, str, str]) -> pa.Table:
    """Decisions with article, rule and the span as it was."""
    names = ("article_id", "rule", "before")
    schema = pa.schema([(name, pa.string()) for name in names])
    return pa.Table.from_pylist([dict(zip(names, row, strict=True)) for row in rows], schema)


def test_lines_are_counted_by_outlet():
    """The same words of two outlets are two lines, whichever version took them; the most frequent comes first."""
    line = "Sent to you from the quay every morning."
    rows = decided(("a", "learned-line/1", line), ("b", "learned-line/2", line), ("c", "learned-line/2", line))
    assert learned_lines(rows, OUTLETS) == [("Tarrow Courier", line, 2, "a b"), ("Skerry Post", line, 1, "c")]


def test_what_other_rules_removed_is_not_listed():
    """A near miss: furniture by wording is no learned line."""
    assert learned_lines(decided(("a", "newsletter/1", "Sign up for our newsletter")), OUTLETS) == []


def test_nothing_learned_is_a_header():
    """The list is there all the same, so nobody wonders where it is."""
    assert learned_sheet(decided(), OUTLETS) == b"outlet,line,articles,article_ids\n"


def test_line_that_looks_like_a_formula_is_text():
    """The list is made to be opened in a spreadsheet."""
    assert b"'=SUM(A1)" in learned_sheet(decided(("a", "learned-line/1", "=SUM(A1)")), OUTLETS)

"""Records that are not in the corpus."""

from __future__ import annotations

from dataclasses import replace

from copydesk.article import Outcome
from copydesk.report.records import left_aside


def test_records_left_aside_are_listed_by_file(make):
    """The list is the same in whatever order the ledger's rows come."""
    stubs = [replace(make.article(i), outcome=Outcome.NO_ARTICLE, reason="stub: too short") for i in range(4)]
    ledger = make.tables(stubs)["ledger"]
    html = left_aside(ledger.take([2, 0, 3, 1]))
    assert html == left_aside(ledger)
    assert html.index("0.txt") < html.index("1.txt") < html.index("3.txt")


def test_nothing_was_left_aside(make):
    """A ledger of clean records says so."""
    assert "Every record" in left_aside(make.tables([make.article(1)])["ledger"])

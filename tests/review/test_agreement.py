"""How often people agree, and how sure that is."""

from __future__ import annotations

import csv
import datetime as dt
import io

import pytest

from copydesk.overrides import Choice, Entry, Judgement, Kind, Overrides
from copydesk.review.agreement import (
    COLUMNS,
    agreement_lines,
    agrees,
    count_agreement,
    export_judgements,
    wilson,
)

ON = dt.datetime(2026, 1, 15, 2, tzinfo=dt.UTC)


def judged(number: int, choice: Choice, was: str, drawn: str = "sample", text: str = "Words.") -> Entry:
    """An entry of the review about article `number`."""
    said = Judgement("contamination", "foreign/1", was, 0.9, drawn, ON)
    kind = Kind.LINK if was == "copies" else Kind.PARAGRAPH
    articles = (f"{number:032x}", "f" * 32) if kind is Kind.LINK else (f"{number:032x}",)
    return Entry(kind, choice, articles, "" if kind is Kind.LINK else text, judgement=said)


@pytest.mark.parametrize(
    ("choice", "was", "agreed"),
    [
        (Choice.REMOVE, "removed", True),
        (Choice.KEEP, "removed", False),
        (Choice.KEEP, "flagged", True),
        (Choice.REMOVE, "flagged", False),
        (Choice.COPIES, "copies", True),
        (Choice.APART, "copies", False),
        (Choice.REMOVE, "no_article", True),
        (Choice.KEEP, "off_topic", False),
    ],
)
def test_people_agree_by_deciding_as_the_run_did(choice: Choice, was: str, agreed: bool):
    """What was removed should go, what was flagged had stayed."""
    assert agrees(judged(1, choice, was)) is agreed


def test_counts_keep_samples_and_borderline_cases_apart():
    """The one is an estimate, the other is not: they are never added up."""
    entries = (
        judged(1, Choice.REMOVE, "removed"),
        judged(2, Choice.KEEP, "removed"),
        judged(3, Choice.KEEP, "removed", "borderline"),
        Entry(Kind.LINE, Choice.KEEP, text="By hand"),
    )
    sample, borderline = count_agreement(Overrides(entries))
    assert (sample.drawn, sample.judged, sample.agreed, sample.share) == ("sample", 2, 1, 0.5)
    assert (borderline.drawn, borderline.judged, borderline.agreed) == ("borderline", 1, 0)


def test_the_last_judgement_of_a_case_counts():
    """Whoever thinks again is counted once."""
    twice = (judged(1, Choice.KEEP, "removed"), judged(1, Choice.REMOVE, "removed"))
    [found] = count_agreement(Overrides(twice))
    assert (found.judged, found.agreed) == (1, 1)


def test_nothing_judged():
    """No counts, no division by zero, a line that says so."""
    assert count_agreement(Overrides()) == ()
    assert agreement_lines(()) == ["nothing is judged yet"]
    assert wilson(0, 0) == (0.0, 1.0)


def test_interval_is_that_of_the_textbook():
    """Values of R's binom::binom.wilson for 0 of 10, 81 of 263, 10 of 10."""
    assert wilson(0, 10) == pytest.approx((0.0, 0.2775), abs=5e-5)
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert wilson(10, 10) == pytest.approx((0.7225, 1.0), abs=5e-5)


def test_lines_stand_in_columns():
    """A person reads shares and intervals below their heads."""
    head, line = agreement_lines(count_agreement(Overrides((judged(1, Choice.REMOVE, "removed"),))))
    assert line[head.index("judged")] == "1"
    assert "100%" in line
    assert "21% to 100%" in line


def test_export_has_a_row_per_entry():
    """Judgements and what was written by hand, in the order of the file; no cell is a formula."""
    entries = (
        judged(1, Choice.REMOVE, "removed", text='=HYPERLINK("x")'),
        judged(2, Choice.APART, "copies"),
        Entry(Kind.LINE, Choice.KEEP, text="By hand", outlet="Post", note="ours"),
    )
    out = io.StringIO()
    assert export_judgements(Overrides(entries), out) == 3
    first, link, line = csv.DictReader(io.StringIO(out.getvalue()))
    assert tuple(first) == COLUMNS
    assert first["text"] == '\'=HYPERLINK("x")'
    assert (first["agreed"], first["score"], first["on"]) == ("yes", "0.9", "2026-01-15T02:00:00+00:00")
    assert (link["other"], link["agreed"]) == ("f" * 32, "no")
    assert (line["outlet"], line["agreed"], line["note"]) == ("Post", "", "ours")

"""Tests of dates that head the entries of a story."""

from __future__ import annotations

import pytest

from copydesk.article import Block
from copydesk.metadata.entries import heads_entry
from copydesk.metadata.head import read_head

COUNCIL = "The council votes for a bridge of steel and glass. It is to cost 11 million."
STEEL = "The steel is delivered to the wrong river. Nobody notices until the autumn."


def _labels(*lines: str, title: str | None = None) -> list[str]:
    return [line.label for line in read_head([Block(line) for line in lines], title)]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("March 4, 2011", "June 20, 2013"),
        ("Monday, March 4, 2013", "Tuesday, March 5, 2013"),
        ("4. März 2011", "5. März 2011"),
        ("4 de marzo de 2011", "5 de marzo de 2011"),
        ("France, 4 March 1917", "Somewhere, 20 June 1917"),
    ],
)
def test_a_timeline_has_no_head_but_its_title(first: str, second: str) -> None:
    """Two dates with text below each head entries: neither is the day of publication, and the text is no deck."""
    assert _labels("How the bridge was lost", first, COUNCIL, second, STEEL) == ["title"]
    assert _labels(first, COUNCIL, second, STEEL, title="How the bridge was lost") == []


@pytest.mark.parametrize(
    "lines",
    [
        ("March 4, 2019", COUNCIL, STEEL),
        ("March 4, 2019", COUNCIL, "June 20, 2013", STEEL),
        ("Published March 4, 2011", COUNCIL, "June 20, 2013", STEEL),
        ("March 4, 2011", COUNCIL, "Posted June 20, 2013", STEEL),
        ("March 4, 2011", COUNCIL, "A ferry for the poor", "June 20, 2013", "A bridge for the rich"),
        ("March 4, 2011 10:15 a.m.", COUNCIL, "June 20, 2013", STEEL),
    ],
)
def test_the_day_of_publication_stays_one(lines: tuple[str, ...]) -> None:
    """One that is called so or has an hour, that is later than the story's days, or has only headlines dated below."""
    assert _labels("How the bridge was lost", *lines) == ["title", "date"]


def test_a_signed_head_has_its_own_date() -> None:
    """Below a byline stands the day of publication, also where the story is a timeline."""
    lines = ("How the bridge was lost", "By Jane Roe", "March 4, 2011", COUNCIL, "June 20, 2013", STEEL)
    assert _labels(*lines) == ["title", "byline", "date"]


def test_nothing_below_is_no_entry() -> None:
    """A lone date, or one above headlines, heads nothing."""
    assert not heads_entry("March 4, 2011", [])
    assert not heads_entry("", [COUNCIL])
    assert not heads_entry("March 4, 2011", ["A ferry for the poor", "June 20, 2013", STEEL])

"""Tests of how paragraphs open."""

from __future__ import annotations

import pytest

from copydesk.contamination.openings import has_dateline


@pytest.mark.parametrize(
    "text",
    [
        "LINDHAVEN — No ship left.",
        "LINDHAVEN, Feb. 3 (Lodestar) - No ship left.",
        "Lindhaven (Lodestar) – No ship left.",
        "(Lodestar) No ship left.",
        "МОСКВА – Ни одно судно не вышло.",
        "ÅRHUS -- No ship left.",
    ],
)
def test_datelines(text: str) -> None:
    """A place in capitals before a dash, or an agency in brackets, in any alphabet."""
    assert has_dateline(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "NATO ships left the port.",
        "The ferry – the last one – has left.",
        "The ferry (Ida) left.",
        "(1) No ship left.",
        "US - the country.",
        "“LINDHAVEN — it froze,” she said.",
    ],
)
def test_other_openings(text: str) -> None:
    """Capitals without a dash, a dash without capitals, and brackets in a sentence are none."""
    assert not has_dateline(text)


def test_long_opening_is_read_in_no_time() -> None:
    """Only the first characters are looked at, whatever follows."""
    assert not has_dateline("A" * 100_000)
    assert not has_dateline("(" * 100_000)

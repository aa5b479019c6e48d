"""Which of the dates that a page states is the day of publication."""

from __future__ import annotations

import datetime as dt

from copydesk.article import Evidence
from copydesk.metadata.assemble import choose_metadata
from copydesk.metadata.choose_dates import Dates, choose_dates

LATEST = dt.date(2100, 1, 1)


def _said(value: str, source: str, confidence: float = 0.9) -> Evidence:
    return Evidence("published" if "odified" not in source else "modified", value, source, value, confidence)


def _choose(*evidence: Evidence, url: str | None = None) -> Dates:
    published = [e for e in evidence if e.field == "published"]
    modified = [e for e in evidence if e.field == "modified"]
    return choose_dates(published, modified, order=None, url=url, latest=LATEST)


def _day(dates: Dates) -> str | None:
    return dates.published.day.isoformat() if dates.published and dates.published.day else None


def test_last_change_in_the_field_of_publication_yields_to_an_earlier_printed_day() -> None:
    """Systems that overwrite both fields with the last change are not believed against what the page prints."""
    change = "2025-11-20T16:02:46.767Z"
    stated = _said(change, "jsonld.datePublished")
    changed = _said(change, "jsonld.dateModified")
    assert _day(_choose(stated, changed, _said("May 14, 2025", "html.date", 0.4))) == "2025-05-14"
    assert _day(_choose(stated, changed)) == "2025-11-20"
    assert _day(_choose(stated, changed, _said("May 14, 2025", "html.date.later", 0.1))) == "2025-11-20"
    other = _said("2025-11-21T08:00:00Z", "jsonld.dateModified")
    assert _day(_choose(stated, other, _said("May 14, 2025", "html.date", 0.4))) == "2025-11-20"


def test_day_of_an_instant_in_utc_is_the_one_that_is_printed() -> None:
    """02:41 in UTC is the evening before in America: the address and the page say so, and the instant stays."""
    stated = _said("2025-12-19T02:41:41+00:00", "article:published_time")
    dates = _choose(stated, url="https://courier.example/2025/12/18/ice")
    assert _day(dates) == "2025-12-18"
    assert dates.published is not None
    assert dates.published.at == dt.datetime(2025, 12, 19, 2, 41, 41, tzinfo=dt.UTC)


def test_printed_day_that_no_zone_explains_changes_nothing() -> None:
    """Noon in UTC is the same day in all America, and an offset says the local day by itself."""
    noon = _said("2025-12-19T12:41:41Z", "article:published_time")
    assert _day(_choose(noon, url="https://courier.example/2025/12/18/ice")) == "2025-12-19"
    local = _said("2025-12-19T02:41:41-05:00", "article:published_time")
    assert _day(_choose(local, url="https://courier.example/2025/12/18/ice")) == "2025-12-19"
    assert _day(_choose(noon, url="https://courier.example/2025/12/20/ice")) == "2025-12-20"


def test_microdata_of_many_days_are_those_of_other_stories() -> None:
    """A list of teasers with a day each says nothing of the article; two days may be its own."""
    teasers = [_said(f"2026-03-{day}", "microdata.datepublished", 0.8) for day in (13, 10, 9)]
    stated = _said("March 27, 2025", "date", 0.7)
    assert _day(_choose(*teasers, stated)) == "2025-03-27"
    assert _day(_choose(*teasers[:2], stated)) == "2026-03-13"
    assert _day(_choose(*teasers)) == "2026-03-13"


def test_nothing_said_is_no_date() -> None:
    """Without evidence there is neither day nor change."""
    assert _choose() == Dates(None, None, ())


def test_day_in_a_place_line_counts_where_it_has_a_year() -> None:
    """Agencies date their place lines; a sentence with a day in it, or a place line without a year, says nothing."""
    for text, day in (
        ("MISTWOOD, Dec 20, 2025 (NNA) - The lake froze.", dt.date(2025, 12, 20)),
        ("By Jane Roe\n\nMISTWOOD, North Lake, 3 March 2024 — The lake froze.", dt.date(2024, 3, 3)),
        ("MISTWOOD, Dec 20 (NNA) - The lake froze.", None),
        ("In Mistwood, on Dec 20, 2025, the ice broke.", None),
        ("", None),
    ):
        assert choose_metadata((), text, LATEST)[0].published_on == day, text

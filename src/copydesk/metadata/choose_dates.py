"""The written rules for dates: published and changed apart, the local day as printed, the instant where it is known."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from copydesk.article import Evidence
from copydesk.metadata.choose import agree, order_evidence, refuse, with_confidence
from copydesk.metadata.date_forms import PrintedDate
from copydesk.metadata.dates import EARLIEST_YEAR, parse_date, parse_epoch, parse_partial, split_modified
from copydesk.metadata.urls import date_of_url

PRINTED = ("html.", "head.", "block.", "url.path", "microdata.")
"""Sources that readers see, or that are made when an article appears."""
LISTED_DAYS = 3
LISTED_CONFIDENCE = 0.1
"""Days from which microdata are those of a list (four of 782 pages: none is the article's), and what they count for."""
COPIED_SHARE = 0.3
"""What is left of the confidence of a day of publication that is the last change, where an earlier day is printed."""


@dataclass(frozen=True, slots=True)
class Dates:
    """When an article was published and changed, with the evidence for both."""

    published: PrintedDate | None
    modified: PrintedDate | None
    evidence: tuple[Evidence, ...]


def choose_dates(
    published: Sequence[Evidence], modified: Sequence[Evidence], *, order: str | None, url: str | None, latest: dt.date
) -> Dates:
    """When it was published and changed.

    Rule: each source is parsed (03/04/2024 by `order` or not at all) and refused before 1800 or after
    `latest`. Sources that name the same day join; the day of the highest joint confidence wins, and of
    its sources the most precise one gives the instant. The URL's path counts as a source of .8. A day of publication
    that is the instant of the last change counts for less than an earlier one that is printed. The day of an
    instant in UTC is the one that is printed, where that is the day before or after.
    """
    candidates = [*published]
    from_url = date_of_url(url)
    if from_url:
        candidates.append(Evidence("published", from_url.text, "url.path", url or "", 0.8))
    if not candidates and not modified:
        return Dates(None, None, ())
    parsed, changed, refused = _parse_all(candidates, order, latest)
    more, _, refused_changes = _parse_all(modified, order, latest)
    changed += more
    winner, ordered = _best_day(_doubt_copied(_doubt_listed(parsed), changed))
    last, ordered_changes = _best_day(changed)
    if winner and last and winner.at and last.at and last.at < winner.at - dt.timedelta(days=1):
        # Swapped fields or a template's day: a change long before publication can't be.
        ordered_changes = [refuse(e, "before publication") for e in ordered_changes]
        last = None
    if winner:
        winner = _as_printed(winner, ordered, parsed)
    return Dates(winner, last, (*ordered, *ordered_changes, *refused, *refused_changes))


_Parsed = list[tuple[Evidence, PrintedDate]]


def _parse_all(
    evidence: Sequence[Evidence], order: str | None, latest: dt.date
) -> tuple[_Parsed, _Parsed, list[Evidence]]:
    kept: _Parsed = []
    changed: _Parsed = []
    refused: list[Evidence] = []
    for item in evidence:
        first, last = (
            split_modified(item.raw)
            if item.field == "published" and item.source.startswith(("head", "html"))
            else (item.raw, "")
        )
        for text, target, field in ((first, kept, item.field), (last, changed, "modified")):
            if not text:
                continue
            date = _parse(text, order)
            reason = _implausible(date, latest)
            if reason and ((text is first and not last) or date is not None):
                refused.append(refuse(item, reason))
            elif date is not None and not reason:
                target.append((Evidence(field, date.text, item.source, item.raw, item.confidence), date))
    return kept, changed, refused


@lru_cache(maxsize=256)
def _parse(text: str, order: str | None) -> PrintedDate | None:
    return parse_epoch(text) or parse_date(text, order=order) or parse_partial(text)


def _implausible(date: PrintedDate | None, latest: dt.date) -> str | None:
    if date is None:
        return "no date"
    if date.ambiguous:
        return "ambiguous"
    if date.year < EARLIEST_YEAR:
        return f"before {EARLIEST_YEAR}"
    if (date.day or dt.date(date.year, date.month or 1, 1)) > latest:
        return "after the fetch"
    return None


_RANK = {"instant": 4, "minute": 3, "day": 2, "month": 1, "year": 0}


def _best_day(parsed: _Parsed) -> tuple[PrintedDate | None, list[Evidence]]:
    if not parsed:
        return None, []
    by_source: dict[str, dict[str, float]] = {}
    names = [_day_name(date) for _, date in parsed]
    for name, (item, _) in zip(names, parsed, strict=True):
        sources = by_source.setdefault(name, {})
        sources[item.source] = max(sources.get(item.source, 0.0), item.confidence)
    # A source counts once for a day, however often a page repeats it.
    joint = {day: list(sources.values()) for day, sources in by_source.items()}
    best = max(joint, key=lambda day: (len(day) > 7, agree(joint[day])))
    group = [pair for name, pair in zip(names, parsed, strict=True) if name == best]
    winner, date = max(group, key=lambda pair: (_RANK[pair[1].precision], pair[0].confidence))
    first = with_confidence(winner, agree(joint[best]))
    others = [e for e, _ in group if e is not winner]
    rivals = [e for name, (e, _) in zip(names, parsed, strict=True) if name != best]
    return date, [first, *order_evidence(others, rivals)]


def _day_name(date: PrintedDate) -> str:
    return date.day.isoformat() if date.day else date.text


def _doubt_listed(parsed: _Parsed) -> _Parsed:
    """The dates, with less confidence in microdata that name several days: those are of a list of other stories."""
    days: dict[str, set[str]] = {}
    for item, date in parsed:
        if item.source.startswith("microdata."):
            days.setdefault(item.source, set()).add(_day_name(date))
    lists = {source for source, named in days.items() if len(named) >= LISTED_DAYS}
    return [(with_confidence(e, LISTED_CONFIDENCE), d) if e.source in lists else (e, d) for e, d in parsed]


def _doubt_copied(parsed: _Parsed, changed: _Parsed) -> _Parsed:
    """The dates, with less confidence in what is only the last change: some systems overwrite both fields with it."""
    if not changed:
        return parsed
    changes = {date.text for _, date in changed}
    printed = [d.day for e, d in parsed if d.day and e.source.startswith(PRINTED) and not e.source.endswith(".later")]
    first = min(printed, default=None)
    return [
        (with_confidence(item, round(item.confidence * COPIED_SHARE, 4)), date)
        if first and date.day and first < date.day and date.text in changes
        else (item, date)
        for item, date in parsed
    ]


# Matches an instant that is printed in UTC: "2024-09-01T02:41:41Z", "... +00:00", "1725158501".  Not: "...-04:00".
_IN_UTC = re.compile(r"(?:Z|[+-]00:?00|UTC|GMT|\A\s*\d{10,13})\s*\Z")


def _as_printed(winner: PrintedDate, ordered: Sequence[Evidence], parsed: _Parsed) -> PrintedDate:
    """The winner with the day that readers see, where its instant is in UTC and the local day is another."""
    if winner.at is None or winner.day is None or not _IN_UTC.search(ordered[0].raw):
        return winner
    near = {-1: winner.at.hour < 12, 1: winner.at.hour >= 10}
    for item, date in parsed:
        if date.day and date.at is None and item.source.startswith(PRINTED) and not item.source.endswith(".later"):
            days = (date.day - winner.day).days
            if days == 0:
                return winner
            if near.get(days):
                return replace(winner, day=date.day)
    return winner

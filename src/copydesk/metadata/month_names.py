"""Dates with the name of a month, in any language of the word lists: the name, and the numbers beside it."""

from __future__ import annotations

import re
from dataclasses import replace

from copydesk.metadata.calendars import solar_hijri
from copydesk.metadata.date_forms import TOKEN, PrintedDate, Reading, printed_day, real_day
from copydesk.metadata.words import date_words, fold_word

_ORDINALS = frozenset(
    ("st", "nd", "rd", "th", "er", "re", "e", "o", "a", "º", "ª", "de", "of", "den", "g", "le", "il", "el")
)
"""What stands between a day and a month, or behind a day."""


# Matches: "13. listopada 2025.", Croatian for October.  Not: "13 listopada 2025", Polish for November.
_CROATIAN = re.compile(r"\d\.\s?listopada", re.IGNORECASE)


def find_month(reading: Reading) -> tuple[Reading, list[str]]:
    """The reading with the date that a month's name and the numbers beside it make; the words that are left."""
    tokens = TOKEN.findall(reading.rest)
    words = date_words()
    for at, token in enumerate(tokens):
        if token.isdigit() or len(tokens) > 60:
            continue
        word = fold_word(token)
        month = words.months.get(word)
        if word == "listopada" and _CROATIAN.search(reading.rest):
            month = 10
        solar = words.solar_months.get(word) if month is None else None
        if month is None and solar is None:
            continue
        numbers = _numbers_beside(tokens, at)
        date = _of_numbers(month or solar or 0, [int(tokens[i]) for i in numbers], solar=month is None)
        if date:
            left = [t for i, t in enumerate(tokens) if i != at and i not in numbers]
            return Reading(reading.rest, date, reading.clock, reading.offset_minutes), left
    return reading, tokens


def _numbers_beside(tokens: list[str], at: int) -> list[int]:
    """Positions of the day before and of the numbers after a month's name, over ordinals and weekdays."""
    found: list[int] = []
    before = at - 1
    while before >= 0 and before >= at - 3 and fold_word(tokens[before]) in _ORDINALS:
        before -= 1
    if before >= 0 and tokens[before].isdigit() and len(tokens[before]) in (1, 2, 4):
        found.append(before)
    after = at + 1
    while after < len(tokens) and len(found) < 3 and after <= at + 6:
        if tokens[after].isdigit() and len(tokens[after]) in (1, 2, 4):
            found.append(after)
        elif not is_filler(tokens[after]) and fold_word(tokens[after]) not in _ORDINALS:
            break
        after += 1
    return found


def _of_numbers(month: int, numbers: list[int], *, solar: bool) -> PrintedDate | None:
    years = [n for n in numbers if n >= 1000]
    days = [n for n in numbers if 1 <= n <= 31]
    if not years:
        return None
    year = years[0]
    if solar or 1300 <= year <= 1499:
        day = solar_hijri(year, month, days[0]) if days and solar else None
        return replace(printed_day(day), calendar="solar hijri") if day else None
    if not days:
        return PrintedDate("month", year, month)
    found = real_day(year, month, days[0])
    return printed_day(found) if found else None


def is_filler(token: str) -> bool:
    """Whether a word belongs to date lines and says no date: a weekday, "published", a zone."""
    words = date_words()
    word = fold_word(token)
    if token.isdigit():
        return False
    return (
        word in words.weekdays or word in words.published or word in words.modified or word in words.latest
        or token in words.open_zones or token in words.zones or word in _ORDINALS or word in ("am", "pm")
    )  # fmt: skip

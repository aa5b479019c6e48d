"""The forms of dates in numbers, of clocks and of offsets, each found in a string and taken out of it."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, replace
from typing import Literal

from copydesk.metadata.calendars import era_year, solar_hijri
from copydesk.metadata.words import date_words

Precision = Literal["instant", "minute", "day", "month", "year"]


@dataclass(frozen=True, slots=True)
class PrintedDate:
    """What a printed date says. `day` is None where it says less than a day or is ambiguous; `at` is in UTC."""

    precision: Precision
    year: int
    month: int | None = None
    day: dt.date | None = None
    at: dt.datetime | None = None
    ambiguous: bool = False
    calendar: str = "gregorian"

    @property
    def text(self) -> str:
        """The date in ISO form, as precise as it is known."""
        if self.at is not None:
            return self.at.isoformat()
        if self.day is not None:
            return self.day.isoformat()
        return f"{self.year:04d}-{self.month:02d}" if self.month and not self.ambiguous else f"{self.year:04d}"


@dataclass(frozen=True, slots=True)
class Reading:
    """A string on its way: what is not yet consumed, and what was found in it."""

    rest: str
    date: PrintedDate | None = None
    clock: dt.time | None = None
    offset_minutes: int | None = None


# Matches: "2024-09-01T02:00:00.000-04:00", "2024-09-01 02:00 UTC", "2024-09-01".  Not: "2024-9-1", "12024-09-01".
_ISO = re.compile(
    r"""(?<!\d)(?P<y>\d{4})-(?P<m>\d\d)-(?P<d>\d\d)(?!\d)
        (?:[Tt\s]\s?(?P<H>\d\d):(?P<M>\d\d)(?::(?P<S>\d\d)(?:[.,]\d{1,9})?)?
           \s?(?P<z>Z|UTC|GMT|[+\-−]\d\d:?\d\d|[+\-−]\d\d)?(?![\w:]))?""",
    re.VERBOSE,
)
# Matches: "20240901", "20240901T060000Z".  Not: "202409", "120240901".
_COMPACT = re.compile(
    r"""(?<!\d)(?P<y>[12]\d{3})(?P<m>\d\d)(?P<d>\d\d)
        (?:T(?P<H>\d\d)(?P<M>\d\d)(?P<S>\d\d)?(?P<z>Z|[+-]\d\d:?\d\d)?)?(?![\d])""",
    re.VERBOSE,
)
# Matches: "2024-W35-7", "2024-245".  Not: "2024-12", "2024-W35-71".
_WEEK_OR_ORDINAL = re.compile(r"(?<!\d)(?P<y>\d{4})-(?:W(?P<w>\d\d)-(?P<wd>[1-7])|(?P<o>\d{3}))(?![\d-])")
# Matches: "2024年9月1日", "2024년 9월 1일", "令和6年9月1日", "2024年9月".  Not: "9月1日".
_EAST_ASIAN = re.compile(
    r"(?:(?P<era>令和|平成|昭和)(?P<n>\d{1,2}|元)|(?<!\d)(?P<y>\d{4}))\s?[年년]\s?(?P<m>\d{1,2})\s?[月월](?:\s?(?P<d>\d{1,2})\s?[日일])?"
)
# Matches: "01.09.2024", "9/1/2024", "2024/09/01", "01. 09. 2024".  Not: "1.9", "192.168.1.10".
_NUMERIC = re.compile(r"(?<![\d.])(?P<a>\d{1,4})(?P<s>[./\-])\s?(?P<b>\d{1,2})(?P=s)\s?(?P<c>\d{1,4})(?![\d./\-]\d|\d)")
# Matches: "2:00 AM", "14:05:33".  Not: "2:0", "1:23:4".
_CLOCK = re.compile(
    r"(?<![\d:])(?P<H>\d{1,2}):(?P<M>\d\d)(?::(?P<S>\d\d)(?:\.\d{1,9})?)?(?![\d:])(?:\s?(?P<p>[AaPp])\.?\s?[Mm]\b\.?)?"
)
# Matches: "7.30pm", "14.05 Uhr", "19h30", "19 h", "2 p.m.", "14時05分", "kl. 14.05".  Not: "14.05", "2024".
_CLOCK_WORDS = re.compile(
    r"""(?<![\d:.])(?:
        (?P<H1>\d{1,2})(?:[.:](?P<M1>\d\d))?\s?(?:(?P<p>[AaPp])\.?\s?[Mm]\b\.?|Uhr\b|[Hh]rs?\b\.?)
      | (?P<H2>\d{1,2})\s?(?:h|H|時|点|시)\s?(?:(?P<M2>\d{1,2}(?=\s?[分분])|\d\d)\s?(?:分|분|min)?)?(?!\w)
      | (?:kl\.?|ore|alle|klokken|klo|godz\.)\s(?P<H3>\d{1,2})[.:](?P<M3>\d\d)(?!\d)
    )""",
    re.VERBOSE,
)
# Matches the parts of: "1er mars 2024", "Sept. 1st", "sexta-feira", "नवंबर" (its vowel signs are no letters).
# Not: punctuation.
TOKEN = re.compile(r"\d+|[^\W\d_]+(?:['’\-\u200c][^\W\d_]+|[\u0900-\u0903\u093a-\u094f]+[^\W\d_]*)*")
# Matches: "+0200", "GMT+2", "UTC-04:00", "(+05:30)".  Not: "-4", "2024-09".
_OFFSET = re.compile(
    r"(?<![\w:])(?:(?:GMT|UTC)\s?(?P<s>[+\-−])(?P<h>\d{1,2})(?::?(?P<m>\d\d))?|(?P<s2>[+\-−])(?P<h2>\d\d):?(?P<m2>\d\d))(?!\d)"
)


def _consume(reading: Reading, match: re.Match[str]) -> str:
    return f"{reading.rest[: match.start()]} {reading.rest[match.end() :]}"


def find_iso(reading: Reading) -> Reading:
    """The reading with a date in one of the forms of ISO 8601, its clock and offset; as it is where there is none."""
    match = (_ISO.search(reading.rest) if "-" in reading.rest else None) or _COMPACT.search(reading.rest)
    if match:
        day = real_day(int(match["y"]), int(match["m"]), int(match["d"]))
        if day is None:
            return reading
        clock = _clock(match["H"], match["M"], match["S"], None)
        return Reading(_consume(reading, match), printed_day(day), clock, _offset(match["z"]) if clock else None)
    match = _WEEK_OR_ORDINAL.search(reading.rest) if "-" in reading.rest else None
    day = _week_or_ordinal(match) if match else None
    return replace(reading, rest=_consume(reading, match), date=printed_day(day)) if match and day else reading


def _week_or_ordinal(match: re.Match[str]) -> dt.date | None:
    year = int(match["y"])
    if not year >= 1:
        return None
    if match["o"]:
        day = dt.date(year, 1, 1) + dt.timedelta(days=int(match["o"]) - 1)
        return day if day.year == year and int(match["o"]) else None
    return dt.date.fromisocalendar(year, int(match["w"]), int(match["wd"])) if 1 <= int(match["w"]) <= 52 else None


def find_east_asian(reading: Reading) -> Reading:
    """The reading with a date that is written with the signs for year, month and day."""
    match = None if reading.date or reading.rest.isascii() else _EAST_ASIAN.search(reading.rest)
    if not match:
        return reading
    year = int(match["y"]) if match["y"] else era_year(match["era"], match["n"])
    month = int(match["m"])
    if year is None or not 1 <= month <= 12:
        return reading
    if not match["d"]:
        return replace(reading, rest=_consume(reading, match), date=PrintedDate("month", year, month))
    day = real_day(year, month, int(match["d"]))
    return replace(reading, rest=_consume(reading, match), date=printed_day(day)) if day else reading


def _half_before(text: str) -> str | None:
    """The half of the day that stands before the clock in Korean, Japanese and Chinese: "오후 2:10" is 14:10."""
    if text.isascii():
        return None
    return next((half for word, half in date_words().halves.items() if word in text), None)


def find_clock(reading: Reading) -> Reading:
    """The reading with the time of day."""
    if reading.clock is not None:
        return reading
    half = _half_before(reading.rest)
    match = _CLOCK.search(reading.rest) if ":" in reading.rest else None
    if match:
        clock = _clock(match["H"], match["M"], match["S"], match["p"] or half)
    else:
        match = _CLOCK_WORDS.search(reading.rest)
        if not match:
            return reading
        clock = _clock(
            match["H1"] or match["H2"] or match["H3"],
            match["M1"] or match["M2"] or match["M3"] or "00",
            None,
            match["p"] or half,
        )
    return Reading(_consume(reading, match), reading.date, clock, reading.offset_minutes) if clock else reading


def find_numeric(reading: Reading, order: str | None) -> Reading:
    """The reading with a date of three numbers; `order` (dmy, mdy, ymd) settles what their size does not, and a weekday
    before them what neither does.
    """
    match = _NUMERIC.search(reading.rest)
    date = _numeric(match["a"], match["b"], match["c"], match["s"], order) if match else None
    if match and date and date.ambiguous:
        date = _on_weekday(reading.rest[: match.start()], int(match["a"]), int(match["b"]), date)
    return Reading(_consume(reading, match), date, reading.clock, reading.offset_minutes) if match and date else reading


def _numeric(a: str, b: str, c: str, mark: str, order: str | None) -> PrintedDate | None:
    """The date of three numbers: the year first or last, the rest by the mark, the size or the order."""
    if len(a) == 4:
        return _year_first(int(a), int(b), int(c))
    if len(c) not in (2, 4) or len(c) == 3:
        return None
    year = int(c) if len(c) == 4 else int(c) + (2000 if int(c) < 70 else 1900)
    if len(c) == 2 and mark != "." and order not in ("dmy", "mdy"):
        return None
    first, second = int(a), int(b)
    day_first, month_first = real_day(year, second, first), real_day(year, first, second)
    if mark == "." or order == "dmy" or month_first is None:
        chosen = day_first or month_first
    elif order == "mdy" or day_first is None or day_first == month_first:
        chosen = month_first
    else:
        return PrintedDate("year", year, None, ambiguous=True)
    return printed_day(chosen) if chosen else None


# Matches the end of: "Mon, ", "on Tuesday ", "Thurs. ".  Not: "month ", "a Sunday paper ".
_WEEKDAY = re.compile(
    r"\b(mon|tue|wed|thu|fri|sat|sun)(?:day|s|sday|nesday|rs?|rsday|urday)?[.,]?\s*(?:[-–|]\s)?$", re.IGNORECASE
)
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def _on_weekday(before: str, first: int, second: int, unsure: PrintedDate) -> PrintedDate:
    """The one of the two days that is the weekday printed before them; as unsure as it was where neither or both are.

    Only English leaves the order open, so only its weekdays are asked.
    """
    printed = _WEEKDAY.search(before)
    days = (real_day(unsure.year, second, first), real_day(unsure.year, first, second))
    fitting = [day for day in days if day and printed and _WEEKDAYS[day.weekday()] == printed[1].lower()]
    return printed_day(fitting[0]) if len(fitting) == 1 else unsure


def _year_first(year: int, month: int, day: int) -> PrintedDate | None:
    if 1300 <= year <= 1499:
        solar = solar_hijri(year, month, day)
        return replace(printed_day(solar), calendar="solar hijri") if solar else None
    found = real_day(year, month, day)
    return printed_day(found) if found else None


def find_offset(reading: Reading) -> Reading:
    """The reading with the offset, in numbers or as a zone that has a fixed one."""
    if reading.offset_minutes is not None:
        return reading
    match = _OFFSET.search(reading.rest)
    if match:
        sign = -1 if (match["s"] or match["s2"]) in "-−" else 1
        minutes = int(match["h"] or match["h2"]) * 60 + int(match["m"] or match["m2"] or 0)
        if minutes > 14 * 60:
            return reading
        return replace(reading, rest=_consume(reading, match), offset_minutes=sign * minutes)
    for token in TOKEN.finditer(reading.rest):
        minutes_east = date_words().zones.get(token[0])
        if minutes_east is not None and len(token[0]) > 1:
            return Reading(_consume(reading, token), reading.date, reading.clock, minutes_east)
    return reading


def real_day(year: int, month: int, day: int) -> dt.date | None:
    """The day of these numbers; None where the calendar has none such.

    >>> real_day(2024, 2, 29), real_day(2023, 2, 29)
    (datetime.date(2024, 2, 29), None)
    """
    if not (1 <= year <= 9999 and 1 <= month <= 12 and 1 <= day <= 31):
        return None
    if day > 28 and (dt.date(year, month, 28) + dt.timedelta(days=day - 28)).month != month:
        return None
    return dt.date(year, month, day)


def printed_day(day: dt.date) -> PrintedDate:
    """A day as a date that was printed so."""
    return PrintedDate("day", day.year, day.month, day)


def _clock(hour: str | None, minute: str | None, second: str | None, half: str | None) -> dt.time | None:
    if hour is None or minute is None:
        return None
    hours, minutes, seconds = int(hour), int(minute), min(int(second or 0), 59)
    if half and 1 <= hours <= 12:
        hours = hours % 12 + (12 if half in "Pp" else 0)
    return dt.time(hours, minutes, seconds) if hours < 24 and minutes < 60 else None


def _offset(zone: str | None) -> int | None:
    if zone is None:
        return None
    if zone in ("Z", "UTC", "GMT"):
        return 0
    digits = zone[1:].replace(":", "").ljust(4, "0")
    minutes = int(digits[:2]) * 60 + int(digits[2:])
    return (-minutes if zone[0] in "-−" else minutes) if minutes <= 14 * 60 else None

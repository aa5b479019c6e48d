"""Days of other calendars as days of the Gregorian one."""

from __future__ import annotations

import datetime as dt

# Length of the leap-year cycles of the Iranian calendar; the years in which the pattern breaks.
# Source: K. M. Borkowski, "The Persian calendar for 3000 years", Earth, Moon and Planets 74 (1996).
_BREAKS = (-61, 9, 38, 199, 426, 686, 756, 818, 1111, 1181, 1210, 1635, 2060, 2097, 2192, 2262, 2324, 2394, 2456, 3178)


def solar_hijri(year: int, month: int, day: int) -> dt.date | None:
    """The Gregorian day of a day of the Iranian calendar, or None where there is no such day.

    >>> solar_hijri(1403, 6, 11)
    datetime.date(2024, 9, 1)
    """
    if not (1200 <= year <= 1599 and 1 <= month <= 12 and 1 <= day <= (31 if month <= 6 else 30)):
        return None
    days = (month - 1) * 31 - max(0, month - 7) + day - 1
    return _first_of_farvardin(year) + dt.timedelta(days=days)


def _first_of_farvardin(year: int) -> dt.date:
    """The Gregorian day on which a year of the Iranian calendar begins."""
    leaps, before, jump = -14, _BREAKS[0], 0
    for bound in _BREAKS[1:]:
        jump = bound - before
        if year < bound:
            break
        leaps += jump // 33 * 8 + jump % 33 // 4
        before = bound
    into = year - before
    leaps += into // 33 * 8 + (into % 33 + 3) // 4
    if jump % 33 == 4 and jump - into == 4:
        leaps += 1
    gregorian = year + 621
    gregorian_leaps = gregorian // 4 - (gregorian // 100 + 1) * 3 // 4 - 150
    return dt.date(gregorian, 3, 20 + leaps - gregorian_leaps)


# First year of each era, less one. Source: the Japanese era law's table of eras.
_ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925}


def era_year(era: str, number: str) -> int | None:
    """The Gregorian year of a year of a Japanese era (元 is the first), or None.

    >>> era_year("令和", "6"), era_year("平成", "元")
    (2024, 1989)
    """
    start = _ERAS.get(era)
    if start is None:
        return None
    return start + (1 if number == "元" else int(number))

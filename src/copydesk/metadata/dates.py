"""Days and instants out of printed and structured dates, in the languages of the press.

The rule is never to fill in: a date without a day has no day, a time without a zone gives no instant, and
03/04/2024 is no day until the outlet or the language says which number is the month. The local day is the
one that is printed: "2024-09-01T23:00:00-04:00" is the first of September, though in UTC it's the second.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from functools import lru_cache

from copydesk.metadata.date_forms import (
    TOKEN,
    PrintedDate,
    Reading,
    find_clock,
    find_east_asian,
    find_iso,
    find_numeric,
    find_offset,
)
from copydesk.metadata.month_names import find_month, is_filler
from copydesk.metadata.words import date_words, fold_word

MAX_DATE_CHARS = 200
"""A longer string is no date. Real ones reach 90 characters ("Published ... Updated ...")."""


EARLIEST_YEAR = 1800
"""Years before it are refused: no outlet of this kind is older, and `0001-01-01` is a default of software."""


_DIGITS = {ord(c): str(i % 10) for i, c in enumerate("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹०१२३४५६७८९０１２３４５６７８９")}


# Matches: "14 minute read", "5 min read", "Lesezeit: 3 Minuten", "Temps de lecture 4 min".  Not: "14 minutes later".
READ_TIME = re.compile(
    r"""(?:\b\d{1,3}\s?-?\s?(?:minutes?|mins?\.?|minuten|minutos?|minuti)\s(?:read(?:ing\stime)?|lesezeit|de\slectur[ae]|di\slettura|de\sleitura|leestijd)\b
       |\b(?:lesezeit|reading\stime|read\stime|temps\sde\slecture|tiempo\sde\slectura|tempo\sdi\slettura|tempo\sde\sleitura|leestijd)\s?:?\s?
        (?:ca\.\s)?\d{1,3}\s?(?:minutes?|mins?\.?|minuten|minutos?|minuti)?(?!\w))""",
    re.VERBOSE | re.IGNORECASE,
)


_READ_WORDS = ("read", "lesezeit", "lectur", "lettura", "leitura", "leestijd")
"""One of them stands in every text of ASCII that the pattern takes: it is dear, and dates that hold one are few."""


# Matches a digit of any script: "7", "٧".  Not: "seven".
_DIGIT = re.compile(r"\d")


def may_be_date(text: str) -> bool:
    """Whether a text can hold a date or a read time: it has a digit.

    >>> may_be_date("March 5"), may_be_date("in March")
    (True, False)
    """
    return _DIGIT.search(text) is not None


@lru_cache(maxsize=256)
def parse_date(text: str, *, order: str | None = None) -> PrintedDate | None:
    """The date that the text says, or None. Words beside it don't matter.

    `order` (dmy, mdy, ymd) settles 03/04/2024; without it the result is marked ambiguous.

    >>> parse_date("2024-09-01T02:00:00-04:00").at.isoformat()
    '2024-09-01T06:00:00+00:00'
    >>> parse_date("1er mars 2024").day, parse_date("March 2024").precision
    (datetime.date(2024, 3, 1), 'month')
    >>> parse_date("03/04/2024").day is None, parse_date("03/04/2024", order="mdy").day
    (True, datetime.date(2024, 3, 4))
    """
    if len(text) > MAX_DATE_CHARS or not _DIGIT.search(text):
        return None
    return _read(text, order)[0]


def parse_epoch(text: str) -> PrintedDate | None:
    """The instant of a count of seconds (10 digits) or milliseconds (13) since 1970, or None.

    >>> parse_epoch("1725170400000").text
    '2024-09-01T06:00:00+00:00'
    """
    if not (text.isascii() and text.isdigit() and len(text) in (10, 13)):
        return None
    seconds = int(text) / (1000 if len(text) == 13 else 1)
    at = dt.datetime.fromtimestamp(int(seconds), tz=dt.UTC)
    return PrintedDate("instant", at.year, at.month, at.date(), at)


@lru_cache(maxsize=512)
def is_date_only(text: str) -> bool:
    """Whether the line says a date, a read time or both, and nothing else.

    >>> is_date_only("14 minute read Published 2:00 AM EDT, Sun September 1, 2024")
    True
    >>> is_date_only("On September 1, 2024, prices rose.")
    False
    """
    if len(text) > MAX_DATE_CHARS or not _DIGIT.search(text) or _says_more(text):
        return False
    rest = without_read_time(text, " ")
    published, modified = split_modified(rest)
    date, words = _read(published or modified, None)
    if published and modified:
        words = words + _read(modified, None)[1]
    return (date is not None or rest != text) and all(map(is_filler, words))


def without_read_time(text: str, instead: str = "") -> str:
    """The text without the time that it takes to read.

    >>> without_read_time("14 minute read | March 5")
    ' | March 5'
    """
    lower = text.lower()
    if text.isascii() and not any(word in lower for word in _READ_WORDS):
        return text
    return READ_TIME.sub(instead, text)


_BESIDE = frozenset(
    [
        "lesezeit",
        "minute",
        "minutes",
        "minuten",
        "minutos",
        "minuti",
        "reading",
        "lectura",
        "lecture",
        "lettura",
        "leitura",
        "leestijd",
        "tiempo",
        "tempo",
        "temps",
        "klokken",
    ]
)
"""Longer words of ASCII that clocks and read times hold, beside months and those that date lines are full of."""
LONG_WORD = 5
"""Letters of a word that is none of a zone, an offset or an ISO form."""


def _says_more(text: str) -> bool:
    """Whether a word stands in a text that no date line has: nine headlines in ten are told by it, unread."""
    words = date_words()
    for token in text.split():
        if len(token) >= LONG_WORD and token.isalpha() and token.isascii():
            word = fold_word(token)
            if not (is_filler(token) or word in _BESIDE or word in words.months or word in words.solar_months):
                return True
    return False


# Matches: "mis à jour", "Mise à jour".  Not: "mis en ligne", which is publication.
_MIS_A_JOUR = re.compile(r"mise?\s(?:à|a)\sjour\b", re.IGNORECASE)


@lru_cache(maxsize=256)
def split_modified(text: str) -> tuple[str, str]:
    """The parts of a date line that speak of publication and of the last change.

    >>> split_modified("Published Sept. 1, 2024 | Updated Sept. 2, 2024")
    ('Published Sept. 1, 2024 |', 'Updated Sept. 2, 2024')
    >>> split_modified("Last updated Sept. 2, 2024")
    ('', 'Last updated Sept. 2, 2024')
    """
    words = date_words()
    changed, cut, latest = None, None, None
    for token in TOKEN.finditer(text):
        word = fold_word(token[0])
        if changed is None and (word in words.modified or _MIS_A_JOUR.match(text, token.start())):
            changed = token.start() if latest is None else latest
        elif changed is not None and word in (
            "published",
            "publié",
            "veröffentlicht",
            "publicado",
            "pubblicato",
            "posted",
        ):
            cut = token.start()
            break
        latest = token.start() if word in words.latest else None
    if changed is None:
        return text, ""
    return (text[:changed] + (text[cut:] if cut else "")).strip(), text[changed:cut].strip()


def _read(text: str, order: str | None) -> tuple[PrintedDate | None, list[str]]:
    """The date of a string and the words of it that say none."""
    if not text.isascii():
        text = text.translate(_DIGITS).replace("\u00a0", " ").replace("\u202f", " ")
    reading = find_iso(Reading(text))
    if reading.date is not None and not reading.rest.strip():
        # Nine in ten dates of pages are such: nothing is left in which a clock or an offset could be found.
        return _finish(reading), []
    for find in (find_east_asian, find_clock):
        reading = find(reading)
    if reading.date is None:
        reading = find_numeric(reading, order)
    reading = find_offset(reading)
    left = reading.rest
    if reading.date is None:
        reading, words = find_month(reading)
    else:
        words = TOKEN.findall(left)
    return _finish(reading), words


def _finish(reading: Reading) -> PrintedDate | None:
    """The date with its clock: an instant where the offset is known, else a minute without zone."""
    date = reading.date
    if date is None:
        return None if reading.rest.strip().isdigit() is False else _lone_year(reading.rest)
    if date.day is None or reading.clock is None:
        return date
    if reading.offset_minutes is None or not 2 <= date.year <= 9998:
        return replace(date, precision="minute")
    local = dt.datetime.combine(date.day, reading.clock, dt.UTC)
    at = local - dt.timedelta(minutes=reading.offset_minutes) if reading.offset_minutes else local
    return PrintedDate("instant", date.year, date.month, date.day, at, date.ambiguous, date.calendar)


# Matches: "2024-09", "2024".  Not: "2024-13-01", "24".
_YEAR_MONTH = re.compile(r"\s*(?P<y>[12]\d{3})(?:[-/](?P<m>0[1-9]|1[0-2]))?\s*\Z")


def _lone_year(text: str) -> PrintedDate | None:
    match = _YEAR_MONTH.match(text)
    return PrintedDate("year", int(match["y"])) if match else None


def parse_partial(text: str) -> PrintedDate | None:
    """The month or year that a structured value says, or None.

    >>> parse_partial("2024-09").text
    '2024-09'
    """
    match = _YEAR_MONTH.match(text) if len(text) < 20 else None
    if not match:
        return None
    if match["m"]:
        return PrintedDate("month", int(match["y"]), int(match["m"]))
    return PrintedDate("year", int(match["y"]))

"""Dates that head the entries of a diary, a timeline, letters: days of the story, and none that of publication."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from copydesk.metadata.date_forms import TOKEN
from copydesk.metadata.dates import may_be_date, parse_date
from copydesk.metadata.head_lines import read_line
from copydesk.metadata.words import date_words, fold_word

MAX_DATE_CHARS = 40
"""A date with its weekday and a place before it. Longer lines say when a page was made."""
LABEL_CHARS = 4
"""Words such as "on" and "le" stand in dates of every kind; from so many characters on they say what a date is of."""
STOPS = (".", "!", "?", "”", "»", '"', "…", "。")


def heads_entry(text: str, below: Sequence[str]) -> bool:
    """Whether a lone date heads an entry: text stands right below it, and further down a later date does so.

    The day of publication is no earlier than the days that a story tells of, and what follows on other dates below
    an article are headlines and names.

    >>> below = ["The council votes for a bridge.", "June 20, 2013", "The steel comes to the wrong river."]
    >>> heads_entry("March 4, 2011", below), heads_entry("March 4, 2019", below), heads_entry("March 4, 2011", [])
    (True, False, False)
    """
    day = _bare_day(text)
    if day is None or not below or not _is_text(below[0]):
        return False
    later = (_bare_day(line) for line, after in pairwise(below[1:]) if _is_text(after))
    return any(other is not None and other > day for other in later)


def _is_text(line: str) -> bool:
    return line.rstrip().endswith(STOPS)


def _bare_day(text: str) -> str | None:
    """The day of a line that says a date and not what it is the date of, in ISO form."""
    if len(text) > MAX_DATE_CHARS or ":" in text or not may_be_date(text):
        return None
    parts = read_line(text)
    date = parse_date(parts[0].text) if len(parts) == 1 and parts[0].label == "date" else None
    words = date_words()
    labels = {word for token in TOKEN.findall(text) if len(word := fold_word(token)) >= LABEL_CHARS}
    if date is None or date.day is None or not labels.isdisjoint((*words.published, *words.modified)):
        return None
    return date.text

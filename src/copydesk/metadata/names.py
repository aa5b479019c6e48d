"""Names of persons out of bylines: the grammar of prefix, names, roles, places and outlets.

Better no author than a wrong one: a part that is not plainly a name is kept as something else
(outlet, agency, desk, role, place) or as unknown, never as an author.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from copydesk.metadata.byline_parts import Parts, read_segment
from copydesk.metadata.outlets import looks_like_outlet
from copydesk.metadata.prefixes import strip_prefix
from copydesk.metadata.words import byline_words, date_words, fold_word

MAX_BYLINE_CHARS = 400
"""A longer byline is a paragraph. Twelve reporters with their cities took 370 characters."""


@dataclass(frozen=True, slots=True)
class Byline:
    """A byline taken apart. `unknown` holds the parts that are nothing we know, `others` persons credited with
    something else than writing ("Reviewed by Max Moor").
    """

    persons: tuple[str, ...] = ()
    outlet: str | None = None
    groups: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    prefixed: bool = False
    others: tuple[str, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether every part of the line is something a byline is made of."""
        return not self.unknown and bool(self.persons or self.groups or self.roles)


# Matches: "jane.roe@courier.example", "@janeroe", "https://courier.example/jane".  Not: "Jane Roe".
_CONTACT = re.compile(
    r"\(?\b[\w.+-]{1,64}@[\w-]{1,63}\.[\w.-]{1,63}\)?|\(?(?<!\w)@\w{1,40}\)?|\bhttps?://\S{1,300}|\bwww\.\S{1,300}"
)


# Matches: "(CNN)", "[Kabul]".  Not: an open bracket without its end.
_BRACKETS = re.compile(r"[(\[（]([^()\[\]（）]{0,80})[)\]）]")


# Matches a name with another one in brackets within: "Jana (Janka) Roth".
# Not: "Jane Roe (CNN)", "Jane (CNN) and Max Roe".
_NICKNAME = re.compile(r"\A([^\W\d_]{2,30})\s\([^()\s]{1,20}\)\s(?=[^\W\d_][\w'’-]{1,30}\Z)")


# Matches between names: ", ", " | ", " · ", "、", " – ", " / ".  Not: the hyphen of "Anne-Marie".
_MARK = re.compile(r"\s*[,;|•·،؛、，：\n\t]\s*|\s+[/–—―-]+\s+|\s*／\s*|(?<=\w\w)/(?=\w\w)")


# Matches: "Updated 3 hours ago", "5 min read".  Not: "Jane Roe 3rd".
_TIME_TALK = re.compile(
    r"\b(?:\d+\s?(?:minutes?|hours?|days?|mins?|hrs?|min)|updated|published|posted|last modified)\b.*$", re.IGNORECASE
)


@lru_cache(maxsize=512)
def parse_byline(text: str) -> Byline:
    """The parts of a byline.

    >>> parse_byline("By Peter Bergen, CNN").persons, parse_byline("By Peter Bergen, CNN").outlet
    (('Peter Bergen',), 'CNN')
    >>> parse_byline("BY LYNNE O'DONNELL AND ALI NAZARY").persons
    ("Lynne O'Donnell", 'Ali Nazary')
    >>> parse_byline("By the time the police arrived").complete
    False
    """
    if len(text) > MAX_BYLINE_CHARS:
        return Byline(unknown=(text[:MAX_BYLINE_CHARS],))
    rest = strip_prefix(text)
    if _is_picture_credit(rest, text):
        return Byline(unknown=(text,))
    line = rest if rest is not None else text
    if "@" in line or "http" in line or "www." in line:
        line = _CONTACT.sub(" ", line)
    line = _without_date(_TIME_TALK.sub("", line))
    if "(" in line or "[" in line or "（" in line:
        line = _BRACKETS.sub(r" | \1 ", _NICKNAME.sub(r"\1 ", line))
    parts = Parts()
    marks = list(_MARK.finditer(line))
    at = 0
    for mark in [*marks, None]:
        read_segment(line[at : mark.start() if mark else None], parts)
        if mark and "," not in mark[0]:
            parts.after_role = False
        at = mark.end() if mark else at
    if len(marks) == 1 and "," in marks[0][0]:
        _take_back_outlet(line[at:].strip(" ."), parts)
    return Byline(tuple(dict.fromkeys(parts.persons)), parts.outlet, tuple(parts.groups), tuple(parts.roles),
                  tuple(parts.unknown), rest is not None, tuple(parts.others))  # fmt: skip


def _is_picture_credit(rest: str | None, text: str) -> bool:
    """Whether a line begins with where a picture or a post is from: "Instagram, Jane Roe, Courier"."""
    return rest is None and fold_word(_MARK.split(text, maxsplit=1)[0]) in byline_words().platforms


def _take_back_outlet(last: str, parts: Parts) -> None:
    """Makes an outlet of the last name of `Jane Roe, Ground Report`: two persons would be joined by "and"."""
    if len(parts.persons) > 1 and parts.persons[-1] == last and looks_like_outlet(last, weak=True):
        parts.groups.append(parts.persons.pop())
        parts.outlet = parts.outlet or last


def _without_date(line: str) -> str:
    """The line up to the first number, as no name has one, and without the day's words before it."""
    if not any(c.isdigit() for c in line):
        return line
    words = line.split()
    end = next((i for i, w in enumerate(words) if any(c.isdigit() for c in w)), len(words))
    while end and _is_of_date(words[end - 1]):
        end -= 1
    return " ".join(words[:end])


def _is_of_date(word: str) -> bool:
    folded, dates = fold_word(word.strip(",")), date_words()
    return (
        folded in dates.weekdays
        or folded in dates.months
        or folded in ("on", "am", "le", "el", "il", "op", "|", "•", "-", "")
    )

"""Names of persons out of bylines: the grammar of prefix, names, roles, places and outlets.

Better no author than a wrong one: a part that is not plainly a name is kept as something else
(outlet, agency, desk, role, place) or as unknown, never as an author.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from copydesk.metadata.outlets import Outlet, find_outlet, looks_like_outlet
from copydesk.metadata.persons import is_common_name, is_person, tidy_name, unspaced
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


@cache
def _prefix() -> re.Pattern[str]:
    """The pattern of byline prefixes; spaced scripts need a space or a colon behind, Han and kana a mark."""
    spaced = [re.escape(p) for p in byline_words().prefixes if not unspaced(p)]
    glued = [re.escape(p) for p in byline_words().prefixes if unspaced(p)]
    return re.compile(
        rf"(?:(?:{'|'.join(spaced)})(?:\s?[:：]\s?|\s+)|(?:{'|'.join(glued)})(?:\s?[:：／/・]\s?|\s+))", re.IGNORECASE
    )


PREFIX_MARKS = ("", *":：／/・", *filter(str.isspace, map(chr, range(0x3001))))
"""What may stand behind a byline's prefix: nothing at a line's end, a mark, white space."""


@cache
def prefix_starts() -> frozenset[str]:
    """The first two letters of each prefix (all of a shorter one): most lines are told from bylines by theirs."""
    return frozenset(prefix[:2].casefold() for prefix in byline_words().prefixes)


def has_prefix_start(line: str) -> bool:
    """Whether a line may begin with a byline's prefix, by its first two letters.

    >>> has_prefix_start("Byron Roe"), has_prefix_start("Jane Roe")
    (True, False)
    """
    starts = prefix_starts()
    return line[:2].casefold() in starts or line[:1] in starts


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


# Matches before a place or outlet: " in Kabul", " for Foreign Policy", " aus Kabul".  Not: "Robin".
_TAIL = re.compile(
    r"\s+(?:in|for|at|of|from|near|aus|für|à|pour|voor|te|desde|para|da|для|в)\s+(?=[^\W\d_a-z])(.{1,80})$"
)


# Matches: "Updated 3 hours ago", "5 min read".  Not: "Jane Roe 3rd".
_TIME_TALK = re.compile(
    r"\b(?:\d+\s?(?:minutes?|hours?|days?|mins?|hrs?|min)|updated|published|posted|last modified)\b.*$", re.IGNORECASE
)


def strip_prefix(text: str) -> str | None:
    """The line behind its byline prefix, or None where it has none.

    >>> strip_prefix("Written by Jane Roe"), strip_prefix("Byron Roe"), strip_prefix("Von Jana Roth")
    ('Jane Roe', None, 'Jana Roth')
    """
    if not has_prefix_start(text):
        return None
    match = _prefix().match(text)
    return text[match.end() :].strip() if match and match.end() < len(text) else None


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
    parts = _Parts()
    marks = list(_MARK.finditer(line))
    at = 0
    for mark in [*marks, None]:
        _read_segment(line[at : mark.start() if mark else None], parts)
        if mark and "," not in mark[0]:
            parts.after_role = False
        at = mark.end() if mark else at
    if len(marks) == 1 and "," in marks[0][0]:
        _take_back_outlet(line[at:].strip(" ."), parts)
    return Byline(tuple(dict.fromkeys(parts.persons)), parts.outlet, tuple(parts.groups), tuple(parts.roles),
                  tuple(parts.unknown), rest is not None, tuple(parts.others))  # fmt: skip


# Matches: "CNN's ", "Courier’s ".  Not: "O'Donnell".
_POSSESSIVE = re.compile(r"^[^\W\d_]{2,30}['’]s\s+")


class _Parts:
    """What has been found of a byline so far."""

    __slots__ = (
        "after_credit",
        "after_role",
        "groups",
        "mixed_case",
        "others",
        "outlet",
        "persons",
        "roles",
        "unknown",
    )

    def __init__(self) -> None:
        self.persons: list[str] = []
        self.groups: list[str] = []
        self.roles: list[str] = []
        self.unknown: list[str] = []
        self.others: list[str] = []
        self.outlet: str | None = None
        self.after_role = False
        self.after_credit = False
        self.mixed_case = False


def _is_picture_credit(rest: str | None, text: str) -> bool:
    """Whether a line begins with where a picture or a post is from: "Instagram, Jane Roe, Courier"."""
    return rest is None and fold_word(_MARK.split(text, maxsplit=1)[0]) in byline_words().platforms


def _take_back_outlet(last: str, parts: _Parts) -> None:
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


def _read_segment(segment: str, parts: _Parts) -> None:
    """One comma-free part: an outlet as a whole, else names joined by `and`."""
    segment = _POSSESSIVE.sub("", segment.strip(" :\u200f\u200e"))
    if not segment:
        return
    if _read_other_credit(segment.lstrip(". "), parts) or _read_outlet(segment, parts):
        return
    first = segment.casefold().split(maxsplit=1)[:1]
    if parts.after_role and first and first[0] not in byline_words().conjunctions:
        parts.roles.append(segment)
        return
    tail = _TAIL.search(segment)
    if tail and tail.start() and not is_person(segment):
        outlet = find_outlet(tail[1])
        if outlet and parts.outlet is None:
            parts.outlet = outlet.name
        segment = segment[: tail.start()].strip()
    for piece in _split_conjunctions(segment):
        _read_piece(piece, parts)


def _read_other_credit(segment: str, parts: _Parts) -> bool:
    """Takes what somebody else did ("Reviewed by Max Moor", or the name behind a "Reviewed by" of its own)."""
    known, folded = byline_words().other_credits, segment.casefold()
    credit = next(c for c in known if folded.startswith(c)) if folded.startswith(known) else None
    if credit is None and not parts.after_credit:
        return False
    name = segment[len(credit or "") :].strip(" :.")
    parts.after_credit = credit is not None and not name
    parts.roles.append(segment)
    parts.others.extend(tidy_name(piece) for piece in _split_conjunctions(name) if piece)
    return True


def _split_conjunctions(segment: str) -> list[str]:
    pieces: list[list[str]] = [[]]
    tokens = segment.split()
    conjunctions = byline_words().conjunctions
    for at, token in enumerate(tokens):
        word = token.casefold()
        joins = word in conjunctions and (len(word) > 1 or word == "&" or not token.isupper())
        # "y" and "e" join the surnames of one person as well: two names on each side are two persons.
        if joins and word in ("y", "e", "i") and not (at >= 2 and len(tokens) - at > 2):
            joins = False
        if joins and pieces[-1]:
            pieces.append([])
        elif not joins:
            pieces[-1].append(token)
    return [" ".join(p) for p in pieces if p]


def _read_piece(piece: str, parts: _Parts) -> None:
    if _read_group(piece, parts):
        return
    words = byline_words()
    tokens = piece.split()
    folded = [fold_word(t) for t in tokens]
    if len(tokens) == 1 and folded[0] in words.kept_suffixes and parts.persons:
        parts.persons[-1] += f", {piece}" if piece.casefold().startswith(("jr", "sr")) else f" {piece}"
    elif all(f in words.dropped_suffixes for f in folded):
        parts.roles.append(piece)
    elif any(f in words.roles or f.rpartition("-")[2] in words.roles for f in folded):
        _read_role(piece, tokens, folded, parts)
    elif is_person(piece):
        # Beside a name in small letters, capitals are a station's: "David Stein, MDR THÜRINGEN".
        if piece.isupper() and parts.mixed_case:
            parts.groups.append(piece)
        else:
            parts.persons.append(tidy_name(piece))
            parts.mixed_case = parts.mixed_case or not piece.isupper()
    elif len(tokens) == 1 and (parts.persons or parts.groups) and tokens[0][0].isupper():
        parts.roles.append(piece)
    else:
        parts.unknown.append(piece)


def _read_group(piece: str, parts: _Parts) -> bool:
    """Takes an outlet, an agency, a desk or a place; False where the piece is none of them."""
    if _read_outlet(piece, parts):
        return True
    words = byline_words()
    if fold_word(piece) in words.places:
        parts.roles.append(piece)
        return True
    tokens = [fold_word(t) for t in piece.split()]
    if any(t in words.desks or t in words.organisations for t in tokens) and not any(
        t in words.roles - words.desks for t in tokens
    ):
        parts.groups.append(piece)
        return True
    return False


def _read_outlet(piece: str, parts: _Parts) -> bool:
    """Takes an outlet or an agency; False where the piece is neither."""
    words = byline_words()
    folded = fold_word(piece)
    outlet = find_outlet(piece)
    agency = folded in words.agencies
    # A single common word ("Time", "Index") is an outlet only behind a name.
    if outlet and (agency or " " in piece or piece.isupper() or parts.persons or not parts.unknown):
        if agency and parts.outlet is None and not parts.persons:
            parts.groups.append(piece)
        elif parts.outlet is None:
            parts.outlet = outlet.name
            parts.groups.append(piece)
        return True
    if agency:
        parts.groups.append(piece)
        return True
    return _read_unknown_outlet(piece, parts)


def _read_unknown_outlet(piece: str, parts: _Parts) -> bool:
    """Takes a name that has the form of a paper's name and stands behind a person's."""
    if fold_word(piece) in byline_words().places:
        return False
    behind_name = (
        bool(parts.persons)
        and (
            looks_like_outlet(piece, weak=" " in piece and not is_person(piece))
            or _has_article(piece)
            or _is_firm(piece)
        )
        and piece[-1] not in ".!?"
    )
    if not behind_name or len(piece) > 50:
        return False
    parts.groups.append(piece)
    if parts.outlet is None:
        parts.outlet = piece
    return True


def _is_firm(piece: str) -> bool:
    """Whether a name is of two words that an ampersand joins, and that aren't two given names: "Capital & Freight"."""
    sides = [side.strip() for side in piece.split(" & ")]
    words = len(sides) == 2 and all(side[:1].isupper() and " " not in side for side in sides)
    return words and not all(map(is_common_name, sides))


def _has_article(piece: str) -> bool:
    first, _, rest = piece.partition(" ")
    return first.casefold() in byline_words().articles and first[0].isupper() and rest[:1].isupper()


def _read_role(piece: str, tokens: list[str], folded: list[str], parts: _Parts) -> None:
    """A role, with the name that may follow it: `Political Editor Paul Stone`."""
    words = byline_words()
    last = max(i for i, f in enumerate(folded) if f in words.roles or f.rpartition("-")[2] in words.roles)
    name = " ".join(tokens[last + 1 :])
    if name and is_person(name):
        parts.persons.append(tidy_name(name))
    else:
        parts.roles.append(piece)
        # What follows a role behind a comma is where it is held: "Jane Roe, director, Stone Van Lines".
        parts.after_role = bool(parts.persons)


def outlet_in(byline: Byline) -> Outlet | None:
    """The outlet that the byline names, with what the registry knows of it, or None."""
    if byline.outlet is None:
        return None
    return find_outlet(byline.outlet) or Outlet(byline.outlet, None)

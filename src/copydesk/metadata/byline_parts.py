"""The parts of a byline, one after the other: outlets, names joined by "and", roles, places, agencies and desks.

What a part is depends on those before it: an unknown paper's name counts only behind a person's.
"""

from __future__ import annotations

import re

from copydesk.metadata.outlets import find_outlet, looks_like_outlet
from copydesk.metadata.persons import is_common_name, is_person, tidy_name, unspaced
from copydesk.metadata.words import byline_words, fold_word

# Matches before a place or outlet: " in Kabul", " for Foreign Policy", " aus Kabul".  Not: "Robin".
_TAIL = re.compile(
    r"\s+(?:in|for|at|of|from|near|aus|für|à|pour|voor|te|desde|para|da|для|в)\s+(?=[^\W\d_a-z])(.{1,80})$"
)


# Matches: "CNN's ", "Courier’s ".  Not: "O'Donnell".
_POSSESSIVE = re.compile(r"^[^\W\d_]{2,30}['’]s\s+")


class Parts:
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


def read_segment(segment: str, parts: Parts) -> None:
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


def goes_on(text: str) -> bool:
    """Whether a line that names a desk or an institution goes on with a verb, as sentences do.

    >>> goes_on("By noon the newsroom was empty"), goes_on("By the editors of the Courier")
    (True, False)
    """
    words = byline_words()
    tokens = text.split()
    folded = [fold_word(token) for token in tokens]
    named = words.desks | words.organisations | words.roles
    at = next((at for at, word in enumerate(folded) if word in named), len(tokens))
    known = named | words.behind_desks | words.particles | words.articles | words.conjunctions
    return any(
        token[:1].islower() and word not in known
        for token, word in zip(tokens[at + 1 :], folded[at + 1 :], strict=True)
    )


def _read_other_credit(segment: str, parts: Parts) -> bool:
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


def _read_piece(piece: str, parts: Parts) -> None:
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


def _read_group(piece: str, parts: Parts) -> bool:
    """Takes an outlet, an agency, a desk or a place; False where the piece is none of them."""
    if _read_outlet(piece, parts):
        return True
    words = byline_words()
    if fold_word(piece) in words.places:
        parts.roles.append(piece)
        return True
    tokens = [fold_word(t) for t in piece.split()]
    if any(t in words.desks or t in words.organisations for t in tokens) and not any(
        t in words.roles and t not in words.desks for t in tokens
    ):
        parts.groups.append(piece)
        return True
    return False


def _read_outlet(piece: str, parts: Parts) -> bool:
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


def _read_unknown_outlet(piece: str, parts: Parts) -> bool:
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


def _read_role(piece: str, tokens: list[str], folded: list[str], parts: Parts) -> None:
    """A role, with the name that may follow it: `Political Editor Paul Stone`; in Korean it precedes: `김민수 기자`."""
    words = byline_words()
    last = max(i for i, f in enumerate(folded) if f in words.roles or f.rpartition("-")[2] in words.roles)
    name = " ".join(tokens[last + 1 :])
    if not name and unspaced(tokens[0]):
        name = " ".join(tokens[:last])
    if name and is_person(name):
        parts.persons.append(tidy_name(name))
    else:
        parts.roles.append(piece)
        # What follows a role behind a comma is where it is held: "Jane Roe, director, Stone Van Lines".
        parts.after_role = bool(parts.persons)

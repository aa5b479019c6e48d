"""What a line must hold for a pattern to take it: looked for before the pattern is searched.

To look for a dozen short texts in a line takes a microsecond, to search a pattern of many alternatives ten to
sixty. What is needed is read off the pattern as Python's own parser understands it, so that nobody has to say it a
second time; where nothing can be said, the pattern is always searched.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from re import _compiler, _constants, _parser  # type: ignore[attr-defined]  # there is no public parser of patterns
from typing import Any, cast

SMALL_TO_SOME = "\u017f\u0131\u0130\u212a"
"""Letters beyond ASCII that a pattern takes for one of ASCII where case doesn't matter."""

WIDTHLESS = (_constants.AT, _constants.ASSERT, _constants.ASSERT_NOT)
REPEATS = (_constants.MAX_REPEAT, _constants.MIN_REPEAT, _constants.POSSESSIVE_REPEAT)


ANY_CASE = int(re.IGNORECASE)
"""As a number: the parser and the compiler look at their flags for each letter of a pattern, which takes ten times as
long where these are members of an enumeration (`re.compile` makes a number of them, too)."""

Tree = Any
"""A pattern as Python's own parser understands it."""


def parse(pattern: str) -> Tree:
    """The pattern, for letters of either case, parsed: that takes half of the time to compile it."""
    return _parser.parse(pattern, ANY_CASE)


def compile_parsed(tree: Tree) -> re.Pattern[str]:
    r"""The pattern that was parsed, compiled; it doesn't know any more how it was written.

    >>> compile_parsed(parse(r"^sign up\b")).match("Sign up here") is not None
    True
    """
    return cast("re.Pattern[str]", _compiler.compile(tree, ANY_CASE))


def needles(patterns: Iterable[Tree]) -> frozenset[str]:
    r"""Texts of which at least one stands, in lower case, in every line that one of the patterns takes.

    Empty where a pattern needs none that can be told.

    >>> sorted(needles(map(parse, [r"^sign up\b.{1,9}@", r"\b(?:our|your) inbox(?:es)?\b"])))
    [' inbox', 'sign up']
    """
    found = [_needed(pattern) for pattern in patterns]
    return frozenset().union(*found) if all(found) else frozenset()


def openings(patterns: Iterable[Tree]) -> frozenset[str]:
    r"""The characters, in lower case, with one of which each line of ASCII begins that one of the patterns takes, all
    of them bound to a line's start.

    Empty where that can't be told.

    >>> sorted(openings(map(parse, [r"^sign up\b", r"^\[?(?:Our|your) inbox"])))
    ['[', 'o', 's', 'y']
    """
    found = [_openings_of(pattern) for pattern in patterns]
    return frozenset() if None in found or frozenset() in found else frozenset().union(*filter(None, found))


def _openings_of(parts: Iterable[tuple[Any, Any]]) -> frozenset[str] | None:
    """What a sequence can begin with; None if it can be empty, or that can't be told."""
    found: frozenset[str] = frozenset()
    for kind, value in parts:
        if kind in WIDTHLESS:
            continue
        if kind in REPEATS:
            first, may_be_left_out = _openings_of(value[2]), value[0] == 0
        else:
            first, may_be_left_out = _openings_by(kind, value), False
        if first is None:
            return None
        found |= first
        if not may_be_left_out:
            return found
    return None


def _openings_by(kind: Any, value: Any) -> frozenset[str] | None:
    """What one part can begin with that isn't repeated."""
    if kind is _constants.LITERAL:
        return None if chr(value) in SMALL_TO_SOME else frozenset(chr(value).lower()[:1])
    if kind is _constants.SUBPATTERN:
        return _openings_of(value[3])
    if kind is _constants.IN:
        return _union(_openings_by(*item) for item in value)
    if kind is _constants.BRANCH:
        return _union(map(_openings_of, value[1]))
    return None


def _union(parts: Iterable[frozenset[str] | None]) -> frozenset[str] | None:
    every = list(parts)
    return None if None in every else frozenset().union(*filter(None, every))


def may_take(needed: frozenset[str], line: str, lower: str) -> bool:
    """Whether a pattern that needs these texts can take a line; `lower` is the line in lower case."""
    if not needed or True in map(lower.__contains__, needed):
        return True
    return not line.isascii() and any(letter in line for letter in SMALL_TO_SOME)


def _needed(parts: Iterable[tuple[Any, Any]]) -> frozenset[str]:
    """Of all that the parts of a sequence need, the choice whose shortest text is longest: it is the rarest."""
    choices: list[frozenset[str]] = []
    run = ""
    for kind, value in parts:
        if kind is _constants.LITERAL and value < 0x80:
            run += chr(value).lower()
            continue
        choices += [frozenset({run}), _needed_by(kind, value)]
        run = ""
    choices.append(frozenset({run}))
    return max((choice - {""} for choice in choices if "" not in choice), key=_rarity, default=frozenset())


def _rarity(choice: frozenset[str]) -> tuple[int, int]:
    return min(map(len, choice), default=0), -len(choice)


def _needed_by(kind: Any, value: Any) -> frozenset[str]:
    """What one part needs that isn't a character."""
    if kind is _constants.SUBPATTERN:
        return _needed(value[3])
    if kind is _constants.ATOMIC_GROUP:
        return _needed(value)
    if kind in REPEATS and value[0] > 0:
        return _needed(value[2])
    if kind is _constants.BRANCH:
        branches = [_needed(branch) for branch in value[1]]
        return frozenset().union(*branches) if all(branches) else frozenset()
    return frozenset()

"""The patterns of a rule, compiled when a line first asks for them, each with what a line needs before it is tried.

To try all patterns of a rule takes one microsecond to some hundred, and hardly any line is taken. So of those that
begin with known characters only some are tried, by how a line begins; any other one where the line holds a text that it
needs.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from copydesk.boilerplate.needles import Tree, compile_parsed, may_take, needles, openings, parse


@dataclass(frozen=True, slots=True)
class Starts:
    """Patterns that are bound to a line's start, by the characters, in lower case, with which they can begin."""

    patterns: tuple[re.Pattern[str], ...]
    by_opening: Mapping[str, tuple[re.Pattern[str], ...]]

    def beginning(self, opening: str) -> tuple[re.Pattern[str], ...]:
        """Those that may take a line that begins with this character, in lower case: of ten lines nine have none."""
        return self.by_opening.get(opening, ()) if opening.isascii() else self.patterns


@dataclass(frozen=True, slots=True)
class Search:
    """A pattern that may stand anywhere, or is bound to a line's start and may begin with anything; and the texts of
    which a line has to hold one, empty where nothing is needed.
    """

    pattern: re.Pattern[str]
    bound: bool
    needed: frozenset[str]

    def takes(self, line: str, lower: str) -> bool:
        """Whether it takes a line."""
        if not may_take(self.needed, line, lower):
            return False
        return (self.pattern.match(line) if self.bound else self.pattern.search(line)) is not None


@dataclass(frozen=True, slots=True)
class Patterns:
    """All patterns of a rule. `needed` are the texts of which a line has to hold one for any of the searches."""

    starts: Starts
    searches: tuple[Search, ...]
    needed: frozenset[str]

    def may_begin(self, opening: str) -> bool:
        """Whether one may take a line of which the first character behind marks and blanks is this, in lower case."""
        return bool(self.searches or self.starts.beginning(opening))

    def may_begin_with_mark(self) -> bool:
        """Whether one may take a line that begins with neither a letter nor a digit."""
        return bool(self.searches) or not all(map(str.isalnum, self.starts.by_opening))

    def takes(self, line: str, lower: str) -> bool:
        """Whether one takes a line; `lower` is the line in lower case."""
        for pattern in self.starts.beginning(lower[:1]):
            if pattern.match(line):
                return True
        if not self.searches or not may_take(self.needed, line, lower):
            return False
        return any(search.takes(line, lower) for search in self.searches)


def compile_patterns(patterns: Sequence[str]) -> Patterns:
    r"""These patterns compiled: for the whole table it takes a third of a second.

    >>> found = compile_patterns((r"^sign up\b", r"^\w+ your inbox\b", r"\bour app\b"))
    >>> sorted(found.starts.by_opening), sorted(found.needed)
    (['s'], [' your inbox', 'our app'])
    >>> found.takes("Check your inbox", "check your inbox")
    True
    """
    trees = [(parse(pattern), pattern.startswith("^")) for pattern in patterns]
    known = [(tree, openings([tree]) if bound else frozenset()) for tree, bound in trees]
    others = [tree_bound for tree_bound, (_, begin) in zip(trees, known, strict=True) if not begin]
    searches = tuple(Search(compile_parsed(tree), bound, needles([tree])) for tree, bound in others)
    return Patterns(_starts([one for one in known if one[1]]), searches, needles(tree for tree, _ in others))


def _starts(known: list[tuple[Tree, frozenset[str]]]) -> Starts:
    """Patterns with the characters with which they can begin."""
    patterns = [(compile_parsed(tree), begin) for tree, begin in known]
    by_opening = {
        opening: tuple(pattern for pattern, begin in patterns if opening in begin)
        for opening in frozenset().union(*(begin for _, begin in known))
    }
    return Starts(tuple(pattern for pattern, _ in patterns), by_opening)

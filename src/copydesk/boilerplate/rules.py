"""Furniture by kind: the rows of `data/furniture.toml`, and which of them a line is.

A line is looked at twice. First its words are held against the words that the rules for lines of its length
need (one set operation for all rules together), and only where one is there the rule's patterns are searched. On
real articles nineteen lines in twenty end with the first look.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from itertools import chain
from typing import Any

from copydesk.boilerplate.folding import EDGE_BLANKS, fold_line, word_lists
from copydesk.boilerplate.patterns import Patterns, compile_patterns

MAX_LINE_CHARS = 1_100
"""No rule looks at a longer line. The longest furniture seen (a flattened sign-up box) has 900 characters."""

HEAD_LINES, FOOT_LINES = 3, 6
"""Lines at the start and at the end of a text that are its edge."""

EDGE_WORDS = 4
LAST_WORDS = 2
"""Words at a line's start and end that are held against `edge_words`: common ones ("more", "support") that say
something only there."""


@dataclass(frozen=True)
class Rule:
    """One row of the table: what it is, where it may stand, what it says. Without slots: what it compiles it keeps."""

    name: str
    version: int
    kind: str
    label: str
    field: str | None
    language: str
    where: str
    max_words: int
    words: frozenset[str]
    edge_words: frozenset[str]
    patterns: tuple[str, ...]
    positive: str
    near_miss: str
    origin: str

    @property
    def id(self) -> str:
        """Name and version, as they stand in a decision."""
        return f"{self.name}/{self.version}"

    @cached_property
    def compiled(self) -> Patterns:
        """Its patterns, compiled when they are first asked for."""
        return compile_patterns(self.patterns)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a line stands among the kept lines of its article, from 0."""

    position: int
    count: int

    def within(self, where: str) -> bool:
        """Whether a rule for `where` may look here."""
        from_foot = self.count - 1 - self.position
        return where == "any" or from_foot < FOOT_LINES or (where == "edge" and self.position < HEAD_LINES)


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(files("copydesk.data").joinpath("furniture.toml").read_text(encoding="utf-8"))


@cache
def load_rules() -> tuple[Rule, ...]:
    """All rows of the table, in its order: the first that matches decides."""
    return tuple(_rule(row) for row in _table()["rule"])


@cache
def _reporting() -> tuple[frozenset[str], frozenset[bytes]]:
    """Kinds of furniture that repeat nobody's words, and the verbs with which reports do, as they stand in lines."""
    table = _table()["reporting"]
    return frozenset(table["kinds"]), frozenset(_first_words(frozenset(table["words"])))


def _rule(row: dict[str, Any]) -> Rule:
    return Rule(
        name=row["name"],
        version=row["version"],
        kind=row["kind"],
        label=row["label"],
        field=row.get("field"),
        language=row["language"],
        where=row.get("where", "any"),
        max_words=row["max_words"],
        words=frozenset(row["words"]),
        edge_words=frozenset(row.get("edge_words", ())),
        patterns=tuple(row["patterns"]),
        positive=row["positive"],
        near_miss=row["near_miss"],
        origin=row["origin"],
    )


@cache
def _longest() -> int:
    """The words of the longest line that a rule looks at."""
    return max(rule.max_words for rule in load_rules())


Index = tuple[Mapping[bytes, tuple[int, ...]], frozenset[bytes]]
"""Positions of rules by the words they need, and all those words."""


@cache
def _rules_by_word(count: int) -> tuple[Index, Index]:
    """The rules for lines of so many words: by words that may stand anywhere, and by words of a line's edge."""
    return _index_for(min((rule.max_words for rule in load_rules() if rule.max_words >= count), default=count))


@cache
def _index_for(least: int) -> tuple[Index, Index]:
    """As `_rules_by_word`, of the rules for lines of `least` words and more: there are few such numbers."""
    rules = [(i, words) for i, (rule, words) in enumerate(zip(load_rules(), needed_words(), strict=True))
             if rule.max_words >= least]  # fmt: skip
    return _index((i, anywhere) for i, (anywhere, _) in rules), _index((i, edge) for i, (_, edge) in rules)


@cache
def needed_words() -> tuple[tuple[list[bytes], list[bytes]], ...]:
    """The words that each rule needs as they stand in lines: those anywhere, and those of a line's edge."""
    return tuple((_first_words(rule.words), _first_words(rule.edge_words)) for rule in load_rules())


def _first_words(needed: frozenset[str]) -> list[bytes]:
    return [parts[0] for parts in word_lists(sorted(needed))]


def _index(rows: Iterable[tuple[int, list[bytes]]]) -> Index:
    by_word: dict[bytes, list[int]] = {}
    for position, words in rows:
        for word in words:
            by_word.setdefault(word, []).append(position)
    return {word: tuple(rules) for word, rules in by_word.items()}, frozenset(by_word)


def compile_rules() -> None:
    """Nothing: all patterns of the table are compiled, and all words looked up, for the processes that are forked from
    this one. Where lines ask for them one by one, each process takes a quarter of a second.
    """
    for rule in load_rules():
        rule.compiled  # noqa: B018
    for count in range(_longest() + 1):
        _rules_by_word(count)


def match_rule(text: str, place: Place) -> Rule | None:
    """The rule that takes this line, or None: it is no furniture that we know.

    >>> match_rule("Read more: The port without ships", Place(3, 12)).id
    'read-more/3'
    >>> match_rule("Read more slowly, she said, and the page will answer.", Place(3, 12)) is None
    True
    """
    [words] = word_lists([text])
    return first_match(rules_for(text, words, place), text)


def rules_for(text: str, words: list[bytes], place: Place) -> list[Rule]:
    """The rules that may take a line, by its length, its words, its beginning and its place, in the order of the table.

    `words` are the line's, as `word_lists` gives them.
    """
    if len(words) > _longest() or len(text) > MAX_LINE_CHARS:
        return []
    (by_word, known), (by_edge, known_edge) = _rules_by_word(len(words))
    found = known.intersection(words)
    at_edge = known_edge.intersection(words[:EDGE_WORDS] + words[-LAST_WORDS:])
    if not found and not at_edge and "©" not in text:
        return []
    signs = by_word.get("©".encode(), ()) if "©" in text else ()
    positions = {*chain(*map(by_word.__getitem__, found), *map(by_edge.__getitem__, at_edge)), *signs}
    opening = text.lstrip(EDGE_BLANKS)[:1].lower()
    rules = map(load_rules().__getitem__, sorted(positions))
    return [rule for rule in rules if place.within(rule.where) and rule.compiled.may_begin(opening)]


def first_match(rules: Iterable[Rule], text: str) -> Rule | None:
    """The first of these rules that takes a line, or None; they are asked for no more than the line's text."""
    line = fold_line(text)
    lower = line.lower()
    return next((rule for rule in rules if rule.compiled.takes(line, lower) and not _reports(rule, line)), None)


def _reports(rule: Rule, line: str) -> bool:
    """Whether a line that this rule takes tells what somebody said, and so asks nothing of its reader."""
    kinds, words = _reporting()
    return rule.kind in kinds and not words.isdisjoint(word_lists([line])[0])


def headline_like(text: str) -> bool:
    """Whether a line reads like a headline: 3 to 22 words, no stop at the end, a capital or a mark at the start.

    >>> headline_like("Port frozen for a third week"), headline_like("The port is frozen.")
    (True, False)
    """
    line = text.strip()
    # The end first: nearly all lines are told by it.
    if line.endswith((".", ":", ",", ";", ".”", '."')) or not 3 <= len(line.split()) <= 22:
        return False
    return not line[0].islower() and not line.split(".", 1)[0].isdigit()

"""Furniture by kind: the rows of `data/furniture.toml`, and which of them a line is.

A line is looked at twice. First its words are held against the words that a rule needs (one set operation
for all rules together), and only where one is there the rule's patterns are searched. On real articles
nineteen lines in twenty end with the first look.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

MAX_LINE_CHARS = 1_100
"""No rule looks at a longer line. The longest furniture seen (a flattened sign-up box) has 900 characters."""

FOLD = (
    ("’", "'"),
    ("‘", "'"),
    ("“", '"'),
    ("”", '"'),
    ("\u00a0", " "),
    ("\u202f", " "),
    ("\u2009", " "),
    ("\u200b", ""),
    ("\ufeff", ""),
)
"""What is folded before a line is matched: a rule is written once, not per kind of quote and space. Nine
`replace` cost a tenth of one `translate`."""

EDGE_MARKS = " *•⦁●▪■◆►▶»·–—-_[(|"
"""Marks that stand before furniture and say nothing: bullets, dashes, an opening bracket."""

WORD_BYTES = bytes(b if chr(b).isalnum() and b < 128 else 32 for b in range(256))
"""Bytes to bytes for the first look: ASCII letters and digits stay, all else parts words. Working on bytes
costs a fifth of a regular expression; a word with an accent is known by its part before the accent."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of the table: what it is, where it may stand, what it says."""

    name: str
    version: int
    kind: str
    label: str
    field: str | None
    language: str
    where: str
    max_words: int
    words: frozenset[str]
    start: re.Pattern[str] | None
    anywhere: re.Pattern[str] | None
    positive: str
    near_miss: str
    origin: str

    @property
    def id(self) -> str:
        """Name and version, as they stand in a decision."""
        return f"{self.name}/{self.version}"

    def takes(self, line: str) -> bool:
        """Whether a folded line is furniture of this kind."""
        if self.start is not None and self.start.match(line):
            return True
        return self.anywhere is not None and self.anywhere.search(line) is not None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a line stands among the kept lines of its article, from 0."""

    position: int
    count: int

    def within(self, where: str) -> bool:
        """Whether a rule for `where` may look here."""
        from_foot = self.count - 1 - self.position
        return where == "any" or from_foot < 6 or (where == "edge" and self.position < 3)


@cache
def load_rules() -> tuple[Rule, ...]:
    """All rows of the table, in its order: the first that matches decides."""
    table = tomllib.loads(files("copydesk.data").joinpath("furniture.toml").read_text(encoding="utf-8"))
    return tuple(_rule(row) for row in table["rule"])


def _rule(row: dict[str, Any]) -> Rule:
    patterns: list[str] = row["patterns"]
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
        start=_either(p for p in patterns if p.startswith("^")),
        anywhere=_either(p for p in patterns if not p.startswith("^")),
        positive=row["positive"],
        near_miss=row["near_miss"],
        origin=row["origin"],
    )


def _either(patterns: Iterable[str]) -> re.Pattern[str] | None:
    """One pattern for all; None for none. Those bound to the line's start are kept apart: `match` is cheap."""
    joined = "|".join(f"(?:{pattern})" for pattern in patterns)
    return re.compile(joined, re.IGNORECASE) if joined else None


def first_words(text: str) -> list[bytes]:
    """The words of a text for the first look, as lower-case bytes.

    >>> first_words("Sign up: Café")
    [b'sign', b'up', b'caf']
    """
    return text.lower().encode("utf-8", "replace").translate(WORD_BYTES).split()


@cache
def _rules_by_word() -> dict[bytes, tuple[int, ...]]:
    by_word: dict[bytes, list[int]] = {}
    for position, rule in enumerate(load_rules()):
        for word in rule.words:
            by_word.setdefault((first_words(word) or [b"c"])[0], []).append(position)
    return {word: tuple(rules) for word, rules in by_word.items()}


@cache
def _all_words() -> frozenset[bytes]:
    return frozenset(_rules_by_word())


def fold_line(text: str) -> str:
    """The line as rules see it: straight quotes, single spaces, no bullet or bracket at the edges.

    >>> fold_line("(\u00a0Sign up for POLITICO’s tip sheet)")
    "Sign up for POLITICO's tip sheet"
    """
    if not text.isascii():
        for old, new in FOLD:
            text = text.replace(old, new)
    line = " ".join(text.split()).lstrip(EDGE_MARKS)
    return line.rstrip(" *]|") if line.count("(") >= line.count(")") else line.rstrip(" *])|")


def match_rule(text: str, place: Place) -> Rule | None:
    """The rule that takes this line, or None: it is no furniture that we know.

    >>> match_rule("Read more: The port without ships", Place(3, 12)).id
    'read-more/1'
    >>> match_rule("Read more slowly, she said, and the page will answer.", Place(3, 12)) is None
    True
    """
    if len(text) > MAX_LINE_CHARS:
        return None
    words = first_words(text)
    found = _all_words().intersection(words)
    if "©" in text:
        found |= {b"c"}
    if not found:
        return None
    by_word = _rules_by_word()
    rules = load_rules()
    line = ""
    for position in sorted({position for word in found for position in by_word[word]}):
        rule = rules[position]
        if len(words) > rule.max_words or not place.within(rule.where):
            continue
        line = line or fold_line(text)
        if rule.takes(line):
            return rule
    return None


def headline_like(text: str) -> bool:
    """Whether a line reads like a headline: 3 to 22 words, no stop at the end, a capital or a mark at the start.

    >>> headline_like("Port frozen for a third week"), headline_like("The port is frozen.")
    (True, False)
    """
    line = text.strip()
    if not 3 <= len(line.split()) <= 22:
        return False
    numbered = line.split(".", 1)[0].isdigit()
    return not line.endswith((".", ":", ",", ";", ".”", '."')) and not line[0].islower() and not numbered

"""What the attributes of an element say it is for: one bit per mark of data/extraction_marks.toml."""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Mapping
from importlib import resources

ATTRIBUTES = ("class", "id", "itemprop", "role", "data-testid", "data-component", "data-type", "data-block")
"""The attributes in which sites name the purpose of an element."""

TELLING_CLASSES = ("byline", "author", "autor", "writer", "date", "time", "publish", "posted")
"""One of these stands in each class by whose words the metadata stage knows a visible byline or date."""

MAX_NAME_CHARS = 400
"""Names beyond it are not read: utility classes fill kilobytes and say nothing about purpose."""

PART_START = 4
"""Characters of a part that are looked up before the parts are tried one by one; no part is shorter."""

# Splits glued names at a change from lower to upper case.
# matches: "yB" in "articleStoryBody"; does not match: "story-body"
CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")

# The words of a name.
# matches: "story" and "body" in "story-body__2"; does not match: "__2"
WORD = re.compile(r"[a-z]+[0-9]?")


@functools.cache
def mark_bits() -> dict[str, int]:
    """The bit of each mark, by name, in the order of the data file.

    >>> mark_bits()["article"]
    1
    """
    return {name: 1 << place for place, name in enumerate(_tables())}


def read_marks(name: str) -> int:
    """The marks in one attribute value, as bits; 0 where it says nothing.

    >>> read_marks("c-article-body") == mark_bits()["article"] | mark_bits()["text"]
    True
    >>> read_marks("")
    0
    """
    marks = 0
    for token in name[:MAX_NAME_CHARS].split():
        marks |= _token_marks(token)
    return marks


# Token by token, because sites combine the same classes in ever new ways: whole names were mostly new.
@functools.lru_cache(maxsize=65_536)
def _token_marks(token: str) -> int:
    words, parts, starts = _lookup()
    marks = 0
    lower = token.lower()
    for word in WORD.findall(lower if lower == token else CAMEL.sub("-", token).lower()):
        marks |= words.get(word, 0)
    if not starts.isdisjoint([lower[i : i + PART_START] for i in range(len(lower) - PART_START + 1)]):
        for part, bit in parts:
            if part in lower:
                marks |= bit
    return marks


def element_name(attributes: Mapping[str, str | None]) -> str:
    """The attributes that name a purpose, joined; "" without any."""
    return " ".join([value for key in ATTRIBUTES if (value := attributes.get(key))])


@functools.cache
def _tables() -> dict[str, dict[str, list[str]]]:
    text = resources.files("copydesk.data").joinpath("extraction_marks.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@functools.cache
def _lookup() -> tuple[dict[str, int], tuple[tuple[str, int], ...], frozenset[str]]:
    """The bits of each word and of each part, and how the parts start."""
    words, parts = mark_words()
    return words, tuple(parts.items()), frozenset(part[:PART_START] for part in parts)


@functools.cache
def mark_words() -> tuple[dict[str, int], dict[str, int]]:
    """The bits of each word, and of each part of a word."""
    words: dict[str, int] = {}
    parts: dict[str, int] = {}
    for name, table in _tables().items():
        for word in table["words"]:
            words[word] = words.get(word, 0) | mark_bits()[name]
        for part in table["parts"]:
            parts[part] = parts.get(part, 0) | mark_bits()[name]
    return words, parts

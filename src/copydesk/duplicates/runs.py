"""The runs of a text in an open hash table, so that a run of another text is found in it at once.

Written for the compiler, as `align` is.
"""

from __future__ import annotations

from typing import Any


def table_size(words: int) -> int:
    """How large the hash table of a text's runs must be: a power of two, at most half full.

    >>> table_size(3), table_size(100)
    (64, 256)
    """
    size = 64
    while size < 2 * words:
        size *= 2
    return size


def enter(grams: Any, table: Any, following: Any, firsts: Any) -> None:
    """Enters runs into an open hash table, each distinct run by its first place.

    `following` chains its places, `firsts` gives the first one for each.
    """
    size = len(table)
    for slot in range(size):
        table[slot] = -1
    for place in range(len(grams) - 1, -1, -1):
        slot = grams[place] & (size - 1)
        while table[slot] >= 0 and grams[table[slot]] != grams[place]:
            slot = (slot + 1) & (size - 1)
        following[place] = table[slot]
        firsts[place] = place
        table[slot] = place
    for place in range(len(grams)):
        if following[place] >= 0:
            firsts[following[place]] = firsts[place]


def mark_common(grams: Any, counts: Any, limit: int, common: Any) -> None:
    """Marks the runs that are common in the corpus: their slot of `counts` is above the limit."""
    mask = len(counts) - 1
    for place in range(len(grams)):
        common[place] = 1 if counts[grams[place] & mask] > limit else 0


def count_distinct(grams: Any, firsts: Any, common: Any) -> Any:
    """The distinct runs of an entered text, and those of them that aren't common."""
    distinct, rare = 0, 0
    for place in range(len(grams)):
        if firsts[place] == place:
            distinct += 1
            rare += 1 - common[place]
    return distinct, rare


def find(gram: Any, grams: Any, table: Any) -> Any:
    """The first place of a run in the text whose runs the table holds, or -1."""
    size = len(table)
    slot = gram & (size - 1)
    while table[slot] >= 0:
        if grams[table[slot]] == gram:
            return table[slot]
        slot = (slot + 1) & (size - 1)
    return -1

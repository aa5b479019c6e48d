"""The tables that the compiled walk looks names up in: tags, attributes, and the words and parts of class names.

Names are found by their FNV-1a hash (64 bits) in tables with open addressing. No two names of a table have the same
hash; that a foreign name has the hash of one of them is less likely than a broken memory chip.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from copydesk.article import BlockKind
from copydesk.extraction.marks import ATTRIBUTES, PART_START, TELLING_CLASSES, mark_words
from copydesk.extraction.tags import (
    BLOCK,
    FRESH_KIND,
    KIND_CODES,
    KINDS,
    RAW_TEXT,
    ROLES,
    SENTENCE_END,
    TAG_CODES,
    UNSCANNED,
    VOID,
)

FNV_OFFSET, FNV_PRIME = 0xCBF29CE484222325, 0x100000001B3
TABLE_SIZE = 2048
"""Places of each table: four times the largest, so that a name not in it is known at the first look."""

START_MIX, START_SHIFT = np.uint32(0x9E3779B1), np.uint32(21)
"""A start's place in its table: the highest bits of its product with a number that mixes well (Knuth, TAOCP 6.4)."""

ROLE, CODE, KIND, IS_FRESH, IS_VOID, IS_RAW, IS_UNSCANNED = range(7)
"""The columns of `ScanTables.tags`."""

CLASS = ATTRIBUTES.index("class")
HIDDEN, STYLE, TYPE = len(ATTRIBUTES), len(ATTRIBUTES) + 1, len(ATTRIBUTES) + 2
"""The codes of attributes that name nothing (but the first); those that do have their place in ATTRIBUTES."""

NO_KIND = -1


@dataclass(frozen=True, slots=True)
class ScanTables:
    """Keys (uint64; 0 = free) and what belongs to them, place by place.

    `tags`: int32, shape (places + 1, 7); the last row is that of a tag in no table. `attributes`: the attribute's code.
    `class_starts`: the first four letters of TELLING_CLASSES, packed, each in its only place.
    `words`: the bits of the marks. `starts`: the first characters of parts, packed (`pack_start`), with the first part
    that has them; `parts`: the rest of each, as (begin in `part_codes`, end, bits, the same start again).
    """

    tag_keys: NDArray[np.uint64]
    tags: NDArray[np.int32]
    attribute_keys: NDArray[np.uint64]
    attributes: NDArray[np.int64]
    word_keys: NDArray[np.uint64]
    words: NDArray[np.int64]
    start_keys: NDArray[np.uint32]
    starts: NDArray[np.int64]
    parts: NDArray[np.int64]
    part_codes: NDArray[np.uint32]
    sentence_end: NDArray[np.uint32]
    class_starts: NDArray[np.uint32]


def fnv(name: str) -> int:
    """The FNV-1a hash of a name's code points, never 0.

    >>> hex(fnv("a"))
    '0xaf63dc4c8601ec8c'
    """
    value = FNV_OFFSET
    for char in name:
        value = ((value ^ ord(char)) * FNV_PRIME) & 0xFFFFFFFFFFFFFFFF
    return value or 1


def pack_start(start: str) -> int:
    """The four ASCII characters that a part begins with as one number, the first in the lowest byte.

    >>> hex(pack_start("abcd"))
    '0x64636261'
    """
    return int.from_bytes(start.encode("ascii"), "little")


@functools.cache
def scan_tables() -> ScanTables:
    """The tables, made once per process."""
    tag_keys, tag_places = _table(
        ROLES.keys() | KINDS.keys() | TAG_CODES.keys() | FRESH_KIND | VOID | RAW_TEXT | UNSCANNED
    )
    tags = np.tile(np.array(_tag_row("-unknown"), dtype=np.int32), (TABLE_SIZE + 1, 1))
    for name, place in tag_places.items():
        tags[place] = _tag_row(name)
    attribute_keys, attributes = _values({name: c for c, name in enumerate((*ATTRIBUTES, "hidden", "style", "type"))})
    words, parts = mark_words()
    word_keys, word_bits = _values(words)
    start_keys, starts, part_rows, part_codes = _part_table(parts)
    return ScanTables(
        tag_keys, tags, attribute_keys, attributes, word_keys, word_bits, start_keys, starts, part_rows, part_codes,
        np.array([ord(char) for char in SENTENCE_END], dtype=np.uint32), _class_starts(),
    )  # fmt: skip


def _class_starts() -> NDArray[np.uint32]:
    keys = np.zeros(TABLE_SIZE, dtype=np.uint32)
    for packed in {pack_start(word[:PART_START]) for word in TELLING_CLASSES}:
        keys[_start_place(packed)] = packed
    return keys


def _start_place(packed: int) -> int:
    return (packed * int(START_MIX) & 0xFFFFFFFF) >> int(START_SHIFT)


def _tag_row(name: str) -> tuple[int, ...]:
    kind = KINDS.get(name)
    return (
        ROLES.get(name, BLOCK), TAG_CODES.get(name, 0), NO_KIND if kind is None else KIND_CODES[BlockKind(kind)],
        name in FRESH_KIND, name in VOID, name in RAW_TEXT, name in UNSCANNED,
    )  # fmt: skip


def _table(names: Iterable[str]) -> tuple[NDArray[np.uint64], dict[str, int]]:
    """The keys of a table with these names, and the place of each."""
    keys, places = np.zeros(TABLE_SIZE, dtype=np.uint64), {}
    for name in sorted(names):
        place = fnv(name) & (TABLE_SIZE - 1)
        while keys[place]:
            place = (place + 1) & (TABLE_SIZE - 1)
        keys[place] = fnv(name)
        places[name] = place
    return keys, places


def _values(values: Mapping[str, int]) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    keys, places = _table(values)
    row = np.zeros(TABLE_SIZE, dtype=np.int64)
    for name, place in places.items():
        row[place] = values[name]
    return keys, row


def _part_table(
    parts: Mapping[str, int],
) -> tuple[NDArray[np.uint32], NDArray[np.int64], NDArray[np.int64], NDArray[np.uint32]]:
    ordered = sorted(parts)
    keys, places = np.zeros(TABLE_SIZE, dtype=np.uint32), {}
    for start in sorted({part[:PART_START] for part in ordered}):
        packed = pack_start(start)
        place = _start_place(packed)
        while keys[place]:
            place = (place + 1) & (TABLE_SIZE - 1)
        keys[place], places[start] = packed, place
    starts = np.full(TABLE_SIZE, -1, dtype=np.int64)
    rows: list[tuple[int, int, int, int]] = []
    codes: list[int] = []
    for row, part in enumerate(ordered):
        follows = row > 0 and ordered[row - 1][:PART_START] == part[:PART_START]
        if not follows:
            starts[places[part[:PART_START]]] = row
        begin = len(codes)
        codes.extend(map(ord, part[PART_START:]))
        rows.append((begin, len(codes), parts[part], follows))
    return keys, starts, np.array(rows, dtype=np.int64), np.array(codes, dtype=np.uint32)

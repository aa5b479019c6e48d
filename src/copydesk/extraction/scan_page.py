"""A parsed page → its segments, through the compiled walk."""

from __future__ import annotations

import html
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from selectolax.lexbor import LexborNode

from copydesk.extraction import text_scan as slots
from copydesk.extraction.marks import mark_bits
from copydesk.extraction.scan import MAX_NAMES, scan
from copydesk.extraction.scan_tables import scan_tables
from copydesk.extraction.segments import Segments, read_codes
from copydesk.extraction.walk import walk

SHORTEST_TAG = 3
"""Bytes of `<p>`. A tag opens at most one element and ends at most one segment."""

SHORT = 1 << 20
"""Bytes up to which the tags of a page aren't counted before they are read: address space is cheaper than a count.
The arrays that such a page was read into serve the next one: to give them back and to ask for them anew took a
twentieth of all time."""


@dataclass(frozen=True, slots=True)
class _Sheet:
    """What a page of so many bytes and tags is read into; see `scan`."""

    bytes: int
    tags: int
    elements: NDArray[np.int32]
    segments: NDArray[np.int32]
    marks: NDArray[np.int64]
    name_starts: NDArray[np.int64]
    codes: NDArray[np.uint32]
    name_codes: NDArray[np.uint32]
    scripts: NDArray[np.int64]
    classes: NDArray[np.int64]
    open_names: NDArray[np.uint64]
    open_roles: NDArray[np.int32]
    spans: NDArray[np.int64]


def _new_sheet(size: int, tags: int) -> _Sheet:
    # What isn't used of the arrays is never touched.
    return _Sheet(
        size, tags, np.empty((tags, 5), np.int32), np.empty((tags, 7), np.int32), np.empty(tags, np.int64),
        np.empty(tags, np.int64), np.empty(size + 1, np.uint32), np.empty(size + 1, np.uint32),
        np.empty((tags, 2), np.int64), np.empty((tags, 2), np.int64), np.empty(tags, np.uint64),
        np.empty(tags, np.int32), np.empty((MAX_NAMES, 2), np.int64),
    )  # fmt: skip


_SPARE: list[_Sheet] = []
"""At most one sheet for a short page, which whoever reads a page takes out."""


def _take_sheet(serialised: bytes) -> _Sheet:
    if len(serialised) > SHORT:
        return _new_sheet(len(serialised), serialised.count(b"<") + 2)
    try:
        return _SPARE.pop()
    except IndexError:
        return _new_sheet(SHORT, SHORT // SHORTEST_TAG + 2)


def scan_page(root: LexborNode, *, noscript: bool = False) -> Segments:
    """The segments under a node, in the order of the page; none if it has no text. The same as `walk` gives."""
    serialised = (root.html or "").encode("utf-8")
    data = np.frombuffer(serialised, dtype=np.uint8)
    eights = np.frombuffer(serialised, dtype=np.uint64, count=len(data) // 8)
    tables, sheet = scan_tables(), _take_sheet(serialised)
    state = np.zeros(slots.SLOTS, dtype=np.int64)
    scan(
        data, eights, noscript, tables.tag_keys, tables.tags, tables.attribute_keys, tables.attributes,
        (tables.word_keys, tables.words, tables.start_keys, tables.starts, tables.parts, tables.part_codes,
         mark_bits()["hidden"]),
        tables.sentence_end, tables.class_starts, sheet.elements, sheet.marks, sheet.name_starts, sheet.name_codes,
        sheet.segments, sheet.codes, sheet.scripts, sheet.classes, sheet.open_names, sheet.open_roles,
        sheet.spans, state,
    )  # fmt: skip
    segments = None if state[slots.UNSCANNED] else _copy_used(sheet, state, serialised)
    if sheet.bytes == SHORT and not _SPARE:
        _SPARE.append(sheet)
    return walk(root, noscript=noscript) if segments is None else segments


def _copy_used(sheet: _Sheet, state: NDArray[np.int64], serialised: bytes) -> Segments:
    """What was found, in arrays of its own."""
    count, total = int(state[slots.ELEMENTS]), int(state[slots.SEGMENTS])
    columns, rows = sheet.elements[:count].T.copy(), sheet.segments[:total].T.copy()
    sheet.name_starts[count] = state[slots.NAME_POS]
    starts = np.append(rows[0], state[slots.POS]).astype(np.int64)
    text_codes = sheet.codes[: state[slots.POS]].copy()
    joined, places = read_codes(text_codes), starts.tolist()
    classes = {serialised[begin:end] for begin, end in sheet.classes[: state[slots.CLASSES]].tolist()}
    return Segments(
        parents=columns[0],
        ends=columns[1],
        tags=columns[2],
        kinds=columns[3],
        marks=sheet.marks[:count].copy(),
        images=columns[4],
        name_codes=sheet.name_codes[: state[slots.NAME_POS]].copy(),
        name_starts=sheet.name_starts[: count + 1].copy(),
        texts=tuple([joined[begin:end] for begin, end in pairwise(places)]),
        text_codes=text_codes,
        text_starts=starts,
        elements=rows[1],
        link_chars=rows[2],
        links=rows[3],
        bold_chars=rows[4],
        italic_chars=rows[5],
        starts_linked=rows[6],
        json_ld=tuple(serialised[begin:end].decode() for begin, end in sheet.scripts[: state[slots.SCRIPTS]].tolist()),
        classes=frozenset(map(html.unescape, map(bytes.decode, classes))),
    )

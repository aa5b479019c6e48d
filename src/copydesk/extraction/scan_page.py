"""A parsed page → its segments, through the compiled walk."""

from __future__ import annotations

import numpy as np
from selectolax.lexbor import LexborNode

from copydesk.extraction import text_scan as slots
from copydesk.extraction.marks import mark_bits
from copydesk.extraction.scan import scan
from copydesk.extraction.scan_tables import scan_tables
from copydesk.extraction.segments import Segments, read_codes
from copydesk.extraction.walk import walk

SHORT = 1 << 20
"""Bytes up to which the tags of a page aren't counted before they are read: address space is cheaper than a count."""

SHORTEST_TAG = 3
"""Bytes of `<p>`. A tag opens at most one element and ends at most one segment."""


def scan_page(root: LexborNode, *, noscript: bool = False) -> Segments:
    """The segments under a node, in the order of the page; none if it has no text. The same as `walk` gives."""
    serialised = (root.html or "").encode("utf-8")
    data = np.frombuffer(serialised, dtype=np.uint8)
    eights = np.frombuffer(serialised, dtype=np.uint64, count=len(data) // 8)
    tables = scan_tables()
    # What isn't used of the arrays is never touched.
    most = (len(data) // SHORTEST_TAG if len(data) < SHORT else serialised.count(b"<")) + 2
    elements, segments = np.empty((most, 5), dtype=np.int32), np.empty((most, 7), dtype=np.int32)
    marks, name_starts = np.empty(most, dtype=np.int64), np.empty(most, dtype=np.int64)
    codes, name_codes = (np.empty(len(data) + 1, dtype=np.uint32) for _ in range(2))
    scripts, state = np.empty((most, 2), dtype=np.int64), np.zeros(slots.SLOTS, dtype=np.int64)
    scan(
        data, eights, noscript, tables.tag_keys, tables.tags, tables.attribute_keys, tables.attributes,
        (tables.word_keys, tables.words, tables.start_keys, tables.starts, tables.parts, tables.part_codes,
         mark_bits()["hidden"]),
        tables.sentence_end, elements, marks, name_starts, name_codes, segments, codes, scripts,
        np.empty(most, dtype=np.uint64), np.empty(most, dtype=np.int32), state,
    )  # fmt: skip
    if state[slots.UNSCANNED]:
        return walk(root, noscript=noscript)
    count, total = int(state[slots.ELEMENTS]), int(state[slots.SEGMENTS])
    columns = np.ascontiguousarray(elements[:count].T)
    rows = np.ascontiguousarray(segments[:total].T)
    name_starts[count] = state[slots.NAME_POS]
    starts = np.append(rows[0], state[slots.POS]).astype(np.int64)
    text_codes = codes[: state[slots.POS]].copy()
    joined, places = read_codes(text_codes), starts.tolist()
    return Segments(
        parents=columns[0],
        ends=columns[1],
        tags=columns[2],
        kinds=columns[3],
        marks=marks[:count].copy(),
        images=columns[4],
        name_codes=name_codes[: state[slots.NAME_POS]].copy(),
        name_starts=name_starts[: count + 1].copy(),
        texts=tuple(joined[places[i] : places[i + 1]] for i in range(total)),
        text_codes=text_codes,
        text_starts=starts,
        elements=rows[1],
        link_chars=rows[2],
        links=rows[3],
        bold_chars=rows[4],
        italic_chars=rows[5],
        starts_linked=rows[6],
        json_ld=tuple(serialised[begin:end].decode() for begin, end in scripts[: state[slots.SCRIPTS]].tolist()),
    )

"""What repeats around a segment: cards of other stories, and the headings and links between which it stands.

Pages that tell several stories give each the same markup, so an element with many siblings of the same tag and marks
is a card in a list; an article's own sections have few, or are paragraphs. One compiled pass, as in `feature_rows.py`.
"""

from __future__ import annotations

import numpy as np

from copydesk.extraction.compiled import kernel

CARD_LEVELS = 5
"""How many elements outwards the siblings are counted, from the segment's own."""

CARD_FEATURES = (
    *(f"level{level}_siblings" for level in range(CARD_LEVELS)),
    "card_up", "card_siblings", "card_segments", "card_prose", "card_prose_share", "card_link_share",
    "card_linked_headings", "heading_link_share", "to_heading", "next_heading_tag", "next_heading_link_share",
    "next_heading_text", "since_linked", "to_linked", "prose_since_heading", "section_prose",
)  # fmt: skip
"""The columns written here."""

MIN_SIBLINGS = 3
"""Fewer elements of one kind side by side are no list of cards."""

FAR = 60
"""Distances end here."""


@kernel
def fill_cards(parents, siblings, tags, holders, kinds, shares, counts, prose, linear, column, rows):
    """Write the columns of each segment from `column` on. A segment with four fifths of its text in links is a link."""
    total = len(holders)
    # Per element: segments, prose, characters, characters in links, headings that are links.
    sums = np.zeros((len(parents), 5), dtype=np.float32)
    is_linked = np.zeros(total, dtype=np.bool_)
    for s in range(total):
        is_linked[s] = 5 * shares[s, 0] >= 4 * counts[s, 0]
        e = holders[s]
        sums[e, 0] += 1
        sums[e, 1] += prose[s]
        sums[e, 2] += counts[s, 0]
        sums[e, 3] += shares[s, 0]
        sums[e, 4] += is_linked[s] and kinds[s] == 1
    for e in range(len(parents) - 1, 0, -1):
        for k in range(5):
            sums[parents[e], k] += sums[e, k]
    for s in range(total):
        e = holders[s]
        for level in range(CARD_LEVELS):
            rows[s, column + level] = min(siblings[e], FAR) if e > 0 else -1
            e = parents[e] if e > 0 else e
        x, up = holders[s], 0
        while x > 0 and (siblings[x] < MIN_SIBLINGS or sums[x, 0] < 2):
            x = parents[x]
            up += 1
        c = column + CARD_LEVELS
        if x > 0:
            rows[s, c], rows[s, c + 1], rows[s, c + 2], rows[s, c + 3] = up, siblings[x], sums[x, 0], sums[x, 1]
            rows[s, c + 4] = sums[x, 1] / max(sums[parents[x], 1], np.float32(1.0))
            rows[s, c + 5] = sums[x, 3] / max(sums[x, 2], np.float32(1.0))
            rows[s, c + 6] = sums[x, 4]
        else:
            for k in range(7):
                rows[s, c + k] = -1
    _fill_headings(holders, tags, kinds, shares, counts, prose, is_linked, linear, column + CARD_LEVELS + 7, rows)


@kernel
def _fill_headings(holders, tags, kinds, shares, counts, prose, is_linked, linear, c, rows):  # noqa: C901
    total = len(holders)
    heading, linked, told = -1, -1, np.float32(0.0)
    section = 0
    for s in range(total + 1):
        if s == total or kinds[s] == 1:
            for k in range(section, s):
                rows[k, c + 8] = told
            section, told = s, np.float32(0.0)
        if s == total:
            break
        row = rows[s]
        row[c] = shares[heading, 0] / max(counts[heading, 0], np.float32(1.0)) if heading >= 0 else -1
        row[c + 5] = min(s - linked, FAR) if linked >= 0 else FAR
        row[c + 7] = told
        told += prose[s]
        if kinds[s] == 1:
            heading = s
        if is_linked[s]:
            linked = s
    heading, linked = -1, -1
    for s in range(total - 1, -1, -1):
        row = rows[s]
        if heading >= 0:
            row[c + 1], row[c + 2] = min(heading - s, FAR), tags[holders[heading]]
            row[c + 3] = shares[heading, 0] / max(counts[heading, 0], np.float32(1.0))
            row[c + 4] = linear[heading, 0]
        else:
            row[c + 1], row[c + 2], row[c + 3], row[c + 4] = FAR, -1, -1, 0
        row[c + 6] = min(linked - s, FAR) if linked >= 0 else FAR
        if kinds[s] == 1:
            heading = s
        if is_linked[s]:
            linked = s

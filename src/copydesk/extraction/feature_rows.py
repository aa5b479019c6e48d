"""The rows of the feature matrix, computed in compiled passes over a page's arrays.

`fill_rows` first has computed what the columns share (`page_sums.py`: sums per element, the largest container), then
each group of columns is written for all segments, in the order of `features.FEATURES`. A column that is added there
needs its line here, in the same place, and the weights made anew.
"""

from __future__ import annotations

import numpy as np

from copydesk.extraction.card_rows import CARD_FEATURES, fill_cards
from copydesk.extraction.compiled import kernel
from copydesk.extraction.page_sums import (
    CHARS,
    IMAGES,
    LINK_CHARS,
    LIST_CHARS,
    OWN_PROSE,
    PROSE,
    PROSE_SEGMENTS,
    SEGMENTS,
    find_containers,
    find_prose,
    first_with_tag,
    sum_up,
)
from copydesk.extraction.place_rows import (
    fill_articles,
    fill_headings,
    fill_main,
    fill_order,
    fill_repeats,
    fill_title,
)
from copydesk.extraction.repeats import shared_shingles
from copydesk.extraction.said_words import contains, find_title, table_of

CARDS = len(CARD_FEATURES)

LEVELS = 5
"""How many containers outwards are described, from the segment's own."""

LEAST_OVERLAP = 0.3
"""A heading less like the page's title isn't it; then the first one is taken for it."""

SAID_WORDS = 120
"""Longer segments aren't compared with what the page says of itself."""

MARK_LEVELS = 8
"""So many elements outwards are looked at for marks."""


@kernel
def fill_rows(
    parents, ends, tags, marks, images, holders, kinds, shares, counts, words, word_starts, title_words,
    described_words, in_body, page, linear, plain, headings, article_tag, mark_count, offsets, depths, siblings,
    digests, segment_shapes, rows,
):  # fmt: skip
    """Write each segment's row; `rows` is float32 of shape (segments, FEATURES), all 0.

    `depths`, `siblings`, `digests` and `segment_shapes` are what `outline` writes.
    """
    total, elements = len(holders), len(parents)
    if total == 0:
        return
    prose, containers = np.zeros(total, dtype=np.float32), np.zeros(total, dtype=np.int32)
    sums, direct = np.zeros((elements, 7), dtype=np.float32), np.zeros((elements, 2), dtype=np.float32)
    find_prose(kinds, shares, counts, prose)
    sum_up(parents, images, holders, kinds, shares, counts, prose, sums)
    main = find_containers(parents, tags, holders, plain, prose, containers, direct)
    main_prose = max(direct[main, OWN_PROSE], np.float32(1.0))
    all_prose = max(sums[0, PROSE], np.float32(1.0))
    h1 = first_with_tag(tags, holders, headings[0])
    in_title, titled = table_of(title_words)
    in_description, described = table_of(described_words)
    title_at, overlap = find_title(kinds, tags, holders, headings, words, word_starts, in_title, titled)
    if overlap < LEAST_OVERLAP:
        title_at = h1

    fill_own(parents, tags, holders, kinds, shares, counts, depths, prose, rows)
    fill_covered(words, word_starts, 22, rows)
    fill_levels(parents, tags, containers, sums, direct, main_prose, all_prose, 23, rows)
    place = 23 + 8 * LEVELS
    fill_main(parents, ends, holders, containers, prose, main, place, rows)
    fill_order(prose, containers, direct, h1, all_prose, place + 5, rows)
    fill_headings(tags, ends, holders, containers, kinds, linear, place + 13, rows)
    fill_repeats(digests, segment_shapes, prose, all_prose, place + 17, rows)
    fill_title(parents, ends, holders, containers, title_at, overlap, place + 22, rows)
    fill_articles(parents, tags, holders, sums, article_tag, place + 26, rows)
    fill_page(page, sums, main, main_prose / all_prose, h1, place + 29, rows)
    fill_said(words, word_starts, in_title, titled, in_description, described, in_body, place + 41, rows)
    fill_neighbours(tags, holders, containers, shares, counts, linear, offsets, place + 46, rows)
    scores = place + 46 + 5 * len(offsets)
    rows[:, scores : scores + 3] = linear
    fill_marks(parents, holders, marks, mark_count, scores + 3, rows)
    fill_cards(parents, siblings, tags, holders, kinds, shares, counts, prose, linear, rows.shape[1] - CARDS, rows)


@kernel
def fill_own(parents, tags, holders, kinds, shares, counts, depths, prose, rows):
    """What a segment is by itself: the first 22 columns."""
    for s in range(len(holders)):
        row, e = rows[s], holders[s]
        chars = max(counts[s, 0], np.float32(1.0))
        n_words = max(counts[s, 1], np.float32(0.5))
        row[0] = chars
        row[1] = n_words
        row[2] = min(shares[s, 0] / chars, np.float32(1.0))
        row[3] = shares[s, 1]
        row[4] = min(shares[s, 2] / chars, np.float32(1.0))
        row[5] = min(shares[s, 3] / chars, np.float32(1.0))
        row[6] = counts[s, 4] / chars
        row[7] = counts[s, 5]
        row[8] = counts[s, 7]
        row[9] = counts[s, 8]
        row[10] = counts[s, 2] / max(counts[s, 9], np.float32(1.0))
        row[11] = counts[s, 3] / chars
        row[12] = counts[s, 9] / n_words
        row[13] = counts[s, 6] / chars
        row[14] = counts[s, 9] / chars
        row[15] = tags[e]
        row[16] = kinds[s]
        row[17] = tags[parents[e]] if parents[e] >= 0 else -1
        row[18] = depths[e]
        row[19] = 1.0 if prose[s] > 0 else 0.0
        row[20] = max(chars - shares[s, 0], np.float32(0.0))
        row[21] = shares[s, 4]


@kernel
def fill_covered(words, word_starts, column, rows):
    """How much of a segment stands elsewhere on the page, too."""
    covered = shared_shingles(words, word_starts)
    for s in range(len(rows)):
        rows[s, column] = covered[s]


@kernel
def fill_levels(parents, tags, containers, sums, direct, main_prose, all_prose, column, rows):
    """The containers around a segment, eight columns each; -1 beyond the body."""
    for s in range(len(containers)):
        row, x, c = rows[s], containers[s], column
        for _ in range(LEVELS):
            if x < 0:
                for k in range(8):
                    row[c + k] = -1
            else:
                row[c] = direct[x, OWN_PROSE] / main_prose
                row[c + 1] = sums[x, PROSE] / all_prose
                row[c + 2] = sums[x, LINK_CHARS] / max(sums[x, CHARS], np.float32(1.0))
                row[c + 3] = sums[x, SEGMENTS]
                row[c + 4] = sums[x, PROSE]
                row[c + 5] = tags[x]
                row[c + 6] = sums[x, PROSE_SEGMENTS] / max(sums[x, SEGMENTS], np.float32(1.0))
                row[c + 7] = sums[x, IMAGES] / max(sums[x, SEGMENTS], np.float32(1.0))
                x = parents[x]
            c += 8


@kernel
def fill_page(page, sums, main, main_share, h1, column, rows):
    """What is the same for all segments of the page."""
    for s in range(len(rows)):
        row = rows[s]
        row[column] = sums[0, PROSE]
        row[column + 1] = np.float32(len(rows))
        row[column + 2] = main_share
        row[column + 3] = page[0]
        row[column + 4] = page[1]
        row[column + 5] = page[2]
        row[column + 6] = 1.0 if h1 >= 0 else 0.0
        row[column + 7] = sums[0, PROSE_SEGMENTS]
        row[column + 8] = sums[0, LINK_CHARS] / max(sums[0, CHARS], np.float32(1.0))
        row[column + 9] = sums[main, LIST_CHARS] / max(sums[main, CHARS], np.float32(1.0))
        row[column + 10] = page[3]
        row[column + 11] = page[4]


@kernel
def fill_said(words, word_starts, in_title, titled, in_description, described, in_body, column, rows):
    """How much of a segment the page's title, description and JSON-LD say as well."""
    for s in range(len(rows)):
        begin, end = word_starts[s], word_starts[s + 1]
        title = description = 0
        if end - begin <= SAID_WORDS:
            for i in range(begin, end):
                title += contains(in_title, words[i])
                description += contains(in_description, words[i])
        row, size = rows[s], max(end - begin, 1)
        row[column] = title / size
        row[column + 1] = title / max(titled, 1)
        row[column + 2] = description / size
        row[column + 3] = description / max(described, 1)
        row[column + 4] = in_body[s]


@kernel
def fill_neighbours(tags, holders, containers, shares, counts, linear, offsets, column, rows):
    """The segments around it, five columns each."""
    total = len(holders)
    for s in range(total):
        row, c = rows[s], column
        for k in range(len(offsets)):
            o = s + offsets[k]
            if 0 <= o < total:
                other = max(counts[o, 0], np.float32(1.0))
                row[c] = other
                row[c + 1] = shares[o, 0] / other
                row[c + 2] = tags[holders[o]]
                row[c + 3] = 1.0 if containers[o] == containers[s] else 0.0
                row[c + 4] = linear[o, 0]
            else:
                row[c], row[c + 1], row[c + 2], row[c + 3], row[c + 4] = -1, -1, -1, -1, 0
            c += 5


@kernel
def fill_marks(parents, holders, marks, mark_count, column, rows):
    """How many elements outwards each mark is first met; `MARK_LEVELS` if it isn't."""
    for s in range(len(holders)):
        row, x = rows[s], holders[s]
        for k in range(mark_count):
            row[column + k] = MARK_LEVELS
        for level in range(MARK_LEVELS):
            if x < 0:
                break
            bits, k = marks[x], 0
            while bits:
                if bits & 1 and row[column + k] > level:
                    row[column + k] = level
                bits >>= 1
                k += 1
            x = parents[x]

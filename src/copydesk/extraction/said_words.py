"""The words that a page says of itself, as a table of their hashes, and the segment that says its title (compiled)."""

from __future__ import annotations

import numpy as np

from copydesk.extraction.compiled import inline_kernel, kernel


@kernel
def table_of(words):
    """A table of these words (none is 0) with open addressing, and how many different ones there are."""
    size = 16
    while size < 4 * len(words):
        size *= 2
    table = np.zeros(size, dtype=np.uint32)
    count = 0
    for word in words:
        place = np.int64(word >> np.uint32(8)) & (size - 1)
        while table[place] and table[place] != word:
            place = (place + 1) & (size - 1)
        count += table[place] == 0
        table[place] = word
    return table, count


@kernel
def contains(table, word):
    """Whether a table holds the word."""
    place = np.int64(word >> np.uint32(8)) & (len(table) - 1)
    while table[place] and table[place] != word:
        place = (place + 1) & (len(table) - 1)
    return table[place] != 0


@inline_kernel
def find_title(kinds, tags, holders, headings, words, word_starts, in_titles, titled):
    """The heading that has most of the words of the titles, -1 for none, and its share; an h1 has a tenth more."""
    title_at, title_overlap = -1, np.float32(0.0)
    for s in range(len(holders)):
        if kinds[s] == 1 and titled:
            hits = 0
            begin, end = word_starts[s], min(word_starts[s + 1], word_starts[s] + 60)
            for i in range(begin, end):
                hits += contains(in_titles, words[i])
            overlap = np.float32(hits) / np.float32(max(titled, end - begin))
            overlap += np.float32(0.1) if tags[holders[s]] == headings[0] else np.float32(0.0)
            if overlap > title_overlap:
                title_at, title_overlap = s, overlap
    return title_at, title_overlap

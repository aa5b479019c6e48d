"""Text that stands twice on one page: copies for other screen sizes, a whole text in one piece for machines, teasers.

Measured by shingles of four words in a table with open addressing, in linear time.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from copydesk.extraction.compiled import kernel

MIN_WORDS = 8
"""Shorter segments may stand twice: "Read more", but also a subhead or a refrain."""

REPEATED_SHARE = 0.8
"""Share of known shingles from which a segment is a repeat. Lower, and a paragraph that quotes another is lost."""


@kernel
def shingles(words, word_starts):
    """The hash of each run of four words, at the place of its first word; 0 where a segment has too few left."""
    hashes = np.zeros(len(words), dtype=np.uint64)
    for s in range(len(word_starts) - 1):
        for i in range(word_starts[s], word_starts[s + 1] - 3):
            h = np.uint64(words[i])
            for k in range(1, 4):
                h = h * np.uint64(1099511628211) + np.uint64(words[i + k])
            hashes[i] = h | np.uint64(1)
    return hashes


@kernel
def number_groups(keys, groups):
    """Write per key (uint64) the number of its group of equal ones, from 0 up in their order; how many groups.

    In half of the time that sorting takes, and numba's sort takes two seconds to compile.
    """
    size = 16
    while size < 4 * len(keys):
        size *= 2
    table = np.empty(size, dtype=np.int64)
    table[:] = -1
    mask, count = size - 1, 0
    for i in range(len(keys)):
        place = np.int64((keys[i] * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(32)) & mask
        while table[place] >= 0 and keys[table[place]] != keys[i]:
            place = (place + 1) & mask
        if table[place] < 0:
            table[place] = i
            groups[i] = count
            count += 1
        else:
            groups[i] = groups[table[place]]
    return count


@kernel
def _find(table, value):
    """Where a value stands in the table, or the free place for it."""
    mask = len(table) - 1
    place = np.int64((value >> np.uint64(20)) & np.uint64(mask))
    while table[place] and table[place] != value:
        place = (place + 1) & mask
    return place


@kernel
def _new_table(size):
    capacity = 16
    while capacity < 2 * size + 2:
        capacity *= 2
    return np.zeros(capacity, dtype=np.uint64)


@kernel
def shared_shingles(words, word_starts):
    """Per segment the share (0 to 1) of its shingles that also stand in another segment."""
    total = len(word_starts) - 1
    hashes = shingles(words, word_starts)
    table = _new_table(len(words))
    owners = np.full(len(table), -1, dtype=np.int32)
    for s in range(total):
        for i in range(word_starts[s], word_starts[s + 1] - 3):
            place = _find(table, hashes[i])
            table[place] = hashes[i]
            if owners[place] == -1:
                owners[place] = s
            elif owners[place] != s:
                owners[place] = -2
    shared = np.zeros(total, dtype=np.float32)
    for s in range(total):
        first, last = word_starts[s], word_starts[s + 1] - 3
        for i in range(first, last):
            shared[s] += owners[_find(table, hashes[i])] == -2
        shared[s] /= max(last - first, 1)
    return shared


@kernel
def _drop_in_order(words, word_starts, order, chosen):
    hashes = shingles(words, word_starts)
    table = _new_table(len(words))
    for s in order:
        first, last = word_starts[s], word_starts[s + 1] - 3
        if not chosen[s] or last + 3 - first < MIN_WORDS:
            continue
        known = 0
        for i in range(first, last):
            known += table[_find(table, hashes[i])] == hashes[i]
        if known >= REPEATED_SHARE * (last - first):
            chosen[s] = False
        else:
            for i in range(first, last):
                table[_find(table, hashes[i])] = hashes[i]


def drop_repeats(words: NDArray[np.uint32], word_starts: NDArray[np.int64], chosen: NDArray[np.bool_]) -> None:
    """Unset in `chosen` (a bool per segment) the segments that repeat others of them.

    Shorter segments come first, so a copy of the whole text in one piece gives way to its paragraphs, and of two
    equal segments the first on the page stays. Segments of fewer than MIN_WORDS words always stay.
    """
    _drop_in_order(words, word_starts, np.argsort(np.diff(word_starts), kind="stable"), chosen)


@kernel
def contained_shares(words, word_starts, other, shares):
    """Write per segment the share (0 to 1) of its runs of four words that stand in another text, given by its words.

    A segment of fewer words is one run. A segment without words is not in it.
    """
    table = _new_table(4 * len(other))
    for first in range(len(other)):
        run = np.uint64(0)
        for k in range(min(4, len(other) - first)):
            run = (run * np.uint64(1099511628211) + np.uint64(other[first + k])) | np.uint64(k == 3)
            value = run * np.uint64(4) + np.uint64(k) + np.uint64(1)
            table[_find(table, value)] = value
    for s in range(len(shares)):
        first, last = word_starts[s], word_starts[s + 1]
        size = min(4, last - first)
        known = 0
        for begin in range(first, last - size + 1):
            run = np.uint64(0)
            for k in range(size):
                run = (run * np.uint64(1099511628211) + np.uint64(words[begin + k])) | np.uint64(k == 3)
            value = run * np.uint64(4) + np.uint64(size)
            known += table[_find(table, value)] == value
        shares[s] = known / (last - first - size + 1) if size else 0.0

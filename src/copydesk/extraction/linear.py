"""Two linear models over hashed names: what a segment's words, and its elements' class names, speak for.

Each word, pair of words or class name has a place in a table of weights that were learned from the annotated
pages; a segment's score is their sum. Nothing is stored but the weights: no word list, no name of a site.
"""

from __future__ import annotations

import numpy as np

from copydesk.extraction.compiled import kernel

TABLE_SIZE = 1 << 16
"""Weights per table. Half as many cost .002 F1 by collisions; twice as many gained nothing."""

NEAR_LEVELS, LEVELS = 2, 9
"""A segment's element and its parent are near; seven elements farther out are far."""

BUCKETS = 5
"""Distances at which a name counts differently."""

NAME_WORDS = 12
"""Words of an element's names that count: utility classes have hundreds that say nothing."""


@kernel
def mix(value, seed):
    """A place in a table of 2**HASH_BITS for a hash and what it stands for."""
    h = np.uint32(value ^ (np.uint32(seed) * np.uint32(2654435769)))
    h ^= h >> np.uint32(16)
    h = np.uint32(h * np.uint32(0x85EBCA6B))
    h ^= h >> np.uint32(13)
    h = np.uint32(h * np.uint32(0xC2B2AE35))
    h ^= h >> np.uint32(16)
    return np.int64(h & np.uint32(0xFFFF))


@kernel
def word_places(words, begin, end, out):
    """The places of a segment's words in the word table, written to `out`; how many. Long texts: only their ends."""
    count = 0
    size = end - begin
    for i in range(begin, end):
        from_start, from_end = i - begin, end - 1 - i
        if size > 24 and from_start >= 10 and from_end >= 6:
            continue
        word = words[i]
        short = 0 if size <= 8 else (1 if size <= 24 else 2)
        out[count] = mix(word, 1 + short)
        count += 1
        if from_start < 4:
            out[count] = mix(word, 10 + from_start)
            count += 1
        if from_start < 8 and i + 1 < end:
            out[count] = mix(np.uint32(words[i + 1] ^ np.uint32(word * np.uint32(31))), 20 + (0 if from_start else 1))
            count += 1
        if from_end < 2:
            out[count] = mix(word, 30 + from_end)
            count += 1
    return count


@kernel
def _element_places(tag, name_words, first, last, bucket, out):
    """The places of an element's tag and names in the name table, written to `out`; how many."""
    out[0] = mix(np.uint32(tag), 50 + bucket)
    count = 1
    last = min(last, first + NAME_WORDS)
    for i in range(first, last):
        out[count] = mix(name_words[i], 100 + bucket)
        count += 1
        if i + 1 < last:
            out[count] = mix(np.uint32(name_words[i + 1] ^ np.uint32(name_words[i] * np.uint32(31))), 150 + bucket)
            count += 1
    return count


@kernel
def _bucket(level):
    """Elements far out that say the same count as one."""
    return level if level < 3 else (3 if level < 5 else 4)


@kernel
def name_places(parents, tags, name_words, name_starts, element, out):
    """The places of the names of a segment's elements in the name table; how many, and how many of them are near."""
    count = near = 0
    for level in range(LEVELS):
        if element < 0:
            break
        first, last = name_starts[element], name_starts[element + 1]
        count += _element_places(tags[element], name_words, first, last, _bucket(level), out[count:])
        if level == NEAR_LEVELS - 1:
            near = count
        element = parents[element]
    if not near:
        near = count
    return count, near


@kernel
def linear_scores(
    parents, tags, name_words, name_starts, holders, words, word_starts, word_weights, name_weights, scores
):
    """Write what each segment's words, its near elements' names and the far ones speak for: float32, (n, 3).

    Most elements hold many segments, so what the names of one speak for is added up once for each distance.
    """
    places = np.empty(256, dtype=np.int64)
    sums, is_known = np.zeros((len(parents), BUCKETS)), np.zeros((len(parents), BUCKETS), dtype=np.bool_)
    for segment in range(len(holders)):
        count = word_places(words, word_starts[segment], word_starts[segment + 1], places)
        value = np.float64(0.0)
        for i in range(count):
            value += word_weights[places[i]]
        scores[segment, 0] = value / np.sqrt(count + 1.0)
        element = np.int64(holders[segment])
        near = far = np.float64(0.0)
        for level in range(LEVELS):
            if element < 0:
                break
            bucket = _bucket(level)
            if not is_known[element, bucket]:
                first, last = name_starts[element], name_starts[element + 1]
                count = _element_places(tags[element], name_words, first, last, bucket, places)
                for i in range(count):
                    sums[element, bucket] += name_weights[places[i]]
                is_known[element, bucket] = True
            if level < NEAR_LEVELS:
                near += sums[element, bucket]
            else:
                far += sums[element, bucket]
            element = np.int64(parents[element])
        scores[segment, 1] = near
        scores[segment, 2] = far

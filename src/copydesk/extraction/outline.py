"""The shape of a page: how deep its elements lie, which are alike, and which of them holds a segment (compiled)."""

from __future__ import annotations

import numpy as np

from copydesk.extraction.compiled import kernel
from copydesk.extraction.repeats import number_groups


@kernel
def outline(parents, tags, marks, holders, digests, depths, siblings, texts, shapes):
    """Write each element's depth and how many elements with its tag and marks its parent has; and per segment the
    number of the group of those with its words, and of those with the tags and marks of its element and all around it.
    """
    total = len(parents)
    shape, keys, groups = np.zeros(total, np.int64), np.empty(total, np.uint64), np.empty(total, np.int64)
    for e in range(total):
        if e:
            depths[e] = depths[parents[e]] + 1
            shape[e] = (shape[parents[e]] * 31 + tags[e] * 7 + marks[e] * 13) & 0xFFFFFFFFFF
        keys[e] = np.uint64(((np.int64(parents[e]) * 64 + tags[e]) * 1_000_003) ^ (marks[e] * 31))
    times = np.zeros(number_groups(keys, groups), dtype=np.float32)
    for e in range(total):
        times[groups[e]] += 1
    for e in range(total):
        siblings[e] = times[groups[e]]
    number_groups(digests, texts)
    keys = np.empty(len(holders), dtype=np.uint64)
    for s in range(len(holders)):
        keys[s] = np.uint64(shape[holders[s]])
    number_groups(keys, shapes)


@kernel
def holder_of(element, parents, tags, plain):
    """The container of a segment: its element, or that element's parent where the element is the paragraph itself."""
    if plain[tags[element]] and parents[element] >= 0:
        return parents[element]
    return element

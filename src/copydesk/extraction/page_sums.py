"""What each element of a page holds, summed up, before any row of features is written (compiled).

Prose is text that isn't mostly links, in segments of 60 characters or more; headings are none.
"""

from __future__ import annotations

from copydesk.extraction.compiled import kernel
from copydesk.extraction.outline import holder_of

CHARS, LINK_CHARS, SEGMENTS, PROSE, PROSE_SEGMENTS, LIST_CHARS, IMAGES = range(7)
"""The columns of `sums`: of an element with all that is in it."""

OWN_PROSE, OWN_SEGMENTS = range(2)
"""The columns of `direct`: of a container, without what lies in other containers in it."""

PROSE_CHARS = 60
HEADING, LIST_ITEM = 1, 2


@kernel
def find_prose(kinds, shares, counts, prose):
    """Write each segment's characters of prose, 0 where it isn't any."""
    for s in range(len(kinds)):
        chars, links = counts[s, 0], shares[s, 0]
        if kinds[s] != HEADING and chars - links >= PROSE_CHARS and links <= 0.5 * chars:
            prose[s] = chars - links


@kernel
def sum_up(parents, images, holders, kinds, shares, counts, prose, sums):
    """Write what each element holds: float32, shape (elements, 7), all 0."""
    for s in range(len(holders)):
        held = sums[holders[s]]
        held[CHARS] += counts[s, 0]
        held[LINK_CHARS] += shares[s, 0]
        held[SEGMENTS] += 1
        held[PROSE] += prose[s]
        held[PROSE_SEGMENTS] += 1.0 if prose[s] > 0 else 0.0
        held[LIST_CHARS] += counts[s, 0] if kinds[s] == LIST_ITEM else 0.0
    for e in range(len(parents)):
        sums[e, IMAGES] = images[e]
    for e in range(len(parents) - 1, 0, -1):
        for k in range(7):
            sums[parents[e], k] += sums[e, k]


@kernel
def find_containers(parents, tags, holders, plain, prose, containers, direct):
    """Write each segment's container, and what each container holds itself; the one with most prose."""
    for s in range(len(holders)):
        containers[s] = holder_of(holders[s], parents, tags, plain)
        direct[containers[s], OWN_PROSE] += prose[s]
        direct[containers[s], OWN_SEGMENTS] += 1
    main = 0
    for e in range(len(parents)):
        if direct[e, OWN_PROSE] > direct[main, OWN_PROSE]:
            main = e
    return main


@kernel
def first_with_tag(tags, holders, tag):
    """The first segment that stands in such an element; -1 if none does."""
    for s in range(len(holders)):
        if tags[holders[s]] == tag:
            return s
    return -1

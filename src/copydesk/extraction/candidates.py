"""Simple ways to find an article's segments, each a rival of the learned one and a vote in it.

Each gives a bool per segment: whether it is taken for the article. None is good alone (on the development pages .85 to
.93 where the learned one has .97), but they err differently: where one agrees with the learned choice it is nearly
always right.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from copydesk.extraction.compiled import kernel
from copydesk.extraction.segments import Segments
from copydesk.extraction.tags import TAGS

PROSE_CHARS = 60
"""A segment of fewer characters outside links is no evidence for a container: it may be a menu or a date."""

DENSEST_SHARE = 0.6
"""Share of the prose below an element that one child must hold for the densest container to lie in that child.
Below .5 the choice depends on the order of the page; above .7 it stops at containers with the sidebar in them."""

MAX_LINK_SHARE = 0.5
"""A segment with more of its characters in links is a list of links."""

WEIGHTS = (1.0, 0.5, 0.33)
"""What a paragraph's score counts for its parent, grandparent and so on (readability's own)."""

SIBLING_SHARE = 0.2
"""Share of the best score at which a sibling of the best element is taken as well (readability's own)."""

_IS_HEADING = np.array([tag in ("h1", "h2", "h3", "h4", "h5", "h6") for tag in TAGS])
_IS_PARAGRAPH = np.array([tag in ("p", "li", "td", "blockquote", "span", "pre") for tag in TAGS])
_IS_SCORED_ABOVE = np.array([tag in ("p", "li", "pre", "blockquote", "span") for tag in TAGS])


def find_candidates(segments: Segments, commas: NDArray[np.float32]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """The segments in the densest container, and those that readability would take; `commas` are counted per segment.

    The densest container holds most of the prose and, of those elements that do, lies deepest: the body without prose.
    Readability's scoring (Arc90): a point per paragraph, per comma and per 100 characters up to three, counted for the
    parent and in part for what is above it; what stands below the best element, and below siblings that come near, is
    taken, but for lists of links.
    """
    dense, readable = np.zeros((2, len(segments.elements)), dtype=np.bool_)
    _fill_candidates(
        segments.parents, segments.ends, segments.tags, segments.elements, segments.text_starts, segments.link_chars,
        commas, dense, readable,
    )  # fmt: skip
    return dense, readable


@kernel
def _fill_candidates(parents, ends, tags, elements, text_starts, link_chars, commas, dense, readable):
    prose = _prose_chars(tags, elements, text_starts, link_chars)
    element = _descend(parents, elements, prose)
    # A paragraph is no container: one that holds most of a short text lies in the one wanted.
    while element and _IS_PARAGRAPH[tags[element]]:
        element = parents[element]
    for segment in range(len(elements)):
        dense[segment] = element <= elements[segment] < ends[element]
    scores = _score_elements(parents, tags, elements, prose, commas)
    best = 0
    for element in range(len(scores)):
        if scores[element] > scores[best]:
            best = element
    if not scores[best]:
        return
    for element in range(len(parents)):
        if parents[element] != parents[best] or scores[element] < SIBLING_SHARE * scores[best]:
            continue
        for segment in range(len(elements)):
            readable[segment] |= element <= elements[segment] < ends[element]
    for segment in range(len(elements)):
        chars = text_starts[segment + 1] - text_starts[segment]
        readable[segment] &= link_chars[segment] <= MAX_LINK_SHARE * chars


@kernel
def _prose_chars(tags, elements, text_starts, link_chars):
    """Per segment, its characters outside links; 0 for headings, short segments and lists of links."""
    prose = np.zeros(len(elements), dtype=np.int64)
    for segment in range(len(elements)):
        chars = text_starts[segment + 1] - text_starts[segment]
        plain = chars - link_chars[segment]
        is_prose = plain >= PROSE_CHARS and link_chars[segment] <= MAX_LINK_SHARE * chars
        if is_prose and not _IS_HEADING[tags[elements[segment]]]:
            prose[segment] = plain
    return prose


@kernel
def _descend(parents, elements, prose):
    """From the body down to the child with the most prose, while it holds the most of its parent's."""
    below = np.zeros(len(parents), dtype=np.int64)
    for segment in range(len(elements)):
        below[elements[segment]] += prose[segment]
    heaviest = np.zeros(len(parents), dtype=np.int64)
    for element in range(len(parents) - 1, 0, -1):
        parent = parents[element]
        below[parent] += below[element]
        if not heaviest[parent] or below[element] >= below[heaviest[parent]]:
            heaviest[parent] = element
    element = 0
    while heaviest[element]:
        child = heaviest[element]
        if below[child] <= 0 or below[child] < DENSEST_SHARE * below[element]:
            break
        element = child
    return element


@kernel
def _score_elements(parents, tags, elements, prose, commas):
    scores = np.zeros(len(parents))
    for segment in range(len(elements)):
        if not prose[segment]:
            continue
        points = 1.0 + commas[segment] + min(prose[segment] / 100.0, 3.0)
        element = elements[segment]
        if _IS_SCORED_ABOVE[tags[element]]:
            element = parents[element]
        for weight in WEIGHTS:
            if element < 0:
                break
            scores[element] += points * weight
            element = parents[element]
    return scores

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
_WEIGHTS = np.array(WEIGHTS)


def prose_chars(segments: Segments) -> NDArray[np.int64]:
    """Per segment, its characters outside links; 0 for headings, short segments and lists of links."""
    chars = segments.lengths()
    plain = chars - segments.link_chars
    is_prose = (plain >= PROSE_CHARS) & (segments.link_chars <= MAX_LINK_SHARE * chars)
    return np.where(is_prose & ~_IS_HEADING[segments.tags[segments.elements]], plain, 0)


def densest_container(segments: Segments, prose: NDArray[np.int64]) -> int:
    """The element that holds most of the prose and, of those, lies deepest; 0 (the body) without prose."""
    below = np.bincount(segments.elements, weights=prose, minlength=len(segments.parents))
    element = int(_descend(segments.parents, below))
    # A paragraph is no container: one that holds most of a short text lies in the one wanted.
    while element and _IS_PARAGRAPH[segments.tags[element]]:
        element = int(segments.parents[element])
    return element


@kernel
def _descend(parents, below):  # type: ignore[no-untyped-def]
    """From the body down to the child with the most prose, while it holds the most of its parent's."""
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


def inside(segments: Segments, element: int) -> NDArray[np.bool_]:
    """Whether each segment stands inside an element."""
    is_inside: NDArray[np.bool_] = (segments.elements >= element) & (segments.elements < segments.ends[element])
    return is_inside


def readable(segments: Segments, prose: NDArray[np.int64], commas: NDArray[np.float32]) -> NDArray[np.bool_]:
    """The segments below the element whose paragraphs score best, and below siblings that come near.

    `commas` are counted per segment.

    The scoring of Arc90's readability: a point per paragraph, per comma and per 100 characters up to three,
    counted for the parent and in part for what is above it; scaled down by the share of links.
    """
    scores = np.zeros(len(segments.parents))
    is_scored_above = _IS_SCORED_ABOVE[segments.tags]
    _score_elements(segments.parents, segments.elements, is_scored_above, prose, commas, _WEIGHTS, scores)
    best = int(np.argmax(scores))
    chosen = np.zeros(len(prose), dtype=np.bool_)
    if scores[best]:
        siblings = (segments.parents == segments.parents[best]) & (scores >= SIBLING_SHARE * scores[best])
        for element in np.nonzero(siblings)[0].tolist():
            chosen |= inside(segments, element)
        chosen &= segments.link_chars <= MAX_LINK_SHARE * segments.lengths()
    return chosen


@kernel
def _score_elements(parents, elements, is_scored_above, prose, commas, weights, scores):  # type: ignore[no-untyped-def]
    for segment in range(len(elements)):
        if not prose[segment]:
            continue
        points = 1.0 + commas[segment] + min(prose[segment] / 100.0, 3.0)
        element = elements[segment]
        if is_scored_above[element]:
            element = parents[element]
        for weight in weights:
            if element < 0:
                break
            scores[element] += points * weight
            element = parents[element]

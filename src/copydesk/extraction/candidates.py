"""Simple ways to find an article's segments, each a rival of the learned one and a vote in it.

Each gives the indices of the segments it takes for the article. None is good alone (on the
development pages .85 to .93 where the learned one has .97), but they err differently: where one agrees
with the learned choice it is nearly always right.
"""

from __future__ import annotations

from collections.abc import Sequence

from copydesk.extraction.walk import TAGS, Segments

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

_HEADINGS = frozenset(TAGS.index(tag) for tag in ("h1", "h2", "h3", "h4", "h5", "h6"))


def prose_chars(segments: Segments) -> list[int]:
    """Per segment, its characters outside links; 0 for headings, short segments and lists of links."""
    found = []
    for text, links, element in zip(segments.texts, segments.link_chars, segments.elements, strict=True):
        plain = len(text) - links
        is_prose = plain >= PROSE_CHARS and links <= MAX_LINK_SHARE * len(text)
        found.append(plain if is_prose and segments.tags[element] not in _HEADINGS else 0)
    return found


def densest_container(segments: Segments, prose: list[int]) -> int:
    """The element that holds most of the prose and, of those, lies deepest; 0 (the body) without prose."""
    below = [0] * len(segments.parents)
    for chars, element in zip(prose, segments.elements, strict=True):
        below[element] += chars
    best = [(0, -1)] * len(below)
    for element in range(len(below) - 1, 0, -1):
        parent = segments.parents[element]
        below[parent] += below[element]
        best[parent] = max(best[parent], (below[element], -element))
    element = 0
    while best[element][0] and best[element][0] >= DENSEST_SHARE * below[element]:
        element = -best[element][1]
    # A paragraph is no container: one that holds most of a short text lies in the one wanted.
    while element and TAGS[segments.tags[element]] in ("p", "li", "td", "blockquote", "span", "pre"):
        element = segments.parents[element]
    return element


def inside(segments: Segments, element: int) -> list[int]:
    """The segments inside an element, in order."""
    end = segments.ends[element]
    return [place for place, holder in enumerate(segments.elements) if element <= holder < end]


def readable(segments: Segments, prose: list[int], commas: Sequence[float]) -> frozenset[int]:
    """The segments below the element whose paragraphs score best, and below siblings that come near.

    `commas` are counted per segment.

    The scoring of Arc90's readability: a point per paragraph, per comma and per 100 characters up to three,
    counted for the parent and in part for what is above it; scaled down by the share of links.
    """
    scores: dict[int, float] = {}
    for place, chars in enumerate(prose):
        if chars:
            _score_ancestors(segments, scores, place, 1 + commas[place] + min(chars / 100, 3))
    if not scores:
        return frozenset()
    best = max(scores, key=lambda element: (scores[element], -element))
    parent = segments.parents[best]
    enough = SIBLING_SHARE * scores[best]
    chosen = [e for e in scores if e == best or (segments.parents[e] == parent and scores[e] >= enough)]
    places = (place for element in chosen for place in inside(segments, element))
    return frozenset(p for p in places if segments.link_chars[p] <= MAX_LINK_SHARE * len(segments.texts[p]))


def _score_ancestors(segments: Segments, scores: dict[int, float], place: int, points: float) -> None:
    element = segments.elements[place]
    if TAGS[segments.tags[element]] in ("p", "li", "pre", "blockquote", "span"):
        element = segments.parents[element]
    for weight in WEIGHTS:
        if element < 0:
            return
        scores[element] = scores.get(element, 0.0) + points * weight
        element = segments.parents[element]

"""Further articles that a page goes on with below its own, as sites do whose readers only scroll."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from selectolax.lexbor import LexborHTMLParser, LexborNode

from copydesk.extraction.facts import PageFacts
from copydesk.extraction.headline import fold
from copydesk.extraction.marks import mark_bits
from copydesk.extraction.segments import Segments
from copydesk.extraction.tags import TAGS

LEAST_TITLE_CHARS = 12
"""A shorter heading stands in a page's title by chance: "News"."""

_ARTICLE, _H1 = TAGS.index("article"), TAGS.index("h1")
_BYLINE = mark_bits()["byline"]
_OTHER = mark_bits()["related"]


@dataclass(frozen=True, slots=True)
class Others:
    """The page with the elements of other articles than its own marked as nothing but related, per segment whether it
    stands in one of them, and their folded first headings.
    """

    marked: Segments
    segments: NDArray[np.bool_]
    headings: frozenset[str]


def other_articles(segments: Segments, facts: PageFacts) -> Others | None:
    """The articles that follow the page's own; None for a page of one.

    The first element of an article has the page's title for its first heading; each further one with a first heading
    and a byline of its own is another article. A front page has a title that is no article's, and nothing is foreign
    there; what has a heading and no byline is a part.
    """
    outer: list[int] = []
    for element in np.flatnonzero(segments.tags == _ARTICLE).tolist():
        if not outer or element >= segments.ends[outer[-1]]:
            outer.append(element)
    if len(outer) < 2:
        return None
    owners = _owners(segments, outer)
    first = [""] * len(outer)
    for place in np.flatnonzero((segments.tags[segments.elements] == _H1) & (owners >= 0))[::-1].tolist():
        first[owners[place]] = segments.texts[place]
    others = [at for at in _others(first, facts.titles) if _is_signed(segments, outer[at])]
    if not others:
        return None
    marks = segments.marks.copy()
    for at in others:
        marks[outer[at] : segments.ends[outer[at]]] = _OTHER
    found = np.isin(owners, others)
    return Others(replace(segments, marks=marks), found, frozenset(fold(first[at]) for at in others))


def _owners(segments: Segments, outer: Sequence[int]) -> NDArray[np.int64]:
    """For each segment which of these elements, none of which lies in another, it stands in; -1 for none."""
    starts = np.array(outer)
    owners = np.searchsorted(starts, segments.elements, side="right") - 1
    inside = (owners >= 0) & (segments.elements < segments.ends[starts[owners]])
    return np.where(inside, owners, -1)


def _is_signed(segments: Segments, article: int) -> bool:
    return bool((segments.marks[article : segments.ends[article]] & _BYLINE).any())


def remove_others(tree: LexborHTMLParser, others: Others) -> None:
    """Take the elements of other articles out of the page's tree, so that their bylines and dates aren't its own."""
    for node in [node for node in tree.css("article") if not _is_inside(node)]:
        heading = node.css_first("h1")
        if heading is not None and fold(heading.text()) in others.headings:
            node.decompose()


def _is_inside(node: LexborNode) -> bool:
    parent = node.parent
    while parent is not None and parent.tag != "article":
        parent = parent.parent
    return parent is not None


def _others(first: Sequence[str], titles: Sequence[str]) -> list[int]:
    """The places of articles that are not the page's, by the first heading of each ("" without one).

    >>> _others(["Bees do better on barges", "", "Ice is back"], ["Bees do better on barges | Orrery"])
    [2]
    >>> _others(["Bees do better on barges", "Ice is back"], ["Orrery: news of the river"])
    []
    """
    folded, stated = [fold(heading) for heading in first], [fold(title) for title in titles]
    if len(folded) < 2 or len(folded[0]) < LEAST_TITLE_CHARS or not any(folded[0] in title for title in stated):
        return []
    return [at for at, heading in enumerate(folded) if heading and not any(heading in title for title in stated)]

"""Which segments of a page are the article's text."""

from __future__ import annotations

from copydesk.article import BlockKind
from copydesk.extraction.candidates import MAX_LINK_SHARE, densest_container, inside, prose_chars, readable
from copydesk.extraction.marks import mark_bits
from copydesk.extraction.walk import Segments

_FOREIGN = (
    "caption_text",
    "bio",
    "comment",
    "share",
    "related",
    "promo",
    "ad",
    "navigation",
    "hidden",
    "cookie",
    "byline",
)


def choose_by_rule(segments: Segments) -> frozenset[int]:
    """The segments of the densest container, without those that are marked as something else.

    The first, simple way; the learned model is measured against it.
    """
    prose = prose_chars(segments)
    element = densest_container(segments, prose)
    foreign = sum(mark_bits()[name] for name in _FOREIGN)
    chosen = frozenset(
        place
        for place in inside(segments, element)
        if segments.link_chars[place] <= MAX_LINK_SHARE * len(segments.texts[place])
        and not segments.marks[segments.elements[place]] & foreign
        and segments.kind(place) is not BlockKind.CAPTION
    )
    return chosen or readable(segments, prose)

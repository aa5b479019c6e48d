"""Which segments of a page are its headline and its deck: fields of the article, and not its text."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from copydesk.article import BlockKind
from copydesk.extraction.facts import PageFacts
from copydesk.extraction.marks import mark_bits
from copydesk.extraction.segments import Segments
from copydesk.extraction.tags import KIND_CODES, TAGS

DECK_CHARS = (30, 700)
"""A deck is a sentence or a few: shorter is a kicker or a date, longer is the text itself."""

TITLE_CHARS = 15
"""A heading other than h1 is the headline only if it has at least so many letters: sections have short names."""

# What two printings of a headline may differ in.
# matches: " – " and "_"; does not match: "é"
NO_LETTER = re.compile(r"[\W_]+")

_H1 = TAGS.index("h1")
_SUBHEAD, _CAPTION = KIND_CODES[BlockKind.SUBHEAD], KIND_CODES[BlockKind.CAPTION]
_DECK_BIT = mark_bits()["deck"]
_NO_DECK_BITS = mark_bits()["text"] | mark_bits()["related"] | mark_bits()["caption_text"]


@dataclass(frozen=True, slots=True)
class Titles:
    """The titles that the page states, folded."""

    folded: tuple[str, ...]

    def is_title(self, segments: Segments, place: int) -> bool:
        """Whether a subhead is the headline: an h1 that has to do with a stated title, or a heading equal to one."""
        text = segments.texts[place]
        if segments.tags[segments.elements[place]] == _H1:
            said = fold(text)
            return not self.folded or any(said in title or title in said for title in self.folded)
        # Most subheads begin with other letters than any title: the rest of them need not be folded.
        if len(text) < TITLE_CHARS or not self._may_begin(text[:1]) or not self._may_begin(text[:TITLE_CHARS]):
            return False
        said = fold(text)
        return len(said) >= TITLE_CHARS and said in self.folded

    def _may_begin(self, text: str) -> bool:
        """Whether a title begins with the letters of a text."""
        start = fold(text)
        return any(title.startswith(start) for title in self.folded)


def find_deck(segments: Segments, chosen: frozenset[int], facts: PageFacts, titles: Titles) -> int | None:
    """The segment that is the article's deck, or None: before the text's third block, and either
    said again in the page's description or marked as a deck after the headline.

    A caption is none, though its picture may be called "lead".
    """
    head = sorted(chosen)[:2]
    headlines = np.nonzero(segments.tags[segments.elements] == _H1)[0]
    begin, end = int(headlines[0]) if len(headlines) else 0, head[-1] + 1
    elements, lengths = segments.elements[begin:end], segments.lengths()[begin:end]
    marks = segments.marks[elements] | segments.marks[np.maximum(segments.parents[elements], 0)]
    kinds = segments.kinds[elements]
    is_marked = (marks & _DECK_BIT != 0) & (marks & _NO_DECK_BITS == 0)
    may_be = (lengths >= DECK_CHARS[0]) & (lengths <= DECK_CHARS[1]) & (kinds != _CAPTION)
    # What isn't marked may be said again in the description, but only before the text.
    may_be[max(head[0] - begin, 0) :] &= is_marked[max(head[0] - begin, 0) :]
    for at in np.nonzero(may_be)[0].tolist():
        place = begin + at
        if not (is_marked[at] or any(_is_same(segments.texts[place], said) for said in facts.descriptions)):
            continue
        if not (kinds[at] == _SUBHEAD and titles.is_title(segments, place)):
            return place
    return None


def _is_same(one: str, other: str) -> bool:
    """Whether two lines are the same when folded: mostly the first letters tell that they aren't."""
    start, other_start = fold(one[:TITLE_CHARS]), fold(other[:TITLE_CHARS])
    if not (start.startswith(other_start) or other_start.startswith(start)):
        return False
    return fold(one) == fold(other)


def fold(text: str) -> str:
    """The letters and digits of a text, case-folded: what two printings of a headline have in common."""
    return NO_LETTER.sub("", text.casefold())

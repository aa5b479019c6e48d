"""Which segments of a page are its headline and its deck: fields of the article, and not its text."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from copydesk.article import BlockKind
from copydesk.extraction.compiled import kernel
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
        initial = text[:1].casefold()
        if len(text) < TITLE_CHARS or (initial.isalnum() and not self._may_begin(initial)):
            return False
        if not self._may_begin(fold(text[:TITLE_CHARS])):
            return False
        said = fold(text)
        return len(said) >= TITLE_CHARS and said in self.folded

    def _may_begin(self, start: str) -> bool:
        """Whether a title begins with these letters."""
        return any(title.startswith(start) for title in self.folded)


def find_deck(segments: Segments, chosen: frozenset[int], facts: PageFacts, titles: Titles) -> int | None:
    """The segment that is the article's deck, or None: before the text's third block, and either
    said again in the page's description or marked as a deck after the headline.

    A caption is none, though its picture may be called "lead".
    """
    head = sorted(chosen)[:2]
    found = np.empty((head[-1] + 1, 2), dtype=np.int64)
    count = _may_be_deck(
        segments.parents, segments.tags, segments.marks, segments.kinds, segments.elements, segments.text_starts,
        head[0], found,
    )  # fmt: skip
    for place, is_marked in found[:count].tolist():
        if not (is_marked or any(_is_same(segments.texts[place], said) for said in facts.descriptions)):
            continue
        if not (segments.kinds[segments.elements[place]] == _SUBHEAD and titles.is_title(segments, place)):
            return int(place)
    return None


@kernel
def _may_be_deck(parents, tags, marks, kinds, elements, text_starts, first, found):
    """Write the segments of a deck's length from the first h1 on, with whether they are marked as one; how many.

    Those that aren't count only before the text, where they may be what the description says.
    """
    begin = 0
    for place in range(len(elements)):
        if tags[elements[place]] == _H1:
            begin = place
            break
    count = 0
    for place in range(begin, len(found)):
        element = elements[place]
        chars = text_starts[place + 1] - text_starts[place]
        if chars < DECK_CHARS[0] or chars > DECK_CHARS[1] or kinds[element] == _CAPTION:
            continue
        around = marks[element] | marks[max(parents[element], 0)]
        is_marked = around & _DECK_BIT != 0 and around & _NO_DECK_BITS == 0
        if is_marked or place < first:
            found[count, 0], found[count, 1] = place, is_marked
            count += 1
    return count


def _is_same(one: str, other: str) -> bool:
    """Whether two lines are the same when folded: mostly the first letters tell that they aren't."""
    start, other_start = fold(one[:TITLE_CHARS]), fold(other[:TITLE_CHARS])
    if not (start.startswith(other_start) or other_start.startswith(start)):
        return False
    return fold(one) == fold(other)


def fold(text: str) -> str:
    """The letters and digits of a text, case-folded: what two printings of a headline have in common."""
    return NO_LETTER.sub("", text.casefold())

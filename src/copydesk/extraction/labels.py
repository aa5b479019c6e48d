"""What the blocks are that stand in an article but don't belong to its text: captions, bios, related links.

A block that was not chosen for the text is labelled by what its markup says, from the nearest element
outwards, else by its kind. Some that were chosen are labelled too: the headline, the deck, and a
caption that is marked as one are fields and not text.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from copydesk.article import Action, Block, BlockKind, Decision
from copydesk.extraction.compiled import kernel
from copydesk.extraction.facts import PageFacts
from copydesk.extraction.marks import mark_bits
from copydesk.extraction.segments import Segments
from copydesk.extraction.tags import KIND_CODES, TAGS

STAGE = "extraction"

NEAR_ELEMENTS = 5
"""How many elements outwards a mark still says what a block is. Beyond, it says what the page's region is."""

DECK_CHARS = (30, 700)
"""A deck is a sentence or a few: shorter is a kicker or a date, longer is the text itself."""

FIELDS = {"title": "title", "deck": "deck", "byline": "byline", "caption": "captions", "bio": "author_bio"}
"""The field a labelled block is moved to; blocks with any other label are removed from the text."""

# From the mark that says most to the one that says least.
_LABEL_OF_MARK = (
    ("caption_text", "caption"),
    ("bio", "bio"),
    ("comment", "comment"),
    ("paywall", "paywall"),
    ("tweet", "embed"),
    ("related", "related"),
    ("promo", "promo"),
    ("ad", "advert"),
    ("note", "note"),
    ("byline", "byline"),
    ("deck", "deck"),
    ("time", "date"),
    ("share", "share"),
    ("tags", "topics"),
    ("toc", "contents"),
    ("navigation", "navigation"),
    ("caption", "caption"),
    ("media", "media"),
    ("cookie", "consent"),
    ("hidden", "hidden"),
)

LABELS: tuple[str, ...] = (*(label for _, label in _LABEL_OF_MARK), "furniture")
_DECK = LABELS.index("deck")

KEPT_AFTER_TEXT = frozenset(("caption", "bio", "note", "related", "promo", "byline", "topics"))
"""What is worth keeping beside the text when it stands before its first or after its last block."""

# What two printings of a headline may differ in.
# matches: " – " and "_"; does not match: "é"
NO_LETTER = re.compile(r"[\W_]+")

TITLE_CHARS = 15
"""A heading other than h1 is the headline only if it has at least so many letters: sections have short names."""

_H1 = TAGS.index("h1")
_PARAGRAPH, _SUBHEAD = KIND_CODES[BlockKind.PARAGRAPH], KIND_CODES[BlockKind.SUBHEAD]
_CAPTION = KIND_CODES[BlockKind.CAPTION]
_IS_KEPT_AFTER_TEXT = np.array([label in KEPT_AFTER_TEXT for label in LABELS])


@dataclass(frozen=True, slots=True)
class Labelled:
    """The blocks of the article's region in order, and a decision for each that isn't text."""

    blocks: tuple[Block, ...]
    decisions: tuple[Decision, ...]


def label_segments(
    segments: Segments, chosen: frozenset[int], facts: PageFacts, scores: Sequence[float] | None = None
) -> Labelled:
    """The blocks of a page, body and not, with their decisions; none if nothing was chosen.

    `scores` are the certainties that a segment is text.
    """
    if not chosen:
        return Labelled((), ())
    first, last = min(chosen), max(chosen)
    low, high = _region(segments, chosen)
    titles = _Titles(tuple(fold(title) for title in facts.titles))
    deck = find_deck(segments, chosen, facts, titles)
    blocks: list[Block] = []
    decisions: list[Decision] = []
    region = (segments.elements >= low) & (segments.elements < high)
    element_kinds = segments.kinds[segments.elements]
    nearest = marked_labels(segments)
    worth_a_look = region & (_IS_KEPT_AFTER_TEXT[nearest] | (element_kinds == _CAPTION)) | (element_kinds == _SUBHEAD)
    # What is marked as a deck after the text belongs to another story.
    worth_a_look[:first] |= (region & (nearest == _DECK))[:first]
    worth_a_look[first : last + 1] = True
    if deck is not None:
        worth_a_look[deck] = True
    # Lists from here on: reading single numbers from an array is slow.
    kinds, marked, in_region = element_kinds.tolist(), nearest.tolist(), region.tolist()
    for place in np.nonzero(worth_a_look)[0].tolist():
        text = segments.texts[place]
        if place in chosen and kinds[place] == _PARAGRAPH and place != deck:
            blocks.append(Block(text))
            continue
        inside = first <= place <= last or place == deck
        label = _label(segments, place, chosen, deck, titles, marked)
        worth_keeping = label in ("title", "deck") or (label in KEPT_AFTER_TEXT and in_region[place])
        if not inside and not worth_keeping:
            continue
        kind = BlockKind.CAPTION if label == "caption" else segments.kind(place)
        field = FIELDS.get(label)
        if label != "body":
            score = None if scores is None else round(1 - scores[place], 3)
            decisions.append(_decision(label, field, len(blocks), text, score))
        blocks.append(Block(text, kind, label, field))
    return Labelled(tuple(blocks), tuple(decisions))


def _decision(label: str, field: str | None, paragraph: int, text: str, score: float | None) -> Decision:
    action = Action.MOVED if field else Action.REMOVED
    return Decision(STAGE, action, label, f"page-{label}/1", paragraph, text, text if field else None, score, field)


def _label(
    segments: Segments, place: int, chosen: frozenset[int], deck: int | None, titles: _Titles, marked: list[int]
) -> str:
    if titles.is_title(segments, place):
        return "title"
    if place == deck:
        return "deck"
    if place in chosen:
        return "body"
    if segments.kind(place) is BlockKind.CAPTION:
        return "caption"
    return LABELS[marked[place]]


def marked_labels(segments: Segments) -> NDArray[np.int32]:
    """Per segment the label (a place in LABELS) that the nearest marked element around it gives; else `furniture`."""
    found = np.full(len(segments.texts), len(LABELS) - 1, dtype=np.int32)
    is_short = segments.lengths() < DECK_CHARS[0]
    _find_labels(segments.parents, segments.marks, segments.elements, is_short, _label_bits(), found)
    return found


@kernel
def _find_labels(parents, marks, elements, is_short, bits, found):  # type: ignore[no-untyped-def]
    for segment in range(len(elements)):
        element = elements[segment]
        label = -1
        for _ in range(NEAR_ELEMENTS):
            if element <= 0 or label >= 0:
                break
            for place in range(len(bits)):
                if marks[element] & bits[place] and not (place == _DECK and is_short[segment]):
                    label = place
                    break
            element = parents[element]
        if label >= 0:
            found[segment] = label


@functools.cache
def _label_bits() -> NDArray[np.int64]:
    return np.array([mark_bits()[mark] for mark, _ in _LABEL_OF_MARK], dtype=np.int64)


@dataclass(frozen=True, slots=True)
class _Titles:
    """The titles that the page states, folded."""

    folded: tuple[str, ...]

    def is_title(self, segments: Segments, place: int) -> bool:
        """Whether a segment is the headline: an h1 that has to do with a stated title, or a heading equal to one."""
        element = segments.elements[place]
        if segments.kinds[element] != _SUBHEAD:
            return False
        text = fold(segments.texts[place])
        if segments.tags[element] == _H1:
            return not self.folded or any(text in title or title in text for title in self.folded)
        return len(text) >= TITLE_CHARS and text in self.folded


def find_deck(segments: Segments, chosen: frozenset[int], facts: PageFacts, titles: _Titles) -> int | None:
    """The segment that is the article's deck, or None: before the text's third block, and either
    said again in the page's description or marked as a deck after the headline.
    """
    described = {fold(text) for text in facts.descriptions}
    bits = mark_bits()
    head = sorted(chosen)[:2]
    headlines = np.nonzero(segments.tags[segments.elements] == _H1)[0]
    for place in range(int(headlines[0]) if len(headlines) else 0, head[-1] + 1):
        text = segments.texts[place]
        if not DECK_CHARS[0] <= len(text) <= DECK_CHARS[1] or titles.is_title(segments, place):
            continue
        element = segments.elements[place]
        marks = int(segments.marks[element] | segments.marks[max(0, segments.parents[element])])
        if marks & bits["deck"] and not marks & (bits["text"] | bits["related"] | bits["caption_text"]):
            return place
        if place < head[0] and place not in chosen and fold(text) in described:
            return place
    return None


def _region(segments: Segments, chosen: frozenset[int]) -> tuple[int, int]:
    """The elements from and up to which lies the smallest element that holds all chosen segments, widened
    to its parent: bios and related links stand right after the text's own container.
    """
    holders = segments.elements[list(chosen)]
    low, high = int(holders.min()), int(holders.max())
    element = low
    while element > 0 and segments.ends[element] <= high:
        element = int(segments.parents[element])
    element = max(0, int(segments.parents[element]))
    return element, int(segments.ends[element])


def fold(text: str) -> str:
    """The letters and digits of a text, case-folded: what two printings of a headline have in common."""
    return NO_LETTER.sub("", text.casefold())

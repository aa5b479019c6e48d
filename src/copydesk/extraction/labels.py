"""What the blocks are that stand in an article but don't belong to its text: captions, bios, related links.

A block that was not chosen for the text is labelled by what its markup says, from the nearest element
outwards, else by its kind. Some that were chosen are labelled too: the headline, the deck, and a
caption that is marked as one are fields and not text.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from copydesk.article import Action, Block, BlockKind, Decision
from copydesk.extraction.beside import (
    ASKING_BITS,
    CAPTION_CHARS,
    is_entry_time,
    is_named,
    stands_apart,
    stands_by_image,
)
from copydesk.extraction.compiled import kernel
from copydesk.extraction.facts import PageFacts
from copydesk.extraction.headline import DECK_CHARS, Titles, find_deck, fold
from copydesk.extraction.marks import mark_bits
from copydesk.extraction.segments import Segments
from copydesk.extraction.tags import KIND_CODES, KIND_ORDER

STAGE = "extraction"

NEAR_ELEMENTS = 5
"""How many elements outwards a mark still says what a block is. Beyond, it says what the page's region is."""

FIELDS = {
    "title": "title",
    "deck": "deck",
    "byline": "byline",
    "caption": "captions",
    "bio": "author_bio",
    "entry_time": "entry_times",
}
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
_DECK, _DATE, _FURNITURE = LABELS.index("deck"), LABELS.index("date"), LABELS.index("furniture")

KEPT_AFTER_TEXT = frozenset(("caption", "bio", "note", "related", "promo", "byline", "topics"))
"""What is worth keeping beside the text when it stands before its first or after its last block."""

SURE = 0.8
"""From this probability on a chosen paragraph beside an image is text. Below, 33 of 36 on the development pages are
captions; above, 20 of 78."""

LEAD = 0.95
"""From this probability on a chosen paragraph is the lead, though it is marked as an introduction: nine of nine on the
development pages. A lead wrongly moved is a loss; a deck left in the text is none."""

_SUBHEAD, _CAPTION = KIND_CODES[BlockKind.SUBHEAD], KIND_CODES[BlockKind.CAPTION]
_PARAGRAPH, _CELL = KIND_CODES[BlockKind.PARAGRAPH], KIND_CODES[BlockKind.TABLE_CELL]
_CAPTION_BIT = mark_bits()["caption_text"]
_IS_KEPT_AFTER_TEXT = np.array([label in KEPT_AFTER_TEXT for label in LABELS])


@dataclass(frozen=True, slots=True)
class Labelled:
    """The blocks of the article's region in order, and a decision for each that isn't text."""

    blocks: tuple[Block, ...]
    decisions: tuple[Decision, ...]


def label_segments(
    segments: Segments,
    chosen: frozenset[int],
    facts: PageFacts,
    scores: Sequence[float] | None = None,
    *,
    is_live: bool = False,
) -> Labelled:
    """The blocks of a page, body and not, with their decisions; none if nothing was chosen.

    `scores` are the certainties that a segment is text. In a live blog the lines with an entry's time are kept apart,
    too, each before its entry.
    """
    if not chosen:
        return Labelled((), ())
    blocks: list[Block] = []
    decisions: list[Decision] = []
    for place, kind, label in _label_places(segments, chosen, facts, scores, is_live):
        text = segments.texts[place]
        if label == "body":
            blocks.append(Block(text, kind))
            continue
        field = FIELDS.get(label)
        score = None if scores is None else round(1 - scores[place], 3)
        decisions.append(_decision(label, field, len(blocks), text, score))
        blocks.append(Block(text, BlockKind.CAPTION if label == "caption" else kind, label, field))
    return Labelled(tuple(blocks), tuple(decisions))


def _label_places(
    segments: Segments, chosen: frozenset[int], facts: PageFacts, scores: Sequence[float] | None, is_live: bool
) -> Iterator[tuple[int, BlockKind, str]]:
    """The segments that become blocks, each with its kind and its label."""
    first, last = min(chosen), max(chosen)
    titles = Titles(tuple(fold(title) for title in facts.titles))
    deck = find_deck(segments, chosen, facts, titles)
    if deck in chosen and scores is not None and scores[deck] >= LEAD and not is_named(segments, deck, "standfirst"):
        deck = None
    nearest = marked_labels(segments)
    # What is marked as a deck among or after the paragraphs belongs to a box or to another story.
    nearest[first + 1 :][nearest[first + 1 :] == _DECK] = _FURNITURE
    region = _in_region(segments, chosen)
    codes = segments.kind_codes()
    look = _worth_a_look(nearest, region, codes, first, last, is_live)
    if deck is not None:
        look[deck] = True
    doubted = _doubted(segments, chosen, codes, scores)
    # Lists from here on: reading single numbers from an array is slow.
    kinds, marked, in_region = codes.tolist(), nearest.tolist(), region.tolist()
    for place in np.nonzero(look)[0].tolist():
        kind, is_chosen = kinds[place], place in chosen
        if kind == _SUBHEAD and titles.is_title(segments, place):
            label = "title"
        elif place == deck:
            label = "deck"
        elif is_live and is_entry_time(segments.texts[place], is_marked=marked[place] == _DATE and not is_chosen):
            label = "entry_time"
        elif is_chosen:
            label = _label_doubted(segments, place, LABELS[marked[place]]) if place in doubted else "body"
        elif kind == _CAPTION or (marked[place] == _FURNITURE and stands_by_image(segments, place)):
            label = "caption"
        else:
            label = LABELS[marked[place]]
        is_kept = label in ("title", "deck") or (label in KEPT_AFTER_TEXT and in_region[place])
        is_kept |= label == "entry_time" and first - 2 <= place < first
        if is_kept or first <= place <= last:
            yield place, KIND_ORDER[kind], label


def _doubted(
    segments: Segments, chosen: frozenset[int], codes: NDArray[np.int32], scores: Sequence[float] | None
) -> frozenset[int]:
    """The chosen segments that may be none of the text: marked as captions, or unsure in a place that speaks against
    them. Found for all at once, as nearly every paragraph of nearly every page is beyond doubt.
    """
    places = np.fromiter(chosen, dtype=np.int64, count=len(chosen))
    elements, kinds = segments.elements[places], codes[places]
    own = segments.marks[elements]
    # Names of headings are made of their words: one on credit cards is no picture's credit.
    is_doubted = (own & _CAPTION_BIT != 0) & (kinds != _SUBHEAD)
    if scores is not None:
        around = own | segments.marks[np.maximum(segments.parents[elements], 0)]
        is_against = (around & ASKING_BITS != 0) | bool(segments.images.any())
        is_unsure = np.fromiter((scores[place] < SURE for place in chosen), dtype=np.bool_, count=len(chosen))
        is_doubted |= is_unsure & is_against & ((kinds == _PARAGRAPH) | (kinds == _CELL))
    return frozenset(places[is_doubted].tolist())


def _label_doubted(segments: Segments, place: int, marked: str) -> str:
    """The label of a doubted segment, of whose mark `marked` is the label."""
    own = int(segments.marks[segments.elements[place]])
    if own & _CAPTION_BIT:
        return "caption" if len(segments.texts[place]) <= CAPTION_CHARS[1] else "body"
    if stands_by_image(segments, place):
        return "caption"
    return marked if stands_apart(segments, place) else "body"


def _worth_a_look(
    nearest: NDArray[np.int32],
    region: NDArray[np.bool_],
    codes: NDArray[np.int32],
    first: int,
    last: int,
    is_live: bool,
) -> NDArray[np.bool_]:
    """Per segment whether it may become a block."""
    is_worth: NDArray[np.bool_] = _IS_KEPT_AFTER_TEXT[nearest] | (codes == _CAPTION)
    # A picture may stand right above the text.
    is_worth[:first] |= nearest[:first] == _DECK
    is_worth[max(0, first - 2) : first] |= nearest[max(0, first - 2) : first] == _FURNITURE
    if is_live:
        is_worth[:] = True
    is_worth &= region
    is_worth |= codes == _SUBHEAD
    is_worth[first : last + 1] = True
    return is_worth


def _decision(label: str, field: str | None, paragraph: int, text: str, score: float | None) -> Decision:
    action = Action.MOVED if field else Action.REMOVED
    return Decision(STAGE, action, label, f"page-{label}/1", paragraph, text, text if field else None, score, field)


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


def _in_region(segments: Segments, chosen: frozenset[int]) -> NDArray[np.bool_]:
    """Per segment whether it stands in the smallest element that holds all chosen ones or in its parent."""
    low, high = _region(segments, chosen)
    inside: NDArray[np.bool_] = (segments.elements >= low) & (segments.elements < high)
    return inside


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

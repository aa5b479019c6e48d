"""What the blocks are that stand in an article but don't belong to its text: captions, bios, related links.

A block that was not chosen for the text is labelled by what its markup says, from the nearest element
outwards, else by its kind. Some that were chosen are labelled too: the headline, the deck, and a
caption that is marked as one are fields and not text.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
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
_NAMES = (*LABELS, "body", "title", "entry_time")
"""Those that a mark gives, and those that only a segment's place or text does."""
_BODY, _TITLE, _ENTRY_TIME = range(len(LABELS), len(_NAMES))
_DECK, _DATE, _FURNITURE = LABELS.index("deck"), LABELS.index("date"), LABELS.index("furniture")
_CAPTIONED = LABELS.index("caption")

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
_IS_KEPT_AFTER_TEXT = np.array([label in KEPT_AFTER_TEXT for label in _NAMES])
_IS_FIELD = np.array([label in ("title", "deck") for label in _NAMES])


@dataclass(frozen=True, slots=True)
class Labelled:
    """The blocks of the article's region in order, and a decision for each that isn't text."""

    blocks: tuple[Block, ...]
    decisions: tuple[Decision, ...]


def label_segments(
    segments: Segments,
    chosen: frozenset[int],
    facts: PageFacts,
    scores: Sequence[float] | NDArray[np.float64] | None = None,
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
    certain = None if scores is None else np.asarray(scores)
    places, kinds, labels = _label_places(segments, chosen, facts, certain, is_live)
    for place, kind, code in zip(places.tolist(), kinds.tolist(), labels.tolist(), strict=True):
        text = segments.texts[place]
        if code == _BODY:
            blocks.append(Block(text, KIND_ORDER[kind]))
            continue
        label = _NAMES[code]
        field = FIELDS.get(label)
        score = None if certain is None else round(1 - float(certain[place]), 3)
        decisions.append(_decision(label, field, len(blocks), text, score))
        blocks.append(Block(text, BlockKind.CAPTION if label == "caption" else KIND_ORDER[kind], label, field))
    return Labelled(tuple(blocks), tuple(decisions))


def _label_places(
    segments: Segments, chosen: frozenset[int], facts: PageFacts, scores: NDArray[np.float64] | None, is_live: bool
) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.int32]]:
    """The segments that become blocks, each with the codes of its kind and of its label (a place in _NAMES).

    What nearly all segments are is found for all at once; later labels overrule earlier ones.
    """
    first, last = min(chosen), max(chosen)
    places = np.fromiter(chosen, dtype=np.int64, count=len(chosen))
    titles = Titles(tuple(fold(title) for title in facts.titles))
    deck = find_deck(segments, chosen, facts, titles)
    if deck in chosen and scores is not None and scores[deck] >= LEAD and not is_named(segments, deck, "standfirst"):
        deck = None
    nearest = marked_labels(segments)
    # What is marked as a deck among or after the paragraphs belongs to a box or to another story.
    nearest[first + 1 :][nearest[first + 1 :] == _DECK] = _FURNITURE
    region = _in_region(segments, places)
    codes = segments.kind_codes()
    look = _worth_a_look(nearest, region, codes, first, last, is_live)
    labels = _label_all(segments, look, nearest, codes, places, scores)
    if is_live:
        _label_times(segments, look, nearest, places, labels)
    if deck is not None:
        look[deck], labels[deck] = True, _DECK
    for place in np.nonzero(look & (codes == _SUBHEAD))[0].tolist():
        if titles.is_title(segments, place):
            labels[place] = _TITLE
    is_kept = _IS_FIELD[labels] | (_IS_KEPT_AFTER_TEXT[labels] & region)
    before = slice(max(0, first - 2), first)
    is_kept[before] |= labels[before] == _ENTRY_TIME
    is_kept[first : last + 1] = True
    found = np.nonzero(look & is_kept)[0]
    return found, codes[found], labels[found]


def _label_all(
    segments: Segments,
    look: NDArray[np.bool_],
    nearest: NDArray[np.int32],
    codes: NDArray[np.int32],
    places: NDArray[np.int64],
    scores: NDArray[np.float64] | None,
) -> NDArray[np.int32]:
    """The label of each segment by its mark, its kind, its place beside an image, and whether it was chosen."""
    labels = nearest.copy()
    labels[codes == _CAPTION] = _CAPTIONED
    labels[places] = _BODY
    for place in np.nonzero(look & (labels == _FURNITURE) & _may_stand_by_image(segments))[0].tolist():
        if stands_by_image(segments, place):
            labels[place] = _CAPTIONED
    for place in _doubted(segments, places, codes, scores):
        labels[place] = _label_doubted(segments, place, int(nearest[place]))
    return labels


def _label_times(
    segments: Segments,
    look: NDArray[np.bool_],
    nearest: NDArray[np.int32],
    places: NDArray[np.int64],
    labels: NDArray[np.int32],
) -> None:
    """Label the lines of a live blog that say when an entry was written."""
    is_dated = nearest == _DATE
    is_dated[places] = False
    for place in np.nonzero(look)[0].tolist():
        if is_entry_time(segments.texts[place], is_marked=bool(is_dated[place])):
            labels[place] = _ENTRY_TIME


def _may_stand_by_image(segments: Segments) -> NDArray[np.bool_]:
    """Per segment what is soon told of `stands_by_image`: whether its length is a caption's, and it is no link."""
    if not segments.images.any():
        return np.zeros(len(segments.texts), dtype=np.bool_)
    lengths = segments.lengths()
    is_long: NDArray[np.bool_] = (lengths >= CAPTION_CHARS[0]) & (lengths <= CAPTION_CHARS[1])
    return is_long & (segments.link_chars * 2 <= lengths)


def _doubted(
    segments: Segments, places: NDArray[np.int64], codes: NDArray[np.int32], scores: NDArray[np.float64] | None
) -> list[int]:
    """The chosen segments that may be none of the text: marked as captions, or unsure in a place that speaks against
    them. Found for all at once, as nearly every paragraph of nearly every page is beyond doubt.
    """
    elements, kinds = segments.elements[places], codes[places]
    own = segments.marks[elements]
    # Names of headings are made of their words: one on credit cards is no picture's credit.
    is_doubted = (own & _CAPTION_BIT != 0) & (kinds != _SUBHEAD)
    if scores is not None:
        around = own | segments.marks[np.maximum(segments.parents[elements], 0)]
        is_against = (around & ASKING_BITS != 0) | bool(segments.images.any())
        is_doubted |= (scores[places] < SURE) & is_against & ((kinds == _PARAGRAPH) | (kinds == _CELL))
    found: list[int] = places[is_doubted].tolist()
    return found


def _label_doubted(segments: Segments, place: int, marked: int) -> int:
    """The label of a doubted segment, of whose mark `marked` is the label."""
    own = int(segments.marks[segments.elements[place]])
    if own & _CAPTION_BIT:
        return _CAPTIONED if len(segments.texts[place]) <= CAPTION_CHARS[1] else _BODY
    if stands_by_image(segments, place):
        return _CAPTIONED
    return marked if stands_apart(segments, place) else _BODY


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


def _in_region(segments: Segments, chosen: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Per segment whether it stands in the smallest element that holds all chosen ones or in its parent."""
    low, high = _region(segments, chosen)
    inside: NDArray[np.bool_] = (segments.elements >= low) & (segments.elements < high)
    return inside


def _region(segments: Segments, chosen: NDArray[np.int64]) -> tuple[int, int]:
    """The elements from and up to which lies the smallest element that holds all chosen segments, widened
    to its parent: bios and related links stand right after the text's own container.
    """
    holders = segments.elements[chosen]
    low, high = int(holders.min()), int(holders.max())
    element = low
    while element > 0 and segments.ends[element] <= high:
        element = int(segments.parents[element])
    element = max(0, int(segments.parents[element]))
    return element, int(segments.ends[element])

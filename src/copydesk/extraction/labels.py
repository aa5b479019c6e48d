"""What the blocks are that stand in an article but don't belong to its text: captions, bios, related links.

A block that was not chosen for the text is labelled by what its markup says, from the nearest element
outwards, else by its kind. Some that were chosen are labelled too: the headline, the deck, and a
caption that is marked as one are fields and not text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from copydesk.article import Action, Block, BlockKind, Decision
from copydesk.extraction.beside import CAPTION_CHARS, is_entry_time, is_named, stands_apart, stands_by_image
from copydesk.extraction.facts import PageFacts
from copydesk.extraction.headline import Titles, find_deck, fold
from copydesk.extraction.marked import (
    BODY,
    DOUBTED,
    HEADING,
    IN_REGION,
    KEPT_AFTER_TEXT,
    LABELS,
    LOOK,
    MAY_BE_CAPTION,
    Told,
    tell_segments,
)
from copydesk.extraction.marks import mark_bits
from copydesk.extraction.segments import Segments
from copydesk.extraction.tags import KIND_ORDER

STAGE = "extraction"

FIELDS = {
    "title": "title",
    "deck": "deck",
    "byline": "byline",
    "caption": "captions",
    "bio": "author_bio",
    "entry_time": "entry_times",
}
"""The field a labelled block is moved to; blocks with any other label are removed from the text."""

_NAMES = (*LABELS, "body", "title", "entry_time")
"""Those that a mark gives, and those that only a segment's place or text does."""
_TITLE, _ENTRY_TIME = range(len(LABELS) + 1, len(_NAMES))
_DECK, _DATE, _CAPTIONED = LABELS.index("deck"), LABELS.index("date"), LABELS.index("caption")

LEAD = 0.95
"""From this probability on a chosen paragraph is the lead, though it is marked as an introduction: nine of nine on the
development pages. A lead wrongly moved is a loss; a deck left in the text is none."""

DOUBT = 0.03
"""From this probability on a paragraph before or after the article has a row as well: it might have been text, and
would otherwise be gone without a word. A row for each development page, with 24 of the 26 genuine paragraphs that lie
there; rows for all paragraphs would be five a page."""
DOUBTED_CHARS = 60
"""Shorter ones are links, dates and buttons."""
WIDE_FROM, WIDE_CHARS = "\u2e80", 3
"""From this character on (Chinese, Japanese, Korean) each says as much as three letters: a paragraph of 37 of them was
gone without a row."""

_CAPTION_BIT = mark_bits()["caption_text"]
_IS_KEPT_AFTER_TEXT = np.array([label in KEPT_AFTER_TEXT for label in _NAMES])
_IS_FIELD = np.array([label in ("title", "deck") for label in _NAMES])
_IS_MOVED = np.array([label in FIELDS for label in _NAMES])


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
        if code == BODY:
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
    titles = Titles(tuple(fold(title) for title in facts.titles))
    deck = find_deck(segments, chosen, facts, titles)
    if deck in chosen and scores is not None and scores[deck] >= LEAD and not is_named(segments, deck, "standfirst"):
        deck = None
    told = tell_segments(segments, chosen, scores, is_live=is_live)
    labels = told.labels
    _look_at_hints(segments, told)
    if is_live:
        for place in told.places(LOOK):
            is_dated = told.nearest[place] == _DATE and place not in chosen
            if is_entry_time(segments.texts[place], is_marked=is_dated):
                labels[place] = _ENTRY_TIME
    if deck is not None:
        told.hints[deck] |= LOOK
        labels[deck] = _DECK
    for place in told.places(HEADING):
        if titles.is_title(segments, place):
            labels[place] = _TITLE
    is_kept = _IS_FIELD[labels] | (_IS_KEPT_AFTER_TEXT[labels] & (told.hints & IN_REGION != 0))
    before = slice(max(0, first - 2), first)
    is_kept[before] |= labels[before] == _ENTRY_TIME
    is_kept[first : last + 1] = True
    is_kept &= told.hints & LOOK != 0
    is_kept |= _might_be_text(segments, scores) & ~_IS_MOVED[labels]
    found = np.nonzero(is_kept)[0]
    return found, told.kinds[found], labels[found]


def _might_be_text(segments: Segments, scores: NDArray[np.float64] | None) -> NDArray[np.bool_]:
    """Which segments are paragraphs that the model doesn't rule out; none where it wasn't asked."""
    lengths = segments.lengths()
    if scores is None:
        return np.zeros(len(lengths), dtype=np.bool_)
    found: NDArray[np.bool_] = (scores >= DOUBT) & (2 * segments.link_chars < lengths)
    for place in np.nonzero(found & (lengths < DOUBTED_CHARS))[0].tolist():
        found[place] = _letters_worth(segments.texts[place]) >= DOUBTED_CHARS
    return found


def _letters_worth(text: str) -> int:
    """How many letters say as much as a text."""
    wide = 0 if text.isascii() else sum(char >= WIDE_FROM for char in text)
    return len(text) + (WIDE_CHARS - 1) * wide


def _look_at_hints(segments: Segments, told: Told) -> None:
    """Label what stands by an image, and what of the chosen is none of the text."""
    for place in told.places(MAY_BE_CAPTION):
        if stands_by_image(segments, place):
            told.labels[place] = _CAPTIONED
    for place in told.places(DOUBTED):
        told.labels[place] = _label_doubted(segments, place, int(told.nearest[place]))


def _label_doubted(segments: Segments, place: int, marked: int) -> int:
    """The label of a doubted segment, of whose mark `marked` is the label."""
    own = int(segments.marks[segments.elements[place]])
    if own & _CAPTION_BIT:
        return _CAPTIONED if len(segments.texts[place]) <= CAPTION_CHARS[1] else BODY
    if stands_by_image(segments, place):
        return _CAPTIONED
    return marked if stands_apart(segments, place) else BODY


def _decision(label: str, field: str | None, paragraph: int, text: str, score: float | None) -> Decision:
    action = Action.MOVED if field else Action.REMOVED
    return Decision(STAGE, action, label, f"page-{label}/1", paragraph, text, text if field else None, score, field)

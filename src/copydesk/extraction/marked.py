"""What markup and place say of the segments of a page, given which were chosen: all of them in one compiled pass.

Nine segments in ten are settled with it. The others have a hint that somebody has to look at them: `labels.py` does.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from copydesk.article import BlockKind
from copydesk.extraction.beside import ASKING_BITS, CAPTION_CHARS
from copydesk.extraction.compiled import kernel
from copydesk.extraction.headline import DECK_CHARS
from copydesk.extraction.marks import mark_bits
from copydesk.extraction.segments import LAYOUT_CELL_CHARS, Segments
from copydesk.extraction.tags import KIND_CODES

NEAR_ELEMENTS = 5
"""How many elements outwards a mark still says what a block is. Beyond, it says what the page's region is."""

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
BODY = len(LABELS)
"""The code of what was chosen, behind those of the labels."""

KEPT_AFTER_TEXT = frozenset(("caption", "bio", "note", "related", "promo", "byline", "topics"))
"""What is worth keeping beside the text when it stands before its first or after its last block."""

SURE = 0.8
"""From this probability on a chosen paragraph beside an image is text. Below, 33 of 36 on the development pages are
captions; above, 20 of 78."""

LOOK, IN_REGION, DOUBTED, MAY_BE_CAPTION, HEADING = (1 << bit for bit in range(5))
"""Hints. LOOK: may become a block. IN_REGION: in the smallest element that holds all chosen segments, or in its parent.
DOUBTED: chosen, and perhaps none of the text. MAY_BE_CAPTION: not chosen, and perhaps beside an image."""

_DECK, _CAPTIONED, _FURNITURE = LABELS.index("deck"), LABELS.index("caption"), LABELS.index("furniture")
_SUBHEAD, _CAPTION = KIND_CODES[BlockKind.SUBHEAD], KIND_CODES[BlockKind.CAPTION]
_PARAGRAPH, _CELL = KIND_CODES[BlockKind.PARAGRAPH], KIND_CODES[BlockKind.TABLE_CELL]
_CAPTION_BIT = mark_bits()["caption_text"]
_IS_KEPT_AFTER_TEXT = np.array([label in KEPT_AFTER_TEXT for label in LABELS])


@dataclass(frozen=True, slots=True)
class Told:
    """Per segment: the label of the nearest mark (a place in LABELS), the label so far (or BODY), the code of its kind,
    and hints as bits.
    """

    nearest: NDArray[np.int32]
    labels: NDArray[np.int32]
    kinds: NDArray[np.int32]
    hints: NDArray[np.int32]

    def places(self, hint: int) -> list[int]:
        """The segments with a hint, in order."""
        found: list[int] = np.nonzero(self.hints & hint)[0].tolist()
        return found


def tell_segments(
    segments: Segments, chosen: frozenset[int], scores: NDArray[np.float64] | None, *, is_live: bool
) -> Told:
    """What is told of each segment; `chosen` mustn't be empty. Without scores, everything chosen is sure."""
    total = len(segments.elements)
    places, is_chosen = np.array(sorted(chosen), dtype=np.int64), np.zeros(total, dtype=np.bool_)
    is_chosen[places] = True
    nearest, labels, kinds, hints = np.empty((4, total), dtype=np.int32)
    _tell(
        segments.parents, segments.ends, segments.marks, segments.kinds, segments.images, segments.elements,
        segments.text_starts, segments.link_chars, places, is_chosen,
        np.ones(total) if scores is None else scores, is_live,
        _label_bits(), nearest, labels, kinds, hints,
    )  # fmt: skip
    return Told(nearest, labels, kinds, hints)


@kernel
def _tell(
    parents, ends, marks, element_kinds, images, elements, text_starts, link_chars, chosen, is_chosen, scores, is_live,
    bits, nearest, labels, kinds, hints,
):  # fmt: skip
    first, last = chosen[0], chosen[-1]
    begin, end = _region(parents, ends, elements, chosen)
    is_pictured = np.bool_(False)  # a plain one would have `_is_doubted` compiled once more, for it alone
    for count in images:
        is_pictured |= count > 0
    for s in range(len(elements)):
        element = elements[s]
        chars = text_starts[s + 1] - text_starts[s]
        kind = element_kinds[element]
        if kind == _CELL and chars > LAYOUT_CELL_CHARS:
            kind = np.int32(_PARAGRAPH)
        label = _nearest_label(parents, marks, element, chars < DECK_CHARS[0], bits)
        # What is marked as a deck among or after the paragraphs belongs to a box or to another story.
        if label == _DECK and s > first:
            label = _FURNITURE
        is_in_region = begin <= element < end
        # A picture may stand right above the text.
        look = is_live or _IS_KEPT_AFTER_TEXT[label] or kind == _CAPTION
        look |= s < first and (label == _DECK or (s >= first - 2 and label == _FURNITURE))
        look = (look and is_in_region) or kind == _SUBHEAD or first <= s <= last
        hint = LOOK * look + IN_REGION * is_in_region + HEADING * (kind == _SUBHEAD)
        nearest[s], kinds[s] = label, kind
        if is_chosen[s]:
            around = marks[element] | marks[max(parents[element], 0)]
            hint += DOUBTED * _is_doubted(marks[element], around, kind, scores[s], is_pictured)
            label = BODY
        elif kind == _CAPTION:
            label = _CAPTIONED
        elif look and label == _FURNITURE and is_pictured and CAPTION_CHARS[0] <= chars <= CAPTION_CHARS[1]:
            hint += MAY_BE_CAPTION * (link_chars[s] * 2 <= chars)
        labels[s], hints[s] = label, hint


@kernel
def _nearest_label(parents, marks, element, is_short, bits):
    """The label of the nearest marked element around a segment; furniture without one."""
    for _ in range(NEAR_ELEMENTS):
        if element <= 0:
            break
        if marks[element]:
            for place in range(len(bits)):
                if marks[element] & bits[place] and not (place == _DECK and is_short):
                    return place
        element = parents[element]
    return _FURNITURE


@kernel
def _is_doubted(own, around, kind, score, is_pictured):
    """Whether a chosen segment is marked as a caption, or unsure in a place that speaks against it."""
    # Names of headings are made of their words: one on credit cards is no picture's credit.
    if own & _CAPTION_BIT and kind != _SUBHEAD:
        return True
    if score >= SURE or kind not in (_PARAGRAPH, _CELL):
        return False
    return is_pictured or around & ASKING_BITS != 0


@kernel
def _region(parents, ends, elements, chosen):
    """The elements from and up to which lies the smallest element that holds all chosen segments, widened
    to its parent: bios and related links stand right after the text's own container.
    """
    low = high = elements[chosen[0]]
    for place in chosen:
        low, high = min(low, elements[place]), max(high, elements[place])
    element = low
    while element > 0 and ends[element] <= high:
        element = parents[element]
    element = max(0, parents[element])
    return element, ends[element]


@functools.cache
def _label_bits() -> NDArray[np.int64]:
    return np.array([mark_bits()[mark] for mark, _ in _LABEL_OF_MARK], dtype=np.int64)

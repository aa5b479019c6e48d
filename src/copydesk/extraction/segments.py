"""A walked page: its text in block-sized segments, and the block-level elements around them, as parallel arrays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from copydesk.article import BlockKind
from copydesk.extraction.tags import KIND_CODES, KIND_ORDER

LAYOUT_CELL_CHARS = 240
"""A table cell with more text than this is a part of the page's layout, not of a table."""

_CELL = KIND_CODES[BlockKind.TABLE_CELL]


@dataclass(frozen=True, slots=True)
class Segments:
    """A page's text segments and block-level elements.

    Elements stand in document order, so the elements inside element e are those from e up to, but without,
    `ends[e]`. Element 0 is the body, whose parent is -1.

    Per element: `parents`, `ends`, `tags` (codes of `tags.TAGS`), `kinds` (codes of `tags.KIND_ORDER`), `marks` (bits
    of `marks.mark_bits`), `images` in it and not in an element inside it; its names, which are the characters of
    `name_codes` (uint32, code points) from `name_starts` on.

    Per segment: `texts`; `elements`, the element each stands in; `text_starts`, where it begins in `text_codes`
    (uint32, the code points of all texts, one after the other); `link_chars`, `links`, `bold_chars`, `italic_chars` and
    `starts_linked` count its markup.

    `json_ld` are the JSON-LD scripts in the body. `classes` are all values of class attributes in the body (and maybe
    others) that have one of `marks.TELLING_CLASSES`; None where they weren't collected.
    """

    parents: NDArray[np.int32]
    ends: NDArray[np.int32]
    tags: NDArray[np.int32]
    kinds: NDArray[np.int32]
    marks: NDArray[np.int64]
    images: NDArray[np.int32]
    name_codes: NDArray[np.uint32]
    name_starts: NDArray[np.int64]
    texts: tuple[str, ...]
    text_codes: NDArray[np.uint32]
    text_starts: NDArray[np.int64]
    elements: NDArray[np.int32]
    link_chars: NDArray[np.int32]
    links: NDArray[np.int32]
    bold_chars: NDArray[np.int32]
    italic_chars: NDArray[np.int32]
    starts_linked: NDArray[np.int32]
    json_ld: tuple[str, ...] = ()
    classes: frozenset[str] | None = None

    def kind(self, segment: int) -> BlockKind:
        """The kind of a segment: its element's, but a long cell is layout and not a cell."""
        kind = KIND_ORDER[self.kinds[self.elements[segment]]]
        if kind is BlockKind.TABLE_CELL and len(self.texts[segment]) > LAYOUT_CELL_CHARS:
            return BlockKind.PARAGRAPH
        return kind

    def kind_codes(self) -> NDArray[np.int32]:
        """The code of each segment's kind."""
        codes = self.kinds[self.elements]
        codes[(codes == _CELL) & (self.lengths() > LAYOUT_CELL_CHARS)] = 0
        return codes

    def lengths(self) -> NDArray[np.int64]:
        """The characters of each segment."""
        return self.text_starts[1:] - self.text_starts[:-1]

    def name(self, element: int) -> str:
        """What the attributes of an element call it; "" without any."""
        return read_codes(self.name_codes[self.name_starts[element] : self.name_starts[element + 1]])


def read_codes(codes: NDArray[np.uint32]) -> str:
    """Code points as a text."""
    return str(codes.data, "utf-32-le")


def code_points(texts: Sequence[str]) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
    """The code points of texts, one after the other, and where each begins (one more than there are texts)."""
    # Of bytes that can be changed: a kernel would be compiled once more for an array that can't be written to.
    codes = np.frombuffer(bytearray("".join(texts).encode("utf-32-le", "replace")), dtype=np.uint32)
    starts = np.zeros(len(texts) + 1, dtype=np.int64)
    np.cumsum([len(text) for text in texts], out=starts[1:])
    return codes, starts


def _nothing() -> Segments:
    codes, starts = code_points(())
    empty = np.zeros(0, dtype=np.int32)
    marks = np.zeros(0, dtype=np.int64)
    return Segments(
        empty,
        empty,
        empty,
        empty,
        marks,
        empty,
        codes,
        starts,
        (),
        codes,
        starts,
        empty,
        empty,
        empty,
        empty,
        empty,
        empty,
    )


NO_SEGMENTS = _nothing()
"""A page without a body."""

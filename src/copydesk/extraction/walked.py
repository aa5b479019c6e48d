"""What a walk has found so far, column by column."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from copydesk.article import BlockKind
from copydesk.extraction.segments import Segments, code_points
from copydesk.extraction.tags import KIND_CODES


@dataclass(slots=True)
class Columns:
    """The columns of `Segments`, as they grow."""

    parents: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    tags: list[int] = field(default_factory=list)
    marks: list[int] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    kinds: list[BlockKind] = field(default_factory=list)
    images: list[int] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    elements: list[int] = field(default_factory=list)
    link_chars: list[int] = field(default_factory=list)
    links: list[int] = field(default_factory=list)
    bold_chars: list[int] = field(default_factory=list)
    italic_chars: list[int] = field(default_factory=list)
    starts_linked: list[bool] = field(default_factory=list)
    json_ld: list[str] = field(default_factory=list)

    def freeze(self) -> Segments:
        """The same as arrays."""
        name_codes, name_starts = code_points(self.names)
        text_codes, text_starts = code_points(self.texts)
        kinds = [KIND_CODES[kind] for kind in self.kinds]
        parents, ends, tags, codes, images, elements, link_chars, links, bold_chars, italic_chars, starts_linked = (
            np.array(column, dtype=np.int32)
            for column in (
                self.parents, self.ends, self.tags, kinds, self.images, self.elements, self.link_chars, self.links,
                self.bold_chars, self.italic_chars, self.starts_linked,
            )
        )  # fmt: skip
        return Segments(
            parents, ends, tags, codes, np.array(self.marks, dtype=np.int64), images, name_codes, name_starts,
            tuple(self.texts), text_codes, text_starts, elements, link_chars, links, bold_chars, italic_chars,
            starts_linked, tuple(self.json_ld),
        )  # fmt: skip

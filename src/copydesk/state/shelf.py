"""The examined articles of one night, as judging sees them: columns by article_id, articles on demand.

The columns of the segments stay where they lie, mapped into memory, so that a corpus that doesn't fit there can be
judged.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

from copydesk.article import Article
from copydesk.spread import Spread

ReadRows = Callable[[str, Sequence[int]], Iterator[tuple[int, Article]]]
"""The articles in these rows of a segment, each with its row, in ascending order."""


@dataclass(frozen=True, slots=True)
class StoredShelf:
    """Examined articles by article_id. `records` are their present positions in their files, int32, (articles,)."""

    columns: Spread
    records: NDArray[np.int32]
    names: tuple[str, ...]
    segments: NDArray[np.int64]
    rows: NDArray[np.int64]
    read: ReadRows

    def load(self, rows: Sequence[int]) -> Iterator[Article]:
        """The articles of these rows, in the order asked for; of each segment the needed parts are read once."""
        wanted = np.asarray(rows, np.int64)
        found: dict[int, Article] = {}
        for segment in np.unique(self.segments[wanted]).tolist():
            here = wanted[self.segments[wanted] == segment]
            row_of = dict(zip(self.rows[here].tolist(), here.tolist(), strict=True))
            for row, article in self.read(self.names[segment], sorted(row_of)):
                record = int(self.records[row_of[row]])
                found[row_of[row]] = replace(article, source=replace(article.source, record=record))
        return (found[row] for row in wanted.tolist())

    def changed(self, columns: Spread, change: Callable[[Article], Article]) -> Self:
        """The shelf with other columns, on which each article is as `change` makes it."""

        def read(segment: str, rows: Sequence[int]) -> Iterator[tuple[int, Article]]:
            return ((row, change(article)) for row, article in self.read(segment, rows))

        return replace(self, columns=columns, read=read)

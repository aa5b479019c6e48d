"""The examined articles of one night, as judging sees them: columns by article_id, articles on demand.

The columns of the segments stay where they lie, mapped into memory, so that a corpus that doesn't fit there can be
judged.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Self

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from copydesk.article import Article
from copydesk.spread import Spread, spread
from copydesk.state.columns import KEPT_COLUMNS
from copydesk.state.places import Places
from copydesk.state.serial import decode_article, decode_text

Decode = Callable[[bytes], Any]
"""What is made of an encoded article."""

ReadRows = Callable[[str, Sequence[int], Decode], Iterator[tuple[int, Any]]]
"""What a function makes of the encoded articles in these rows of a segment, each with its row, in ascending order."""


@dataclass(frozen=True, slots=True)
class StoredShelf:
    """Examined articles by article_id. `records` are their present positions in their files, int32, (articles,).

    Where they can be read by another process, too, `folder` is that of the segments, and `change` makes of each what it
    is here.
    """

    columns: Spread
    records: NDArray[np.int32]
    names: tuple[str, ...]
    segments: NDArray[np.int64]
    rows: NDArray[np.int64]
    read: ReadRows
    folder: Path | None = None
    change: Callable[[Article], Article] | None = None

    def load(self, rows: Sequence[int]) -> Iterator[Article]:
        """The articles of these rows, in the order asked for; of each segment the needed parts are read once."""
        found: dict[int, Article] = self._read(rows, decode_article)
        for row, article in found.items():
            found[row] = replace(article, source=replace(article.source, record=int(self.records[row])))
        return (found[row] for row in rows)

    def texts(self, rows: Sequence[int]) -> list[str]:
        """The texts of the articles of these rows, in the order asked for."""
        if self.change:
            return [article.text for article in self.load(rows)]
        found: dict[int, str] = self._read(rows, decode_text)
        return [found[row] for row in rows]

    def _read(self, rows: Sequence[int], decode: Decode) -> dict[int, Any]:
        """What is made of each encoded article, by its row."""
        wanted = np.asarray(rows, np.int64)
        found: dict[int, Any] = {}
        for segment in np.unique(self.segments[wanted]).tolist():
            here = wanted[self.segments[wanted] == segment]
            row_of = dict(zip(self.rows[here].tolist(), here.tolist(), strict=True))
            found.update((row_of[row], made) for row, made in self.read(self.names[segment], sorted(row_of), decode))
        return found

    def changed(self, columns: Spread, change: Callable[[Article], Article]) -> Self:
        """The shelf with other columns, on which each article is as `change` makes it."""

        def read(segment: str, rows: Sequence[int], decode: Decode) -> Iterator[tuple[int, Article]]:
            return ((row, change(article)) for row, article in self.read(segment, rows, decode))

        return replace(self, columns=columns, read=read, folder=None if self.change else self.folder, change=change)


def lay_out(
    listed: pa.Table,
    places: Places,
    columns_of: Callable[[str], pa.Table | None],
    read: ReadRows,
    folder: Path | None = None,
) -> StoredShelf:
    """These records (`article_id`, `fields`, `record`) on a shelf, as far as they are kept and there are columns."""
    found = places.find(listed)
    tables: dict[int, pa.Table] = {}
    for number in np.unique(places.segments[found[found >= 0]]).tolist():
        columns = columns_of(places.names[number])
        if columns is not None:
            tables[number] = columns
    numbers = np.full(len(places.names) + 1, -1, np.int64)
    numbers[list(tables)] = np.arange(len(tables))
    there = np.flatnonzero(found >= 0)
    there = there[numbers[places.segments[found[there]]] >= 0]
    there = there[pc.sort_indices(listed["article_id"].take(pa.array(there))).to_numpy().astype(np.int64)]
    segments, rows = numbers[places.segments[found[there]]], places.rows[found[there]].astype(np.int64)
    columns = spread(KEPT_COLUMNS, list(tables.values()), segments, rows)
    names = tuple(places.names[number] for number in tables)
    records = listed["record"].to_numpy()[there].astype(np.int32)
    return StoredShelf(columns, records, names, segments, rows, read, folder)

"""The examined articles of one night, as judging sees them: columns by article_id, articles on demand.

The columns of the segments are put into one order through a file that is mapped into memory, so that a corpus that
doesn't fit there can be judged.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from copydesk.article import Article
from copydesk.state.columns import KEPT_COLUMNS

GATHERED_ROWS = 1 << 14
"""Rows that are put in order at once: what is held in memory while the columns of a night are written."""

ReadRows = Callable[[str, Sequence[int]], Iterator[tuple[int, Article]]]
"""The articles in these rows of a segment, each with its row, in ascending order."""


@dataclass(frozen=True, slots=True)
class StoredShelf:
    """Examined articles by article_id. `records` are their present positions in their files, int32, (articles,)."""

    columns: pa.Table
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

    def changed(self, columns: pa.Table, change: Callable[[Article], Article]) -> Self:
        """The shelf with other columns, on which each article is as `change` makes it."""

        def read(segment: str, rows: Sequence[int]) -> Iterator[tuple[int, Article]]:
            return ((row, change(article)) for row, article in self.read(segment, rows))

        return replace(self, columns=columns, read=read)


def gather(tables: Sequence[pa.Table], segments: NDArray[np.int64], rows: NDArray[np.int64], path: Path) -> pa.Table:
    """The rows of several tables (schema `KEPT_COLUMNS`) in this order, written to a file and mapped into memory.

    Row i is row `rows[i]` of table `segments[i]`.
    """
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, KEPT_COLUMNS) as writer:
        for start in range(0, len(rows), GATHERED_ROWS):
            part = slice(start, start + GATHERED_ROWS)
            writer.write_table(_gather_part(tables, segments[part], rows[part]))
    return pa.ipc.open_file(pa.memory_map(str(path))).read_all()


def _gather_part(tables: Sequence[pa.Table], segments: NDArray[np.int64], rows: NDArray[np.int64]) -> pa.Table:
    order = np.argsort(segments, kind="stable")
    present = np.unique(segments)
    parts = [tables[segment].take(pa.array(rows[segments == segment])) for segment in present.tolist()]
    back = np.empty(len(order), np.int64)
    back[order] = np.arange(len(order))
    return pa.concat_tables(parts).combine_chunks().take(pa.array(back))

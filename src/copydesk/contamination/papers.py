"""A batch of articles as flat arrays, read from the columns that were kept of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from copydesk.contamination.block_keys import KEYS
from copydesk.contamination.columns import COLUMNS, DATELINE, HEADLINE, JUDGED, NAME, QUOTED, TYPED
from copydesk.contamination.kernels import run_kernel
from copydesk.machine.work import ALONE, Work
from copydesk.spread import Spread, as_spread, flat_lists, lying, lying_rows, scattered

BATCH, LEAST_BATCH, PARTS = 256, 64, 16
"""Articles that are looked at together, at most: their arrays stay in the cache of one core. Of few articles a batch is
about one of so many parts, but no smaller than that: what is done batch by batch costs something for each."""
MEAN_WORDS = 250
"""Distinct telling words of an article, roughly: by it the work is guessed that decides whether compiling pays."""
READ = 2048
"""Articles that are read together where little is wanted of each."""


@dataclass(frozen=True, slots=True)
class Papers:
    """Articles with their blocks, the title as the last one of each; all arrays flat.

    Article a is row `rows[a]` of the columns, has the distinct words `words[word_starts[a]:word_starts[a + 1]]` and the
    blocks from `starts[a]` to `starts[a + 1]`. Block b is block `blocks[b]` of all blocks in the columns and has the
    tokens from `bounds[b]` to `bounds[b + 1]`; a token is a place in `words`, with `counts` and `names`. The other
    arrays are as in `columns.COLUMNS`.
    """

    rows: NDArray[np.int64]
    starts: NDArray[np.int64]
    blocks: NDArray[np.int64]
    words: NDArray[np.uint32]
    word_starts: NDArray[np.int64]
    bounds: NDArray[np.int64]
    tokens: NDArray[np.int64]
    counts: NDArray[np.int64]
    names: NDArray[np.bool_]
    positions: NDArray[np.int64]
    lengths: NDArray[np.int64]
    known: NDArray[np.int64]
    leads: NDArray[np.float32]
    marks: NDArray[np.uint16]

    @property
    def owner(self) -> NDArray[np.int64]:
        """The article of each block, counted in this batch."""
        sizes = np.diff(self.starts)
        return np.repeat(np.arange(sizes.size), sizes)

    @property
    def titles(self) -> NDArray[np.int64]:
        """The last block of each article."""
        return self.starts[1:] - 1

    @property
    def block_of_token(self) -> NDArray[np.int64]:
        """The block of each token."""
        return np.repeat(np.arange(self.bounds.size - 1), np.diff(self.bounds))

    @property
    def judged(self) -> NDArray[np.bool_]:
        """Which blocks are prose that is long enough to be judged."""
        return (self.marks & JUDGED) > 0

    @property
    def datelines(self) -> NDArray[np.bool_]:
        """Which blocks open as the first paragraph of a story does."""
        return (self.marks & DATELINE) > 0

    @property
    def quoted(self) -> NDArray[np.bool_]:
        """Which blocks open with a quotation mark."""
        return (self.marks & QUOTED) > 0

    @property
    def headlines(self) -> NDArray[np.bool_]:
        """Which blocks read like headlines."""
        return (self.marks & HEADLINE) > 0

    @property
    def typed(self) -> NDArray[np.uint16]:
        """How each block is typed, bits of `columns.typed_with`."""
        typed: NDArray[np.uint16] = self.marks >> np.uint16(TYPED)
        return typed


def block_starts(columns: pa.Table | Spread) -> NDArray[np.int64]:
    """Where the blocks of each row start among those of all rows, and their number at the end."""
    return _bounds(as_spread(columns).sizes("lengths"))


def batches(columns: pa.Table | Spread, starts: NDArray[np.int64], gone: NDArray[np.bool_]) -> Iterator[Papers]:
    """All articles that have blocks, batch by batch as they lie."""
    return Corpus(columns, starts, gone).lying(np.arange(columns.num_rows))


@dataclass(frozen=True, slots=True)
class Corpus:
    """All articles: their columns, where the blocks of each row start among all, and which blocks are gone."""

    columns: pa.Table | Spread
    starts: NDArray[np.int64]
    gone: NDArray[np.bool_]

    def papers(self, rows: NDArray[np.int64]) -> Papers:
        """Some articles as arrays, by their rows in order."""
        return _papers(self.columns.take(pa.array(rows)), rows, self.starts, self.gone)

    def lying(self, rows: NDArray[np.int64]) -> Iterator[Papers]:
        """Those of some articles that have blocks, batch by batch as they lie; scattered ones are copied together."""
        for some in self.batches(rows):
            yield from self.read(some)

    def batches(self, rows: NDArray[np.int64]) -> list[NDArray[np.int64]]:
        """The rows that `lying` reads at once: of some hundred so few that several processes can be at them."""
        size = min(max(rows.size // PARTS, LEAST_BATCH), BATCH)
        alone = scattered(self.columns, rows, BATCH // 8)
        rest = rows[alone]
        together = (rest[low : low + size] for low in range(0, rest.size, size))
        return [*lying_rows(self.columns, rows[~alone], size), *together]

    def read(self, batch: NDArray[np.int64]) -> Iterator[Papers]:
        """The articles of a batch, if any of them has blocks."""
        first = next(lying_rows(self.columns, batch, BATCH), None)
        if first is not None and np.array_equal(first, batch):
            [(_, part)] = lying(self.columns, batch, BATCH)
            papers = _papers(part, batch, self.starts, self.gone)
        else:  # Scattered ones may all lie in one piece, too, but in another order than that of their rows.
            papers = self.papers(batch)
        if papers.rows.size:
            yield papers

    def is_gone(self, rows: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Which blocks of some articles are gone, one article after the other."""
        return self.gone[blocks_of(self.starts, rows)]

    def row_of(self, blocks: NDArray[np.int64]) -> NDArray[np.int64]:
        """The rows of some blocks."""
        return np.searchsorted(self.starts, blocks, side="right") - 1


def _papers(
    table: pa.Table | pa.RecordBatch | Spread,
    rows: NDArray[np.int64],
    starts: NDArray[np.int64],
    gone: NDArray[np.bool_],
) -> Papers:
    """The articles of a table, which are these rows of all columns, without empty ones and blocks that are gone."""
    lists = {name: flat_column(table, name) for name in COLUMNS.names if name != "keys"}
    sizes = np.diff(lists["lengths"][1])
    blocks = blocks_of(starts, rows)
    word_starts = lists["words"][1]
    owner = np.repeat(np.arange(rows.size), sizes)
    distinct = lists["distinct"][0].astype(np.int64)
    tokens = lists["tokens"][0] + np.repeat(word_starts[owner], distinct)
    counts = lists["counts"][0]
    keep = ~gone[blocks]
    kept_tokens = slice(None) if keep.all() else np.repeat(keep, distinct)
    sizes = np.bincount(owner, keep, rows.size).astype(np.int64)
    filled = sizes > 0
    flat = {name: lists[name][0][keep] for name in ("positions", "lengths", "known", "leads", "marks")}
    return Papers(
        rows=rows[filled],
        starts=_bounds(sizes[filled]),
        blocks=blocks[keep],
        words=lists["words"][0],
        word_starts=np.append(word_starts[:-1][filled], word_starts[-1]),
        bounds=_bounds(distinct[keep]),
        tokens=tokens[kept_tokens],
        counts=(counts & (NAME - 1)).astype(np.int64)[kept_tokens],
        names=(counts >= NAME)[kept_tokens],
        positions=flat["positions"].astype(np.int64),
        lengths=flat["lengths"].astype(np.int64),
        known=flat["known"].astype(np.int64),
        leads=flat["leads"],
        marks=flat["marks"],
    )


def flat_column(table: pa.Table | pa.RecordBatch | Spread, name: str) -> tuple[NDArray[Any], NDArray[np.int64]]:
    """The values of a column of lists one after the other, and where each row's start."""
    if isinstance(table, Spread):
        return table.lists(name)
    if isinstance(table, pa.RecordBatch):
        return flat_lists(table.column(name))
    column = table.column(name).combine_chunks()
    if isinstance(column, pa.ChunkedArray):
        column = column.chunk(0) if column.num_chunks else pa.array([], column.type)
    return flat_lists(column)


def _bounds(sizes: NDArray[np.int64]) -> NDArray[np.int64]:
    bounds = np.zeros(sizes.size + 1, np.int64)
    np.cumsum(sizes, out=bounds[1:])
    return bounds


def block_keys(
    columns: pa.Table | Spread, starts: NDArray[np.int64], gone: NDArray[np.bool_], work: Work = ALONE
) -> NDArray[np.uint32]:
    """The keys of all blocks, shape (blocks, KEYS); none for blocks that are gone."""
    keys = work.room((int(starts[-1]), KEYS), np.uint32)
    size = columns.num_rows * MEAN_WORDS
    for rows, part in lying(columns.select(["keys"]), np.arange(columns.num_rows), READ):
        run_kernel(_lay_keys, size, flat_lists(part.column(0))[0], rows, starts, keys)
    keys[np.flatnonzero(gone)] = 0
    return keys


def _lay_keys(values, rows, starts, keys):
    """Put the keys of all blocks of some articles, one article after the other, where the blocks stand."""
    at = 0
    for row in rows:
        for block in range(starts[row], starts[row + 1]):
            for n in range(keys.shape[1]):
                keys[block, n] = values[at]
                at += 1


def blocks_of(starts: NDArray[np.int64], rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """The numbers of all blocks of some articles, one article after the other."""
    return ranges(starts[rows], starts[rows + 1])


def ranges(firsts: NDArray[np.int64], ends: NDArray[np.int64]) -> NDArray[np.int64]:
    """All numbers from each first to its end.

    >>> ranges(np.array([4, 0]), np.array([6, 3])).tolist()
    [4, 5, 0, 1, 2]
    """
    sizes = ends - firsts
    return np.repeat(ends - np.cumsum(sizes), sizes) + np.arange(int(sizes.sum()))

"""The rows of many tables, in an order of their own, as one table: what isn't asked for is never copied.

What is kept of a hundred thousand articles are hundreds of megabytes in the order in which nights have brought them;
judging wants them by article_id. Putting all of it in order every night took longer than judging. A night asks for all
rows of a few narrow columns, and for a few rows of the wide ones.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

Flat = tuple[NDArray[Any], NDArray[Any]]
"""The values of a column of lists one after the other, and where each row's start and the last one's end."""

FEW_ROWS = 4
"""Of fewer rows than one in so many, those that lie in a piece are looked for there."""
ROW_BITS = 40
"""Bits for a row in its piece: what is left is for the piece."""
CHUNK_ROWS = 1 << 16
"""Rows of a chunk where a column is put together: a list array of more could outgrow its 32-bit offsets."""


@dataclass(frozen=True, slots=True)
class Spread:
    """A table whose row i is row `rows[i]` of `pieces[places[i]]`; all pieces have the columns of `schema`.

    Has what is used here of `pyarrow.Table`; `table` makes one of it.
    """

    schema: pa.Schema
    pieces: tuple[pa.RecordBatch, ...]
    places: NDArray[np.int64]
    rows: NDArray[np.int64]
    _made: dict[str, pa.ChunkedArray] = field(default_factory=dict, repr=False, compare=False)
    _flat: dict[str, list[Flat]] = field(default_factory=dict, repr=False, compare=False)

    def __len__(self) -> int:
        return int(self.rows.size)

    def __getitem__(self, name: str) -> pa.ChunkedArray:
        return self.column(name)

    @property
    def num_rows(self) -> int:
        """The number of rows."""
        return int(self.rows.size)

    @property
    def column_names(self) -> list[str]:
        """The names of the columns."""
        return list(self.schema.names)

    def column(self, name: str) -> pa.ChunkedArray:
        """A column, put together when it is first asked for."""
        if name not in self._made:
            self._made[name] = self._narrow(name) if self._is_narrow(name) else self._gather([name])[name]
        return self._made[name]

    def _is_narrow(self, name: str) -> bool:
        """Whether to put all pieces of a column side by side costs little, and less than to look through them."""
        kind = self.schema.field(name).type
        few_bytes: bool = pa.types.is_primitive(kind) or pa.types.is_fixed_size_binary(kind)
        return few_bytes and len(self) * FEW_ROWS > sum(piece.num_rows for piece in self.pieces)

    def _narrow(self, name: str) -> pa.ChunkedArray:
        every = pa.concat_arrays([piece.column(name) for piece in self.pieces])
        return pa.chunked_array([every.take(pa.array(self._numbers()))], self.schema.field(name).type)

    def _numbers(self) -> NDArray[np.int64]:
        """The number of each row among those of all pieces, one piece after the other."""
        firsts = np.cumsum([0, *(piece.num_rows for piece in self.pieces)])
        numbers: NDArray[np.int64] = firsts[self.places] + self.rows
        return numbers

    def select(self, names: Sequence[str]) -> Spread:
        """The same rows with these columns only."""
        schema = pa.schema([self.schema.field(name) for name in names], metadata=self.schema.metadata)
        made = {name: self._made[name] for name in names if name in self._made}
        return Spread(schema, tuple(piece.select(names) for piece in self.pieces), self.places, self.rows, made)

    def renamed(self, schema: pa.Schema) -> Spread:
        """The same columns under the names of this schema."""
        pieces = tuple(pa.RecordBatch.from_arrays(piece.columns, schema=schema) for piece in self.pieces)
        return Spread(schema, pieces, self.places, self.rows)

    def take(self, rows: Any) -> Spread:
        """These rows, in this order."""
        chosen = rows.to_numpy() if isinstance(rows, pa.Array) else np.asarray(rows, np.int64)
        return replace(self, places=self.places[chosen], rows=self.rows[chosen], _made={})

    def slice(self, start: int, length: int) -> Spread:
        """So many rows from this one on."""
        part = slice(start, start + length)
        return replace(self, places=self.places[part], rows=self.rows[part], _made={})

    def replaced(self, rows: NDArray[np.int64], new: pa.Table) -> Spread:
        """The table with these rows replaced by those of another table of the same columns, in their order."""
        pieces = new.cast(self.schema).combine_chunks().to_batches()
        places, places_in = self.places.copy(), self.rows.copy()
        sizes = [piece.num_rows for piece in pieces]
        places[rows] = len(self.pieces) + np.repeat(np.arange(len(pieces)), sizes)
        places_in[rows] = np.concatenate([np.arange(size) for size in sizes])
        return Spread(self.schema, (*self.pieces, *pieces), places, places_in)

    def lists(self, name: str) -> Flat:
        """The values of a column of lists, copied row by row from where they lie.

        Arrow's `take` copies them twice where they lie in several pieces, and all of a hundred thousand articles' runs
        of words take two hundred megabytes.
        """
        if name not in self._flat:
            self._flat[name] = [flat_lists(piece.column(name)) for piece in self.pieces]
        flat = self._flat[name]
        firsts, ends = np.zeros(len(self), np.int64), np.zeros(len(self), np.int64)
        for place, here in by_piece(self.places):
            offsets = flat[place][1]
            firsts[here], ends[here] = offsets[self.rows[here]], offsets[self.rows[here] + 1]
        starts = np.zeros(len(self) + 1, np.int64)
        np.cumsum(ends - firsts, out=starts[1:])
        out = np.empty(int(starts[-1]), flat[0][0].dtype if flat else np.int64)
        values = [own for own, _ in flat]
        rows = zip(self.places.tolist(), firsts.tolist(), ends.tolist(), starts[:-1].tolist(), strict=True)
        for place, first, end, start in rows:
            out[start : start + end - first] = values[place][first:end]
        return out, starts

    def sizes(self, name: str) -> NDArray[np.int64]:
        """How many values each row of a column of lists has."""
        found = [np.diff(piece.column(name).offsets.to_numpy()) for piece in self.pieces]
        sizes: NDArray[np.int64] = np.concatenate([np.zeros(0, np.int64), *found])[self._numbers()]
        return sizes

    def table(self) -> pa.Table:
        """The rows as a table."""
        return self._gather(self.column_names)

    def _gather(self, names: list[str]) -> pa.Table:
        schema = pa.schema([self.schema.field(name) for name in names], metadata=self.schema.metadata)
        starts = range(0, len(self), CHUNK_ROWS)
        parts = [self._part(start, names).cast(schema) for start in starts]
        return pa.concat_tables(parts) if parts else schema.empty_table()

    def _part(self, start: int, names: list[str]) -> pa.Table:
        places, rows = self.places[start : start + CHUNK_ROWS], self.rows[start : start + CHUNK_ROWS]
        found = by_piece(places)
        taken = [self.pieces[piece].select(names).take(pa.array(rows[here])) for piece, here in found]
        table = pa.Table.from_batches(taken).combine_chunks()
        if len(found) == 1:
            return table
        back = np.empty(places.size, np.int64)
        back[np.concatenate([here for _, here in found])] = np.arange(places.size)
        return table.take(pa.array(back))


def by_piece(places: NDArray[np.int64]) -> list[tuple[int, NDArray[np.int64]]]:
    """Each piece in which some rows lie, given that of each row, and which rows these are, in order.

    >>> [(piece, rows.tolist()) for piece, rows in by_piece(np.array([4, 1, 4]))]
    [(1, [1]), (4, [0, 2])]
    """
    # Numbers of two bytes are sorted by their bytes, in a fifth of the time that longer ones take.
    order = np.argsort(places.astype(np.uint16) if places.max(initial=0) < 1 << 16 else places, kind="stable")
    ordered = places[order]
    starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]][: order.size]).tolist()
    return [(int(ordered[start]), order[start:end]) for start, end in pairwise([*starts, order.size])]


def _as_they_lie(places: NDArray[np.int64], rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """The order in which rows lie."""
    # One number of both: `lexsort` takes seven times as long.
    return np.argsort(places << ROW_BITS | rows)


def spread(
    schema: pa.Schema, tables: Sequence[pa.Table], segments: NDArray[np.int64], rows: NDArray[np.int64]
) -> Spread:
    """The table whose row i is row `rows[i]` of table `segments[i]`.

    >>> table = pa.table({"n": [1, 2, 3]})
    >>> both = spread(table.schema, [table, pa.table({"n": [9]})], np.array([0, 1, 0]), np.array([2, 0, 0]))
    >>> both["n"].to_pylist()
    [3, 9, 1]
    """
    batches = [table.to_batches() for table in tables]
    firsts = np.cumsum([0, *(len(own) for own in batches)])
    places, within = np.zeros(rows.size, np.int64), np.zeros(rows.size, np.int64)
    for number, own in enumerate(batches):
        starts = np.cumsum([0, *(batch.num_rows for batch in own)])
        here = np.flatnonzero(segments == number)
        batch = np.searchsorted(starts, rows[here], side="right") - 1
        places[here], within[here] = firsts[number] + batch, rows[here] - starts[batch]
    return Spread(schema, tuple(batch for own in batches for batch in own), places, within)


def flat_lists(column: pa.Array) -> Flat:
    """The values of a column of lists one after the other, and where each row's start.

    >>> values, starts = flat_lists(pa.array([[1, 2], [], [3]]).slice(1))
    >>> values.tolist(), starts.tolist()
    ([3], [0, 0, 1])
    """
    offsets = column.offsets.to_numpy().astype(np.int64)
    return column.values.to_numpy()[offsets[0] : offsets[-1]], offsets - offsets[0]


def as_table(columns: pa.Table | Spread) -> pa.Table:
    """The columns as a table."""
    return columns.table() if isinstance(columns, Spread) else columns


def as_spread(columns: pa.Table | Spread) -> Spread:
    """The columns where they lie."""
    if isinstance(columns, Spread):
        return columns
    return spread(columns.schema, [columns], np.zeros(len(columns), np.int64), np.arange(len(columns)))


def storage_order(columns: pa.Table | Spread) -> NDArray[np.int32] | None:
    """By row where it lies, counted over all rows; None where they lie in their order."""
    if not isinstance(columns, Spread):
        return None
    order = np.empty(len(columns), np.int32)
    order[_as_they_lie(columns.places, columns.rows)] = np.arange(len(columns))
    return order


def scattered(columns: pa.Table | Spread, rows: NDArray[np.int64], few: int) -> NDArray[np.bool_]:
    """Which of some rows lie in pieces with fewer of them than that: to look at these piece by piece takes longer than
    to copy them together.

    >>> table = pa.table({"n": [1, 2, 3]})
    >>> both = spread(table.schema, [table, pa.table({"n": [9]})], np.array([0, 1, 0]), np.array([2, 0, 0]))
    >>> scattered(both, np.arange(3), 2).tolist()
    [False, True, False]
    """
    if not isinstance(columns, Spread):
        return np.zeros(rows.size, np.bool_)
    places = columns.places[rows]
    few_there: NDArray[np.bool_] = np.bincount(places)[places] < few if rows.size else np.zeros(0, np.bool_)
    return few_there


def lying(
    columns: pa.Table | Spread, rows: NDArray[np.int64], size: int
) -> Iterator[tuple[NDArray[np.int64], pa.RecordBatch]]:
    """Some rows, at most `size` at a time, in the order in which they lie: nothing is copied of those that lie side by
    side, and one after the other is how a disk reads.

    >>> table = pa.table({"n": [1, 2, 3]})
    >>> both = spread(table.schema, [table, pa.table({"n": [9]})], np.array([0, 1, 0]), np.array([2, 0, 0]))
    >>> [(rows.tolist(), part["n"].to_pylist()) for rows, part in lying(both, np.arange(3), 10)]
    [([2, 0], [1, 3]), ([1], [9])]
    """
    spread = as_spread(columns)
    for some in lying_rows(spread, rows, size):
        piece, wanted = spread.pieces[spread.places[some[0]]], spread.rows[some]
        part = piece.slice(wanted[0], wanted[-1] - wanted[0] + 1)
        yield some, part if len(part) == some.size else part.take(pa.array(wanted - wanted[0]))


def lying_rows(columns: pa.Table | Spread, rows: NDArray[np.int64], size: int) -> Iterator[NDArray[np.int64]]:
    """Some rows, at most `size` at a time, as `lying` reads them: each time of one piece."""
    spread = as_spread(columns)
    places, within = spread.places[rows], spread.rows[rows]
    order = _as_they_lie(places, within)
    edges = np.flatnonzero(np.r_[True, places[order][1:] != places[order][:-1]][: order.size]).tolist()
    for start, end in pairwise([*edges, order.size]):
        for at in range(start, end, size):
            yield rows[order[at : min(at + size, end)]]

"""A column of lists that is read where it lies, in mapped files: no more of it is copied than is worked on at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from copydesk.spread import Flat, Spread, as_spread, by_piece, flat_lists

Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Lists:
    """Lists by row: that of row i is list `rows[i]` of `pieces[places[i]]`, its values one after the other with where
    each list starts and the last one ends.
    """

    pieces: tuple[Flat, ...]
    places: Numbers
    rows: Numbers

    def __len__(self) -> int:
        return len(self.rows)

    def sizes(self) -> Numbers:
        """How many values each row has."""
        found = np.zeros(len(self), np.int64)
        for (_, starts), rows, at in self.by_piece(np.arange(len(self))):
            found[at] = np.diff(starts)[rows]
        return found

    def by_piece(self, wanted: Numbers) -> Iterator[tuple[Flat, Numbers, Numbers]]:
        """Each piece that holds some of these rows, with their numbers there, and their places among `wanted`."""
        for piece, at in by_piece(self.places[wanted]):
            yield self.pieces[piece], self.rows[wanted[at]], at

    def take(self, wanted: Numbers) -> Flat:
        """A copy of the lists of these rows, one after the other, and where each starts and the last one ends."""
        firsts, sizes = np.zeros(len(wanted), np.int64), np.zeros(len(wanted), np.int64)
        found = [(flat, at) for flat, rows, at in self.by_piece(wanted) if _note(flat, rows, at, firsts, sizes)]
        starts = np.zeros(len(wanted) + 1, np.int64)
        np.cumsum(sizes, out=starts[1:])
        values = np.empty(int(starts[-1]), self.pieces[0][0].dtype if self.pieces else np.int64)
        for (own, _), at in found:
            for first, size, start in zip(firsts[at].tolist(), sizes[at].tolist(), starts[at].tolist(), strict=True):
                values[start : start + size] = own[first : first + size]
        values.flags.writeable = False  # as what lies in a file: another type would be compiled for anew
        return values, starts


def _note(flat: Flat, rows: Numbers, at: Numbers, firsts: Numbers, sizes: Numbers) -> bool:
    """Writes down where the lists of these rows begin and how long they are; whether there is anything in them."""
    firsts[at] = flat[1][rows]
    sizes[at] = flat[1][rows + 1] - flat[1][rows]
    return bool(sizes[at].any())


def read_lists(table: pa.Table | Spread, name: str) -> Lists:
    """A column of lists of a table, row by row.

    >>> lists = read_lists(pa.table({"n": [[1, 2], [], [3]]}), "n")
    >>> [part.tolist() for part in lists.take(np.array([2, 0]))]
    [[3, 1, 2], [0, 1, 3]]
    """
    own = as_spread(table.select([name]))
    return Lists(tuple(flat_lists(piece.column(0)) for piece in own.pieces), own.places, own.rows)


def hold_lists(values: NDArray[Any], starts: Numbers) -> Lists:
    """Lists that are in memory."""
    count = len(starts) - 1
    return Lists(((values, starts),), np.zeros(count, np.int64), np.arange(count))

"""The pairs of groups that are worth measuring, why, and what measuring them said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from copydesk.duplicates.candidates import Numbers, pack, unpack
from copydesk.duplicates.hashing import Hashes
from copydesk.duplicates.verify import Verdicts

Flags = npt.NDArray[np.bool_]
Shares = npt.NDArray[np.float64]

UNKNOWN = -1.0
"""Stands for a pair that wasn't measured at sight."""

PAIRS = pa.schema(
    [
        pa.field("left", pa.int64(), nullable=False),
        pa.field("right", pa.int64(), nullable=False),
        pa.field("bands", pa.int64(), nullable=False),
        pa.field("named", pa.int64(), nullable=False),
        pa.field("prints", pa.bool_(), nullable=False),
        pa.field("sight", pa.float64(), nullable=False),
        pa.field("measured", pa.bool_(), nullable=False),
        *(pa.field(name, pa.float64(), nullable=False) for name in Verdicts.__slots__[:4]),
        *(pa.field(name, pa.bool_(), nullable=False) for name in Verdicts.__slots__[4:]),
    ]
)
"""`left`, `right`: groups, the left one before the right one in the order of content. `bands`, `named`: by how many
bands, and titles and URLs, they became a pair; `prints`: whether by fingerprints. `sight`: their Jaccard if they are
linked with nothing taken for furniture, 0 if they aren't, -1 if they don't share a band. `measured`: whether what
follows was measured without furniture; see `verify.Verdicts`."""


@dataclass(frozen=True, slots=True)
class Pairs:
    """The columns of `PAIRS` as arrays, by position in the order of content, sorted by `left` and `right`."""

    left: Numbers
    right: Numbers
    bands: Numbers
    named: Numbers
    prints: Flags
    sight: Shares
    measured: Flags
    verdicts: Verdicts

    def __len__(self) -> int:
        return len(self.left)

    @property
    def packed(self) -> Hashes:
        """Each pair as one number."""
        return pack(self.left, self.right)

    @property
    def alike(self) -> Flags:
        """Which pairs share a band."""
        return self.bands > 0

    @property
    def candidates(self) -> Flags:
        """Which pairs share anything that makes them worth measuring."""
        found: Flags = (self.bands > 0) | (self.named > 0) | self.prints
        return found

    def take(self, chosen: Flags) -> Pairs:
        """Some of the pairs."""
        return _make([column[chosen] for column in _columns(self)])

    def spread(self, packed: Hashes) -> Pairs:
        """These pairs (sorted, each once) with what is known of them; nothing is known of those that are new."""
        own = self.packed
        places = np.searchsorted(packed, own)
        there = np.flatnonzero(packed[np.minimum(places, len(packed) - 1)] == own) if len(packed) else places
        left, right = unpack(packed)
        columns = [left, right]
        for column, name in zip(_columns(self)[2:], PAIRS.names[2:], strict=True):
            wide = np.full(len(packed), UNKNOWN if name == "sight" else 0, dtype=column.dtype)
            wide[places[there]] = column[there]
            columns.append(wide)
        return _make(columns)


def read_pairs(batches: Sequence[pa.RecordBatch], positions: Numbers) -> Pairs:
    """The pairs of a table, by the positions of the groups."""
    table = pa.Table.from_batches(batches, PAIRS)
    left, right, *rest = (column.to_numpy() for column in table.columns)
    # Groups keep their order among each other, so the pairs are sorted still.
    return _make([positions[left], positions[right], *rest])


def pairs_table(pairs: Pairs, groups: Numbers) -> pa.RecordBatch:
    """The pairs as a table; `groups`: the group at each position."""
    left, right, *rest = _columns(pairs)
    columns = [groups[left], groups[right], *rest]
    return pa.RecordBatch.from_arrays([pa.array(column) for column in columns], schema=PAIRS)


def _columns(pairs: Pairs) -> list[npt.NDArray[np.generic]]:
    own = [getattr(pairs, field.name) for field in fields(Pairs)[:-1]]
    return own + [getattr(pairs.verdicts, name) for name in Verdicts.__slots__]


def _make(columns: Sequence[npt.NDArray[np.generic]]) -> Pairs:
    every: Sequence[Any] = columns
    left, right, bands, named, prints, sight, measured, *verdicts = every
    return Pairs(left, right, bands, named, prints, sight, measured, Verdicts(*verdicts))

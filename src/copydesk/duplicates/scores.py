"""The measures of pairs, kept from one comparison to the next.

A measure depends on the two texts and on which of their runs of three words are common in the corpus, and on nothing
else. Both are part of the key, so a measure that is found again is the one that would be made.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from copydesk.duplicates import align
from copydesk.duplicates.columns import MADE_BY, SKETCHES, as_binary, as_numbers
from copydesk.duplicates.hashing import STEP, Hashes, finish_all
from copydesk.errors import UsageError

Measures = npt.NDArray[np.int64]

SCORES = pa.schema(
    [
        pa.field("left", pa.binary(16), nullable=False),
        pa.field("right", pa.binary(16), nullable=False),
        pa.field("left_common", pa.uint64(), nullable=False),
        pa.field("right_common", pa.uint64(), nullable=False),
        pa.field("measures", pa.list_(pa.int32(), align.SIZE), nullable=False),
    ],
    metadata={MADE_BY: SKETCHES.metadata[MADE_BY]},
)
"""`left`, `right`: the digests of two texts; `*_common`: which of their runs are common, as a sum of hashes;
`measures`: see `align`."""


@dataclass(frozen=True, slots=True)
class PairKeys:
    """What the measures of n pairs depend on: digests (uint64, (n, 2)) and common runs (uint64, (n,)) of both texts."""

    left: Hashes
    right: Hashes
    left_common: Hashes
    right_common: Hashes

    def take(self, chosen: npt.NDArray[np.int64] | npt.NDArray[np.bool_]) -> PairKeys:
        """Those of some pairs."""
        return PairKeys(self.left[chosen], self.right[chosen], self.left_common[chosen], self.right_common[chosen])

    def mix(self) -> Hashes:
        """All of it as one number per pair."""
        total = self.left_common + np.uint64(1)
        for part in (self.right_common, self.left[:, 0], self.left[:, 1], self.right[:, 0], self.right[:, 1]):
            total = finish_all(total * np.uint64(STEP) + part)
        return total

    def equal(self, other: PairKeys) -> npt.NDArray[np.bool_]:
        """Which pairs are the same in both."""
        same: npt.NDArray[np.bool_] = (self.left_common == other.left_common) & (
            self.right_common == other.right_common
        )
        same &= (self.left == other.left).all(axis=1) & (self.right == other.right).all(axis=1)
        return same


@dataclass(frozen=True, slots=True)
class ScoreBook:
    """Known measures, and those that were asked for during one comparison."""

    keys: PairKeys
    measures: npt.NDArray[np.int32]
    order: npt.NDArray[np.int64]
    mixed: Hashes
    used: list[tuple[PairKeys, npt.NDArray[np.int32]]] = field(default_factory=list)

    def look_up(self, wanted: PairKeys) -> tuple[Measures, npt.NDArray[np.bool_]]:
        """The measures of pairs (int64, (n, align.SIZE)), and which of them are known; the others are zeros."""
        found = np.zeros((len(wanted.left), align.SIZE), dtype=np.int64)
        known = np.zeros(len(found), dtype=np.bool_)
        if len(self.mixed) and len(found):
            places = np.minimum(np.searchsorted(self.mixed, wanted.mix()), len(self.mixed) - 1)
            rows = self.order[places]
            known = self.keys.take(rows).equal(wanted)
            found[known] = self.measures[rows[known]]
        return found, known

    def note(self, keys: PairKeys, measures: Measures) -> None:
        """Keeps what was asked for, for the next comparison."""
        self.used.append((keys, measures.astype(np.int32)))

    def table(self) -> pa.Table:
        """All measures that were asked for, each once (schema `SCORES`), in an order of their own."""
        if not self.used:
            return SCORES.empty_table()
        names = ("left", "right", "left_common", "right_common")
        keys = PairKeys(*(np.concatenate([getattr(part, name) for part, _ in self.used]) for name in names))
        _, first = np.unique(keys.mix(), return_index=True)
        keys, measures = keys.take(first), np.concatenate([part for _, part in self.used])[first]
        columns = [
            as_binary(keys.left),
            as_binary(keys.right),
            pa.array(keys.left_common),
            pa.array(keys.right_common),
            pa.FixedSizeListArray.from_arrays(pa.array(measures.ravel()), align.SIZE),
        ]
        return pa.Table.from_arrays(columns, schema=SCORES)


def open_scores(table: pa.Table | None) -> ScoreBook:
    """The book of a table of scores, or an empty one.

    Raises UsageError if the table was made from sketches of another version.

    >>> open_scores(None).table().num_rows
    0
    """
    table = SCORES.empty_table() if table is None else table
    if not table.schema.equals(SCORES) or (table.schema.metadata or {}).get(MADE_BY) != SCORES.metadata[MADE_BY]:
        raise UsageError("the kept scores of pairs are of another version; leave them out, or copydesk clean --rebuild")
    table = table.combine_chunks()
    common = (table[name].to_numpy() for name in ("left_common", "right_common"))
    keys = PairKeys(as_numbers(table["left"]), as_numbers(table["right"]), *common)
    mixed = keys.mix()
    order = np.argsort(mixed, kind="stable")
    flat = table["measures"].combine_chunks().flatten() if len(table) else pa.array([], pa.int32())
    return ScoreBook(keys, flat.to_numpy().reshape(-1, align.SIZE), order, mixed[order])

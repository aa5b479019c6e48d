"""The keys of an index: sorted entries (a key with the number of its group), by kind, in segments.

An article's keys are those of its group: of all articles with the same words. Looking a key up takes one binary search
per segment; segments are merged so that there are few.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from copydesk.duplicates.candidates import TEXT_BITS, Numbers, texts_of
from copydesk.duplicates.groups import count_up, distinct
from copydesk.duplicates.hashing import Hashes
from copydesk.duplicates.permutations import COPY_BANDS

BANDS = tuple(f"band {number}" for number in range(COPY_BANDS.count))
KINDS = ("folded", "prints", "title", "url", *BANDS)
"""`folded`: digests of the words; `prints`: fingerprints; `title` and `url`: hashes; the bands of the signatures."""
ENTRIES = pa.schema([pa.field("entry", pa.uint64(), nullable=False)])
"""A segment: a batch per kind, in the order of `KINDS`, each sorted."""

OWNER = np.uint64((1 << TEXT_BITS) - 1)
"""The bits of an entry that hold the group."""


@dataclass(frozen=True, slots=True)
class Keys:
    """The entries of each kind, in several sorted arrays."""

    parts: dict[str, tuple[Hashes, ...]]

    def sizes(self, kind: str, wanted: Hashes) -> Numbers:
        """How many entries each of these keys has (keys with zeros for the group, sorted, each once)."""
        total = np.zeros(len(wanted), dtype=np.int64)
        for part in self.parts[kind]:
            low, high = _ranges(part, wanted)
            total += high - low
        return total

    def find(self, kind: str, wanted: Hashes, most: int | None = None) -> tuple[Numbers, Numbers]:
        """The groups that have these keys, and for each the position of its key; `most` of a key per segment."""
        which, groups = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.int64)]
        for part in self.parts[kind]:
            low, high = _ranges(part, wanted)
            sizes = high - low if most is None else np.minimum(high - low, most)
            which.append(np.repeat(np.arange(len(wanted)), sizes))
            groups.append(texts_of(part[np.repeat(low, sizes) + count_up(sizes)]))
        return np.concatenate(which), np.concatenate(groups)

    def owned(self, kind: str, chosen: npt.NDArray[np.bool_], part: int, bits: int) -> Hashes:
        """The keys that begin with these bits and belong to chosen groups, sorted, each once; reads all entries."""
        found = [np.zeros(0, dtype=np.uint64)]
        first = np.uint64(part << (64 - bits))
        last = np.uint64(((part + 1) << (64 - bits)) - 1)
        for entries in self.parts[kind]:
            own = entries[np.searchsorted(entries, first) : np.searchsorted(entries, last, side="right")]
            found.append(distinct(own[chosen[texts_of(own)]] & ~OWNER))
        return distinct(np.concatenate(found))


def _ranges(part: Hashes, wanted: Hashes) -> tuple[Numbers, Numbers]:
    return np.searchsorted(part, wanted), np.searchsorted(part, wanted | OWNER, side="right")


def open_keys(segments: Iterable[Sequence[pa.RecordBatch]]) -> Keys:
    """The keys of segments."""
    opened = [[batch.column(0).to_numpy() for batch in batches] for batches in segments]
    return Keys({kind: tuple(arrays[number] for arrays in opened) for number, kind in enumerate(KINDS)})


def as_batches(entries: Iterable[Hashes]) -> Iterator[pa.RecordBatch]:
    """A segment as batches: the entries of each kind, unsorted, in the order of `KINDS`."""
    for found in entries:
        yield pa.record_batch([pa.array(distinct(found))], schema=ENTRIES)


def merge_keys(one: Sequence[pa.RecordBatch], other: Sequence[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Two segments as one."""
    for first, second in zip(one, other, strict=True):
        # Two sorted arrays: the stable sort of NumPy merges them.
        joined = np.sort(np.concatenate([first.column(0).to_numpy(), second.column(0).to_numpy()]), kind="stable")
        yield pa.record_batch([pa.array(joined)], schema=ENTRIES)

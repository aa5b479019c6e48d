"""In how many stories each run of three words stands: counts per slot, in sorted segments that add up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from copydesk.duplicates.candidates import Numbers
from copydesk.duplicates.groups import distinct
from copydesk.duplicates.hashing import GRAM_SLOTS
from copydesk.duplicates.index.rows import Rows

Slots = npt.NDArray[np.uint32]
Changes = npt.NDArray[np.int32]

COUNTS = pa.schema([pa.field("slot", pa.uint32(), nullable=False), pa.field("stories", pa.int32(), nullable=False)])
"""How many stories more (or fewer) a slot has, sorted by slot."""
SLOT_BITS = GRAM_SLOTS.bit_length() - 1
CHUNK_SLOTS, CHUNK_ARTICLES = 1 << 22, 1 << 13
"""Slots of the table, and articles, that are counted at once."""
DENSE_ARTICLES = 1 << 16
"""From so many articles on, a table with a place for every slot is filled: half a gigabyte, but no sorting."""


@dataclass(frozen=True, slots=True)
class Counts:
    """Sorted slots with their changes, in several arrays."""

    parts: tuple[tuple[Slots, Changes], ...]

    def look_up(self, slots: Slots) -> Numbers:
        """The stories of each of these slots (sorted, each once)."""
        total = np.zeros(len(slots), dtype=np.int64)
        for known, change in self.parts:
            low, high = np.searchsorted(slots, known[:1])[0], np.searchsorted(slots, known[-1:], side="right")[0]
            places = np.minimum(np.searchsorted(known, slots[low:high]), len(known) - 1)
            total[low:high] += np.where(known[places] == slots[low:high], change[places], 0)
        return total


def open_counts(batches: Iterable[pa.RecordBatch]) -> Counts:
    """The counts of the batches of all segments."""
    return Counts(tuple((batch.column(0).to_numpy(), batch.column(1).to_numpy()) for batch in batches if len(batch)))


def as_batches(changes: Iterable[tuple[Slots, Changes]]) -> Iterator[pa.RecordBatch]:
    """A segment as batches."""
    for slots, change in changes:
        yield pa.record_batch([pa.array(slots), pa.array(change)], schema=COUNTS)


def merge_counts(one: Iterable[pa.RecordBatch], other: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Two segments as one, a range of slots at a time."""
    parts = [(batch.column(0).to_numpy(), batch.column(1).to_numpy()) for batch in (*one, *other) if len(batch)]
    for low in range(0, GRAM_SLOTS, CHUNK_SLOTS):
        found = []
        for slots, change in parts:
            start, end = np.searchsorted(slots, [low, low + CHUNK_SLOTS])
            found.append((slots[start:end], change[start:end]))
        yield from as_batches(_add_up(found))


def count_changes(rows: Rows, stories: Iterable[tuple[Numbers, Numbers, int]]) -> Iterator[tuple[Slots, Changes]]:
    """How the counts change, in ranges of slots, sorted, without slots of which nothing changes.

    `stories`: articles, the story of each (equal ones side by side), and 1 for stories that are new, -1 for those that
    are no more.
    """
    told = list(stories)
    dense = sum(len(articles) for articles, _, _ in told) > DENSE_ARTICLES
    table = np.zeros(GRAM_SLOTS if dense else 0, dtype=np.int32)
    found = []
    for articles, story, sign in told:
        for slots, count in _count(rows, articles, story):
            if dense:
                table[slots] += sign * count
            else:
                found.append((slots, sign * count))
    if not dense:
        yield from _add_up(found)
        return
    for low in range(0, GRAM_SLOTS, CHUNK_SLOTS):
        part = table[low : low + CHUNK_SLOTS]
        changed = np.flatnonzero(part)
        if len(changed):
            yield (changed + low).astype(np.uint32), part[changed]


def _count(rows: Rows, articles: Numbers, story: Numbers) -> Iterator[tuple[Slots, Changes]]:
    """The stories of each slot, some stories at a time."""
    begins = np.flatnonzero(np.concatenate([[True], story[1:] != story[:-1]])) if len(story) else story
    bounds = np.append(begins, len(story))
    low = 0
    while low < len(story):
        high = int(bounds[min(int(np.searchsorted(bounds, low + CHUNK_ARTICLES)), len(bounds) - 1)])
        once = np.zeros(0, dtype=np.uint64)
        # Few articles at a time even of a story of a million.
        for start in range(low, high, CHUNK_ARTICLES):
            part = slice(start, min(start + CHUNK_ARTICLES, high))
            values, starts = rows.lists("runs", articles[part])
            owner = np.repeat(story[part], np.diff(starts)).astype(np.uint64)
            once = distinct(np.concatenate([once, (owner << np.uint64(SLOT_BITS)) | values.astype(np.uint64)]))
        slots, count = np.unique((once & np.uint64(GRAM_SLOTS - 1)).astype(np.uint32), return_counts=True)
        yield slots, count.astype(np.int32)
        low = high


def _add_up(parts: Iterable[tuple[Slots, Changes]]) -> Iterator[tuple[Slots, Changes]]:
    every = list(parts)
    slots = np.concatenate([np.zeros(0, dtype=np.uint32), *(slots for slots, _ in every)])
    change = np.concatenate([np.zeros(0, dtype=np.int32), *(change for _, change in every)])
    order = np.argsort(slots, kind="stable")
    slots, change = slots[order], change[order]
    if not len(slots):
        return
    first = np.flatnonzero(np.concatenate([[True], slots[1:] != slots[:-1]]))
    total = np.add.reduceat(change, first)
    changed = total != 0
    if changed.any():
        yield slots[first][changed], total[changed]

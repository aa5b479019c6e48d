"""How many stories have each run of three words, kept from one comparison to the next: most stories are as they were.

Of a hundred thousand articles forty million runs are counted in a table that no cache holds. Counts are sums over
stories, so what a night brings is added and what a story no longer has is subtracted.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from copydesk.duplicates.candidates import Numbers
from copydesk.duplicates.columns import Columns
from copydesk.duplicates.groups import distinct
from copydesk.duplicates.hashing import GRAM_SLOTS, Hashes, find_keys
from copydesk.duplicates.verify import COMMON_ARTICLES

Counts = npt.NDArray[np.uint8]
FULL = 255
"""Where counting ends."""
MOST_LOST = FULL - 2 * COMMON_ARTICLES
"""A count that has reached the end isn't reduced, for nobody knows by how much it would be above it. As long as no more
than this was to be subtracted since all were counted, it is above any limit in use."""
FEW_CHANGED = 4
"""If more than one text in four is in a story that has changed, all are counted."""


def _list(name: str, kind: pa.DataType) -> pa.Field:
    return pa.field(name, pa.large_list(pa.field("item", kind, nullable=False)), nullable=False)


COUNTED = pa.schema(
    [
        _list("texts", pa.uint64()),
        _list("stories", pa.int64()),
        _list("counts", pa.uint8()),
        pa.field("lost", pa.int64(), nullable=False),
    ]
)
"""One row: the digests of the `texts` that were counted, two numbers each, the story of each, the `counts` by slot, and
how much at most was not subtracted from one that has reached the end."""


@dataclass(frozen=True, slots=True)
class Counted:
    """What was counted: digests (uint64, shape (texts, 2)) and stories of texts, the counts, and what was `lost`."""

    texts: Hashes
    stories: Numbers
    counts: Counts
    lost: int


@dataclass(frozen=True, slots=True)
class CountBook:
    """What is known of counts, and what was counted during one comparison."""

    known: Counted | None = None
    made: list[Counted] = field(default_factory=list)

    def count(self, columns: Columns, rows: Numbers, stories: Numbers, counts: Counts, all_of: CountAll) -> None:
        """Counts into zeros the stories of the slots of these rows: anew (`all_of`), or what has changed."""
        lost = _update(self.known, columns, rows, stories, counts) if self.known else None
        if lost is None:
            all_of(rows, stories, counts)
        self.made.append(Counted(columns.digests[rows], stories, counts, lost or 0))

    def table(self) -> pa.Table:
        """What was counted, for the next comparison (schema `COUNTED`)."""
        if not self.made:
            return COUNTED.empty_table()
        made = self.made[-1]
        lists: dict[str, npt.NDArray[Any]] = {"texts": made.texts, "stories": made.stories, "counts": made.counts}
        arrays = [pa.array([made.lost]) if f.name == "lost" else _one_list(lists[f.name], f.type) for f in COUNTED]
        return pa.Table.from_arrays(arrays, schema=COUNTED)


CountAll = Callable[[Numbers, Numbers, Counts], None]
"""Counts the stories of rows."""


def _one_list(values: npt.NDArray[Any], kind: pa.LargeListType) -> pa.Array:
    flat = pa.array(values.ravel(), kind.value_type)
    return pa.LargeListArray.from_arrays(pa.array([0, len(flat)], pa.int64()), flat, type=kind)


def open_counts(table: pa.Table | None) -> CountBook:
    """The book of what was counted (schema `COUNTED`), or an empty one."""
    if table is None or not len(table):
        return CountBook()
    texts, stories, counts = (table[name].chunk(0).flatten().to_numpy() for name in COUNTED.names[:3])
    return CountBook(Counted(texts.reshape(-1, 2), stories, counts, table["lost"][0].as_py()))


def _update(known: Counted, columns: Columns, rows: Numbers, stories: Numbers, counts: Counts) -> int | None:
    """Puts into `counts` what was known, with what has changed; gives what was lost in all. None, and nothing is put,
    where too much has changed, or a text has gone of which a story is to be subtracted.
    """
    if len(known.counts) != len(counts):
        return None
    place = find_keys(known.texts, columns.digests[rows])
    same, same_before = _same_stories(stories, known.stories, place)
    gone = find_keys(columns.digests, known.texts[~same_before])
    if (gone < 0).any() or (len(gone) + np.count_nonzero(~same)) * FEW_CHANGED > len(rows):
        return None
    come = _slots_of_stories(columns, rows[~same], stories[~same])
    left = _slots_of_stories(columns, gone, known.stories[~same_before])
    places, change = _changes(come, left, len(counts))
    was = known.counts[places].astype(np.int64)
    full = was >= FULL
    lost = known.lost - int(change[full].min(initial=0))
    if lost > MOST_LOST:
        return None
    counts[:] = known.counts
    counts[places] = np.where(full, was, np.minimum(was + change, FULL))
    return lost


def _same_stories(now: Numbers, then: Numbers, place: Numbers) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Which texts are in a story of the same texts as before, now and then; `place` is where each was then, or -1."""
    labels, story = np.unique(now, return_inverse=True)
    sizes = np.bincount(story, minlength=len(labels))
    names, story_then = np.unique(then, return_inverse=True)
    sizes_then = np.append(np.bincount(story_then, minlength=len(names)), 0)
    was = np.append(story_then, -1)[place]
    least, most = np.full(len(labels), len(names)), np.full(len(labels), -1)
    np.minimum.at(least, story, was)
    np.maximum.at(most, story, was)
    unchanged = (least == most) & (least >= 0) & (sizes_then[most] == sizes)
    same = unchanged[story]
    kept = np.zeros(len(names) + 1, dtype=bool)
    kept[most[unchanged]] = True
    return same, kept[story_then]


def _slots_of_stories(columns: Columns, rows: Numbers, stories: Numbers) -> Numbers:
    """The distinct slots of some stories, one story after the other."""
    slots, starts = columns.slots.take(rows)
    _, story = np.unique(stories, return_inverse=True)
    both = (np.repeat(story, np.diff(starts)) * GRAM_SLOTS) | slots.astype(np.int64)
    return distinct(both) & (GRAM_SLOTS - 1)


def _changes(come: Numbers, left: Numbers, size: int) -> tuple[Numbers, Numbers]:
    """The places in a table of this size where counts change, and by how much, when slots come and leave."""
    places, of = np.unique(np.concatenate([come, left]) & (size - 1), return_inverse=True)
    change = np.bincount(of[: len(come)], minlength=len(places)) - np.bincount(of[len(come) :], minlength=len(places))
    changed = np.flatnonzero(change)
    return places[changed], change[changed]

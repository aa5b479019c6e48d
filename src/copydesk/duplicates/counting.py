"""What is counted over stories, kept from one comparison to the next: most stories are as they were.

Which texts share fingerprints, and how many stories have each run of three words, are sums over stories: what a night
brings is added, and what a story no longer has is subtracted. Of a hundred thousand articles six million fingerprints
and forty million runs are counted otherwise, in tables that no cache holds.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from copydesk.duplicates.candidates import Numbers, count_prints
from copydesk.duplicates.columns import Columns
from copydesk.duplicates.groups import distinct
from copydesk.duplicates.hashing import GRAM_SLOTS, Hashes, find_keys
from copydesk.duplicates.sharing import Shared, Stories, update_shared
from copydesk.duplicates.verify import COMMON_ARTICLES
from copydesk.one_row import list_field, one_list

Counts = npt.NDArray[np.uint8]
FULL = 255
"""Where counting ends."""
MOST_LOST = FULL - 2 * COMMON_ARTICLES
"""A count that has reached the end isn't reduced, for nobody knows by how much it would be above it. As long as no more
than this was to be subtracted since all were counted, it is above any limit in use."""
FEW_CHANGED = 4
"""If more than one text in four is in a story that has changed, all are counted."""


COUNTED = pa.schema(
    [
        list_field("texts", pa.uint64()),
        list_field("stories", pa.int64()),
        list_field("pairs", pa.uint64()),
        list_field("common", pa.int64()),
        list_field("counts", pa.uint8()),
        pa.field("lost", pa.int64(), nullable=False),
    ]
)
"""One row: the digests of the `texts` that were compared, two numbers each, and the story of each; the `pairs` of them
that share fingerprints, and how many are `common`; the `counts` of stories by slot, and how much at most was not
subtracted from one that has reached the end."""


@dataclass(frozen=True, slots=True)
class Counted:
    """What was counted: digests (uint64, shape (texts, 2)) and stories of texts, the pairs that share fingerprints, the
    counts of runs, and what was `lost`.
    """

    texts: Hashes
    stories: Numbers
    shared: Shared
    counts: Counts
    lost: int


@dataclass(frozen=True, slots=True)
class Changed:
    """How stories differ from those known: of the texts now, where each was then (-1 for none), and which are in a
    story that has `come`; of those then, which were in one that has `left`; and the rows that these have now.
    """

    place: Numbers
    come: npt.NDArray[np.bool_]
    left: npt.NDArray[np.bool_]
    rows_come: Numbers
    rows_left: Numbers


class CountBook:
    """What is known of counts, and what is counted during one comparison: first pairs, then runs."""

    def __init__(self, known: Counted | None = None) -> None:
        self._known, self._made = known, known
        self._changed: Changed | None = None

    def pair(self, columns: Columns, rows: Numbers, stories: Numbers) -> Shared:
        """The pairs of the texts in these rows that share fingerprints, given the story of each."""
        known, texts = self._known, columns.digests[rows]
        self._changed = changed = _compare(known, columns, rows, stories) if known else None
        group = np.full(len(columns.digests), -1, dtype=np.int64)
        group[rows] = np.arange(len(rows))
        if known and changed:
            then, now = Stories(known.stories, changed.left), Stories(stories, changed.come)
            prints = columns.sketches.prints
            shared = update_shared(known.shared, prints, then, now, group, changed.rows_left, changed.place)
        else:
            shared = Shared(*count_prints(columns.sketches.prints, group, stories))
        self._made = Counted(texts, stories, shared, np.zeros(0, np.uint8), 0)
        return shared

    def count(self, columns: Columns, rows: Numbers, stories: Numbers, counts: Counts, all_of: CountAll) -> None:
        """Counts into zeros the stories of the slots of these rows, story by story (`stories`): those that have
        changed, or anew (`all_of`).
        """
        known, changed, lost = self._known, self._changed, None
        if known and changed and len(known.counts) == len(counts):
            lost = _update(known, changed, columns, rows, stories, counts)
        if lost is None:
            all_of(rows, stories, counts)
        if self._made:
            self._made = replace(self._made, counts=counts, lost=lost or 0)

    def table(self) -> pa.Table:
        """What was counted, for the next comparison (schema `COUNTED`)."""
        made = self._made
        if made is None:
            return COUNTED.empty_table()
        lists: tuple[npt.NDArray[np.generic], ...] = (
            *(made.texts, made.stories, made.shared.pairs, made.shared.common, made.counts),
        )
        arrays = [one_list(values.ravel(), field.type) for values, field in zip(lists, COUNTED, strict=False)]
        return pa.Table.from_arrays([*arrays, pa.array([made.lost])], schema=COUNTED)


CountAll = Callable[[Numbers, Numbers, Counts], None]
"""Counts the stories of rows."""


def open_counts(table: pa.Table | None) -> CountBook:
    """The book of what was counted (schema `COUNTED`), or an empty one."""
    if table is None or not len(table):
        return CountBook()
    lists = (table[name].chunk(0).flatten().to_numpy() for name in COUNTED.names[:-1])
    texts, stories, pairs, common, counts = lists
    return CountBook(Counted(texts.reshape(-1, 2), stories, Shared(pairs, common), counts, table["lost"][0].as_py()))


def _compare(known: Counted, columns: Columns, rows: Numbers, stories: Numbers) -> Changed | None:
    """How stories differ from those known; None where too many do, or a text of one to subtract is gone."""
    place = find_keys(known.texts, columns.digests[rows])
    same, same_then = _same_stories(stories, known.stories, place)
    left = find_keys(columns.digests, known.texts[~same_then])
    if (left < 0).any() or (len(left) + np.count_nonzero(~same)) * FEW_CHANGED >= len(rows):
        return None
    return Changed(place, ~same, ~same_then, rows[~same], left)


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
    kept = np.zeros(len(names) + 1, dtype=bool)
    kept[most[unchanged]] = True
    return unchanged[story], kept[story_then]


def _update(
    known: Counted, changed: Changed, columns: Columns, rows: Numbers, stories: Numbers, counts: Counts
) -> int | None:
    """Puts into `counts` what was known, with what has changed; gives what was lost in all. None, and nothing is put,
    where that is too much. The rows may come in another order than their texts did.
    """
    come = np.zeros(len(columns.digests), dtype=bool)
    come[changed.rows_come] = True
    chosen = come[rows]
    more = _slots_of_stories(columns, rows[chosen], stories[chosen])
    fewer = _slots_of_stories(columns, changed.rows_left, known.stories[changed.left])
    places, change = _changes(more, fewer, len(counts))
    was = known.counts[places].astype(np.int64)
    full = was >= FULL
    lost = known.lost - int(change[full].min(initial=0))
    if lost > MOST_LOST:
        return None
    counts[:] = known.counts
    counts[places] = np.where(full, was, np.minimum(was + change, FULL))
    return lost


def _slots_of_stories(columns: Columns, rows: Numbers, stories: Numbers) -> Numbers:
    """The distinct slots of some stories, one story after the other."""
    slots, starts = columns.slots.take(rows)
    _, story = np.unique(stories, return_inverse=True)
    both = (np.repeat(story, np.diff(starts)) * GRAM_SLOTS) | slots.astype(np.int64)
    return distinct(both) & (GRAM_SLOTS - 1)


def _changes(come: Numbers, left: Numbers, size: int) -> tuple[Numbers, Numbers]:
    """The places in a table of this size where counts change, and by how much, when slots come and leave."""
    # Place and direction as one number: these are sorted in a quarter of the time that an order of places takes.
    both = np.sort(np.concatenate([(come & (size - 1)) << 1 | 1, (left & (size - 1)) << 1]))
    first = np.flatnonzero(np.r_[True, both[1:] >> 1 != both[:-1] >> 1][: len(both)])
    change = np.add.reduceat((both & 1) * 2 - 1, first) if len(both) else both
    changed = np.flatnonzero(change)
    return both[first[changed]] >> 1, change[changed]

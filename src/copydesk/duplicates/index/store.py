"""An index in a folder: opened, added to, asked for its links.

What is large is kept in immutable segments, merged so that their number grows with the logarithm of the articles:
articles (`rows`), sorted keys (`keys`), counts of runs (`counts`). What is small is written anew with each addition:
the group of each article, the groups, the pairs, the common runs, the links.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from copydesk.duplicates.columns import MAKING
from copydesk.duplicates.index import counts, keys
from copydesk.duplicates.index.counts import Counts, Slots
from copydesk.duplicates.index.files import File, Manifest, open_batches, write_table
from copydesk.duplicates.index.groups import GROUPS, MEMBERS, Groups, as_batch, read_groups
from copydesk.duplicates.index.keys import Keys
from copydesk.duplicates.index.links import NUMBERED
from copydesk.duplicates.index.pairs import PAIRS
from copydesk.duplicates.index.rows import ROWS, Rows, join_parts
from copydesk.settings import DuplicateSettings

LAYOUT = 2
"""Raise it when the files of an index come to mean something else, or pairs are judged otherwise."""
FAN_OUT = 2
"""A segment is merged with the one before while that has fewer than so many times its rows: so there are at most as
many as the articles can be halved, and each article is written again as often."""
COMMON = pa.schema([pa.field("slot", pa.uint32(), nullable=False)])
"""The slots of the runs that stand in more than 20 stories, sorted."""

Batches = Sequence[pa.RecordBatch]


@dataclass(frozen=True, slots=True)
class State:
    """All that an index knows, mapped into memory: articles, keys, counts, groups with their stories, the pairs (schema
    `PAIRS`), the common slots, the links (schema `NUMBERED`).
    """

    rows: Rows
    keys: Keys
    counts: Counts
    groups: Groups
    stories: np.ndarray[Any, np.dtype[np.int64]]
    pairs: Batches
    common: Slots
    links: pa.Table


def making_of(settings: DuplicateSettings) -> dict[str, Any]:
    """How an index is made today: the scheme of its signatures, seed, shingles, normaliser, and the settings."""
    return MAKING | {"layout": LAYOUT} | dataclasses.asdict(settings)


def open_state(folder: Path, manifest: Manifest) -> State:
    """What the files of a manifest hold; raises UsageError where one is cut short or was changed."""

    def segments(kind: str) -> list[Batches]:
        return [open_batches(folder, file) for file in manifest.files.get(kind, ())]

    def batches(kind: str) -> list[pa.RecordBatch]:
        return [batch for found in segments(kind) for batch in found]

    groups, stories = read_groups(batches("members"), batches("groups"))
    common = pa.Table.from_batches(batches("common"), COMMON)["slot"].to_numpy()
    return State(
        join_parts(batches("rows")),
        keys.open_keys(segments("keys")),
        counts.open_counts(batches("counts")),
        groups,
        stories,
        batches("pairs"),
        common,
        pa.Table.from_batches(batches("links"), NUMBERED),
    )


def append(
    folder: Path,
    kind: str,
    schema: pa.Schema,
    files: Sequence[File],
    added: File,
    merge: Callable[[Batches, Batches], Iterable[pa.RecordBatch]],
) -> tuple[File, ...]:
    """The segments with one more, the last ones merged as long as they are of like size."""
    found = [*files, added]
    while len(found) > 1 and found[-2].rows < FAN_OUT * found[-1].rows:
        *found, one, other = found
        merged = merge(open_batches(folder, one), open_batches(folder, other))
        found.append(write_table(folder, kind, schema, merged))
    return tuple(found)


def join_rows(one: Batches, other: Batches) -> Iterator[pa.RecordBatch]:
    """Two segments of articles as one, small batches put together."""
    waiting: list[pa.RecordBatch] = []
    for batch in (*one, *other):
        if waiting and sum(part.nbytes for part in waiting) + batch.nbytes > BATCH_BYTES:
            yield _joined(waiting)
            waiting = []
        waiting.append(batch)
    if waiting:
        yield _joined(waiting)


BATCH_BYTES = 64 * 1024 * 1024
"""Articles of a merged batch, sketches included."""


def _joined(parts: Batches) -> pa.RecordBatch:
    table = pa.Table.from_batches(parts, ROWS).combine_chunks()
    return table.to_batches()[0]


def write_small(
    folder: Path, groups: Groups, stories: Any, pairs: pa.RecordBatch, common: Slots, links: pa.Table
) -> Mapping[str, tuple[File, ...]]:
    """The files that are written anew with each addition."""
    tables = {
        "members": (MEMBERS, [as_batch(MEMBERS, groups.of)]),
        "groups": (GROUPS, [as_batch(GROUPS, groups.reps, stories)]),
        "pairs": (PAIRS, [pairs]),
        "common": (COMMON, [pa.record_batch([pa.array(common)], schema=COMMON)]),
        "links": (NUMBERED, links.to_batches()),
    }
    return {kind: (write_table(folder, kind, schema, batches),) for kind, (schema, batches) in tables.items()}

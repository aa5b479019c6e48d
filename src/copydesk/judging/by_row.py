"""The verdicts of a corpus by row, made when they are asked for.

A third of a corpus are copies, or stand for copies. As objects, a link and what a survivor says of its copy take two
kilobytes; as columns, a tenth. Rows are laid part by part, and nobody needs more verdicts than a part has.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from copydesk.article import Copy
from copydesk.contamination.papers import ranges
from copydesk.duplicates import Carried, DuplicateLink
from copydesk.duplicates.decided import LINKS
from copydesk.duplicates.survivors import in_order
from copydesk.judging.verdicts import NOTHING, Verdict

Rows = NDArray[np.int64]
OF_COPY = pa.schema(
    [
        pa.field("outlet", pa.string()),
        pa.field("url", pa.string()),
        pa.field("published_on", pa.date32()),
        pa.field("article_id", pa.string(), nullable=False),
    ]
)
"""What a survivor says of its copies, in the order of `Copy`."""
PART_ROWS = 4096
"""Rows of which the verdicts are made at once."""


def _values(batch: pa.RecordBatch, place: int) -> list[Any]:
    return [column[place].as_py() for column in batch.columns]


def _those(rows: Rows, places: NDArray[np.int32]) -> tuple[list[int], Rows]:
    """Those of the rows that have a place, and the places."""
    inside = rows[rows < places.size]
    found = places[inside]
    return inside[found >= 0].tolist(), found[found >= 0].astype(np.int64)


def _one_batch(table: pa.Table) -> pa.RecordBatch:
    batches = table.combine_chunks().to_batches()
    return batches[0] if batches else pa.RecordBatch.from_pylist([], schema=table.schema)


@dataclass(frozen=True, slots=True)
class Links:
    """The links that are carried out, by copy (schema `LINKS`), each beside what is `known` of it (schema `OF_COPY`).

    By row of the columns, -1 for none: `copies`, the place of an article's link; `survivors`, its number among
    survivors. The links of survivor i are in the places `order[starts[i]:starts[i + 1]]`.
    """

    links: pa.RecordBatch
    known: pa.RecordBatch
    copies: NDArray[np.int32]
    survivors: NDArray[np.int32]
    starts: Rows
    order: Rows

    def link_of(self, row: int) -> DuplicateLink | None:
        """The link that makes an article a copy, None where it is none."""
        place = self.copies[row] if row < self.copies.size else -1
        return None if place < 0 else DuplicateLink(*_values(self.links, place))

    def copies_of(self, row: int) -> tuple[Copy, ...]:
        """What an article says of its copies; nothing where it has none."""
        number = self.survivors[row] if row < self.survivors.size else -1
        if number < 0:
            return ()
        places = self.order[self.starts[number] : self.starts[number + 1]].tolist()
        return in_order(Copy(*_values(self.known, place)) for place in places)

    def links_of_many(self, rows: Rows) -> dict[int, DuplicateLink]:
        """By row the link that makes an article a copy, of those that are copies."""
        own, places = _those(rows, self.copies)
        links = zip(*(column.to_pylist() for column in self.links.take(pa.array(places)).columns), strict=True)
        return {row: DuplicateLink(*values) for row, values in zip(own, links, strict=True)}

    def copies_of_many(self, rows: Rows) -> dict[int, tuple[Copy, ...]]:
        """By row what an article says of its copies, of those that have any."""
        own, numbers = _those(rows, self.survivors)
        sizes = (self.starts[numbers + 1] - self.starts[numbers]).tolist()
        places = self.order[ranges(self.starts[numbers], self.starts[numbers + 1])]
        said = zip(*(column.to_pylist() for column in self.known.take(pa.array(places)).columns), strict=True)
        copies = (Copy(*values) for values in said)
        return {row: in_order(islice(copies, size)) for row, size in zip(own, sizes, strict=True)}

    @property
    def rows(self) -> Rows:
        """The rows of all copies and survivors, in order."""
        return np.flatnonzero((self.copies >= 0) | (self.survivors >= 0))


def hold_links(carried: Carried, known: pa.Table, rows: Rows) -> Links:
    """Links between articles of which `known` has the columns of `OF_COPY`, and `rows` the rows, which are in order."""
    order = np.argsort(carried.survivors, kind="stable")
    names, starts = np.unique(carried.survivors[order], return_index=True)
    size = int(rows[-1]) + 1 if rows.size else 0
    of_copies = known.take(pa.array(carried.copies)).select(OF_COPY.names)
    places, numbers = np.arange(carried.copies.size), np.arange(names.size)
    return Links(
        _one_batch(carried.links),
        _one_batch(of_copies),
        _by_row(rows[carried.copies], places, size),
        _by_row(rows[names], numbers, size),
        np.append(starts, order.size),
        order,
    )


def _by_row(rows: Rows, numbers: Rows, size: int) -> NDArray[np.int32]:
    found = np.full(size, -1, np.int32)
    found[rows] = numbers
    return found


def no_links() -> Links:
    """That nothing is a copy."""
    none = np.zeros(0, np.int64)
    return hold_links(Carried(LINKS.empty_table(), none, none), OF_COPY.empty_table(), none)


@dataclass(frozen=True, slots=True, eq=False)
class Verdicts(Mapping[int, Verdict]):
    """The verdict of each article for which anything follows from the corpus, by its row in the columns.

    `told` is what is said of articles besides their links; `changed` are verdicts that take the place of all that.
    Those on copies and survivors are new objects each time: nothing may be known of them by what object they are.
    """

    told: Mapping[int, Verdict] = field(default_factory=dict)
    links: Links = field(default_factory=no_links)
    changed: Mapping[int, Verdict] = field(default_factory=dict)

    def __getitem__(self, row: int) -> Verdict:
        if row in self.changed:
            return self.changed[row]
        link, copies = self.links.link_of(row), self.links.copies_of(row)
        if link is None and not copies:
            return self.told[row]
        return self.told.get(row, NOTHING).linked(link, copies)

    def of(self, rows: Sequence[int]) -> list[Verdict]:
        """The verdicts on some articles, `NOTHING` where nothing follows: to ask for many at once costs a tenth."""
        wanted = np.asarray(rows, np.int64)
        links, copies = self.links.links_of_many(wanted), self.links.copies_of_many(wanted)
        found = []
        for row in wanted.tolist():
            verdict = self.told.get(row, NOTHING)
            if row in links or row in copies:
                verdict = verdict.linked(links.get(row), copies.get(row, ()))
            found.append(self.changed.get(row, verdict))
        return found

    def parts(self) -> Iterator[tuple[list[int], list[Verdict]]]:
        """All rows with their verdicts, in order, some at a time."""
        rows = self._rows()
        for start in range(0, rows.size, PART_ROWS):
            part = rows[start : start + PART_ROWS].tolist()
            yield part, self.of(part)

    def __iter__(self) -> Iterator[int]:
        return iter(self._rows().tolist())

    def __len__(self) -> int:
        return self._rows().size

    def _rows(self) -> Rows:
        known = (np.fromiter(some, np.int64, len(some)) for some in (self.told, self.changed))
        return np.unique(np.concatenate([*known, self.links.rows]))

    def but(self, changed: Mapping[int, Verdict]) -> Verdicts:
        """The same, with these verdicts in the place of others."""
        return replace(self, changed={**self.changed, **changed})

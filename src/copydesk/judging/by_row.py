"""The verdicts of a corpus by row, made when they are asked for.

A third of a corpus are copies, or stand for copies. As objects, a link and what a survivor says of its copy take two
kilobytes; as columns, a tenth. Rows are laid part by part, and nobody needs more verdicts than a part has.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from copydesk.article import Copy
from copydesk.duplicates import Carried, DuplicateLink
from copydesk.duplicates.decided import LINKS
from copydesk.duplicates.survivors import ROWS, in_order
from copydesk.judging.verdicts import NOTHING, Verdict

Rows = NDArray[np.int64]
SAID = pa.schema([ROWS.field(name) for name in ("outlet", "url", "published_on", "article_id")])
"""What a survivor says of its copies, in the order of `Copy`."""
PART_ROWS = 1 << 14
"""Rows whose numbers are Python's at once."""


def _values(batch: pa.RecordBatch, place: int) -> list[Any]:
    return [column[place].as_py() for column in batch.columns]


def _one_batch(table: pa.Table) -> pa.RecordBatch:
    batches = table.combine_chunks().to_batches()
    return batches[0] if batches else pa.RecordBatch.from_pylist([], schema=table.schema)


@dataclass(frozen=True, slots=True)
class Links:
    """The links that are carried out, by copy (schema `LINKS`), each beside what is `known` of it (schema `SAID`);
    `copies` are their rows, in order. Those of survivor `survivors[i]` are in the places
    `order[starts[i]:starts[i + 1]]`.
    """

    links: pa.RecordBatch
    known: pa.RecordBatch
    copies: Rows
    survivors: Rows
    starts: Rows
    order: Rows

    def link_of(self, row: int) -> DuplicateLink | None:
        """The link that makes an article a copy, None where it is none."""
        place = _find(self.copies, row)
        return None if place is None else DuplicateLink(*_values(self.links, place))

    def copies_of(self, row: int) -> tuple[Copy, ...]:
        """What an article says of its copies; nothing where it has none."""
        number = _find(self.survivors, row)
        if number is None:
            return ()
        places = self.order[self.starts[number] : self.starts[number + 1]].tolist()
        return in_order(Copy(*_values(self.known, place)) for place in places)


def hold_links(carried: Carried, known: pa.Table, rows: Rows) -> Links:
    """Links between articles of which `known` has the columns of `SAID`, and `rows` the rows, which are in order."""
    survivors = rows[carried.survivors]
    order = np.argsort(survivors, kind="stable")
    first = np.flatnonzero(np.r_[True, survivors[order][1:] != survivors[order][:-1]][: order.size])
    of_copies = known.take(pa.array(carried.copies))
    return Links(
        _one_batch(carried.links),
        _one_batch(of_copies.select(SAID.names)),
        rows[carried.copies],
        survivors[order][first],
        np.append(first, order.size),
        order,
    )


def no_links() -> Links:
    """That nothing is a copy."""
    none = np.zeros(0, np.int64)
    return hold_links(Carried(LINKS.empty_table(), none, none), SAID.empty_table(), none)


@dataclass(frozen=True, slots=True, eq=False)
class Verdicts(Mapping[int, Verdict]):
    """The verdict of each article for which anything follows from the corpus, by its row in the columns.

    `told` is what is said of articles besides their links; `changed` are verdicts that take the place of all that.
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

    def __iter__(self) -> Iterator[int]:
        rows = self._rows()
        for start in range(0, rows.size, PART_ROWS):
            yield from rows[start : start + PART_ROWS].tolist()

    def __len__(self) -> int:
        return self._rows().size

    def _rows(self) -> Rows:
        known = (np.fromiter(some, np.int64, len(some)) for some in (self.told, self.changed))
        return np.unique(np.concatenate([*known, self.links.copies, self.links.survivors]))

    def but(self, changed: Mapping[int, Verdict]) -> Verdicts:
        """The same, with these verdicts in the place of others."""
        return replace(self, changed={**self.changed, **changed})


def _find(ordered: Rows, row: int) -> int | None:
    place = int(ordered.searchsorted(row))
    return place if place < ordered.size and ordered[place] == row else None

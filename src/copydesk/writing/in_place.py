"""A folder after a night without writing all of it again: rows change in their place, new ones go to a file beside it.

    month=2026-01/part-1-of-1-….parquet    rows change or go, row group by row group; what doesn't change is copied
    month=2026-01/part-later-….parquet     the rows that have come since, put together with the others when it is large

Only where that is enough: where a row would stand elsewhere, the folder is written as a whole.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from copydesk.errors import StaleParentError
from copydesk.writing.files import (
    LATER,
    Parent,
    WrittenFile,
    is_later,
    link_file,
    write_file,
    write_pieces,
)
from copydesk.writing.manifest import FileEntry
from copydesk.writing.parquet import encode_rows, read_parquet
from copydesk.writing.partitions import one_run, sort_rows
from copydesk.writing.rows import RUN_COLUMNS, carry_over, rows_equal
from copydesk.writing.schema import load_contract, load_schema
from copydesk.writing.splicing import splice

LEAST_ROWS = 1 << 9
"""A folder of fewer rows is written as a whole: that takes some ten milliseconds, and a second file for a handful of
rows is one more to open for every reader."""

LATER_SHARE = 0.1
"""A file of later rows may have so many beside the others of its folder. Too high, and a night packs nearly a month
again for its few rows; too low, and it packs the month itself more often: with a hundredth of new rows a night, each is
packed once in ten nights."""

READ_ALWAYS = ("article_id", "also_published", *RUN_COLUMNS)
"""The columns that a night reads of each row group in which a row changes: what changes with other articles or runs."""

NO_IDS = pa.array([], pa.string())


@dataclass(frozen=True, slots=True)
class Same:
    """The ids of changed articles of which some columns are known to be as published, so that they needn't be unpacked
    to be compared: their `provenance`, and all columns but that and `READ_ALWAYS`.
    """

    provenance: pa.Array
    others: pa.Array


NOTHING_SAME = Same(NO_IDS, NO_IDS)


@dataclass(frozen=True, slots=True)
class Named:
    """The rows of a published file that the changes name: where they stand, and their ids (first_seen, too)."""

    entry: FileEntry
    places: NDArray[np.int64]
    ids: pa.Table


Replaced = dict[int, pa.Table]
"""By its number, what stands in the place of a row group: some of its columns, or all of them in other rows."""


@dataclass(frozen=True, slots=True)
class _Update:
    """A published file, and what changes in it; where nothing does, it stays."""

    entry: FileEntry
    data: memoryview
    groups: Replaced
    rows: int


def change_in_place(
    table: str, named: Sequence[Named], fresh: pa.Table, staging: Path, parent: Parent, same: Same = NOTHING_SAME
) -> list[WrittenFile] | None:
    """The files of a folder, of which `named` tells what the changes name; None where it has to be written as a whole.

    `fresh` are the rows that the folder has in the place of those, or in addition; `same` tells what of them is known
    to be as published.

    Raises StaleParentError if a published file is damaged.
    """
    firsts = [one for one in named if not is_later(one.entry)]
    size = sum(one.entry.rows for one in firsts)
    if size < LEAST_ROWS:
        return None
    known = np.zeros(len(fresh), np.bool_)
    updates = []
    for one in firsts:
        own = _are_in(fresh["article_id"], one.ids["article_id"])
        known |= own
        update = _update(table, one, fresh.filter(pa.array(own)), parent, same)
        if update is None:
            return None
        updates.append(update)
    later = [one for one in named if is_later(one.entry)]
    rows = _later_rows(table, later, fresh.filter(pa.array(~known)), parent)
    if len(rows) > LATER_SHARE * size:
        return None
    try:
        pieces = [_pieces(table, one) for one in updates]
    except ValueError:  # Parts that we don't know: another version of the writer has put them there.
        return None
    written = [_carry_out(one, own, staging, parent) for one, own in zip(updates, pieces, strict=True)]
    return [*written, *_write_later(table, named, rows, staging)]


def read_verified(entry: FileEntry, parent: Parent) -> memoryview:
    """The bytes of a published file.

    Raises StaleParentError if they aren't those that were published.
    """
    path = parent.folder / entry.path
    data = path.read_bytes()
    if hashlib.sha256(data).hexdigest() != entry.sha256:
        raise StaleParentError(f"{path} is damaged: its rows can't be taken over; publish whole tables")
    return memoryview(data)


def _are_in(ids: pa.ChunkedArray, others: pa.ChunkedArray | pa.Array) -> NDArray[np.bool_]:
    values = others.combine_chunks() if isinstance(others, pa.ChunkedArray) else others
    found: NDArray[np.bool_] = pc.is_in(ids, value_set=values).to_numpy().astype(np.bool_)
    return found


def _update(table: str, named: Named, own: pa.Table, parent: Parent, same: Same) -> _Update | None:
    """What becomes of a file in which the rows `own` stand for the named ones; None if they don't fit in there."""
    data = read_verified(named.entry, parent)
    if not len(named.places):
        return _Update(named.entry, data, {}, named.entry.rows)
    file = pq.ParquetFile(pa.BufferReader(data))
    if not file.schema_arrow.equals(load_schema(table), check_metadata=True):
        return None
    sizes = [file.metadata.row_group(number).num_rows for number in range(file.num_row_groups)]
    owners = np.repeat(np.arange(len(sizes)), sizes)[named.places]
    starts = np.cumsum([0, *sizes])
    places = {number: named.places[owners == number] - starts[number] for number in np.unique(owners).tolist()}
    stay = _are_in(named.ids["article_id"], own["article_id"])
    provenance, others = (stay & _are_in(named.ids["article_id"], ids) for ids in (same.provenance, same.others))
    old = {}
    for number in places:
        here = owners == number
        old[number] = _read_group(file, number, provenance=not provenance[here].all(), others=not others[here].all())
    before = pa.concat_tables([_take_named(rows, places[number], own) for number, rows in old.items()])
    own = carry_over(sort_rows(table, own), before)
    keys = load_contract(table).sort
    aligned = own.select(keys).equals(before.filter(pa.array(stay)).select(keys))
    if not aligned and keys != ("article_id",):
        return None
    # The decisions on an article may lie in two row groups: if there are others now, they come to the first.
    first = pc.index_in(own["article_id"], value_set=named.ids["article_id"].combine_chunks()).to_numpy()
    homes = owners[stay] if aligned else owners[first.astype(np.int64)]
    differ = _differences(own, before.filter(pa.array(stay))) if aligned else {}
    groups: Replaced = {}
    for number, rows in old.items():
        mine = homes == number
        if not aligned or not stay[owners == number].all():
            whole = rows if len(rows.schema) == len(own.schema) else _read_group(file, number)
            groups[number] = _exchanged(table, whole, places[number], own.filter(pa.array(mine)))
        elif changed := [name for name, where in differ.items() if where[mine].any()]:
            groups[number] = _replaced(rows.select(changed), places[number], own.filter(pa.array(mine)))
    left = named.entry.rows + sum(len(rows) - sizes[number] for number, rows in groups.items())
    return _Update(named.entry, data, groups, left) if left else None


def _read_group(file: pq.ParquetFile, number: int, *, provenance: bool = True, others: bool = True) -> pa.Table:
    """A row group; of it what is always read, and what else is asked for."""
    asked = {name: provenance if name == "provenance" else others for name in file.schema_arrow.names}
    names = [name for name, wanted in asked.items() if wanted or name in READ_ALWAYS]
    return file.read_row_group(number, columns=names, use_threads=False)


def _take_named(rows: pa.Table, places: NDArray[np.int64], own: pa.Table) -> pa.Table:
    """The rows in these places; columns that weren't read are those of the rows `own`, which are the same."""
    named = rows.take(pa.array(places))
    if len(named.schema) == len(own.schema):
        return named
    same = own.take(pc.index_in(named["article_id"], value_set=own["article_id"].combine_chunks()))
    read = {name: named[name] for name in named.column_names}
    return pa.table({name: read.get(name, same[name]) for name in own.column_names}, own.schema)


def _differences(left: pa.Table, right: pa.Table) -> dict[str, NDArray[np.bool_]]:
    """By column, in which rows two tables differ."""
    return {n: ~rows_equal(left[n].combine_chunks(), right[n].combine_chunks()) for n in left.column_names}


def _exchanged(table: str, rows: pa.Table, places: NDArray[np.int64], own: pa.Table) -> pa.Table:
    """The rows with others for those in these places, in order."""
    others = np.ones(len(rows), np.bool_)
    others[places] = False
    return sort_rows(table, pa.concat_tables([rows.filter(pa.array(others)), own]))


def _replaced(columns: pa.Table, places: NDArray[np.int64], own: pa.Table) -> pa.Table:
    """The columns with the rows in these places replaced by those of the other table, in their order."""
    order = np.arange(len(columns))
    order[places] = len(columns) + np.arange(len(own))
    return pa.concat_tables([columns, own.select(columns.column_names)]).combine_chunks().take(pa.array(order))


def _later_rows(table: str, later: Sequence[Named], fresh: pa.Table, parent: Parent) -> pa.Table:
    parts = [fresh]
    for one in later:
        old = read_parquet(pa.BufferReader(read_verified(one.entry, parent))).cast(load_schema(table))
        stays = np.ones(len(old), np.bool_)
        stays[one.places] = False
        parts = [old.filter(pa.array(stays)), *(carry_over(part, old.filter(pa.array(~stays))) for part in parts)]
    return sort_rows(table, pa.concat_tables(parts))


def _pieces(table: str, update: _Update) -> Sequence[memoryview | bytes]:
    """The bytes of a file after an update. Raises ValueError as `splice` does."""
    if not update.groups:
        return [update.data]
    groups = {number: encode_rows(table, rows) if len(rows) else None for number, rows in update.groups.items()}
    return splice(update.data, groups)


def _carry_out(update: _Update, pieces: Sequence[memoryview | bytes], staging: Path, parent: Parent) -> WrittenFile:
    if not update.groups and link_file(parent, staging, update.entry):
        return WrittenFile(update.entry, shared=True)
    return write_pieces(pieces, staging, replace(update.entry, rows=update.rows))


def _write_later(table: str, named: Sequence[Named], rows: pa.Table, staging: Path) -> Iterator[WrittenFile]:
    if len(rows):
        folder = named[0].entry.path.rpartition("/")[0].removeprefix(table).removeprefix("/")
        yield write_file(table, one_run(folder, LATER, rows), staging)

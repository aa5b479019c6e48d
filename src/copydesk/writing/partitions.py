"""Chunks of rows in any order → the rows of each file, sorted.

Nobody has to hold a whole table: rows that were laid aside sorted by folder stay in their files until a row group of
them is asked for. How rows are split into files depends on the rows alone, never on how they came.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from copydesk.errors import ContractError
from copydesk.writing.schema import load_contract, load_schema

FILE_ROWS = 1 << 16
"""Rows of one file at most, roughly: beyond, a folder is split by the first digits of the id. 65,536 articles of 3.5 kB
are 230 MB to sort in memory and about 80 MB on disk; much smaller files slow readers down."""

FILE_BYTES = 1 << 29
"""Bytes of text in one file at most, roughly, for corpora of long articles. Arrow's strings end at 2 GiB an array."""

RUN_ROWS = 1 << 12
"""Rows that are sorted by folder at once, where they don't come sorted: of articles some 30 MB."""

BUCKET_DIGITS = 4
"""Hexadecimal digits of the id that choose the file: more than any folder should hold."""
MAX_FILES = 1 << 4 * BUCKET_DIGITS

HEX_ID = "^[0-9a-f]{4}"  # matches: 5d41402a…; doesn't match: row-17
UNKNOWN_MONTH = "unknown"


@dataclass(frozen=True, slots=True)
class FileRows:
    """The rows of one file: its folder relative to the table (`month=2026-01`, or empty), its label, and its rows.

    They lie in sorted runs, mostly in files; `order` are their places in these, counted through, as the schema has it.
    """

    folder: str
    label: str
    runs: tuple[pa.Table, ...]
    order: npt.NDArray[np.uint64]

    def __len__(self) -> int:
        return self.order.size

    @property
    def rows(self) -> pa.Table:
        """All rows, in order."""
        return self.part(0, len(self))

    def part(self, start: int, stop: int) -> pa.Table:
        """The rows from `start` to before `stop`, in order, in one chunk. Of sorted runs these are a stretch of each,
        so little more is read, and a row group needs the memory that the last one had: to take all rows of a month at
        once took five times as long, nearly all of it for memory that the system had to find.
        """
        places = self.order[start:stop].astype(np.int64)
        starts = np.cumsum([0, *map(len, self.runs)])
        owners = np.searchsorted(starts, places, side="right") - 1
        stretches, found, before = [], np.empty(places.size, np.int64), 0
        for run in np.unique(owners).tolist():
            own = owners == run
            within = places[own] - starts[run]
            low, high = int(within.min()), int(within.max()) + 1
            stretches.append(self.runs[run].slice(low, high - low))
            found[own] = within - low + before
            before += high - low
        rows = pa.concat_tables(stretches or [self.runs[0].slice(0, 0)]).combine_chunks()
        return rows if np.array_equal(found, np.arange(len(rows))) else rows.take(pa.array(found))


def one_run(folder: str, label: str, rows: pa.Table) -> FileRows:
    """Rows of a file that are in order."""
    return FileRows(folder, label, (rows,), np.arange(len(rows), dtype=np.uint64))


def split_into_files(table: str, chunks: Iterable[pa.Table]) -> Iterator[FileRows]:
    """The rows of each file of a table, folder by folder in order.

    A table without rows gives one file without rows, so that readers find the columns.

    Raises ContractError if a chunk has other columns or types than the schema.
    """
    runs: dict[str, list[pa.Table]] = {}
    for batch in _batches(table, chunks):
        for folder, rows in group_by_folder(table, batch):
            runs.setdefault(folder, []).append(rows)
    if not runs:
        yield one_run(_empty_folder(table), _label(0, 1), load_schema(table).empty_table())
    for folder in sorted(runs):
        yield from _files(table, folder, tuple(runs.pop(folder)))


def _batches(table: str, chunks: Iterable[pa.Table]) -> Iterator[pa.Table]:
    schema = load_schema(table)
    for chunk in chunks:
        if not chunk.schema.equals(schema):
            raise ContractError(f"{table}: rows to publish have the columns {chunk.schema.names} or other types; build "
                                "them with copydesk.writing.tables")  # fmt: skip
        for batch in chunk.to_batches(RUN_ROWS):
            yield pa.Table.from_batches([batch])


def group_by_folder(table: str, rows: pa.Table) -> Iterator[tuple[str, pa.Table]]:
    """The rows of each folder, each in the order of the schema: `month=2026-01` and so on; an empty name for a table
    without partitions.
    """
    rows = sort_by_folder(table, rows)
    if load_contract(table).partition is None:
        if len(rows):
            yield "", rows
        return
    months = publication_months(rows)
    starts = np.flatnonzero(np.r_[True, months[1:] != months[:-1]]) if len(rows) else ()
    for start, end in zip(starts, np.r_[starts[1:], len(months)], strict=True):
        yield f"month={_month_name(int(months[start]))}", rows.slice(start, end - start)


def sort_by_folder(table: str, rows: pa.Table) -> pa.Table:
    """The rows, those of each folder in the order of the schema. Rows with equal keys keep theirs."""
    keys = rows.select(load_contract(table).sort)
    if load_contract(table).partition:
        keys = keys.add_column(0, "month", pa.array(publication_months(rows)))
    return _ordered(rows, keys)


def publication_months(rows: pa.Table) -> npt.NDArray[np.int64]:
    """The month of publication of each row as 12 × year + month - 1; -1 where it is unknown. int64, shape (rows,)."""
    days = rows["published_on"]
    months = pc.add(pc.multiply(pc.year(days), 12), pc.subtract(pc.month(days), 1))
    # A row of which only the year is known may carry its first day; that says nothing about the month.
    known = pc.fill_null(pc.not_equal(rows["published_precision"], "year"), True)
    months = pc.if_else(known, months, pa.scalar(None, pa.int64()))
    found: npt.NDArray[np.int64] = pc.fill_null(months, -1).to_numpy()
    return found


def _month_name(month: int) -> str:
    return UNKNOWN_MONTH if month < 0 else f"{month // 12:04d}-{month % 12 + 1:02d}"


def _empty_folder(table: str) -> str:
    return f"month={UNKNOWN_MONTH}" if load_contract(table).partition else ""


def _files(table: str, folder: str, runs: tuple[pa.Table, ...]) -> Iterator[FileRows]:
    count = _file_count(runs)
    order = sort_order(table, pa.concat_tables([run.select(load_contract(table).sort) for run in runs]))
    if count == 1:
        yield FileRows(folder, _label(0, 1), runs, order)
        return
    buckets = np.concatenate([_buckets(run, count) for run in runs])[order]
    for number in range(count):
        if (own := order[buckets == number]).size:
            yield FileRows(folder, _label(number, count), runs, own)


def _file_count(parts: Sequence[pa.Table]) -> int:
    """A power of two, so that a folder that grows splits its files in halves; 1 where ids aren't hexadecimal."""
    if sum(map(len, parts)) <= FILE_ROWS and sum(part.nbytes for part in parts) <= FILE_BYTES:
        return 1  # as nearly always, and then nothing need be looked at
    if not all(pc.all(pc.match_substring_regex(part["article_id"], HEX_ID)).as_py() is not False for part in parts):
        return 1
    rows = sum(len(part) for part in parts)
    text_bytes = sum(_text_bytes(part) for part in parts)
    wanted: float = max(rows / FILE_ROWS, text_bytes / FILE_BYTES, 1.0)
    count = 1 << math.ceil(math.log2(wanted))
    return min(MAX_FILES, count)


def _text_bytes(rows: pa.Table) -> int:
    texts = [name for name in ("text", "before", "after") if name in rows.column_names]
    return sum(int(pc.sum(pc.binary_length(rows[name])).as_py() or 0) for name in texts)


def _buckets(rows: pa.Table, count: int) -> npt.NDArray[np.int64]:
    """The file of each row: the leading bits of its id, so that files hold ranges of ids. No id: the first file."""
    digits = pc.utf8_slice_codeunits(pc.fill_null(rows["article_id"], ""), 0, BUCKET_DIGITS)
    numbers = np.array([int(digit or "0", 16) for digit in digits.to_pylist()], dtype=np.int64)
    buckets: npt.NDArray[np.int64] = numbers * count // MAX_FILES
    return buckets


def _label(number: int, count: int) -> str:
    """Such as `2-of-4`. The count is part of it: split another way, the second file holds other ids."""
    return f"{number + 1:0{len(str(count))}d}-of-{count}"


def sort_rows(table: str, rows: pa.Table) -> pa.Table:
    """The rows in the order of the schema. Rows with equal keys (the decisions of an article) keep theirs."""
    return _ordered(rows, rows.select(load_contract(table).sort))


def sort_order(table: str, rows: pa.Table) -> npt.NDArray[np.uint64]:
    """The places of the rows in the order of the schema. uint64, shape (rows,)."""
    return _order(rows.select(load_contract(table).sort))


def _ordered(rows: pa.Table, keys: pa.Table) -> pa.Table:
    order = _order(keys)
    if np.array_equal(order, np.arange(len(rows))):
        return rows.combine_chunks()
    return rows.take(order).combine_chunks()


def _order(keys: pa.Table) -> npt.NDArray[np.uint64]:
    wanted = [(name, "ascending") for name in keys.column_names]
    order: npt.NDArray[np.uint64] = pc.sort_indices(keys, sort_keys=wanted).to_numpy()
    return order

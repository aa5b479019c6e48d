"""Chunks of rows in any order → the rows of each file, sorted.

Nobody has to hold a whole table: rows beyond a limit wait on disk, grouped by the folder they go to. How rows are
split into files depends on the rows alone, never on how they came.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

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

HELD_BYTES = 1 << 26
"""Rows that are held in memory until they go to disk. Too low makes many small spill files (a million articles of ten
years: some 6,000 with this), too high costs memory: what is sorted into folders is a copy."""

CHUNK_ROWS = 1 << 12
"""Rows that are sorted into folders at once: of articles some 15 MB."""
BUCKET_DIGITS = 4
"""Hexadecimal digits of the id that choose the file: more than any folder should hold."""
MAX_FILES = 1 << 4 * BUCKET_DIGITS

HEX_ID = "^[0-9a-f]{4}"  # matches: 5d41402a…; doesn't match: row-17
WHOLE_TABLE = "all"
"""The spill folder of a table without partitions: its folder name, which is empty, would be that of all of them."""
UNKNOWN_MONTH = "unknown"


@dataclass(frozen=True, slots=True)
class FileRows:
    """The rows of one file: its folder relative to the table (`month=2026-01`, or empty), its label, the rows."""

    folder: str
    label: str
    rows: pa.Table


def split_into_files(table: str, chunks: Iterable[pa.Table], spill: Path) -> Iterator[FileRows]:
    """The rows of each file of a table, folder by folder in order; `spill` is an empty folder for what must wait.

    A table without rows gives one file without rows, so that readers find the columns.

    Raises ContractError if a chunk has other columns or types than the schema.
    """
    held: dict[str, list[pa.Table]] = {}
    held_bytes = spilled = 0
    for batch in _batches(table, chunks):
        for folder, rows in group_by_folder(table, batch):
            held.setdefault(folder, []).append(rows)
        held_bytes += batch.nbytes
        if held_bytes > HELD_BYTES:
            spilled += 1
            _spill(held, spill, spilled)
            held, held_bytes = {}, 0
    waiting = {"" if folder.name == WHOLE_TABLE else folder.name: folder for folder in spill.iterdir()}
    for folder in sorted(held.keys() | waiting.keys()):
        parts = _unspill(waiting[folder]) if folder in waiting else []
        yield from _files(table, folder, parts + held.pop(folder, []))
    if not spilled and not waiting and not held_bytes:
        yield FileRows(_empty_folder(table), _label(0, 1), load_schema(table).empty_table())


def _batches(table: str, chunks: Iterable[pa.Table]) -> Iterator[pa.Table]:
    schema = load_schema(table)
    for chunk in chunks:
        if not chunk.schema.equals(schema):
            raise ContractError(f"{table}: rows to publish have the columns {chunk.schema.names} or other types; build "
                                "them with copydesk.writing.tables")  # fmt: skip
        for start in range(0, len(chunk), CHUNK_ROWS):
            yield chunk.slice(start, CHUNK_ROWS)


def group_by_folder(table: str, rows: pa.Table) -> Iterator[tuple[str, pa.Table]]:
    """The rows of each folder, in order: `month=2026-01` and so on; an empty name for a table without partitions."""
    if load_contract(table).partition is None:
        yield "", rows
        return
    months = publication_months(rows)
    if len(rows) and not np.any(months != months[0]):  # As in a night, which writes month by month.
        yield f"month={_month_name(int(months[0]))}", rows
        return
    order = np.argsort(months, kind="stable")
    rows, months = rows.take(order), months[order]
    starts = np.flatnonzero(np.r_[True, months[1:] != months[:-1]])
    for start, end in zip(starts, np.r_[starts[1:], len(months)], strict=True):
        yield f"month={_month_name(int(months[start]))}", rows.slice(start, end - start)


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


def _spill(held: dict[str, list[pa.Table]], spill: Path, number: int) -> None:
    for folder, parts in held.items():
        target = spill / (folder or WHOLE_TABLE)
        target.mkdir(exist_ok=True)
        rows = pa.concat_tables(parts)
        with pa.OSFile(str(target / f"{number:06d}.arrow"), "wb") as sink, pa.ipc.new_file(sink, rows.schema) as writer:
            writer.write_table(rows)


def _unspill(folder: Path) -> list[pa.Table]:
    return [pa.ipc.open_file(pa.memory_map(str(path))).read_all() for path in sorted(folder.iterdir())]


def _files(table: str, folder: str, parts: list[pa.Table]) -> Iterator[FileRows]:
    count = _file_count(parts)
    for number in range(count):
        kept = [part.filter(pa.array(_buckets(part, count) == number)) for part in parts] if count > 1 else parts
        rows = sort_rows(table, pa.concat_tables(kept))
        if len(rows):
            yield FileRows(folder, _label(number, count), rows)


def _file_count(parts: list[pa.Table]) -> int:
    """A power of two, so that a folder that grows splits its files in halves; 1 where ids aren't hexadecimal."""
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
    order = sort_order(table, rows)
    if np.array_equal(order, np.arange(len(rows))):
        return rows.combine_chunks()
    return rows.take(order).combine_chunks()


def sort_order(table: str, rows: pa.Table) -> npt.NDArray[np.uint64]:
    """The places of the rows in the order of the schema. uint64, shape (rows,)."""
    keys = [(name, "ascending") for name in load_contract(table).sort]
    order: npt.NDArray[np.uint64] = pc.sort_indices(rows.select([name for name, _ in keys]), sort_keys=keys).to_numpy()
    return order

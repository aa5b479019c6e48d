"""Files of rows (Parquet, JSON lines, CSV), read some thousand at a time and written back without a few of them."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from copydesk.errors import UsageError

FORMATS = (".parquet", ".jsonl", ".ndjson", ".csv")
BATCH_ROWS = 4096
"""Rows that are in memory at once: some 15 MB of news."""
FIELD_BYTES = 1 << 27
"""A CSV field may be as long as a long article; Python's own limit is 128 kB."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Successive rows of a file as values, and each row as it stood (JSON lines only)."""

    rows: pa.Table
    lines: tuple[bytes, ...] = ()


def find_files(source: Path) -> list[Path]:
    """The file, or the files of the folder, by name.

    Raises UsageError for a path that isn't there, and for one without rows in a format that is read.
    """
    if not source.exists():
        raise UsageError(f"{source}: no such file or folder; name Parquet, JSONL or CSV")
    paths = sorted(p for p in source.iterdir() if p.suffix in FORMATS) if source.is_dir() else [source]
    if not paths or any(path.suffix not in FORMATS for path in paths):
        raise UsageError(f"{source}: no rows that are read; name {', '.join(FORMATS)}")
    return paths


def read_batches(path: Path) -> Iterator[Batch]:
    """The rows of a file in order, at most `BATCH_ROWS` at once; a file without rows gives one batch without rows.

    Raises UsageError for what can't be read.
    """
    read = {".parquet": _read_parquet, ".csv": _read_csv}.get(path.suffix, _read_lines)
    try:
        yield from read(path)
    except (OSError, ValueError, csv.Error) as error:
        raise UsageError(f"{path} can't be read: {str(error).splitlines()[0]}; leave it out or mend it") from error


def write_kept(source: Path, kept: Sequence[bool], path: Path) -> None:
    """Writes the rows of a file that are kept (one truth value per row) to another one, each as it was."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write = {".parquet": _write_parquet, ".csv": _write_csv}.get(path.suffix, _write_lines)
    write(source, kept, path)


def _read_parquet(path: Path) -> Iterator[Batch]:
    with pq.ParquetFile(path) as file:
        yield Batch(file.schema_arrow.empty_table())
        for batch in file.iter_batches(BATCH_ROWS):
            yield Batch(pa.Table.from_batches([batch]))


def _read_lines(path: Path) -> Iterator[Batch]:
    with path.open("rb") as file:
        lines = (line.rstrip(b"\n") for line in file if line.strip())
        yield Batch(pa.table({}))
        while part := tuple(islice(lines, BATCH_ROWS)):
            yield Batch(pa.Table.from_pylist([json.loads(line) for line in part]), part)


def _read_csv(path: Path) -> Iterator[Batch]:
    csv.field_size_limit(FIELD_BYTES)
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.reader(file)
        names = next(rows, [])
        yield Batch(pa.table({name: pa.array([], pa.string()) for name in names}))
        while part := list(islice(rows, BATCH_ROWS)):
            columns = {name: pa.array([row[at] for row in part], pa.string()) for at, name in enumerate(names)}
            yield Batch(pa.table(columns))


def _kept_batches(source: Path, kept: Sequence[bool]) -> Iterator[tuple[Batch, Sequence[bool]]]:
    start = 0
    for batch in read_batches(source):
        yield batch, kept[start : start + len(batch.rows)]
        start += len(batch.rows)


def _write_parquet(source: Path, kept: Sequence[bool], path: Path) -> None:
    with pq.ParquetWriter(path, pq.read_schema(source), compression="zstd") as out:
        for batch, stays in _kept_batches(source, kept):
            out.write_table(batch.rows.filter(pa.array(stays, pa.bool_())))


def _write_lines(source: Path, kept: Sequence[bool], path: Path) -> None:
    with path.open("wb") as out:
        for batch, stays in _kept_batches(source, kept):
            out.writelines(line + b"\n" for line, stay in zip(batch.lines, stays, strict=True) if stay)


def _write_csv(source: Path, kept: Sequence[bool], path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        for number, (batch, stays) in enumerate(_kept_batches(source, kept)):
            if number == 0:
                out.writerow(batch.rows.column_names)
            rows = batch.rows.filter(pa.array(stays, pa.bool_()))
            out.writerows(zip(*(column.to_pylist() for column in rows.columns), strict=True))

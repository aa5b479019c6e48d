"""The duplicates of texts that are clean already: files of rows in, their copies and the rows that stay out.

OUT/kept/...          the files again, without the rows that are copies; every other row as it was
OUT/duplicates/...    the table `duplicates`, with the ids given
"""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from copydesk.duplicates.dedup import dedup
from copydesk.errors import UsageError
from copydesk.settings import Settings
from copydesk.writing.tables import build_table

FORMATS = (".parquet", ".jsonl", ".ndjson", ".csv")
FIELD_BYTES = 1 << 27
"""A CSV field may be as long as a long article; Python's own limit is 128 kB."""


@dataclass(frozen=True, slots=True)
class RowsFile:
    """One file of rows: its path, its rows as values, and each row as it stood (JSON lines only)."""

    path: Path
    rows: pa.Table
    lines: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class DedupSummary:
    """How many rows were read, and how many of them are copies."""

    rows: int
    copies: int


def dedup_files(source: Path, out: Path, text_column: str, id_column: str, settings: Settings) -> DedupSummary:
    """The counts, after `out` was written. The order of files and rows stays; ids come out as text.

    Raises UsageError for a path, format or column that isn't there, ids that don't name each row once, and an `out`
    that isn't empty.
    """
    if out.exists() and any(out.iterdir()):
        raise UsageError(f"--out {out} isn't empty; name a new folder")
    files = [_read(path) for path in _paths(source)]
    table = pa.concat_tables([file.rows for file in files], promote_options="permissive")
    done = dedup(table, text_column, id_column, settings)
    ids = table[id_column].cast(pa.string()).to_pylist()
    removed = set(done.links["article_id"].to_pylist())
    start = 0
    for file in files:
        kept = [identity not in removed for identity in ids[start : start + len(file.rows)]]
        _write_kept(file, kept, out / "kept" / file.path.name)
        start += len(file.rows)
    _write_duplicates(files, ids, table, done.links.to_pylist(), out / "duplicates")
    return DedupSummary(len(table), len(removed))


def _paths(source: Path) -> list[Path]:
    if not source.exists():
        raise UsageError(f"{source}: no such file or folder; name Parquet, JSONL or CSV")
    paths = sorted(p for p in source.iterdir() if p.suffix in FORMATS) if source.is_dir() else [source]
    if not paths or any(path.suffix not in FORMATS for path in paths):
        raise UsageError(f"{source}: no rows that are read; name {', '.join(FORMATS)}")
    return paths


def _read(path: Path) -> RowsFile:
    try:
        if path.suffix == ".parquet":
            return RowsFile(path, pq.read_table(path, partitioning=None))
        if path.suffix == ".csv":
            return RowsFile(path, _read_csv(path))
        lines = tuple(line for line in path.read_bytes().split(b"\n") if line.strip())
        return RowsFile(path, pa.Table.from_pylist([json.loads(line) for line in lines]), lines)
    except (OSError, ValueError, csv.Error) as error:
        raise UsageError(f"{path} can't be read: {str(error).splitlines()[0]}; leave it out or mend it") from error


def _read_csv(path: Path) -> pa.Table:
    csv.field_size_limit(FIELD_BYTES)
    with path.open(encoding="utf-8-sig", newline="") as file:
        names, *rows = csv.reader(file)
    return pa.table({name: pa.array([row[at] for row in rows], pa.string()) for at, name in enumerate(names)})


def _write_kept(file: RowsFile, kept: Sequence[bool], path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = file.rows.filter(pa.array(kept, pa.bool_()))
    if path.suffix == ".parquet":
        pq.write_table(rows, path, compression="zstd")
    elif path.suffix == ".csv":
        with path.open("w", encoding="utf-8", newline="") as out:
            csv.writer(out, lineterminator="\n").writerows(
                [rows.column_names, *zip(*(column.to_pylist() for column in rows.columns), strict=True)]
            )
    else:
        path.write_bytes(b"".join(line + b"\n" for line, stays in zip(file.lines, kept, strict=True) if stays))


def _write_duplicates(
    files: Sequence[RowsFile], ids: Sequence[str], table: pa.Table, links: Sequence[Mapping[str, Any]], folder: Path
) -> None:
    places = [(file.path.name, row) for file in files for row in range(len(file.rows))]
    at = {identity: number for number, identity in enumerate(ids)}
    copies = [at[link["article_id"]] for link in links]
    known = {name: _column(table, name, copies) for name in ("title", "outlet", "url")}
    columns: dict[str, Sequence[Any]] = {
        "source_path": [places[copy][0] for copy in copies],
        "source_record": [places[copy][1] for copy in copies],
        "canonical_source_path": [places[at[link["canonical_id"]]][0] for link in links],
        "published_on": [None] * len(links),
        **known,
        **{name: [link[name] for link in links] for name in ("article_id", "canonical_id", "kind")},
        **{name: [link[name] for link in links] for name in ("jaccard", "containment")},
    }
    folder.mkdir(parents=True, exist_ok=True)
    pq.write_table(build_table("duplicates", columns), folder / "part-0.parquet", compression="zstd")


def _column(table: pa.Table, name: str, rows: Sequence[int]) -> list[str | None]:
    if name not in table.column_names:
        return [None] * len(rows)
    return [None if value is None else str(value) for value in table[name].take(pa.array(rows, pa.int64())).to_pylist()]

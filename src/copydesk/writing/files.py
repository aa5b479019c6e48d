"""Rows → Parquet files, or hard links to the files of the snapshot before where nothing has changed.

A file's name ends with a digest of its bytes: a reader that has listed one snapshot and opens the files through the
link after it was swapped finds either the very file it listed or none, never another one of the same name.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from copydesk.threads import map_in_threads
from copydesk.writing.durable import READ_ONLY, file_sha256, sync_file
from copydesk.writing.manifest import FileEntry, Manifest
from copydesk.writing.partitions import FileRows, one_run, split_into_files
from copydesk.writing.rows import carry_over, has_strangers, keep_first_seen
from copydesk.writing.schema import load_contract, load_schema
from copydesk.writing.splicing import join

ROW_GROUP_ROWS = 4096
"""Rows of a row group: one look-up by id reads one. Measured: 4 to 14 ms with it on 100,000 articles."""

ARTICLE_GROUP_ROWS = 1024
"""Of articles. A night in which an article goes packs one group again and copies the others; with 512, files are one
percent larger and a footer takes as long to read as is saved."""

ZSTD_LEVEL = 3
"""Measured on 100,000 articles of 3.5 kB: level 1, 3, 6, 9 give 188, 124, 111, 99 MiB at 1.4, 1.9, 4.2, 6.1 CPU-s."""

BLOOM_SHARE = 0.01
"""False positives of the Bloom filter on the id; a miss is 16 times cheaper with one in DuckDB."""

DIGEST_CHARS = 16

LATER = "later"
"""The label of a file of rows that came after the others of their folder (`copydesk.writing.nightly`)."""

NO_DICTIONARY = frozenset(
    {
        *("text", "before", "after", "title", "url", "url_key", "canonical_url", "article_id", "canonical_id"),
        *("source_sha256", "provenance.list.element.value", "provenance.list.element.raw"),
        *("also_published.list.element.url", "also_published.list.element.article_id"),
    }
)
"""Columns whose values hardly recur: a dictionary of them is built for nothing, and takes a percent more room."""

NO_STATISTICS = frozenset({"text", "before", "after", "captions", "author_bio", "provenance"})
"""Columns that nobody looks for by range: the least and the greatest text of a row group are two whole texts."""


@dataclass(frozen=True, slots=True)
class Parent:
    """The snapshot before, which unchanged files are shared with."""

    folder: Path
    manifest: Manifest


@dataclass(frozen=True, slots=True)
class WrittenFile:
    """A file of the new snapshot, and whether it is one of the snapshot before."""

    entry: FileEntry
    shared: bool


@dataclass(frozen=True, slots=True)
class _Planned:
    """A file to be: what its path begins with, and its rows, or the file of the snapshot before that has them."""

    prefix: str
    group: FileRows
    shared: FileEntry | None = None


def write_table(
    table: str, chunks: Iterable[pa.Table], staging: Path, parent: Parent | None, threads: int = 1
) -> tuple[WrittenFile, ...]:
    """The files of a table, written into the staging folder from rows in any order, or shared where the snapshot before
    has the same. No byte depends on how many threads pack them.

    Raises ContractError if rows don't have the columns of the schema.
    """
    # Read at most once, and only if an article is new where it lies: it may have lain elsewhere.
    first_seen = cache(partial(_first_seen, table, parent))
    planned = (_plan(table, group, staging, parent, first_seen) for group in split_into_files(table, chunks))
    return tuple(_write_planned(table, planned, staging, threads))


def _plan(
    table: str, group: FileRows, staging: Path, parent: Parent | None, first_seen: Callable[[], pa.Table | None]
) -> _Planned:
    prefix = _prefix(table, group)
    if parent is None:
        return _Planned(prefix, group)
    entries = _entries_before(parent, prefix)
    old = _read_files(parent, entries, table)
    rows = group.rows
    if "first_seen" in rows.column_names and has_strangers(rows, old) and (known := first_seen()) is not None:
        rows = keep_first_seen(rows, known)
    rows = carry_over(rows, old)
    if len(entries) == 1 and rows.equals(old) and share_file(parent, staging, entries[0]):
        return _Planned(prefix, group, entries[0])
    return _Planned(prefix, one_run(group.folder, group.label, rows))


def _write_planned(table: str, planned: Iterable[_Planned], staging: Path, threads: int) -> Iterator[WrittenFile]:
    """The files, of which several threads pack a row group each: of articles that is four fifths of publishing."""
    size = group_rows(table)

    def pack(task: tuple[_Planned, int]) -> tuple[_Planned, memoryview | None]:
        plan, start = task
        if plan.shared:
            return plan, None
        return plan, encode_rows(table, plan.group.part(start, start + size), len(plan.group))

    tasks = ((plan, start) for plan in planned for start in range(0, max(len(plan.group), 1), size))
    packed = map_in_threads(pack, tasks, threads)
    for plan, parts in groupby(packed, key=itemgetter(0)):
        files = [file for _, file in parts if file is not None]
        if plan.shared:
            yield WrittenFile(plan.shared, shared=True)
        else:
            entry = _put(_joined(table, plan.group, files), staging, plan.prefix, len(plan.group))
            yield WrittenFile(entry, shared=False)


def _joined(table: str, group: FileRows, files: Sequence[memoryview]) -> Sequence[memoryview | bytes]:
    """The pieces of the file whose row groups these files have, one each."""
    if len(files) == 1:
        return files
    try:
        return join(files)
    except ValueError:  # Parts that we don't know: another version of the writer has put them there.
        return [encode_rows(table, group.rows, len(group))]


def share_or_write(
    table: str, group: FileRows, staging: Path, parent: Parent, known: Mapping[str, pa.Table]
) -> WrittenFile:
    """The file of rows whose run columns are right: one of the snapshot before that has the very rows, or a new one.

    `known` are the rows of files of the snapshot before, by their paths.
    """
    prefix = _prefix(table, group)
    entries = _entries_before(parent, prefix)
    same = len(entries) == 1 and entries[0].path in known and group.rows.equals(known[entries[0].path])
    if same and share_file(parent, staging, entries[0]):
        return WrittenFile(entries[0], shared=True)
    return write_file(table, group, staging)


def _prefix(table: str, group: FileRows) -> str:
    """What the path of a file begins with, up to the digest of its bytes."""
    return "/".join(part for part in (table, group.folder, f"part-{group.label}-") if part)


def _entries_before(parent: Parent | None, prefix: str) -> list[FileEntry]:
    """The files of the snapshot before that held these rows: the one of the same label, if the folder is split the same
    way, else the whole folder.
    """
    if parent is None:
        return []
    folder = prefix.rpartition("/")[0] + "/"
    siblings = [entry for entry in parent.manifest.files if entry.path.rpartition("/")[0] + "/" == folder]
    same = [entry for entry in siblings if entry.path.startswith(prefix)]
    return [*same, *(entry for entry in siblings if is_later(entry) and entry not in same)] if same else siblings


def is_later(entry: FileEntry) -> bool:
    """Whether the file holds rows that came after the others of its folder: of all labels."""
    return entry.path.rpartition("/")[2].startswith(f"part-{LATER}-")


def _read_files(parent: Parent | None, entries: list[FileEntry], table: str) -> pa.Table:
    """The rows of these files; those of a file that has been damaged or has another schema are left out."""
    schema = load_schema(table)
    parts = [schema.empty_table()]
    for entry in entries:
        try:
            rows = read_parquet((parent.folder if parent else Path()) / entry.path)
        except (OSError, pa.ArrowInvalid):
            continue  # It will not be equal to the new rows, so a good file takes its place.
        if rows.schema.equals(schema, check_metadata=True):
            parts.append(rows)
    return pa.concat_tables(parts).combine_chunks()


def _first_seen(table: str, parent: Parent | None) -> pa.Table | None:
    if parent is None or "first_seen" not in load_schema(table).names:
        return None
    columns = ["article_id", "first_seen"]
    parts = []
    for entry in parent.manifest.of_table(table):
        try:
            parts.append(read_parquet(parent.folder / entry.path, columns=columns))
        except (OSError, pa.ArrowInvalid, KeyError):
            continue  # As above: what a damaged file knew is lost, its articles count as new.
    return pa.concat_tables(parts).combine_chunks() if parts else None


def share_file(parent: Parent, staging: Path, entry: FileEntry) -> bool:
    """Whether the file of the snapshot before could be shared: it must still have the digest it was published with."""
    return file_sha256(parent.folder / entry.path) == entry.sha256 and link_file(parent, staging, entry)


def link_file(parent: Parent, staging: Path, entry: FileEntry) -> bool:
    """Whether the file of the snapshot before, whose digest has been looked at, could be shared."""
    source, target = parent.folder / entry.path, staging / entry.path
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(source, target)
    except OSError:
        return False  # A file system without hard links, or too many on one file: a copy does as well.
    return True


def write_file(table: str, group: FileRows, staging: Path) -> WrittenFile:
    """A new file of these rows, whatever the snapshot before has."""
    [written] = _write_planned(table, [_Planned(_prefix(table, group), group)], staging, threads=1)
    return written


def write_pieces(pieces: Iterable[memoryview | bytes], staging: Path, before: FileEntry) -> WrittenFile:
    """A new file of these pieces with the label of the one before it, whose entry says how many rows it has now."""
    folder, _, name = before.path.rpartition("/")
    return WrittenFile(_put(pieces, staging, f"{folder}/{name.rpartition('-')[0]}-", before.rows), shared=False)


def _put(pieces: Iterable[memoryview | bytes], staging: Path, prefix: str, rows: int) -> FileEntry:
    """The entry of the file of these pieces, which is on the disk now."""
    temporary, digest, size = staging / f"{prefix}new", hashlib.sha256(), 0
    temporary.parent.mkdir(parents=True, exist_ok=True)
    with temporary.open("wb") as file:
        for piece in pieces:
            size += file.write(piece)
            digest.update(piece)
    temporary.chmod(READ_ONLY)
    sync_file(temporary)
    path = f"{prefix}{digest.hexdigest()[:DIGEST_CHARS]}.parquet"
    temporary.replace(staging / path)
    return FileEntry(path, rows, size, digest.hexdigest())


def read_parquet(path: Path | pa.BufferReader, columns: list[str] | None = None) -> pa.Table:
    """The rows of one file, or some columns of them. Without Arrow's dataset layer, which costs more than small files.

    In one thread: files of a month are small, and threads that wait for each other took 1.2 CPU-seconds for those of
    80,000 articles, one took 0.7.

    Raises OSError or pa.ArrowInvalid if the file can't be read.
    """
    with pq.ParquetFile(path) as file:
        return file.read(columns, use_threads=False)


def group_rows(table: str) -> int:
    """Rows of a row group of a table."""
    return ARTICLE_GROUP_ROWS if table == "articles" else ROW_GROUP_ROWS


def encode_rows(table: str, rows: pa.Table, of: int | None = None) -> memoryview:
    """Rows of a table, or some of their columns, as a Parquet file, packed as in a file `of` so many rows; where that
    isn't said, as one row group of a file that has more.
    """
    sink = pa.BufferOutputStream()
    with pq.ParquetWriter(sink, rows.schema, **_options(table, of, rows.column_names)) as writer:
        writer.write_table(rows, row_group_size=group_rows(table) if of else max(len(rows), 1))
    return memoryview(sink.getvalue())


def _options(table: str, rows: int | None, columns: Sequence[str]) -> dict[str, Any]:
    """How so many rows of a table are written, or of some of its columns."""
    paths = [path for path in _leaves(table) if path.partition(".")[0] in columns]
    ids = group_rows(table) if rows is None else min(max(rows, 1), group_rows(table))
    bloom = {"article_id": {"ndv": ids, "fpp": BLOOM_SHARE}} if "article_id" in paths else None
    keys = load_contract(table).sort
    whole = len(columns) == len(load_schema(table))
    return {
        "compression": "zstd",
        "compression_level": ZSTD_LEVEL,
        "use_dictionary": [path for path in paths if path not in NO_DICTIONARY],
        "write_statistics": [path for path in paths if path.partition(".")[0] not in NO_STATISTICS],
        "bloom_filter_options": bloom,
        "sorting_columns": [pq.SortingColumn(columns.index(name)) for name in keys] if whole else None,
    }


@cache
def _leaves(table: str) -> tuple[str, ...]:
    """The columns by their paths as Parquet counts them: a list of structs is one for each member."""
    paths: list[str] = []
    for field in load_schema(table):
        if not pa.types.is_list(field.type):
            paths.append(field.name)
        elif pa.types.is_struct(field.type.value_type):
            paths.extend(f"{field.name}.list.element.{member.name}" for member in field.type.value_type)
        else:
            paths.append(f"{field.name}.list.element")
    return tuple(paths)

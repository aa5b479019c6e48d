"""Rows → Parquet files, or hard links to the files of the snapshot before where nothing has changed.

A file's name ends with a digest of its bytes: a reader that has listed one snapshot and opens the files through the
link after it was swapped finds either the very file it listed or none, never another one of the same name.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from copydesk.errors import ContractError
from copydesk.writing.durable import READ_ONLY, file_sha256, sync_file
from copydesk.writing.manifest import FileEntry, Manifest
from copydesk.writing.partitions import FileRows, split_into_files
from copydesk.writing.rows import carry_over, has_strangers, keep_first_seen
from copydesk.writing.schema import load_contract, load_schema

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


def write_table(
    table: str, chunks: Iterable[pa.Table], staging: Path, spill: Path, parent: Parent | None
) -> tuple[WrittenFile, ...]:
    """The files of a table, written into the staging folder from rows in any order.

    Raises ContractError if rows don't have the columns of the schema.
    """
    spill.mkdir()
    return write_groups(table, split_into_files(table, chunks, spill), staging, parent)


def write_groups(
    table: str, groups: Iterable[FileRows], staging: Path, parent: Parent | None
) -> tuple[WrittenFile, ...]:
    """The file of each group of rows, written, or shared where the snapshot before has the same."""
    # Read at most once, and only if an article is new where it lies: it may have lain elsewhere.
    first_seen = cache(partial(_first_seen, table, parent))
    return tuple(_write_file(table, group, staging, parent, first_seen) for group in groups)


def _write_file(
    table: str, group: FileRows, staging: Path, parent: Parent | None, first_seen: Callable[[], pa.Table | None]
) -> WrittenFile:
    folder = staging / table / group.folder
    folder.mkdir(parents=True, exist_ok=True)
    prefix = _prefix(table, group)
    entries = _entries_before(parent, prefix)
    old = _read_files(parent, entries, table)
    rows = group.rows
    if "first_seen" in rows.column_names and has_strangers(rows, old) and (known := first_seen()) is not None:
        rows = keep_first_seen(rows, known)
    rows = carry_over(rows, old)
    if parent and len(entries) == 1 and rows.equals(old) and share_file(parent, staging, entries[0]):
        return WrittenFile(entries[0], shared=True)
    return WrittenFile(_encode(table, rows, staging, prefix), shared=False)


def share_or_write(
    table: str, group: FileRows, staging: Path, parent: Parent, known: Mapping[str, pa.Table]
) -> WrittenFile:
    """The file of rows whose run columns are right: one of the snapshot before that has the very rows, or a new one.

    `known` are the rows of files of the snapshot before, by their paths.
    """
    (staging / table / group.folder).mkdir(parents=True, exist_ok=True)
    prefix = _prefix(table, group)
    entries = _entries_before(parent, prefix)
    same = len(entries) == 1 and entries[0].path in known and group.rows.equals(known[entries[0].path])
    if same and share_file(parent, staging, entries[0]):
        return WrittenFile(entries[0], shared=True)
    return WrittenFile(_encode(table, group.rows, staging, prefix), shared=False)


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
    (staging / table / group.folder).mkdir(parents=True, exist_ok=True)
    return WrittenFile(_encode(table, group.rows, staging, _prefix(table, group)), shared=False)


def write_pieces(pieces: Iterable[memoryview | bytes], staging: Path, before: FileEntry) -> WrittenFile:
    """A new file of these pieces with the label of the one before it, whose entry says how many rows it has now."""
    folder, _, name = before.path.rpartition("/")
    (staging / folder).mkdir(parents=True, exist_ok=True)
    prefix = f"{folder}/{name.rpartition('-')[0]}-"
    temporary, digest = staging / f"{prefix}new", hashlib.sha256()
    with temporary.open("wb") as file:
        for piece in pieces:
            file.write(piece)
            digest.update(piece)
    return WrittenFile(_settle(temporary, staging, prefix, digest.hexdigest(), before.rows), shared=False)


def _encode(table: str, rows: pa.Table, staging: Path, prefix: str) -> FileEntry:
    temporary = staging / f"{prefix}new"
    _write_parquet(table, rows, temporary)
    return _settle(temporary, staging, prefix, file_sha256(temporary), len(rows))


def _settle(temporary: Path, staging: Path, prefix: str, digest: str, rows: int) -> FileEntry:
    """The entry of a file that was written, which has its name now and is on the disk."""
    path = f"{prefix}{digest[:DIGEST_CHARS]}.parquet"
    temporary.chmod(READ_ONLY)
    sync_file(temporary)
    temporary.replace(staging / path)
    return FileEntry(path, rows, (staging / path).stat().st_size, digest)


def read_parquet(path: Path | pa.BufferReader, columns: list[str] | None = None) -> pa.Table:
    """The rows of one file, or some columns of them. Without Arrow's dataset layer, which costs more than small files.

    In one thread: files of a month are small, and threads that wait for each other took 1.2 CPU-seconds for those of
    80,000 articles, one took 0.7.

    Raises OSError or pa.ArrowInvalid if the file can't be read.
    """
    with pq.ParquetFile(path) as file:
        return file.read(columns, use_threads=False)


def _write_parquet(table: str, rows: pa.Table, path: Path) -> None:
    contract = load_contract(table)
    sorting = [pq.SortingColumn(rows.schema.get_field_index(name)) for name in contract.sort]
    if not rows.schema.equals(load_schema(table), check_metadata=True):
        raise ContractError(f"{table}: columns changed on the way to {path.name}: {rows.schema.names}")
    with pq.ParquetWriter(path, rows.schema, **_options(table, len(rows)), sorting_columns=sorting) as writer:
        writer.write_table(rows, row_group_size=group_rows(table))


def group_rows(table: str) -> int:
    """Rows of a row group of a table."""
    return ARTICLE_GROUP_ROWS if table == "articles" else ROW_GROUP_ROWS


def encode_rows(table: str, rows: pa.Table) -> memoryview:
    """Rows of a table, or some of their columns, as a Parquet file of one row group, packed as in a file of more."""
    sink = pa.BufferOutputStream()
    with pq.ParquetWriter(sink, rows.schema, **_options(table, group_rows(table), rows.column_names)) as writer:
        writer.write_table(rows, row_group_size=max(len(rows), 1))
    return memoryview(sink.getvalue())


def _options(table: str, rows: int, columns: Collection[str] = ()) -> dict[str, Any]:
    """How so many rows of a table are written, or of some of its columns."""
    paths = [path for path in _leaves(table) if not columns or path.partition(".")[0] in columns]
    ids = min(max(rows, 1), group_rows(table))
    bloom = {"article_id": {"ndv": ids, "fpp": BLOOM_SHARE}} if "article_id" in paths else None
    return {
        "compression": "zstd",
        "compression_level": ZSTD_LEVEL,
        "use_dictionary": [path for path in paths if path not in NO_DICTIONARY],
        "write_statistics": [path for path in paths if path.partition(".")[0] not in NO_STATISTICS],
        "bloom_filter_options": bloom,
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

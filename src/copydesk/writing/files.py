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

import pyarrow as pa

from copydesk.machine.threads import map_in_threads
from copydesk.writing.durable import READ_ONLY, file_sha256
from copydesk.writing.manifest import FileEntry, Manifest
from copydesk.writing.parquet import encode_rows, group_rows, read_parquet
from copydesk.writing.partitions import FileRows, one_run, split_into_files
from copydesk.writing.rows import carry_over, has_strangers, keep_first_seen
from copydesk.writing.schema import load_schema
from copydesk.writing.splicing import join

DIGEST_CHARS = 16

LATER = "later"
"""The label of a file of rows that came after the others of their folder (`copydesk.writing.in_place`)."""


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
    """The entry of the file of these pieces; whoever publishes the folder brings it to the disk (`sync_tree`)."""
    temporary, digest, size = staging / f"{prefix}new", hashlib.sha256(), 0
    temporary.parent.mkdir(parents=True, exist_ok=True)
    with temporary.open("wb") as file:
        for piece in pieces:
            size += file.write(piece)
            digest.update(piece)
    temporary.chmod(READ_ONLY)
    path = f"{prefix}{digest.hexdigest()[:DIGEST_CHARS]}.parquet"
    temporary.replace(staging / path)
    return FileEntry(path, rows, size, digest.hexdigest())

"""What changed since the published snapshot → the files of a table, without looking at the rows of all others.

A night that brings 1 % new records changes few rows. Given those, only the folders they lie in are read and written;
the files of all others are shared as they are. The result is the same, byte for byte, as if the whole table had been
given.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import pyarrow as pa
import pyarrow.compute as pc

from copydesk.errors import StaleParentError
from copydesk.writing.durable import file_sha256
from copydesk.writing.files import Parent, WrittenFile, read_parquet, share_file, write_groups
from copydesk.writing.history import current_snapshot
from copydesk.writing.manifest import FileEntry
from copydesk.writing.partitions import group_by_folder, split_into_files
from copydesk.writing.schema import load_contract, load_schema


@dataclass(frozen=True, slots=True)
class Changes:
    """The rows of articles that have changed or are new, and the ids of those that have no row any longer.

    `rows` replace all rows of the same article_id. `gone` (string) may name ids that never had a row.
    """

    rows: pa.Table
    gone: pa.Array

    def without(self, rows: pa.Table) -> pa.Table:
        """The rows that stay: those of no article that is named here."""
        return rows.filter(pc.invert(self.names(rows["article_id"])))

    def names(self, ids: pa.ChunkedArray) -> pa.ChunkedArray:
        """Row by row, whether the article is named here."""
        changed = pa.concat_arrays([*self.rows["article_id"].chunks, self.gone.cast(pa.string())])
        return pc.is_in(ids, value_set=changed)


def write_changes(
    table: str, changes: Changes, staging: Path, spill: Path, parent: Parent | None
) -> tuple[WrittenFile, ...]:
    """The files of a table, written into the staging folder or shared with the snapshot before.

    Raises StaleParentError if there is no snapshot before, a damaged one, or one with another schema: then whole tables
    have to be given.
    """
    if parent is None or parent.manifest.schema_versions.get(table) != load_contract(table).version:
        raise StaleParentError(
            f"{table}: changes were given, but no snapshot of this schema to make them to; publish whole tables"
        )
    spill.mkdir()
    if not len(changes.rows) and not len(changes.gone):
        return share_table(table, staging, parent)
    touched = _touched_files(table, changes, parent)
    kept = [entry for entry in parent.manifest.of_table(table) if entry not in touched]
    shared = [WrittenFile(entry, shared=True) for entry in kept if share_file(parent, staging, entry)]
    if len(shared) < len(kept):
        raise StaleParentError(f"{table}: a file of snapshot {parent.folder.name} is damaged; publish whole tables")
    chunks = _rows_of_touched(table, changes, touched, parent)
    groups = (group for group in split_into_files(table, chunks, spill) if len(group.rows) or not shared)
    return (*shared, *write_groups(table, groups, staging, parent))


def share_table(table: str, staging: Path, parent: Parent) -> tuple[WrittenFile, ...]:
    """The files of a table, all shared with the snapshot before.

    Raises StaleParentError if one is damaged.
    """
    entries = parent.manifest.of_table(table)
    if not all(share_file(parent, staging, entry) for entry in entries):
        raise StaleParentError(f"{table}: a file of snapshot {parent.folder.name} is damaged; publish whole tables")
    return tuple(WrittenFile(entry, shared=True) for entry in entries)


def read_changed(clean: Path | str, table: str, changes: Changes) -> pa.Table:
    """The rows of a table as the changes leave them, in no order.

    Raises StaleParentError if a file of the published snapshot can't be read.
    """
    snapshot = current_snapshot(clean)
    if snapshot is None:
        raise StaleParentError(f"{table}: changes were given, but nothing is published at {clean}")
    parts = [changes.rows]
    for entry in snapshot.manifest.of_table(table):
        path = snapshot.path / entry.path
        try:
            parts.append(changes.without(read_parquet(path).cast(load_schema(table))))
        except (OSError, pa.ArrowInvalid, ValueError) as error:
            raise StaleParentError(f"{path} can't be read ({error}); publish whole tables") from error
    return pa.concat_tables(parts)


def _touched_files(table: str, changes: Changes, parent: Parent) -> tuple[FileEntry, ...]:
    """All files of the folders in which a row goes, comes or changes. A file without rows is there for want of any."""
    entries = parent.manifest.of_table(table)
    folders = {
        _folder(entry) for entry in entries if not entry.rows or _holds_changed(parent.folder / entry.path, changes)
    }
    if len(changes.rows):
        folders |= {f"{table}/{folder}".rstrip("/") for folder, _ in group_by_folder(table, changes.rows)}
    return tuple(entry for entry in entries if _folder(entry) in folders)


def _folder(entry: FileEntry) -> str:
    return str(PurePosixPath(entry.path).parent)


def _holds_changed(path: Path, changes: Changes) -> bool:
    try:
        ids = read_parquet(path, columns=["article_id"])["article_id"]
    except (OSError, pa.ArrowInvalid) as error:
        raise StaleParentError(f"{path} can't be read ({error}); publish whole tables") from error
    return bool(pc.any(changes.names(ids)).as_py())


def _rows_of_touched(
    table: str, changes: Changes, touched: tuple[FileEntry, ...], parent: Parent
) -> Iterator[pa.Table]:
    for entry in touched:
        path = parent.folder / entry.path
        if file_sha256(path) != entry.sha256:
            raise StaleParentError(f"{path} is damaged: its rows can't be taken over; publish whole tables")
        rows = read_parquet(path)
        yield changes.without(rows.cast(load_schema(table)))
    yield changes.rows

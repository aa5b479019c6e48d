"""What changed since the published snapshot → the files of a table, without looking at the rows of all others.

A night that brings 1 % new records changes few rows. Given those, only the folders they lie in are read and written;
the files of all others are shared as they are. The rows are the same as if the whole table had been given, and in small
folders the bytes, too; where larger ones have theirs, `copydesk.writing.in_place` says.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from copydesk.errors import StaleParentError
from copydesk.writing.files import Parent, WrittenFile, share_file, share_or_write
from copydesk.writing.history import current_snapshot
from copydesk.writing.in_place import NOTHING_SAME, Named, Same, change_in_place, read_verified
from copydesk.writing.manifest import FileEntry
from copydesk.writing.parquet import read_parquet
from copydesk.writing.partitions import group_by_folder, sort_order, split_into_files
from copydesk.writing.rows import carry_over, keep_first_seen
from copydesk.writing.schema import load_contract, load_schema


@dataclass(frozen=True, slots=True)
class Changes:
    """The rows of articles that have changed or are new, and the ids of those that have no row any longer.

    `rows` replace all rows of the same article_id. `gone` (string) may name ids that never had a row; `same` tells what
    of the changed articles is known to be as published.
    """

    rows: pa.Table
    gone: pa.Array
    same: Same = NOTHING_SAME

    def without(self, rows: pa.Table) -> pa.Table:
        """The rows that stay: those of no article that is named here."""
        return rows.filter(pc.invert(self.names(rows["article_id"])))

    def names(self, ids: pa.ChunkedArray) -> pa.ChunkedArray:
        """Row by row, whether the article is named here."""
        changed = pa.concat_arrays([*self.rows["article_id"].chunks, self.gone.cast(pa.string())])
        return pc.is_in(ids, value_set=changed)


def write_changes(table: str, changes: Changes, staging: Path, parent: Parent | None) -> tuple[WrittenFile, ...]:
    """The files of a table, written into the staging folder or shared with the snapshot before.

    Raises StaleParentError if there is no snapshot before, a damaged one, or one with another schema: then whole tables
    have to be given.
    """
    if parent is None or parent.manifest.schema_versions.get(table) != load_contract(table).version:
        raise StaleParentError(
            f"{table}: changes were given, but no snapshot of this schema to make them to; publish whole tables"
        )
    if not len(changes.rows) and not len(changes.gone):
        return share_table(table, staging, parent)
    named = [_named(table, entry, changes, parent) for entry in parent.manifest.of_table(table)]
    fresh = dict(group_by_folder(table, _known_since(changes, named))) if len(changes.rows) else {}
    # The folders from which a row goes, or in which one changes; and that of a file without rows, which is there for
    # want of any.
    touched = {_folder(table, one.entry) for one in named if not one.entry.rows or len(one.places)} | fresh.keys()
    kept = [one.entry for one in named if _folder(table, one.entry) not in touched]
    shared = [WrittenFile(entry, shared=True) for entry in kept if share_file(parent, staging, entry)]
    if len(shared) < len(kept):
        raise StaleParentError(f"{table}: a file of snapshot {parent.folder.name} is damaged; publish whole tables")
    written: list[WrittenFile] = []
    for folder in sorted(touched):
        # One folder at a time: of a corpus of years, a night's months alone are more than should be held at once.
        here = [one for one in named if _folder(table, one.entry) == folder]
        rows = fresh.get(folder, changes.rows.slice(0, 0))
        files = change_in_place(table, here, rows, staging, parent, changes.same)
        written.extend(_write_anew(table, here, changes, rows, staging, parent) if files is None else files)
    if not shared and not written:
        [nothing] = split_into_files(table, [])
        written.append(share_or_write(table, nothing, staging, parent, {}))
    return (*shared, *written)


def _write_anew(
    table: str, here: Sequence[Named], changes: Changes, fresh: pa.Table, staging: Path, parent: Parent
) -> Iterator[WrittenFile]:
    """The files of a folder, from all of its rows."""
    rows = [read_parquet(pa.BufferReader(read_verified(one.entry, parent))).cast(load_schema(table)) for one in here]
    known = {one.entry.path: part for one, part in zip(here, rows, strict=True)}
    merged = _merge(table, rows, changes, fresh)
    groups = split_into_files(table, [merged]) if len(merged) else ()
    return (share_or_write(table, group, staging, parent, known) for group in groups)


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


def _folder(table: str, entry: FileEntry) -> str:
    """The folder of a file in its table: `month=2026-01`, empty in a table without partitions."""
    return entry.path.rpartition("/")[0].removeprefix(table).removeprefix("/")


def _named(table: str, entry: FileEntry, changes: Changes, parent: Parent) -> Named:
    """The rows of a published file that the changes name, as far as tells whose they are."""
    path = parent.folder / entry.path
    columns = [name for name in ("article_id", "first_seen") if name in load_schema(table).names]
    try:
        rows = read_parquet(path, columns=columns)
    except (OSError, pa.ArrowInvalid) as error:
        raise StaleParentError(f"{path} can't be read ({error}); publish whole tables") from error
    names = changes.names(rows["article_id"])
    return Named(entry, np.flatnonzero(names.to_numpy()), rows.filter(names))


def _known_since(changes: Changes, named: Sequence[Named]) -> pa.Table:
    """The changed rows, each with the time at which its article was first seen, in whichever folder it lay."""
    known = [one.ids for one in named if len(one.ids)]
    if not known or "first_seen" not in changes.rows.column_names:
        return changes.rows
    return keep_first_seen(changes.rows, pa.concat_tables(known))


def _merge(table: str, before: list[pa.Table], changes: Changes, fresh: pa.Table) -> pa.Table:
    """The rows of a folder, in order: those that stay as they were, and the changed ones."""
    old = pa.concat_tables([load_schema(table).empty_table(), *before])
    named = changes.names(old["article_id"])
    stays = pc.invert(named).to_numpy().astype(np.bool_)
    rows = pa.concat_tables([old, carry_over(fresh, old.filter(named))])
    order = sort_order(table, rows)
    return rows.take(order[np.r_[stays, np.ones(len(fresh), np.bool_)][order]])

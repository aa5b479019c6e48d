"""Publishing: a snapshot is written aside, checked, and swapped in by renaming one symbolic link.

    corpus/clean              -> clean.snapshots/20260115T020000Z     the link that readers open
    corpus/clean.snapshots/      one folder per published run; unchanged files are hard links
    corpus/clean.snapshots/.staging-…   a run at work, or what a killed one left

Whatever happens before the swap, readers keep the corpus they had; after it, they have the new one. Only one run may
publish at a time: callers hold the lock of `copydesk.state.lock`.
"""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow as pa

from copydesk import __version__
from copydesk.errors import ContractError, RunError, UsageError
from copydesk.writing.changes import Changes, write_changes
from copydesk.writing.checks import Read, check_new, join_tables, read_back
from copydesk.writing.contents import count_contents
from copydesk.writing.describing import write_descriptions
from copydesk.writing.durable import sync_folder, sync_tree, write_bytes
from copydesk.writing.files import Parent, WrittenFile, write_table
from copydesk.writing.history import RUN_ID, STAGING, Snapshot, current_snapshot, point_to, sweep
from copydesk.writing.ledger import check_sums, count_outcomes
from copydesk.writing.manifest import MANIFEST, Manifest, encode_manifest
from copydesk.writing.place import Place, link_target, locate
from copydesk.writing.reports import write_reports
from copydesk.writing.schema import TABLES, schema_versions


@dataclass(frozen=True, slots=True)
class Published:
    """What `publish` did: the snapshot, and how many of its files are new or shared with the one before."""

    snapshot: Snapshot
    files_written: int
    files_shared: int


@dataclass(frozen=True, slots=True)
class RunStamp:
    """What marks a run in its snapshot: id, start, digests of the settings and of what people decided; and the licence
    that its owner states.
    """

    run_id: str
    now: dt.datetime
    settings_digest: str
    overrides_digest: str = ""
    licence: str = ""


def check_place(clean: Path | str) -> Place:
    """The place of the corpus, after a look at what lies there: to be asked before a long run, not only at its end.

    Raises UsageError if something else lies in the link's place.
    """
    place = locate(clean)
    link_target(place)
    return place


def publish(
    clean: Path | str,
    tables: Mapping[str, pa.Table | Iterable[pa.Table] | Changes],
    stamp: RunStamp,
    *,
    records_read: Mapping[str, int],
    reports: Mapping[str, bytes] | None = None,
    confirm: Callable[[], None] = lambda: None,
    threads: int = 1,
) -> Published:
    """The new snapshot, written, checked and swapped in.

    `tables` gives each table whole, as chunks of rows in any order (`copydesk.writing.tables` builds them), or as the
    changes to the published snapshot; `records_read` the number of records by source_path; `reports` files for the
    folder `reports/`. `confirm` is called right before the swap and may still refuse by raising: ask there whether the
    lock is still held. So many `threads` pack rows; no byte depends on how many.

    Raises UsageError if the place can't be used, LedgerError if the outcomes don't add up, ContractError if a table
    doesn't keep its schema, RunError if writing failed. The published corpus is then as it was.
    """
    place = locate(clean)
    _check_stamp(place, stamp)
    parent = _parent(place)
    staging = _start_staging(place, stamp.run_id)
    try:
        written = _write_all(tables, staging, parent, threads)
        write_reports(staging, parent.folder if parent else None, reports or {})
        known = frozenset(file.entry.path for file in written if file.shared)
        read = _read_back(staging, written, known)
        manifest = _write_manifest(staging, written, join_tables(read), stamp, parent, records_read)
        if problems := check_new(staging, manifest, read, known):
            raise _broken(problems)
        sync_tree(staging)
        confirm()
        path = _swap_in(place, staging, stamp.run_id)
    except OSError as error:
        raise RunError(f"{error.filename or staging}: {error.strerror or error}; nothing was published; "
                       "make room or name another --clean, then run again") from error  # fmt: skip
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    shared = sum(file.shared for file in written)
    return Published(Snapshot(path, manifest), len(written) - shared, shared)


def _check_stamp(place: Place, stamp: RunStamp) -> None:
    if not RUN_ID.fullmatch(stamp.run_id):
        raise UsageError(f"run id {stamp.run_id!r} can't name a folder; use letters, digits, - and _")
    if link_target(place) == stamp.run_id:
        raise UsageError(f"run id {stamp.run_id} is that of the published snapshot; give another one")


def _parent(place: Place) -> Parent | None:
    """The published snapshot, to share files with. A damaged one is none: everything is written anew."""
    try:
        snapshot = current_snapshot(place.clean)
    except ContractError:
        return None
    return Parent(snapshot.path, snapshot.manifest) if snapshot else None


def _start_staging(place: Place, run_id: str) -> Path:
    staging = place.snapshots / f"{STAGING}{run_id}"
    try:
        place.snapshots.mkdir(parents=True, exist_ok=True)
        sweep(place.clean)
        staging.mkdir()
    except OSError as error:
        raise UsageError(f"{error.filename or place.snapshots} can't be written: {error.strerror}; "
                         "name another --clean") from error  # fmt: skip
    return staging


def _write_all(
    tables: Mapping[str, pa.Table | Iterable[pa.Table] | Changes], staging: Path, parent: Parent | None, threads: int
) -> tuple[WrittenFile, ...]:
    if set(tables) != set(TABLES):
        raise ContractError(f"to publish takes the tables {', '.join(TABLES)}; given were {', '.join(tables)}")
    written: list[WrittenFile] = []
    for table in TABLES:
        rows = tables[table]
        if isinstance(rows, Changes):
            written += write_changes(table, rows, staging, parent)
        else:
            written += write_table(table, [rows] if isinstance(rows, pa.Table) else rows, staging, parent, threads)
    return tuple(written)


def _write_manifest(
    staging: Path,
    written: tuple[WrittenFile, ...],
    tables: Mapping[str, pa.Table],
    stamp: RunStamp,
    parent: Parent | None,
    records_read: Mapping[str, int],
) -> Manifest:
    check_sums(tables["ledger"], records_read)
    manifest = Manifest(
        run_id=stamp.run_id,
        parent=parent.folder.name if parent else None,
        created=stamp.now,
        package_version=__version__,
        settings_digest=stamp.settings_digest,
        schema_versions=schema_versions(),
        outcomes=count_outcomes(tables["ledger"]),
        files=tuple(file.entry for file in written),
        overrides_digest=stamp.overrides_digest,
    )
    described = write_descriptions(staging, manifest, count_contents(tables), stamp.licence, parent)
    manifest = replace(manifest, files=manifest.files + described)
    write_bytes(staging / MANIFEST, encode_manifest(manifest))
    return manifest


def _read_back(staging: Path, written: tuple[WrittenFile, ...], known: frozenset[str]) -> Read:
    """The rows as they will be published: what was written counts, not what was meant to be."""
    try:
        return read_back(staging, (file.entry for file in written), known)
    except ContractError as error:
        raise _broken([str(error)]) from error


def _broken(problems: Sequence[str]) -> ContractError:
    more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
    return ContractError(f"the new tables break their contract: {problems[0]}{more}; nothing was published, please "
                         "report it")  # fmt: skip


def _swap_in(place: Place, staging: Path, run_id: str) -> Path:
    target = place.snapshots / run_id
    if target.exists():  # A killed run of this id came as far as here; it was never swapped in.
        shutil.rmtree(target)
    staging.rename(target)
    sync_folder(place.snapshots)
    point_to(place, run_id)
    return target

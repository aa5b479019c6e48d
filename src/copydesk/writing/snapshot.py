"""Publishing: a snapshot is written aside, checked, and swapped in by renaming one symbolic link.

    corpus/clean              -> clean.snapshots/20260115T020000Z     the link that readers open
    corpus/clean.snapshots/      one folder per published run; unchanged files are hard links
    corpus/clean.snapshots/.staging-…   a run at work, or what a killed one left

Whatever happens before the swap, readers keep the corpus they had; after it, they have the new one. Only one run may
publish at a time: callers hold the lock of `copydesk.state.lock`.
"""

from __future__ import annotations

import datetime as dt
import os
import re
import shutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from copydesk import __version__
from copydesk.errors import ContractError, RunError, UsageError
from copydesk.writing.changes import Changes, write_changes
from copydesk.writing.checks import check_snapshot
from copydesk.writing.durable import swap_link, sync_folder, sync_tree, temporary_link, write_bytes
from copydesk.writing.files import Parent, WrittenFile, read_parquet, write_table
from copydesk.writing.ledger import check_sums, count_outcomes
from copydesk.writing.manifest import MANIFEST, Manifest, encode_manifest, read_manifest
from copydesk.writing.place import Place, link_target, locate
from copydesk.writing.reports import write_reports
from copydesk.writing.schema import TABLES, schema_versions

STAGING = ".staging-"

RUN_ID = re.compile(
    # matches: 20260115T020000Z, night-3; doesn't match: ../x, .staging-x, "a b"
    r"""
    [A-Za-z0-9][A-Za-z0-9_.-]{0,99}
    """,
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A published state of the corpus."""

    path: Path
    manifest: Manifest

    @property
    def run_id(self) -> str:
        """The run that published it, which is also the name of its folder."""
        return self.path.name


@dataclass(frozen=True, slots=True)
class Published:
    """What `publish` did: the snapshot, and how many of its files are new or shared with the one before."""

    snapshot: Snapshot
    files_written: int
    files_shared: int


@dataclass(frozen=True, slots=True)
class RunStamp:
    """What marks a run in its snapshot: id, start, digest of the settings."""

    run_id: str
    now: dt.datetime
    settings_digest: str


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
) -> Published:
    """The new snapshot, written, checked and swapped in.

    `tables` gives each table whole, as chunks of rows in any order (`copydesk.writing.tables` builds them), or as the
    changes to the published snapshot;
    `records_read` the number of records by source_path; `reports` files for the folder `reports/`. `confirm` is called
    right before the swap and may still refuse by raising: ask there whether the lock is still held.

    Raises UsageError if the place can't be used, LedgerError if the outcomes don't add up, ContractError if a table
    doesn't keep its schema, RunError if writing failed. The published corpus is then as it was.
    """
    place = locate(clean)
    _check_stamp(place, stamp)
    parent = _parent(place)
    staging = _start_staging(place, stamp.run_id)
    try:
        written = _write_all(tables, staging, parent)
        write_reports(staging, parent.folder if parent else None, reports or {})
        manifest = _write_manifest(staging, written, stamp, parent, records_read)
        _refuse_problems(staging, frozenset(file.entry.path for file in written if file.shared))
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
        (staging / ".spill").mkdir(parents=True)
    except OSError as error:
        raise UsageError(f"{error.filename or place.snapshots} can't be written: {error.strerror}; "
                         "name another --clean") from error  # fmt: skip
    return staging


def sweep(clean: Path | str) -> tuple[str, ...]:
    """The names of what killed runs left, after removing it. Only for who holds the lock."""
    place = locate(clean)
    left = [*place.snapshots.glob(f"{STAGING}*"), temporary_link(place.clean)]
    left = [path for path in left if os.path.lexists(path)]
    for path in left:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()
    return tuple(sorted(path.name for path in left))


def _write_all(
    tables: Mapping[str, pa.Table | Iterable[pa.Table] | Changes], staging: Path, parent: Parent | None
) -> tuple[WrittenFile, ...]:
    if set(tables) != set(TABLES):
        raise ContractError(f"to publish takes the tables {', '.join(TABLES)}; given were {', '.join(tables)}")
    written: list[WrittenFile] = []
    for table in TABLES:
        chunks = tables[table]
        spill = staging / ".spill" / table
        if isinstance(chunks, Changes):
            written += write_changes(table, chunks, staging, spill, parent)
        else:
            written += write_table(table, [chunks] if isinstance(chunks, pa.Table) else chunks, staging, spill, parent)
    shutil.rmtree(staging / ".spill")
    return tuple(written)


def _write_manifest(
    staging: Path,
    written: tuple[WrittenFile, ...],
    stamp: RunStamp,
    parent: Parent | None,
    records_read: Mapping[str, int],
) -> Manifest:
    ledger = _read_ledger(staging, written)
    check_sums(ledger, records_read)
    manifest = Manifest(
        run_id=stamp.run_id,
        parent=parent.folder.name if parent else None,
        created=stamp.now,
        package_version=__version__,
        settings_digest=stamp.settings_digest,
        schema_versions=schema_versions(),
        outcomes=count_outcomes(ledger),
        files=tuple(file.entry for file in written),
    )
    write_bytes(staging / MANIFEST, encode_manifest(manifest))
    return manifest


def _read_ledger(staging: Path, written: tuple[WrittenFile, ...]) -> pa.Table:
    """The ledger as it will be published: what was written counts, not what was meant to be."""
    files = [staging / file.entry.path for file in written if file.entry.path.startswith("ledger/")]
    return pa.concat_tables([read_parquet(file) for file in files])


def _refuse_problems(staging: Path, shared: frozenset[str]) -> None:
    problems = check_snapshot(staging, contents=False, known=shared)
    if problems:
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        raise ContractError(f"the new tables break their contract: {problems[0]}{more}; nothing was published, please "
                            "report it")  # fmt: skip


def _swap_in(place: Place, staging: Path, run_id: str) -> Path:
    target = place.snapshots / run_id
    if target.exists():  # A killed run of this id came as far as here; it was never swapped in.
        shutil.rmtree(target)
    staging.rename(target)
    sync_folder(place.snapshots)
    _point_to(place, run_id)
    return target


def _point_to(place: Place, run_id: str) -> None:
    if not place.clean.is_symlink() and place.clean.is_dir():
        place.clean.rmdir()  # An empty folder in the link's place; `link_target` has looked.
    # Relative, so that the whole tree can be moved or mounted elsewhere.
    swap_link(place.clean, f"{place.snapshots.name}/{run_id}")


def current_snapshot(clean: Path | str) -> Snapshot | None:
    """The published snapshot, None where nothing is published.

    Raises UsageError if something else lies there, ContractError if its manifest is broken.
    """
    place = locate(clean)
    run_id = link_target(place)
    if run_id is None or not (place.snapshots / run_id).is_dir():
        return None
    path = place.snapshots / run_id
    return Snapshot(path, read_manifest(path))


def list_snapshots(clean: Path | str) -> tuple[Snapshot, ...]:
    """All whole snapshots, the newest first; the published one is that of `current_snapshot`. Damaged ones are not
    listed, `validate` tells about them.
    """
    place = locate(clean)
    folders = [path for path in place.snapshots.glob("*") if RUN_ID.fullmatch(path.name)]
    found = [snapshot for path in folders if (snapshot := _read_snapshot(path))]
    return tuple(sorted(found, key=lambda s: (s.manifest.created, s.run_id), reverse=True))


def _read_snapshot(path: Path) -> Snapshot | None:
    try:
        return Snapshot(path, read_manifest(path))
    except ContractError:
        return None


def rollback(clean: Path | str, run_id: str | None = None) -> Snapshot:
    """The snapshot that is published now: that of `run_id`, or the one before the published one.

    Raises UsageError if there is no such snapshot, ContractError if it isn't whole. Only for who holds the lock.
    """
    place = locate(clean)
    snapshots = {snapshot.run_id: snapshot for snapshot in list_snapshots(clean)}
    known = ", ".join(snapshots) or "none"
    target = run_id or _before(place, snapshots)
    if target not in snapshots:
        raise UsageError(f"no snapshot {target or 'before this one'} in {place.snapshots}; there are: {known}")
    problems = check_snapshot(snapshots[target].path)
    if problems:
        raise ContractError(f"snapshot {target} is damaged: {problems[0]}; go back to another one of: {known}")
    _point_to(place, target)
    return snapshots[target]


def _before(place: Place, snapshots: Mapping[str, Snapshot]) -> str | None:
    """The published snapshot's parent, or if that is gone, the newest of those that are older."""
    current = snapshots.get(link_target(place) or "")
    if current is None:
        return next(iter(snapshots), None)
    if current.manifest.parent in snapshots:
        return current.manifest.parent
    older = (s.run_id for s in snapshots.values() if s.manifest.created < current.manifest.created)
    return next(older, None)


def collect_garbage(clean: Path | str, keep: int) -> tuple[str, ...]:
    """The run ids of the snapshots that were removed: all but the published one and the newest, `keep` in all.

    Raises UsageError if `keep` is below 1. Only for who holds the lock.
    """
    if keep < 1:
        raise UsageError(f"--keep {keep}: at least the published snapshot has to stay; give 1 or more")
    place = locate(clean)
    current = link_target(place)
    others = [s for s in list_snapshots(clean) if s.run_id != current]
    removed = others[keep - 1 if current else keep :]
    for snapshot in removed:
        # Renamed first: a removal that is killed half-way leaves something that sweep knows, not half a snapshot.
        doomed = place.snapshots / f"{STAGING}gone-{snapshot.run_id}"
        snapshot.path.rename(doomed)
        shutil.rmtree(doomed)
    return tuple(snapshot.run_id for snapshot in removed)


def validate(clean: Path | str) -> tuple[str, ...]:
    """Problems of the published snapshot, one line each, empty if it is whole: files against the manifest, tables
    against their schemas and against each other.

    Raises UsageError if nothing is published there.
    """
    place = locate(clean)
    run_id = link_target(place)
    if run_id is None:
        raise UsageError(f"nothing is published at {place.clean}; run `copydesk clean` first, or name another --clean")
    if not (place.snapshots / run_id).is_dir():
        return (f"{place.clean} names the snapshot {run_id}, which is gone; `copydesk rollback` names another one",)
    return check_snapshot(place.snapshots / run_id)

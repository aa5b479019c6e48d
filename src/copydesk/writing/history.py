"""The snapshots of a corpus: which there are, which is published, going back to one, removing what nobody needs."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from copydesk.errors import ContractError, UsageError
from copydesk.writing.checks import check_snapshot
from copydesk.writing.durable import swap_link, temporary_link
from copydesk.writing.manifest import Manifest, read_manifest
from copydesk.writing.place import Place, link_target, locate

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
    point_to(place, target)
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


def point_to(place: Place, run_id: str) -> None:
    """Nothing: the link names this snapshot from now on. Only for who holds the lock."""
    if not place.clean.is_symlink() and place.clean.is_dir():
        place.clean.rmdir()  # An empty folder in the link's place; `link_target` has looked.
    # Relative, so that the whole tree can be moved or mounted elsewhere.
    swap_link(place.clean, f"{place.snapshots.name}/{run_id}")


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

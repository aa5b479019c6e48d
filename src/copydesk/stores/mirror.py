"""A corpus on an object store, and the local copy that runs work on.

    s3://bucket/news/current.json                 the pointer: names the published snapshot
    s3://bucket/news/snapshots/RUN/articles/…     the tables of one run, never changed again
    s3://bucket/news/snapshots/RUN/manifest.json  written behind them
    .copydesk/bucket/news/clean{,.snapshots,.state}   the local copy: link, snapshots and state as of any local corpus

A store has neither symbolic links nor locks, but it can put an object on condition that nobody has changed it. So a run
pulls the published snapshot (unless the copy has it), works on the copy under its local lock, writes the new snapshot
under a prefix of its own, and puts the pointer in the place of the one that it had read, or fails. Whatever happens
before that, readers have the corpus they had; of two machines that run at a time, the later one to publish fails.

The state stays local: it is a database that is written to all the time, losing it costs time and no data, and the
work of one machine doesn't help another one that has its own raw files. Copies between prefixes are made by the store:
a file that hasn't changed is not sent again.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from copydesk.errors import ContractError, RunError, UsageError
from copydesk.state.lock import hold
from copydesk.stores.address import Remote
from copydesk.stores.objects import NotMetError, Objects, Stored
from copydesk.stores.sending import send_snapshot
from copydesk.writing.durable import READ_ONLY, file_sha256, sync_tree
from copydesk.writing.history import RUN_ID, STAGING, current_snapshot, list_snapshots, point_to, sweep
from copydesk.writing.manifest import MANIFEST, FileEntry, Manifest, parse_manifest
from copydesk.writing.place import Place, link_target, locate
from copydesk.writing.pointer import POINTER, SNAPSHOTS, encode_pointer, parse_pointer
from copydesk.writing.reports import REPORTS


@dataclass(frozen=True, slots=True)
class Mirror:
    """A remote corpus, its local place, and the pointer as it was when the copy was made equal to it."""

    objects: Objects
    place: Place
    pointer: Stored | None

    @property
    def published(self) -> str | None:
        """The run whose snapshot the pointer names."""
        return parse_pointer(self.pointer.data, str(self.objects.remote)) if self.pointer else None


@contextmanager
def mirrored(clean: Path | Remote, folder: Path) -> Iterator[Path]:
    """The local path of the corpus, for a run: pulled before it, pushed after it if it went well. A local
    path is itself.

    Raises RunError if another machine has published meanwhile, or the store doesn't answer; what was published there
    is then as it was.
    """
    if isinstance(clean, Path):
        yield clean
        return
    mirror = pull(clean, folder)
    yield mirror.place.clean
    push(mirror)


def local_place(remote: Remote, folder: Path) -> Place:
    """Where the local copy of a remote corpus lies.

    >>> local_place(Remote("bucket", "news/clean"), Path("/var/copydesk")).clean.as_posix()
    '/var/copydesk/bucket/news/clean/clean'
    """
    return locate(folder / remote.bucket / remote.prefix / "clean")


def pull(remote: Remote, folder: Path) -> Mirror:
    """The mirror, after the published snapshot was fetched if the local copy is another one."""
    objects = Objects(remote)
    place = local_place(remote, folder)
    with hold(place.state, "pull"):
        mirror = Mirror(objects, place, objects.read(POINTER))
        if mirror.published and mirror.published != link_target(place):
            _fetch(mirror, mirror.published)
    return mirror


def _fetch(mirror: Mirror, run_id: str) -> None:
    """Have the local copy be this snapshot; what any local snapshot has isn't fetched again."""
    place = mirror.place
    target = place.snapshots / run_id
    if not target.is_dir():
        stored = mirror.objects.read(f"{SNAPSHOTS}/{run_id}/{MANIFEST}")
        if stored is None:
            raise ContractError(
                f"{mirror.objects.remote.url} names snapshot {run_id}, which has no manifest; publish again"
            )
        manifest = parse_manifest(stored.data, f"{mirror.objects.remote.url}/{SNAPSHOTS}/{run_id}/{MANIFEST}")
        place.snapshots.mkdir(parents=True, exist_ok=True)
        sweep(place.clean)
        staging = place.snapshots / f"{STAGING}{run_id}"
        known = {(e.path, e.sha256): s.path / e.path for s in list_snapshots(place.clean) for e in s.manifest.files}
        for entry in manifest.files:
            _fetch_file(mirror.objects, entry, f"{SNAPSHOTS}/{run_id}", staging, known)
        _fetch_pages(mirror.objects, f"{SNAPSHOTS}/{run_id}", manifest, staging)
        (staging / MANIFEST).write_bytes(stored.data)
        sync_tree(staging)
        staging.rename(target)
    point_to(place, run_id)


def _fetch_pages(objects: Objects, prefix: str, manifest: Manifest, staging: Path) -> None:
    """Fetch what is no part of the manifest: pages about runs and descriptions of the tables."""
    (staging / REPORTS).mkdir(parents=True, exist_ok=True)
    tables = {entry.path for entry in manifest.files}
    for name in objects.sizes(prefix):
        path = name.removeprefix(f"{prefix}/")
        folder, _, page = path.rpartition("/")
        if path in tables or path == MANIFEST or folder not in {"", REPORTS} or not RUN_ID.fullmatch(page):
            continue  # Names from a store are trusted no further than those of a raw folder.
        if stored := objects.read(name):
            (staging / path).write_bytes(stored.data)


def _fetch_file(
    objects: Objects, entry: FileEntry, prefix: str, staging: Path, known: dict[tuple[str, str], Path]
) -> None:
    target = staging / entry.path
    if not target.resolve().is_relative_to(staging.resolve()):
        raise ContractError(
            f"{objects.remote.url}/{prefix}/{MANIFEST} names {entry.path}, which is no file of a snapshot"
        )
    target.parent.mkdir(parents=True, exist_ok=True)
    old = known.get((entry.path, entry.sha256))
    if old and old.exists() and file_sha256(old) == entry.sha256:
        os.link(old, target)
        return
    stored = objects.read(f"{prefix}/{entry.path}")
    if stored is not None:
        target.write_bytes(stored.data)
        target.chmod(READ_ONLY)
    if stored is None or file_sha256(target) != entry.sha256:
        raise ContractError(
            f"{objects.remote.url}/{prefix}/{entry.path} is not what was published; roll back, or run with --rebuild"
        )


def push(mirror: Mirror) -> bool:
    """Whether the local copy's snapshot was published: not if it is the published one already.

    Raises RunError if somebody else has published since the mirror was made.
    """
    with hold(mirror.place.state, "push"):
        snapshot = current_snapshot(mirror.place.clean)
        if snapshot is None or snapshot.run_id == mirror.published:
            return False
        send_snapshot(mirror.objects, snapshot, mirror.published)
        _swap_pointer(mirror, snapshot.run_id)
        return True


def _swap_pointer(mirror: Mirror, run_id: str) -> None:
    remote = mirror.objects.remote
    try:
        mirror.objects.replace(POINTER, encode_pointer(run_id), mirror.pointer.tag if mirror.pointer else None)
    except NotMetError as error:
        # Our own request may have come through and its answer been lost: then the second try meets our own pointer.
        now = mirror.objects.read(POINTER)
        if now is None or parse_pointer(now.data, str(remote)) != run_id:
            raise RunError(
                f"{remote.url}: another machine has published there meanwhile; nothing was published, run again"
            ) from error


def roll_back(remote: Remote, run_id: str | None) -> str:
    """The run whose snapshot is published now: `run_id`, or the newest before the published one.

    Raises UsageError if there is none, RunError if somebody publishes at the same time.
    """
    objects = Objects(remote)
    mirror = Mirror(objects, locate("/nowhere"), objects.read(POINTER))
    runs = _whole_runs(objects)
    older = [run for run in runs if run < (mirror.published or "")]
    target = run_id or (older[-1] if older else None)
    if target not in runs:
        raise UsageError(
            f"no snapshot {target or 'before this one'} in {remote.url}; there are: {', '.join(runs) or 'none'}"
        )
    _swap_pointer(mirror, target)
    return target


def _whole_runs(objects: Objects) -> tuple[str, ...]:
    """The runs whose snapshots have a manifest, the oldest first: names of runs sort as the runs did."""
    runs = objects.folders(SNAPSHOTS)
    return tuple(run for run in runs if objects.read(f"{SNAPSHOTS}/{run}/{MANIFEST}") is not None)


def collect_remote(remote: Remote, keep: int) -> tuple[str, ...]:
    """The runs whose snapshots were removed: all but the published one and the newest, `keep` in all, and what killed
    runs left that are older than the published one.
    """
    objects = Objects(remote)
    pointer = objects.read(POINTER)
    if pointer is None:
        return ()
    current = parse_pointer(pointer.data, str(remote))
    whole = _whole_runs(objects)
    kept = {current, *[run for run in whole if run != current][len(whole) - keep :]} if keep > 1 else {current}
    # A prefix without a manifest may be another machine's that is at work, if it is newer than what is published.
    doomed = [run for run in objects.folders(SNAPSHOTS) if run not in kept and (run in whole or run < current)]
    for run in doomed:
        names = list(objects.sizes(f"{SNAPSHOTS}/{run}"))
        manifest = f"{SNAPSHOTS}/{run}/{MANIFEST}"
        objects.remove(sorted(names, key=lambda name: name != manifest))  # without its manifest it is no snapshot
    return tuple(doomed)

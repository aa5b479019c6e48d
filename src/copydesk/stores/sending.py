"""A snapshot on its way to an object store: only what the store doesn't have yet is sent."""

from __future__ import annotations

from copydesk.errors import ContractError, RunError
from copydesk.stores.objects import Objects
from copydesk.writing.history import Snapshot
from copydesk.writing.manifest import MANIFEST, Manifest, parse_manifest
from copydesk.writing.pointer import SNAPSHOTS
from copydesk.writing.reports import LATEST, REPORTS


def send_snapshot(objects: Objects, snapshot: Snapshot, published: str | None) -> None:
    """Nothing; the whole snapshot lies under its prefix now, the manifest last, and nothing that was there was sent.

    `published` is the run whose snapshot the pointer names: what has the same bytes there is copied by the store.
    Raises RunError if the store has something else in the end.
    """
    prefix = f"{SNAPSHOTS}/{snapshot.run_id}"
    there = objects.sizes(prefix)
    before = _published_files(objects, published)
    for entry in snapshot.manifest.files:
        name = f"{prefix}/{entry.path}"
        if there.get(name) == entry.size_bytes:
            continue  # The name holds a digest of the bytes: a run that was killed has sent it.
        old = before.get((entry.path, entry.sha256))
        if old is None or not objects.copy(old, name):
            objects.upload(snapshot.path / entry.path, name, entry.sha256)
    _send_pages(objects, snapshot, prefix, published)
    objects.upload(snapshot.path / MANIFEST, f"{prefix}/{MANIFEST}")
    _check_sent(objects, prefix, snapshot.manifest)


def _send_pages(objects: Objects, snapshot: Snapshot, prefix: str, published: str | None) -> None:
    """Send pages about runs and descriptions of the tables: what is no part of the manifest."""
    old = f"{SNAPSHOTS}/{published}"
    there = objects.sizes(old) if published else {}
    for page in sorted((*snapshot.path.iterdir(), *(snapshot.path / REPORTS).glob("*"))):
        if not page.is_file() or page.name == MANIFEST:
            continue
        name = page.relative_to(snapshot.path).as_posix()
        # The page about an earlier run stays as it was; all others are of this run.
        same = page.name != LATEST and "/" in name and there.get(f"{old}/{name}") == page.stat().st_size
        if not (same and objects.copy(f"{old}/{name}", f"{prefix}/{name}")):
            objects.upload(page, f"{prefix}/{name}")


def _published_files(objects: Objects, published: str | None) -> dict[tuple[str, str], str]:
    """The names of the published snapshot's files, by path and digest."""
    if published is None:
        return {}
    prefix = f"{SNAPSHOTS}/{published}"
    stored = objects.read(f"{prefix}/{MANIFEST}")
    if stored is None:
        return {}
    try:
        manifest = parse_manifest(stored.data, prefix)
    except ContractError:
        return {}  # A damaged snapshot is none: everything is sent.
    return {(entry.path, entry.sha256): f"{prefix}/{entry.path}" for entry in manifest.files}


def _check_sent(objects: Objects, prefix: str, manifest: Manifest) -> None:
    there = objects.sizes(prefix)
    for entry in manifest.files:
        size = there.get(f"{prefix}/{entry.path}")
        if size != entry.size_bytes:
            raise RunError(f"{objects.remote.url}/{prefix}/{entry.path} has {size} bytes, not {entry.size_bytes}; "
                           "nothing was published there, run again")  # fmt: skip

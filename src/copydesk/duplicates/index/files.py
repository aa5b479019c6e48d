"""The files of an index: immutable Arrow tables, named by their content, and a manifest that says which ones count.

    index.json              how the index was made, and the files it consists of, each with its size and digest
    <kind>-<digest>.arrow   one table; never changed, replaced by others when the manifest is
    checked.json            size, time and place of the files whose digests were found right
    lock                    held while something is added

A manifest is swapped in whole, so an index is as before or as after, also if the process is killed in between. A file
is read in full for its digest once; as long as size, time of change and inode stay the same, not again.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from copydesk.errors import LockedError, UsageError

MANIFEST, CHECKED, LOCK = "index.json", "checked.json", "lock"
DIGEST_BYTES = 16


@dataclass(frozen=True, slots=True)
class File:
    """A file of an index: its name, its size in bytes, the digest of its bytes, its rows."""

    name: str
    size: int
    digest: str
    rows: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """How an index was made, and its files by what they hold, in order."""

    making: Mapping[str, Any]
    files: Mapping[str, tuple[File, ...]]


def read_manifest(folder: Path, making: Mapping[str, Any]) -> Manifest:
    """The manifest of an index; one without files where there is no index yet.

    Raises UsageError where it is damaged, or the index was made otherwise than `making` says.
    """
    path = folder / MANIFEST
    if not path.exists():
        if folder.exists() and any(folder.glob("*.arrow")):
            raise damaged(path, "it isn't there, but files of an index are")
        return Manifest(making, {})
    found = read_any_manifest(folder)
    other = [name for name in sorted({*making, *found.making}) if found.making.get(name) != making.get(name)]
    if other:
        name = other[0]
        raise UsageError(
            f"{path}: the index was made with {name} {found.making.get(name)!r}, now it is {making.get(name)!r}; make "
            f"it again from the articles it holds with: copydesk dedup --index {folder} --rebuild ..."
        )
    return found


def read_any_manifest(folder: Path) -> Manifest:
    """The manifest of an index, however it was made; raises UsageError where it is damaged or isn't there."""
    path = folder / MANIFEST
    try:
        data = json.loads(path.read_bytes())
        content, digest = data["content"], data["digest"]
        if digest != _digest_json(content):
            raise damaged(path, "its digest is another")
        files = {kind: tuple(File(**entry) for entry in entries) for kind, entries in content["files"].items()}
        return Manifest(content["making"], files)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise damaged(path, str(error)) from error


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Makes the files of this manifest the index, on the disk, and removes those that no longer count."""
    files = {kind: [_as_dict(file) for file in files] for kind, files in manifest.files.items()}
    content = {"making": dict(manifest.making), "files": files}
    _sync(folder)
    _replace(folder / MANIFEST, {"content": content, "digest": _digest_json(content)})
    sweep(folder, manifest)


def sweep(folder: Path, manifest: Manifest) -> None:
    """Removes the files that don't count: parts of an addition that was killed, and what was merged."""
    named = {file.name for files in manifest.files.values() for file in files}
    for path in folder.glob("*.arrow*"):
        if path.name not in named:
            path.unlink()


def write_table(folder: Path, kind: str, schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> File:
    """Writes batches as a new file of the index, on the disk; it counts once a manifest names it."""
    part = folder / f"{kind}.arrow.part"
    rows = 0
    with pa.OSFile(str(part), "wb") as sink, pa.ipc.new_file(sink, schema) as out:
        for batch in batches:
            out.write_batch(batch)
            rows += len(batch)
    digest = _digest_file(part)
    path = folder / f"{kind}-{digest}.arrow"
    with part.open("rb") as file:
        os.fsync(file.fileno())
    part.replace(path)
    _note_checked(folder, [path])
    return File(path.name, path.stat().st_size, digest, rows)


def open_batches(folder: Path, file: File) -> list[pa.RecordBatch]:
    """The batches of a file, mapped into memory.

    Raises UsageError if it is cut short or was changed on the disk.
    """
    path = folder / file.name
    if not path.exists():
        raise damaged(path, "it isn't there")
    if path.stat().st_size != file.size:
        raise damaged(path, f"it has {path.stat().st_size} bytes, {file.size} were written")
    if _read_checked(folder).get(file.name) != _state_of(path):
        if _digest_file(path) != file.digest:
            raise damaged(path, "its bytes were changed")
        _note_checked(folder, [path])
    reader = pa.ipc.open_file(pa.memory_map(str(path)))
    return [reader.get_batch(number) for number in range(reader.num_record_batches)]


def damaged(path: Path, reason: str) -> UsageError:
    """The error for a file of an index that can't be used."""
    return UsageError(
        f"{path}: {reason}; take the index from a backup, or make a new one from the articles with: "
        "copydesk dedup FILE-OR-DIR --index NEW-DIR --out DIR"
    )


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """The time in which nobody else adds to the index. Ends by itself if the process dies.

    Raises LockedError if another process is adding.
    """
    folder.mkdir(parents=True, exist_ok=True)
    handle = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise LockedError(f"{folder}: another process is adding to this index; wait until it ends") from error
        yield
    finally:
        os.close(handle)


def _as_dict(file: File) -> dict[str, Any]:
    return {"name": file.name, "size": file.size, "digest": file.digest, "rows": file.rows}


def _digest_json(content: Any) -> str:
    return hashlib.blake2b(json.dumps(content, sort_keys=True).encode(), digest_size=DIGEST_BYTES).hexdigest()


def _digest_file(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=DIGEST_BYTES)).hexdigest()


def _state_of(path: Path) -> list[int]:
    state = path.stat()
    return [state.st_size, state.st_mtime_ns, state.st_ino]


def _read_checked(folder: Path) -> dict[str, Any]:
    """What is known of files; nothing where the note is damaged, for it can be made again."""
    try:
        found = json.loads((folder / CHECKED).read_bytes())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _note_checked(folder: Path, paths: Sequence[Path]) -> None:
    known = {name: state for name, state in _read_checked(folder).items() if (folder / name).exists()}
    _replace(folder / CHECKED, known | {path.name: _state_of(path) for path in paths})


def _replace(path: Path, content: Any) -> None:
    part = path.with_name(path.name + ".part")
    with part.open("w", encoding="utf-8") as out:
        json.dump(content, out, sort_keys=True)
        out.flush()
        os.fsync(out.fileno())
    part.replace(path)
    _sync(path.parent)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

"""The files of a raw folder, in a fixed order, with what keeps one from being read."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeAlias

from copydesk.article import RecordField, Refusal
from copydesk.errors import UsageError
from copydesk.reading.kinds import is_ignored
from copydesk.reading.names import printable
from copydesk.reading.opening import Root, root_of
from copydesk.reading.sources import SOURCE_NAMES, Stated, read_sources
from copydesk.settings import Settings
from copydesk.stores.address import Remote


@dataclass(frozen=True, slots=True)
class RawFile:
    """A file of the raw folder, not yet opened.

    `path` is relative to the raw folder and printable, `location` the same in the bytes that the system knows.
    With a `refusal` the file (or folder) can't be read and is one record. `fields` are what a
    `sources.csv` states about the file, `member_fields` about members of an archive, by their names in it. `stamp`
    tells the file from an earlier state of it: inode, bytes, and in nanoseconds when its content and its status were
    changed; empty where nothing does.
    """

    path: str
    location: bytes
    size_bytes: int
    refusal: Refusal | None = None
    fields: tuple[RecordField, ...] = ()
    member_fields: tuple[tuple[str, tuple[RecordField, ...]], ...] = ()
    stamp: tuple[int, ...] = ()


ReadSources: TypeAlias = Callable[[Root, bytes, int], Stated | Refusal]
"""As `read_sources`: what reads a sources file, here or in a worker that may die of it."""


def find_files(raw: Path | Remote, settings: Settings, *, read: ReadSources = read_sources) -> tuple[RawFile, ...]:
    """All files below the raw folder, sorted by the bytes of their path; those that can't be read with a refusal.

    Left out are names that nobody means as articles (`data/file_kinds.toml`: README, names that begin with a dot,
    `~` backups) and `sources.csv`/`sources.jsonl`, whose rows are given to the files they name. Nothing is opened but
    these. An empty folder gives an empty tuple. Listing asks the system alone, which is trusted; what parses is `read`.

    Raises UsageError if the raw folder itself isn't there or can't be listed.
    """
    root = root_of(raw)
    found: list[RawFile] = []
    stated: dict[bytes, tuple[RecordField, ...]] = {}
    for file in _all_objects(root) if isinstance(root, Remote) else _all_files(raw, root):
        if file.location.rpartition(b"/")[2] not in SOURCE_NAMES or file.refusal:
            found.append(file)
            continue
        sources = read(root, file.location, settings.reading.max_record_bytes)
        if isinstance(sources, Refusal):
            found.append(replace(file, refusal=sources))
        else:
            stated |= {path: stated.get(path, ()) + fields for path, fields in sources.items()}
    return tuple(_with_fields(sorted(found, key=lambda file: file.location), stated))


def _all_files(raw: Path | Remote, root: bytes) -> Iterator[RawFile]:
    try:
        entries = _scan(root)
    except OSError as error:
        raise UsageError(f"raw folder {raw}: {error.strerror}; name another with --raw") from error
    return _walk(root, b"", entries)


def _all_objects(root: Remote) -> Iterator[RawFile]:
    """The objects of a store as files. Keys that no path may be are refused: other tools would follow them."""
    from copydesk.stores.raw import is_safe, list_objects  # Arrow's file systems, which a local folder doesn't need

    for key, size_bytes in list_objects(root):
        location = key.encode("utf-8", "surrogateescape")
        if not is_safe(key):
            yield _refused(location, "unsafe_path", "a part of the key is empty, . or ..; rename the object")
        elif not any(map(is_ignored, key.split("/"))):
            yield RawFile(printable(location), location, size_bytes)


def _scan(folder: bytes) -> list[os.DirEntry[bytes]]:
    with os.scandir(folder) as entries:
        return sorted((e for e in entries if not is_ignored(os.fsdecode(e.name))), key=lambda entry: entry.name)


def _walk(root: bytes, folder: bytes, entries: list[os.DirEntry[bytes]]) -> Iterator[RawFile]:
    """The files below a folder. A stack, not recursion: folders may be nested deeper than Python's."""
    pending = [(folder, entries)]
    while pending:
        folder, entries = pending.pop()
        for entry in entries:
            location = folder + b"/" + entry.name if folder else entry.name
            if not entry.is_dir(follow_symlinks=False):
                yield _file(root, location, entry)
                continue
            try:
                pending.append((location, _scan(entry.path)))
            except OSError as error:
                yield _refused(location, "unreadable", f"the folder can't be listed: {error.strerror}")


def _file(root: bytes, location: bytes, entry: os.DirEntry[bytes]) -> RawFile:
    try:
        location.decode()
    except UnicodeDecodeError as error:
        # Other tools show such a name in ways of their own: nobody could find the file by what our tables call it.
        wrong = f"byte {error.object[error.start]:02x} of the path"
        return _refused(location, "name_not_utf8", f"{wrong} belongs to another encoding; rename the file or folder")
    try:
        status = entry.stat(follow_symlinks=False)
        if stat.S_ISLNK(status.st_mode):
            return _link(root, location, entry.path)
    except OSError as error:
        return _refused(location, "unreadable", error.strerror or str(error))
    if not stat.S_ISREG(status.st_mode):
        return _refused(
            location, "special_file", f"{_SPECIAL.get(stat.S_IFMT(status.st_mode), 'no file')}, never opened"
        )
    return RawFile(printable(location), location, status.st_size, stamp=_stamp(status))


_SPECIAL = {
    stat.S_IFIFO: "a named pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a character device",
    stat.S_IFBLK: "a block device",
}


def _link(root: bytes, location: bytes, path: bytes) -> RawFile:
    """What a symbolic link is: the file it leads to, as long as that lies in the raw folder."""
    target = os.path.realpath(path)
    try:
        status = os.stat(path)  # noqa: PTH116 - a Path can't hold every name
    except FileNotFoundError:
        return _refused(location, "dangling_link", "links to something that isn't there")
    except OSError as error:
        code = "link_loop" if error.errno == _TOO_MANY_LINKS else "unreadable"
        return _refused(location, code, error.strerror or str(error))
    if not is_inside(root, target):
        return _refused(location, "outside", "links to a place outside the raw folder")
    if stat.S_ISDIR(status.st_mode):
        return _refused(location, "linked_folder", f"links to the folder {printable(os.path.relpath(target, root))}")
    if not stat.S_ISREG(status.st_mode):
        return _refused(location, "special_file", "links to something that is no file")
    return RawFile(printable(location), location, status.st_size, stamp=_stamp(status))


_TOO_MANY_LINKS = errno.ELOOP


def _stamp(status: os.stat_result) -> tuple[int, ...]:
    return status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns


def is_inside(root: bytes, path: bytes) -> bool:
    """Whether a real path lies below a real folder.

    >>> is_inside(b"/raw", b"/raw/a.txt"), is_inside(b"/raw", b"/rawer/a.txt")
    (True, False)
    """
    return path.startswith(root.rstrip(b"/") + b"/")


def _refused(location: bytes, code: str, detail: str) -> RawFile:
    return RawFile(printable(location), location, 0, Refusal(code, detail))


def _with_fields(files: list[RawFile], stated: Stated) -> Iterator[RawFile]:
    """The files with what the sources state; paths that go on inside an archive are given to it."""
    members: dict[bytes, list[tuple[str, tuple[RecordField, ...]]]] = {}
    names = {file.location for file in files}
    for path, fields in stated.items():
        if path not in names and (archive := _archive_of(path, names)):
            members.setdefault(archive, []).append((printable(path[len(archive) + 1 :]), fields))
    for file in files:
        inside = tuple(sorted(members.get(file.location, ())))
        yield replace(file, fields=stated.get(file.location, ()), member_fields=inside)


def _archive_of(path: bytes, names: set[bytes]) -> bytes | None:
    while path := path.rpartition(b"/")[0]:
        if path in names:
            return path
    return None

"""Writing so that what was written is still there after the power has failed."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from copydesk.machine.threads import map_in_threads

AT_ONCE = 4
"""Files and folders that are brought to the disk at once: each is waited for some milliseconds, and what is asked of a
disk at the same time it does together. It isn't work, so it doesn't matter how many workers there may be."""

READ_ONLY = 0o444
"""The mode of published files. A file may be shared by many snapshots, so a tool that edits in place must fail."""


def sync_file(path: Path) -> None:
    """Bring a file's bytes to the disk."""
    with path.open("rb") as file:
        os.fsync(file.fileno())


def sync_folder(path: Path) -> None:
    """Bring a folder's entries to the disk: without it a new name may be gone although its bytes are there."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_tree(root: Path) -> None:
    """Bring a folder with all that is in it to the disk: files, then the entries of folders. A file that has another
    name, too, was brought there under that one.
    """
    files, folders = [], []
    for folder, _, names in os.walk(root):
        folders.append(Path(folder))
        files += [Path(folder, name) for name in names]
    new = (file for file in files if file.lstat().st_nlink == 1)
    list(map_in_threads(sync_file, new, AT_ONCE))
    list(map_in_threads(sync_folder, folders, AT_ONCE))


def write_bytes(path: Path, data: bytes) -> None:
    """Write a new file whole, read-only and on the disk: under another name first, so no half of it is ever seen."""
    temporary = path.with_name(f".{path.name}.part")
    temporary.unlink(missing_ok=True)
    temporary.write_bytes(data)
    temporary.chmod(READ_ONLY)
    sync_file(temporary)
    temporary.replace(path)


def swap_link(link: Path, target: str) -> None:
    """Make the link name another target in one step: whoever opens it gets the old or the new one, never none.

    A symbolic link can't be changed in place; a new one is made beside it and renamed over it.
    """
    temporary = temporary_link(link)
    temporary.unlink(missing_ok=True)
    temporary.symlink_to(target)
    temporary.replace(link)
    sync_folder(link.parent)


def temporary_link(link: Path) -> Path:
    """Where `swap_link` makes the new link before it takes the old one's place."""
    return link.with_name(f".{link.name}.link")


def file_sha256(path: Path) -> str:
    """The SHA-256 of a file's bytes, in hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()

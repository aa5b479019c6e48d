"""The objects below an address, opened as raw files are: read only, and refused if they change meanwhile."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import BinaryIO

import pyarrow.fs

from copydesk.errors import RunError, UsageError
from copydesk.reading.refusals import Refused
from copydesk.stores.address import Remote, filesystem

BUFFER_BYTES = 1 << 20
"""What is asked for at a time: each request takes some milliseconds, whatever its size."""

WRONG_USE = ("NO_SUCH_BUCKET", "ACCESS_DENIED", "INVALID_ACCESS_KEY_ID", "SIGNATURE_DOES_NOT_MATCH")
"""What Arrow's messages call the errors that a person must see to."""


def list_objects(remote: Remote) -> Iterator[tuple[str, int]]:
    """Key (relative to the address) and size of each object below it, in no order. Markers of folders are left out.

    Raises UsageError if there is nothing of that name, or it mustn't be listed, RunError if the store doesn't answer.
    """
    selector = pyarrow.fs.FileSelector(remote.path, recursive=True)
    try:
        found = _filesystem(remote).get_file_info(selector)
    except OSError as error:
        message = f"{remote.url} can't be listed: {error}"
        if isinstance(error, FileNotFoundError) or any(code in str(error) for code in WRONG_USE):
            raise UsageError(f"{message}; name another with --raw") from error
        raise RunError(f"{message}; nothing was published, run again when the store answers") from error
    for info in found:
        if info.type == pyarrow.fs.FileType.File:
            yield info.path[len(remote.path) + 1 :], info.size


def is_safe(key: str) -> bool:
    """Whether a key is the path of a file: no part of it is empty, `.` or `..`, which other tools would follow.

    >>> is_safe("a/b.txt"), is_safe("a//b.txt"), is_safe("../b.txt")
    (True, False, False)
    """
    return all(part not in {"", ".", ".."} for part in key.split("/"))


@contextmanager
def open_object(remote: Remote, key: str) -> Iterator[BinaryIO]:
    """The opened object, read-only. When it is closed, a change that happened meanwhile is refused.

    Raises Refused for what is gone or forbidden, RunError where the store doesn't answer: a hole in the network is no
    fault of a record, and a corpus without half its records must not be published.
    """
    path = f"{remote.path}/{key}"
    store = _filesystem(remote)
    with _said(path):
        before = store.get_file_info(path)
        file = store.open_input_file(path)
    with io.BufferedReader(_Object(file, path), BUFFER_BYTES) as stream:
        yield stream
        with _said(path):
            after = store.get_file_info(path)
        if (before.size, before.mtime_ns) != (after.size, after.mtime_ns):
            raise Refused("changed", "was replaced while it was read; it is read again in the next run")


@cache
def _filesystem(remote: Remote) -> pyarrow.fs.S3FileSystem:
    # Never in the process that workers are forked from: the store's client has threads, which don't survive a fork.
    return filesystem(remote)


@contextmanager
def _said(path: str) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError as error:
        raise Refused("unreadable", "No such object") from error
    except OSError as error:
        if "ACCESS_DENIED" in str(error):
            raise Refused("unreadable", "Permission denied") from error
        raise RunError(f"s3://{path}: {error}; nothing was published, run again when the store answers") from error


class _Object(io.RawIOBase):
    """Arrow's file as one of Python's."""

    def __init__(self, file: pyarrow.NativeFile, path: str) -> None:
        super().__init__()
        self._file = file
        self._path = path

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        return int(self._file.seek(offset, whence))

    def tell(self) -> int:
        return int(self._file.tell())

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # io hands over memoryviews alone
        with _said(self._path):
            part = self._file.read(len(buffer))
        buffer[: len(part)] = part
        return len(part)

    def close(self) -> None:
        if not self.closed:
            self._file.close()
        super().close()

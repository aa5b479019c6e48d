"""Opening a file of the raw folder without trusting its name: no pipe is waited for, no link is followed outside."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, TypeAlias

from copydesk.reading.refusals import Refused
from copydesk.stores.address import Remote

Root: TypeAlias = bytes | Remote
"""The raw folder: its real path, or its address on an object store."""


def root_of(raw: Path | Remote) -> Root:
    """The raw folder as `open_raw` takes it.

    >>> root_of(Path("/"))
    b'/'
    """
    return raw if isinstance(raw, Remote) else os.fsencode(os.path.realpath(raw))


@contextmanager
def open_raw(root: Root, location: bytes) -> Iterator[BinaryIO]:
    """The opened file, from wherever the raw folder is, read-only. Raises Refused or OSError.

    Raises RunError where an object store doesn't answer.
    """
    if isinstance(root, Remote):
        from copydesk.stores.raw import open_object  # Arrow's file systems, which a local folder doesn't need

        with open_object(root, location.decode()) as stream:
            yield stream
        return
    with _open_local(root, location) as stream:
        yield stream


@contextmanager
def _open_local(root: bytes, location: bytes) -> Iterator[BinaryIO]:
    """The opened file, read-only. When it is closed, a change that happened meanwhile is refused.

    What was listed may be something else by now, so everything is checked again on the descriptor: that the real path
    is in the raw folder, that it is a regular file. A named pipe is opened without waiting, and not read.
    """
    path = os.path.realpath(root + b"/" + location, strict=True)
    if not path.startswith(root.rstrip(b"/") + b"/"):
        raise Refused("outside", "leads to a place outside the raw folder")
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY)
    with os.fdopen(descriptor, "rb", buffering=1 << 16) as stream:
        before = os.fstat(descriptor)
        if not stat.S_ISREG(before.st_mode):
            raise Refused("special_file", "is no regular file")
        yield stream
        after = os.fstat(descriptor)
        if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
            raise Refused("changed", "was written to while it was read; it is read again in the next run")


def read_whole(root: Root, location: bytes, max_bytes: int) -> bytes:
    """All bytes of a file of at most so many bytes.

    Raises Refused (`too_large`, `changed`, ...) or OSError.
    """
    with open_raw(root, location) as stream:
        return read_limited(stream, max_bytes)


def read_limited(stream: BinaryIO, max_bytes: int) -> bytes:
    """What is left in a stream, refused as `too_large` where that is more than so many bytes.

    >>> import io
    >>> read_limited(io.BytesIO(b"abc"), 3)
    b'abc'
    """
    parts = []
    left = max_bytes
    # In pieces: a stream that unpacks may give less than asked for, and a sparse file must not be asked for at once.
    while part := stream.read(min(1 << 20, left + 1)):
        left -= len(part)
        if left < 0:
            raise Refused("too_large", f"more than {max_bytes:,} bytes in one record")
        parts.append(part)
    return b"".join(parts)

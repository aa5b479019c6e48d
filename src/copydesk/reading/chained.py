"""A stream whose beginning has been read already, whole again."""

from __future__ import annotations

import io
from typing import BinaryIO


class Chained(io.RawIOBase):
    """The bytes of `head`, then those of `rest`. Only ever read forward."""

    def __init__(self, head: bytes, rest: BinaryIO) -> None:
        super().__init__()
        self._head = memoryview(head)
        self._rest = rest

    def readable(self) -> bool:
        """Always: there is nothing else it can do."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # io hands over memoryviews alone
        """The number of bytes put into the buffer, 0 at the end."""
        if self._head:
            count = min(len(buffer), len(self._head))
            buffer[:count] = self._head[:count]
            self._head = self._head[count:]
            return count
        part = self._rest.read(len(buffer))
        buffer[: len(part)] = part
        return len(part)


def peek(stream: BinaryIO, size: int) -> tuple[bytes, BinaryIO]:
    """The first bytes of a stream (fewer only if there are no more) and a stream that still begins with them.

    >>> head, again = peek(io.BytesIO(b"abcdef"), 3)
    >>> head, again.read()
    (b'abc', b'abcdef')
    """
    parts = []
    left = size
    while left and (part := stream.read(left)):
        parts.append(part)
        left -= len(part)
    head = b"".join(parts)
    return head, io.BufferedReader(Chained(head, stream), 1 << 16)


def rewound(stream: BinaryIO, size: int) -> tuple[bytes, BinaryIO]:
    """As peek; a stream that can be set back is set back, so that it stays one that can be searched.

    >>> rewound(io.BytesIO(b"abcdef"), 2)[0]
    b'ab'
    """
    if not stream.seekable():
        return peek(stream, size)
    start = stream.tell()
    head = stream.read(size)
    stream.seek(start)
    return head, stream

"""Lines of a stream, whatever the width of its characters, none longer than a record may be."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import BinaryIO

from copydesk.encoding.declared import byte_order_mark
from copydesk.reading.chained import rewound


def read_lines(stream: BinaryIO, max_bytes: int, first: int = 1) -> Iterator[tuple[int, bytes | None]]:
    r"""Number (from `first`) and bytes of each line, without its end; None for a line of more than so many bytes, which
    is passed over.

    UTF-16 and UTF-32 with a byte order mark come out as UTF-8, since their lines don't end in a single byte.

    >>> list(read_lines(io.BytesIO(b"a\nlonger\nb"), 3))
    [(1, b'a'), (2, None), (3, b'b')]
    """
    number = first - 1
    if first == 1:
        stream = _narrow(stream)  # further on, the bytes of a mark are part of a line
    while line := stream.readline(max_bytes + 1):
        number += 1
        if len(line) > max_bytes and not line.endswith(b"\n"):
            while line and not line.endswith(b"\n"):
                line = stream.readline(1 << 20)
            yield number, None
        else:
            yield number, line.rstrip(b"\r\n")


def _narrow(stream: BinaryIO) -> BinaryIO:
    head, stream = rewound(stream, 4)
    found = byte_order_mark(head)
    if found is None:
        return stream
    mark, encoding = found
    stream.read(len(mark))
    return stream if encoding.name == "utf-8" else io.BufferedReader(_Recoded(stream, encoding.codec))


class _Recoded(io.RawIOBase):
    """A stream of wide characters as UTF-8, line by line."""

    def __init__(self, stream: BinaryIO, codec: str) -> None:
        super().__init__()
        self._stream = stream
        self._text = io.TextIOWrapper(stream, codec, "replace", newline="\n")
        self._left = b""

    def close(self) -> None:
        # The stream is for its opener to close: a text wrapper that is thrown away would close it behind our back.
        if not self.closed and not self._stream.closed:
            self._text.detach()
        super().close()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # io hands over memoryviews alone
        if not self._left:
            self._left = self._text.read(8_192).encode()
        count = min(len(buffer), len(self._left))
        buffer[:count] = self._left[:count]
        self._left = self._left[count:]
        return count

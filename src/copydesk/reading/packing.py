"""Packed streams → the bytes in them, counted, so that no small file unpacks without end."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
from collections.abc import Callable
from typing import IO, BinaryIO

import pyarrow as pa

from copydesk.reading.kinds import Kind
from copydesk.reading.refusals import Refused, malformed
from copydesk.settings import ReadingSettings

XZ_MEMORY_BYTES = 256 * 1024 * 1024
"""Memory an .xz stream may ask for. `xz -9` asks for 65 MB; a crafted one for 4 GB."""


class Budget:
    """How many bytes may still be unpacked from one file, all its members and layers together."""

    def __init__(self, packed_bytes: int, settings: ReadingSettings) -> None:
        # Small files may unpack to one record's size in any case: a few equal lines pack better than 1 to 2,000.
        by_ratio = max(packed_bytes * settings.max_unpacked_ratio, settings.max_record_bytes)
        self.total = min(by_ratio, settings.max_unpacked_bytes)
        self.left = self.total

    def charge(self, count: int) -> None:
        """Takes so many bytes off. Raises Refused (`bomb`) when there are no more."""
        self.left -= count
        if self.left < 0:
            raise Refused("bomb", f"unpacks to more than {self.total:,} bytes")


class Unpacked(io.RawIOBase):
    """A packed stream's bytes, read forward only and charged to a budget."""

    def __init__(self, packed: IO[bytes], budget: Budget) -> None:
        super().__init__()
        self._packed = packed
        self._budget = budget

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # io hands over memoryviews alone
        """The number of bytes unpacked into the buffer, 0 at the end."""
        with malformed():
            part = self._packed.read(len(buffer))
        self._budget.charge(len(part))
        buffer[: len(part)] = part
        return len(part)


def unpack(stream: BinaryIO, kind: Kind, budget: Budget) -> BinaryIO:
    """The stream that is packed in this one.

    >>> unpack(io.BytesIO(gzip.compress(b"a")), Kind.GZIP, Budget(21, ReadingSettings())).read()
    b'a'
    """
    return io.BufferedReader(Unpacked(_OPENERS[kind](stream), budget), 1 << 16)


def counted(stream: IO[bytes], budget: Budget) -> BinaryIO:
    """A member of an archive, charged to the budget."""
    return io.BufferedReader(Unpacked(stream, budget), 1 << 16)


def _open_gzip(stream: BinaryIO) -> BinaryIO:
    return gzip.GzipFile(fileobj=stream)  # type: ignore[return-value]  # all that is asked of a stream of bytes


def _open_bzip2(stream: BinaryIO) -> BinaryIO:
    return bz2.BZ2File(stream)  # type: ignore[return-value]  # all that is asked of a stream of bytes


def _open_xz(stream: BinaryIO) -> BinaryIO:
    return _Xz(stream)  # type: ignore[return-value]  # all that is asked of a stream of bytes


def _open_zstd(stream: BinaryIO) -> BinaryIO:
    return _Zstd(stream)  # type: ignore[return-value]  # all that is asked of a stream of bytes


class _Xz:
    """As lzma.LZMAFile, which can't be told how much memory it may take."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._start(b"")

    def _start(self, rest: bytes) -> None:
        self._unpacker = lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=XZ_MEMORY_BYTES)
        self._rest = rest

    def read(self, size: int) -> bytes:
        while True:
            if self._unpacker.eof:
                rest = self._unpacker.unused_data.lstrip(b"\0") or self._stream.read(1 << 16).lstrip(b"\0")
                if not rest:
                    return b""
                self._start(rest)
            if self._unpacker.needs_input and not self._rest:
                self._rest = self._stream.read(1 << 16)
                if not self._rest:
                    raise EOFError("the xz stream ends too early")
            part = self._unpacker.decompress(self._rest, size)
            self._rest = b""
            if part:
                return part


class _Zstd:
    """Arrow's reader: it knows an early end, allows windows of 128 MB at most, and is a dependency already."""

    def __init__(self, stream: BinaryIO) -> None:
        self._reader = pa.lib.CompressedInputStream(stream, "zstd")

    def read(self, size: int) -> bytes:
        try:
            return bytes(self._reader.read(size))
        except OSError as error:
            if error.errno is not None:
                raise
            early = "truncated" in str(error).lower()
            raise Refused("truncated" if early else "broken", f"can't be unpacked: {error}") from error


_OPENERS: dict[Kind, Callable[[BinaryIO], BinaryIO]] = {
    Kind.GZIP: _open_gzip,
    Kind.BZIP2: _open_bzip2,
    Kind.XZ: _open_xz,
    Kind.ZSTD: _open_zstd,
}

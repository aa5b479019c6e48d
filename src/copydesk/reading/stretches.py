"""Large files of JSON lines, cut at line ends, so that several readers can take one file apart.

A stretch knows the number of its first line, and whoever puts the records of all stretches together numbers them
(`Renumbering`): ids, positions and reasons are those that one reader gives who reads from top to bottom.
"""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

from copydesk.article import RawRecord, Source, article_id
from copydesk.encoding.declared import byte_order_mark
from copydesk.reading.files import RawFile
from copydesk.reading.found import Found, refused
from copydesk.reading.json_records import read_json_lines
from copydesk.reading.kinds import HEAD_BYTES, Kind, tell_kind
from copydesk.reading.opening import open_raw, root_of
from copydesk.reading.records import Numbering
from copydesk.reading.refusals import READING_ERRORS, Refused, refusal_of
from copydesk.settings import Settings
from copydesk.stores.address import Remote

BLOCK_BYTES = 1 << 20
"""What is looked through at a time for line ends: some gigabytes a second."""

OF_ONE_LINE = frozenset({"too_large"})
"""Codes of refusals without a digest that stand for one line, not for the rest of a file."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """The bytes of a file from `start` up to `end`, which begin with line `first_line`; the file's size and time of
    change (0 on a store, where no object changes) as they were when it was cut.
    """

    file: RawFile
    start: int
    end: int
    first_line: int
    size_bytes: int
    changed_ns: int


def cut_file(raw: Path | Remote, file: RawFile, settings: Settings) -> tuple[Stretch, ...]:
    """The stretches of a file of JSON lines, about `shard_bytes` each; none of any other file, which is read whole.

    None of a file that can't be read, either: who reads it whole will say why.
    """
    if file.refusal:
        return ()
    try:
        with open_raw(root_of(raw), file.location) as stream:
            return _cut(stream, file, settings.running.shard_bytes)
    except READING_ERRORS:
        return ()


def _cut(stream: BinaryIO, file: RawFile, shard_bytes: int) -> tuple[Stretch, ...]:
    head = stream.read(HEAD_BYTES)
    mark = byte_order_mark(head[:4])
    if tell_kind(head, os.fsdecode(file.location)).kind is not Kind.JSONL or (mark and mark[1].name != "utf-8"):
        return ()
    stamp = _stamp(stream)
    stream.seek(0)
    stretches, start, line = [], 0, 1
    for end, lines in _cuts(stream, shard_bytes):
        stretches.append(Stretch(file, start, end, line, *stamp))
        start, line = end, line + lines
    return tuple(stretches)


def _cuts(stream: BinaryIO, shard_bytes: int) -> Iterator[tuple[int, int]]:
    """Where each stretch ends, and how many lines it has."""
    at, lines, target = 0, 0, shard_bytes
    while block := stream.read(BLOCK_BYTES):
        begin = 0
        while (cut := block.find(b"\n", max(begin, target - 1 - at))) >= 0:
            yield at + cut + 1, lines + block.count(b"\n", begin, cut + 1)
            begin, lines, target = cut + 1, 0, at + cut + 1 + shard_bytes
        lines += block.count(b"\n", begin)
        at += len(block)
    if at > target - shard_bytes:
        yield at, lines + 1


def read_stretch(raw: Path | Remote, stretch: Stretch, settings: Settings) -> Iterator[RawRecord]:
    """The records of a stretch, numbered from 0; none if it holds none. What goes wrong is a last record."""
    number = Numbering(stretch.file)
    try:
        with open_raw(root_of(raw), stretch.file.location) as stream:
            if _stamp(stream) != (stretch.size_bytes, stretch.changed_ns):
                raise Refused("changed", "was written to while it was read; it is read again in the next run")
            stream.seek(stretch.start)
            lines = io.BufferedReader(_Part(stream, stretch.end - stretch.start), 1 << 16)
            for found in read_json_lines(lines, stretch.file.path, settings.reading, stretch.first_line):
                yield number.give(found)
    except READING_ERRORS as error:
        yield number.give(Found(stretch.file.path, refusal=refusal_of(error)))


def _stamp(stream: BinaryIO) -> tuple[int, int]:
    try:
        status = os.fstat(stream.fileno())
    except OSError:  # an object of a store: it may be replaced, but never changes
        return stream.seek(0, io.SEEK_END), 0
    return status.st_size, status.st_mtime_ns


def no_records(file: RawFile) -> RawRecord:
    """What stands for a file in none of whose stretches was a record."""
    return Numbering(file).give(refused(file.path, "empty", "holds no records"))


class _Part(io.RawIOBase):
    """So many bytes of a stream, from where it is."""

    def __init__(self, stream: BinaryIO, size: int) -> None:
        super().__init__()
        self._stream = stream
        self._left = size

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # io hands over memoryviews alone
        part = self._stream.read(min(len(buffer), self._left))
        self._left -= len(part)
        buffer[: len(part)] = part
        return len(part)


class Renumbering:
    """The numbers and ids of a file's records, for records that come stretch by stretch.

    `over` says that something stands for the rest of the file: what comes behind it doesn't count.
    """

    def __init__(self, file: RawFile) -> None:
        self._path = file.path
        self._seen: dict[bytes, int] = {}
        self.count = 0
        self.over = False

    def give(self, record: RawRecord) -> RawRecord:
        """The record as a reader of the whole file would have given it."""
        source = record.source
        key = bytes.fromhex((source.sha256 or "")[:16])
        occurrence = self._seen.get(key, 0)
        self._seen[key] = occurrence + 1
        here = Source(source.path, self.count, source.sha256, source.encoding)
        self.count += 1
        refusal = record.refusal
        self.over = refusal is not None and source.sha256 is None and refusal.code not in OF_ONE_LINE
        return replace(record, article_id=article_id(self._path, source.sha256 or "", occurrence), source=here)

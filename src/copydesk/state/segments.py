"""Segments: Arrow files of examined articles that are written once and never changed.

Each carries what is needed to find its articles again without the index, so a lost index is made anew from them. Each
article is packed by itself and found by its row in the mapped file: a night wants one in a hundred of them, scattered.
"""

from __future__ import annotations

import hashlib
import struct
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa

from copydesk.article import RawRecord, RecordField
from copydesk.state.older_segments import OLDER, read_older_keys, read_older_rows
from copydesk.writing.durable import file_sha256, sync_file

READ_ERRORS = (OSError, pa.ArrowInvalid, KeyError, IndexError)
"""What a damaged segment gives rise to; a checksum before each article turns changed bytes into such an error."""

SUFFIXES = (".arrow", OLDER)
"""How the names of segments end."""

PIECE_ROWS = 1 << 12
"""Articles that are written at once: all of a segment's at once are in memory twice."""

SEGMENTS_OPEN = 8
"""Segments that are kept open. Who reads article by article reads in few segments."""

UNREADABLE = (*READ_ERRORS, ValueError, TypeError)
"""What a damaged segment, or one made by another version, gives rise to."""

HEAD = struct.Struct("<II")
"""Before each packed article: a CRC-32 of all that follows, and how many bytes it is unpacked."""

PACKING = pa.Codec("lz4_raw")
"""How an article is packed. Segments are written and read every night and never sent anywhere: zstd takes a quarter
less room and five times as long to unpack."""

SEGMENT_ROWS = 1 << 15
SEGMENT_BYTES = 1 << 28
"""A segment is written when it has so many articles or so many bytes: what is held in memory until then."""

SCHEMA = pa.schema(
    [
        pa.field("article_id", pa.string(), nullable=False),
        pa.field("fields", pa.string(), nullable=False),
        pa.field("outcome", pa.string(), nullable=False),
        pa.field("article", pa.binary(), nullable=False),
    ]
)


class RecordKey(NamedTuple):
    """What names a raw record over nights: its id (place and bytes) and a digest of the fields stated with it.

    `record` is its present position in the file. It is no part of the key: a line put before it changes
    nothing in what it says.
    """

    article_id: str
    fields: str
    record: int


class Kept(NamedTuple):
    """An encoded article under its key."""

    article_id: str
    fields: str
    outcome: str
    article: bytes


class Entry(NamedTuple):
    """What the index knows of a row; the outcome is that of its examination."""

    article_id: str
    fields: str
    outcome: str


@dataclass(frozen=True, slots=True)
class Segment:
    """A segment's file name, the fingerprint it was examined under, its number of articles."""

    name: str
    fingerprint: str
    rows: int


def record_key(record: RawRecord) -> RecordKey:
    """The key of a raw record.

    >>> from copydesk.article import Form, RawRecord, RecordField, Source
    >>> record = RawRecord("a1", Source("a.txt", 3, "00"), Form.TEXT, b"", (RecordField("title", "Ferry", "headline"),))
    >>> record_key(record)
    RecordKey(article_id='a1', fields='f850fe0746798b04', record=3)
    """
    return RecordKey(record.article_id, digest_fields(record.fields), record.source.record)


def digest_fields(fields: Iterable[RecordField]) -> str:
    """A short digest of the fields stated with a record; the order counts, because the first of two values wins."""
    digest = hashlib.blake2b(digest_size=8)
    for field in fields:
        for part in (field.field, field.value, field.key, field.origin):
            data = part.encode("utf-8", "surrogatepass")
            digest.update(len(data).to_bytes(8) + data)
    return digest.hexdigest()


def write_segment(folder: Path, fingerprint: str, kept: Sequence[Kept]) -> Segment:
    """The segment that holds these articles, written and on the disk under a name made of its bytes."""
    schema = SCHEMA.with_metadata({"fingerprint": fingerprint})
    temporary = folder / ".segment.part"
    with pa.OSFile(str(temporary), "wb") as sink, pa.ipc.new_file(sink, schema) as writer:
        for start in range(0, len(kept), PIECE_ROWS):
            rows = [row._replace(article=_pack(row.article)) for row in kept[start : start + PIECE_ROWS]]
            columns = [
                pa.array(column, kind) for column, kind in zip(zip(*rows, strict=True), SCHEMA.types, strict=True)
            ]
            writer.write_batch(pa.RecordBatch.from_arrays(columns, schema=schema))
    path = folder / f"{_digest(temporary)}{SUFFIXES[0]}"
    sync_file(temporary)
    temporary.replace(path)
    return Segment(path.name, fingerprint, len(kept))


def _pack(article: bytes) -> bytes:
    size = len(article).to_bytes(4, "little")
    packed: bytes = PACKING.compress(article, asbytes=True)
    return HEAD.pack(zlib.crc32(packed, zlib.crc32(size)), len(article)) + packed


def _unpack(data: bytes) -> bytes:
    """The article. Raises pa.ArrowInvalid if these aren't the bytes that `_pack` gave."""
    if len(data) < HEAD.size:
        raise pa.ArrowInvalid("an article is shorter than what stands before it")
    check, size = HEAD.unpack_from(data)
    if zlib.crc32(data[4:]) != check:
        raise pa.ArrowInvalid("an article doesn't have the checksum before it")
    article: bytes = PACKING.decompress(data[HEAD.size :], size, asbytes=True)
    return article


def _digest(path: Path) -> str:
    return file_sha256(path)[:24]


def is_whole(path: Path) -> bool:
    """Whether a segment still has the bytes that its name is made of."""
    try:
        return _digest(path) == path.stem
    except OSError:
        return False


def read_rows(path: Path, rows: Sequence[int]) -> Iterator[tuple[int, bytes]]:
    """The encoded articles in these rows, each with its row, in ascending order; nothing else is read.

    Raises one of READ_ERRORS if the file is damaged.
    """
    if path.suffix == OLDER:
        yield from read_older_rows(path, rows)
        return
    state = path.stat()
    articles = _open_articles(path, (state.st_ino, state.st_size, state.st_mtime_ns))
    for row in sorted(rows):
        yield row, _unpack(articles[row].as_py())


@lru_cache(SEGMENTS_OPEN)
def _open_articles(path: Path, _state: tuple[int, int, int]) -> pa.ChunkedArray:
    """The packed articles of a segment where they lie, its file being in this state: one that was cut since must not be
    looked at through the old map, which would end the process.
    """
    return _read_columns(path, "article")["article"]


def _read_columns(path: Path, *names: str) -> pa.Table:
    """These columns of a segment, mapped; what is stored in them leads nowhere but into them."""
    table = pa.ipc.open_file(pa.memory_map(str(path))).read_all().select(names)
    table.validate(full=True)
    return table


def read_keys(path: Path) -> pa.Table:
    """What names the articles of a segment, row by row: `article_id`, `fields`, `outcome`. Mapped into memory, and not
    compared with any checksum: where one is wrong, an article is examined again.

    Raises one of READ_ERRORS if the file is damaged so that it can't be read.
    """
    return read_older_keys(path, Entry._fields) if path.suffix == OLDER else _read_columns(path, *Entry._fields)


def read_entries(path: Path) -> tuple[Segment, list[Entry]]:
    """A segment and what the index knows of its articles, row by row.

    Raises one of READ_ERRORS if the file is damaged.
    """
    if not is_whole(path):
        raise pa.ArrowInvalid("its bytes have changed")
    table = read_keys(path)
    entries = [Entry(*row) for row in zip(*(column.to_pylist() for column in table.columns), strict=True)]
    return Segment(path.name, (table.schema.metadata or {})[b"fingerprint"].decode(), len(entries)), entries

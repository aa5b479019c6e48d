"""Segments: Parquet files of examined articles that are written once and never changed.

Each carries what is needed to find its articles again without the index, so a lost index is made anew from them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from copydesk.article import RawRecord, RecordField
from copydesk.writing.durable import sync_file

ROW_GROUP_ROWS = 64
"""Articles that are read together: few enough that a night that needs one in a hundred of them reads half of a segment.
With 512 it was all of it."""

READ_ERRORS = (OSError, pa.ArrowInvalid, KeyError)
"""What a damaged segment gives rise to; its page checksums turn changed bytes into such an error."""

PIECE_ROWS = 1 << 12
"""Articles that are written at once: all of a segment's at once are in memory twice. A multiple of row groups."""

FOOTERS_KEPT = 8
"""Segments whose footers are kept: each takes a megabyte. Who reads article by article reads in few segments."""

UNREADABLE = (*READ_ERRORS, ValueError, TypeError)
"""What a damaged segment, or one made by another version, gives rise to."""

PACKED = {"article": "lz4", "article_id": "none", "fields": "none", "outcome": "none"}
"""How columns are packed: they are written and read every night and never sent anywhere. With zstd a file takes a third
less room, but a night unpacks some thousand row groups of one or two articles that it needs, and as long as that took
it to prepare for each of the small columns of ids, which are all read.
"""

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


Entry = tuple[str, str, str]
"""What the index knows of a row: id, digest of the fields, outcome of the examination."""


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
    with pq.ParquetWriter(
        temporary,
        schema,
        compression=PACKED,
        write_statistics=False,  # Nobody looks for articles by range.
        use_dictionary=["fields", "outcome"],
        write_page_checksum=True,
    ) as writer:
        for start in range(0, len(kept), PIECE_ROWS):
            piece = kept[start : start + PIECE_ROWS]
            columns = [pa.array([row[i] for row in piece], SCHEMA.field(i).type) for i in range(len(SCHEMA))]
            writer.write_table(pa.Table.from_arrays(columns, schema=schema), row_group_size=ROW_GROUP_ROWS)
    with temporary.open("rb") as file:
        name = _name(file)
    sync_file(temporary)
    temporary.replace(folder / name)
    return Segment(name, fingerprint, len(kept))


def _name(file: BinaryIO) -> str:
    # Any open file will do.
    return f"{hashlib.file_digest(file, 'sha256').hexdigest()[:24]}.parquet"  # type: ignore[arg-type]


def is_whole(path: Path) -> bool:
    """Whether a segment still has the bytes that its name is made of."""
    try:
        with path.open("rb") as file:
            return _name(file) == path.name
    except OSError:
        return False


def read_rows(path: Path, rows: Sequence[int]) -> Iterator[tuple[int, bytes]]:
    """The encoded articles in these rows, each with its row, in ascending order; only their row groups are read.

    Raises one of READ_ERRORS if the file is damaged.
    """
    with pq.ParquetFile(path, metadata=_footer(path), page_checksum_verification=True) as file:
        wanted = np.sort(np.asarray(rows, dtype=np.int64))
        size = max(file.metadata.row_group(0).num_rows, 1)  # Older segments have larger ones.
        groups = wanted // size
        for group in np.unique(groups).tolist():
            articles = file.read_row_group(group, columns=["article"], use_threads=False)["article"]
            for row in wanted[groups == group].tolist():
                yield row, articles[row - group * size].as_py()


@lru_cache(FOOTERS_KEPT)
def _footer(path: Path) -> pq.FileMetaData:
    """What is known of a segment's row groups: half of the time that a single article takes. A segment never changes,
    and if it does all the same, its pages don't have the checksums that stand before them.
    """
    return pq.read_metadata(path)


def read_entries(path: Path) -> tuple[Segment, list[Entry]]:
    """A segment and what the index knows of its articles, row by row.

    Raises one of READ_ERRORS if the file is damaged.
    """
    with pq.ParquetFile(path, page_checksum_verification=True) as file:
        fingerprint = (file.schema_arrow.metadata or {})[b"fingerprint"].decode()
        table = file.read(columns=["article_id", "fields", "outcome"], use_threads=False)
    columns = (table[name].to_pylist() for name in ("article_id", "fields", "outcome"))
    entries: list[Entry] = list(zip(*columns, strict=True))
    return Segment(path.name, fingerprint, len(entries)), entries

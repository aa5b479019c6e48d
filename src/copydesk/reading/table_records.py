"""CSV and Parquet → records."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from copydesk.article import Refusal
from copydesk.reading.delimited import read_rows
from copydesk.reading.fields import known_field
from copydesk.reading.found import Found, digest, from_object
from copydesk.reading.json_values import canonical
from copydesk.reading.opening import read_limited
from copydesk.reading.refusals import Refused
from copydesk.settings import ReadingSettings

BATCH_ROWS = 64
"""Rows of a Parquet table that are held at a time."""


def read_csv(stream: BinaryIO, path: str, settings: ReadingSettings) -> Iterator[Found]:
    """One record per row below the header; a ragged row is one refusal and no more. Held row by row."""
    for row in read_rows(stream, settings.max_record_bytes):
        if isinstance(row.cells, Refusal):
            yield Found(path, refusal=Refusal(row.cells.code, f"{row.place} {row.cells.detail}"))
        else:
            yield from_object(path, row.cells, row.place, digest(canonical(row.cells)))


def read_parquet(stream: BinaryIO, path: str, settings: ReadingSettings) -> Iterator[Found]:
    """One record per row of a Parquet table, some rows at a time.

    Raises Refused where it is no Parquet, or none whose size can be trusted.
    """
    seekable = stream if stream.seekable() else io.BytesIO(read_limited(stream, settings.max_container_bytes))
    try:
        table = _open(seekable, settings)
        number = 0
        for batch in table.iter_batches(BATCH_ROWS, use_threads=False):
            if batch.nbytes > settings.max_record_bytes * BATCH_ROWS:
                raise Refused("too_large", f"rows from {number} on take {batch.nbytes:,} bytes")
            columns = list(zip(batch.schema.names, batch.columns, strict=True))
            for at in range(batch.num_rows):
                yield _from_row(path, {name: column[at].as_py() for name, column in columns}, number, settings)
                number += 1
    except (pa.lib.ArrowException, UnicodeDecodeError) as error:
        raise Refused("invalid_parquet", str(error).splitlines()[0][:200]) from error
    except OSError as error:
        if error.errno is not None:
            raise
        raise Refused("invalid_parquet", str(error).splitlines()[0][:200]) from error


def _open(stream: BinaryIO, settings: ReadingSettings) -> pq.ParquetFile:
    """The table, once what it says of itself is believable.

    Strings stay in the dictionary they are stored in: a file of a megabyte can hold one long string a million times.
    """
    table = pq.ParquetFile(stream)
    metadata = table.metadata
    unpacked = sum(metadata.row_group(index).total_byte_size for index in range(metadata.num_row_groups))
    if unpacked > settings.max_unpacked_bytes:
        raise Refused("bomb", f"the table says it unpacks to {unpacked:,} bytes")
    schema = table.schema_arrow
    if not any(known_field(name) for name in schema.names):
        raise Refused("no_columns", f"none of the columns is known: {', '.join(schema.names)[:200]}")
    strings = [field.name for field in schema if str(field.type) in ("string", "binary")]
    return pq.ParquetFile(stream, read_dictionary=strings, metadata=metadata)


def _from_row(path: str, row: dict[str, object], number: int, settings: ReadingSettings) -> Found:
    place = f"row {number}"
    found = from_object(path, row, place)
    if len(found.content) > settings.max_record_bytes:
        return Found(path, sha256=found.sha256, refusal=Refusal("too_large", f"{place} is too large for one record"))
    return found

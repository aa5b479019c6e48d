"""The judging columns of segments, made once per segment and mapped into memory every night.

    state/examined/columns/<segment>-<code>~<digest>.arrow

They say nothing that the segment doesn't: a file that is missing, damaged or was made by other code is made again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

import pyarrow as pa

from copydesk.judging import COLUMNS, judging_columns
from copydesk.state.kept import find_table, forget_tables, keep_table
from copydesk.state.serial import decode_article

CONTENT_BYTES = 16
KEPT_COLUMNS = pa.schema([*COLUMNS, pa.field("content", pa.binary(CONTENT_BYTES), nullable=False)])
"""The judging columns, and a digest of the article as it was examined."""

BATCH_ROWS = 1_000
"""Articles that are taken apart at once: few enough to hold, many enough for arrays to pay."""


def open_columns(folder: Path, segment: str, code: str, rows: Iterable[bytes]) -> pa.Table:
    """The columns of a segment (schema `KEPT_COLUMNS`), row by row; made from its encoded articles if need be.

    Raises ValueError or TypeError if these can't be decoded, or what reading them raises.
    """
    found = find_table(folder, _stem(segment, code))
    return found if found is not None else keep_table(folder, _stem(segment, code), KEPT_COLUMNS, _make(rows))


def sweep_columns(folder: Path, segments: Iterable[str], code: str) -> None:
    """Nothing: columns of segments that are gone, and those of other code, are removed."""
    known = {_stem(segment, code) for segment in segments}
    forget_tables(folder, lambda stem: stem not in known)


def _stem(segment: str, code: str) -> str:
    return f"{Path(segment).stem}-{code}"


def _make(rows: Iterable[bytes]) -> Iterator[pa.Table]:
    left = iter(rows)
    while part := list(islice(left, BATCH_ROWS)):
        table = judging_columns([decode_article(data) for data in part])
        digests = [hashlib.blake2b(data, digest_size=CONTENT_BYTES).digest() for data in part]
        yield table.append_column(KEPT_COLUMNS.field("content"), pa.array(digests, pa.binary(CONTENT_BYTES)))

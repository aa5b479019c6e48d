"""The judging columns of segments, made once per segment and mapped into memory every night.

    state/examined/columns/<segment>-<code>~<digest>.arrow

They say nothing that the segment doesn't: a file that is missing, damaged or was made by other code is made again.
Those of many articles are made where the articles were examined, in workers: batches of encoded articles go there and
their columns come back, both as Arrow streams.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from itertools import chain, islice
from pathlib import Path

import pyarrow as pa

from copydesk.article import Refusal
from copydesk.errors import RunError
from copydesk.judging import COLUMNS, judging_columns
from copydesk.state.kept import find_table, forget_tables, keep_table
from copydesk.state.serial import decode_article

CONTENT_BYTES = 16
KEPT_COLUMNS = pa.schema([*COLUMNS, pa.field("content", pa.binary(CONTENT_BYTES), nullable=False)])
"""The judging columns, and a digest of the article as it was examined."""

BATCH_ROWS, BATCH_BYTES = 1_000, 8 * 1024 * 1024
"""Articles that are taken apart at once, and their bytes: few enough to hold, many enough for arrays to pay."""
FEW_BATCHES = 8
"""So many are taken apart here: to load compiled code takes a worker as long as some thousand articles."""

Work = Callable[[Iterable[bytes]], Iterator[bytes | Refusal]]
"""Someone who makes columns elsewhere: `columns_of` of each batch, in order, a refusal where a worker died of it."""


def open_columns(folder: Path, segment: str, code: str, rows: Iterable[bytes], work: Work | None = None) -> pa.Table:
    """The columns of a segment (schema `KEPT_COLUMNS`), row by row; made from its encoded articles if need be.

    Raises ValueError, TypeError or KeyError if these can't be decoded, or what reading them raises; RunError if workers
    die of them.
    """
    found = find_table(folder, _stem(segment, code))
    return found if found is not None else keep_table(folder, _stem(segment, code), KEPT_COLUMNS, _make(rows, work))


def sweep_columns(folder: Path, segments: Iterable[str], code: str) -> None:
    """Nothing: columns of segments that are gone, and those of other code, are removed."""
    known = {_stem(segment, code) for segment in segments}
    forget_tables(folder, lambda stem: stem not in known)


def _stem(segment: str, code: str) -> str:
    return f"{Path(segment).stem}-{code}"


def _make(rows: Iterable[bytes], work: Work | None) -> Iterator[pa.Table]:
    batches = _batches(rows)
    first = list(islice(batches, FEW_BATCHES + 1))
    if work is None or len(first) <= FEW_BATCHES:
        yield from map(_columns, chain(first, batches))
        return
    for answer in work(map(_to_stream, map(_articles, chain(first, batches)))):
        if isinstance(answer, Refusal):
            if answer.code == UNREADABLE:
                raise ValueError(answer.detail)
            raise RunError(f"a worker died of articles that had been examined ({answer}); nothing was published")
        yield _checked(_from_stream(answer))


def _batches(rows: Iterable[bytes]) -> Iterator[list[bytes]]:
    batch: list[bytes] = []
    size = 0
    for data in rows:
        batch.append(data)
        size += len(data)
        if len(batch) == BATCH_ROWS or size >= BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def columns_of(batch: bytes) -> bytes | Refusal:
    """The columns of a batch of encoded articles; a refusal if one can't be decoded."""
    try:
        return _to_stream(_columns(_from_stream(batch)["article"].to_pylist()))
    except (ValueError, TypeError, KeyError) as error:
        return Refusal(UNREADABLE, f"{type(error).__name__}: {error}")


UNREADABLE = "unreadable"


def _columns(batch: list[bytes]) -> pa.Table:
    table = judging_columns([decode_article(data) for data in batch])
    digests = [hashlib.blake2b(data, digest_size=CONTENT_BYTES).digest() for data in batch]
    return table.append_column(KEPT_COLUMNS.field("content"), pa.array(digests, pa.binary(CONTENT_BYTES)))


def _articles(batch: list[bytes]) -> pa.Table:
    return pa.table({"article": pa.array(batch, pa.large_binary())})


def _to_stream(table: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    data: bytes = sink.getvalue().to_pybytes()
    return data


def _from_stream(data: bytes) -> pa.Table:
    return pa.ipc.open_stream(pa.py_buffer(data)).read_all()


def _checked(table: pa.Table) -> pa.Table:
    """The table, after a look that a worker which was taken over can't have given offsets that lead elsewhere."""
    if not table.schema.equals(KEPT_COLUMNS):
        raise RunError("a worker gave columns of another kind; nothing was published")
    table.validate(full=True)
    return table

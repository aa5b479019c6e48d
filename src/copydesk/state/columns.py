"""The judging columns of segments, made once per segment and mapped into memory every night.

    state/examined/columns/<segment>-<code>~<digest>.arrow

They say nothing that the segment doesn't: a file that is missing, damaged or was made by other code is made again.
Those of many articles are made where these are examined, in workers, and come back as Arrow streams (`ColumnsWriter`).
Where they have to be made again, batches of encoded articles go to workers in the same way.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, islice
from pathlib import Path

import pyarrow as pa

from copydesk.article import Article, Refusal
from copydesk.errors import RunError
from copydesk.judging import COLUMNS, judging_columns
from copydesk.state.kept import TableWriter, find_table, forget_tables, keep_table
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


def open_columns(
    folder: Path, segment: str, code: str, rows: Iterable[bytes], work: Work | None = None, notes: Path | None = None
) -> pa.Table:
    """The columns of a segment (schema `KEPT_COLUMNS`), row by row; made from its encoded articles if need be. `notes`
    as for `find_table`.

    Raises ValueError, TypeError or KeyError if these can't be decoded, or what reading them raises; RunError if workers
    die of them.
    """
    found = find_table(folder, _stem(segment, code), notes)
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


def kept_columns(
    articles: Sequence[Article], encoded: Sequence[bytes], *, compile_code: bool | None = None
) -> pa.Table:
    """The columns of these articles (schema `KEPT_COLUMNS`), each with the bytes under which it is kept."""
    table = judging_columns(articles, compile_code=compile_code)
    digests = [hashlib.blake2b(data, digest_size=CONTENT_BYTES).digest() for data in encoded]
    return table.append_column(KEPT_COLUMNS.field("content"), pa.array(digests, pa.binary(CONTENT_BYTES)))


class ColumnsWriter:
    """The columns of articles that come group by group, until these have become a segment."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._writer: TableWriter | None = None
        self._waiting: list[pa.Table] = []
        self._rows = 0

    def add(self, columns: pa.Table) -> None:
        """Put these rows behind the others."""
        self._waiting.append(columns)
        self._rows += len(columns)
        if sum(map(len, self._waiting)) >= BATCH_ROWS:
            self._write()

    def keep(self, segment: str, code: str, rows: int) -> Path | None:
        """The file of the columns for a segment, kept if they are those of all of its rows; begin anew in any case."""
        path = None
        if rows == self._rows and rows:
            self._write()
            if self._writer is not None:
                path = self._writer.keep(_stem(segment, code))
        self.drop()
        return path

    def drop(self) -> None:
        """Forget the columns that haven't been kept."""
        if self._writer is not None:
            self._writer.close()
        self._writer, self._waiting, self._rows = None, [], 0

    def _write(self) -> None:
        """Write what waits, in one piece: a night takes its rows out of each piece."""
        self._writer = self._writer or TableWriter(self._folder, KEPT_COLUMNS)
        if self._waiting:
            self._writer.write(pa.concat_tables(self._waiting).combine_chunks())
        self._waiting = []


def encode_columns(columns: pa.Table) -> bytes:
    """The columns as bytes, for the way from a worker."""
    return _to_stream(columns)


def decode_columns(data: bytes, article_ids: Sequence[str]) -> pa.Table:
    """The columns of these articles that a worker has sent. Raises RunError for any others."""
    try:
        columns = _checked(_from_stream(data))
    except pa.ArrowInvalid as error:
        raise RunError(f"a worker gave columns that can't be read ({error}); nothing was published") from error
    if columns["article_id"].to_pylist() != list(article_ids):
        raise RunError("a worker gave the columns of other articles; nothing was published")
    return columns


def _columns(batch: list[bytes]) -> pa.Table:
    return kept_columns([decode_article(data) for data in batch], batch)


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

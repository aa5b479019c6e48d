"""The articles of an index: sketch, text and metadata of each, in the order in which they came, read by number."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from copydesk.duplicates.candidates import Numbers
from copydesk.duplicates.columns import CHUNK_BYTES, SKETCHES, as_numbers, as_strings, sketch_columns
from copydesk.duplicates.groups import count_up
from copydesk.duplicates.hashing import Hashes

KNOWN = pa.schema(
    [
        ("title", pa.string()),
        ("outlet", pa.string()),
        ("url", pa.string()),
        ("url_key", pa.string()),
        ("published_on", pa.date32()),
        ("published_at", pa.timestamp("us", "UTC")),
        ("modified_at", pa.timestamp("us", "UTC")),
        ("authors", pa.list_(pa.string())),
        ("section", pa.string()),
        ("language", pa.string()),
    ]
)
"""What decides which of several copies stays; null where it is unknown."""
PLACE = pa.schema([("source_path", pa.string()), ("source_record", pa.int64())])
"""Where an article came from; null where it doesn't say."""
ARTICLES = pa.schema(
    [
        pa.field("article_id", pa.string(), nullable=False),
        pa.field("text", pa.large_string(), nullable=False),
        *KNOWN,
        *PLACE,
    ]
)
"""An article as it was given."""
ROWS = pa.schema([*ARTICLES, *SKETCHES], metadata=SKETCHES.metadata)
"""An article of the index: as it was given, and its sketch."""
PART_ROWS = 16_384
"""Articles of one batch of a file at most."""


@dataclass(frozen=True, slots=True)
class Rows:
    """Batches of articles (schema `ROWS`), one after another; `starts`: the number of each one's first, and of all."""

    parts: tuple[pa.RecordBatch, ...]
    starts: Numbers

    def __len__(self) -> int:
        return int(self.starts[-1])

    def column(self, name: str) -> pa.ChunkedArray:
        """A column of all articles."""
        return pa.chunked_array([part.column(name) for part in self.parts], ROWS.field(name).type)

    def take(self, names: Sequence[str], rows: Numbers) -> pa.Table:
        """Some columns of some articles, in the order asked for; only those articles are read."""
        schema = pa.schema([ROWS.field(name) for name in names])
        found, places = [schema.empty_table()], [np.zeros(0, dtype=np.int64)]
        for part, at, chosen in self._split(rows):
            table = pa.Table.from_batches([part.select(list(names))]).take(pa.array(chosen))
            found.append(table.cast(schema))
            places.append(at)
        order = np.argsort(np.concatenate(places))
        return pa.concat_tables(found).take(pa.array(order)).combine_chunks()

    def lists(self, name: str, rows: Numbers) -> tuple[npt.NDArray[Any], Numbers]:
        """The values of a column of lists of some articles, and where those of each begin (one more than articles)."""
        sizes = np.zeros(len(rows), dtype=np.int64)
        for part, at, chosen in self._split(rows):
            offsets = part.column(name).offsets.to_numpy()
            sizes[at] = offsets[chosen + 1] - offsets[chosen]
        starts = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
        values = np.empty(starts[-1], dtype=ROWS.field(name).type.value_type.to_pandas_dtype())
        for part, at, chosen in self._split(rows):
            column = part.column(name)
            step = count_up(sizes[at])
            source = np.repeat(column.offsets.to_numpy()[chosen].astype(np.int64), sizes[at]) + step
            values[np.repeat(starts[at], sizes[at]) + step] = column.values.to_numpy()[source]
        return values, starts

    def signatures(self, rows: Numbers) -> npt.NDArray[np.uint32]:
        """The signatures of some articles (uint32, shape (articles, permutations))."""
        width = SKETCHES.field("signature").type.list_size
        found = np.empty((len(rows), width), dtype=np.uint32)
        for part, at, chosen in self._split(rows):
            found[at] = part.column("signature").flatten().to_numpy().reshape(-1, width)[chosen]
        return found

    def texts(self, rows: Numbers) -> list[str]:
        """The texts of some articles."""
        texts: list[str] = self.take(["text"], rows)["text"].to_pylist()
        return texts

    def hashes(self, name: str, rows: Numbers) -> Hashes:
        """Values of 16 bytes of some articles as two numbers each (uint64, shape (n, 2))."""
        return as_numbers(self.take([name], rows)[name])

    def _split(self, rows: Numbers) -> Iterator[tuple[pa.RecordBatch, Numbers, Numbers]]:
        """The parts that are needed, with the places among `rows` and the numbers within the part."""
        owner = np.searchsorted(self.starts, rows, side="right") - 1
        order = np.argsort(owner, kind="stable")
        bounds = np.searchsorted(owner[order], np.arange(len(self.parts) + 1))
        for number in np.flatnonzero(np.diff(bounds)).tolist():
            at = order[bounds[number] : bounds[number + 1]]
            yield self.parts[number], at, rows[at] - self.starts[number]


def join_parts(parts: Iterable[pa.RecordBatch]) -> Rows:
    """The articles of batches, numbered in this order."""
    chosen = tuple(part for part in parts if len(part))
    return Rows(chosen, np.cumsum([0, *map(len, chosen)], dtype=np.int64))


def sketch_articles(articles: pa.Table) -> Iterator[pa.RecordBatch]:
    """The rows of articles (schema `ARTICLES`), some megabytes of text at a time; a null text is an empty one."""
    for low, high in _chunks(articles["text"]):
        part = articles.slice(low, high - low).combine_chunks()
        texts = as_strings(part["text"])
        known = part.set_column(part.column_names.index("text"), ROWS.field("text"), texts).select(ARTICLES.names)
        rows = pa.table([*known.columns, *sketch_columns(texts).columns], schema=ROWS)
        yield from rows.combine_chunks().to_batches()


def _chunks(texts: pa.ChunkedArray) -> Iterator[tuple[int, int]]:
    low = 0
    while low < len(texts):
        high = min(low + PART_ROWS, len(texts))
        while high > low + 1 and texts.slice(low, high - low).nbytes > CHUNK_BYTES:
            high = low + (high - low) // 2
        yield low, high
        low = high

"""All records of a run by name, in a file: what the ledger has to add up to."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from copydesk.article import RawRecord
from copydesk.state import RecordKey

LISTING = pa.schema(
    [
        pa.field("article_id", pa.string(), nullable=False),
        pa.field("fields", pa.string(), nullable=False),
        pa.field("record", pa.int32(), nullable=False),
        pa.field("path", pa.string(), nullable=False),
        pa.field("gone", pa.bool_(), nullable=False),
    ]
)
"""A record: what names it, its position, its file; and whether it is there no longer, and kept."""

DIGEST_ROWS = 1 << 14
"""Records of a listing that are put in order at once: they are copied for it."""


@dataclass(frozen=True, slots=True)
class Listing:
    """All records of a run, as reading counted them: what the ledger has to add up to."""

    table: pa.Table

    @staticmethod
    @contextmanager
    def write(path: Path) -> Iterator[pa.ipc.RecordBatchFileWriter]:
        """A writer for the listing at this path."""
        with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, LISTING) as writer:
            yield writer

    @classmethod
    def read(cls, path: Path) -> Listing:
        """The listing at this path."""
        return cls(pa.ipc.open_file(pa.memory_map(str(path))).read_all())

    def __len__(self) -> int:
        return len(self.table)

    @property
    def gone(self) -> frozenset[str]:
        """The ids of the records that are there no longer, and kept."""
        return frozenset(self.table["article_id"].filter(self.table["gone"]).to_pylist())

    def digest(self) -> str:
        """A digest of what is listed, whatever the order of the files."""
        order = self._by_file()
        digest = hashlib.sha256()
        for start in range(0, len(order), DIGEST_ROWS):
            columns = [column.cast(pa.string()) for column in self.table.take(order.slice(start, DIGEST_ROWS)).columns]
            rows = pc.binary_join_element_wise(*columns, "\0", "\n").combine_chunks()
            _, ends, text = rows.buffers()
            digest.update(memoryview(text)[: np.frombuffer(ends, np.int32)[len(rows)]])
        return digest.hexdigest()

    def _by_file(self) -> pa.Array:
        """The rows by file and position, which are numbers: to put them in order by id takes ten times as long."""
        paths = self.table["path"].combine_chunks().dictionary_encode()
        names = np.empty(len(paths.dictionary), np.int64)
        names[pc.sort_indices(paths.dictionary).to_numpy()] = np.arange(len(names))
        places = names[paths.indices.to_numpy()] << 32 | self.table["record"].to_numpy()
        return pa.array(np.argsort(places, kind="stable"))

    def count_by_path(self) -> dict[str, int]:
        """How many records were read from each file."""
        counts = pc.value_counts(self.table["path"])
        return dict(zip(counts.field("values").to_pylist(), counts.field("counts").to_pylist(), strict=True))


def listing_batch(records: Sequence[RawRecord], keys: Sequence[RecordKey]) -> pa.RecordBatch:
    """The rows of the listing for these records, none of which is gone."""
    columns = (
        [key.article_id for key in keys],
        [key.fields for key in keys],
        [key.record for key in keys],
        [record.source.path for record in records],
        [False] * len(records),
    )
    arrays = [pa.array(values, field.type) for values, field in zip(columns, LISTING, strict=True)]
    return pa.RecordBatch.from_arrays(arrays, schema=LISTING)

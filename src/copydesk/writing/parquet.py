"""How rows lie in Parquet: the options of each table's files, which every reader of them gains by."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from copydesk.writing.schema import load_contract, load_schema

ROW_GROUP_ROWS = 4096
"""Rows of a row group: one look-up by id reads one. Measured: 4 to 14 ms with it on 100,000 articles."""

ARTICLE_GROUP_ROWS = 1024
"""Of articles. A night in which an article goes packs one group again and copies the others; with 512, files are one
percent larger and a footer takes as long to read as is saved."""

ZSTD_LEVEL = 3
"""Measured on 100,000 articles of 3.5 kB: level 1, 3, 6, 9 give 188, 124, 111, 99 MiB at 1.4, 1.9, 4.2, 6.1 CPU-s."""

BLOOM_SHARE = 0.01
"""False positives of the Bloom filter on the id; a miss is 16 times cheaper with one in DuckDB."""

NO_DICTIONARY = frozenset(
    {
        *("text", "before", "after", "title", "url", "url_key", "canonical_url", "article_id", "canonical_id"),
        *("source_sha256", "provenance.list.element.value", "provenance.list.element.raw"),
        *("also_published.list.element.url", "also_published.list.element.article_id"),
    }
)
"""Columns whose values hardly recur: a dictionary of them is built for nothing, and takes a percent more room."""

NO_STATISTICS = frozenset({"text", "before", "after", "captions", "author_bio", "provenance"})
"""Columns that nobody looks for by range: the least and the greatest text of a row group are two whole texts."""


def read_parquet(path: Path | pa.BufferReader, columns: list[str] | None = None) -> pa.Table:
    """The rows of one file, or some columns of them. Without Arrow's dataset layer, which costs more than small files.

    In one thread: files of a month are small, and threads that wait for each other took 1.2 CPU-seconds for those of
    80,000 articles, one took 0.7.

    Raises OSError or pa.ArrowInvalid if the file can't be read.
    """
    with pq.ParquetFile(path) as file:
        return file.read(columns, use_threads=False)


def group_rows(table: str) -> int:
    """Rows of a row group of a table."""
    return ARTICLE_GROUP_ROWS if table == "articles" else ROW_GROUP_ROWS


def encode_rows(table: str, rows: pa.Table, of: int | None = None) -> memoryview:
    """Rows of a table, or some of their columns, as a Parquet file, packed as in a file `of` so many rows; where that
    isn't said, as one row group of a file that has more.
    """
    sink = pa.BufferOutputStream()
    with pq.ParquetWriter(sink, rows.schema, **_options(table, of, rows.column_names)) as writer:
        writer.write_table(rows, row_group_size=group_rows(table) if of else max(len(rows), 1))
    return memoryview(sink.getvalue())


def _options(table: str, rows: int | None, columns: Sequence[str]) -> dict[str, Any]:
    """How so many rows of a table are written, or of some of its columns."""
    paths = [path for path in _leaves(table) if path.partition(".")[0] in columns]
    ids = group_rows(table) if rows is None else min(max(rows, 1), group_rows(table))
    bloom = {"article_id": {"ndv": ids, "fpp": BLOOM_SHARE}} if "article_id" in paths else None
    keys = load_contract(table).sort
    whole = len(columns) == len(load_schema(table))
    return {
        "compression": "zstd",
        "compression_level": ZSTD_LEVEL,
        "use_dictionary": [path for path in paths if path not in NO_DICTIONARY],
        "write_statistics": [path for path in paths if path.partition(".")[0] not in NO_STATISTICS],
        "bloom_filter_options": bloom,
        "sorting_columns": [pq.SortingColumn(columns.index(name)) for name in keys] if whole else None,
    }


@cache
def _leaves(table: str) -> tuple[str, ...]:
    """The columns by their paths as Parquet counts them: a list of structs is one for each member."""
    paths: list[str] = []
    for field in load_schema(table):
        if not pa.types.is_list(field.type):
            paths.append(field.name)
        elif pa.types.is_struct(field.type.value_type):
            paths.extend(f"{field.name}.list.element.{member.name}" for member in field.type.value_type)
        else:
            paths.append(f"{field.name}.list.element")
    return tuple(paths)

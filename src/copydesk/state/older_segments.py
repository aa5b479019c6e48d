"""Segments as earlier versions wrote them, Parquet files, for what is in them alone.

A record whose raw file is gone can't be examined again. Where its row is to stay, its article is taken out of a segment
of whatever version and written into one of today's.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

OLDER = ".parquet"
"""How the names of such segments end."""


def read_older_rows(path: Path, rows: Sequence[int]) -> Iterator[tuple[int, bytes]]:
    """The encoded articles in these rows, as `segments.read_rows` gives them.

    Raises OSError, KeyError or pa.ArrowInvalid if the file is damaged.
    """
    with pq.ParquetFile(path, page_checksum_verification=True) as file:
        wanted = np.sort(np.asarray(rows, dtype=np.int64))
        size = max(file.metadata.row_group(0).num_rows, 1)
        groups = wanted // size
        for group in np.unique(groups).tolist():
            articles = file.read_row_group(group, columns=["article"], use_threads=False)["article"]
            for row in wanted[groups == group].tolist():
                yield row, articles[row - group * size].as_py()


def read_older_keys(path: Path, names: Sequence[str]) -> pa.Table:
    """These columns, which name the articles, as `segments.read_keys` gives them. Raises as `read_older_rows` does."""
    with pq.ParquetFile(path, page_checksum_verification=True) as file:
        return file.read(columns=[*names], use_threads=False)

"""How work on a corpus is to be done: in how many threads or forks, and where lies what needn't be in memory."""

from __future__ import annotations

import mmap
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import DTypeLike, NDArray


@dataclass(frozen=True, slots=True)
class Work:
    """How the work is to be done; no result depends on it. `threads` is for forks, too; `folder`: None for none."""

    threads: int = 1
    folder: Path | None = None

    def room(self, shape: int | tuple[int, ...], dtype: DTypeLike) -> NDArray[Any]:
        """An array of zeros. If there is a folder, it lies in a file that nobody else sees: the system may take back
        the memory of what isn't used: for what is as large as the corpus.

        >>> ALONE.room((2, 2), np.uint8).tolist()
        [[0, 0], [0, 0]]
        """
        size = int(np.prod(shape)) * np.dtype(dtype).itemsize
        if self.folder is None or size < LEAST_ROOM:
            return np.zeros(shape, dtype)
        with TemporaryFile(dir=self.folder) as file:
            # Written to, so that a full disk is an error here: a page without room on the disk would kill the process.
            for start in range(0, size, LEAST_BYTES):
                file.write(bytes(min(LEAST_BYTES, size - start)))
            file.flush()
            return np.asarray(np.memmap(file, dtype, "r+", shape=shape))

    def lay(self, table: pa.Table) -> pa.Table:
        """The same table. If there is a folder, it lies in such a file: for what was found and isn't needed for long.

        >>> ALONE.lay(pa.table({"n": [1, 2]})).num_rows
        2
        """
        if self.folder is None or table.nbytes < LEAST_BYTES:
            return table
        with TemporaryFile(dir=self.folder) as file:
            with pa.ipc.new_file(file, table.schema) as writer:
                writer.write_table(table)
            file.flush()
            return pa.ipc.open_file(pa.py_buffer(mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ))).read_all()


LEAST_BYTES = 1 << 22
"""Smaller tables are no burden."""

LEAST_ROOM = 1 << 26
"""Nor are smaller arrays: one in a file is written to at a third of the pace, a page at a time."""

ALONE = Work()
"""In this thread, and in memory."""

"""Room for large arrays, in memory or in a file."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa

from copydesk.machine.work import ALONE, LEAST_BYTES, LEAST_ROOM, Work


def test_large_arrays_lie_in_the_folder_and_nobody_sees_them(tmp_path: Path) -> None:
    """They can be written to like any other; what is left of them when they are gone is nothing."""
    found = Work(1, tmp_path).room((LEAST_ROOM // 4, 2), np.uint32)
    assert found.shape == (LEAST_ROOM // 4, 2)
    assert not found.any()
    found[7] = 5
    assert found.sum() == 10
    assert not list(tmp_path.iterdir())
    assert isinstance(found.base, np.memmap)


def test_small_arrays_and_those_without_a_folder_are_in_memory(tmp_path: Path) -> None:
    """A file for each of them would cost more than it spares."""
    for work, size in ((Work(1, tmp_path), 10), (ALONE, LEAST_ROOM)):
        found = work.room(size, np.uint8)
        assert found.base is None
        assert (found.size, found.any()) == (size, False)


def test_a_large_table_lies_in_the_folder_and_nobody_sees_it(tmp_path: Path) -> None:
    """It says the same as before, and takes no memory that the system couldn't have back."""
    table = pa.table({"n": np.arange(LEAST_BYTES), "name": ["one"] * LEAST_BYTES})
    before = pa.total_allocated_bytes()
    found = Work(1, tmp_path).lay(table)
    assert pa.total_allocated_bytes() == before
    assert found.equals(table)
    assert not list(tmp_path.iterdir())


def test_small_tables_and_those_without_a_folder_stay_where_they_are(tmp_path: Path) -> None:
    """A file for each of them would cost more than it spares."""
    table = pa.table({"n": [1, 2]})
    assert Work(1, tmp_path).lay(table) is table
    assert ALONE.lay(table) is table

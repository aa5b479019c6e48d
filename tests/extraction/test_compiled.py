"""Plain Python and machine code give the same, and a page's size decides which of them runs."""

from __future__ import annotations

import numpy as np
import pytest

from copydesk.extraction.compiled import PACE, kernel


@kernel
def _inner(values, place):  # type: ignore[no-untyped-def]
    return values[place] * np.uint32(16777619)


@kernel
def _outer(values):  # type: ignore[no-untyped-def]
    total = np.uint32(0)
    for place in range(len(values)):
        total ^= _inner(values, place)
    return total


def test_a_kernel_calls_others_both_ways(monkeypatch: pytest.MonkeyPatch) -> None:
    """A kernel that calls another gives the same plain and compiled; hashes overflow without a warning."""
    values, found = np.arange(1_000, 2_000, dtype=np.uint32), []
    for is_fast in (False, True):
        monkeypatch.setattr(PACE, "is_fast", is_fast)
        found.append(int(_outer(values)))
    assert found[0] == found[1] != 0


@kernel
def _running(values):  # type: ignore[no-untyped-def]
    sums = np.zeros(len(values), dtype=np.int64)
    for place in range(len(values)):
        sums[place] = values[place] + (sums[place - 1] if place else 0)
    return sums


@kernel
def _last_sum(values):  # type: ignore[no-untyped-def]
    return _running(values)[-1]


@kernel
def _fill_rows(values, rows):  # type: ignore[no-untyped-def]
    for place in range(len(values)):
        row = rows[place]
        row[0], row[1] = values[place], _inner(values, place)
    return len(rows[1:])


def test_kernels_that_make_arrays_are_known() -> None:
    """One that makes arrays, or calls one that returns them, counts who needs them; one that writes rows doesn't."""
    assert _running.makes_arrays
    assert _last_sum.makes_arrays
    assert not _fill_rows.makes_arrays
    assert not _outer.makes_arrays


def test_kernels_give_the_same_counting_or_not(monkeypatch: pytest.MonkeyPatch) -> None:
    """Arrays made within, and rows of arrays handed in, come out the same plain and compiled; of no rows, nothing."""
    values, found = np.arange(1_000, 2_000, dtype=np.uint32), []
    for is_fast in (False, True):
        monkeypatch.setattr(PACE, "is_fast", is_fast)
        rows = np.zeros((len(values), 2), dtype=np.uint32)
        sums = int(_last_sum(values)), len(_running(values[:0]))
        found.append((*sums, int(_fill_rows(values, rows)), rows.tolist()))
        assert _fill_rows(values[:0], rows) == len(rows) - 1
    assert found[0] == found[1]
    assert found[0][:3] == (sum(range(1_000, 2_000)), 0, 999)

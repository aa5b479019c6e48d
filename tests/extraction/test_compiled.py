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

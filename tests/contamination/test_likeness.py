"""Tests of the nearest of many."""

from __future__ import annotations

import numpy as np
import pytest

from copydesk.contamination import likeness
from copydesk.contamination.kernels import compiled
from copydesk.contamination.likeness import mean_of_highest


def test_only_the_highest_count() -> None:
    """Two of four figures make the mean, wherever they stand, equal ones and all of one's own included."""
    figures = np.array([[0.0, 1.0, 0.5, -1.0], [2.0, 2.0, 2.0, -2.0], [-4.0, -3.0, -2.0, -1.0]], np.float32)
    assert mean_of_highest(figures, 2).tolist() == [0.75, 2.0, -1.5]


def test_none_and_nothing() -> None:
    """None of the highest make nothing; without rows there are no means."""
    assert mean_of_highest(np.ones((2, 3), np.float32), 0).tolist() == [0.0, 0.0]
    assert mean_of_highest(np.zeros((0, 3), np.float32), 2).size == 0


@pytest.mark.parametrize("count", [1, 15, 40])
def test_compiled_or_not_the_highest_are_the_same(count: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a corpus is judged by must not depend on its size: they stand in the same order, so their sums are equal."""
    figures = np.random.default_rng(count).normal(size=(50, 40)).astype(np.float32)
    best = np.full((50, count), -np.inf, np.float32)
    compiled(likeness._keep_highest)(figures, best)
    monkeypatch.setattr(likeness.PACE, "is_fast", False)
    monkeypatch.setattr(likeness.PACE, "work", 0)
    assert best.tobytes() == likeness.highest(figures.copy(), count).tobytes()
    assert best.tobytes() == np.sort(figures, axis=1)[:, -count:].tobytes()

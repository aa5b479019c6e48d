"""The nearest of many: how alike the few rows of a matrix are that are most alike."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from copydesk.compiling import Pace
from copydesk.contamination.kernels import compiled

Figures = NDArray[np.float64]
PACE = Pace(Path(__file__).parent, "likeness._add_highest", load_work=40_000_000, compile_work=200_000_000)
"""Work is figures that are looked at: arrays take six nanoseconds for each, machine code one."""


def mean_of_highest(figures: NDArray[np.float32], count: int, behind: int = 0) -> Figures:
    """The mean of so many of each row's highest figures, those `behind` so many higher ones; zero for none of them. A
    row has more than both together. `figures` change.

    >>> mean_of_highest(np.array([[0.5, 0.25, 1.0], [0.0, 0.0, -1.0]], np.float32), 2).tolist()
    [0.75, 0.0]
    >>> mean_of_highest(np.array([[0.5, 0.25, 1.0, 0.0]], np.float32), 2, behind=1).tolist()
    [0.375]
    """
    sums = np.zeros(len(figures))
    if count:
        (compiled(_add_highest) if PACE.add(figures.size) else _add_by_rank)(figures, behind, behind + count, sums)
    return sums / max(count, 1)


def _add_highest(figures, first, count, sums):  # type: ignore[no-untyped-def]  # numba infers the arrays
    """Add the highest figures of each row from the first to be added on, the highest first."""
    best = np.empty(count, np.float32)
    for row in range(figures.shape[0]):
        best[:] = -np.inf
        least = best[count - 1]
        for n in range(figures.shape[1]):
            figure = figures[row, n]
            if figure > least:
                at = count - 1
                while at > 0 and best[at - 1] < figure:
                    best[at] = best[at - 1]
                    at -= 1
                best[at] = figure
                least = best[count - 1]
        for n in range(first, count):
            sums[row] += best[n]


def _add_by_rank(figures: NDArray[np.float32], first: int, count: int, sums: Figures) -> None:
    """The same sums in the same order without compiling."""
    width = figures.shape[1]
    figures.partition(width - count, axis=1)
    best = np.sort(figures[:, width - count :], axis=1)
    for rank in range(count - 1 - first, -1, -1):
        sums += best[:, rank]

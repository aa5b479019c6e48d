"""The nearest of many: how alike the few rows of a matrix are that are most alike."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from copydesk.contamination.kernels import compiled
from copydesk.machine.compiling import Pace

Figures = NDArray[np.float64]
PACE = Pace(Path(__file__).parent, "likeness._keep_highest", load_work=1_000_000, compile_work=60_000_000)
"""Work is figures that are looked at: arrays take six nanoseconds for each, machine code one. The compiler is there
for vectors."""


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
        top = highest(figures, behind + count)[:, :count]
        for rank in reversed(range(count)):
            sums += top[:, rank]
    return sums / max(count, 1)


def highest(figures: NDArray[np.float32], count: int) -> NDArray[np.float32]:
    """So many of each row's highest figures, one or more, the highest last; a row has at least as many. `figures`
    change.

    >>> highest(np.array([[0.5, 0.25, 1.0], [0.0, 0.0, -1.0]], np.float32), 2).tolist()
    [[0.5, 1.0], [0.0, 0.0]]
    """
    width = figures.shape[1]
    if not PACE.add(figures.size):
        figures.partition(width - count, axis=1)
        return np.sort(figures[:, width - count :], axis=1)
    best = np.full((len(figures), count), -np.inf, np.float32)
    compiled(_keep_highest)(figures, best)
    return best


def _keep_highest(figures, best):
    """Put the highest figures of each row in order into a row that holds nothing but less."""
    last = best.shape[1] - 1
    for row in range(figures.shape[0]):
        own = best[row]
        for n in range(figures.shape[1]):
            figure = figures[row, n]
            if figure > own[0]:
                at = 0
                while at < last and own[at + 1] < figure:
                    own[at] = own[at + 1]
                    at += 1
                own[at] = figure

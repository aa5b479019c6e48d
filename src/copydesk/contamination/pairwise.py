"""Blocks of one article held against each other, many articles of like size at a time."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

SIZES = np.array([4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512])
"""Articles are filled up with empty rows to the next of these sizes."""
MAX_CELLS = 1 << 18
"""Pairs of rows that are held at a time: some megabytes."""


def squares(starts: NDArray[np.int64]) -> Iterator[tuple[NDArray[np.int64], NDArray[np.bool_]]]:
    """Articles of like size: the rows of each, shape (articles, size), and which of these cells are filled.

    `starts` has the first row of each article and the number of rows at the end. An empty cell holds row 0. What is
    made of the rows of one article never depends on which others it is looked at with.

    >>> [(rows.tolist(), filled.sum(axis=1).tolist()) for rows, filled in squares(np.array([0, 2, 5]))]
    [([[0, 1, 0, 0], [2, 3, 4, 0]], [2, 3])]
    """
    sizes = np.diff(starts)
    rank = np.searchsorted(SIZES, sizes)
    for n in np.unique(rank[sizes > 0]):
        alike, width = np.flatnonzero((rank == n) & (sizes > 0)), int(SIZES[n])
        step = max(1, MAX_CELLS // (width * width))
        for at in range(0, alike.size, step):
            some = alike[at : at + step]
            filled = np.arange(width) < sizes[some, None]
            yield np.where(filled, starts[some, None] + np.arange(width), 0), filled

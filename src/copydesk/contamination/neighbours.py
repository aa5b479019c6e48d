"""What lies beside a block and beyond: sums of the vectors there, and the far blocks that are most like it.

Of a large corpus the sums are one loop in machine code; arrays of all steps and masks take three times as long. Both
ways add in the same order. To find the highest of the cosines by a loop instead of arrays gained a tenth: not taken.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from copydesk.contamination.kernels import compiled
from copydesk.contamination.pairwise import squares
from copydesk.contamination.papers import Papers
from copydesk.contamination.windows import WINDOW, Place
from copydesk.machine.compiling import Pace

Vectors = NDArray[np.float32]

PACE = Pace(Path(__file__).parent, "neighbours._add_beside", load_work=5_000, compile_work=600_000)
"""Work is blocks: arrays take three microseconds for each, machine code one. The compiler is there for vectors."""


def sums_beside(papers: Papers, place: Place, vectors: Vectors) -> tuple[Vectors, Vectors]:
    """The sums of the vectors of each block's neighbours and of all beyond them."""
    whole = np.add.reduceat(vectors, papers.starts[:-1], axis=0)
    if not PACE.add(len(vectors)):
        near = _near(place, vectors)
        return near, whole[papers.owner] - near - vectors
    near, far = np.empty((2, *vectors.shape), np.float32)
    compiled(_add_beside)(vectors, papers.starts, place.low, place.high, whole, near, far)
    return near, far


def _near(place: Place, vectors: Vectors) -> Vectors:
    at, size = np.arange(len(vectors)), len(vectors)
    near = 0 - vectors
    for step in range(-WINDOW, WINDOW + 1):
        inside = ((at + step >= place.low) & (at + step < place.high)).astype(np.float32)[:, None]
        here, there = slice(max(0, -step), size - max(0, step)), slice(max(0, step), size - max(0, -step))
        near[here] += vectors[there] * inside[here]
    return near


def _add_beside(vectors, starts, low, high, whole, near, far):
    """Add up block by block what `_near` adds for all, and take it from the sum of the article, `whole`."""
    for article in range(starts.shape[0] - 1):
        for block in range(starts[article], starts[article + 1]):
            for n in range(vectors.shape[1]):
                near[block, n] = 0 - vectors[block, n]
            for other in range(low[block], high[block]):
                for n in range(vectors.shape[1]):
                    near[block, n] += vectors[other, n]
            for n in range(vectors.shape[1]):
                far[block, n] = whole[article, n] - near[block, n] - vectors[block, n]


def most_alike(papers: Papers, place: Place, vectors: Vectors) -> NDArray[np.float64]:
    """The mean cosine of each block with the two far ones that are most like it, 0 where that is below 0."""
    out = np.zeros(len(vectors))
    for rows, filled in squares(papers.starts):
        likeness = vectors[rows] @ vectors[rows].transpose(0, 2, 1)
        near = (rows[:, None, :] >= place.low[rows][:, :, None]) & (rows[:, None, :] < place.high[rows][:, :, None])
        likeness[near | ~filled[:, None, :]] = -1.0
        top = np.partition(likeness, -2, axis=2)[:, :, -2:]
        best = np.maximum((top[:, :, 1] + np.maximum(top[:, :, 0], 0)) / 2, 0)
        out[rows[filled]] = best[filled]
    return out

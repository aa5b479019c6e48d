"""Blocks and articles as vectors: sums of the vectors of their words."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from copydesk.contamination.background import Background
from copydesk.contamination.papers import Papers

BLOCKS = 512
"""Blocks that are summed at a time: their vectors stay in the cache."""


def block_vectors(papers: Papers, background: Background) -> NDArray[np.float32]:
    """The unit vector of each block, shape (blocks, rank); zero where no word is known.

    Adds the first word of all blocks, then the second: `np.add.reduceat` over rows takes five times as long.
    """
    sizes = np.diff(papers.bounds)
    order = np.argsort(-sizes, kind="stable")
    rows = np.minimum(papers.words, background.words.size)[papers.tokens]
    out = np.zeros((sizes.size, background.vectors.shape[1]), np.float32)
    vectors = np.empty_like(out)
    for at in range(0, sizes.size, BLOCKS):
        some = order[at : at + BLOCKS]
        starts, counts = papers.bounds[some], -sizes[some]
        summed = out[at : at + BLOCKS]
        for n in range(int(sizes[some[0]])):
            active = int(np.searchsorted(counts, -n, side="left"))
            summed[:active] += background.table.take(rows[starts[:active] + n], axis=0)
        vectors[some] = summed
    return unit_rows(vectors)


def unit_rows(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """The rows with length one; those of zeros stay zeros."""
    norms = np.sqrt(np.einsum("ij,ij->i", vectors, vectors))
    unit: NDArray[np.float32] = vectors / np.maximum(norms, 1e-6)[:, None]
    return unit


def article_vectors(papers: Papers, vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """The unit vector of each article, given those of its blocks."""
    return unit_rows(np.add.reduceat(vectors, papers.starts[:-1], axis=0))

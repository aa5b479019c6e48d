"""Blocks and articles as vectors: sums of the vectors of their words."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from copydesk.contamination.background import Background
from copydesk.contamination.kernels import compiled
from copydesk.contamination.papers import Papers

MIN_COMPILED_WORDS = 60_000
"""Telling words of a batch from which compiling (a second on a fresh install) pays: some 150 articles. Both ways add in
the same order, so that the same vectors come out."""


def block_vectors(papers: Papers, background: Background) -> NDArray[np.float32]:
    """The unit vector of each block, shape (blocks, rank); zero where no word is known."""
    rows = np.minimum(papers.words, background.words.size)[papers.tokens].astype(np.int64)
    vectors: NDArray[np.float32] = np.zeros((papers.bounds.size - 1, background.vectors.shape[1]), np.float32)
    if rows.size >= MIN_COMPILED_WORDS:
        compiled(_add)(rows, papers.bounds, background.table, vectors)
    else:
        _add_by_place(rows, papers.bounds, background.table, vectors)
    return unit_rows(vectors)


def _add(rows, bounds, table, out):  # type: ignore[no-untyped-def]  # numba infers the arrays
    """Add the vectors of each block's words, one after the other."""
    for block in range(out.shape[0]):
        for token in range(bounds[block], bounds[block + 1]):
            row = rows[token]
            for n in range(out.shape[1]):
                out[block, n] += table[row, n]


def _add_by_place(
    rows: NDArray[np.int64], bounds: NDArray[np.int64], table: NDArray[np.float32], out: NDArray[np.float32]
) -> None:
    """The same sums in the same order without compiling: the first word of all blocks, then the second."""
    sizes = np.diff(bounds)
    order = np.argsort(-sizes, kind="stable")
    starts, counts = bounds[:-1][order], -sizes[order]
    summed = np.zeros_like(out)
    for n in range(int(sizes.max(initial=0))):
        active = int(np.searchsorted(counts, -n, side="left"))
        summed[:active] += table.take(rows[starts[:active] + n], axis=0)
    out[order] = summed


def unit_rows(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """The rows with length one; those of zeros stay zeros."""
    norms = np.sqrt(np.einsum("ij,ij->i", vectors, vectors))
    unit: NDArray[np.float32] = vectors / np.maximum(norms, 1e-6)[:, None]
    return unit


def article_vectors(papers: Papers, vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """The unit vector of each article, given those of its blocks."""
    return unit_rows(np.add.reduceat(vectors, papers.starts[:-1], axis=0))

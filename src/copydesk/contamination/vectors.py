"""Blocks and articles as vectors: sums of the vectors of their words."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from copydesk.contamination.background import Background
from copydesk.contamination.kernels import compiled
from copydesk.contamination.papers import Papers
from copydesk.machine.compiling import Pace

PACE = Pace(Path(__file__).parent, "vectors._add", load_work=60_000, compile_work=60_000)
"""Work is telling words: those of some 150 articles are worth compiling, which takes a second on a fresh install. Both
ways add in the same order, so that the same vectors come out."""


def block_vectors(papers: Papers, background: Background) -> NDArray[np.float32]:
    """The unit vector of each block, shape (blocks, rank); zero where no word is known."""
    rows = background.places(papers.words)[papers.tokens].astype(np.int64)
    return unit_rows(sum_vectors(rows, np.ones(rows.size, np.float32), papers.bounds, background))


def sum_vectors(
    rows: NDArray[np.int64], weights: NDArray[np.float32], bounds: NDArray[np.int64], background: Background
) -> NDArray[np.float32]:
    """The sums of the vectors of these words, by their places in `background.table`, each times its weight; those of
    sum i stand from `bounds[i]` to `bounds[i + 1]`.
    """
    table, step = background.table, np.float32(background.step)
    sums: NDArray[np.float32] = np.zeros((bounds.size - 1, table.shape[1]), np.float32)
    add = compiled(_add) if PACE.add(rows.size) else _add_by_place
    add(rows, weights, bounds, table, step, sums)
    return sums


def _add(rows, weights, bounds, table, step, out):
    """Add the vectors of each block's words, one after the other; four in one go, since they lie all over the table:
    none has to wait for another one. In this order, and in 32 bits: otherwise
    sums differ in their last digits.
    """
    for block in range(out.shape[0]):
        sums, token, end = out[block], bounds[block], bounds[block + 1]
        while token + 3 < end:
            a, b, c, d = table[rows[token]], table[rows[token + 1]], table[rows[token + 2]], table[rows[token + 3]]
            p, q, r, s = weights[token], weights[token + 1], weights[token + 2], weights[token + 3]
            for n in range(sums.size):
                both = sums[n] + p * (np.float32(a[n]) * step) + q * (np.float32(b[n]) * step)
                sums[n] = both + r * (np.float32(c[n]) * step) + s * (np.float32(d[n]) * step)
            token += 4
        for last in range(token, end):
            a, p = table[rows[last]], weights[last]
            for n in range(sums.size):
                sums[n] += p * (np.float32(a[n]) * step)


def _add_by_place(
    rows: NDArray[np.int64],
    weights: NDArray[np.float32],
    bounds: NDArray[np.int64],
    table: NDArray[np.float32] | NDArray[np.int8],
    step: np.float32,
    out: NDArray[np.float32],
) -> None:
    """The same sums in the same order without compiling: the first word of all blocks, then the second."""
    sizes = np.diff(bounds)
    order = np.argsort(-sizes, kind="stable")
    starts, counts = bounds[:-1][order], -sizes[order]
    summed = np.zeros_like(out)
    for n in range(int(sizes.max(initial=0))):
        active = int(np.searchsorted(counts, -n, side="left"))
        token = starts[:active] + n
        summed[:active] += weights[token, None] * (table.take(rows[token], axis=0) * step)
    out[order] = summed


def unit_rows(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """The rows with length one; those of zeros stay zeros."""
    norms = np.sqrt(np.einsum("ij,ij->i", vectors, vectors))
    unit: NDArray[np.float32] = vectors / np.maximum(norms, 1e-6)[:, None]
    return unit


def article_vectors(papers: Papers, vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """The unit vector of each article, given those of its blocks."""
    return unit_rows(np.add.reduceat(vectors, papers.starts[:-1], axis=0))

"""How much of the weight of two blocks stands in both: measured on their words alone, without loading articles.

Millions of pairs share a key in a corpus of a hundred thousand articles, from all over it. The words of the blocks of
some hundred thousand pairs are read where they lie and held together; gathering articles read the whole corpus again
and again, and going from piece to piece of it took as many steps as there are pairs of pieces.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from copydesk.contamination.background import Background
from copydesk.contamination.kernels import run_kernel
from copydesk.contamination.papers import READ, flat_column, ranges
from copydesk.contamination.signals import Figures
from copydesk.spread import Spread, as_spread, lying_rows

MEAN_TOKENS = 40
"""Distinct words of a block, roughly: by it the work is guessed that decides whether compiling pays."""


def common_weights(
    columns: pa.Table | Spread,
    starts: NDArray[np.int64],
    left: NDArray[np.int64],
    right: NDArray[np.int64],
    background: Background,
) -> tuple[Figures, Figures, Figures]:
    """For pairs of blocks the weight of the words in both, and the weights of each; all of shape (pairs,)."""
    blocks, places = np.unique(np.concatenate([left, right]), return_inverse=True)
    words, bounds = block_words(columns, starts, blocks)
    most = np.float32(background.weights(np.array([0xFFFFFFFF], np.uint32))[0])
    arrays = places[: left.size], places[left.size :], words, bounds, background.idf, most
    common, of_left, of_right = run_kernel(_common, left.size * MEAN_TOKENS, *arrays)
    return common, of_left, of_right


def block_words(
    columns: pa.Table | Spread, starts: NDArray[np.int64], blocks: NDArray[np.int64]
) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
    """The distinct words of some blocks, whose numbers are in order: sorted in each, one block after the other, and
    where those of each begin.
    """
    owners = np.searchsorted(starts, blocks, side="right") - 1
    rows, firsts = np.unique(owners, return_index=True)
    firsts = np.append(firsts, blocks.size)
    sizes = np.zeros(blocks.size, np.int64)
    parts = []
    lies = as_spread(columns.select(["words", "tokens", "distinct"]))
    for some in lying_rows(lies, rows, READ):
        # All that lies between the first and the last of them: most are asked for, and to copy those takes longer.
        there = lies.rows[some] - lies.rows[some[0]]
        part = lies.pieces[lies.places[some[0]]].slice(lies.rows[some[0]], there[-1] + 1)
        own = np.searchsorted(rows, some)
        asked = ranges(firsts[own], firsts[own + 1])
        article = np.repeat(there, firsts[own + 1] - firsts[own])
        distinct, of_article = flat_column(part, "distinct")
        bounds = np.zeros(distinct.size + 1, np.int64)
        np.cumsum(distinct, out=bounds[1:])
        here = of_article[article] + blocks[asked] - starts[owners[asked]]
        sizes[asked] = distinct[here]
        token = ranges(bounds[here], bounds[here + 1])
        words, of_words = flat_column(part, "words")
        base = np.repeat(of_words[article], sizes[asked])
        parts.append((asked, words[base + flat_column(part, "tokens")[0][token]]))
    out_bounds = np.zeros(blocks.size + 1, np.int64)
    np.cumsum(sizes, out=out_bounds[1:])
    out = np.empty(int(out_bounds[-1]), np.uint32)
    for asked, found in parts:
        out[ranges(out_bounds[asked], out_bounds[asked + 1])] = found
    return out, out_bounds


def _common(left, right, words, bounds, idf, most):
    """The weight of the words that both blocks of each pair hold, and of those of each; words are sorted in each."""
    out = np.zeros((3, left.shape[0]), np.float64)
    for n in range(left.shape[0]):
        i, j = bounds[left[n]], bounds[right[n]]
        end, end2 = bounds[left[n] + 1], bounds[right[n] + 1]
        for k in range(i, end):
            x = words[k]
            out[1, n] += idf[x] if x < idf.shape[0] else most
        for k in range(j, end2):
            x = words[k]
            out[2, n] += idf[x] if x < idf.shape[0] else most
        while i < end and j < end2:
            x, y = words[i], words[j]
            if x == y:
                out[0, n] += idf[x] if x < idf.shape[0] else most
                i += 1
                j += 1
            elif x < y:
                i += 1
            else:
                j += 1
    return out

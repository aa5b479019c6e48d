"""How much of the weight of two blocks stands in both: measured where the columns lie, without loading articles.

Millions of pairs share a key in a corpus of a hundred thousand articles, from all over it. Gathering the articles of
some thousand pairs at a time read the whole corpus again and again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from copydesk.contamination.background import Background
from copydesk.contamination.kernels import run_kernel
from copydesk.contamination.papers import block_starts
from copydesk.contamination.signals import Figures
from copydesk.spread import Spread, as_spread

MEAN_TOKENS = 40
"""Distinct words of a block, roughly: by it the work is guessed that decides whether compiling pays."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Some articles as they lie in memory, in an order of their own: the blocks of article r start at `starts[r]`.
    Block b has the tokens from `bounds[b]` to `bounds[b + 1]`, which count from the word `offsets[b]` on.
    """

    starts: NDArray[np.int64]
    words: NDArray[np.uint32]
    tokens: NDArray[np.uint16]
    bounds: NDArray[np.int64]
    offsets: NDArray[np.int64]


def common_weights(
    columns: pa.Table | Spread, left: NDArray[np.int64], right: NDArray[np.int64], background: Background
) -> tuple[Figures, Figures, Figures]:
    """For pairs of blocks the weight of the words in both, and the weights of each; all of shape (pairs,)."""
    starts = block_starts(columns)
    lying = as_spread(columns.select(["words", "tokens", "distinct"]))
    row_left, row_right = (np.searchsorted(starts, blocks, side="right") - 1 for blocks in (left, right))
    place_left, place_right = lying.places[row_left], lying.places[row_right]
    stretches = {place: _stretch(lying.pieces[place]) for place in np.unique([place_left, place_right]).tolist()}
    common, of_left, of_right = (np.zeros(left.size) for _ in range(3))
    parts = place_left * max(1, len(lying.pieces)) + place_right
    order = np.argsort(parts, kind="stable")
    firsts = np.flatnonzero(np.r_[True, parts[order][1:] != parts[order][:-1]][: order.size])
    work = left.size * MEAN_TOKENS
    for some in np.split(order, firsts[1:]) if order.size else ():
        one, other = stretches[int(place_left[some[0]])], stretches[int(place_right[some[0]])]
        a = one.starts[lying.rows[row_left[some]]] + left[some] - starts[row_left[some]]
        b = other.starts[lying.rows[row_right[some]]] + right[some] - starts[row_right[some]]
        found = run_kernel(_common, work, a, b, *_arrays(one), *_arrays(other), background.idf, _most(background))
        common[some], of_left[some], of_right[some] = found
    return common, of_left, of_right


def _arrays(stretch: Stretch) -> tuple[NDArray[Any], ...]:
    return stretch.words, stretch.tokens, stretch.bounds, stretch.offsets


def _most(background: Background) -> np.float32:
    """What an unknown word weighs."""
    return np.float32(background.weights(np.array([0xFFFFFFFF], np.uint32))[0])


def _common(a, b, words, tokens, bounds, offsets, words2, tokens2, bounds2, offsets2, idf, most):  # type: ignore[no-untyped-def]  # numba infers the arrays
    """The weight of the words that both blocks of each pair hold, and of those of each; words are sorted in each."""
    out = np.zeros((3, a.shape[0]), np.float64)
    for n in range(a.shape[0]):
        i, j = bounds[a[n]], bounds2[b[n]]
        end, end2 = bounds[a[n] + 1], bounds2[b[n] + 1]
        base, base2 = offsets[a[n]], offsets2[b[n]]
        for k in range(i, end):
            x = words[base + tokens[k]]
            out[1, n] += idf[x] if x < idf.shape[0] else most
        for k in range(j, end2):
            x = words2[base2 + tokens2[k]]
            out[2, n] += idf[x] if x < idf.shape[0] else most
        while i < end and j < end2:
            x, y = words[base + tokens[i]], words2[base2 + tokens2[j]]
            if x == y:
                out[0, n] += idf[x] if x < idf.shape[0] else most
                i += 1
                j += 1
            elif x < y:
                i += 1
            else:
                j += 1
    return out


def _stretch(piece: pa.RecordBatch) -> Stretch:
    distinct, starts = _flat(piece["distinct"])
    bounds = np.zeros(distinct.size + 1, np.int64)
    np.cumsum(distinct, out=bounds[1:])
    words, word_starts = _flat(piece["words"])
    offsets = np.repeat(word_starts[:-1], np.diff(starts))
    return Stretch(starts, words, _flat(piece["tokens"])[0], bounds, offsets)


def _flat(column: pa.Array) -> tuple[NDArray[Any], NDArray[np.int64]]:
    """The values of all lists one after the other, and where each list starts."""
    offsets = column.offsets.to_numpy().astype(np.int64)
    return column.flatten().to_numpy(), offsets - offsets[0]

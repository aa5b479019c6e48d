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
from copydesk.contamination.signals import Figures

MEAN_TOKENS = 40
"""Distinct words of a block, roughly: by it the work is guessed that decides whether compiling pays."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Some rows of the columns as they lie in memory. Block b of these rows has the tokens from `bounds[b]` to
    `bounds[b + 1]`, which count from the word `offsets[b]` on; `first` is its first block among those of all rows.
    """

    first: int
    words: NDArray[np.uint32]
    tokens: NDArray[np.uint16]
    bounds: NDArray[np.int64]
    offsets: NDArray[np.int64]


def common_weights(
    columns: pa.Table, left: NDArray[np.int64], right: NDArray[np.int64], background: Background
) -> tuple[Figures, Figures, Figures]:
    """For pairs of blocks the weight of the words in both, and the weights of each; all of shape (pairs,)."""
    stretches = _stretches(columns)
    firsts = np.array([stretch.first for stretch in stretches], np.int64)
    common, of_left, of_right = (np.zeros(left.size) for _ in range(3))
    part_left = np.searchsorted(firsts, left, side="right") - 1
    part_right = np.searchsorted(firsts, right, side="right") - 1
    parts = part_left * max(1, len(stretches)) + part_right
    order = np.argsort(parts, kind="stable")
    starts = np.flatnonzero(np.r_[True, parts[order][1:] != parts[order][:-1]][: order.size])
    for some in np.split(order, starts[1:]):
        if some.size:
            one, other = stretches[part_left[some[0]]], stretches[part_right[some[0]]]
            a, b = left[some] - one.first, right[some] - other.first
            work = some.size * MEAN_TOKENS
            common[some] = run_kernel(
                _common, work, a, b, *_arrays(one), *_arrays(other), background.idf, _most(background)
            )
            of_left[some] = run_kernel(_total, work, a, *_arrays(one), background.idf, _most(background))
            of_right[some] = run_kernel(_total, work, b, *_arrays(other), background.idf, _most(background))
    return common, of_left, of_right


def _arrays(stretch: Stretch) -> tuple[NDArray[Any], ...]:
    return stretch.words, stretch.tokens, stretch.bounds, stretch.offsets


def _most(background: Background) -> np.float32:
    """What an unknown word weighs."""
    return np.float32(background.weights(np.array([0xFFFFFFFF], np.uint32))[0])


def _common(a, b, words, tokens, bounds, offsets, words2, tokens2, bounds2, offsets2, idf, most):  # type: ignore[no-untyped-def]  # numba infers the arrays
    """The weight of the words that both blocks of each pair hold; words are sorted in each block."""
    out = np.zeros(a.shape[0], np.float64)
    for n in range(a.shape[0]):
        i, j = bounds[a[n]], bounds2[b[n]]
        end, end2 = bounds[a[n] + 1], bounds2[b[n] + 1]
        base, base2 = offsets[a[n]], offsets2[b[n]]
        while i < end and j < end2:
            x, y = words[base + tokens[i]], words2[base2 + tokens2[j]]
            if x == y:
                out[n] += idf[x] if x < idf.shape[0] else most
                i += 1
                j += 1
            elif x < y:
                i += 1
            else:
                j += 1
    return out


def _total(a, words, tokens, bounds, offsets, idf, most):  # type: ignore[no-untyped-def]
    """The weight of all words of each block."""
    out = np.zeros(a.shape[0], np.float64)
    for n in range(a.shape[0]):
        for i in range(bounds[a[n]], bounds[a[n] + 1]):
            x = words[offsets[a[n]] + tokens[i]]
            out[n] += idf[x] if x < idf.shape[0] else most
    return out


def _stretches(columns: pa.Table) -> list[Stretch]:
    found = []
    first = 0
    for batch in columns.select(["words", "tokens", "distinct"]).to_batches():
        distinct, starts = _flat(batch["distinct"])
        bounds = np.zeros(distinct.size + 1, np.int64)
        np.cumsum(distinct, out=bounds[1:])
        words, word_starts = _flat(batch["words"])
        offsets = np.repeat(word_starts[:-1], np.diff(starts))
        found.append(Stretch(first, words, _flat(batch["tokens"])[0], bounds, offsets))
        first += distinct.size
    return found


def _flat(column: pa.Array) -> tuple[NDArray[Any], NDArray[np.int64]]:
    """The values of all lists one after the other, and where each list starts."""
    offsets = column.offsets.to_numpy().astype(np.int64)
    return column.flatten().to_numpy(), offsets - offsets[0]

"""Where the words of each block stand in its article: in its window, beside its neighbours, and beyond."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from copydesk.contamination.papers import Papers

Figures = NDArray[np.float64]
Counts = NDArray[np.int64]

WINDOW = 2
"""Blocks to either side that don't speak for a paragraph: foreign ones come in runs of up to three. In articles of
fewer than nine blocks it is one, in those of fewer than five none: too little would be left to speak."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where each block stands: its place in its article from 0, how many blocks that has (without the title), and the
    bounds of its window, which never reaches the title.
    """

    at: Counts
    count: Counts
    low: Counts
    high: Counts
    reach: Counts


def place_blocks(papers: Papers) -> Place:
    """The places of all blocks."""
    sizes = np.diff(papers.starts)
    first = np.repeat(papers.starts[:-1], sizes)
    at, count = np.arange(first.size) - first, np.repeat(sizes - 1, sizes)
    reach = np.where(count < 5, 0, np.where(count < 9, 1, WINDOW))
    low, high = np.maximum(at - reach, 0), np.minimum(at + reach + 1, count)
    return Place(at, count, first + low, first + high, reach)


@dataclass(frozen=True, slots=True)
class FarWords:
    """By token: its block, the weight of its word, in how many blocks of the article the word stands, in how many
    outside of the block's window (`away`), and how `often` there. `total` is the weight of each block.
    """

    block: Counts
    weight: Figures
    everywhere: Counts
    away: Counts
    often: Counts
    total: Figures

    def share(self, which: NDArray[np.bool_] | Figures) -> Figures:
        """The share of each block's weight that these tokens have, or the mean of these figures by weight."""
        sums = np.bincount(self.block, self.weight * which, self.total.size)
        shares: Figures = sums / np.maximum(self.total, 1e-9)
        return shares


def far_words(papers: Papers, place: Place, weights: Figures) -> FarWords:
    """The tokens of all blocks; `weights` are those of `papers.words`. Of a word in a block's window the others are at
    most two before it and two behind, where tokens are sorted by word and place.
    """
    block, tokens = papers.block_of_token, papers.tokens
    order = np.argsort(tokens, kind="stable")
    word, at, own = tokens[order], block[order], papers.counts[order]
    low, high = place.low[at], place.high[at]
    blocks, occurs = np.ones(order.size, np.int64), own.copy()
    for step in range(1, WINDOW + 1):
        same = word[step:] == word[:-step]
        behind = same & (at[step:] < high[:-step])
        blocks[:-step] += behind
        occurs[:-step] += behind * own[step:]
        before = same & (at[:-step] >= low[step:])
        blocks[step:] += before
        occurs[step:] += before * own[:-step]
    size = papers.words.size
    everywhere, every = np.bincount(tokens, minlength=size), np.bincount(tokens, papers.counts, size).astype(np.int64)
    away, often = np.empty((2, order.size), np.int64)
    away[order], often[order] = everywhere[word] - blocks, every[word] - occurs
    weight = weights[tokens]
    total = np.bincount(block, weight, papers.lengths.size).astype(np.float64, copy=False)
    return FarWords(block, weight, everywhere[tokens], away, often, total)

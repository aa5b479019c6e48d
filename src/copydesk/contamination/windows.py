"""Where the words of each block stand in its article: in its window, beside its neighbours, and beyond."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from copydesk.contamination.kernels import compiled
from copydesk.contamination.papers import Papers
from copydesk.machine.compiling import Pace

Figures = NDArray[np.float64]
Counts = NDArray[np.int64]

WINDOW = 2
"""Blocks to either side that don't speak for a paragraph: foreign ones come in runs of up to three. In articles of
fewer than nine blocks it is one, in those of fewer than five none: too little would be left to speak."""

PACE = Pace(Path(__file__).parent, "windows._count_in_order", load_work=100_000, compile_work=12_000_000)
"""Work is telling words: arrays take 45 nanoseconds for each, machine code five. The compiler is there for vectors."""


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
    """The tokens of all blocks; `weights` are those of `papers.words`."""
    block = papers.block_of_token
    weight = weights[papers.tokens]
    everywhere, away, often = np.empty((3, block.size), np.int64)
    count = compiled(_count_in_order) if PACE.add(block.size) else _count_by_word
    sizes = np.zeros((4, papers.words.size), np.int64)
    count(papers.tokens, papers.counts, papers.bounds, place.low, place.high, sizes, everywhere, away, often)
    total = np.bincount(block, weight, papers.lengths.size).astype(np.float64, copy=False)
    return FarWords(block, weight, everywhere, away, often, total)


def _count_in_order(tokens, counts, bounds, low, high, sizes, everywhere, away, often):
    """Count block by block, with counts of the words in a window that moves along."""
    for token in range(tokens.size):
        sizes[0, tokens[token]] += 1
        sizes[1, tokens[token]] += counts[token]
    first, end = 0, 0
    for block in range(bounds.size - 1):
        for token in range(bounds[end], bounds[max(end, high[block])]):
            sizes[2, tokens[token]] += 1
            sizes[3, tokens[token]] += counts[token]
        for token in range(bounds[first], bounds[low[block]]):
            sizes[2, tokens[token]] -= 1
            sizes[3, tokens[token]] -= counts[token]
        first, end = low[block], max(end, high[block])
        # A block counts as near itself; the title isn't in its window.
        alone = 1 if block >= high[block] else 0
        for token in range(bounds[block], bounds[block + 1]):
            word = tokens[token]
            everywhere[token] = sizes[0, word]
            away[token] = sizes[0, word] - sizes[2, word] - alone
            often[token] = sizes[1, word] - sizes[3, word] - alone * counts[token]


def _count_by_word(
    tokens: Counts,
    counts: Counts,
    bounds: Counts,
    low: Counts,
    high: Counts,
    sizes: Counts,
    everywhere: Counts,
    away: Counts,
    often: Counts,
) -> None:
    """The same counts by arrays: sorted by word and place, the others of a word in the window are at most two before
    and two behind.
    """
    order = np.argsort(tokens, kind="stable")
    word, at, own = tokens[order], np.repeat(np.arange(bounds.size - 1), np.diff(bounds))[order], counts[order]
    low, high = low[at], high[at]
    blocks, occurs = np.ones(order.size, np.int64), own.copy()
    for step in range(1, WINDOW + 1):
        same = word[step:] == word[:-step]
        behind = same & (at[step:] < high[:-step])
        blocks[:-step] += behind
        occurs[:-step] += behind * own[step:]
        before = same & (at[:-step] >= low[step:])
        blocks[step:] += before
        occurs[step:] += before * own[:-step]
    np.add.at(sizes[0], tokens, 1)
    np.add.at(sizes[1], tokens, counts)
    everywhere[:] = sizes[0, tokens]
    away[order], often[order] = sizes[0, word] - blocks, sizes[1, word] - occurs

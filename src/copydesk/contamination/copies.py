"""Where else a paragraph stands: blocks of other stories that hold nearly all of its rare words.

Paragraphs are looked for by keys made of their rarest words, so the search costs a sort of the keys and touches only
paragraphs that share one. Looking for articles that share rare words instead, as was tried, took as long as all other
figures together and caught one donor in a hundred more.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from copydesk.contamination.background import Background
from copydesk.contamination.papers import Papers, chosen
from copydesk.contamination.signals import Figures

MAX_BLOCKS_OF_KEY = 24
"""A key that more blocks share is a formula, no copy."""
MIN_SHARE = 0.5
"""Share of a paragraph's weight that another block must hold to be noted at all."""
KEYS_AT_ONCE = 1 << 22
"""Keys that are sorted at a time: some hundred megabytes."""
PAIRS_AT_ONCE = 1 << 14


@dataclass(frozen=True, slots=True)
class Copies:
    """The best match of blocks elsewhere, ordered by block: `shares` is the share of the block's weight (MIN_SHARE
    to 1) that stands in the block `matches`.
    """

    blocks: NDArray[np.int64]
    matches: NDArray[np.int64]
    shares: Figures


def find_copies(
    columns: pa.Table,
    starts: NDArray[np.int64],
    gone: NDArray[np.bool_],
    stories: NDArray[np.int64],
    keys: NDArray[np.uint32],
    background: Background,
) -> Copies:
    """The best match of each block in an article of another story, where there is one."""
    article = np.repeat(np.arange(stories.size), np.diff(starts))
    pairs = _pairs(keys, stories[article])
    shares = np.zeros(len(pairs))
    for at in range(0, len(pairs), PAIRS_AT_ONCE):
        some = pairs[at : at + PAIRS_AT_ONCE]
        rows = np.unique(article[some])
        shares[at : at + some.shape[0]] = _shares(chosen(columns, rows, starts, gone), some, background)
    good = shares >= MIN_SHARE
    order = np.lexsort((pairs[good, 1], -shares[good], pairs[good, 0]))
    pairs, shares = pairs[good][order], shares[good][order]
    first = np.r_[True, pairs[1:, 0] != pairs[:-1, 0]][: len(pairs)]
    return Copies(pairs[first, 0], pairs[first, 1], shares[first])


def _pairs(keys: NDArray[np.uint32], stories: NDArray[np.int64]) -> NDArray[np.int64]:
    """All pairs of blocks that share a key and stand in different stories, each in both directions, sorted."""
    parts = max(1, -(-keys.size // KEYS_AT_ONCE))
    edges = np.linspace(0, 1 << 32, parts + 1).astype(np.int64)
    found = [np.zeros((0, 2), np.int64)]
    flat = keys.ravel()
    for low, high in pairwise(edges.tolist()):
        at = np.flatnonzero((flat >= max(1, low)) & (flat < high))
        found.append(_pairs_of(flat[at], at // keys.shape[1], stories))
    return np.unique(np.concatenate(found), axis=0)


def _pairs_of(keys: NDArray[np.uint32], blocks: NDArray[np.int64], stories: NDArray[np.int64]) -> NDArray[np.int64]:
    order = np.argsort(keys, kind="stable")
    keys, blocks = keys[order], blocks[order]
    first = np.flatnonzero(np.r_[True, keys[1:] != keys[:-1]][: keys.size])
    sizes = np.diff(np.append(first, keys.size))
    group = np.repeat(np.arange(first.size), sizes)
    few = sizes[group] <= MAX_BLOCKS_OF_KEY
    found = [np.zeros((0, 2), np.int64)]
    for step in range(1, min(MAX_BLOCKS_OF_KEY, int(sizes.max(initial=1)))):
        same = np.flatnonzero((group[step:] == group[:-step]) & few[step:])
        one, other = blocks[same], blocks[same + step]
        apart = stories[one] != stories[other]
        found.append(np.stack([one[apart], other[apart]], axis=1))
    pairs = np.concatenate(found)
    return np.concatenate([pairs, pairs[:, ::-1]])


def _shares(papers: Papers, pairs: NDArray[np.int64], background: Background) -> Figures:
    """How much of the weight of the first block of each pair stands in the second."""
    place = np.searchsorted(papers.blocks, pairs)
    pair, word = _spread(papers, place[:, 0])
    held = np.isin((pair << 32) | word, _joined(*_spread(papers, place[:, 1])))
    weight = background.weights(word.astype(np.uint32)).astype(np.float64)
    total = np.bincount(pair, weight, len(pairs))
    shares: Figures = np.bincount(pair, weight * held, len(pairs)) / np.maximum(total, 1e-9)
    return shares


def _joined(pair: NDArray[np.int64], word: NDArray[np.int64]) -> NDArray[np.int64]:
    return (pair << 32) | word


def _spread(papers: Papers, blocks: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The words of some blocks one after the other: which of the blocks, and the word."""
    sizes = papers.bounds[blocks + 1] - papers.bounds[blocks]
    which = np.repeat(np.arange(blocks.size), sizes)
    at = np.arange(which.size) - np.repeat(np.cumsum(sizes) - sizes, sizes) + papers.bounds[blocks][which]
    return which, papers.words[papers.tokens[at]].astype(np.int64)

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
from copydesk.contamination.signals import Figures
from copydesk.contamination.weights import common_weights
from copydesk.spread import Spread

MAX_BLOCKS_OF_KEY = 24
"""A key that more blocks share is a formula, no copy."""
MIN_SHARE = 0.5
"""Share of a paragraph's weight that another block must hold to be noted at all."""
TITLE_SHARE = 0.98
"""Share of the weight of a line and of another story's title that must be the same: only rounding is let pass."""
KEYS_AT_ONCE = 1 << 22
"""Keys that are sorted at a time: some hundred megabytes."""


@dataclass(frozen=True, slots=True)
class Copies:
    """The best match of blocks elsewhere, ordered by block: `shares` is the share of the block's weight (MIN_SHARE
    to 1) that stands in the block `matches`; `titles` says that the match is another story's title, and all of it.
    """

    blocks: NDArray[np.int64]
    matches: NDArray[np.int64]
    shares: Figures
    titles: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Measured:
    """Pairs of blocks that share a key, the smaller one first, in order: the weight of the words in both, and that of
    each; all of shape (pairs,).
    """

    left: NDArray[np.int64]
    right: NDArray[np.int64]
    common: Figures
    of_left: Figures
    of_right: Figures


def find_copies(
    columns: pa.Table | Spread,
    starts: NDArray[np.int64],
    stories: NDArray[np.int64],
    keys: NDArray[np.uint32],
    background: Background,
) -> Copies:
    """The best match of each block in an article of another story, where there is one."""
    return best_matches(measure_pairs(columns, *find_pairs(starts, stories, keys), background), starts)


def find_pairs(
    starts: NDArray[np.int64], stories: NDArray[np.int64], keys: NDArray[np.uint32]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """All pairs of blocks that share a key and stand in different stories, each once and in order, the smaller one
    first.
    """
    return _pairs(keys, np.repeat(stories, np.diff(starts)))


def measure_pairs(
    columns: pa.Table | Spread, left: NDArray[np.int64], right: NDArray[np.int64], background: Background
) -> Measured:
    """The pairs with what they have in common."""
    return Measured(left, right, *common_weights(columns, left, right, background))


def best_matches(pairs: Measured, starts: NDArray[np.int64]) -> Copies:
    """The best match of each block; of those that are equally good a title, else the first. `starts` are where the
    blocks of each article start; the last of them is its title.
    """
    blocks, others = np.concatenate([pairs.left, pairs.right]), np.concatenate([pairs.right, pairs.left])
    common = np.concatenate([pairs.common, pairs.common])
    of_blocks = np.concatenate([pairs.of_left, pairs.of_right])
    of_others = np.concatenate([pairs.of_right, pairs.of_left])
    shares = common / np.maximum(of_blocks, 1e-9)
    title = np.zeros(starts[-1], np.bool_)
    title[starts[1:][np.diff(starts) > 0] - 1] = True
    titles = title[others] & ~title[blocks] & (common >= TITLE_SHARE * np.maximum(of_blocks, of_others))
    order = np.lexsort((others, ~titles, -shares, blocks))
    order = order[shares[order] >= MIN_SHARE]
    blocks, others, shares, titles = blocks[order], others[order], shares[order], titles[order]
    first = np.r_[True, blocks[1:] != blocks[:-1]][: blocks.size]
    return Copies(blocks[first], others[first], shares[first], titles[first])


def _pairs(keys: NDArray[np.uint32], stories: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """All pairs of blocks that share a key and stand in different stories, each once, the smaller one first."""
    parts = max(1, -(-keys.size // KEYS_AT_ONCE))
    edges = np.linspace(0, 1 << 32, parts + 1).astype(np.int64)
    found = [np.zeros(0, np.int64)]
    flat = keys.ravel()
    for low, high in pairwise(edges.tolist()):
        at = np.flatnonzero((flat >= max(1, low)) & (flat < high))
        found.append(_pairs_of(flat[at], at // keys.shape[1], stories))
    pairs = np.sort(np.concatenate(found))
    pairs = pairs[np.r_[True, pairs[1:] != pairs[:-1]][: pairs.size]]
    return pairs >> 32, pairs & 0xFFFFFFFF


def _pairs_of(keys: NDArray[np.uint32], blocks: NDArray[np.int64], stories: NDArray[np.int64]) -> NDArray[np.int64]:
    """The pairs as one number each: the smaller block, and the larger one in the lower half."""
    order = np.argsort(keys, kind="stable")
    keys, blocks = keys[order], blocks[order]
    first = np.flatnonzero(np.r_[True, keys[1:] != keys[:-1]][: keys.size])
    sizes = np.diff(np.append(first, keys.size))
    group = np.repeat(np.arange(first.size), sizes)
    shared = np.flatnonzero((sizes[group] > 1) & (sizes[group] <= MAX_BLOCKS_OF_KEY))
    blocks, group = blocks[shared], group[shared]
    found = [np.zeros(0, np.int64)]
    for step in range(1, min(MAX_BLOCKS_OF_KEY, int(sizes.max(initial=1)))):
        same = np.flatnonzero(group[step:] == group[:-step])
        one, other = blocks[same], blocks[same + step]
        apart = stories[one] != stories[other]
        one, other = one[apart], other[apart]
        found.append((np.minimum(one, other) << 32) | np.maximum(one, other))
    return np.concatenate(found)

"""The keys by which copies of a block are found: its three rarest words two by two."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from copydesk.contamination.background import Background

KEYS = 3
"""Keys of a block."""


def keys_plainly(
    words: NDArray[np.uint32], bounds: NDArray[np.int64], least: NDArray[np.int64], background: Background
) -> NDArray[np.uint32]:
    """KEYS numbers for each block, made of its three rarest words two by two; 0 for those that haven't `least` words.

    A copy shares them all, one that lost or gained a word mostly one. `words` are those of the tokens.
    """
    enough = np.flatnonzero(np.diff(bounds) >= least)
    block = np.repeat(np.arange(bounds.size - 1), np.diff(bounds))
    rarity = _rarity(background.weights(words))
    mixed = words.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    order = np.argsort((block << 32) | (rarity << 16) | (mixed >> np.uint64(48)).astype(np.int64), kind="stable")
    rarest = np.sort(mixed[order[bounds[enough][:, None] + np.arange(3)]], axis=1)
    keys = np.zeros((bounds.size - 1, KEYS), np.uint32)
    for i, (a, b) in enumerate(((0, 1), (0, 2), (1, 2))):
        pair = (rarest[:, a] ^ (rarest[:, b] >> np.uint64(7))) * np.uint64(0xD6E8FEB86659FD93)
        keys[enough, i] = np.maximum(pair >> np.uint64(32), 1)
    return keys.ravel()


def keys_compiled(
    words: NDArray[np.uint32], bounds: NDArray[np.int64], least: NDArray[np.int64], background: Background
) -> NDArray[np.uint32]:
    """As `keys_plainly`, without the sort of a whole batch."""
    from copydesk.contamination.compiled import make_keys

    known = background.words.size
    rarity = _rarity(background.weights(np.arange(known + 1, dtype=np.uint32)))
    keys = np.zeros((bounds.size - 1) * KEYS, np.uint32)
    make_keys(words, bounds, least, known, rarity, keys)
    return keys


def _rarity(weights: NDArray[np.float32]) -> NDArray[np.int64]:
    """The weights of words as whole numbers of 16 bits, the rarest the smallest."""
    return (65535 - weights * 4096).astype(np.int64)

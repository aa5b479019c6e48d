"""A random order of cases that depends on the seed and on each case alone.

So the same seed draws the same sample, one of 50 is the beginning of one of 100, and a new article moves nobody from
the place it has. Computed over arrays: a large corpus has millions of removals to draw from.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

ID_CHARS = 32
"""Characters of an article_id."""

Draws = NDArray[np.uint64]


def draw(seed: int, ids: pa.Array, positions: NDArray[np.int64]) -> Draws:
    """A number for each case: uint64, shape (cases,), as good as random. `ids` are ids of articles, `positions` those
    of blocks (-1 for none); none for no cases.

    >>> draw(1, pa.array(["ab" * 16]), np.array([0])) == draw(1, pa.array(["ab" * 16]), np.array([0]))
    array([ True])
    """
    words = _words(ids)
    state = _mix(np.full(len(ids), seed % (1 << 64), np.uint64))
    for n in range(words.shape[1]):
        state = _mix(state ^ words[:, n])
    return _mix(state ^ positions.astype(np.int64).view(np.uint64))


def _words(ids: pa.Array) -> NDArray[np.uint64]:
    """The characters of each id as four numbers, shape (cases, 4)."""
    fixed = ids.cast(pa.binary()).cast(pa.binary(ID_CHARS))
    data = np.frombuffer(fixed.buffers()[1], np.uint8)[fixed.offset * ID_CHARS :][: len(fixed) * ID_CHARS]
    return data.reshape(len(fixed), ID_CHARS).copy().view(np.uint64)


def _mix(values: Draws) -> Draws:
    """SplitMix64 (Steele, Lea, Flood 2014): each bit of the input changes half of the output's."""
    z = values + np.uint64(0x9E3779B97F4A7C15)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    mixed: Draws = z ^ (z >> np.uint64(31))
    return mixed


def take_turns(rules: NDArray[np.int64], draws: Draws, count: int) -> NDArray[np.int64]:
    """Places of at most `count` cases: one of each rule, then a second of each, in the order they are drawn.

    >>> take_turns(np.array([0, 0, 0, 1]), np.array([3, 1, 2, 9], np.uint64), 3).tolist()
    [1, 3, 2]
    """
    order = np.lexsort((draws, rules))
    starts = np.searchsorted(rules[order], rules[order], side="left")
    turn = np.arange(len(order)) - starts
    places: NDArray[np.int64] = order[np.lexsort((rules[order], turn))][:count]
    return places

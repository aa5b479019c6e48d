"""Which of many numbers are among some known ones: nearly all of the others are told by a few of their bits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

MOST_MARKS, LEAST_MARKS = 1 << 22, 1 << 10
"""Bounds of the table of marks. Four million stay in the cache."""
MARKS_EACH = 64
"""Marks for each known number: of others one in so many is looked up in vain."""

Number = TypeVar("Number", np.uint32, np.uint64)


@dataclass(frozen=True, slots=True)
class Sieve:
    """Known numbers, in order, and `marks` by the low bits of each; as many as a power of two."""

    known: NDArray[np.unsignedinteger]
    marks: NDArray[np.bool_]

    def catch(self, numbers: NDArray[np.unsignedinteger]) -> NDArray[np.int64]:
        """The places of those of these numbers that are known, in order.

        >>> sieve(np.array([7, 5], np.uint64)).catch(np.array([5, 6, 5, 7 + 1024], np.uint64)).tolist()
        [0, 2]
        """
        low = (numbers & numbers.dtype.type(len(self.marks) - 1)).astype(np.int64)
        some = np.flatnonzero(self.marks.take(low, mode="clip"))  # none is too large: to look for such takes longer
        if not some.size:
            return some
        likely = numbers[some]
        there = np.minimum(np.searchsorted(self.known, likely), self.known.size - 1)
        caught: NDArray[np.int64] = some[self.known[there] == likely]
        return caught


def sieve(known: NDArray[Number]) -> Sieve:
    """The sieve for these numbers, whose low bits are as good as chance."""
    size = min(max(1 << (known.size * MARKS_EACH).bit_length(), LEAST_MARKS), MOST_MARKS)
    marks = np.zeros(size, np.bool_)
    marks[known & known.dtype.type(size - 1)] = True
    return Sieve(np.sort(known), marks)

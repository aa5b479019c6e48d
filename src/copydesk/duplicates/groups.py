"""Texts of the same words, put together before anything is compared, and groups of linked texts.

A story in a thousand outlets is compared once. Groups are numbered by content, so that everything that follows is
the same whatever order the texts came in.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from copydesk.duplicates.sketch import Sketches

Numbers = npt.NDArray[np.int64]
Number = TypeVar("Number", bound=np.generic)


@dataclass(frozen=True, slots=True)
class ExactGroups:
    """Texts of the same folded words, side by side in `flat`, those of group g at `starts[g]:starts[g + 1]`.

    The first of a group stands for all. `of[i]`: the group of text i, -1 for a text without words, which is nobody's
    copy.
    """

    flat: Numbers
    starts: Numbers
    of: Numbers

    def __len__(self) -> int:
        return len(self.starts) - 1

    def __getitem__(self, group: int) -> list[int]:
        members: list[int] = self.flat[self.starts[group] : self.starts[group + 1]].tolist()
        return members

    @property
    def firsts(self) -> Numbers:
        """The text that stands for each group."""
        return self.flat[self.starts[:-1]]


SameWords = Callable[[Sequence[int], Sequence[int]], Sequence[bool]]
"""Whether the texts of each pair have the same folded words."""
Digest = Callable[[int], bytes]
"""The digest of a text: equal for equal texts only."""


def group_exact(sketches: Sketches, digest: Digest, same_words: SameWords) -> ExactGroups:
    """The groups of texts of the same words, checked on the words themselves, not on their hashes alone."""
    flat = np.argsort(sketches.exact)
    flat = flat[sketches.words[flat] > 0]
    keys = sketches.exact[flat]
    begins = np.concatenate([[True], keys[1:] != keys[:-1]]) if len(flat) else np.zeros(0, dtype=bool)
    starts = np.append(np.flatnonzero(begins), len(flat))
    sizes = np.diff(starts)
    several = np.repeat(sizes > 1, sizes)
    run = np.repeat(np.arange(len(sizes)), sizes)[several]
    flat[several], heads = _by_digest(flat[several], run, digest)
    for number in _differing(flat[several], run, heads, same_words):
        start, end = starts[number], starts[number + 1]
        bounds = np.append(np.flatnonzero(heads[run == number]), end - start)
        part = [flat[start + low : start + high].tolist() for low, high in pairwise(bounds.tolist())]
        groups = _split_by_words(part, same_words)
        flat[start:end] = [index for group in groups for index in group]
        begins[start + np.cumsum([0, *(len(group) for group in groups[:-1])])] = True
    starts = np.append(np.flatnonzero(begins), len(flat))
    of = np.full(len(sketches.words), -1, dtype=np.int64)
    of[flat] = np.repeat(np.arange(len(starts) - 1), np.diff(starts))
    return ExactGroups(flat, starts, of)


def _by_digest(rows: Numbers, run: Numbers, digest: Digest) -> tuple[Numbers, npt.NDArray[np.bool_]]:
    """Texts of one hash, whose `run` it is, in the order of their digests, equal ones together; and which are the first
    of their digest.
    """
    digests = [digest(row) for row in rows.tolist()]
    number = {name: place for place, name in enumerate(sorted(set(digests)))}
    codes = np.array([number[name] for name in digests], dtype=np.int64)
    order = np.lexsort((rows, codes, run))
    run, codes = run[order], codes[order]
    heads = np.ones(len(rows), dtype=bool)
    heads[1:] = (run[1:] != run[:-1]) | (codes[1:] != codes[:-1])
    return rows[order], heads


def _differing(rows: Numbers, run: Numbers, heads: npt.NDArray[np.bool_], same_words: SameWords) -> list[int]:
    """The runs of one hash in which not all texts have the same words, which is as good as never."""
    names, firsts = np.unique(run, return_index=True)
    others = np.flatnonzero(heads)
    others = others[~np.isin(others, firsts)]
    if not len(others):
        return []
    left = rows[firsts[np.searchsorted(names, run[others])]]
    same = np.array(same_words(left.tolist(), rows[others].tolist()), dtype=bool)
    found: list[int] = distinct(run[others[~same]]).tolist()
    return found


def _split_by_words(parts: Sequence[list[int]], same_words: SameWords) -> list[list[int]]:
    """Of texts of one hash, equal ones in a part, those of the same words together."""
    first, *rest = parts
    equal = same_words([first[0]] * len(rest), [other[0] for other in rest]) if rest else ()
    joined = [index for part, same in zip(parts, [True, *equal], strict=True) if same for index in part]
    others = [part for part, same in zip(rest, equal, strict=True) if not same]
    return [joined, *(_split_by_words(others, same_words) if others else [])]


def connect(total: int, left: Numbers, right: Numbers) -> Numbers:
    """The group of each of `total` things, named by its smallest member, where these pairs are linked.

    >>> connect(4, np.array([0, 1]), np.array([1, 3])).tolist()
    [0, 0, 2, 0]
    """
    root = np.arange(total)
    while True:
        a, b = root[left], root[right]
        apart = a != b
        if not apart.any():
            return root
        np.minimum.at(root, np.maximum(a, b)[apart], np.minimum(a, b)[apart])
        while (root != root[root]).any():
            root = root[root]


def pairs_within(sizes: Numbers) -> tuple[Numbers, Numbers]:
    """All pairs of places within each of several successive groups of these sizes.

    >>> [side.tolist() for side in pairs_within(np.array([1, 3]))]
    [[1, 1, 2], [2, 3, 3]]
    """
    ends = np.repeat(np.cumsum(sizes), sizes)
    place = np.arange(len(ends))
    more = ends - place - 1
    left = np.repeat(place, more)
    return left, left + 1 + count_up(more)


def distinct(values: npt.NDArray[Number]) -> npt.NDArray[Number]:
    """The values, sorted, each once. `numpy.unique` takes a hash table for it, and ten times as long.

    >>> distinct(np.array([3, 1, 3])).tolist()
    [1, 3]
    """
    found = np.sort(values)
    keep = np.ones(len(found), dtype=bool)
    keep[1:] = found[1:] != found[:-1]
    return found[keep]


def count_up(sizes: Numbers) -> Numbers:
    """0, 1, 2 … up to each of these sizes, one after another.

    >>> count_up(np.array([2, 0, 3])).tolist()
    [0, 1, 0, 1, 2]
    """
    ends = np.cumsum(sizes)
    return np.arange(ends[-1] if len(ends) else 0) - np.repeat(ends - sizes, sizes)

"""Texts of the same words, put together before anything is compared, and groups of linked texts.

A story in a thousand outlets is compared once. Groups are numbered by content, so that everything that follows is the
same
whatever order the texts came in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from copydesk.duplicates.sketch import Sketches

Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class ExactGroups:
    """Texts of the same folded words. `members[g]`: the texts of group g, the first stands for all; `of[i]`: the
    group of
    text i, -1 for a text without words, which is nobody's copy.
    """

    members: tuple[tuple[int, ...], ...]
    of: Numbers

    @property
    def firsts(self) -> Numbers:
        """The text that stands for each group."""
        return np.array([group[0] for group in self.members], dtype=np.int64)


SameWords = Callable[[int, Sequence[int]], Sequence[bool]]
"""Which of the other texts have the same folded words as one."""
Digest = Callable[[int], bytes]
"""The digest of a text: equal for equal texts only."""


def group_exact(sketches: Sketches, digest: Digest, same_words: SameWords) -> ExactGroups:
    """The groups of texts of the same words, checked on the words themselves, not on their hashes alone."""
    order = np.argsort(sketches.exact, kind="stable")
    order = order[sketches.words[order] > 0]
    keys = sketches.exact[order]
    breaks = np.flatnonzero(keys[1:] != keys[:-1]) + 1
    starts, ends = [0, *breaks.tolist()], [*breaks.tolist(), len(order)]
    members: list[tuple[int, ...]] = []
    listed = order.tolist()
    for start, end in zip(starts, ends, strict=True):
        if end - start == 1:
            members.append((listed[start],))
        elif end > start:
            members.extend(_split_by_words(listed[start:end], digest, same_words))
    of = np.full(len(sketches.words), -1, dtype=np.int64)
    for number, group in enumerate(members):
        of[list(group)] = number
    return ExactGroups(tuple(members), of)


def _split_by_words(part: list[int], digest: Digest, same_words: SameWords) -> list[tuple[int, ...]]:
    """Texts of one hash, by their digests, those of the same words together."""
    by_text: dict[bytes, list[int]] = {}
    for index in part:
        by_text.setdefault(digest(index), []).append(index)
    distinct = [by_text[text] for text in sorted(by_text)]
    found = []
    while distinct:
        first, *rest = distinct
        same = same_words(first[0], [group[0] for group in rest])
        joined = [first, *(group for group, equal in zip(rest, same, strict=True) if equal)]
        found.append(tuple(index for group in joined for index in group))
        distinct = [group for group, equal in zip(rest, same, strict=True) if not equal]
    return found


def connect(total: int, left: Iterable[int], right: Iterable[int]) -> Numbers:
    """The group of each of `total` things, named by its smallest member, where these pairs are linked.

    >>> connect(4, [0, 1], [1, 3]).tolist()
    [0, 0, 2, 0]
    """
    root = list(range(total))

    def find(item: int) -> int:
        while root[item] != item:
            root[item] = root[root[item]]
            item = root[item]
        return item

    for a, b in zip(left, right, strict=True):
        low, high = sorted((find(a), find(b)))
        root[high] = low
    return np.array([find(item) for item in range(total)], dtype=np.int64)

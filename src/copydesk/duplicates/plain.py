"""Small corpora: the same as `compiled` without a compiler, text by text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from copydesk.duplicates import align, runs
from copydesk.duplicates.fold import UPPER_MARK, words
from copydesk.duplicates.hashing import GRAM_SLOTS, Hashes, finish_all, read_words, shingles
from copydesk.duplicates.texts import HeldTexts

GRAM_WORDS = 3
"""Words of a run that is compared. 5 lose texts of 5 % wrong characters, 1 or 2 find matches everywhere."""


@dataclass(frozen=True, slots=True)
class Read:
    """A text as plain lists: word hashes, flags, hashes of its runs of three words (int64 from 0 up)."""

    words: list[int]
    flags: list[int]
    grams: list[int]


def read_texts(texts: Sequence[str]) -> tuple[Read, ...]:
    """The texts as lists of numbers, in order."""
    found = []
    for text in texts:
        hashes, flags = read_words(text)
        grams = (shingles(hashes, GRAM_WORDS) >> np.uint64(1)).astype(np.int64)
        found.append(Read(hashes.tolist(), flags.tolist(), grams.tolist()))
    return tuple(found)


def count_grams(
    texts: Sequence[Read], order: npt.NDArray[np.int64], stories: npt.NDArray[np.int64], counts: npt.NDArray[np.uint8]
) -> None:
    """Adds one to the count (up to 255) of each slot that a run of a story falls into, once a story.

    `order`: texts, `stories`: the story of each, equal ones side by side. `counts`: uint8, a power of two long;
    a run's slot is the low bits of its hash. All copies of a story count, not one for all: the furniture around them
    differs.
    """
    breaks = np.flatnonzero(stories[1:] != stories[:-1]) + 1
    for part in np.split(order, breaks) if len(order) else []:
        grams = [gram for text in part for gram in texts[text].grams]
        _count(np.array(grams, dtype=np.int64) & (GRAM_SLOTS - 1), counts)


def count_slots(
    slots: npt.NDArray[np.uint32],
    starts: npt.NDArray[np.int64],
    order: npt.NDArray[np.int64],
    stories: npt.NDArray[np.int64],
    counts: npt.NDArray[np.uint8],
) -> None:
    """`count_grams` where the slots are known already, those of text i at `slots[starts[i]:starts[i + 1]]`."""
    breaks = np.flatnonzero(stories[1:] != stories[:-1]) + 1
    for part in np.split(order, breaks) if len(order) else []:
        _count(np.concatenate([slots[starts[text] : starts[text + 1]] for text in part]).astype(np.int64), counts)


def _count(slots: npt.NDArray[np.int64], counts: npt.NDArray[np.uint8]) -> None:
    """Adds one, up to 255, for each distinct slot; two of them may fall together in a small table."""
    places, extra = np.unique(np.unique(slots) & (len(counts) - 1), return_counts=True)
    counts[places] = np.minimum(counts[places] + extra, 255)


def sum_common(
    slots: npt.NDArray[np.uint32],
    starts: npt.NDArray[np.int64],
    rows: npt.NDArray[np.int64],
    counts: npt.NDArray[np.uint8],
    limit: int,
) -> Hashes:
    """For each of these texts the sum of the hashes of those of its slots whose count is above the limit; 0 for none.

    Equal for equal texts of which the same runs are common.
    """
    mask = len(counts) - 1
    found = np.zeros(len(rows), dtype=np.uint64)
    for place, row in enumerate(rows.tolist()):
        own = slots[starts[row] : starts[row + 1]].astype(np.int64)
        found[place] = finish_all(own[counts[own & mask] > limit].astype(np.uint64) + np.uint64(1)).sum()
    return found


def same_words(texts: Sequence[str], left: Sequence[int], right: Sequence[int]) -> list[bool]:
    """Whether the texts of each pair have the same folded words."""
    folded = {row: [word.replace(UPPER_MARK, "") for word in words(texts[row])] for row in {*left, *right}}
    return [folded[one] == folded[other] for one, other in zip(left, right, strict=True)]


def measure_pairs(
    texts: Sequence[Read],
    left: npt.NDArray[np.int64],
    right: npt.NDArray[np.int64],
    counts: npt.NDArray[np.uint8],
    limit: int,
) -> npt.NDArray[np.int64]:
    """The measures of each pair of texts (int64, shape (pairs, align.SIZE)); runs with a count above `limit` are
    common.
    """
    found = np.zeros((len(left), align.SIZE), dtype=np.int64)
    entered = {row: _enter(texts[row], counts, limit) for row in np.unique(np.concatenate([left, right])).tolist()}
    for row, (i, j) in enumerate(zip(left.tolist(), right.tolist(), strict=True)):
        (common_a, _, distinct_a), (common_b, runs_b, distinct_b) = entered[j], entered[i]
        a, b = texts[j], texts[i]
        work, out = [0] * align.work_size(len(a.words), len(b.words)), [0] * align.SIZE
        out[align.DISTINCT_A], out[align.RARE_A] = distinct_a
        out[align.DISTINCT_B], out[align.RARE_B] = distinct_b
        align.measure((a.words, a.flags, a.grams, common_a), (b.words, b.flags, b.grams, common_b), runs_b, work, out)
        found[row] = out
    return found


def measure_texts(
    texts: Sequence[str],
    left: npt.NDArray[np.int64],
    right: npt.NDArray[np.int64],
    counts: npt.NDArray[np.uint8],
    limit: int,
) -> npt.NDArray[np.int64]:
    """The measures of pairs of a few texts, as `measure_pairs`."""
    return measure_pairs(read_texts(texts), left, right, counts, limit)


def measure_held(
    texts: HeldTexts,
    left: npt.NDArray[np.int64],
    right: npt.NDArray[np.int64],
    counts: npt.NDArray[np.uint8],
    limit: int,
    threads: int,  # noqa: ARG001 - plain Python has one
) -> npt.NDArray[np.int64]:
    """The measures of pairs of texts that are held, by their places, as `measure_pairs`."""
    rows, places = np.unique(np.concatenate([left, right]), return_inverse=True)
    return measure_texts(texts.strings(rows), places[: len(left)], places[len(left) :], counts, limit)


def _enter(text: Read, counts: npt.NDArray[np.uint8], limit: int) -> tuple[list[int], tuple[list[int], ...], Any]:
    """Which runs of a text are common, its runs as `runs.enter` leaves them, and how many are distinct."""
    words = len(text.words)
    table, following, firsts, common = [0] * runs.table_size(words), [0] * words, [0] * words, [0] * words
    runs.enter(text.grams, table, following, firsts)
    runs.mark_common(text.grams, counts, limit, common)
    return common, (table, following, firsts), runs.count_distinct(text.grams, firsts, common)

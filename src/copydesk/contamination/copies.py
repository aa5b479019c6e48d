"""Where else a paragraph stands: blocks of other stories that hold nearly all of its rare words.

Paragraphs are looked for by keys made of their rarest words, so the search costs a sort of the keys and touches only
paragraphs that share one. Looking for articles that share rare words instead, as was tried, took as long as all other
figures together and caught one donor in a hundred more.

Of the pairs that share a key one in twenty has enough in common. Only these are held, and known from night to night
(`Earlier`): of two blocks that were there before nothing new can be learned, unless their key was too common then.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from copydesk.contamination.background import Background
from copydesk.contamination.signals import Figures
from copydesk.contamination.weights import common_weights
from copydesk.machine.threads import map_in_threads
from copydesk.machine.work import ALONE, Work
from copydesk.sieve import sieve
from copydesk.spread import Spread

MAX_BLOCKS_OF_KEY = 24
"""A key that more blocks share is a formula, no copy."""
MIN_SHARE = 0.5
"""Share of a paragraph's weight that another block must hold to be noted at all."""
TITLE_SHARE = 0.98
"""Share of the weight of a line and of another story's title that must be the same: only rounding is let pass."""
KEYS_AT_ONCE = 1 << 20
"""Keys that are sorted at a time: some tens of megabytes."""
MOST_PARTS = 32
"""But all keys are gone through for each part, so there are no more; of a million articles one has two million keys."""
ROWS_AT_ONCE = 1 << 16
"""Articles of which the blocks are numbered at a time."""
FEW_FRESH, MARK_BITS = 16, 22
"""If no more than one block in sixteen is fresh, keys are told apart by so many of their first bits before they are
sorted. Four million marks stay in the cache."""
PAIRS_AT_ONCE = 1 << 17
"""Pairs that are measured at a time: as much for the words of their blocks."""
MOST_THREADS = 2
"""Threads in which they are: half of the work is Python's own, and each holds words."""


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
    """Pairs of blocks, the smaller one first, in order: the weight of the words in both, and that of each; all of
    shape (pairs,).
    """

    left: NDArray[np.int64]
    right: NDArray[np.int64]
    common: Figures
    of_left: Figures
    of_right: Figures

    @property
    def numbers(self) -> NDArray[np.int64]:
        """Each pair as one number: the smaller block, and the larger one in the lower half."""
        return (self.left << 32) | self.right

    def of(self, which: NDArray[np.bool_] | NDArray[np.int64]) -> Measured:
        """Some of the pairs."""
        return Measured(*(getattr(self, name)[which] for name in self.__slots__))


NO_PAIRS = Measured(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0), np.zeros(0), np.zeros(0))


@dataclass(frozen=True, slots=True)
class Earlier:
    """What is known of an earlier corpus, in the numbers of today: `fresh` are the blocks that it hadn't, or not as
    they are today (gone, or among other stories); `pairs` those of its matches of which no block is fresh; `crowded`
    its keys that more than MAX_BLOCKS_OF_KEY blocks shared, in order.
    """

    fresh: NDArray[np.bool_]
    pairs: Measured
    crowded: NDArray[np.uint32]


def find_copies(
    columns: pa.Table | Spread,
    starts: NDArray[np.int64],
    stories: NDArray[np.int64],
    keys: NDArray[np.uint32],
    background: Background,
) -> Copies:
    """The best match of each block in an article of another story, where there is one."""
    return best_matches(find_pairs(columns, starts, stories, keys, background)[0], starts)


def find_pairs(
    columns: pa.Table | Spread,
    starts: NDArray[np.int64],
    stories: NDArray[np.int64],
    keys: NDArray[np.uint32],
    background: Background,
    earlier: Earlier | None = None,
    work: Work = ALONE,
) -> tuple[Measured, NDArray[np.uint32]]:
    """All pairs of blocks that share a key, stand in different stories and have enough in common for a match; and the
    keys that are too common. Neither depends on what is known of an `earlier` corpus.
    """
    known = earlier or Earlier(np.ones(int(starts[-1]), np.bool_), NO_PAIRS, np.zeros(0, np.uint32))
    story = work.room(int(starts[-1]), np.int32)
    for low in range(0, stories.size, ROWS_AT_ONCE):
        high = min(low + ROWS_AT_ONCE, stories.size)
        story[starts[low] : starts[high]] = np.repeat(stories[low:high], np.diff(starts[low : high + 1]))
    crowded = [np.zeros(0, np.uint32)]

    def measure(pairs: tuple[NDArray[np.int64], NDArray[np.int64]]) -> Measured:
        apart = story[pairs[0]] != story[pairs[1]]
        left, right = pairs[0][apart], pairs[1][apart]
        measured = Measured(left, right, *common_weights(columns, starts, left, right, background))
        enough = measured.common >= MIN_SHARE * np.minimum(measured.of_left, measured.of_right)
        return measured.of(enough & (measured.common > 0))

    found = list(map_in_threads(measure, _lots(_new_pairs(keys, known, crowded)), min(work.threads, MOST_THREADS)))
    common = np.concatenate(crowded)
    found.append(known.pairs.of(_share_a_key(known.pairs, keys, common)))
    every = Measured(*(np.concatenate([getattr(one, name) for one in found]) for name in Measured.__slots__))
    order = np.argsort(every.numbers)
    numbers = every.numbers[order]
    return every.of(order[np.r_[True, numbers[1:] != numbers[:-1]][: order.size]]), common


def _share_a_key(pairs: Measured, keys: NDArray[np.uint32], crowded: NDArray[np.uint32]) -> NDArray[np.bool_]:
    """Which of these pairs share a key that isn't crowded."""
    one, other = keys[pairs.left].T, keys[pairs.right].T
    common, shared = sieve(crowded), np.zeros(one.shape[1], np.bool_)
    for own in one:
        usable = own > 0
        usable[common.catch(own)] = False
        for theirs in other:
            shared |= usable & (own == theirs)
    return shared


def best_matches(pairs: Measured, starts: NDArray[np.int64]) -> Copies:
    """The best match of each block; of those that are equally good a title, else the first. `starts` are where the
    blocks of each article start; the last of them is its title.
    """
    blocks, others = np.concatenate([pairs.left, pairs.right]), np.concatenate([pairs.right, pairs.left])
    shares = np.concatenate([pairs.common / np.maximum(own, 1e-9) for own in (pairs.of_left, pairs.of_right)])
    title = np.zeros(starts[-1], np.bool_)
    title[starts[1:][np.diff(starts) > 0] - 1] = True
    as_much = pairs.common >= TITLE_SHARE * np.maximum(pairs.of_left, pairs.of_right)
    enough = shares >= MIN_SHARE
    blocks, others, shares = blocks[enough], others[enough], shares[enough]
    titles = title[others] & ~title[blocks] & np.concatenate([as_much, as_much])[enough]
    order = np.lexsort((others, ~titles, -shares, blocks))
    blocks, others, shares, titles = blocks[order], others[order], shares[order], titles[order]
    first = np.r_[True, blocks[1:] != blocks[:-1]][: blocks.size]
    return Copies(blocks[first], others[first], shares[first], titles[first])


def _lots(parts: Iterator[NDArray[np.int64]]) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Pairs, each once in a lot, of which one is as large as is measured at a time; given parts of them as numbers."""
    waiting: list[NDArray[np.int64]] = []
    for part in parts:
        waiting.append(part)
        if sum(one.size for one in waiting) >= PAIRS_AT_ONCE:
            yield _pairs_of(waiting)
            waiting = []
    if waiting:
        yield _pairs_of(waiting)


def _pairs_of(numbers: list[NDArray[np.int64]]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    every = np.sort(np.concatenate(numbers))
    every = every[np.r_[True, every[1:] != every[:-1]][: every.size]]
    return every >> 32, every & 0xFFFFFFFF


def _new_pairs(
    keys: NDArray[np.uint32], earlier: Earlier, crowded: list[NDArray[np.uint32]]
) -> Iterator[NDArray[np.int64]]:
    """The pairs of blocks that share a key and of which the earlier corpus says nothing, as numbers; keys that are too
    common are put into `crowded`, in order.
    """
    for both in _in_order(keys, _keys_to_look_at(keys, earlier)):
        key, block = (both >> 31).astype(np.uint32), both & 0x7FFFFFFF
        first = np.flatnonzero(np.r_[True, key[1:] != key[:-1]][: key.size])
        sizes = np.diff(np.append(first, key.size))
        crowded.append(key[first[sizes > MAX_BLOCKS_OF_KEY]])
        group = np.flatnonzero((sizes > 1) & (sizes <= MAX_BLOCKS_OF_KEY))
        first, sizes = first[group], sizes[group]
        anew = np.isin(key[first], earlier.crowded)
        before = np.concatenate([[0], np.cumsum(earlier.fresh[block])])
        news = before[first + sizes] > before[first]
        touched = np.flatnonzero(anew | news)
        yield from _pairs_within(block, first[touched], sizes[touched], anew[touched], earlier.fresh)


def _keys_to_look_at(keys: NDArray[np.uint32], earlier: Earlier) -> NDArray[np.bool_] | None:
    """By the first bits of a key whether blocks of it may be fresh, or it was too common before: of other keys nothing
    new can be said, and a night needn't put them in order. None for all.
    """
    fresh = np.flatnonzero(earlier.fresh)
    if fresh.size > keys.shape[0] // FEW_FRESH:
        return None
    marked = np.zeros(1 << MARK_BITS, np.bool_)
    for some in (keys[fresh].ravel(), earlier.crowded):
        marked[_mark_of(some)] = True
    return marked


def _mark_of(keys: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """The first bits of keys."""
    first: NDArray[np.uint32] = keys >> np.uint32(32 - MARK_BITS)
    return first


def _in_order(keys: NDArray[np.uint32], marked: NDArray[np.bool_] | None) -> Iterator[NDArray[np.int64]]:
    """The keys that are marked with their blocks, as `key << 31 | block`, in order; part by part."""
    flat, share = keys.reshape(-1), 1.0 if marked is None else float(marked.mean())
    parts = min(max(1, -(-int(flat.size * share) // KEYS_AT_ONCE)), MOST_PARTS)
    for low, high in pairwise(np.linspace(0, 1 << 32, parts + 1).astype(np.int64).tolist()):
        found = [np.zeros(0, np.int64)]
        for start in range(0, flat.size, KEYS_AT_ONCE):
            some = flat[start : start + KEYS_AT_ONCE]
            at = np.flatnonzero(some if marked is None else marked.take(_mark_of(some), mode="clip"))
            at = at[(some[at] >= max(1, low)) & (some[at] < high)]
            # Key and block as one number: these are sorted in a fifth of the time that an order of places takes.
            found.append((some[at].astype(np.int64) << 31) | ((at + start) // keys.shape[1]))
        both = np.concatenate(found)
        both.sort()
        yield both


def _pairs_within(
    block: NDArray[np.int64],
    first: NDArray[np.int64],
    sizes: NDArray[np.int64],
    anew: NDArray[np.bool_],
    fresh: NDArray[np.bool_],
) -> Iterator[NDArray[np.int64]]:
    """The pairs within groups, which begin at `first`, of which one block is fresh; all of the groups that are made
    `anew`.
    """
    place = np.repeat(first + sizes - np.cumsum(sizes), sizes) + np.arange(int(sizes.sum()))
    end, whole = np.repeat(first + sizes, sizes), np.repeat(anew, sizes)
    for step in range(1, MAX_BLOCKS_OF_KEY):
        left = place + step < end
        place, end, whole = place[left], end[left], whole[left]
        one, other = block[place], block[place + step]
        wanted = fresh[one] | fresh[other] | whole
        yield (one[wanted] << 32) | other[wanted]

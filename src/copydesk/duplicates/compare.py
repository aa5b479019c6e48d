"""Texts → every pair that is linked, measured on the texts: sketch, collect candidates, measure, judge.

1. Texts of the same words become one (`groups`).
2. Texts that share bands of their signatures are measured; what is the same story at sight is put together, so that a
   widely printed story doesn't make its own words look like furniture.
3. Runs of three words are counted over these groups; those in more than 20 are furniture.
4. Texts that share fingerprints, bands, or a key given by the caller are measured without furniture and judged.
5. Within a group of copies all pairs are measured, and each part is held against all copies of its whole.
6. Short texts that many others share enough with, but with other facts, are of a form: they stay apart (`forms`).

Texts are numbered by group throughout; a text's group has its position in the order of content.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from copydesk.duplicates.candidates import (
    Numbers,
    pack,
    pair_by_key,
    unpack,
    widen,
)
from copydesk.duplicates.engine import Engine
from copydesk.duplicates.forms import find_forms, stay_linked
from copydesk.duplicates.groups import ExactGroups, connect, count_up, distinct, group_exact, pairs_within
from copydesk.duplicates.hashing import Hashes
from copydesk.duplicates.sketch import SIGNATURE_WORDS, Sketches
from copydesk.duplicates.verify import COMMON_ARTICLES, Verdicts, judge
from copydesk.settings import DuplicateSettings

CERTAIN_JACCARD = 0.8
"""Texts that share so much are one story, furniture or not: they aren't measured a second time."""
LARGEST_CLOSURE = 128
"""Groups of copies up to this size have all their pairs measured."""
LEAST_SLOTS, MOST_SLOTS = 1 << 16, 1 << 27
"""Bounds of the table in which runs are counted, one byte a slot."""
ROOMY_SLOTS, SLOT_WORDS = 1 << 24, 4
"""A slot for every word up to so many slots; beyond, a slot for four words: as many runs share one, and twenty-one
unrelated ones share one of 10^9."""
CHUNK_PAIRS = 1 << 17
"""Pairs that are measured at once."""


@dataclass(frozen=True, slots=True)
class Linked:
    """Pairs of groups with their verdicts; `left` < `right` in the order of content. The right one is a in the
    verdicts, the left one b.
    """

    left: Numbers
    right: Numbers
    verdicts: Verdicts


@dataclass(frozen=True, slots=True)
class Comparison:
    """What is known of a corpus: its texts of the same words, the linked pairs of those, and the means to measure
    more.
    """

    groups: ExactGroups
    words: Numbers
    linked: Linked
    measure: Callable[[Numbers, Numbers], Linked]


def compare(engine: Engine, settings: DuplicateSettings, *, keys: Sequence[Hashes] = ()) -> Comparison:
    """The comparison of all texts. `keys`: further keys, one uint64 per text each or none at all, 0 for none;
    texts that share one are measured.
    """
    sketches = engine.sketch()
    groups = group_exact(sketches, engine.digest, engine.same_words)
    firsts = groups.firsts
    words = sketches.words[firsts]

    def measure(left: Numbers, right: Numbers, counts: npt.NDArray[np.uint8], limit: int) -> Verdicts:
        measures = engine.measure(firsts[left], firsts[right], counts, limit)
        return judge(measures, words[right], words[left], settings)

    alike = _pairs_by_bands(sketches, firsts)
    left, right = unpack(alike)
    first_verdicts = _in_chunks(measure, left, right, np.zeros(1, dtype=np.uint8), 255)
    at_sight = first_verdicts.linked & (first_verdicts.jaccard >= settings.near_jaccard)
    stories = connect(len(firsts), left[at_sight], right[at_sight])
    pairs = [
        alike,
        engine.pair(sketches, firsts, stories),
        *(_pairs_by_key(key, groups) for key in keys),
    ]
    del sketches  # nothing that follows needs them, and memory is scarce
    counts = np.zeros(_slots(int(words.sum())), dtype=np.uint8)
    order = np.argsort(stories, kind="stable")
    engine.count(firsts[order], stories[order], counts)

    def examine(left: Numbers, right: Numbers) -> Linked:
        return Linked(left, right, _in_chunks(measure, left, right, counts, COMMON_ARTICLES))

    certain = at_sight & (first_verdicts.jaccard >= CERTAIN_JACCARD)
    candidates = distinct(np.concatenate(pairs))
    examined = examine(*unpack(np.setdiff1d(candidates, alike[certain], assume_unique=True)))
    linked = _join(_choose(Linked(left, right, first_verdicts), certain), _choose(examined, examined.verdicts.linked))
    near_misses = _choose(examined, examined.verdicts.enough & ~examined.verdicts.linked)
    more = np.setdiff1d(closure(linked, near_misses, len(firsts)), candidates, assume_unique=True)
    closing = examine(*unpack(more))
    every = _join(_join(linked, near_misses), _choose(closing, closing.verdicts.enough))
    forms = find_forms(len(firsts), every.left, every.right, every.verdicts)

    def choose(pairs: Linked) -> Linked:
        return _choose(pairs, stay_linked(forms, pairs.left, pairs.right, pairs.verdicts))

    return Comparison(groups, words, choose(every), lambda left, right: choose(examine(left, right)))


def _slots(words: int) -> int:
    slots, wanted = LEAST_SLOTS, min(max(min(words, ROOMY_SLOTS), words // SLOT_WORDS), MOST_SLOTS)
    while slots < wanted:
        slots *= 2
    return slots


def _pairs_by_bands(sketches: Sketches, firsts: Numbers) -> Hashes:
    """Pairs of groups that share a band; texts shorter than a shingle have no signature, so no bands."""
    long_enough = np.flatnonzero(sketches.words[firsts] >= SIGNATURE_WORDS)
    found = [pair_by_key(widen(band[firsts[long_enough]]), long_enough, dense=True) for band in sketches.bands]
    return distinct(np.concatenate([np.zeros(0, dtype=np.uint64), *found]))


def _pairs_by_key(key: Hashes, groups: ExactGroups) -> Hashes:
    if not len(key):
        return key
    given = np.flatnonzero((key != 0) & (groups.of >= 0))
    pairs = pair_by_key(key[given], groups.of[given], dense=True)
    left, right = unpack(pairs)
    different: Hashes = pairs[left != right]
    return different


def _in_chunks(
    measure: Callable[[Numbers, Numbers, npt.NDArray[np.uint8], int], Verdicts],
    left: Numbers,
    right: Numbers,
    counts: npt.NDArray[np.uint8],
    limit: int,
) -> Verdicts:
    parts = [
        measure(left[low : low + CHUNK_PAIRS], right[low : low + CHUNK_PAIRS], counts, limit)
        for low in range(0, max(len(left), 1), CHUNK_PAIRS)
    ]
    return parts[0] if len(parts) == 1 else _concatenate(parts)


def _concatenate(parts: Sequence[Verdicts]) -> Verdicts:
    return Verdicts(*(np.concatenate([getattr(part, name) for part in parts]) for name in Verdicts.__slots__))


def _take(verdicts: Verdicts, chosen: npt.NDArray[np.bool_] | Numbers) -> Verdicts:
    return Verdicts(*(getattr(verdicts, name)[chosen] for name in Verdicts.__slots__))


def _choose(pairs: Linked, chosen: npt.NDArray[np.bool_]) -> Linked:
    return Linked(pairs.left[chosen], pairs.right[chosen], _take(pairs.verdicts, chosen))


def _join(one: Linked, other: Linked) -> Linked:
    left, right = np.concatenate([one.left, other.left]), np.concatenate([one.right, other.right])
    verdicts = _concatenate([one.verdicts, other.verdicts])
    order = np.lexsort((right, left))
    return Linked(left[order], right[order], _take(verdicts, order))


def closure(linked: Linked, near_misses: Linked, total: int) -> Hashes:
    """The pairs within each group of copies, and of each part with all copies of its whole (small groups only).

    A text that shares enough with one copy of a story, but not its facts, is held against the other copies too: the one
    may be scanned, or a number in it wrong.
    """
    same = linked.verdicts.same
    story = connect(total, linked.left[same], linked.right[same])
    touched = distinct(np.concatenate([linked.left, linked.right]))
    members = touched[np.argsort(story[touched], kind="stable")]
    names, starts, sizes = np.unique(story[members], return_index=True, return_counts=True)
    within = np.repeat((sizes > 1) & (sizes <= LARGEST_CLOSURE), sizes)
    rows, columns = pairs_within(sizes[(sizes > 1) & (sizes <= LARGEST_CLOSURE)])
    inside = members[within]
    part = np.concatenate([linked.left[~same], linked.right[~same], near_misses.left, near_misses.right])
    whole = np.concatenate([linked.right[~same], linked.left[~same], near_misses.right, near_misses.left])
    held = np.flatnonzero((story[part] != story[whole]) & np.isin(story[whole], names))
    place = np.searchsorted(names, story[whole[held]])
    held, place = held[sizes[place] <= LARGEST_CLOSURE], place[sizes[place] <= LARGEST_CLOSURE]
    size = sizes[place]
    mates = members[np.repeat(starts[place], size) + count_up(size)]
    pairs = np.concatenate([pack(inside[rows], inside[columns]), pack(np.repeat(part[held], size), mates)])
    return distinct(pairs)

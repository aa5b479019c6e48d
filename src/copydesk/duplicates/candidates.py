"""Which pairs are worth measuring: texts that share keys.

A key is a number that alike texts have in common: a band of the signature, a fingerprint, a URL, a title. Keys are
sorted, and texts within a run of equal keys become pairs: arrays only, nothing is kept per key. Texts are numbered in
an order that
depends on their content alone, so that wherever a run is too long, the same pairs are left out whatever order
the texts came in.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from copydesk.duplicates.hashing import STEP, Hashes
from copydesk.duplicates.permutations import Bands, Signatures

Numbers = npt.NDArray[np.int64]

LONGEST_RUN = 32
"""Texts that may share a key for all of them to be paired. A longer run of fingerprints is furniture and says
nothing; more
would cost its square."""
ANCHORS = 3
"""In a longer run of bands, titles or URLs each text is paired with the first so many texts and the next one only."""
LEAST_SHARED = 2
"""Fingerprints two texts must share, but for short texts: strangers share one phrase, seldom two."""
LEAST_SHARE = 0.08
"""Share of the smaller text's fingerprints that must be in the other. Of texts of 8 % wrong characters, 0.10 loses
one in
seven, 0.04 one in thirty, but measures four times as many strangers."""
SHORT_PRINTS = 12
"""Up to so many fingerprints (some 100 words), one shared one is enough."""


PART_PRINTS, PART_BITS = 4_000_000, 4
"""From so many fingerprints on they are taken in 16 parts: sorting needs six times their own memory."""

Repeated = Callable[[Hashes], npt.NDArray[np.bool_]]
"""Which keys may occur more than once."""


def everything(keys: Hashes) -> npt.NDArray[np.bool_]:
    """All keys: for small corpora, where sorting them costs nothing."""
    return np.ones(len(keys), dtype=bool)


def band_keys(signatures: Signatures, bands: Bands) -> Hashes:
    """A key per band and text: uint64, shape (bands, texts).

    >>> band_keys(np.zeros((2, 128), dtype=np.uint32), Bands(25, 5)).shape
    (25, 2)
    """
    keys = np.empty((bands.count, len(signatures)), dtype=np.uint64)
    for band in range(bands.count):
        total = np.full(len(signatures), band + 1, dtype=np.uint64)
        for row in range(bands.rows):
            total = (total ^ signatures[:, band * bands.rows + row]) * np.uint64(STEP)
            total ^= total >> np.uint64(32)
        keys[band] = total
    return keys


def pair_by_key(keys: Hashes, texts: Numbers, *, dense: bool, repeated: Repeated = everything) -> Hashes:
    """The pairs of texts with equal keys, one entry per shared key, each pair as smaller·2³² + larger, unsorted.

    `texts`: the text of each key, from 0. With `dense`, runs longer than `LONGEST_RUN` give a few pairs per text;
    without it, none.

    >>> keys, texts = np.array([7, 9, 7], dtype=np.uint64), np.array([0, 1, 2])
    >>> unpack(pair_by_key(keys, texts, dense=True))[1].tolist()
    [2]
    """
    chosen = repeated(keys)
    return _pairs_in_runs(*_shared(keys[chosen], texts[chosen]), dense=dense)


def _pairs_in_runs(keys: Hashes, texts: Numbers, *, dense: bool) -> Hashes:
    """The pairs within each run of equal keys; `keys` are sorted, texts sorted within each run."""
    first = np.flatnonzero(np.concatenate([[True], keys[1:] != keys[:-1]])) if len(keys) else texts
    lengths = np.diff(np.append(first, len(keys)))
    run = np.repeat(np.arange(len(first)), lengths)
    short = lengths[run] <= LONGEST_RUN
    found = [_pairs_in_short_runs(run[short], texts[short])]
    if dense:
        found.append(_pairs_in_long_runs(first, lengths, texts))
    return np.concatenate(found)


def _shared(keys: Hashes, texts: Numbers) -> tuple[Hashes, Numbers]:
    """The entries whose key another text has too, sorted by key and text, each once."""
    order = np.lexsort((texts, keys))
    keys, texts = keys[order], texts[order]
    if not len(keys):
        return keys, texts
    same = keys[1:] == keys[:-1]
    again = np.concatenate([[False], same])
    fresh = ~(again & np.concatenate([[False], texts[1:] == texts[:-1]]))
    keep = fresh & (again | np.concatenate([same, [False]]))
    return keys[keep], texts[keep]


def _first_of_story(prints: Hashes, texts: Numbers, stories: Numbers) -> npt.NDArray[np.bool_]:
    """Which entries (sorted by print and text) are the first of their story to have their print."""
    keep = np.ones(len(prints), dtype=bool)
    shared = np.bincount(stories, minlength=len(stories))[stories[texts]] > 1
    places = np.flatnonzero(shared)
    order = places[np.lexsort((texts[places], stories[texts[places]], prints[places]))]
    story, key = stories[texts[order]], prints[order]
    keep[order[1:][(key[1:] == key[:-1]) & (story[1:] == story[:-1])]] = False
    return keep


def _pairs_in_short_runs(run: Numbers, texts: Numbers) -> Hashes:
    found = [np.zeros(0, dtype=np.uint64)]
    for distance in range(1, LONGEST_RUN):
        same = run[distance:] == run[:-distance]
        if not same.any():
            break
        found.append(pack(texts[:-distance][same], texts[distance:][same]))
    return np.concatenate(found)


def _pairs_in_long_runs(first: Numbers, lengths: Numbers, texts: Numbers) -> Hashes:
    found = [np.zeros(0, dtype=np.uint64)]
    for start, length in zip(
        first[lengths > LONGEST_RUN].tolist(), lengths[lengths > LONGEST_RUN].tolist(), strict=True
    ):
        members = texts[start : start + length]
        found.append(pack(members[:-1], members[1:]))
        found.extend(pack(np.full(length - k - 1, members[k]), members[k + 1 :]) for k in range(ANCHORS))
    return np.concatenate(found)


def pair_by_prints(prints: Hashes, texts: Numbers, stories: Numbers, repeated: Repeated = everything) -> Hashes:
    """The pairs of texts that share enough fingerprints, each once, sorted.

    `texts`: the text of each fingerprint, -1 for one to leave out; `stories`: the story of each text. Of the copies
    of one
    story the first that has a fingerprint stands for all. `repeated` drops fingerprints that occur once, at least
    some of them, before
    they are sorted. Many fingerprints are taken in parts, by their first bits, so that memory stays bounded.
    """
    size = np.bincount(texts[texts >= 0], minlength=len(stories))
    bits = PART_BITS if len(prints) > PART_PRINTS else 0
    parts = []
    for part in range(1 << bits):
        inside = texts >= 0
        if bits:
            inside &= prints >> np.uint64(64 - bits) == part
        parts.append(_count_pairs(prints[inside], texts[inside].astype(np.int64), stories, repeated))
    pairs, shared = _add_up([pairs for pairs, _ in parts], [shared for _, shared in parts])
    left, right = unpack(pairs)
    shared = _add_up_stories(left, right, shared, stories)
    smaller = np.minimum(size[left], size[right])
    enough = (shared >= LEAST_SHARED) | (smaller <= SHORT_PRINTS)
    chosen: Hashes = pairs[enough & (shared >= LEAST_SHARE * smaller)]
    return chosen


def _count_pairs(prints: Hashes, texts: Numbers, stories: Numbers, repeated: Repeated) -> tuple[Hashes, Numbers]:
    """The pairs of texts that share any of these fingerprints, and how many."""
    chosen = repeated(prints)
    prints, texts = _shared(prints[chosen], texts[chosen])
    keep = _first_of_story(prints, texts, stories)
    return np.unique(_pairs_in_runs(prints[keep], texts[keep], dense=False), return_counts=True)


def _add_up(pairs: list[Hashes], counts: list[Numbers]) -> tuple[Hashes, Numbers]:
    """Each pair once, with its counts added."""
    if len(pairs) == 1:
        return pairs[0], counts[0]
    every, count = np.concatenate(pairs), np.concatenate(counts).astype(np.uint32)
    order = np.argsort(every)
    every, count = every[order], count[order]
    first = np.flatnonzero(np.concatenate([[True], every[1:] != every[:-1]]))
    return every[first], np.add.reduceat(count, first).astype(np.int64) if len(first) else count.astype(np.int64)


def _add_up_stories(left: Numbers, right: Numbers, shared: Numbers, stories: Numbers) -> Numbers:
    """The shared fingerprints of each pair, those of other pairs of the same two stories added: the copies that stand
    for a
    story may differ from print to print.
    """
    several = np.bincount(stories, minlength=len(stories))[stories] > 1
    places = np.flatnonzero(several[left] | several[right])
    _, story_pair = np.unique(pack(stories[left[places]], stories[right[places]]), return_inverse=True)
    total = shared.copy()
    total[places] = np.bincount(story_pair, weights=shared[places])[story_pair].astype(np.int64)
    return total


def pack(left: Numbers, right: Numbers) -> Hashes:
    """Pairs of texts as one number each, whichever comes first.

    >>> unpack(pack(np.array([5]), np.array([3])))
    (array([3]), array([5]))
    """
    low, high = np.minimum(left, right).astype(np.uint64), np.maximum(left, right).astype(np.uint64)
    packed: Hashes = (low << np.uint64(32)) | high
    return packed


def unpack(pairs: Hashes) -> tuple[Numbers, Numbers]:
    """The smaller and the larger text of each packed pair, int64."""
    return (pairs >> np.uint64(32)).astype(np.int64), (pairs & np.uint64(0xFFFFFFFF)).astype(np.int64)

"""Which pairs are worth measuring: texts that share keys.

A key is a number that alike texts have in common: a band of the signature, a fingerprint, a URL, a title. An *entry* is
a key with the number of its text in the low bits: one array of numbers to sort, nothing is kept per key. Texts within a
run of equal keys become pairs. Texts are numbered in an order that depends on their content alone, so that wherever a
run is too long, the same pairs are left out whatever order the texts came in.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from copydesk.duplicates.hashing import Hashes
from copydesk.duplicates.lists import Lists

Numbers = npt.NDArray[np.int64]

LONGEST_RUN = 32
"""Texts that may share a key for all of them to be paired. A longer run of fingerprints is furniture and says nothing;
more would cost its square."""
ANCHORS = 3
"""In a longer run of bands, titles or URLs each text is paired with the first so many texts and the next one only."""
LEAST_SHARED = 2
"""Fingerprints two texts must share, but for short texts: strangers share one phrase, seldom two."""
LEAST_SHARE = 0.08
"""Share of the smaller text's fingerprints that must be in the other. Of texts of 8 % wrong characters, 0.10 loses one
in seven, 0.04 one in thirty, but measures four times as many strangers."""
SHORT_PRINTS = 12
"""Up to so many fingerprints (some 100 words), one shared one is enough."""


TEXT_BITS = 26
"""Low bits of an entry, the number of its text: 67 million distinct texts. The 38 bits of the key that are left bring
strangers together once in 2^38 pairs of keys; every pair is measured anyway."""
PART_PRINTS, PART_BITS = 2_000_000, 4
"""Of more fingerprints as many parts are made, by their first bits, so that sorting needs little memory; sixteen at
most: each looks through all of them."""

PART_ROWS = 1 << 14
"""Rows whose fingerprints are looked through at once: what is worked on stays in the cache."""

_TEXT = np.uint64((1 << TEXT_BITS) - 1)
SHIFT = np.uint64(TEXT_BITS)
"""Where the key of an entry begins."""


def pair_by_key(keys: Hashes, texts: Numbers, *, dense: bool) -> Hashes:
    """The pairs of texts with equal keys, one entry per shared key, each pair as smaller·2³² + larger, unsorted.

    `texts`: the text of each key, from 0. With `dense`, runs longer than `LONGEST_RUN` give a few pairs per text;
    without it, none.

    >>> keys, texts = np.array([7 << 40, 9 << 40, 7 << 40], dtype=np.uint64), np.array([0, 1, 2])
    >>> unpack(pair_by_key(keys, texts, dense=True))[1].tolist()
    [2]
    """
    return pairs_in_runs(shared(entries(keys, texts)), dense=dense)


def entries(keys: Hashes, texts: Numbers) -> Hashes:
    """Keys with their texts as entries, unsorted."""
    found: Hashes = (keys & ~_TEXT) | texts.astype(np.uint64)
    return found


def widen(keys: npt.NDArray[np.uint32]) -> Hashes:
    """Keys of 32 bits as those of 64, of which the high bits count."""
    wide: Hashes = keys.astype(np.uint64) << np.uint64(32)
    return wide


def texts_of(found: Hashes) -> Numbers:
    """The text of each entry."""
    return (found & _TEXT).astype(np.int64)


def shared(found: Hashes) -> Hashes:
    """The entries whose key another text has too, sorted by key and text, each once."""
    found = np.sort(found)
    if len(found):
        found = found[np.concatenate([[True], found[1:] != found[:-1]])]
    keys = found >> SHIFT
    same = keys[1:] == keys[:-1]
    keep = np.zeros(len(found), dtype=bool)
    keep[1:] |= same
    keep[:-1] |= same
    return found[keep]


def pairs_in_runs(found: Hashes, *, dense: bool) -> Hashes:
    """The pairs within each run of equal keys of entries that are sorted, each once."""
    keys, texts = found >> SHIFT, texts_of(found)
    first = np.flatnonzero(np.concatenate([[True], keys[1:] != keys[:-1]])) if len(keys) else texts
    lengths = np.diff(np.append(first, len(keys)))
    run = np.repeat(np.arange(len(first)), lengths)
    short = lengths[run] <= LONGEST_RUN
    pairs = [_pairs_in_short_runs(run[short], texts[short])]
    if dense:
        pairs.append(_pairs_in_long_runs(first, lengths, texts))
    return np.concatenate(pairs)


def first_of_story(found: Hashes, stories: Numbers) -> Hashes:
    """The entries (sorted) without those of whose story an earlier text has the same key."""
    texts = texts_of(found)
    places = np.flatnonzero(np.bincount(stories, minlength=len(stories))[stories[texts]] > 1)
    keys, story = found[places] >> SHIFT, stories[texts[places]]
    # Sorted by key and text already, and lexsort keeps the order of equals.
    order = np.lexsort((story, keys))
    again = (keys[order[1:]] == keys[order[:-1]]) & (story[order[1:]] == story[order[:-1]])
    keep = np.ones(len(found), dtype=bool)
    keep[places[order[1:][again]]] = False
    return found[keep]


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


def pair_by_prints(prints: Lists, texts: Numbers, stories: Numbers) -> Hashes:
    """The pairs of texts that share enough fingerprints, each once, sorted.

    `prints`: the fingerprints of all rows; `texts`: the text that a row stands for, -1 for one to leave out; `stories`:
    the story of each text. Of the copies of one story the first that has a fingerprint stands for all.
    """
    return choose_pairs(*count_prints(prints, texts, stories), count_own(prints, texts, len(stories)), stories)


def count_own(prints: Lists, texts: Numbers, count: int) -> Numbers:
    """How many fingerprints each text has."""
    size, given = np.zeros(count, dtype=np.int64), texts >= 0
    size[texts[given]] = prints.sizes()[given]
    return size


def count_prints(prints: Lists, texts: Numbers, stories: Numbers) -> tuple[Hashes, Numbers]:
    """The pairs of texts that share fingerprints, each once, sorted, and how many they share; see `pair_by_prints`."""
    total = int(prints.sizes()[texts >= 0].sum())
    often = _find_frequent(prints, texts, total)
    bits = min((total // PART_PRINTS).bit_length(), PART_BITS)
    parts = (_entries_of_part(prints, texts, often, part, bits) for part in range(1 << bits))
    return add_up([count_shared(entries, stories) for entries in parts])


def count_shared(found: Hashes, stories: Numbers) -> tuple[Hashes, Numbers]:
    """The pairs of texts that share keys, each once, sorted, and how many they share, given all entries of these."""
    pairs = pairs_in_runs(first_of_story(shared(found), stories), dense=False)
    return np.unique(pairs, return_counts=True)


def _find_frequent(prints: Lists, texts: Numbers, total: int) -> npt.NDArray[np.uint8]:
    """A table with 2 in the place of each fingerprint that comes more than once, whose size is a power of two.

    Those that come once make no pair, and most of them share their place with no other: of generated articles, a fifth
    of which are copies, half of all fingerprints needn't be sorted, nor held for it.
    """
    seen = np.zeros(max(1 << (2 * total).bit_length(), 1 << 10), dtype=np.uint8)
    for keys, owners in prints_of(prints, texts):
        # In order they are next to each other in the table as well.
        places = np.sort(_places(keys[owners >= 0], len(seen)))
        again = places[1:][places[1:] == places[:-1]]
        seen[places] = np.minimum(seen[places], 1) + 1
        seen[again] = 2
    return seen


def _places(keys: Hashes, size: int) -> npt.NDArray[np.uint32]:
    """The place of each key in a table of this size: the lowest bits of what an entry has of it, for parts are made by
    the highest.
    """
    return ((keys >> SHIFT) & np.uint64(size - 1)).astype(np.uint32)


def _entries_of_part(prints: Lists, texts: Numbers, often: npt.NDArray[np.uint8], part: int, bits: int) -> Hashes:
    """The entries of the fingerprints that begin with these bits, and come more than once."""
    found = [np.zeros(0, dtype=np.uint64)]
    for keys, owners in prints_of(prints, texts):
        own = owners >= 0
        if bits:
            own &= keys >> np.uint64(64 - bits) == part
        chosen = np.flatnonzero(own)
        chosen = chosen[often[_places(keys[chosen], len(often))] == 2]
        found.append(entries(keys[chosen], owners[chosen]))
    return np.concatenate(found)


def prints_of(prints: Lists, texts: Numbers) -> Iterator[tuple[Hashes, Numbers]]:
    """The fingerprints as they lie, some rows at a time, each with its text or -1."""
    for keys, starts, owner in rows_of(prints, texts):
        yield keys, np.repeat(owner, np.diff(starts))


def rows_of(prints: Lists, texts: Numbers) -> Iterator[tuple[Hashes, Numbers, Numbers]]:
    """The fingerprints as they lie, some rows at a time, with where those of each row start and the last ones end, and
    the text of each row or -1.
    """
    for (values, starts), rows, at in prints.by_piece(np.arange(len(prints))):
        owner = np.full(len(starts) - 1, -1, dtype=np.int64)
        owner[rows] = texts[at]
        for low in range(0, len(owner), PART_ROWS):
            part = owner[low : low + PART_ROWS]
            bounds = starts[low : low + len(part) + 1]
            yield values[bounds[0] : bounds[-1]], bounds - bounds[0], part


def choose_pairs(pairs: Hashes, common: Numbers, size: Numbers, stories: Numbers) -> Hashes:
    """The pairs that share enough fingerprints: `common` of them, `size[t]` being those of text t."""
    left, right = unpack(pairs)
    common = _add_up_stories(left, right, common, stories)
    smaller = np.minimum(size[left], size[right])
    enough = (common >= LEAST_SHARED) | (smaller <= SHORT_PRINTS)
    chosen: Hashes = pairs[enough & (common >= LEAST_SHARE * smaller)]
    return chosen


def add_up(parts: list[tuple[Hashes, Numbers]]) -> tuple[Hashes, Numbers]:
    """Each pair once, with its counts added."""
    if len(parts) == 1:
        return parts[0]
    every = np.concatenate([pairs for pairs, _ in parts])
    count = np.concatenate([counts for _, counts in parts]).astype(np.uint32)
    if not len(every):
        return every, count.astype(np.int64)
    order = np.argsort(every)
    every, count = every[order], count[order]
    first = np.flatnonzero(np.concatenate([[True], every[1:] != every[:-1]]))
    return every[first], np.add.reduceat(count, first).astype(np.int64)


def _add_up_stories(left: Numbers, right: Numbers, common: Numbers, stories: Numbers) -> Numbers:
    """The shared fingerprints of each pair, those of other pairs of the same two stories added: the copies that stand
    for a story may differ from print to print.
    """
    several = np.bincount(stories, minlength=len(stories))[stories] > 1
    places = np.flatnonzero(several[left] | several[right])
    _, story_pair = np.unique(pack(stories[left[places]], stories[right[places]]), return_inverse=True)
    total = common.copy()
    total[places] = np.bincount(story_pair, weights=common[places])[story_pair].astype(np.int64)
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

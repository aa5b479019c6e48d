"""Which pairs of groups share keys: what new entries change, and nothing else looked at.

A run is the groups that have one key. Whatever a run says of its groups depends on the run alone (and, for
fingerprints, on which of them are one story), so a pair can only change if a run of both was touched.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from copydesk.duplicates.candidates import (
    LONGEST_RUN,
    Numbers,
    add_up,
    choose_pairs,
    entries,
    first_of_story,
    pairs_in_runs,
    shared,
    unpack,
)
from copydesk.duplicates.groups import distinct
from copydesk.duplicates.hashing import Hashes
from copydesk.duplicates.index.keys import OWNER, Keys
from copydesk.duplicates.index.rows import Rows

Flags = npt.NDArray[np.bool_]

SAMPLE = 4
"""Of a run of more than this many times `LONGEST_RUN` groups a sample of the same size is read first: if that is of too
many stories already, the run says nothing."""
SCAN_PRINTS, SCAN_BITS = 2_000_000, 5
"""From so many fingerprints on, all keys of the index are read in 32 parts, rather than those of each article."""
CHUNK_KEYS = 1 << 19
"""Keys that are looked up at once."""


@dataclass(frozen=True, slots=True)
class Stories:
    """The story of each group (the number of one of its groups), before and after an addition; -1: wasn't there."""

    before: Numbers
    after: Numbers


def change_in_runs(known: Keys, kind: str, fresh: Hashes, positions: Numbers) -> tuple[Hashes, Numbers]:
    """The pairs whose number of shared keys of a kind changes, by position, and by how much.

    `known`: the keys without the new entries; `fresh`: the new entries, with groups.
    """
    if not len(fresh):
        return fresh, np.zeros(0, dtype=np.int64)
    keys, groups = fresh & ~OWNER, (fresh & OWNER).astype(np.int64)
    which, old = known.find(kind, (wanted := distinct(keys)))
    before = entries(wanted[which], positions[old])
    after = np.concatenate([before, entries(keys, positions[groups])])
    found = [(_pairs(before), -1), (_pairs(after), 1)]
    return _sum([pairs for pairs, _ in found], [np.full(len(pairs), sign) for pairs, sign in found])


def pairs_by_prints(
    keys: Keys, rows: Rows, reps: Numbers, positions: Numbers, stories: Stories, changed: Flags
) -> tuple[Hashes, Flags]:
    """The pairs by fingerprints, by position, in which a story takes part that has changed; and which groups are of
    such a story.

    A story has changed too if one of its fingerprints has come to stand in too many stories to say anything, or in few
    enough. `changed`: the groups of which the story has others than before.
    """
    touched = np.zeros(len(stories.after), dtype=bool)
    touched[stories.after[changed]] = True
    for wanted in _print_keys(keys, rows, reps, changed):
        _, which, groups = _read_runs(keys, wanted, stories)
        turned = _turned(len(wanted), which, groups, stories)
        touched[stories.after[groups[turned[which]]]] = True
    own = touched[stories.after]
    by_position = np.empty(len(positions), dtype=np.int64)
    by_position[positions] = positions[stories.after]
    told = np.empty(len(positions), dtype=bool)
    told[positions] = own
    parts = [(np.zeros(0, dtype=np.uint64), np.zeros(0, dtype=np.int64))]
    for wanted in _print_keys(keys, rows, reps, own):
        wanted, which, groups = _read_runs(keys, wanted, stories)
        found = first_of_story(shared(entries(wanted[which], positions[groups])), by_position)
        left, right = unpack(pairs := pairs_in_runs(found, dense=False))
        parts.append(np.unique(pairs[told[left] | told[right]], return_counts=True))
    size = np.zeros(len(positions), dtype=np.int64)
    pairs, common = add_up(parts)
    ends = distinct(np.concatenate(unpack(pairs)))
    groups_at = np.empty(len(positions), dtype=np.int64)
    groups_at[positions] = np.arange(len(positions))
    size[ends] = np.diff(rows.lists("fingerprints", reps[groups_at[ends]])[1])
    return choose_pairs(pairs, common, size, by_position), own


def _pairs(found: Hashes) -> Hashes:
    return pairs_in_runs(shared(found), dense=True)


def _sum(pairs: Iterable[Hashes], signs: Iterable[Numbers]) -> tuple[Hashes, Numbers]:
    every, sign = np.concatenate(list(pairs)), np.concatenate(list(signs))
    found, place = np.unique(every, return_inverse=True)
    total = np.bincount(place, weights=sign, minlength=len(found)).astype(np.int64)
    return found[total != 0], total[total != 0]


def _print_keys(keys: Keys, rows: Rows, reps: Numbers, chosen: Flags) -> Iterator[Hashes]:
    """The keys of the fingerprints of chosen groups, some at a time, each once."""
    groups = np.flatnonzero(chosen)
    if keys.parts["prints"] and len(groups) > len(reps) // 4 and len(reps) * 16 > SCAN_PRINTS:
        for part in range(1 << SCAN_BITS):
            yield keys.owned("prints", chosen, part, SCAN_BITS)
        return
    wanted = distinct(rows.lists("fingerprints", reps[groups])[0] & ~OWNER)
    for low in range(0, len(wanted), CHUNK_KEYS):
        yield wanted[low : low + CHUNK_KEYS]


def _read_runs(keys: Keys, wanted: Hashes, stories: Stories) -> tuple[Hashes, Numbers, Numbers]:
    """The runs of these keys, without those that are of too many stories, before and after, at a first look."""
    long = np.flatnonzero(keys.sizes("prints", wanted) > SAMPLE * LONGEST_RUN)
    which, groups = keys.find("prints", wanted[long], SAMPLE * LONGEST_RUN)
    before, after = _count_stories(len(long), which, groups, stories)
    keep = np.ones(len(wanted), dtype=bool)
    keep[long[(before > LONGEST_RUN) & (after > LONGEST_RUN)]] = False
    wanted = wanted[keep]
    return wanted, *keys.find("prints", wanted)


def _turned(total: int, which: Numbers, groups: Numbers, stories: Stories) -> Flags:
    """Which keys have come to stand in too many stories, or in few enough."""
    before, after = _count_stories(total, which, groups, stories)
    turned: Flags = (before > LONGEST_RUN) != (after > LONGEST_RUN)
    return turned


def _count_stories(total: int, which: Numbers, groups: Numbers, stories: Stories) -> tuple[Numbers, Numbers]:
    """In how many stories each key stands, before and after."""
    counts = []
    for story in (stories.before, stories.after):
        there = story[groups] >= 0
        once = distinct((which[there] << 32) | story[groups[there]])
        counts.append(np.bincount(once >> 32, minlength=total))
    return counts[0], counts[1]

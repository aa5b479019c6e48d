"""Which texts share fingerprints, given those of an earlier corpus: only stories that have changed are looked at.

How many fingerprints two texts share is a sum over these, and what one adds depends on the texts that have it, and on
their stories. So for all fingerprints of texts whose story isn't as it was, what they added then is subtracted, and
what they add now is added.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from copydesk.duplicates.candidates import SHIFT, Numbers, add_up, count_shared, entries, pack, rows_of, unpack
from copydesk.duplicates.groups import distinct
from copydesk.duplicates.hashing import Hashes
from copydesk.duplicates.lists import Lists
from copydesk.sieve import sieve


@dataclass(frozen=True, slots=True)
class Shared:
    """The pairs of texts that share fingerprints, sorted, and how many are `common`."""

    pairs: Hashes
    common: Numbers


@dataclass(frozen=True, slots=True)
class Stories:
    """The story of each text, and which texts are in one that isn't the same then and now."""

    stories: Numbers
    changed: npt.NDArray[np.bool_]


def update_shared(
    known: Shared, prints: Lists, then: Stories, now: Stories, texts: Numbers, rows: Numbers, place: Numbers
) -> Shared:
    """What is shared now, by the numbers of texts now.

    `prints`: the fingerprints of all rows; `texts`: the text now that a row stands for, or -1; `rows`: those that stood
    for the texts then that are in stories which have changed; `place`: which text each was then, or -1.
    """
    touched = _keys_of(prints, np.concatenate([np.flatnonzero(texts >= 0)[now.changed[texts[texts >= 0]]], rows]))
    kept = np.where((texts >= 0) & ~np.append(now.changed, True)[texts], texts, -1)
    keys, owners = _touched_by(prints, kept, touched)
    come = np.where((texts >= 0) & np.append(now.changed, False)[texts], texts, -1)
    left = np.full(len(texts), -1)
    left[rows] = np.flatnonzero(then.changed)
    added = count_shared(np.concatenate([entries(keys, owners), _entries_of(prints, come)]), now.stories)
    gone = count_shared(np.concatenate([entries(keys, place[owners]), _entries_of(prints, left)]), then.stories)
    stayed = _without(known, *gone)
    number = np.full(len(then.stories), -1)
    number[place[~now.changed]] = np.flatnonzero(~now.changed)
    one, other = unpack(stayed.pairs)
    pairs = pack(number[one], number[other])
    order = np.argsort(pairs)
    return Shared(*add_up([(pairs[order], stayed.common[order]), added]))


def _keys_of(prints: Lists, rows: Numbers) -> Hashes:
    """The keys of the fingerprints of some rows, as entries have them, each once."""
    return distinct(prints.take(rows)[0] >> SHIFT)


def _entries_of(prints: Lists, texts: Numbers) -> Hashes:
    """The entries of the texts that some rows stand for, -1 for none; they are few."""
    rows = np.flatnonzero(texts >= 0)
    keys, starts = prints.take(rows)
    return entries(keys, np.repeat(texts[rows], np.diff(starts)))


def _touched_by(prints: Lists, texts: Numbers, touched: Hashes) -> tuple[Hashes, Numbers]:
    """The fingerprints of texts (by row, -1 for none) whose keys are among those touched, and the text of each."""
    sought = sieve(touched)
    found: list[tuple[Hashes, Numbers]] = [(np.zeros(0, np.uint64), np.zeros(0, np.int64))]
    for keys, starts, texts_here in rows_of(prints, texts):
        some = sought.catch(keys >> SHIFT)
        owners = texts_here[np.searchsorted(starts, some, side="right") - 1]
        found.append((keys[some[owners >= 0]], owners[owners >= 0]))
    return np.concatenate([keys for keys, _ in found]), np.concatenate([owners for _, owners in found])


def _without(known: Shared, pairs: Hashes, common: Numbers) -> Shared:
    """What is known without what these pairs share, which is part of it."""
    left = known.common.copy()
    left[np.searchsorted(known.pairs, pairs)] -= common
    return Shared(known.pairs[left > 0], left[left > 0])

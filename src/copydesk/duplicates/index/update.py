"""What new articles change: pairs, stories, common runs, measures; everything else stays as it is known.

The steps are those of `compare.compare`, and so is the result: that of comparing all articles at once. Each step takes
what has changed before it and gives what changes by it:

1. New groups, and groups for which another article stands, bring keys. Pairs change only in runs of these keys.
2. Pairs by bands are measured at sight. Stories change only where such links do.
3. Pairs by fingerprints change only for stories that have changed, and for those of which a fingerprint has come to
   stand in too many stories to say anything.
4. Counts of runs of three words change only by stories that have changed. Where a run becomes common, the pairs of the
   articles that have it are measured again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from copydesk.duplicates.candidates import Numbers, unpack
from copydesk.duplicates.compare import CERTAIN_JACCARD, Linked, closure
from copydesk.duplicates.groups import connect, distinct
from copydesk.duplicates.hashing import GRAM_SLOTS, Hashes
from copydesk.duplicates.index.counts import Changes, Counts, Slots
from copydesk.duplicates.index.keys import BANDS, Keys
from copydesk.duplicates.index.neighbours import Stories, change_in_runs
from copydesk.duplicates.index.pairs import UNKNOWN, Pairs
from copydesk.duplicates.index.rows import Rows
from copydesk.duplicates.verify import COMMON_ARTICLES, Verdicts
from copydesk.settings import DuplicateSettings

Flags = npt.NDArray[np.bool_]
Measure = Callable[[Numbers, Numbers], Verdicts]
"""The verdicts on pairs of positions."""
SCAN_ARTICLES = 1 << 14
"""Articles whose slots are looked through at once."""


@dataclass(frozen=True, slots=True)
class Told:
    """The stories, and the groups of which the story has others than before."""

    stories: Stories
    changed: Flags


def change_pairs(pairs: Pairs, known: Keys, fresh: Iterable[tuple[str, Hashes]], positions: Numbers) -> Pairs:
    """The pairs with those that new entries of bands, titles and URLs bring, and with fewer reasons for some."""
    changes = {
        kind: change_in_runs(known, kind, found, positions) for kind, found in fresh if kind not in ("folded", "prints")
    }
    pairs = pairs.spread(distinct(np.concatenate([pairs.packed, *(packed for packed, _ in changes.values())])))
    own, bands, named = pairs.packed, pairs.bands.copy(), pairs.named.copy()
    for kind, (packed, change) in changes.items():
        count = bands if kind in BANDS else named
        count[np.searchsorted(own, packed)] += change
    return replace(pairs, bands=bands, named=named)


def look_at(pairs: Pairs, anew: Flags, measure: Measure, settings: DuplicateSettings) -> Pairs:
    """The pairs, those by bands measured at sight if they weren't, or have a side (by position) that is `anew`.

    What is sure at sight has its verdict by that.
    """
    dirty = anew[pairs.left] | anew[pairs.right]
    measured = pairs.measured & ~dirty
    sight = np.where(pairs.alike & ~dirty, pairs.sight, UNKNOWN)
    due = np.flatnonzero(pairs.alike & (sight == UNKNOWN))
    was_certain = _certain(pairs.sight)
    found = measure(pairs.left[due], pairs.right[due])
    sight[due] = np.where(found.linked & (found.jaccard >= settings.near_jaccard), found.jaccard, 0.0)
    verdicts = copy_verdicts(pairs.verdicts)
    sure = _certain(sight[due])
    put(verdicts, due[sure], found, np.flatnonzero(sure))
    certain = _certain(sight)
    # A pair that was sure and no longer shares a band, or the other way round, is measured in the other manner.
    measured &= certain == was_certain
    return replace(pairs, sight=sight, measured=measured | certain, verdicts=verdicts)


def _certain(sight: npt.NDArray[np.float64]) -> Flags:
    certain: Flags = sight >= CERTAIN_JACCARD
    return certain


def tell_stories(before: Numbers, edges_before: Hashes, pairs: Pairs, groups_at: Numbers) -> Told:
    """The stories, as groups that hang together by links at sight, and which have changed.

    `before`: the story of each group that there was; `edges_before`: the links at sight that there were, by position.
    """
    total = len(groups_at)
    edges = pairs.packed[pairs.sight > 0]
    positions = np.empty(total, dtype=np.int64)
    positions[groups_at] = np.arange(total)
    after = groups_at[connect(total, *unpack(edges))][positions]
    ends = groups_at[np.concatenate(unpack(np.setxor1d(edges, edges_before, assume_unique=True)))]
    touched = np.zeros(total, dtype=bool)
    touched[len(before) :] = True
    touched[ends] = True
    wide = np.concatenate([before, np.full(total - len(before), -1)])
    turned = np.zeros(total + 1, dtype=bool)
    turned[wide[touched]] = True
    turned[-1] = False
    changed = turned[wide]
    turned[:] = False
    turned[after[touched]] = True
    return Told(Stories(wide, after), changed | turned[after])


def set_prints(pairs: Pairs, packed: Hashes, told: Flags) -> Pairs:
    """The pairs, those by fingerprints with a side (by position) that is `told` being these and no others."""
    pairs = pairs.spread(distinct(np.concatenate([pairs.packed, packed])))
    prints = pairs.prints & ~told[pairs.left] & ~told[pairs.right]
    prints[np.searchsorted(pairs.packed, packed)] = True
    return replace(pairs, prints=prints)


def change_common(known: Counts, common: Slots, changes: Iterable[tuple[Slots, Changes]]) -> tuple[Slots, Slots]:
    """The common slots, and those that have become common or no longer are; `changes` come on as they are read."""
    turned = [np.zeros(0, dtype=np.uint32)]
    for slots, change in changes:
        before = known.look_up(slots)
        turned.append(slots[(before > COMMON_ARTICLES) != (before + change > COMMON_ARTICLES)])
    found = np.concatenate(turned)
    return np.setxor1d(common, found, assume_unique=True), found


def find_stale(rows: Rows, articles: Numbers, turned: Slots) -> Flags:
    """Which articles have a slot among these."""
    stale = np.zeros(len(articles), dtype=bool)
    if not len(turned):
        return stale
    table = np.zeros(GRAM_SLOTS, dtype=bool)
    table[turned] = True
    for low in range(0, len(articles), SCAN_ARTICLES):
        values, starts = rows.lists("runs", articles[low : low + SCAN_ARTICLES])
        ends = np.concatenate([[0], np.cumsum(table[values])])
        stale[low : low + SCAN_ARTICLES] = ends[starts[1:]] > ends[starts[:-1]]
    return stale


def examine(pairs: Pairs, measure: Measure) -> Pairs:
    """The pairs with a verdict each: candidates, and what the links among them make worth measuring; no others."""
    pairs = _measure_due(pairs, pairs.candidates, measure)
    chosen = pairs.candidates
    values = pairs.verdicts
    linked = _choose(pairs, chosen & values.linked)
    near_misses = _choose(pairs, chosen & values.enough & ~values.linked & ~_certain(pairs.sight))
    more = closure(linked, near_misses, int(pairs.right.max(initial=-1)) + 1)
    pairs = pairs.spread(distinct(np.concatenate([pairs.packed[chosen], more])))
    return _measure_due(pairs, np.ones(len(pairs), dtype=bool), measure)


def _measure_due(pairs: Pairs, wanted: Flags, measure: Measure) -> Pairs:
    due = np.flatnonzero(wanted & ~pairs.measured)
    found = measure(pairs.left[due], pairs.right[due])
    verdicts, measured = copy_verdicts(pairs.verdicts), pairs.measured.copy()
    put(verdicts, due, found, np.arange(len(due)))
    measured[due] = True
    return replace(pairs, measured=measured, verdicts=verdicts)


def _choose(pairs: Pairs, chosen: Flags) -> Linked:
    part = pairs.take(chosen)
    return Linked(part.left, part.right, part.verdicts)


def copy_verdicts(verdicts: Verdicts) -> Verdicts:
    """The same, in arrays that may be written to."""
    return Verdicts(*(getattr(verdicts, name).copy() for name in Verdicts.__slots__))


def put(verdicts: Verdicts, places: Numbers, found: Verdicts, rows: Numbers) -> None:
    """Writes some of the verdicts found to these places."""
    for name in Verdicts.__slots__:
        getattr(verdicts, name)[places] = getattr(found, name)[rows]

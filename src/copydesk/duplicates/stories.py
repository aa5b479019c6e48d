"""The articles of each story with what decides between them: which are linked, which are older versions of a page."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from copydesk.duplicates.compare import Comparison, Linked
from copydesk.duplicates.fold import UPPER_MARK, words
from copydesk.duplicates.groups import Digest, connect
from copydesk.duplicates.order import Row, version
from copydesk.duplicates.verify import SHORT_WORDS, Verdicts

REPLACED = 0.4
"""Share of an older version's words that a newer one of the page must hold to replace it. Below it the address has
another article now: that of a home page, say."""
CUT_OFF, LEAST_CUT = 0.9, 0.66
"""A newer version of which so much stands in the older one is what a paywall lets through, unless it holds two thirds
of it."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A linked pair seen from one side: `covered` is the share of that side's words that is in the other text.

    For the others see `verify.Verdicts`.
    """

    same: bool
    jaccard: float
    containment: float
    covered: float
    steady: bool = False


@dataclass(frozen=True, slots=True)
class Corpus:
    """The articles of stories, and which are linked.

    A *unit* is a tuple of articles of the same words (for short texts also the same title, outlet and day);
    `units[group]` those of a group of texts of the same words; `pairs[group]` the groups it is linked with.
    """

    rows: Mapping[int, Row]
    words: Mapping[int, int]
    groups: Mapping[int, int]
    units: Mapping[int, Sequence[tuple[int, ...]]]
    pairs: dict[int, dict[int, Pair]]
    outdated: frozenset[int]
    digest: Digest


def fold_title(title: str | None) -> str:
    """The words of a title as they are compared.

    >>> fold_title("Café fire: 3 hurt")
    'cafe fire 3 hurt'
    """
    return " ".join(words(title or "")).replace(UPPER_MARK, "")


def read_corpus(
    rows: Mapping[int, Row], digest: Digest, comparison: Comparison, stories: Sequence[Sequence[int]]
) -> Corpus:
    """The articles of these stories, from the rows that they and the pages under their URL keys have."""
    groups = {i: int(comparison.groups.of[i]) for i in rows}
    lengths = {i: int(comparison.words[group]) if group >= 0 else 0 for i, group in groups.items()}
    told = {groups[i] for story in stories for i in story}
    units = {group: _split_short(comparison.groups[group], rows, lengths) for group in told}
    pairs: dict[int, dict[int, Pair]] = {}
    add_pairs(pairs, _among(comparison.linked, told))
    return Corpus(rows, lengths, groups, units, pairs, _find_outdated(rows, groups, pairs), digest)


def _among(linked: Linked, groups: Collection[int]) -> Linked:
    """The pairs of these groups: no link leads from the groups of a story to others."""
    chosen = np.isin(linked.left, np.fromiter(groups, np.int64))
    values = linked.verdicts
    part = Verdicts(*(getattr(values, name)[chosen] for name in Verdicts.__slots__))
    return Linked(linked.left[chosen], linked.right[chosen], part)


def _split_short(
    members: Sequence[int], rows: Mapping[int, Row], lengths: Mapping[int, int]
) -> tuple[tuple[int, ...], ...]:
    if len(members) == 1 or lengths[members[0]] >= SHORT_WORDS:
        return (tuple(members),)
    apart: dict[tuple[Any, ...], list[int]] = {}
    for i in members:
        key = (fold_title(rows[i].get("title")), rows[i].get("outlet"), rows[i].get("published_on"))
        apart.setdefault(key, []).append(i)
    return tuple(map(tuple, apart.values()))


def add_pairs(pairs: dict[int, dict[int, Pair]], linked: Linked) -> None:
    """Adds linked pairs of groups, seen from both sides."""
    values = linked.verdicts
    columns = (values.same, values.jaccard, values.containment, values.covered_b, values.covered_a, values.steady)
    for a, b, same, jaccard, containment, covered_a, covered_b, steady in zip(
        linked.left.tolist(), linked.right.tolist(), *(column.tolist() for column in columns), strict=True
    ):
        pairs.setdefault(a, {})[b] = Pair(same, jaccard, containment, covered_a, steady)
        pairs.setdefault(b, {})[a] = Pair(same, jaccard, containment, covered_b, steady)


def _find_outdated(
    rows: Mapping[int, Row], groups: Mapping[int, int], pairs: Mapping[int, Mapping[int, Pair]]
) -> frozenset[int]:
    """The articles of which there is a linked newer version under the same URL key that says what they said."""
    by_url: dict[str, list[int]] = {}
    for i, row in rows.items():
        if row.get("url_key") and groups[i] >= 0:
            by_url.setdefault(row["url_key"], []).append(i)
    found = set()
    for pages in by_url.values():
        if len(pages) < 2:
            continue
        latest: dict[int, str] = {}
        for i in pages:
            latest[groups[i]] = max(latest.get(groups[i], ""), version(rows[i]) or "")
        for i in pages:
            linked = pairs.get(groups[i], {}).keys() & latest.keys()
            newer = [groups[i], *(group for group in linked if replaces(group, groups[i], pairs))]
            if (version(rows[i]) or "") < max(latest[group] for group in newer):
                found.add(i)
    return frozenset(found)


def replaces(newer: int, older: int, pairs: Mapping[int, Mapping[int, Pair]]) -> bool:
    """Whether of two linked groups under one URL key one says enough of what the other said to stand for it."""
    least = LEAST_CUT if pairs[newer][older].covered >= CUT_OFF else REPLACED
    return pairs[older][newer].covered >= least


def find_stories(comparison: Comparison) -> list[list[int]]:
    """The articles of each set of groups that hang together by links, where there is more than one article."""
    groups, linked = comparison.groups, comparison.linked
    story = connect(len(groups), linked.left, linked.right)
    names = np.repeat(story, np.diff(groups.starts))
    several = np.flatnonzero(np.bincount(names, minlength=len(groups))[names] > 1)
    names, texts = names[several], groups.flat[several]
    order = np.lexsort((texts, names))
    breaks = np.flatnonzero(names[order[1:]] != names[order[:-1]]) + 1
    members: list[int] = texts[order].tolist()
    bounds = [0, *breaks.tolist(), len(members)] if members else []
    return [members[start:end] for start, end in pairwise(bounds)]

"""Which articles of a story go, and for which: the best by rank stays and takes what it covers, then the next."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from copydesk.duplicates.candidates import pack, unpack
from copydesk.duplicates.compare import LARGEST_CLOSURE, Comparison
from copydesk.duplicates.order import rank, version
from copydesk.duplicates.series import differ_as_series, find_series
from copydesk.duplicates.stories import Corpus, Pair, add_pairs, replaces
from copydesk.duplicates.verify import SHORT_WORDS
from copydesk.settings import DuplicateSettings

LIKELY = 16
"""In a story of too many texts for all its pairs, everything is measured against so many likely survivors, by rank and
by what they are known to hold; what these don't take goes by the pairs that are known."""
LEAST_RUNS = 0.36
"""Share of the smaller text's runs of three words below which a linked text stays. On a corpus of retold stories the
links below .4 were two newsrooms telling one event in like words; at .5 light scans and agency copies stayed too (the
benchmark's heavy edits found fell from .97 to .88; at .36 they are at .94)."""
NOTE_WORDS, NOTE_RUNS = 150, 0.56
"""A near copy below 150 words goes only if it shares 0.56 of its runs of three words. Match reports and notes written
from one form share 0.53 and differ in who, when and how many, whatever their alignment says."""
SCAN_COVERAGE = 0.9
"""But a badly scanned brief goes as a longer text does: it is covered to this share, no number differs in it, and names
don't more often than other words. A form is the other way round: its words stay, and names and numbers change."""
SHORT_COVERAGE = 0.95
"""Share of a text below 25 words that a longer one must hold for the short one to be its excerpt."""


def remove_copies(
    story: list[int], corpus: Corpus, comparison: Comparison, limits: DuplicateSettings
) -> Iterable[dict[str, Any]]:
    """The copies in one story: the article of the best rank stays and takes what it covers, then the next of those
    left.
    """
    undecided = set(story)
    groups = sorted({corpus.groups[i] for i in story})
    if len(groups) > LARGEST_CLOSURE:
        _measure_likely(story, groups, corpus, comparison, limits)
    series = find_series(groups, corpus)
    for survivor in _in_order(story, groups, corpus, limits):
        if survivor not in undecided:
            continue
        undecided.discard(survivor)
        for copy, pair in _taken(survivor, undecided, series, corpus, limits):
            undecided.discard(copy)
            yield _link(copy, survivor, pair, corpus)


def _in_order(story: Sequence[int], groups: Sequence[int], corpus: Corpus, limits: DuplicateSettings) -> list[int]:
    """The articles of a story in the order of survivors."""
    held = {group: _count_held(group, corpus, limits) for group in groups}
    most = [max(*column, 1.0) for column in zip(*held.values(), strict=True)]
    shares = {group: tuple(own / best for own, best in zip(held[group], most, strict=True)) for group in groups}
    longest = max(corpus.words[i] for i in story)
    return sorted(story, key=lambda i: _place(i, longest, corpus, *shares[corpus.groups[i]]))


def _place(i: int, longest: int, corpus: Corpus, holds: float = 1.0, agrees: float = 1.0) -> tuple[Any, ...]:
    return rank(
        corpus.rows[i],
        corpus.digest(i),
        corpus.words[i],
        longest=longest,
        outdated=i in corpus.outdated,
        holds=holds,
        agrees=agrees,
    )


def _count_held(group: int, corpus: Corpus, limits: DuplicateSettings) -> tuple[float, float]:
    """How many other articles of the story could go for a text of this group, each by the share of its words, and of
    its runs of three words, that is there.
    """
    words = runs = sum(map(len, corpus.units[group])) - 1.0
    for other in sorted(corpus.pairs.get(group, {})):
        pair = corpus.pairs[other][group]
        if pair.covered >= limits.removal_coverage and _same_runs(pair, corpus.words[corpus.units[other][0][0]]):
            articles = sum(map(len, corpus.units[other]))
            words, runs = words + articles * pair.covered, runs + articles * pair.containment
    return words, runs


def _measure_likely(
    story: Sequence[int], groups: Sequence[int], corpus: Corpus, comparison: Comparison, limits: DuplicateSettings
) -> None:
    """Measures all groups of a large story against its likely survivors: the first by rank, and those known to
    hold most.
    """
    longest = max(corpus.words[i] for i in story)
    by_rank = [corpus.groups[i] for i in sorted(story, key=lambda i: _place(i, longest, corpus))]
    held = {group: _count_held(group, corpus, limits) for group in groups}
    by_held = sorted(groups, key=lambda group: (-held[group][0], group))
    for group in dict.fromkeys([*dict.fromkeys(by_rank[:LIKELY]), *by_held[:LIKELY]]):
        known = corpus.pairs.get(group, {})
        others = np.array([g for g in groups if g != group and g not in known], dtype=np.int64)
        add_pairs(corpus.pairs, comparison.measure(*unpack(pack(np.full(len(others), group), others))))


def _taken(
    survivor: int, undecided: set[int], series: frozenset[int], corpus: Corpus, limits: DuplicateSettings
) -> list[tuple[int, Pair | None]]:
    """The undecided articles that are copies of the survivor; without a pair where the words are the same."""
    group = corpus.groups[survivor]
    same = next(unit for unit in corpus.units[group] if survivor in unit)
    found: list[tuple[int, Pair | None]] = [(i, None) for i in same if i in undecided]
    for other in sorted(corpus.pairs.get(group, {})):
        if group in series and differ_as_series(group, other, corpus):
            continue
        seen = corpus.pairs[other][group]
        for unit in corpus.units[other]:
            found.extend((i, seen) for i in unit if i in undecided and _goes(i, survivor, seen, corpus, limits))
    return found


def _goes(copy: int, survivor: int, pair: Pair, corpus: Corpus, limits: DuplicateSettings) -> bool:
    """Whether a linked article may go: its words are in the survivor, or it is an older version of that page."""
    if corpus.words[copy] < SHORT_WORDS:
        return pair.covered >= SHORT_COVERAGE and corpus.words[survivor] >= SHORT_WORDS
    if _is_revision(copy, survivor, corpus):
        return True
    return _same_runs(pair, corpus.words[copy]) and pair.covered >= limits.removal_coverage


def _same_runs(pair: Pair, words: int) -> bool:
    """Whether a text of so many words shares enough runs of words with another one to go for it."""
    note = pair.same and words < NOTE_WORDS and not (pair.steady and pair.covered >= SCAN_COVERAGE)
    return pair.containment >= (NOTE_RUNS if note else LEAST_RUNS)


def _is_revision(copy: int, survivor: int, corpus: Corpus) -> bool:
    if copy not in corpus.outdated or survivor in corpus.outdated:
        return False
    row, kept = corpus.rows[copy], corpus.rows[survivor]
    newer = row["url_key"] == kept.get("url_key") and (version(row) or "") < (version(kept) or "")
    return newer and replaces(corpus.groups[survivor], corpus.groups[copy], corpus.pairs)


def _link(copy: int, survivor: int, pair: Pair | None, corpus: Corpus) -> dict[str, Any]:
    return {
        "article_id": corpus.rows[copy]["article_id"],
        "canonical_id": corpus.rows[survivor]["article_id"],
        "kind": _kind(copy, survivor, pair, corpus),
        "jaccard": pair.jaccard if pair else 1.0,
        "containment": pair.containment if pair else 1.0,
    }


def _kind(copy: int, survivor: int, pair: Pair | None, corpus: Corpus) -> str:
    outlets = {corpus.rows[i].get("outlet") for i in (copy, survivor)}
    if pair and _is_revision(copy, survivor, corpus):
        return "revision"
    if pair and not pair.same:
        return "excerpt"
    if len(outlets) == 2 and None not in outlets:
        return "syndicated"
    return "near" if pair else "exact"

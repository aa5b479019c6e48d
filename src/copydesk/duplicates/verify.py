"""Measured pairs → verdicts: the same story, a part of the other, or neither, and by which rule.

The thresholds were swept on seeds 1 and 2 of the duplicates benchmark (bench/duplicates.py prints what they reach)
and belong together; don't tune one in isolation.

Words count as *covered* if they match or lie between two near matches (`align`); words in runs that are common in
the corpus are left out on both sides, so shared furniture links nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from copydesk.duplicates import align
from copydesk.settings import DuplicateSettings

COMMON_ARTICLES = 20
"""A run of three words in more groups of copies than this is common: furniture, or a turn of phrase."""

SAME_SHARE = 0.45
"""Both texts covered to this share are one story; below it, one is a part of the other."""
BRIDGED_SHARE, BRIDGED_RUNS = 0.44, 0.19
"""Texts full of small differences (scanned, rewritten): covered so far, sharing so many runs at least."""
FEWEST_RUNS = 0.27
"""Share of the smaller text's runs below which a part is not believed, however near its matches are to each other."""
EDITED = 0.13
"""Words that differ in the matching passages, from which on runs must carry the evidence alone: recombined
sentences reach 0.2.
"""
VERBATIM, SURE_SHARE, SURE_RUNS = 0.7, 0.6, 0.4
"""An excerpt is printed as it was: of a text that is covered to less than 0.6, the shared runs must make up most of
what is covered. Above that it may be a scanned or edited part, if it still shares 0.4 of its runs: sentences recombined
with one word in five replaced share 0.35."""
SHORT_WORDS = 25
"""Texts below this many words, furniture not counted, must be covered to `SHORT_SHARE`, share `SHORT_RUNS` of their
runs and agree in every number and name: of notes from one form hardly more is left than the figure they have in
common."""
SHORT_SHARE, SHORT_RUNS = 0.9, 0.7
LEAST_WORDS = 10
"""Texts below this many words are copies of equal texts only: the rest of a headline is no excerpt of every story
that quotes it.
"""

EXPECTED_NUMBERS, EXPECTED_NAMES = 0.10, 0.15
"""Share of numbers and names at the same place that may differ in a copy that is otherwise unchanged: corrections,
spellings. To it comes `NOISE` times the share of other words that differ, since noise hits all alike."""
NOISE = 2.0
NOTE_WORDS, SHORT_NOTE_WORDS = 100, 60
"""Texts that match in fewer words are notes: from one form, with other facts each time, unless other words (in short
notes more than two) differ as well."""
SLACK, CLEAN_SLACK, CLEAN_WORDS = 1.5, 0.5, 5
"""Facts beyond the expected number that are forgiven: fewer where under five other words differ, as in templates."""

Measures = npt.NDArray[np.int64]
Shares = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Verdicts:
    """What the measures of n pairs (a, b) say; arrays of length n.

    `jaccard`, `containment`: of the runs of three words, all of them; `covered_a`, `covered_b`: share of each text's
    words, or of those that aren't furniture of the corpus, that is in the other; `enough`: as much is shared as a link
    needs; `linked`: and the facts agree; `same`: one story (else a part); `steady`: no number differs, and names don't
    more often than other words: scans, not forms; `brief`: few words match, as in notes.
    """

    jaccard: Shares
    containment: Shares
    covered_a: Shares
    covered_b: Shares
    enough: Flags
    linked: Flags
    same: Flags
    steady: Flags
    brief: Flags


def judge(measures: Measures, words_a: Measures, words_b: Measures, settings: DuplicateSettings) -> Verdicts:
    """The verdicts on measured pairs.

    >>> judge(np.zeros((0, align.SIZE), dtype=np.int64), np.zeros(0), np.zeros(0), DuplicateSettings()).linked.shape
    (0,)
    """
    m = measures.astype(np.float64)
    smaller = np.minimum(m[:, align.DISTINCT_A], m[:, align.DISTINCT_B])
    union = m[:, align.DISTINCT_A] + m[:, align.DISTINCT_B] - m[:, align.SHARED]
    runs = _share(m[:, align.RARE_SHARED], np.minimum(m[:, align.RARE_A], m[:, align.RARE_B]))
    own_a = _share(m[:, align.OWN_COVERED_A], m[:, align.OWN_A])
    own_b = _share(m[:, align.OWN_COVERED_B], m[:, align.OWN_B])
    jaccard = _share(m[:, align.SHARED], union)
    least, most = np.minimum(own_a, own_b), np.maximum(own_a, own_b)
    enough = _enough(runs, least, most, _changed(m), settings)
    # Where every run of the smaller text is in the other, no fact can differ: a recurring run was matched with
    # the wrong place.
    linked = enough & (~facts_differ(m) | (m[:, align.SHARED] >= smaller))
    shorter = np.minimum(words_a, words_b)
    told = np.minimum(shorter, np.minimum(m[:, align.OWN_A], m[:, align.OWN_B]))
    linked &= (told >= SHORT_WORDS) | ((shorter >= LEAST_WORDS) & _short_enough(m, most, runs))
    return Verdicts(
        jaccard=jaccard,
        containment=_share(m[:, align.SHARED], smaller),
        covered_a=_covered(_share(m[:, align.COVERED_A], words_a), own_a, m[:, align.OWN_A]),
        covered_b=_covered(_share(m[:, align.COVERED_B], words_b), own_b, m[:, align.OWN_B]),
        enough=enough,
        linked=linked,
        same=linked & ((least >= SAME_SHARE) | (jaccard >= settings.near_jaccard)),
        steady=_steady(m),
        brief=_matching(m) < NOTE_WORDS,
    )


def _enough(runs: Shares, least: Shares, most: Shares, changed: Shares, settings: DuplicateSettings) -> Flags:
    """Whether the texts share enough, whatever their facts."""
    floor = settings.excerpt_containment
    part = (most >= floor) & (runs >= FEWEST_RUNS) & ((changed <= EDITED) | (runs >= floor))
    part &= (runs >= VERBATIM * most) | ((most >= SURE_SHARE) & (runs >= SURE_RUNS))
    edited = (most >= BRIDGED_SHARE) & (least >= BRIDGED_SHARE - 0.04) & (runs >= BRIDGED_RUNS)
    result: Flags = part | edited
    return result


def facts_differ(m: Shares) -> Flags:
    """Whether numbers or names near the matches differ more often than the words around them explain."""
    noise = NOISE * _changed(m)
    slack = _slack(m)
    numbers = _differ(m[:, align.OTHER_NUMBERS], m[:, align.SAME_NUMBERS], EXPECTED_NUMBERS + noise, slack)
    names = _differ(m[:, align.OTHER_NAMES], m[:, align.SAME_NAMES], EXPECTED_NAMES + noise, slack + 0.5)
    result: Flags = numbers | names | _facts_alone_differ(m)
    return result


def _facts_alone_differ(m: Shares) -> Flags:
    """Whether two notes are the same but for their facts: then one other number, or two names, make another note."""
    facts = m[:, align.OTHER_NUMBERS] + np.maximum(m[:, align.OTHER_NAMES] - 1, 0)
    same = _matching(m)
    edited = m[:, align.OTHER_WORDS] > np.where(same < SHORT_NOTE_WORDS, 2, 0)
    result: Flags = ~edited & (facts > 0) & (same < NOTE_WORDS)
    return result


def _steady(m: Shares) -> Flags:
    names = _share(m[:, align.OTHER_NAMES], m[:, align.OTHER_NAMES] + m[:, align.SAME_NAMES])
    result: Flags = (m[:, align.OTHER_NUMBERS] == 0) & (names <= _changed(m))
    return result


def _slack(m: Shares) -> Shares:
    """How many facts beyond the expected number are forgiven: few where hardly another word differs, as in templates.

    In long texts the step is a ramp, for a scan of a story has a wrong figure or two where it has three wrong words.
    """
    other = m[:, align.OTHER_WORDS]
    step = np.where(other < CLEAN_WORDS, CLEAN_SLACK, SLACK)
    ramp = np.minimum(CLEAN_SLACK + (SLACK - CLEAN_SLACK) * other / CLEAN_WORDS, SLACK)
    return np.where(_matching(m) >= align.LONG_WORDS, ramp, step)


def _differ(other: Shares, same: Shares, expected: Shares, slack: Shares) -> Flags:
    """Whether so many others are more than the expected share and the slack.

    Tried and rejected: two standard deviations as the slack. It finds the last scanned texts and links weather
    reports.
    """
    count, share = other + same, np.minimum(expected, 0.9)
    result: Flags = other - count * share > slack
    return result


def _covered(all_words: Shares, own: Shares, own_words: Shares) -> Shares:
    """The share of a text that is in the other one; furniture that the other lacks is no loss, if enough else is
    there.
    """
    return np.where(own_words >= SHORT_WORDS, np.maximum(all_words, own), all_words)


def _short_enough(m: Shares, most: Shares, runs: Shares) -> Flags:
    result: Flags = (
        (most >= SHORT_SHARE) & (runs >= SHORT_RUNS) & (m[:, align.OTHER_NUMBERS] == 0) & (m[:, align.OTHER_NAMES] == 0)
    )
    return result


def _matching(m: Shares) -> Shares:
    """Words at the same place in both texts."""
    result: Shares = m[:, align.SAME_NUMBERS] + m[:, align.SAME_NAMES] + m[:, align.SAME_WORDS]
    return result


def _changed(m: Shares) -> Shares:
    """Share of ordinary words that differ where the texts match."""
    return _share(m[:, align.OTHER_WORDS], m[:, align.OTHER_WORDS] + m[:, align.SAME_WORDS])


def _share(part: Shares, whole: Shares | Measures) -> Shares:
    result: Shares = part / np.maximum(whole, 1)
    return result

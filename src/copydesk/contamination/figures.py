"""The columns of the models: a paragraph's figures, those of its article's other paragraphs, and its copy elsewhere."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from copydesk.contamination.copies import Copies
from copydesk.contamination.kinship import name_own_subject
from copydesk.contamination.pairwise import squares
from copydesk.contamination.papers import Papers
from copydesk.contamination.signals import OWN, Figures
from copydesk.contamination.typing_habits import typing_figures

COPIED_SHARE = 0.9
"""Share of a paragraph's rare words in one other paragraph from which it counts as a copy of it."""
MIN_PARAGRAPH_WORDS = 8
"""Words of two letters and more, the ones that are counted here."""
MIN_REST_WORDS = 180
"""Words that an article has besides a paragraph. With fewer, genuine paragraphs of briefs looked as strange as foreign
ones: there is too little to hold them against."""
MIN_KNOWN_SHARE = 0.75
"""Share of an article's words that the background knows. English news has 0.9 and more, German 0.3."""
PRIOR = 3.0
"""Paragraphs of an average article that are added when an article's own spread is estimated."""
RELATIVE = ("likelihood", "cover_far", "similar", "similar_best")
TYPICAL = {"likelihood": (0.3, 0.31), "cover_far": (0.38, 0.17), "similar": (0.46, 0.19), "similar_best": (0.48, 0.15)}
"""Mean and spread of each figure over all paragraphs of the training corpora. Constants, so that one article more in
the corpus changes nothing for another."""


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """For each block the share of it that stands in its best match elsewhere (0 without one), the number of that
    block among all of the corpus (-1 without one), how well the match fits its own article, and whether it is the title
    of another story and not of a part of its own.
    """

    share: Figures
    match: NDArray[np.int64]
    cover: Figures
    similar: Figures
    likelihood: Figures
    title: NDArray[np.bool_]


def long_paragraphs(papers: Papers) -> NDArray[np.bool_]:
    """Which paragraphs have words enough to say something; a title never has."""
    long: NDArray[np.bool_] = papers.lengths >= MIN_PARAGRAPH_WORDS
    long[papers.titles] = False
    return long


def judged_paragraphs(papers: Papers) -> NDArray[np.bool_]:
    """Which paragraphs may be judged at all.

    They are long enough and not alone, the rest of their article is long enough, and both are written in the
    background's language: what is judged by the words of English news must be made of them.
    """
    sizes = np.diff(papers.starts)
    words = np.add.reduceat(papers.lengths, papers.starts[:-1])
    known = np.add.reduceat(papers.known, papers.starts[:-1])
    rest = np.repeat(words, sizes) - papers.lengths
    fluent = np.repeat(known >= MIN_KNOWN_SHARE * np.maximum(words, 1), sizes)
    fluent &= papers.known >= (MIN_KNOWN_SHARE - 0.15) * papers.lengths
    judged: NDArray[np.bool_] = papers.judged & long_paragraphs(papers) & (rest >= MIN_REST_WORDS)
    return judged & fluent & np.repeat(sizes > 2, sizes)


def find_elsewhere(papers: Papers, copies: Copies, theirs: dict[str, Figures]) -> Elsewhere:
    """What is known of the copies of these blocks; `theirs` has the figures of each block in `copies.matches`."""
    at = np.searchsorted(copies.blocks, papers.blocks)
    at[at == copies.blocks.size] = 0
    found = copies.blocks[at] == papers.blocks if copies.blocks.size else np.zeros(papers.blocks.size, np.bool_)

    def of(values: Figures) -> Figures:
        return np.where(found, values[at], 0.0) if copies.blocks.size else np.zeros(papers.blocks.size)

    match = np.where(found, copies.matches[at], -1) if copies.blocks.size else np.full(papers.blocks.size, -1)
    title = found & copies.titles[at] if copies.blocks.size else found
    named = np.flatnonzero(title)
    title[named[name_own_subject(papers, named)]] = False
    cover, similar, likelihood = (of(theirs[name]) for name in ("cover_far", "similar", "likelihood"))
    return Elsewhere(of(copies.shares), match, cover, similar, likelihood, title)


def single_columns(papers: Papers, own: dict[str, Figures], elsewhere: Elsewhere) -> dict[str, Figures]:
    """The columns of the first model by name, each of shape (blocks,)."""
    columns = {name: own[name] for name in OWN if name != "similar_above"} | _size_columns(papers)
    columns |= _opening_columns(papers, columns) | _headline_columns(papers, own, elsewhere) | typing_figures(papers)
    for name in RELATIVE:
        columns |= _relative_columns(papers, columns[name], name)
    likelihood, cover, similar = columns["likelihood"], columns["cover_far"], columns["similar"]
    for name, figure in (("likelihood", likelihood), ("cover_far", cover), ("similar", similar)):
        columns[f"{name}*length"] = figure * columns["length"]
        columns[f"{name}*rest"] = figure * columns["rest"]
        columns[f"{name}^2"] = figure * figure
    columns["likelihood*lead"] = likelihood * columns["lead"]
    columns["likelihood*similar"] = likelihood * similar
    columns["likelihood*cover_far"] = likelihood * cover
    columns["similar*cover_far"] = similar * cover
    columns["theme*similar"] = columns["theme"] * similar
    columns["theme*cover_far"] = columns["theme"] * cover
    return columns | _company_columns(columns) | _ownership_columns(columns, elsewhere)


def _company_columns(columns: dict[str, Figures]) -> dict[str, Figures]:
    """How much more a paragraph is like other stories than like its own."""
    best, mean, similar = columns["others_best"], columns["others_mean"], columns["similar"]
    return {
        "best-similar": best - similar,
        "mean-similar": mean - similar,
        "best*similar": best * similar,
        "mean*similar": mean * similar,
        "best^2": best * best,
        "mean*theme": mean * columns["theme"],
    }


def _size_columns(papers: Papers) -> dict[str, Figures]:
    """Length and place of each paragraph, length of the rest."""
    sizes = np.diff(papers.starts)
    place = np.arange(papers.lengths.size) - np.repeat(papers.starts[:-1], sizes)
    from_end = np.repeat(sizes - 2, sizes) - place
    count = np.maximum(np.repeat(sizes - 1, sizes), 1)
    total = np.repeat(np.add.reduceat(papers.lengths, papers.starts[:-1]), sizes)
    length = np.log(np.maximum(papers.lengths, 1))
    return {
        "length": length,
        "length^2": length * length,
        "rest": np.log(np.maximum(total - papers.lengths, 1)),
        "count": np.log(count),
        "1/count": 1 / count,
        "first": (place == 0).astype(np.float64),
        "second": (place == 1).astype(np.float64),
        "last": (from_end == 0).astype(np.float64),
        "last but one": (from_end == 1).astype(np.float64),
        "last but two": (from_end == 2).astype(np.float64),
    }


def _opening_columns(papers: Papers, columns: dict[str, Figures]) -> dict[str, Figures]:
    """Whether a paragraph opens as a story does, where its article has begun long ago; or with a quotation."""
    datelines = papers.datelines.astype(np.float64)
    begun = 1 - np.maximum(columns["first"], columns["second"])
    return {"dateline": datelines, "dateline*begun": datelines * begun, "quoted": papers.quoted.astype(np.float64)}


def _headline_columns(papers: Papers, own: dict[str, Figures], elsewhere: Elsewhere) -> dict[str, Figures]:
    """Whether the line above reads like a headline, and whose: that of the paragraph below, or the article's.

    Below another such line, or one that is gone, it is no headline but the end of a list: what comes behind a list of
    other stories is the article's own next paragraph, and the surest of the wrong removals were such.
    """
    above = np.maximum(np.arange(papers.lengths.size) - 1, 0)
    same = papers.owner[above] == papers.owner
    same[0] = False
    apart = papers.positions - papers.positions[above] > 1
    listed = same & (apart | papers.headlines[above])
    headline = same & ~apart & papers.headlines[above] & ~listed[above]
    weight = headline.astype(np.float64)
    return {
        "headline": weight,
        "headline*near": weight * own["similar_above"],
        "headline*similar": weight * own["similar"][above],
        "headline*cover_far": weight * own["cover_far"][above],
        "headline copied": weight * elsewhere.title[above],
    }


def _relative_columns(papers: Papers, figure: Figures, name: str) -> dict[str, Figures]:
    """A figure against those of the article's other paragraphs: their mean and spread, and how far off this one is."""
    rows = np.flatnonzero(long_paragraphs(papers))
    owner, x, size = papers.owner[rows], figure[rows], papers.rows.size
    others = np.bincount(owner, minlength=size)[owner] - 1
    total = np.bincount(owner, x, size)[owner] - x
    squared = np.bincount(owner, x * x, size)[owner] - x * x
    mean = total / np.maximum(others, 1)
    variance = np.maximum(squared / np.maximum(others, 1) - mean * mean, 0)
    typical_mean, typical_spread = TYPICAL[name]
    mean = (mean * np.minimum(others, 50) + typical_mean * PRIOR) / (np.minimum(others, 50) + PRIOR)
    spread = np.sqrt((variance * others + typical_spread**2 * PRIOR) / (others + PRIOR))
    out = {key: np.zeros(figure.size) for key in (f"{name} mean", f"{name} spread", f"{name} off")}
    out[f"{name} mean"][rows] = mean
    out[f"{name} spread"][rows] = spread
    out[f"{name} off"][rows] = (x - mean) / np.maximum(spread, 1e-6)
    return out


def _ownership_columns(columns: dict[str, Figures], elsewhere: Elsewhere) -> dict[str, Figures]:
    """Whether a paragraph that stands elsewhere as well fits better there."""
    share, there = elsewhere.share, elsewhere.share > 0
    copied = (share > COPIED_SHARE).astype(np.float64)
    cover = np.where(there, elsewhere.cover - columns["cover_far"], 0)
    similar = np.where(there, elsewhere.similar - columns["similar"], 0)
    likelihood = np.where(there, elsewhere.likelihood - columns["likelihood"], 0)
    return {
        "copied": share,
        "is copied": copied,
        "copied*cover gain": copied * cover,
        "copied*similar gain": copied * similar,
        "copied*likelihood gain": copied * likelihood,
        "share*cover gain": share * cover,
        "share*likelihood gain": share * likelihood,
        "copied, fits there": copied * (likelihood > 0.05),
    }


def among_columns(scores: Figures, owner: NDArray[np.int64]) -> dict[str, Figures]:
    """The columns of the second model for judged paragraphs in reading order, with the article of each.

    Each score among those of its article; far ones are three or more judged paragraphs away.
    """
    edges = np.flatnonzero(np.r_[True, owner[1:] != owner[:-1]][: owner.size])
    starts = np.append(edges, owner.size)
    columns = _neighbours(scores, starts)
    for rows, filled in squares(starts):
        for name, values in _far(scores[rows], filled).items():
            columns.setdefault(name, np.zeros(scores.size))[rows[filled]] = values[filled]
    columns["lead of score"] = scores - columns["far 1"]
    columns["score^2"] = scores * np.abs(scores)
    columns["higher neighbour"] = np.maximum(columns["before"], columns["after"])
    columns["lower neighbour"] = np.minimum(columns["before"], columns["after"])
    columns["score*far 1"] = scores * columns["far 1"]
    columns["score*far mean"] = scores * columns["far mean"]
    return columns


NO_NEIGHBOUR, NO_FAR = -9.0, -8.0
"""Scores that stand for paragraphs that aren't there."""


def _neighbours(scores: Figures, starts: NDArray[np.int64]) -> dict[str, Figures]:
    opens, closes = np.zeros(scores.size), np.zeros(scores.size)
    opens[starts[:-1]], closes[starts[1:] - 1] = 1.0, 1.0
    return {
        "score": scores,
        "before": np.where(opens > 0, NO_NEIGHBOUR, np.roll(scores, 1)),
        "after": np.where(closes > 0, NO_NEIGHBOUR, np.roll(scores, -1)),
        "opens": opens,
        "closes": closes,
    }


def _far(scores: Figures, filled: NDArray[np.bool_]) -> dict[str, Figures]:
    """The highest far scores, their mean, and how many of the article's are higher; shape (articles, size) each."""
    width = scores.shape[1]
    apart = np.abs(np.arange(width)[:, None] - np.arange(width)) > 2
    far = apart & filled[:, None, :]
    count = far.sum(axis=2)
    spread = np.where(far, scores[:, None, :], -np.inf)
    top = -np.sort(-spread, axis=2)[:, :, :4]
    if width < 4:
        top = np.pad(top, ((0, 0), (0, 0), (0, 4 - width)), constant_values=-np.inf)
    best = np.where(count > 0, top[:, :, 0], NO_FAR)
    second = np.where(count > 1, top[:, :, 1], best)
    fourth = np.where(count > 3, top[:, :, 3], np.where(count > 2, top[:, :, 2], second))
    total = np.where(far, scores[:, None, :], 0).sum(axis=2)
    size = np.maximum(filled.sum(axis=1), 1)[:, None]
    higher = ((scores[:, None, :] > scores[:, :, None]) & filled[:, None, :]).sum(axis=2)
    return {
        "far 1": best,
        "far 2": second,
        "far 4": fourth,
        "far mean": np.where(count > 0, total / np.maximum(count, 1), NO_FAR),
        "count": np.log1p(size) * np.ones_like(scores),
        "rank": higher / size,
    }

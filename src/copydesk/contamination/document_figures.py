"""How far each article of a corpus is from a theme, stated or learned: figures, no verdict."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from copydesk.contamination.background import Background
from copydesk.contamination.columns import UNKNOWN
from copydesk.contamination.papers import BATCH as PAPERS
from copydesk.contamination.papers import Corpus, Papers
from copydesk.contamination.signals import Figures
from copydesk.contamination.tokens import tokenise
from copydesk.contamination.topics import Topics
from copydesk.contamination.vectors import unit_rows
from copydesk.errors import UsageError

NEAREST = 15
"""Articles that an article is held against: a theme has several sides. Five were worse."""
MAX_COMPANY = 1024
"""Articles that speak for the theme: every so many-th of a larger corpus."""
CORE_SHARE = 0.5
"""The half of the company that fits the stated words best, or lies nearest to the middle, makes the centre."""
MIN_CORPUS = 8
"""In a smaller corpus the stated words alone decide."""
PRIOR = 3.0
"""Articles of the background that are added to the company when words are counted."""
TELLING_WORDS = 10
"""Words of an article that speak most for the theme. All of them, or the better half, told less: .36 of the strangers
for .52 at 1 % false."""
MAX_ODDS = 3.0
"""Log-odds at which one word's say ends."""
APART = 16.0
"""More than any word can say: MAX_ODDS times what 65,000 repetitions make of it."""
EXACT = 2.0**24
"""Figures are rounded to one part of this many before they are sorted."""
BATCH = 2048
"""Articles that are held against the company at a time."""


@dataclass(frozen=True, slots=True)
class Words:
    """The distinct telling words of articles, one article after the other: the article of each, its id (row of the
    background, or above them), how often it stands there, whether in the title. `fluent` is the share of known words of
    each article.

    Thirteen bytes a word: of a hundred thousand articles there are some twenty million.
    """

    owner: NDArray[np.int32]
    ids: NDArray[np.uint32]
    counts: NDArray[np.int32]
    titled: NDArray[np.bool_]
    fluent: Figures

    def in_titles(self) -> Words:
        """The words of the titles, each as often as it would stand in a title: once."""
        titled = self.titled
        return Words(self.owner[titled], self.ids[titled], np.ones(titled.sum(), np.int32), titled[titled], self.fluent)


def corpus_words(corpus: Corpus, rows: NDArray[np.int64]) -> Words:
    """The words of these articles, whose rows are in order: title and kept blocks. One without any has none."""
    owner, ids, counts = [], [], []
    titled = [np.zeros(0, np.bool_)]
    fluent = np.zeros(rows.size)
    for at in range(0, rows.size, PAPERS):
        papers = corpus.papers(rows[at : at + PAPERS])
        place = np.searchsorted(rows, papers.rows)
        often = np.bincount(papers.tokens, papers.counts, papers.words.size).astype(np.int32)
        article = np.searchsorted(papers.word_starts, np.arange(papers.words.size), side="right") - 1
        stands = np.flatnonzero(often)
        owner.append(place[article[stands]].astype(np.int32))
        ids.append(papers.words[stands])
        counts.append(often[stands])
        titled.append(_in_title(papers)[stands])
        if place.size:
            known, total = (np.add.reduceat(x, papers.starts[:-1]) for x in (papers.known, papers.lengths))
            fluent[place] = known / np.maximum(total, 1)
    return Words(
        _joined(owner, np.int32), _joined(ids, np.uint32), _joined(counts, np.int32), np.concatenate(titled), fluent
    )


def _in_title(papers: Papers) -> NDArray[np.bool_]:
    """Which of the papers' words stand in a title."""
    inside = np.zeros(papers.words.size, np.bool_)
    inside[papers.tokens[(papers.positions < 0)[papers.block_of_token]]] = True
    return inside


def _joined(parts: list[NDArray[Any]], kind: type[np.integer[Any]]) -> NDArray[Any]:
    return np.concatenate([np.zeros(0, kind), *parts])


def document_columns(words: Words, theme: Sequence[str], background: Background, topics: Topics) -> dict[str, Figures]:
    """How far each article is from the theme, by name, each of shape (articles,).

    `words`: how much likelier its ten most telling words are in the company's other articles than in the background,
    and `stressed`, where words that it repeats count for more; `nearest`: mean cosine with the nearest articles of the
    company; `title`: cosine of the title with the middle of the other articles; `topic`: that of the article, among
    topics. Where words are stated, `hits`: share of these, by weight, that occur; `theme`: cosine with their vector.
    Each but `nearest` also as `... off`, by how much it lies below the corpus's middle. Small corpora have `hits` and
    `theme` only. Raises UsageError where words are stated and none is known or occurs.
    """
    size = words.fluent.size
    vectors = document_vectors(words, background)
    stated = _theme_fit(theme, words, vectors, background) if theme else {}
    if size < MIN_CORPUS:
        return stated
    company = np.arange(0, size, -(-size // MAX_COMPANY))
    fit = stated["hits"] + stated["theme"] if theme else (vectors @ _middle(vectors[company])).astype(np.float64)
    core = company[np.argsort(-fit[company], kind="stable")[: max(1, round(company.size * CORE_SHARE))]]
    places = topics.place(vectors)
    telling, stressed = _telling(words, company, background)
    learned = {
        "words": telling,
        "stressed": stressed,
        "title": _title_fit(words, vectors, core, background),
        "topic": _beside(places, places, core),
    }
    columns = stated | learned
    columns |= {f"{name} off": _off(figure) for name, figure in columns.items()}
    return columns | {"nearest": _nearest(vectors, company)}


def _beside(asked: NDArray[np.float32], vectors: NDArray[np.float32], core: NDArray[np.int64]) -> Figures:
    """The cosine of each asked row with the middle of the core's other articles."""
    inside = np.zeros((len(vectors), 1), np.float32)
    inside[core] = 1
    middles = unit_rows(vectors[core].sum(axis=0, keepdims=True) - inside * vectors)
    cosines: Figures = np.einsum("ij,ij->i", asked, middles).astype(np.float64)
    return cosines


def _title_fit(words: Words, vectors: NDArray[np.float32], core: NDArray[np.int64], background: Background) -> Figures:
    """The cosine of each title with the middle; an article without one is taken by its text."""
    titles = document_vectors(words.in_titles(), background)
    return _beside(np.where(titles.any(axis=1, keepdims=True), titles, vectors), vectors, core)


def agreement(words: Words, background: Background) -> float:
    """How much the articles agree on a subject: the length of the mean of their unit vectors (0 to 1)."""
    vectors = document_vectors(words, background)
    return float(np.linalg.norm(vectors.mean(axis=0))) if len(vectors) else 0.0


def document_vectors(words: Words, background: Background) -> NDArray[np.float32]:
    """Unit vectors of whole articles, words counted by the logarithm of how often they stand."""
    ends = _ends(words)
    out = np.zeros((words.fluent.size, background.vectors.shape[1]), np.float32)
    for first in range(0, words.fluent.size, BATCH):
        last = min(first + BATCH, words.fluent.size)
        some = slice(ends[first], ends[last])
        known = words.ids[some] < background.words.size
        owner, ids = words.owner[some][known], words.ids[some][known]
        often = (1 + np.log(words.counts[some][known])).astype(np.float32)
        bounds = np.searchsorted(owner, np.arange(first, last + 1, dtype=np.int32))
        for n in range(first, last):
            own = slice(bounds[n - first], bounds[n - first + 1])
            out[n] = often[own] @ background.vectors[ids[own]]
    return unit_rows(out)


def _ends(words: Words) -> NDArray[np.int64]:
    """Where the words of each article start, and their number."""
    return np.searchsorted(words.owner, np.arange(words.fluent.size + 1, dtype=np.int32))


def _middle(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    middle: NDArray[np.float32] = unit_rows(vectors.sum(axis=0, keepdims=True))[0]
    return middle


def _theme_fit(
    theme: Sequence[str], words: Words, vectors: NDArray[np.float32], background: Background
) -> dict[str, Figures]:
    """Share of the theme's words that each article has, and the cosine of its vector with theirs."""
    asked, weights = _stated(theme, background)
    at = np.minimum(np.searchsorted(asked, words.ids), max(asked.size - 1, 0))
    found = asked[at] == words.ids if asked.size else np.zeros(words.ids.size, np.bool_)
    known = asked < background.words.size
    if not known.any() and not found.any():
        raise UsageError(f"[contamination] theme = {list(theme)!r}: none of its words is known; name commoner words")
    hits = np.bincount(words.owner[found], weights[at[found]], len(vectors)) / weights.sum()
    direction = _middle(background.vectors[asked[known]])
    return {"hits": hits, "theme": (vectors @ direction).astype(np.float64)}


def _stated(theme: Sequence[str], background: Background) -> tuple[NDArray[np.int64], Figures]:
    """The distinct telling words of a theme, in order, and their weights."""
    tokens = tokenise([" ".join(theme)])
    rows = background.rows(tokens.words)
    ids = np.where(rows >= 0, rows, UNKNOWN | (tokens.words >> np.uint32(1)).astype(np.int64))
    ids = np.unique(ids[(rows < 0) | (background.idf[rows] > 0)])
    return ids, background.weights(ids.astype(np.uint32)).astype(np.float64)


def _nearest(vectors: NDArray[np.float32], company: NDArray[np.int64]) -> Figures:
    """Mean cosine of each article with its nearest others in the company."""
    out = np.zeros(len(vectors))
    place = np.full(len(vectors), -1)
    place[company] = np.arange(company.size)
    count = min(NEAREST, company.size - 1)
    for at in range(0, len(vectors), BATCH):
        likeness = vectors[at : at + BATCH] @ vectors[company].T
        own = np.flatnonzero(place[at : at + BATCH] >= 0)
        likeness[own, place[at : at + BATCH][own]] = -1.0
        likeness.partition(company.size - count, axis=1)
        out[at : at + BATCH] = likeness[:, -count:].mean(axis=1)
    return out


def _telling(words: Words, company: NDArray[np.int64], background: Background) -> tuple[Figures, Figures]:
    """The mean over an article's most telling words of how much likelier they are in the company's other articles than
    in the background's, times the root of how many of these hold them; and the same with repeated words counting more.
    """
    size = words.fluent.size
    member = np.zeros(size, np.bool_)
    member[company] = True
    spoken = np.unique(words.ids[member[words.owner]], return_counts=True)
    telling, stressed, ends = np.zeros(size), np.zeros(size), _ends(words)
    for first in range(0, size, BATCH):
        last = min(first + BATCH, size)
        some = slice(ends[first], ends[last])
        owner, ids = words.owner[some] - np.int32(first), words.ids[some]
        places, among, others = _company_words(ids, member[first:last][owner], *spoken, company.size)
        say, owner = _say(ids[places], among, others, background), owner[places]
        telling[first:last] = _best(owner, say, last - first)
        repeated = np.sqrt(1 + np.log(words.counts[some][places]))
        stressed[first:last] = _best(owner, say * repeated, last - first)
    return telling, stressed


def _company_words(
    ids: NDArray[np.uint32],
    inside: NDArray[np.bool_],
    spoken: NDArray[np.uint32],
    articles: NDArray[np.int64],
    company: int,
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """The words that stand in an article of the company other than their own (`inside`: it belongs to the company):
    their places, in how many of these others, and how many others there are. The rest can't speak for the theme.

    `spoken` are the words of the company, in order, and in how many of its `articles` each stands.
    """
    if not spoken.size:
        none = np.zeros(0, np.int64)
        return none, none, none
    at = np.minimum(np.searchsorted(spoken, ids), spoken.size - 1)
    stands = articles[at] * (spoken[at] == ids)
    places = np.flatnonzero(stands > inside)
    return places, stands[places] - inside[places], company - inside[places].astype(np.int64)


def _say(
    ids: NDArray[np.uint32], among: NDArray[np.int64], others: NDArray[np.int64], background: Background
) -> Figures:
    known = ids < background.words.size
    seen = np.where(known, background.articles[np.where(known, ids, 0)], 0)
    base = (seen + 0.5) / (background.size + 1)
    share = (among + PRIOR * base) / (others + PRIOR)
    say: Figures = np.clip(np.log(share / base), 0, MAX_ODDS) * np.sqrt(share)
    return say


def _best(owner: NDArray[np.int32], say: Figures, size: int) -> Figures:
    """The mean of each article's highest figures, which are below APART; the owners are in order.

    They are sorted together with their owners as one number: an order of places takes three times as long. Rounded to
    2^-24 before, so that these numbers are exact and a figure doesn't depend on where its article lies.
    """
    base = APART * owner
    high = base - np.sort(base - np.round(say * EXACT) / EXACT)
    first = np.searchsorted(owner, np.arange(size, dtype=np.int32))
    told = np.arange(owner.size) - first[owner] < TELLING_WORDS
    best: Figures = np.bincount(owner, high * told, size) / TELLING_WORDS
    return best


def _off(figure: Figures) -> Figures:
    """How far below the corpus's middle a figure lies, in its spreads."""
    middle = np.median(figure)
    spread = np.median(np.abs(figure - middle)) * 1.4826
    off: Figures = (figure - middle) / max(float(spread), 0.02)
    return np.clip(off, -8, 3)

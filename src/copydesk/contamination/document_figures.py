"""How far each article of a corpus is from a theme, stated or learned: figures, no verdict."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from copydesk.contamination.background import Background
from copydesk.contamination.columns import UNKNOWN
from copydesk.contamination.document_words import Documents, Words, document_vectors
from copydesk.contamination.likeness import mean_of_highest
from copydesk.contamination.signals import Figures
from copydesk.contamination.subjects import Others, offsets, other_subjects
from copydesk.contamination.telling import Telling, learn_telling
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
WITHOUT_OFFSET = frozenset({"nearest"})


@dataclass(frozen=True, slots=True)
class Stated:
    """The distinct telling words of a stated theme, in order of their ids, and their weights."""

    ids: NDArray[np.int64]
    weights: Figures


@dataclass(frozen=True, slots=True)
class Company:
    """The articles that speak for what a corpus is about: their places in order, their vectors, where these lie among
    topics, how telling words are among them, other subjects (None where these aren't asked). `core` are the ranks of
    those that make the centre.
    """

    places: NDArray[np.int64]
    vectors: NDArray[np.float32]
    topics: NDArray[np.float32]
    telling: Telling
    others: Others | None
    core: NDArray[np.int64]

    def ranks(self, places: NDArray[np.int64]) -> NDArray[np.int64]:
        """Which of the company the articles in these places are, -1 for none."""
        at = np.minimum(np.searchsorted(self.places, places), self.places.size - 1)
        return np.where(self.places[at] == places, at, -1)


def document_columns(
    documents: Documents, theme: Sequence[str], background: Background, topics: Topics, *, others: bool
) -> tuple[dict[str, Figures], Figures]:
    """How far each article is from the theme, by name, each of shape (articles,); and the share of known words of each.

    `words`: how much likelier its ten most telling words are in the company's other articles than in the background,
    and `stressed`, where words that it repeats count for more; `nearest`: mean cosine with the nearest articles of the
    company; `title`: cosine of the title with the middle of the other articles; `topic`: that of the article, among
    topics. Where words are stated, `hits`: share of these, by weight, that occur; `theme`: cosine with their vector. If
    asked for, `others`: how much nearer than other subjects the nearest articles are. Each but `nearest` also as
    `... off`, by how much it lies below the corpus's middle. Small corpora have `hits` and `theme` only. Raises
    UsageError where words are stated and none is known or occurs.
    """
    stated = _stated(theme, background)
    small = len(documents) < MIN_CORPUS
    company = None if small else _choose(documents, stated if theme else None, background, topics, others=others)
    out: dict[str, Figures] = {}
    fluent, occurs = np.zeros(len(documents)), False
    for places, words in documents.batches():
        fluent[places] = words.fluent
        vectors = document_vectors(words, background)
        found = _theme_fit(stated, words, vectors, background) if theme else {}
        occurs = occurs or bool(np.any(found.get("hits", 0.0)))
        if company is not None:
            found |= _company_fit(company, company.ranks(places), words, vectors, background, topics)
        for name, figure in found.items():
            out.setdefault(name, np.zeros(len(documents)))[places] = figure
    if theme and not occurs and not (stated.ids < background.words.size).any():
        raise UsageError(f"[contamination] theme = {list(theme)!r}: none of its words is known; name commoner words")
    if company is None:
        return out, fluent
    off = {f"{name} off": offsets(figure) for name, figure in out.items() if name not in WITHOUT_OFFSET}
    last = {name: out.pop(name) for name in WITHOUT_OFFSET}
    return out | off | last, fluent


def _choose(
    documents: Documents, stated: Stated | None, background: Background, topics: Topics, *, others: bool
) -> Company:
    """The company of a corpus, and its core by the stated theme; without one by the middle."""
    size = len(documents)
    places = np.arange(0, size, -(-size // MAX_COMPANY))
    words = documents.words(places)
    vectors = document_vectors(words, background)
    if stated is None:
        fit = (vectors @ _middle(vectors)).astype(np.float64)
    else:
        fits = _theme_fit(stated, words, vectors, background)
        fit = fits["hits"] + fits["theme"]
    core = np.argsort(-fit, kind="stable")[: max(1, round(places.size * CORE_SHARE))]
    strange = other_subjects(vectors, core, background) if others else None
    telling = learn_telling(words, background, size)
    return Company(places, vectors, topics.place(vectors), telling, strange, core)


def _company_fit(
    company: Company,
    ranks: NDArray[np.int64],
    words: Words,
    vectors: NDArray[np.float32],
    background: Background,
    topics: Topics,
) -> dict[str, Figures]:
    """The figures of some articles that come from the company; `ranks` are theirs in it."""
    telling, stressed = company.telling.figures(words, ranks >= 0)
    titles = document_vectors(words.in_titles(), background)
    # An article without a title is taken by its text.
    titles = np.where(titles.any(axis=1, keepdims=True), titles, vectors)
    places = topics.place(vectors)
    nearest = _nearest(vectors, company.vectors, ranks)
    figures = {
        "words": telling,
        "stressed": stressed,
        "title": _beside(titles, vectors, company.vectors, company.core, ranks),
        "topic": _beside(places, places, company.topics, company.core, ranks),
        "nearest": nearest,
    }
    return figures | ({"others": nearest - company.others.nearest(vectors)} if company.others else {})


def _beside(
    asked: NDArray[np.float32],
    own: NDArray[np.float32],
    company: NDArray[np.float32],
    core: NDArray[np.int64],
    ranks: NDArray[np.int64],
) -> Figures:
    """The cosine of each asked row with the middle of the core's other articles; `own` are the articles themselves."""
    inside = np.isin(ranks, core).astype(np.float32)[:, None]
    middles = unit_rows(company[core].sum(axis=0, keepdims=True) - inside * own)
    cosines: Figures = np.einsum("ij,ij->i", asked, middles).astype(np.float64)
    return cosines


def agreement(words: Words, background: Background) -> float:
    """How much the articles agree on a subject: the length of the mean of their unit vectors (0 to 1)."""
    vectors = document_vectors(words, background)
    return float(np.linalg.norm(vectors.mean(axis=0))) if len(vectors) else 0.0


def _middle(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    middle: NDArray[np.float32] = unit_rows(vectors.sum(axis=0, keepdims=True))[0]
    return middle


def _theme_fit(
    stated: Stated, words: Words, vectors: NDArray[np.float32], background: Background
) -> dict[str, Figures]:
    """Share of the theme's words that each article has, and the cosine of its vector with theirs."""
    at = np.minimum(np.searchsorted(stated.ids, words.ids), max(stated.ids.size - 1, 0))
    found = stated.ids[at] == words.ids if stated.ids.size else np.zeros(words.ids.size, np.bool_)
    owner = np.repeat(np.arange(len(words)), np.diff(words.starts))
    total = stated.weights.sum() if stated.ids.size else 1.0
    hits = np.bincount(owner[found], stated.weights[at[found]], len(words)) / total
    direction = _middle(background.vectors[stated.ids[stated.ids < background.words.size]])
    return {"hits": hits, "theme": (vectors @ direction).astype(np.float64)}


def _stated(theme: Sequence[str], background: Background) -> Stated:
    tokens = tokenise([" ".join(theme)])
    rows = background.rows(tokens.words)
    ids = np.where(rows >= 0, rows, UNKNOWN | (tokens.words >> np.uint32(1)).astype(np.int64))
    ids = np.unique(ids[(rows < 0) | (background.idf[rows] > 0)])
    return Stated(ids, background.weights(ids.astype(np.uint32)).astype(np.float64))


def _nearest(vectors: NDArray[np.float32], company: NDArray[np.float32], ranks: NDArray[np.int64]) -> Figures:
    """Mean cosine of each article with its nearest others in the company."""
    count = min(NEAREST, len(company) - 1)
    likeness = vectors @ company.T
    own = np.flatnonzero(ranks >= 0)
    likeness[own, ranks[own]] = -1.0
    return mean_of_highest(likeness, count)

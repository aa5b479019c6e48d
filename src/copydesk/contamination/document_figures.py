"""How far each article of a corpus is from a theme, stated or learned: figures, no verdict."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from copydesk.contamination.background import Background
from copydesk.contamination.columns import UNKNOWN
from copydesk.contamination.document_company import MAX_COMPANY, NEAR, Company, Near, keep_company
from copydesk.contamination.document_words import Documents, Words, document_vectors
from copydesk.contamination.signals import Figures
from copydesk.contamination.subjects import Middle, middle_of
from copydesk.contamination.tokens import tokenise
from copydesk.contamination.topics import Topics
from copydesk.contamination.vectors import unit_rows
from copydesk.errors import UsageError

MIN_CORPUS = 8
"""In a smaller corpus the stated words alone decide."""
FLUENT = "fluent"
"""The share of known words of an article, among its figures."""
WITHOUT_OFFSET = frozenset({"nearest", FLUENT})


@dataclass(frozen=True, slots=True)
class Stated:
    """The distinct telling words of a stated theme, in order of their ids, and their weights."""

    ids: NDArray[np.int64]
    weights: Figures


@dataclass(frozen=True, slots=True)
class Question:
    """What the articles of a corpus are held against: stated words (None without), and the company (None in a small
    corpus), which are the first articles. `own` are the figures of these, and the share of known words of each.
    """

    stated: Stated | None
    background: Background
    topics: Topics
    company: Company | None
    own: Mapping[str, Figures]

    def ask(self, documents: Documents, places: NDArray[np.int64]) -> dict[str, Figures]:
        """The figures of the articles in these places, which are in order, by name."""
        inside = int(np.searchsorted(places, len(self.company) if self.company else 0))
        out = {name: np.zeros(places.size) for name in self.own}
        for name, figure in self.own.items():
            out[name][:inside] = figure[places[:inside]]
        outside = documents.at(places[inside:])
        for some, words in map(outside.read, outside.batches()):
            ranks = np.full(some.size, -1)
            for name, figure in self.figures(words, ranks, self.company).items():
                out.setdefault(name, np.zeros(places.size))[inside + some] = figure
        return out

    def figures(
        self, words: Words, ranks: NDArray[np.int64], company: Company | None, near: Near = NEAR
    ) -> dict[str, Figures]:
        """The figures of some articles beside a company, by name (see `document_columns`); `ranks` are theirs in it, -1
        for none.
        """
        vectors = document_vectors(words, self.background)
        found = {FLUENT: words.fluent}
        if self.stated:
            found |= theme_fit(self.stated, words, vectors, self.background)
        if company:
            found |= company.fit(ranks, words, vectors, self.background, self.topics, near)
        return found

    @property
    def middles(self) -> dict[str, Middle]:
        """Where the middle of the company's own figures lies."""
        return {name: middle_of(figure) for name, figure in self.own.items() if name not in WITHOUT_OFFSET}

    def columns(self, figures: Mapping[str, Figures]) -> dict[str, Figures]:
        """The figures, and how far they lie from the company's middle."""
        off = {f"{name} off": middle.offsets(figures[name]) for name, middle in self.middles.items()}
        last = {name: figure for name, figure in figures.items() if name == "nearest"}
        return {name: figure for name, figure in figures.items() if name not in WITHOUT_OFFSET} | off | last


def document_columns(
    documents: Documents, theme: Sequence[str], background: Background, topics: Topics, *, others: bool
) -> tuple[dict[str, Figures], Figures]:
    """How far each article is from the theme, by name, each of shape (articles,); and the share of known words of each.

    `words`: how much likelier its ten most telling words are in the company's other articles than in the background,
    and `stressed`, where words that it repeats count for more; `nearest`: mean cosine with the nearest articles of the
    company; `title`: cosine of the title with the middle of the other articles; `topic`: that of the article, among
    topics. Where words are stated, `hits`: share of these, by weight, that occur; `theme`: cosine with their vector. If
    asked for, `others`: how much nearer than other subjects the nearest articles are. Each but `nearest` also as
    `... off`, by how much it lies below the company's middle. Small corpora have `hits` and `theme` only. Raises
    UsageError where words are stated and none is known or occurs.
    """
    words = documents.words(np.arange(min(len(documents), MAX_COMPANY)))
    question = put_question(words, len(documents), theme, background, topics, others=others)
    figures = question.ask(documents, np.arange(len(documents)))
    check_words(question, theme, figures)
    return question.columns(figures), figures.get(FLUENT, np.zeros(0))


def put_question(
    words: Words, size: int, theme: Sequence[str], background: Background, topics: Topics, *, others: bool
) -> Question:
    """What the articles of a corpus of this size are to be held against, given the words of the first ones, as many as
    MAX_COMPANY; `others` asks for other subjects, too.
    """
    stated = _stated(theme, background) if theme else None
    if size < MIN_CORPUS:
        return Question(stated, background, topics, None, {})  # no company, so none of its figures
    vectors = document_vectors(words, background)
    if stated is None:
        fit = (vectors @ _middle(vectors)).astype(np.float64)
    else:
        fits = theme_fit(stated, words, vectors, background)
        fit = fits["hits"] + fits["theme"]
    company = keep_company(words, vectors, fit, background, topics, size, others=others)
    question = Question(stated, background, topics, company, {})
    return replace(question, own=question.figures(words, np.arange(len(words)), company))


def check_words(question: Question, theme: Sequence[str], figures: Mapping[str, Figures]) -> None:
    """Raises UsageError where words are stated, and none is known or occurs in an article: such a theme would declare
    everything a stranger.
    """
    if question.stated is None or (question.stated.ids < question.background.words.size).any():
        return
    if not np.any(figures.get("hits", 0.0)):
        raise UsageError(f"[contamination] theme = {list(theme)!r}: none of its words is known; name commoner words")


def agreement(words: Words, background: Background) -> float:
    """How much the articles agree on a subject: the length of the mean of their unit vectors (0 to 1)."""
    vectors = document_vectors(words, background)
    return float(np.linalg.norm(vectors.mean(axis=0))) if len(vectors) else 0.0


def _middle(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    middle: NDArray[np.float32] = unit_rows(vectors.sum(axis=0, keepdims=True))[0]
    return middle


def theme_fit(stated: Stated, words: Words, vectors: NDArray[np.float32], background: Background) -> dict[str, Figures]:
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

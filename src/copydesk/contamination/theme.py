"""What a corpus is about: where the vectors of its articles point, how much they agree, and a sample of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from copydesk.contamination.background import Background
from copydesk.contamination.papers import BATCH, Corpus, Papers
from copydesk.contamination.vectors import article_vectors, block_vectors

Figures = NDArray[np.float64]

MIN_STORIES = 20
"""Fewer stories have no theme in common that could be told from chance."""
MAX_SAMPLED = 1024
"""Stories that speak for the theme: every so many-th of a larger corpus."""
MAX_COMPANY = 256
"""Stories that each paragraph is held against by subject: every so many-th of a larger corpus. A thousand cost as much
as all other figures together."""
NEAREST = 10
LOOSE, CLOSE = 0.35, 0.65
"""Length of the mean of the articles' unit vectors: national news has 0.3, a broad subject 0.5, one topic 0.7. Between
the two the theme counts by degrees."""


@dataclass(frozen=True, slots=True)
class Theme:
    """A direction among the vectors (unit length), how near paragraphs are to it (mean cosine), and how much the corpus
    agrees on it (0 to 1). `company` are unit vectors of some of its articles, shape (articles, rank), none in a small
    corpus; `told` the stories of these, `stories` that of every row.
    """

    direction: NDArray[np.float32]
    middle: float
    strength: float
    company: NDArray[np.float32]
    told: NDArray[np.int64]
    stories: NDArray[np.int64]

    def off(self, vectors: NDArray[np.float32]) -> NDArray[np.float64]:
        """How far vectors lie from the theme, as cosine below the mean, times the theme's strength."""
        cosines = np.einsum("ij,j->i", vectors, self.direction).astype(np.float64)
        off: NDArray[np.float64] = (self.middle - cosines) * self.strength
        return off

    def nearest(self, vectors: NDArray[np.float32], rows: NDArray[np.int64]) -> tuple[Figures, Figures]:
        """The cosine of each vector with the most alike article of another story, and the mean with the ten most alike;
        0 in a corpus without company. `rows` are the articles that the vectors are of.
        """
        if not len(self.company):
            return np.zeros(len(vectors)), np.zeros(len(vectors))
        likeness = vectors @ self.company.T
        own, place = np.nonzero(self.stories[rows][:, None] == self.told)
        likeness[own, place] = -1.0
        likeness.partition(likeness.shape[1] - NEAREST, axis=1)
        top = likeness[:, -NEAREST:]
        return top.max(axis=1).astype(np.float64), top.mean(axis=1).astype(np.float64)


def no_theme(background: Background) -> Theme:
    """The theme of a corpus that has none: nothing is off it."""
    none = np.zeros(0, np.int64)
    rank = background.vectors.shape[1]
    return Theme(np.zeros(rank, np.float32), 0.0, 0.0, np.zeros((0, rank), np.float32), none, none)


def learn_theme(corpus: Corpus, stories: NDArray[np.int64], background: Background) -> Theme:
    """The theme of a corpus; copies of a story speak once."""
    filled = np.flatnonzero(np.diff(corpus.starts) > 0)
    _, first = np.unique(stories[filled], return_index=True)
    rows = np.sort(filled[first])
    if rows.size < MIN_STORIES:
        return no_theme(background)
    rows = rows[:: -(-rows.size // MAX_SAMPLED)]
    articles, paragraphs, count = [], np.zeros(background.vectors.shape[1]), 0
    for at in range(0, rows.size, BATCH):
        papers: Papers = corpus.papers(rows[at : at + BATCH])
        vectors = block_vectors(papers, background)
        articles.append(article_vectors(papers, vectors))
        paragraphs += vectors[papers.judged].sum(axis=0)
        count += int(papers.judged.sum())
    company = np.concatenate(articles)
    mean = company.sum(axis=0, dtype=np.float64) / rows.size
    length = float(np.linalg.norm(mean))
    direction = (mean / max(length, 1e-9)).astype(np.float32)
    strength = float(np.clip((length - LOOSE) / (CLOSE - LOOSE), 0, 1))
    some = slice(None, None, -(-rows.size // MAX_COMPANY))
    middle = float(paragraphs @ direction) / max(count, 1)
    return Theme(direction, middle, strength, company[some], stories[rows[some]], stories)

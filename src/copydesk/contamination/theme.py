"""The theme that a corpus has of itself: where the vectors of its articles point, and how much they agree.

It is rounded. Every figure of every paragraph is held against it, so a theme that drifted by a hair with each new
article would have a whole corpus judged again every night, and the scores in its account would flutter. As it is, a
night of one new article in a hundred leaves the theme of a large corpus alone, and what moves it is news to it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from copydesk.contamination.background import Background
from copydesk.contamination.papers import Corpus
from copydesk.contamination.vectors import article_vectors, block_vectors

MIN_STORIES = 20
"""Fewer stories have no theme in common that could be told from chance."""
MAX_SAMPLED = 16_384
"""Stories that speak for the theme: of a larger corpus the first by id, which is a digest and so a sample by chance.
Every so many-th story would be a different sample after each night."""
STEP = 1 / 16
"""The direction's components are rounded to multiples of it (of some 0.07 on average): the rounded direction has a
cosine of 0.98 with the true one. At 1/32 one night in two moved the theme of 20,000 articles, at 1/16 one in forty."""
FINE_STEP = 1 / 50
"""The same for the mean cosine and for the strength."""
LOOSE, CLOSE = 0.35, 0.65
"""Length of the mean of the articles' unit vectors: national news has 0.3, a broad subject 0.5, one topic 0.7. Between
the two the theme counts by degrees."""


@dataclass(frozen=True, slots=True)
class Theme:
    """A direction among the vectors (unit length), how near paragraphs are to it (mean cosine), and how much the corpus
    agrees on it (0 to 1).
    """

    direction: NDArray[np.float32]
    middle: float
    strength: float

    @property
    def digest(self) -> bytes:
        """What two themes have in common that say the same of every paragraph; empty for none."""
        numbers = np.array([self.middle, self.strength], np.float64)
        return self.direction.tobytes() + numbers.tobytes() if self.strength else b""

    def off(self, vectors: NDArray[np.float32]) -> NDArray[np.float64]:
        """How far vectors lie from the theme, as cosine below the mean, times the theme's strength."""
        cosines = np.einsum("ij,j->i", vectors, self.direction).astype(np.float64)
        off: NDArray[np.float64] = (self.middle - cosines) * self.strength
        return off


def no_theme(background: Background) -> Theme:
    """The theme of a corpus that has none: nothing is off it."""
    return Theme(np.zeros(background.vectors.shape[1], np.float32), 0.0, 0.0)


def learn_theme(corpus: Corpus, stories: NDArray[np.int64], background: Background) -> Theme:
    """The theme of a corpus; copies of a story speak once."""
    filled = np.flatnonzero(np.diff(corpus.starts) > 0)
    _, first = np.unique(stories[filled], return_index=True)
    rows = np.sort(filled[first])
    if rows.size < MIN_STORIES:
        return no_theme(background)
    rows = rows[:MAX_SAMPLED]
    # Added up in the order of their ids: in which order they lie depends on the night each came in.
    articles, paragraphs = (np.zeros((rows.size, background.vectors.shape[1]), np.float32) for _ in range(2))
    count = 0
    for papers in corpus.lying(rows):
        place = np.searchsorted(rows, papers.rows)
        vectors = block_vectors(papers, background)
        articles[place] = article_vectors(papers, vectors)
        paragraphs[place] = np.add.reduceat(vectors * papers.judged[:, None], papers.starts[:-1], axis=0)
        count += int(papers.judged.sum())
    mean = articles.sum(axis=0, dtype=np.float64) / rows.size
    length = float(np.linalg.norm(mean))
    strength = _rounded(min(max((length - LOOSE) / (CLOSE - LOOSE), 0.0), 1.0))
    if not strength:
        return no_theme(background)
    direction = np.round(mean / length / STEP) * STEP
    unit = (direction / max(float(np.linalg.norm(direction)), STEP)).astype(np.float32)
    return Theme(unit, _rounded(float(paragraphs.sum(axis=0, dtype=np.float64) @ unit) / max(count, 1)), strength)


def _rounded(figure: float) -> float:
    return float(np.round(figure / FINE_STEP) * FINE_STEP)

"""The theme that a corpus has of itself: where the vectors of its articles point, and how much they agree."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from copydesk.contamination.background import Background
from copydesk.contamination.papers import BATCH, Corpus, Papers
from copydesk.contamination.vectors import article_vectors, block_vectors

MIN_STORIES = 20
"""Fewer stories have no theme in common that could be told from chance."""
MAX_SAMPLED = 1024
"""Stories that speak for the theme: every so many-th of a larger corpus."""
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
    rows = rows[:: -(-rows.size // MAX_SAMPLED)]
    total, paragraphs, count = np.zeros(background.vectors.shape[1]), np.zeros(background.vectors.shape[1]), 0
    for at in range(0, rows.size, BATCH):
        papers: Papers = corpus.papers(rows[at : at + BATCH])
        vectors = block_vectors(papers, background)
        total += article_vectors(papers, vectors).sum(axis=0)
        paragraphs += vectors[papers.judged].sum(axis=0)
        count += int(papers.judged.sum())
    mean = total / rows.size
    length = float(np.linalg.norm(mean))
    direction = (mean / max(length, 1e-9)).astype(np.float32)
    strength = float(np.clip((length - LOOSE) / (CLOSE - LOOSE), 0, 1))
    return Theme(direction, float(paragraphs @ direction) / max(count, 1), strength)

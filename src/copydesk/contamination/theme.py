"""The theme that a corpus has of itself: where the vectors of its articles point, and how much they agree.

It is rounded. Every figure of every paragraph is held against it, so a theme that drifted by a hair with each new
article would have a whole corpus judged again every night, and the scores in its account would flutter. As it is, a
night of one new article in a hundred leaves the theme of a large corpus alone, and what moves it is news to it.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from copydesk.contamination.background import Background
from copydesk.contamination.papers import Corpus
from copydesk.contamination.vectors import article_vectors, block_vectors
from copydesk.machine.forks import map_in_forks
from copydesk.machine.work import ALONE, Work

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
UNIT = 1 << 24
"""Components of vectors are rounded to one part of this many before they are added: sums of whole numbers are the same
in any order, and a night takes from those of the night before what has gone and adds what has come."""
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


@dataclass(frozen=True, slots=True)
class Sums:
    """The sums of vectors of articles, and of their judged paragraphs, in UNITs (int64, shape (rank,)); and how many
    paragraphs these are.
    """

    articles: NDArray[np.int64]
    paragraphs: NDArray[np.int64]
    count: int

    def changed(self, come: Sums, gone: Sums) -> Sums:
        """The sums, with some articles more and some fewer."""
        return Sums(
            self.articles + come.articles - gone.articles,
            self.paragraphs + come.paragraphs - gone.paragraphs,
            self.count + come.count - gone.count,
        )

    @property
    def numbers(self) -> NDArray[np.int64]:
        """All in a row, as `read_sums` takes them."""
        return np.concatenate([self.articles, self.paragraphs, [self.count]])


def read_sums(numbers: NDArray[np.int64]) -> Sums:
    """The sums from their numbers."""
    rank = numbers.size // 2
    return Sums(numbers[:rank], numbers[rank : 2 * rank], int(numbers[-1]))


def speakers(starts: NDArray[np.int64], stories: NDArray[np.int64]) -> NDArray[np.int64]:
    """The rows of the articles that speak for the theme, in order: of each story the first that has blocks."""
    filled = np.flatnonzero(np.diff(starts) > 0)
    first = np.full(stories.size, -1)
    first[stories[filled[::-1]]] = filled[::-1]  # what is written last stays
    return np.sort(first[first >= 0])[:MAX_SAMPLED]


def add_up(corpus: Corpus, rows: NDArray[np.int64], background: Background, work: Work = ALONE) -> Sums:
    """The sums of the vectors of some articles."""

    def sums_of(batch: NDArray[np.int64]) -> list[NDArray[np.int64]]:
        found = []
        for papers in corpus.read(batch):
            vectors = block_vectors(papers, background)
            articles, paragraphs = article_vectors(papers, vectors), vectors[papers.judged]
            found.append(Sums(_in_units(articles), _in_units(paragraphs), len(paragraphs)).numbers)
        return found

    every = chain.from_iterable(map_in_forks(sums_of, corpus.batches(rows), work))
    return read_sums(sum(every, np.zeros(2 * background.vectors.shape[1] + 1, np.int64)))


def _in_units(vectors: NDArray[np.float32]) -> NDArray[np.int64]:
    units: NDArray[np.int64] = np.rint(vectors * np.float32(UNIT)).astype(np.int64).sum(axis=0)
    return units


def learn_theme(corpus: Corpus, stories: NDArray[np.int64], background: Background) -> Theme:
    """The theme of a corpus; copies of a story speak once."""
    rows = speakers(corpus.starts, stories)
    return theme_of(rows.size, add_up(corpus, rows, background), background)


def theme_of(size: int, sums: Sums, background: Background) -> Theme:
    """The theme of which so many articles speak, with these sums."""
    if size < MIN_STORIES:
        return no_theme(background)
    mean = sums.articles / (UNIT * size)
    length = float(np.linalg.norm(mean))
    strength = _rounded(min(max((length - LOOSE) / (CLOSE - LOOSE), 0.0), 1.0))
    if not strength:
        return no_theme(background)
    direction = np.round(mean / length / STEP) * STEP
    unit = (direction / max(float(np.linalg.norm(direction)), STEP)).astype(np.float32)
    return Theme(unit, _rounded(float(sums.paragraphs @ unit) / UNIT / max(sums.count, 1)), strength)


def _rounded(figure: float) -> float:
    return float(np.round(figure / FINE_STEP) * FINE_STEP)

"""How near the single passages of articles come to a direction, and how near other subjects do.

An article of many sides is on a theme if one of its passages is: the nearest three paragraphs tell more than the
whole, in which a theme's own words drown. And what all news has in common says nothing: an article belongs to a theme
if it is nearer to it than to the subjects that news at large is about.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from copydesk.contamination.background import Background
from copydesk.contamination.papers import BATCH, Corpus, Papers
from copydesk.contamination.signals import Figures
from copydesk.contamination.vectors import unit_rows

PASSAGES = 3
"""Paragraphs that speak for an article; with two, as many strangers were found, with the title beside them no more."""
ROUNDS = 2
"""How often the middle of a theme is taken again, from the articles that lie near it."""
CENTRED = 3.0
"""Spreads below the corpus's middle at which an article speaks half for where the theme's middle is."""
STEEP = 1.5
"""How fast it falls silent beyond, by the spread."""
OTHERS = 5
"""Articles of the background that speak for another subject."""
SAME = 0.97
"""Cosine from which an article of the background is the article itself."""
BORDER = 0.25
"""Articles of the background that lie nearer to the theme than this share of the corpus are of the theme."""


def offsets(figure: Figures, low: float = -8.0, high: float = 3.0) -> Figures:
    """How far above the corpus's middle a figure lies, in its spreads; cut at `low` and `high`."""
    middle = np.median(figure)
    spread = np.median(np.abs(figure - middle)) * 1.4826
    off: Figures = np.clip((figure - middle) / max(float(spread), 0.02), low, high)
    return off


def theme_direction(vectors: NDArray[np.float32], weights: Figures, background: Background) -> NDArray[np.float32]:
    """Where a theme lies from the middle of news at large, as a unit vector, given the vectors of articles and how much
    each speaks for the theme at first. Whatever lies far off is heard less in each round.
    """
    seen = apart(vectors, background)
    for _ in range(ROUNDS):
        heard = weights.astype(np.float32)[:, None] * seen
        near = np.einsum("ij,ij->i", seen, unit_rows(heard.sum(axis=0) - heard)).astype(np.float64)
        weights = 1 / (1 + np.exp(-STEEP * (offsets(near) + CENTRED)))
    direction: NDArray[np.float32] = unit_rows((weights.astype(np.float32) @ seen)[None])[0]
    return direction


def apart(vectors: NDArray[np.float32], background: Background) -> NDArray[np.float32]:
    """Unit vectors as seen from the middle of news at large."""
    return unit_rows(vectors - common_ground(background))


def common_ground(background: Background) -> NDArray[np.float32]:
    """What the articles of the background have in common: the mean of their vectors."""
    size = max(len(background.company), 1)
    ground: NDArray[np.float32] = background.company.sum(axis=0) / np.float32(size)
    return ground


def other_subjects(
    vectors: NDArray[np.float32], direction: NDArray[np.float32], near: Figures, background: Background
) -> Figures:
    """Mean cosine of each article with the nearest articles of the background that are not of the theme; zero without
    such. `near` has the cosines of the corpus's articles with the theme's direction.
    """
    company = background.company
    strange = apart(company, background) @ direction < np.quantile(near, BORDER)
    if not strange.any():
        return np.zeros(len(vectors))
    likeness = vectors @ company[strange].T
    likeness[likeness > SAME] = -1.0
    count = min(OTHERS, likeness.shape[1])
    likeness.partition(likeness.shape[1] - count, axis=1)
    nearest: Figures = likeness[:, -count:].mean(axis=1).astype(np.float64)
    return nearest


def passages_near(
    corpus: Corpus, rows: NDArray[np.int64], direction: NDArray[np.float32], background: Background
) -> Figures:
    """The mean likeness to a direction of the PASSAGES paragraphs of each article that come nearest; of the title where
    there is no paragraph, zero for an article without words.
    """
    along = (background.table @ direction).astype(np.float64)
    sizes = np.einsum("ij,ij->i", background.table, background.table).astype(np.float64)
    near = np.zeros(rows.size)
    for at in range(0, rows.size, BATCH):
        papers = corpus.papers(rows[at : at + BATCH])
        if papers.rows.size:
            near[np.searchsorted(rows, papers.rows)] = _nearest_passages(papers, _likeness(papers, along, sizes))
    return near


def _nearest_passages(papers: Papers, likeness: Figures) -> Figures:
    owner, number = papers.owner, papers.rows.size
    order = np.lexsort((np.where(papers.judged, -likeness, np.inf), owner))
    rank = np.arange(order.size) - papers.starts[owner[order]]
    heard = order[(rank < PASSAGES) & papers.judged[order]]
    count = np.bincount(owner[heard], minlength=number)
    total = np.bincount(owner[heard], likeness[heard], number)
    near: Figures = np.where(count, total / np.maximum(count, 1), likeness[papers.titles])
    return near


def _likeness(papers: Papers, along: Figures, sizes: Figures) -> Figures:
    """The likeness of each block to the direction: the sum of what its words say, over the length that the block's
    vector would have were its words unrelated. The cosine found as many strangers and needs the vectors of all words.
    """
    words = np.minimum(papers.words, along.size - 1)
    blocks = papers.bounds.size - 1
    owner = papers.block_of_token
    told = np.bincount(owner, along[words][papers.tokens], blocks)
    size = np.bincount(owner, sizes[words][papers.tokens], blocks)
    likeness: Figures = told / np.sqrt(np.maximum(size, 1e-9))
    return likeness

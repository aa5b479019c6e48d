"""How well each block fits its article: figures, no verdict. All of them come from the article and the background."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from copydesk.contamination.background import Background
from copydesk.contamination.likeness import highest
from copydesk.contamination.pairwise import squares
from copydesk.contamination.papers import Papers
from copydesk.contamination.theme import Theme
from copydesk.contamination.vectors import block_vectors, unit_rows
from copydesk.contamination.windows import WINDOW, FarWords, Place, far_words, place_blocks

Figures = NDArray[np.float64]

NEAREST = 10
"""Other stories whose likeness to a paragraph is averaged."""
SMOOTHING = 0.6
"""Share of the background in a likelihood. Between 0.4 and 0.8 the ratio separates about as well."""
WORDS_PER_ARTICLE = 250
"""Telling words of an article: makes the share of articles that hold a word into its share of all words."""

OWN = (
    "cover",  # rare words of the paragraph that stand elsewhere in the article, by weight (0 to 1)
    "cover_far",  # the same without the two paragraphs to either side
    "strength_far",  # how often they stand there
    "cover_near",  # words that only the neighbours share
    "cover_title",
    "likelihood",  # log-likelihood ratio per word, article (far) against background
    "names",  # weight of names not seen elsewhere in the article, against all weight
    "names_known",  # weight of names that are
    "similar",  # cosine of the paragraph's vector and the far rest's
    "similar_title",
    "similar_near",
    "similar_above",  # with the line above
    "similar_best",  # mean cosine with the two far paragraphs that are most like it
    "lead",  # how much it reads like a lead
    "weight",  # log of its sum of idf
    "theme",  # how far it lies from the corpus's theme; 0 in a corpus without one
    "others_best",  # cosine with the most alike story of the background
    "others_mean",  # mean cosine with the ten most alike ones
)


def own_figures(
    papers: Papers, vectors: NDArray[np.float32], background: Background, theme: Theme
) -> dict[str, Figures]:
    """The figures of OWN by name, each of shape (blocks,), given the blocks' vectors; those of titles mean nothing."""
    place = place_blocks(papers)
    weights = background.weights(papers.words).astype(np.float64)
    figures = _word_figures(papers, place, weights) | _vector_figures(papers, place, vectors)
    return figures | {"theme": theme.off(vectors)} | _company_figures(papers, background, vectors)


def _company_figures(papers: Papers, background: Background, vectors: NDArray[np.float32]) -> dict[str, Figures]:
    """How alike other stories are to a paragraph by subject; 0 for blocks that are never judged.

    The stories are the background's. A sample of the corpus's own told the same, and moved every score of a corpus with
    each new article.
    """
    best, mean = np.zeros(papers.lengths.size), np.zeros(papers.lengths.size)
    prose = np.flatnonzero(papers.judged)
    top = highest(vectors[prose] @ background.company.T, NEAREST)
    best[prose], mean[prose] = top[:, -1], top.mean(axis=1)
    return {"others_best": best, "others_mean": mean}


def fit_figures(papers: Papers, background: Background) -> dict[str, Figures]:
    """Those of the figures of `own_figures` that a copy is held against, at a third of the cost."""
    place = place_blocks(papers)
    words = far_words(papers, place, background.weights(papers.words).astype(np.float64))
    vectors = block_vectors(papers, background)
    _, far = _beside(papers, place, vectors)
    likelihood = _likelihood(papers, place, words)
    return {"cover_far": words.share(words.away > 0), "similar": _cosine(vectors, far), "likelihood": likelihood}


def _likelihood(papers: Papers, place: Place, words: FarWords) -> Figures:
    """The log-likelihood ratio per word of each block, the rest of its article against the background."""
    running = np.concatenate([[0], np.cumsum(papers.lengths)])
    total = np.repeat(running[papers.starts[1:]] - running[papers.starts[:-1]], np.diff(papers.starts))
    far_words = np.maximum(total - (running[place.high] - running[place.low]), 1)
    ratio = words.often / far_words[words.block] * np.exp(words.weight) * WORDS_PER_ARTICLE
    sums = np.bincount(words.block, np.log((1 - SMOOTHING) * ratio + SMOOTHING), papers.lengths.size)
    likelihood: Figures = sums / np.maximum(papers.lengths, 1)
    return likelihood


def _word_figures(papers: Papers, place: Place, weights: Figures) -> dict[str, Figures]:
    """What the words say: which of a block's words stand elsewhere in its article, and how often."""
    words = far_words(papers, place, weights)
    name, everywhere, away, share = papers.names, words.everywhere, words.away, words.share
    in_title = np.zeros(papers.words.size, np.bool_)
    title = np.zeros(papers.lengths.size, np.bool_)
    title[papers.titles] = True
    in_title[papers.tokens[title[words.block]]] = True
    return {
        "cover": share(everywhere > 1),
        "cover_far": share(away > 0),
        "strength_far": share(np.log1p(np.maximum(away, 0))),
        "cover_near": share((everywhere > 1) & (away <= 0)),
        "cover_title": share(in_title[papers.tokens]),
        "likelihood": _likelihood(papers, place, words),
        "names": share(name & (everywhere == 1)),
        "names_known": share(name & (everywhere > 1)),
        "lead": papers.leads / np.sqrt(np.maximum(papers.lengths, 1)),
        "weight": np.log(np.maximum(words.total, 1.0)),
    }


def _vector_figures(papers: Papers, place: Place, vectors: NDArray[np.float32]) -> dict[str, Figures]:
    """What the vectors say: cosines with the far rest, the neighbours, the title, and the most alike far blocks."""
    owner = papers.owner
    near, far = _beside(papers, place, vectors)
    return {
        "similar": _cosine(vectors, far),
        "similar_title": _cosine(vectors, vectors[papers.titles][owner]),
        "similar_near": _cosine(vectors, near),
        "similar_above": _cosine(vectors, vectors[np.maximum(np.arange(owner.size) - 1, 0)]),
        "similar_best": _best(papers, place, vectors),
    }


def _beside(
    papers: Papers, place: Place, vectors: NDArray[np.float32]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """The sums of the vectors of each block's neighbours and of all beyond them."""
    at, size = np.arange(len(vectors)), len(vectors)
    near = -vectors
    for step in range(-WINDOW, WINDOW + 1):
        inside = ((at + step >= place.low) & (at + step < place.high)).astype(np.float32)[:, None]
        here, there = slice(max(0, -step), size - max(0, step)), slice(max(0, step), size - max(0, -step))
        near[here] += vectors[there] * inside[here]
    whole = np.add.reduceat(vectors, papers.starts[:-1], axis=0)
    return near, whole[papers.owner] - near - vectors


def _cosine(vectors: NDArray[np.float32], other: NDArray[np.float32]) -> Figures:
    figures: Figures = np.einsum("ij,ij->i", vectors, unit_rows(other)).astype(np.float64)
    return figures


def _best(papers: Papers, place: Place, vectors: NDArray[np.float32]) -> Figures:
    """The mean cosine of each block with the two far ones that are most like it, 0 where that is below 0."""
    out = np.zeros(papers.lengths.size)
    for rows, filled in squares(papers.starts):
        likeness = vectors[rows] @ vectors[rows].transpose(0, 2, 1)
        near = (rows[:, None, :] >= place.low[rows][:, :, None]) & (rows[:, None, :] < place.high[rows][:, :, None])
        likeness[near | ~filled[:, None, :]] = -1.0
        top = np.partition(likeness, -2, axis=2)[:, :, -2:]
        best = np.maximum((top[:, :, 1] + np.maximum(top[:, :, 0], 0)) / 2, 0)
        out[rows[filled]] = best[filled]
    return out

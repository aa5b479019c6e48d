"""How well each block fits its article: figures, no verdict. All of them come from the article and the background."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from copydesk.contamination.background import Background
from copydesk.contamination.likeness import highest
from copydesk.contamination.neighbours import most_alike, sums_beside
from copydesk.contamination.papers import Papers
from copydesk.contamination.theme import Theme
from copydesk.contamination.vectors import block_vectors, unit_rows
from copydesk.contamination.windows import Place, place_blocks
from copydesk.contamination.word_figures import word_figures

Figures = NDArray[np.float64]

NEAREST = 10
"""Other stories whose likeness to a paragraph is averaged."""

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
    leads = {"lead": papers.leads / np.sqrt(np.maximum(papers.lengths, 1))}
    figures = word_figures(papers, place, background) | _vector_figures(papers, place, vectors)
    return figures | leads | {"theme": theme.off(vectors)} | _company_figures(papers, background, vectors)


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
    words = word_figures(papers, place, background)
    vectors = block_vectors(papers, background)
    _, far = sums_beside(papers, place, vectors)
    figures = {name: words[name] for name in ("cover_far", "likelihood")}
    return figures | {"similar": _cosine(vectors, unit_rows(far))}


def _vector_figures(papers: Papers, place: Place, vectors: NDArray[np.float32]) -> dict[str, Figures]:
    """What the vectors say: cosines with the far rest, the neighbours, the title, and the most alike far blocks."""
    near, far = sums_beside(papers, place, vectors)
    unit = unit_rows(vectors)  # for a last digit: they are of length one
    above = np.concatenate([unit[:1], unit[:-1]])
    return {
        "similar": _cosine(vectors, unit_rows(far)),
        "similar_title": _cosine(vectors, unit[papers.titles][papers.owner]),
        "similar_near": _cosine(vectors, unit_rows(near)),
        "similar_above": _cosine(vectors, above),
        "similar_best": most_alike(papers, place, vectors),
    }


def _cosine(vectors: NDArray[np.float32], units: NDArray[np.float32]) -> Figures:
    """The cosines of blocks with as many unit vectors."""
    figures: Figures = np.einsum("ij,ij->i", vectors, units).astype(np.float64)
    return figures

"""Foreign paragraphs in doubt: whether both articles tell one event, and whose headline the line above is."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from copydesk.contamination.background import load_background
from copydesk.contamination.papers import Papers

BESIDE = 2
"""Paragraphs to either side that are left out when two articles are compared."""
HEADLINE_SHARE = 0.25
"""Share of a headline's weight that must stand in the paragraph below."""
HEADLINE_LEAD = 1.5
"""How many times more of it must stand there than in the rest of the article."""


def kinship(papers: Papers, ours: int, theirs: int) -> float:
    """How much two articles have in common by squared rarity (0 to 1), each without a paragraph and its neighbours.

    `ours` and `theirs` are the numbers of the two blocks among all of the corpus. Two outlets that tell the same event
    quote the same sentences.
    """
    mine, other = _beside(papers, ours), _beside(papers, theirs)
    background = load_background()
    weights = [float((background.weights(w).astype(np.float64) ** 2).sum()) for w in (mine, other)]
    shared = background.weights(np.intersect1d(mine, other, assume_unique=True)).astype(np.float64) ** 2
    return float(shared.sum() / max(np.sqrt(weights[0] * weights[1]), 1e-9))


def _beside(papers: Papers, block: int) -> NDArray[np.uint32]:
    """The distinct words of a block's article, but for it and its neighbours."""
    at = int(np.searchsorted(papers.blocks, block))
    article = int(np.searchsorted(papers.starts, at, side="right")) - 1
    first, title = int(papers.starts[article]), int(papers.titles[article])
    before = papers.tokens[papers.bounds[first] : papers.bounds[max(first, at - BESIDE)]]
    behind = papers.tokens[papers.bounds[min(title, at + BESIDE + 1)] : papers.bounds[title + 1]]
    return np.unique(papers.words[np.concatenate([before, behind])])


def headline_above(papers: Papers, block: int) -> int:
    """The position of the headline that came with a foreign paragraph, -1 for none.

    The line directly above it has a headline's form, and its words are that story's and not its article's.
    """
    article = int(np.searchsorted(papers.starts, block, side="right")) - 1
    above = block - 1
    if above < papers.starts[article] or papers.positions[above] != papers.positions[block] - 1:
        return -1
    if not papers.headlines[above]:
        return -1
    first, end = int(papers.starts[article]), int(papers.starts[article + 1])
    line, foreign = (papers.words[papers.tokens[papers.bounds[b] : papers.bounds[b + 1]]] for b in (above, block))
    before = papers.tokens[papers.bounds[first] : papers.bounds[above]]
    behind = papers.tokens[papers.bounds[block + 1] : papers.bounds[end]]
    ours = papers.words[np.concatenate([before, behind])]
    weights = load_background().weights(line).astype(np.float64)
    there, here = float(weights[np.isin(line, foreign)].sum()), float(weights[np.isin(line, ours)].sum())
    fits = there > HEADLINE_LEAD * here and there > HEADLINE_SHARE * float(weights.sum())
    return int(papers.positions[above]) if fits else -1

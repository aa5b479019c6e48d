"""How far each article of a corpus is from a theme: figures, no verdict."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from copydesk.contamination.background import Background
from copydesk.contamination.columns import UNKNOWN
from copydesk.contamination.signals import Figures
from copydesk.contamination.tokens import tokenise
from copydesk.contamination.vectors import unit_rows
from copydesk.errors import UsageError

NEAREST = 5
"""Articles of the core that an article is held against: a theme has several sides."""
CORE_SHARE = 0.5
"""The half of the corpus that fits the theme's words best speaks for the theme."""
MIN_CORPUS = 8
"""In a smaller corpus the words of the theme alone decide."""
PRIOR = 3.0
"""Articles of the background that are added to the core when words are counted."""


@dataclass(frozen=True, slots=True)
class Words:
    """The distinct telling words of documents, one document after the other: the document of each, its id (row of the
    background, or above them), how often it stands there; `fluent` is the share of known words of each document.
    """

    owner: NDArray[np.int64]
    ids: NDArray[np.int64]
    counts: NDArray[np.int64]
    fluent: Figures


def document_columns(texts: Sequence[str], theme: Sequence[str], background: Background) -> dict[str, Figures]:
    """How far each article is from the theme, by name, each of shape (articles,).

    `hits`: share of the theme's words, by weight, that occur; `theme`: cosine with the theme's vector; `centre`: cosine
    with the core's mean; `nearest`: mean cosine with the nearest articles of the core; `odds`: how much more likely its
    words are in the core than in the background; each also as `... off`, by how much it lies below the middle of the
    core. `fluent`: the share of its words that the background knows. Raises UsageError where no word of the theme is
    known or occurs.
    """
    words = _words(texts, background)
    size = len(texts)
    vectors = _vectors(words, size, background)
    hits, likeness = _theme_fit(theme, words, vectors, background)
    core = _core(hits + likeness)
    columns = {
        "hits": hits,
        "theme": likeness,
        "centre": (vectors @ unit_rows(vectors[core].sum(axis=0, keepdims=True))[0]).astype(np.float64),
        "nearest": _nearest(vectors, core),
        "odds": _odds(words, size, core, background),
    }
    typical = core if core.size >= MIN_CORPUS else np.arange(size)
    relative = {f"{name} off": _off(figure, figure[typical]) for name, figure in columns.items()}
    return columns | relative | {"fluent": words.fluent}


def _words(texts: Sequence[str], background: Background) -> Words:
    tokens = tokenise(texts)
    lengths = np.diff(tokens.starts)
    owner = np.repeat(np.arange(lengths.size), lengths)
    rows = background.rows(tokens.words)
    fluent = np.bincount(owner, rows >= 0, lengths.size) / np.maximum(lengths, 1)
    ids = np.where(rows >= 0, rows, UNKNOWN | (tokens.words >> np.uint32(1)).astype(np.int64))
    telling = (rows < 0) | (background.idf[rows] > 0)
    pairs, counts = np.unique((owner[telling] << 32) | ids[telling], return_counts=True)
    return Words(pairs >> 32, pairs & 0xFFFFFFFF, counts, fluent)


def _vectors(words: Words, size: int, background: Background) -> NDArray[np.float32]:
    """Unit vectors of whole documents, words counted by the logarithm of how often they stand."""
    known = words.ids < background.words.size
    owner, ids = words.owner[known], words.ids[known]
    often = (1 + np.log(words.counts[known])).astype(np.float32)
    bounds = np.searchsorted(owner, np.arange(size + 1))
    out = np.zeros((size, background.vectors.shape[1]), np.float32)
    for n in range(size):
        own = slice(bounds[n], bounds[n + 1])
        out[n] = often[own] @ background.vectors[ids[own]]
    return unit_rows(out)


def _theme_fit(
    theme: Sequence[str], words: Words, vectors: NDArray[np.float32], background: Background
) -> tuple[Figures, Figures]:
    """Share of the theme's words that each document has, and the cosine of its vector with theirs."""
    asked = _words([" ".join(theme)], background)
    weights = background.weights(asked.ids.astype(np.uint32)).astype(np.float64)
    at = np.minimum(np.searchsorted(asked.ids, words.ids), max(asked.ids.size - 1, 0))
    found = asked.ids[at] == words.ids if asked.ids.size else np.zeros(words.ids.size, np.bool_)
    known = asked.ids < background.words.size
    if not known.any() and not found.any():
        raise UsageError(f"[contamination] theme = {list(theme)!r}: none of its words is known; name commoner words")
    hits = np.bincount(words.owner[found], weights[at[found]], len(vectors)) / weights.sum()
    direction = unit_rows(background.vectors[asked.ids[known]].sum(axis=0, keepdims=True))[0]
    return hits, (vectors @ direction).astype(np.float64)


def _core(fit: Figures) -> NDArray[np.int64]:
    """The articles that speak for the theme: the better half by its words."""
    count = max(1, round(fit.size * CORE_SHARE))
    return np.sort(np.argsort(-fit, kind="stable")[:count])


def _nearest(vectors: NDArray[np.float32], core: NDArray[np.int64]) -> Figures:
    """Mean cosine of each article with its nearest others in the core."""
    likeness = vectors @ vectors[core].T
    likeness[core, np.arange(core.size)] = -1.0
    count = min(NEAREST, max(1, core.size - 1))
    nearest: Figures = np.sort(likeness, axis=1)[:, -count:].mean(axis=1).astype(np.float64)
    return nearest


def _odds(words: Words, size: int, core: NDArray[np.int64], background: Background) -> Figures:
    """The mean over the better half of an article's words of how much likelier they are in the core's other articles
    than in the background's, as a logarithm.
    """
    member = np.zeros(size, np.bool_)
    member[core] = True
    distinct, word = np.unique(words.ids, return_inverse=True)
    in_core = np.bincount(word, member[words.owner], distinct.size)[word] - member[words.owner]
    known = words.ids < background.words.size
    seen = np.where(known, background.articles[np.where(known, words.ids, 0)], 0)
    base = (seen + 1.0) / (background.size + 2)
    others = np.maximum(core.size - member[words.owner], 1)
    odds = np.clip(np.log((in_core + PRIOR * base) / (others + PRIOR) / base), -2, 4)
    order = np.lexsort((odds, words.owner))
    counts = np.bincount(words.owner, minlength=size)
    place = np.arange(order.size) - np.repeat(np.cumsum(counts) - counts, counts)
    upper = place >= np.repeat(counts // 2, counts)
    mean: Figures = np.bincount(words.owner, odds[order] * upper, size) / np.maximum(counts - counts // 2, 1)
    return mean


def _off(figure: Figures, typical: Figures) -> Figures:
    """How far below the core's middle a figure lies, in its spreads."""
    middle = np.median(typical)
    spread = np.median(np.abs(typical - middle)) * 1.4826
    off: Figures = (figure - middle) / max(float(spread), 0.05)
    return np.clip(off, -8, 3)

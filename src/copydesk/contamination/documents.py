"""Articles that are off the corpus's theme, where the settings name one. Without a theme nothing is judged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from copydesk.article import Article, Evidence, Outcome
from copydesk.contamination.background import Background, load_background
from copydesk.contamination.corpus import build_corpus
from copydesk.contamination.figures import MIN_KNOWN_SHARE
from copydesk.contamination.model import load_document_model, stack
from copydesk.contamination.signals import Figures
from copydesk.contamination.tokens import tokenise
from copydesk.errors import UsageError
from copydesk.settings import Settings

RULE = "theme/1"
NEAREST = 5
"""Articles of the core that an article is held against: a theme has several sides."""
CORE_SHARE = 0.5
"""The half of the corpus that fits the theme's words best speaks for the theme."""
MIN_CORPUS = 8
"""In a smaller corpus the words of the theme alone decide."""


def judge_documents(articles: Sequence[Article], settings: Settings) -> tuple[Article, ...]:
    """The articles, those off the theme flagged in the evidence, in the same order.

    Only with `remove_off_topic` do strangers get the outcome `off_topic`, with the reason. With no theme in the
    settings every article comes back as it is, and so does one that is not in the background's language. Raises
    UsageError if none of the theme's words is known or occurs: such a theme would declare everything a stranger.
    """
    theme = settings.contamination.theme
    chosen = [i for i, article in enumerate(articles) if article.outcome is Outcome.CLEAN and article.text]
    if not theme or not chosen:
        return tuple(articles)
    columns = document_columns([_text(articles[i]) for i in chosen], theme, load_background())
    model, limit = load_document_model()
    scores = model.score(stack(columns, model.columns))
    judged = list(articles)
    for n in np.flatnonzero((scores > limit) & (columns["fluent"] >= MIN_KNOWN_SHARE)):
        sure = float(np.round(1 / (1 + np.exp(-scores[n])), 4))
        judged[chosen[n]] = _flag(articles[chosen[n]], columns, int(n), sure, settings)
    return tuple(judged)


def _text(article: Article) -> str:
    return f"{article.metadata.title or ''}\n{article.text}"


def _flag(article: Article, columns: dict[str, Figures], row: int, sure: float, settings: Settings) -> Article:
    reason = (
        f"off the theme: {columns['hits'][row]:.0%} of the theme's words occur, "
        f"likeness to the theme {columns['theme'][row]:.2f}, "
        f"to the nearest articles on it {columns['nearest'][row]:.2f}"
    )
    evidence = Evidence("flag:article", reason, RULE, article.metadata.title or "", sure)
    article = replace(article, evidence=(*article.evidence, evidence))
    if settings.contamination.remove_off_topic:
        return replace(article, outcome=Outcome.OFF_TOPIC, reason=reason)
    return article


def document_columns(texts: Sequence[str], theme: Sequence[str], background: Background) -> dict[str, Figures]:
    """How far each article is from the theme, by name, each of shape (articles,).

    `hits`: share of the theme's words, by weight, that occur; `theme`: cosine with the theme's vector; `nearest`: mean
    cosine with the nearest articles of the core; `odds`: how much more likely its words are in the core than
    in the background; each also as `... off`, by how much it lies below the middle of the core. `fluent`: the share
    of its words that the background knows.
    """
    corpus = build_corpus([[text] for text in texts], [""] * len(texts), np.arange(len(texts)), background)
    rows = corpus.articles[:-1]
    vectors = _document_vectors(corpus.words, corpus.starts, rows, corpus.counts, corpus.known, background)
    words = tokenise([" ".join(theme)]).words
    hits = _hits(texts, words, background)
    if not (background.rows(words) >= 0).any() and not hits.any():
        raise UsageError(f"[contamination] theme = {list(theme)!r}: none of its words is known; name commoner words")
    theme_vector = _unit(background.vectors[background.rows(words)[background.rows(words) >= 0]].sum(axis=0))
    likeness = vectors @ theme_vector
    core = _core(hits + likeness)
    nearest = _nearest(vectors, core)
    odds = _odds(corpus.words, corpus.starts, rows, corpus.known, core, background)
    spread_rows = core if core.size >= MIN_CORPUS else np.arange(len(texts))
    columns = {"hits": hits, "theme": likeness, "nearest": nearest, "odds": odds}
    fluent = corpus.known_share[rows]
    relative = {f"{name} off": _off(figure, figure[spread_rows]) for name, figure in columns.items()}
    return columns | relative | {"fluent": fluent}


def _off(figure: Figures, typical: Figures) -> Figures:
    """How far below the core's middle a figure lies, in its spreads."""
    middle = np.median(typical)
    spread = np.median(np.abs(typical - middle)) * 1.4826
    off: Figures = (figure - middle) / max(float(spread), 0.05)
    return np.clip(off, -8, 3)


def _hits(texts: Sequence[str], words: NDArray[np.uint32], background: Background) -> Figures:
    weight = {int(word): background.weight(int(word)) for word in words}
    total = sum(weight.values())
    tokens = tokenise(texts)
    found = []
    for i in range(len(texts)):
        own = set(tokens.words[tokens.starts[i] : tokens.starts[i + 1]].tolist())
        found.append(sum(value for word, value in weight.items() if word in own) / total)
    return np.array(found)


def _core(fit: Figures) -> NDArray[np.int64]:
    """The articles that speak for the theme: the better half by its words."""
    count = max(1, round(fit.size * CORE_SHARE))
    return np.sort(np.argsort(-fit, kind="stable")[:count])


def _unit(vector: Figures) -> Figures:
    unit: Figures = vector / max(float(np.linalg.norm(vector)), 1e-9)
    return unit


def _document_vectors(
    words: NDArray[np.int64],
    starts: NDArray[np.int64],
    rows: NDArray[np.int64],
    counts: NDArray[np.int32],
    known: NDArray[np.int64],
    background: Background,
) -> Figures:
    """Unit vectors of whole articles, words counted by the logarithm of how often they stand."""
    out = np.zeros((rows.size, background.vectors.shape[1]))
    for n, row in enumerate(rows):
        ids = words[starts[row] : starts[row + 1]]
        use = known[ids] >= 0
        tf = 1 + np.log(counts[starts[row] : starts[row + 1]][use])
        out[n] = _unit((background.vectors[known[ids[use]]] * tf[:, None]).sum(axis=0))
    return out


def _nearest(vectors: Figures, core: NDArray[np.int64]) -> Figures:
    """Mean cosine of each article with its nearest others in the core."""
    likeness = vectors @ vectors[core].T
    likeness[core, np.arange(core.size)] = -1.0
    count = min(NEAREST, max(1, core.size - 1))
    top = np.sort(likeness, axis=1)[:, -count:]
    nearest: Figures = top.mean(axis=1)
    return nearest


def _odds(
    words: NDArray[np.int64],
    starts: NDArray[np.int64],
    rows: NDArray[np.int64],
    known: NDArray[np.int64],
    core: NDArray[np.int64],
    background: Background,
) -> Figures:
    """Mean over an article's words of how much likelier they are in the core's articles than in the background's."""
    in_core = np.zeros(known.size)
    member = np.zeros(rows.size, np.bool_)
    member[core] = True
    for n in core:
        in_core[words[starts[rows[n]] : starts[rows[n] + 1]]] += 1
    base = (np.where(known >= 0, background.articles[known], 0) + 1.0) / (background.size + 2)
    out = np.zeros(rows.size)
    for n, row in enumerate(rows):
        ids = words[starts[row] : starts[row + 1]]
        if ids.size == 0:
            continue
        others = max(1, core.size - member[n])
        share = (in_core[ids] - member[n] + 3 * base[ids]) / (others + 3)
        odds = np.clip(np.log(share / base[ids]), -2, 4)
        out[n] = np.sort(odds)[ids.size // 2 :].mean()
    return out

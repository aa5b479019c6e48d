"""Articles that are off the corpus's theme, where the settings name one. Without a theme nothing is judged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from copydesk.article import Article, Evidence, Outcome
from copydesk.contamination.background import load_background
from copydesk.contamination.document_figures import document_columns
from copydesk.contamination.figures import MIN_KNOWN_SHARE
from copydesk.contamination.model import load_document_model, stack
from copydesk.contamination.signals import Figures
from copydesk.settings import Settings

RULE = "theme/1"


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

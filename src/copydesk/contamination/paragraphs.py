"""Paragraphs of other stories: judged over the whole corpus, after copies are known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from copydesk.article import Action, Article, Decision, Evidence, decide
from copydesk.contamination.columns import paragraph_columns
from copydesk.contamination.reasons import explain_paragraph
from copydesk.contamination.stories import story_numbers
from copydesk.contamination.verdicts import Verdicts, judge_columns
from copydesk.settings import Settings

STAGE = "contamination"
RULE = "foreign/1"
HEADLINE_RULE = "foreign-headline/1"
CLEARLY_ELSEWHERE = 0.5
"""Share of a paragraph that must stand in another article for that to be named as a reason."""

Origin = tuple[str, str | None]
"""Id and title of the article that a copy stands in."""


def judge_paragraphs(articles: Sequence[Article], links: pa.Table, settings: Settings) -> tuple[Article, ...]:
    """The articles without the paragraphs that belong to other stories, in the same order.

    A paragraph goes only where the models are sure (data/foreign.csv says what their limit lost in training); less
    sure ones, and all of them where `remove_paragraphs` is off, are flagged in the evidence. Only clean articles are
    looked at. `links` has the columns article_id and canonical_id.
    """
    verdicts = judge_columns(paragraph_columns(articles), None, story_numbers(articles, links), settings)
    origins = {
        int(r): (articles[r].article_id, articles[r].metadata.title) for r in np.unique(verdicts.match_rows) if r >= 0
    }
    judged = list(articles)
    for row in np.unique(verdicts.rows):
        which = np.flatnonzero(verdicts.rows == row)
        judged[row] = carry_out(articles[row], verdicts, which, origins)
    return tuple(judged)


def carry_out(article: Article, verdicts: Verdicts, which: NDArray[np.int64], origins: Mapping[int, Origin]) -> Article:
    """The article with the verdicts on it (`which` of all) as evidence and decisions.

    `origins` has id and title of the articles in `verdicts.match_rows` by row.
    """
    decisions: list[Decision] = []
    evidence = []
    for n in which.tolist():
        block = article.blocks[verdicts.positions[n]]
        sure = float(np.round(1 / (1 + np.exp(-verdicts.scores[n])), 4))
        copied = verdicts.figures["copied"][n] >= CLEARLY_ELSEWHERE
        reasons = explain_paragraph(verdicts.figures, n, origins[int(verdicts.match_rows[n])] if copied else None)
        field = "off_topic" if verdicts.removed[n] else "flag:paragraph"
        evidence.append(Evidence(field, reasons, RULE, block.text, sure))
        if verdicts.removed[n]:
            decisions.append(_removal(article, int(verdicts.positions[n]), RULE, sure))
        if verdicts.headlines[n] >= 0:
            decisions.append(_removal(article, int(verdicts.headlines[n]), HEADLINE_RULE, sure))
    article = replace(article, evidence=article.evidence + tuple(evidence))
    return decide(article, *decisions)


def _removal(article: Article, position: int, rule: str, sure: float) -> Decision:
    return Decision(STAGE, Action.REMOVED, "off_topic", rule, position, article.blocks[position].text, None, sure)

"""Paragraphs of other stories: what a verdict says about each, and what it makes of the article.

A paragraph goes only where the models are sure (data/foreign.csv says what their limit lost in training); less sure
ones, and all of them where `remove_paragraphs` is off, are flagged in the evidence.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import chain
from typing import NamedTuple

import numpy as np

from copydesk.article import Action, Article, Decision, Evidence, decide
from copydesk.contamination.reasons import Elsewhere, explain_paragraphs
from copydesk.contamination.verdicts import Verdicts
from copydesk.machine.forks import map_in_forks
from copydesk.machine.work import ALONE, Work

STAGE = "contamination"
RULE = "foreign/1"
HEADLINE_RULE = "foreign-headline/1"
TITLE_RULE = "related-title/2"
CLEARLY_ELSEWHERE = 0.5
"""Share of a paragraph that must stand in another article for that to be named as a reason."""
PART_VERDICTS = 1024
"""Verdicts that are put into words at once."""


class Stranger(NamedTuple):
    """A paragraph that looks foreign: its position, how sure that is (0 to 1), why, and whether it goes.

    `headline` is the position of the headline that goes with it, None for none. There are some to each article: a tuple
    is made in half the time that a dataclass takes, and goes to a worker as it is.
    """

    position: int
    sure: float
    reasons: str
    removed: bool
    headline: int | None
    rule: str = RULE


def describe_strangers(
    verdicts: Verdicts, origins: Mapping[int, Elsewhere], work: Work = ALONE
) -> tuple[Stranger, ...]:
    """The strangers of all articles, one for each verdict. `origins` has id and title of the articles in
    `verdicts.match_rows` by row.
    """
    copied = verdicts.figures["copied"] >= CLEARLY_ELSEWHERE
    matches = verdicts.match_rows.tolist()
    elsewhere = [origins[row] if there else None for row, there in zip(matches, copied.tolist(), strict=True)]

    def explain(first: int) -> tuple[str, ...]:
        rows = np.arange(first, min(first + PART_VERDICTS, verdicts.rows.size))
        return explain_paragraphs(verdicts.figures, rows, elsewhere[first : first + PART_VERDICTS])

    parts = map_in_forks(explain, range(0, verdicts.rows.size, PART_VERDICTS), work)
    reasons = list(chain.from_iterable(parts))
    sure = np.round(1 / (1 + np.exp(-verdicts.scores)), 4).tolist()
    headlines = [headline if headline >= 0 else None for headline in verdicts.headlines.tolist()]
    rules = np.where(verdicts.titles, TITLE_RULE, RULE).tolist()
    for n in np.flatnonzero(verdicts.titles).tolist():
        reasons[n] = f"it is the title of article {origins[matches[n]][0]}"
    columns = (verdicts.positions.tolist(), sure, reasons, verdicts.removed.tolist(), headlines, rules)
    return tuple(map(Stranger, *columns))


def carry_out(article: Article, strangers: Sequence[Stranger]) -> Article:
    """The article with its strangers as evidence, and those removed that go."""
    if not strangers:
        return article
    decisions: list[Decision] = []
    evidence = []
    for stranger in strangers:
        field = "off_topic" if stranger.removed else "flag:paragraph"
        text = article.blocks[stranger.position].text
        evidence.append(Evidence(field, stranger.reasons, stranger.rule, text, stranger.sure))
        if stranger.removed:
            decisions.append(_removal(article, stranger.position, stranger.rule, stranger.sure))
        if stranger.headline is not None:
            decisions.append(_removal(article, stranger.headline, HEADLINE_RULE, stranger.sure))
    article = replace(article, evidence=article.evidence + tuple(evidence))
    return decide(article, *decisions)


def _removal(article: Article, position: int, rule: str, sure: float) -> Decision:
    return Decision(STAGE, Action.REMOVED, "off_topic", rule, position, article.blocks[position].text, None, sure)

"""Articles that are off the corpus's theme: the one that the settings state, or the one that the corpus has.

A corpus that agrees on no subject has no theme, and nothing is off it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from copydesk.article import Article, Evidence, Outcome
from copydesk.contamination.columns import paragraph_columns
from copydesk.contamination.document_bounds import THEMES, find_doubtful
from copydesk.contamination.document_company import MAX_COMPANY
from copydesk.contamination.document_figures import FLUENT, agreement, check_words, put_question
from copydesk.contamination.document_words import Documents
from copydesk.contamination.embeddings import background_with
from copydesk.contamination.figures import MIN_KNOWN_SHARE
from copydesk.contamination.model import load_document_model
from copydesk.contamination.papers import Corpus, block_starts
from copydesk.contamination.signals import Figures
from copydesk.contamination.topics import load_topics
from copydesk.duplicates.columns import as_numbers
from copydesk.duplicates.hashing import Hashes
from copydesk.machine.work import ALONE, Work
from copydesk.settings import ContaminationSettings, Settings
from copydesk.spread import Spread, as_table

RULE = "theme/1"
LEARNED_RULE = "learned-theme/1"
MIN_LEARNED = 20
"""Articles from which a theme can be learned."""
MIN_AGREEMENT = 0.45
"""Agreement of the company (MAX_COMPANY) from which a corpus has a theme of its own: one topic has .48 to .62, mixed
news .13 to .36."""


@dataclass(frozen=True, slots=True)
class OffTheme:
    """Why an article is off the theme, by which rule, and how sure that is (0 to 1)."""

    reason: str
    rule: str
    sure: float


@dataclass(frozen=True, slots=True)
class Judged:
    """The articles that are off the theme, by row, and what the next night needn't look at again (schema `THEMES`)."""

    off: Mapping[int, OffTheme]
    known: pa.Table


NONE = Judged({}, THEMES.empty_table())


def judge_themes(
    columns: pa.Table | Spread,
    gone: NDArray[np.bool_] | None,
    rows: NDArray[np.int64],
    settings: Settings,
    contents: Hashes | None = None,
    known: pa.Table | None = None,
    work: Work = ALONE,
) -> Judged:
    """The articles that are off the theme, given the columns that `paragraph_columns` made of them.

    Only `rows`, which are in order, are looked at; `gone` masks blocks as in `strangers.find_strangers`. Articles that
    aren't in the background's language are never judged. Without a theme in the settings one is learned, unless
    `learn_theme` is off. `contents` are digests of all articles (uint64, shape (articles, 2)), without which nothing is
    known from night to night; `known` was found before with the same code and settings, and the articles that are off
    don't depend on it. Raises UsageError if words are stated and none is known or occurs: such a theme would declare
    everything a stranger.
    """
    wanted = settings.contamination
    if not rows.size or not (wanted.theme or (wanted.learn_theme and rows.size >= MIN_LEARNED)):
        return NONE
    starts = block_starts(columns)
    corpus = Corpus(columns, starts, np.zeros(starts[-1], np.bool_) if gone is None else gone)
    background = background_with(wanted.embeddings)
    documents = Documents(corpus, rows)
    words = documents.words(np.arange(rows.size)[:MAX_COMPANY])
    if not wanted.theme and agreement(words, background) < MIN_AGREEMENT:
        return NONE
    # Beside a stated theme other subjects tell nothing more.
    question = put_question(words, rows.size, wanted.theme, background, load_topics(), others=not wanted.theme)
    model, limit = load_document_model("document" if wanted.theme else "learned")
    doubt = find_doubtful(question, documents, contents, known, model, limit, work)
    figures = question.ask(documents, doubt.places)
    check_words(question, wanted.theme, doubt.figures or figures)
    columned = question.columns(figures)
    scores = model.score(model.filled(columned, doubt.places.size))
    off = np.flatnonzero((scores > limit) & (figures[FLUENT] >= MIN_KNOWN_SHARE))
    sure = np.round(1 / (1 + np.exp(-scores)), 4)
    found = {int(rows[doubt.places[n]]): _off_theme(columned, int(n), float(sure[n]), wanted) for n in off}
    return Judged(found, doubt.known)


def _off_theme(figures: dict[str, Figures], row: int, sure: float, wanted: ContaminationSettings) -> OffTheme:
    facts = [f"likeness to the nearest articles {figures['nearest'][row]:.2f}"] if "nearest" in figures else []
    if not wanted.theme:
        facts.insert(0, f"likeness to the middle of the corpus {figures['topic'][row]:.2f}")
        return OffTheme(f"off what the corpus is about: {', '.join(facts)}", LEARNED_RULE, sure)
    facts.insert(0, f"likeness to the theme {figures['theme'][row]:.2f}")
    facts.insert(0, f"{figures['hits'][row]:.0%} of the theme's words occur")
    return OffTheme(f"off the theme: {', '.join(facts)}", RULE, sure)


@dataclass(frozen=True, slots=True)
class Aside:
    """What is said of an article off the theme: its flag, and the reason why it is set aside, empty if it stays."""

    flag: Evidence
    reason: str


def flag_strangers(
    columns: pa.Table | Spread,
    articles: pa.Table | Spread,
    gone: NDArray[np.bool_] | None,
    rows: NDArray[np.int64],
    settings: Settings,
    known: pa.Table | None = None,
    work: Work = ALONE,
) -> tuple[Mapping[int, Aside], pa.Table]:
    """What is said of the articles that `judge_themes` finds, by row, and what is known for the next night; `articles`
    has the `title` of each row, and `content`, a digest of it, without which nothing is known.

    Only with `remove_off_topic` is there a reason to set them aside.
    """
    contents = as_numbers(articles["content"]) if "content" in articles.schema.names else None
    judged = judge_themes(columns, gone, rows, settings, contents, known, work)
    found = judged.off
    named = as_table(articles.select(["title"]).take(pa.array(list(found), pa.int64())))["title"].to_pylist()
    removed = settings.contamination.remove_off_topic
    flagged = {
        row: Aside(Evidence("flag:article", off.reason, off.rule, title or "", off.sure), off.reason if removed else "")
        for (row, off), title in zip(found.items(), named, strict=True)
    }
    return flagged, judged.known


def set_aside(article: Article, aside: Aside) -> Article:
    """The article with its flag, off topic where there is a reason."""
    article = replace(article, evidence=(*article.evidence, aside.flag))
    return replace(article, outcome=Outcome.OFF_TOPIC, reason=aside.reason) if aside.reason else article


def judge_documents(articles: Sequence[Article], settings: Settings) -> tuple[Article, ...]:
    """The articles, those off the theme flagged in the evidence and set aside by setting, in the same order.

    For articles at hand, as tests and benchmarks have them; a run asks `flag_strangers` the same of its kept columns.
    """
    rows = [i for i, article in enumerate(articles) if article.outcome is Outcome.CLEAN and article.text]
    titles = pa.table({"title": pa.array([article.metadata.title for article in articles], pa.string())})
    found, _ = flag_strangers(paragraph_columns(articles), titles, None, np.array(rows, np.int64), settings)
    return tuple(set_aside(article, found[row]) if row in found else article for row, article in enumerate(articles))

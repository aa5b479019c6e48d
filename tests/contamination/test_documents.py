# ruff: noqa: E501 - an example paragraph stands in one line, as it does in an article
"""Tests of articles off a theme."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from copydesk.article import Article, Block, Metadata, Outcome, Source
from copydesk.contamination import judge_documents, paragraph_columns
from copydesk.contamination.documents import judge_themes
from copydesk.contamination.papers import block_starts
from copydesk.errors import UsageError
from copydesk.settings import ContaminationSettings, Settings

THEME = ("school", "teachers", "students", "education", "classroom", "vouchers", "pupils", "tuition")


def settings(*, remove: bool = False, theme: tuple[str, ...] = THEME) -> Settings:
    """Settings with a theme."""
    return Settings(contamination=ContaminationSettings(theme=theme, remove_off_topic=remove))


def school(n: int) -> Article:
    """An article on the theme."""
    lines = (
        f"Teachers and students of district {n} will return to the classroom in September, the school board decided.",
        "Education officials said the schools need new books, new teachers and more money for tuition and for meals.",
        f"Parents of {n}00 students asked the board to keep the old school open, and a teacher spoke for the vouchers.",
        "The superintendent said that reading and math scores of the students had fallen in every grade but the first.",
    )
    meta = Metadata(title=f"Schools of district {n} open again")
    return Article(f"school{n}", Source(f"{n}.txt", 0, None), tuple(Block(line) for line in lines), meta)


stranger = Article(
    "stranger",
    Source("s.txt", 0, None),
    (
        Block(
            "The striker scored twice in the second half, and the goalkeeper saved a penalty in the last minute of the match."
        ),
        Block("The coach said his team had played its best football of the season, and the fans sang until midnight."),
        Block("The club is second in the league and will play the champions on Saturday, without its injured captain."),
    ),
    Metadata(title="Late penalty saved, striker scores twice"),
)
corpus = (*(school(n) for n in range(1, 15)), stranger)


def test_no_theme_no_stranger() -> None:
    """Without a theme every article comes back as it is."""
    assert judge_documents(corpus, Settings()) == corpus


def test_empty_corpus() -> None:
    """A theme and no articles: nothing."""
    assert judge_documents((), settings()) == ()


def test_strangers_are_flagged_and_stay() -> None:
    """A stranger is flagged in the evidence, and only it; its outcome stays clean."""
    judged = judge_documents(corpus, settings())
    flagged = [a.article_id for a in judged if any(e.field == "flag:article" for e in a.evidence)]
    assert flagged == ["stranger"]
    assert all(a.outcome is Outcome.CLEAN for a in judged)


def test_setting_sets_strangers_aside() -> None:
    """With `remove_off_topic` the stranger is off topic, with a reason in words and figures."""
    judged = {a.article_id: a for a in judge_documents(corpus, settings(remove=True))}
    assert judged["stranger"].outcome is Outcome.OFF_TOPIC
    assert "off the theme" in judged["stranger"].reason
    assert sum(a.outcome is Outcome.OFF_TOPIC for a in judged.values()) == 1


def test_unknown_theme_is_an_error() -> None:
    """A theme of words that nobody knows would declare everything a stranger: it is refused, with the setting's name."""
    with pytest.raises(UsageError, match="theme"):
        judge_documents(corpus, settings(theme=("qzxwvk",)))


many = (*(school(n) for n in range(1, 25)), stranger)


def test_a_theme_is_learned_where_the_corpus_has_one() -> None:
    """Articles that agree on a subject need no words for it: the stranger among them is flagged, and stays."""
    judged = judge_documents(many, Settings())
    flags = {a.article_id: e for a in judged for e in a.evidence if e.field == "flag:article"}
    assert list(flags) == ["stranger"]
    assert flags["stranger"].source == "learned-theme/1"
    assert "what the corpus is about" in str(flags["stranger"].value)
    assert all(a.outcome is Outcome.CLEAN for a in judged)


def test_setting_sets_strangers_to_a_learned_theme_aside() -> None:
    """With `remove_off_topic` what is off the learned theme is off topic."""
    judged = judge_documents(many, settings(remove=True, theme=()))
    assert [a.article_id for a in judged if a.outcome is Outcome.OFF_TOPIC] == ["stranger"]


def test_setting_turns_learning_off() -> None:
    """Without `learn_theme` nothing is learned."""
    chosen = Settings(contamination=ContaminationSettings(learn_theme=False))
    assert judge_documents(many, chosen) == many


def test_articles_that_a_later_stage_has_removed_do_not_speak() -> None:
    """Only the rows that are asked for are judged and make the theme."""
    columns = paragraph_columns(many)
    assert judge_themes(columns, None, np.arange(24), Settings()).off == {}
    assert list(judge_themes(columns, None, np.arange(1, 25), Settings()).off) == [24]


def test_removed_blocks_do_not_speak() -> None:
    """A theme's words that stand only in a removed block count for nothing."""
    mixed = replace(stranger, blocks=(*school(3).blocks, *school(4).blocks, *stranger.blocks))
    columns = paragraph_columns((*many[:-1], mixed))
    starts = block_starts(columns)
    gone = np.zeros(starts[-1], np.bool_)
    assert judge_themes(columns, gone, np.arange(25), Settings()).off == {}
    gone[starts[24] : starts[24] + 8] = True
    assert list(judge_themes(columns, gone, np.arange(25), Settings()).off) == [24]


def test_an_article_without_a_title_is_judged_by_its_text() -> None:
    """Neither the stranger nor an article on the theme needs a title to be told apart."""
    bare = [replace(article, metadata=Metadata()) for article in corpus]
    judged = judge_documents(bare, settings())
    assert [a.article_id for a in judged if any(e.field == "flag:article" for e in a.evidence)] == ["stranger"]


def test_a_title_on_the_theme_speaks_for_an_article() -> None:
    """The same text is less surely a stranger under a title that is on the theme."""
    titled = replace(stranger, metadata=Metadata(title="Teachers and students of the old school play football"))
    [off] = [e for a in judge_documents(corpus, settings()) for e in a.evidence]
    less = [e.confidence for a in judge_documents((*corpus[:-1], titled), settings()) for e in a.evidence]
    assert max(less, default=0.0) < off.confidence

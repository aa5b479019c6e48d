"""Samples to judge: the borderline ones first, no two the same."""

from __future__ import annotations

import re

from copydesk.article import Action, Decision, decide
from copydesk.report.taken import FROM_ONE_ARTICLE, SAMPLES, taken


def removed(make, number: int, before: str, score: float | None = None, rule: str = "rule/1"):
    """An article with one removal."""
    return decide(make.article(number), Decision("boilerplate", Action.REMOVED, "promo", rule, 0, before, score=score))


def spans(make, articles) -> list[str]:
    """The spans shown, in their order."""
    return re.findall(r"<del>(.*?)</del>", taken(make.tables(articles)["decisions"]))


def test_lowest_scores_come_first(make):
    """The span that was nearly left alone is the first to be judged."""
    articles = [removed(make, i, f"span {s}", s) for i, s in enumerate((0.99, 0.51, 0.7))]
    assert spans(make, articles) == ["span 0.51", "span 0.7", "span 0.99"]


def test_without_scores_the_longest_come_first(make):
    """What took most away is the first to be judged."""
    articles = [removed(make, i, "x" * n) for i, n in enumerate((3, 9, 5))]
    assert [len(span) for span in spans(make, articles)] == [9, 5, 3]


def test_same_words_are_shown_once(make):
    """A footer under a hundred articles is one sample."""
    assert spans(make, [removed(make, i, "Share this") for i in range(100)]) == ["Share this"]


def test_one_article_does_not_fill_the_samples(make):
    """Of an article with many removals some are shown, so that others are seen."""
    one = make.article(1)
    for i in range(20):
        one = decide(one, Decision("boilerplate", Action.REMOVED, "promo", "rule/1", 0, f"long line number {i:02}"))
    shown = spans(make, [one, *(removed(make, i, f"line {i}") for i in range(2, 12))])
    assert len(shown) == SAMPLES
    assert sum("long" in span for span in shown) == FROM_ONE_ARTICLE


def test_rules_of_degree_come_first(make):
    """A rule with scores can be wrong by degrees, so it stands above one that only holds or doesn't."""
    html = taken(
        make.tables([removed(make, 1, "a", None, "plain/1"), removed(make, 2, "b", 0.9, "scored/1")])["decisions"]
    )
    assert html.index("scored/1") < html.index("plain/1")


def test_nothing_taken(make):
    """No decisions, no rules."""
    assert "Nothing was removed" in taken(make.tables([make.article(1)])["decisions"])


def test_order_of_rows_changes_nothing(make):
    """Rows come in the order in which nights have brought them; of spans alike, the first by id are shown."""
    decisions = make.tables([removed(make, i, f"span {i}", 0.5) for i in range(SAMPLES + 3)])["decisions"]
    assert taken(decisions.take(list(reversed(range(len(decisions)))))) == taken(decisions)

"""What each outlet lost, beside the median."""

from __future__ import annotations

from copydesk.article import Action, Block, Decision, decide
from copydesk.report.losses import FEW, losses
from copydesk.running.outline import outline


def lossy(make, number: int, outlet: str, chars: int):
    """An article of 100 characters of which so many were removed."""
    from dataclasses import replace

    blocks = (Block("x" * (100 - chars)), Block("y" * chars))
    article = replace(make.article(number, outlet=outlet), blocks=blocks)
    return decide(article, Decision("boilerplate", Action.REMOVED, "promo", "rule/1", 1, "y" * chars))


def page(make, articles) -> str:
    """The table of these articles."""
    tables = make.tables(articles)
    return losses(outline(tables["articles"]), tables["duplicates"], tables["decisions"])


def test_outlet_far_above_the_median_is_marked(make):
    """Three outlets lose a hundredth, one loses half: that one is marked."""
    articles = [lossy(make, 10 * o + i, f"Outlet {o}", 50 if o == 3 else 1) for o in range(4) for i in range(FEW)]
    html = page(make, articles)
    assert html.count("▲") == 1
    assert "50.0%" in html.split("Outlet 3")[1]


def test_outlet_with_few_records_is_never_marked(make):
    """One article says nothing about a rule."""
    articles = [lossy(make, i, "Post", 1) for i in range(FEW)] + [lossy(make, 99, "Echo", 50)]
    assert "▲" not in page(make, articles)


def test_what_was_moved_is_not_lost(make):
    """A caption in its field is no loss."""
    article = decide(
        make.article(1, outlet="Post"),
        Decision("boilerplate", Action.MOVED, "caption", "rule/1", 0, "Text 1.", "Text 1.", field="captions"),
    )
    assert "100.0%" not in page(make, [article])


def test_no_articles(make):
    """Nothing to compare."""
    assert "No articles" in page(make, [])

"""Copies on the page: kinds, examples with their texts, clusters."""

from __future__ import annotations

from dataclasses import replace

from copydesk.article import Outcome
from copydesk.duplicates import DuplicateLink
from copydesk.report.copies import copies


def cluster(make):
    """A survivor with two copies: one nearly the same, one that has little in common with it."""
    articles = [make.article(1, title="Kept <b>")]
    articles += [replace(make.article(n), outcome=Outcome.DUPLICATE) for n in (2, 3)]
    ids = [article.article_id for article in articles]
    links = [DuplicateLink(ids[1], ids[0], "near", 0.9, 0.95), DuplicateLink(ids[2], ids[0], "near", 0.2, 0.4)]
    return make.tables(articles, links)


def test_least_alike_pair_comes_first(make):
    """The pair that a person should doubt is the first one."""
    tables = cluster(make)
    html = copies(tables["duplicates"], tables["articles"], lambda name: f"Text {int(name, 16)}.")
    assert html.index("containment 0.40") < html.index("containment 0.95")
    assert "<del>3.</del>" in html
    assert "<b>" not in html.replace("<b>3</b>", "")


def test_text_that_is_no_longer_kept(make):
    """Without the texts there is no diff, and the page says so."""
    tables = cluster(make)
    assert "no longer kept" in copies(tables["duplicates"], tables["articles"], lambda _: None)
    assert "Examples" not in copies(tables["duplicates"], tables["articles"])


def test_cluster_counts_its_survivor(make):
    """Two copies and the one that stayed are three."""
    tables = cluster(make)
    assert "<b>3</b>" in copies(tables["duplicates"], tables["articles"])


def test_page_says_what_signatures_alone_would_find(make):
    """The bands, and the chance of a pair of each Jaccard from .5 to .9 to share one."""
    tables = cluster(make)
    html = copies(tables["duplicates"], tables["articles"])
    assert "25 bands of 5 rows; .5: 0.548, .6: 0.868, .7: 0.990, .8: 1.000, .9: 1.000" in html

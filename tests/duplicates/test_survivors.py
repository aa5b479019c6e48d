"""What links make of articles."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pyarrow as pa
import pytest

from copydesk.article import Article, Block, Copy, Metadata, Outcome, Source
from copydesk.duplicates import DuplicateLink, choose_survivors, settle_links
from copydesk.duplicates.decided import LINKS
from copydesk.errors import RunError
from copydesk.settings import Settings


def _article(name: str, outlet: str | None = None, day: int | None = None) -> Article:
    known = Metadata(outlet=outlet, url=f"https://{name}.example", published_on=dt.date(2024, 5, day) if day else None)
    return Article(name, Source(f"{name}.txt", 0, None), (Block("Text."),), known)


def _table(*pairs: tuple[str, str]) -> pa.Table:
    return pa.Table.from_pylist(
        [{"article_id": a, "canonical_id": b, "kind": "near", "jaccard": 0.8, "containment": 0.9} for a, b in pairs],
        schema=LINKS,
    )


def test_copies_name_their_survivor_and_survivors_their_copies() -> None:
    """A copy's reason says of what it is which kind of copy; the survivor lists its copies by day, unknown ones
    last.
    """
    articles = (_article("a"), _article("b", "Post", 3), _article("c", "Courier", 2), _article("d"))
    done = choose_survivors(articles, _table(("a", "d"), ("b", "d"), ("c", "d")), Settings())
    assert [x.outcome for x in done.articles] == [Outcome.DUPLICATE] * 3 + [Outcome.CLEAN]
    assert done.articles[0].reason == "near of d"
    assert [copy.article_id for copy in done.articles[3].also_published] == ["c", "b", "a"]
    assert done.articles[3].also_published[0] == Copy("Courier", "https://c.example", dt.date(2024, 5, 2), "c")
    assert done.links[0] == DuplicateLink("a", "d", "near", 0.8, 0.9)


def test_without_links_nothing_changes() -> None:
    """Articles without copies come back as they were."""
    articles = (_article("a"), _article("b"))
    assert choose_survivors(articles, _table(), Settings()).articles == articles
    assert choose_survivors((), _table(), Settings()).articles == ()


@pytest.mark.parametrize("which", [0, 1])
def test_a_link_to_what_is_no_longer_clean_is_not_carried_out(which: int) -> None:
    """A copy stays if its survivor turned out to be no article, and no article is made a duplicate."""
    articles = [_article("a"), _article("b")]
    articles[which] = replace(articles[which], outcome=Outcome.NO_ARTICLE, reason="stub")
    done = choose_survivors(articles, _table(("a", "b")), Settings())
    assert done.articles == tuple(articles)
    assert done.links == ()


@pytest.mark.parametrize(
    ("links", "message"),
    [([("a", "x")], "names x"), ([("a", "b"), ("a", "c")], "twice"), ([("a", "b"), ("b", "c")], "itself a copy")],
)
def test_broken_links_are_an_error(links: list[tuple[str, str]], message: str) -> None:
    """An unknown article, a copy of two survivors and a chain are refused."""
    with pytest.raises(RunError, match=message):
        choose_survivors((_article("a"), _article("b"), _article("c")), _table(*links), Settings())


def test_columns_are_enough_to_settle_links() -> None:
    """Without an article object: the same links are carried out, and survivors name the same copies."""
    articles = (_article("a", "Post", 4), _article("b"), _article("d"))
    links = _table(("a", "d"), ("b", "d"))
    rows = pa.table(
        {
            "article_id": ["d", "a", "b", "x"],
            "outcome": ["clean", "clean", "off_topic", "clean"],
            "outlet": [None, "Post", None, None],
            "url": [f"https://{name}.example" for name in "dabx"],
            "published_on": [None, dt.date(2024, 5, 4), None, None],
        }
    )
    settled = settle_links(rows, links)
    assert [link.article_id for link in settled.links] == ["a"]
    lost = replace(articles[1], outcome=Outcome.OFF_TOPIC)
    expected = choose_survivors((articles[0], lost, articles[2]), links, Settings())
    assert settled.links == expected.links
    assert settled.copies == {"d": expected.articles[2].also_published}

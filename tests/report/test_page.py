"""The page about a run: whole, self-contained, and never more than text where the corpus is quoted."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pyarrow as pa

from copydesk.article import Action, Article, Block, Decision, Metadata, Source, decide
from copydesk.report.page import render_page
from copydesk.settings import DuplicateSettings, Settings
from copydesk.writing import TABLES, articles_table, decisions_table, ledger_table, load_schema, open_corpus

EVIL = "<script>alert('headline')</script>"


class Tags(HTMLParser):
    """Collects the tags and attributes of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Collect."""
        self.tags.append(tag)
        self.attributes += attrs


def test_page_of_a_corpus_tells_the_counts(cleaned: Path):
    """Records by outcome, what was taken away and by which rule, duplicates, and what isn't in the corpus."""
    corpus = open_corpus(cleaned)
    page = render_page({n: getattr(corpus, n).to_table() for n in TABLES}, title="run 1", facts=(("version", "0"),))
    for word in ("5 records", "newsletter", "exact", "empty.txt", "Harbour Post"):
        assert word in page


def test_page_of_an_empty_corpus():
    """No rows, no error: every part says that there is nothing."""
    page = render_page({n: load_schema(n).empty_table() for n in TABLES}, title="run 1", facts=())
    assert "0 records" in page
    assert "No duplicates" in page
    assert "Nothing was removed" in page


def test_markup_in_the_corpus_stays_text():
    """A headline, path, outlet or paragraph that holds markup is shown, not obeyed."""
    article = Article(
        "1" * 32,
        Source(f"{EVIL}.txt", 0, "0" * 64, "utf-8"),
        (Block("Body."), Block(EVIL)),
        Metadata(title=EVIL, outlet=EVIL),
    )
    article = decide(article, Decision("boilerplate", Action.REMOVED, "promo", "rule/1", 1, EVIL))
    import datetime as dt

    tables = {
        "articles": articles_table([article], run_id="r", now=dt.datetime(2024, 1, 1, tzinfo=dt.UTC)),
        "duplicates": load_schema("duplicates").empty_table(),
        "decisions": decisions_table([article]),
        "ledger": ledger_table([replace(article, reason=EVIL)], run_id="r"),
    }
    page = render_page(tables, title=EVIL, facts=((EVIL, EVIL),))
    assert Tags(page).tags.count("script") == 1
    assert EVIL not in page


def test_page_asks_for_nothing_from_elsewhere(cleaned: Path):
    """No request leaves the page: no source, no style sheet, no link but its own anchors."""
    corpus = open_corpus(cleaned)
    page = Tags(render_page({n: getattr(corpus, n).to_table() for n in TABLES}, title="run", facts=()))
    assert not {"link", "img", "iframe", "object"} & set(page.tags)
    assert all(value and value.startswith("#") for name, value in page.attributes if name in {"src", "href"})


def test_gates_stand_on_the_page_if_there_are_any():
    """What the run was held against is a part of its own; what it was held back for comes first."""
    gates = [("corpus.articles", 1200.0, 1300.0, 650.0, "yes"), ("corpus.duplicate", 0.25, None, 0.2, "NO")]
    tables = {n: load_schema(n).empty_table() for n in TABLES}
    page = render_page(tables, title="run", facts=(), gates=gates)
    broken = "<th scope=row>corpus.duplicate</th><td class=n>25.0%</td><td class=n></td><td class=n>20.0%</td>"
    assert f"<tr class=far>{broken}" in page
    assert page.index(broken) < page.index("<th scope=row>corpus.articles</th><td class=n>1,200</td>")
    assert "Gates" not in render_page(tables, title="run", facts=())


def test_settings_that_differ_are_named():
    """A reader sees which settings made this result."""
    tables = {n: load_schema(n).empty_table() for n in TABLES}
    settings = replace(Settings(), duplicates=DuplicateSettings(near_jaccard=0.6))
    assert "duplicates.near_jaccard" in render_page(tables, title="run", facts=(), settings=settings)
    assert "are the defaults" in render_page(tables, title="run", facts=(), settings=Settings())


def test_size_does_not_grow_with_the_corpus():
    """Lists are cut: a thousand quarantined records don't make a thousand rows."""
    rows = [Article(f"{i:032x}", Source(f"{i}.bin", 0, None), reason="binary: PNG image") for i in range(1000)]
    from copydesk.article import Outcome

    ledger = ledger_table([replace(row, outcome=Outcome.QUARANTINED) for row in rows], run_id="r")
    tables: dict[str, pa.Table] = {n: load_schema(n).empty_table() for n in TABLES} | {"ledger": ledger}
    page = render_page(tables, title="run", facts=())
    assert len(re.findall(r"\.bin", page)) == 200
    assert "800 more" in page

"""Pages as a browser sees them: no error, no request, charts drawn, filters and diffs at work, text that stays text."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from report_browser import Browser, chromium

from copydesk.article import Action, Article, Block, Decision, Metadata, Source, decide
from copydesk.report.page import render_page
from copydesk.writing import articles_table, decisions_table, ledger_table, load_schema

EVIL = "<script>document.title='taken over'</script><img src=http://127.0.0.1:9/x onerror=alert(1)>"


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """One browser for all tests here."""
    with chromium(tmp_path_factory.mktemp("profile")) as opened:
        yield opened


@pytest.fixture
def report(browser: Browser, cleaned: Path) -> Browser:
    """The report of a small corpus, opened."""
    browser.errors.clear()
    browser.requests.clear()
    browser.open(cleaned / "reports" / "latest.html")
    return browser


def test_page_opens_without_an_error_and_without_a_request(report: Browser):
    """The page itself is all that is read, and nothing complains."""
    assert report.errors == []
    assert [url for url in report.requests if not url.endswith("/latest.html")] == []


def test_charts_are_drawn(report: Browser):
    """Each chart has a size, and shapes in it."""
    for chart in ("flow", "timeline"):
        assert report.ask(f"document.querySelector('#{chart}').getBoundingClientRect().height") > 50
        assert report.ask(f"document.querySelectorAll('#{chart} rect').length") >= 1


def test_filter_shows_the_rules_that_hold_the_words(report: Browser):
    """Words and actions narrow the list; the count says so."""
    every = report.ask("document.querySelectorAll('.rule').length")
    type_in = "form.elements.words.value = '{}';"
    event = "form.dispatchEvent(new Event('input')); document.querySelectorAll('.rule:not([hidden])').length"
    assert 0 < report.ask(type_in.format("newsletter") + event) < every
    assert report.ask("form.querySelector('output').textContent").endswith(f"of {every} rules")
    assert report.ask(type_in.format("") + event) == every
    assert report.ask("form.querySelector('[value=removed]').click();" + event) < every


def test_diffs_unfold(report: Browser):
    """A pair of copies stands side by side once it is unfolded."""
    assert report.ask("document.querySelector('.pair').open = true; document.querySelector('.diff').offsetHeight") > 20


def test_every_part_can_be_reached_by_keyboard(report: Browser):
    """The first stop skips to the content; Enter on a link goes to its part."""
    report.press("Tab")
    assert report.ask("document.activeElement.className") == "skip"
    report.press("Tab")
    report.press("Tab")
    report.press("Enter")
    assert report.ask("location.hash") == "#time"


@pytest.mark.parametrize(("width", "dark"), [(360, False), (360, True), (1280, True)])
def test_page_fits_the_screen(report: Browser, width: int, dark: bool):
    """On a phone nothing but what scrolls by itself is wider than the screen; dark is dark."""
    report.resize(width, 740, dark=dark)
    assert report.ask("document.documentElement.scrollWidth") <= width
    paper = report.ask("getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number)[0]")
    assert (paper < 60) is dark


def test_paper_gets_everything_unfolded(report: Browser):
    """What is folded on the screen is printed, without what only a screen can use; afterwards it is as it was."""
    folded = "document.querySelectorAll('details:not([open])').length"
    before = report.ask(folded)
    assert before > 0
    assert report.ask(f"window.dispatchEvent(new Event('beforeprint')); {folded}") == 0
    report.print_media(on=True)
    assert report.ask("getComputedStyle(document.querySelector('nav')).display") == "none"
    assert report.ask("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    report.print_media(on=False)
    assert report.ask(f"window.dispatchEvent(new Event('afterprint')); {folded}") == before


def test_parts_of_this_run_can_all_be_seen(report: Browser):
    """On a wide screen the whole list of parts is there, and each leads to one."""
    report.resize(1280, 740)
    right = "Math.max(...[...document.querySelectorAll('nav a')].map(a => a.getBoundingClientRect().right))"
    assert report.ask(right) <= 1280
    lost = "[...document.querySelectorAll('nav a')].filter(a => !document.querySelector(a.getAttribute('href'))).length"
    assert report.ask(lost) == 0
    assert report.ask("document.querySelector('#costs tr:nth-child(2) td').getBoundingClientRect().height") > 0


def test_markup_in_the_corpus_stays_text(browser: Browser, tmp_path: Path):
    """A headline that is a script is read as one, in the browser's own eyes."""
    browser.errors.clear()
    browser.requests.clear()
    source = Source(f"{EVIL}.txt", 0, "0" * 64, "utf-8")
    article = Article("1" * 32, source, (Block("Body."), Block(EVIL)), Metadata(title=EVIL, outlet=EVIL))
    article = decide(article, Decision("boilerplate", Action.REMOVED, "promo", EVIL, 1, EVIL))
    tables = {
        "articles": articles_table([article], run_id="r", now=dt.datetime(2024, 1, 1, tzinfo=dt.UTC)),
        "duplicates": load_schema("duplicates").empty_table(),
        "decisions": decisions_table([article]),
        "ledger": ledger_table([article], run_id="r"),
    }
    page = tmp_path / "evil.html"
    page.write_text(render_page(tables, title=EVIL, facts=((EVIL, EVIL),)), encoding="utf-8")
    browser.open(page)
    assert browser.ask("document.title") == EVIL
    assert browser.ask("document.querySelectorAll('script').length") == 1
    assert browser.ask("document.querySelectorAll('img').length") == 0
    assert browser.errors == []
    assert len(browser.requests) == 1

"""A review as a person sees it: by keyboard alone, on a phone, in two tabs, and when the server dies."""

from __future__ import annotations

import shutil
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from report_browser import Browser, chromium
from review_process import reviewing

from copydesk.overrides import Choice, Kind, load_overrides
from copydesk.review.server import ReviewServer

Serve = Callable[..., ReviewServer]
QUESTION = "document.querySelector('#question').textContent"
SAID = "document.querySelector('#said').textContent"


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """One browser for all tests here."""
    with chromium(tmp_path_factory.mktemp("profile")) as opened:
        yield opened


@pytest.fixture
def page(browser: Browser) -> Browser:
    """The browser, without what earlier tests have left."""
    browser.errors.clear()
    browser.requests.clear()
    return browser


def test_a_review_by_keyboard_alone(page: Browser, serve: Serve):
    """One key each to keep, remove, skip and undo; at the end come the counts. No error, no request to elsewhere."""
    server = serve(Kind.PARAGRAPH)
    page.open(server.address)
    assert page.ask(QUESTION) == "Does this paragraph belong to the article?"
    page.follow("k")
    assert page.ask(SAID).startswith("Saved: keep: <script>")
    page.follow("s")
    page.follow("r")
    assert [e.choice for e in load_overrides(server.desk.path).entries] == [Choice.KEEP, Choice.REMOVE]
    page.follow("u")
    assert [e.choice for e in load_overrides(server.desk.path).entries] == [Choice.KEEP]
    for _ in range(3):
        page.follow("r")
    assert page.ask("location.pathname").endswith("/counts")
    assert page.ask("document.querySelectorAll('table').length") == 1
    assert page.errors == []
    assert {url for url in page.requests if not url.startswith(server.address)} == set()


def test_buttons_can_be_reached_and_pressed(page: Browser, serve: Serve):
    """Whoever uses no letters goes from stop to stop."""
    server = serve(Kind.LINK)
    page.open(server.address)
    for _ in range(20):
        page.press("Tab")
        if page.ask("document.activeElement.value") == "remove":
            break
    page.follow("Enter")
    assert [e.choice for e in load_overrides(server.desk.path).entries] == [Choice.COPIES]


def test_markup_of_the_corpus_stays_text(page: Browser, serve: Serve):
    """A title and a paragraph that are scripts are seen as such, and nothing of them runs."""
    server = serve()
    for case in server.desk.cases:
        page.open(f"{server.address}case/{case.name}")
        assert page.ask("document.title").endswith("copydesk review")
        assert page.ask("document.querySelectorAll('script').length") == 1
        assert page.ask("document.querySelectorAll('img').length") == 0
    assert page.errors == []


def test_a_script_that_came_in_would_not_run(page: Browser, serve: Serve):
    """The policy of the page is the second wall: an inline script and a request to elsewhere are both refused."""
    page.open(serve().address)
    page.ask("const s = document.createElement('script'); s.textContent = 'window.taken = 1'; document.body.append(s)")
    page.ask("const i = new Image(); i.src = 'http://127.0.0.1:9/x'; document.body.append(i)")
    assert page.ask("window.taken") is None
    refused = [error for error in page.errors if "Content Security Policy" in error]
    assert len(refused) == 2
    assert "Refused to load" in refused[1] or "Loading the image" in refused[1]


@pytest.mark.parametrize(("width", "dark"), [(360, False), (360, True), (1280, False)])
def test_page_fits_the_screen(page: Browser, serve: Serve, width: int, dark: bool):
    """On a phone nothing is wider than the screen and the buttons are large enough for a thumb; dark is dark."""
    server = serve()
    page.resize(width, 740, dark=dark)
    for case in server.desk.cases:
        page.open(f"{server.address}case/{case.name}")
        assert page.ask("document.documentElement.scrollWidth") <= width
        assert page.ask("Math.min(...[...document.querySelectorAll('.bench button')].map(b => b.offsetHeight))") >= 44
        bottom = page.ask("document.querySelector('.bench button').getBoundingClientRect().bottom")
        assert bottom <= 740
    paper = page.ask("getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number)[0]")
    assert (paper < 60) is dark


def test_two_tabs_dont_overwrite_each_other(page: Browser, serve: Serve):
    """The second one is told what the first one said, and may then decide otherwise."""
    server = serve(Kind.LINK)
    first = page.new_tab()
    page.open(server.address)
    second = page.new_tab()
    page.open(server.address)
    page.use(first)
    page.follow("r")
    page.use(second)
    page.press("k")
    wait_for(page, SAID, "Not saved: another window has judged this meanwhile: remove; reload the page to see it")
    assert [e.choice for e in load_overrides(server.desk.path).entries] == [Choice.COPIES]
    page.open(f"{server.address}case/{server.desk.cases[0].name}")
    assert page.ask("document.querySelector('[aria-pressed=true]').value") == "remove"
    page.follow("k")
    assert load_overrides(server.desk.path).entries[-1].choice is Choice.APART


def wait_for(page: Browser, expression: str, value: str) -> None:
    """Wait until the page says so; every question lets it get on."""
    for _ in range(2_000):
        if page.ask(expression) == value:
            return
    assert page.ask(expression) == value


def test_a_server_killed_between_keystroke_and_save_is_said(page: Browser, published: Path, tmp_path: Path):
    """The page claims nothing that isn't in the file, and stays where it is."""
    shutil.copytree(published.parent, tmp_path / "desk", symlinks=True)
    clean = tmp_path / "desk" / published.name
    with reviewing(clean) as (process, address):
        page.open(address)
        page.follow("k")
        process.send_signal(signal.SIGSTOP)
        page.press("r")
        assert page.ask(SAID) == "Saving …"
        process.kill()
        wait_for(page, SAID, "Not saved: the review has ended. Start it again; what was saved before is in the file.")
    assert [e.choice for e in load_overrides(tmp_path / "desk" / "overrides.toml").entries] == [Choice.KEEP]

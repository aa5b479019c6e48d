"""A published corpus with something to judge of every kind, and a browser to judge it with."""

from __future__ import annotations

import datetime as dt
import importlib.util
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import pytest

from copydesk.article import Action, Article, Block, Copy, Decision, Evidence, Metadata, Outcome, Source, decide
from copydesk.duplicates import DuplicateLink
from copydesk.judging import Verdict, settle
from copydesk.overrides import Kind
from copydesk.report.accounts import kept_beside
from copydesk.review.cases import KINDS, borderline_cases
from copydesk.review.context import set_scene
from copydesk.review.desk import Desk
from copydesk.review.server import ReviewServer
from copydesk.writing import (
    Corpus,
    RunStamp,
    articles_table,
    decisions_table,
    duplicates_table,
    ledger_table,
    open_corpus,
    publish,
)

NOW = dt.datetime(2026, 1, 15, 2, tzinfo=dt.UTC)
EVIL = "<script>document.title='taken over'</script><img src=http://127.0.0.1:9/x onerror=alert(1)>"
LEAD = "Prices for bread rose on Monday in all towns along the coast, the guild of bakers said in a letter."


def _name_module(name: str, path: Path) -> None:
    """Tests are imported by path, so a module that lies beside them has to be named to Python once."""
    if name in sys.modules:
        return
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)


_name_module("report_browser", Path(__file__).parents[1] / "report" / "browser.py")
_name_module("review_process", Path(__file__).with_name("process.py"))


def ident(number: int) -> str:
    """The id of an article."""
    return f"{number:032x}"


def _article(number: int, *texts: str, title: str = "") -> Article:
    known = Metadata(title=title or f"Bread, part {number}", outlet="Harbour Post")
    return Article(ident(number), Source(f"{number}.txt", 0, "0" * 64, "utf-8"), tuple(map(Block, texts)), known)


def _removed(article: Article, position: int, rule: str, score: float | None) -> Article:
    stage, label = ("contamination", "off_topic") if score else ("boilerplate", "promo")
    text = article.blocks[position].text
    return decide(article, Decision(stage, Action.REMOVED, label, rule, position, text, None, score))


def _articles() -> list[Article]:
    foreign = "A stranger among the bakers wrote of ferries."
    first = _removed(_article(1, LEAD, foreign, "The guild met.", title=EVIL), 1, "foreign/1", 0.999)
    near = _removed(_article(2, LEAD + " Twice.", EVIL, "Nobody was hurt."), 1, "foreign/1", 0.81)
    promo = _removed(_article(3, "Subscribe now.", "Rain fell.", "Subscribe now."), 0, "newsletter/1", None)
    why = Evidence("flag:paragraph", "its names are new", "foreign/1", "Snow fell on Wick.", 0.5)
    flagged = _article(4, "The harbour froze.", "Snow fell on Wick.")
    stub = _article(6, "Loading the page, please wait.")
    return [
        first,
        near,
        promo,
        Article(**{**_fields(flagged), "evidence": (why,)}),
        _article(5, LEAD, "The guild met."),
        Article(**{**_fields(stub), "outcome": Outcome.NO_ARTICLE, "reason": "stub: 5 words and no sentence"}),
        Article(**{**_fields(_article(7)), "outcome": Outcome.NO_ARTICLE, "reason": "nothing_left: all gone"}),
    ]


def _fields(article: Article) -> dict[str, object]:
    return {name: getattr(article, name) for name in Article.__slots__}


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A corpus with removed, flagged, folded and dropped cases; a title and a paragraph in it are scripts."""
    clean = tmp_path_factory.mktemp("judged") / "clean"
    link = DuplicateLink(ident(5), ident(1), "near", 0.7, 0.9)
    copy = next(a for a in _articles() if a.article_id == link.article_id).metadata
    names = Copy(copy.outlet, copy.url, copy.published_on, link.article_id)
    verdicts = {link.article_id: Verdict(link=link), link.canonical_id: Verdict(copies=(names,))}
    articles = [settle(a, verdicts.get(a.article_id, Verdict())) for a in _articles()]
    tables = {
        "articles": articles_table(articles, run_id="r1", now=NOW),
        "duplicates": duplicates_table([link], articles),
        "decisions": decisions_table(articles),
        "ledger": ledger_table(articles, run_id="r1"),
    }
    read = {f"{number}.txt": 1 for number in range(1, 8)}
    publish(clean, tables, RunStamp("r1", NOW, "0" * 16), records_read=read)
    return clean


@pytest.fixture(scope="session")
def corpus(published: Path) -> Corpus:
    """The tables of that corpus."""
    return open_corpus(published)


MakeDesk = Callable[..., Desk]


@pytest.fixture
def make_desk(published: Path, corpus: Corpus, tmp_path: Path) -> MakeDesk:
    """Makes a desk with the borderline cases of these kinds; it saves in a folder of the test."""

    def make(*kinds: Kind) -> Desk:
        cases = borderline_cases(corpus, kinds or KINDS, 100)
        scene_of = partial(set_scene, corpus=corpus, kept=kept_beside(published))
        return Desk(cases, tmp_path / "overrides.toml", "borderline", scene_of, lambda: NOW)

    return make


@pytest.fixture
def serve(make_desk: MakeDesk) -> Iterator[Callable[..., ReviewServer]]:
    """Starts servers of the borderline cases of these kinds; they end with the test."""
    from review_process import serving

    with ExitStack() as stack:
        yield lambda *kinds: stack.enter_context(serving(make_desk(*kinds)))

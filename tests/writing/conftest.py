"""Articles of invented outlets, and the tables of a whole corpus made of them."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pytest

from copydesk.article import (
    Action,
    Article,
    Block,
    Copy,
    Decision,
    Evidence,
    Metadata,
    Outcome,
    Source,
)
from copydesk.article import article_id as make_id
from copydesk.writing import RunStamp, articles_table, decisions_table, duplicates_table, ledger_table

FIRST_NIGHT = dt.datetime(2026, 1, 15, 2, tzinfo=dt.UTC)


MEMORY = Path("/dev/shm")  # noqa: S108 - a place for folders that mkdtemp names
"""Where Linux keeps files in memory. Tests publish hundreds of times, and each waits for the disk some ten times."""


@pytest.fixture
def tmp_path(tmp_path: Path) -> Iterator[Path]:
    """A folder of this test's own, in memory where there is room for it."""
    if not os.access(MEMORY, os.W_OK) or shutil.disk_usage(MEMORY).free < 40_000_000:
        yield tmp_path
        return
    with tempfile.TemporaryDirectory(dir=MEMORY) as folder:
        yield Path(folder)


@dataclass(frozen=True)
class Link:
    """A link as the duplicates stage gives it."""

    article_id: str
    canonical_id: str
    kind: str = "near"
    jaccard: float = 0.9
    containment: float = 0.95


@dataclass(frozen=True)
class SmallCorpus:
    """Articles with outcomes, and the links among them."""

    articles: tuple[Article, ...]
    links: tuple[Link, ...] = ()

    def tables(self, run_id: str, now: dt.datetime) -> dict[str, pa.Table]:
        """The four tables."""
        return {
            "articles": articles_table(self.articles, run_id=run_id, now=now),
            "duplicates": duplicates_table(self.links, self.articles),
            "decisions": decisions_table(self.articles),
            "ledger": ledger_table(self.articles, run_id=run_id),
        }

    @property
    def records_read(self) -> dict[str, int]:
        """How many records each raw file has."""
        counts: dict[str, int] = {}
        for article in self.articles:
            counts[article.source.path] = counts.get(article.source.path, 0) + 1
        return counts


def write_article(number: int, **changes: object) -> Article:
    """The article of this number: its day, outlet and text follow from the number."""
    path = f"harbour-post/{number:05d}.txt"
    sha256 = hashlib.sha256(path.encode()).hexdigest()
    title = f"Ferry {number} is late again"
    blocks = (
        Block(f"Ferry number {number} left the quay at noon."),
        Block("Read more about ferries here.", label="promo"),
        Block("Nobody on board complained."),
        Block("A ferry at the quay.", label="caption", field="captions"),
    )
    decisions = (
        Decision("boilerplate", Action.REMOVED, "promo", "read-more/1", 1, "Read more about ferries here."),
        Decision("boilerplate", Action.MOVED, "caption", "caption/1", 3, "A ferry at the quay.", field="captions"),
    )
    metadata = Metadata(
        title=title,
        authors=("Mara Lindqvist",),
        outlet="Harbour Post",
        published_on=dt.date(2025, 1 + number % 4, 1 + number % 28),
        published_precision="day",
        url=f"https://harbourpost.example/{number}",
        language="en",
    )
    article = Article(
        make_id(path, sha256, 0),
        Source(path, 0, sha256, "utf-8"),
        blocks,
        metadata,
        (Evidence("title", title, "head line", title, 0.9),),
        decisions,
    )
    values = {name: getattr(article, name) for name in article.__slots__}
    return Article(**(values | changes))  # type: ignore[arg-type]


def write_corpus(count: int = 24) -> SmallCorpus:
    """`count` records: each tenth is a copy of the one before it, each eleventh is quarantined."""
    articles = [write_article(number) for number in range(count)]
    links = []
    for number in range(9, count, 10):
        survivor, copy = articles[number - 1], articles[number]
        links.append(Link(copy.article_id, survivor.article_id))
        reason = f"near of {survivor.article_id}"
        articles[number] = write_article(number, outcome=Outcome.DUPLICATE, reason=reason)
        folded = Copy("Harbour Post", copy.metadata.url, copy.metadata.published_on, copy.article_id)
        articles[number - 1] = write_article(number - 1, also_published=(folded,))
    for number in range(10, count, 11):
        if articles[number].outcome is Outcome.CLEAN and not articles[number].also_published:
            articles[number] = write_article(
                number, outcome=Outcome.QUARANTINED, reason="binary: a picture", blocks=(), decisions=()
            )
    return SmallCorpus(tuple(articles), tuple(links))


@pytest.fixture
def make_article() -> Callable[..., Article]:
    """`make_article(number, **changes)`."""
    return write_article


@pytest.fixture
def make_corpus() -> Callable[..., SmallCorpus]:
    """`make_corpus(count)`."""
    return write_corpus


@pytest.fixture
def small_corpus() -> type[SmallCorpus]:
    """The type of a corpus to put together by hand: articles and links."""
    return SmallCorpus


@pytest.fixture
def link() -> type[Link]:
    """The type of a link."""
    return Link


@pytest.fixture
def stamp() -> Callable[[int], RunStamp]:
    """`stamp(night)`: the stamp of the run of that night, from 0."""

    def make(night: int = 0) -> RunStamp:
        now = FIRST_NIGHT + dt.timedelta(days=night)
        return RunStamp(f"{now:%Y%m%dT%H%M%SZ}", now, "0123456789abcdef")

    return make


@pytest.fixture
def put(stamp: Callable[[int], RunStamp]) -> Callable[..., object]:
    """`put(clean, corpus, night)`: the corpus published as that night's run."""
    from copydesk.writing import publish

    def make(clean: object, corpus: SmallCorpus, night: int = 0, **options: object) -> object:
        mark = stamp(night)
        tables = corpus.tables(mark.run_id, mark.now)
        return publish(clean, tables, mark, records_read=corpus.records_read, **options)  # type: ignore[arg-type]

    return make

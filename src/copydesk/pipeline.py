"""THE ORDER: what happens to a record, from top to bottom.

    examine   one record at a time: decode → extract or split → repair → describe → rules → is it an article?
    judge     the whole corpus:     duplicates → learned lines → foreign paragraphs → off-topic documents → survivors

`examine` is a pure function of one raw record and the settings, so it runs anywhere and its result can be kept.
`judge` is a pure function of all examined articles and the settings: not of their order, of how they were
split into nights, or of how many workers there were. Reading and writing are done around the two,
in `run.py`.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath

import pyarrow as pa

from copydesk.article import Article, Evidence, Form, Outcome, RawRecord, Refusal
from copydesk.boilerplate import LearnedLines, apply_learned, apply_rules, learn_lines
from copydesk.contamination import check_article, judge_documents, judge_paragraphs
from copydesk.duplicates import DuplicateLink, choose_survivors, find_links
from copydesk.encoding import decode, repair_article
from copydesk.extraction import extract, extract_fragment
from copydesk.extraction.plain import split
from copydesk.metadata import describe, read_page
from copydesk.settings import Settings

NO_TEXT = "no_text"
"""The code of a refusal that says: whole and readable, but without text."""

UNREADABLE = "unreadable"
"""The kind of a page whose markup is too wild to be read safely."""

PER_ARTICLE = (apply_rules, check_article)
"""The stages that need nothing but the described article, in order."""


Begin = Callable[[str, int], None]
"""Told of each step as it begins: its name, and how many articles it treats."""


def _unseen(step: str, count: int) -> None:
    """Nobody is told."""


@dataclass(frozen=True, slots=True)
class Judged:
    """All articles with their outcomes, the links from copies to survivors, and the lines that were learned."""

    articles: tuple[Article, ...]
    links: tuple[DuplicateLink, ...]
    learned: LearnedLines


def examine(record: RawRecord, settings: Settings) -> Article:
    """The article in one record, as far as it can be told from the record alone.

    Its outcome is `clean` so far, or `quarantined` or `no_article` with the reason. Never raises for what
    the record holds: an error nobody foresaw quarantines the record under its type and place. Only a
    MemoryError is raised: it may be the fault of what the process did before, so somebody else must try again.
    """
    try:
        return _examine(record, settings)
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 - one record must not stop a run; the ledger names what happened
        return _quarantine(Article(record.article_id, record.source), _unforeseen(error))


def _examine(record: RawRecord, settings: Settings) -> Article:
    article = Article(record.article_id, record.source)
    if record.refusal:
        return _refuse(article, record.refusal)
    text = record.content
    if isinstance(text, bytes):
        decoded = decode(text, record.form)
        if isinstance(decoded, Refusal):
            return _quarantine(article, decoded)
        article = replace(article, source=replace(article.source, encoding=decoded.encoding))
        text = decoded.text
    page: tuple[Evidence, ...] = ()
    access: tuple[Evidence, ...] = ()
    refusal = None
    if record.form is Form.TEXT:
        article = replace(article, blocks=split(text))
    elif _is_page(text):
        extraction = extract(text, settings, url=_stated_url(record))
        article = replace(article, blocks=extraction.blocks, decisions=extraction.decisions)
        page = read_page(extraction.tree) if extraction.tree is not None else ()
        access, refusal = extraction.evidence, extraction.refusal
        if refusal and extraction.page_kind == UNREADABLE:
            return _quarantine(article, refusal)
    else:
        article = replace(article, blocks=extract_fragment(text))
    article = describe(repair_article(article, settings), record.fields, page, settings)
    article = replace(article, evidence=article.evidence + access)
    if refusal:
        return replace(article, outcome=Outcome.NO_ARTICLE, reason=str(refusal))
    for stage in PER_ARTICLE:
        article = stage(article, settings)
    return article


def judge(articles: Iterable[Article], settings: Settings, begin: Begin = _unseen) -> Judged:
    """All articles with the decisions that need the whole corpus, sorted by id, each with its one outcome.

    `begin` is told of each step. Raises nothing for bad data. An empty corpus gives empty results.
    """
    ordered = tuple(sorted(articles, key=lambda article: article.article_id))
    rest = tuple(article for article in ordered if article.outcome is not Outcome.CLEAN)
    clean = _clean(ordered)
    begin("duplicates", len(clean))
    links = find_links(comparison_table(clean), settings)
    begin("learned lines", len(clean))
    learned = learn_lines(clean, links, settings)
    clean = apply_learned(clean, learned, settings)
    begin("foreign paragraphs", len(clean))
    clean = judge_paragraphs(clean, links, settings)
    clean = tuple(check_article(article, settings) for article in clean)
    clean = judge_documents(clean, settings)
    if _lost_survivor(clean, links):
        # A survivor turned out to be no article or off topic: its copies must find another one.
        rest += tuple(article for article in clean if article.outcome is not Outcome.CLEAN)
        clean = _clean(clean)
        begin("duplicates again", len(clean))
        links = find_links(comparison_table(clean), settings)
    begin("survivors", len(clean))
    resolution = choose_survivors(clean, links, settings)
    everything = sorted(rest + tuple(resolution.articles), key=lambda article: article.article_id)
    return Judged(tuple(everything), resolution.links, learned)


def comparison_table(articles: Sequence[Article]) -> pa.Table:
    """What the duplicate stage compares: one row per article, text and metadata as columns.

    >>> comparison_table(()).num_rows
    0
    """
    return pa.Table.from_pylist([_comparison_row(article) for article in articles], schema=_COMPARISON)


_COMPARISON = pa.schema(
    [
        pa.field("article_id", pa.string(), nullable=False),
        pa.field("text", pa.string(), nullable=False),
        ("title", pa.string()),
        ("deck", pa.string()),
        ("authors", pa.list_(pa.string())),
        ("outlet", pa.string()),
        ("outlet_domain", pa.string()),
        ("url", pa.string()),
        ("url_key", pa.string()),
        ("published_on", pa.date32()),
        ("published_at", pa.timestamp("us", "UTC")),
        ("modified_at", pa.timestamp("us", "UTC")),
        ("language", pa.string()),
    ]
)


def _comparison_row(article: Article) -> dict[str, object]:
    row: dict[str, object] = {
        name: getattr(article.metadata, name) for name in _COMPARISON.names if name not in {"article_id", "text"}
    }
    return row | {"article_id": article.article_id, "text": article.text}


def _clean(articles: Iterable[Article]) -> tuple[Article, ...]:
    return tuple(article for article in articles if article.outcome is Outcome.CLEAN)


def _lost_survivor(articles: Iterable[Article], links: pa.Table) -> bool:
    lost = {article.article_id for article in articles if article.outcome is not Outcome.CLEAN}
    return not lost.isdisjoint(links.column("canonical_id").to_pylist())


def _refuse(article: Article, refusal: Refusal) -> Article:
    """A record that can be read but has no text is no article; one that can't be read may be better tomorrow."""
    if refusal.code == NO_TEXT:
        return replace(article, outcome=Outcome.NO_ARTICLE, reason=str(refusal))
    return _quarantine(article, refusal)


def _quarantine(article: Article, refusal: Refusal) -> Article:
    return replace(article, outcome=Outcome.QUARANTINED, reason=str(refusal))


def _unforeseen(error: Exception) -> Refusal:
    last = traceback.extract_tb(error.__traceback__)[-1]
    place = f"{PurePath(last.filename).name}:{last.lineno}"
    return Refusal("failed", f"{type(error).__name__} at {place}: {str(error)[:200]}")


def _is_page(text: str) -> bool:
    """Whether markup is a whole page; else it is a fragment, as records and feeds hold it."""
    head = text[:20_000].lower()
    return "<html" in head or "<body" in head or "<!doctype" in head


def _stated_url(record: RawRecord) -> str | None:
    return next((field.value for field in record.fields if field.field == "url"), None)


__all__ = ["PER_ARTICLE", "Judged", "comparison_table", "examine", "judge"]

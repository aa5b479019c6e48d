"""THE ORDER: what happens to a record, from top to bottom.

    examine   one record at a time: decode → extract or split → repair → describe → rules → is it an article?
    judge     the whole corpus:     duplicates → learned lines → foreign paragraphs → off-topic documents → survivors

`examine` is a pure function of one raw record and the settings, so it runs anywhere and its result can be kept.
`judge` is a pure function of all examined articles and the settings: not of their order, of how they were
split into nights, or of how many workers there were. Its order stands in `judging/order.py`. Reading and writing are
done around the two, in `run.py`.
"""

from __future__ import annotations

import traceback
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import PurePath

from copydesk.article import Article, Evidence, Form, Outcome, RawRecord, Refusal, Source
from copydesk.boilerplate import apply_rules
from copydesk.contamination import check_article
from copydesk.duplicates import DuplicateLink
from copydesk.encoding import decode, repair_article
from copydesk.extraction import extract, extract_fragment
from copydesk.extraction.fragment import fragment_decisions
from copydesk.extraction.plain import split
from copydesk.judging import account_judged, hold, judge_columns, override_shelf, settle
from copydesk.judging.verdicts import NOTHING
from copydesk.metadata import describe, read_page
from copydesk.overrides import NONE, EntryEffect, Overrides
from copydesk.settings import Settings

NO_TEXT = "no_text"
"""The code of a refusal that says: whole and readable, but without text."""

UNREADABLE = "unreadable"
"""The kind of a page whose markup is too wild to be read safely."""

PER_ARTICLE = (apply_rules, check_article)
"""The stages that need nothing but the described article, in order."""


@dataclass(frozen=True, slots=True)
class Judged:
    """All articles with their outcomes, the links from copies to survivors, and what became of people's entries."""

    articles: tuple[Article, ...]
    links: tuple[DuplicateLink, ...]
    overruled: tuple[EntryEffect, ...] = ()


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
    text, markup = record.content, None
    if isinstance(text, bytes):
        decoded = decode(text, record.form)
        if isinstance(decoded, Refusal):
            return _quarantine(article, decoded)
        source = article.source
        article = Article(article.article_id, Source(source.path, source.record, source.sha256, decoded.encoding))
        text, markup = decoded.text, decoded.utf_8
    page: tuple[Evidence, ...] = ()
    access: tuple[Evidence, ...] = ()
    refusal = None
    if record.form is Form.TEXT:
        article = Article(article.article_id, article.source, split(text))
    elif _is_page(text):
        extraction = extract(markup or text, settings, url=_stated_url(record))
        article = replace(article, blocks=extraction.blocks, decisions=extraction.decisions)
        page = read_page(extraction.tree, extraction.classes) if extraction.tree is not None else ()
        access, refusal = extraction.evidence, extraction.refusal
        if refusal and extraction.page_kind == UNREADABLE:
            return _quarantine(article, refusal)
    else:
        blocks = extract_fragment(text)
        article = replace(article, blocks=blocks, decisions=fragment_decisions(blocks))
    article = describe(repair_article(article, settings), record.fields, page, settings)
    if access:
        article = replace(article, evidence=article.evidence + access)
    if refusal:
        return replace(article, outcome=Outcome.NO_ARTICLE, reason=str(refusal))
    for stage in PER_ARTICLE:
        article = stage(article, settings)
    return article


def judge(articles: Iterable[Article], settings: Settings, overrides: Overrides = NONE) -> Judged:
    """All articles with the decisions that need the whole corpus, sorted by id, each with its one outcome.

    What people decided comes first, so that the stages see the text as it will be, and holds against what these say.
    A run does the same with articles that lie on disk (`run.judge_corpus`); here all are in memory, for those who have
    few and for tests. Raises nothing for bad data. An empty corpus gives empty results.
    """
    ordered = tuple(sorted(articles, key=lambda article: article.article_id))
    shelf, decided = override_shelf(hold(ordered), overrides, settings)
    judgement = judge_columns(shelf, settings, decided=decided)
    verdicts = judgement.verdicts
    judged = tuple(
        settle(article, verdicts.get(row, NOTHING)) for row, article in enumerate(shelf.load(range(len(ordered))))
    )
    links = tuple(verdicts[row].link for row in sorted(verdicts))
    return Judged(judged, tuple(link for link in links if link), account_judged(shelf, judgement, decided))


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
    # Nearly every page says so at once, and to make small letters of a long text takes time.
    heads = (text[:chars].lower() for chars in (400, 20_000))
    return any("<html" in head or "<body" in head or "<!doctype" in head for head in heads)


def _stated_url(record: RawRecord) -> str | None:
    return next((field.value for field in record.fields if field.field == "url"), None)


__all__ = ["PER_ARTICLE", "Judged", "examine", "judge"]

"""An article with its metadata: evidence gathered from all sources, then chosen field by field."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import replace

from copydesk.article import Action, Article, Decision, Evidence, Metadata, RecordField, decide
from copydesk.metadata.choose import (
    Choice,
    choose_canonical,
    choose_dates,
    choose_outlet,
    choose_url,
)
from copydesk.metadata.choose_text import choose_authors, choose_title
from copydesk.metadata.cleaning import MAX_VALUE_CHARS, clean_value, unescape
from copydesk.metadata.dates import parse_date
from copydesk.metadata.foot import FootLine, read_foot
from copydesk.metadata.head import HeadLine, read_head
from copydesk.metadata.language import base_tag, reconcile
from copydesk.metadata.names import parse_byline
from copydesk.metadata.outlets import Outlet, registrable_domain
from copydesk.metadata.titles import fold_title
from copydesk.metadata.urls import host_of, url_key
from copydesk.settings import Settings

LATEST = dt.date(2100, 1, 1)
"""Where nothing says when a record was fetched, later days than this are refused. Never today's clock: a run repeated in ten years must give the same."""

# The order of dates where the outlet doesn't say, by language. English has two and is not here.
_ORDER_OF_LANGUAGE = {"ja": "ymd", "zh": "ymd", "ko": "ymd", "hu": "ymd", "fa": "ymd", "lt": "ymd"}

_FIELD_CONFIDENCE = 0.85
"""A record's own field: somebody chose it, but crawlers fill `author` with outlets and `date` with the crawl's day."""
_SOURCES_CONFIDENCE = 0.9
"""What the keeper of the folder wrote down in sources.csv."""

_HEAD_CONFIDENCE = {"title": 0.9, "deck": 0.8, "authors": 0.9, "published": 0.9, "outlet": 0.9, "url": 0.95}
_BLOCK_FIELDS = {"title": "title", "deck": "deck", "byline": "authors", "authors": "authors", "published": "published", "date": "published", "outlet": "outlet"}


def describe(article: Article, fields: tuple[RecordField, ...], page: tuple[Evidence, ...], settings: Settings) -> Article:
    """The article with metadata and evidence, its head and foot lines moved out of the text.

    Without page evidence the text is read as people paste it: head lines become fields, the title
    again, bios and disclaimers leave the foot. Each is a decision of the stage `metadata`.

    >>> from copydesk.article import Block, Source
    >>> from copydesk.settings import Settings
    >>> blocks = tuple(map(Block, ("Ice is back", "By Jane Roe", "The lake froze on Monday. The village went out to skate.")))
    >>> described = describe(Article("a", Source("a.txt", 0, None), blocks), (), (), Settings())
    >>> described.metadata.title, described.metadata.authors, described.text
    ('Ice is back', ('Jane Roe',), 'The lake froze on Monday. The village went out to skate.')
    """
    gathered = [*_from_fields(fields), *page, *_from_blocks(article)]
    if not page:
        article, more = _read_edges(article, _known_title(gathered))
        gathered.extend(more)
    metadata, evidence = _choose(article, gathered, fields, settings)
    return replace(article, metadata=metadata, evidence=evidence)


def _from_fields(fields: Iterable[RecordField]) -> list[Evidence]:
    """The record's own fields and those of sources.csv as evidence."""
    found = []
    for field in fields:
        source = f"{'record' if field.origin == 'record' else field.origin}.{field.key}"
        confidence = _FIELD_CONFIDENCE if field.origin == "record" else _SOURCES_CONFIDENCE
        name = {"authors": "authors", "author": "authors", "byline": "authors", "date": "published", "published_on": "published",
                "published_at": "published", "canonical_url": "canonical", "modified_at": "modified"}.get(field.field, field.field)  # fmt: skip
        if len(field.value) > MAX_VALUE_CHARS:
            found.append(Evidence(name, "", f"{source} (refused: too long)", clean_value(field.value[:200]), 0.0))
            continue
        value = clean_value(unescape(field.value))
        if value and name not in ("text", "fetched_at"):
            found.append(Evidence(name, value, source, value, confidence))
    return found


def _from_blocks(article: Article) -> list[Evidence]:
    """What extraction has moved out of the page's text: visible title, deck, byline and date."""
    found = []
    for block in article.blocks:
        field = _BLOCK_FIELDS.get(block.field or "")
        if field and len(block.text) <= MAX_VALUE_CHARS:
            value = clean_value(block.text)
            found.append(Evidence(field, value, f"block.{block.label}", value, 0.6))
    return found


def _known_title(evidence: Sequence[Evidence]) -> str | None:
    return next((e.value for e in evidence if e.field == "title"), None)


def _read_edges(article: Article, title: str | None) -> tuple[Article, list[Evidence]]:
    """The article without its head and foot lines, and what they say."""
    head = read_head(article.blocks, title)
    evidence = [e for line in head for e in _head_evidence(line)]
    article = decide(article, *(_head_decision(article, line) for line in head))
    printed = title or next((e.value for e in evidence if e.field == "title"), None)
    bylines = [parse_byline(e.value) for e in evidence if e.field == "authors"]
    authors = [name for byline in bylines for name in byline.persons]
    evidence.extend(
        Evidence("outlet", byline.outlet, "head.byline", e.raw, 0.8)
        for byline, e in zip(bylines, (e for e in evidence if e.field == "authors"), strict=True)
        if byline.outlet
    )
    foot = read_foot(article.blocks, printed, authors)
    evidence.extend(e for line in foot for e in _foot_evidence(line, article))
    return decide(article, *(_foot_decision(article, line) for line in foot)), evidence


def _head_decision(article: Article, line: HeadLine) -> Decision:
    before = article.blocks[line.at].text
    if line.label == "read_time":
        return Decision("metadata", Action.REMOVED, "read_time", line.rule, line.at, before)
    return Decision("metadata", Action.MOVED, line.label, line.rule, line.at, before, before, field=line.parts[0].field)


def _head_evidence(line: HeadLine) -> list[Evidence]:
    found = []
    for part in line.parts:
        field = {"byline": "authors"}.get(part.field, part.field)
        if field == "read_time":
            continue
        value = clean_value(part.text)
        found.append(Evidence(field, value, f"head.{part.label}", value, _HEAD_CONFIDENCE[field]))
    return found


def _foot_decision(article: Article, line: FootLine) -> Decision:
    before = article.blocks[line.at].text
    if line.label == "bio":
        return Decision("metadata", Action.MOVED, "bio", line.rule, line.at, before, before, field="author_bio")
    return Decision("metadata", Action.REMOVED, line.label, line.rule, line.at, before)


def _foot_evidence(line: FootLine, article: Article) -> list[Evidence]:
    raw = clean_value(article.blocks[line.at].text)
    found = []
    if line.person:
        found.append(Evidence("authors", line.person, "foot.bio", raw, 0.7))
    if line.outlet:
        found.append(Evidence("outlet", line.outlet, f"foot.{line.label}", raw, 0.5 if line.label == "bio" else 0.4))
    return found


def _choose(article: Article, gathered: Sequence[Evidence], fields: Sequence[RecordField], settings: Settings) -> tuple[Metadata, tuple[Evidence, ...]]:
    by_field: dict[str, list[Evidence]] = {}
    for item in gathered:
        if item.confidence > 0:
            by_field.setdefault(item.field, []).append(item)
    url = choose_url(by_field.get("url", []))
    canonical = choose_canonical(by_field.get("canonical", []), url.value)
    address = url.value or canonical.value
    outlet, registered = choose_outlet(by_field.get("outlet", []), address)
    host = host_of(address)
    domain = (registered.domain if registered else None) or (registrable_domain(host) if host else None)
    text = article.text
    language, language_evidence = _choose_language(text, by_field.get("language", []), registered)
    order = registered.date_order if registered and registered.date_order else _ORDER_OF_LANGUAGE.get(language, "dmy" if language not in ("en", "und") else None)
    dates = choose_dates(by_field.get("published", []), by_field.get("modified", []), order=order, url=address, latest=_latest(fields))
    title, title_evidence = choose_title(by_field.get("title", []), _site_names(by_field.get("outlet", []), outlet.value, host), news=_is_news(by_field, registered))
    authors = choose_authors(by_field.get("authors", []), outlet.value)
    deck = _choose_deck(by_field.get("deck", []), title, text)
    section, tags = _choose_section(by_field.get("section", []), title), _choose_tags(by_field.get("tags", []))
    published, modified = dates.published, dates.modified
    metadata = Metadata(
        title=title, deck=deck.value, byline=authors.byline, authors=authors.names, outlet=outlet.value, outlet_domain=domain,
        published_on=published.day if published else None, published_at=published.at if published else None,
        published_precision=published.precision if published else None, modified_at=modified.at if modified else None,
        url=url.value, canonical_url=canonical.value, url_key=url_key(address) if address else None,
        section=section.value, tags=tuple(e.value for e in tags), language=language,
    )  # fmt: skip
    refused = [e for e in gathered if e.confidence <= 0]
    return metadata, (*title_evidence, *deck.evidence, *authors.evidence, *outlet.evidence, *dates.evidence, *url.evidence,
                      *canonical.evidence, *section.evidence, *tags, *language_evidence, *refused)  # fmt: skip


def _is_news(by_field: dict[str, list[Evidence]], outlet: Outlet | None) -> bool:
    """Whether headlines are written by an editor: plain text, records, pages of the press or that say they are news."""
    on_page = any(e.source.startswith(("html.", "og:")) for e in by_field.get("title", []))
    if not on_page or (outlet is not None and outlet.language is not None):
        return True
    return any("news" in e.value or "live" in e.value for e in by_field.get("kind", []))


def _latest(fields: Sequence[RecordField]) -> dt.date:
    """The day after the record was fetched, where that is known."""
    for field in fields:
        if field.field == "fetched_at":
            fetched = parse_date(field.value)
            if fetched and fetched.day and fetched.day.year < 9999:
                return fetched.day + dt.timedelta(days=1)
    return LATEST


def _choose_language(text: str, declared: Sequence[Evidence], outlet: Outlet | None) -> tuple[str, list[Evidence]]:
    ranked = sorted(declared, key=lambda e: -e.confidence)
    tag = next((t for t in (base_tag(e.value) for e in ranked) if t), None) or (outlet.language if outlet and text else None)
    language, certainty = reconcile(text, tag)
    found = [] if language == "und" else [Evidence("language", language, "text" if certainty != 0.5 else "declared", "", round(certainty, 4))]
    return language, [*found, *ranked]


def _site_names(evidence: Sequence[Evidence], outlet: str | None, host: str | None) -> tuple[str, ...]:
    names = [e.value for e in evidence] + [e.raw for e in evidence]
    if outlet:
        names.append(outlet)
    if host:
        domain = registrable_domain(host)
        names += [host, domain, domain.partition(".")[0]]
    return tuple(dict.fromkeys(names))


def _choose_deck(evidence: Sequence[Evidence], title: str | None, text: str) -> Choice:
    """The deck. Rule: the surest line that is neither the title nor the start of the text."""
    ranked = sorted(evidence, key=lambda e: -e.confidence)
    for item in ranked:
        folded = fold_title(item.value)
        if folded and folded != fold_title(title or "") and not item.value.endswith(("…", "...")):
            if item.confidence < 0.6 and fold_title(text[: len(item.value) + 20]).startswith(folded[:80]):
                continue
            return Choice(item.value, (item, *(e for e in ranked if e is not item)))
    return Choice(None, tuple(ranked))


def _choose_section(evidence: Sequence[Evidence], title: str | None) -> Choice:
    ranked = sorted((e for e in evidence if len(e.value) <= 60 and not e.value.startswith("http")), key=lambda e: -e.confidence)
    return Choice(ranked[0].value if ranked else None, tuple(ranked))


def _choose_tags(evidence: Sequence[Evidence]) -> list[Evidence]:
    """The tags of the surest source, each once."""
    if not evidence:
        return []
    best = max(evidence, key=lambda e: e.confidence).source
    unique = {e.value.casefold(): e for e in reversed(evidence) if e.source == best and len(e.value) <= 80}
    return [unique[key] for key in dict.fromkeys(e.value.casefold() for e in evidence) if key in unique]

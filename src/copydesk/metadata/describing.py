"""An article with its metadata: evidence gathered from all sources, then chosen field by field."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import islice

from copydesk.article import Action, Article, Decision, Evidence, RecordField, decide
from copydesk.metadata.assemble import DECK_CHARS, choose_metadata
from copydesk.metadata.cleaning import MAX_VALUE_CHARS, clean_value, unescape, without_markup
from copydesk.metadata.dates import parse_date, parse_epoch
from copydesk.metadata.entries import heads_entry
from copydesk.metadata.foot import FootLine, read_foot
from copydesk.metadata.head import HeadLine, read_head
from copydesk.metadata.head_lines import read_line
from copydesk.metadata.names import parse_byline
from copydesk.settings import Settings

_FIELD_CONFIDENCE = 0.85
"""A record's own field: somebody chose it, but crawlers fill `author` with outlets and `date` with their own day."""
_SOURCES_CONFIDENCE = 0.9
"""What the keeper of the folder wrote down in sources.csv."""

_HEAD_CONFIDENCE = {
    "title": 0.9,
    "deck": 0.8,
    "authors": 0.9,
    "published": 0.9,
    "outlet": 0.9,
    "url": 0.95,
    "section": 0.7,
}
_UNSURE_RULES = {
    "head-source-unknown/1": 0.5,
    "head-source-alone/1": 0.5,
    "head-byline-bare/1": 0.7,
    "head-byline-odd/1": 0.3,
    "head-deck/1": 0.7,
}
"""Where a line was taken by its place more than by its words."""
_BLOCK_FIELDS = {
    "title": "title",
    "deck": "deck",
    "byline": "authors",
    "authors": "authors",
    "published": "published",
    "date": "published",
    "outlet": "outlet",
}


PAGE_HEAD_LINES = 3
PAGE_LINE_CHARS = 90
PAGE_LABELS = frozenset(("byline", "date", "read_time"))
PAGE_LINE_CONFIDENCE = 0.35
"""Lines at the start of a page's text that are looked at, their length, what they may be, and how much they count."""

# The names that records' fields have in the evidence, where they differ.
_FIELD_NAMES = {
    "author": "authors",
    "byline": "authors",
    "date": "published",
    "published_on": "published",
    "published_at": "published",
    "canonical_url": "canonical",
    "modified_at": "modified",
}


def describe(
    article: Article, fields: tuple[RecordField, ...], page: tuple[Evidence, ...], settings: Settings
) -> Article:
    """The article with metadata and evidence, its head and foot lines moved out of the text.

    Without page evidence the text is read as people paste it: head lines become fields, the title
    again, bios and disclaimers leave the foot. Each is a decision of the stage `metadata`.

    >>> from copydesk.article import Block, Source
    >>> from copydesk.settings import Settings
    >>> blocks = tuple(map(Block, ("Ice is back", "By Jane Roe", "The lake froze. The village went out to skate.")))
    >>> described = describe(Article("a", Source("a.txt", 0, None), blocks), (), (), Settings())
    >>> described.metadata.title, described.metadata.authors, described.text
    ('Ice is back', ('Jane Roe',), 'The lake froze. The village went out to skate.')
    """
    gathered = [*_from_fields(fields), *page, *_from_blocks(article)]
    article, more = _read_page_head(article) if page else _read_edges(article, _known_title(gathered), fields)
    gathered.extend(more)
    latest = _latest(fields, settings)
    metadata, evidence = choose_metadata(gathered, _opening(article), latest)
    return replace(article, metadata=metadata, evidence=evidence)


def _opening(article: Article) -> str:
    """The beginning of the text: whole blocks, as many as choosing may look at."""
    blocks: list[str] = []
    chars = 0
    for block in article.blocks:
        if block.kept:
            blocks.append(block.text)
            chars += len(block.text)
            if chars >= DECK_CHARS:
                break
    return "\n\n".join(blocks)


def _latest(fields: Iterable[RecordField], settings: Settings) -> dt.date:
    """The last day that a date may name: the one after the fetch where that is known."""
    for field in fields:
        fetched = parse_epoch(field.value) or parse_date(field.value) if field.field == "fetched_at" else None
        if fetched and fetched.day and fetched.day.year < dt.MAXYEAR:
            return fetched.day + dt.timedelta(days=1)
    return dt.date(min(settings.metadata.latest_year, dt.MAXYEAR), 12, 31)


def _from_fields(fields: Iterable[RecordField]) -> list[Evidence]:
    """The record's own fields and those of sources.csv as evidence."""
    found = []
    for field in fields:
        source = f"{'record' if field.origin == 'record' else field.origin}.{field.key}"
        confidence = _FIELD_CONFIDENCE if field.origin == "record" else _SOURCES_CONFIDENCE
        name = _FIELD_NAMES.get(field.field, field.field)
        if len(field.value) > MAX_VALUE_CHARS:
            found.append(Evidence(name, "", f"{source} (refused: too long)", clean_value(field.value[:200]), 0.0))
            continue
        raw = unescape(field.value)
        value = clean_value(without_markup(raw))
        if value and name not in ("text", "fetched_at"):
            found.append(Evidence(name, value, source, clean_value(raw), confidence))
    return found


def _from_blocks(article: Article) -> list[Evidence]:
    """What extraction has moved out of the page's text: visible title, deck, byline and date."""
    found = []
    for block in article.blocks:
        field = _BLOCK_FIELDS.get(block.field) if block.field else None
        if field and len(block.text) <= MAX_VALUE_CHARS:
            value = clean_value(block.text)
            found.append(Evidence(field, value, f"block.{block.label}", value, 0.6))
    return found


def _known_title(evidence: Sequence[Evidence]) -> str | None:
    return next((e.value for e in evidence if e.field == "title"), None)


def _read_edges(article: Article, title: str | None, fields: Sequence[RecordField]) -> tuple[Article, list[Evidence]]:
    """The article without its head and foot lines, and what they say."""
    article, evidence, authors = _read_top(article, title, fields)
    printed = title or next((e.value for e in evidence if e.field == "title"), None)
    said = frozenset([e.field for e in evidence])
    foot = read_foot(article.blocks, printed, authors, said)
    if foot:
        evidence.extend(e for line in foot for e in _foot_evidence(line, article))
        article = decide(article, *(_foot_decision(article, line) for line in foot))
    return article, evidence


def _read_top(
    article: Article, title: str | None, fields: Sequence[RecordField]
) -> tuple[Article, list[Evidence], list[str]]:
    """The article without its head lines, what they say, and the persons of their bylines."""
    head = read_head(article.blocks, title)
    if not head or _begins_at_once(head, fields):
        return article, [], []
    evidence = [e for line in head for e in _head_evidence(line)]
    bylines = [parse_byline(e.value) for e in evidence if e.field == "authors"]
    authors = [name for byline in bylines for name in byline.persons]
    evidence.extend(
        Evidence("outlet", byline.outlet, "head.byline", e.raw, 0.8)
        for byline, e in zip(bylines, (e for e in evidence if e.field == "authors"), strict=True)
        # "By CNN Business" alone says who wrote it, as "By Reuters" does: the papers that print such are others.
        if byline.outlet and (byline.persons or len(byline.groups) + len(byline.roles) > 1)
    )
    return decide(article, *(_head_decision(article, line) for line in head)), evidence, authors


def _begins_at_once(head: Sequence[HeadLine], fields: Sequence[RecordField]) -> bool:
    """Whether what looks like the headline of a record is the first sentence of its text.

    In pasted text a first line is the headline, with a full stop or without. A record that states fields, and no title,
    has it in a column that we don't know, or none: there a sentence is the lead, unless lines of a head follow.
    """
    if not any(field.origin == "record" for field in fields) or head[0].label != "title":
        return False
    return head[0].parts[0].text.endswith((".", "。")) and not any(line.label in _SURE_LABELS for line in head[1:])


_SURE_LABELS = frozenset(("byline", "date", "url", "read_time", "source"))


def _read_page_head(article: Article) -> tuple[Article, list[Evidence]]:
    """The article of a page without the byline and date lines that were left at the start of its text.

    Pages state both elsewhere, so what these lines say counts for little; but they are no part of the text.
    """
    kept = list(islice((at for at, block in enumerate(article.blocks) if block.kept), PAGE_HEAD_LINES + 1))
    found = []
    for at in kept[:PAGE_HEAD_LINES]:
        text = article.blocks[at].text
        parts = read_line(text) if len(text) <= PAGE_LINE_CHARS else ()
        below = [block.text for block in islice(article.blocks, at + 1, None) if block.kept] if parts else ()
        if heads_entry(text, below):
            break
        if parts and all(part.label in PAGE_LABELS for part in parts):
            found.append(HeadLine(at, parts, f"left-{parts[0].label}/2"))
    if len(found) == len(kept):
        return article, []
    evidence = [replace(e, confidence=PAGE_LINE_CONFIDENCE) for line in found for e in _head_evidence(line)]
    return decide(article, *(_head_decision(article, line) for line in found)), evidence


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
        confidence = _UNSURE_RULES.get(line.rule, _HEAD_CONFIDENCE[field])
        found.append(Evidence(field, value, f"head.{part.label}", value, confidence))
    return found


def _foot_decision(article: Article, line: FootLine) -> Decision:
    before = article.blocks[line.at].text
    if line.field:
        return Decision("metadata", Action.MOVED, line.label, line.rule, line.at, before, before, field=line.field)
    return Decision("metadata", Action.REMOVED, line.label, line.rule, line.at, before)


def _foot_evidence(line: FootLine, article: Article) -> list[Evidence]:
    raw = clean_value(article.blocks[line.at].text)
    found = [
        Evidence(_FIELD_NAMES.get(p.field, p.field), clean_value(p.text), f"foot.{p.label}", raw, 0.7)
        for p in line.parts
    ]
    if line.person:
        found.append(Evidence("authors", line.person, "foot.bio", raw, 0.7))
    if line.outlet:
        found.append(Evidence("outlet", line.outlet, f"foot.{line.label}", raw, 0.5 if line.label == "bio" else 0.4))
    return found

"""The evidence of a page: JSON-LD, meta tags, microdata, times, links, headings, visible bylines.

The page is walked once. Nothing is chosen here: `choose` does that, with all sources side by side.
"""

from __future__ import annotations

import re
from selectolax.lexbor import LexborHTMLParser, LexborNode

from copydesk.article import Evidence
from copydesk.metadata.cleaning import MAX_VALUE_CHARS, clean_value, unescape
from copydesk.metadata.json_ld import read_json_ld
from copydesk.metadata.names import parse_byline, strip_prefix
from copydesk.metadata.titles import fold_title
from copydesk.metadata.visible import read_lines

MAX_EVIDENCE = 600
"""Pieces of evidence of one page from its elements. Real pages give up to 150."""
MAX_VISIBLE = 200
"""Elements read for the class words of bylines and dates. A page of comments has thousands."""
MAX_LINKED = 4
"""Linked authors believed. More are contributors' bios or teasers."""
STATED = 0.5
"""Confidence from which a field counts as stated, so that nobody searches the visible page for it."""

# name or property of a meta tag: (field, confidence). The list follows what publishers use.
_META = {
    "og:title": ("title", 0.8), "twitter:title": ("title", 0.6), "twitter:text:title": ("title", 0.5), "parsely-title": ("title", 0.85),
    "sailthru.title": ("title", 0.8), "dc.title": ("title", 0.7), "dcterms.title": ("title", 0.7), "dc:title": ("title", 0.7), "headline": ("title", 0.8),
    "hdl": ("title", 0.8), "title": ("title", 0.6), "citation_title": ("title", 0.8), "cxenseparse:title": ("title", 0.7), "rbtitle": ("title", 0.6),
    "og:description": ("deck", 0.5), "twitter:description": ("deck", 0.4), "description": ("deck", 0.4), "dc.description": ("deck", 0.4),
    "article:published_time": ("published", 0.9), "og:article:published_time": ("published", 0.9), "og:published_time": ("published", 0.85),
    "published_time": ("published", 0.85), "article:published": ("published", 0.85), "parsely-pub-date": ("published", 0.9),
    "sailthru.date": ("published", 0.8), "pubdate": ("published", 0.8), "publishdate": ("published", 0.8), "publish-date": ("published", 0.8),
    "publish_date": ("published", 0.8), "publication_date": ("published", 0.8), "publicationdate": ("published", 0.8),
    "publication-date": ("published", 0.8), "dc.date": ("published", 0.6), "dc.date.issued": ("published", 0.8), "dcterms.created": ("published", 0.7),
    "dcterms.date": ("published", 0.6), "dcterms.issued": ("published", 0.8), "dc.date.created": ("published", 0.7), "date": ("published", 0.7),
    "datepublished": ("published", 0.8), "article.published": ("published", 0.85), "article:published:time": ("published", 0.85), "article:publish_date": ("published", 0.85),
    "article:modified:time": ("modified", 0.8), "parsely-published": ("published", 0.8), "datecreated": ("published", 0.6), "release_date": ("published", 0.6), "article_date_original": ("published", 0.85),
    "originalpublicationdate": ("published", 0.85), "citation_publication_date": ("published", 0.8), "citation_date": ("published", 0.8),
    "ptime": ("published", 0.8), "pdate": ("published", 0.7), "created": ("published", 0.6), "displaydate": ("published", 0.7),
    "cxenseparse:recs:publishtime": ("published", 0.8), "cxenseparse:publishtime": ("published", 0.8), "cse-pubdate": ("published", 0.7),
    "article:modified_time": ("modified", 0.9), "og:updated_time": ("modified", 0.7), "last-modified": ("modified", 0.6), "lastmod": ("modified", 0.7),
    "utime": ("modified", 0.6), "dcterms.modified": ("modified", 0.7), "article.updated": ("modified", 0.8), "modified_time": ("modified", 0.7),
    "author": ("authors", 0.75), "article:author": ("authors", 0.7), "og:article:author": ("authors", 0.7), "og:author": ("authors", 0.7),
    "article:author_name": ("authors", 0.75), "article.author": ("authors", 0.7), "parsely-author": ("authors", 0.85), "sailthru.author": ("authors", 0.8),
    "dc.creator": ("authors", 0.7), "dcterms.creator": ("authors", 0.7), "dc:creator": ("authors", 0.7), "byl": ("authors", 0.8), "byline": ("authors", 0.8),
    "authors": ("authors", 0.75), "citation_author": ("authors", 0.8), "cxenseparse:author": ("authors", 0.7), "twitter:data1": ("authors", 0.3),
    "mediator_author": ("authors", 0.7), "shareaholic:article_author_name": ("authors", 0.6), "rbauthors": ("authors", 0.6),
    "og:site_name": ("outlet", 0.8), "application-name": ("outlet", 0.5), "apple-mobile-web-app-title": ("outlet", 0.4), "dc.publisher": ("outlet", 0.6),
    "publisher": ("outlet", 0.5), "copyright": ("outlet", 0.3), "twitter:site": ("outlet", 0.2), "cre": ("outlet", 0.7), "citation_journal_title": ("outlet", 0.7),
    "article:section": ("section", 0.8), "parsely-section": ("section", 0.8), "section": ("section", 0.6), "cg": ("section", 0.5),
    "article:tag": ("tags", 0.8), "parsely-tags": ("tags", 0.7), "news_keywords": ("tags", 0.7), "keywords": ("tags", 0.5), "sailthru.tags": ("tags", 0.6),
    "og:url": ("canonical", 0.7), "parsely-link": ("canonical", 0.6), "twitter:url": ("canonical", 0.4),
    "og:locale": ("language", 0.4), "language": ("language", 0.4), "content-language": ("language", 0.5), "dc.language": ("language", 0.5),
}  # fmt: skip

_ITEMPROPS = {
    "headline": ("title", 0.7), "datepublished": ("published", 0.8), "datemodified": ("modified", 0.7), "author": ("authors", 0.6),
    "alternativeheadline": ("deck", 0.3),
}  # fmt: skip

# Matches class or id words of a visible byline: "byline", "article__author-name", "c-author".  Not: "authoritative", "author-bio".
_BYLINE_CLASS = re.compile(r"(?:^|[\s_-])(?:by-?line|author|authors|writer|autor|autoren|auteur|firma|signature|reporter|contributor)s?(?:[_-]{1,2}(?:name|names|link|list|title|item|text|info|inner|wrap|wrapper|byline|meta|head|header))?(?:$|[\s_])")
# Matches class words of boxes whose names are not the article's authors.  Not: "byline".
_FOREIGN_CLASS = re.compile(r"(?:comment|related|teaser|card|promo|sidebar|footer|recommend|newsletter|social|share|trending|popular|most-read|also|bio\b|avatar|image|img|photo|caption)")
_DATE_CLASS = re.compile(r"(?:^|[\s_-])(?:date|datetime|published|publish-date|pubdate|timestamp|time|datum|dateline|posted-on|entry-date|fecha|data|updated|lastmod)(?:$|[\s_-])")

_STATED = "meta, link, title, h1, time, html, script, [itemprop], [rel~='author']"
# One more walk, three times as dear: only where the page states no author or no day.
_VISIBLE = (
    "[class*='byline' i], [class*='author' i], [class*='autor' i], [class*='date' i], [class*='time' i], [class*='publish' i], "
    "[class*='posted' i], [class*='writer' i]"
)


def read_page(tree: LexborHTMLParser) -> tuple[Evidence, ...]:
    """All that a page says about itself, with where it says it; () for an empty page.

    >>> page = read_page(LexborHTMLParser("<title>Ice is back</title><meta property='og:site_name' content='Courier'>"))
    >>> [(e.field, e.value, e.source) for e in page]
    [('outlet', 'Courier', 'og:site_name'), ('title', 'Ice is back', 'html.title')]
    """
    evidence: list[Evidence] = []
    scripts: list[str] = []
    for node in tree.css(_STATED):
        _read_node(node, evidence, scripts)
    titles = frozenset(fold_title(e.value) for e in evidence if e.field == "title")
    urls = frozenset(e.value.rstrip("/") for e in evidence if e.field == "canonical")
    found = read_json_ld(scripts, titles, urls) + evidence
    if not _is_stated(found):
        visible: list[Evidence] = []
        for node in tree.css(_VISIBLE)[:MAX_VISIBLE]:
            _read_classes(node, visible)
        found += visible
    if not _is_stated(found):
        found += read_lines(tree)
    return tuple(sorted(dict.fromkeys(found), key=lambda e: -e.confidence))


def _is_stated(found: list[Evidence]) -> bool:
    """Whether a person and a day are stated, so that the visible page need not be searched."""
    day = any(e.field == "published" and e.confidence >= STATED and any(c.isdigit() for c in e.value) for e in found)
    return day and any(
        e.field == "authors" and e.confidence >= STATED and not e.source.endswith("organization") and parse_byline(e.value).persons for e in found
    )


def _read_node(node: LexborNode, evidence: list[Evidence], scripts: list[str]) -> None:
    tag = node.tag
    attributes = node.attributes
    if len(evidence) > MAX_EVIDENCE:
        return
    if tag == "meta":
        _read_meta(attributes, evidence)
    elif tag == "script":
        if "ld+json" in (attributes.get("type") or "").casefold():
            scripts.append(node.text(deep=True, strip=False) or "")
    elif tag == "link":
        if (attributes.get("rel") or "").casefold() == "canonical":
            _add(evidence, "canonical", attributes.get("href"), "link.canonical", 0.9)
    elif tag in ("title", "h1"):
        # A title inside an SVG names a picture.
        if tag == "h1" or (node.parent is not None and node.parent.tag == "head"):
            _add(evidence, "title", node.text(separator=" "), f"html.{tag}", 0.6 if tag == "h1" else 0.5)
    elif tag == "html":
        _add(evidence, "language", attributes.get("lang"), "html.lang", 0.7)
    else:
        _read_visible(node, tag or "", attributes, evidence)


def _read_meta(attributes: dict[str, str | None], evidence: list[Evidence]) -> None:
    content = attributes.get("content")
    prop = attributes.get("itemprop")
    for key in (attributes.get("property"), attributes.get("name"), attributes.get("http-equiv")):
        known = _META.get(key.strip().casefold()) if key and len(key) < 60 else None
        if known and content:
            for value in _meta_values(known[0], content):
                _add(evidence, known[0], value, key.strip().casefold() if key else "", known[1])
            return
    if prop and content and prop.casefold() in _ITEMPROPS:
        field, confidence = _ITEMPROPS[prop.casefold()]
        _add(evidence, field, content, f"microdata.{prop}", confidence)


def _meta_values(field: str, content: str) -> list[str]:
    if field == "tags":
        return [t for t in re.split(r"\s*[,;]\s*", content[:MAX_VALUE_CHARS]) if t][:40]
    return [content]


def _read_visible(node: LexborNode, tag: str, attributes: dict[str, str | None], evidence: list[Evidence]) -> None:
    prop = (attributes.get("itemprop") or "").casefold()
    if tag == "time":
        _read_time(node, attributes, prop, evidence)
        return
    if prop in _ITEMPROPS:
        field, confidence = _ITEMPROPS[prop]
        value = attributes.get("content") or attributes.get("datetime") or _microdata_text(node)
        _add(evidence, field, value, f"microdata.{prop}", confidence)
        return
    if "author" in (attributes.get("rel") or "").split() and tag == "a":
        # Many linked authors are those of teasers or of a list of contributors.
        count = sum(e.source == "rel.author" for e in evidence)
        _add(evidence, "authors", _visible_text(node), "rel.author" if count < MAX_LINKED else "rel.author.later", 0.6 if count < MAX_LINKED else 0.1)


def byline_text(node: LexborNode) -> str | None:
    """The text of an element with a mark between its parts, as name, role and date stand in parts of their own."""
    lines = [clean_value(line) for line in node.text(separator="\n").split("\n")]
    parts = [line for line in lines if line]
    if not parts or sum(map(len, parts)) > 300:
        return None
    if len(parts) > 1 and strip_prefix(f"{parts[0]} x") == "x":
        parts = [f"{parts[0]} {parts[1]}", *parts[2:]]
    return " | ".join(parts)


def _read_classes(node: LexborNode, evidence: list[Evidence]) -> None:
    """A visible byline or date, by the words of its class."""
    attributes = node.attributes
    words = f"{attributes.get('class') or ''}".casefold()
    if _BYLINE_CLASS.search(words) and not _FOREIGN_CLASS.search(words):
        _read_byline(node, evidence)
    elif _DATE_CLASS.search(words):
        _read_date(node, evidence)


def _read_date(node: LexborNode, evidence: list[Evidence]) -> None:
    """The first visible date; later ones belong to other stories."""
    text = _visible_text(node)
    if not text or len(text) > 120 or not any(c.isdigit() for c in text):
        return
    later = any(e.source == "html.date" and clean_value(text) not in e.value for e in evidence)
    _add(evidence, "published", text, "html.date.later" if later else "html.date", 0.1 if later else 0.4)


def _read_byline(node: LexborNode, evidence: list[Evidence]) -> None:
    """The first visible byline, and what stands in it or beside it; later ones belong to other stories."""
    value = byline_text(node)
    if not value or not any(c.isalpha() for c in value):
        return
    first = next((e for e in evidence if e.source == "html.byline"), None)
    later = first is not None and value not in first.value and first.value not in value
    _add(evidence, "authors", value, "html.byline.later" if later else "html.byline", 0.15 if later else 0.5)


def _microdata_text(node: LexborNode) -> str | None:
    name = node.css_first("[itemprop='name']")
    if name is not None:
        return name.attributes.get("content") or _visible_text(name)
    return _visible_text(node)


def _visible_text(node: LexborNode) -> str | None:
    text = node.text(separator=" ")
    return text if len(text) <= 300 else None


def _read_time(node: LexborNode, attributes: dict[str, str | None], prop: str, evidence: list[Evidence]) -> None:
    field = "modified" if prop == "datemodified" or "updat" in (attributes.get("class") or "").casefold() or "modif" in (attributes.get("class") or "").casefold() else "published"
    stated = prop == "datepublished" or attributes.get("pubdate") is not None
    value = attributes.get("datetime") or _visible_text(node)
    source = f"html.time{'.' + prop if prop else ''}"
    # Later times on a page are those of teasers and comments.
    later = not stated and any(e.source == source and e.field == field for e in evidence)
    _add(evidence, field, value, f"{source}.later" if later else source, 0.75 if stated else 0.1 if later else 0.5)


def _add(evidence: list[Evidence], field: str, value: str | None, source: str, confidence: float) -> None:
    if not value:
        return
    if len(value) > MAX_VALUE_CHARS:
        evidence.append(Evidence(field, "", f"{source} (refused: too long)", clean_value(value[:200]), 0.0))
        return
    clean = clean_value(unescape(value))
    if clean:
        evidence.append(Evidence(field, clean, source, clean, confidence))

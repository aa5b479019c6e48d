"""The evidence of a page: JSON-LD, meta tags, microdata, times, links, headings, visible bylines.

The page is walked once. Nothing is chosen here: `choose` does that, with all sources side by side.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache, lru_cache

from selectolax.lexbor import LexborHTMLParser, LexborNode

from copydesk.article import Evidence
from copydesk.metadata.class_words import read_classes, visible_text
from copydesk.metadata.cleaning import MAX_VALUE_CHARS, add_evidence
from copydesk.metadata.json_ld import read_json_ld
from copydesk.metadata.names import parse_byline
from copydesk.metadata.titles import fold_title
from copydesk.metadata.urls import is_home_page, whole_url
from copydesk.metadata.visible import read_lines
from copydesk.metadata.words import read_rows

MAX_EVIDENCE = 600
"""Pieces of evidence of one page from its elements. Real pages give up to 150."""
MAX_LINKED = 4
"""Linked authors believed. More are contributors' bios or teasers."""
STATED = 0.5
"""Confidence from which a field counts as stated, so that nobody searches the visible page for it."""


@cache
def _fields(kind: str) -> dict[str, tuple[str, float]]:
    """Field and confidence by the name of a meta tag or of a microdata property."""
    rows = read_rows("page_fields.csv")
    return {row["name"]: (row["field"], float(row["confidence"])) for row in rows if row["kind"] == kind}


_STATED = (
    "meta, base[href], link[rel='canonical' i], title, h1, time, html, script[type*='ld+json' i], [itemprop], "
    "a[rel~='author']"
)


def read_page(tree: LexborHTMLParser, classes: frozenset[str] | None = None) -> tuple[Evidence, ...]:
    """All that a page says about itself, with where it says it; () for an empty page.

    `classes` are those that extraction found (`Extraction.classes`): without them the page is searched once more.

    >>> page = read_page(LexborHTMLParser("<title>Ice is back</title><meta property='og:site_name' content='Courier'>"))
    >>> [(e.field, e.value, e.source) for e in page]
    [('outlet', 'Courier', 'og:site_name'), ('title', 'Ice is back', 'html.title')]
    """
    evidence: list[Evidence] = []
    scripts: list[str] = []
    for node in tree.css(_STATED):
        _read_node(node, evidence, scripts)
    evidence = _with_base(evidence)
    # A day stands beside the site's name where that is the first heading.
    titles = frozenset(fold_title(e.value) for e in evidence if e.field == "title" or e.source == _LOGO)
    urls = frozenset(e.value.rstrip("/") for e in evidence if e.field == "canonical")
    found = read_json_ld(scripts, titles, urls) + evidence
    if not _is_stated(found):
        found += read_classes(tree, classes)
    if not _is_stated(found):
        found += read_lines(tree, titles)
    return tuple(sorted(dict.fromkeys(found), key=lambda e: -e.confidence))


def _is_stated(found: list[Evidence]) -> bool:
    """Whether a person and a day are stated, so that the visible page need not be searched."""
    day = any(e.field == "published" and e.confidence >= STATED and any(c.isdigit() for c in e.value) for e in found)
    return day and any(
        e.field == "authors"
        and e.confidence >= STATED
        and not e.source.endswith("organization")
        and parse_byline(e.value).persons
        for e in found
    )


def _read_node(node: LexborNode, evidence: list[Evidence], scripts: list[str]) -> None:
    if len(evidence) > MAX_EVIDENCE:
        return
    tag = node.tag
    attributes = node.attributes
    if tag == "meta":
        _read_meta(attributes, evidence)
    elif tag == "script":
        if "ld+json" in (attributes.get("type") or "").casefold():
            scripts.append(node.text(deep=True, strip=False) or "")
    elif tag == "link":
        if (attributes.get("rel") or "").casefold() == "canonical":
            add_evidence(evidence, "canonical", attributes.get("href"), "link.canonical", 0.9)
    elif tag == "base":
        add_evidence(evidence, _BASE, attributes.get("href"), "base", 1.0)
    elif tag in ("title", "h1"):
        _read_heading(node, tag, evidence)
    elif tag == "html":
        add_evidence(evidence, "language", attributes.get("lang"), "html.lang", 0.7)
    else:
        _read_visible(node, tag or "", attributes, evidence)


_BASE = "base"
"""What a page's relative addresses begin with: among the evidence only until they are whole."""


def _with_base(evidence: list[Evidence]) -> list[Evidence]:
    """The evidence with a canonical address made whole where the page says from where it is meant."""
    base = next((e.value for e in evidence if e.field == _BASE), None)
    if base is None:
        return evidence
    rest = [e for e in evidence if e.field != _BASE]
    return [replace(e, value=whole_url(e.value, base)) if e.field == "canonical" else e for e in rest]


_LOGO = "html.h1.home"


def _read_heading(node: LexborNode, tag: str, evidence: list[Evidence]) -> None:
    """A title or first heading; one that links to the front page names the site."""
    if tag == "h1" and _is_logo(node):
        add_evidence(evidence, "outlet", node.text(separator=" "), _LOGO, 0.5)
    # A title inside an SVG names a picture.
    elif tag == "h1" or (node.parent is not None and node.parent.tag == "head"):
        add_evidence(evidence, "title", node.text(separator=" "), f"html.{tag}", 0.6 if tag == "h1" else 0.5)


def _is_logo(heading: LexborNode) -> bool:
    """Whether a heading is the name of the site: all of it is a link to the front page."""
    link = heading.css_first("a[href]")
    if link is None or (link.text() or "").strip() != (heading.text() or "").strip():
        return False
    address = (link.attributes.get("href") or "").strip()
    return address in ("/", "./", "index.html", "/index.html", "/index.php") or is_home_page(address)


def _read_meta(attributes: dict[str, str | None], evidence: list[Evidence]) -> None:
    content = attributes.get("content")
    if not content:
        return
    prop = attributes.get("itemprop")
    for key in (attributes.get("property"), attributes.get("name"), attributes.get("http-equiv")):
        known = _meta_field(key) if key and len(key) < 60 else None
        if known:
            name, field, confidence = known
            for value in _meta_values(field, content):
                add_evidence(evidence, field, value, name, confidence)
            return
    if prop and prop.casefold() in _fields("itemprop"):
        field, confidence = _fields("itemprop")[prop.casefold()]
        add_evidence(evidence, field, content, f"microdata.{prop}", confidence)


@lru_cache(maxsize=512)
def _meta_field(key: str) -> tuple[str, str, float] | None:
    """The name of a meta tag as the table has it, with its field and confidence; None if it isn't there."""
    name = key.strip().casefold()
    known = _fields("meta").get(name)
    return (name, *known) if known else None


def _meta_values(field: str, content: str) -> list[str]:
    if field == "tags":
        return [t for t in re.split(r"\s*[,;]\s*", content[:MAX_VALUE_CHARS]) if t][:40]
    return [content]


def _read_visible(node: LexborNode, tag: str, attributes: dict[str, str | None], evidence: list[Evidence]) -> None:
    prop = (attributes.get("itemprop") or "").casefold()
    if tag == "time":
        _read_time(node, attributes, prop, evidence)
        return
    if prop in _fields("itemprop"):
        if _is_remark(node):
            return
        field, confidence = _fields("itemprop")[prop]
        value = attributes.get("content") or attributes.get("datetime") or _microdata_text(node)
        add_evidence(evidence, field, value, f"microdata.{prop}", confidence)
        return
    if "author" in (attributes.get("rel") or "").split() and tag == "a":
        # Many linked authors are those of teasers or of a list of contributors.
        count = sum(e.source == "rel.author" for e in evidence)
        add_evidence(
            evidence,
            "authors",
            visible_text(node),
            "rel.author" if count < MAX_LINKED else "rel.author.later",
            0.6 if count < MAX_LINKED else 0.1,
        )


MAX_PARENTS = 12
"""How far above an element of microdata its item is looked for."""


def _is_remark(node: LexborNode) -> bool:
    """Whether the item that an element describes is a comment or review of a reader, and not the article."""
    parent = node.parent
    for _ in range(MAX_PARENTS):
        if parent is None:
            return False
        kind = parent.attributes.get("itemtype")
        if kind:
            return kind.rpartition("/")[2].casefold() in ("comment", "usercomments", "answer", "userreview")
        parent = parent.parent
    return False


def _microdata_text(node: LexborNode) -> str | None:
    name = node.css_first("[itemprop='name']")
    if name is not None:
        return name.attributes.get("content") or visible_text(name)
    return visible_text(node)


def _read_time(node: LexborNode, attributes: dict[str, str | None], prop: str, evidence: list[Evidence]) -> None:
    field = (
        "modified"
        if prop == "datemodified"
        or "updat" in (attributes.get("class") or "").casefold()
        or "modif" in (attributes.get("class") or "").casefold()
        else "published"
    )
    stated = prop == "datepublished" or attributes.get("pubdate") is not None
    value = attributes.get("datetime") or visible_text(node)
    source = f"html.time{'.' + prop if prop else ''}"
    # Later times on a page are those of teasers and comments.
    later = not stated and any(e.source == source and e.field == field for e in evidence)
    confidence = 0.75 if stated else 0.1 if later else 0.5
    add_evidence(evidence, field, value, f"{source}.later" if later else source, confidence)

"""Visible bylines and dates by the words of their elements' classes: "article__author-name", "entry-date"."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache

from selectolax.lexbor import LexborHTMLParser, LexborNode

from copydesk.article import Evidence
from copydesk.extraction.marks import TELLING_CLASSES
from copydesk.metadata.cleaning import add_evidence, clean_value
from copydesk.metadata.dates import is_date_only
from copydesk.metadata.prefixes import strip_prefix

MAX_VISIBLE = 200
"""Elements read as bylines or dates by the words of their classes. A page of comments has thousands."""
MAX_QUERIED = 24
"""Different classes that the parser is asked for at once. A real page has up to ten; it compares each with each."""
MAX_DATE_TEXT = 120
"""Characters of a box that is read as one date. A longer one is read line by line."""

# Matches class words of a visible byline: "byline", "article__author-name".  Not: "authoritative", "author-bio".
_BYLINE_CLASS = re.compile(
    r"""(?:^|[\s_-])(?:by-?line|author|authors|writer|autor|autoren|auteur|firma|signature|reporter|contributor)s?
        (?:[_-]{1,2}(?:name|names|link|list|title|item|text|info|inner|wrap|wrapper|byline|meta|head|header))?(?:$|[\s_])""",
    re.VERBOSE,
)
# Matches class words of boxes whose names are not the article's authors: "comment-author".  Not: "byline".
_FOREIGN_CLASS = re.compile(
    r"""comment|related|teaser|card|promo|sidebar|footer|recommend|newsletter|social|share|trending|popular|most-read
       |also|bio\b|avatar|image|img|photo|caption""",
    re.VERBOSE,
)
# Matches class words of a visible date: "entry-date", "timestamp".  Not: "candidate", "runtime".
_DATE_CLASS = re.compile(
    r"""(?:^|[\s_-])(?:dates?|datetime|published|publish-date|pubdate|timestamp|time|datum|dateline|posted-on|entry-date
        |fecha|data|updated|lastmod|publi(?:cation|shed?)-?(?:time|date))(?:$|[\s_-])""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class _Said:
    """What a class says of its element."""

    byline: bool
    date: bool


def read_classes(tree: LexborHTMLParser, classes: frozenset[str] | None = None) -> list[Evidence]:
    """What the elements say whose classes have the words of a byline or a date, in the order of the page.

    `classes` holds, among others, all of the body's that have one of `TELLING_CLASSES`; None has them looked for.

    >>> page = LexborHTMLParser("<p class='Article-Byline'>By Jane Roe</p><p class='candidate'>5 March 2024</p>")
    >>> [(e.field, e.value) for e in read_classes(page)]
    [('authors', 'By Jane Roe')]
    """
    body = tree.body
    if body is None:
        return []
    if classes is None:
        classes = frozenset(words for node in body.css("[class]") if (words := node.attrs["class"]))
    said = {words: what for words in classes if (what := _read_words(words))}
    evidence: list[Evidence] = []
    for node in _find_named(body, said)[:MAX_VISIBLE]:
        _read_element(node, said[node.attrs["class"] or ""], evidence)
    return evidence


def _find_named(body: LexborNode, classes: Collection[str]) -> list[LexborNode]:
    """The elements with just these classes, in the order of the page."""
    if not classes:
        return []
    if len(classes) > MAX_QUERIED:
        return [node for node in body.css("[class]") if node.attrs["class"] in classes]
    # One value each, so that no element is found twice. To look for the eight words themselves took five times as long.
    return body.css(", ".join(f'[class="{_escape(words)}"]' for words in sorted(classes)))


def _escape(words: str) -> str:
    """A value as it stands in a CSS string (CSS Syntax Level 3, section 4.3.7)."""
    return _NOT_PLAIN.sub(lambda match: f"\\{ord(match[0]):x} ", words)


# Matches what a CSS string can't hold as it is: quotes, backslashes, control characters.  Not: "entry-date".
_NOT_PLAIN = re.compile(r"[^\w :/.@\[\]()-]")


def _read_words(words: str) -> _Said | None:
    """What a class says; None for all but a few."""
    folded = words.casefold()
    return _search(folded) if any(word in folded for word in TELLING_CLASSES) else None


@lru_cache(maxsize=1024)
def _search(words: str) -> _Said | None:
    said = _Said(
        byline=_BYLINE_CLASS.search(words) is not None and not _FOREIGN_CLASS.search(words),
        date=_DATE_CLASS.search(words) is not None,
    )
    return said if said.byline or said.date else None


def byline_text(node: LexborNode) -> str | None:
    """The text of an element with a mark between its parts, as name, role and date stand in parts of their own."""
    lines = [clean_value(line) for line in node.text(separator="\n").split("\n")]
    parts = [line for line in lines if line]
    if not parts or sum(map(len, parts)) > 300:
        return None
    if len(parts) > 1 and strip_prefix(f"{parts[0]} x") == "x":
        parts = [f"{parts[0]} {parts[1]}", *parts[2:]]
    return " | ".join(parts)


def _read_element(node: LexborNode, said: _Said, evidence: list[Evidence]) -> None:
    dated = said.date
    if said.byline:
        _read_byline(node, evidence)
        # "author_published-time" holds nothing but the day; a byline with both is read as byline.
        dated = dated and is_date_only(visible_text(node) or "")
    if dated:
        _read_date(node, evidence)


def _read_date(node: LexborNode, evidence: list[Evidence]) -> None:
    """The first visible date; later ones belong to other stories."""
    text = visible_text(node) or ""
    if len(text) > MAX_DATE_TEXT:
        # Tags and a read time stand in the same box: the line that is a date and nothing else is meant.
        text = next((line for line in node.text(separator="\n").split("\n")[:20] if is_date_only(line.strip())), "")
    if not any(c.isdigit() for c in text):
        return
    later = any(e.source == "html.date" and clean_value(text) not in e.value for e in evidence)
    add_evidence(evidence, "published", text, "html.date.later" if later else "html.date", 0.1 if later else 0.4)


def _read_byline(node: LexborNode, evidence: list[Evidence]) -> None:
    """The first visible byline, and what stands in it or beside it; later ones belong to other stories."""
    value = byline_text(node)
    if not value or not any(c.isalpha() for c in value):
        return
    first = next((e for e in evidence if e.source == "html.byline"), None)
    later = first is not None and value not in first.value and first.value not in value
    add_evidence(evidence, "authors", value, "html.byline.later" if later else "html.byline", 0.15 if later else 0.5)


def visible_text(node: LexborNode) -> str | None:
    """An element's text, or None where it is too long for a name or a date."""
    text = node.text(separator=" ")
    return text if len(text) <= 300 else None

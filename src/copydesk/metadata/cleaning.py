"""One gate for every string that becomes evidence: repaired, NFC, white space folded."""

from __future__ import annotations

import html
import re
from functools import lru_cache

from copydesk.article import Evidence
from copydesk.encoding import may_need_repair, repair_text

MAX_VALUE_CHARS = 2_000
"""A longer value is no title, byline or date. Beyond it regexes would be fed with whole articles."""


@lru_cache(maxsize=1024)
def clean_value(text: str) -> str:
    r"""The text as evidence holds it: encoding damage repaired, NFC, white space folded, no control characters.

    >>> clean_value("  Peter\u00a0Bergen \n")
    'Peter Bergen'
    >>> clean_value("Lynne Oâ€™Donnell")
    'Lynne O’Donnell'
    """
    if text.isascii() and text.isprintable() and "  " not in text and "&" not in text:
        return text.strip()
    repaired = repair_text(text).text if may_need_repair(text) else text
    folded = " ".join(repaired.split())
    if folded.isprintable():
        return folded
    return "".join(c for c in folded if c.isprintable() or c in "\u200c\u200d").strip()


def unescape(text: str) -> str:
    """The text without HTML entities, also where they were escaped twice.

    >>> unescape("O&amp;#39;Donnell")
    "O'Donnell"
    """
    for _ in range(2):
        if "&" not in text:
            break
        text = html.unescape(text)
    return text


# Matches "<p>", "</div>", '<img src="a.jpg" alt="x">', "<br/>". Not "<b>", "<3", "a < b".
_BLOCK_TAG = re.compile(
    r"</?(?:p|div|br|hr|img|h[1-6]|ul|ol|li|figure|figcaption|blockquote|table|tr|td|section)(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
# Matches "<b>", "</a>", '<a href="/b">'. Not "<name>", "<3", "a < b".
_INLINE_TAG = re.compile(
    r"</?(?:a|abbr|b|cite|code|em|font|i|mark|q|s|small|span|strong|sub|sup|u)(?:\s[^<>]*)?>", re.IGNORECASE
)


def without_markup(text: str) -> str:
    """The first paragraph of a value that holds markup, without its tags; any other value as it is.

    Feeds and blogging systems write a summary as markup, with pictures and notes of their own around it.

    >>> without_markup('<p><img src="a.jpg"></p><p>The <b>bridge</b> will close.</p><p>Read more</p>')
    'The bridge will close.'
    >>> without_markup("What the <p> tag is for: sales < costs")
    'What the <p> tag is for: sales < costs'
    """
    if "</" not in text and not text.startswith("<"):
        return text
    pieces = (_INLINE_TAG.sub("", piece).strip() for piece in _BLOCK_TAG.split(text))
    return next(filter(None, pieces), "")


def add_evidence(evidence: list[Evidence], field: str, value: str | None, source: str, confidence: float) -> None:
    """Put a value that a page states among the evidence, cleaned; one that is too long is there as refused.

    >>> found: list[Evidence] = []
    >>> add_evidence(found, "title", "Ice &amp; snow ", "og:title", 0.7)
    >>> found[0].value, found[0].source
    ('Ice & snow', 'og:title')
    """
    if not value:
        return
    if len(value) > MAX_VALUE_CHARS:
        evidence.append(Evidence(field, "", f"{source} (refused: too long)", clean_value(value[:200]), 0.0))
        return
    clean = clean_value(unescape(value))
    if clean:
        evidence.append(Evidence(field, clean, source, clean, confidence))

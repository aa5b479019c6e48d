"""Byline and date out of the lines that a page shows around its headline.

For pages that state neither in a tag of theirs: the lines near the h1 are read by the same whole-line
grammars as the head of a pasted text.
"""

from __future__ import annotations

from selectolax.lexbor import LexborHTMLParser

from copydesk.article import Evidence
from copydesk.metadata.cleaning import clean_value
from copydesk.metadata.dates import is_date_only
from copydesk.metadata.names import is_person, parse_byline, strip_prefix

LINES_BEFORE = 8
"""How many lines above the headline are read: a kicker, a date, a byline."""
LINES_AFTER = 12
"""How many below it. Byline and date stand within ten lines on nine in ten pages that show them."""
MAX_TEXT_CHARS = 400_000
"""Text of a page that is looked through for its headline."""


def read_lines(tree: LexborHTMLParser) -> list[Evidence]:
    """The byline and date lines near the first h1, surest first; none without an h1.

    >>> page = LexborHTMLParser("<h1>Ice is back</h1><p>By Jane Roe</p><p>March 5, 2024</p><p>The lake froze.</p>")
    >>> [(e.field, e.value) for e in read_lines(page)]
    [('authors', 'Jane Roe'), ('published', 'March 5, 2024')]
    """
    near = _lines_near_heading(tree)
    evidence: list[Evidence] = []
    for at, line in enumerate(near):
        if len(line) > 120:
            continue
        if is_date_only(line):
            evidence.append(Evidence("published", line, "html.line", line, 0.4))
            continue
        name = _name_of(line, near[at + 1 : at + 2])
        if name:
            evidence.append(Evidence("authors", name, "html.line", line, 0.4))
    return _firsts(evidence)


def _lines_near_heading(tree: LexborHTMLParser) -> list[str]:
    heading, body = tree.css_first("h1"), tree.body
    if heading is None or body is None:
        return []
    # Compared as they lie there: to clean all lines of a page costs more than all else that is read of it.
    first = heading.text(separator="\n").strip().partition("\n")[0].strip()
    lines = [line for line in map(str.strip, body.text(separator="\n")[:MAX_TEXT_CHARS].split("\n")) if line]
    if not first or first not in lines:
        return []
    at = lines.index(first)
    return [clean_value(line) for line in lines[max(0, at - LINES_BEFORE) : at + 1 + LINES_AFTER] if len(line) <= 300]


def _name_of(line: str, after: list[str]) -> str | None:
    """The name in a byline, also where the prefix has a line of its own."""
    if strip_prefix(line) is not None:
        byline = parse_byline(line)
        return "; ".join(byline.persons) if byline.complete and byline.persons else None
    alone = after and strip_prefix(f"{line} x") == "x"
    return after[0] if alone and is_person(after[0]) else None


def _firsts(evidence: list[Evidence]) -> list[Evidence]:
    """The first byline and the first date: later ones are of other stories or of the last change."""
    first: dict[str, Evidence] = {}
    for item in evidence:
        first.setdefault(item.field, item)
    return list(first.values())

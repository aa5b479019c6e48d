"""Byline and date out of the lines that a page shows around its headline, or anywhere if only one person signs.

For pages that state neither in a tag of theirs: the lines near the h1 are read by the same whole-line
grammars as the head of a pasted text.
"""

from __future__ import annotations

import itertools
import re
from functools import cache

from selectolax.lexbor import LexborHTMLParser, LexborNode

from copydesk.article import Evidence
from copydesk.metadata.cleaning import clean_value
from copydesk.metadata.dates import is_date_only
from copydesk.metadata.names import parse_byline
from copydesk.metadata.persons import is_person, made_of_names
from copydesk.metadata.prefixes import PREFIX_MARKS, has_prefix_start, strip_prefix
from copydesk.metadata.titles import fold_title
from copydesk.metadata.words import byline_words

LINES_BEFORE = 8
"""How many lines above the headline are read: a kicker, a date, a byline."""
LINES_AFTER = 12
"""How many below it. Byline and date stand within ten lines on nine in ten pages that show them."""
FIRST_LINES = 3
"""Lines below the headline in which a name without "by" is believed, if a day or a role stands under it."""
MAX_NAME_CHARS = 60
"""A longer line is no name with its role."""
MAX_PLACES = 4
"""Occurrences of the headline that are looked at: menus and lists of related stories hold it, too."""
DATE_LINE_CONFIDENCE = 0.45
"""A day beside the headline, against .4 of one that only its class calls a date. Where they differ on 782 pages, the
line is right on eight and the class on none."""
MAX_TEXT_CHARS = 400_000
"""Text of a page that is looked through for its headline."""


def read_lines(tree: LexborHTMLParser, titles: frozenset[str] = frozenset()) -> list[Evidence]:
    """The byline and date lines near the article's h1, surest first; none without an h1.

    `titles` are the page's stated ones, folded: of several h1 the one that is among them is the article's.

    >>> page = LexborHTMLParser("<h1>Ice is back</h1><p>By Jane Roe</p><p>March 5, 2024</p><p>The lake froze.</p>")
    >>> [(e.field, e.value) for e in read_lines(page)]
    [('authors', 'Jane Roe'), ('published', 'March 5, 2024')]
    """
    body = tree.body
    headings = [line for line in map(_first_line, tree.tags("h1")) if line]
    if body is None or not headings:
        return []
    # Compared as they lie there: to clean all lines of a page costs more than all else that is read of it.
    lines = _LINE.findall(body.text(separator="\n")[:MAX_TEXT_CHARS])
    # A menu or a list of other stories may hold the headline, too: the place with a byline or a date is the article's.
    best: list[Evidence] = []
    for before, after in _lines_near_heading(headings, lines, titles):
        evidence = _read_place(before, after)
        best = evidence if len(evidence) > len(best) else best
        if len(best) > 1:
            break
    if not any(e.field == "authors" for e in best):
        best = [*best, *_only_byline(lines)]
    return best


# Matches a line without the blanks around it.
_LINE = re.compile(r"\S(?:[^\n]*\S)?")


def _only_byline(lines: list[str]) -> list[Evidence]:
    """The byline that stands anywhere on a page ("Written by Jane Roe" below the text), if all that do name the same.

    Where several do, they are those of other stories. A day right below the name is the article's.
    """
    found: dict[str, list[Evidence]] = {}
    starts = _line_starts()
    for at in [at for at, line in enumerate(lines) if line[:3] in starts or line[0] in starts]:
        line = lines[at]
        if len(line) > MAX_NAME_CHARS or _READERS.match(line) or strip_prefix(f"{line} x") is None:
            continue
        name = _name_of(clean_value(line), _cleaned(lines[at + 1 : at + 2]))
        # Menus have "By Event Type" as well: only the surest names count this far from a headline.
        if name and all(made_of_names(person) for person in name.split("; ")):
            byline = Evidence("authors", name, "html.line.only", clean_value(line), 0.35)
            below = next((day for day in _cleaned(lines[at + 1 : at + 3]) if is_date_only(day)), None)
            day = [Evidence("published", below, "html.line.only", below, 0.35)] if below else []
            found.setdefault(name, [byline, *day])
        if len(found) > 1:
            return []
    return [item for evidence in found.values() for item in evidence]


@cache
def _line_starts() -> frozenset[str]:
    """The first three letters of each byline prefix in capitals and small letters; one of two has its mark, too.

    Every line of a page is looked at: to fold each and to ask the pattern of prefixes took three times as long.
    """
    starts: set[str] = set()
    for prefix in byline_words().prefixes:
        forms = map("".join, itertools.product(*((letter, letter.upper()) for letter in prefix[:3])))
        starts.update(form + mark for form in forms for mark in (PREFIX_MARKS if len(prefix) == 2 else ("",)))
    return frozenset(starts)


# Matches what stands over comments and in lists of stories: "by Jane Roe", "Posted by: Jane Roe".  Not: "By Jane Roe".
_READERS = re.compile(r"[a-z]|(?i:posted by)")


def _read_place(before: list[str], after: list[str]) -> list[Evidence]:
    """What the lines above and below one occurrence of the headline say."""
    near = before + after
    evidence: list[Evidence] = []
    for at, line in enumerate(near):
        if len(line) > 120:
            continue
        following = near[at + 1 : at + 3]
        if is_date_only(line):
            evidence.append(Evidence("published", line, "html.line", line, DATE_LINE_CONFIDENCE))
            continue
        name = _name_of(line, following)
        if name is None and 0 <= at - len(before) <= FIRST_LINES:
            name = _name_alone(line, following)
        if name:
            evidence.append(Evidence("authors", name, "html.line", line, 0.4))
    return _firsts(evidence)


def _lines_near_heading(
    headings: list[str], lines: list[str], titles: frozenset[str]
) -> list[tuple[list[str], list[str]]]:
    """The lines above and below each occurrence of the headline in the page's text."""
    first = next((h for h in headings if fold_title(clean_value(h)) in titles), headings[0])
    return [
        (_cleaned(lines[max(0, at - LINES_BEFORE) : at]), _cleaned(lines[at + 1 : at + 1 + LINES_AFTER]))
        for at in [i for i, line in enumerate(lines) if line == first][:MAX_PLACES]
    ]


def _first_line(heading: LexborNode) -> str:
    return heading.text(separator="\n").strip().partition("\n")[0].strip()


def _cleaned(lines: list[str]) -> list[str]:
    return [clean_value(line) for line in lines if len(line) <= 300]


def _name_of(line: str, after: list[str]) -> str | None:
    """The name in a byline, also where the prefix has a line of its own."""
    if not has_prefix_start(line):
        return None
    if strip_prefix(line) is not None:
        byline = parse_byline(line)
        return "; ".join(byline.persons) if byline.complete and byline.persons else None
    if not after or strip_prefix(f"{line} x") != "x" or len(after[0]) > MAX_NAME_CHARS:
        return None
    byline = parse_byline(after[0])
    return "; ".join(byline.persons) if byline.complete else None


def _name_alone(line: str, after: list[str]) -> str | None:
    """A name under the headline, where a day, a read time or a role of that person stands in the next line."""
    if len(line) > MAX_NAME_CHARS or not after or not is_person(line) or not made_of_names(line):
        return None
    role = parse_byline(after[0]) if len(after[0]) <= MAX_NAME_CHARS else None
    return line if is_date_only(after[0]) or (role and role.roles and not role.persons) else None


def _firsts(evidence: list[Evidence]) -> list[Evidence]:
    """The first byline and the first date: later ones are of other stories or of the last change."""
    first: dict[str, Evidence] = {}
    for item in evidence:
        first.setdefault(item.field, item)
    return list(first.values())

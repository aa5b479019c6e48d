"""Byline and date out of the lines that a page shows around its headline, or anywhere if only one person signs.

For pages that state neither in a tag of theirs: the lines near the h1 are read by the same whole-line
grammars as the head of a pasted text.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from functools import cache

from selectolax.lexbor import LexborHTMLParser, LexborNode

from copydesk.article import Evidence
from copydesk.metadata.cleaning import clean_value
from copydesk.metadata.dates import is_date_only, may_be_date
from copydesk.metadata.entries import heads_entry
from copydesk.metadata.head_lines import read_line
from copydesk.metadata.names import parse_byline
from copydesk.metadata.persons import is_common_name, is_person, made_of_names, unspaced
from copydesk.metadata.prefixes import has_prefix_start, strip_prefix
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
ROLES_BEHIND = ("기자", "记者", "記者", "특파원")
"""What makes a byline of a name before it: reporter, correspondent."""
MAX_HEADINGS = 40
"""Lower headings of a page without an h1 that are looked at."""
MIN_HEADLINE_CHARS = 8
"""A shorter lower heading may be a section with which a title begins."""
MAX_PLACES = 4
"""Occurrences of the headline that are looked at: menus and lists of related stories hold it, too."""
DATE_LINE_CONFIDENCE = 0.45
"""A day beside the headline, against .4 of one that only its class calls a date. Where they differ on 782 pages, the
line is right on eight and the class on none."""
MAX_TEXT_CHARS = 400_000
"""Text of a page that is looked through for its headline."""
WINDOW_CHARS = 1_000
"""How much of the text before a headline is cut into lines at first; nearly always enough for `LINES_BEFORE`."""


def read_lines(tree: LexborHTMLParser, titles: frozenset[str] = frozenset()) -> list[Evidence]:
    """The byline and date lines near the article's h1, surest first; none without one.

    `titles` are the page's stated ones, folded: of several h1 the one that is among them is the article's. Where a page
    has no h1, the h2 or h3 with which a stated title begins is as good.

    >>> page = LexborHTMLParser("<h1>Ice is back</h1><p>By Jane Roe</p><p>March 5, 2024</p><p>The lake froze.</p>")
    >>> [(e.field, e.value) for e in read_lines(page)]
    [('authors', 'Jane Roe'), ('published', 'March 5, 2024')]
    """
    body = tree.body
    headings = [line for line in map(_first_line, tree.tags("h1")) if line] or _lower_headings(tree, titles)
    if body is None or not headings:
        return []
    text = "\n" + body.text(separator="\n", skip_empty=True)[:MAX_TEXT_CHARS]
    headline = next((h for h in headings if fold_title(clean_value(h)) in titles), headings[0])
    # A menu or a list of other stories may hold the headline, too: the place with a byline or a date is the article's.
    best: list[Evidence] = []
    for begin, end in itertools.islice(_find_lines(headline, text), MAX_PLACES):
        evidence = _read_place(_cleaned(_lines_above(text, begin)), _cleaned(_lines_below(text, end, LINES_AFTER)))
        if len(evidence) > len(best):
            best = evidence
        if len(best) > 1:
            break
    if not any(e.field == "authors" for e in best):
        best = [*best, *_only_byline(text)]
    return best


# Matches a line without the blanks around it: "By Jane Roe" in "  By Jane Roe \n".  Not: a line of blanks.
_LINE = re.compile(r"\S(?:[^\n]*\S)?")

# The text of a page has a thousand lines and more. Only those that are looked for are cut out of it: to make a list of
# all of them, and to look at each, took as long as all else that is read of a page's lines.


def _find_lines(line: str, text: str) -> Iterator[tuple[int, int]]:
    """Where this line begins and ends in the text, blanks around it aside; the text begins with a line's end."""
    at = text.find(line)
    while at >= 0:
        begin, end = text.rfind("\n", 0, at), text.find("\n", at)
        end = len(text) if end < 0 else end
        if text[begin:end].strip() == line:
            yield begin, end
        at = text.find(line, end)


def _lines_above(text: str, end: int) -> list[str]:
    """The last lines before a place that aren't blank."""
    chars = WINDOW_CHARS
    while True:
        begin = text.rfind("\n", 0, max(0, end - chars))
        lines: list[str] = _LINE.findall(text, max(0, begin), end)
        if len(lines) >= LINES_BEFORE or begin < 0:
            return lines[-LINES_BEFORE:]
        chars *= 4


def _lines_below(text: str, begin: int, count: int) -> list[str]:
    """The next lines from a place on that aren't blank."""
    return [match[0] for match in itertools.islice(_LINE.finditer(text, begin), count)]


def _only_byline(text: str) -> list[Evidence]:
    """The byline that stands anywhere on a page ("Written by Jane Roe" below the text), if all that do name the same.

    Where several do, they are those of other stories. A day right below the name is the article's.
    """
    found: dict[str, list[Evidence]] = {}
    for start in _byline_starts().finditer(text):
        line = _lines_below(text, start.end(), 1)[0]
        if len(line) > MAX_NAME_CHARS or _READERS.match(line) or strip_prefix(f"{line} x") is None:
            continue
        below = _lines_below(text, start.end(), 3)[1:]
        name = _name_of(clean_value(line), _cleaned(below[:1]))
        # Menus have "By Event Type" as well: only the surest names count this far from a headline.
        if name and all(made_of_names(person) for person in name.split("; ")):
            byline = Evidence("authors", name, "html.line.only", clean_value(line), 0.35)
            date = next((line for line in _cleaned(below) if is_date_only(line)), None)
            day = [Evidence("published", date, "html.line.only", date, 0.35)] if date else []
            found.setdefault(name, [byline, *day])
        if len(found) > 1:
            return []
    return [item for evidence in found.values() for item in evidence]


@cache
def _byline_starts() -> re.Pattern[str]:
    """The pattern of what ends before a line that may begin with a byline's prefix.

    Every line of a page is tried: the first letters are looked for in small and capitals, by which most lines are
    told from bylines, and only the rest without case. Prefixes in small Latin letters are those of `_READERS`.
    It matches at the line end before "By Jane Roe"; not before "Jane Roe" or "but nobody came".
    """
    starts: dict[str, list[str]] = {}
    for prefix in byline_words().prefixes:
        capital, letters = prefix[0].upper(), prefix[1:3]
        more = "".join(f"[{re.escape(letter + letter.upper())}]" for letter in letters)
        rest = (
            f"(?i:{re.escape(prefix[3:])})" if len(prefix) > 3 else r"(?:[:：／/・\s]|\Z)" if len(prefix) == 2 else ""
        )
        for letter in {capital} if prefix[0].isascii() else {capital, prefix[0]}:
            starts.setdefault(letter, []).append(more + rest)
    forms = (f"{re.escape(letter)}(?:{'|'.join(starts[letter])})" for letter in sorted(starts))
    return re.compile(rf"\n[^\S\n]*+(?=[{re.escape(''.join(sorted(starts)))}])(?={'|'.join(forms)})")


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
            if at >= len(before) and heads_entry(line, near[at + 1 :]):
                break
            evidence.append(Evidence("published", line, "html.line", line, DATE_LINE_CONFIDENCE))
            continue
        joined = _read_joined(line) if may_be_date(line) else []
        if joined:
            evidence += joined
            continue
        name = _name_of(line, following)
        if name is None and 0 <= at - len(before) <= FIRST_LINES:
            name = _name_alone(line, following)
        if name:
            evidence.append(Evidence("authors", name, "html.line", line, 0.4))
    return _firsts(evidence)


def _lower_headings(tree: LexborHTMLParser, titles: frozenset[str]) -> list[str]:
    """The first lines of the h2 and h3 with which a stated title begins ("Ice is back - Lake Courier")."""
    lines = (_first_line(heading) for tag in ("h2", "h3") for heading in tree.tags(tag)[:MAX_HEADINGS])
    return [line for line in lines if len(line) >= MIN_HEADLINE_CHARS and _begins_title(line, titles)]


def _begins_title(line: str, titles: frozenset[str]) -> bool:
    folded = fold_title(clean_value(line))
    return any(title.startswith(folded) for title in titles)


def _read_joined(line: str) -> list[Evidence]:
    """What a line says that joins a name and a day by a mark: "Jane Roe | March 5, 2024"."""
    found = []
    for part in read_line(line):
        if part.field == "published":
            found.append(Evidence("published", part.text, "html.line", line, DATE_LINE_CONFIDENCE))
        # Sections have the form of a name, too: "Products Liability | March 5, 2024".
        elif part.field == "byline" and (strip_prefix(part.text) is not None or is_common_name(part.text.split()[0])):
            found.append(Evidence("authors", part.text, "html.line", line, 0.4))
    return found


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
    """A name under the headline, where a day, a read time or a role of that person stands in the next line.

    In Korean and Chinese the role stands in the same one: "김민수 기자".
    """
    if len(line) <= MAX_NAME_CHARS and unspaced(line):
        byline = parse_byline(line)
        if byline.complete and byline.persons and any(line.endswith(role) for role in ROLES_BEHIND):
            return "; ".join(byline.persons)
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

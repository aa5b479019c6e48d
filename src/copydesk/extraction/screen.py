"""Whether a page can be parsed in bounded time: a look at its markup before the parser sees it.

The parser's time grows with the square of the nesting depth and of the attributes of one tag: 100,000 nested
`div` take 15 s, 150,000 attributes 46 s. Both are found here in linear time. Ordinary pages pass on a few
counts; only a page that could nest too deep, or has one very long tag, is read tag by tag.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np

from copydesk.article import Refusal

MAX_DEPTH = 15_000
"""Elements open at once. So many take half a second to parse; the deepest page of the extraction sets has 95."""

MAX_ATTRIBUTES = 12_000
"""Attributes of one tag. So many take 0.4 s to parse; the most on a page of the extraction sets is 151."""

CHUNK_TAGS = 1_000
"""Tags of each part of a page that are counted at once, about. Fewer make the estimate of the depth tighter and the
count dearer; with too many, a long page of flat paragraphs is read tag by tag."""

LONG_TAG_CHARS = 2 * MAX_ATTRIBUTES
"""A shorter tag can't have too many attributes: each takes at least two characters."""

# The name of a tag that begins or ends here.
# matches: "<div" and "</div"; does not match: "< div"
TAG_NAME = re.compile(r"<(/?)([a-zA-Z][^\s/>]*)")

# One attribute and the white space before it, as the HTML standard reads them.
# matches: ' a="b > c"', " hidden"; does not match: ">"
ATTRIBUTE = re.compile(
    r"""[\s/]*+                                   # what separates attributes
        [^\s/>][^\s/>=]*+                         # the name; its first character may be anything
        (?:\s*+=\s*+(?:"[^"]*+"?|'[^']*+'?|[^\s>]*+))?  # the value, quoted or not, perhaps never closed
    """,
    re.VERBOSE,
)

# Elements that close themselves, or that the next of their kind closes: they don't nest.
UNNESTED = frozenset(
    [
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "param",
        "source",
        "track",
        "wbr",
        "p",
        "option",
        "tr",
        "td",
        "th",
        "dt",
        "dd",
        "thead",
        "tbody",
    ]
)

# Elements whose content is no markup.
RAW_TEXT = frozenset(["script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes"])


def screen(html: bytes) -> Refusal | None:
    """Why the page (in UTF-8) must not be parsed, or None: nearly always.

    >>> screen(b"<p>Prices rose.") is None
    True
    >>> print(screen(b"<div>" * 20_000))
    too_deep: more than 15000 elements inside one another
    """
    if not _may_have_long_tag(html) and not _may_be_deep(html):
        return None
    depth = 0
    for name, closing, attributes in _tags(html.decode()):
        if attributes > MAX_ATTRIBUTES:
            return Refusal("too_many_attributes", f"a tag with more than {MAX_ATTRIBUTES} attributes")
        if name not in UNNESTED:
            depth = max(0, depth - 1) if closing else depth + 1
        if depth > MAX_DEPTH:
            return Refusal("too_deep", f"more than {MAX_DEPTH} elements inside one another")
    return None


def _may_have_long_tag(html: bytes) -> bool:
    """Whether something that could be a tag has too many attributes: a script's text may look like one.

    A stretch of LONG_TAG_CHARS bytes without a "<" covers one of the windows of half that size, so only those are
    looked at.
    """
    window, start = LONG_TAG_CHARS // 2, 0
    while start < len(html) - window:
        if html.find(b"<", start, start + window) >= 0:
            start += window
            continue
        begin, end = html.rfind(b"<", 0, start) + 1, html.find(b"<", start)
        end = end if end >= 0 else len(html)
        is_long = end - begin > LONG_TAG_CHARS and not _ends_soon(html, begin)
        if is_long and _count_attributes(html[begin:end].decode("utf-8", "replace"), 0)[0] > MAX_ATTRIBUTES:
            return True
        start = end
    return False


def _ends_soon(html: bytes, begin: int) -> bool:
    """Whether the tag that begins here ends before it could have too many attributes: its content is what is long."""
    end = html.find(b">", begin, begin + LONG_TAG_CHARS)
    return end >= 0 and html.count(b'"', begin, end) % 2 == 0 and html.count(b"'", begin, end) % 2 == 0


def _may_be_deep(html: bytes) -> bool:
    """Whether the counts of opening and closing tags leave room for too much depth: never too few, often too many."""
    total = int(np.count_nonzero(np.frombuffer(html, dtype=np.uint8) == ord("<")))
    if total <= MAX_DEPTH:
        return False
    depth, size = 0, len(html) // (total // CHUNK_TAGS) + 1
    for start in range(0, len(html), size):
        tags = html.count(b"<", start, start + size)
        if depth + tags > MAX_DEPTH:
            return True
        depth = max(0, depth + tags - 2 * html.count(b"</", start, start + size))
    return False


def _tags(html: str) -> Iterator[tuple[str, bool, int]]:
    """Each tag's name, whether it closes, and how many attributes it has. Reads every character once."""
    place = html.find("<")
    while place >= 0:
        if html.startswith("<!--", place):
            place = html.find("-->", place)
        elif match := TAG_NAME.match(html, place):
            name = match[2].lower()
            attributes, place = _count_attributes(html, match.end())
            yield name, match[1] == "/", attributes
            if name in RAW_TEXT and not match[1]:
                end = re.compile(rf"</{re.escape(name)}", re.IGNORECASE).search(html, place)
                place = end.start() if end else -1
                continue
        else:
            place += 1
        place = html.find("<", place) if place >= 0 else -1


def _count_attributes(html: str, place: int) -> tuple[int, int]:
    """How many attributes follow, and where the tag ends."""
    count = 0
    while match := ATTRIBUTE.match(html, place):
        place = match.end()
        count += 1
    return count, place

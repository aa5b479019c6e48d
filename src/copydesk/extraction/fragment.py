"""Blocks of a piece of HTML that is no page: a field of a JSON record, a feed entry, a mail body.

Read with Beautiful Soup, which takes any string: there is nothing to choose here, all of it is the article,
and a page on which the fast parser finds nothing gets a second try.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from copydesk.article import Action, Block, BlockKind, Decision
from copydesk.extraction.tags import KINDS
from copydesk.machine.lean import load_soup

if TYPE_CHECKING:
    from bs4 import BeautifulSoup, Tag

_SKIPPED = frozenset(
    ["script", "style", "template", "head", "title", "iframe", "select", "button", "object", "embed", "svg", "nav"]
)

_BLOCKS = frozenset(KINDS) | frozenset(
    [
        "p",
        "div",
        "article",
        "section",
        "main",
        "aside",
        "header",
        "footer",
        "ul",
        "ol",
        "dl",
        "table",
        "tr",
        "tbody",
        "thead",
        "tfoot",
        "caption",
        "figure",
        "form",
        "details",
        "summary",
        "center",
        "address",
        "fieldset",
        "hr",
        "body",
        "html",
        "noscript",
    ]
)


def extract_fragment(html: str) -> tuple[Block, ...]:
    """The blocks of a fragment in order, captions labelled as such; none if it has no text.

    >>> [block.text for block in extract_fragment("Prices rose.<br><br>Wages did <b>not</b>.")]
    ['Prices rose.', 'Wages did not.']
    >>> extract_fragment("")
    ()
    """
    # Feeds wrap their markup in CDATA sections, which an HTML parser would take for text or a comment;
    # NULs are dropped as the HTML standard does in text.
    markup = html.replace("<![CDATA[", "").replace("]]>", "").replace("\0", "")
    soup = load_soup()  # It takes .05 s, and most runs have no fragment.
    return tuple(_block(text, kind) for text, kind in _lines(soup.BeautifulSoup(markup, "html.parser")))


def fragment_decisions(blocks: tuple[Block, ...]) -> tuple[Decision, ...]:
    """A decision for each block of a fragment that is a caption."""
    return tuple(
        Decision(
            "extraction", Action.MOVED, "caption", "page-caption/1", place, block.text, block.text, None, "captions"
        )
        for place, block in enumerate(blocks)
        if block.label == "caption"
    )


def _block(text: str, kind: BlockKind) -> Block:
    if kind is BlockKind.CAPTION:
        return Block(text, kind, "caption", "captions")
    return Block(text, kind)


def _lines(soup: BeautifulSoup) -> Iterator[tuple[str, BlockKind]]:
    """The text between boundaries, with its kind."""
    parts: list[str] = []
    kind, broken = BlockKind.PARAGRAPH, False
    for event, value in _events(soup):
        if event == "text":
            parts.append(value)
            broken = broken and value.isspace()
            continue
        if event == "break" and not broken:
            parts.append("\n")
            broken = True
            continue
        text = _squeeze("".join(parts), kind)
        if text:
            yield text, kind
        parts, broken = [], False
        if event == "kind":
            kind = BlockKind(value)
    text = _squeeze("".join(parts), kind)
    if text:
        yield text, kind


def _events(soup: BeautifulSoup) -> Iterator[tuple[str, str]]:
    """The tree as texts, line breaks and changes of kind, without recursion."""
    from bs4.element import NavigableString, Tag

    stack: list[tuple[Tag, BlockKind, Iterator[object]]] = [(soup, BlockKind.PARAGRAPH, iter(soup.contents))]
    while stack:
        parent, kind, children = stack[-1]
        child = next(children, None)
        if child is None:
            stack.pop()
            if parent.name in _BLOCKS and stack:
                yield "kind", stack[-1][1].value
        elif isinstance(child, Tag):
            if child.name == "br":
                yield "break", ""
            elif child.name not in _SKIPPED:
                inner = KINDS.get(child.name, kind)
                if child.name in _BLOCKS:
                    yield "kind", inner.value
                stack.append((child, inner, iter(child.contents)))
        elif type(child) is NavigableString:
            yield "text", str(child)


def _squeeze(text: str, kind: BlockKind) -> str:
    text = text.replace("\xad", "")
    if kind is BlockKind.PREFORMATTED:
        lines = "\n".join(line.rstrip() for line in text.splitlines()).strip("\n")
        return lines if lines.strip() else ""
    return " ".join(text.split())

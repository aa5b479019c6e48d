"""What agencies, newsrooms and archives write as XML (NITF, NewsML, TEI) → records, document by document."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, BinaryIO
from xml.etree.ElementTree import Element, tostring

from copydesk.article import Form, RecordField, Refusal
from copydesk.encoding.labels import codec_of
from copydesk.extraction.tags import KINDS, ROLES, TAGS
from copydesk.reading.chained import rewound
from copydesk.reading.feeds import ROOTS as FEEDS
from copydesk.reading.feeds import read_feed
from copydesk.reading.fields import MAX_VALUES
from copydesk.reading.found import Found, digest
from copydesk.reading.json_values import canonical
from copydesk.reading.kinds import starts_like_markup
from copydesk.reading.safe_xml import PROLOG_BYTES, local_name, read_elements, root_name, told_encoding
from copydesk.settings import ReadingSettings

WRAPPERS = frozenset({"newsMessage", "NewsML", "teiCorpus"})
"""Root elements around any number of documents."""
MAX_CHARS = 20_000
"""More of a value isn't looked at; it is refused long before."""
_HTML = frozenset(ROLES) | frozenset(KINDS) | frozenset(TAGS)
"""Elements that extraction knows."""


@dataclass(frozen=True, slots=True)
class Layout:
    """How documents of one kind are written: `data/news_xml.toml` explains the parts."""

    record: str
    siblings: frozenset[str]
    unless: str
    body: tuple[str, ...]
    foot: tuple[str, ...]
    fields: tuple[tuple[str, tuple[str, ...]], ...]


def read_xml(stream: BinaryIO, path: str, settings: ReadingSettings) -> Iterator[Found]:
    """The records of a feed, or one per document of an agency or archive; other XML is refused as `unknown_type`."""
    head, stream = rewound(stream, PROLOG_BYTES)
    root = root_name(head)
    wanted = {name for layout in _layouts() for name in (layout.record, *layout.siblings)}
    if root in FEEDS or root not in wanted | WRAPPERS:
        yield from read_feed(stream, path, settings)
        return
    encoding = told_encoding(head).encoding
    documents = read_elements(stream, codec_of(encoding), frozenset(wanted), settings.max_record_bytes)
    for number, element in enumerate(documents):
        yield _document(element, path, number, encoding)


def _document(element: Element, path: str, number: int, encoding: str) -> Found:
    for part in element.iter():
        part.tag = local_name(part)
        if part.attrib:
            part.attrib = {name.rpartition("}")[2]: value for name, value in part.attrib.items()}
    layout = next((layout for layout in _layouts() if _fits(layout, element)), None)
    stated = list(_stated(layout, element)) if layout else []
    content, form = _content(layout, element) if layout else ("", Form.TEXT)
    sha256 = digest(canonical({"fields": [list(item) for item in stated], "content": content}))
    fields = tuple(RecordField(field, value, key) for field, value, key in stated)
    if not content.strip():
        refusal = Refusal("no_text", f"item {number}, a {element.tag}, holds no text")
        return Found(path, "", Form.TEXT, fields, sha256, encoding, refusal)
    return Found(path, content, form, fields, sha256, encoding)


def _fits(layout: Layout, element: Element) -> bool:
    return layout.record == element.tag and not (layout.unless and _find(element, layout.unless))


def _stated(layout: Layout, element: Element) -> Iterator[tuple[str, str, str]]:
    """The fields of a document: name, value, and the path it was found at."""
    for field, paths in layout.fields:
        found = ((path, list(_values(element, path))) for path in paths)
        key, values = next(((path, values) for path, values in found if values), ("", []))
        for value in dict.fromkeys(values[:MAX_VALUES]):
            # An item's identifier is its address where it is one.
            if field != "url" or value.startswith(("http://", "https://")):
                yield field, value, key


def _values(element: Element, path: str) -> Iterator[str]:
    """The values at a path: the text of elements, or one of their attributes."""
    place, _, attribute = path.rpartition("@") if path.rfind("@") > path.rfind("]") else (path, "", "")
    for found in _find(element, place)[:MAX_VALUES]:
        value = " ".join((found.get(attribute, "") if attribute else _line(found)).split())
        if attribute == "qcode":
            value = value.rpartition(":")[2]
        if value:
            # Systems that know a day alone write midnight, without a zone.
            yield value.removesuffix("T000000")


def _line(element: Element) -> str:
    """The text of an element, with a comma before a person's function."""
    parts: list[str] = []
    size = 0
    for part in element.iter("byttl"):
        part.text = f", {part.text or ''}"
    for text in element.itertext():
        parts.append(text[:MAX_CHARS])
        size += len(text)
        if size > MAX_CHARS:
            break
    return "".join(parts)


def _content(layout: Layout, element: Element) -> tuple[str, Form]:
    """The text of a document as markup, or as it is where it lies there as a string."""
    bodies = _first(element, layout.body)
    if not any(len(body) for body in bodies):
        text = "\n\n".join((body.text or "").strip() for body in bodies)
        return text, Form.HTML if starts_like_markup(text) else Form.TEXT
    return "".join(_markup(body) for body in (*bodies, *_first(element, layout.foot))), Form.HTML


def _first(element: Element, paths: tuple[str, ...]) -> list[Element]:
    """What the first path finds that finds a text; none from inside another."""
    for path in paths:
        found = [body for body in _outermost(_find(element, path)) if any(text.strip() for text in body.itertext())]
        if found:
            return found
    return []


def _find(element: Element, path: str) -> list[Element]:
    """As `findall`, each element once, in time that doesn't grow with how deep the same names are nested."""
    beginning, *deeper = path.split("//")
    found = element.findall(beginning) if beginning.strip(".") else [element]
    for part in deeper:
        found = [inner for outer in _outermost(found) for inner in outer.iterfind(f".//{part}")]
    return found


def _outermost(elements: list[Element]) -> list[Element]:
    """The elements, in the order of the document, without those that lie inside another one of them."""
    if len(elements) < 2:
        return elements
    kept: list[Element] = []
    inside: set[int] = set()
    for element in elements:
        if id(element) not in inside:
            kept.append(element)
            inside.update(map(id, element.iter()))
    return kept


def _markup(body: Element) -> str:
    """A body as HTML."""
    elements = _elements()
    for part in list(body.iter()):
        name = elements.get(part.tag, part.tag if part.tag.lower() in _HTML else "span")
        if part.tag == "choice":
            _choose(part)
        elif part.tag == "figure":
            _caption(part)
        elif part.get("break") == "no":
            name = "span"
        if part.attrib:
            part.attrib = {}
        if not name:
            tail = part.tail
            part.clear()
            part.tail = tail
        part.tag = name or "span"
    body.tail = None
    return tostring(body, "unicode", "html")


def _choose(choice: Element) -> None:
    """Leave one of several readings of a word: the editor's, where there is one."""
    children = list(choice)
    kept = next((child for child in children if child.tag in ("corr", "reg")), children[0] if children else None)
    for child in children:
        if child is not kept:
            choice.remove(child)


def _caption(figure: Element) -> None:
    """Take the heading of a figure for what it is."""
    for child in figure:
        if child.tag == "head":
            child.tag = "figDesc"


@cache
def _layouts() -> tuple[Layout, ...]:
    return tuple(
        Layout(
            row["record"],
            frozenset(row.get("siblings", ())),
            row.get("unless", ""),
            tuple(row["body"]),
            tuple(row.get("foot", ())),
            tuple((field, tuple(paths)) for field, paths in row["fields"].items()),
        )
        for row in _table()["layout"]
    )


@cache
def _elements() -> dict[str, str]:
    return dict(_table()["elements"])


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(resources.files("copydesk").joinpath("data/news_xml.toml").read_text(encoding="utf-8"))

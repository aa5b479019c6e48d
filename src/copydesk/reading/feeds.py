"""RSS and Atom feeds → records, item by item, with nothing of XML that can be used to do harm."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO
from xml.etree.ElementTree import Element, tostring

from copydesk.encoding.labels import codec_of
from copydesk.reading.chained import rewound
from copydesk.reading.found import Found, from_object, refused
from copydesk.reading.safe_xml import PROLOG_BYTES, local_name, read_elements, root_name, told_encoding
from copydesk.settings import ReadingSettings

ITEMS = frozenset({"item", "entry"})
ROOTS = frozenset({"rss", "feed", "RDF"})


def read_feed(stream: BinaryIO, path: str, settings: ReadingSettings) -> Iterator[Found]:
    """One record per item, with the name of the feed as its outlet. A feed that breaks off gives what stood before.

    Full text (`content:encoded`, Atom's `content`) is the content, or else the description. XML that is no feed is
    refused as `unknown_type`, one that declares entities as `bomb`. Held item by item.

    >>> import io
    >>> item = b"<item><title>A</title><description>B c.</description></item>"
    >>> feed = b"<rss><channel><title>The Post</title>" + item + b"</channel></rss>"
    >>> [(r.content, [f.value for f in r.fields]) for r in read_feed(io.BytesIO(feed), "a.xml", ReadingSettings())]
    [('B c.', ['The Post', 'A'])]
    """
    head, stream = rewound(stream, PROLOG_BYTES)
    root = root_name(head)
    if root not in ROOTS:
        yield refused(
            path, "unknown_type", f"XML with the root element {root or 'missing'}, which is no feed or news item"
        )
        return
    about: dict[str, str] = {}
    encoding = told_encoding(head).encoding
    items = read_elements(stream, codec_of(encoding), ITEMS, settings.max_record_bytes, lambda e: _note(e, about))
    for number, element in enumerate(items):
        yield from_object(path, {**about, **_fields(element)}, f"item {number}", encoding=encoding)


def _note(element: Element, about: dict[str, str]) -> None:
    name = local_name(element)
    if name in ("title", "language") and element.text:
        about.setdefault("feed_title" if name == "title" else name, element.text.strip())


def _fields(item: Element) -> dict[str, object]:
    """The item's elements under their names, several of a name as a list; the description where there is no text."""
    fields: dict[str, list[str]] = {}
    for element in item:
        name = local_name(element)
        if name == "encoded":
            name = "excerpt" if "/excerpt/" in element.tag else "content:encoded"
        if name == "link" and element.get("rel", "alternate") != "alternate":
            continue
        if value := _value(element, name):
            fields.setdefault(name, []).append(value)
    if not fields.keys() & {"content:encoded", "content"}:
        for name in ("description", "summary"):
            if name in fields:
                fields["content"] = fields.pop(name)
                break
    if "guid" in fields and "link" not in fields and fields["guid"][0].startswith("http"):
        fields["link"] = fields.pop("guid")
    return {name: values if len(values) > 1 else values[0] for name, values in fields.items()}


def _value(element: Element, name: str) -> str:
    if name == "link":
        return (element.get("href") or element.text or "").strip()
    if name == "category":
        return (element.get("label") or element.get("term") or element.text or "").strip()
    if name in ("author", "contributor"):
        named = next((child.text for child in element if local_name(child) == "name"), None)
        return (named or element.text or "").strip()
    if len(element):
        for child in element.iter():
            child.tag = local_name(child)
        return (element.text or "") + "".join(tostring(child, "unicode", "html") for child in element)
    return (element.text or "").strip()

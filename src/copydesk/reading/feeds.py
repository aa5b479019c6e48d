"""RSS and Atom feeds → records, item by item, with nothing of XML that can be used to do harm."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator
from typing import BinaryIO, cast
from xml.etree.ElementTree import Element, ParseError, XMLPullParser, tostring

from ftfy.chardata import HTML_ENTITIES

from copydesk.article import Form, Refusal
from copydesk.encoding import decode
from copydesk.encoding.labels import codec_of
from copydesk.reading.chained import rewound
from copydesk.reading.found import Found, from_object, refused
from copydesk.reading.refusals import Refused
from copydesk.settings import ReadingSettings

CHUNK_BYTES = 1 << 16
"""What is read, and given to the parser, at once."""
PROLOG_BYTES = 1 << 16
"""How far the first element is looked for. Declarations of entities can only stand before it."""

ITEMS = frozenset({"item", "entry"})
ROOTS = frozenset({"rss", "feed", "RDF"})

# Matches <!ENTITY a "b">; not &lt;!ENTITY. The one construct of XML by which a small file becomes a large one.
ENTITY_DECLARATION = re.compile(rb"<!ENTITY", re.IGNORECASE)
# Matches <rss version="2.0">; not <?xml ... ?>, <!DOCTYPE ...> or <!-- ... -->.
FIRST_ELEMENT = re.compile(rb"<([A-Za-z_][\w:.-]{0,60})[\s/>]")
COMMENT = re.compile(rb"<!--.*?(?:-->|\Z)", re.DOTALL)
# Matches &nbsp; and &eacute;, which XML doesn't know; not &amp; or &#160;, which it does.
HTML_ENTITY = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);)([A-Za-z][A-Za-z0-9]{1,30};)")
# Everything XML 1.0 forbids (section 2.2): one of them anywhere, and no parser reads the feed.
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


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
    root = _root(head)
    if root not in ROOTS:
        yield refused(path, "unknown_type", f"XML with the root element {root or 'missing'}, no feed")
        return
    about: dict[str, str] = {}
    for number, element in enumerate(_items(stream, _codec(head), settings.max_record_bytes, about)):
        yield from_object(path, {**about, **_fields(element)}, f"item {number}")


def _root(head: bytes) -> str:
    prolog = COMMENT.sub(b"", head.replace(b"\0", b""))
    first = FIRST_ELEMENT.search(prolog)
    if ENTITY_DECLARATION.search(prolog[: first.start() if first else len(prolog)]):
        raise Refused("bomb", "declares entities, which may unfold without end")
    return first[1].decode("ascii", "replace").rpartition(":")[2] if first else ""


def _codec(head: bytes) -> str:
    decoded = decode(head[: head.rfind(b">") + 1] or head, Form.HTML)
    if isinstance(decoded, Refusal):
        raise Refused(decoded.code, decoded.detail)
    return codec_of(decoded.encoding)


def _items(stream: BinaryIO, codec: str, max_bytes: int, about: dict[str, str]) -> Iterator[Element]:
    """The items as they end; `about` is filled with what the feed says of itself."""
    parser: XMLPullParser[Element] = XMLPullParser(("start", "end"))
    path: list[Element] = []
    held = 0
    for text, size in _texts(stream, codec):
        held += size
        for event, element in _events(parser, text, last=not size):
            if event == "start":
                path.append(element)
                if len(path) > MAX_DEPTH:
                    raise Refused("too_deep", f"elements nested more than {MAX_DEPTH} deep")
                continue
            path.pop()
            if any(_name(outer) in ITEMS for outer in path):
                continue
            if _name(element) in ITEMS:
                yield element
            else:
                _note(element, about)
            held = 0
            if path:
                path[-1].remove(element)
        if held > max_bytes + CHUNK_BYTES:
            raise Refused("too_large", f"more than {max_bytes:,} bytes in one item")


def _events(parser: XMLPullParser[Element], text: str, *, last: bool) -> Iterator[tuple[str, Element]]:
    """What ends and begins in the next piece of text. The parser gives its error behind all that stood before it."""
    try:
        parser.feed(text)
        if last:
            parser.close()
        # Without the beginnings and ends of names that could be asked for, all events are of elements.
        yield from cast("Iterable[tuple[str, Element]]", parser.read_events())
    except ParseError as error:
        raise Refused("invalid_xml", str(error)) from error


MAX_DEPTH = 200
"""Elements around an element. Markup inside Atom's content may be deep; 200 is beyond any page."""


def _texts(stream: BinaryIO, codec: str) -> Iterator[tuple[str, int]]:
    """The feed's text in pieces that no entity is cut by, without what XML forbids; the last piece has size 0."""
    decoder = codecs.getincrementaldecoder(codec)("replace")
    left = ""
    while True:
        part = stream.read(CHUNK_BYTES)
        text = left + decoder.decode(part, final=not part)
        left = ""
        cut = text.rfind("&", max(0, len(text) - 40))
        if part and cut >= 0:
            text, left = text[:cut], text[cut:]
        yield FORBIDDEN.sub("", HTML_ENTITY.sub(_entity, text)).removeprefix("\ufeff"), len(part)
        if not part:
            return


def _entity(match: re.Match[str]) -> str:
    return HTML_ENTITIES.get(match[0], f"&amp;{match[1]}")


def _note(element: Element, about: dict[str, str]) -> None:
    name = _name(element)
    if name in ("title", "language") and element.text:
        about.setdefault("feed_title" if name == "title" else name, element.text.strip())


def _name(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _fields(item: Element) -> dict[str, object]:
    """The item's elements under their names, several of a name as a list; the description where there is no text."""
    fields: dict[str, list[str]] = {}
    for element in item:
        name = _name(element)
        if name == "encoded":
            name = "content:encoded"
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
        named = next((child.text for child in element if _name(child) == "name"), None)
        return (named or element.text or "").strip()
    if len(element):
        for child in element.iter():
            child.tag = _name(child)
        return (element.text or "") + "".join(tostring(child, "unicode", "html") for child in element)
    return (element.text or "").strip()

"""XML, element by element, with nothing of it that can be used to do harm: no entities, no depth without end."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterable, Iterator
from typing import BinaryIO, cast
from xml.etree.ElementTree import Element, ParseError, XMLPullParser

from ftfy.chardata import HTML_ENTITIES

from copydesk.article import Form, Refusal
from copydesk.encoding import decode
from copydesk.encoding.decoding import Decoded
from copydesk.reading.refusals import Refused

CHUNK_BYTES = 1 << 16
"""What is read, and given to the parser, at once."""
PROLOG_BYTES = 1 << 16
"""How far the first element is looked for. Declarations of entities can only stand before it."""
MAX_DEPTH = 200
"""Elements around an element. Markup inside Atom's content may be deep; 200 is beyond any page."""

# Matches <!ENTITY a "b">; not &lt;!ENTITY. The one construct of XML by which a small file becomes a large one.
ENTITY_DECLARATION = re.compile(rb"<!ENTITY", re.IGNORECASE)
# Matches <rss version="2.0">; not <?xml ... ?>, <!DOCTYPE ...> or <!-- ... -->.
FIRST_ELEMENT = re.compile(rb"<([A-Za-z_][\w:.-]{0,60})[\s/>]")
COMMENT = re.compile(rb"<!--.*?(?:-->|\Z)", re.DOTALL)
# Matches &nbsp; and &eacute;, which XML doesn't know; not &amp; or &#160;, which it does.
HTML_ENTITY = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);)([A-Za-z][A-Za-z0-9]{1,30};)")
# Everything XML 1.0 forbids (section 2.2): one of them anywhere, and no parser reads the file.
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def root_name(head: bytes) -> str:
    """The local name of the root element, from the first bytes of a file; "" where there is none.

    Raises Refused (`bomb`) where entities are declared before it.

    >>> root_name(b'<?xml version="1.0"?><!-- by hand --><atom:feed xmlns:atom="x">')
    'feed'
    """
    prolog = COMMENT.sub(b"", head.replace(b"\0", b""))
    first = FIRST_ELEMENT.search(prolog)
    if ENTITY_DECLARATION.search(prolog[: first.start() if first else len(prolog)]):
        raise Refused("bomb", "declares entities, which may unfold without end")
    return first[1].decode("ascii", "replace").rpartition(":")[2] if first else ""


def told_encoding(head: bytes) -> Decoded:
    """The encoding of a file by its first bytes. Raises Refused where there is none."""
    decoded = decode(head[: head.rfind(b">") + 1] or head, Form.HTML)
    if isinstance(decoded, Refusal):
        raise Refused(decoded.code, decoded.detail)
    return decoded


def read_elements(
    stream: BinaryIO, codec: str, wanted: frozenset[str], max_bytes: int, note: Callable[[Element], None] | None = None
) -> Iterator[Element]:
    """The elements of these local names as they end, none from inside another; `note` is given those around them.

    Held element by element. A file that breaks off gives what stood before; then Refused is raised.
    """
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
            if any(local_name(outer) in wanted for outer in path):
                continue
            if local_name(element) in wanted:
                yield element
            elif note:
                note(element)
            held = 0
            if path:
                path[-1].remove(element)
        if held > max_bytes + CHUNK_BYTES:
            raise Refused("too_large", f"more than {max_bytes:,} bytes in one item")


def local_name(element: Element) -> str:
    """An element's name without its namespace."""
    return element.tag.rpartition("}")[2]


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


def _texts(stream: BinaryIO, codec: str) -> Iterator[tuple[str, int]]:
    """The file's text in pieces that no entity is cut by, without what XML forbids; the last piece has size 0."""
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

"""What the bytes themselves declare: byte order marks, XML declarations, meta elements."""

from __future__ import annotations

import re
from collections.abc import Iterator

from copydesk.encoding.labels import UTF_8, Encoding, find_encoding

PRESCAN_BYTES = 16_384
"""How far a meta element is looked for. The standard says 1,024; pages that write scripts and comments first put it
later, and a wrong hit does little harm: no declaration is believed that the bytes contradict."""

BYTE_ORDER_MARKS = (
    (b"\xef\xbb\xbf", UTF_8),
    (b"\xff\xfe\x00\x00", Encoding("utf-32le", "utf_32_le")),
    (b"\x00\x00\xfe\xff", Encoding("utf-32be", "utf_32_be")),
    (b"\xff\xfe", Encoding("utf-16le", "utf_16_le")),
    (b"\xfe\xff", Encoding("utf-16be", "utf_16_be")),
    # Not in the standard, where a page can't be in it; found before text that Chinese Windows tools wrote.
    (b"\x84\x31\x95\x33", Encoding("gb18030", "gb18030")),
)
"""Longest first: UTF-32's little-endian mark begins with UTF-16's."""

# Matches <!-- charset=utf-8 -->; not <meta charset=utf-8>. The end may be missing: then it is a comment to the end.
COMMENT = re.compile(rb"<!--.*?(?:-->|\Z)", re.DOTALL)

# Matches <meta http-equiv=Content-Type content="text/html; charset=koi8-r">; not <meta name=charsets content=x>.
META_CHARSET = re.compile(
    rb"""<meta [\s/] [^<>]*? \b charset \s{0,8} = \s{0,8} ["']? \s{0,8}
    ( [^\s"'/>;]{1,40} )""",
    re.VERBOSE | re.IGNORECASE,
)

# Matches <?xml version="1.0" encoding="windows-1251"?>; not <?xml version="1.0"?>.
XML_DECLARATION = re.compile(
    rb"""\s{0,64} <\?xml \s [^>]{0,200}? \b encoding \s{0,8} = \s{0,8} ["'] \s{0,8}
    ( [^"'>]{1,40} ) ["']""",
    re.VERBOSE,
)


def byte_order_mark(content: bytes) -> tuple[bytes, Encoding] | None:
    r"""The mark at the start and the encoding it stands for, or None.

    >>> byte_order_mark(b"\xff\xfeh\x00")[1].name
    'utf-16le'
    """
    return next(((mark, encoding) for mark, encoding in BYTE_ORDER_MARKS if content.startswith(mark)), None)


def declared_in_markup(content: bytes) -> Iterator[Encoding]:
    """The encodings a page declares in its own bytes: meta elements first, then the XML declaration.

    A page that can be read as ASCII so far isn't UTF-16, whatever it says: the standard takes it for UTF-8.

    >>> [e.name for e in declared_in_markup(b'<meta charset="latin1">')]
    ['windows-1252']
    """
    head = COMMENT.sub(b" ", content[:PRESCAN_BYTES])
    labels = [match[1] for match in _find_meta(head)]
    if declaration := XML_DECLARATION.match(head):
        labels.append(declaration[1])
    for label in labels:
        encoding = find_encoding(label.decode("ascii", "replace"))
        if encoding is not None:
            yield UTF_8 if encoding.codec.startswith("utf_16") else encoding


def _find_meta(head: bytes) -> Iterator[re.Match[bytes]]:
    """The meta elements that name a charset: where the word isn't, the pattern need not be tried."""
    lower = head.lower()
    place = lower.find(b"<meta") if b"charset" in lower else -1
    while place >= 0:
        match = META_CHARSET.match(head, place)
        if match is not None:
            yield match
        place = lower.find(b"<meta", match.end() if match else place + 1)

"""WARC files → the pages in their response records. ISO 28500:2017, read front to back, one record at a time."""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import BinaryIO

import pyarrow as pa

from copydesk.article import Form, RecordField, Refusal
from copydesk.encoding import decode
from copydesk.reading.found import Found, digest, refused
from copydesk.reading.kinds import Kind
from copydesk.reading.opening import read_limited
from copydesk.reading.packing import Budget, unpack
from copydesk.reading.refusals import Refused
from copydesk.settings import ReadingSettings

MAX_HEADER_BYTES = 1 << 16
"""Length of one block of headers; the tools of the Internet Archive stop at the same size."""

READ_TYPES = frozenset({"response", "conversion"})
"""Types of records that hold a page or its text."""

PAGES = {"text/html": Form.HTML, "application/xhtml+xml": Form.HTML, "text/plain": Form.TEXT}


@dataclass(frozen=True, slots=True)
class Response:
    """An HTTP response as it was recorded."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def read_warc(stream: BinaryIO, path: str, settings: ReadingSettings) -> Iterator[Found]:
    """One record per response record: the page with its address and the time it was fetched.

    A conversion record is one, too: the text that somebody else took out of a page (WET files). Requests, metadata and
    revisits are no records. A response that is no page (a picture, a redirect) is a refusal.
    Raises Refused where the file ends too early or is no WARC from some place on.
    """
    while (headers := _next_headers(stream)) is not None:
        length = _length(headers)
        if headers.get("warc-type") not in READ_TYPES:
            _pass_over(stream, length)
        elif length > settings.max_record_bytes:
            _pass_over(stream, length)
            yield refused(path, "too_large", f"{headers.get('warc-target-uri', 'a response')} has {length:,} bytes")
        else:
            block = stream.read(length)
            if len(block) < length:
                raise Refused("truncated", f"a record of {length:,} bytes ends after {len(block):,}")
            yield _found(path, headers, block, settings)


def _next_headers(stream: BinaryIO) -> dict[str, str] | None:
    """The headers of the next record, None at the end."""
    line = stream.readline(MAX_HEADER_BYTES)
    while line in (b"\r\n", b"\n"):
        line = stream.readline(MAX_HEADER_BYTES)
    if not line:
        return None
    if not line.startswith(b"WARC/"):
        raise Refused("invalid_warc", "a record doesn't begin with WARC/ where it should")
    lines = []
    size = 0
    while (line := stream.readline(MAX_HEADER_BYTES)) not in (b"\r\n", b"\n"):
        size += len(line)
        if not line:
            raise Refused("truncated", "ends within the headers of a record")
        if size > MAX_HEADER_BYTES:
            raise Refused("invalid_warc", "a record has more than 64 KB of headers")
        lines.append(line)
    return _headers(lines)


def _headers(lines: list[bytes]) -> dict[str, str]:
    """Headers by lower-case name; the first of a name counts, folded lines are joined."""
    headers: dict[str, str] = {}
    name = ""
    for line in lines:
        text = line.decode("utf-8", "replace")
        if text[:1] in " \t" and name:
            headers[name] += " " + text.strip()
            continue
        name, _, value = text.partition(":")
        name = name.strip().lower()
        headers.setdefault(name, value.strip())
    return headers


def _length(headers: Mapping[str, str]) -> int:
    value = headers.get("content-length", "")
    if not value.isascii() or not value.isdigit() or len(value) > 15:
        raise Refused("invalid_warc", f"a record's length is {value[:40]!r}")
    return int(value)


def _pass_over(stream: BinaryIO, length: int) -> None:
    while length:
        part = stream.read(min(length, 1 << 16))
        if not part:
            raise Refused("truncated", "ends within a record")
        length -= len(part)


def _found(path: str, headers: Mapping[str, str], block: bytes, settings: ReadingSettings) -> Found:
    sha256 = digest(block)
    fields = tuple(
        RecordField(field, headers[key].strip("<>"), name)
        for field, key, name in (
            ("url", "warc-target-uri", "WARC-Target-URI"),
            ("fetched_at", "warc-date", "WARC-Date"),
        )
        if headers.get(key)
    )
    try:
        response = _conversion(headers, block) if headers["warc-type"] == "conversion" else _response(block, settings)
        form = _form(response)
        decoded = decode(response.body, form, _charset(response.headers.get("content-type", "")))
    except Refused as error:
        return Found(path, fields=fields, sha256=sha256, refusal=error.refusal)
    except (zlib.error, EOFError) as error:
        refusal = Refusal("broken", f"the body can't be unpacked: {error}")
        return Found(path, fields=fields, sha256=sha256, refusal=refusal)
    if isinstance(decoded, Refusal):
        return Found(path, fields=fields, sha256=sha256, refusal=decoded)
    if not decoded.text.strip():
        return Found(path, fields=fields, sha256=sha256, refusal=Refusal("empty", "the response has no body"))
    return Found(path, decoded.text, form, fields, sha256, decoded.encoding)


def _conversion(headers: Mapping[str, str], block: bytes) -> Response:
    """The text of a conversion record, as if it had been sent: it has no status and no headers of its own."""
    return Response(200, {"content-type": headers.get("content-type", "text/plain")}, block)


def _response(block: bytes, settings: ReadingSettings) -> Response:
    """The response in a block, with its transfer and content codings undone."""
    head, separator, body = block.partition(b"\r\n\r\n")
    if not separator:
        head, _, body = block.partition(b"\n\n")
    status, *lines = head.split(b"\n")
    parts = status.split(None, 2)
    if not status.startswith(b"HTTP/") or len(parts) < 2 or not parts[1].isdigit():
        raise Refused("invalid_warc", "a response doesn't begin with an HTTP status")
    headers = _headers(lines)
    if "chunked" in headers.get("transfer-encoding", "").lower():
        body = _dechunked(body)
    return Response(int(parts[1]), headers, _unpacked(body, headers.get("content-encoding", "").lower(), settings))


def _form(response: Response) -> Form:
    if not 200 <= response.status < 300:
        raise Refused("http_status", f"the response has status {response.status}")
    media = response.headers.get("content-type", "text/html").partition(";")[0].strip().lower()
    if media not in PAGES:
        raise Refused("unknown_type", f"the response is {media[:60]}, no page")
    return PAGES[media]


def _charset(content_type: str) -> str | None:
    for parameter in content_type.split(";")[1:]:
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "charset":
            return value.strip(" \"'")
    return None


def _dechunked(body: bytes) -> bytes:
    """The body without chunk sizes (RFC 9112, 7.1); as it is where it has none, which archives often undo."""
    parts: list[bytes] = []
    at = 0
    while (end := body.find(b"\r\n", at, at + 64)) > 0:
        size = body[at:end].partition(b";")[0].strip()
        if not size or not all(digit in b"0123456789abcdefABCDEF" for digit in size):
            return body
        length = int(size, 16)
        if not length:
            return b"".join(parts)
        parts.append(body[end + 2 : end + 2 + length])
        at = end + 2 + length + 2
    return b"".join(parts) or body


def _unpacked(body: bytes, coding: str, settings: ReadingSettings) -> bytes:
    """The body unpacked if it really is packed: archives often keep the header and unpack the body."""
    if body.startswith(b"\x1f\x8b"):
        return _bounded(zlib.decompressobj(wbits=31), body, settings.max_record_bytes)
    if body.startswith(b"\x28\xb5\x2f\xfd"):
        budget = Budget(len(body), settings)
        return read_limited(unpack(io.BytesIO(body), Kind.ZSTD, budget), settings.max_record_bytes)
    if coding == "deflate" and body.lstrip()[:1] != b"<":
        wrapped = body[:1] == b"\x78"
        return _bounded(zlib.decompressobj(wbits=15 if wrapped else -15), body, settings.max_record_bytes)
    if coding == "br" and body.lstrip()[:1] != b"<":
        return _unpacked_brotli(body, settings.max_record_bytes)
    return body


def _unpacked_brotli(body: bytes, max_bytes: int) -> bytes:
    """The body unpacked by Arrow's reader, which is a dependency already; brotli has no mark to know it by."""
    try:
        text = bytes(pa.CompressedInputStream(pa.BufferReader(body), "brotli").read(max_bytes + 1))
    except OSError as error:
        raise Refused("broken", f"the body can't be unpacked: {error}") from error
    if len(text) > max_bytes:
        raise Refused("bomb", f"the body unpacks to more than {max_bytes:,} bytes")
    return text


def _bounded(unpacker: zlib._Decompress, body: bytes, max_bytes: int) -> bytes:
    text = unpacker.decompress(body, max_bytes + 1)
    if len(text) > max_bytes:
        raise Refused("bomb", f"the body unpacks to more than {max_bytes:,} bytes")
    return text

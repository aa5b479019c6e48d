"""Mails (newsletters) and pages saved as MHTML → records."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email import policy
from email.errors import MessageError
from email.header import decode_header
from email.message import Message
from email.parser import BytesParser
from email.utils import parseaddr
from typing import BinaryIO

from copydesk.article import Form, RecordField, Refusal
from copydesk.encoding import decode
from copydesk.encoding.labels import find_encoding
from copydesk.reading.found import Found, digest, refused
from copydesk.reading.opening import read_limited
from copydesk.reading.refusals import Refused
from copydesk.settings import ReadingSettings

MAX_PARTS = 1_000
"""Parts of a mail that are looked at. A saved page with all its pictures has some hundred."""

LIST_HEADERS = ("List-Id", "List-Unsubscribe", "List-Post")
"""Headers of mails to many: their sender is an outlet. In other mails it is a person."""

# Matches the soft line end of format=flowed (RFC 3676): a blank before it; not that of the signature's "-- ".
FLOWED = re.compile(r"(?<!\n--) \n(?!\n)")


def read_mail(stream: BinaryIO, path: str, settings: ReadingSettings) -> Iterator[Found]:
    """The one record in a mail or saved page: its HTML part, or its plain one where there is none.

    Subject, date and sender are fields; of a saved page its address as well. Attachments are not read.
    """
    yield read_message(path, read_limited(stream, settings.max_record_bytes))


def read_message(path: str, content: bytes) -> Found:
    r"""The record in the bytes of a mail.

    >>> read_message("a.eml", b"Subject: Ice is back\n\nIt froze.").content
    'It froze.'
    """
    try:
        return _mail(path, content)
    except Refused as error:
        return refused(path, error.refusal.code, error.refusal.detail, content)
    except (MessageError, RecursionError, ValueError, LookupError) as error:
        # The parser of the standard library gives up on hostile headers in ways it doesn't list.
        return refused(path, "invalid_mail", f"{type(error).__name__}: {str(error)[:200]}", content)


def _mail(path: str, content: bytes) -> Found:
    message = BytesParser(policy=policy.compat32).parsebytes(content)
    fields = tuple(_fields(message))
    part = _body(message)
    if part is None:
        refusal = Refusal("no_text", "the mail has neither a plain nor an HTML part")
        return Found(path, fields=fields, sha256=digest(content), refusal=refusal)
    form = Form.HTML if part.get_content_type() in HTML_TYPES else Form.TEXT
    payload = part.get_payload(decode=True)
    decoded = decode(payload if isinstance(payload, bytes) else b"", form, _charset(part))
    if isinstance(decoded, Refusal):
        raise Refused(decoded.code, decoded.detail)
    text = FLOWED.sub(" ", decoded.text) if part.get_param("format") == "flowed" else decoded.text
    if not text.strip():
        return Found(path, fields=fields, sha256=digest(content), refusal=Refusal("no_text", "the mail is empty"))
    url = part.get("Content-Location", "").strip()
    if url.startswith("http") and not any(field.field == "url" for field in fields):
        fields += (RecordField("url", url, "Content-Location"),)
    return Found(path, text, form, fields, digest(content), decoded.encoding)


HTML_TYPES = frozenset({"text/html", "application/xhtml+xml"})


def _body(message: Message) -> Message | None:
    """The part to be read: HTML before plain text, since a newsletter's plain part is often a link to the other."""
    plain = None
    for count, part in enumerate(message.walk()):
        if count > MAX_PARTS:
            break
        if part.get_content_disposition() == "attachment":
            continue
        if part.get_content_type() in HTML_TYPES:
            return part
        if plain is None and part.get_content_type() == "text/plain":
            plain = part
    return plain


def _charset(part: Message) -> str | None:
    charset = part.get_param("charset")
    return charset if isinstance(charset, str) else None


def _fields(message: Message) -> Iterator[RecordField]:
    saved = message.get("Snapshot-Content-Location")
    for header, field in (("Subject", "title"), ("Date", "fetched_at" if saved else "published")):
        if value := _header(message, header):
            yield RecordField(field, value, header)
    if saved:
        yield RecordField("url", str(saved).strip(), "Snapshot-Content-Location")
        return
    name = parseaddr(_header(message, "From"))[0]
    if name:
        many = any(header in message for header in LIST_HEADERS)
        yield RecordField("outlet" if many else "authors", name, "From")
    if archived := _header(message, "Archived-At"):
        yield RecordField("url", archived.strip("<> "), "Archived-At")


def _header(message: Message, name: str) -> str:
    """A header as text: encoded words decoded, line breaks folded."""
    value = message.get(name)
    if value is None:
        return ""
    parts = [_decoded(part, charset) for part, charset in decode_header(value)]
    return " ".join("".join(parts).split())


def _decoded(part: bytes | str, charset: str | None) -> str:
    if isinstance(part, str):
        part = part.encode("utf-8", "surrogateescape")
    known = find_encoding(charset) if charset and charset != "unknown-8bit" else None
    decoded = decode(part, Form.TEXT, known.name if known else None)
    return part.decode("ascii", "replace") if isinstance(decoded, Refusal) else decoded.text

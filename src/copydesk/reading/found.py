"""What readers of single formats hand over: a record before it has its number and id."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from copydesk.article import Form, RecordField, Refusal
from copydesk.reading.fields import read_fields
from copydesk.reading.json_values import canonical
from copydesk.reading.refusals import Refused


@dataclass(frozen=True, slots=True)
class Found:
    """A record as its container gives it. `path` is that of the file, or of the member of an archive."""

    path: str
    content: bytes | str = ""
    form: Form = Form.TEXT
    fields: tuple[RecordField, ...] = ()
    sha256: str | None = None
    encoding: str | None = None
    refusal: Refusal | None = None


def refused(path: str, code: str, detail: str, content: bytes | None = None) -> Found:
    """A record that can't be read, and why; with the digest of its bytes where they are known.

    >>> refused("a.txt", "empty", "no bytes").refusal
    Refusal(code='empty', detail='no bytes')
    """
    return Found(path, sha256=None if content is None else digest(content), refusal=Refusal(code, detail))


def digest(content: bytes) -> str:
    """SHA-256 in hexadecimal digits.

    >>> digest(b"")[:8]
    'e3b0c442'
    """
    return hashlib.sha256(content).hexdigest()


def from_object(path: str, value: Any, place: str, sha256: str | None = None, *, encoding: str | None = None) -> Found:
    """The record in a JSON object, a table row or the like; its digest is that of its canonical JSON if none is given.

    `encoding` is that of the file, where it is one that had to be told. What is no object, or has no text, is a refusal
    that names the place.
    """
    if not isinstance(value, Mapping):
        kind = {list: "a list", str: "a string", type(None): "null"}.get(type(value), "a number")
        return Found(path, sha256=sha256, refusal=Refusal("no_object", f"{place} is {kind}, no object"))
    try:
        sha256 = sha256 or digest(canonical(value))
    except RecursionError as error:
        raise Refused("too_deep", f"{place} is nested deeper than can be followed") from error
    reading = read_fields(value)
    if not reading.content:
        return Found(path, "", Form.TEXT, reading.fields, sha256, encoding, _no_text(value, place))
    if isinstance(reading.content, bytes):
        encoding = None  # Nobody has told it yet.
    return Found(path, reading.content, reading.form, reading.fields, sha256, encoding)


def _no_text(value: Mapping[str, Any], place: str) -> Refusal:
    keys = ", ".join(str(key) for key in list(value)[:8])
    return Refusal("no_text", f"{place} has neither text nor markup; its fields: {keys[:200]}")

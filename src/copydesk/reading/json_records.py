"""JSON Lines and JSON texts → records."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any, BinaryIO

from copydesk.reading.chained import rewound
from copydesk.reading.fields import known_field, read_fields
from copydesk.reading.found import Found, digest, from_object, refused
from copydesk.reading.json_values import json_text, parse_json, stream_list
from copydesk.reading.lines import read_lines
from copydesk.reading.opening import read_limited
from copydesk.reading.refusals import Refused
from copydesk.settings import ReadingSettings

MARKS_AND_BLANKS = b"\xef\xbb\xbf\xff\xfe\0 \t\r\n"
"""What may stand before the first bracket: byte order marks, the other half of wide characters, blanks."""

MAX_LIST_DEPTH = 4
"""How deep in an object its list of articles may lie: `response.docs` of a search server is 2, `hits.hits` too."""


def read_json_lines(stream: BinaryIO, path: str, settings: ReadingSettings, first_line: int = 1) -> Iterator[Found]:
    """One record per line that isn't blank; a broken line is one refusal and no more. Held line by line.

    `first_line` is the number of the line that the stream begins with.
    """
    for number, line in read_lines(stream, settings.max_record_bytes, first_line):
        place = f"line {number}"
        if line is None:
            yield refused(path, "too_large", f"{place} has more than {settings.max_record_bytes:,} bytes")
        elif line.strip(b" \t\r\n"):
            yield _from_line(path, line, place)


def _from_line(path: str, line: bytes, place: str) -> Found:
    try:
        return from_object(path, parse_json(line), place, digest(line))
    except Refused as error:
        return refused(path, error.refusal.code, f"{place}: {error.refusal.detail}", line)


def read_json(stream: BinaryIO, path: str, settings: ReadingSettings) -> Iterator[Found]:
    """The records of a JSON text: a list of objects, an object, or an object with a list of articles somewhere inside.

    A list at the top is held value by value, an object whole (up to max_container_bytes).
    """
    head, stream = rewound(stream, 512)
    if head.lstrip(MARKS_AND_BLANKS).startswith(b"["):
        yield from _from_values(stream, path, settings)
        return
    content = read_limited(stream, settings.max_container_bytes)
    try:
        value = parse_json(content)
    except Refused as error:
        if error.refusal.detail.startswith("Extra data") and content.lstrip(MARKS_AND_BLANKS).startswith(b"{"):
            yield from _concatenated(json_text(content), path)
            return
        yield refused(path, error.refusal.code, error.refusal.detail, content)
        return
    listed = _articles_in(value)
    if listed is not None:
        yield from (from_object(path, item, f"item {number}") for number, item in enumerate(listed))
    elif len(content) > settings.max_record_bytes:
        yield refused(path, "too_large", f"more than {settings.max_record_bytes:,} bytes in one record", content)
    else:
        yield from_object(path, value, "the object", digest(content))


def _from_values(stream: BinaryIO, path: str, settings: ReadingSettings) -> Iterator[Found]:
    for number, value in enumerate(stream_list(stream, settings.max_record_bytes)):
        yield from_object(path, value, f"item {number}")


def _concatenated(text: str, path: str) -> Iterator[Found]:
    """Objects one after the other without a list around them, each over several lines."""
    values = stream_list(io.BytesIO(text.encode("utf-8", "surrogatepass")), len(text) + 1)
    for number, value in enumerate(values):
        yield from_object(path, value, f"item {number}")


def _articles_in(value: Any) -> list[Any] | None:
    """The list of articles in an object, None where the object is the article (or has none).

    An object with a text of its own is the article: lists in it are its images and related links. Else the longest
    list of objects with texts; else, unless the object has a title, the longest list of objects with titles.
    """
    if not isinstance(value, dict) or read_fields(value).content:
        return None
    lists = sorted(_lists(value), key=len, reverse=True)
    with_text = next((items for items in lists if any(_has(item, "text", "html") for item in items[:50])), None)
    if with_text is not None or _has(value, "title"):
        return with_text
    return next((items for items in lists if any(_has(item, "title") for item in items[:50])), None)


def _has(item: Any, *names: str) -> bool:
    if not isinstance(item, dict):
        return False
    if "title" in names:
        return any((known := known_field(key)) and known[0] in names and item[key] for key in item)
    return bool(read_fields(item).content)


def _lists(value: Any, depth: int = 0) -> Iterator[list[Any]]:
    """Lists of objects inside a value, and objects that are lists in all but name, with ids for names."""
    if depth > MAX_LIST_DEPTH:
        return
    if isinstance(value, list):
        if value and all(isinstance(item, dict) for item in value):
            yield value
    elif isinstance(value, dict):
        members = list(value.values())
        if len(members) > 1 and all(isinstance(item, dict) for item in members):
            yield members
        for item in members:
            yield from _lists(item, depth + 1)

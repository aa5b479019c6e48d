"""`sources.csv` and `sources.jsonl`: what somebody knows about the files beside it. Evidence, and no record itself."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from copydesk.article import RecordField, Refusal
from copydesk.reading.delimited import read_rows
from copydesk.reading.fields import read_fields, storable
from copydesk.reading.json_values import parse_json
from copydesk.reading.opening import read_whole
from copydesk.reading.refusals import READING_ERRORS, Refused, refusal_of

SOURCE_NAMES = frozenset({b"sources.csv", b"sources.jsonl"})

ORIGIN = "sources.csv"
"""The origin of every field that comes from here, whichever of the two it was."""

Stated: TypeAlias = Mapping[bytes, tuple[RecordField, ...]]
"""Fields by the path (bytes, relative to the raw folder) of the file they are about."""


def read_sources(root: bytes, location: bytes, max_bytes: int) -> Stated | Refusal:
    """What a sources file states, by path; a refusal that names the line where it can't be understood.

    Paths are relative to the sources file. Rows without a path, or with one that climbs out of its folder, are an
    error: nobody should believe that a file was described when it wasn't.
    """
    folder, name = os.path.split(location)
    stated: dict[bytes, tuple[RecordField, ...]] = {}
    try:
        content = read_whole(root, location, max_bytes)
        for place, row in _rows(content, name):
            path = _path(row, place)
            # The path is what the row is about; a `path` that is also a known field's name would be evidence twice.
            about = {key: value for key, value in row.items() if key != "path"}
            fields = read_fields(about, origin=ORIGIN).fields
            key = folder + b"/" + path if folder else path
            stated[key] = stated.get(key, ()) + fields
    except READING_ERRORS as error:
        refusal = refusal_of(error)
        return Refusal("invalid_sources", str(refusal)) if refusal.code != "unreadable" else refusal
    return stated


def _rows(content: bytes, name: bytes) -> Iterator[tuple[str, Mapping[str, Any]]]:
    if name.endswith(b".csv"):
        for row in read_rows(io.BytesIO(content), len(content) + 1):
            if isinstance(row.cells, Refusal):
                raise Refused(row.cells.code, row.cells.detail)
            yield row.place, row.cells
        return
    for number, line in enumerate(content.splitlines(), 1):
        if line.strip():
            value = parse_json(line)
            if not isinstance(value, dict):
                raise Refused("no_object", f"line {number} is no object")
            yield f"line {number}", value


def _path(row: Mapping[str, Any], place: str) -> bytes:
    path = row.get("path")
    if not isinstance(path, str) or not path.strip():
        raise Refused("invalid_sources", f"{place} names no path")
    normal = os.path.normpath(path.strip().replace("\\", "/"))
    if normal.startswith(("/", "..")):
        raise Refused("invalid_sources", f"{place}: {path} lies outside the folder")
    return storable(normal).encode()

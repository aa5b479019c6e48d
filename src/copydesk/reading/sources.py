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
from copydesk.reading.opening import Root, read_whole
from copydesk.reading.refusals import READING_ERRORS, Refused, refusal_of

SOURCE_NAMES = frozenset({b"sources.csv", b"sources.jsonl"})

ORIGIN = "sources.csv"
"""The origin of every field that comes from here, whichever of the two it was."""

Stated: TypeAlias = Mapping[bytes, tuple[RecordField, ...]]
"""Fields by the path (bytes, relative to the raw folder) of the file they are about."""


def read_sources(root: Root, location: bytes, max_bytes: int) -> Stated | Refusal:
    """As parse_sources, from a file of the raw folder."""
    try:
        return parse_sources(read_whole(root, location, max_bytes), location)
    except READING_ERRORS as error:
        return refusal_of(error)


def parse_sources(content: bytes, location: bytes) -> Stated | Refusal:
    r"""What a sources file states, by path; a refusal that names the line where it can't be understood.

    Paths in it are relative to its folder, the ones that come back to where `location` is. Rows without a path, or with
    one that climbs out of the folder, are an error: nobody should believe that a file was described when it wasn't.

    >>> parse_sources(b"path,outlet\na.txt,The Post\n", b"in/sources.csv")[b"in/a.txt"][0].value
    'The Post'
    """
    folder, name = os.path.split(location)
    stated: dict[bytes, tuple[RecordField, ...]] = {}
    try:
        for place, row in _rows(content, name):
            path = _path(row, place)
            about = {key: value for key, value in row.items() if key != "path"}
            key = folder + b"/" + path if folder else path
            stated[key] = stated.get(key, ()) + read_fields(about, origin=ORIGIN).fields
    except Refused as error:
        return Refusal("invalid_sources", str(error.refusal))
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

r"""Values ↔ bytes, for the way to a worker and back: JSON, and a record's content as it is.

What a worker answers is read by the process that holds the corpus, and a worker may have been taken over by the very
record it was at. So nothing that could run is ever read from it: no pickle, a closed list of kinds, each told by its
first byte. It isn't slower, either (150 articles of real pages, CPU time of a process each: pickle 230 µs to write
and 380 µs to read, this 160 µs and 415 µs).

    F  a refusal      R  a raw record      I  a file of the raw folder      S  a stretch of one
    B  bytes as they are                    Y  what is said about a group of results
    J  what JSON can hold: strings, whole numbers, None, lists of them

A page is passed on three times, so values are made in parts that are joined once, and read through views: to copy each
content for each layer around it took a thirtieth of a run.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator
from typing import Any

from copydesk.article import Form, RawRecord, RecordField, Refusal, Source
from copydesk.machine.plain_json import read_json, write_json
from copydesk.reading import RawFile, Stretch
from copydesk.workers.engine import Summary

LENGTH = struct.Struct("!Q")


def encode_value(value: object) -> bytes:
    """The value as bytes; `decode_value` gives an equal one back.

    Raises TypeError for a value of any other kind: a mistake of ours.

    >>> decode_value(encode_value(Refusal("empty", "no bytes")))
    Refusal(code='empty', detail='no bytes')
    """
    return b"".join(encode_parts(value))


def encode_parts(value: object) -> tuple[bytes, ...]:
    """What `encode_value` gives, before it is joined."""
    if isinstance(value, bytes):
        return b"B", value
    if isinstance(value, RawRecord):
        return b"R", *_encode_record(value)
    if isinstance(value, Refusal):
        return b"F", write_json([value.code, value.detail])
    if isinstance(value, Summary):
        return b"Y", *_framed(value.count, value.value)
    if isinstance(value, RawFile):
        return b"I", *_encode_file(value)
    if isinstance(value, Stretch):
        place = [value.start, value.end, value.first_line, value.size_bytes, value.changed_ns]
        return b"S", *_framed(place, *_encode_file(value.file))
    return b"J", write_json(value)


def decode_value(data: bytes | memoryview) -> Any:
    """The value that `encode_value` made these bytes of.

    Raises ValueError or TypeError for bytes that it didn't make.
    """
    view = memoryview(data)
    kind, rest = bytes(view[:1]), view[1:]
    if kind == b"B":
        return bytes(rest)
    if kind == b"R":
        return _decode_record(rest)
    if kind == b"F":
        return Refusal(*_strings(read_json(rest)))
    if kind == b"I":
        return _decode_file(rest)
    if kind == b"Y":
        count, said = _unframed(rest)
        return Summary(count, bytes(said))
    if kind == b"S":
        place, file = _unframed(rest)
        return Stretch(_decode_file(file), *place)
    if kind == b"J":
        return read_json(rest)
    raise ValueError(f"no value begins with {kind!r}")


def pack(values: Iterable[object]) -> bytes:
    """Any number of values as one piece of bytes.

    >>> list(unpack(pack(["a", 1])))
    ['a', 1]
    """
    parts: list[bytes] = []
    for value in values:
        data = encode_parts(value)
        parts += [LENGTH.pack(sum(map(len, data))), *data]
    return b"".join(parts)


def unpack(data: bytes) -> Iterator[Any]:
    """The values in what `pack` made.

    Raises ValueError or TypeError for bytes that it didn't make.
    """
    start, view = 0, memoryview(data)
    while start < len(data):
        if len(data) < start + LENGTH.size:
            raise ValueError("the values end too early")
        (length,) = LENGTH.unpack_from(data, start)
        start += LENGTH.size
        if len(data) < start + length:
            raise ValueError("the values end too early")
        yield decode_value(view[start : start + length])
        start += length


def _encode_record(record: RawRecord) -> tuple[bytes, ...]:
    source, content = record.source, record.content
    is_bytes = isinstance(content, bytes)
    head = [
        record.article_id,
        [source.path, source.record, source.sha256, source.encoding],
        record.form,
        _plain_fields(record.fields),
        record.refusal and [record.refusal.code, record.refusal.detail],
        is_bytes,
    ]
    return _framed(head, content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass"))


def _decode_record(data: memoryview) -> RawRecord:
    head, content = _unframed(data)
    article_id, source, form, fields, refusal, is_bytes = head
    return RawRecord(
        article_id,
        Source(*source),
        Form(form),
        bytes(content) if is_bytes else str(content, "utf-8", "surrogatepass"),
        _fields(fields),
        None if refusal is None else Refusal(*_strings(refusal)),
    )


def _encode_file(file: RawFile) -> tuple[bytes, ...]:
    head = [
        file.path,
        file.size_bytes,
        file.refusal and [file.refusal.code, file.refusal.detail],
        _plain_fields(file.fields),
        [[name, _plain_fields(fields)] for name, fields in file.member_fields],
    ]
    return _framed(head, file.location)


def _decode_file(data: memoryview) -> RawFile:
    (path, size_bytes, refusal, fields, members), location = _unframed(data)
    return RawFile(
        path,
        bytes(location),
        size_bytes,
        None if refusal is None else Refusal(*_strings(refusal)),
        _fields(fields),
        tuple((name, _fields(stated)) for name, stated in members),
    )


def _framed(head: object, *content: bytes) -> tuple[bytes, ...]:
    encoded = write_json(head)
    return LENGTH.pack(len(encoded)), encoded, *content


def _unframed(data: memoryview) -> tuple[Any, memoryview]:
    if len(data) < LENGTH.size:
        raise ValueError("the value ends too early")
    (length,) = LENGTH.unpack_from(data)
    end = LENGTH.size + length
    return read_json(data[LENGTH.size : end]), data[end:]


def _plain_fields(fields: Iterable[RecordField]) -> list[list[str]]:
    return [[field.field, field.value, field.key, field.origin] for field in fields]


def _fields(values: Iterable[Any]) -> tuple[RecordField, ...]:
    return tuple([RecordField(*_strings(value)) for value in values])


def _strings(values: Any) -> list[str]:
    if not all(isinstance(value, str) for value in values):
        raise TypeError(f"strings were expected, not {values!r:.100}")
    return list(values)

"""The footer of a Parquet file ↔ values, as far as it takes to copy its columns without decoding them.

Parquet writes what it knows of a file (`FileMetaData`) in Thrift's compact protocol. Here it is read into values that
say nothing about their meaning, so that fields we have never heard of are written back as they came. Sources:
https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md and
https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from typing import Any, NamedTuple

MAGIC = b"PAR1"
"""How a file begins and ends. One whose footer is encrypted ends otherwise, and is none that we wrote."""

LENGTH = struct.Struct("<I")

TRUE, FALSE, BYTE, I16, I32, I64, DOUBLE, BINARY, LIST, SET, _MAP, STRUCT = range(1, 13)
SIZES = {TRUE: 0, FALSE: 0, BYTE: 1, DOUBLE: 8}
LONG_LIST = LONGEST_STEP = 15
"""In the head of a list: its length doesn't fit there and follows. And so far the head of a field tells its number."""

Struct = dict[int, tuple[int, Any]]
"""The fields of a structure by their numbers, in the order in which they came: kind and value of each. A structure or a
list that nobody opened is bytes as they came: most are only copied."""

Opened = Mapping[int, Any]
"""By number, the fields that are opened, structures and lists of structures, and what is opened in these."""


class Listed(NamedTuple):
    """A list that was opened, and of which kind its items are."""

    kind: int
    items: list[Any]


def read_footer(file: memoryview, opened: Opened) -> Struct:
    """The footer of a file, with these fields opened.

    Raises ValueError for what is no Parquet file, and for kinds of values that no footer of ours has.
    """
    (length,) = LENGTH.unpack(file[-8:-4]) if len(file) >= len(MAGIC) + 8 else (0,)
    if bytes(file[-4:]) != MAGIC or length > len(file) - 8 - len(MAGIC):
        raise ValueError("no Parquet file")
    try:
        footer, end = _read_struct(bytes(file[len(file) - 8 - length : -8]), 0, opened)
    except IndexError as error:
        raise ValueError("the footer ends too early") from error
    if end != length:
        raise ValueError("the footer ends too late")
    return footer


def encode_footer(footer: Struct) -> bytes:
    r"""The footer as it ends a file.

    >>> encode_footer({1: (I32, 2), 3: (I64, -1)})
    b'\x15\x04&\x01\x00\x05\x00\x00\x00PAR1'
    """
    out = bytearray()
    _write_struct(out, footer)
    return bytes(out) + LENGTH.pack(len(out)) + MAGIC


def _read_struct(data: bytes, at: int, opened: Opened) -> tuple[Struct, int]:
    fields: Struct = {}
    number = 0
    while head := data[at]:
        at += 1
        if head >> 4:
            number += head >> 4
        else:
            number, at = _read_number(data, at)
        value, at = _read_value(data, at, head & 15, opened.get(number))
        fields[number] = (head & 15, value)
    return fields, at + 1


def _read_value(data: bytes, at: int, kind: int, opened: Opened | None) -> tuple[Any, int]:
    if kind in (I16, I32, I64):
        return _read_number(data, at)
    if kind == STRUCT and opened is not None:
        return _read_struct(data, at, opened)
    if kind == LIST and opened is not None:
        return _read_list(data, at, opened)
    end = _skip(data, at, kind)
    return data[at:end], end


def _read_list(data: bytes, at: int, opened: Opened) -> tuple[Listed, int]:
    size, kind, at = _head(data, at)
    items = []
    for _ in range(size):
        item, at = _read_value(data, at, kind, opened)
        items.append(item)
    return Listed(kind, items), at


def _skip(data: bytes, at: int, kind: int) -> int:
    """Where the value ends."""
    if kind in (I16, I32, I64):
        while data[at] & 128:
            at += 1
        return at + 1
    if kind == BINARY:
        size, at = _read_varint(data, at)
        return at + size
    if kind == STRUCT:
        while head := data[at]:
            at = _skip(data, at + 1 if head >> 4 else _skip(data, at + 1, I16), head & 15)
        return at + 1
    if kind in (LIST, SET):
        size, kind, at = _head(data, at)
        for _ in range(size):
            at = _skip(data, at, kind)
        return at
    if kind in SIZES:
        return at + SIZES[kind]
    raise ValueError(f"a value of kind {kind} in the footer")


def _head(data: bytes, at: int) -> tuple[int, int, int]:
    """Of a list: its length, the kind of its items as they are stored, where they begin."""
    size, kind = data[at] >> 4, data[at] & 15
    at += 1
    if size == LONG_LIST:
        size, at = _read_varint(data, at)
    # In a list, truth values take a byte each; as fields they are told by their kind.
    return size, BYTE if kind in (TRUE, FALSE) else kind, at


def _read_varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while (byte := data[at]) & 128:
        value |= (byte & 127) << shift
        at, shift = at + 1, shift + 7
    return value | byte << shift, at + 1


def _read_number(data: bytes, at: int) -> tuple[int, int]:
    value, at = _read_varint(data, at)
    return value >> 1 ^ -(value & 1), at


def _write_struct(out: bytearray, fields: Struct) -> None:
    last = 0
    for number, (kind, value) in fields.items():
        step = number - last
        if 0 < step <= LONGEST_STEP:
            out.append(step << 4 | kind)
        else:
            out.append(kind)
            _write_number(out, number)
        last = number
        _write_value(out, kind, value)
    out.append(0)


def _write_value(out: bytearray, kind: int, value: Any) -> None:
    if kind in (I16, I32, I64):
        _write_number(out, value)
    elif isinstance(value, dict):
        _write_struct(out, value)
    elif isinstance(value, Listed):
        size = len(value.items)
        out.append(min(size, LONG_LIST) << 4 | value.kind)
        if size >= LONG_LIST:
            _write_varint(out, size)
        for item in value.items:
            _write_value(out, value.kind, item)
    else:
        out += value


def _write_varint(out: bytearray, value: int) -> None:
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    out.append(value)


def _write_number(out: bytearray, value: int) -> None:
    _write_varint(out, value << 1 ^ value >> 63)

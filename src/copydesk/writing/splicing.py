"""A Parquet file with some of its row groups or columns replaced; the others are copied as they lie there, packed.

In a night that brings new copies of old articles, a few rows of a month change in one or two narrow columns, and one or
two go. To unpack and pack again the texts of all the month's articles for that took longer than all the rest. What
comes out is, byte for byte, what the writer would have made of the same row groups: tests hold it against that.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from copydesk.writing.footer import (
    I16,
    I64,
    LIST,
    MAGIC,
    STRUCT,
    Listed,
    Opened,
    Struct,
    encode_footer,
    read_footer,
)

ROWS, GROUPS = 3, 4
"""Fields of `FileMetaData`."""

CHUNKS, GROUP_BYTES, GROUP_ROWS, GROUP_OFFSET, GROUP_PACKED_BYTES, ORDINAL = 1, 2, 3, 5, 6, 7
"""Fields of `RowGroup`."""

PLACED, META, INDEXES = 2, 3, (1, 4, 5, 6, 7, 8, 9)
"""Fields of `ColumnChunk`: an offset that is 0 in our files, what is known of the chunk, and what we never write."""

PATH, BYTES, PACKED_BYTES, DATA, INDEX, DICTIONARY, BLOOM, BLOOM_BYTES = 3, 6, 7, 9, 10, 11, 14, 15
"""Fields of `ColumnMetaData`."""

OPENED: Opened = {GROUPS: {CHUNKS: {META: {}}}}


@dataclass(slots=True)
class _Out:
    """The pieces of the new file, and where the next one will lie."""

    pieces: list[memoryview | bytes] = field(default_factory=lambda: [MAGIC])
    at: int = len(MAGIC)

    def add(self, piece: memoryview) -> int:
        """Where the piece begins."""
        start = self.at
        self.pieces.append(piece)
        self.at += len(piece)
        return start


def splice(whole: memoryview, replaced: Mapping[int, memoryview | None]) -> Sequence[memoryview | bytes]:
    """The pieces of the file `whole` with other row groups, or other columns in some, in the places that are named.

    What is put there is a file of one row group: with columns of the same names and as many rows as had been there, or
    with all columns. None leaves the row group out. Raises ValueError if it doesn't fit, or if one is no file as this
    package writes them: then whole tables can still be written.
    """
    footer = read_footer(whole, OPENED)
    out = _Out()
    blooms: list[tuple[Struct, memoryview]] = []
    groups: list[Struct] = []
    for place, group in enumerate(_groups(footer)):
        other = replaced.get(place, memoryview(b""))
        if other is not None:
            groups.append(_put_group(whole, group, other, out, blooms))
    return _closed(footer, groups, out, blooms)


def join(files: Iterable[memoryview]) -> Sequence[memoryview | bytes]:
    """The pieces of a file that has the row groups of these files, of which there is at least one, in their order.

    Raises ValueError as `splice` does.
    """
    out = _Out()
    blooms: list[tuple[Struct, memoryview]] = []
    groups: list[Struct] = []
    footer: Struct = {}
    for file in files:
        footer = read_footer(file, OPENED)
        groups += [_put_group(file, group, memoryview(b""), out, blooms) for group in _groups(footer)]
    return _closed(footer, groups, out, blooms)


def _closed(
    footer: Struct, groups: Sequence[Struct], out: _Out, blooms: Sequence[tuple[Struct, memoryview]]
) -> Sequence[memoryview | bytes]:
    """All pieces of a file, after its row groups were put out."""
    for meta, piece in blooms:  # The writer puts them behind all row groups.
        meta[BLOOM] = (I64, out.add(piece))
    footer[ROWS] = (I64, sum(group[GROUP_ROWS][1] for group in groups))
    footer[GROUPS] = (LIST, Listed(STRUCT, [_numbered(group, place) for place, group in enumerate(groups)]))
    return [*out.pieces, encode_footer(footer)]


def _groups(footer: Struct) -> list[Struct]:
    groups: list[Struct] = footer[GROUPS][1].items
    return groups


def _numbered(group: Struct, place: int) -> Struct:
    return group | {ORDINAL: (I16, place)} if ORDINAL in group else group


def _put_group(
    whole: memoryview, group: Struct, other: memoryview, out: _Out, blooms: list[tuple[Struct, memoryview]]
) -> Struct:
    """What is known of a row group where it lies now; its Bloom filters come to the others."""
    chunks, fresh = _chunks(group), {}
    if other:
        [given] = _groups(read_footer(other, OPENED))
        fresh = {_path(chunk): chunk for chunk in _chunks(given)}
        if given[GROUP_ROWS] != group[GROUP_ROWS] and len(fresh) < len(chunks):
            raise ValueError("not the same rows in all columns")
        group[GROUP_ROWS] = given[GROUP_ROWS]
    start = out.at
    for place, old in enumerate(chunks):
        chunk, source = (fresh.pop(_path(old)), other) if _path(old) in fresh else (old, whole)
        chunks[place] = chunk
        if meta := _move(chunk, source, out):
            begin = meta[BLOOM][1]
            blooms.append((meta, source[begin : begin + meta[BLOOM_BYTES][1]]))
    if fresh:
        raise ValueError(f"columns that the file doesn't have: {sorted(fresh)!r}")
    for total, part in ((GROUP_BYTES, BYTES), (GROUP_PACKED_BYTES, PACKED_BYTES)):
        group[total] = (I64, sum(chunk[META][1][part][1] for chunk in chunks))
    group[GROUP_OFFSET] = (I64, start)
    return group


def _move(chunk: Struct, source: memoryview, out: _Out) -> Struct | None:
    """What is known of the chunk if it has a Bloom filter; after its bytes were put out, and it says where they lie."""
    meta: Struct = chunk[META][1]
    if any(number in chunk for number in INDEXES) or INDEX in meta or chunk[PLACED][1]:
        raise ValueError(f"{_path(chunk)!r} has parts that aren't known here")
    start = meta[DICTIONARY if DICTIONARY in meta else DATA][1]
    step = out.add(source[start : start + meta[PACKED_BYTES][1]]) - start
    for number in (DATA, DICTIONARY):
        if number in meta:
            meta[number] = (I64, meta[number][1] + step)
    return meta if BLOOM in meta else None


def _chunks(group: Struct) -> list[Struct]:
    chunks: list[Struct] = group[CHUNKS][1].items
    return chunks


def _path(chunk: Struct) -> bytes:
    """The name of a column, as it stands there."""
    path: bytes = chunk[META][1][PATH][1]
    return path

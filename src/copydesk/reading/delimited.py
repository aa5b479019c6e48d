"""CSV and its relatives → rows, with fields of any size, the delimiter told from the header, and ragged rows named."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from copydesk.article import Form, Refusal
from copydesk.encoding import decode
from copydesk.encoding.labels import codec_of
from copydesk.reading.chained import Chained
from copydesk.reading.fields import known_field
from copydesk.reading.refusals import Refused

UTF_8_CODECS = frozenset({"utf_8", "utf-8-sig"})

DELIMITERS = (",", ";", "\t", "|")

SAMPLE_BYTES = 1 << 18
"""What of a table is looked at to tell how it is written."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row: where it stands, and its cells by column, or why it has none that can be trusted."""

    place: str
    cells: dict[str, str] | Refusal


def read_rows(stream: BinaryIO, max_bytes: int) -> Iterator[Row]:
    r"""The rows below the header. Blank rows are no rows; one with more or fewer cells than the header is refused.

    The file is held row by row. It is read in the encoding of its beginning; cells that turn out not to be in it are
    decoded by themselves.

    Raises Refused where there is no header, or where a row never ends (an opening quote without a closing one).

    >>> [row.cells for row in read_rows(io.BytesIO(b"title;text\nA;\"x;\ny\"\n"), 1_000)]
    [{'title': 'A', 'text': 'x;\ny'}]
    """
    head = stream.read(SAMPLE_BYTES)
    encoding = _encoding(head)
    errors = "surrogateescape" if encoding in UTF_8_CODECS else "replace"
    text = io.TextIOWrapper(io.BufferedReader(Chained(head, stream)), encoding, errors, newline="")
    lines = _Lines(text, max_bytes)
    delimiter, header = _header(lines)
    csv.field_size_limit(max(csv.field_size_limit(), max_bytes))
    rows = csv.reader(lines, delimiter=delimiter)
    while True:
        first = lines.number + 1
        lines.taken.clear()
        try:
            cells = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            problem, cells = str(error), []
        else:
            problem = "a quotation mark is never closed" if lines.ended and cells else ""
        if swallowed := _swallowed(lines.taken, header, delimiter, is_broken=bool(problem)):
            yield from (Row(f"line {first + at}", row) for at, row in swallowed)
            rows = csv.reader(lines, delimiter=delimiter)
        elif problem:
            raise Refused("invalid_csv", f"line {first}: {problem}")
        elif any(cells):
            yield Row(f"line {first}", _cells(header, [_restored(cell) for cell in cells]))


LEAST_COLUMNS = 4
"""Columns of a table with commas or semicolons from which a line of text is not taken for a row by chance."""


def _swallowed(
    lines: list[str], header: list[str], delimiter: str, *, is_broken: bool
) -> list[tuple[int, dict[str, str]]]:
    """The rows that a stray quotation mark has made one of, each with its line; [] where the lines are one row.

    In tables written without quoting, a text that begins with a quotation mark takes the rows below it, up to the next
    mark, into its cell. It did so where the quoting is broken and every line is a row by itself.
    """
    if len(lines) < 2 or (delimiter in ",;" and len(header) < LEAST_COLUMNS):
        return []
    if not is_broken and _is_well_quoted(lines, delimiter):
        return []
    found: list[tuple[int, dict[str, str]]] = []
    for at, line in enumerate(lines):
        cells = _alone(line, delimiter)
        if any(cells):
            row = _cells(header, [_restored(cell) for cell in cells])
            if isinstance(row, Refusal):
                return []
            found.append((at, row))
    return found


def _is_well_quoted(lines: list[str], delimiter: str) -> bool:
    try:
        return len(list(csv.reader(lines, delimiter=delimiter, strict=True))) == 1
    except csv.Error:
        return False


def _alone(line: str, delimiter: str) -> list[str]:
    """The cells of a line by itself; its quotation marks are letters where they don't fit together."""
    line = line.rstrip("\r\n")
    if _is_well_quoted([line], delimiter):
        return next(csv.reader([line], delimiter=delimiter), [])
    return line.split(delimiter)


class _Lines:
    """Lines with their number, none longer than a record may be; it knows when it was asked for more than there is.

    `taken` holds those that were taken since it was last cleared.
    """

    def __init__(self, text: io.TextIOWrapper, max_chars: int) -> None:
        self._text = text
        self._max = max_chars
        self.number = 0
        self.ended = False
        self.taken: list[str] = []

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self._text.readline(self._max + 1)
        if not line:
            self.ended = True
            raise StopIteration
        if len(line) > self._max:
            raise Refused("too_large", f"line {self.number + 1} has more than {self._max:,} characters")
        self.number += 1
        # NUL would end the field in older Pythons and be kept in newer ones.
        line = line.replace("\0", "")
        self.taken.append(line)
        return line


def _encoding(head: bytes) -> str:
    """The codec of the file, from its beginning up to the last whole line."""
    whole = head[: head.rfind(b"\n") + 1] or head
    decoded = decode(whole, Form.TEXT)
    if isinstance(decoded, Refusal):
        raise Refused(decoded.code, decoded.detail)
    if head.startswith(b"\xef\xbb\xbf"):
        return "utf-8-sig"
    if decoded.how == "bom" and decoded.encoding.startswith("utf-"):
        return decoded.encoding[:6]  # utf-16, utf-32: these codecs take the mark away
    return codec_of(decoded.encoding)


def _header(lines: _Lines) -> tuple[str, list[str]]:
    """The delimiter and the names of the columns. The delimiter is the one that makes most columns known ones."""
    first = next(lines, "").strip("\r\n\ufeff")
    if first.lower().startswith("sep=") and len(first) == 5:
        return first[4], next(csv.reader([next(lines, "")], delimiter=first[4]), [])
    candidates = []
    for rank, delimiter in enumerate(DELIMITERS):
        names = [name.strip() for name in next(csv.reader([first], delimiter=delimiter), [])]
        candidates.append((sum(known_field(name) is not None for name in names), len(names), -rank, names))
    known, _, rank, names = max(candidates)
    if not known:
        raise Refused("no_columns", f"none of the columns is known: {', '.join(names)[:200]}")
    return DELIMITERS[-rank], _unique(names)


def _unique(names: list[str]) -> list[str]:
    """The names, a second column of one name as `name#2`: the first one keeps its meaning."""
    seen: Counter[str] = Counter()
    for at, name in enumerate(names):
        seen[name] += 1
        names[at] = name if seen[name] == 1 else f"{name}#{seen[name]}"
    return names


def _cells(header: list[str], cells: list[str]) -> dict[str, str] | Refusal:
    """The cells by column. Empty cells too many at the end are spreadsheets' way, and no harm."""
    while len(cells) > len(header) and not cells[-1].strip():
        cells = cells[:-1]
    if len(cells) != len(header):
        return Refusal("ragged_row", f"has {len(cells)} cells where the header has {len(header)}")
    return dict(zip(header, cells, strict=True))


def _restored(cell: str) -> str:
    """The cell, decoded by itself where it isn't in UTF-8 as the rest of the file."""
    if cell.isascii() or HALF_SURROGATE.search(cell) is None:
        return cell
    content = cell.encode("utf-8", "surrogateescape")
    decoded = decode(content, Form.TEXT)
    return content.decode("utf-8", "replace") if isinstance(decoded, Refusal) else decoded.text


# Matches what the error handler makes of a byte that isn't UTF-8; not a letter.
HALF_SURROGATE = re.compile("[\udc80-\udcff]")

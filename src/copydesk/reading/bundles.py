"""Texts in which an archive of the press has exported many articles, one after another → one record each."""

from __future__ import annotations

import re
from collections.abc import Iterator

from copydesk.article import Form, RecordField, Refusal
from copydesk.encoding import decode
from copydesk.reading.found import Found, digest

# Matches a line: "  12 of 500 DOCUMENTS".  Not: "12 of 500 documents were lost."
_MARK = re.compile(rb"^[ \t\f]*(\d{1,5}) of (\d{1,5}) DOCUMENTS[ \t]*\r?$", re.MULTILINE)

LABELS = {"BYLINE": "authors", "SECTION": "section", "LANGUAGE": "language", "HEADLINE": "title", "URL": "url"}
"""The labels of LexisNexis before and behind a text, and the field that each one states."""
SILENT = frozenset({"LENGTH", "LOAD-DATE", "PUBLICATION-TYPE", "JOURNAL-CODE", "DOCUMENT-TYPE"})
"""Labels of what the archive says about itself."""

LEAST_ABOVE = 3
"""Blocks above the labels: outlet, day and headline."""

MAX_LABEL_CHARS = 300
"""What is longer, or has a second line, may hold text, and stays."""

# Matches: "BYLINE: Jane Roe", "LOAD-DATE: May 1, 2023".  Not: "WARNING: the bridge is closed".
_LABEL = re.compile(rf"({'|'.join((*LABELS, *sorted(SILENT)))}):[ \t]*")


def split_bundle(content: bytes) -> list[bytes]:
    r"""The documents of a text that numbers them, without the lines that do; [] for a text that is one.

    What stands above the first is a part of its own, unless it is blank.

    >>> split_bundle(b"1 of 2 DOCUMENTS\n\nOne.\n\n2 of 2 DOCUMENTS\n\nTwo.\n")
    [b'\n\nOne.\n\n', b'\n\nTwo.\n']
    """
    if b" DOCUMENTS" not in content:
        return []
    marks = list(_MARK.finditer(content))
    numbers = [int(mark[1]) for mark in marks]
    one_after_another = numbers == list(range(numbers[0], numbers[0] + len(marks))) if marks else False
    if len(marks) < 2 or not one_after_another or len({mark[2] for mark in marks}) > 1:
        return []
    ends = [mark.start() for mark in marks[1:]] + [len(content)]
    above = content[: marks[0].start()]
    parts = [content[mark.end() : end] for mark, end in zip(marks, ends, strict=True)]
    return [above, *parts] if above.strip() else parts


def read_bundle(path: str, parts: list[bytes]) -> Iterator[Found]:
    """One record per document: what its labels state as fields, the rest as text."""
    for part in parts:
        decoded = decode(part, Form.TEXT)
        if isinstance(decoded, Refusal):
            yield Found(path, sha256=digest(part), refusal=decoded)
            continue
        fields, text = _read_document(decoded.text)
        yield Found(path, text, Form.TEXT, fields, digest(part), decoded.encoding)


def _read_document(text: str) -> tuple[tuple[RecordField, ...], str]:
    """The fields and the text of a document; the whole of it is text where it isn't laid out as expected."""
    blocks = [block.strip("\n") for block in re.split(r"\n[ \t]*(?:\n[ \t]*)+", text.replace("\r\n", "\n"))]
    blocks = [block for block in blocks if block.strip()]
    first = next((at for at, block in enumerate(blocks) if _LABEL.match(block.strip())), len(blocks))
    is_laid_out = first >= LEAST_ABOVE and any(block.strip().startswith("LENGTH:") for block in blocks[first:])
    if not is_laid_out or blocks[0].strip().lower().startswith("copyright"):
        return (), text
    day = blocks[1].strip().partition("\n")[0]  # below it may stand an edition
    stated = [("outlet", _line(blocks[0])), ("published", _line(day)), ("title", _line(blocks[first - 1]))]
    body = blocks[2 : first - 1]
    for block in blocks[first:]:
        label = _LABEL.match(block.strip())
        if label is None or "\n" in block or len(block) > MAX_LABEL_CHARS:
            body.append(block)
        elif label[1] in LABELS:
            stated.append((LABELS[label[1]], _line(block.strip()[label.end() :])))
    return tuple(RecordField(field, value, field) for field, value in stated if value), "\n\n".join(body)


def _line(block: str) -> str:
    return " ".join(block.split())

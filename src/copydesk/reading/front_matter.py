"""The fields above a text in Markdown, as note programs and site generators write them, and the text below."""

from __future__ import annotations

import re

from copydesk.article import RecordField
from copydesk.reading.fields import read_fields

MOST_LINES = 200
"""A longer list between two rules is no head of fields."""

# Matches: "title: Ice is back", "tags:".  Not: "a sentence: with a colon in it", "  - an item".
_FIELD = re.compile(r"([A-Za-z_][\w-]{0,40}):(?:[ \t]+(.*))?$")
# Matches: "[[Jane Roe]]", "[[people/Jane|Jane Roe]]".  Not: "[Jane Roe]".
_LINK = re.compile(r"\[\[(?:[^\[\]|]*\|)?([^\[\]|]*)\]\]")


def read_front_matter(text: str) -> tuple[tuple[RecordField, ...], str] | None:
    r"""The fields above a text and the text; None for a text that has none.

    Only lines of fields, items of lists and remarks may stand between the two rules: all else is text, and so are a few
    lines between rules that state nothing we know.

    >>> fields, text = read_front_matter('---\ntitle: "Ice is back"\nauthor:\n  - "[[Jane Roe]]"\n---\n\nIt froze.\n')
    >>> [(field.field, field.value) for field in fields], text
    ([('title', 'Ice is back'), ('authors', 'Jane Roe')], '\nIt froze.\n')
    >>> read_front_matter("---\nIt froze.\n---\nNobody knew: it was March.\n") is None
    True
    """
    first, *lines = text.lstrip("\ufeff").splitlines(keepends=True) or [""]
    if first.rstrip() != "---":
        return None
    end = next((at for at, line in enumerate(lines[:MOST_LINES]) if line.rstrip() in ("---", "...")), None)
    stated = _read_lines([line.rstrip() for line in lines[:end]]) if end is not None else None
    reading = read_fields(stated or {})
    # Where a text stands among the fields, nobody knows which of the two is the article.
    if end is None or not reading.fields or reading.content:
        return None
    return reading.fields, "".join(lines[end + 1 :])


def _read_lines(lines: list[str]) -> dict[str, str | list[str]] | None:
    """The values by name; None where a line is neither a field nor an item of one."""
    found: dict[str, str | list[str]] = {}
    name = ""
    for line in lines:
        field = _FIELD.match(line)
        item = line.strip()
        if field:
            name = field[1]
            found[name] = _value((field[2] or "").strip())
        elif name and item.startswith("- "):
            held = found[name]
            found[name] = [*(held if isinstance(held, list) else []), _scalar(item[2:].strip())]
        elif item and not item.startswith("#"):
            return None
    return found


def _value(text: str) -> str | list[str]:
    """A scalar, or the members of a list in brackets."""
    if text.startswith("[") and text.endswith("]") and not text.startswith("[["):
        return [_scalar(item.strip()) for item in text[1:-1].split(",") if item.strip()]
    return _scalar(text)


def _scalar(text: str) -> str:
    if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'":
        text = text[1:-1].replace('\\"', '"').replace("''", "'")
    return _LINK.sub(r"\1", text)

"""A record's own fields, under whatever names → the project's fields, and the content among them."""

from __future__ import annotations

import datetime as dt
import decimal
import math
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from typing import Any

from copydesk.article import Form, RecordField
from copydesk.reading.kinds import starts_like_markup

CONTENT = ("text", "html")
"""Fields that hold the article itself; all others are evidence about it."""

NESTS = frozenset(
    {
        "source",
        "metadata",
        "meta",
        "fields",
        "article",
        "data",
        "attributes",
        "document",
        "newsarticle",
        "jsonld",
        "opengraph",
    }
)
"""Names under which crawlers and search servers put the record's fields one level down (`_source`, `fields`,
`meta`)."""

NAME_KEYS = (
    "name",
    "main",
    "original",
    "title",
    "term",
    "label",
    "value",
    "@value",
    "$date",
    "$numberLong",
    "href",
    "url",
    "@id",
    "content",
    "text",
    "rendered",
)
"""Where an object that stands for one value keeps it: NewsAPI's `source`, JSON-LD's `author`, MongoDB's `$date`,
WordPress's `title`."""

NAMED = frozenset({"section", "tags"})
"""Fields that are names: WordPress states the numbers under which its database knows them."""

MAX_VALUES = 200
"""Values of one field that are kept: a list of thousands of tags is an index, not a description."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a record says: its content and form, and its other fields in the order of the record."""

    content: str | bytes
    form: Form
    fields: tuple[RecordField, ...]


def read_fields(record: Mapping[str, Any], origin: str = "record") -> Reading:
    """The content and fields of a record. Content is "" where the record has neither text nor markup.

    The text a crawler took from the page is used where it isn't blank, markup only where there is no text: whoever
    keeps both means the text. Markup under a text field's name is still markup. Of several text
    fields the first in `data/record_fields.toml` counts. Lists give one field per value; names compare
    without case and punctuation.

    >>> reading = read_fields({"headline": "Prices rise", "Body": "Bread costs more.", "author": [{"name": "Ada Poe"}]})
    >>> reading.content, [(field.field, field.value) for field in reading.fields]
    ('Bread costs more.', [('title', 'Prices rise'), ('authors', 'Ada Poe')])
    """
    fields: list[RecordField] = []
    contents: list[tuple[int, str, Any]] = []
    others = _dialect(record)
    for key, value in _flattened(record):
        if (known := others.get(_folded(key)) or known_field(key)) is None:
            continue
        field, rank = known
        if not field:
            continue
        if field in CONTENT:
            contents.append((rank, field, value))
            continue
        if field in NAMED:
            value = _without_ids(value)
        values = dict.fromkeys(text for text in _values(value) if text)
        fields += [RecordField(_rightly(field, text), text, key, origin) for text in list(values)[:MAX_VALUES]]
    content, form = _content(contents)
    return Reading(content, form, tuple(fields))


def _rightly(field: str, value: str) -> str:
    """An address under the name of an outlet is the article's: trafilatura writes it into `source`."""
    return "url" if field == "outlet" and value.startswith(("http://", "https://")) else field


def known_field(key: str) -> tuple[str, int] | None:
    """The project's name for a key and the key's rank among all of them, None for a key that isn't known.

    >>> known_field("datePublished")[0], known_field("date-published")[0], known_field("shoe size")
    ('published', 'published', None)
    """
    return _known().get(_folded(key))


@lru_cache(maxsize=4_096)
def _folded(key: str) -> str:
    return re.sub(r"[\W_]", "", key.casefold())


@cache
def _known() -> dict[str, tuple[str, int]]:
    text = resources.files("copydesk").joinpath("data/record_fields.toml").read_text(encoding="utf-8")
    keys = [(key, field) for field, names in tomllib.loads(text).items() for key in names]
    return {key: (field, rank) for rank, (key, field) in enumerate(keys)}


def _dialect(record: Mapping[str, Any]) -> Mapping[str, tuple[str, int]]:
    """What names of this record mean where it is one of a service that means something else by them than others do."""
    names = {_folded(key) for key in record}
    return next((fields for told_by, fields in _dialects() if told_by <= names), {})


@cache
def _dialects() -> tuple[tuple[frozenset[str], dict[str, tuple[str, int]]], ...]:
    text = resources.files("copydesk").joinpath("data/record_dialects.toml").read_text(encoding="utf-8")
    last = len(_known())
    return tuple(
        (frozenset(row["told_by"]), {key: (field, last) for key, field in row["fields"].items()})
        for row in tomllib.loads(text)["dialect"]
    )


def _flattened(record: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """The record's pairs, in place of each nest of fields the pairs in it."""
    for key, value in record.items():
        if isinstance(value, dict) and _folded(key) in NESTS and not _stands_for_one(value):
            yield from value.items()
        else:
            yield key, value


def _stands_for_one(value: Mapping[str, Any]) -> bool:
    """Whether an object is a name with decoration (`{"id": "cnn", "name": "CNN"}`), not a nest of fields.

    Event Registry calls the name of its `source` a title.
    """
    return len(value) <= 8 and ("name" in value or ("title" in value and "uri" in value and "text" not in value))


def _content(contents: list[tuple[int, str, Any]]) -> tuple[str | bytes, Form]:
    for _, field, value in sorted(contents, key=lambda item: item[0]):
        if isinstance(value, bytes):
            if value.strip():
                return value, Form.HTML if field == "html" or starts_like_markup(
                    value[:20_000].decode("latin-1")
                ) else Form.TEXT
            continue
        text = _text(value)
        if text.strip():
            return text, Form.HTML if field == "html" or starts_like_markup(text) else Form.TEXT
    return "", Form.TEXT


def _text(value: Any) -> str:
    """Running text out of whatever holds it: a string, a list of paragraphs, fundus's object of sections."""
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, (list, tuple)):
        return "\n\n".join(filter(None, (_text(item) for item in value[:10_000])))
    if isinstance(value, dict):
        parts = [value[name] for name in ("summary", "headline", "paragraphs", "sections") if name in value]
        return _text(parts or [value[name] for name in ("content", "text", "rendered") if name in value][:1])
    return ""


def _values(value: Any, depth: int = 0) -> Iterator[str]:
    """The printable values in a field; none for null, NaN, booleans and what is nested too deep to be one."""
    if isinstance(value, str):
        yield storable(value).strip()
    elif isinstance(value, bool):
        yield "true" if value else "false"
    elif isinstance(value, (int, decimal.Decimal)) or (isinstance(value, float) and math.isfinite(value)):
        yield str(value)
    elif isinstance(value, (dt.datetime, dt.date, dt.time)):
        yield value.isoformat()
    elif isinstance(value, (list, tuple)) and depth < 3:
        for item in value[:MAX_VALUES]:
            yield from _values(item, depth + 1)
    elif isinstance(value, dict) and depth < 3:
        yield from _values(next((value[key] for key in NAME_KEYS if value.get(key)), None), depth + 1)


def _without_ids(value: Any) -> Any:
    """A name, or those of a list, without what is a number."""
    if isinstance(value, (list, tuple)):
        return [item for item in value if not isinstance(item, (int, float))]
    return None if isinstance(value, (int, float)) else value


def storable(text: str) -> str:
    r"""The text with halves of surrogate pairs joined, or replaced by U+FFFD where the other half is missing.

    JSON may hold them (`"\ud83d"`), UTF-8 may not.

    >>> storable("a\ud83d"), storable("\ud83d\ude00")
    ('a�', '😀')
    """
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text

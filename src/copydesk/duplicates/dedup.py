"""The duplicates of texts that are clean already: a table in, its kept rows and its copies out."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from copydesk.duplicates.resolve import find_links
from copydesk.errors import UsageError
from copydesk.settings import Settings

KNOWN = (
    "title",
    "outlet",
    "url",
    "url_key",
    "published_on",
    "published_at",
    "modified_at",
    "authors",
    "section",
    "language",
)
"""Columns that help to choose the survivor, where the table has them by these names."""


@dataclass(frozen=True, slots=True)
class Deduplicated:
    """The rows that stay, as they were and in their order, and the copies (schema `decided.LINKS`, the ids given)."""

    kept: pa.Table
    links: pa.Table


def dedup(
    table: pa.Table, text_column: str = "text", id_column: str = "id", settings: Settings | None = None
) -> Deduplicated:
    """The table without its copies, and the copies; a table without rows comes back as it is.

    Raises UsageError if a column isn't there, an id is null, or two rows have the same id.

    >>> story = "The council of Marlow voted on Monday to close the old swimming pool by the river next spring."
    >>> done = dedup(pa.table({"id": [7, 8, 9], "text": [story, "Rain fell.", story]}))
    >>> done.kept["id"].to_pylist(), done.links["article_id"].to_pylist()
    ([7, 8], ['9'])
    """
    for column in (text_column, id_column):
        if column not in table.column_names:
            raise UsageError(f"no column {column!r}; there are {', '.join(table.column_names)}")
    ids = table[id_column].cast(pa.string())
    check_ids(ids, id_column)
    known = {name: table[name] for name in KNOWN if name in table.column_names and name not in (text_column, id_column)}
    links = find_links(pa.table({"article_id": ids, "text": table[text_column], **known}), settings)
    kept = table.filter(pc.invert(pc.is_in(ids, value_set=links["article_id"])))
    return Deduplicated(kept, links)


def check_ids(ids: pa.ChunkedArray, name: str) -> None:
    """Raises UsageError if an id of the column of this name is null, or two rows have the same."""
    if ids.null_count or len(pc.unique(ids)) != len(ids):
        raise UsageError(f"column {name!r} doesn't name each row once; name another with --id-column")

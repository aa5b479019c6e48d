"""What judging looks at: columns over all examined articles, each article's share of them made once.

Texts and blocks are no part of them. Where a stage needs those of a few articles, it asks the shelf that the
articles lie on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import pyarrow as pa

from copydesk.article import Article
from copydesk.boilerplate.lines import LINES, standing_lines

COMPARED = pa.schema(
    [
        pa.field("article_id", pa.string(), nullable=False),
        ("title", pa.string()),
        ("deck", pa.string()),
        ("authors", pa.list_(pa.string())),
        ("outlet", pa.string()),
        ("outlet_domain", pa.string()),
        ("url", pa.string()),
        ("url_key", pa.string()),
        ("published_on", pa.date32()),
        ("published_at", pa.timestamp("us", "UTC")),
        ("modified_at", pa.timestamp("us", "UTC")),
        ("language", pa.string()),
    ]
)
"""What the duplicate stage knows of an article beside its text."""

COLUMNS = pa.schema(
    [
        *COMPARED,
        pa.field("path", pa.string(), nullable=False),
        pa.field("outcome", pa.string(), nullable=False),
        pa.field("kept", pa.int32(), nullable=False),
        pa.field("lines", LINES, nullable=False),
    ]
)
"""One row per article: what is compared, raw file, outcome of the examination, the number of kept blocks, lines."""


class Shelf(Protocol):
    """Where examined articles lie: their columns, and the articles themselves where a look at the columns won't do."""

    @property
    def columns(self) -> pa.Table:
        """One row per article with the columns of `COLUMNS`, by article_id."""

    def load(self, rows: Sequence[int]) -> Iterator[Article]:
        """The articles of these rows of the columns, in the order asked for."""


def judging_columns(articles: Sequence[Article]) -> pa.Table:
    """The columns of these articles (schema `COLUMNS`), one row each, in their order.

    >>> judging_columns(()).num_rows
    0
    """
    columns: dict[str, object] = {
        name: [getattr(article.metadata, name) for article in articles]
        for name in COMPARED.names
        if name != "article_id"
    }
    columns |= {
        "article_id": [article.article_id for article in articles],
        "path": [article.source.path for article in articles],
        "outcome": [str(article.outcome) for article in articles],
        "kept": [sum(block.kept for block in article.blocks) for article in articles],
        "lines": standing_lines(articles),
    }
    return pa.table({name: columns[name] for name in COLUMNS.names}, COLUMNS)


@dataclass(frozen=True, slots=True)
class _Held:
    """A shelf of articles that are in memory."""

    articles: tuple[Article, ...]
    columns: pa.Table

    def load(self, rows: Sequence[int]) -> Iterator[Article]:
        return (self.articles[row] for row in rows)


def hold(articles: Iterable[Article]) -> Shelf:
    """A shelf of articles in memory."""
    ordered = tuple(sorted(articles, key=lambda article: article.article_id))
    return _Held(ordered, judging_columns(ordered))

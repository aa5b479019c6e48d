"""What judging looks at: columns over all examined articles, each article's share of them made once.

Texts and blocks are no part of them. Where a stage needs those of a few articles, it asks the shelf that the
articles lie on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Protocol, Self

import pyarrow as pa

from copydesk.article import Article
from copydesk.boilerplate.lines import LINES, standing_lines
from copydesk.contamination.columns import COLUMNS as PARAGRAPHS
from copydesk.contamination.columns import paragraph_columns
from copydesk.contamination.tokens import article_tokens
from copydesk.duplicates.columns import BANDED, sketch_columns
from copydesk.duplicates.numbering import hash_titles
from copydesk.overrides.names import NAMES, line_names
from copydesk.spread import Spread

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
        pa.field("title_key", pa.uint64(), nullable=False),
        pa.field("path", pa.string(), nullable=False),
        pa.field("outcome", pa.string(), nullable=False),
        pa.field("kept", pa.int32(), nullable=False),
        pa.field("lines", LINES, nullable=False),
        pa.field("names", NAMES, nullable=False),
        *(field.with_name(f"sketch.{field.name}") for field in BANDED),
        *(field.with_name(f"paragraphs.{field.name}") for field in PARAGRAPHS),
    ]
)
"""One row per article: what is compared, a key of the title (`hash_titles`), raw file, outcome of the examination, the
number of kept blocks, lines; the names of all short blocks, the sketch of its text, the words of its paragraphs."""


class Shelf(Protocol):
    """Where examined articles lie: their columns, and the articles themselves where a look at the columns won't do."""

    @property
    def columns(self) -> pa.Table | Spread:
        """One row per article with the columns of `COLUMNS`, by article_id."""

    def load(self, rows: Sequence[int]) -> Iterator[Article]:
        """The articles of these rows of the columns, in the order asked for."""

    def texts(self, rows: Sequence[int]) -> list[str]:
        """The texts of these articles alone."""

    def changed(self, columns: pa.Table | Spread, change: Callable[[Article], Article]) -> Self:
        """The shelf with other columns, on which each article is as `change` makes it."""


def judging_columns(articles: Sequence[Article], *, compile_code: bool | None = None) -> pa.Table:
    """The columns of these articles (schema `COLUMNS`), one row each, in their order; `compile_code` as for
    `sketch_columns`.

    >>> judging_columns(()).num_rows
    0
    """
    tokens = article_tokens(articles)
    columns: dict[str, object] = {
        name: [getattr(article.metadata, name) for article in articles]
        for name in COMPARED.names
        if name != "article_id"
    }
    columns |= {
        "article_id": [article.article_id for article in articles],
        "title_key": hash_titles(pa.array([article.metadata.title for article in articles], pa.string())),
        "path": [article.source.path for article in articles],
        "outcome": [str(article.outcome) for article in articles],
        "kept": [sum(block.kept for block in article.blocks) for article in articles],
        "lines": standing_lines(articles, tokens),
        "names": line_names(articles),
    }
    texts = storable_texts([article.text for article in articles])
    sketches = sketch_columns(texts, compile_code=compile_code, keep_bands=True)
    columns |= {f"sketch.{name}": sketches[name] for name in BANDED.names}
    paragraphs = paragraph_columns(articles, tokens=tokens)
    columns |= {f"paragraphs.{name}": paragraphs[name] for name in PARAGRAPHS.names}
    return pa.table({name: columns[name] for name in COLUMNS.names}, COLUMNS)


def sketches_of(columns: pa.Table | Spread) -> pa.Table | Spread:
    """The sketches among the columns, as `copydesk.duplicates` knows them."""
    return _part(columns, "sketch", BANDED)


def paragraphs_of(columns: pa.Table | Spread) -> pa.Table | Spread:
    """The words of paragraphs among the columns, as `copydesk.contamination` knows them."""
    return _part(columns, "paragraphs", PARAGRAPHS)


def _part(columns: pa.Table | Spread, name: str, schema: pa.Schema) -> pa.Table | Spread:
    part = columns.select([f"{name}.{column}" for column in schema.names])
    if isinstance(part, Spread):
        return part.renamed(schema)
    return part.rename_columns(schema.names).replace_schema_metadata(schema.metadata)


def storable_texts(texts: Sequence[str]) -> pa.Array:
    r"""The texts as Arrow can hold them: half characters, which a JSON escape can smuggle in, as question marks.

    >>> storable_texts(["Ice\ud83d", "Ærø"]).to_pylist()
    ['Ice?', 'Ærø']
    """
    try:
        return pa.array(texts, pa.large_string())
    except UnicodeEncodeError:
        return pa.array([text.encode("utf-8", "replace").decode() for text in texts], pa.large_string())


@dataclass(frozen=True, slots=True)
class _Held:
    """A shelf of articles that are in memory."""

    articles: tuple[Article, ...]
    columns: pa.Table | Spread

    def load(self, rows: Sequence[int]) -> Iterator[Article]:
        return (self.articles[row] for row in rows)

    def texts(self, rows: Sequence[int]) -> list[str]:
        return [self.articles[row].text for row in rows]

    def changed(self, columns: pa.Table | Spread, change: Callable[[Article], Article]) -> Self:
        return replace(self, articles=tuple(map(change, self.articles)), columns=columns)


def hold(articles: Iterable[Article]) -> Shelf:
    """A shelf of articles in memory."""
    ordered = tuple(sorted(articles, key=lambda article: article.article_id))
    return _Held(ordered, judging_columns(ordered))

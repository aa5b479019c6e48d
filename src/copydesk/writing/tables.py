"""Articles and links → Arrow tables, typed by the schema files.

Nothing is inferred: each column is built with the type that its schema names, and what doesn't fit is an
error that names the table, the column and the article. Rows come out in the order that the schema
names, whatever the order of the articles.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate, chain
from operator import attrgetter
from typing import Any, Protocol

import pyarrow as pa

from copydesk.article import Article, Outcome
from copydesk.errors import ContractError
from copydesk.writing.provenance import ENTRY, Entry, provenance_rows
from copydesk.writing.schema import load_schema
from copydesk.writing.words import count_words

METADATA_COLUMNS = (
    "deck",
    "byline",
    "outlet",
    "outlet_domain",
    "published_on",
    "published_at",
    "published_precision",
    "modified_at",
    "url",
    "canonical_url",
    "url_key",
    "section",
    "language",
)
"""Columns of `articles` that are fields of `Metadata` as they are."""


class Link(Protocol):
    """A copy and its survivor, as `copydesk.duplicates` gives them."""

    @property
    def article_id(self) -> str: ...  # noqa: D102
    @property
    def canonical_id(self) -> str: ...  # noqa: D102
    @property
    def kind(self) -> str: ...  # noqa: D102
    @property
    def jaccard(self) -> float: ...  # noqa: D102
    @property
    def containment(self) -> float: ...  # noqa: D102


def articles_table(articles: Iterable[Article], *, run_id: str, now: dt.datetime) -> pa.Table:
    """The rows of `articles`: one per article whose outcome is clean, by article_id. No rows for none.

    Every row says that it was first seen now, in this run; publishing puts in what an earlier snapshot knows.

    Raises ContractError where a value doesn't fit its column, such as a time without a zone.
    """
    clean = sorted((a for a in articles if a.outcome is Outcome.CLEAN), key=attrgetter("article_id"))
    ids = [article.article_id for article in clean]
    metadata = [article.metadata for article in clean]
    texts = _column("articles.text", load_schema("articles").field("text"), [article.text for article in clean], ids)
    columns: dict[str, Sequence[Any]] = {
        name: [getattr(values, name) for values in metadata] for name in METADATA_COLUMNS
    }
    columns |= {
        "article_id": ids,
        "title": [values.title or "" for values in metadata],
        "text": texts,
        "authors": [values.authors for values in metadata],
        "tags": [values.tags for values in metadata],
        "captions": [article.captions for article in clean],
        "author_bio": [article.author_bio for article in clean],
        "word_count": count_words(texts),
        "also_published": [_copies(article) for article in clean],
        "provenance": _entries([provenance_rows(article) for article in clean], ids),
        "source_path": [article.source.path for article in clean],
        "source_record": [article.source.record for article in clean],
        "source_sha256": [article.source.sha256 for article in clean],
        "source_encoding": [article.source.encoding or "" for article in clean],
        "first_seen": [now] * len(clean),
        "run_id": [run_id] * len(clean),
    }
    return build_table("articles", columns)


def _entries(rows: Sequence[Sequence[Entry]], ids: Sequence[str]) -> pa.ListArray:
    """The entries of each article as a column, made of one array for each member."""
    kind = load_schema("articles").field("provenance").type
    whose = [name for name, own in zip(ids, rows, strict=True) for _ in own]
    values = list(zip(*chain.from_iterable(rows), strict=True)) or [()] * len(ENTRY)
    members = [
        _column(f"articles.provenance.{member.name}", member, column, whose)
        for member, column in zip(kind.value_type, values, strict=True)
    ]
    starts = pa.array(accumulate(map(len, rows), initial=0), pa.int32())
    return pa.ListArray.from_arrays(starts, pa.StructArray.from_arrays(members, fields=list(kind.value_type)), kind)


def _copies(article: Article) -> list[dict[str, Any]]:
    copies = sorted(article.also_published, key=attrgetter("article_id"))
    return [
        {"outlet": c.outlet, "url": c.url, "published_on": c.published_on, "article_id": c.article_id} for c in copies
    ]


def duplicates_table(links: Iterable[Link], articles: Iterable[Article]) -> pa.Table:
    """The rows of `duplicates`: one per link, by article_id. `articles` are the copies and their survivors.

    Raises ContractError if a link names an article that isn't among them.
    """
    by_id = {article.article_id: article for article in articles}
    ordered = sorted(links, key=attrgetter("article_id"))
    copies = [_linked(by_id, link, link.article_id) for link in ordered]
    survivors = [_linked(by_id, link, link.canonical_id) for link in ordered]
    return build_table(
        "duplicates",
        {
            "article_id": [link.article_id for link in ordered],
            "source_path": [copy.source.path for copy in copies],
            "source_record": [copy.source.record for copy in copies],
            "kind": [str(link.kind) for link in ordered],
            "canonical_id": [link.canonical_id for link in ordered],
            "canonical_source_path": [survivor.source.path for survivor in survivors],
            "jaccard": [link.jaccard for link in ordered],
            "containment": [link.containment for link in ordered],
            "title": [copy.metadata.title for copy in copies],
            "outlet": [copy.metadata.outlet for copy in copies],
            "url": [copy.metadata.url for copy in copies],
            "published_on": [copy.metadata.published_on for copy in copies],
        },
    )


def _linked(by_id: Mapping[str, Article], link: Link, article_id: str) -> Article:
    if article_id in by_id:
        return by_id[article_id]
    raise ContractError(
        f"duplicates: the link {link.article_id} → {link.canonical_id} ({link.kind}) names {article_id}, "
        "which is no article of this run; this is a fault of the duplicates stage, please report it"
    )


def decisions_table(articles: Iterable[Article]) -> pa.Table:
    """The rows of `decisions`: one per decision of any record, by article_id, then in the order they were taken."""
    ordered = sorted(articles, key=attrgetter("article_id"))
    rows = [(article, decision) for article in ordered for decision in article.decisions]
    return build_table(
        "decisions",
        {
            "article_id": [article.article_id for article, _ in rows],
            "source_path": [article.source.path for article, _ in rows],
            "stage": [decision.stage for _, decision in rows],
            "action": [str(decision.action) for _, decision in rows],
            "label": [decision.label for _, decision in rows],
            "rule": [decision.rule for _, decision in rows],
            "score": [decision.score for _, decision in rows],
            "paragraph": [decision.paragraph for _, decision in rows],
            "before": [decision.before for _, decision in rows],
            "after": [decision.after for _, decision in rows],
        },
    )


def ledger_table(articles: Iterable[Article], *, run_id: str) -> pa.Table:
    """The rows of `ledger`: one per record with its outcome, by path and position in the file."""
    ordered = sorted(articles, key=lambda a: (a.source.path, a.source.record, a.article_id))
    return build_table(
        "ledger",
        {
            "source_path": [article.source.path for article in ordered],
            "source_record": [article.source.record for article in ordered],
            "source_sha256": [article.source.sha256 or None for article in ordered],
            "outcome": [str(article.outcome) for article in ordered],
            "reason": [article.reason or None for article in ordered],
            "article_id": [article.article_id or None for article in ordered],
            "run_id": [run_id] * len(ordered),
        },
    )


def build_table(table: str, columns: Mapping[str, Sequence[Any]]) -> pa.Table:
    """The columns as a table of this name, in the order and with the types of its schema.

    Raises ContractError for a missing or unknown column, a value of another type, or a null where none may be.
    """
    schema = load_schema(table)
    if set(columns) != set(schema.names):
        odd = sorted(set(columns) ^ set(schema.names))
        raise ContractError(f"{table}: columns missing or unknown: {', '.join(odd)}; see `copydesk schema {table}`")
    name_rows = columns.get("article_id", ())
    arrays = [_column(f"{table}.{field.name}", field, columns[field.name], name_rows) for field in schema]
    return pa.Table.from_arrays(arrays, schema=schema)


def _column(place: str, field: pa.Field, values: Sequence[Any], ids: Sequence[Any]) -> pa.Array:
    if pa.types.is_timestamp(field.type):
        _refuse_naive(place, values, ids)
    try:
        array = _array(values, field.type)
    except (pa.ArrowInvalid, pa.ArrowTypeError, OverflowError) as error:
        raise ContractError(f"{place}: {error}; see `copydesk schema`") from error
    if array.null_count and not field.nullable:
        row = next(i for i, value in enumerate(values) if value is None)
        raise ContractError(f"{place}: null in the row of {ids[row]}, which the schema rules out")
    return array


def _array(values: Sequence[Any], kind: pa.DataType) -> pa.Array:
    if isinstance(values, pa.Array):
        return values.cast(kind)
    try:
        return pa.array(values, type=kind)
    except UnicodeEncodeError:
        return pa.array([_storable(value) for value in values], type=kind)


def _refuse_naive(place: str, values: Sequence[Any], ids: Sequence[Any]) -> None:
    """Arrow would take a time without a zone for UTC, which is an invented value."""
    for row, value in enumerate(values):
        if value is not None and value.tzinfo is None:
            raise ContractError(f"{place}: {value} in the row of {ids[row]} has no zone; leave it null")


def _storable(value: Any) -> Any:
    """The value with lone surrogates, which no UTF-8 text can hold, as U+FFFD (a JSON escape can smuggle them in)."""
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, (tuple, list)):
        return [_storable(item) for item in value]
    if isinstance(value, dict):
        return {key: _storable(item) for key, item in value.items()}
    return value

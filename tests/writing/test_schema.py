"""The contract of the tables."""

import pyarrow as pa
import pytest

from copydesk.errors import UsageError
from copydesk.writing.schema import TABLES, describe_schema, load_contract, load_schema
from copydesk.writing.tables import build_table

PROMISED = {
    "articles": "article_id title deck text authors byline outlet outlet_domain published_on published_at "
    "published_precision modified_at url canonical_url url_key section tags language captions author_bio word_count "
    "also_published provenance source_path source_record source_sha256 source_encoding first_seen run_id",
    "duplicates": "article_id source_path source_record kind canonical_id canonical_source_path jaccard containment "
    "title outlet url published_on",
    "decisions": "article_id source_path stage action label rule score paragraph before after",
    "ledger": "source_path source_record source_sha256 outcome reason article_id run_id",
}


@pytest.mark.parametrize("table", TABLES)
def test_a_changed_schema_needs_a_new_version(table: str) -> None:
    """The digest of what a schema promises is that which is written beside its version."""
    contract = load_contract(table)
    pinned = dict(contract.digests)
    assert pinned.get(contract.version) == contract.digest, (
        f"schemas/{table}.toml has changed: raise its version and add the line `{contract.version + 1} = "
        f'"{contract.digest}"` to [digests]; readers rely on version {contract.version} as it was'
    )
    assert max(pinned) == contract.version


@pytest.mark.parametrize("table", TABLES)
def test_columns_are_those_of_the_contract(table: str) -> None:
    """Each table has the promised columns in the promised order."""
    assert load_schema(table).names == PROMISED[table].split()


def test_types_are_exact() -> None:
    """Types are those of the contract, strings are never large strings, and timestamps have a zone."""
    schema = load_schema("articles")
    assert schema.field("text").type == pa.string()
    assert schema.field("authors").type == pa.list_(pa.field("element", pa.string(), nullable=False))
    assert schema.field("published_on").type == pa.date32()
    assert schema.field("published_at").type == pa.timestamp("us", tz="UTC")
    assert schema.field("word_count").type == pa.int32()
    copies = schema.field("also_published").type.value_type
    assert [copies[i].name for i in range(4)] == ["outlet", "url", "published_on", "article_id"]


@pytest.mark.parametrize("table", TABLES)
def test_every_column_says_what_it_means(table: str) -> None:
    """Meaning and version travel in the Arrow schema, and `copydesk schema` shows them all."""
    schema, text = load_schema(table), describe_schema(table)
    for field in schema:
        meaning = field.metadata[b"meaning"].decode()
        assert meaning.endswith(".")
        assert meaning in text
    assert schema.metadata[b"copydesk.schema_version"] == str(load_contract(table).version).encode()


@pytest.mark.parametrize("table", TABLES)
def test_examples_fit_their_columns(table: str) -> None:
    """The examples of a schema are a row of its table."""
    rows = build_table(table, {column.name: [column.example] for column in load_contract(table).columns})
    assert rows.num_rows == 1


def test_an_unknown_table_is_a_usage_error() -> None:
    """The message names the tables that there are."""
    with pytest.raises(UsageError, match="no table article; there are articles, duplicates"):
        describe_schema("article")

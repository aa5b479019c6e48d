"""The tables as other programs read them."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.dataset as ds
import pytest

from copydesk.errors import UsageError
from copydesk.writing import TABLES, open_corpus
from copydesk.writing.schema import load_schema

Make = Callable[..., Any]
TEXTS = [field.name for field in load_schema("articles") if field.type == pa.string()]
LISTS = ["authors", "tags", "captions"]


@pytest.fixture(params=["full", "bare", "empty"])
def corpus(request: pytest.FixtureRequest, tmp_path: Path, put: Make, make_corpus: Make, small_corpus: Make) -> Path:
    """A corpus with articles, one whose articles have nothing but text (all nulls), one without any."""
    from copydesk.article import Article, Block, Source

    bare = Article("a" * 32, Source("a.txt", 0, "b" * 64), (Block("Just a line."),))
    kinds = {"full": lambda: make_corpus(40), "bare": lambda: small_corpus((bare,)), "empty": lambda: small_corpus(())}
    put(tmp_path / "clean", kinds[request.param]())
    return tmp_path / "clean"


def expected_rows(corpus: Path, table: str) -> int:
    """Rows by the manifest."""
    from copydesk.writing import current_snapshot

    snapshot = current_snapshot(corpus)
    assert snapshot
    return snapshot.manifest.rows(table)


def test_pyarrow_reads_the_contract(corpus: Path) -> None:
    """A plain hive dataset has the columns, types and nullability of the schemas, and the month as a string."""
    for table in TABLES:
        found = ds.dataset(corpus / table, format="parquet", partitioning="hive")
        declared = load_schema(table)
        assert pa.schema([found.schema.field(name) for name in declared.names]).equals(declared)
        assert found.to_table().num_rows == expected_rows(corpus, table)
    assert ds.dataset(corpus / "articles", partitioning="hive").schema.field("month").type == pa.string()


def test_pandas_reads_the_contract(corpus: Path) -> None:
    """Pandas finds strings, dates, zoned times and integers, also where all values are null."""
    frame = pd.read_parquet(corpus / "articles", dtype_backend="pyarrow")
    assert len(frame) == expected_rows(corpus, "articles")
    assert {str(frame[name].dtype) for name in TEXTS} == {"string[pyarrow]"} or {
        frame[name].dtype.pyarrow_dtype for name in TEXTS
    } <= {pa.string(), pa.large_string()}
    assert frame["published_on"].dtype.pyarrow_dtype == pa.date32()
    assert frame["published_at"].dtype.pyarrow_dtype == pa.timestamp("us", "UTC")
    assert frame["word_count"].dtype.pyarrow_dtype == pa.int32()
    assert all(pa.types.is_list(frame[name].dtype.pyarrow_dtype) for name in LISTS)
    assert all(isinstance(month, str) for month in frame["month"])
    plain = pd.read_parquet(corpus / "articles")
    assert str(plain["first_seen"].dtype) == "datetime64[us, UTC]"
    assert str(plain["word_count"].dtype) == "int32"
    for table in TABLES[1:]:
        assert len(pd.read_parquet(corpus / table)) == expected_rows(corpus, table)


def test_polars_reads_the_contract(corpus: Path) -> None:
    """Polars scans folder and glob to the same rows with strict types."""
    frame = pl.read_parquet(corpus / "articles")
    assert frame.height == expected_rows(corpus, "articles")
    expected = dict.fromkeys([*TEXTS, "month"], pl.String) | {name: pl.List(pl.String) for name in LISTS}
    expected |= {"published_on": pl.Date, "word_count": pl.Int32, "source_record": pl.Int32}
    expected |= dict.fromkeys(("published_at", "modified_at", "first_seen"), pl.Datetime("us", "UTC"))
    assert {name: frame.schema[name] for name in expected} == expected
    copy = {"outlet": pl.String, "url": pl.String, "published_on": pl.Date, "article_id": pl.String}
    assert frame.schema["also_published"] == pl.List(pl.Struct(copy))
    for table in TABLES:
        scanned = pl.scan_parquet(f"{corpus}/{table}/**/*.parquet", hive_partitioning=table == "articles").collect()
        assert scanned.height == expected_rows(corpus, table)


def test_duckdb_reads_the_contract(corpus: Path) -> None:
    """DuckDB's glob gives the same rows with strict types."""
    query = f"SELECT * FROM read_parquet('{corpus}/articles/**/*.parquet', hive_partitioning = true)"  # noqa: S608
    with duckdb.connect() as connection:
        types = {row[0]: row[1] for row in connection.execute(f"DESCRIBE {query}").fetchall()}
        assert {types[name] for name in [*TEXTS, "month"]} == {"VARCHAR"}
        assert {types[name] for name in LISTS} == {"VARCHAR[]"}
        assert (types["published_on"], types["word_count"]) == ("DATE", "INTEGER")
        assert {types[name] for name in ("published_at", "modified_at", "first_seen")} == {"TIMESTAMP WITH TIME ZONE"}
        assert types["also_published"] == "STRUCT(outlet VARCHAR, url VARCHAR, published_on DATE, article_id VARCHAR)[]"
        for table in TABLES:
            counted = connection.execute(f"SELECT count(*) FROM '{corpus}/{table}/**/*.parquet'").fetchone()  # noqa: S608
            assert counted == (expected_rows(corpus, table),)


def test_open_corpus_gives_the_four_tables(corpus: Path) -> None:
    """As datasets with the types of the schemas and the month."""
    opened = open_corpus(corpus)
    for table, dataset in zip(TABLES, opened, strict=True):
        assert dataset.count_rows() == expected_rows(corpus, table)
        assert dataset.schema.names[: len(load_schema(table))] == load_schema(table).names
    assert opened.articles.schema.field("month").type == pa.string()


def test_values_come_back_as_they_went_in(tmp_path: Path, put: Make, make_corpus: Make) -> None:
    """All readers give the same values for one article."""
    put(tmp_path / "clean", make_corpus(12))
    where = "source_path = 'harbour-post/00008.txt'"
    glob = f"{tmp_path}/clean/articles/**/*.parquet"
    arrow = open_corpus(tmp_path / "clean").articles.to_table(
        filter=ds.field("source_path") == "harbour-post/00008.txt"
    )
    polars = pl.scan_parquet(glob).filter(pl.col("source_path") == "harbour-post/00008.txt").collect()
    with duckdb.connect() as connection:
        rows = connection.execute(
            f"SELECT text, authors, published_on, also_published FROM '{glob}' WHERE {where}"  # noqa: S608
        ).fetchall()
    (expected,) = arrow.to_pylist()
    assert rows == [tuple(expected[name] for name in ("text", "authors", "published_on", "also_published"))]
    assert polars.to_dicts()[0]["also_published"] == expected["also_published"]
    assert expected["published_on"] == dt.date(2025, 1, 9)
    assert expected["text"] == "Ferry number 8 left the quay at noon.\n\nNobody on board complained."


def test_an_open_corpus_stays_that_of_its_run(tmp_path: Path, put: Make, make_corpus: Make) -> None:
    """What is published after it was opened doesn't show in it."""
    put(tmp_path / "clean", make_corpus(12), 0)
    opened = open_corpus(tmp_path / "clean")
    put(tmp_path / "clean", make_corpus(24), 1)
    assert opened.ledger.count_rows() == 12
    assert open_corpus(f"file://{tmp_path}/clean").ledger.count_rows() == 24


def test_no_corpus_is_a_usage_error(tmp_path: Path) -> None:
    """The message names the folder and the way out."""
    with pytest.raises(UsageError, match="holds no corpus"):
        open_corpus(tmp_path)


def test_ids_have_a_bloom_filter(tmp_path: Path, put: Make, make_corpus: Make) -> None:
    """An id that isn't there is ruled out without reading a row; one that is there never is."""
    put(tmp_path / "clean", make_corpus(12))
    known = open_corpus(tmp_path / "clean").ledger.to_table()["article_id"].to_pylist()
    (path,) = (tmp_path / "clean" / "ledger").iterdir()
    with duckdb.connect() as connection:

        def ruled_out(article_id: str) -> bool:
            probe = "SELECT bool_and(bloom_filter_excludes) FROM parquet_bloom_probe(?, 'article_id', ?)"
            return bool(connection.execute(probe, [str(path), article_id]).fetchall()[0][0])

        assert not any(ruled_out(article_id) for article_id in known)
        assert sum(ruled_out(f"{number:032x}") for number in range(100)) > 80

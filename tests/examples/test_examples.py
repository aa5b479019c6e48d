"""The scripts in `examples/` run on a corpus as they stand, and what they find is so."""

from __future__ import annotations

import datetime as dt
import runpy
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from duckdb.experimental.spark.sql import SparkSession

from copydesk.writing import open_corpus

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture(scope="session", autouse=True)
def huggingface(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep what `datasets` caches out of the home folder, and off the network: it reads both when it is imported."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HF_HOME", str(tmp_path_factory.mktemp("huggingface")))
        patch.setenv("HF_HUB_OFFLINE", "1")
        yield


@pytest.mark.parametrize("script", sorted(EXAMPLES.glob("*.py")), ids=lambda path: path.stem)
def test_script_runs(script: Path, cleaned: Path, monkeypatch: pytest.MonkeyPatch):
    """Called with a corpus, each script comes to its end."""
    monkeypatch.setattr(sys, "argv", [str(script), str(cleaned)])
    runpy.run_path(str(script), run_name="__main__")


def test_pandas_counts_the_articles(cleaned: Path):
    """All articles with an outlet and a day are in the table of months."""
    found = runpy.run_path(str(EXAMPLES / "with_pandas.py"))["articles_per_month"](cleaned)
    rows = open_corpus(cleaned).articles.to_table(columns=["outlet", "published_on"]).to_pylist()
    assert found.to_numpy().sum() == sum(row["outlet"] is not None and row["published_on"] is not None for row in rows)


def test_polars_counts_what_was_removed(cleaned: Path):
    """The spans of all rules are the removed rows of `decisions`."""
    found = runpy.run_path(str(EXAMPLES / "with_polars.py"))["rules_by_characters"](cleaned)
    rows = open_corpus(cleaned).decisions.to_table(columns=["action"]).to_pylist()
    assert found["spans"].sum() == sum(row["action"] == "removed" for row in rows)


def test_duckdb_finds_no_copies_where_there_are_none(cleaned: Path):
    """Equal files of one outlet are no syndication."""
    assert runpy.run_path(str(EXAMPLES / "with_duckdb.py"))["who_prints_whom"](cleaned) == []


def test_datasets_loads_what_the_card_names(cleaned: Path):
    """English articles with author and day, each once, in one of the two parts."""
    found = runpy.run_path(str(EXAMPLES / "with_datasets.py"))["articles_by_day"](cleaned)
    rows = open_corpus(cleaned).articles.to_table().to_pylist()
    expected = {r["article_id"] for r in rows if r["language"] == "en" and r["authors"] and r["published_on"]}
    assert expected
    assert sorted(found["train"]["article_id"][:] + found["test"]["article_id"][:]) == sorted(expected)


def test_datasets_are_split_by_day():
    """No day is on both sides; the newest ones are for testing."""
    module = runpy.run_path(str(EXAMPLES / "with_datasets.py"))
    days = [dt.date(2024, 1, 1 + number // 2) for number in range(40)]
    parts = module["split_by_day"](module["Dataset"].from_dict({"published_on": days}))
    assert max(parts["train"]["published_on"][:]) < min(parts["test"]["published_on"][:])
    assert (parts["train"].num_rows, parts["test"].num_rows) == (36, 4)


def test_spark_counts_what_was_removed(cleaned: Path):
    """Spans of rules that remove, by outlet. Through DuckDB, which speaks Spark's language and needs no Java."""
    script = runpy.run_path(str(EXAMPLES / "with_spark.py"))
    found = script["removed_by_outlet"](SparkSession.builder.getOrCreate(), cleaned).collect()
    corpus = open_corpus(cleaned)
    kept = set(corpus.articles.to_table(columns=["article_id"])["article_id"].to_pylist())
    rows = corpus.decisions.to_table(columns=["article_id", "action"]).to_pylist()
    assert sum(row.spans for row in found) == sum(r["action"] == "removed" and r["article_id"] in kept for r in rows)

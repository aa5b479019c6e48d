"""The scripts in `examples/` run on a corpus as they stand, and what they find is so."""

from __future__ import annotations

import runpy
import sys
from pathlib import Path

import pytest

from copydesk.writing import open_corpus

EXAMPLES = Path(__file__).parents[2] / "examples"


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

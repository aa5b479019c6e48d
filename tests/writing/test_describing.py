"""The files beside the tables say what the tables say, in words that others' tools take, and are no data themselves."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import frictionless
import mlcroissant
import pandas as pd
import polars as pl
import pytest

from copydesk.article import Metadata
from copydesk.writing import TABLES, load_schema, open_corpus, publish, validate
from copydesk.writing.card import CARD
from copydesk.writing.croissant import CROISSANT
from copydesk.writing.datapackage import DATA_PACKAGE, schema_path
from copydesk.writing.manifest import read_manifest
from copydesk.writing.schema import load_contract

DESCRIPTIONS = (CARD, DATA_PACKAGE, CROISSANT, *map(schema_path, TABLES))
EVIL = "<script>x</script> | [a](http://b)\n# `c` *d*"


@pytest.fixture
def clean(tmp_path: Path, make_corpus: Callable[..., Any], put: Callable[..., Any]) -> Path:
    """A published corpus of 24 records."""
    put(tmp_path / "clean", make_corpus(24))
    return tmp_path / "clean"


def read(clean: Path, name: str) -> Any:
    """Read a description that is JSON."""
    return json.loads((clean / name).read_text(encoding="utf-8"))


def test_frictionless_finds_nothing_wrong(clean: Path):
    """Its own tool reads every row of every file and takes each value for what the descriptor says it is."""
    report = frictionless.validate(str(clean / "datapackage.json"))
    assert report.valid, report.flatten(["type", "message"])
    files = [entry.path for entry in read_manifest(clean).files if entry.path.endswith(".parquet")]
    assert [task.place for task in report.tasks] == files


# What mlcroissant calls inside warns of its own deprecated parts.
@pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib", "ignore::DeprecationWarning:mlcroissant")
@pytest.mark.parametrize("table", TABLES)
def test_croissant_loads_every_row(clean: Path, table: str):
    """`mlcroissant` finds no error, and reads the table through the description alone."""
    described = mlcroissant.Dataset(jsonld=str(clean / "croissant.json"))
    rows = list(described.records(table))
    assert len(rows) == getattr(open_corpus(clean), table).count_rows()
    assert [name.split("/")[1] for name in rows[0]] == load_schema(table).names


@pytest.mark.parametrize("table", TABLES)
def test_every_column_is_described_with_its_meaning(clean: Path, table: str):
    """Both descriptions have the columns of `schemas/` in their order, with the same sentence."""
    expected = [(column.name, column.meaning) for column in load_contract(table).columns]
    records = next(r for r in read(clean, "croissant.json")["recordSet"] if r["name"] == table)
    assert [(field["name"], field["description"]) for field in records["field"]] == expected
    resource = next(r for r in read(clean, "datapackage.json")["resources"] if r["path"].startswith(f"{table}/"))
    fields = read(clean, resource["schema"])["fields"]
    assert [(f["name"], f["description"][: len(e[1])]) for f, e in zip(fields, expected, strict=True)] == expected


def test_same_snapshot_gives_the_same_bytes(tmp_path: Path, make_corpus: Callable[..., Any], put: Callable[..., Any]):
    """Wherever and whenever it is written, one run over the same records is described in the same bytes."""
    for place in ("one", "two"):
        put(tmp_path / place, make_corpus(24))
    for name in DESCRIPTIONS:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_card_counts_what_is_in_the_tables(clean: Path):
    """Rows, outcomes, outlets, rules and causes on the card are those of the tables."""
    card = (clean / "README.md").read_text(encoding="utf-8")
    corpus = open_corpus(clean)
    for table in TABLES:
        assert f"| `{table}/` | {getattr(corpus, table).count_rows():,} |" in card
    assert f"| Harbour Post | {corpus.articles.count_rows()} |" in card
    assert f"| 2025 | {corpus.articles.count_rows()} |" in card
    removed = sum(row["rule"] == "read-more/1" for row in corpus.decisions.to_table(columns=["rule"]).to_pylist())
    assert f"| removed | boilerplate | promo | `read-more/1` | {removed} |" in card
    assert "| duplicate | near | 2 |" in card
    assert "| quarantined | binary | 2 |" in card


def test_card_of_nothing(tmp_path: Path, small_corpus: Callable[..., Any], put: Callable[..., Any]):
    """A corpus without a record has a card, and descriptions that hold."""
    put(tmp_path / "clean", small_corpus(()))
    card = (tmp_path / "clean" / "README.md").read_text(encoding="utf-8")
    assert "0 articles with 0 words, each once, from 0 raw records" in card
    assert "Every record is in `articles`." in card
    assert frictionless.validate(str(tmp_path / "clean" / "datapackage.json")).valid


def test_names_out_of_the_corpus_stay_text(
    tmp_path: Path, make_article: Callable[..., Any], small_corpus: Callable[..., Any], put: Callable[..., Any]
):
    """An outlet that calls itself markup is neither HTML nor a row, a link or a heading on the card."""
    article = make_article(1, metadata=Metadata(title="T", outlet=EVIL, language="en"))
    put(tmp_path / "clean", small_corpus((article,)))
    card = (tmp_path / "clean" / "README.md").read_text(encoding="utf-8")
    assert "<script>" not in card
    assert r"| &lt;script&gt;x&lt;/script&gt; \| \[a\](http://b) \# \`c\` \*d\* | 1 |" in card


def test_language_that_is_none_stays_out_of_the_lines_for_machines(
    tmp_path: Path, make_article: Callable[..., Any], small_corpus: Callable[..., Any], put: Callable[..., Any]
):
    """YAML gets what looks like a language; `und` and what a page made up are counted on the card only."""
    named = ("en", "und", 'e"n\nx: y')
    articles = tuple(make_article(i, metadata=Metadata(title="T", language=name)) for i, name in enumerate(named))
    put(tmp_path / "clean", small_corpus(articles))
    front = (tmp_path / "clean" / "README.md").read_text(encoding="utf-8").split("---\n")[1]
    assert 'language: ["en"]\n' in front
    assert all(re.match(r"(- |  )?\w+:", line) for line in front.splitlines())


def test_licence_is_its_owners(clean: Path, tmp_path: Path, make_corpus: Callable[..., Any], stamp: Callable[..., Any]):
    """None is stated unless the settings name one; then all three do."""
    assert "None is stated" in (clean / "README.md").read_text(encoding="utf-8")
    assert "licenses" not in read(clean, "datapackage.json")
    corpus, mark = make_corpus(3), replace(stamp(0), licence="CC-BY-4.0")
    publish(tmp_path / "open", corpus.tables(mark.run_id, mark.now), mark, records_read=corpus.records_read)
    assert 'license: "CC-BY-4.0"' in (tmp_path / "open" / "README.md").read_text(encoding="utf-8")
    assert read(tmp_path / "open", "datapackage.json")["licenses"] == [{"name": "CC-BY-4.0"}]
    assert read(tmp_path / "open", "croissant.json")["license"] == "CC-BY-4.0"


def test_what_stays_the_same_is_shared(clean: Path, make_corpus: Callable[..., Any], put: Callable[..., Any]):
    """The next night's schemas are the same files; card and package name their own run. Old snapshots keep theirs."""
    before = {name: (clean / name).resolve() for name in DESCRIPTIONS}
    put(clean, make_corpus(24), 1)
    shared = {name for name, path in before.items() if path.samefile(clean / name)}
    assert shared == {f"schemas/{table}.json" for table in TABLES}
    assert validate(clean) == ()
    assert (before["README.md"]).read_bytes() != (clean / "README.md").read_bytes()


def test_damaged_schema_is_not_passed_on(clean: Path, make_corpus: Callable[..., Any], put: Callable[..., Any]):
    """A file of the night before that has changed since is written anew, not linked."""
    path = (clean / "schemas" / "ledger.json").resolve()
    path.chmod(0o644)
    path.write_text("{}", encoding="utf-8")
    put(clean, make_corpus(24), 1)
    assert validate(clean) == ()


@pytest.mark.parametrize("name", DESCRIPTIONS)
def test_changed_description_is_found(clean: Path, name: str):
    """They belong to the snapshot as its tables do: `validate` knows their bytes."""
    path = (clean / name).resolve()
    path.chmod(0o644)
    path.write_bytes(path.read_bytes().replace(b"s", b"z", 1))
    assert validate(clean) == (f"{name}: the bytes are not those that were published (SHA-256 differs)",)


def test_no_reader_takes_them_for_data(clean: Path):
    """Read by folder or by pattern, a table has its rows and no more."""
    rows = open_corpus(clean).articles.count_rows()
    pattern = f"{clean}/articles/**/*.parquet"
    assert duckdb.sql(f"select count(*) from '{pattern}'").fetchall() == [(rows,)]  # noqa: S608 - our own path
    assert pl.scan_parquet(pattern).select(pl.len()).collect().item() == rows
    assert len(pd.read_parquet(clean / "articles")) == rows
    assert all(entry.rows == 0 for entry in read_manifest(clean).files if entry.path in DESCRIPTIONS)

"""Nothing is lost."""

import dataclasses
from collections.abc import Callable
from typing import Any

import pyarrow as pa
import pytest

from copydesk.article import Article, Outcome
from copydesk.errors import LedgerError
from copydesk.writing import ledger_table
from copydesk.writing.ledger import check_ledger, check_references, check_sums, count_outcomes, uneven_files

Tables = dict[str, pa.Table]


@pytest.fixture
def tables(make_corpus: Callable[..., Any], stamp: Callable[..., Any]) -> Tables:
    """The tables of a corpus that adds up."""
    return make_corpus(24).tables("r", stamp().now)


def test_a_whole_corpus_adds_up(tables: Tables, make_corpus: Callable[..., Any]) -> None:
    """No problem is found where there is none, and every outcome is counted."""
    check_sums(tables["ledger"], make_corpus(24).records_read)
    assert check_references(**tables) == ()
    assert count_outcomes(tables["ledger"]) == {
        "clean": 20, "duplicate": 2, "off_topic": 0, "no_article": 0, "quarantined": 2,
    }  # fmt: skip


def test_an_empty_ledger_adds_up_to_no_records(tables: Tables) -> None:
    """Nothing read, nothing written: fine. A file without records counts as nothing read."""
    check_sums(tables["ledger"].slice(0, 0), {"empty.jsonl": 0})


def test_a_missing_record_stops_the_run(tables: Tables, make_corpus: Callable[..., Any]) -> None:
    """The error names the file that a record is missing of, and both totals."""
    with pytest.raises(LedgerError, match=r"23 rows for 24 records in all; harbour-post/00000\.txt has 0 rows for 1"):
        check_sums(tables["ledger"].slice(1), make_corpus(24).records_read)


def test_a_record_too_many_stops_the_run(tables: Tables, make_corpus: Callable[..., Any]) -> None:
    """A row for a record that nobody read is as wrong as a missing one."""
    read = make_corpus(24).records_read
    del read["harbour-post/00003.txt"]
    with pytest.raises(LedgerError, match=r"00003\.txt has 1 rows for 0 records"):
        check_sums(tables["ledger"], read)


def test_only_the_first_offenders_are_named(tables: Tables) -> None:
    """A thousand offenders make one line, with their number."""
    (problem,) = uneven_files(tables["ledger"], {})
    assert problem.count(" rows for ") == 4
    assert "and 21 more" in problem


def test_a_record_that_is_there_twice_is_found(tables: Tables) -> None:
    """A second row for one record is named by path and position."""
    doubled = pa.concat_tables([tables["ledger"], tables["ledger"].slice(3, 1)])
    problems = check_ledger(doubled)
    assert "record harbour-post/00003.txt:0 is there twice" in problems
    assert any("is there twice in ledger" in problem for problem in problems)


def test_an_outcome_needs_a_name_and_a_reason(make_article: Callable[..., Article]) -> None:
    """An outcome that is none, and a drop without a reason, are problems; a clean record needs no reason."""
    odd = dataclasses.replace(make_article(1), outcome="lost", reason="x")
    silent = dataclasses.replace(make_article(2), outcome=Outcome.OFF_TOPIC, reason="")
    problems = check_ledger(ledger_table([odd, silent, make_article(3)], run_id="r"))
    assert problems == (
        "outcome lost is none of clean, duplicate, off_topic, no_article, quarantined",
        "record harbour-post/00002.txt is not clean and has no reason",
    )


@pytest.mark.parametrize(
    ("table", "fault"),
    [
        ("articles", "is not in articles"),
        ("duplicates", "is not in duplicates"),
        ("ledger", "is not clean in the ledger"),
    ],
)
def test_tables_must_agree(tables: Tables, table: str, fault: str) -> None:
    """A row that is missing in one table is found by the others."""
    assert any(fault in problem for problem in check_references(**(tables | {table: tables[table].slice(1)})))


def test_a_copy_must_be_told_on_both_sides(tables: Tables) -> None:
    """`duplicates` and `also_published` must name the same pairs."""
    articles = tables["articles"]
    place = articles.schema.get_field_index("also_published")
    untold = articles.set_column(
        place, articles.schema.field(place), pa.array([[]] * 20, articles.schema.field(place).type)
    )
    assert any("is not in also_published" in problem for problem in check_references(**(tables | {"articles": untold})))
    problems = check_references(**(tables | {"duplicates": tables["duplicates"].slice(1)}))
    assert any(problem.startswith("copy in also_published") for problem in problems)


def test_a_survivor_must_be_an_article(tables: Tables) -> None:
    """A copy of something that was removed itself is found."""
    duplicates = tables["duplicates"]
    place = duplicates.schema.get_field_index("canonical_id")
    chained = duplicates.set_column(place, duplicates.schema.field(place), duplicates["article_id"])
    assert any(problem.startswith("survivor ") for problem in check_references(**(tables | {"duplicates": chained})))


def test_tables_without_rows_agree(tables: Tables) -> None:
    """An empty corpus contradicts nothing."""
    assert check_references(**{name: table.slice(0, 0) for name, table in tables.items()}) == ()


def test_offenders_are_named_in_order(tables: Tables) -> None:
    """What is said of a fault doesn't depend on the order in which rows lie."""
    faulty = tables | {"duplicates": tables["duplicates"].slice(0, 0)}
    turned = {name: table.take(pa.array(range(len(table))[::-1], pa.int64())) for name, table in faulty.items()}
    assert check_references(**turned) == check_references(**faulty) != ()


def test_a_clean_record_without_an_id_is_found(tables: Tables) -> None:
    """Also where an article has none either: nothing says that they belong together."""
    nameless = {}
    for name in ("articles", "ledger"):
        rows = tables[name].to_pylist()
        rows.append(next(row for row in rows if row.get("outcome", "clean") == "clean") | {"article_id": None})
        schema = pa.schema([field.with_nullable(True) for field in tables[name].schema])
        nameless[name] = pa.Table.from_pylist(rows, schema)
    problems = check_references(**(tables | nameless))
    assert any(problem.startswith("clean record None ") for problem in problems)

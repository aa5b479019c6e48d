"""Articles → tables."""

import datetime as dt
from collections.abc import Callable

import pytest

from copydesk.article import Action, Article, Block, Copy, Decision, Evidence, Metadata, Outcome, Source
from copydesk.errors import ContractError
from copydesk.writing.schema import load_schema
from copydesk.writing.tables import (
    articles_table,
    build_table,
    decisions_table,
    duplicates_table,
    ledger_table,
)

NOW = dt.datetime(2026, 1, 15, 2, tzinfo=dt.UTC)
Make = Callable[..., Article]


def test_only_clean_articles_are_articles(make_article: Make) -> None:
    """A record with another outcome has a row in the ledger and none in articles."""
    articles = [make_article(1), make_article(2, outcome=Outcome.NO_ARTICLE, reason="consent page")]
    assert articles_table(articles, run_id="r", now=NOW)["title"].to_pylist() == ["Ferry 1 is late again"]
    assert ledger_table(articles, run_id="r")["outcome"].to_pylist() == ["clean", "no_article"]


def test_order_of_articles_changes_nothing(make_article: Make) -> None:
    """Tables are sorted by id, whatever the order in which articles come."""
    articles = [make_article(number) for number in range(9)]
    assert articles_table(articles, run_id="r", now=NOW).equals(articles_table(articles[::-1], run_id="r", now=NOW))
    assert decisions_table(articles).equals(decisions_table(articles[::-1]))
    assert ledger_table(articles, run_id="r").equals(ledger_table(articles[::-1], run_id="r"))


def test_nothing_known_is_null_and_lists_are_empty() -> None:
    """Unknown values are null, unknown lists empty, and a missing title is the empty string."""
    bare = Article("a" * 32, Source("a.txt", 0, "b" * 64), (Block("Just a line."),))
    row = articles_table([bare], run_id="r", now=NOW).to_pylist()[0]
    assert row["title"] == ""
    assert row["language"] == "und"
    assert [row[name] for name in ("deck", "byline", "outlet", "published_on", "published_at", "url")] == [None] * 6
    assert [row[name] for name in ("authors", "tags", "captions", "also_published", "provenance")] == [[]] * 5


def test_no_articles_make_empty_tables_with_types() -> None:
    """Without rows the columns and their types are there all the same."""
    assert articles_table([], run_id="r", now=NOW).schema.equals(load_schema("articles"), check_metadata=True)
    assert duplicates_table([], []).schema.equals(load_schema("duplicates"), check_metadata=True)
    assert decisions_table([]).num_rows == ledger_table([], run_id="r").num_rows == 0


def test_moved_blocks_are_kept_in_their_fields(make_article: Make) -> None:
    """Captions leave the text for their column, and provenance says which rule moved them."""
    row = articles_table([make_article(1)], run_id="r", now=NOW).to_pylist()[0]
    assert row["captions"] == ["A ferry at the quay."]
    assert "A ferry" not in row["text"]
    assert row["word_count"] == 12
    entry = next(entry for entry in row["provenance"] if entry["field"] == "captions")
    assert entry["source"] == "boilerplate: caption/1"


def test_provenance_names_the_winner_first_and_then_its_rivals(make_article: Make) -> None:
    """The first entry of a field is where its value comes from; those that lost or were refused follow."""
    evidence = (
        Evidence("title", "Ferry late", "json-ld", "Ferry late", 0.9),
        Evidence("title", "Ferry late | Harbour Post", "og:title", "Ferry late | Harbour Post", 0.5),
        Evidence("published", "2026-01-14T06:30:00+00:00", "json-ld", "14 Jan 2026", 0.8),
        Evidence("published", "0001-01-01", "meta (refused: before 1800)", "0001-01-01", 0.0),
        Evidence("url", "ferry", "record (refused: not a web URL)", "ferry", 0.0),
        Evidence("flag:paragraph", "3", "contamination", "A stray line.", 0.4),
    )
    metadata = Metadata(title="Ferry late", published_on=dt.date(2026, 1, 14), published_precision="day")
    row = articles_table([make_article(1, evidence=evidence, metadata=metadata)], run_id="r", now=NOW).to_pylist()[0]
    listed = [(e["field"], e["value"], e["source"]) for e in row["provenance"] if e["field"] != "captions"]
    assert listed == [
        ("title", "Ferry late", "json-ld"),
        ("title", "Ferry late | Harbour Post", "og:title"),
        ("published_on", "2026-01-14", "json-ld"),
        ("published_on", "0001-01-01", "meta (refused: before 1800)"),
        ("published_precision", "day", "json-ld"),
        ("url", "ferry", "record (refused: not a web URL)"),
        ("flag:paragraph", "3", "contamination"),
    ]


def test_copies_are_listed_by_id(make_article: Make) -> None:
    """`also_published` is sorted by article_id, not by arrival."""
    copies = (Copy("B", None, None, "b" * 32), Copy("A", "https://a.example/", dt.date(2026, 1, 2), "a" * 32))
    row = articles_table([make_article(1, also_published=copies)], run_id="r", now=NOW).to_pylist()[0]
    assert [copy["article_id"][0] for copy in row["also_published"]] == ["a", "b"]


def test_instants_keep_their_meaning_in_utc(make_article: Make) -> None:
    """A time with an offset is stored as the same instant."""
    at = dt.datetime(2026, 1, 14, 6, 30, tzinfo=dt.timezone(dt.timedelta(hours=-5)))
    table = articles_table([make_article(1, metadata=Metadata(published_at=at))], run_id="r", now=NOW)
    assert table["published_at"].to_pylist() == [at]


def test_a_time_without_zone_is_refused(make_article: Make) -> None:
    """Arrow would take it for UTC, which nobody said."""
    naive = Metadata(published_at=dt.datetime(2026, 1, 14, 6, 30))
    with pytest.raises(ContractError, match=r"articles\.published_at: .* has no zone"):
        articles_table([make_article(1, metadata=naive)], run_id="r", now=NOW)


def test_a_value_of_another_type_is_refused(make_article: Make) -> None:
    """The error names table and column."""
    with pytest.raises(ContractError, match=r"articles\.section"):
        articles_table([make_article(1, metadata=Metadata(section=7))], run_id="r", now=NOW)


def test_a_null_where_none_may_be_is_refused(make_article: Make) -> None:
    """The error names the row."""
    source = Source("a.txt", 0, None)
    with pytest.raises(ContractError, match=r"articles\.source_sha256: null in the row of"):
        articles_table([make_article(1, source=source)], run_id="r", now=NOW)


def test_missing_columns_are_refused() -> None:
    """A table is built of all its columns or not at all."""
    with pytest.raises(ContractError, match="ledger: columns missing or unknown: outcome"):
        build_table("ledger", {name: [] for name in load_schema("ledger").names if name != "outcome"})


def test_lone_surrogates_become_the_replacement_character(make_article: Make) -> None:
    """A JSON escape can hold half a character; one such article must not stop the run."""
    article = make_article(1, blocks=(Block("Half \ud83d of a face"),))
    assert articles_table([article], run_id="r", now=NOW)["text"].to_pylist() == ["Half \ufffd of a face"]


def test_decisions_keep_their_order(make_article: Make) -> None:
    """The decisions on one article stay in the order in which they were taken."""
    decisions = tuple(Decision("boilerplate", Action.REMOVED, "promo", f"rule-{i}/1", 0, "x") for i in (3, 1, 2))
    table = decisions_table([make_article(1, decisions=decisions)])
    assert table["rule"].to_pylist() == ["rule-3/1", "rule-1/1", "rule-2/1"]


def test_a_link_to_an_unknown_article_is_refused(make_article: Make, link: Callable[..., object]) -> None:
    """The error names the link."""
    copy = make_article(1)
    with pytest.raises(ContractError, match="names ffff"):
        duplicates_table([link(copy.article_id, "f" * 32)], [copy])


def test_unreadable_records_have_a_ledger_row() -> None:
    """A file of which no byte could be read has a row with null digest and null id."""
    lost = Article("", Source("lost.txt", 0, None), outcome=Outcome.QUARANTINED, reason="unreadable: denied")
    row = ledger_table([lost], run_id="r").to_pylist()[0]
    assert (row["source_sha256"], row["article_id"], row["reason"]) == (None, None, "unreadable: denied")

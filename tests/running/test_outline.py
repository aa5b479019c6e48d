"""What gates and the report look at of an article."""

from __future__ import annotations

import datetime as dt

import pyarrow as pa

from copydesk.article import Article, Block, Evidence, Metadata, Outcome, Source
from copydesk.running.outline import CONFIDENCES, FIELDS, OUTLINE, count_levels, has_field, outline, same_bulk
from copydesk.writing import articles_table
from copydesk.writing.schema import load_schema

NOW = dt.datetime(2026, 3, 5, 2, 0, tzinfo=dt.UTC)


def rows(*metadata: Metadata, evidence: tuple[Evidence, ...] = ()) -> pa.Table:
    """Rows of `articles`, each of one paragraph, with these metadata and all this evidence."""
    articles = [
        Article(
            f"{number:032x}",
            Source("ferry.txt", number, "0" * 64),
            blocks=(Block("Ein Schiff, größer als zuvor."),),
            metadata=values,
            evidence=evidence,
            outcome=Outcome.CLEAN,
        )
        for number, values in enumerate(metadata)
    ]
    return articles_table(articles, run_id="r", now=NOW)


def test_length_is_that_of_the_text_in_characters():
    """Characters are counted, not bytes."""
    assert outline(rows(Metadata()))["text_chars"].to_pylist() == [len("Ein Schiff, größer als zuvor.")]


def test_fields_that_say_nothing_are_not_filled():
    """An empty title, no authors and an undetermined language are no fields; real ones are."""
    found = outline(rows(Metadata(), Metadata(title="Ferry", authors=("Ada Jor",), language="en")))
    for name in FIELDS:
        assert has_field(found, name).tolist() == [False, name in {"title", "authors", "language"}]


def test_level_is_that_of_the_first_entry():
    """The winner of a field is its first entry; a rival doesn't count, nor does a value of confidence 0."""
    evidence = (Evidence("title", "A", "head", "A", 0.75), Evidence("title", "B", "og", "B", 0.95))
    found = outline(rows(Metadata(title="A"), evidence=(*evidence, Evidence("deck", "C", "og", "C", 0.0))))
    assert count_levels(found, "title") == [0, 1, 0, 0]
    assert count_levels(found, "deck") == [0] * len(CONFIDENCES)


def test_last_field_has_its_level():
    """All fields fit into the number that holds their levels."""
    found = outline(rows(Metadata(language="en"), evidence=(Evidence(FIELDS[-1], "en", "head", "en", 0.4),)))
    assert count_levels(found, FIELDS[-1]) == [0, 0, 0, 1]


def test_outline_of_outlines_is_the_same():
    """Who is given outlines can take them for rows."""
    found = outline(rows(Metadata(title="A")))
    assert outline(found) is found


def test_no_articles():
    """No rows give no outlines, with the columns."""
    assert outline(load_schema("articles").empty_table()).equals(OUTLINE.empty_table())


def test_bulk_is_the_same_where_text_and_provenance_are():
    """An article with another encoding has the same; one with another source of its title hasn't, nor one with another
    text, nor one that wasn't there.
    """
    articles = rows(*[Metadata(title="A")] * 5, evidence=(Evidence("title", "A", "head", "A", 0.75),))
    before, now = articles.slice(0, 4).to_pylist(), articles.to_pylist()
    now[0]["source_encoding"] = "cp1252"
    now[1]["provenance"][0]["source"] = "og"
    now[2]["text"] += "?"
    told = [outline(pa.Table.from_pylist(part, articles.schema)) for part in (now, before)]
    assert same_bulk(*told).to_pylist() == [f"{n:032x}" for n in (0, 3)]
    assert same_bulk(told[0].slice(0, 0), told[1]).to_pylist() == []


def test_bulk_of_rows_that_are_part_of_a_table():
    """Where the rows lie makes no difference."""
    evidence = (Evidence("title", "A", "head", "A", 0.75), Evidence("deck", "B", "og", "B", 0.5))
    articles = rows(Metadata(title="A"), Metadata(title="B"), Metadata(title="C"), evidence=evidence)
    assert outline(articles.slice(1, 1)).equals(outline(articles).slice(1, 1))

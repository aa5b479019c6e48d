"""What gates and the report look at of an article."""

from __future__ import annotations

import datetime as dt

import pyarrow as pa

from copydesk.article import Article, Block, Evidence, Metadata, Outcome, Source
from copydesk.running.outline import CONFIDENCES, FIELDS, OUTLINE, count_levels, has_field, outline, same_texts
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


def test_same_texts_are_those_with_the_same_digest():
    """An article with another title has the same text; one with another text hasn't, nor one that wasn't there."""
    before = outline(rows(Metadata(title="A"), Metadata(), Metadata()))
    now = before.set_column(
        before.schema.get_field_index("text_digest"),
        OUTLINE.field("text_digest"),
        pa.array([before["text_digest"][0].as_py(), bytes(16), before["text_digest"][2].as_py()], pa.binary(16)),
    )
    assert same_texts(now, before.slice(0, 2)).to_pylist() == [f"{0:032x}"]
    assert same_texts(now.slice(0, 0), before).to_pylist() == []

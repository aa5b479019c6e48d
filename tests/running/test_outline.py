"""What gates and the report look at of an article."""

from __future__ import annotations

import datetime as dt

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.article import Article, Block, Evidence, Metadata, Outcome, Source
from copydesk.running.outline import CONFIDENCES, FIELDS, OUTLINE, count_levels, find_same, has_field, outline
from copydesk.writing import articles_table
from copydesk.writing.in_place import READ_ALWAYS
from copydesk.writing.schema import load_schema

NOW = dt.datetime(2026, 3, 5, 2, 0, tzinfo=dt.UTC)

OTHERS = {
    pa.string(): "another",
    pa.int32(): 99,
    pa.date32(): dt.date(1999, 9, 9),
    pa.timestamp("us", "UTC"): dt.datetime(1999, 9, 9, tzinfo=dt.UTC),
}
"""A value that the article of these tests doesn't have, by type."""


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


def test_what_outlines_tell_to_be_the_same():
    """Another source of the title makes another provenance, whatever else is said other columns; copies, the time at
    which an article was first seen and its run make neither; what wasn't there isn't the same.
    """
    articles = rows(*[Metadata(title="A")] * 7, evidence=(Evidence("title", "A", "head", "A", 0.75),))
    before, now = articles.slice(0, 6).to_pylist(), articles.to_pylist()
    now[0]["source_encoding"] = "cp1252"
    now[1]["provenance"][0]["source"] = "og"
    now[2]["text"] += "?"
    now[3]["also_published"] = [{"outlet": None, "url": None, "published_on": None, "article_id": "b"}]
    now[3]["run_id"], now[3]["first_seen"] = "another", before[3]["first_seen"] + dt.timedelta(1)
    now[4]["tags"] = ["ferry"]
    told = [outline(pa.Table.from_pylist(part, articles.schema)) for part in (now, before)]
    same = find_same(*told)
    assert same.provenance.to_pylist() == [f"{n:032x}" for n in (0, 2, 3, 4, 5)]
    assert same.others.to_pylist() == [f"{n:032x}" for n in (1, 3, 5)]
    nothing = find_same(told[0].slice(0, 0), told[1])
    assert (len(nothing.provenance), len(nothing.others)) == (0, 0)


@pytest.mark.parametrize("name", [name for name in load_schema("articles").names if name not in READ_ALWAYS])
def test_each_column_has_a_part_in_a_digest(name: str):
    """Another value in any column that isn't always read makes another digest."""
    articles = rows(Metadata(title="A"), evidence=(Evidence("title", "A", "head", "A", 0.75),))
    kind = articles.schema.field(name).type
    value = [] if name == "provenance" else [OTHERS[kind.value_type]] if pa.types.is_list(kind) else OTHERS[kind]
    other = pa.Table.from_pylist([articles.to_pylist()[0] | {name: value}], articles.schema)
    told = [outline(table).select(["provenance_digest", "others_digest"]).to_pylist() for table in (articles, other)]
    assert told[0] != told[1]


TAGS = st.lists(st.sampled_from(["", "a", "1:a", "-", "a1:a"]), max_size=3)


@given(TAGS, TAGS)
def test_lists_read_apart(one: list[str], other: list[str]):
    """Two articles with different tags, or the same ones otherwise divided, never tell the same."""
    told = [outline(rows(Metadata(title="A", tags=tuple(tags)))) for tags in (one, other)]
    assert (len(find_same(*told).others) == 1) == (one == other)


def test_digests_of_rows_that_are_part_of_a_table():
    """Where the rows lie makes no difference."""
    evidence = (Evidence("title", "A", "head", "A", 0.75), Evidence("deck", "B", "og", "B", 0.5))
    articles = rows(Metadata(title="A"), Metadata(title="B"), Metadata(title="C"), evidence=evidence)
    assert outline(articles.slice(1, 1)).equals(outline(articles).slice(1, 1))

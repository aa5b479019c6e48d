"""What records state of themselves, in the shapes that crawlers and libraries write."""

from __future__ import annotations

import datetime as dt

import pytest

from copydesk.article import Article, Block, RecordField, Source
from copydesk.metadata import describe
from copydesk.settings import Settings

TEXT = "The lake at Steinfurt froze over on Monday night for the first time in years, and the village was out on it."


def known(*fields: tuple[str, str]) -> Article:
    """The article of a text with these fields."""
    record = tuple(RecordField(field, value, field) for field, value in fields)
    return describe(Article("a", Source("a.json", 0, None), (Block(TEXT),)), record, (), Settings())


@pytest.mark.parametrize(
    ("values", "names"),
    [
        (["Jane Roe", "Ali Khan"], ("Jane Roe", "Ali Khan")),
        (["By Jane Roe and Ali Khan, Reuters"], ("Jane Roe", "Ali Khan")),
        (["Roe, Jane"], ("Jane Roe",)),
        (["O'Donnell, Lynne"], ("Lynne O'Donnell",)),
        (["JANE ROE"], ("Jane Roe",)),
        (["Reuters, London"], ()),
        (["admin"], ()),
        (["Lakeside Courier Staff"], ()),
        (["https://courier.example/jane"], ()),
    ],
)
def test_authors_of_records(values: list[str], names: tuple[str, ...]) -> None:
    """Lists, bylines and names turned round are read; what is no person is none."""
    assert known(*(("authors", v) for v in values)).metadata.authors == names


def test_agencies_are_kept_as_credits() -> None:
    """An agency is no author, but the evidence keeps it."""
    article = known(("authors", "Reuters"))
    assert article.metadata.authors == ()
    assert [(e.field, e.value) for e in article.evidence if e.field == "credits"] == [("credits", "Reuters")]


@pytest.mark.parametrize(
    ("value", "at"),
    [
        ("1725170400", dt.datetime(2024, 9, 1, 6, tzinfo=dt.UTC)),
        ("20240901T060000Z", dt.datetime(2024, 9, 1, 6, tzinfo=dt.UTC)),
        ("2024-09-01 06:00:00+00:00", dt.datetime(2024, 9, 1, 6, tzinfo=dt.UTC)),
        ("Sun, 01 Sep 2024 06:00:00 GMT", dt.datetime(2024, 9, 1, 6, tzinfo=dt.UTC)),
        ("2024-09-01 06:00:00", None),
        ("2024-09-01", None),
    ],
)
def test_dates_of_records(value: str, at: dt.datetime | None) -> None:
    """Each form gives the day; the instant only with an offset."""
    article = known(("published", value))
    assert article.metadata.published_on == dt.date(2024, 9, 1)
    assert article.metadata.published_at == at


def test_a_month_is_no_day() -> None:
    """A month gives its precision, and no day is made up for it."""
    article = known(("published", "2024-09"))
    assert article.metadata.published_on is None
    assert article.metadata.published_precision == "month"


def test_a_change_before_publication_is_refused() -> None:
    """Swapped fields are not believed."""
    article = known(("published", "2024-09-01T06:00:00Z"), ("modified", "2020-01-01T00:00:00Z"))
    assert article.metadata.modified_at is None
    assert any("before publication" in e.source for e in article.evidence)


def test_a_domain_names_the_outlet() -> None:
    """Where there is no URL, the outlet's domain stands in for it."""
    article = known(("outlet_domain", "www.nytimes.com"))
    assert (article.metadata.outlet, article.metadata.outlet_domain) == ("The New York Times", "nytimes.com")


def test_tags_in_one_string_are_parted() -> None:
    """A list in one string is a list."""
    assert known(("tags", "ice, winter;village")).metadata.tags == ("ice", "winter", "village")


@pytest.mark.parametrize("summary", [TEXT[:60], TEXT[:60] + "..."])
def test_the_start_of_the_text_is_no_deck(summary: str) -> None:
    """An excerpt that a crawler made is no standfirst."""
    assert known(("deck", summary)).metadata.deck is None


def test_a_declared_language_decides_only_for_short_texts() -> None:
    """Content beats a wrong declaration; a name of a language is understood."""
    assert known(("language", "German")).metadata.language == "en"
    article = describe(
        Article("a", Source("a.json", 0, None), (Block("Eis."),)),
        (RecordField("language", "German", "lang"),),
        (),
        Settings(),
    )
    assert article.metadata.language == "de"


@pytest.mark.parametrize(
    ("value", "deck"),
    [
        (
            "<p>Skates are <b>sold</b> out.</p><p>The post Ice appeared first on Post.</p>",
            "Skates are sold out.",
        ),
        ('<img src="a.jpg"/><br/>Skates are sold out.', "Skates are sold out."),
        ("<p>Skates are sold [&hellip;]</p>", None),
        ("Skates < 20 crowns are sold out.", "Skates < 20 crowns are sold out."),
        ("Skates are sold o\ufffd", None),
        ("<p></p>", None),
    ],
)
def test_markup_in_a_field(value: str, deck: str | None) -> None:
    """A summary that is markup is read as text, its first paragraph only; one that is cut off is no deck."""
    assert known(("deck", value)).metadata.deck == deck


@pytest.mark.parametrize(
    ("first", "fields", "title"),
    [
        ("The lake is frozen.", (("published", "2024-01-15"),), None),
        ("The lake is frozen", (("published", "2024-01-15"),), "The lake is frozen"),
        ("The lake is frozen.\n\nBy Jane Roe", (("published", "2024-01-15"),), "The lake is frozen."),
        ("The lake is frozen.", (), "The lake is frozen."),
    ],
)
def test_first_sentence_of_a_record(first: str, fields: tuple[tuple[str, str], ...], title: str | None) -> None:
    """Where a record states fields but no title, a sentence is the lead; pasted, or above a byline, it is the title."""
    blocks = tuple(map(Block, (*first.split("\n\n"), TEXT)))
    record = tuple(RecordField(field, value, field) for field, value in fields)
    article = describe(Article("a", Source("a.csv", 0, None), blocks), record, (), Settings())
    assert article.metadata.title == title
    assert article.text == (TEXT if title else f"{first}\n\n{TEXT}")

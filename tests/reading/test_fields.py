"""Records as common crawlers write them, and the fields and content that come of them."""

from __future__ import annotations

import datetime as dt

import pytest

from copydesk.article import Form
from copydesk.reading import read_data
from copydesk.reading.fields import MAX_VALUES, Reading, known_field, read_fields, storable
from copydesk.settings import Settings

TEXT = "The ferry to Marholm sails again."

NEWSPAPER = {
    "source_url": "https://post.example",
    "url": "https://post.example/a",
    "title": "Ferry",
    "text": TEXT,
    "authors": ["Ida Krog", "Per Lund"],
    "publish_date": "2024-03-04T00:00:00",
    "meta_lang": "en",
    "canonical_link": "https://post.example/a?x",
    "keywords": [],
    "html": "<html></html>",
}
NEWS_PLEASE = {
    "authors": ["Ida Krog"],
    "date_download": "2024-03-05 10:00:00",
    "date_modify": None,
    "date_publish": "2024-03-04 00:00:00",
    "description": "It sails.",
    "filename": "a.json",
    "language": "en",
    "maintext": TEXT,
    "source_domain": "post.example",
    "title": "Ferry",
    "title_page": None,
    "url": "https://post.example/a",
}
TRAFILATURA = {
    "title": "Ferry",
    "author": "Ida Krog; Per Lund",
    "hostname": "post.example",
    "date": "2024-03-04",
    "categories": "Sea",
    "tags": "ferry;harbour",
    "fingerprint": "a1b2",
    "id": None,
    "license": None,
    "raw_text": "The ferry",
    "text": TEXT,
    "language": None,
    "source": "https://post.example/a",
    "source-hostname": "The Marholm Post",
    "excerpt": "It sails.",
}
FUNDUS = {
    "title": "Ferry",
    "body": {"summary": ["It sails."], "sections": [{"headline": ["Sea"], "paragraphs": ["One.", "Two."]}]},
    "authors": ["Ida Krog"],
    "publishing_date": "2024-03-04 10:00:00+01:00",
    "topics": ["ferry"],
    "free_access": True,
}
NEWSAPI = {
    "source": {"id": "post", "name": "The Marholm Post"},
    "author": "Ida Krog",
    "title": "Ferry",
    "description": "It sails.",
    "url": "https://post.example/a",
    "urlToImage": "https://post.example/a.jpg",
    "publishedAt": "2024-03-04T10:00:00Z",
    "content": TEXT,
}
GUARDIAN = {
    "id": "sea/1",
    "sectionName": "Sea",
    "webPublicationDate": "2024-03-04T10:00:00Z",
    "webTitle": "Ferry",
    "webUrl": "https://post.example/a",
    "fields": {"byline": "Ida Krog", "bodyText": TEXT, "trailText": "It sails."},
}
TIMES = {
    "headline": {"main": "Ferry", "print_headline": None},
    "byline": {"original": "By Ida Krog", "person": [{"firstname": "Ida"}]},
    "web_url": "https://post.example/a",
    "pub_date": "2024-03-04T10:00:00+0000",
    "abstract": "It sails.",
    "lead_paragraph": TEXT,
    "section_name": "Sea",
}
GDELT = {
    "url": "https://post.example/a",
    "title": "Ferry",
    "seendate": "20240304T101500Z",
    "domain": "post.example",
    "language": "English",
}
MEDIA_CLOUD = {
    "id": 1,
    "media_name": "The Marholm Post",
    "publish_date": "2024-03-04",
    "indexed_date": "2024-03-05T10:00:00",
    "language": "en",
    "title": "Ferry",
    "url": "https://post.example/a",
    "story_text": TEXT,
}
DATATROVE = {"text": TEXT, "id": "x", "metadata": {"url": "https://post.example/a", "date": "2024-03-04"}}
MONGO = {
    "_id": {"$oid": "1"},
    "_source": {"headline": "Ferry", "Body": TEXT, "date": {"$date": "2024-03-04T10:00:00Z"}},
}
SCHEMA_ORG = {
    "@type": "NewsArticle",
    "headline": "Ferry",
    "articleBody": TEXT,
    "author": [{"@type": "Person", "name": "Ida Krog"}, {"@type": "Person", "name": "Per Lund"}],
    "publisher": {"@type": "Organization", "name": "The Marholm Post"},
    "datePublished": "2024-03-04",
    "mainEntityOfPage": {"@id": "https://post.example/a"},
}

GOOSE = {
    "domain": "www.post.example",
    "title": "Ferry",
    "cleaned_text": TEXT,
    "opengraph": {"site_name": "The Marholm Post", "type": "article"},
    "meta": {"lang": "en", "canonical": "https://post.example/a"},
    "authors": ["Ida Krog"],
    "publish_date": "2024-03-04",
}
EVENT_REGISTRY = {
    "uri": "812",
    "lang": "eng",
    "isDuplicate": False,
    "date": "2024-03-05",
    "time": "00:40:00",
    "dateTime": "2024-03-05T00:40:00Z",
    "dateTimePub": "2024-03-04T22:05:00Z",
    "url": "https://post.example/a",
    "title": "Ferry",
    "body": TEXT,
    "source": {"uri": "post.example", "dataType": "news", "title": "The Marholm Post"},
}
NEWSCATCHER = {
    "title": "Ferry",
    "published_date": "2024-03-04 05:30:00",
    "published_date_precision": "full",
    "clean_url": "post.example",
    "excerpt": "It sails.",
    "summary": TEXT,
}
READABILITY = {
    "title": "Ferry",
    "content": TEXT,
    "textContent": "Glued.Glued.",
    "excerpt": "It sails.",
    "siteName": "Post",
}

WORDPRESS = {
    "id": 71,
    "date": "2024-03-04T10:00:00",
    "link": "https://post.example/a",
    "title": {"rendered": "Ferry"},
    "content": {"rendered": TEXT, "protected": False},
    "excerpt": {"rendered": "<p>It sails.</p>\n", "protected": False},
    "author": 7,
    "categories": [3, 5],
    "tags": [8, "sea"],
}
GERMAN_TABLE = {
    "Überschrift": "Ferry",
    "Inhalt": TEXT,
    "Datum": "04.03.2024",
    "Autor(en)": "Ida Krog",
    "Quelle": "Post",
    "Ressort": "See",
}


def fields(reading: Reading) -> dict[str, list[str]]:
    """The values by field."""
    found: dict[str, list[str]] = {}
    for field in reading.fields:
        found.setdefault(field.field, []).append(field.value)
    return found


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        (
            NEWSPAPER,
            {
                "url": ["https://post.example/a"],
                "title": ["Ferry"],
                "authors": ["Ida Krog", "Per Lund"],
                "published": ["2024-03-04T00:00:00"],
                "language": ["en"],
                "canonical_url": ["https://post.example/a?x"],
            },
        ),
        (
            NEWS_PLEASE,
            {
                "authors": ["Ida Krog"],
                "fetched_at": ["2024-03-05 10:00:00"],
                "published": ["2024-03-04 00:00:00"],
                "deck": ["It sails."],
                "language": ["en"],
                "outlet_domain": ["post.example"],
                "title": ["Ferry"],
                "url": ["https://post.example/a"],
            },
        ),
        (
            NEWSAPI,
            {
                "outlet": ["The Marholm Post"],
                "authors": ["Ida Krog"],
                "title": ["Ferry"],
                "deck": ["It sails."],
                "url": ["https://post.example/a"],
                "published": ["2024-03-04T10:00:00Z"],
            },
        ),
        (
            WORDPRESS,
            {
                "published": ["2024-03-04T10:00:00"],
                "url": ["https://post.example/a"],
                "title": ["Ferry"],
                "deck": ["<p>It sails.</p>"],
                "authors": ["7"],
                "tags": ["sea"],
            },
        ),
        (
            GOOSE,
            {
                "outlet_domain": ["www.post.example"],
                "title": ["Ferry"],
                "outlet": ["The Marholm Post"],
                "language": ["en"],
                "canonical_url": ["https://post.example/a"],
                "authors": ["Ida Krog"],
                "published": ["2024-03-04"],
            },
        ),
        (
            EVENT_REGISTRY,
            {
                "url": ["812", "https://post.example/a"],
                "language": ["eng"],
                "published": ["2024-03-04T22:05:00Z"],
                "title": ["Ferry"],
                "outlet": ["The Marholm Post"],
            },
        ),
        (
            NEWSCATCHER,
            {
                "title": ["Ferry"],
                "published": ["2024-03-04 05:30:00"],
                "outlet_domain": ["post.example"],
                "deck": ["It sails."],
            },
        ),
        (READABILITY, {"title": ["Ferry"], "deck": ["It sails."], "outlet": ["Post"]}),
        (
            GERMAN_TABLE,
            {
                "title": ["Ferry"],
                "published": ["04.03.2024"],
                "authors": ["Ida Krog"],
                "outlet": ["Post"],
                "section": ["See"],
            },
        ),
        (
            GUARDIAN,
            {
                "section": ["Sea"],
                "published": ["2024-03-04T10:00:00Z"],
                "title": ["Ferry"],
                "url": ["https://post.example/a"],
                "authors": ["Ida Krog"],
                "deck": ["It sails."],
            },
        ),
        (
            TIMES,
            {
                "title": ["Ferry"],
                "authors": ["By Ida Krog"],
                "url": ["https://post.example/a"],
                "published": ["2024-03-04T10:00:00+0000"],
                "deck": ["It sails."],
                "section": ["Sea"],
            },
        ),
        (
            MEDIA_CLOUD,
            {
                "outlet": ["The Marholm Post"],
                "published": ["2024-03-04"],
                "fetched_at": ["2024-03-05T10:00:00"],
                "language": ["en"],
                "title": ["Ferry"],
                "url": ["https://post.example/a"],
            },
        ),
        (DATATROVE, {"url": ["https://post.example/a"], "published": ["2024-03-04"]}),
        (MONGO, {"title": ["Ferry"], "published": ["2024-03-04T10:00:00Z"]}),
        (
            SCHEMA_ORG,
            {
                "title": ["Ferry"],
                "authors": ["Ida Krog", "Per Lund"],
                "outlet": ["The Marholm Post"],
                "published": ["2024-03-04"],
                "canonical_url": ["https://post.example/a"],
            },
        ),
    ],
    ids=[
        "newspaper",
        "news-please",
        "NewsAPI",
        "WordPress",
        "Goose",
        "Event Registry",
        "NewsCatcher",
        "Readability",
        "German table",
        "Guardian",
        "Times",
        "Media Cloud",
        "datatrove",
        "MongoDB",
        "schema.org",
    ],
)
def test_records_of_common_crawlers(record: dict[str, object], expected: dict[str, list[str]]) -> None:
    """Their texts and fields are found under whatever names they have."""
    reading = read_fields(record)
    assert (reading.content, reading.form) == (TEXT, Form.TEXT)
    assert fields(reading) == expected


def test_trafilatura_record() -> None:
    """Its `source` is an address, and `source-hostname` the name of the outlet."""
    reading = read_fields(TRAFILATURA)
    assert reading.content == TEXT
    found = fields(reading)
    assert found["authors"] == ["Ida Krog; Per Lund"]
    assert found["published"] == ["2024-03-04"]
    assert found["outlet_domain"] == ["post.example"]
    assert found["url"] == ["https://post.example/a"]
    assert found["outlet"] == ["The Marholm Post"]


def test_names_mean_the_usual_where_a_service_is_not_told_for_certain() -> None:
    """A summary is no text, and a date no day of a search, in records that lack what the service always writes."""
    reading = read_fields({"title": "Ferry", "clean_url": "post.example", "summary": TEXT, "dateTime": "2024-03-04"})
    assert reading.content == ""
    assert fields(reading) == {"title": ["Ferry"], "deck": [TEXT], "published": ["2024-03-04"]}


def test_nest_of_fields_is_no_name() -> None:
    """A search server's `_source` holds the record, it isn't its outlet; NewsAPI's `source` is."""
    nested = read_fields({"_source": {"title": "Ferry", "text": TEXT}})
    assert (nested.content, fields(nested)) == (TEXT, {"title": ["Ferry"]})
    assert fields(read_fields({"source": {"id": "post", "name": "The Marholm Post"}})) == {
        "outlet": ["The Marholm Post"]
    }


def test_fundus_body_is_put_together() -> None:
    """Summary, headlines and paragraphs, each a paragraph of its own."""
    assert read_fields(FUNDUS).content == "It sails.\n\nSea\n\nOne.\n\nTwo."


def test_record_of_gdelt_has_no_text() -> None:
    """The day something was seen isn't the day it was published."""
    reading = read_fields(GDELT)
    assert reading.content == ""
    assert fields(reading)["fetched_at"] == ["20240304T101500Z"]
    assert "published" not in fields(reading)


@pytest.mark.parametrize(
    ("record", "content", "form"),
    [
        ({"text": "A.", "html": "<p>B.</p>"}, "A.", Form.TEXT),
        ({"html": "<p>B.</p>", "text": " \n"}, "<p>B.</p>", Form.HTML),
        ({"body": "<p>A.</p>"}, "<p>A.</p>", Form.HTML),
        ({"content": "A.<br>B.<br/>C."}, "A.<br>B.<br/>C.", Form.HTML),
        ({"raw_html": "A."}, "A.", Form.HTML),
        ({"text": "3 < 4 and <3"}, "3 < 4 and <3", Form.TEXT),
        ({"paragraphs": ["A.", "", "B."]}, "A.\n\nB.", Form.TEXT),
        ({"body": "B.", "text": "A."}, "A.", Form.TEXT),
        ({"lead_paragraph": "L.", "body": "B."}, "B.", Form.TEXT),
        ({"html": b"<p>\xe9</p>"}, b"<p>\xe9</p>", Form.HTML),
        ({"text": 5, "body": None, "content": {}}, "", Form.TEXT),
        ({}, "", Form.TEXT),
    ],
)
def test_content_of_a_record(record: dict[str, object], content: str | bytes, form: Form) -> None:
    """Text before markup, the surer name before the vaguer, markup wherever it stands."""
    reading = read_fields(record)
    assert (reading.content, reading.form) == (content, form)


@pytest.mark.parametrize(
    ("value", "values"),
    [
        ("Ida", ["Ida"]),
        (" Ida ", ["Ida"]),
        (["Ida", "Ida", "", None, "Per"], ["Ida", "Per"]),
        ({"name": "Ida"}, ["Ida"]),
        ([[{"name": "Ida"}]], ["Ida"]),
        (float("nan"), []),
        (None, []),
        ({}, []),
        (1_709_546_400, ["1709546400"]),
        (dt.date(2024, 3, 4), ["2024-03-04"]),
        ("\ud83d", ["\ufffd"]),
    ],
)
def test_values_of_a_field(value: object, values: list[str]) -> None:
    """Lists give one field for each value, objects their name, what is missing none."""
    assert [field.value for field in read_fields({"author": value}).fields] == values


def test_endless_lists_are_cut() -> None:
    """A list of thousands is no description of one article."""
    assert len(read_fields({"tags": [str(n) for n in range(10_000)]}).fields) == MAX_VALUES


def test_names_compare_without_case_and_punctuation() -> None:
    """One name in four spellings; a name that only begins like one isn't it."""
    assert {known_field(key) for key in ("publish_date", "publishDate", "Publish-Date", "PUBLISH DATE")} == {
        known_field("publishdate")
    }
    assert known_field("publish_dates_of_others") is None
    assert known_field("") is None


def test_storable_text_stays_as_it_is() -> None:
    """Only half surrogates are touched."""
    assert storable("Ærø 😀") == "Ærø 😀"
    assert storable("") == ""


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.json", '{"title": "A", "text": "Größe."}'.encode()),
        ("a.jsonl", '{"title": "A"}\n{"text": "Größe."}\n'.encode()),
        ("a.csv", "title;text\nA;Größe.\n".encode("cp1252")),
    ],
)
def test_records_that_are_text_state_no_encoding(name: str, content: bytes) -> None:
    """Where a container holds text, nobody knows the encoding of what it was made from."""
    assert {record.source.encoding for record in read_data(content, name, Settings())} == {None}

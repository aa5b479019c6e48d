"""What a page states of itself, as evidence."""

from __future__ import annotations

import pytest
from selectolax.lexbor import LexborHTMLParser

from copydesk.metadata import read_page


def test_linked_author_is_evidence() -> None:
    """A link with rel=author names the author, also where no other tag does."""
    page = read_page(
        LexborHTMLParser('<body><h1>Ice is back</h1><p>By <a rel="author" href="/x">Jane Roe</a></p></body>')
    )
    assert [e.value for e in page if e.source == "rel.author"] == ["Jane Roe"]


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ('<h1><a href="/">Sorrel Post</a></h1>', "outlet"),
        ('<h1><a href="https://sorrelpost.example/">Sorrel Post</a></h1>', "outlet"),
        ('<h1><a href="/2021/05/harbour">Harbour master resigns</a></h1>', "title"),
        ('<h1><a href="/">Sorrel</a>: harbour master resigns</h1>', "title"),
        ("<h1>Harbour master resigns</h1>", "title"),
        ("<h1></h1>", None),
    ],
)
def test_first_heading_of_a_page(heading: str, field: str | None) -> None:
    """A heading that links to the front page as a whole names the site; any other is the headline."""
    found = [e.field for e in read_page(LexborHTMLParser(f"<body>{heading}</body>")) if e.source.startswith("html.h1")]
    assert found == ([field] if field else [])


def test_overlong_value_is_refused_and_stays_visible() -> None:
    """A title of many thousand characters is no title; what it began with stays among the evidence."""
    [found] = read_page(LexborHTMLParser(f'<meta property="og:title" content="{"x" * 5000}">'))
    assert (found.value, found.confidence) == ("", 0.0)
    assert found.source == "og:title (refused: too long)"


def _published(body: str) -> list[str]:
    page = read_page(LexborHTMLParser(f"<h1>Ice is back</h1>{body}"))
    return [e.value for e in page if e.field == "published" and e.source == "html.date"]


def test_day_in_a_box_with_other_things_is_found() -> None:
    """A long box for dates is read line by line, and a box whose class speaks of the author may hold the day alone."""
    tags = "".join(f"<a>frost and ice {n}</a>" for n in range(12))
    assert _published(f"<div class='meta date-box'><span>Posted on April 13, 2023</span>{tags}</div>") == [
        "Posted on April 13, 2023"
    ]
    assert _published("<p class='author_publication-time'>2022-11-23T08:10+02:00</p>") == ["2022-11-23T08:10+02:00"]
    assert _published(f"<div class='meta date-box'>In winter 2023{tags}</div>") == []


def test_a_day_beside_the_headline_is_surer_than_one_of_a_box_elsewhere() -> None:
    """The first box for dates on a page may be the day of today or of another story."""
    page = "<p class='site-date'>Friday, December 19, 2025</p>" + "<p>Weather: frost.</p>" * 9
    page += "<h1>Ice is back</h1><p>December 12, 2025</p><p>The lake froze.</p>"
    found = [e for e in read_page(LexborHTMLParser(page)) if e.field == "published"]
    assert [e.source for e in found] == ["html.line", "html.date"]


def test_names_in_comments_are_no_authors() -> None:
    """Microdata of a reader's comment says who wrote the comment."""
    name = "<span itemprop='author'>{}</span>"
    comment = f"<div itemtype='https://schema.org/Comment' itemscope>{name.format('Max Moor')}</div>"
    own = f"<div itemtype='https://schema.org/Article' itemscope>{name.format('Jane Roe')}</div>"
    page = read_page(LexborHTMLParser(f"<h1>Ice is back</h1>{own}{comment}"))
    assert [e.value for e in page if e.field == "authors" and e.source.startswith("microdata")] == ["Jane Roe"]


@pytest.mark.parametrize(
    ("base", "canonical", "whole"),
    [
        ("https://courier.example/news/", "ice-is-back", "https://courier.example/news/ice-is-back"),
        ("https://courier.example/", "/2024/ice", "https://courier.example/2024/ice"),
        ("https://courier.example/", "https://lake.example/ice", "https://lake.example/ice"),
        ("/news/", "/2024/ice", "/2024/ice"),
    ],
)
def test_canonical_address_is_made_whole_with_the_base_of_the_page(base: str, canonical: str, whole: str) -> None:
    """A page may say from where its relative addresses are meant, above or below them."""
    page = LexborHTMLParser(f"<head><link rel='canonical' href='{canonical}'><base href='{base}'></head>")
    assert [(e.field, e.value) for e in read_page(page)] == [("canonical", whole)]

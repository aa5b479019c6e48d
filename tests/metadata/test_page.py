"""What a page states of itself, as evidence."""

from __future__ import annotations

from selectolax.lexbor import LexborHTMLParser

from copydesk.metadata import read_page


def test_linked_author_is_evidence() -> None:
    """A link with rel=author names the author, also where no other tag does."""
    page = read_page(
        LexborHTMLParser('<body><h1>Ice is back</h1><p>By <a rel="author" href="/x">Jane Roe</a></p></body>')
    )
    assert [e.value for e in page if e.source == "rel.author"] == ["Jane Roe"]


def test_overlong_value_is_refused_and_stays_visible() -> None:
    """A title of many thousand characters is no title; what it began with stays among the evidence."""
    [found] = read_page(LexborHTMLParser(f'<meta property="og:title" content="{"x" * 5000}">'))
    assert (found.value, found.confidence) == ("", 0.0)
    assert found.source == "og:title (refused: too long)"

"""Captions known by their pictures, the times of live-blog entries, and pleas."""

from __future__ import annotations

import pytest
from selectolax.lexbor import LexborHTMLParser

from copydesk.extraction.beside import entry_headings, is_entry_time, stands_apart, stands_by_image
from copydesk.extraction.page import walk_page

CAPTION = "The last crates of eels on the quay at Aldport"


@pytest.mark.parametrize(
    "text", ["12:15", "9h05", "14.30 Uhr", "Updated 12:40 CET", "12:15 – 3 April 2024", "午後5時03"]
)
def test_clock_times(text: str) -> None:
    """A clock time with hardly a word beside it is an entry's."""
    assert is_entry_time(text)


@pytest.mark.parametrize("text", ["", "3 April 2024", "At 12:15 the council voted.", "Ratio 112:155", "5 minutes ago"])
def test_no_clock_times(text: str) -> None:
    """Dates, sentences with a time in them and other figures are none."""
    assert not is_entry_time(text)


def test_marked_times_need_no_clock() -> None:
    """What its markup calls a time is one in any words; a long line is none."""
    assert is_entry_time("vor 5 Minuten", is_marked=True)
    assert not is_entry_time("The council voted when most of the hall had gone home", is_marked=True)


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        (f"<div><img src=a.jpg><p>{CAPTION}</p></div>", True),
        (f"<table><tr><td><img src=a.jpg></td></tr><tr><td>{CAPTION}</td></tr></table>", True),
        (f"<div><p>{CAPTION}</p></div>", False),
        ("<div><img src=a.jpg><p>Ada Quill</p></div>", False),
        (f"<div><img src=a.jpg><p><a href=/1>{CAPTION}</a></p></div>", False),
        (f"<div><img src=a.jpg><p>{CAPTION}</p><p>Another line of the box.</p></div>", False),
        (f"<table><tr><td><img src=a.jpg>{CAPTION}</td><td>A lamp for 39 crowns</td></tr></table>", False),
    ],
)
def test_the_only_text_beside_an_image(html: str, expected: bool) -> None:
    """Only the one text of a box with an image is a caption: no name, no link, no cell of a list of products."""
    segments = walk_page(LexborHTMLParser(f"<p>Before.</p>{html}<p>After.</p>"))
    place = next(at for at, text in enumerate(segments.texts) if text in (CAPTION, "Ada Quill"))
    assert stands_by_image(segments, place) is expected


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<div class=donate><p>Journalism like this is paid for by readers.</p></div>", True),
        ("<p class=subscriptionPlea>Journalism like this is paid for by readers.</p>", True),
        ("<p class=author>Ada Quill, harbour reporter</p>", True),
        ("<div class=donate><div><div><p>Journalism like this is paid for by readers.</p></div></div></div>", False),
        (f"<p class=author>{CAPTION} were carried off by the same men as in any year.</p>", False),
        ("<p>Journalism like this is paid for by readers.</p>", False),
    ],
)
def test_elements_that_ask_for_something(html: str, expected: bool) -> None:
    """A paragraph is a plea by the name of its element or the one around it, a byline by its own and if it is short."""
    assert stands_apart(walk_page(LexborHTMLParser(f"<div>{html}</div>")), 0) is expected


def _headings(html: str, *chosen: str) -> list[str]:
    """The headings that are taken where segments with these beginnings were chosen."""
    segments = walk_page(LexborHTMLParser(html))
    places = frozenset(at for at, text in enumerate(segments.texts) if text.startswith(chosen))
    return [segments.texts[at] for at in sorted(entry_headings(segments, places))]


def test_headings_over_the_entries_of_a_live_blog() -> None:
    """Those of one make belong to the entries below them, with a time between or not."""
    entries = [("Wall damaged", "10:40"), ("Bridge to close", "09:15"), ("Ferries cancelled", "07:30")]
    html = "".join(f"<div><h3>{head}</h3><time>{time}</time><p>Text of {time}.</p></div>" for head, time in entries)
    assert _headings(html, "Text") == ["Wall damaged", "Bridge to close", "Ferries cancelled"]
    assert _headings(html, "Text", "Wall") == ["Bridge to close", "Ferries cancelled"]
    named = "".join(f"<div><div class=headline>{h}</div><p>Text of {t}.</p></div>" for h, t in entries)
    assert _headings(named, "Text") == ["Wall damaged", "Bridge to close", "Ferries cancelled"]


def test_headings_of_other_things_stay_out() -> None:
    """Two are no row, those of another make aren't of it, and what stands over no text heads none."""
    entry = "<div><h3>Wall damaged</h3><p>Text.</p></div>"
    assert _headings(entry * 2, "Text") == []
    related = "<aside><h4>More on this</h4></aside><p>Text of the next.</p>"
    assert "More on this" not in _headings(entry * 3 + related, "Text")
    lists = "<div><h3>Sport</h3><p>One</p><p>Two</p><p>Three</p></div>"
    assert _headings(lists * 3 + "<p>Text.</p>", "Text.") == []
    assert _headings(entry * 3, "Nothing") == []
    boxes = "<p>Text.</p><aside><div><h3>Prince opens bridge</h3></div></aside>" * 4 + "<p>Text.</p>"
    assert _headings(boxes, "Text") == []
    links = "<div><h3><a href=/b>Prince opens bridge</a></h3><p>Text.</p></div>"
    assert _headings(links * 3, "Text") == []

"""Tests of bylines and dates in the lines around a headline."""

from __future__ import annotations

import pytest
from selectolax.lexbor import LexborHTMLParser

from copydesk.metadata.titles import fold_title
from copydesk.metadata.visible import read_lines


def lines(html: str, *titles: str) -> dict[str, str]:
    """Field and value of what the lines say."""
    found = read_lines(LexborHTMLParser(html), frozenset(map(fold_title, titles)))
    return {e.field: e.value for e in found}


def test_page_without_a_headline_says_nothing() -> None:
    """No h1, no lines."""
    assert lines("<p>By Jane Roe</p>") == {}


@pytest.mark.parametrize("below", ["March 5, 2024", "4 min read", "Staff Reporter"])
def test_name_alone_is_an_author_over_a_day_or_a_role(below: str) -> None:
    """A name under the headline is believed where a day, a read time or a role stands under it."""
    assert lines(f"<h1>Ice is back</h1><p>Jane Roe</p><p>{below}</p><p>Ice.</p>")["authors"] == "Jane Roe"


@pytest.mark.parametrize("line", ["Top Stories", "Growth Marketing", "Jane Roe"])
def test_name_alone_is_none_over_prose(line: str) -> None:
    """Headings, and names that prose follows, are no bylines."""
    assert "authors" not in lines(f"<h1>Ice is back</h1><p>{line}</p><p>The lake froze in the night.</p>")


def test_prefix_in_a_line_of_its_own_takes_the_name_and_leaves_the_role() -> None:
    """By / Jane Roe, editor of the Courier: the person of the next line."""
    assert lines("<h1>Ice is back</h1><b>By</b><b>Jane Roe, editor of the Lake Courier</b>")["authors"] == "Jane Roe"


def test_headline_in_a_menu_is_passed_by() -> None:
    """Where a list of stories has the headline first, the place with a byline is read."""
    html = (
        "<ul><li>Ice is back</li><li>Roads closed</li></ul><p>Roads</p><p>Bridges</p><p>Rails</p><p>Ports</p><p>Air</p>"
        "<p>One</p><p>Two</p><p>Six</p><p>Ten</p><p>Ash</p><p>Elm</p><p>Fir</p><p>Oak</p><p>Yew</p>"
        "<h1>Ice is back</h1><p>By Jane Roe</p><p>March 5, 2024</p>"
    )
    assert lines(html) == {"authors": "Jane Roe", "published": "March 5, 2024"}


def test_headline_is_the_one_that_the_page_states() -> None:
    """The first h1 may be the site's name: the stated title tells."""
    html = "<h1>Lake Courier</h1><p>News</p>" + "<p>Menu</p>" * 30 + "<h1>Ice is back</h1><p>By Jane Roe</p>"
    assert lines(html, "Ice is back") == {"authors": "Jane Roe"}


def _read_authors(page: str) -> list[tuple[str, str]]:
    return [(e.value, e.source) for e in read_lines(LexborHTMLParser(page)) if e.field == "authors"]


def test_byline_far_from_the_headline_counts_if_it_is_the_only_one() -> None:
    """A byline below the text is the article's where no other line of the page names somebody else."""
    text = "<p>The lake froze on Monday, and the village went out to skate.</p>" * 20
    page = f"<h1>Ice is back</h1>{text}<p>Written by Jane Roe</p><p>Written by</p><p>Jane Roe</p>"
    assert _read_authors(page) == [("Jane Roe", "html.line.only")]
    dated = page.replace("<p>Written by</p>", "<p>April 8, 2024</p><p>Written by</p>")
    assert lines(dated) == {"authors": "Jane Roe", "published": "April 8, 2024"}
    assert _read_authors(f"{page}<h3>Ferry stuck</h3><p>By Max Moor</p>") == []


def test_menu_that_sorts_by_something_names_nobody() -> None:
    """What follows "By" must be made of names; readers' comments are signed in small letters or "Posted by"."""
    text = "<p>The lake froze on Monday, and the village went out to skate.</p>" * 20
    assert _read_authors(f"<h1>Ice is back</h1>{text}<p>By Event Type</p>") == []
    assert _read_authors(f"<h1>Ice is back</h1>{text}<p>by</p><p>Jane Roe</p>") == []
    assert _read_authors(f"<h1>Ice is back</h1>{text}<p>Posted by: Jane Roe</p>") == []


@pytest.mark.parametrize("blanks", [0, 5, 3000])
def test_lines_are_found_across_any_stretch_of_blanks(blanks: int) -> None:
    """What stands above and below the headline is read however much white space lies between."""
    gap = "\n" * blanks + " " * blanks
    html = f"<pre>March 5, 2024{gap}</pre><h1>Ice is back</h1><pre>{gap}By Jane Roe</pre>"
    assert lines(html) == {"authors": "Jane Roe", "published": "March 5, 2024"}


def test_headline_within_another_line_is_no_place_of_it() -> None:
    """A line that only begins or ends with the headline is another story's."""
    others = "<p>Ice is back, again</p><p>By Max Moor</p><p>So: Ice is back</p><p>By Bob Ray</p>"
    assert lines(f"{others}{'<p>Menu</p>' * 20}<h1>Ice is back</h1>") == {}


def test_name_and_day_joined_by_a_mark() -> None:
    """A line of the page that joins both says both."""
    assert lines("<h1>Ice is back</h1><p>Jane Roe | March 5, 2024</p><p>Ice.</p>") == {
        "authors": "Jane Roe",
        "published": "March 5, 2024",
    }
    section = "<h1>Ice is back</h1><p>Products Liability | March 5, 2024</p><p>Ice.</p>"
    assert lines(section) == {"published": "March 5, 2024"}
    assert lines("<h1>Ice is back</h1><p>Ice | cold since March 5, 2024</p><p>Ice.</p>") == {}


def test_page_without_an_h1_has_its_headline_in_a_lower_heading() -> None:
    """It is the one with which the stated title begins; other headings are those of other stories."""
    page = "<h3>거위 떼에 멈춘 더비</h3><p>김민수 기자</p><p>입력 2025.11.16 00:30</p><p>Ice.</p>"
    assert lines(page, "거위 떼에 멈춘 더비 - 해안일보") == {"authors": "김민수", "published": "입력 2025.11.16 00:30"}
    assert lines(page, "다른 기사의 제목입니다 - 해안일보") == {}


def test_reporter_behind_a_name_is_asked_only_of_scripts_that_print_it_so() -> None:
    """The role alone names nobody."""
    assert lines("<h1>거위 떼에 멈춘 더비</h1><p>기자</p><p>Ice.</p>") == {}


def test_days_of_a_timeline_are_not_those_of_publication() -> None:
    """The first entry below the headline says a day of the story; a lone day there is the article's."""
    entries = "<p>March 4, 2011</p><p>They vote for a bridge.</p><p>June 20, 2013</p><p>The steel comes.</p>"
    assert lines(f"<h1>How the bridge was lost</h1>{entries}") == {}
    alone = "<p>March 4, 2011</p><p>They vote for a bridge.</p><p>The steel comes.</p>"
    assert lines(f"<h1>How the bridge was lost</h1>{alone}") == {"published": "March 4, 2011"}

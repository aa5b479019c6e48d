"""Bylines and dates that only the class of their element tells."""

from __future__ import annotations

from html import escape

import pytest
from selectolax.lexbor import LexborHTMLParser

from copydesk.metadata.class_words import MAX_QUERIED, MAX_VISIBLE, read_classes


def found(html: str) -> list[tuple[str, str]]:
    """Field and value of what the classes of a page tell."""
    return [(e.field, e.value) for e in read_classes(LexborHTMLParser(html))]


@pytest.mark.parametrize("words", ["byline", "story Article-Byline", "post\n author-name", "AUTHOR", "a b\tautor c"])
def test_class_words_of_bylines(words: str) -> None:
    """Words are told by what parts them, in any case."""
    assert found(f'<p class="{words}">Jane Roe</p>') == [("authors", "Jane Roe")]


@pytest.mark.parametrize("words", ["authoritative", "author-bio", "comment-author", "candidate", "runtime", ""])
def test_words_that_only_look_like_it(words: str) -> None:
    """Parts of other words, boxes of other people and elements without such words say nothing."""
    assert found(f'<p class="{words}">Jane Roe, May 5, 2024</p>') == []


def test_first_date_is_surer_than_later_ones() -> None:
    """The days of other stories are kept as weak evidence, in the order of the page."""
    page = LexborHTMLParser('<i class="date">May 5, 2024</i><i class="entry-date">May 6, 2024</i>')
    assert [(e.value, e.source) for e in read_classes(page)] == [
        ("May 5, 2024", "html.date"),
        ("May 6, 2024", "html.date.later"),
    ]


def test_a_box_with_byline_and_day_is_a_byline() -> None:
    """A class may say both: the day counts by itself only where nothing else is in the box."""
    assert found('<p class="author date">Jane Roe, May 5, 2024</p>') == [("authors", "Jane Roe, May 5, 2024")]


def test_a_page_of_comments_is_read_to_a_bound() -> None:
    """Thousands of such elements cost no more than the first of them."""
    assert len(found("".join(f'<i class="date">May {i}, 2024</i>' for i in range(1, 3000)))) == MAX_VISIBLE


@pytest.mark.parametrize("words", ['a" date "b', "a\\\\b\ndate", "date [x] (y)", "é date 日", "date '", "a&b date"])
def test_classes_with_odd_marks_are_found(words: str) -> None:
    """Quotes, backslashes and line ends in a class don't hide its element, whoever collected the classes."""
    page = LexborHTMLParser(f'<p class="{escape(words)}">May 5, 2024</p><p class="x">May 6, 2024</p>')
    [found] = read_classes(page, frozenset([words, "x"]))
    assert found.value == "May 5, 2024"
    assert read_classes(page) == [found]


def test_many_different_classes_are_read_in_the_order_of_the_page() -> None:
    """More classes than the parser is asked for at once give the same."""
    html = "".join(f'<i class="date x{i}">May {i}, 2024</i>' for i in range(1, MAX_QUERIED + 5))
    page = LexborHTMLParser(f"<h1>Ice</h1>{html}")
    classes = frozenset(f"date x{i}" for i in range(1, MAX_QUERIED + 5))
    assert [e.value for e in read_classes(page, classes)] == [f"May {i}, 2024" for i in range(1, MAX_QUERIED + 5)]

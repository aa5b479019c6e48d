"""Tests of words that are a button or what they say."""

from __future__ import annotations

import pytest

from copydesk.article import Article, Block, BlockKind, Source
from copydesk.boilerplate import apply_rules
from copydesk.settings import Settings

TEXT = "The club of Lindhaven has walked the ice road to Holm each winter since the war, whatever the weather."
PACK = ("Map", "Compass", "Watch", "Rope", "Tea and bread")


def kept(*lines: str | Block) -> list[str]:
    """What is kept of these lines, which stand in the middle of a text."""
    blocks = (Block(TEXT), *(line if isinstance(line, Block) else Block(line) for line in lines))
    article = Article("a", Source("a.txt", 0, None), (*blocks, Block(TEXT.replace("winter", "year"))))
    return [block.text for block in apply_rules(article, Settings()).blocks[1:-1] if block.kept]


@pytest.mark.parametrize("word", ["Play", "Pinterest", "Video", "Corrections"])
def test_subhead_of_the_paragraph_that_begins_with_it_stays(word: str) -> None:
    """A word above a paragraph about it is its subhead."""
    about = f"{word} is what most of the walkers named when we asked how they spend the hours of waiting for the ice."
    assert kept(word, about) == [word, about]


@pytest.mark.parametrize("word", ["Play", "Pinterest", "Video"])
def test_button_above_another_paragraph_goes(word: str) -> None:
    """The same word above a paragraph about something else is a button, and so it is above another button."""
    other = "Most of the walkers waited for the ice in the inn, where the host had lit the stove for them at noon."
    assert kept(word, other) == [other]
    assert kept("Share", "Share this story") == []


def test_word_of_a_list_stays() -> None:
    """Among what walkers pack a watch is a watch, in lines as in items of a list."""
    assert kept(*PACK) == list(PACK)
    items = [Block(text, BlockKind.LIST_ITEM) for text in PACK]
    assert kept(*items) == list(PACK)
    marked = [f"- {text}" for text in ("Roads", "Corrections", "Courts", "Schools")]
    assert kept(*marked) == marked


def test_button_among_buttons_goes() -> None:
    """In a bar of buttons, and in a list that is too short to be one, each word is a button."""
    assert kept("Facebook", "Twitter", "Pinterest", "Email") == []
    assert kept("Map", "Share", "Email", "Rope", "Tea and bread") == ["Map", "Rope", "Tea and bread"]
    assert kept("Map", "Watch") == ["Map"]


def test_advertisement_in_a_list_goes() -> None:
    """A word that says what it is goes from a list, too."""
    assert kept("Map", "Compass", "Advertisement", "Rope", "Tea and bread") == [
        "Map",
        "Compass",
        "Rope",
        "Tea and bread",
    ]


def test_buttons_below_the_title_go() -> None:
    """At the top no text stands above: names, days and buttons stand one below the other there."""
    lines = ("Ice on the road", "Lindhaven", "Share", "A winter story", "Second part")
    article = Article("a", Source("a.txt", 0, None), (*map(Block, lines), Block(TEXT)))
    assert "Share" not in apply_rules(article, Settings()).text

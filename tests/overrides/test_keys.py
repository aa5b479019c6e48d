"""What names a paragraph for good."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from copydesk.overrides import text_key
from copydesk.overrides.keys import text_keys


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ayear has passed.", "A year has passed."),
        ("“It’s over,” he said.", '"It\'s over," he said.'),
        ("The har-\nbour froze", "The harbour froze"),
        ("The ﬁrst ferry", "The first ferry"),
        ("the\u200bport\u00ad", "THE PORT"),
        ("Cafe\u0301", "Café"),
        ("a\ud800b", "a\ufffdb"),
    ],
)
def test_repairs_leave_the_key_alone(one: str, other: str):
    """A paragraph keeps its name when quotes, blanks, ligatures, accents or torn words are repaired."""
    assert text_key(one) == text_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("It cost £3m.", "It cost $3m."), ("Up 1.2", "Up 12"), ("Score 2-1", "Score 21"), ("कि", "का"), ("nine", "none")],
)
def test_what_is_said_is_part_of_the_key(one: str, other: str):
    """Other letters, vowels, numbers and currencies are other paragraphs."""
    assert text_key(one) != text_key(other)


def test_lines_without_letters_have_keys():
    """Asterisks between sections are told from dashes; nothing has an empty key."""
    assert text_key(" * * * ") == "* * *"
    assert text_key("———") == "———"
    assert text_key("") == ""


def test_no_texts_have_no_keys():
    """Many at once: none for none, and an empty text among others has its own."""
    assert text_keys([]) == []
    assert text_keys(["", "Ferry", ""]) == ["", "ferry", ""]


@settings(deadline=None, max_examples=60)
@given(st.lists(st.text(alphabet="aB1. \n\x1f-“—£é\ud83d\u2028", max_size=12), max_size=5))
def test_keys_of_many_texts_are_those_of_each(texts: list[str]):
    """Whatever stands in the texts before and behind it, a text has the key that it has alone."""
    assert text_keys(texts) == [text_key(text) for text in texts]

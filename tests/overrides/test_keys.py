"""What names a paragraph for good."""

from __future__ import annotations

import pytest

from copydesk.overrides import text_key


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

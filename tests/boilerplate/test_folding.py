"""Lines as rules see them, and their words as the first look sees them."""

from __future__ import annotations

import pytest

from copydesk.boilerplate.folding import fold_line, fold_lines, join_lines, word_lists


@pytest.mark.parametrize(
    ("line", "folded"),
    [
        ("•\u00a0Don’t miss:\u00a0the port", "Don't miss: the port"),
        ("  “Ice”  on\tthe roads  ", '"Ice" on the roads'),
        ("(Sign up for the tip sheet)", "Sign up for the tip sheet"),
        ("Sign up (it is free)", "Sign up (it is free)"),  # the bracket closes one in the line
        ("", ""),
        ("—", ""),
    ],
)
def test_lines_are_folded(line: str, folded: str) -> None:
    """Quotes are straight, blanks single and plain, and no bullet or lonely bracket stands at the edges."""
    assert fold_line(line) == folded


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("Read “more”…", [b"read", b"more"]),
        ("ÜBER UNS", ["über".encode(), b"uns"]),
        ("ΟΔΟΣ ΑΒΓΔΕΖΗΘΙ", ["οδος".encode(), "αβγδεζηθι".encode()]),  # a capital with two small forms, and many others
        ("—", []),
    ],
)
def test_words_are_small_and_parted_by_marks(line: str, words: list[bytes]) -> None:
    """Letters beyond ASCII are made small like others; quotes, dashes and dots part words."""
    assert word_lists([line]) == [words]


def test_each_line_has_words_of_its_own() -> None:
    """A line end within a line is a blank; no lines have none."""
    assert join_lines(["Read\nmore", "", "Ice"]) == "Read more\n\nIce"
    assert word_lists(["Read\nmore", "", "Ice"]) == [[b"read", b"more"], [], [b"ice"]]
    assert (word_lists([]), fold_lines([])) == ([], b"")

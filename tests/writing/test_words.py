"""Counting words."""

import pyarrow as pa
import pytest

from copydesk.writing.words import count_words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", 0),
        ("— … !", 0),
        ("One two\n\nthree.", 3),
        ("Well-known; doesn't count twice", 4),
        ("gone—and back", 3),
        ("हिन्दी में समाचार", 3),
        ("한국어 기사", 2),
        ("東京は雨です。", 6),
        ("Tokyo 東京", 3),
        ("ข่าว", 3),
    ],
)
def test_words_are_counted(text: str, words: int) -> None:
    """Runs between gaps count as one; letters of scripts without spaces count one by one."""
    assert count_words(pa.array([text])).to_pylist() == [words]


def test_long_runs_of_marks_are_no_burden() -> None:
    """100 kB of punctuation hold no word."""
    assert count_words(pa.array(["-" * 50_000 + "—" * 50_000])).to_pylist() == [0]

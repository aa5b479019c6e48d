"""Counting words."""

import random

import pyarrow as pa
import pytest

from copydesk.writing.words import count_words, match_words


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


def test_arrays_count_as_the_expressions_do() -> None:
    """Every kind of gap, letter and mark, in every order, alone and among texts in other scripts."""
    draw = random.Random(7)  # noqa: S311
    characters = [
        *"aÉ9 \n\t—–-'.!ก新한かд٣²½😀ΩªﬁⅧǆ",
        "\u00a0",
        "\u2009",
        "\u2028",
        "\x85",
        "\u0301",
        "\u00ad",
        "\u3000",
    ]
    texts = ["".join(draw.choices(characters, k=draw.randrange(24))) for _ in range(2_000)]
    assert count_words(pa.array(texts)).equals(match_words(pa.array(texts)))


def test_neighbours_change_no_count() -> None:
    """Each text is counted by itself, one that the expressions count among others, too."""
    texts = pa.array(["One two", "", "three", "four — five six", "", "七"])
    assert count_words(texts).to_pylist() == [2, 0, 1, 3, 0, 1]

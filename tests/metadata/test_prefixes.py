"""What a byline begins with, in every script, and what only looks like it."""

from __future__ import annotations

import pytest

from copydesk.metadata.prefixes import has_prefix_start, strip_prefix


@pytest.mark.parametrize(
    ("line", "rest"),
    [
        ("By Jane Roe", "Jane Roe"),
        ("by: Jane Roe", "Jane Roe"),
        ("WRITTEN BY JANE ROE", "JANE ROE"),
        ("Von Jana Roth", "Jana Roth"),
        ("Автор: Иван Петров", "Иван Петров"),
        ("文・山田 花子", "山田 花子"),
        ("By\u00a0Ali Khan", "Ali Khan"),
    ],
)
def test_a_prefix_is_cut_off(line: str, rest: str) -> None:
    """What stands behind the prefix is the byline's rest, in any case and after any space or colon."""
    assert has_prefix_start(line)
    assert strip_prefix(line) == rest


@pytest.mark.parametrize("line", ["Byron Roe", "Bypass opens", "Vonda Roe", "文化の日", "Jane Roe", ""])
def test_a_word_that_begins_like_a_prefix_is_none(line: str) -> None:
    """A prefix ends at a space, a colon or a mark; an empty line has none."""
    assert strip_prefix(line) is None


def test_a_prefix_alone_has_no_rest() -> None:
    """A line that is nothing but a prefix, whose name stands in the next one, gives none."""
    assert strip_prefix("By") is None
    assert has_prefix_start("By")

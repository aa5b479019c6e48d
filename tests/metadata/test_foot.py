"""Tests of the foot of a pasted article."""

from __future__ import annotations

import pytest

from copydesk.article import Block
from copydesk.metadata.foot import read_foot

STORY = ("Three of the seven seats are up on Tuesday.", "The polls are open from seven to nine.", "It will be close.")


@pytest.mark.parametrize(
    ("foot", "persons"),
    [
        ((), []),
        (("Samuel Oduya is a pilot and the author of a history of the harbour.",), ["Samuel Oduya"]),
        (
            (
                "Anna Brandt is a teacher and wants smaller classes.",
                "Samuel Oduya is a pilot and the author of a history of the harbour.",
                "Irina Petrov is a lawyer and wants a new roof.",
            ),
            [],
        ),
        (
            (
                "Anna Brandt is a fellow at Lind College.",
                "Samuel Oduya is the author of a history of the harbour.",
                "Irina Petrov is a correspondent for Harbor Times.",
            ),
            ["Anna Brandt", "Samuel Oduya", "Irina Petrov"],
        ),
    ],
)
def test_candidates_are_no_authors(foot: tuple[str, ...], persons: list[str]) -> None:
    """A line about a person at the foot names the author, unless it is one of a list of people without posts."""
    found = read_foot([Block(text) for text in (*STORY, *foot)], None)
    assert [line.person for line in found] == persons

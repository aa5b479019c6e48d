"""Tests of lines about the author."""

from __future__ import annotations

import pytest

from copydesk.article import Article, Block, Source
from copydesk.boilerplate.bios import is_bio
from copydesk.boilerplate.furniture import apply_rules
from copydesk.boilerplate.rules import Place
from copydesk.settings import Settings

FOOT, MIDDLE = Place(9, 10), Place(20, 60)
STORY = ("The quay was empty on Sunday.", "Nobody had seen the ferry.")


@pytest.mark.parametrize(
    "line",
    [
        "Nadia Duffy is a columnist at Harbor Times and an author. She was a bureau chief for ten years.",
        "Tom Reyes is a freelance journalist based in Lind. He tweets at @tomreyes.",
        "About the author: Mei Tanaka is a visiting fellow at the Lind Institute and the author of two books.",
        "— Hugh Abbott is a senior fellow at the Institute of Ports.",
        "Priya Nguyen, a former mayor of Lind, is the author of “Quays.”",
        "Orsola Finch’s most recent book is “Quays”. She lives in Lind.",
        "Ruth van Dyke is a staff writer for Capital Dispatch.",
    ],
)
def test_takes_bios_at_the_foot(line: str) -> None:
    """A person, a present tense, a role: at the foot that is the author."""
    assert is_bio(line, FOOT, (), STORY)


def test_takes_a_plain_bio_in_the_middle_if_it_is_unmistakable() -> None:
    """Away from the foot the wording must be an author's note's."""
    assert is_bio("Tom Reyes is a freelance writer based in Lind. Follow him on Twitter: @tomreyes", MIDDLE, (), STORY)
    assert not is_bio("Tom Reyes is the president of the dockers' union.", MIDDLE, (), STORY)


def test_knows_the_author_by_name() -> None:
    """A line that starts with an author of the article may say anything of them at the foot."""
    assert is_bio("Tom Reyes covers shipping for Northern Post.", FOOT, ("Tom Reyes",), STORY)
    assert not is_bio("Tom Reyes covers shipping for Northern Post.", FOOT, ("Ann Brandt",), STORY)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "The quay is a place for writers.",
        "Nadia Duffy is angry.",
        "Ruth Abbott is a professor at Lind University, she said on Friday that the ice would stay.",
        "Former Senator Roland Dane is being accused of trying to get a job as a consultant.",
    ],
)
def test_leaves_people_in_the_story(line: str) -> None:
    """A source is introduced with what they say; feelings and charges are no role."""
    assert not is_bio(line, FOOT, (), STORY)


def test_leaves_a_person_the_story_speaks_about() -> None:
    """Who is named elsewhere in the text is part of the story."""
    line = "Nadia Duffy is a columnist at Harbor Times and an author."
    assert not is_bio(line, FOOT, (), (*STORY, "“We froze all through that winter, and the next,” Duffy recalls."))


GUIDE = (
    "Anna Brandt is a teacher and the former president of the parents' association. She wants smaller classes.",
    "Samuel Oduya is a retired ferry pilot and the author of a history of the harbour. He wants the pool back.",
    "Irina Petrov is a lawyer who has lived in Marsh End since 1998. She wants a new roof on the gym.",
)


def _texts(lines: tuple[str, ...]) -> list[str]:
    story = tuple(f"The {n} of the seven seats on the board is filled on Tuesday." for n in ("first", "third", "last"))
    blocks = tuple(Block(line) for line in (*story, *lines))
    article = Article("a", Source("a.txt", 0, None), blocks)
    return [block.text for block in apply_rules(article, Settings()).blocks if block.kept][3:]


def test_a_list_of_candidates_stays() -> None:
    """Of two candidates nobody says where they work: so none is the author of their guide."""
    assert _texts(GUIDE) == list(GUIDE)


def test_notes_on_several_authors_go() -> None:
    """Authors have posts at a named place; who has none may be anybody, and a foot without notes is no list."""
    notes = ("Anna Brandt is a fellow at Lind College.", "Irina Petrov is a lawyer with Reyes & Roe.")
    assert _texts(notes) == []
    assert _texts(("Hugh Moss is the race director, and he has never run a step.",)) != []
    assert _texts(()) == []


def test_the_post_of_what_the_story_is_about_stays() -> None:
    """Who runs the shelter is news of the shelter; a note names what nobody has spoken of."""
    story = ("The town's only night shelter turned people away on Sunday.",)
    assert not is_bio("Dana Whitlock is the director of the shelter. She began there as a cook.", FOOT, (), story)
    assert is_bio("Dana Whitlock is the director of the Harbour Institute.", FOOT, (), story)
    assert is_bio("Dana Whitlock is the author of the book “Shelter”.", FOOT, (), story)

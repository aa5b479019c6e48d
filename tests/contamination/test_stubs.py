# ruff: noqa: E501 - an example paragraph stands in one line, as it does in an article
"""Tests of records that hold no article."""

from __future__ import annotations

from dataclasses import replace

import pytest

from copydesk.article import Article, Block, Outcome, Source
from copydesk.boilerplate import apply_rules
from copydesk.contamination import check_article
from copydesk.contamination.stubs import count_words, is_plenty
from copydesk.settings import Settings

BRIEF = "Two crews were rescued from the ice off Lindhaven on Sunday night, the coast guard said. Nobody was hurt, and both ships will be towed to port when the weather allows it."


def checked(*lines: str) -> Article:
    """The record after the rules and the check."""
    article = Article("a", Source("a.txt", 0, None), tuple(Block(line) for line in lines))
    return check_article(apply_rules(article, Settings()), Settings())


def test_brief_of_thirty_words_is_an_article() -> None:
    """Short is not empty."""
    assert checked(BRIEF).outcome is Outcome.CLEAN


def test_one_sentence_is_an_article() -> None:
    """An alert of one sentence is one."""
    assert checked("The port of Lindhaven is closed.").outcome is Outcome.CLEAN


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        ((), "nothing_left"),
        (("Advertisement", "Sign up for our newsletter"), "nothing_left"),
        (("We use cookies to make this site work. By going on you accept our cookie policy.",), "consent_page"),
        (("Please enable JavaScript to view this content.", "Home"), "stub"),
        (("Loading",), "stub"),
        (("404 Not Found",), "stub"),
        (tuple(f"Headline number {n} about the port" for n in range(15)), "section_front"),
    ],
)
def test_says_what_it_is_instead(lines: tuple[str, ...], code: str) -> None:
    """The reason names what the record is."""
    result = checked(*lines)
    assert result.outcome is Outcome.NO_ARTICLE
    assert result.reason.startswith(code)


def test_consent_notice_above_an_article_is_furniture() -> None:
    """A notice that came with a whole article costs it nothing."""
    result = checked("We use cookies to make this site work. By going on you accept our cookie policy.", BRIEF)
    assert result.outcome is Outcome.CLEAN
    assert result.text == BRIEF


def test_list_in_an_article_is_no_front() -> None:
    """Short lines beside sentences are a list in an article."""
    lines = [f"Ship number {n} of the fleet" for n in range(15)]
    assert (
        checked(
            BRIEF, *lines, BRIEF.replace("Sunday", "Monday"), "The list is not complete, the coast guard says."
        ).outcome
        is Outcome.CLEAN
    )


def test_other_outcomes_stay() -> None:
    """A record that was set aside before keeps its outcome and reason."""
    article = replace(Article("a", Source("a.txt", 0, None)), outcome=Outcome.QUARANTINED, reason="truncated")
    assert check_article(article, Settings()) == article


def test_briefs_in_scripts_without_spaces_count() -> None:
    """A brief in Chinese is no stub for having no spaces."""
    text = "林德港星期日夜间结冰，所有船只无法离开港口，海岸警卫队表示没有人员受伤。"
    assert count_words(text) > 8
    assert checked(text).outcome is Outcome.CLEAN


PLENTY = "The harbour master of Lindhaven said the ice would not let a ship through before Thursday at noon. " * 3


def test_paragraph_that_is_plenty_makes_an_article_of_anything() -> None:
    """Whatever short lines and notices stand around it."""
    assert is_plenty(PLENTY.strip())
    lines = [f"Headline number {n} about the port" for n in range(15)]
    notice = "We use cookies to make this site work. By going on you accept our cookie policy."
    assert checked(notice, *lines, PLENTY.strip()).outcome is Outcome.CLEAN


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Ice.",
        " ".join(["word"] * 39),
        " 港口结冰了船只无法离开" * 45,
    ],
)
def test_few_words_and_many_letters_are_not_plenty(text: str) -> None:
    """Too few words, and scripts whose characters count as parts of words."""
    assert not is_plenty(text.strip())


def test_forty_words_are_plenty() -> None:
    """The bound itself, plain, with other letters, and whatever white space parts the words."""
    assert is_plenty("word \t" * 40)
    assert not is_plenty("word  " * 39)
    assert is_plenty("\u00a0word" * 40)
    assert is_plenty(" ".join(["word"] * 40))
    assert is_plenty(" ".join(["\u201cl\u00e9gumes\u201d"] * 40))

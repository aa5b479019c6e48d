"""Judging: saved at once, undone at once, two windows don't overwrite each other."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from copydesk.errors import UsageError
from copydesk.overrides import Choice, Kind, load_overrides
from copydesk.review.desk import Desk, MeanwhileError

MakeDesk = Callable[..., Desk]


def test_judgement_is_in_the_file_at_once(make_desk: MakeDesk):
    """With the words, the rule and what it had done; the second of two equal paragraphs is told apart."""
    desk = make_desk(Kind.PARAGRAPH)
    promo = desk.cases[-1]
    desk.judge(promo, "keep", "")
    [entry] = load_overrides(desk.path).entries
    assert (entry.choice, entry.text, entry.nth) == (Choice.KEEP, "Subscribe now.", 1)
    assert entry.judgement is not None
    assert (entry.judgement.rule, entry.judgement.was, entry.judgement.drawn) == (
        "newsletter/1",
        "removed",
        "borderline",
    )
    assert desk.decided(promo) == "keep"


def test_keeping_a_copy_says_that_the_two_are_apart(make_desk: MakeDesk):
    """To remove it says that they are copies."""
    desk = make_desk(Kind.LINK)
    [case] = desk.cases
    desk.judge(case, "keep", "")
    desk.judge(case, "remove", "keep")
    assert [entry.choice for entry in load_overrides(desk.path).entries] == [Choice.APART, Choice.COPIES]


def test_undo_takes_back_the_last_one(make_desk: MakeDesk):
    """Step by step to the beginning; then there is nothing to take back."""
    desk = make_desk()
    first, second = desk.cases[:2]
    desk.judge(first, "keep", "")
    desk.judge(second, "remove", "")
    assert desk.undo() == second.name
    assert [e.articles for e in load_overrides(desk.path).entries] == [first.articles]
    assert desk.decided(second) == ""
    assert desk.undo() == first.name
    assert desk.undo() is None
    assert not load_overrides(desk.path)


def test_undo_leaves_what_a_person_has_changed(make_desk: MakeDesk):
    """Nothing is guessed: the entry stays, and so does the judgement."""
    desk = make_desk()
    desk.judge(desk.cases[0], "keep", "")
    desk.path.write_text(desk.path.read_text().replace('"keep"', '"remove" # no!'))
    with pytest.raises(UsageError, match="changed by hand"):
        desk.undo()
    assert desk.done == 1


def test_a_second_window_does_not_overwrite_the_first(make_desk: MakeDesk):
    """It is told what was said; the same keystroke again changes nothing."""
    desk = make_desk()
    case = desk.cases[0]
    desk.judge(case, "keep", "")
    desk.judge(case, "keep", "")
    with pytest.raises(MeanwhileError, match="keep"):
        desk.judge(case, "remove", "")
    assert len(load_overrides(desk.path).entries) == 1
    desk.judge(case, "remove", "keep")
    assert load_overrides(desk.path).entries[-1].choice is Choice.REMOVE


def test_skipped_cases_come_round_again(make_desk: MakeDesk):
    """After the last one comes the first that nobody has judged; at the end there is none."""
    desk = make_desk(Kind.PARAGRAPH)
    first, second, third, fourth = desk.cases
    assert desk.next_after(None) == first.name
    assert desk.next_after(first.name) == second.name
    for case in (second, third, fourth):
        desk.judge(case, "keep", "")
    assert desk.next_after(fourth.name) == first.name
    assert desk.next_after(first.name) == first.name
    desk.judge(first, "keep", "")
    assert desk.next_after(first.name) is None

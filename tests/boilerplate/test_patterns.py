"""Patterns of a rule take together what each of them takes by itself."""

from __future__ import annotations

import re

import pytest

from copydesk.boilerplate.folding import fold_line
from copydesk.boilerplate.patterns import compile_patterns
from copydesk.boilerplate.rules import Rule, load_rules

LINES = [fold_line(text) for rule in load_rules() for text in (rule.positive, rule.near_miss)]
MIXED = (r"^sign up\b", r"^\w+ your inbox\b", r"\bour app\b")


@pytest.mark.parametrize(
    ("line", "taken"),
    [
        ("Sign up now", True),
        ("\u017fign up now", True),  # a letter that passes for one of ASCII
        ("Please sign up", False),
        ("Check your inbox", True),
        ("Now check your inbox", False),
        ("Get our app", True),
        ("Our apple", False),
        ("", False),
    ],
)
def test_a_line_is_taken_by_its_start_or_by_what_it_holds(line: str, taken: bool) -> None:
    """Patterns for a start look nowhere else; what may begin with anything is tried where its text is."""
    assert compile_patterns(MIXED).takes(line, line.lower()) is taken


def test_no_patterns_take_nothing() -> None:
    """Nor may any line begin so."""
    none = compile_patterns(())
    assert not none.takes("Sign up", "sign up")
    assert not none.may_begin("s")
    assert not none.may_begin("é")


def test_what_a_line_may_begin_with() -> None:
    """A letter that is known, one beyond ASCII, or anything where one pattern doesn't say."""
    start = compile_patterns((r"^sign up\b", r"^\[?menu"))
    assert [start.may_begin(opening) for opening in ("s", "[", "t", "é")] == [True, True, False, True]
    assert start.may_begin_with_mark()
    assert not compile_patterns((r"^sign up\b",)).may_begin_with_mark()
    assert compile_patterns(MIXED).may_begin("t")


@pytest.mark.parametrize("rule", load_rules(), ids=[rule.id for rule in load_rules()])
def test_a_rule_takes_what_one_of_its_patterns_takes(rule: Rule) -> None:
    """Of all examples of the table, in capitals, too."""
    every = [(re.compile(pattern, re.IGNORECASE), pattern.startswith("^")) for pattern in rule.patterns]
    for text in LINES:
        for line in (text, text.upper(), f"Now {text}"):
            expected = any(one.match(line) if bound else one.search(line) for one, bound in every)
            assert rule.compiled.takes(line, line.lower()) == expected

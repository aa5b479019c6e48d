"""Tests of the first look at an article's lines: machine code and plain Python agree, and neither misses a line."""

from __future__ import annotations

import random

import pytest

from copydesk.boilerplate.bios import is_bio
from copydesk.boilerplate.first_look import _look_compiled, _look_plainly, look_over
from copydesk.boilerplate.folding import fold_lines
from copydesk.boilerplate.repeats import find_repeats
from copydesk.boilerplate.rules import Place, Rule, load_rules, match_rule

ids = [rule.id for rule in load_rules()]
BIO = "Nadia Duffy is a columnist for Harbor Times and a former foreign correspondent."
STORY = [
    "The port froze in the night of Sunday, and no ship left the quay.",
    "“We were cold and hungry all winter,” said a sailor who had come from the north with forty others.",
    "Nobody knew when the ice would go, the harbour master told the crews on Monday morning.",
]
LONG = "one two three four{}five six seven eight nine ten eleven twelve thirteen"


@pytest.mark.parametrize("rule", load_rules(), ids=ids)
def test_both_ways_list_the_rule_of_each_example(rule: Rule) -> None:
    """The rule that takes a line is among those that may, at the foot of an article."""
    lines = [*STORY, rule.positive]
    for look in (_look_compiled(lines, "Ice", None), _look_plainly(lines)):
        if look is not None:  # machine code leaves texts whose letters it doesn't know
            assert rule in dict(look.rules)[3]


def test_lines_of_a_story_are_nothing_else() -> None:
    """Of a story machine code lists no line, and nothing is looked for twice."""
    look = _look_compiled(STORY, "Ice holds ships in port", "A sailor tells of the winter")
    assert look is not None
    assert (look.rules, look.bios, look.may_repeat) == ([], [], False)


def test_an_article_without_lines_has_nothing() -> None:
    """No line, no rule."""
    for look in (_look_compiled([], None, None), _look_plainly([]), look_over([], "Ice", None)):
        assert look is not None
        assert not list(look.rules) + list(look.bios)


def test_every_character_is_folded_as_elsewhere_or_left() -> None:
    """Machine code reads the same words as plain Python, or says that it can't read a text."""
    readable = 0
    for point in (*range(1, 0xD800), *range(0xE000, 0x3200), *range(0xF900, 0x10000), *range(0x1F000, 0x1FB00)):
        line = LONG.format(chr(point))
        folded = " ".join(fold_lines([line]).decode().split(" "))
        look = _look_compiled([line, folded], "Ice", None)
        readable += look is not None
        assert look is None or look.may_repeat, hex(point)
    assert readable > 40_000


@pytest.mark.parametrize(
    ("line", "title", "deck"),
    [
        ("Ice holds ships in port", "Ice holds ships in port", None),
        ("ICE HOLDS SHIPS IN PORT!", None, "Ice holds ships in port"),
        ("The port froze in the night of Sunday, and no", None, None),
        ("The port froze in the night of Sunday, and no ship left.", "Ice", None),
        ("who had come from the north with forty others", "Ice", None),
        (STORY[2], "Ice", None),
        ("A U.S.", "Ice", None),
    ],
)
def test_what_may_repeat_is_said_to(line: str, title: str | None, deck: str | None) -> None:
    """A title, a deck, a lead, a quotation or a paragraph over again is looked for."""
    for lines in ([line, *STORY, "A U.S. ship waits."], [*STORY, "A U.S. ship waits.", line]):
        look = _look_compiled(lines, title, deck)
        assert look is not None
        assert look.may_repeat or not find_repeats(lines, title, deck)


def test_no_line_of_a_made_up_article_is_missed() -> None:
    """Over articles of examples, cut, doubled and mixed, whatever a rule takes was listed."""
    pool = [*STORY, BIO, *(rule.positive for rule in load_rules()), *(rule.near_miss for rule in load_rules())]
    rng = random.Random(4)  # noqa: S311 - drawn anew the same every time
    for _ in range(300):
        lines = [_changed(rng.choice(pool), rng) for _ in range(rng.randrange(1, 12))]
        lines.append(rng.choice(lines)[: rng.randrange(10, 200)])
        look = _look_compiled(lines, rng.choice(lines), None)
        if look is None:
            continue
        assert look.may_repeat or not find_repeats(lines, None, None)
        listed = dict(look.rules)
        for n, line in enumerate(lines):
            place = Place(n, len(lines))
            taken = match_rule(line, place)
            assert taken is None or taken in listed[n]
            assert n in look.bios or not is_bio(line, place, (), ())


def _changed(line: str, rng: random.Random) -> str:
    marks = ["", "", "", "”", "\u00a0", " ", "•", "é", "É", "\u200b", ".", "©", "\n"]
    at = rng.randrange(len(line) + 1)
    return line[:at] + rng.choice(marks) + line[at:]

"""A pattern that is passed over, for what a line lacks, wouldn't have taken the line."""

from __future__ import annotations

import re
import tomllib
from importlib.resources import files

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from copydesk.boilerplate.folding import fold_line
from copydesk.boilerplate.needles import SMALL_TO_SOME, compile_parsed, may_take, needles, openings, parse
from copydesk.boilerplate.patterns import compile_patterns
from copydesk.boilerplate.rules import load_rules

PATTERNS = [
    pattern
    for row in tomllib.loads(files("copydesk.data").joinpath("furniture.toml").read_text("utf-8"))["rule"]
    for pattern in row["patterns"]
]


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        (r"^follow us\b", {"follow us"}),
        (r"\b(?:our|your) inbox(?:es)?\b", {" inbox"}),
        (r"(?:subscribe|join us)(?: here)?[.!]", {"subscribe", "join us"}),
        (r"(?:now)?(?:here)*", set()),
        (r"a{0,3}b+", {"b"}),
        (r"(?!cookies)\w+", set()),
        (r"é(?:to|ga)", {"to", "ga"}),
        (r"(?>share)(?-i:ON)", {"share"}),
        (r"x|", set()),
        (r"", set()),
    ],
)
def test_needles_are_what_every_match_holds(pattern: str, expected: set[str]) -> None:
    """The rarest text that a pattern can't do without, small; none where there is no such text."""
    assert needles([parse(pattern)]) == expected


def test_one_pattern_without_needles_leaves_all_without() -> None:
    """A line may be taken by the one of which nothing is known."""
    assert needles(map(parse, [r"^share\b", r"\d+"])) == frozenset()


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        (r"^follow us\b", {"f"}),
        (r"^(?:Our|your)? inbox", {"o", "y", " "}),
        (r"^(?!read)[rw]\w+", {"r", "w"}),
        (r"^(?:\[|\()?©", {"[", "(", "©"}),
        (r"^\d+ comments", set()),
        (r"^(?:now)?", set()),
        (r"^[a-f]x", set()),
        (r"^.{3}", set()),
        (r"^kelvin|^\u212a", set()),
        (r"", set()),
    ],
)
def test_openings_are_what_every_match_begins_with(pattern: str, expected: set[str]) -> None:
    """The first characters, small, of all that a pattern takes; none where it may begin with anything or be empty."""
    assert openings([parse(pattern)]) == expected


def test_one_pattern_without_openings_leaves_all_without() -> None:
    """A line may begin as the one does of which nothing is known."""
    assert openings(map(parse, [r"^share\b", r"^\d+"])) == frozenset()
    assert openings(map(parse, [r"^share\b", r"^Like us"])) == {"s", "l"}


ODD = str.maketrans("ksi", "\u212a\u017f\u0131")
SAMPLES = [text for rule in load_rules() for text in (rule.positive, rule.near_miss)]


@pytest.mark.parametrize("pattern", PATTERNS)
def test_patterns_of_the_table_are_searched_where_they_match(pattern: str) -> None:
    """Every example line of every rule that a pattern takes holds one of its needles, in capitals, too."""
    needed = needles([parse(pattern)])
    search, parsed = re.compile(pattern, re.IGNORECASE), compile_parsed(parse(pattern))
    for text in SAMPLES:
        for line in (fold_line(text), fold_line(text).upper(), fold_line(text).translate(ODD)):
            assert str(parsed.search(line)) == str(search.search(line))
            if search.search(line):
                assert may_take(needed, line, line.lower())
            if pattern.startswith("^") and search.match(line):
                assert compile_patterns((pattern,)).takes(line, line.lower())


@settings(deadline=None, max_examples=80)
@given(st.sampled_from(PATTERNS).flatmap(lambda pattern: st.tuples(st.just(pattern), _lines(pattern))))
def test_lines_made_for_a_pattern_are_searched(case: tuple[str, str]) -> None:
    """Lines that hypothesis makes to match a pattern are never passed over."""
    pattern, line = case
    assert may_take(needles([parse(pattern)]), line, line.lower())
    if pattern.startswith("^") and re.compile(pattern, re.IGNORECASE).match(line):
        assert compile_patterns((pattern,)).takes(line, line.lower())


def _lines(pattern: str) -> st.SearchStrategy[str]:
    return st.from_regex(re.compile(pattern.replace("(?>", "(?:").replace("*+", "*").replace("}+", "}"), re.IGNORECASE))


def test_letters_that_pass_for_ascii_are_known() -> None:
    """No other letter of Unicode is taken for one of ASCII where case doesn't matter."""
    small = re.compile("[a-z]", re.IGNORECASE)
    assert {chr(point) for point in range(0x80, 0x110000) if small.match(chr(point))} == set(SMALL_TO_SOME)

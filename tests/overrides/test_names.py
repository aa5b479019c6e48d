"""The names of short blocks, by which the lines of entries are found."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from copydesk.article import Action, Article, Block, Decision, Source
from copydesk.overrides import text_key
from copydesk.overrides.names import LINE_CHARS, line_names, name_of


def article(*lines: str, decisions: tuple[Decision, ...] = ()) -> Article:
    """An article of these lines."""
    return Article("a", Source("a.txt", 0, None), tuple(map(Block, lines)), decisions=decisions)


def test_no_lines_have_no_names():
    """Neither no articles nor an article without blocks; one of paragraphs alone has none, too."""
    assert line_names([]).to_pylist() == []
    assert line_names([article(), article("a" * (LINE_CHARS + 1))]).to_pylist() == [[], []]


def test_lines_are_named_article_by_article():
    """What stands twice in an article has one name there, and the same in another article."""
    names = line_names([article("Sign up here", "SIGN UP: HERE!"), article("Read more", "Sign up here")]).to_pylist()
    assert names[0] == [name_of("signuphere")]
    assert names[1] == sorted([name_of("readmore"), name_of("signuphere")])


def test_earlier_wordings_have_names():
    """A repaired line is found by what it was."""
    repaired = Decision(
        "text", Action.REPAIRED, "body", "torn-word/1", 0, "Ay ear has pas\ufb06ed", "A year has passed"
    )
    names = line_names([article("A year has passed", decisions=(repaired,))]).to_pylist()[0]
    assert {name_of(text_key(text)) for text in (repaired.before, "A year has passed")} == set(names)


def test_other_lines_have_other_names():
    """Letters count, in any script; where there are few of ASCII, whatever else names the line does."""
    lines = [
        "Sign up here",
        "Sign up there",
        "港口结冰了 2024",
        "船只无法离开 2024",
        "Да",
        "Нет",
        "* * *",
        "———",
        "£3m",
        "$3m",
    ]
    assert len({name_of(text_key(line)) for line in lines}) == len(lines)


@settings(deadline=None, max_examples=100)
@given(st.lists(st.text(alphabet="aBcd1. \n\x1f-“—£é²ﬁß\u0301\u0130Ａж한\ud83d\u2028", max_size=14), max_size=5))
def test_lines_have_the_names_of_their_keys(lines: list[str]):
    """However a name is come by, it is that of the key: lines of one key are never missed."""
    names = line_names([article(*lines)]).to_pylist()[0]
    assert names == sorted({name_of(text_key(line)) for line in lines})

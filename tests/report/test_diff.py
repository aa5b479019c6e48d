"""Diffs lose nothing: what they show can be put together again."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from copydesk.report.diff import compare_texts, compare_words, fold, inline_html

TEXTS = st.text(st.sampled_from("ab <&\n"), max_size=60)


@given(TEXTS, TEXTS)
def test_both_sides_can_be_put_together_again(before: str, after: str):
    """The parts of each side are its text."""
    row = compare_words(before, after)
    assert "".join(part.text for part in row.left) == before
    assert "".join(part.text for part in row.right) == after


@given(TEXTS, TEXTS)
def test_nothing_of_a_text_is_obeyed(before: str, after: str):
    """Only the marks of the diff itself are markup."""
    page = inline_html(before, after)
    for tag in ("<del>", "</del>", "<ins>", "</ins>"):
        page = page.replace(tag, "")
    assert "<" not in page


def test_what_is_the_same_is_not_marked():
    """Equal paragraphs stand beside each other, unmarked."""
    rows = compare_texts("One.\n\nTwo is here.", "One.\n\nTwo was here.")
    assert [part.changed for part in rows[0].left] == [False]
    assert [part.text for part in rows[1].right if part.changed] == ["was "]


def test_long_texts_are_compared_as_wholes():
    """Beyond some thousand words, a changed text is one change: comparing word by word takes the square of them."""
    row = compare_words("a " * 5000, "b " * 5000)
    assert len(row.left) == len(row.right) == 1


def test_folding_keeps_changes_within_a_paragraph():
    """A changed word in a long paragraph is still there."""
    before = "word " * 200 + "old"
    [row] = fold(compare_texts(before, "word " * 200 + "new"))
    assert row.left[-1].text == "old"


def test_no_texts_no_rows():
    """Nothing beside nothing is nothing."""
    assert compare_texts("", "") == ()


def test_a_change_that_nobody_sees_is_shown():
    """A zero-width space that is taken away stands there under its number; persian joiners that stay are left alone."""
    assert inline_html("the\u200b port", "the port") == "<del>the[U+200B]</del> <ins>the</ins> port"
    assert inline_html("می\u200cرود", "می\u200cرود") == "می\u200cرود"

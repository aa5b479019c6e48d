"""The account of a record: on a terminal, in a file, as a page, and two of them as a diff."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from copydesk.cli import main
from copydesk.report.accounts import find_accounts, kept_beside, lay_out
from copydesk.report.explain import diff_lines, explain_lines
from copydesk.report.explain_page import compare_page, explain_page
from copydesk.writing import open_corpus


def shown(cleaned: Path, name: str, *, colour: bool = False) -> str:
    """What a terminal shows of the account of this record."""
    out = io.StringIO()
    console = Console(file=out, force_terminal=colour, soft_wrap=True, highlight=False, markup=False)
    for account in find_accounts(open_corpus(cleaned), name, kept_beside(cleaned)):
        for line in explain_lines(account):
            console.print(line)
    return out.getvalue()


def copy_of_two(cleaned: Path) -> str:
    """Which of the two equal files was removed."""
    [link] = open_corpus(cleaned).duplicates.to_table().to_pylist()
    return str(link["source_path"])


def survivor_of_two(cleaned: Path) -> str:
    """Which of the two equal files stayed."""
    [link] = open_corpus(cleaned).duplicates.to_table().to_pylist()
    return str(link["canonical_source_path"])


def test_removed_paragraphs_stand_where_they_were(cleaned: Path):
    """The text is there in its order, what was removed is marked, the rule stands below it."""
    lines = shown(cleaned, survivor_of_two(cleaned)).splitlines()
    [place] = [i for i, line in enumerate(lines) if line.startswith("  -")]
    assert "newsletter" in lines[place + 1]
    assert [line for line in lines[:place] if line.startswith("      ") and line[6:8].strip().isdigit()]


def test_terminal_gets_colours_and_a_file_gets_none(cleaned: Path):
    """Control sequences go to terminals only."""
    assert "\x1b[" in shown(cleaned, survivor_of_two(cleaned), colour=True)
    assert "\x1b[" not in shown(cleaned, survivor_of_two(cleaned))


def test_copy_has_its_text_although_no_table_holds_it(cleaned: Path):
    """The state beside the corpus keeps the text of a copy, which stands beside the survivor's."""
    text = shown(cleaned, copy_of_two(cleaned))
    assert "exact copy of" in text
    assert "beside the article that was kept" in text


def test_without_the_state_the_tables_answer(cleaned: Path):
    """A corpus carried elsewhere still explains its records, without the texts of copies."""
    [account] = find_accounts(open_corpus(cleaned), copy_of_two(cleaned), lambda _: None)
    assert account.text is None
    assert account.links
    assert "neither published nor kept" in explain_page([account])


def test_file_with_several_records_gives_an_account_of_each(cleaned: Path):
    """A path names all records of the file."""
    text = shown(cleaned, "crawl.jsonl")
    assert "(record 0)" in text
    assert "(record 1)" in text
    assert "quarantined" in text


def test_page_shows_spans_in_place(cleaned: Path):
    """The page has the removed paragraph struck out, with the rule beside it, and the evidence for fields."""
    accounts = find_accounts(open_corpus(cleaned), survivor_of_two(cleaned), kept_beside(cleaned))
    page = explain_page(accounts)
    assert "<del>" in page
    assert "newsletter" in page
    assert "head.title" in page


def test_two_records_as_a_diff(cleaned: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    """Two names give both texts as one, on the terminal and as a page."""
    names = ["ferry.txt", "crawl.jsonl"]
    assert main(["explain", *names, "--clean", str(cleaned)]) == 0
    out = capsys.readouterr().out
    assert "[-" in out
    assert "{+" in out
    page = tmp_path / "two.html"
    assert main(["explain", *names, "--clean", str(cleaned), "--html", str(page)]) == 0
    assert "class=diff" in page.read_text(encoding="utf-8")


def test_record_without_a_text_has_no_diff(cleaned: Path, capsys: pytest.CaptureFixture[str]):
    """An empty file was never examined as text; the error names it."""
    assert main(["explain", "ferry.txt", "no-such.txt", "--clean", str(cleaned)]) == 2
    assert "no-such.txt" in capsys.readouterr().err


def test_page_that_cannot_be_written(cleaned: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    """The error names option and path."""
    page = str(tmp_path / "nowhere" / "a.html")
    assert main(["explain", "ferry.txt", "--clean", str(cleaned), "--html", page]) == 2
    assert "--html" in capsys.readouterr().err


def test_equal_texts_have_no_marks(cleaned: Path):
    """Nothing differs, nothing is marked."""
    lines = "".join(line.plain for line in diff_lines("One.\n\nTwo.", "One.\n\nTwo."))
    assert "[-" not in lines
    [account] = find_accounts(open_corpus(cleaned), "ferry.txt", kept_beside(cleaned))
    assert "<del>" not in compare_page(account, account)


def test_control_characters_do_not_reach_the_terminal(cleaned: Path):
    """A name that holds an escape sequence is an error shown without it."""
    from rich.text import Text

    from copydesk.report.answer import printable

    assert "\x1b" not in printable(Text("a\x1b[2Jb", "red")).plain


@given(st.lists(st.booleans(), max_size=30))
def test_every_paragraph_and_every_removal_has_one_place(removed: list[bool]):
    """Whatever was removed where: all that is left is there once, in order, and so is all that is gone."""
    decisions = [
        {"paragraph": i, "action": "removed", "before": f"gone {i}", "after": None}
        for i, gone in enumerate(removed)
        if gone
    ]
    left = [f"left {i}" for i, gone in enumerate(removed) if not gone]
    passages = lay_out(left, decisions)
    assert [p.text for p in passages] == [f"{'gone' if gone else 'left'} {i}" for i, gone in enumerate(removed)]
    assert [p.gone for p in passages] == removed

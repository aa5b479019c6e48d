"""Plain text becomes the paragraphs that its writer meant."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from copydesk.article import BlockKind
from copydesk.extraction.plain import split

WRAPPED = """\
Ice is back on the lake

The lake at Steinfurt froze over on Monday night for the first time in
eleven years, and before breakfast half of the village was out on it,
with skates that had hung in cellars since the last winter.

The mayor, Jana Roth, had the depth measured at nine places. It was
fourteen centimetres at the pier, which is enough for people and not
enough for the horse sledges that older villagers remember.
"""


def texts(text: str) -> list[str]:
    """The texts of the blocks of a plain text."""
    return [block.text for block in split(text)]


def test_each_line_is_a_paragraph_where_lines_are_long() -> None:
    """Pasted text has a paragraph on each line, with or without blank lines between."""
    lines = ["The lake froze. " * 12, "Nobody had skates. " * 10, "It thawed. " * 20]
    assert texts("\n".join(lines)) == [line.strip() for line in lines] == texts("\r\n\r\n\r\n".join(lines))


def test_short_single_lines_are_not_joined() -> None:
    """Head lines on single lines stay apart."""
    assert texts("Ice is back\nBy Jane Roe\nMarch 3, 2024\n") == ["Ice is back", "By Jane Roe", "March 3, 2024"]


def test_hard_wrapped_lines_are_joined_again() -> None:
    """Lines broken because they were full are one paragraph; chunks stay apart."""
    found = texts(WRAPPED)
    assert len(found) == 3
    assert found[1].startswith("The lake at Steinfurt")
    assert found[1].endswith("the last winter.")


def test_wrapped_body_below_single_head_lines() -> None:
    """Head lines above a wrapped body stay lines of their own."""
    head = "By Jane Roe\nMarch 3, 2024\n"
    assert texts(head + WRAPPED)[:3] == ["By Jane Roe", "March 3, 2024", "Ice is back on the lake"]


def test_wrapped_text_without_blank_lines_ends_paragraphs_at_short_lines() -> None:
    """In wrapped text a line that had room left ends its paragraph."""
    assert len(texts(WRAPPED.replace("\n\n", "\n"))) == 3


INDENTED = """\
Dock workers vote to strike from Friday
    By Sam Tolliver
    PORT ELLAND, Nov 18 (Lodestar) - Dock workers at Northland's
largest container port voted by 812 to 97 on Tuesday to stop work
from Friday in a dispute over night shifts, their union said.
    Shares in the port's owner, Kelvig Holdings, fell 3.1 percent
in early trading.
    "The company has had nine weeks to talk to us," said Beate Storm,
who leads the Northland Dockers' Union. "It chose to send letters."
    (Reporting by Sam Tolliver in Port Elland and Ada Lind in Kelvig;
Editing by Jonas Wirth)
"""


def test_indents_begin_the_paragraphs_of_wrapped_text() -> None:
    """Agencies print no blank lines: a paragraph begins at an indent, and was broken where its lines were full."""
    found = texts(INDENTED)
    assert len(found) == 6
    assert found[2].endswith("their union said.")
    assert found[3] == "Shares in the port's owner, Kelvig Holdings, fell 3.1 percent in early trading."
    assert found[5].startswith("(Reporting by")
    assert found[5].endswith("Wirth)")


def test_a_first_paragraph_without_an_indent_is_one_too() -> None:
    """Books indent all paragraphs but the first."""
    body = INDENTED[INDENTED.index("PORT ELLAND") :]
    assert texts(body) == texts(INDENTED)[2:]


def test_indented_verse_is_not_joined() -> None:
    """Every other line of a poem may be indented: they end where they please."""
    verse = "The ice came late, as ice has come before,\n  and stayed a day;\nthe children ran along the frozen shore\n"
    assert len(texts(verse * 4)) == 12


def test_text_that_is_indented_as_a_whole_is_joined() -> None:
    """An indent before every line of the body is a margin."""
    head, _, body = WRAPPED.partition("\n\n")
    lines = "".join(f"    {line}\n" if line else "\n" for line in body.splitlines())
    assert texts(f"{head}\n\n{lines}") == texts(WRAPPED)


def test_verse_is_not_joined() -> None:
    """Short lines that end where they please are no wrapped paragraph."""
    verse = "The ice came late\nand stayed a day,\nthe children ran\ninto the bay,\nand what was there\nI cannot say."
    assert len(texts(verse)) == 6


def test_list_items_and_subheads_are_named() -> None:
    """Marked lines beside each other are list items, a short line before a long one is a subhead."""
    text = "What to bring\n" + "The club asks skaters to come prepared for a long day. " * 3 + "\n- Skates\n- A rope\n"
    assert [block.kind for block in split(text)] == [
        BlockKind.SUBHEAD,
        BlockKind.PARAGRAPH,
        BlockKind.LIST_ITEM,
        BlockKind.LIST_ITEM,
    ]


def test_nothing_gives_nothing() -> None:
    """An empty text and one of white space have no blocks."""
    assert split("") == () == split(" \n\u00a0\n\t\n")


def test_every_known_line_end_is_one() -> None:
    """Old and odd line separators end lines."""
    assert texts("a b\rc d\u2028e f\x85g h\x0ci j") == ["a b", "c d", "e f", "g h", "i j"]


@given(st.text(alphabet=st.sampled_from("ab \n\r\t.-1\u00a0\u2029"), max_size=400))
def test_no_word_is_lost_or_moved(text: str) -> None:
    """The words of the blocks are the words of the text, in order."""
    assert " ".join(texts(text)).split() == text.split()


@given(st.lists(st.text(alphabet="abc .", min_size=1, max_size=90), max_size=30))
def test_splitting_twice_changes_nothing(lines: list[str]) -> None:
    """Blocks joined by blank lines split into the same blocks."""
    once = texts("\n".join(lines))
    assert texts("\n\n".join(once)) == once


@given(st.text("a\n\r\x0b\x0c\x1c\x1d\x1e\x1f\x85\u2028\u2029", max_size=12))
def test_lines_end_where_unicode_says(pattern: str) -> None:
    """A text of long lines is parted at every line end, and nowhere else."""
    text = pattern.replace("a", "x" * 120)
    lines = re.split("\r\n|[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]", text)
    assert texts(text) == [line for line in lines if line]


def test_a_megabyte_on_one_line_is_one_block() -> None:
    """Size alone makes no trouble."""
    assert len(texts("word " * 200_000)) == 1

"""Titles are compared without typography."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from copydesk.metadata.titles import fold_title

MARKS = {"'": "\"'`´‘’‚‛“”„‟«»‹›′″「」『』", "-": "‐‑‒–—―−", " ": "\u00a0", "": "\u00ad\u200b"}
TABLE = str.maketrans({mark: plain for plain, marks in MARKS.items() for mark in marks})


@given(st.text(st.one_of(st.sampled_from([*"".join(MARKS.values()), *"aB .éÉßİ"]), st.characters())))
@example("‘No Option’ but War.")
@example("")
def test_folding_mark_by_mark_is_folding_by_a_table(title: str) -> None:
    """Only the marks that a title has are replaced, and all of those."""
    assert fold_title(title) == " ".join(title.translate(TABLE).casefold().split()).rstrip(" .")


def test_letters_stay() -> None:
    """A hyphen and an accent are part of a word."""
    assert fold_title("By-election in Dvořák’s town") == "by-election in dvořák's town"

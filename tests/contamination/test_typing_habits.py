"""Tests of how a newsroom types."""

from __future__ import annotations

import numpy as np
import pytest

from copydesk.article import Article, Block, BlockKind, Metadata, Source
from copydesk.contamination.columns import paragraph_columns, typed_with
from copydesk.contamination.papers import Papers, batches, block_starts
from copydesk.contamination.typing_habits import typing_figures

CURLED = "“The crew’s boat is gone — all of it,” the harbour master said on the quay at noon on Sunday."
STRAIGHT = '"The crew\'s boat is gone -- all of it," the harbour master said on the quay at noon on Sunday.'
PLAIN = "The harbour master said on the quay at noon on Sunday that the boat of the crew is gone."


def papers_of(*articles: tuple[str | Block, ...]) -> Papers:
    """Articles of these lines, as one batch."""
    blocks = [tuple(line if isinstance(line, Block) else Block(line) for line in own) for own in articles]
    rows = [Article(str(n), Source(f"{n}.txt", 0, None), own, Metadata()) for n, own in enumerate(blocks)]
    table = paragraph_columns(rows)
    starts = block_starts(table)
    (papers,) = batches(table, starts, np.zeros(starts[-1], np.bool_))
    return papers


def test_a_paragraph_typed_otherwise_stands_out() -> None:
    """Straight marks among curled ones speak against a paragraph; the others keep to their house's way."""
    figures = typing_figures(papers_of((*[CURLED] * 4, STRAIGHT)))
    assert figures["typed otherwise"][4] < -3
    assert (figures["typed otherwise"][:4] > -0.5).all()


@pytest.mark.parametrize("own", [(PLAIN, PLAIN, PLAIN), (CURLED,), ()])
def test_nothing_is_said_without_marks_to_hold_against(own: tuple[str, ...]) -> None:
    """A paragraph without marks, and one whose article has none besides, are as alike as news at large."""
    for figure in typing_figures(papers_of((*own, PLAIN))).values():
        assert np.abs(figure).max() < 1e-9


def test_marks_of_another_article_dont_count() -> None:
    """A row depends on its article alone."""
    alone = typing_figures(papers_of((CURLED, STRAIGHT, CURLED)))
    beside = typing_figures(papers_of((CURLED, STRAIGHT, CURLED), (STRAIGHT, STRAIGHT)))
    for name, figure in alone.items():
        assert figure.tolist() == beside[name][:4].tolist()


def test_code_is_typed_by_machines() -> None:
    """Marks in a table or in code say nothing of how the house types."""
    code = Block(STRAIGHT, BlockKind.PREFORMATTED)
    figures = typing_figures(papers_of((CURLED, code, code, code, CURLED)))
    assert figures["typed otherwise"].tolist() == [0.0] * 6


@pytest.mark.parametrize(
    ("text", "bits"),
    [
        ("", 0),
        ("Ice - and more ice.", 0),
        ("Ice—and more ice.", 1 << 5),
        ("Ice — and more ice — still.", 1 << 4),
        ("Ice – and more ice.", 1 << 6),
        ("Ice -- and more ice.", 1 << 7),
        ("The master's boat", 1 << 3),
        ("The master’s boat", 1 << 2),
    ],
)
def test_each_mark_has_its_bit(text: str, bits: int) -> None:
    """A dash with spaces is another one than without; a hyphen is none."""
    assert typed_with(text) == bits

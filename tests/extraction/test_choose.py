"""Which segments are chosen from their probabilities."""

from __future__ import annotations

import numpy as np

from copydesk.extraction.choose import choose_segments
from copydesk.extraction.facts import read_facts
from copydesk.extraction.features import page_columns
from copydesk.extraction.page import parse, walk_page


def chosen(html: str, *probabilities: float) -> list[int]:
    """What is chosen of a page whose segments have these probabilities."""
    tree = parse(html)
    segments = walk_page(tree)
    assert len(segments.texts) == len(probabilities)
    columns = page_columns(segments, read_facts(tree.head, segments.json_ld))
    return sorted(choose_segments(segments, columns, np.array(probabilities)))


def page(last: str, *, paragraphs: int = 1) -> str:
    """A page of so many paragraphs of forty words, no two alike, with something after them."""
    told = "".join(f"<p>{' '.join(f'crate{day}x{n}' for n in range(40))}.</p>" for day in range(paragraphs))
    return f"<html><body><article>{told}{last}</article></body></html>"


def test_doubtful_line_of_a_short_page_is_text() -> None:
    """On a page of little text a line counts for more than the model gives it."""
    assert chosen(page("<p>Nobody has asked for the goats.</p>"), 0.97, 0.42) == [0, 1]


def test_doubtful_line_of_a_long_page_is_none() -> None:
    """On a page of more than a thousand words the same line counts for what the model gives it."""
    html = page("<p>Nobody has asked for the goats.</p>", paragraphs=40)
    assert chosen(html, *[0.97] * 40, 0.42) == list(range(40))


def test_line_that_is_marked_as_something_else_is_not_raised() -> None:
    """A pull quote, or a line of links, stays out of a short text if the model doubts it."""
    quote = page('<aside class="pull"><p>Nobody has asked for the goats.</p></aside>')
    links = page('<p><a href="/print">Print this</a> or <a href="/write">write to the desk</a></p>')
    assert chosen(quote, 0.97, 0.42) == [0]
    assert chosen(links, 0.97, 0.42) == [0]


TABLE = "<table><tr><th>Year</th><th>Goats</th></tr><tr><td>2020</td><td>412 goats</td></tr></table>"


def test_table_is_taken_as_a_whole() -> None:
    """A table most of which is text is text with its doubtful cells: half of its figures would say something else."""
    assert chosen(page(TABLE), 0.97, 0.48, 0.3, 0.2, 0.9) == [0, 1, 2, 3, 4]


def test_table_is_left_out_as_a_whole() -> None:
    """Of a table that is hardly text no single cell stays."""
    assert chosen(page(TABLE), 0.97, 0.6, 0.1, 0.1, 0.1) == [0]


def test_table_with_a_long_text_is_layout() -> None:
    """What stands around an article in a table of the page's layout isn't taken with it."""
    story = f"<td><p>{'A goat was seen again on the roof of the mill on Sunday morning. ' * 5}</p></td>"
    layout = f"<table><tr><td>Home</td><td>Sport</td>{story}<td>Print</td></tr></table>"
    assert chosen(layout, 0.05, 0.05, 0.97, 0.05) == [2]


def test_page_without_segments_has_no_choice() -> None:
    """Nothing is chosen of a page without text."""
    assert chosen("<html><body></body></html>") == []

"""What the look before parsing lets through and what it refuses."""

from __future__ import annotations

import pytest

from copydesk.extraction.screen import MAX_ATTRIBUTES, MAX_DEPTH, screen


def test_ordinary_page_passes() -> None:
    """A page of many closed elements is parsed however long it is."""
    assert screen(b"<div><p>Prices rose.</p><br></div>" * 20_000) is None


def test_empty_page_passes() -> None:
    """An empty page has nothing to refuse."""
    assert screen(b"") is None


@pytest.mark.parametrize("end", ["", "</div>" * 100_000])
def test_deep_nesting_is_refused(end: str) -> None:
    """100,000 elements inside one another are refused, whether they are closed or not."""
    refusal = screen(f"{'<div>' * 100_000}x{end}".encode())
    assert refusal is not None
    assert refusal.code == "too_deep"


def test_unclosed_paragraphs_are_not_depth() -> None:
    """Paragraphs that are never closed stand beside one another, so no number of them is too deep."""
    assert screen(b"<p>Prices rose." * (3 * MAX_DEPTH)) is None


def test_too_many_attributes_are_refused() -> None:
    """A tag with a megabyte of attributes is refused, with markup signs inside their values too."""
    for value in ("1", '"a > b"', "'<p>'"):
        attributes = " ".join(f"a{i}={value}" for i in range(150_000))
        refusal = screen(f"<p>a</p><div {attributes}>x</div>".encode())
        assert refusal is not None
        assert refusal.code == "too_many_attributes"


def test_one_huge_attribute_passes() -> None:
    """A megabyte in one attribute costs the parser nothing."""
    assert screen(b'<div class="' + b"x " * 500_000 + b'">Prices rose.</div>') is None


def test_markup_inside_scripts_does_not_count() -> None:
    """Strings of markup in a script, a style or a comment are no tags."""
    script = f"<script>var a = '{'<div ' + 'b c ' * MAX_ATTRIBUTES}'</script>"
    assert screen(f"{script}<!--{'<i>' * (2 * MAX_DEPTH)}--><p>Prices rose.".encode()) is None


@pytest.mark.parametrize("piece", ["<a '", '<a "', "<a b=", "<!--", "<script>", "</", "<a b='"])
def test_unfinished_markup_ends(piece: str) -> None:
    """Five megabytes of tags that never end are read once, not once per tag."""
    screen(piece.encode() * (5_000_000 // len(piece)))

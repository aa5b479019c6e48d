"""Pieces of HTML read with Beautiful Soup."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.article import BlockKind
from copydesk.extraction.fragment import extract_fragment, fragment_decisions


@pytest.mark.parametrize(
    ("html", "texts"),
    [
        ("", []),
        ("   ", []),
        ("Just text.", ["Just text."]),
        ("<p>One</p><p>Two</p>", ["One", "Two"]),
        ("One<br/><br/>Two", ["One", "Two"]),
        ("One<br/>still one", ["One still one"]),
        ("<div>One<p>Two</p>Three</div>", ["One", "Two", "Three"]),
        ("<script>var a;</script><p>Text</p><!-- no -->", ["Text"]),
        ("<![CDATA[<p>Feed text</p>]]>", ["Feed text"]),
        ("<p>Unclosed <b>tag", ["Unclosed tag"]),
        ("&lt;p&gt; &amp; so on", ["<p> & so on"]),
    ],
)
def test_blocks(html: str, texts: list[str]) -> None:
    """Paragraphs and double line breaks part the text; what is no text is left out."""
    assert [block.text for block in extract_fragment(html) if block.kept] == texts


def test_kinds_and_captions() -> None:
    """List items, quotes and subheads keep their kind; a caption goes to its field with a decision."""
    html = "<h2>Sub</h2><ul><li>Item</li></ul><blockquote><p>Quote</p></blockquote><figcaption>A boat</figcaption>"
    blocks = extract_fragment(html)
    assert [block.kind for block in blocks] == [
        BlockKind.SUBHEAD,
        BlockKind.LIST_ITEM,
        BlockKind.QUOTE,
        BlockKind.CAPTION,
    ]
    assert [(d.label, d.paragraph, d.field) for d in fragment_decisions(blocks)] == [("caption", 3, "captions")]


def test_deep_fragment() -> None:
    """Nesting costs no recursion."""
    assert [block.text for block in extract_fragment("<div>" * 3_000 + "deep")] == ["deep"]


@given(st.lists(st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=30), max_size=8))
def test_paragraphs_come_back(texts: list[str]) -> None:
    """Any words put into paragraphs come back as those paragraphs."""
    html = "".join(f"<p>{text}</p>" for text in texts)
    assert [block.text for block in extract_fragment(html)] == [" ".join(text.split()) for text in texts]

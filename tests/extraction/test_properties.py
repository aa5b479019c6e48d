"""What holds for any page: same in, same out; nothing invented; nothing that brings the walk down."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from copydesk.extraction import Extraction, extract
from copydesk.settings import Settings

TEXT = (
    "The council of Aldport voted on Tuesday to close the old fish market, ending a trade of 140 years.",
    "Eleven traders will lose their stalls by the end of March, said Mira Tolland, who speaks for them.",
    "The building itself will stay. A library is to move in once the roof has been mended.",
)
PAGE = (
    "<html><head><title>Market to close</title></head><body><ul><li><a href=/>Home</a></li></ul>"
    "<article><h1>Market to close</h1>" + "".join(f"<p>{text}</p>" for text in TEXT) + "</article></body></html>"
)


def run(html: str) -> Extraction:
    """The page with the default settings."""
    return extract(html, Settings())


def result(extraction: Extraction) -> tuple[object, ...]:
    """All of an extraction that can be compared."""
    return extraction.blocks, extraction.decisions, extraction.page_kind, extraction.refusal, extraction.evidence


_TAGS = st.sampled_from(
    ["p", "div", "span", "a", "ul", "li", "h1", "h2", "td", "table", "blockquote", "article", "b", "br", "pre"]
)
_WORDS = st.text(st.characters(categories=["L", "N", "P", "Zs"], exclude_characters="<>&"), max_size=60)
_PIECES = st.one_of(
    _WORDS,
    _TAGS.map("<{}>".format),
    _TAGS.map("</{}>".format),
    st.sampled_from(["<p class=comment>", "<div id=content>", "&nbsp;", "<!-- x -->", "\0", "<p hidden>", "\xad"]),
)


@given(st.lists(_PIECES, max_size=40))
@settings(max_examples=60, deadline=None)
def test_every_word_of_a_block_is_on_the_page(pieces: list[str]) -> None:
    """No word of any block comes from elsewhere, whatever the markup; every unkept block has a decision."""
    extraction = run("".join(pieces))
    text = "".join(piece for piece in pieces if not piece.startswith("<"))
    source = "".join(text.replace("\xad", "").replace("\0", "").replace("&nbsp;", " ").split())
    for block in extraction.blocks:
        assert "".join(block.text.split()) in source
    decided = {decision.paragraph for decision in extraction.decisions}
    assert decided == {place for place, block in enumerate(extraction.blocks) if not block.kept}


def test_extracting_again_gives_the_same() -> None:
    """The same page gives the same blocks twenty times, and after other pages in between."""
    first = result(run(PAGE))
    for n in range(20):
        run(PAGE.replace("Aldport", f"Orrin{n}") * (n % 3))
        assert result(run(PAGE)) == first


HOSTILE = {
    "nested": "<div>" * 100_000 + PAGE,
    "nested and closed": "<div>" * 100_000 + "x" + "</div>" * 100_000,
    "attributes": "<div " + " ".join(f"a{n}=1" for n in range(150_000)) + ">" + PAGE,
    "one attribute": f'<div class="{"word " * 250_000}">' + PAGE,
    "one line": "<p>" + "word " * 1_000_000 + "</p>",
    "twenty megabytes": PAGE + "<p>" + "The market closes on Friday. " * 700_000,
    "many paragraphs": "<p>word word word.</p>" * 60_000,
    "many links": "<a href=/x>word</a> " * 60_000,
    "unclosed lists": "<ul><li>" * 30_000 + "word",
    "nulls": PAGE.replace("e", "e\0"),
    "lone surrogates": PAGE.replace("Aldport", "Ald\ud800port"),
    "bare markup signs": "<" * 500_000,
    "no markup": "word " * 100_000,
    "frames": "<html><frameset><frame src=a></frameset></html>",
    "json-ld of brackets": '<script type="application/ld+json">' + '[{"articleBody":' * 20_000 + "</script>" + PAGE,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_pages_are_handled_or_refused(name: str) -> None:
    """No page raises, recurses or is silently empty: there are blocks, or there is a refusal."""
    extraction = run(HOSTILE[name])
    assert extraction.blocks or extraction.refusal is not None


def test_nulls_do_not_hide_the_article() -> None:
    """NUL characters inside words don't keep the article from being found."""
    assert len([block for block in run(HOSTILE["nulls"]).blocks if block.kept]) == len(TEXT)

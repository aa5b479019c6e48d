"""Pages of our own writing → blocks."""

from __future__ import annotations

import json

import pytest

from copydesk.extraction import extract
from copydesk.settings import Settings

TITLE = "Aldport closes its fish market"

PARAGRAPHS = (
    "The council of Aldport voted on Tuesday to close the old fish market, ending a trade of 140 years in the harbour.",
    "Eleven traders will lose their stalls by the end of March, said Mira Tolland; four of them have found new ones.",
    "The building itself will stay. A library is to move in once the roof, leaking since the storm of 2019, is mended.",
)


def page(body: str, head: str = "<title>Aldport closes its fish market</title>") -> str:
    """A page with this body."""
    return f"<!doctype html><html lang=en><head>{head}</head><body>{body}</body></html>"


def body_of(html: str) -> list[str]:
    """The texts of a page's body blocks."""
    return [block.text for block in extract(html, Settings()).blocks if block.kept]


def test_article_without_frame() -> None:
    """Navigation and footer of the page are no blocks of the article."""
    text = "".join(f"<p>{p}</p>" for p in PARAGRAPHS)
    html = page(f"<nav><a href=/>Home</a></nav><article><h1>{TITLE}</h1>{text}</article><footer>(c)</footer>")
    extraction = extract(html, Settings())
    assert body_of(html) == list(PARAGRAPHS)
    assert extraction.page_kind == "article"
    assert extraction.refusal is None
    assert [(b.text, b.field) for b in extraction.blocks if not b.kept] == [("Aldport closes its fish market", "title")]


def test_every_block_that_is_not_text_has_a_decision() -> None:
    """Captions between paragraphs are moved to their field, each by one decision."""
    html = page(
        f"<article><p>{PARAGRAPHS[0]}</p><figure><figcaption>The market hall. Photo: Jo Brandt</figcaption></figure>"
        f"<p>{PARAGRAPHS[1]}</p><p>{PARAGRAPHS[2]}</p></article>"
    )
    extraction = extract(html, Settings())
    assert [(d.label, d.paragraph, d.field) for d in extraction.decisions] == [("caption", 1, "captions")]
    assert extraction.blocks[1].text == "The market hall. Photo: Jo Brandt"


def test_line_breaks_make_paragraphs() -> None:
    """Text without paragraph elements is split at two line breaks in a row."""
    assert body_of(page(f"<div>{'<br><br>'.join(PARAGRAPHS)}</div>")) == list(PARAGRAPHS)


def test_empty_page_is_refused() -> None:
    """A page without text has no article, and says so."""
    extraction = extract("", Settings())
    assert extraction.blocks == ()
    assert extraction.refusal is not None
    assert extraction.refusal.code == "no_text"


BODY = (
    "The harbour master of Sorrel has resigned after a report found that two buoys had been missing for months.",
    "Her letter said that she had asked four times for a boat and had been given a bicycle, which she returns.",
)


def scripted(shown: str, body: str = "\n\n".join(BODY)) -> str:
    """A page that states its text as data and shows something."""
    data = json.dumps({"@type": "NewsArticle", "headline": "Harbour master resigns", "articleBody": body})
    return f'<title>Resigned</title><script type="application/ld+json">{data}</script><body>{shown}</body>'


@pytest.mark.parametrize("shown", ['<div id="root"></div>', "<noscript>Please enable JavaScript.</noscript>", ""])
@pytest.mark.parametrize("markup", [False, True])
def test_text_that_only_a_script_would_show(shown: str, markup: bool) -> None:
    """Where a page shows nothing, the text it states for machines is the article's, and the evidence says so."""
    body = "".join(f"<p>{text}</p>" for text in BODY) if markup else "\n\n".join(BODY)
    found = extract(scripted(shown, body).replace("</p>", "<\\/p>"), Settings())
    assert [block.text for block in found.blocks if block.kept] == list(BODY)
    assert [(e.value, e.source) for e in found.evidence if e.field == "extraction"] == [
        ("declared", "jsonld.articleBody")
    ]


@pytest.mark.parametrize(
    ("page", "kept"),
    [
        (scripted(f"<h1>Resigned</h1><p>{BODY[0]}</p>", BODY[0] * 2), [BODY[0]]),
        (scripted("<div></div>", "Teaser."), []),
        (scripted("<div></div>", ""), []),
    ],
    ids=["shown", "short", "empty"],
)
def test_data_beside_a_text_are_no_text(page: str, kept: list[str]) -> None:
    """What the page shows is the text, be the data a little longer; a teaser is none."""
    assert [block.text for block in extract(page, Settings()).blocks if block.kept] == kept

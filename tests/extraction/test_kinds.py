"""Which pages are refused, with the reason, and which near misses pass."""

from __future__ import annotations

import pytest

from copydesk.extraction import Extraction, extract
from copydesk.settings import Settings

STORY = (
    "<article><h1>{title}</h1>"
    "<p>The council of Aldport voted on Tuesday to close the old fish market, ending a trade of 140 years. "
    "Eleven traders will lose their stalls by the end of March, said Mira Tolland, who speaks for them.</p>"
    "<p>The building will stay. A library is to move in once the roof, leaking since the storm of 2019, is mended; "
    "the town has set aside two million crowns for it, and hopes for as much again from the county.</p></article>"
)


def run(title: str, body: str, head: str = "", url: str | None = None) -> Extraction:
    """A page with this title extracted."""
    return extract(f"<html><head><title>{title}</title>{head}</head><body>{body}</body></html>", Settings(), url=url)


def data(text: str) -> str:
    """A JSON-LD script."""
    return f'<script type="application/ld+json">{text}</script>'


CARDS = "".join(
    f"<div class=card><a href=/{n}><h3>Headline number {n} of the morning</h3><p>A teaser of one line.</p></a></div>"
    for n in range(30)
)

REFUSED = {
    "error": (
        "404 Not Found",
        "<h1>Page not found</h1><p>The page you were looking for has moved or never was.</p>",
        "",
    ),
    "consent": (
        "We value your privacy",
        "<div><h1>We value your privacy</h1><p>We and 812 partners store cookies on your device.</p></div>",
        "",
    ),
    "forum": (
        "Which bait for eels?",
        "<h1>Which bait for eels?</h1><p>I have tried worms. What else is there?</p><p>Liver, says my uncle.</p>",
        data('{"@type": "DiscussionForumPosting"}'),
    ),
    "shop": (
        "Rubber boots, green",
        "<h1>Rubber boots, green</h1><p>Keeps your feet dry in the market hall and on the quay.</p><p>39 crowns</p>",
        data('{"@type": "Product"}'),
    ),
    "paywall_stub": (
        "Market to close",
        "<article><h1>Market to close</h1><p>The council voted.</p><div class=paywall>Subscribe.</div></article>",
        data('{"@type": "NewsArticle", "isAccessibleForFree": false}'),
    ),
    "no_text": ("", "", ""),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_refused(kind: str) -> None:
    """A page that says what it is, and has no text worth the name, is refused by that name."""
    title, body, head = REFUSED[kind]
    extraction = run(title, body, head)
    assert extraction.refusal is not None
    assert (extraction.page_kind, extraction.refusal.code) == (kind, kind)


def test_section_front() -> None:
    """A page of nothing but links to stories, at the root of a site, is a section front."""
    extraction = run("The Aldport Lamp", CARDS, "<meta property=og:type content=website>", "https://lamp.example/")
    assert extraction.page_kind == "section_front"


@pytest.mark.parametrize(
    ("title", "head"),
    [
        ("Page not found: how libraries lose their books", "<meta property=og:type content=article>"),
        ("Cookie settings, and why nobody reads them", data('{"@type": "NewsArticle"}')),
        ("The best rubber boots of the year", data('{"@type": "NewsArticle"}') + data('{"@type": "Product"}')),
        ("Market to close", data('{"@type": "NewsArticle", "isAccessibleForFree": false}')),
        ("What the forum says", data('{"@type": "NewsArticle"}') + data('{"@type": "QAPage"}')),
        ("Plain page that declares nothing", ""),
    ],
)
def test_near_misses_pass(title: str, head: str) -> None:
    """A page with a story on it passes, whatever its headline is about and whatever else it declares."""
    extraction = run(title, STORY.format(title=title), head)
    assert extraction.refusal is None
    assert any(block.text.startswith("The council of Aldport voted") for block in extraction.blocks if block.kept)


@pytest.mark.parametrize(
    ("flag", "body", "value"),
    [
        ("true", STORY, ["free"]),
        ("false", STORY, ["metered"]),
        ("false", "<p>The council voted.</p><div class=paywall>Subscribe.</div>", ["stub"]),
    ],
)
def test_access(flag: str, body: str, value: list[str]) -> None:
    """What the page says of its access is evidence."""
    head = data(f'{{"@type": "NewsArticle", "isAccessibleForFree": {flag}}}')
    extraction = run("Market to close", body.format(title="Market to close"), head)
    assert [e.value for e in extraction.evidence if e.field == "access"] == value


def test_gallery() -> None:
    """A page of pictures with a line of text each is a gallery, and no refusal."""
    body = "<h1>The market in pictures</h1>" + "".join(
        f"<figure><img src={n}><figcaption>Stall number {n} on the last day of the market.</figcaption></figure>"
        for n in range(8)
    )
    extraction = run(
        "The market in pictures",
        body + "<p>Jo Brandt went to see the last auction.</p>",
        data('{"@type": "ImageGallery"}'),
    )
    assert extraction.page_kind == "gallery"
    assert extraction.refusal is None


TEASERS = "".join(
    f"<article><h2><a href=/{n}>{head}</a></h2><p>{teaser}</p></article>"
    for n, (head, teaser) in enumerate(
        (
            ("Aldport closes its fish market", "The council voted on Tuesday to end a trade of 140 years at the port…"),
            ("Ferry to Orrin Head is back", "After eleven weeks in the dock the old ship sailed at dawn on Monday…"),
            ("School roof fails its test", "Pupils of the upper forms will be taught in the church hall until June…"),
            ("Storm takes the sea wall", "Waves of nine metres broke over the mole in the night, and six boats sank…"),
            (
                "Nobody wants the lighthouse",
                "The county has tried to sell it for three years, and may now give it away…",
            ),
        )
    )
)


def test_front_of_teasers_in_whole_sentences() -> None:
    """Headlines that are links, each with a teaser, are a section front, however much the teasers read like a text."""
    extraction = run(
        "Latest news", f"<main><h1>Latest news</h1>{TEASERS}</main>", '<meta property="og:type" content="website">'
    )
    assert extraction.page_kind == "section_front"
    assert extraction.refusal is not None


@pytest.mark.parametrize(
    ("before", "after", "head"),
    [
        ("<p>It was a week of losses at the coast, and of one return that nobody had hoped for any more.</p>", "", ""),
        ("", f"<p>{'A story that is told here and not behind the link. ' * 8}</p>", ""),
        ("", "", '<meta property="og:type" content="article">'),
    ],
)
def test_digest_of_other_stories_is_an_article(before: str, after: str, head: str) -> None:
    """A digest passes: it has an introduction, or tells one of its stories, or the page says that it is an article."""
    body = f"<main><h1>The week at the coast</h1>{before}{TEASERS}{after}</main>"
    assert run("The week at the coast", body, head).refusal is None

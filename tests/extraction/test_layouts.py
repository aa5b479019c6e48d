"""One page of our own writing per layout and trap, with the text that must come out."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest
from numpy.testing import assert_equal

from copydesk.article import BlockKind
from copydesk.extraction import Extraction, extract
from copydesk.extraction.compiled import PACE
from copydesk.extraction.facts import PageFacts
from copydesk.extraction.features import compute_features, page_columns
from copydesk.extraction.model import load_model
from copydesk.extraction.page import parse, walk_page
from copydesk.settings import ExtractionSettings, Settings

TITLE = "Aldport closes its fish market"
LEAD = (
    "The council of Aldport voted on Tuesday to close the old fish market, ending a trade that has fed the harbour "
    "quarter for 140 years and, in the last ten, lost money in each of them."
)
SECOND = (
    "Eleven traders will lose their stalls by the end of March, said Mira Tolland, who speaks for them. Four have "
    "found new ones on the quay, three are going to retire, and the others say they do not know yet."
)
THIRD = (
    "The building itself will stay. A library is to move in once the roof, which has been leaking since the storm of "
    "2019, is mended; the town has set aside two million crowns for it, and hopes for as much again from the county."
)
LAST = (
    '"We will miss the smell," said Joost Fenner, who has lived across the street since he was born. His daughter, who '
    "came with him to the last auction, said she would not."
)
TEXT = [LEAD, SECOND, THIRD, LAST]
MENU = "".join(f"<li><a href=/{name}>{name}</a></li>" for name in ("News", "Sport", "Weather", "Culture", "Jobs"))
TEASERS = "".join(
    f"<div class=card><a href=/{n}><h3>{head}</h3></a></div>"
    for n, head in enumerate(
        ("Storm closes the coast road", "New ferry arrives in May", "Council debates school meals")
    )
)


def page(body: str, head: str = "", lang: str = "en") -> str:
    """A page with a menu, a list of other stories and an imprint around this body."""
    return (
        f"<!doctype html><html lang={lang}><head><title>{TITLE}</title>{head}</head><body>"
        f"<header><div class=logo>The Aldport Lamp</div><ul class=menu>{MENU}</ul></header>"
        f"{body}"
        f"<div class='sidebar'><h2>Most read</h2>{TEASERS}</div>"
        "<div class=footer>All rights reserved by The Aldport Lamp. <a href=/imprint>Imprint</a></div></body></html>"
    )


def paragraphs(*texts: str) -> str:
    """These texts as paragraphs."""
    return "".join(f"<p>{text}</p>" for text in texts)


def run(html: str) -> Extraction:
    """The page extracted with the default settings."""
    return extract(html, Settings())


def body_of(html: str) -> list[str]:
    """The kept texts of a page."""
    return [block.text for block in run(html).blocks if block.kept]


def labelled(html: str, label: str) -> list[str]:
    """The texts of a page's blocks with this label."""
    return [block.text for block in run(html).blocks if block.label == label]


ARTICLE = paragraphs(*TEXT)
LAYOUTS = {
    "article element": f"<main><article><h1>{TITLE}</h1>{ARTICLE}</article></main>",
    "nothing but divisions": f"<div class=page><h1>{TITLE}</h1><div class=text>{ARTICLE}</div></div>",
    "no names at all": f"<div><div><h1>{TITLE}</h1><div>{ARTICLE}</div></div></div>",
    "line breaks": f"<div class=article><h1>{TITLE}</h1><div>{'<br><br>'.join(TEXT)}</div></div>",
    "single line breaks": f"<div class=article><h1>{TITLE}</h1><div>{'<br>'.join(TEXT)}</div></div>",
    "text nodes": f"<div class=article><h1>{TITLE}</h1>{LEAD}<div></div>{SECOND}<div></div>{THIRD}<p>{LAST}</p></div>",
    "layout table": f"<table><tr><td><ul>{MENU}</ul></td><td><h1>{TITLE}</h1>{ARTICLE}</td></tr></table>",
    "cells as paragraphs": "<table>" + "".join(f"<tr><td>{text}</td></tr>" for text in TEXT) + "</table>",
    "whole page in a form": f"<form action=/><div><h1>{TITLE}</h1><div>{ARTICLE}</div></div></form>",
    "unclosed paragraphs": f"<div class=article><h1>{TITLE}</h1><p>{'<p>'.join(TEXT)}</div>",
    "body in noscript": f"<div id=app></div><noscript><article><h1>{TITLE}</h1>{ARTICLE}</article></noscript>",
    "custom elements": f"<story-page><story-body><h1>{TITLE}</h1>{ARTICLE}</story-body></story-page>",
    "amp": f"<amp-img src=a></amp-img><article class=amp-wp-article><h1>{TITLE}</h1>{ARTICLE}</article>",
    "print page": f"<h1>{TITLE}</h1><hr>{ARTICLE}<hr>",
    "split by an advert": (
        f"<article><h1>{TITLE}</h1>{paragraphs(LEAD, SECOND)}<div class=advert><span>Advertisement</span></div>"
        f"{paragraphs(THIRD, LAST)}</article>"
    ),
    "copy for other screens": (
        f"<article><h1>{TITLE}</h1><div class=desktop>{ARTICLE}</div><div class=mobile>{ARTICLE}</div></article>"
    ),
    "copy in one piece": (
        f"<article><h1>{TITLE}</h1><div class=content>{ARTICLE}</div>"
        f"<div itemprop=articleBody hidden>{' '.join(TEXT)}</div></article>"
    ),
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_layout(layout: str) -> None:
    """Each layout gives the four paragraphs, in order, and nothing else."""
    head = "" if layout != "body in noscript" else "<meta name=description content=''>"
    html = page(LAYOUTS[layout], head)
    if layout == "body in noscript":
        html = f"<html><head><title>{TITLE}</title></head><body>{LAYOUTS[layout]}</body></html>"
    assert body_of(html) == TEXT


@pytest.mark.parametrize("layout", LAYOUTS)
def test_plain_and_compiled_extraction_are_the_same(layout: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Blocks, decisions, certainties and the model's own columns are equal bit for bit."""
    html = page(LAYOUTS[layout], "<meta property=og:description content='The council of Aldport voted'>")
    results, columns = [], []
    for is_fast in (False, True):
        monkeypatch.setattr(PACE, "is_fast", is_fast)
        results.append(extract(html, Settings()))
        facts = PageFacts(titles=(TITLE,), article_body=TITLE * 20)
        arrays = page_columns(walk_page(parse(html)), facts)
        columns.append((arrays, compute_features(arrays, load_model().words, load_model().names)))
    assert [replace(result, tree=None, classes=None) for result in results[:1]] == [
        replace(result, tree=None, classes=None) for result in results[1:]
    ]
    for field in fields(columns[0][0]):
        assert_equal(getattr(columns[1][0], field.name), getattr(columns[0][0], field.name), field.name)
    assert_equal(columns[1][1], columns[0][1])


def test_subheads_lists_and_quotes_are_blocks_of_their_own() -> None:
    """Subheads, list items and quotes inside the story belong to it, each with its kind."""
    html = page(
        f"<article><h1>{TITLE}</h1>{paragraphs(LEAD)}<h2>What the traders say</h2>{paragraphs(SECOND)}"
        f"<blockquote><p>{LAST}</p></blockquote><p>Three things will happen in spring:</p><ul>"
        f"<li>The stalls are cleared by the end of March.</li><li>The roof is mended in April and May.</li></ul>"
        f"{paragraphs(THIRD)}</article>"
    )
    kinds = [block.kind for block in run(html).blocks if block.kept]
    assert kinds == [
        BlockKind.PARAGRAPH,
        BlockKind.SUBHEAD,
        BlockKind.PARAGRAPH,
        BlockKind.QUOTE,
        BlockKind.PARAGRAPH,
        BlockKind.LIST_ITEM,
        BlockKind.LIST_ITEM,
        BlockKind.PARAGRAPH,
    ]


def test_list_items_are_a_setting() -> None:
    """Without `list_items` the items are taken out of the text, with a decision each."""
    html = page(
        f"<article><h1>{TITLE}</h1>{paragraphs(LEAD, SECOND)}"
        f"<ul><li>The stalls are cleared by the end of March.</li></ul>{paragraphs(THIRD, LAST)}</article>"
    )
    extraction = extract(html, Settings(extraction=ExtractionSettings(list_items=False)))
    assert [block.text for block in extraction.blocks if block.kept] == TEXT
    assert any(d.before.startswith("The stalls are cleared") for d in extraction.decisions)


def test_headline_and_deck_are_apart() -> None:
    """The headline and the deck are fields, not text."""
    deck = "Eleven traders lose their stalls as the council ends a loss-making trade of 140 years"
    html = page(
        f"<article><h1>{TITLE}</h1><p class=standfirst>{deck}</p><div class=article-body>{ARTICLE}</div></article>"
    )
    assert body_of(html) == TEXT
    assert labelled(html, "title") == [TITLE]
    assert labelled(html, "deck") == [deck]


def test_caption_with_credit_is_moved() -> None:
    """A caption between paragraphs is moved to the captions, credit and all."""
    caption = "The market hall on its last day. Photo: Jo Brandt"
    html = page(
        f"<article><h1>{TITLE}</h1>{paragraphs(LEAD, SECOND)}"
        f"<figure><img src=a><figcaption>{caption}</figcaption></figure>{paragraphs(THIRD, LAST)}</article>"
    )
    assert body_of(html) == TEXT
    assert [b.field for b in run(html).blocks if b.text == caption] == ["captions"]


def test_bio_after_the_text_is_kept_apart() -> None:
    """The lines about the author are moved to the author's bio."""
    bio = "Ada Quill has reported on the harbour since 2011 and lives in Aldport with two cats."
    html = page(
        f"<article><h1>{TITLE}</h1><div class=body>{ARTICLE}</div><div class='author-bio'><p>{bio}</p></div></article>"
    )
    assert body_of(html) == TEXT
    assert labelled(html, "bio") == [bio]


def test_related_and_newsletter_are_labelled() -> None:
    """Links to other stories and a newsletter box between paragraphs are out of the text, and say what they are."""
    html = page(
        f"<article><h1>{TITLE}</h1>{paragraphs(LEAD, SECOND)}"
        "<div class='related-links'><h3>Related</h3><ul><li><a href=/1>New ferry arrives in May</a></li></ul></div>"
        "<div class='newsletter-signup'><p>Sign up for our morning newsletter.</p></div>"
        f"{paragraphs(THIRD, LAST)}</article>"
    )
    assert body_of(html) == TEXT
    assert "New ferry arrives in May" in labelled(html, "related")
    assert labelled(html, "promo") == ["Sign up for our morning newsletter."]


def test_comments_longer_than_the_article() -> None:
    """A short article keeps its text beside a long discussion."""
    comments = "".join(
        f"<li class=comment><p>I remember the market well, number {n}. My uncle used to sell eels there, and he "
        "always said that nobody who had not been up at four in the morning knew what the town was about.</p></li>"
        for n in range(30)
    )
    html = page(
        f"<article><h1>{TITLE}</h1><div class=entry-content>{paragraphs(LEAD, SECOND)}</div></article>"
        f"<section id=comments><h2>30 comments</h2><ol>{comments}</ol></section>"
    )
    assert body_of(html) == [LEAD, SECOND]


def test_consent_platform_beside_a_short_article() -> None:
    """The long policy text that a consent platform puts into the page is none of the article's."""
    policy = "<p>When you visit our website, we store cookies on your browser to collect information about you.</p>" * 9
    html = page(
        f"<article><h1>{TITLE}</h1>{paragraphs(LEAD, SECOND)}</article>"
        f"<div id=onetrust-consent-sdk><div>{policy}</div></div>"
    )
    assert body_of(html) == [LEAD, SECOND]


@pytest.mark.parametrize(
    ("lang", "texts"),
    [
        (
            "ar",
            [
                "قرر مجلس المدينة يوم الثلاثاء إغلاق سوق السمك القديم، منهيا تجارة أطعمت حي الميناء مئة وأربعين عاما.",
                "وقالت المتحدثة باسم التجار إن أحد عشر بائعا سيفقدون أكشاكهم في نهاية مارس، وقد وجد أربعة أماكن جديدة.",
                "وسيبقى المبنى نفسه، إذ ستنتقل إليه مكتبة بعد إصلاح السقف الذي يتسرب منه الماء منذ سنوات طويلة.",
            ],
        ),
        (
            "ja",
            [
                "市議会は火曜日、古い魚市場を閉鎖することを決めた。百四十年にわたって港の街を支えてきた商いが幕を閉じることになる。",
                "三月末までに十一人の業者が店を失うと、組合の代表は話した。四人はすでに岸壁に新しい場所を見つけ、三人は引退するという。",
                "建物そのものは残る。二〇一九年の嵐以来、雨漏りが続いている屋根が直されたあと、図書館が入る予定だ。",
            ],
        ),
    ],
)
def test_scripts_without_latin_letters(lang: str, texts: list[str]) -> None:
    """Right-to-left text, and text without spaces, is found like any other."""
    html = page(
        f"<article><h1>{texts[0][:20]}</h1><div class=article-body>{paragraphs(*texts)}</div></article>", lang=lang
    )
    assert body_of(html) == texts


def test_short_article_passes() -> None:
    """Two sentences on a page of news are an article, and not a stub or a front page."""
    brief = "The coast road between Aldport and Orrin is closed until Friday. A tree fell on it; nobody was hurt."
    html = page(
        f"<article><h1>Coast road closed</h1><p>{brief}</p></article>", "<meta property=og:type content=article>"
    )
    assert body_of(html) == [brief]
    assert run(html).refusal is None


def test_live_blog_keeps_entries_in_order() -> None:
    """The entries of a live blog come in the order of the page, and the page is known as a live blog."""
    entries = "".join(
        f"<div class=live-post><time>{hour}:15</time><h3>Entry of {hour}</h3><p>{text}</p></div>"
        for hour, text in zip((12, 11, 10, 9), TEXT, strict=True)
    )
    data = '<script type="application/ld+json">{"@type": "LiveBlogPosting", "headline": "Vote"}</script>'
    html = page(f"<article class=live-blog><h1>{TITLE}</h1>{entries}</article>", data)
    texts = [block.text for block in run(html).blocks if block.kept]
    assert run(html).page_kind == "live_blog"
    assert [text for text in texts if text in TEXT] == TEXT


def test_live_blog_keeps_the_times_of_its_entries_apart() -> None:
    """Each entry's time is kept before its entry and is no part of the text; a time in a sentence stays."""
    voted = "At 12:15 the council voted, and nobody in the hall said a word for a while."
    entries = "".join(
        f"<div class=live-post><time>{time}</time><p>{text}</p></div>"
        for time, text in (("Updated 12:40 CET", voted), ("11.15 Uhr", SECOND), ("9h05", THIRD), ("08:30", LAST))
    )
    data = '<script type="application/ld+json">{"@type": "LiveBlogPosting", "headline": "Vote"}</script>'
    html = page(f"<article class=live-blog><h1>{TITLE}</h1>{entries}</article>", data)
    assert body_of(html) == [voted, SECOND, THIRD, LAST]
    found = [block.text for block in run(html).blocks if block.label in ("body", "entry_time")]
    assert found == ["Updated 12:40 CET", voted, "11.15 Uhr", SECOND, "9h05", THIRD, "08:30", LAST]
    assert {block.field for block in run(html).blocks if block.label == "entry_time"} == {"entry_times"}


def test_clock_times_outside_live_blogs_are_no_entries() -> None:
    """A line of a clock time in an ordinary article is not taken for an entry's."""
    html = page(f"<article><h1>{TITLE}</h1><time>12:15</time>{ARTICLE}</article>")
    assert labelled(html, "entry_time") == []


def test_caption_of_a_picture_called_lead_is_no_deck() -> None:
    """A caption stays one, though the class of its picture has a word for decks."""
    caption = "Ada Quill and the last crates of eels, as the market closed on Friday."
    figure = f"<figure class=lead-image><img src=a.jpg><figcaption>{caption}</figcaption></figure>"
    html = page(f"<article class=story><h1>{TITLE}</h1>{figure}<div class=story-body>{ARTICLE}</div></article>")
    assert labelled(html, "caption") == [caption]
    assert labelled(html, "deck") == []


def test_caption_without_a_name_is_known_by_its_picture() -> None:
    """The only text in a table with a picture is its caption; a cell in a table without one isn't."""
    caption = "The last crates of eels on the quay at Aldport, a week before the market closed"
    for picture, expected in (("<img src=b.jpg>", [caption]), ("&nbsp;", [])):
        table = f"<table><tr><td>{picture}</td></tr><tr><td class=bu>{caption}</td></tr></table>"
        html = page(f"<div class=artikel><h1>{TITLE}</h1><p>{LEAD}</p>{table}{paragraphs(SECOND, THIRD, LAST)}</div>")
        assert labelled(html, "caption") == expected


def test_short_line_named_as_an_author_is_the_byline() -> None:
    """A name between headline and text is kept apart also in a script without capitals, if its element says so."""
    text = "<p>قنات روستا که بیش از بیست سال خشک مانده بود، روز شنبه با حضور صدها نفر دوباره به آب رسید.</p>"
    html = page(f"<article><h1>بازگشایی قنات</h1><p class=author>پروانه کاریزی</p>{text}</article>", lang="fa")
    assert labelled(html, "byline") == ["پروانه کاریزی"]

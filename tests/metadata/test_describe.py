"""Heads and feet of pasted articles, records' own fields, pages: from evidence to metadata."""

from __future__ import annotations

import datetime as dt
import itertools
import json

import pytest
from hypothesis import given
from hypothesis import settings as fuzz
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from copydesk.article import Action, Article, Block, Evidence, RecordField, Source
from copydesk.extraction.plain import split
from copydesk.metadata import describe, read_page
from copydesk.settings import Settings

TITLE = "Ice is back on the lake of Steinfurt"
BODY = (
    "The lake at Steinfurt froze over on Monday night for the first time in eleven years, and before breakfast half "
    "of the village was out on it with skates that had hung in cellars for as long as anybody could remember, as the "
    "mayor said."
    "\n\nThe depth was measured at nine places. It was fourteen centimetres at the pier, enough for people and not "
    "enough for the horse sledges that older villagers still talk about when winter comes."
    "\n\nBy noon the school had closed, as nobody was in it. The fire brigade put up a stand with tea, and a rope."
)


def read(text: str, fields: tuple[RecordField, ...] = (), page: tuple[Evidence, ...] = ()) -> Article:
    """The article that a text gives."""
    return describe(Article("a", Source("a.txt", 0, None), split(text)), fields, page, Settings())


def pasted(*head: str, gap: str = "\n", foot: tuple[str, ...] = ()) -> Article:
    """The article of head lines, the body and foot lines."""
    return read(gap.join((*head, BODY.replace("\n\n", gap), *foot)))


@pytest.mark.parametrize("gap", ["\n", "\n\n"])
@pytest.mark.parametrize("order", list(itertools.permutations(range(4))))
def test_head_lines_in_any_order(order: tuple[int, ...], gap: str) -> None:
    """Byline, date, outlet and URL are found below the title in any order, with and without blank lines."""
    url = "https://www.nytimes.com/2024/03/05/world/ice-is-back/"
    lines = ("By Jane Roe and Ali Khan", "March 5, 2024", "The New York Times", url)
    article = pasted(TITLE, *(lines[i] for i in order), gap=gap)
    known = article.metadata
    assert (known.title, known.authors, known.outlet) == (TITLE, ("Jane Roe", "Ali Khan"), "The New York Times")
    assert (known.published_on, known.url, known.outlet_domain) == (dt.date(2024, 3, 5), url, "nytimes.com")
    assert article.text == BODY


def test_the_date_line_with_read_time_gives_the_instant() -> None:
    """A read time beside the date is no obstacle."""
    article = pasted(TITLE, "14 minute read Published 2:00 AM EDT, Sun September 1, 2024", "20240901")
    assert article.metadata.published_at == dt.datetime(2024, 9, 1, 6, tzinfo=dt.UTC)
    assert article.metadata.published_precision == "instant"
    assert article.text == BODY


def test_parts_joined_by_a_bar_are_read_apart() -> None:
    """One line may be byline and date, with and without "By"."""
    for line in ("By Jane Roe | March 5, 2024", "Jane Roe · 5 March 2024", "March 5, 2024 | By Jane Roe, Reuters"):
        known = pasted(TITLE, line).metadata
        assert (known.authors, known.published_on) == (("Jane Roe",), dt.date(2024, 3, 5))


@pytest.mark.parametrize("line", ["Madrid - 5 de marzo de 2024 - 10:15 CET", "Kabul, Afghanistan | March 5, 2024"])
def test_a_place_may_stand_before_the_date(line: str) -> None:
    """Where it was written is no obstacle, either."""
    article = pasted(TITLE, line)
    assert article.metadata.published_on == dt.date(2024, 3, 5)
    assert article.text == BODY


def test_head_lines_may_stand_above_the_title() -> None:
    """The title is the first line that is nothing else."""
    known = pasted("Reuters", "March 5, 2024", TITLE, "By Jane Roe").metadata
    assert (known.title, known.outlet, known.authors) == (TITLE, "Reuters", ("Jane Roe",))


def test_each_head_line_is_a_decision() -> None:
    """What left the text is written down with its field."""
    decisions = pasted(TITLE, "By Jane Roe", "Source: Foreign Affairs", "5 min read").decisions
    assert [(d.label, d.field, d.action) for d in decisions] == [
        ("title", "title", Action.MOVED),
        ("byline", "byline", Action.MOVED),
        ("source", "outlet", Action.MOVED),
        ("read_time", None, Action.REMOVED),
    ]


@pytest.mark.parametrize(
    "lead",
    [
        "KABUL (Reuters) - The lake froze over on Monday, officials said.",
        "“The ice holds,” the mayor said on Monday.",
        "By the time the police arrived, the lake was full of people.",
        "Von der Brücke aus sah man am Montag Hunderte auf dem Eis.",
        "March 5, 2024, was the coldest day of the decade on the lake.",
        "Reuters was told on Monday that the ice would hold.",
    ],
)
def test_leads_that_look_like_heads_stay(lead: str) -> None:
    """A line that is more than a head line is text."""
    assert pasted(TITLE, "By Jane Roe", lead).text.startswith(lead)


def test_a_text_without_head_keeps_all() -> None:
    """No head line, no title, no loss."""
    article = read(BODY)
    assert article.metadata.title is None
    assert article.text == BODY


def test_a_text_of_head_lines_alone_is_left_as_it_is() -> None:
    """Where nothing would be left, nothing is taken."""
    assert read("Ice is back\nBy Jane Roe\n").text == "Ice is back\n\nBy Jane Roe"


def test_an_empty_text_has_no_metadata() -> None:
    """Nothing in, nothing out."""
    article = read("")
    assert article.metadata.language == "und"
    assert article.metadata.title is None
    assert article.evidence == ()


def test_the_foot_gives_author_and_outlet() -> None:
    """A bio moves to author_bio and speaks where no byline does; the title again and the disclaimer are removed."""
    bio = "Jane Roe is a columnist at Foreign Policy and the author of two books."
    disclaimer = (
        "The views in this article are the author’s own and do not necessarily represent those of The Asia Cable."
    )
    article = pasted(TITLE, foot=(disclaimer, bio, TITLE))
    assert article.metadata.authors == ("Jane Roe",)
    assert article.metadata.outlet == "Foreign Policy"
    assert article.author_bio == bio
    assert article.text == BODY
    assert [d.label for d in article.decisions] == ["title", "disclaimer", "bio", "repeated"]


@pytest.mark.parametrize(
    "name", ["Jane Roe", "Maria de la Cruz", "Charles d’Estaing", "Ali al-Khan", "Élodie Petit", "Dr. Jane Roe"]
)
def test_a_bio_begins_with_any_form_of_name(name: str) -> None:
    """A second word in small letters is a particle, or has its capital behind an apostrophe or a hyphen."""
    bio = f"{name} is a columnist at Foreign Policy."
    article = pasted(TITLE, foot=(bio,))
    assert article.author_bio == bio
    assert article.metadata.authors == (name.removeprefix("Dr. "),)


@pytest.mark.parametrize("begin", ["The lake", "Jane roe", "Nobody here"])
def test_a_sentence_about_something_is_no_bio(begin: str) -> None:
    """A second word in small letters that is no particle makes no name."""
    last = f"{begin} is a columnist at Foreign Policy."
    assert pasted(TITLE, foot=(last,)).text.endswith(last)


@pytest.mark.parametrize("last", ["The views are known to the owner.", "The view from the town is grown."])
def test_a_word_that_ends_in_own_ends_no_disclaimer(last: str) -> None:
    """Only "own" as a word says whose views they are."""
    assert pasted(TITLE, foot=(last,)).text.endswith(last)


def test_a_bio_with_a_disclaimer_is_a_bio() -> None:
    """Who wrote it isn't lost with whose views they are."""
    bio = "Jane Roe teaches history at Lake College and is the author of two books. The views expressed are her own."
    article = pasted(TITLE, foot=(bio,))
    assert article.author_bio == bio
    assert article.metadata.authors == ("Jane Roe",)


def test_a_report_on_opinions_is_no_disclaimer() -> None:
    """The last paragraph of a story may speak of views, too: somebody says it."""
    last = "The opinions expressed in the letters are those of the villagers and not his own, the mayor said."
    assert pasted(TITLE, foot=(last,)).text.endswith(last)


def test_a_disclaimer_alone_names_no_outlet() -> None:
    """It says whose views these are not; the name stays among the evidence."""
    foot = ("The opinions expressed here are her own and do not reflect the views of The Asia Cable.",)
    article = pasted(TITLE, foot=foot)
    assert article.metadata.outlet is None
    assert [e.value for e in article.evidence if e.field == "outlet"] == ["The Asia Cable"]
    assert pasted("Ice is back today", "Reuters", foot=foot).metadata.outlet == "Reuters"


@pytest.mark.parametrize(
    ("byline", "outlet"),
    [("By CNN Business", None), ("By Jane Roe, CNN Business", "CNN"), ("By Desk Editor, CNN", "CNN"), ("CNN", "CNN")],
)
def test_a_byline_of_an_outlet_alone_says_who_wrote_it(byline: str, outlet: str | None) -> None:
    """Papers print what an outlet's desk wrote, so it is theirs only behind a name or on a line of its own."""
    assert pasted(byline).metadata.outlet == outlet


def test_a_person_of_the_story_is_no_author() -> None:
    """A line about somebody the story speaks of stays."""
    last = "Jana Roth is a professor at the academy of Steinfurt."
    article = pasted(TITLE, foot=("The ice was measured by Roth.", last))
    assert article.metadata.authors == ()
    assert article.text.endswith(last)
    assert pasted(TITLE, foot=("The ice was measured by Rothmann.", last)).metadata.authors == ("Jana Roth",)


def test_a_bio_that_sells_a_newsletter_is_no_authors() -> None:
    """Below everybody's stories stands the same editor."""
    last = "Jane Roe is politics editor for Fox News. Want it in your inbox every day? Sign up here."
    assert pasted(TITLE, foot=(last,)).metadata.authors == ()


def test_a_standfirst_between_head_lines_is_the_deck() -> None:
    """A line between title and byline is a standfirst."""
    deck = "Half of the village went out on it before breakfast."
    article = pasted(TITLE, deck, "By Jane Roe")
    assert article.metadata.deck == deck
    assert article.text == BODY


def test_record_fields_are_evidence() -> None:
    """A record's own fields count, and the title in the text is recognised by them."""
    fields = (
        RecordField("title", TITLE, "headline"),
        RecordField("authors", "Jane Roe", "author"),
        RecordField("published", "03/04/2024", "date"),
        RecordField("url", "https://www.nytimes.com/a/b", "link"),
    )
    article = read(f"{TITLE}\n\n{BODY}", fields)
    known = article.metadata
    assert article.text == BODY
    assert (known.title, known.authors, known.outlet) == (TITLE, ("Jane Roe",), "The New York Times")
    assert known.published_on == dt.date(2024, 3, 4)


def test_an_ambiguous_date_without_outlet_is_refused_and_recorded() -> None:
    """03/04/2024 in an English text of nobody is no day."""
    article = read(BODY, (RecordField("published", "03/04/2024", "date"),))
    assert article.metadata.published_on is None
    assert any("ambiguous" in e.source for e in article.evidence)


@pytest.mark.parametrize(("date", "reason"), [("1789-07-14", "before 1800"), ("2030-01-01", "after the fetch")])
def test_impossible_dates_are_refused_and_recorded(date: str, reason: str) -> None:
    """A day before 1800 or after the fetch is no day of publication."""
    fields = (
        RecordField("published", date, "date"),
        RecordField("fetched_at", "2024-09-02T00:00:00Z", "fetched_at", "sources.csv"),
    )
    article = read(BODY, fields)
    assert article.metadata.published_on is None
    assert any(reason in e.source for e in article.evidence)


def test_agreement_raises_confidence_and_rivals_follow() -> None:
    """The winner stands first, with the joint confidence, and the rival behind it."""
    article = pasted(TITLE, "March 5, 2024", "https://www.nytimes.com/2024/03/05/ice/")
    published = [e for e in article.evidence if e.field == "published"]
    assert published[0].confidence > 0.95
    assert {e.source for e in published} == {"head.date", "url.path"}


PAGE = """<html lang="en-GB"><head><title>Ice is back | Lakeside Courier</title>
<meta property="og:site_name" content="Lakeside Courier"><meta property="og:title" content="Ice is back">
<link rel="canonical" href="https://courier.example/2024/03/05/ice">
<script type="application/ld+json">{"@context": "https://schema.org", "@graph": [{"@type": "WebPage", "name": "x"},
{"@type": ["NewsArticle"], "headline": "Ice is back", "datePublished": "2024-03-05T07:30:00+01:00",
"dateModified": 1709640000000, "author": [{"@type": "Person", "name": "Jane O&amp;#39;Donnell"},
{"@type": "Organization", "name": "Lakeside Courier"}], "publisher": {"@id": "#p"}, "keywords": "ice, winter"},
{"@id": "#p", "@type": "Organization", "name": "Lakeside Courier"}]}</script>
</head><body><h1>Ice is back</h1></body></html>"""


def test_a_page_is_read_from_all_its_sources() -> None:
    """JSON-LD in a graph, OpenGraph, link and title agree on one article."""
    known = read(BODY, page=read_page(LexborHTMLParser(PAGE))).metadata
    assert (known.title, known.authors, known.outlet) == ("Ice is back", ("Jane O'Donnell",), "Lakeside Courier")
    assert known.published_at == dt.datetime(2024, 3, 5, 6, 30, tzinfo=dt.UTC)
    assert known.published_on == dt.date(2024, 3, 5)
    assert known.modified_at == dt.datetime(2024, 3, 5, 12, tzinfo=dt.UTC)
    assert (known.canonical_url, known.url_key) == ("https://courier.example/2024/03/05/ice",) * 1 + (
        "courier.example/2024/03/05/ice",
    )
    assert (known.tags, known.language) == (("ice", "winter"), "en")


def test_a_canonical_home_page_is_refused() -> None:
    """A canonical URL that names the site is not the article's."""
    page = read_page(LexborHTMLParser("<link rel='canonical' href='https://courier.example/'><title>x</title>"))
    known = read(BODY, (RecordField("url", "https://courier.example/ice", "url"),), page).metadata
    assert known.canonical_url is None
    assert known.url == "https://courier.example/ice"


@pytest.mark.parametrize(
    "script",
    [
        "{",
        "[" * 1000 + "]" * 1000,
        '{"a":' * 100_000,
        "[" * 3_000_000,
        "null",
        "[[[]]]",
        '"x"',
        "12",
        '{"@type": {"a": 1}, "author": [[["x"]]]}',
    ],
)
def test_json_ld_of_any_kind_is_no_error(script: str) -> None:
    """Ill-formed, deep and huge JSON-LD is refused evidence or nothing."""
    page = read_page(LexborHTMLParser(f'<title>Ice</title><script type="application/ld+json">{script}</script>'))
    assert read(BODY, page=page).metadata.title == "Ice"


KEYS = st.sampled_from(["@type", "@id", "@graph", "author", "name", "headline", "publisher", "keywords", "url"])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)


@fuzz(max_examples=60)
@given(JSON)
def test_json_ld_reading_is_total(data: object) -> None:
    """Every JSON value gives evidence or nothing."""
    node = json.dumps({"@type": "NewsArticle", "headline": data, "author": data})
    read_page(LexborHTMLParser(f'<script type="application/ld+json">{node}</script>'))


LINES = ("Ice is back", "By Jane Roe", "CNN", "March 5, 2024", "", "The lake froze. It thawed.", "5 min read", "By",
         "|", "https://cnn.com/2024/03/05/x", "Jane Roe is a writer at CNN.", " | CNN")  # fmt: skip


@fuzz(max_examples=60)
@given(st.lists(st.sampled_from(LINES), max_size=12))
def test_every_word_is_in_a_block_after_describing(lines: list[str]) -> None:
    """Whatever is decided, no block disappears and none is changed."""
    text = "\n".join(lines)
    article = read(text)
    assert [b.text for b in article.blocks] == [b.text for b in split(text)]


def test_long_evidence_is_refused_and_recorded() -> None:
    """A byline of 10,000 characters is no byline."""
    article = read(BODY, (RecordField("authors", "Jane Roe, " * 1000, "author"),))
    assert article.metadata.authors == ()
    assert any("too long" in e.source for e in article.evidence)


@pytest.mark.parametrize("line", ["The Quay", "Jane Roe", "Opinion"])
def test_unknown_lines_between_head_lines_do_not_end_the_head(line: str) -> None:
    """An outlet nobody knows, a name without "By" and a section may stand between title and date."""
    known = pasted(TITLE, line, "March 5, 2024").metadata
    assert known.published_on == dt.date(2024, 3, 5)
    expected = {
        "The Quay": ("The Quay", None, ()),
        "Jane Roe": (None, None, ("Jane Roe",)),
        "Opinion": (None, "Opinion", ()),
    }
    assert (known.outlet, known.section, known.authors) == expected[line]


def test_a_section_above_the_title_is_no_title() -> None:
    """A kicker stands above the headline."""
    known = pasted("World News", TITLE, "By Jane Roe").metadata
    assert (known.title, known.section) == (TITLE, "World News")


@pytest.mark.parametrize("title", ["A Stupid Foreign Policy", "Lakeside Daily Gazette", "What the Report Says"])
def test_a_first_line_that_sounds_like_an_outlet_is_the_title(title: str) -> None:
    """Without another title below it, the first line is the title, whatever words it is made of."""
    known = pasted(title, "Reuters").metadata
    assert (known.title, known.outlet) == (title, "Reuters")


def test_an_unknown_outlet_above_the_title_is_one() -> None:
    """With a title below it, a line of the form of a paper's name is the outlet."""
    known = pasted("Lakeside Gazette", TITLE, "By Jane Roe").metadata
    assert (known.title, known.outlet) == (TITLE, "Lakeside Gazette")


def test_buttons_do_not_end_the_head() -> None:
    """A button between head lines stays where it is, for the rules about boilerplate."""
    article = pasted(TITLE, "By Jane Roe", "Share", "March 5, 2024")
    assert article.metadata.published_on == dt.date(2024, 3, 5)
    assert article.text == f"Share\n\n{BODY}"


def test_a_source_or_url_at_the_foot_is_taken_where_the_head_has_none() -> None:
    """Credits may stand below the text."""
    article = pasted(TITLE, foot=("Source: Foreign Affairs", "https://www.foreignaffairs.com/ice"))
    assert (article.metadata.outlet, article.metadata.url) == ("Foreign Affairs", "https://www.foreignaffairs.com/ice")
    assert article.text == BODY
    assert pasted(TITLE, "Reuters", foot=("Source: Foreign Affairs",)).text.endswith("Source: Foreign Affairs")


REPEATED = (
    "Abc ",
    "a",
    " ",
    "1",
    "1:",
    "may ",
    " - ",
    "(",
    "a@",
    "'",
    "a\n",
    "Jane Roe is ",
    "views ",
    "By ",
    "ABC ",
    "| ",
)
ADVERSARIAL = {piece.strip() or "space": piece * (100_000 // len(piece)) for piece in REPEATED} | {
    "url": "https://x.example/" + "a/" * 50_000,
    "escapes": "https://x.example/" + "%" * 100_000,
}


@pytest.mark.parametrize("name", ADVERSARIAL)
def test_a_hundred_kilobytes_of_anything_are_read(name: str) -> None:
    """No string has a slow path: as text, as head line, as a field, as a page."""
    text = ADVERSARIAL[name]
    read(f"{TITLE}\nBy Jane Roe\n{text}\n{text[:250]}\n{text[:90]}\n{BODY}")
    named = ("title", "authors", "published", "outlet", "url", "canonical", "section", "deck", "language")
    read(BODY, tuple(RecordField(f, text[:n], f) for f in named for n in (100, 390, 2000, 100_000)))
    tags = (
        "<title>{0}</title>",
        "<h1>{0}</h1>",
        "<time>{0}</time>",
        '<meta name="author" content="{0}">',
        '<p class="byline">{0}',
    )
    read(BODY, page=read_page(LexborHTMLParser("".join(tag.format(text) for tag in tags))))


def test_byline_left_at_the_start_of_a_pages_text_is_moved() -> None:
    """A page states its authors elsewhere; a byline or a date line in its text goes to its field, a lead stays."""
    lead = "By the time the lake froze, the village had sold all its boats, the mayor says."
    lines = ("By Jane Roe", "March 5, 2024, 9:40 p.m.", lead, "The ice will hold until the end of the month.")
    before = Article("a", Source("a.html", 0, None), tuple(map(Block, lines)))
    page = (Evidence("title", "Ice is back", "og:title", "Ice is back", 0.8),)
    described = describe(before, (), page, Settings())
    assert [block.text for block in described.blocks if block.kept] == [lead, lines[-1]]
    assert described.metadata.authors == ("Jane Roe",)
    assert [d.rule for d in described.decisions] == ["left-byline/2", "left-date/2"]

"""Which of a page's titles is its headline."""

from __future__ import annotations

import datetime as dt

import pytest

from copydesk.article import Evidence
from copydesk.metadata.assemble import choose_metadata
from copydesk.metadata.choose_title import choose_title

CONFIDENCE = {"jsonld.headline": 0.9, "og:title": 0.8, "twitter:title": 0.6, "html.h1": 0.6, "html.title": 0.5}
APART = {
    "jsonld.headline": "Ferry to Nordby stuck in the ice since Monday morning",
    "html.h1": "Ferry to Nordby stuck in the ice since Monday morning",
    "html.title": "Ferry to Nordby stuck in the ice since Monday morning | Lakeside Courier",
    "og:title": "Ice holds Nordby ferry",
}


def _page(titles: dict[str, str]) -> list[Evidence]:
    return [Evidence("title", value, source, value, CONFIDENCE[source]) for source, value in titles.items()]


def _title(titles: dict[str, str], *, news: bool = True) -> str | None:
    return choose_title(_page(titles), ("Lakeside Courier",), news=news)[0]


def test_shared_headline_of_a_newsroom_wins_where_it_was_written_apart() -> None:
    """On pages of the press, what the newsroom gives out as headline wins over what the page's title repeats."""
    assert _title(APART) == "Ice holds Nordby ferry"


def test_shared_headline_that_the_page_title_repeats_is_for_search_engines() -> None:
    """Where page title and og:title say the same, h1 and JSON-LD have the editor's headline."""
    assert _title(APART | {"html.title": "Ice holds Nordby ferry | Lakeside Courier"}) == APART["html.h1"]


def test_heading_wins_on_pages_that_are_no_press() -> None:
    """On blogs and firms' pages the heading that readers see wins, unless it is a banner unlike all other titles."""
    assert _title(APART, news=False) == APART["html.h1"]
    banner = APART | {"html.h1": "Our blog and more"} | {"jsonld.headline": "Ice holds Nordby ferry"}
    assert _title(banner, news=False) == "Ice holds Nordby ferry"


def test_section_behind_the_json_ld_headline_is_cut() -> None:
    """A page's title with a section and the site behind it joins the JSON-LD headline, which then wins."""
    page = {
        "jsonld.headline": "Lakes tell 5,000 homes how to survive the ice",
        "og:title": "Lakes tell 5,000 homes how to survive new ice",
        "html.h1": "Lakes tell 5,000 homes how to survive new ice",
        "html.title": "Lakes tell 5,000 homes how to survive the ice | World News | Lakeside Courier",
    }
    assert _title(page) == page["jsonld.headline"]


def test_bar_behind_a_headline_parts_what_nothing_else_names() -> None:
    """A short tail behind a bar goes; one that the heading has, a long one and one behind two words stay."""
    assert _title({"og:title": "How the lake froze over | Patient Education"}) == "How the lake froze over"
    both = {"og:title": "How the lake froze over | Part two", "html.h1": "How the lake froze over | Part two"}
    assert _title(both) == "How the lake froze over | Part two"
    assert _title({"og:title": "Ice | Notes from the lake"}) == "Ice | Notes from the lake"


def test_kicker_that_page_and_data_share_stays() -> None:
    """Only a kicker that the page's own headlines lack is cut off."""
    kicked = "Winter on the lake: the ferry is stuck"
    assert _title({"jsonld.headline": kicked, "html.h1": kicked, "html.title": kicked}) == kicked
    assert _title({"html.title": kicked, "og:title": "the ferry is stuck"}) == "the ferry is stuck"


@pytest.mark.parametrize(
    ("printed", "headline"),
    [
        ("## Ice is back on the lake", "Ice is back on the lake"),
        ("*Ice and Snow* is back (1792)", "Ice and Snow is back (1792)"),
        ("Why #icewatch is back", "Why #icewatch is back"),
        ("What 5 * 3 * 2 has to do with ice", "What 5 * 3 * 2 has to do with ice"),
        ("snake_case_names are back", "snake_case_names are back"),
    ],
)
def test_marks_of_markdown_are_no_part_of_a_headline(printed: str, headline: str) -> None:
    """Marks that a template printed as they are go; hashtags, products and joined words stay."""
    assert _title({"og:title": printed}) == headline


def test_headline_set_in_parts_joins_the_others() -> None:
    """A drop cap in an element of its own parts a word only in one of the sources."""
    page = {
        "html.h1": "How the I ce came back",
        "html.title": "How the Ice came back",
        "og:title": "How the Ice came back",
    }
    assert _title(page, news=False) == page["og:title"]


def test_headline_given_out_as_the_name_of_the_site_is_no_outlet() -> None:
    """A page whose site name is its own headline keeps the headline as title and gives no outlet."""
    line = "How the village learned to skate again: a guide"
    page = [
        *_page({"og:title": f"{line} | Orrery", "html.h1": line}),
        Evidence("outlet", f"{line} | Orrery", "og:site_name", "", 0.8),
    ]
    known, _ = choose_metadata(page, "", dt.date(2100, 1, 1))
    assert (known.title, known.outlet) == (line, None)


def test_page_without_a_title_has_none() -> None:
    """No evidence gives no title, and a title that is the site's name alone is refused."""
    assert choose_title([], ()) == (None, ())
    title, evidence = choose_title(_page({"og:title": "Lakeside Courier"}), ("Lakeside Courier",))
    assert title is None
    assert [e.source for e in evidence] == ["og:title (refused: no headline)"]

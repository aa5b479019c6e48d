"""Which segments are the headline and the deck."""

from __future__ import annotations

from selectolax.lexbor import LexborHTMLParser

from copydesk.extraction.facts import PageFacts
from copydesk.extraction.headline import Titles, find_deck, fold
from copydesk.extraction.page import walk_page
from copydesk.extraction.segments import Segments

HEADLINE = "Aldport closes its fish market"
DECK = "Eleven traders lose their stalls, and the town a smell it was known for."
NO_TITLES = Titles(())


def segments_of(html: str) -> Segments:
    """A page walked."""
    return walk_page(LexborHTMLParser(html))


def test_headings_that_are_the_headline() -> None:
    """An h1 that shares words with a title, and a lower heading that equals one; no short and no other heading."""
    titles = Titles((fold(f"{HEADLINE} | The Lamp"), fold(HEADLINE), fold("Market")))
    page = segments_of(
        f"<h1>{HEADLINE}</h1><h1>Weather</h1><h2>«{HEADLINE}»</h2><h2>Market</h2><h2>Aldport closes</h2>"
    )
    assert [titles.is_title(page, place) for place in range(5)] == [True, False, True, False, False]


def test_any_h1_of_a_page_without_titles() -> None:
    """Where the page states no title, its h1 is taken for one."""
    assert NO_TITLES.is_title(segments_of("<h1>Weather</h1>"), 0)


def test_deck_by_description_and_by_mark() -> None:
    """A line above the text is the deck if the page's description says it again, or if its markup says so."""
    facts = PageFacts(descriptions=(DECK.upper(),))
    told = segments_of(f"<h1>{HEADLINE}</h1><p>{DECK}</p><p>The council voted.</p>")
    assert find_deck(told, frozenset((2,)), facts, NO_TITLES) == 1
    assert find_deck(told, frozenset((2,)), PageFacts(), NO_TITLES) is None
    marked = segments_of(f"<h1>{HEADLINE}</h1><p class=standfirst>{DECK}</p><p>The council voted.</p>")
    assert find_deck(marked, frozenset((1, 2)), PageFacts(), NO_TITLES) == 1


def test_caption_of_a_lead_picture_is_no_deck() -> None:
    """A caption is no deck, though its picture is called "lead"."""
    page = segments_of(f"<h1>{HEADLINE}</h1><figure class=lead><figcaption>{DECK}</figcaption></figure><p>Voted.</p>")
    assert find_deck(page, frozenset((2,)), PageFacts(descriptions=(DECK,)), NO_TITLES) is None

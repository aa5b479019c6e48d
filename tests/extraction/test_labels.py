"""What the blocks beside the text are called, given which segments were chosen and how surely."""

from __future__ import annotations

import pytest
from selectolax.lexbor import LexborHTMLParser

from copydesk.extraction.facts import PageFacts
from copydesk.extraction.labels import label_segments
from copydesk.extraction.page import walk_page

LEAD = "The council of Aldport voted on Tuesday to close the old fish market, a trade of 140 years."
SECOND = "Eleven traders will lose their stalls by the end of March, said Mira Tolland."


def labels_of(html: str, scores: list[float], *, is_live: bool = False) -> list[tuple[str, str]]:
    """The first word and the label of each block; segments with a score above .5 are chosen."""
    segments = walk_page(LexborHTMLParser(html))
    chosen = frozenset(place for place, score in enumerate(scores) if score > 0.5)
    labelled = label_segments(segments, chosen, PageFacts(), scores, is_live=is_live)
    return [(block.text.split()[0], block.label) for block in labelled.blocks]


def test_nothing_chosen() -> None:
    """A page of which nothing was chosen has no blocks."""
    assert labels_of(f"<p>{LEAD}</p>", [0.1]) == []


@pytest.mark.parametrize(
    ("name", "score", "label"),
    [("intro", 0.97, "body"), ("intro", 0.7, "deck"), ("standfirst", 0.97, "deck")],
)
def test_lead_and_deck(name: str, score: float, label: str) -> None:
    """What is marked as an introduction is the lead if the model is sure; what only decks are called is one."""
    html = f"<h1>Market</h1><p class={name}>{LEAD}</p><p>{SECOND}</p>"
    assert labels_of(html, [0.0, score, 0.99]) == [("Market", "title"), ("The", label), ("Eleven", "body")]


def test_deck_among_the_paragraphs() -> None:
    """A line below two paragraphs that is marked as a deck is another story's."""
    box = "<div class=deck>Ferry to Orrin Head is back after eleven weeks.</div>"
    html = f"<div><p>{LEAD}</p><p>{SECOND}</p>{box}<p>{SECOND}</p></div>"
    assert labels_of(html, [0.9, 0.9, 0.1, 0.9])[2] == ("Ferry", "furniture")


def test_marked_and_pictured_captions_among_the_chosen() -> None:
    """A chosen line is a caption if its element says so, or if it is alone beside an image and not sure to be text."""
    for html, score, label in (
        ("<p class=caption>Eel crates on the quay at Aldport.</p>", 0.9, "caption"),
        ("<div><img src=a.jpg><p>Eel crates on the quay at Aldport.</p></div>", 0.6, "caption"),
        ("<div><img src=a.jpg><p>Eel crates on the quay at Aldport.</p></div>", 0.9, "body"),
        ("<h3 id=caption-writing>Eel crates on the quay at Aldport.</h3>", 0.9, "body"),
    ):
        found = labels_of(f"<div><p>{LEAD}</p>{html}<p>{SECOND}</p></div>", [0.9, score, 0.9])
        assert found == [("The", "body"), ("Eel", label), ("Eleven", "body")]


def test_unsure_plea_is_no_text() -> None:
    """A chosen paragraph in a box for donations is text only if the model is sure of it."""
    html = f"<div><p>{LEAD}</p><div class=donate><p>Journalism like this is paid for.</p></div><p>{SECOND}</p></div>"
    assert labels_of(html, [0.9, 0.7, 0.9])[1] == ("Journalism", "promo")
    assert labels_of(html, [0.9, 0.9, 0.9])[1] == ("Journalism", "body")


def test_times_of_a_live_blog() -> None:
    """The time above the first entry is kept with it; on another page it is no block."""
    html = f"<div><div>12:15</div><p>{LEAD}</p><div>11:05</div><p>{SECOND}</p></div>"
    scores = [0.1, 0.9, 0.1, 0.9]
    times = [("12:15", "entry_time"), ("The", "body"), ("11:05", "entry_time"), ("Eleven", "body")]
    assert labels_of(html, scores, is_live=True) == times
    assert labels_of(html, scores) == [("The", "body"), ("11:05", "furniture"), ("Eleven", "body")]


@pytest.mark.parametrize(
    ("outside", "score", "has_row"),
    [
        (f"<p>{SECOND}</p>", 0.1, True),
        (f"<p>{SECOND}</p>", 0.02, False),
        ("<p>Eleven traders leave</p>", 0.1, False),
        (f"<p><a href=/b>{SECOND}</a></p>", 0.1, False),
        (f"<figcaption>{SECOND}</figcaption>", 0.1, False),
        ("<p>Eleven 位商贩将在三月底以前失去摊位，市长王小明说。</p>", 0.1, True),
        ("<p>Eleven 责任编辑：张丽</p>", 0.1, False),
    ],
)
def test_paragraphs_outside_the_article(outside: str, score: float, has_row: bool) -> None:
    """A paragraph far from the text has a row if the model didn't rule it out; not a link, a short line, a caption.

    A Chinese paragraph of thirty characters says as much as one of ninety letters.
    """
    html = f"<div><div><p>{LEAD}</p><p>{LEAD}</p></div></div><aside><div>{outside}</div></aside>"
    found = labels_of(html, [0.9, 0.9, score])
    assert found == [("The", "body"), ("The", "body"), *([("Eleven", "furniture")] if has_row else [])]


def test_a_page_without_scores_has_no_rows_outside() -> None:
    """Where no model was asked, nothing is said to have been in doubt."""
    segments = walk_page(LexborHTMLParser(f"<div><div><p>{LEAD}</p></div></div><aside><p>{SECOND}</p></aside>"))
    labelled = label_segments(segments, frozenset((0,)), PageFacts())
    assert [block.text for block in labelled.blocks] == [LEAD]

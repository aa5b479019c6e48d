"""Pages that go on with further articles below their own."""

from __future__ import annotations

from copydesk import extract as extract_page
from copydesk.extraction import extract
from copydesk.settings import Settings

BOARD = [
    "The harbour board of Aldport has chosen a new chairman after a vote that went to a third round.",
    "Edith Sorrel, who has run the chandlery on the quay for thirty years, beat two members of the old board.",
    "She said that her first act would be to read the minutes, all of them, aloud if need be.",
]
BEES = [
    "Beekeepers in the upper valley have lost half of their hives to a winter that was too warm to sleep through.",
    "The bees flew in January, found nothing, and did not come back, said Rowan Pike of the valley association.",
    "The association is asking gardeners to leave dandelions until June.",
]


def article(title: str, texts: list[str], author: str, level: str = "h1") -> str:
    """An article as a page has it."""
    body = "".join(f"<p>{text}</p>" for text in texts)
    return f"<article><{level}>{title}</{level}><p class=byline>By {author}</p>{body}</article>"


def page(title: str, *articles: str) -> str:
    """A page with these articles one below the other."""
    return (
        f"<html lang=en><head><title>{title} | The Aldport Lamp</title></head><body>{''.join(articles)}</body></html>"
    )


FIRST = article("Chandler to chair harbour board", BOARD, "Ada Finn")
SECOND = article("Half of valley hives lost to warm winter", BEES, "Ivo Marsh")


def test_article_below_the_pages_own_is_left_out() -> None:
    """Neither its text nor its author is the page's; what was left out has a row each."""
    found = extract(page("Chandler to chair harbour board", FIRST, SECOND), Settings())
    assert [block.text for block in found.blocks if block.kept] == BOARD
    assert {decision.before for decision in found.decisions} >= set(BEES)
    (known,) = extract_page(page("Chandler to chair harbour board", FIRST, SECOND).encode(), name="page.html")
    assert known.metadata.authors == ("Ada Finn",)


def test_parts_of_one_article_stay() -> None:
    """A second element without a first heading or a byline, or with a lesser one, is a part of the page's article."""
    for level in ("h2", "p"):
        part = article("Half of valley hives lost to warm winter", BEES, "Ivo Marsh", level)
        found = extract(page("Chandler to chair harbour board", FIRST, part), Settings())
        assert [block.text for block in found.blocks if block.text in BOARD + BEES and block.kept] == BOARD + BEES
    unsigned = SECOND.replace("<p class=byline>By Ivo Marsh</p>", "")
    found = extract(page("Chandler to chair harbour board", FIRST, unsigned), Settings())
    assert [block.text for block in found.blocks if block.text in BOARD + BEES and block.kept] == BOARD + BEES


def test_page_whose_title_is_none_of_its_articles_is_left_as_it_is() -> None:
    """A page of several texts, none of which is its own, loses none of them."""
    found = extract(page("Letters to the editor", FIRST, SECOND), Settings())
    assert [block.text for block in found.blocks if block.text in BOARD + BEES and block.kept] == BOARD + BEES

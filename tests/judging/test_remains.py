"""What is left of articles without some of their blocks."""

from __future__ import annotations

import pytest

from copydesk.article import Article, Block, Metadata, Source
from copydesk.judging import Verdict, hold
from copydesk.judging.columns import judging_columns, paragraphs_of
from copydesk.judging.remains import blocks_without, check_remains, forget
from copydesk.judging.verdicts import digest_removals
from copydesk.settings import Settings

S = Settings()
LONG = " ".join(f"word{n}" for n in range(60)) + "."
PROMO = "Harbor Times brings you the day before breakfast, every single weekday."


def article(number: int, *lines: str) -> Article:
    """An article of these paragraphs, of which the first is gone already."""
    blocks = (Block("Port frozen", label="title", field="title"), *map(Block, lines))
    return Article(f"{number:032x}", Source(f"{number}.txt", 0, "0" * 64), blocks, Metadata(title="Port frozen"))


ARTICLES = (article(0, LONG, PROMO), article(1, "Ice", PROMO), article(2, LONG, "Ice", PROMO))


def test_blocks_are_found_by_their_positions() -> None:
    """Positions count all blocks of an article, the columns those that are kept, and the title behind them."""
    paragraphs = paragraphs_of(judging_columns(ARTICLES))
    gone = blocks_without(paragraphs, {0: (2,), 2: (1, 3)})
    assert gone.tolist() == [False, True, False, False, False, False, True, False, True, False]
    assert not blocks_without(paragraphs, {}).any()
    assert blocks_without(paragraphs_of(judging_columns(())), {}).size == 0


def test_what_is_known_is_not_looked_up_again() -> None:
    """With the blocks that had been removed before, the same comes out, whether more are removed now or fewer."""
    paragraphs = paragraphs_of(judging_columns(ARTICLES))
    before = {0: (2,), 1: (2,), 2: (1, 3)}
    known = blocks_without(paragraphs, before)
    after = {0: (1, 2), 1: (2,), 2: ()}
    assert blocks_without(paragraphs, after, before, known).tolist() == blocks_without(paragraphs, after).tolist()


def test_an_article_of_which_little_is_left_is_none() -> None:
    """One that keeps a paragraph stays; one of which a word is left has the reason in its verdict."""
    verdicts = {row: Verdict(furniture=(2,)) for row in (0, 1)}
    found = check_remains(hold(ARTICLES), verdicts, {0: (2,), 1: (2,)}, forget, S)
    assert found[0] == verdicts[0]
    assert found[1].no_article == "stub: 1 word and no sentence"
    assert check_remains(hold(ARTICLES), {}, {}, forget, S) == {}


@pytest.mark.parametrize("reason", ["", "stub: as it was found last night"])
def test_what_is_remembered_is_not_asked_again(reason: str) -> None:
    """What an earlier night found of the same article without the same blocks is what is said of it."""
    verdict = Verdict(furniture=(2,))

    def remembered(row: int, removals: bytes) -> str | None:
        return reason if (row, removals) == (1, digest_removals(verdict)) else None

    assert check_remains(hold(ARTICLES), {1: verdict}, {1: (2,)}, remembered, S)[1].no_article == reason

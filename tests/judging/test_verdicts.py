"""What a verdict makes of an article."""

from __future__ import annotations

import datetime as dt

from copydesk.article import Article, Block, Copy, Outcome, Source
from copydesk.duplicates import DuplicateLink
from copydesk.judging import Verdict, settle
from copydesk.judging.verdicts import NOTHING

ARTICLE = Article("a", Source("a.txt", 0, None), (Block("The pool by the river closes next spring."),))


def test_nothing_that_follows_changes_nothing() -> None:
    """The article itself comes back."""
    assert settle(ARTICLE, NOTHING) is ARTICLE


def test_a_copy_is_a_duplicate_of_its_survivor() -> None:
    """Its reason says which kind of copy it is, and of what."""
    settled = settle(ARTICLE, Verdict(link=DuplicateLink("a", "d", "near", 0.8, 0.9)))
    assert (settled.outcome, settled.reason) == (Outcome.DUPLICATE, "near of d")


def test_a_survivor_stays_and_names_its_copies() -> None:
    """It lists them as the verdict has them."""
    copies = (Copy("Courier", "https://c.example", dt.date(2024, 5, 2), "c"), Copy(None, None, None, "b"))
    settled = settle(ARTICLE, Verdict(copies=copies))
    assert (settled.outcome, settled.also_published) == (Outcome.CLEAN, copies)

"""Verdicts made from columns say what is known of each row."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pyarrow as pa

from copydesk.article import Copy
from copydesk.duplicates import DuplicateLink, carry_links
from copydesk.duplicates.decided import LINKS
from copydesk.judging import Verdict
from copydesk.judging.by_row import OF_COPY, Verdicts, hold_links
from copydesk.judging.verdicts import NOTHING

DAY = dt.date(2026, 3, 5)
KNOWN = pa.Table.from_pylist(
    [
        {"article_id": "a", "outlet": None, "url": None, "published_on": None},
        {"article_id": "b", "outlet": "Echo", "url": "u2", "published_on": DAY},
        {"article_id": "c", "outlet": "Courier", "url": "u3", "published_on": DAY},
        {"article_id": "d", "outlet": "Post", "url": None, "published_on": None},
    ],
    schema=OF_COPY,
)
ROWS_OF_KNOWN = np.array([2, 5, 7, 9])


def link(copy: str, survivor: str) -> dict[str, object]:
    """A link between two of them."""
    return {"article_id": copy, "canonical_id": survivor, "kind": "near", "jaccard": 0.5, "containment": 0.75}


def verdicts(*links: dict[str, object], told: dict[int, Verdict] | None = None, clean: str = "abcd") -> Verdicts:
    """The verdicts on these articles."""
    ids = KNOWN["article_id"]
    mask = np.array([name in clean for name in ids.to_pylist()])
    carried = carry_links(ids, mask, pa.Table.from_pylist(list(links), schema=LINKS))
    return Verdicts(told or {}, hold_links(carried, KNOWN, ROWS_OF_KNOWN))


def test_copies_and_survivors_know_each_other() -> None:
    """A copy has its link; a survivor names its copies by day, then outlet, unknown days last."""
    found = verdicts(link("d", "a"), link("b", "a"), link("c", "a"))
    assert found[5] == Verdict(link=DuplicateLink("b", "a", "near", 0.5, 0.75))
    in_order = Copy("Courier", "u3", DAY, "c"), Copy("Echo", "u2", DAY, "b"), Copy("Post", None, None, "d")
    assert found[2] == Verdict(copies=in_order)
    assert sorted(found) == [2, 5, 7, 9]


def test_links_come_on_top_of_what_is_told() -> None:
    """An article may lose a line and be a copy; others have what is told alone, or no verdict."""
    found = verdicts(link("b", "a"), told={5: Verdict(furniture=(3,)), 6: Verdict(furniture=(1,))})
    assert (found[5].furniture, found[5].link is not None) == ((3,), True)
    assert found[6] == Verdict(furniture=(1,))
    assert found.get(4) is None
    assert len(found) == 3


def test_links_with_articles_that_did_not_stay_are_not_carried_out() -> None:
    """Neither of a copy nor of a survivor with another outcome."""
    assert verdicts(link("b", "a"), clean="bcd") == {}
    assert list(verdicts(link("b", "a"), link("d", "c"), clean="acd")) == [7, 9]


def test_changed_verdicts_take_the_place_of_all_others() -> None:
    """Also where there was none."""
    found = verdicts(link("b", "a")).but({5: Verdict(gone=True), 8: Verdict(gone=True)})
    assert found[5] == found[8] == Verdict(gone=True)
    assert list(found) == [2, 5, 8]


def test_many_at_once_are_those_asked_for_one_by_one() -> None:
    """In the order asked for, with nothing where nothing follows."""
    found = verdicts(link("d", "a"), link("b", "a"), told={5: Verdict(furniture=(3,))}).but({8: Verdict(gone=True)})
    rows = [9, 8, 7, 5, 5, 2, 0, 99]
    assert found.of(rows) == [found.get(row, NOTHING) for row in rows]
    assert [pair for part in found.parts() for pair in zip(*part, strict=True)] == list(found.items())


def test_no_verdicts() -> None:
    """Without links and anything told there are none."""
    assert Verdicts() == {}
    assert verdicts() == {}

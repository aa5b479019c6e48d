"""Which links are carried out, and in which order a survivor names its copies."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pyarrow as pa
import pytest

from copydesk.article import Copy
from copydesk.duplicates import carry_links
from copydesk.duplicates.decided import LINKS
from copydesk.duplicates.survivors import Carried, in_order
from copydesk.errors import RunError


def _table(*pairs: tuple[str, str]) -> pa.Table:
    return pa.Table.from_pylist(
        [{"article_id": a, "canonical_id": b, "kind": "near", "jaccard": 0.8, "containment": 0.9} for a, b in pairs],
        schema=LINKS,
    )


def _carry(links: pa.Table, names: str = "abcd", lost: str = "") -> Carried:
    """The links that are carried out among articles of these names, of which some are lost."""
    ids = pa.chunked_array([list(names)], pa.string())
    return carry_links(ids, np.array([name not in lost for name in names], np.bool_), links)


def test_links_are_carried_out_by_copy() -> None:
    """Each link stands beside the places of its copy and its survivor, whatever order links and articles come in."""
    done = _carry(_table(("c", "d"), ("a", "d"), ("b", "d")), "dcba")
    assert done.links.equals(_table(("a", "d"), ("b", "d"), ("c", "d")))
    assert (done.copies.tolist(), done.survivors.tolist()) == ([3, 2, 1], [0, 0, 0])


@pytest.mark.parametrize("names", ["", "ab"])
def test_without_links_nothing_is_carried_out(names: str) -> None:
    """Neither among articles nor among none."""
    done = _carry(_table(), names)
    assert (len(done.links), done.copies.size, done.survivors.size) == (0, 0, 0)


@pytest.mark.parametrize("lost", ["a", "b"])
def test_a_link_to_what_did_not_stay_is_not_carried_out(lost: str) -> None:
    """A copy stays if its survivor turned out to be no article, and nobody is made a duplicate; others still are."""
    done = _carry(_table(("a", "b"), ("c", "d")), lost=lost)
    assert done.links.equals(_table(("c", "d")))
    assert (done.copies.tolist(), done.survivors.tolist()) == ([2], [3])


@pytest.mark.parametrize(
    ("links", "message"),
    [([("a", "x")], "names x"), ([("a", "b"), ("a", "c")], "twice"), ([("a", "b"), ("b", "c")], "itself a copy")],
)
def test_broken_links_are_an_error(links: list[tuple[str, str]], message: str) -> None:
    """An unknown article, a copy of two survivors and a chain are refused."""
    with pytest.raises(RunError, match=message):
        _carry(_table(*links))


def test_survivors_name_copies_by_day() -> None:
    """Then by outlet, URL and id; what is unknown comes last."""
    day = dt.date(2024, 5, 2)
    copies = [
        Copy(None, None, day, "e"),
        Copy("Courier", "https://c.example/2", day, "d"),
        Copy("Courier", "https://c.example/1", day, "c"),
        Copy("Post", None, dt.date(2024, 5, 1), "b"),
        Copy("Amber", None, None, "a"),
    ]
    assert [copy.article_id for copy in in_order(copies)] == ["b", "c", "d", "e", "a"]
    assert in_order(()) == ()

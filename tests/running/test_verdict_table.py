"""What is kept of verdicts for the next night: of each its own facts."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pyarrow as pa
import pytest

from copydesk.duplicates import carry_links
from copydesk.duplicates.decided import LINKS
from copydesk.judging import Verdict
from copydesk.judging.by_row import OF_COPY, Verdicts, hold_links
from copydesk.judging.verdicts import digest_removals
from copydesk.running.laying import verdict_table

PAIRS = 3_000
NAMES = [f"{number:08d}" for number in range(2 * PAIRS)]
KNOWN = pa.table({"article_id": NAMES, "outlet": NAMES, "url": NAMES}).append_column(
    "published_on", pa.nulls(len(NAMES), pa.date32())
)
SHELF = SimpleNamespace(
    columns=pa.table({"article_id": NAMES, "content": pa.array([bytes(16)] * len(NAMES), pa.binary(16))}),
    records=np.zeros(len(NAMES), np.int32),
)
"""All of a shelf that is looked at."""


def judged(known: pa.Table = KNOWN, kind: str = "near", told: int = 7) -> Verdicts:
    """Verdicts: the article of each second half is a copy of one of the first, each third has furniture."""
    links = {"article_id": NAMES[PAIRS:], "canonical_id": NAMES[:PAIRS], "kind": [kind, *["near"] * (PAIRS - 1)]}
    figures = {name: [0.5 + number / 10_000 for number in range(PAIRS)] for name in ("jaccard", "containment")}
    carried = carry_links(known["article_id"], np.ones(len(NAMES), np.bool_), pa.table(links | figures, LINKS))
    furniture = {number: Verdict(furniture=(number % told,)) for number in range(0, len(NAMES), 3)}
    return Verdicts(furniture, hold_links(carried, known.select(OF_COPY.names), np.arange(len(NAMES))))


def facts(verdicts: Verdicts) -> list[bytes]:
    """What is kept of each verdict to compare it by."""
    found: list[bytes] = verdict_table(SHELF, verdicts)["facts"].to_pylist()  # type: ignore[arg-type]
    return found


def test_each_verdict_has_facts_of_its_own() -> None:
    """Of six thousand different verdicts no two have the same, and those of a second run are those of the first."""
    assert len(set(facts(judged()))) == len(NAMES)
    assert facts(judged()) == facts(judged())


def test_facts_differ_where_verdicts_do() -> None:
    """Another kind of link, another place of publication of a copy, other furniture, a record that is gone: each is
    told by the facts of the articles whose verdicts say it, and of no other.
    """
    elsewhere = KNOWN.set_column(1, "outlet", pa.array([*NAMES[:-1], None], pa.string()))
    before = judged()
    others = [judged(kind="exact"), judged(elsewhere), judged(told=5), before.but({3: Verdict(gone=True)})]
    for other, expected in zip(others, (1, 1, None, 1), strict=True):
        differ = [
            one != two for one, two in zip(before.of(range(len(NAMES))), other.of(range(len(NAMES))), strict=True)
        ]
        assert [one != two for one, two in zip(facts(before), facts(other), strict=True)] == differ
        assert expected in (None, sum(differ))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("Post\x1fa", "b"), ("Post", "a\x1fb")),  # control characters such as might stand between fields
        (("Post", "\x1d"), ("Post", None)),  # and for unknown ones
        (("1:a", ""), ("", "1:a")),
        (("", None), (None, "")),
    ],
)
def test_no_two_copies_read_alike(one: tuple[str | None, str | None], other: tuple[str | None, str | None]) -> None:
    """Whatever stands in the outlet and the URL of a copy, another pair of them gives other facts of its survivor."""

    def said(outlet: str | None, url: str | None) -> bytes:
        known = KNOWN
        for place, (name, text) in enumerate((("outlet", outlet), ("url", url)), 1):
            values = [*NAMES[:PAIRS], text, *NAMES[PAIRS + 1 :]]
            known = known.set_column(place, name, pa.array(values, pa.string()))
        return facts(judged(known))[0]

    assert said(*one) != said(*other)


def test_removals_are_kept_beside() -> None:
    """What a verdict takes out has a digest of its own: on it depends whether an article is left."""
    verdicts = judged()
    every = verdicts.of(range(len(NAMES)))
    removed = [digest_removals(verdict) if verdict.removed else b"" for verdict in every]
    assert verdict_table(SHELF, verdicts)["removals"].to_pylist() == removed  # type: ignore[arg-type]


def test_no_verdicts() -> None:
    """Where nothing follows from the corpus, there are no facts."""
    assert set(facts(Verdicts())) == {b""}

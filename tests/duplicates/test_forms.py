"""Notes from one form stay apart, also where their facts come out the same; copies of a brief don't."""

from __future__ import annotations

import itertools

import numpy as np
import pyarrow as pa
import pytest

from copydesk.duplicates import find_links, plain
from copydesk.duplicates.pairs import find_pairs
from copydesk.duplicates.verify import COMMON_ARTICLES, judge
from copydesk.settings import DuplicateSettings

NOTE = (
    "The reserve bank of Norland entered the market to arrange {sum} million crowns of {kind} repurchase agreements, a "
    "spokesman said on {day}. Dealers said that funds were trading at {rate} per cent when the bank began its "
    "{manner} supply of reserves to the banks of the capital."
)
TWINS = [
    NOTE.format(sum="400", kind=kind, day=day, rate="6.25", manner=manner)
    for kind, day, manner in (("morning", "Monday", "temporary"), ("overnight", "Friday", "indirect"))
]
"""Two notes with the same figures, of two days: by themselves one is an edited copy of the other."""


@pytest.fixture
def series() -> list[str]:
    """Twenty notes of the bank, the twins among them."""
    facts = list(itertools.product(("300", "500", "650"), ("5.75", "6.25", "6.50"), ("morning", "afternoon")))
    others = [NOTE.format(sum=s, rate=rate, kind=kind, day="Tuesday", manner="temporary") for s, rate, kind in facts]
    return [*others, *TWINS]


def _removed(texts: list[str]) -> list[str]:
    table = find_links(pa.table({"article_id": [f"{at:02d}" for at in range(len(texts))], "text": texts}))
    return table["article_id"].to_pylist()


def test_notes_of_a_series_are_not_linked(series: list[str]) -> None:
    """Eighteen notes say otherwise, so the two that agree in every figure are two notes, and nothing goes."""
    pairs = find_pairs(series)
    assert not {(18, 19)} & set(zip(pairs["left"].to_pylist(), pairs["right"].to_pylist(), strict=True))
    assert not {"18", "19"} & set(_removed(series))


def test_an_edited_brief_is_linked_where_there_is_no_series() -> None:
    """The same two notes with no others beside them are a brief and its copy."""
    assert find_pairs(TWINS)["kind"].to_pylist() == ["dup"]


def test_equal_notes_of_a_series_are_copies(series: list[str]) -> None:
    """A note that was sent twice is sent twice, series or not."""
    assert len(_removed([*series, series[0].upper()])) == len(_removed(series)) + 1


def test_a_brief_with_many_edited_copies_is_one_story(story) -> None:  # type: ignore[no-untyped-def]
    """Twelve outlets changed a word each and no fact: one stays."""
    words = story(5, 60).lower().split(" ")
    copies = [" ".join([*words[: 4 * at], f"changed{'x' * at}", *words[4 * at + 1 :]]) for at in range(1, 13)]
    assert len(_removed(copies)) == 11


@pytest.mark.parametrize("common", [False, True])
def test_two_notes_of_a_common_form_that_share_a_figure_are_two(*, common: bool) -> None:
    """Where all but the sum of two notes is furniture, they aren't linked; where it is their own, they are."""
    form = (
        "The reserve bank entered the market for government paper to arrange {sum} million crowns of {kind} repurchase "
        "agreements, a spokesman said. Dealers said that overnight funds were trading at {rate} per cent when the bank "
        "began its temporary supply of reserves. They had expected it to {plan}."
    )
    twins = [
        form.format(sum="572", rate=rate, kind=kind, plan=plan)
        for rate, kind, plan in (("8.76", "overnight", "add reserves"), ("8.56", "four-day", "stay away"))
    ]
    ways = itertools.product(("late", "overnight", "four-day"), ("add reserves", "stay away") * 6)
    others = [
        form.format(sum=137 * at, rate=f"{at % 7}.1", kind=kind, plan=plan) for at, (kind, plan) in enumerate(ways)
    ]
    read, counts = plain.read_texts([*twins, *others]), np.zeros(1 << 16, dtype=np.uint8)
    if common:
        every = np.arange(len(read))
        plain.count_grams(read, every, every, counts)
    left, right = np.array([0]), np.array([1])
    measures = plain.measure_pairs(read, left, right, counts, COMMON_ARTICLES)
    lengths = [np.array([len(read[at].words)]) for at in (1, 0)]
    verdicts = judge(measures, *lengths, DuplicateSettings())
    assert verdicts.enough.tolist() == [True]
    assert verdicts.linked.tolist() == [not common]

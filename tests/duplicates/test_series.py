"""Articles of a series share a long passage, or a form without facts, and stay; copies of a story don't."""

from __future__ import annotations

import random
from collections.abc import Callable

import pyarrow as pa
import pytest

from copydesk.duplicates import find_links

Story = Callable[[int, int], str]

STARS = (
    "The moon moves through your house of {} this week, and you will feel its {} from the first day on. At work a {} "
    "asks for your {}; give it {}. In love, {} brings more than {}. Your purse looks {}, but avoid {} before the "
    "weekend. A {} has {} for you. Go to bed early, and write down what you dream."
)
CHOICES = (
    "work love money family travel health",
    "pull warmth weight push comfort chill",
    "colleague superior newcomer rival client guest",
    "help opinion patience time advice trust",
    "freely carefully once gladly slowly openly",
    "patience courage honesty humour silence kindness",
    "words gifts plans jokes letters flowers",
    "steady brighter uncertain promising thin full",
    "debts bargains bets loans quarrels detours",
    "friend neighbour relative stranger cousin child",
    "news questions surprises offers doubts stories",
)


def _removed(texts: list[str], outlet: str | None = None, urls: list[str] | None = None) -> list[str]:
    columns = {
        "article_id": [f"{at:02d}" for at in range(len(texts))],
        "text": texts,
        "outlet": pa.array([outlet] * len(texts), pa.string()),
        "url_key": pa.array(urls or [None] * len(texts), pa.string()),
        "published_on": pa.array(range(19000, 19000 + len(texts)), pa.int32()).cast(pa.date32()),
    }
    return find_links(pa.table(columns))["article_id"].to_pylist()


@pytest.fixture
def releases(story: Story) -> list[str]:
    """Eight releases of a firm, 80 words of news each over 220 words that the firm says of itself."""
    about = story(900, 220)
    return [f"{story(seed, 80)}\n\n{about}" for seed in range(8)]


def _stars(count: int) -> list[str]:
    draw = random.Random(3)  # noqa: S311
    return [STARS.format(*(draw.choice(words.split()) for words in CHOICES)) for _ in range(count)]


def test_releases_with_the_same_end_stay(releases: list[str]) -> None:
    """Seven tenths of each release are in every other one, and what is news is in none."""
    assert _removed(releases) == []


def test_a_release_that_came_twice_goes(releases: list[str]) -> None:
    """A copy of a release, and one that was cut off, go for it, series or not."""
    cut = " ".join(releases[1].split()[:200])
    assert _removed([*releases, releases[0].upper(), cut]) == ["08", "09"]


def test_a_story_with_two_new_leads_goes(story: Story) -> None:
    """Three versions with a lead of their own are one story that moved on."""
    tail = story(900, 220)
    assert len(_removed([f"{story(seed, 40)}\n\n{tail}" for seed in range(3)])) == 2


def test_many_reprints_with_a_line_more_go(story: Story) -> None:
    """A story that eight papers print with a few words of their own is one story."""
    assert len(_removed([f"{story(seed, 8)}\n\n{story(900, 220)}" for seed in range(8)])) == 7


def test_versions_of_one_page_go(releases: list[str]) -> None:
    """What lies under one address, with one date after the other, is one page."""
    assert len(_removed(releases, "The Marlow Post", ["marlow.example/live"] * 8)) == 7


def test_horoscopes_of_an_outlet_stay() -> None:
    """An outlet prints the same form with other words every week."""
    assert _removed(_stars(9), "The Marlow Post") == []


def test_an_edited_copy_in_one_outlet_goes() -> None:
    """Two such texts alone are a story and its edited copy."""
    one = STARS.format(*(words.split()[0] for words in CHOICES))
    other = STARS.format(*(words.split()[at < 3] for at, words in enumerate(CHOICES)))
    assert len(_removed([one, other], "The Marlow Post")) == 1


def test_a_story_edited_by_many_outlets_goes() -> None:
    """Where the outlets aren't known, other words are what many desks make of one story."""
    assert len(_removed(_stars(9))) > 0

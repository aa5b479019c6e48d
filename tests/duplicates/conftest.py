"""Invented stories for the tests of duplicates: written out, and made from a seed where many are needed."""

from __future__ import annotations

import random

import pytest

POOL = (
    "The town council of Marlow Bridge voted on Monday to close the old swimming pool by the river at the end "
    "of the season.\n\n"
    "Councillor Edda Trask said the building needs repairs of 3.4 million crowns, more than the town spends on "
    "roads in two years. "
    "\u201cNobody wants this,\u201d she told residents who had filled the hall. \u201cBut a pool that leaks a "
    "third of its water every "
    "week can\u2019t be kept open with good will alone.\u201d\n\n"
    "The swimming club, which has 412 members, wants to run the pool by itself. Its chairman, Jonas Pell, has "
    "collected "
    "signatures since April and handed them to the mayor before the vote. He said a builder from Ostwick had "
    "offered to mend "
    "the roof for half the sum named in the report.\n\n"
    "A second vote is set for 14 October. Until then the pool stays open from noon to six, and school classes "
    "may use it in the morning."
)

FERRY = (
    "A ferry with 96 passengers ran onto a sandbank outside Harrow Point late on Thursday after its steering "
    "failed in thick fog. "
    "No one was hurt.\n\n"
    "Two fishing boats and a tug from the port took the passengers off in small groups, the coast guard said. "
    "The last of them came "
    "ashore at 3:20 in the morning, wrapped in blankets and carrying their dogs.\n\n"
    "The Lady Inga, built in 1987, had been inspected in March. Its owner, Norrland Lines, said the rudder had "
    "been replaced only last "
    "year and that it would help the investigators in every way. A spokeswoman declined to say when the service "
    "to the islands will start again."
)

WEATHER = (
    "The {town} area can expect {kind} on {day} with a high near {high} and a low around {low}, the weather "
    "office said. Winds will be "
    "from the {wind} at {slow} to {fast} miles per hour. The chance of rain is {chance} percent. The record "
    "high for the date is {record}, "
    "set in {year}."
)

_WORDS = [
    "harbour",
    "council",
    "strike",
    "wage",
    "valley",
    "bridge",
    "winter",
    "school",
    "vote",
    "budget",
    "farmer",
    "storm",
    "rail",
    "court",
    "union",
    "border",
    "museum",
    "clinic",
    "flood",
    "harvest",
    "mayor",
    "engine",
    "village",
    "teacher",
    "protest",
    "treaty",
    "market",
    "player",
    "coach",
    "river",
    "orchard",
    "tunnel",
    "forest",
    "bishop",
    "soldier",
    "letter",
    "garden",
    "window",
    "minister",
    "editor",
    "painter",
    "driver",
    "tower",
    "island",
    "factory",
    "captain",
    "nurse",
    "lawyer",
    "baker",
    "festival",
    "library",
    "opened",
    "closed",
    "refused",
    "counted",
    "carried",
    "promised",
    "repaired",
    "painted",
    "signed",
    "watched",
    "argued",
    "waited",
    "measured",
    "defended",
    "crossed",
    "slowly",
    "quietly",
    "again",
    "almost",
    "often",
    "never",
    "twice",
    "yesterday",
    "tomorrow",
    "early",
    "late",
    "old",
    "new",
    "narrow",
    "broken",
    "quiet",
    "heavy",
    "bright",
    "their",
    "its",
    "every",
    "several",
    "because",
    "although",
    "while",
    "after",
    "before",
    "under",
    "against",
    "without",
    "between",
    "near",
    "across",
    "from",
    "with",
    "into",
]


@pytest.fixture
def pool() -> str:
    """A story of 160 words."""
    return POOL


@pytest.fixture
def ferry() -> str:
    """Another story of 130 words."""
    return FERRY


@pytest.fixture
def weather():  # type: ignore[no-untyped-def]
    """A maker of weather reports that differ in nothing but the facts."""
    return make_weather


def make_weather(seed: int) -> str:
    """A weather report with the facts of a seed."""
    r = random.Random(seed)  # noqa: S311
    return WEATHER.format(
        town=r.choice(["Ashmoor", "Brightwell", "Calder", "Dunholm", "Elmsea"]),
        kind=r.choice(["rain", "sunshine", "snow showers", "fog"]),
        day=r.choice(["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"]),
        wind=r.choice(["north", "south", "east", "west"]),
        high=r.randrange(40, 90),
        low=r.randrange(0, 40),
        slow=r.randrange(3, 15),
        fast=r.randrange(16, 40),
        chance=r.randrange(0, 100),
        record=r.randrange(90, 110),
        year=r.randrange(1900, 2010),
    )


@pytest.fixture
def story():  # type: ignore[no-untyped-def]
    """A maker of stories from a seed: no two share more than a phrase."""
    return make_story


def make_story(seed: int, words: int = 120) -> str:
    """So many words in sentences, from a seed."""
    r = random.Random(seed)  # noqa: S311
    sentences = []
    while words > 0:
        size = min(words, r.randrange(8, 18))
        sentence = " ".join(r.choice(_WORDS) for _ in range(size))
        sentences.append(sentence[0].upper() + sentence[1:] + ".")
        words -= size
    return " ".join(sentences)

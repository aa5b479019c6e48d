"""The words of bylines and date lines, read once from the data files of the package."""

from __future__ import annotations

import csv
import tomllib
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from typing import Any

from copydesk.metadata.cleaning import clean_value


def read_table(name: str) -> dict[str, Any]:
    """A TOML file of the package's data folder."""
    return tomllib.loads((resources.files("copydesk") / "data" / name).read_text(encoding="utf-8"))


def read_rows(name: str) -> tuple[dict[str, str], ...]:
    """The rows of a CSV file of the package's data folder."""
    text = (resources.files("copydesk") / "data" / name).read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))


@dataclass(frozen=True, slots=True)
class BylineWords:
    """The word lists of `bylines.toml`, folded for look-up."""

    prefixes: tuple[str, ...]
    other_credits: tuple[str, ...]
    conjunctions: frozenset[str]
    particles: frozenset[str]
    articles: frozenset[str]
    kept_suffixes: frozenset[str]
    dropped_suffixes: frozenset[str]
    titles: frozenset[str]
    roles: frozenset[str]
    desks: frozenset[str]
    behind_desks: frozenset[str]
    organisations: frozenset[str]
    platforms: frozenset[str]
    agencies: frozenset[str]
    places: frozenset[str]
    press: frozenset[str]
    weak_press: frozenset[str]
    press_endings: tuple[str, ...]
    stop: frozenset[str]
    phrases: frozenset[str]


@cache
def byline_words() -> BylineWords:
    """The words of bylines in all languages."""
    table = read_table("bylines.toml")
    prefixes = {p for language, words in table["prefixes"].items() if language != "origin" for p in words}
    return BylineWords(
        prefixes=tuple(sorted(prefixes, key=lambda p: (-len(p), p))),
        other_credits=tuple(sorted(map(str.casefold, table["other_credits"]["words"]), key=lambda w: (-len(w), w))),
        conjunctions=_fold(table["conjunctions"]["words"]),
        particles=_fold(table["particles"]["words"]),
        articles=_fold(table["articles"]["words"]),
        kept_suffixes=_fold(table["suffixes"]["kept"]),
        dropped_suffixes=_fold(table["suffixes"]["dropped"]),
        titles=_fold(table["titles"]["words"]),
        roles=_fold(table["roles"]["words"].split()),
        desks=_fold(table["desks"]["words"].split()),
        behind_desks=_fold(table["desks"]["behind"].split()),
        organisations=_fold(table["organisations"]["words"].split()),
        platforms=_fold(table["platforms"]["names"]),
        agencies=_fold(table["agencies"]["names"]),
        places=_fold(table["places"]["names"]),
        press=_fold(table["press_words"]["words"].split()),
        weak_press=_fold(table["press_words"]["weak"].split()),
        press_endings=tuple(table["press_words"]["endings"].split()),
        stop=_fold(table["stop_words"]["words"].split()),
        phrases=_fold(table["stop_words"]["phrases"]),
    )


@dataclass(frozen=True, slots=True)
class DateWords:
    """The word lists of `dates.toml`: month numbers, weekdays, fillers, offsets in minutes."""

    months: dict[str, int]
    solar_months: dict[str, int]
    weekdays: frozenset[str]
    published: frozenset[str]
    modified: frozenset[str]
    latest: frozenset[str]
    halves: dict[str, str]
    zones: dict[str, int]
    open_zones: frozenset[str]


@cache
def date_words() -> DateWords:
    """The words of date lines in all languages."""
    table = read_table("dates.toml")
    return DateWords(
        months=_month_numbers(table["months"]),
        solar_months=_month_numbers(table["solar_hijri_months"]),
        weekdays=_fold(table["weekdays"]["names"].split()),
        published=_fold(table["fillers"]["published"].split()),
        modified=_fold(table["fillers"]["modified"].split()),
        latest=_fold(table["fillers"]["latest"].split()),
        halves={word: half for half in "ap" for word in table["halves"][half]},
        zones={name.upper(): m for name, m in table["zones"].items() if name != "origin"},
        open_zones=frozenset(table["open_zones"]["names"].upper().split()),
    )


def _month_numbers(table: dict[str, Any]) -> dict[str, int]:
    numbers: dict[str, int] = {}
    for language, months in table.items():
        if language == "origin":
            continue
        for number, names in enumerate(months, start=1):
            for name in names.split(" "):
                numbers.setdefault(fold_word(name), number)
    return numbers


@lru_cache(maxsize=8192)
def fold_word(word: str) -> str:
    """The word as the lists hold it: NFC, without case and final full stop.

    >>> fold_word("Sept.")
    'sept'
    """
    return clean_value(word).casefold().rstrip(".")


def _fold(words: list[str]) -> frozenset[str]:
    return frozenset(fold_word(w) for w in words)

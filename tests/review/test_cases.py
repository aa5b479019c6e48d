"""What there is to judge, in which order, and that a sample is fair."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from pathlib import Path

import pytest

from copydesk.overrides import Choice, Entry, Kind
from copydesk.review.cases import KINDS, Case, borderline_cases, flagged_cases, sampled_cases, without_decided
from copydesk.writing import TABLES, Corpus, RunStamp, load_schema, open_corpus, publish

NOW = dt.datetime(2026, 1, 15, 2, tzinfo=dt.UTC)


def numbers(cases: tuple[Case, ...]) -> list[int]:
    """The records of the cases, by number."""
    return [int(case.articles[0], 16) for case in cases]


def test_borderline_cases_come_nearest_first(corpus: Corpus):
    """Paragraphs by their distance to the limit, whichever side they fell on; those without a score behind them."""
    cases = borderline_cases(corpus, [Kind.PARAGRAPH], 10)
    assert numbers(cases) == [2, 4, 1, 3]
    assert [case.was for case in cases] == ["removed", "flagged", "removed", "removed"]
    assert cases[-1].text == "Subscribe now."


def test_every_kind_has_its_cases(corpus: Corpus):
    """Copies and dropped records come too; a record without any text is none, for nobody could keep it."""
    assert numbers(borderline_cases(corpus, [Kind.LINK], 10)) == [5]
    assert numbers(borderline_cases(corpus, [Kind.DOCUMENT], 10)) == [6]
    assert len(borderline_cases(corpus, KINDS, 10)) == 6


def test_limit_counts_for_each_kind(corpus: Corpus):
    """One of each, not one in all; none of kinds that weren't asked for."""
    assert [case.kind for case in borderline_cases(corpus, KINDS, 1)] == list(KINDS)
    assert borderline_cases(corpus, [], 10) == ()


def test_sample_holds_removals_only(corpus: Corpus):
    """What was only flagged was not removed; everything is drawn where more is asked for than there is."""
    cases = sampled_cases(corpus, KINDS, 50, seed=1)
    assert sorted(numbers(cases)) == [1, 2, 3, 5, 6]
    assert {case.was for case in cases} == {"removed", "copies", "no_article"}
    assert [case.was for case in flagged_cases(corpus)] == ["flagged"]


def test_sample_depends_on_the_seed_alone(corpus: Corpus):
    """The same seed gives the same sample, and a smaller one is the beginning of a larger one."""
    whole = sampled_cases(corpus, KINDS, 5, seed=7)
    assert sampled_cases(corpus, KINDS, 5, seed=7) == whole
    assert sampled_cases(corpus, KINDS, 2, seed=7) == whole[:2]
    assert len({sampled_cases(corpus, KINDS, 5, seed=seed) for seed in range(20)}) > 10


def test_every_removal_has_the_same_chance(corpus: Corpus):
    """Over many seeds each removal is drawn first about as often as any other: 400 draws of 5, 80 each, within 4 sd."""
    every = sampled_cases(corpus, KINDS, 50, seed=0)
    first = Counter(numbers((min(every, key=lambda case: case.draw(seed)),))[0] for seed in range(400))
    assert set(first) == {1, 2, 3, 5, 6}
    assert all(abs(count - 80) < 4 * 8 for count in first.values())


@pytest.mark.parametrize(
    "entry",
    [
        Entry(Kind.PARAGRAPH, Choice.KEEP, (f"{3:032x}",), "SUBSCRIBE now"),
        Entry(Kind.LINK, Choice.APART, (f"{1:032x}", f"{5:032x}")),
        Entry(Kind.DOCUMENT, Choice.REMOVE, (f"{6:032x}",)),
    ],
)
def test_what_was_decided_is_not_asked_again(corpus: Corpus, entry: Entry):
    """Whoever decided, here or by hand, and in whichever order the two articles were named."""
    cases = borderline_cases(corpus, KINDS, 10)
    left = without_decided(cases, [entry])
    assert [case.kind for case in set(cases) - set(left)] == [entry.kind]


def test_another_entry_leaves_all_cases(corpus: Corpus):
    """The same words in another article, or no entries, decide nothing here."""
    cases = borderline_cases(corpus, KINDS, 10)
    assert without_decided(cases, []) == cases
    assert without_decided(cases, [Entry(Kind.PARAGRAPH, Choice.KEEP, ("f" * 32,), "Subscribe now.")]) == cases


def test_names_of_cases_are_distinct(corpus: Corpus):
    """An address leads to one case."""
    cases = borderline_cases(corpus, KINDS, 10)
    assert len({case.name for case in cases}) == len(cases)


def test_an_empty_corpus_has_no_cases(tmp_path: Path):
    """Nothing removed, nothing to judge, nothing to draw from."""
    tables = {name: load_schema(name).empty_table() for name in TABLES}
    publish(tmp_path / "clean", tables, RunStamp("r1", NOW, "0" * 16), records_read={})
    empty = open_corpus(tmp_path / "clean")
    assert borderline_cases(empty, KINDS, 10) == ()
    assert sampled_cases(empty, KINDS, 10, seed=1) == ()

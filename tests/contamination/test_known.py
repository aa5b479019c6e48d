"""What is known of paragraphs from earlier nights changes nothing but how much is judged."""

from __future__ import annotations

import hashlib
import random
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest

from copydesk.article import Article, Block, Metadata, Source
from copydesk.contamination import copies, theme
from copydesk.contamination.background import load_background
from copydesk.contamination.columns import paragraph_columns
from copydesk.contamination.known import KNOWN
from copydesk.contamination.papers import Corpus, block_starts
from copydesk.contamination.strangers import Found, find_strangers
from copydesk.contamination.verdicts import copies_in, judge_corpus
from copydesk.settings import Settings

S = Settings()
TOPICS = (
    "harbour ferry captain passengers island storm crew pier tide winter boats lifeboat engine sailors fishing",
    "council budget mayor taxes votes committee spending housing debt schools meeting members deficit police report",
    "striker goal champions referee penalty match league season coach defeat stadium fans injury players final",
    "vaccine patients hospital doctors virus infection clinic surgeons nurses trial disease treatment health deaths",
)
COMMON = "the of and to in a is that for it was on with as by at from his they had are said would one their"


def paragraph(draw: random.Random, topic: int, names: list[str]) -> str:
    """Write sixty words about a topic."""
    words, common = TOPICS[topic].split(), COMMON.split()
    drawn = [draw.choice(words if draw.random() < 0.4 else common) for _ in range(60)]
    for place in draw.sample(range(60), 5):
        drawn[place] = draw.choice(names)
    return " ".join(drawn).capitalize() + "."


def write_corpus(size: int, seed: int = 1) -> dict[str, Article]:
    """Write articles on four topics; every third has a paragraph that also stands in another."""
    draw = random.Random(seed)  # noqa: S311
    articles: dict[str, Article] = {}
    bodies: list[list[str]] = []
    for number in range(size):
        names = [
            f"{draw.choice('BDGKLMPRST')}{draw.choice('aeiou')}{draw.choice(['rven', 'llick', 'ster'])}{number}"
        ] * 2
        bodies.append([paragraph(draw, number % 4, names) for _ in range(7)])
        if number % 3 == 2:
            bodies[number][draw.randrange(1, 6)] = bodies[number - 1][2]
        name = f"{draw.getrandbits(64):016x}"
        articles[name] = article(name, bodies[number], TOPICS[number % 4].split()[0])
    return articles


def article(name: str, body: list[str], title: str) -> Article:
    """Make an article of paragraphs."""
    return Article(name, Source(name, 0, None), tuple(map(Block, body)), Metadata(title=title))


def find(
    articles: dict[str, Article],
    known: pa.Table | None,
    gone: frozenset[str] = frozenset(),
    stories: dict[str, str] | None = None,
) -> Found:
    """Find the strangers in articles, of which those that are `gone` have lost their last paragraph; `stories` names
    another article for those that tell the same story.
    """
    ordered = [articles[name] for name in sorted(articles)]
    columns = paragraph_columns(ordered)
    starts = block_starts(columns)
    mask = np.zeros(starts[-1], np.bool_)
    mask[[end - 2 for a, end in zip(ordered, starts[1:].tolist(), strict=True) if a.article_id in gone]] = True
    contents = [hashlib.blake2b(repr(a).encode(), digest_size=16).digest() for a in ordered]
    named = pa.table(
        {
            "article_id": pa.array([a.article_id for a in ordered], pa.string()),
            "title": pa.array([a.metadata.title for a in ordered], pa.string()),
            "content": pa.array(contents, pa.binary(16)),
        }
    )
    row = {a.article_id: n for n, a in enumerate(ordered)}
    told = [min(n, row.get((stories or {}).get(a.article_id, ""), n)) for n, a in enumerate(ordered)]
    return find_strangers(named, columns, mask, np.array(told, np.int64), S, known)


def test_strangers_are_those_that_judging_finds():
    """Positions, scores and removals are those of the verdicts over all columns; every article is judged."""
    articles = write_corpus(24)
    found = find(articles, None)
    columns = paragraph_columns([articles[name] for name in sorted(articles)])
    starts, stories = block_starts(columns), np.arange(24)
    corpus = Corpus(columns, starts, np.zeros(starts[-1], np.bool_))
    every = theme.learn_theme(corpus, stories, load_background())
    verdicts = judge_corpus(corpus, copies_in(corpus, stories), every, S)
    told = [(row, s.position, s.removed) for row, strangers in found.strangers.items() for s in strangers]
    assert told == list(
        zip(verdicts.rows.tolist(), verdicts.positions.tolist(), verdicts.removed.tolist(), strict=True)
    )
    assert len(told) > 4
    assert found.judged == 24


def test_nothing_new_is_not_judged():
    """The same corpus again: nothing is judged, the same is found, and the same is known."""
    articles = write_corpus(24)
    first = find(articles, None)
    again = find(articles, first.known)
    assert (again.judged, again.strangers, again.known) == (0, first.strangers, first.known)


@pytest.mark.parametrize("themed", [False, True])
def test_any_night_finds_what_a_full_run_finds(themed: bool, monkeypatch: pytest.MonkeyPatch):
    """Articles come, go, change and lose lines; what is found is what is found without knowing anything.

    Where a corpus so small has a theme, nearly every night moves it, and everything is judged.
    """
    monkeypatch.setattr(theme, "MIN_STORIES", 20 if themed else 1_000)
    everything = write_corpus(60)
    names = sorted(everything)
    draw = random.Random(2)  # noqa: S311
    known: pa.Table | None = None
    judged = []
    present = set(draw.sample(names, 40))
    gone: set[str] = set()
    for _ in range(4):
        articles = {name: everything[name] for name in present}
        found, full = find(articles, known, frozenset(gone)), find(articles, None, frozenset(gone))
        assert found.strangers == full.strangers
        assert found.known == full.known
        known = found.known
        judged.append(found.judged)
        present = (present - set(draw.sample(sorted(present), 2))) | set(draw.sample(names, 3))
        gone = set(draw.sample(sorted(present), 2))
        changed = draw.choice(sorted(present))
        blocks = everything[changed].blocks
        everything[changed] = replace(everything[changed], blocks=(blocks[-1], *blocks[:-1]))
    assert judged[0] == 40
    assert themed or all(0 < count < 25 for count in judged[1:]), judged


@pytest.mark.parametrize("seed", [3, 4, 5, 6])
def test_any_night_finds_the_pairs_of_a_full_run(seed: int, monkeypatch: pytest.MonkeyPatch):
    """Paragraphs stand in ever so many articles, now too many, now few enough; articles come, go, lose paragraphs and
    turn out to tell one story or two. What is known of pairs is what is known without earlier nights.
    """
    monkeypatch.setattr(copies, "MAX_BLOCKS_OF_KEY", 4)
    # In two of the cases keys are chosen before they are sorted, as where a few articles come to many.
    monkeypatch.setattr(copies, "FEW_FRESH", 1 if seed % 2 else 16)
    monkeypatch.setattr(copies, "MARK_BITS", 5)
    monkeypatch.setattr(copies, "KEYS_AT_ONCE", 50)
    draw = random.Random(seed)  # noqa: S311
    everything = write_corpus(30, seed)
    names = sorted(everything)
    formulas = [paragraph(draw, topic, [f"Quorven{topic}", f"Ellick{topic}"]) for topic in range(4)]
    for name in names:
        shared = draw.sample(formulas, draw.randrange(3))
        everything[name] = article(name, [*(b.text for b in everything[name].blocks[:4]), *shared], "Quorven")
    present = set(draw.sample(names, 16))
    known: pa.Table | None = None
    crowds = set()
    for _ in range(8):
        articles = {name: everything[name] for name in present}
        gone = frozenset(draw.sample(sorted(present), 4))
        stories = {name: draw.choice(names) for name in draw.sample(sorted(present), 5)}
        found, full = find(articles, known, gone, stories), find(articles, None, gone, stories)
        assert found.known == full.known
        known = found.known
        crowds.add(tuple(known["crowded"][0].as_py()))
        present = (present - set(draw.sample(sorted(present), 4))) | set(draw.sample(names, 5))
    assert len(crowds) > 2


def test_an_empty_corpus_knows_nothing():
    """No articles: nothing is found, and what is known has one empty row."""
    found = find({}, None)
    assert (found.strangers, found.judged) == ({}, 0)
    assert found.known.schema == KNOWN
    assert find({}, found.known).strangers == {}
    assert find(write_corpus(3), found.known).judged == 3

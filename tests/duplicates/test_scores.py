"""Links from kept sketches and kept measures: the same as from the texts."""

from __future__ import annotations

import random
from collections.abc import Sequence

import pyarrow as pa
import pytest

from copydesk.duplicates import find_links, link_sketches, sketch_columns
from copydesk.duplicates.scores import SCORES, open_scores
from copydesk.errors import UsageError
from copydesk.settings import DuplicateSettings, Settings


@pytest.fixture
def corpus(pool: str, ferry: str, story, weather) -> list[str]:  # type: ignore[no-untyped-def]
    """Stories with copies of every kind, reports from one form, and a footer that stands under thirty stories."""
    footer = story(1000, 60)
    texts = [pool, ferry, pool.upper(), pool + "\n\n" + story(1, 20), ferry + " " + pool, "Fire", "fire!", "", "--"]
    texts += [story(seed, 70) + "\n\n" + footer for seed in range(30)]
    texts += [story(3, 70), story(4, 60), *(weather(seed) for seed in range(20))]
    return texts


def _table(texts: Sequence[str], first: int = 0) -> pa.Table:
    ids = [f"{number:03d}" for number in range(first, first + len(texts))]
    return pa.table({"article_id": ids, "text": pa.array(texts, pa.string())})


@pytest.mark.parametrize("compile_code", [False, True])
def test_links_from_sketches_are_those_from_texts(corpus: list[str], *, compile_code: bool) -> None:
    """Without a column of texts, with only the texts that are asked for, the links are the same."""
    table, asked = _table(corpus), set()

    def load(rows: Sequence[int]) -> list[str]:
        asked.update(rows)
        return [corpus[row] for row in rows]

    expected = find_links(table)
    found = find_links(
        table.drop_columns(["text"]), sketches=sketch_columns(corpus), texts=load, compile_code=compile_code
    )
    assert found.num_rows > 3
    assert found.equals(expected)
    assert len(asked) < len(corpus)


def test_known_pairs_are_not_measured_again(corpus: list[str]) -> None:
    """With the scores of the last time no text is asked for, and the same scores come back."""
    table, sketches = _table(corpus), sketch_columns(corpus)
    first = link_sketches(table, sketches, lambda rows: [corpus[row] for row in rows])
    assert first.scores.schema.equals(SCORES)

    def refuse(rows: Sequence[int]) -> list[str]:
        raise AssertionError(rows)

    again = link_sketches(table, sketches, refuse, scores=first.scores)
    assert again.links.equals(first.links)
    assert again.scores.equals(first.scores)


@pytest.mark.parametrize(
    ("limits", "same"),
    [
        (DuplicateSettings(removal_coverage=0.9), False),
        (DuplicateSettings(excerpt_containment=0.6), True),
        (DuplicateSettings(near_jaccard=0.7), True),
    ],
    ids=["coverage", "containment", "jaccard"],
)
def test_another_threshold_needs_no_new_run(corpus: list[str], limits: DuplicateSettings, *, same: bool) -> None:
    """Scores are kept of all pairs that were compared, linked or not: with other settings no text is asked for."""
    table, sketches, settings = _table(corpus), sketch_columns(corpus), Settings(duplicates=limits)
    first = link_sketches(table, sketches, lambda rows: [corpus[row] for row in rows])
    asked: list[int] = []

    def load(rows: Sequence[int]) -> list[str]:
        asked.extend(rows)
        return [corpus[row] for row in rows]

    again = link_sketches(table, sketches, load, settings, scores=first.scores)
    assert not asked
    assert again.links.equals(find_links(table, settings))
    assert again.links.equals(first.links) == same


@pytest.mark.parametrize("seed", range(4))
def test_nights_give_what_one_run_gives(corpus: list[str], seed: int) -> None:
    """Articles that come in nights, each with the scores of the last: the links of a rebuild after every one.

    On the way the footer becomes common, so that measures of earlier nights no longer hold.
    """
    r = random.Random(seed)  # noqa: S311
    texts = list(corpus)
    r.shuffle(texts)
    scores, stops = None, sorted(r.sample(range(5, len(texts)), 4))
    for stop in [*stops, len(texts)]:
        part = texts[:stop]
        night = link_sketches(
            _table(part), sketch_columns(part), lambda rows, part=part: [part[row] for row in rows], scores=scores
        )
        assert night.links.equals(find_links(_table(part)))
        scores = night.scores


def test_scores_of_another_version_are_refused(corpus: list[str]) -> None:
    """Measures of texts that were folded otherwise can't be taken for today's."""
    with pytest.raises(UsageError, match="another version"):
        open_scores(SCORES.empty_table().replace_schema_metadata({b"copydesk.sketch": b"{}"}))


def test_sketches_must_be_as_many_as_articles(corpus: list[str]) -> None:
    """A sketch is missing: an error, never a shifted row."""
    with pytest.raises(UsageError, match="sketches"):
        find_links(_table(corpus), sketches=sketch_columns(corpus[1:]))


def test_texts_must_come_from_somewhere(pool: str) -> None:
    """Neither a column of texts nor a way to load them: an error that says so."""
    with pytest.raises(UsageError, match="texts="):
        find_links(pa.table({"article_id": ["a", "b"]}), sketches=sketch_columns([pool, pool.upper()]))


def test_no_articles_no_links_and_no_scores() -> None:
    """Nothing in, nothing out, in the right columns."""
    done = link_sketches(pa.table({"article_id": pa.array([], pa.string())}), sketch_columns([]), lambda rows: [])  # noqa: ARG005
    assert (done.links.num_rows, done.scores.num_rows) == (0, 0)

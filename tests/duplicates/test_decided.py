"""A story whose articles, pairs and pages are as they were is not decided again."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Any

import pyarrow as pa
import pytest

from copydesk.duplicates import resolve
from copydesk.duplicates.columns import sketch_columns
from copydesk.duplicates.decided import DECIDED
from copydesk.duplicates.resolve import Linking, link_sketches
from copydesk.settings import Settings

DAY = dt.date(2024, 3, 12)


def row(name: str, text: str, *, day: dt.date = DAY, page: str | None = None, title: str = "") -> dict[str, Any]:
    """An article as the corpus knows it, with a digest of all it says."""
    said = {"article_id": name, "text": text, "published_on": day, "url_key": page, "title": title}
    return said | {"content": hashlib.blake2b(repr(said).encode(), digest_size=16).digest()}


def link(rows: list[dict[str, Any]], known: Linking | None = None) -> Linking:
    """The links between these articles, with what is known from before."""
    fields = [("article_id", pa.string()), ("text", pa.string()), ("published_on", pa.date32())]
    fields += [("url_key", pa.string()), ("title", pa.string()), ("content", pa.binary(16))]
    table = pa.Table.from_pylist(sorted(rows, key=lambda row: row["article_id"]), schema=pa.schema(fields))
    return link_sketches(
        table,
        sketch_columns(table["text"].to_pylist()),
        lambda wanted: [table["text"][row].as_py() for row in wanted],
        Settings(),
        stories=known.stories if known else None,
    )


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many articles each story had that was decided."""
    sizes: list[int] = []
    decide = resolve.remove_copies

    def noting(story: list[int], *rest: Any) -> Any:
        sizes.append(len(story))
        return decide(story, *rest)

    monkeypatch.setattr(resolve, "remove_copies", noting)
    return sizes


def test_only_changed_stories_are_decided_again(pool: str, ferry: str, asked: list[int]) -> None:
    """A new copy has its story decided, a changed article its own, a removed one its own; the others stand."""
    rows = [row("a", pool), row("b", pool + " More follows."), row("c", ferry), row("d", ferry + " More follows.")]
    first = link(rows)
    assert asked == [2, 2]
    assert first.stories.schema.equals(DECIDED)
    for changed, decided in (
        (rows, []),
        ([*rows, row("e", pool + " So it is said.")], [3]),
        ([*rows[:3], row("d", ferry + " More follows.", day=DAY + dt.timedelta(1))], [2]),
        (rows[:3], []),
    ):
        asked.clear()
        again = link(changed, first)
        assert asked == decided
        assert again.links.equals(link(changed).links)
        asked.clear()
        assert link(changed, again).links.equals(again.links)
        assert asked == []


def test_a_story_in_which_all_stay_is_known_too(pool: str, ferry: str, asked: list[int]) -> None:
    """An excerpt in as much text of its own is linked, and stays."""
    rows = [row("a", pool + " " + ferry), row("b", pool.rpartition(". ")[0] + " " + ferry[::-1])]
    first = link(rows)
    decided = len(asked)
    assert len(first.stories) >= decided
    asked.clear()
    assert link(rows, first).links.equals(first.links)
    assert asked == []


def test_a_newer_page_outside_the_story_decides_it_again(pool: str, ferry: str, asked: list[int]) -> None:
    """Whether an article is an older version of a page depends on who else lies there."""
    rows = [row("a", pool, page="p/1"), row("b", pool + " More follows."), row("c", ferry, page="p/2")]
    first = link(rows)
    asked.clear()
    moved = [*rows[:2], row("c", ferry, page="p/1", day=DAY + dt.timedelta(1))]
    assert link(moved, first).links.equals(link(moved).links)
    assert asked == [2, 2]


def test_without_digests_nothing_is_kept(pool: str) -> None:
    """Nor is anything for no articles."""
    table = pa.table({"article_id": ["a", "b"], "text": [pool, pool + " More."]})
    found = link_sketches(table, sketch_columns(table["text"].to_pylist()), lambda _: [pool, pool + " More."])
    assert len(found.links) == 1
    assert len(found.stories) == 0
    assert len(link([]).stories) == 0

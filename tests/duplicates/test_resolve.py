"""Which article is a copy of which, and of what kind."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

import pyarrow as pa
import pytest

from copydesk.duplicates.decided import LINKS
from copydesk.duplicates.resolve import find_links
from copydesk.settings import DuplicateSettings, Settings

SCHEMA = pa.schema(
    [
        ("article_id", pa.string()),
        ("text", pa.string()),
        ("title", pa.string()),
        ("outlet", pa.string()),
        ("url", pa.string()),
        ("url_key", pa.string()),
        ("published_on", pa.date32()),
        ("published_at", pa.timestamp("us", "UTC")),
        ("modified_at", pa.timestamp("us", "UTC")),
        ("authors", pa.list_(pa.string())),
        ("language", pa.string()),
    ]
)


def _links(*rows: dict[str, Any], settings: Settings | None = None) -> dict[str, tuple[str, str]]:
    named = [{"article_id": chr(97 + i), **row} for i, row in enumerate(rows)]
    table = find_links(pa.Table.from_pylist(named, schema=SCHEMA), settings)
    assert table.schema == LINKS
    return {row["article_id"]: (row["canonical_id"], row["kind"]) for row in table.to_pylist()}


def test_no_articles_no_links() -> None:
    """An empty table gives an empty table."""
    assert _links() == {}


def test_missing_columns_are_unknown(pool: str) -> None:
    """Only id and text are needed."""
    table = pa.table({"article_id": ["a", "b"], "text": [pool, pool]})
    assert find_links(table).column("kind").to_pylist() == ["exact"]


def test_the_dated_copy_stays(pool: str) -> None:
    """Of two copies the one with a day of publication survives."""
    assert _links({"text": pool}, {"text": pool, "published_on": dt.date(2024, 5, 2)}) == {"a": ("b", "exact")}


def test_the_first_outlet_stays(pool: str) -> None:
    """Under two outlets the earlier day is the originator's, and the other a syndicated copy."""
    late = {"text": pool, "outlet": "Valley Post", "published_on": dt.date(2024, 5, 3)}
    early = {"text": pool, "outlet": "Marlow Courier", "published_on": dt.date(2024, 5, 2)}
    assert _links(late, early) == {"a": ("b", "syndicated")}


def test_more_is_known_of_the_one_that_stays(pool: str) -> None:
    """Between undated copies the one with authors and URL survives."""
    assert _links({"text": pool}, {"text": pool, "authors": ["Ada Trask"], "url": "https://marlow.example/pool"}) == {
        "a": ("b", "exact")
    }


def test_an_excerpt_goes_and_the_whole_stays(pool: str, ferry: str) -> None:
    """A cut story is an excerpt of the whole, even if the cut one is dated and has an author."""
    whole = {"text": pool + "\n\n" + ferry}
    cut = {"text": " ".join(pool.split()[:70]), "published_on": dt.date(2024, 5, 1), "authors": ["Ada Trask"]}
    assert _links(whole, cut) == {"b": ("a", "excerpt")}


def test_the_newest_revision_stays(pool: str) -> None:
    """Under one URL key the newest version survives, though the older is longer; the older is a revision."""
    url = {"url_key": "marlow.example/pool"}
    old = {"text": pool + " Some thirty people stood outside in the rain and sang until the doors were closed.", **url}
    new = {"text": pool, **url}
    day = dt.datetime(2024, 5, 2, 9, tzinfo=dt.UTC)
    assert _links({**old, "modified_at": day}, {**new, "modified_at": day + dt.timedelta(hours=3)}) == {
        "a": ("b", "revision")
    }


@pytest.mark.parametrize("length", range(240, 310, 7))
def test_a_line_more_decides_nothing(length: int, story) -> None:  # type: ignore[no-untyped-def]
    """Whatever the length of a story, the first outlet's stays though a later one has added a line."""
    first = {"text": story(1, length), "outlet": "Marlow Courier", "published_on": dt.date(2024, 5, 2)}
    later = {"text": story(1, length) + " It was first printed in another newspaper.", "outlet": "Valley Post"}
    assert _links({**later, "published_on": dt.date(2024, 5, 3)}, first) == {"a": ("b", "syndicated")}


def test_much_more_decides(story) -> None:  # type: ignore[no-untyped-def]
    """A later copy that is longer by half is the story."""
    first = {"text": story(1, 200), "published_on": dt.date(2024, 5, 2)}
    later = {"text": story(1, 200) + "\n\n" + story(2, 100), "published_on": dt.date(2024, 5, 3)}
    assert _links(first, later) == {"a": ("b", "near")}


def test_what_a_paywall_lets_through_is_no_newer_version(pool: str) -> None:
    """A page that was saved again as its first paragraph is an excerpt of what it was, however late it was saved."""
    whole = {"text": pool, "url_key": "marlow.example/pool", "published_on": dt.date(2024, 5, 2)}
    cut = {**whole, "text": " ".join(pool.split()[:60]), "published_on": dt.date(2024, 5, 3)}
    assert _links(whole, cut) == {"b": ("a", "excerpt")}


def test_a_rewritten_page_is_a_newer_version(pool: str, ferry: str, story) -> None:  # type: ignore[no-untyped-def]
    """A newer version with a new lead stands for the older one though it holds half of its words."""
    old = {"text": story(1, 40) + "\n\n" + pool + "\n\n" + ferry, "published_on": dt.date(2024, 5, 2)}
    new = {"text": story(2, 80) + "\n\n" + pool, "published_on": dt.date(2024, 5, 3)}
    page = {"url_key": "marlow.example/pool"}
    assert _links({**old, **page}, {**new, **page}) == {"a": ("b", "revision")}


def test_an_address_that_has_another_article_now(pool: str, story) -> None:  # type: ignore[no-untyped-def]
    """Two articles of a home page that share a passage, a bit more than a third of each, both stay."""
    old = {"text": story(1, 260) + "\n\n" + pool, "published_on": dt.date(2024, 5, 2)}
    new = {"text": story(2, 260) + "\n\n" + pool, "published_on": dt.date(2024, 5, 3)}
    page = {"url_key": "marlow.example"}
    assert _links({**old, **page}, {**new, **page}) == {}


def test_two_pages_under_one_url_key_are_not_revisions(pool: str, ferry: str) -> None:
    """One URL with two different stories (a live page, a front) removes nothing."""
    url = {"url_key": "marlow.example/latest"}
    assert _links({"text": pool, **url}, {"text": ferry, **url}) == {}


def test_one_title_over_two_stories_links_nothing(pool: str, ferry: str) -> None:
    """The same title is a reason to look, not a reason to remove."""
    title = {"title": "What we know so far on Thursday morning"}
    assert _links({"text": pool, **title}, {"text": ferry, **title}) == {}


def test_a_story_inside_a_roundup_is_its_excerpt(pool: str, ferry: str, story) -> None:  # type: ignore[no-untyped-def]
    """An article that is wholly inside another one loses nothing by going; the one with more stays."""
    assert _links({"text": pool}, {"text": story(1) + "\n\n" + pool + "\n\n" + ferry}) == {"a": ("b", "excerpt")}


def test_an_excerpt_in_as_much_foreign_text_stays(pool: str, ferry: str) -> None:
    """Half of the words are nowhere else: the pair is linked, but nothing is removed."""
    mixed = " ".join(pool.split()[:60]) + " " + " ".join(ferry.split()[:60])
    assert _links({"text": pool}, {"text": mixed}) == {}


def test_how_much_must_be_covered_is_a_setting(pool: str, ferry: str) -> None:
    """A lower share removes what half is elsewhere."""
    mixed = " ".join(pool.split()[:60]) + " " + " ".join(ferry.split()[:60])
    loose = Settings(duplicates=DuplicateSettings(removal_coverage=0.4))
    assert _links({"text": pool}, {"text": mixed}, settings=loose) == {"b": ("a", "excerpt")}


def test_no_chains(story) -> None:  # type: ignore[no-untyped-def]
    """Each version replaces a quarter of the last; a copy goes only for a survivor that holds its words itself."""
    parts = [story(k, 50) for k in range(8)]
    versions = [{"text": "\n\n".join(parts[k : k + 4])} for k in range(5)]
    found = _links(*versions)
    assert not set(found) & {survivor for survivor, _ in found.values()}
    for copy, (survivor, _) in found.items():
        assert abs(ord(copy) - ord(survivor)) == 1


def test_short_texts_need_the_same_title_outlet_and_day() -> None:
    """An alert of ten words is a copy only under the same title, outlet and day."""
    alert = {
        "text": "Police have closed the bridge until further notice.",
        "title": "Bridge closed",
        "outlet": "Valley Post",
    }
    monday, tuesday = dt.date(2024, 5, 6), dt.date(2024, 5, 7)
    assert _links({**alert, "published_on": monday}, {**alert, "published_on": tuesday}) == {}
    assert _links({**alert, "published_on": monday}, {**alert, "title": "Bridge shut", "published_on": monday}) == {}
    assert len(_links({**alert, "published_on": monday}, {**alert, "published_on": monday})) == 1


def test_many_short_texts_of_one_word_each_with_its_title() -> None:
    """Five thousand equal one-word texts with different titles are no copies, in bounded time."""
    assert _links(*({"text": "Watch", "title": f"Clip {k}"} for k in range(5000))) == {}


def test_texts_without_words_stay() -> None:
    """An empty text is no copy of another empty text."""
    assert _links({"text": ""}, {"text": ""}, {"text": "\x01"}) == {}


def test_a_wide_story_has_one_survivor(pool: str, story) -> None:  # type: ignore[no-untyped-def]
    """Two hundred outlets, each with a line of its own: more than all pairs are measured for, and still one
    survivor.
    """
    rows = [
        {"text": pool + " " + story(k, 12), "outlet": f"Outlet {k}", "published_on": dt.date(2024, 5, 2)}
        for k in range(200)
    ]
    rows[77]["published_on"] = dt.date(2024, 5, 1)
    found = find_links(
        pa.Table.from_pylist([{"article_id": f"{k:03}", **row} for k, row in enumerate(rows)], schema=SCHEMA)
    )
    assert found.num_rows == 199
    assert set(found["canonical_id"].to_pylist()) == {"077"}
    assert set(found["kind"].to_pylist()) == {"syndicated"}


def test_order_and_ids_of_equal_rows_decide_nothing_else(pool: str, ferry: str, story, weather) -> None:  # type: ignore[no-untyped-def]
    """Shuffled articles give the same links."""
    texts = [
        pool,
        pool.upper(),
        pool + " " + story(1, 20),
        " ".join(pool.split()[:80]),
        ferry,
        ferry + " " + pool,
        ferry,
    ]
    texts += [story(k) for k in range(5)] + [weather(k) for k in range(5)]
    rows = [{"article_id": f"{k:02}", "text": text, "outlet": "AB"[k % 2]} for k, text in enumerate(texts)]
    expected = find_links(pa.Table.from_pylist(rows, schema=SCHEMA))
    for seed in range(4):
        random.Random(seed).shuffle(rows)  # noqa: S311
        assert find_links(pa.Table.from_pylist(rows, schema=SCHEMA)).equals(expected)


def test_plain_and_compiled_resolve_alike(pool: str, ferry: str, story) -> None:  # type: ignore[no-untyped-def]
    """The links don't depend on whether code was compiled."""
    texts = [pool, pool.upper(), pool + " " + story(1, 20), " ".join(pool.split()[:80]), ferry, ferry + " " + pool]
    table = pa.Table.from_pylist([{"article_id": str(k), "text": text} for k, text in enumerate(texts)], schema=SCHEMA)
    assert find_links(table, compile_code=True).equals(find_links(table, compile_code=False))


@pytest.mark.parametrize("kind", ["near", "syndicated"])
def test_an_edited_copy_is_near_or_syndicated(kind: str, pool: str) -> None:
    """An edited text is a near copy; under another outlet's name it is a syndicated one."""
    other = "Valley Post" if kind == "syndicated" else "Marlow Courier"
    edited = (
        pool.replace("town council", "city council")
        .replace("has collected", "collected")
        .replace("wants to", "would like to")
    )
    found = _links({"text": pool, "outlet": "Marlow Courier"}, {"text": edited, "outlet": other})
    assert [value[1] for value in found.values()] == [kind]


def _scan(text: str, every: int) -> str:
    """A text with a letter of every so many words misread, figures and capitals spared."""
    words = text.split(" ")
    for at in range(0, len(words), every):
        if words[at].isalpha() and words[at].islower() and len(words[at]) > 3:
            words[at] = words[at][:2] + "ii" + words[at][3:]
    return " ".join(words)


def test_a_badly_scanned_brief_goes(story) -> None:  # type: ignore[no-untyped-def]
    """Below 150 words a scan with every sixth word misread goes: no figure differs, nor names more than words."""
    brief = story(31, 130).lower()
    assert len(_links({"text": brief}, {"text": _scan(brief, 6)})) == 1


def test_a_note_from_the_same_form_stays(story) -> None:  # type: ignore[no-untyped-def]
    """The same share of words differs, but they are names and figures: another match, another note."""
    words = story(31, 130).split(" ")
    other = list(words)
    for at in range(0, len(words), 6):
        words[at], other[at] = (f"Adler{at}", f"Brandt{at}") if at % 2 else (str(at), str(at + 1))
    assert _links({"text": " ".join(words)}, {"text": " ".join(other)}) == {}


@pytest.mark.parametrize("seed", range(3))
def test_a_clean_print_stays_and_its_scan_goes(seed: int, story) -> None:  # type: ignore[no-untyped-def]
    """Of texts of one length and day that agree but for one, the one stays never, unless it was printed first."""
    clean = story(seed, 200).lower()
    rows = [{"text": clean}, {"text": clean + " end"}, {"text": _scan(clean, 6)}]
    assert _links(*rows).keys() > {"c"}
    days = [dt.date(2024, 9, 2), dt.date(2024, 9, 2), dt.date(2024, 9, 1)]
    dated = [row | {"published_on": day} for row, day in zip(rows, days, strict=True)]
    assert {survivor for survivor, _ in _links(*dated).values()} == {"c"}

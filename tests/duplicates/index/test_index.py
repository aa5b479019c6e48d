"""An index of articles: whatever the steps in which they come in, the links are those of comparing all at once."""

from __future__ import annotations

import json
import os
import random
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from datasketch import MinHashLSH

from copydesk.duplicates import candidates, find_links
from copydesk.duplicates.index import (
    add_articles,
    counts,
    files,
    measuring,
    neighbours,
    open_index,
    rebuild_index,
    rows,
    store,
    update,
)
from copydesk.duplicates.permutations import export
from copydesk.errors import LockedError, UsageError
from copydesk.settings import DuplicateSettings

NOTE = (
    "The reserve bank of Norland entered the market to arrange {sum} million crowns of {kind} repurchase agreements, a "
    "spokesman said. Dealers said that funds were trading at {rate} per cent when the bank began its supply."
)
TITLES = [None, "What we know so far on Thursday", "The pool closes for the winter"]


@pytest.fixture
def corpus(pool: str, ferry: str, story, weather) -> pa.Table:  # type: ignore[no-untyped-def]
    """Copies of every kind, reports from one form, a footer under thirty stories, a series, a story with 36 copies."""
    footer = story(1000, 60)
    texts = [pool, ferry, pool.upper(), pool + "\n\n" + story(1, 20), ferry + " " + pool, "Fire", "fire!", "", "--"]
    texts += [story(seed, 50) + "\n\n" + footer for seed in range(30)]
    texts += [story(3, 70), story(4, 60), *(weather(seed) for seed in range(25))]
    texts += [pool + " " + story(200 + seed, 10) for seed in range(36)]
    texts += [story(300 + seed, 80) + "\n\n" + story(1001, 220) for seed in range(8)]
    texts += [NOTE.format(sum=100 * (number % 4), rate=number % 3, kind=story(number, 1)) for number in range(16)]
    return _table(texts)


def _table(texts: list[str], seed: int = 0) -> pa.Table:
    draw = random.Random(seed)  # noqa: S311
    days = pa.array([draw.choice([None, 19000, 19001, 19002]) for _ in texts], pa.int32()).cast(pa.date32())
    return pa.table(
        {
            "article_id": [f"{number:03d}" for number in range(len(texts))],
            "text": texts,
            "title": [draw.choice(TITLES) for _ in texts],
            "url_key": [draw.choice([None, "marlow.example/pool", "marlow.example/live"]) for _ in texts],
            "published_on": days,
        }
    )


def _shuffled(table: pa.Table, seed: int) -> pa.Table:
    order = list(range(len(table)))
    random.Random(seed).shuffle(order)  # noqa: S311
    return table.take(order)


def _add_in_steps(folder: Path, table: pa.Table, cuts: list[int]) -> pa.Table:
    for low, high in zip([0, *cuts], [*cuts, len(table)], strict=True):
        add_articles(folder, table.slice(low, high - low))
    return open_index(folder).links()


@pytest.mark.parametrize("cuts", [[], [1], [30, 31, 90]])
def test_links_are_those_of_comparing_all_at_once(tmp_path: Path, corpus: pa.Table, cuts: list[int]) -> None:
    """In one step or several, in any order of articles, an index has the links that `find_links` gives."""
    found = _add_in_steps(tmp_path / "index", _shuffled(corpus, len(cuts)), cuts)
    assert found.num_rows > 30
    assert found.equals(find_links(corpus))


@pytest.mark.parametrize("seed", [1, 2])
def test_crowded_keys_are_the_same_in_steps(
    tmp_path: Path, corpus: pa.Table, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where many texts share keys, pairs are lost as others come: the links are still those of all at once."""
    for module in (candidates, neighbours):
        monkeypatch.setattr(module, "LONGEST_RUN", 2 * seed)
    cuts = sorted(random.Random(seed).sample(range(1, len(corpus)), 6))  # noqa: S311
    found = _add_in_steps(tmp_path / "index", _shuffled(corpus, seed), cuts)
    assert found.equals(find_links(corpus))


def test_ways_of_large_indexes_come_to_the_same(
    tmp_path: Path, corpus: pa.Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Keys read in parts, counts in one table, articles and pairs a few at a time: what a million need, on a few."""
    monkeypatch.setattr(neighbours, "SCAN_PRINTS", 0)
    monkeypatch.setattr(neighbours, "SAMPLE", 0)
    monkeypatch.setattr(counts, "DENSE_ARTICLES", 0)
    monkeypatch.setattr(counts, "CHUNK_ARTICLES", 5)
    monkeypatch.setattr(measuring, "PART_PAIRS", 7)
    monkeypatch.setattr(update, "SCAN_ARTICLES", 9)
    monkeypatch.setattr(rows, "PART_ROWS", 10)
    monkeypatch.setattr(store, "BATCH_BYTES", 1)
    found = _add_in_steps(tmp_path / "index", _shuffled(corpus, 4), [90])
    assert found.equals(find_links(corpus))


def test_runs_that_become_common_link_no_longer(tmp_path: Path, story) -> None:  # type: ignore[no-untyped-def]
    """Two articles under one long footer are linked until the footer is known to be furniture."""
    footer = story(1000, 80)
    table = _table([story(seed, 30) + "\n\n" + footer for seed in range(24)]).select(["article_id", "text"])
    assert add_articles(tmp_path / "index", table.slice(0, 4)).links().num_rows > 0
    found = add_articles(tmp_path / "index", table.slice(4)).links()
    assert found.equals(find_links(table))


def test_nothing_added_is_nothing_changed(tmp_path: Path, pool: str) -> None:
    """No articles make an empty index, and leave one as it was."""
    assert len(open_index(tmp_path / "index")) == 0
    nothing = pa.table({"article_id": pa.array([], pa.string()), "text": pa.array([], pa.string())})
    assert len(add_articles(tmp_path / "index", nothing)) == 0
    add_articles(tmp_path / "index", _table([pool]))
    before = (tmp_path / "index" / "index.json").read_bytes()
    assert len(add_articles(tmp_path / "index", nothing)) == 1
    assert (tmp_path / "index" / "index.json").read_bytes() == before


def test_segments_stay_few(tmp_path: Path, story) -> None:  # type: ignore[no-untyped-def]
    """Twenty additions leave a handful of segments, and nothing that doesn't count."""
    for number in range(20):
        add_articles(tmp_path / "index", pa.table({"article_id": [str(number)], "text": [story(number, 30)]}))
    manifest = files.read_any_manifest(tmp_path / "index")
    assert max(len(found) for found in manifest.files.values()) <= 6
    named = {file.name for found in manifest.files.values() for file in found}
    assert {path.name for path in (tmp_path / "index").glob("*.arrow*")} == named


def test_signatures_go_into_datasketchs_index(tmp_path: Path, pool: str, ferry: str) -> None:
    """As docs/duplicates.md says it: signatures of an index, in MinHashLSH, find the copies; short texts have none."""
    add_articles(tmp_path / "index", _table([pool, ferry, pool + " One more line.", "Fire", ""]))
    lsh = MinHashLSH(threshold=0.5, num_perm=128)
    for name, signature in open_index(tmp_path / "index").signatures():
        lsh.insert(name, export(signature))
    assert sorted(lsh.keys) == ["000", "001", "002"]
    [(_, first), *_] = open_index(tmp_path / "index").signatures()
    assert sorted(lsh.query(export(first))) == ["000", "002"]


@pytest.mark.parametrize("change", ["another seed", "another normaliser", "other settings"])
def test_an_index_made_otherwise_is_refused_and_made_again(tmp_path: Path, corpus: pa.Table, change: str) -> None:
    """The error names what differs and the command; making the index again keeps the articles and their links."""
    folder, settings = tmp_path / "index", DuplicateSettings()
    expected = add_articles(folder, corpus.slice(0, 12)).links()
    if change == "other settings":
        with pytest.raises(UsageError, match=r"removal_coverage.* --rebuild"):
            open_index(folder, DuplicateSettings(removal_coverage=0.9))
        return
    manifest = files.read_any_manifest(folder)
    name = {"another seed": "seed", "another normaliser": "normaliser"}[change]
    files.write_manifest(folder, files.Manifest({**manifest.making, name: "other"}, manifest.files))
    with pytest.raises(UsageError, match=rf"{name} 'other'.*copydesk dedup .*--rebuild"):
        add_articles(folder, corpus.slice(12, 1))
    assert rebuild_index(folder, settings).links().equals(expected)
    assert open_index(folder).links().equals(expected)


@pytest.mark.parametrize("kind", ["rows", "keys", "counts", "members", "groups", "pairs", "common", "links"])
@pytest.mark.parametrize("damage", ["cut short", "changed", "gone"])
def test_damaged_files_are_refused(tmp_path: Path, corpus: pa.Table, kind: str, damage: str) -> None:
    """A file that is cut short, changed or gone is an error that names it and the way out, never another answer."""
    folder = tmp_path / "index"
    add_articles(folder, corpus.slice(0, 5))
    [path] = folder.glob(f"{kind}-*.arrow")
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    if damage == "gone":
        path.unlink()
    else:
        path.write_bytes(data[: len(data) // 2] if damage == "cut short" else bytes(data))
        os.utime(path, (1, 1))
    with pytest.raises(UsageError, match=rf"{kind}-.*copydesk dedup"):
        open_index(folder)
    with pytest.raises(UsageError, match=rf"{kind}-"):
        add_articles(folder, corpus.slice(5, 1))


@pytest.mark.parametrize("content", [b"", b"{}", b"[1]", b"\xff", None])
def test_a_damaged_manifest_is_refused(tmp_path: Path, pool: str, content: bytes | None) -> None:
    """A manifest that is empty, something else, or says other than was written is an error that names it."""
    add_articles(tmp_path / "index", _table([pool]))
    path = tmp_path / "index" / "index.json"
    data = json.loads(path.read_bytes())
    data["content"]["files"]["rows"][0]["rows"] = 7
    path.write_bytes(json.dumps(data).encode() if content is None else content)
    with pytest.raises(UsageError, match=r"index\.json"):
        open_index(tmp_path / "index")
    path.unlink()
    with pytest.raises(UsageError, match=r"index\.json: it isn't there"):
        open_index(tmp_path / "index")


def test_an_addition_that_was_killed_leaves_the_index_as_it_was(
    tmp_path: Path, corpus: pa.Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was written before the manifest doesn't count, and is gone after the next addition."""
    folder = tmp_path / "index"
    expected = add_articles(folder, corpus.slice(0, 8)).links()

    def killed(*_: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("copydesk.duplicates.index.add.write_manifest", killed)
        with pytest.raises(KeyboardInterrupt):
            add_articles(folder, corpus.slice(8, 8))
    (folder / "rows.arrow.part").write_bytes(b"half")
    (folder / "checked.json").write_bytes(b"[")
    assert open_index(folder).links().equals(expected)
    assert add_articles(folder, corpus.slice(8, 8)).links().equals(find_links(corpus.slice(0, 16)))
    assert not (folder / "rows.arrow.part").exists()


def test_ids_must_be_new(tmp_path: Path, pool: str, ferry: str) -> None:
    """An id given twice, known already, or null is refused, and nothing is added."""
    table = _table([pool, ferry])
    add_articles(tmp_path / "index", table)
    with pytest.raises(UsageError, match="'001' is in the index already"):
        add_articles(tmp_path / "index", table.slice(1))
    with pytest.raises(UsageError, match="the same id"):
        add_articles(tmp_path / "index", pa.table({"article_id": ["x", "x"], "text": [pool, ferry]}))
    with pytest.raises(UsageError, match="no id"):
        add_articles(tmp_path / "index", pa.table({"article_id": pa.array([None], pa.string()), "text": [pool]}))
    with pytest.raises(UsageError, match="no column 'text'"):
        add_articles(tmp_path / "index", pa.table({"article_id": ["y"]}))
    assert len(open_index(tmp_path / "index")) == 2


def test_only_one_adds_at_a_time(tmp_path: Path, pool: str) -> None:
    """While another holds the index, adding ends with an error that says so."""
    with files.locked(tmp_path), pytest.raises(LockedError, match="another process"):
        add_articles(tmp_path, _table([pool]))


def test_articles_of_the_same_words_are_one_group_whoever_came_first(tmp_path: Path, pool: str) -> None:
    """Copies of the same words that come one by one, with another one standing for them each time."""
    texts = [pool, pool.upper(), pool.title(), pool.lower(), pool + " And more.", pool.replace("Monday", "monday")]
    found = _add_in_steps(tmp_path / "index", _table(texts), [1, 2, 3, 4, 5])
    assert found.equals(find_links(_table(texts)))


def _thue_morse(one: str, other: str, bits: int) -> str:
    return " ".join(other if place.bit_count() % 2 else one for place in range(1 << bits))


def test_hostile_articles_come_to_the_same_links(tmp_path: Path, pool: str) -> None:
    """A thousand copies, one word, one repeated word, control characters, crafted keys, a long line."""
    texts = [pool] * 1000 + ["fire", "FIRE", "flood", "\x00\x01", "", "never " * 90, "never " * 91, "東京" * 40]
    texts += [_thue_morse("mayor", "ferry", 12), _thue_morse("ferry", "mayor", 12), _thue_morse("MAYOR", "ferry", 12)]
    texts += [" ".join(f"word{number % 401} {number}" for number in range(20_000)) + end for end in ("", " more")]
    table = pa.table({"article_id": [f"{number:05d}" for number in range(len(texts))], "text": texts})
    found = _add_in_steps(tmp_path / "index", _shuffled(table, 5), [300, 900])
    assert found.num_rows >= 1000
    assert found.equals(add_articles(tmp_path / "whole", table).links())

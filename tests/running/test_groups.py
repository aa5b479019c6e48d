"""Columns that workers make while they examine are those that would be made of what they examined."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from tests.conftest import FERRY

from copydesk.article import Article, Form, RawRecord, Refusal, Source
from copydesk.contamination import pace
from copydesk.machine.compiling import Pace
from copydesk.metadata import detector
from copydesk.report.progress import Silent
from copydesk.run import RunRequest, clean_corpus
from copydesk.running import examining, groups
from copydesk.running.findings import Findings
from copydesk.running.groups import examination, load_code
from copydesk.settings import Settings
from copydesk.state import ExaminedStore, record_key
from copydesk.state.columns import decode_columns, kept_columns
from copydesk.state.serial import decode_article
from copydesk.workers import Summary
from copydesk.workers.engine import GROUP_BYTES

NIGHT = dt.datetime(2024, 3, 5, 2, 0, tzinfo=dt.UTC)


def record(number: int, text: str = FERRY) -> RawRecord:
    """Give a record of plain text."""
    return RawRecord(f"{number:032x}", Source(f"{number}.txt", 0, "ab" * 32), Form.TEXT, text)


def test_a_group_is_examined_and_summed_up():
    """Each record is sent with its outcome, and the summary has the columns of all of them."""
    load_code()
    one, none, summary = examination(Settings()).do([record(1), record(2, "")])
    assert one.startswith(b"clean\n")
    assert none.startswith(b"no_article\n")
    encoded = [sent.partition(b"\n")[2] for sent in (one, none)]
    expected = kept_columns([decode_article(data) for data in encoded], encoded)
    assert summary.count == 2
    assert decode_columns(summary.value, [f"{n:032x}" for n in (1, 2)]).equals(expected)


def take(folder: Path, results: list[bytes | Refusal | Summary]) -> tuple[int, int]:
    """Give how many articles are kept, and how many files of columns, when the results of records 1, 2, … are taken."""
    with ExaminedStore.open(folder, "v1") as store:
        found = Findings(store)
        keys = []
        for result in results:
            if isinstance(result, Summary):
                found.sum_up(result)
                continue
            unread = record(len(keys) + 1)
            keys.append(record_key(unread))
            found.add(keys[-1], Article(unread.article_id, unread.source), result)
        found.put()
        store.commit()
        return len(list(store.get(keys))), len(list((folder / "columns").glob("*.arrow")))


def test_columns_are_kept_with_their_articles(tmp_path: Path):
    """What workers send of two groups is kept, and so is what they say about them; nothing of nothing."""
    assert take(tmp_path / "none", []) == (0, 0)
    groups = [*examination(Settings()).do([record(1), record(2)]), *examination(Settings()).do([record(3)])]
    assert take(tmp_path / "both", groups) == (3, 1)


def test_a_record_that_no_worker_survived_has_columns_too(tmp_path: Path):
    """It has no text, so its columns are made at once; a neighbour of which nothing was said is looked at later."""
    refused = Refusal("crashed", "signal 11")
    one, two, summary = examination(Settings()).do([record(2), record(3)])
    assert take(tmp_path / "first", [refused, one, two, summary]) == (3, 1)
    assert take(tmp_path / "last", [one, refused, Summary(0, b"")]) == (2, 0)


def test_runs_with_and_without_groups_publish_the_same(raw: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Where columns are made changes no byte of any table."""

    def published(target: Path) -> dict[str, bytes]:
        request = RunRequest(raw=raw, clean=target, settings=Settings(), workers=2, started=NIGHT)
        clean_corpus(request, Silent())
        return {str(p.relative_to(target)): p.read_bytes() for p in sorted(target.rglob("*.parquet"))}

    expected = published(tmp_path / "one")
    monkeypatch.setattr(groups, "GROUPS_RECORDS", 1)
    assert published(tmp_path / "many") == expected
    monkeypatch.setattr(examining, "makes_columns", lambda records, _: records == 0)  # the files alone say enough
    assert published(tmp_path / "sure") == expected


def test_pages_travel_in_larger_groups():
    """A group holds some dozen records whatever their size, but no more than four megabytes."""
    assert examination(Settings(), 3_000).group_bytes == GROUP_BYTES
    assert examination(Settings(), 50_000).group_bytes == 50_000 * groups.GROUP_RECORDS
    assert examination(Settings(), 10**9).group_bytes == groups.MOST_GROUP_BYTES


def test_columns_are_left_for_later_where_records_are_few():
    """Thousands of records have them made in workers; a handful doesn't, and none doesn't either."""
    assert groups.makes_columns(groups.GROUPS_RECORDS, 10_000_000)
    assert not groups.makes_columns(100, 300_000)
    assert not groups.makes_columns(0, 0)


def test_columns_of_pages_are_made_in_workers_once_sketching_is_kept(monkeypatch: pytest.MonkeyPatch):
    """Whatever else is kept; on an install that has compiled nothing they aren't, nor those of a few pages."""
    kept = [True]
    monkeypatch.setattr(Pace, "is_kept", lambda _: False)
    monkeypatch.setattr(groups, "sketching_is_kept", lambda: kept[0])
    assert groups.makes_columns(0, groups.FIRST_BYTES)
    assert not groups.makes_columns(0, groups.FIRST_BYTES - 1)
    kept[0] = False
    assert not groups.makes_columns(0, groups.FIRST_BYTES)


def test_only_a_fresh_install_is_made_to_compile_all(monkeypatch: pytest.MonkeyPatch):
    """Where texts are sketched by machine code, loops that aren't kept haven't paid yet and run plainly."""
    paces = (pace.PACE, groups.LOOKING, detector.PACE)
    for one in paces:
        monkeypatch.setattr(one, "is_fast", False)
    kept = {pace.PACE}
    monkeypatch.setattr(Pace, "is_kept", lambda self: self in kept)
    monkeypatch.setattr(Pace, "add_where_loaded", lambda self, _: self.is_fast)
    monkeypatch.setattr(groups, "sketching_is_kept", lambda: True)
    load_code()
    assert [one.is_fast for one in paces] == [True, False, False]
    monkeypatch.setattr(groups, "sketching_is_kept", lambda: False)
    load_code()
    assert all(one.is_fast for one in paces)


def test_a_night_of_some_hundred_texts_shares_code_where_it_is_kept(monkeypatch: pytest.MonkeyPatch):
    """A smaller one is done before the code is loaded, and nobody waits for a compiler."""
    names = {pace.PACE: "reading", groups.LOOKING: "looking", detector.PACE: "detecting"}
    kept = {*names.values(), "sketching"}
    monkeypatch.setattr(Pace, "is_kept", lambda self: names[self] in kept)
    monkeypatch.setattr(groups, "sketching_is_kept", lambda: "sketching" in kept)
    assert groups.shares_code(groups.NIGHT_BYTES)
    assert not groups.shares_code(groups.NIGHT_BYTES - 1)
    for name in tuple(kept):
        kept.remove(name)
        assert not groups.shares_code(groups.NIGHT_BYTES)
        kept.add(name)

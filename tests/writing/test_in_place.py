"""Folders of which a night changes only a part."""

import dataclasses
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from tests.writing.test_changes import difference

from copydesk.article import Block, Evidence
from copydesk.errors import ContractError
from copydesk.writing import Changes, Snapshot, current_snapshot, parquet, publish, validate
from copydesk.writing.files import is_later
from copydesk.writing.in_place import READ_ALWAYS, Same
from copydesk.writing.parquet import read_parquet

Make = Callable[..., Any]


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have folders of a dozen rows treated as large ones."""
    monkeypatch.setattr("copydesk.writing.in_place.LEAST_ROWS", 4)
    monkeypatch.setattr("copydesk.writing.in_place.LATER_SHARE", 0.4)
    monkeypatch.setattr("copydesk.writing.parquet.ARTICLE_GROUP_ROWS", 3)
    monkeypatch.setattr("copydesk.writing.parquet.ROW_GROUP_ROWS", 5)


def snapshot(clean: Path) -> Snapshot:
    """The published snapshot."""
    found = current_snapshot(clean)
    assert found is not None
    return found


def rows(clean: Path, table: str) -> pa.Table:
    """All rows of a table, in the order of a sort that keeps the decisions on an article in theirs."""
    here = snapshot(clean)
    parts = [read_parquet(here.path / entry.path) for entry in here.manifest.of_table(table)]
    key = "source_path" if table == "ledger" else "article_id"
    return pa.concat_tables(parts).sort_by(key).combine_chunks()


def files(clean: Path, table: str) -> tuple[set[str], set[str]]:
    """The files of a table: first ones, and those of later rows."""
    entries = snapshot(clean).manifest.of_table(table)
    later = {entry.path for entry in entries if is_later(entry)}
    return {entry.path for entry in entries} - later, later


@pytest.mark.parametrize("seed", range(6))
def test_nights_give_the_rows_of_whole_tables(
    tmp_path: Path, seed: int, put: Make, make_corpus: Make, stamp: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Articles that come, go, change and move leave the same rows, to the run that changed them last."""
    if seed % 2:
        monkeypatch.setattr("copydesk.writing.partitions.FILE_ROWS", 8)
    draw = random.Random(seed)  # noqa: S311
    before: dict[str, pa.Table] = {}
    seen_later = False
    for night, count in enumerate([60, 64, draw.randrange(56, 70), draw.randrange(64, 80)]):
        corpus = make_corpus(count)
        for number in draw.sample(range(count), 3):
            corpus = changed(corpus, number, draw.choice(["deck", "month", "decisions"]), night)
        put(tmp_path / "whole", corpus, night)
        tables = corpus.tables(stamp(night).run_id, stamp(night).now)
        if before:
            changes = {name: difference(before[name], tables[name]) for name in tables}
            publish(tmp_path / "nightly", changes, stamp(night), records_read=corpus.records_read)
        else:
            put(tmp_path / "nightly", corpus, night)
        before = tables
        assert validate(tmp_path / "nightly") == ()
        for name in tables:
            assert rows(tmp_path / "nightly", name).equals(rows(tmp_path / "whole", name)), name
            seen_later |= bool(files(tmp_path / "nightly", name)[1])
    assert seen_later


@pytest.mark.parametrize("seed", range(4))
def test_what_is_told_to_be_the_same_changes_no_byte(
    tmp_path: Path, seed: int, put: Make, make_corpus: Make, stamp: Make
) -> None:
    """Whether columns that are as published are compared or not, the files are the same: also where articles go, move
    or say something else.
    """
    draw = random.Random(seed)  # noqa: S311
    before: dict[str, pa.Table] = {}
    told = 0
    for night, count in enumerate([60, 66, 63, 70]):
        corpus = make_corpus(count)
        for number in draw.sample(range(count), 6):
            corpus = changed(corpus, number, draw.choice(["deck", "month", "text", "provenance"]), night)
        tables = corpus.tables(stamp(night).run_id, stamp(night).now)
        for place in ("compared", "told"):
            changes = {name: difference(before[name], tables[name]) for name in before}
            if before and place == "told":
                changes["articles"] = with_same(changes["articles"], before["articles"])
                told += len(changes["articles"].same.others)
            publish(tmp_path / place, changes or tables, stamp(night), records_read=corpus.records_read)
        before = tables
        listed = [{entry.sha256 for entry in snapshot(tmp_path / p).manifest.files} for p in ("compared", "told")]
        assert listed[0] == listed[1]
    assert told


def with_same(changes: Changes, before: pa.Table) -> Changes:
    """The changes, with what of the articles is as it was."""
    others = [name for name in before.column_names if name not in (*READ_ALWAYS, "provenance")]
    told = (same_ids(changes.rows, before, names) for names in (["provenance"], others))
    return dataclasses.replace(changes, same=Same(*told))


def same_ids(now: pa.Table, before: pa.Table, names: list[str]) -> pa.Array:
    """The ids of the articles that have the same in these columns."""
    columns = ["article_id", *names]
    known = {name: rest for name, *rest in zip(*(before[name].to_pylist() for name in columns), strict=True)}
    rows = zip(*(now[name].to_pylist() for name in columns), strict=True)
    return pa.array([name for name, *rest in rows if known.get(name) == rest], pa.string())


def changed(corpus: Any, number: int, what: str, night: int) -> Any:
    """The corpus with one article that says something else."""
    article = corpus.articles[number]
    if what == "decisions":
        article = dataclasses.replace(article, decisions=article.decisions[:1] * (1 + night % 3))
    elif what == "provenance":
        article = dataclasses.replace(article, evidence=(Evidence("deck", f"night {night}", "head", "", 0.5),))
    elif what == "text":
        article = dataclasses.replace(article, blocks=(*article.blocks, Block(f"Added in night {night}.")))
    else:
        day = None if what == "month" else article.metadata.published_on
        article = dataclasses.replace(
            article, metadata=dataclasses.replace(article.metadata, published_on=day, deck=f"night {night}")
        )
    return dataclasses.replace(corpus, articles=(*corpus.articles[:number], article, *corpus.articles[number + 1 :]))


def test_file_with_parts_that_we_never_write_is_written_as_a_whole(
    tmp_path: Path, put: Make, make_corpus: Make, stamp: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a later version of the writer may put an index of pages into it: the night goes on, and the rows are right."""
    ours = parquet._options
    corpus = make_corpus(60)
    with monkeypatch.context() as newer:
        newer.setattr(parquet, "_options", lambda *given: ours(*given) | {"write_page_index": True})
        put(tmp_path / "clean", corpus, 0)
    before, _ = files(tmp_path / "clean", "articles")
    later = changed(corpus, 7, "deck", 1)
    publish_changes(tmp_path / "clean", corpus, later, stamp(1))
    put(tmp_path / "whole", corpus, 0)
    put(tmp_path / "whole", later, 1)
    assert validate(tmp_path / "clean") == ()
    assert rows(tmp_path / "clean", "articles").equals(rows(tmp_path / "whole", "articles"))
    assert files(tmp_path / "clean", "articles")[0] != before


def test_new_rows_leave_the_files_of_old_ones_alone(tmp_path: Path, put: Make, make_corpus: Make, stamp: Make) -> None:
    """They lie in a file beside them; when that has grown, the folder has one file again."""
    clean = tmp_path / "clean"
    old = make_corpus(60)
    put(clean, old, 0)
    before, _ = files(clean, "ledger")
    for night, count in ((1, 66), (2, 72)):
        publish_changes(clean, old, make_corpus(count), stamp(night))
        old = make_corpus(count)
        first, later = files(clean, "ledger")
        assert first == before
        assert len(later) == 1
    publish_changes(clean, old, make_corpus(100), stamp(3))
    first, later = files(clean, "ledger")
    assert first != before
    assert not later


def publish_changes(clean: Path, old: Any, new: Any, stamp: Any) -> None:
    """A night that makes one corpus of another."""
    before, tables = old.tables(stamp.run_id, stamp.now), new.tables(stamp.run_id, stamp.now)
    changes = {name: difference(before[name], tables[name]) for name in tables}
    publish(clean, changes, stamp, records_read=new.records_read)


def test_whole_tables_know_what_later_rows_knew(tmp_path: Path, put: Make, make_corpus: Make, stamp: Make) -> None:
    """A run that writes everything keeps first_seen and run_id of rows that had come later."""
    clean = tmp_path / "clean"
    put(clean, make_corpus(60), 0)
    publish_changes(clean, make_corpus(60), make_corpus(66), stamp(1))
    assert files(clean, "articles")[1]
    before = {name: rows(clean, name) for name in ("articles", "ledger")}
    put(clean, make_corpus(66), 2)
    assert not files(clean, "articles")[1]
    for name, table in before.items():
        assert rows(clean, name).equals(table)


@pytest.mark.parametrize("later", [False, True])
def test_a_damaged_file_is_never_copied_from(
    tmp_path: Path, later: bool, put: Make, make_corpus: Make, stamp: Make
) -> None:
    """Neither a first file nor one of later rows; the published corpus stays as it was."""
    clean = tmp_path / "clean"
    put(clean, make_corpus(60), 0)
    publish_changes(clean, make_corpus(60), make_corpus(66), stamp(1))
    path = snapshot(clean).path / min(files(clean, "ledger")[later])
    data = bytearray(path.read_bytes())
    data[len(data) // 3] ^= 0xFF
    path.chmod(0o644)
    path.write_bytes(data)
    with pytest.raises(ContractError, match="publish whole tables"):
        publish_changes(clean, make_corpus(66), changed(make_corpus(68), 3, "deck", 2), stamp(2))
    assert snapshot(clean).run_id == stamp(1).run_id


def test_small_folders_have_one_file(
    tmp_path: Path, put: Make, make_corpus: Make, stamp: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Below the limit a folder is written as a whole."""
    monkeypatch.setattr("copydesk.writing.in_place.LEAST_ROWS", 1_000)
    put(tmp_path / "clean", make_corpus(60), 0)
    publish_changes(tmp_path / "clean", make_corpus(60), make_corpus(66), stamp(1))
    assert not files(tmp_path / "clean", "ledger")[1]


def test_nothing_changes_for_the_same_rows(tmp_path: Path, put: Make, make_corpus: Make, stamp: Make) -> None:
    """Rows that are given again as they were share the files they lie in."""
    corpus = make_corpus(60)
    put(tmp_path / "clean", corpus, 0)
    tables = corpus.tables(stamp(1).run_id, stamp(1).now)
    again = {name: Changes(table.slice(2, 3), pa.array([], pa.string())) for name, table in tables.items()}
    # The decisions on an article are given together, as they are in a night.
    again["decisions"] = Changes(tables["decisions"].slice(0, 2), pa.array([], pa.string()))
    done = publish(tmp_path / "clean", again, stamp(1), records_read=corpus.records_read)
    assert done.files_written == 0

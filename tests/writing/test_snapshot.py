"""Publishing snapshots."""

import dataclasses
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from copydesk.article import Block
from copydesk.errors import ContractError, LedgerError, LockedError, RunError, UsageError
from copydesk.writing import (
    check_place,
    collect_garbage,
    current_snapshot,
    list_snapshots,
    open_corpus,
    publish,
    put_report,
    rollback,
    sweep,
    validate,
)
from copydesk.writing.history import STAGING
from copydesk.writing.parquet import encode_rows
from copydesk.writing.partitions import FileRows

Make = Callable[..., Any]


@pytest.fixture
def clean(tmp_path: Path) -> Path:
    """Where the corpus is to be published."""
    return tmp_path / "corpus" / "clean"


def files(root: Path) -> dict[str, bytes]:
    """All Parquet files below a folder."""
    return {str(path.relative_to(root)): path.read_bytes() for path in sorted(root.rglob("*.parquet"))}


def test_a_published_corpus_is_whole(clean: Path, put: Make, make_corpus: Make) -> None:
    """What was published is valid, is found through a relative link, and has all rows."""
    published = put(clean, make_corpus(40))
    assert clean.is_symlink()
    assert os.readlink(clean) == f"clean.snapshots/{published.snapshot.run_id}"  # noqa: PTH115
    assert validate(clean) == ()
    assert current_snapshot(clean) == published.snapshot
    assert published.snapshot.manifest.rows("ledger") == 40
    assert sorted(path.name for path in clean.iterdir()) == [
        "README.md", "articles", "croissant.json", "datapackage.json", "decisions", "duplicates", "ledger",
        "manifest.json", "reports", "schemas",
    ]  # fmt: skip


def test_files_are_as_promised(clean: Path, put: Make, make_corpus: Make) -> None:
    """Files lie in month folders, are sorted by id, lack the partition column, and can't be written to."""
    put(clean, make_corpus(40))
    for path in (clean / "articles").rglob("*.parquet"):
        rows = pq.read_table(path, partitioning=None)
        assert "month" not in rows.column_names
        assert rows["article_id"].to_pylist() == sorted(rows["article_id"].to_pylist())
        assert {f"month={day:%Y-%m}" for day in rows["published_on"].to_pylist()} == {path.parent.name}
        assert path.stat().st_mode & 0o222 == 0
        column = pq.ParquetFile(path).metadata.row_group(0).column(0)
        assert (column.path_in_schema, column.compression) == ("article_id", "ZSTD")


def test_the_same_corpus_gives_the_same_bytes(tmp_path: Path, put: Make, make_corpus: Make) -> None:
    """Order of articles and chunks change nothing in the files."""
    corpus = make_corpus(40)
    put(tmp_path / "a", corpus)
    put(tmp_path / "b", dataclasses.replace(corpus, articles=corpus.articles[::-1]))
    assert files(tmp_path / "a") == files(tmp_path / "b")


def test_chunks_give_the_same_files_as_whole_tables(tmp_path: Path, put: Make, make_corpus: Make, stamp: Make) -> None:
    """Tables may come in chunks in any order."""
    corpus = make_corpus(40)
    put(tmp_path / "a", corpus)
    chunked = {
        name: [table.slice(start, 7) for start in range(0, len(table), 7)][::-1] if name != "decisions" else [table]
        for name, table in corpus.tables(stamp().run_id, stamp().now).items()
    }
    publish(tmp_path / "b", chunked, stamp(), records_read=corpus.records_read)
    assert files(tmp_path / "a") == files(tmp_path / "b")


def test_unchanged_files_are_shared(clean: Path, put: Make, make_corpus: Make) -> None:
    """A second night with the same articles writes no file anew: bytes, run ids and times are those of the first."""
    first = put(clean, make_corpus(40), 0)
    second = put(clean, make_corpus(40), 1)
    assert (second.files_written, second.files_shared) == (0, first.files_written)
    for path in first.snapshot.path.rglob("*.parquet"):
        assert path.samefile(second.snapshot.path / path.relative_to(first.snapshot.path))
    assert second.snapshot.manifest.parent == first.snapshot.run_id
    assert validate(clean) == ()


def test_only_what_changed_is_written(
    clean: Path, put: Make, make_corpus: Make, make_article: Make, stamp: Make
) -> None:
    """One changed article gives its row the new run, keeps its time, and leaves other months' files alone."""
    corpus = make_corpus(40)
    put(clean, corpus, 0)
    changed = make_article(3, blocks=(Block("Corrected."),), decisions=corpus.articles[3].decisions)
    articles = (*corpus.articles[:3], changed, *corpus.articles[4:])
    second = put(clean, dataclasses.replace(corpus, articles=articles), 1)
    assert second.files_written == 1
    rows = {row["article_id"]: row for row in open_corpus(clean).articles.to_table().to_pylist()}
    assert rows[changed.article_id]["run_id"] == stamp(1).run_id
    assert {row["first_seen"] for row in rows.values()} == {stamp(0).now}
    assert sum(row["run_id"] == stamp(0).run_id for row in rows.values()) == len(rows) - 1


def test_an_article_that_moves_keeps_its_time(
    clean: Path, put: Make, make_corpus: Make, make_article: Make, stamp: Make
) -> None:
    """A corrected day of publication moves the row to another folder; it was first seen when it was."""
    corpus = make_corpus(8)
    put(clean, corpus, 0)
    moved = make_article(3, metadata=dataclasses.replace(corpus.articles[3].metadata, published_on=None))
    put(clean, dataclasses.replace(corpus, articles=(*corpus.articles[:3], moved, *corpus.articles[4:])), 1)
    row = next(r for r in open_corpus(clean).articles.to_table().to_pylist() if r["article_id"] == moved.article_id)
    assert (row["month"], row["first_seen"], row["run_id"]) == ("unknown", stamp(0).now, stamp(1).run_id)


def test_an_empty_corpus_has_all_tables(clean: Path, put: Make, small_corpus: Make) -> None:
    """No records give four tables with columns and no rows."""
    put(clean, small_corpus(()))
    assert validate(clean) == ()
    assert [table.count_rows() for table in open_corpus(clean)] == [0, 0, 0, 0]


def test_an_empty_folder_is_replaced(clean: Path, put: Make, make_corpus: Make) -> None:
    """A real folder without anything in it gives way to the link."""
    clean.mkdir(parents=True)
    put(clean, make_corpus(3))
    assert clean.is_symlink()


def test_foreign_files_are_left_alone(clean: Path, put: Make, make_corpus: Make) -> None:
    """A folder with files of somebody else is an error that names one of them; nothing is written beside it."""
    clean.mkdir(parents=True)
    (clean / "thesis.docx").write_text("ten years of work")
    with pytest.raises(UsageError, match=r"thesis\.docx"):
        put(clean, make_corpus(3))
    with pytest.raises(UsageError, match=r"thesis\.docx"):
        check_place(clean)
    assert [path.name for path in clean.parent.iterdir()] == ["clean"]


def test_a_foreign_link_is_left_alone(clean: Path, tmp_path: Path, put: Make, make_corpus: Make) -> None:
    """A link that names no snapshot of this corpus is an error."""
    clean.parent.mkdir()
    clean.symlink_to(tmp_path)
    with pytest.raises(UsageError, match="symbolic link"):
        put(clean, make_corpus(3))


def test_a_file_in_the_place_is_an_error(clean: Path, put: Make, make_corpus: Make) -> None:
    """So is a file."""
    clean.parent.mkdir()
    clean.write_text("")
    with pytest.raises(UsageError, match="is a file"):
        put(clean, make_corpus(3))


def test_a_ledger_that_does_not_add_up_publishes_nothing(
    clean: Path, put: Make, make_corpus: Make, stamp: Make
) -> None:
    """The corpus stays as it was, and nothing is left beside it."""
    corpus = make_corpus(12)
    first = put(clean, corpus, 0)
    tables = corpus.tables(stamp(1).run_id, stamp(1).now)
    with pytest.raises(LedgerError, match="12 rows for 13 records"):
        publish(clean, tables, stamp(1), records_read=corpus.records_read | {"lost.txt": 1})
    assert current_snapshot(clean) == first.snapshot
    assert [path.name for path in first.snapshot.path.parent.iterdir()] == [first.snapshot.run_id]


def test_tables_that_contradict_each_other_publish_nothing(clean: Path, make_corpus: Make, stamp: Make) -> None:
    """A clean record without an article is a broken run."""
    corpus = make_corpus(12)
    tables = corpus.tables(stamp().run_id, stamp().now)
    with pytest.raises(ContractError, match="is not in articles"):
        publish(clean, tables | {"articles": tables["articles"].slice(1)}, stamp(), records_read=corpus.records_read)
    assert not clean.exists()


def test_rows_of_another_shape_publish_nothing(clean: Path, make_corpus: Make, stamp: Make) -> None:
    """So do columns that are not those of the schema, and tables that are missing."""
    corpus = make_corpus(12)
    tables = corpus.tables(stamp().run_id, stamp().now)
    for broken in (tables | {"ledger": tables["ledger"].drop_columns(["reason"])}, {"ledger": tables["ledger"]}):
        with pytest.raises(ContractError):
            publish(clean, broken, stamp(), records_read=corpus.records_read)
    assert not clean.exists()


def test_the_last_word_is_the_lock_holders(clean: Path, put: Make, make_corpus: Make) -> None:
    """If the caller finds its lock lost right before the swap, nothing is published."""

    def refuse() -> None:
        raise LockedError("another run has taken over")

    with pytest.raises(LockedError):
        put(clean, make_corpus(3), confirm=refuse)
    assert current_snapshot(clean) is None


def test_a_run_id_must_name_a_folder_and_be_new(clean: Path, put: Make, make_corpus: Make, stamp: Make) -> None:
    """Ids with slashes, and that of the published snapshot, are refused."""
    corpus = make_corpus(3)
    put(clean, corpus)
    for run_id in ("../x", "", stamp().run_id):
        with pytest.raises(UsageError, match="run id"):
            publish(clean, {}, dataclasses.replace(stamp(), run_id=run_id), records_read={})


def test_leftovers_of_killed_runs_are_swept(clean: Path, put: Make, make_corpus: Make) -> None:
    """A half-written snapshot and a half-made link are gone after the next run."""
    put(clean, make_corpus(3), 0)
    left = clean.with_name("clean.snapshots") / ".staging-killed"
    left.mkdir()
    (left / "half.parquet").write_bytes(b"PAR1")
    clean.with_name(".clean.link").symlink_to("clean.snapshots/killed")
    assert sweep(clean) == (".clean.link", ".staging-killed")
    left.mkdir()
    put(clean, make_corpus(4), 1)
    assert not left.exists()
    assert validate(clean) == ()


def test_a_damaged_parent_costs_sharing_not_the_run(clean: Path, put: Make, make_corpus: Make) -> None:
    """Files of the snapshot before whose bytes have changed are not shared; a lost manifest neither."""
    first = put(clean, make_corpus(24), 0).snapshot.path
    damaged = next((first / "articles").rglob("*.parquet"))
    damaged.chmod(0o644)
    damaged.write_bytes(damaged.read_bytes()[:-8] + b"\0" * 8)
    second = put(clean, make_corpus(24), 1)
    assert second.files_written == 1
    assert validate(clean) == ()
    manifest = second.snapshot.path / "manifest.json"
    manifest.unlink()
    assert [snapshot.path for snapshot in list_snapshots(clean)] == [first]
    assert put(clean, make_corpus(24), 2).files_shared == 0
    assert validate(clean) == ()


def test_validate_finds_what_is_wrong(clean: Path, put: Make, make_corpus: Make) -> None:
    """Changed bytes, missing and foreign files, and a broken manifest each give a line that names the file."""
    root = put(clean, make_corpus(24)).snapshot.path
    ledger, duplicates = (next((root / table).glob("*.parquet")) for table in ("ledger", "duplicates"))
    whole = ledger.read_bytes()
    ledger.chmod(0o644)
    ledger.write_bytes(whole[:100] + b"\xff" + whole[101:])
    (root / "articles" / "notes.txt").write_text("mine")
    duplicates.rename(root / "duplicates.parquet")
    problems = validate(clean)
    assert len(problems) == 3
    assert any(problem.startswith("ledger/") and "SHA-256" in problem for problem in problems)
    assert "articles/notes.txt: not in the manifest" in problems
    assert any(problem.startswith("duplicates/") and "No such file" in problem for problem in problems)
    (root / "manifest.json").chmod(0o644)
    (root / "manifest.json").write_text("{")
    assert "is broken" in validate(clean)[0]


def test_validate_compares_tables_with_their_schemas(clean: Path, put: Make, make_corpus: Make) -> None:
    """A file with other columns is found even if the manifest was made to fit."""
    root = put(clean, make_corpus(5)).snapshot.path
    path = next((root / "decisions").glob("*.parquet"))
    rows = pq.read_table(path).drop_columns(["score"])
    path.unlink()
    pq.write_table(rows, path)
    _rewrite_manifest(root, path)
    assert "the columns are not those of schemas/decisions.toml" in validate(clean)[0]


def test_validate_looks_at_values(
    clean: Path, put: Make, make_corpus: Make, make_article: Make, small_corpus: Make
) -> None:
    """A text that breaks its promise is found by the article's id."""
    article = make_article(1, blocks=(Block("One\n\n\n\ntwo"),))
    put(clean, small_corpus((article,)))
    assert validate(clean) == tuple(
        f"{path.relative_to(clean)}: text of {article.article_id}: paragraphs are not one blank line apart"
        for path in (clean / "articles").rglob("*.parquet")
    )


def _rewrite_manifest(root: Path, path: Path) -> None:
    import hashlib

    manifest = root / "manifest.json"
    values = json.loads(manifest.read_text())
    for entry in values["files"]:
        if entry["path"] == path.relative_to(root).as_posix():
            data = path.read_bytes()
            entry |= {"size_bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
    manifest.chmod(0o644)
    manifest.write_text(json.dumps(values))


def test_validate_needs_a_corpus(clean: Path) -> None:
    """Nothing published is a usage error, a link to nowhere a problem."""
    with pytest.raises(UsageError, match="nothing is published"):
        validate(clean)
    clean.parent.mkdir()
    clean.symlink_to("clean.snapshots/gone")
    assert "which is gone" in validate(clean)[0]


def test_rollback_goes_back_and_forth(clean: Path, put: Make, make_corpus: Make) -> None:
    """Without a name the parent is published again; with one, that snapshot; the next run builds on it."""
    runs = [put(clean, make_corpus(5 + night), night).snapshot.run_id for night in range(3)]
    assert rollback(clean).run_id == runs[1]
    assert open_corpus(clean).ledger.count_rows() == 6
    assert rollback(clean).run_id == runs[0]
    assert rollback(clean, runs[2]).run_id == runs[2]
    rollback(clean, runs[0])
    assert put(clean, make_corpus(9), 3).snapshot.manifest.parent == runs[0]


def test_rollback_names_what_there_is(clean: Path, put: Make, make_corpus: Make, stamp: Make) -> None:
    """An unknown run, and nothing to go back to, are usage errors; a damaged snapshot is not published."""
    put(clean, make_corpus(5), 0)
    with pytest.raises(UsageError, match=f"no snapshot r1 .* there are: {stamp(0).run_id}"):
        rollback(clean, "r1")
    with pytest.raises(UsageError, match="no snapshot before this one"):
        rollback(clean)
    put(clean, make_corpus(6), 1)
    next((clean.with_name("clean.snapshots") / stamp(0).run_id / "ledger").iterdir()).unlink()
    with pytest.raises(ContractError, match="is damaged"):
        rollback(clean)
    assert current_snapshot(clean).run_id == stamp(1).run_id  # type: ignore[union-attr]


def test_garbage_is_what_nobody_needs(clean: Path, put: Make, make_corpus: Make, stamp: Make) -> None:
    """The newest stay, and the published one whatever its age; files shared with removed snapshots stay whole."""
    for night in range(5):
        put(clean, make_corpus(5 + night), night)
    rollback(clean, stamp(1).run_id)
    assert collect_garbage(clean, 2) == tuple(stamp(night).run_id for night in (3, 2, 0))
    assert [snapshot.run_id for snapshot in list_snapshots(clean)] == [stamp(4).run_id, stamp(1).run_id]
    assert validate(clean) == ()
    with pytest.raises(UsageError, match="--keep 0"):
        collect_garbage(clean, 0)


def test_lists_beside_the_pages_are_of_their_own_night(clean: Path, put: Make, make_corpus: Make) -> None:
    """A list of the same name is a new file: that of the snapshot before stays as it was."""
    put(clean, make_corpus(5), 0, reports={"learned-lines.csv": b"first"})
    before = clean.resolve() / "reports" / "learned-lines.csv"
    put(clean, make_corpus(5), 1, reports={"learned-lines.csv": b"second"})
    assert (before.read_bytes(), (clean / "reports" / "learned-lines.csv").read_bytes()) == (b"first", b"second")


def test_reports_stay(clean: Path, put: Make, make_corpus: Make) -> None:
    """A page per run, kept over runs; the latest is the newest run's; a page can be made again."""
    put(clean, make_corpus(5), 0, reports={"night-0.html": b"first", "latest.html": b"first"})
    put(clean, make_corpus(5), 1, reports={"night-1.html": b"second", "latest.html": b"second"})
    pages = {page.name: page.read_bytes() for page in (clean / "reports").iterdir()}
    assert pages == {"night-0.html": b"first", "night-1.html": b"second", "latest.html": b"second"}
    assert put_report(clean, "latest.html", b"again").read_bytes() == b"again"
    assert validate(clean) == ()


def test_the_tree_can_be_moved(clean: Path, tmp_path: Path, put: Make, make_corpus: Make) -> None:
    """Link and snapshots work elsewhere: nothing in them names the place."""
    put(clean, make_corpus(5))
    clean.parent.rename(tmp_path / "elsewhere")
    assert validate(tmp_path / "elsewhere" / "clean") == ()


def test_rows_beyond_the_limits_are_split(
    tmp_path: Path, put: Make, make_corpus: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With low limits a month has several files of id ranges, whatever runs they come in; the rows are the same."""
    corpus = make_corpus(72)
    put(tmp_path / "whole", corpus)
    monkeypatch.setattr("copydesk.writing.partitions.FILE_ROWS", 4)
    put(tmp_path / "held", corpus)
    monkeypatch.setattr("copydesk.writing.partitions.RUN_ROWS", 16)
    put(tmp_path / "runs", corpus)
    assert files(tmp_path / "held") == files(tmp_path / "runs")
    assert len(files(tmp_path / "held" / "articles")) > len(files(tmp_path / "whole" / "articles"))
    assert validate(tmp_path / "runs") == ()
    for whole, split in zip(open_corpus(tmp_path / "whole"), open_corpus(tmp_path / "held"), strict=True):
        keys = [(name, "ascending") for name in ("article_id", "source_path")]
        left, right = (dataset.to_table().sort_by(keys) for dataset in (whole, split))
        assert left.select(right.column_names).equals(right)


def test_a_month_that_outgrows_one_file_keeps_its_run_ids(
    clean: Path, put: Make, make_corpus: Make, monkeypatch: pytest.MonkeyPatch, stamp: Make
) -> None:
    """Splitting files anew changes no row."""
    put(clean, make_corpus(60), 0)
    monkeypatch.setattr("copydesk.writing.partitions.FILE_ROWS", 3)
    put(clean, make_corpus(60), 1)
    assert set(open_corpus(clean).articles.to_table()["run_id"].to_pylist()) == {stamp(0).run_id}


def test_months_are_those_of_publication(clean: Path, put: Make, make_article: Make, small_corpus: Make) -> None:
    """Where only the year is known, the month is unknown, whatever day stands in the row."""
    metadata = make_article(1).metadata
    year = make_article(1, metadata=dataclasses.replace(metadata, published_precision="year"))
    month = make_article(2, metadata=dataclasses.replace(metadata, published_precision="month"))
    none = make_article(3, metadata=dataclasses.replace(metadata, published_precision=None))
    put(clean, small_corpus((year, month, none)))
    rows = open_corpus(clean).articles.to_table().to_pylist()
    assert {row["source_path"][-5:-4]: row["month"] for row in rows} == {"1": "unknown", "2": "2025-02", "3": "2025-02"}


def test_row_groups_are_packed_by_threads(
    tmp_path: Path, make_corpus: Make, stamp: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file of several row groups has the bytes that the writer gives it, however many threads pack them."""
    corpus, mark = make_corpus(72), stamp()
    tables = corpus.tables(mark.run_id, mark.now)
    monkeypatch.setattr("copydesk.writing.parquet.ROW_GROUP_ROWS", 5)
    monkeypatch.setattr("copydesk.writing.parquet.ARTICLE_GROUP_ROWS", 5)
    for threads in (1, 3):
        publish(tmp_path / str(threads), tables, mark, records_read=corpus.records_read, threads=threads)
    monkeypatch.setattr("copydesk.writing.files._joined", lambda table, group, _: [encode(table, group)])
    publish(tmp_path / "whole", tables, mark, records_read=corpus.records_read)
    assert files(tmp_path / "1") == files(tmp_path / "3") == files(tmp_path / "whole")


def encode(table: str, group: FileRows) -> memoryview:
    """The file that Arrow's writer makes of these rows at once."""
    return encode_rows(table, group.rows, len(group))


def test_ids_that_are_no_digits_stay_in_one_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ids of another make can't be split by their digits, and need not be."""
    from copydesk.writing.partitions import split_into_files
    from copydesk.writing.schema import load_schema

    monkeypatch.setattr("copydesk.writing.partitions.FILE_ROWS", 1)
    schema = load_schema("decisions")
    row = {field.name: None if field.nullable else "x" for field in schema}
    rows = pa.Table.from_pylist([row | {"article_id": f"row-{i}"} for i in range(3)], schema=schema)
    assert [len(file.rows) for file in split_into_files("decisions", [rows])] == [3]


def test_all_is_on_the_disk_before_it_is_published(
    clean: Path, make_corpus: Make, stamp: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every file and folder of the first snapshot, and of the next what it doesn't share; and not only afterwards."""
    synced: set[str] = set()
    sync = os.fsync

    def note(handle: int) -> None:
        synced.add(os.readlink(f"/proc/self/fd/{handle}"))  # noqa: PTH115 - a name in the kernel's table
        sync(handle)

    monkeypatch.setattr(os, "fsync", note)
    for night, corpus in enumerate((make_corpus(40), make_corpus(41))):
        staging = clean.parent / "clean.snapshots" / f"{STAGING}{stamp(night).run_id}"
        unsynced: list[Path] = []

        def look(staging: Path = staging, unsynced: list[Path] = unsynced) -> None:
            assert staging.is_dir()
            there = [path for path in (staging, *staging.rglob("*")) if path.is_dir() or path.stat().st_nlink == 1]
            unsynced += [path for path in there if os.path.realpath(path) not in synced]

        tables = corpus.tables(stamp(night).run_id, stamp(night).now)
        done = publish(clean, tables, stamp(night), records_read=corpus.records_read, confirm=look)
        assert unsynced == []
        assert bool(done.files_shared) == bool(night)


def test_a_write_that_fails_is_one_line(
    clean: Path, put: Make, make_corpus: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An error of the disk ends the run with a line that names the file, and leaves the corpus as it was."""
    first = put(clean, make_corpus(3), 0)

    def fail(path: Path) -> None:
        raise OSError(5, "Input/output error", str(path))

    monkeypatch.setattr("copydesk.writing.durable.sync_file", fail)
    with pytest.raises(RunError, match="Input/output error; nothing was published"):
        put(clean, make_corpus(4), 1)
    assert current_snapshot(clean) == first.snapshot

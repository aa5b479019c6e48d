"""A corpus on an object store: whole or not at all, whoever dies, whoever else publishes."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from pathlib import Path
from typing import Any

import pyarrow.dataset as ds
import pytest
from tests.conftest import FERRY, write_raw

import copydesk
from copydesk.cli import main
from copydesk.errors import RunError, UsageError
from copydesk.stores import Remote, parse_location
from copydesk.stores.mirror import local_place, mirrored, pull, push
from copydesk.stores.objects import Objects
from copydesk.writing import TABLES


def clean(raw: Path, target: str | Path, *more: str) -> int:
    """Run `copydesk clean`, and give its exit status."""
    return main(["clean", "--raw", str(raw), "--clean", str(target), "--quiet", "--workers", "1", *more])


def rows(corpus: str | Path, table: str) -> list[dict[str, Any]]:
    """Give all rows of a table, without what tells about runs."""
    found = (
        getattr(copydesk.open_corpus(corpus), table).to_table().drop_columns(["run_id"] if table == "ledger" else [])
    )
    odd = [name for name in ("run_id", "first_seen") if name in found.column_names]
    return sorted(found.drop_columns(odd).to_pylist(), key=repr)


def address(bucket: Any) -> str:
    """Give where the corpus lies."""
    return f"s3://{bucket.name}/news/clean"


def names(bucket: Any) -> list[str]:
    """Give the keys of all objects."""
    return sorted(item.key for item in bucket.objects.all())


def pointed(bucket: Any) -> str:
    """Give the run that the pointer names."""
    return json.loads(bucket.Object("news/clean/current.json").get()["Body"].read())["run_id"]


def test_corpus_on_a_store_is_the_local_one(bucket: Any, raw: Path, tmp_path: Path):
    """The same rows in all tables, read with `open_corpus` and, without us, from the folder that the pointer names."""
    assert clean(raw, address(bucket)) == 0
    assert clean(raw, tmp_path / "clean") == 0
    for table in TABLES:
        assert rows(address(bucket), table) == rows(tmp_path / "clean", table)
    folder = f"{bucket.name}/news/clean/snapshots/{pointed(bucket)}"
    plain = ds.dataset(f"s3://{folder}/articles", format="parquet", partitioning="hive")
    assert plain.count_rows() == 2


def test_raw_files_on_a_store_are_read_like_local_ones(raw_bucket: Any, raw: Path, tmp_path: Path):
    """The same rows, down to the ids, and keys that no file may have are refused, each with a row."""
    bucket = raw_bucket
    for path in raw.iterdir():
        bucket.upload_file(str(path), f"in/{path.name}")
    assert clean(raw, tmp_path / "local") == 0
    assert clean(f"s3://{bucket.name}/in", tmp_path / "there") == 0
    for table in TABLES:
        assert rows(tmp_path / "there", table) == rows(tmp_path / "local", table)
    for key in ("in/a//b.txt", "in/../c.txt", "in/./d.txt", "in/.hidden/e.txt"):
        bucket.put_object(Key=key, Body=FERRY.encode())
    bucket.put_object(Key="in/sources.csv", Body=b"path,outlet\nferry.txt,Harbour Post\n")
    assert clean(f"s3://{bucket.name}/in", tmp_path / "there") == 0
    reasons = {row["source_path"]: row["reason"] for row in rows(tmp_path / "there", "ledger")}
    unsafe = sorted(path for path, reason in reasons.items() if reason and reason.startswith("unsafe_path"))
    assert unsafe == ["../c.txt", "./d.txt", "a//b.txt"]
    assert {".hidden/e.txt", "sources.csv"}.isdisjoint(reasons)
    outlets = {row["source_path"]: row["outlet"] for row in rows(tmp_path / "there", "articles")}
    assert outlets["ferry.txt"] == "Harbour Post"


def test_unchanged_files_are_not_sent_again(bucket: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A second run sends what is new; the rest is copied by the store, and both snapshots are whole."""
    raw = write_raw(tmp_path / "raw")
    assert clean(raw, address(bucket)) == 0
    first = pointed(bucket)
    sent: list[str] = []
    real = Objects.upload

    def upload(self: Objects, path: Path, name: str, sha256: str | None = None) -> None:
        sent.append(name)
        real(self, path, name, sha256)

    monkeypatch.setattr(Objects, "upload", upload)
    (raw / "none.txt").write_text("")
    assert clean(raw, address(bucket)) == 0
    tables = [name.split("/")[2] for name in sent if name.endswith(".parquet")]
    assert tables == ["ledger"]
    assert len(rows(address(bucket), "articles")) == 2
    assert pointed(bucket) != first
    parts = [name for name in names(bucket) if "/articles/" in name]
    assert len(parts) == 2 * len({name.rpartition("/")[2] for name in parts})


def test_publishing_that_is_cut_off_changes_nothing(bucket: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Whichever request is the last that comes through, readers have the old corpus; the next run publishes."""
    raw = write_raw(tmp_path / "raw")
    assert clean(raw, address(bucket)) == 0
    before, first = rows(address(bucket), "ledger"), pointed(bucket)
    (raw / "more.txt").write_text(FERRY.replace("Stroma", "Hether"), encoding="utf-8")
    for requests in (0, 3, 7):
        with monkeypatch.context() as patch:
            cut_off_after(patch, requests)
            assert clean(raw, address(bucket)) == 4
        assert (pointed(bucket), rows(address(bucket), "ledger")) == (first, before)
    assert clean(raw, address(bucket)) == 0
    assert len(rows(address(bucket), "ledger")) == len(before) + 1


def cut_off_after(patch: pytest.MonkeyPatch, requests: int) -> None:
    """Have the machine lose its network while it publishes, after so many requests that write."""
    left = [requests]
    for name in ("upload", "copy", "replace"):
        real = getattr(Objects, name)

        def request(*arguments: Any, real: Any = real) -> Any:
            left[0] -= 1
            if left[0] < 0 or real.__name__ == "replace":
                raise RunError("the cable is out")
            return real(*arguments)

        patch.setattr(Objects, name, request)


def test_of_two_machines_the_later_one_fails(bucket: Any, raw: Path, tmp_path: Path):
    """Both started from the same snapshot; what the first published stays, and nothing is mixed."""
    corpus = parse_location(address(bucket))
    mine = pull(corpus, tmp_path / "mine")
    theirs = pull(corpus, tmp_path / "theirs")
    assert clean(raw, mine.place.clean) == 0
    assert clean(raw, theirs.place.clean) == 0
    assert push(theirs)
    published = pointed(bucket)
    with pytest.raises(RunError, match="another machine has published there meanwhile"):
        push(mine)
    assert pointed(bucket) == published == theirs.place.clean.readlink().name


def test_answer_that_was_lost_is_no_failure(bucket: Any, raw: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """The pointer was put, the answer didn't come, the second try finds our own pointer: published."""
    mirror = pull(parse_location(address(bucket)), tmp_path / "mine")
    assert clean(raw, mirror.place.clean) == 0
    real = Objects.replace

    def twice(*arguments: Any) -> None:
        real(*arguments)
        real(*arguments)

    monkeypatch.setattr(Objects, "replace", twice)
    assert push(mirror)
    assert pointed(bucket) == mirror.place.clean.readlink().name


def test_new_machine_goes_on_where_the_old_one_stopped(bucket: Any, tmp_path: Path):
    """Without a local copy the published snapshot is fetched: what was first seen when stays known."""
    raw = write_raw(tmp_path / "raw")
    assert clean(raw, address(bucket)) == 0
    seen = {
        r["article_id"]: r["first_seen"] for r in copydesk.open_corpus(address(bucket)).articles.to_table().to_pylist()
    }
    shutil.rmtree(".copydesk")
    (raw / "none.txt").write_text("")
    assert clean(raw, address(bucket)) == 0
    now = {
        r["article_id"]: r["first_seen"] for r in copydesk.open_corpus(address(bucket)).articles.to_table().to_pylist()
    }
    assert seen == now != {}
    prefix = f"news/clean/snapshots/{pointed(bucket)}"
    pages = [name for name in names(bucket) if name.startswith(f"{prefix}/reports/") and name.endswith(".html")]
    assert len(pages) == 3  # a page for each run, and the latest
    assert {f"{prefix}/datapackage.json", f"{prefix}/manifest.json"} <= set(names(bucket))


def test_commands_that_read_work_on_the_copy(bucket: Any, raw: Path, capsys: pytest.CaptureFixture[str]):
    """`validate` and `status` of a corpus on a store, also where there was no copy before."""
    assert clean(raw, address(bucket)) == 0
    shutil.rmtree(".copydesk")
    assert main(["validate", "--clean", address(bucket)]) == 0
    assert main(["status", "--clean", address(bucket)]) == 0
    assert pointed(bucket) in capsys.readouterr().out


def test_rollback_and_gc_on_a_store(bucket: Any, tmp_path: Path):
    """The pointer names the one before; what is left when all but the published one is removed is whole."""
    raw = write_raw(tmp_path / "raw")
    runs = []
    for number in range(3):
        (raw / f"{number}.txt").write_text("")
        assert clean(raw, address(bucket)) == 0
        runs.append(pointed(bucket))
    assert main(["rollback", "--clean", address(bucket)]) == 0
    assert pointed(bucket) == runs[1]
    assert main(["rollback", "no-such-run", "--clean", address(bucket)]) == 2
    assert main(["gc", "--keep", "1", "--clean", address(bucket)]) == 0
    assert {name.split("/")[3] for name in names(bucket) if "/snapshots/" in name} == {runs[1]}
    assert main(["validate", "--clean", address(bucket)]) == 0


def test_dry_run_publishes_nothing(bucket: Any, raw: Path):
    """No pointer, no snapshot."""
    assert clean(raw, address(bucket), "--dry-run") == 0
    assert names(bucket) == []


def test_what_a_person_must_change_is_wrong_use(
    bucket: Any, raw: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    """No such bucket, no such raw folder, another kind of address: status 2, and the message names it."""
    assert clean(raw, "s3://there-is-no-such-bucket/clean") == 2
    assert clean("s3://there-is-no-such-bucket/in", tmp_path / "clean") == 2  # type: ignore[arg-type]
    assert clean(raw, "ftp://somewhere/clean") == 2
    said = capsys.readouterr().err.splitlines()
    assert "s3://there-is-no-such-bucket/clean/current.json" in said[0]
    assert "s3://there-is-no-such-bucket/in" in said[1]
    assert "ftp://somewhere/clean" in said[2]


def test_store_that_is_gone_ends_the_run_and_quarantines_nothing(
    bucket: Any, raw: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """A hole in the network is no fault of a record."""
    monkeypatch.setattr("copydesk.stores.objects.ATTEMPTS", 1)
    gone = "?endpoint_override=127.0.0.1:1&scheme=http"
    assert clean(raw, address(bucket) + gone) == 4


def test_local_corpus_is_itself(tmp_path: Path):
    """Nothing is pulled or pushed for a path."""
    with mirrored(tmp_path / "clean", tmp_path) as corpus:
        assert corpus == tmp_path / "clean"


def test_local_copy_has_a_place_of_its_own():
    """Two corpora never share one."""
    places = {
        local_place(Remote(*parts), Path("/x")).clean for parts in (("a", "b"), ("a", "b/c"), ("b", ""), ("a", ""))
    }
    assert len(places) == 4


def test_pointer_of_somebody_else_is_named(bucket: Any):
    """What isn't ours isn't followed."""
    bucket.put_object(Key="news/clean/current.json", Body=b'{"format": 2}')
    with pytest.raises(RunError, match=r"current\.json"):
        copydesk.open_corpus(address(bucket))
    with pytest.raises(UsageError, match="holds no corpus"):
        copydesk.open_corpus(f"s3://{bucket.name}/nothing")


def test_run_ids_sort_as_runs_did():
    """What `rollback` without a name, and `gc`, rest on."""
    from copydesk.run import RunRequest
    from copydesk.settings import Settings

    times = [dt.datetime(2024, 3, 5, 2, 0, second, tzinfo=dt.UTC) for second in range(3)]
    runs = [RunRequest(Path(), Path("x"), Settings(), 1, time).run_id for time in times]
    assert runs == sorted(runs)

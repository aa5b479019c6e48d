"""`copydesk dedup`: copies out, every other row as it was."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from copydesk.alone.dedup import dedup_files
from copydesk.cli import main
from copydesk.duplicates import engine, resolve
from copydesk.settings import Settings

STORIES = Path(__file__).parents[1] / "stories"
FERRY = (STORIES / "ferry.txt").read_text(encoding="utf-8")
LIBRARY = (STORIES / "library.txt").read_text(encoding="utf-8")
ROWS = [
    {"id": "a", "text": FERRY, "note": "the first"},
    {"id": "b", "text": LIBRARY, "note": "another, with a comma"},
    {"id": "c", "text": FERRY, "note": "a copy"},
]


def write(path: Path) -> Path:
    """Write the rows in the format of the path."""
    if path.suffix == ".parquet":
        pq.write_table(pa.Table.from_pylist(ROWS), path)
    elif path.suffix == ".csv":
        with path.open("w", encoding="utf-8", newline="") as file:
            out = csv.DictWriter(file, list(ROWS[0]))
            out.writeheader()
            out.writerows(ROWS)
    else:
        path.write_text("".join(json.dumps(row, indent=None) + "\n" for row in ROWS), encoding="utf-8")
    return path


def read(path: Path) -> list[dict[str, str]]:
    """Read the rows of a file."""
    if path.suffix == ".parquet":
        return list(pq.read_table(path).to_pylist())
    if path.suffix == ".csv":
        with path.open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("suffix", [".parquet", ".jsonl", ".csv"])
def test_copy_goes_and_other_rows_stay_as_they_were(tmp_path: Path, suffix: str, capsys: pytest.CaptureFixture[str]):
    """One of two equal texts goes to `duplicates` with the id given; the rows that stay keep all their columns."""
    source = write(tmp_path / f"rows{suffix}")
    assert main(["dedup", str(source), "--out", str(tmp_path / "out")]) == 0
    assert "3 rows, 1 copies" in capsys.readouterr().out
    [copy] = pq.read_table(tmp_path / "out" / "duplicates").to_pylist()
    assert {copy["article_id"], copy["canonical_id"]} == {"a", "c"}
    assert (copy["kind"], copy["jaccard"]) == ("exact", 1.0)
    assert read(tmp_path / "out" / "kept" / source.name) == [row for row in ROWS if row["id"] != copy["article_id"]]


def test_folder_is_one_set_of_texts(tmp_path: Path):
    """Copies are found across the files of a folder."""
    folder = tmp_path / "in"
    folder.mkdir()
    for name, text in (("one", FERRY), ("two", FERRY)):
        (folder / f"{name}.jsonl").write_text(json.dumps({"key": name, "body": text}) + "\n", encoding="utf-8")
    words = ["dedup", str(folder), "--out", str(tmp_path / "out"), "--text-column", "body", "--id-column", "key"]
    assert main(words) == 0
    kept = [path.read_text() for path in sorted((tmp_path / "out" / "kept").iterdir())]
    assert sorted(map(bool, kept)) == [False, True]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["nowhere.jsonl"], "no such file or folder"),
        (["rows.jsonl", "--text-column", "body"], "no column 'body'"),
        (["rows.jsonl", "--id-column", "note"], ""),
        (["notes.txt"], "no rows that are read"),
        (["broken.jsonl"], "can't be read"),
        (["twice.jsonl"], "each row once"),
        (["unnamed.jsonl"], "each row once"),
    ],
)
def test_wrong_use_is_said_in_one_line(tmp_path: Path, words: list[str], message: str, capsys):
    """A path, format or column that isn't there, an id given twice and a null id end with 2 and the way out."""
    write(tmp_path / "rows.jsonl")
    (tmp_path / "notes.txt").write_text("x")
    (tmp_path / "broken.jsonl").write_text("{oops\n")
    (tmp_path / "twice.jsonl").write_text('{"id": "a", "text": "one"}\n{"id": "a", "text": "two"}\n')
    (tmp_path / "unnamed.jsonl").write_text('{"id": "a", "text": "one"}\n{"id": null, "text": "two"}\n')
    status = main(["dedup", str(tmp_path / words[0]), *words[1:], "--out", str(tmp_path / "out")])
    error = capsys.readouterr().err
    assert status == (2 if message else 0)
    assert message in error


def test_folder_that_holds_something_is_not_written_into(tmp_path: Path, capsys):
    """Nobody's files are overwritten."""
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "thesis.txt").write_text("mine")
    assert main(["dedup", str(write(tmp_path / "rows.jsonl")), "--out", str(tmp_path / "out")]) == 2
    assert "isn't empty" in capsys.readouterr().err


@pytest.mark.parametrize("suffix", [".parquet", ".jsonl", ".csv"])
def test_files_larger_than_a_batch_come_out_as_they_were(tmp_path: Path, suffix: str, monkeypatch: pytest.MonkeyPatch):
    """Read two rows at a time, three rows lose the same copy and keep their order."""
    monkeypatch.setattr("copydesk.alone.rows.BATCH_ROWS", 2)
    source = write(tmp_path / f"rows{suffix}")
    assert main(["dedup", str(source), "--out", str(tmp_path / "out")]) == 0
    [copy] = pq.read_table(tmp_path / "out" / "duplicates").to_pylist()
    assert read(tmp_path / "out" / "kept" / source.name) == [row for row in ROWS if row["id"] != copy["article_id"]]


def test_dates_in_json_decide_the_survivor(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    """Dates are text in JSON lines: the earlier day stays, and a date that is none is unknown; progress is told."""
    days = {"a": "last week", "b": "2024-05-02", "c": "2024-05-01T10:00:00Z"}
    rows = [{"id": name, "text": FERRY, "published_on": day, "published_at": day} for name, day in days.items()]
    (tmp_path / "rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    assert main(["dedup", str(tmp_path / "rows.jsonl"), "--out", str(tmp_path / "out")]) == 0
    [kept] = read(tmp_path / "out" / "kept" / "rows.jsonl")
    assert kept["id"] == "c"
    assert "rows.jsonl: 3 rows" in capsys.readouterr().err


def test_titles_decide_the_survivor(tmp_path: Path):
    """Of two equal texts the one with a title stays."""
    rows = [{"id": "a", "text": FERRY, "title": None}, {"id": "b", "text": FERRY, "title": "The ferry sails again"}]
    (tmp_path / "rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    assert main(["dedup", str(tmp_path / "rows.jsonl"), "--out", str(tmp_path / "out")]) == 0
    assert [row["id"] for row in read(tmp_path / "out" / "kept" / "rows.jsonl")] == ["b"]


def test_files_without_rows_are_said_to_be_empty(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    """Nothing to compare: an error, no empty result."""
    (tmp_path / "rows.jsonl").write_text("\n\n", encoding="utf-8")
    assert main(["dedup", str(tmp_path / "rows.jsonl"), "--out", str(tmp_path / "out")]) == 2
    assert "no rows" in capsys.readouterr().err


def test_index_compares_with_rows_of_earlier_calls(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    """A second call finds copies of the first one's rows, and tells all copies that are known by then."""
    for name in ("monday", "tuesday"):
        rows = [
            {"id": f"{name}-{row['id']}", "text": row["text"], "published_on": f"2024-05-0{len(name) % 3 + 1}"}
            for row in ROWS[:2]
        ]
        (tmp_path / f"{name}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        words = [
            "dedup",
            str(tmp_path / f"{name}.jsonl"),
            "--out",
            str(tmp_path / name),
            "--index",
            str(tmp_path / "ix"),
        ]
        assert main(words) == 0
    assert "2 rows, 2 copies" in capsys.readouterr().out
    copies = pq.read_table(tmp_path / "tuesday" / "duplicates").to_pylist()
    assert [(row["article_id"], row["canonical_id"], row["canonical_source_path"]) for row in copies] == [
        ("tuesday-a", "monday-a", "monday.jsonl"),
        ("tuesday-b", "monday-b", "monday.jsonl"),
    ]
    assert read(tmp_path / "tuesday" / "kept" / "tuesday.jsonl") == []
    again = ["dedup", str(tmp_path / "monday.jsonl"), "--out", str(tmp_path / "again"), "--index", str(tmp_path / "ix")]
    assert main(again) == 2
    assert "is in the index already" in capsys.readouterr().err


def test_index_is_made_again_on_demand(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    """With other settings an index is refused, with the way out; --rebuild takes it, and needs an index to be named."""
    source, index = write(tmp_path / "rows.jsonl"), str(tmp_path / "ix")
    (tmp_path / "other.toml").write_text("[duplicates]\nremoval_coverage = 0.9\n")
    (tmp_path / "more.jsonl").write_text(json.dumps({"id": "d", "text": LIBRARY}) + "\n", encoding="utf-8")
    assert main(["dedup", str(source), "--out", str(tmp_path / "one"), "--index", index]) == 0
    words = [
        "dedup",
        str(tmp_path / "more.jsonl"),
        "--config",
        str(tmp_path / "other.toml"),
        "--out",
        str(tmp_path / "two"),
    ]
    assert main([*words, "--index", index]) == 2
    assert "--rebuild" in capsys.readouterr().err
    assert main([*words, "--rebuild"]) == 2
    assert main([*words, "--index", index, "--rebuild"]) == 0
    assert len(pq.read_table(tmp_path / "two" / "duplicates")) == 2


def test_texts_that_are_let_go_of_are_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Compiled code drops what it has read of the mapped texts after each step, and finds the same copies."""
    plainly = dedup_files(write(tmp_path / "rows.jsonl"), tmp_path / "plainly", "text", "id", Settings())
    steps = []
    buffers = engine.buffers

    def note(texts: pa.Array, let_go):  # type: ignore[no-untyped-def]
        return buffers(texts, keep_bytes=0, let_go=lambda: steps.append(let_go()))

    monkeypatch.setattr(engine, "buffers", note)
    monkeypatch.setattr(
        resolve, "open_engine", lambda texts, **said: engine.open_engine(texts, **(said | {"compile_code": True}))
    )
    compiled = dedup_files(tmp_path / "rows.jsonl", tmp_path / "compiled", "text", "id", Settings())
    assert compiled == plainly
    assert len(steps) >= 2
    for name in ("kept/rows.jsonl", "duplicates/part-0.parquet"):
        assert (tmp_path / "compiled" / name).read_bytes() == (tmp_path / "plainly" / name).read_bytes()

"""Delta tables hold what is published: one commit per snapshot, none for a second export."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.conftest import write_raw

import copydesk
from copydesk.cli import main
from copydesk.writing import TABLES
from copydesk.writing.export import RUN

deltalake = pytest.importorskip("deltalake", reason="needs the [delta] extra")


def export(corpus: Path, target: Path) -> int:
    """Run `copydesk export`, and give its exit status."""
    return main(["export", "--clean", str(corpus), "--delta", str(target)])


def rows(table: object) -> list[dict[str, object]]:
    """Give all rows of an Arrow table or dataset, in an order of their own."""
    whole = table.to_table() if hasattr(table, "to_table") else table
    return sorted(whole.to_pylist(), key=repr)


def test_delta_tables_hold_what_is_published(cleaned: Path, tmp_path: Path):
    """Every row of every table, with the types of the schemas, the months as partitions."""
    assert export(cleaned, tmp_path / "delta") == 0
    corpus = copydesk.open_corpus(cleaned)
    for table in TABLES:
        delta = deltalake.DeltaTable(str(tmp_path / "delta" / table))
        assert rows(delta.to_pyarrow_table()) == rows(getattr(corpus, table))
        types = {field.name: str(field.type) for field in delta.to_pyarrow_table().schema}
        expected = {field.name: str(field.type) for field in getattr(corpus, table).schema}
        assert {name: kind.replace("element", "item") for name, kind in types.items()} == {
            name: kind.replace("element", "item") for name, kind in expected.items()
        }
    assert deltalake.DeltaTable(str(tmp_path / "delta" / "articles")).metadata().partition_columns == ["month"]


def test_one_commit_per_snapshot(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    """A second export of the same snapshot changes nothing; a new one is one commit more, and names its run."""
    raw = write_raw(tmp_path / "raw")
    clean = ["clean", "--raw", str(raw), "--clean", str(tmp_path / "clean"), "--quiet"]
    assert main(clean) == 0
    for _ in range(2):
        assert export(tmp_path / "clean", tmp_path / "delta") == 0
    ledger = str(tmp_path / "delta" / "ledger")
    assert deltalake.DeltaTable(ledger).version() == 0
    (raw / "none.txt").touch()
    assert main(clean) == 0
    assert export(tmp_path / "clean", tmp_path / "delta") == 0
    delta = deltalake.DeltaTable(ledger)
    assert (delta.version(), delta.to_pyarrow_table().num_rows) == (1, 6)
    assert delta.history(1)[0][RUN] == (tmp_path / "clean").readlink().name
    assert "ledger: version 0, unchanged" in capsys.readouterr().out


def test_rollback_is_exported_too(tmp_path: Path):
    """What is published counts, not what is newest."""
    raw = write_raw(tmp_path / "raw")
    clean = ["clean", "--raw", str(raw), "--clean", str(tmp_path / "clean"), "--quiet"]
    for _ in range(2):
        assert main(clean) == 0
        assert export(tmp_path / "clean", tmp_path / "delta") == 0
        (raw / "none.txt").touch()
    assert main(["rollback", "--clean", str(tmp_path / "clean")]) == 0
    assert export(tmp_path / "clean", tmp_path / "delta") == 0
    delta = deltalake.DeltaTable(str(tmp_path / "delta" / "ledger"))
    assert (delta.version(), delta.to_pyarrow_table().num_rows) == (2, 5)


def test_nothing_published_is_wrong_use(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    """No corpus, or a file where the Delta table should be: the message names it."""
    assert export(tmp_path / "nothing", tmp_path / "delta") == 2
    assert "nothing is published" in capsys.readouterr().err


def test_place_that_cannot_be_written_fails_the_export(
    cleaned: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    """The corpus itself is as it was."""
    (tmp_path / "delta").write_text("")
    assert export(cleaned, tmp_path / "delta") == 4
    assert "--delta" in capsys.readouterr().err

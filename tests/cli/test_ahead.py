"""Which runs load what workers need before there are workers."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from copydesk.cli.ahead import load_ahead
from copydesk.running import groups

LARGE, NIGHT = groups.FIRST_BYTES, groups.NIGHT_BYTES


@pytest.fixture
def loaded(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was loaded, on a machine where loops are kept."""
    said: list[str] = []
    monkeypatch.setattr(groups, "load_code", lambda: said.append("code"))
    monkeypatch.setattr(groups, "makes_columns", lambda _, size: size >= LARGE)
    monkeypatch.setattr(groups, "shares_code", lambda size: size >= NIGHT)
    return said


def lay(raw: Path, size: int) -> Path:
    """A folder with files of so many bytes in all, one of them in a folder within, that take no room on disk."""
    for place, part in (("a.html", size // 2), ("within/b.html", size - size // 2)):
        (raw / place).parent.mkdir(parents=True, exist_ok=True)
        with (raw / place).open("wb") as file:
            file.truncate(part)
    return raw


def test_large_first_run_loads_ahead(tmp_path: Path, loaded: list[str]) -> None:
    """Large files of which nothing is known: this process and workers will need the same."""
    load_ahead(lay(tmp_path / "raw", LARGE), tmp_path / "clean")
    assert loaded == ["code"]


def test_small_run_loads_nothing(tmp_path: Path, loaded: list[str]) -> None:
    """Files that are done before the code would be loaded."""
    load_ahead(lay(tmp_path / "raw", LARGE - 1), tmp_path / "clean")
    assert loaded == []


def publish(clean: Path, after: Path) -> Path:
    """A corpus that was published a second after a file was written."""
    snapshot = clean.with_name("clean.snapshots") / "20260101T000000Z"
    for folder in (snapshot, clean.with_name("clean.state")):
        folder.mkdir(parents=True)
    clean.symlink_to(snapshot, target_is_directory=True)
    moment = after.stat().st_mtime + 1
    os.utime(clean, (moment, moment), follow_symlinks=False)
    return clean


def test_night_loads_for_what_has_come_since(tmp_path: Path, loaded: list[str]) -> None:
    """Files that were there when the corpus was published are known; of later ones some can be worth it."""
    raw = lay(tmp_path / "raw", LARGE)
    clean = publish(tmp_path / "clean", raw / "a.html")
    later = clean.lstat().st_mtime + 1
    for size, expected in ((0, []), (NIGHT - 1, []), (NIGHT, ["code"])):
        (raw / "new.html").write_bytes(bytes(size))
        os.utime(raw / "new.html", (later, later))
        load_ahead(raw, clean)
        assert loaded == expected


def test_first_run_that_was_cut_short_loads_nothing(tmp_path: Path, loaded: list[str]) -> None:
    """Where there is a state and nothing was published, most of the files may be known."""
    (tmp_path / "clean.state").mkdir()
    load_ahead(lay(tmp_path / "raw", LARGE), tmp_path / "clean")
    assert loaded == []


def test_folder_that_is_not_there_loads_nothing(tmp_path: Path, loaded: list[str]) -> None:
    """The run says what is wrong with it."""
    load_ahead(tmp_path / "missing", tmp_path / "clean")
    assert loaded == []


def test_links_are_not_followed(tmp_path: Path, loaded: list[str]) -> None:
    """A link may lead anywhere, and to itself."""
    raw = lay(tmp_path / "raw", 100)
    (raw / "again").symlink_to(raw)
    (raw / "c.html").symlink_to(lay(tmp_path / "other", LARGE) / "a.html")
    load_ahead(raw, tmp_path / "clean")
    assert loaded == []

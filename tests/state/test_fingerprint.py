"""What examination depends on."""

from pathlib import Path

import pytest

from copydesk.settings_file import parse_settings
from copydesk.state import examination_fingerprint, fingerprint


def settings(**sections: dict[str, object]) -> str:
    """The fingerprint under these settings."""
    return examination_fingerprint(parse_settings(sections, "test"))


def test_only_settings_of_examination_count() -> None:
    """A limit on reading changes it, the number of snapshots to keep or a threshold for copies doesn't."""
    assert settings() == settings(writing={"keep_snapshots": 3}) == settings(duplicates={"near_jaccard": 0.6})
    assert settings() != settings(reading={"max_members": 5})


def test_another_version_of_a_reader_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Packages that records are read with are part of it."""
    before = settings()
    monkeypatch.setattr(fingerprint, "_versions", lambda: ("chardet 1",))
    assert settings() != before


def test_code_counts(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An edited rule gives another digest."""
    (tmp_path / "data").mkdir()
    (tmp_path / "state").mkdir()
    rules = tmp_path / "data" / "rules.toml"
    monkeypatch.setattr(fingerprint, "__file__", str(tmp_path / "state" / "fingerprint.py"))
    digests = []
    for text in ("a", "b", "a"):
        rules.write_text(text)
        fingerprint._file_digests.cache_clear()
        digests.append(fingerprint._code_digest())
    fingerprint._file_digests.cache_clear()
    assert digests[0] == digests[2] != digests[1]


def test_folders_that_count_are_there() -> None:
    """A folder that was renamed would no longer count, and its rules could change unnoticed."""
    package = Path(fingerprint.__file__).parents[1]
    assert [name for name in fingerprint.FOLDERS if not any((package / name).iterdir())] == []

"""A large file is read once to see whether it is whole, and then believed for a week."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from copydesk.state import checked
from copydesk.state.checked import NIGHTS, NOTES, note_changed, note_written, still_whole

OLD = 1_700_000_000


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file that counts as settled at once."""
    monkeypatch.setattr(checked, "SETTLED_NS", -(10**18))
    (tmp_path / "segments").mkdir()
    path = tmp_path / "segments" / "a.parquet"
    path.write_bytes(b"whole")
    return path


class Look:
    """Counts how often a file is looked at."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self, path: Path) -> bool:
        """Whether the file is whole."""
        self.times += 1
        return path.exists() and path.read_bytes() == b"whole"


def test_a_file_is_believed_for_some_nights(file: Path) -> None:
    """After them it is read again, for a disk that loses bits says nothing of it."""
    look, notes = Look(), file.parent.parent / NOTES
    for _ in range(NIGHTS + 1):
        assert still_whole(notes, file, look)
    assert look.times == 1
    assert still_whole(notes, file, look)
    assert look.times == 2


def test_a_changed_file_is_read_at_once(file: Path) -> None:
    """Even with size and time of writing as before; one that is gone isn't whole, and a damaged one stays so."""
    look, notes = Look(), file.parent.parent / NOTES
    os.utime(file, (OLD, OLD))
    assert still_whole(notes, file, look)
    file.write_bytes(b"whale")
    os.utime(file, (OLD, OLD))
    assert [still_whole(notes, file, look) for _ in range(2)] == [False, False]
    file.unlink()
    assert not still_whole(notes, file, look)
    assert look.times == 4


def test_a_young_file_is_read_again(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It could be changed within the tick of the clock in which it was read."""
    monkeypatch.undo()
    look, notes = Look(), file.parent.parent / NOTES
    assert [still_whole(notes, file, look) for _ in range(2)] == [True, True]
    assert look.times == 2


@pytest.mark.parametrize("damage", [b"", b"[1]", b'{"segments/a.parquet": 3}', b'{"segments/a.parquet": ["x"]}'])
def test_damaged_notes_say_nothing(file: Path, damage: bytes) -> None:
    """The files are read, and the notes made again."""
    look, notes = Look(), file.parent.parent / NOTES
    notes.write_bytes(damage)
    assert [still_whole(notes, file, look) for _ in range(2)] == [True, True]
    assert look.times == 1


def test_a_full_disk_costs_only_the_note(file: Path) -> None:
    """The file is whole all the same."""
    (file.parent.parent / f".{NOTES}.part").mkdir()
    look = Look()
    assert [still_whole(file.parent.parent / NOTES, file, look) for _ in range(2)] == [True, True]
    assert look.times == 2


def test_a_file_of_ones_own_is_believed_as_long_as_it_stays_as_it_is(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However young it is, for as many nights as any other; once it is touched it is read, and one that is gone isn't
    whole.
    """
    monkeypatch.undo()
    look, notes = Look(), file.parent.parent / NOTES
    note_written(notes, file)
    assert all(still_whole(notes, file, look) for _ in range(NIGHTS))
    assert look.times == 0
    assert still_whole(notes, file, look)
    assert look.times == 1
    note_written(notes, file)
    file.write_bytes(b"whale")
    assert not still_whole(notes, file, look)
    note_written(notes, file)
    file.unlink()
    assert not still_whole(notes, file, look)


def test_a_file_that_we_change_is_believed_no_longer_for_it(file: Path) -> None:
    """The nights go on being counted; of a file that wasn't found whole nothing is noted."""
    look, notes = Look(), file.parent.parent / NOTES
    note_changed(notes, file)
    assert still_whole(notes, file, look)
    for _ in range(NIGHTS):
        file.unlink()
        file.write_bytes(b"whole")
        note_changed(notes, file)
        assert still_whole(notes, file, look)
    assert look.times == 1
    note_changed(notes, file)
    assert still_whole(notes, file, look)
    assert look.times == 2

"""Arrays that are kept on disk so that they needn't be made again."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from copydesk.machine.kept_arrays import Arrays, kept_arrays


def _squares() -> Arrays:
    return {"squares": np.arange(6, dtype=np.int32).reshape(2, 3) ** 2, "none": np.zeros(0, np.float32)}


def _never() -> Arrays:
    raise AssertionError("they were kept")


def test_arrays_are_made_once(tmp_path: Path) -> None:
    """The second call gives what the first one made, in kind and shape, and makes nothing."""
    made = kept_arrays(tmp_path, "squares-1", _squares)
    kept = kept_arrays(tmp_path, "squares-1", _never)
    for name, values in made.items():
        assert kept[name].dtype == values.dtype
        assert kept[name].tolist() == values.tolist()


def test_arrays_of_another_name_are_made_anew(tmp_path: Path) -> None:
    """A name says what they were made of: under another one they are made again."""
    kept_arrays(tmp_path, "squares-1", lambda: {"squares": np.ones(3)})
    assert kept_arrays(tmp_path, "squares-2", _squares)["squares"].shape == (2, 3)


@pytest.mark.parametrize("left", [0, 10, 200])
def test_a_file_that_was_cut_short_is_made_anew(tmp_path: Path, left: int) -> None:
    """A damaged file counts as none, and is replaced."""
    kept_arrays(tmp_path, "squares-1", _squares)
    [path] = (tmp_path / "__pycache__").iterdir()
    path.write_bytes(path.read_bytes()[:left])
    assert kept_arrays(tmp_path, "squares-1", _squares)["squares"].sum() == 55
    assert kept_arrays(tmp_path, "squares-1", _never)["squares"].sum() == 55


def test_nothing_is_kept_where_no_folder_can_be_written(tmp_path: Path) -> None:
    """Without a folder the arrays are made, and nobody is told."""
    place = tmp_path / "file"
    place.write_text("")
    assert kept_arrays(place, "squares-1", _squares)["squares"].sum() == 55


def test_what_is_made_can_be_written_to_no_more_than_what_was_kept(tmp_path: Path) -> None:
    """Compiled code is made for one of the two: both calls have to give the same kind."""
    for _ in range(2):
        assert not kept_arrays(tmp_path, "squares-1", _squares)["squares"].flags.writeable


def test_nothing_but_the_file_stays(tmp_path: Path) -> None:
    """No temporary file is left beside it."""
    kept_arrays(tmp_path, "squares-1", _squares)
    assert [path.name for path in (tmp_path / "__pycache__").iterdir()] == ["squares-1.arrays"]

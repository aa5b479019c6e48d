"""What the values of options may be."""

from __future__ import annotations

from pathlib import Path

import pytest

from copydesk.cli import main


def run(*words: object) -> int:
    """Run the command line in this process."""
    return main([str(word) for word in words])


@pytest.mark.parametrize("age", ["26", "h", "-3h", "26 h", "soon", ""])
def test_age_that_is_none_is_wrong_use(tmp_path: Path, age: str):
    """An age is a number with a unit."""
    with pytest.raises(SystemExit) as end:
        run("status", "--clean", tmp_path / "clean", "--max-age", age)
    assert end.value.code == 2


@pytest.mark.parametrize("number", ["0", "-1", "two", "1.5"])
def test_number_below_one_is_wrong_use(tmp_path: Path, number: str):
    """A number of snapshots or workers is 1 or more."""
    with pytest.raises(SystemExit) as end:
        run("gc", "--clean", tmp_path / "clean", "--keep", number)
    assert end.value.code == 2

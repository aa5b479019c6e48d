"""Texts that are held to be measured: each loaded once, in the order in which they lie."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from copydesk.duplicates import texts
from copydesk.duplicates.texts import LOADED_ROWS, ROUND_ROWS, HeldTexts
from copydesk.machine import forks
from copydesk.machine.forks import PATIENCE_SECONDS
from copydesk.machine.work import Work

STORIES = ("The port froze.", "", "Café “Lind” reopens", "Ice on the berths", "The port froze.")


@pytest.mark.parametrize("in_file", [True, False])
def test_texts_come_back_as_they_were(tmp_path: Path, in_file: bool) -> None:
    """Whichever was loaded first, and also those that are added later; nothing of the file is to be seen."""
    asked: list[int] = []

    def load(rows: Sequence[int]) -> list[str]:
        asked.extend(rows)
        return [STORIES[row] for row in rows]

    with HeldTexts(load, len(STORIES), Work(folder=tmp_path if in_file else None)) as held:
        first = held.places(np.array([3, 2, 3]))
        assert held.strings(first) == [STORIES[3], STORIES[2], STORIES[3]]
        every = held.places(np.arange(5))
        assert held.strings(every) == list(STORIES)
        assert held.strings(first) == [STORIES[3], STORIES[2], STORIES[3]]
        assert not list(tmp_path.iterdir())
    assert asked == [2, 3, 0, 1, 4]


def test_rows_are_loaded_as_they_lie() -> None:
    """A part of a file that holds several of them is read once."""
    asked: list[Sequence[int]] = []

    def load(rows: Sequence[int]) -> list[str]:
        asked.append(rows)
        return [str(row) for row in rows]

    size = LOADED_ROWS + 10
    held = HeldTexts(load, size, lies=np.arange(size, dtype=np.int32)[::-1])
    places = held.places(np.arange(size))
    assert [len(rows) for rows in asked] == [LOADED_ROWS, 10]
    assert asked[0][:3] == [size - 1, size - 2, size - 3]
    assert held.strings(places[[0, size - 1]]) == ["0", str(size - 1)]


def test_many_are_loaded_by_several(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """In forks of this process; the same are held, in the same order, however many there are."""
    user, begun = os.getpid(), tmp_path / "begun"

    def load(rows: Sequence[int]) -> list[str]:
        if os.getpid() != user:
            begun.touch()
        # Else this process might have loaded all before the fork has begun.
        until = time.monotonic() + PATIENCE_SECONDS
        while not begun.exists() and time.monotonic() < until:
            time.sleep(0.001)
        return [f"{row}{'' if os.getpid() == user else '!'}" for row in rows]

    for module in (texts, forks):
        monkeypatch.setattr(module, "may_fork", lambda: True)
    held = HeldTexts(load, ROUND_ROWS + 1, Work(2))
    found = held.strings(held.places(np.arange(ROUND_ROWS + 1)))
    assert [text.strip("!") for text in found] == list(map(str, range(ROUND_ROWS + 1)))
    assert any(text.endswith("!") for text in found)
    assert found[-1] == str(ROUND_ROWS)


def test_nothing_is_held_at_first() -> None:
    """Nor loaded for no rows."""
    held = HeldTexts(lambda rows: [1 / 0 for _ in rows], 3)  # type: ignore[misc]  # never called
    assert held.places(np.zeros(0, np.int64)).tolist() == []
    assert held.buffers().offsets.tolist() == [0]

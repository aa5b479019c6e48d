"""Folders for tests of what is kept from run to run."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.state.kept_articles import examined

from copydesk.state import ExaminedStore

MEMORY = Path("/dev/shm")  # noqa: S108 - a place for folders that mkdtemp names
"""Where Linux keeps files in memory. Tests publish hundreds of times, and each waits for the disk some ten times."""


@pytest.fixture
def tmp_path(tmp_path: Path) -> Iterator[Path]:
    """A folder of this test's own, in memory where there is room for it."""
    if not os.access(MEMORY, os.W_OK) or shutil.disk_usage(MEMORY).free < 40_000_000:
        yield tmp_path
        return
    with tempfile.TemporaryDirectory(dir=MEMORY) as folder:
        yield Path(folder)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A store in which articles 0 to 9 are kept."""
    with ExaminedStore.open(tmp_path / "examined", "v1") as store:
        store.put(examined(number) for number in range(10))
        store.commit()
    return tmp_path / "examined"

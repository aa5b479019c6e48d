"""The folder `reports/` of a snapshot: a page per run and `latest.html`. Pages are no part of the tables' contract."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from copydesk.errors import UsageError
from copydesk.writing.durable import sync_folder, write_bytes
from copydesk.writing.place import link_target, locate

REPORTS = "reports"
LATEST = "latest.html"


def write_reports(staging: Path, parent: Path | None, pages: Mapping[str, bytes]) -> None:
    """Nothing: the pages of the snapshot before are shared, and these are put beside them."""
    folder = staging / REPORTS
    folder.mkdir()
    old = parent / REPORTS if parent else None
    for page in sorted(old.iterdir()) if old and old.is_dir() else ():
        if page.is_file() and page.name != LATEST and page.name not in pages:
            _share(page, folder / page.name)
    for name, data in sorted(pages.items()):
        write_bytes(folder / name, data)


def _share(page: Path, target: Path) -> None:
    try:
        os.link(page, target)
    except OSError:  # A file system without hard links: a copy does as well.
        shutil.copyfile(page, target)


def put_report(clean: Path | str, name: str, data: bytes) -> Path:
    """The path of a page that was put into the published snapshot, in the place of one of that name.

    Raises UsageError if nothing is published there.
    """
    place = locate(clean)
    run_id = link_target(place)
    if run_id is None:
        raise UsageError(f"nothing is published at {place.clean}; run `copydesk clean` first, or name another --clean")
    folder = place.snapshots / run_id / REPORTS
    folder.mkdir(exist_ok=True)
    write_bytes(folder / name, data)
    sync_folder(folder)
    return folder / name

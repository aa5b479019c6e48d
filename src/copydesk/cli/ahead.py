"""What a large run needs in this process and in those of its workers, loaded before workers are split off.

The compiler and the loops that are kept take .3 s of processor time to load, and a first run of much data, or a night
that brings some hundred texts, needs them on both sides.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from copydesk.stores.address import Remote

MOST_FILES = 3_000
"""Files whose sizes are looked at; a run over more small ones than these loads its code later, when it has listed them.
To look at so many takes ten milliseconds."""


def load_ahead(raw: Path | Remote, clean: Path | Remote) -> None:
    """Nothing: what workers would load to examine what is new is loaded in this process, as far as files say how much
    that is: all of a corpus of which nothing is known yet, else those that have come since it was published.
    """
    from copydesk.running.groups import load_code, makes_columns, shares_code
    from copydesk.writing import locate

    if isinstance(raw, Remote) or isinstance(clean, Remote):
        return
    place = locate(clean)
    known = place.state.exists()
    published_ns = place.clean.lstat().st_mtime_ns if known and place.clean.is_symlink() else 0
    size = sum(size for size, changed_ns in islice(_files(raw), MOST_FILES) if changed_ns > published_ns)
    if shares_code(size) if published_ns else not known and makes_columns(0, size):
        load_code()


def _files(folder: Path) -> Iterator[tuple[int, int]]:
    """The bytes of the files in a folder, and when each was changed, links aside; of a folder that can't be read none,
    the run will say why.
    """
    folders = [os.fspath(folder)]
    while folders:
        try:
            with os.scandir(folders.pop()) as entries:
                for entry in entries:
                    if entry.is_dir(follow_symlinks=False):
                        folders.append(entry.path)
                    elif entry.is_file(follow_symlinks=False):
                        yield entry.stat().st_size, entry.stat().st_mtime_ns
        except OSError:
            continue

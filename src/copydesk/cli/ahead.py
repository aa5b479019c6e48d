"""What a large first run needs in this process and in those of its workers, loaded before workers are split off.

The compiler and the loops that are kept take .3 s of processor time to load, and such a run needs them on both sides.
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
    """Nothing: what workers would load to examine a corpus of which nothing is known yet is loaded in this process."""
    from copydesk.running.groups import load_code, makes_columns
    from copydesk.writing import locate

    if isinstance(raw, Remote) or isinstance(clean, Remote) or locate(clean).state.exists():
        return
    if makes_columns(0, sum(islice(_sizes(raw), MOST_FILES))):
        load_code()


def _sizes(folder: Path) -> Iterator[int]:
    """The bytes of the files in a folder, links aside; of a folder that can't be read none, the run will say why."""
    folders = [os.fspath(folder)]
    while folders:
        try:
            with os.scandir(folders.pop()) as entries:
                for entry in entries:
                    if entry.is_dir(follow_symlinks=False):
                        folders.append(entry.path)
                    elif entry.is_file(follow_symlinks=False):
                        yield entry.stat().st_size
        except OSError:
            continue

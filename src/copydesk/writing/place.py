"""Where a corpus lies: the link that readers open, the snapshots beside it, the state of its runs."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from copydesk.errors import UsageError


@dataclass(frozen=True, slots=True)
class Place:
    """The paths of one corpus. `clean` is absolute, but links on the way to it are left as they are."""

    clean: Path

    @property
    def snapshots(self) -> Path:
        """The folder of snapshots beside the link."""
        return self.clean.with_name(f"{self.clean.name}.snapshots")

    @property
    def state(self) -> Path:
        """The folder of what earlier runs know, beside the link."""
        return self.clean.with_name(f"{self.clean.name}.state")


def locate(clean: Path | str) -> Place:
    """The place of the corpus that is, or is to be, published at this path.

    Raises UsageError for a path that has no name, such as `/`.

    >>> locate("/data/corpus/clean/").snapshots.name
    'clean.snapshots'
    """
    # abspath, not resolve: the last part is a link of ours, and it is the link that is meant.
    path = Path(os.path.abspath(clean))  # noqa: PTH100 - nothing of pathlib leaves links be
    if not path.name:
        raise UsageError(f"{clean} can't be a corpus: it has no name; name a folder with --clean")
    return Place(path)


def link_target(place: Place) -> str | None:
    """The run id of the snapshot that the link names, whether it is there or not; None where there is no link.

    Raises UsageError where something else lies in the link's place, other than an empty folder.
    """
    clean = place.clean
    if clean.is_symlink():
        target = clean.readlink()
        if target.parent.name == place.snapshots.name and len(target.parts) == 2:
            return target.name
        raise UsageError(
            f"{clean} is a symbolic link to {target}, not to a snapshot; remove it or name another --clean"
        )
    if clean.is_dir():
        foreign = next(iter(sorted(clean.iterdir())), None)
        if foreign is None:
            return None
        raise UsageError(f"{clean} holds files that are not a corpus, such as {foreign.name}; name another --clean")
    if clean.exists():
        raise UsageError(f"{clean} is a file, not a folder; name another --clean")
    return None

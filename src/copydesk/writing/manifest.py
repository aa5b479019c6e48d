"""The manifest of a snapshot: which files belong to it, and what they were made of."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from copydesk.errors import ContractError

MANIFEST = "manifest.json"
WAY_OUT = "publish again, or go back with `copydesk rollback`"
FORMAT = 1
"""Of the manifest itself; tables have schema versions of their own."""


@dataclass(frozen=True, slots=True)
class FileEntry:
    """A file of a snapshot: path relative to the snapshot, rows, size, digest."""

    path: str
    rows: int
    size_bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a snapshot holds, and which run, settings and version made it. `parent` is the snapshot before."""

    run_id: str
    parent: str | None
    created: dt.datetime
    package_version: str
    settings_digest: str
    schema_versions: dict[str, int]
    outcomes: dict[str, int]
    files: tuple[FileEntry, ...]
    overrides_digest: str = ""
    """What people had decided for the run; empty where nobody had."""

    def of_table(self, table: str) -> tuple[FileEntry, ...]:
        """The files of one table."""
        return tuple(entry for entry in self.files if entry.path.startswith(f"{table}/"))

    def rows(self, table: str) -> int:
        """The number of rows of one table."""
        return sum(entry.rows for entry in self.of_table(table))


def encode_manifest(manifest: Manifest) -> bytes:
    """The manifest as JSON, the same bytes for the same manifest."""
    values = {"format": FORMAT, **asdict(manifest), "created": manifest.created.isoformat()}
    return json.dumps(values, indent=1, sort_keys=True, ensure_ascii=False).encode() + b"\n"


def read_manifest(snapshot: Path) -> Manifest:
    """The manifest in a snapshot's folder.

    Raises ContractError if it is missing, broken, or of a format that this version doesn't know.
    """
    path = snapshot / MANIFEST
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ContractError(f"{path} can't be read: {error.strerror}; {WAY_OUT}") from error
    return parse_manifest(data, str(path))


def parse_manifest(data: bytes, path: str) -> Manifest:
    """The manifest in these bytes; `path` is named in errors.

    Raises ContractError if it is broken, or of a format that this version doesn't know.
    """
    try:
        values = json.loads(data)
        if values["format"] != FORMAT:
            raise ContractError(f"{path}: format {values['format']} is not known here (only {FORMAT}); update copydesk")
        return _manifest(values)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ContractError(f"{path} is broken ({type(error).__name__}: {error}); {WAY_OUT}") from error


def _manifest(values: dict[str, Any]) -> Manifest:
    return Manifest(
        run_id=str(values["run_id"]),
        parent=values["parent"],
        created=dt.datetime.fromisoformat(values["created"]),
        package_version=values["package_version"],
        settings_digest=values["settings_digest"],
        schema_versions={str(table): int(version) for table, version in values["schema_versions"].items()},
        outcomes={str(outcome): int(count) for outcome, count in values["outcomes"].items()},
        files=tuple(FileEntry(**entry) for entry in values["files"]),
        overrides_digest=str(values.get("overrides_digest", "")),
    )

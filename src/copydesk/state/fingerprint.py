"""What an examination depends on besides the record: settings, this package, the packages it reads with."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import asdict
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from copydesk import __version__
from copydesk.settings import Settings

SECTIONS = ("reading", "extraction", "boilerplate", "contamination")
"""The settings that examination looks at. The others may change without anything being examined again."""

FOLDERS = (
    "reading",
    "encoding",
    "extraction",
    "metadata",
    "boilerplate",
    "contamination",
    "data",
    "running",
    "machine",
)
"""The folders of this package that examination runs through. A change in one of their files may change results."""

DEPENDENCIES = ("beautifulsoup4", "chardet", "ftfy", "numpy", "py3langid", "selectolax")
"""The packages whose versions may change what is read out of a record."""


def examination_fingerprint(settings: Settings) -> str:
    """A digest of all that makes one examination come out like another: settings, code, data, versions of packages.

    The code itself is part of it, not only its version, so an edited rule takes effect in the next run.
    """
    sections = {name: asdict(getattr(settings, name)) for name in SECTIONS}
    text = json.dumps([sections, _code_digest(), _versions()], sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


@cache
def code_fingerprint() -> str:
    """A digest of all code and data of this package, and of the versions of the packages it reads with."""
    text = json.dumps([_join_digests(_file_digests()), _versions()])
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def publication_fingerprint(settings: Settings) -> str:
    """A digest of all that the rows of a snapshot depend on besides the raw files: code, data, versions, settings."""
    return f"{code_fingerprint()}-{settings.digest}"


def _code_digest() -> str:
    """Of the files in the folders that examination runs through, and of those in none: `pipeline.py` is one."""
    known = _file_digests()
    return _join_digests({path: known[path] for path in known if "/" not in path or path.split("/")[0] in FOLDERS})


def _join_digests(known: Mapping[str, str]) -> str:
    return hashlib.sha256(json.dumps([__version__, sorted(known.items())]).encode()).hexdigest()


@cache
def _file_digests() -> dict[str, str]:
    """The digest of each file of this package, by its path in it."""
    package = Path(__file__).resolve().parent.parent
    found = {}
    for folder, inner, names in os.walk(package):
        # Compiled code comes and goes, and says nothing that the source doesn't.
        inner[:] = [name for name in inner if name != "__pycache__"]
        for path in (Path(folder, name) for name in names):
            found[path.relative_to(package).as_posix()] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found


@cache
def _versions() -> tuple[str, ...]:
    return tuple(f"{name} {_version(name)}" for name in DEPENDENCIES)


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "none"

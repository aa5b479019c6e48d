"""What an examination depends on besides the record: settings, this package, the packages it reads with."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
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
    package = Path(__file__).resolve().parent.parent
    text = json.dumps([_digest_files(package.rglob("*")), _versions()])
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def publication_fingerprint(settings: Settings) -> str:
    """A digest of all that the rows of a snapshot depend on besides the raw files: code, data, versions, settings."""
    return f"{code_fingerprint()}-{settings.digest}"


@cache
def _code_digest() -> str:
    package = Path(__file__).resolve().parent.parent
    return _digest_files([*package.glob("*.py"), *(p for name in FOLDERS for p in (package / name).rglob("*"))])


def _digest_files(paths: Iterable[Path]) -> str:
    package = Path(__file__).resolve().parent.parent
    digest = hashlib.sha256(__version__.encode())
    for path in sorted(paths):
        # Compiled code in __pycache__ comes and goes, and says nothing that the source doesn't.
        if path.is_file() and "__pycache__" not in path.parts:
            digest.update(path.relative_to(package).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


@cache
def _versions() -> tuple[str, ...]:
    return tuple(f"{name} {_version(name)}" for name in DEPENDENCIES)


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "none"

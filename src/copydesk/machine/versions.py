"""The versions of the packages that a corpus depends on, for whoever wants to make the same one again."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version

LIBRARIES = ("beautifulsoup4", "chardet", "datasketch", "ftfy", "numba", "numpy", "py3langid", "pyarrow", "selectolax")
"""Packages whose version may change what comes out."""


def library_versions() -> tuple[tuple[str, str], ...]:
    """Each of the `LIBRARIES` with its version, `unknown` for one that was put on the path without being installed.

    >>> dict(library_versions())["datasketch"].split(".")[0]
    '2'
    """
    return tuple((name, _version(name)) for name in LIBRARIES)


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "unknown"

"""ZIP and tar archives → their members, each with a name that can be trusted to stay inside."""

from __future__ import annotations

import io
import tarfile
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Self

from copydesk.article import Refusal
from copydesk.reading.kinds import is_ignored
from copydesk.reading.names import printable
from copydesk.reading.opening import read_limited
from copydesk.reading.packing import Budget, counted
from copydesk.reading.refusals import READING_ERRORS, Refused, malformed, refusal_of
from copydesk.reading.sources import SOURCE_NAMES
from copydesk.settings import ReadingSettings

OFFICE_MEMBERS = frozenset({"[Content_Types].xml", "mimetype", "META-INF/MANIFEST.MF", "AndroidManifest.xml"})
"""Members by which a ZIP archive is really an Office document, an e-book or a program."""


@dataclass(frozen=True, slots=True)
class Member:
    """A file in an archive: its printable name, and its stream or why there is none."""

    name: str
    stream: BinaryIO | None
    refusal: Refusal | None = None


def zip_members(stream: BinaryIO, budget: Budget, settings: ReadingSettings) -> Iterator[Member]:
    """The files in a ZIP archive by name; what is encrypted, unsafe or broken is a refusal, and the others go on.

    Raises Refused where the archive itself can't be read.
    """
    seekable = stream if stream.seekable() else io.BytesIO(read_limited(stream, settings.max_container_bytes))
    with malformed(), zipfile.ZipFile(seekable) as archive:
        infos = archive.infolist()
        if len(infos) > settings.max_members:
            raise Refused("too_many", f"{len(infos):,} members, more than {settings.max_members:,}")
        if any(info.filename in OFFICE_MEMBERS for info in infos):
            raise Refused("binary", "looks like an Office document, e-book or program in a ZIP archive")
        names = _unique(printable(info.filename.replace("\\", "/")) for info in infos)
        for name, info in sorted(zip(names, infos, strict=True), key=lambda item: _rank(item[0])):
            if not info.is_dir() and not _is_ignored_path(name):
                yield from _zip_member(archive, info, name, budget)


def _rank(name: str) -> tuple[bool, bytes]:
    """Members by the bytes of their names; what describes the others is read first."""
    return not is_sources(name), name.encode()


def is_sources(name: str) -> bool:
    """Whether a member describes the others instead of being a record.

    >>> is_sources("in/sources.csv"), is_sources("resources.csv")
    (True, False)
    """
    return name.rpartition("/")[2].encode() in SOURCE_NAMES


def _zip_member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str, budget: Budget) -> Iterator[Member]:
    if unsafe := _unsafe(name):
        yield Member(name, None, unsafe)
    elif info.flag_bits & 1:
        yield Member(name, None, Refusal("encrypted", "is packed with a password"))
    else:
        try:
            with malformed():
                opened = archive.open(info)
        except READING_ERRORS as error:
            yield Member(name, None, refusal_of(error))
            return
        with opened:
            yield Member(name, counted(opened, budget))


def tar_members(stream: BinaryIO, budget: Budget, settings: ReadingSettings) -> Iterator[Member]:
    """The files in a tar archive in its own order, read once from front to back; links and devices are refusals.

    Raises Refused where the archive itself can't be read.
    """
    with malformed(), tarfile.open(fileobj=stream, mode="r|", tarinfo=_StrictTarInfo) as archive:
        seen: Counter[str] = Counter()
        for count, info in enumerate(archive, 1):
            if count > settings.max_members:
                raise Refused("too_many", f"more than {settings.max_members:,} members")
            archive.members = []  # type: ignore[attr-defined] # tarfile keeps every header it has seen
            name = printable(info.name)
            if info.isdir() or _is_ignored_path(name):
                continue
            seen[name] += 1
            name = name if seen[name] == 1 else f"{name}#{seen[name]}"
            yield _tar_member(archive, info, name, budget)


class _StrictTarInfo(tarfile.TarInfo):
    """A header of a member. tarfile takes a broken one in the middle for the end, and says nothing."""

    @classmethod
    def fromtarfile(cls, archive: tarfile.TarFile) -> Self:
        try:
            return super().fromtarfile(archive)
        except (tarfile.TruncatedHeaderError, tarfile.InvalidHeaderError) as error:  # type: ignore[attr-defined]
            # Their names aren't in the stubs.
            early = isinstance(error, tarfile.TruncatedHeaderError)  # type: ignore[attr-defined]
            raise Refused("truncated" if early else "broken", f"the archive's next header: {error}") from error


def _tar_member(archive: tarfile.TarFile, info: tarfile.TarInfo, name: str, budget: Budget) -> Member:
    if unsafe := _unsafe(name):
        return Member(name, None, unsafe)
    opened = archive.extractfile(info) if info.isreg() else None
    if opened is None:
        return Member(name, None, Refusal("special_file", "a link or device in an archive, never followed"))
    return Member(name, counted(opened, budget))


def _unsafe(name: str) -> Refusal | None:
    """Nothing is ever written under a member's name; one that climbs out is refused since nobody honest has it."""
    if name.startswith("/") or ".." in name.split("/") or name[1:3] == ":/":
        return Refusal("unsafe_path", "has a name that leads out of the archive")
    return None


def _is_ignored_path(name: str) -> bool:
    return any(is_ignored(part) for part in name.split("/") if part not in ("", ".", ".."))


def _unique(names: Iterator[str]) -> Iterator[str]:
    """The names; a second member of the same name is `name#2`, so that each record has a path of its own."""
    seen: Counter[str] = Counter()
    for name in names:
        seen[name] += 1
        yield name if seen[name] == 1 else f"{name}#{seen[name]}"

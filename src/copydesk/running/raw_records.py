"""Raw files → records, taken apart in workers: what kills or hangs one is one more record, with the reason."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from copydesk.article import Form, RawRecord, RecordField, Refusal, Source, article_id
from copydesk.reading import RawFile, Renumbering, Stretch, cut_file, find_files, no_records, read_records, read_stretch
from copydesk.reading.opening import Root
from copydesk.reading.sources import Stated, read_sources
from copydesk.settings import Settings
from copydesk.stores import Remote
from copydesk.workers import stream_parts


def find_protected(raw: Path | Remote, settings: Settings) -> tuple[RawFile, ...]:
    """The files of a raw folder, as `find_files` gives them; a sources file that kills its reader is refused for it."""
    place = raw if isinstance(raw, Remote) else raw.absolute()  # as in `read_all`
    return find_files(place, settings, read=partial(_sources_in_worker, settings))


def _sources_in_worker(settings: Settings, root: Root, location: bytes, max_bytes: int) -> Stated | Refusal:
    file = RawFile("", location, 0)
    alone = replace(settings.running, readers=1)
    stated: dict[bytes, tuple[RecordField, ...]] = {}
    with closing(stream_parts(partial(sources_parts, root, max_bytes), [file], alone)) as parts:
        for _, part in parts:
            if isinstance(part, Refusal):
                return part
            path, fields = part
            stated[path.encode()] = tuple(RecordField(*values) for values in fields)
    return stated


def sources_parts(root: Root, max_bytes: int, file: RawFile) -> Iterator[Refusal | list[Any]]:
    """What a sources file states, path by path, in values that can travel; or the one refusal of it."""
    found = read_sources(root, file.location, max_bytes)
    if isinstance(found, Refusal):
        yield found
        return
    for path, fields in found.items():
        yield [path.decode(), [[f.field, f.value, f.key, f.origin] for f in fields]]


def read_all(raw: Path | Remote, files: Sequence[RawFile], settings: Settings) -> Iterator[RawRecord]:
    """The records of all files, read in workers: what kills or hangs one is one more record, with the reason."""
    # Workers may be older than the folder that their user works in now: a relative path means another place to them.
    raw = raw if isinstance(raw, Remote) else raw.absolute()
    read = partial(_read_one, raw, settings)
    unread: dict[str, RawFile] = {}  # what was cut, until a record of it has come
    count, last, number = 0, None, None
    with closing(stream_parts(read, _pieces(raw, files, settings, unread), settings.running, _piece_bytes)) as parts:
        for piece, part in parts:
            file = piece if isinstance(piece, RawFile) else piece.file
            if file is not last:
                count, last = 0, file
                number = None if isinstance(piece, RawFile) else Renumbering(file)
                unread.pop(file.path, None)
            if number is not None and number.over:
                continue
            record = _rest_of(file, count, part) if isinstance(part, Refusal) else part
            count += 1
            yield record if number is None else number.give(record)
    yield from map(no_records, unread.values())


def _pieces(
    raw: Path | Remote, files: Sequence[RawFile], settings: Settings, cut: dict[str, RawFile]
) -> Iterator[RawFile | Stretch]:
    """The files, large ones of JSON lines in stretches: as many as several readers can be at."""
    for file in files:
        stretches = _stretches(raw, file, settings) if file.size_bytes > settings.running.shard_bytes else ()
        if len(stretches) > 1:
            cut[file.path] = file
            yield from stretches
        else:
            yield file


def _stretches(raw: Path | Remote, file: RawFile, settings: Settings) -> Sequence[Stretch]:
    """The stretches of a file, cut in a worker; none if it dies of that, or the file can't be read."""
    if settings.running.readers < 2:
        return ()
    alone = replace(settings.running, readers=1)
    with closing(stream_parts(partial(_cut_one, raw, settings), [file], alone)) as parts:
        found = [part for _, part in parts]
    if any(isinstance(part, Refusal) for part in found):
        return ()
    # With the same object as their file, so that their records can be told from the next one's.
    return [replace(part, file=file) for part in found if isinstance(part, Stretch)]


def _cut_one(raw: Path | Remote, settings: Settings, file: RawFile) -> Iterator[Stretch]:
    return iter(cut_file(raw, file, settings))


def _read_one(raw: Path | Remote, settings: Settings, piece: RawFile | Stretch) -> Iterator[RawRecord]:
    return read_records(raw, piece, settings) if isinstance(piece, RawFile) else read_stretch(raw, piece, settings)


def _piece_bytes(piece: RawFile | Stretch) -> int:
    return piece.size_bytes if isinstance(piece, RawFile) else piece.end - piece.start


def _rest_of(file: RawFile, before: int, refusal: Refusal) -> RawRecord:
    """What stands for the rest of a file behind so many records, which can't be read."""
    # Records without a digest are told apart by counting them: there are fewer of them than records.
    name = article_id(file.path, "", before)
    return RawRecord(name, Source(file.path, before, None), Form.TEXT, "", file.fields, refusal)

"""Files → records: the order in which containers are opened, and the number and id of each record."""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

from copydesk.article import Form, RawRecord, RecordField, Refusal, Source, article_id
from copydesk.encoding import decode
from copydesk.reading.archives import Member, is_sources, tar_members, zip_members
from copydesk.reading.bundles import read_bundle, split_bundle
from copydesk.reading.chained import rewound
from copydesk.reading.exports import read_export
from copydesk.reading.files import RawFile
from copydesk.reading.found import Found, digest, refused
from copydesk.reading.front_matter import read_front_matter
from copydesk.reading.json_records import read_json, read_json_lines
from copydesk.reading.kinds import COMPRESSED, HEAD_BYTES, Kind, Recognised, tell_kind
from copydesk.reading.names import printable
from copydesk.reading.news_xml import read_xml
from copydesk.reading.opening import open_raw, read_limited, root_of
from copydesk.reading.packing import Budget, unpack
from copydesk.reading.refusals import READING_ERRORS, Refused, one_line, refusal_of
from copydesk.reading.sources import parse_sources
from copydesk.reading.table_records import read_csv, read_parquet
from copydesk.reading.warc import read_warc
from copydesk.settings import ReadingSettings, Settings
from copydesk.stores.address import Remote

MAX_LAYERS = 3
"""Packings around a record: a .zip that holds a .tar.gz is three. Whoever packs deeper wants to hide something."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a file we are: the path so far, how deep in packings, and what may still be unpacked."""

    path: str
    layers: int
    budget: Budget
    settings: ReadingSettings


def read_records(raw: Path | Remote, file: RawFile, settings: Settings) -> Iterator[RawRecord]:
    """The records in a file, at least one: what can't be read is a record with a refusal, and reading goes on behind
    it.

    Text and pages give bytes, records of JSON and tables give text. The same bytes under the same path give the same
    ids. Tables and lines are held one by one, whatever the size of the file.
    """
    number = Numbering(file)
    if file.refusal:
        yield number.give(Found(file.path, refusal=file.refusal))
        return
    held: Found | None = None
    single = True
    try:
        with open_raw(root_of(raw), file.location) as stream:
            for found in _read_file(stream, file, settings.reading):
                if held is not None:
                    single = False
                    yield number.give(held)
                held = found
    except READING_ERRORS as error:
        # One record is not to become two: what was read of a file that changed meanwhile isn't believed.
        if held is not None and not single:
            yield number.give(held)
        held = Found(file.path, refusal=refusal_of(error))
    yield number.give(held or refused(file.path, "empty", "holds no records"))


def read_data(data: bytes, name: str, settings: Settings) -> Iterator[RawRecord]:
    r"""The records in bytes that lie in no folder, as if they were a file of this name.

    >>> [r.content for r in read_data(b'{"text": "One."}\n{"text": "Two."}', "a.jsonl", Settings())]
    ['One.', 'Two.']
    """
    file = RawFile(name, os.fsencode(name), len(data))
    number = Numbering(file)
    given = False
    try:
        for found in _read_file(io.BytesIO(data), file, settings.reading):
            yield number.give(found)
            given = True
    except READING_ERRORS as error:
        yield number.give(Found(name, refusal=refusal_of(error)))
    else:
        if not given:
            yield number.give(refused(name, "empty", "holds no records"))


class Numbering:
    """Counts the records of each path and tells equal ones apart.

    Digests are kept as eight bytes, about 100 bytes of memory per record; members of an archive have paths
    of their own, one after the other, so only the present one's are kept.
    """

    def __init__(self, file: RawFile) -> None:
        self._file = file
        self._members = dict(file.member_fields)
        self._start(file.path)

    def _start(self, path: str) -> None:
        self._path = path
        self._record = 0
        self._seen: dict[bytes, int] = {}

    def give(self, found: Found) -> RawRecord:
        """The record with its number, its id, and what a sources file states about it."""
        if found.path != self._path:
            self._start(found.path)
        key = bytes.fromhex((found.sha256 or "")[:16])
        occurrence = self._seen.get(key, 0)
        self._seen[key] = occurrence + 1
        source = Source(found.path, self._record, found.sha256, found.encoding)
        self._record += 1
        return RawRecord(
            article_id(found.path, found.sha256 or "", occurrence),
            source,
            found.form,
            "" if found.refusal else found.content,
            found.fields + self._stated(found.path),
            found.refusal and Refusal(found.refusal.code, one_line(found.refusal.detail)),
        )

    def _stated(self, path: str) -> tuple[RecordField, ...]:
        return self._file.fields + self._members.get(path[len(self._file.path) + 1 :], ())


def _read_file(stream: BinaryIO, file: RawFile, settings: ReadingSettings) -> Iterator[Found]:
    place = Place(file.path, 0, Budget(file.size_bytes, settings), settings)
    return _read(stream, os.fsdecode(file.location), place)


def _read(stream: BinaryIO, name: str, place: Place) -> Iterator[Found]:
    """The records in a stream, by what it is. Raises Refused and the errors of unpacking where it can't go on."""
    head, stream = rewound(stream, HEAD_BYTES)
    if not head:
        yield refused(place.path, "empty", "no bytes", b"")
        return
    recognised = tell_kind(head, name)
    if recognised.kind in COMPRESSED:
        yield from _read(unpack(stream, recognised.kind, place.budget), name, _deeper(place))
    elif recognised.kind is Kind.ZIP:
        members = zip_members(stream, place.budget, place.settings)
        yield from _at_least_one(_read_members(members, _deeper(place)), place.path)
    elif recognised.kind is Kind.TAR:
        members = tar_members(stream, place.budget, place.settings)
        yield from _at_least_one(_read_members(members, _deeper(place)), place.path)
    elif recognised.kind in _STREAMED:
        yield from _at_least_one(_STREAMED[recognised.kind](stream, place.path, place.settings), place.path)
    else:
        yield from _read_single(stream, recognised, place)


def _read_mail(stream: BinaryIO, path: str, settings: ReadingSettings) -> Iterator[Found]:
    from copydesk.reading.mail import read_mail  # Its parser is loaded where there is a mail.

    return read_mail(stream, path, settings)


def _read_mailbox(stream: BinaryIO, path: str, settings: ReadingSettings) -> Iterator[Found]:
    from copydesk.reading.mailboxes import read_mailbox

    return read_mailbox(stream, path, settings)


_STREAMED: dict[Kind, Callable[[BinaryIO, str, ReadingSettings], Iterator[Found]]] = {
    Kind.JSON: read_json,
    Kind.JSONL: read_json_lines,
    Kind.CSV: read_csv,
    Kind.PARQUET: read_parquet,
    Kind.XML: read_xml,
    Kind.EMAIL: _read_mail,
    Kind.MAILBOX: _read_mailbox,
    Kind.MHTML: _read_mail,
    Kind.WARC: read_warc,
}


def _deeper(place: Place) -> Place:
    if place.layers >= MAX_LAYERS:
        raise Refused("too_deep", f"packed more than {MAX_LAYERS} times")
    return replace(place, layers=place.layers + 1)


def _at_least_one(records: Iterator[Found], path: str) -> Iterator[Found]:
    given = False
    for found in records:
        given = True
        yield found
    if not given:
        yield refused(path, "empty", "holds no records")


def _read_members(members: Iterator[Member], place: Place) -> Iterator[Found]:
    """The records of all members; one that fails is one refusal, unless what may be unpacked is used up.

    A sources file describes the members behind it: all others in a ZIP archive, in a tar archive those that follow.
    """
    stated: dict[str, tuple[RecordField, ...]] = {}
    for member in members:
        inner = replace(place, path=f"{place.path}/{member.name}")
        if member.stream is None:
            yield Found(inner.path, refusal=member.refusal)
            continue
        fields = stated.get(member.name, ())
        try:
            if is_sources(member.name):
                stated |= _stated_in(member.stream, member.name, place.settings)
            else:
                yield from (replace(f, fields=f.fields + fields) for f in _read(member.stream, member.name, inner))
        except READING_ERRORS as error:
            refusal = refusal_of(error)
            if refusal.code == "bomb":
                raise
            yield Found(inner.path, refusal=refusal)


def _stated_in(stream: BinaryIO, name: str, settings: ReadingSettings) -> dict[str, tuple[RecordField, ...]]:
    """What a sources file in an archive states about the members behind it, by their printable names."""
    sources = parse_sources(read_limited(stream, settings.max_record_bytes), name.encode())
    if isinstance(sources, Refusal):
        raise Refused(sources.code, sources.detail)
    return {printable(path): fields for path, fields in sources.items()}


def _read_single(stream: BinaryIO, recognised: Recognised, place: Place) -> Iterator[Found]:
    """The one record that a text, a page or a file of no use is; of one that holds several documents, each of them."""
    path = place.path
    content = read_limited(stream, place.settings.max_record_bytes)
    if recognised.kind is Kind.RTF:
        yield from _read_rtf(path, content)
        return
    form = Form.HTML if recognised.kind is Kind.HTML else Form.TEXT
    refusal = _refuse_single(content, recognised, form)
    if refusal is not None:
        yield refused(path, refusal.code, refusal.detail, content)
    elif form is Form.TEXT:
        yield from _read_text(path, content)
    else:
        yield from _read_exported_page(path, content) or [Found(path, content, form, (), digest(content))]


def _read_text(path: str, content: bytes) -> Iterator[Found]:
    """The record that a text is; of one that numbers its documents or is an export, each of them."""
    if documents := split_bundle(content):
        yield from read_bundle(path, documents)
    elif exported := read_export(path, content):
        yield from exported
    else:
        yield _with_front_matter(path, content) or Found(path, content, Form.TEXT, (), digest(content))


def _read_rtf(path: str, content: bytes) -> Iterator[Found]:
    """What the text of an RTF document is. Nobody knows an encoding of it: it has marks for all other letters."""
    from copydesk.reading.rtf import rtf_text

    text = rtf_text(content)
    if not text.strip():
        yield refused(path, "no_text", "the document holds no text", content)
        return
    found = list(_read_text(path, text.encode()))
    for document in found:
        said = document.content.decode() if isinstance(document.content, bytes) else document.content
        sha256 = digest(content) if len(found) == 1 else document.sha256
        yield replace(document, content=said, sha256=sha256, encoding=None)


def _read_exported_page(path: str, content: bytes) -> tuple[Found, ...]:
    if b"articleParagraph" not in content:  # Nearly every page ends here.
        return ()
    from copydesk.reading.factiva_pages import read_factiva_page

    return read_factiva_page(path, content)


def _with_front_matter(path: str, content: bytes) -> Found | None:
    """The record of a text below fields of its own; None for any other."""
    if not content.lstrip(b"\xef\xbb\xbf").startswith((b"---\n", b"---\r\n")):
        return None
    decoded = decode(content, Form.TEXT)
    matter = None if isinstance(decoded, Refusal) else read_front_matter(decoded.text)
    if matter is None or isinstance(decoded, Refusal):
        return None
    fields, text = matter
    return Found(path, text, Form.TEXT, fields, digest(content), decoded.encoding)


def _refuse_single(content: bytes, recognised: Recognised, form: Form) -> Refusal | None:
    """Why a file that holds no other records is none itself."""
    if recognised.kind is Kind.BINARY:
        return Refusal("binary", f"looks like {recognised.name}")
    if recognised.kind is Kind.OTHER_TEXT:
        return Refusal("unknown_type", f"{recognised.name}, which holds no articles")
    if not content.strip():
        return Refusal("empty", "nothing but blanks")
    seen = decode(content[:HEAD_BYTES], form) if b"\0" in content[:HEAD_BYTES] else None
    return seen if isinstance(seen, Refusal) else None

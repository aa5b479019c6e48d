"""A function of bytes for every parser: whatever the bytes, nothing is raised but what the parser promises to raise."""

from __future__ import annotations

import dataclasses
import os
import tomllib
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from tests.fuzz.seeds import FEED, FILES, JSONL, LD, MAIL, PAGE, PAGE_DATA, WARC

from copydesk.article import Article, Block, Form, RawRecord, RecordField, Refusal, Source
from copydesk.encoding import decode, repair_text
from copydesk.errors import ContractError, UsageError
from copydesk.extraction import extract, extract_fragment
from copydesk.extraction.plain import split
from copydesk.metadata import describe, read_page
from copydesk.metadata.dates import parse_date, parse_epoch, parse_partial, split_modified
from copydesk.metadata.names import parse_byline
from copydesk.metadata.prefixes import strip_prefix
from copydesk.metadata.urls import date_of_url, url_key
from copydesk.pipeline import examine
from copydesk.reading import read_data
from copydesk.reading.names import printable
from copydesk.reading.sources import parse_sources
from copydesk.settings import ReadingSettings, Settings
from copydesk.settings_file import parse_settings
from copydesk.state.serial import decode_article, encode_article
from copydesk.stores.address import parse_location
from copydesk.workers.wire import decode_value, encode_value, unpack
from copydesk.writing.manifest import parse_manifest
from copydesk.writing.pointer import parse_pointer

SMALL = Settings(
    reading=ReadingSettings(
        max_record_bytes=100_000, max_unpacked_bytes=1_000_000, max_members=50, max_container_bytes=500_000
    )
)


@dataclass(frozen=True, slots=True)
class Target:
    """What is fed, and what it is fed with at first."""

    feed: Callable[[bytes], object]
    seeds: tuple[bytes, ...]


def check_records(records: list[RawRecord]) -> None:
    """What holds for the records of any file."""
    assert records
    assert len({record.article_id for record in records}) == len(records)
    for record in records:
        assert is_harmless(record.source.path)
        assert (record.content == "") == (record.refusal is not None)
        assert decode_value(encode_value(record)) == record
        if record.refusal is not None:
            assert "\n" not in str(record.refusal)


def is_harmless(path: str) -> bool:
    """Whether a path breaks no line and turns nothing around. Spaces of other widths are part of names people give."""
    return all(char.isprintable() or unicodedata.category(char) == "Zs" for char in path)


def feed_file(name: str) -> Callable[[bytes], None]:
    """Read bytes as a file of this name."""

    def feed(data: bytes) -> None:
        check_records(list(read_data(data, name, SMALL)))

    return feed


def feed_record(form: Form) -> Callable[[bytes], None]:
    """Examine bytes as one record: everything that happens before the whole corpus is looked at."""

    def feed(data: bytes) -> None:
        stated = (RecordField("url", "https://x.example/a", "url"),)
        article = examine(RawRecord("id", Source("a", 0, None), form, data, stated), SMALL)
        assert not article.reason.startswith("failed"), article.reason
        assert decode_article(encode_article(article)) == article
        article.text.encode()

    return feed


def feed_page(data: bytes) -> None:
    """Take a page apart and read what it states."""
    extraction = extract(text_of(data), SMALL, url="https://x.example/a")
    if extraction.tree is not None:
        read_page(extraction.tree, extraction.classes)


def feed_json_ld(data: bytes) -> None:
    """Read a page that states these bytes about itself."""
    feed_page(b'<!doctype html><html><head><script type="application/ld+json">' + data + b"</script></head>"
              b"<body><p>One.</p></body></html>")  # fmt: skip


def feed_page_data(data: bytes) -> None:
    """Read a page that shows nothing and holds these bytes as data."""
    scripts = b"<script>window.a = " + data + b"</script><script type='application/json'>" + data + b"</script>"
    feed_page(b"<!doctype html><html><head><title>The ferry is back | Post</title></head><body>" + scripts)


def feed_fields(data: bytes) -> None:
    """Read bytes as each field that a record may state."""
    text = text_of(data).encode("utf-8", "replace").decode()
    names = ("title", "authors", "outlet", "published", "modified", "url", "section", "tags", "language", "deck")
    fields = tuple(RecordField(name, text, name) for name in names)
    describe(Article("id", Source("a", 0, None), split(text)), fields, (), SMALL)


def feed_printed(data: bytes) -> None:
    """Read bytes as what outlets print: dates, bylines, addresses."""
    text = text_of(data)
    for read in (parse_date, parse_epoch, parse_partial, split_modified, parse_byline, strip_prefix):
        read(text)
    for read_url in (url_key, date_of_url):
        read_url(text)


def feed_text(data: bytes) -> None:
    """Decode, repair and split."""
    for form in Form:
        decoded = decode(data, form)
        if not isinstance(decoded, Refusal):
            split(repair_text(decoded.text).text)
            extract_fragment(decoded.text)


def feed_sources(data: bytes) -> None:
    """Read what somebody says about files; no path climbs out of its folder."""
    for name in (b"in/sources.csv", b"in/sources.jsonl"):
        stated = parse_sources(data, name)
        assert isinstance(stated, Refusal) or all(path.startswith(b"in/") for path in stated)


def feed_settings(data: bytes) -> None:
    """Read settings: wrong ones are named."""
    try:
        dataclasses.asdict(parse_settings(tomllib.loads(data.decode()), "fuzz.toml"))
    except (UsageError, tomllib.TOMLDecodeError, UnicodeDecodeError):
        return


def feed_ours(data: bytes) -> None:
    """Read what only we write: anything else is refused with the error that says so."""
    for read in (decode_article, decode_value, lambda data: list(unpack(data))):
        refused_with((ValueError, TypeError), read, data)
    for parse in (parse_manifest, parse_pointer):
        refused_with((ContractError,), lambda data, parse=parse: parse(data, "x"), data)
    refused_with((UsageError,), parse_location, os.fsdecode(data))
    assert is_harmless(printable(data))


def refused_with(errors: tuple[type[Exception], ...], read: Callable[..., object], data: object) -> None:
    """Read; these errors are as good as a result."""
    try:
        read(data)
    except errors:
        return


def text_of(data: bytes) -> str:
    """The bytes as text, half characters and all."""
    return data.decode("utf-8", "surrogateescape")


ARTICLE = Article("id", Source("a.txt", 0, "00"), (Block("One."),))
TARGETS = {
    **{f"file-{name}": Target(feed_file(name), (seed, *FILES.values())) for name, seed in FILES.items()},
    "record-html": Target(feed_record(Form.HTML), (PAGE, FILES["a.txt"])),
    "record-text": Target(feed_record(Form.TEXT), (FILES["a.txt"], MAIL)),
    "page": Target(feed_page, (PAGE, FEED)),
    "json-ld": Target(feed_json_ld, (LD, b'{"@type": "Article", "author": "A"}')),
    "page-data": Target(feed_page_data, (PAGE_DATA, LD)),
    "fields": Target(feed_fields, (b"12 March 2024", b"By Ines Moreau, Harbour Post", b"https://x.example/2024/03/12/a")),
    "printed": Target(feed_printed, (b"Tue, 12 Mar 2024 08:00 CET", b"By A. B. and C D, The Post", b"https://x.example/?a=1#b")),
    "text": Target(feed_text, ("naïve café – “yes” â€œno".encode(), "ä".encode("utf-16"), b"\x93caf\xe9\x94", WARC)),
    "sources": Target(feed_sources, (b"path,outlet\na.txt,The Post\n", b'{"path": "a.txt", "url": "https://x.example"}\n')),
    "settings": Target(feed_settings, (b"[duplicates]\nnear_jaccard = 0.6\n", b"[contamination]\ntheme = ['a']\n")),
    "ours": Target(
        feed_ours,
        (encode_article(ARTICLE), encode_value(Refusal("a", "b")), b"R" + b"\0" * 8, JSONL, b"s3://bucket/a?region=x"),
    ),
}  # fmt: skip
"""Every parser of something that may come from outside, by a name for the command line."""

"""WARC files."""

from __future__ import annotations

import gzip
import tracemalloc
import zlib
from pathlib import Path

import pyarrow as pa

from copydesk.article import Form, RawRecord
from copydesk.reading import find_files, read_data, read_records
from copydesk.settings import ReadingSettings, Settings


def record(kind: str, url: str, block: bytes) -> bytes:
    """One WARC record."""
    head = f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {url}\r\nWARC-Date: 2024-03-04T10:00:00Z\r\n"
    return head.encode() + f"Content-Length: {len(block)}\r\n\r\n".encode() + block + b"\r\n\r\n"


def http(body: bytes, *headers: str, status: str = "200 OK") -> bytes:
    """One HTTP response."""
    lines = [f"HTTP/1.1 {status}", *(headers or ("Content-Type: text/html",))]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


PAGE = "<html><p>Die Brücke ist zu.</p></html>"


def read(data: bytes, name: str = "a.warc") -> list[RawRecord]:
    """The records in a WARC file."""
    return list(read_data(data, name, Settings()))


def test_responses_are_records_with_address_and_time() -> None:
    """Responses only; the transport's charset counts."""
    response = http(PAGE.encode("cp1252"), "Content-Type: text/html; charset=ISO-8859-1")
    data = (
        record("warcinfo", "", b"software: x\r\n")
        + record("request", "https://x.example/a", b"GET / HTTP/1.1\r\n\r\n")
        + record("response", "https://x.example/a", response)
    )
    (found,) = read(data)
    assert (found.form, found.content, found.source.encoding) == (Form.HTML, PAGE, "windows-1252")
    assert [(f.field, f.value) for f in found.fields] == [
        ("url", "https://x.example/a"),
        ("fetched_at", "2024-03-04T10:00:00Z"),
    ]


def test_codings_of_the_body_are_undone() -> None:
    """Chunked, gzip, deflate and zstd, whether the archive kept them or only the header that says so."""
    body = PAGE.encode()
    chunked = b"".join(b"%x;a=b\r\n%s\r\n" % (len(part), part) for part in (body[:10], body[10:])) + b"0\r\n\r\n"
    raw = zlib.compressobj(wbits=-15)
    blocks = [
        http(chunked, "Content-Type: text/html", "Transfer-Encoding: chunked"),
        http(body, "Content-Type: text/html", "Transfer-Encoding: chunked", "Content-Encoding: gzip"),
        http(gzip.compress(body), "Content-Type: text/html", "Content-Encoding: gzip"),
        http(zlib.compress(body), "Content-Type: text/html", "Content-Encoding: deflate"),
        http(raw.compress(body) + raw.flush(), "Content-Type: text/html", "Content-Encoding: deflate"),
        http(pa.compress(body, "zstd", asbytes=True), "Content-Type: text/html", "Content-Encoding: zstd"),
    ]
    found = read(b"".join(record("response", "https://x.example/", block) for block in blocks))
    assert [r.content for r in found] == [PAGE] * len(blocks)


def test_responses_that_are_no_pages_are_refusals() -> None:
    """Pictures, redirects and what can't be unpacked have their reasons, and the page behind them is read."""
    blocks = [
        http(b"\x89PNG", "Content-Type: image/png"),
        http(b"", "Location: /b", status="301 Moved"),
        http(b"\x1f\x8b\x08broken", "Content-Type: text/html"),
        http(b"\x1b\x00\x00", "Content-Type: text/html", "Content-Encoding: br"),
        http(b" "),
        b"nonsense",
        http(PAGE.encode()),
    ]
    found = read(b"".join(record("response", "https://x.example/", block) for block in blocks))
    codes = [r.refusal and r.refusal.code for r in found]
    assert codes == ["unknown_type", "http_status", "broken", "broken", "empty", "invalid_warc", None]


def test_file_that_ends_early_or_is_damaged_gives_what_stood_before() -> None:
    """The loss is one refusal."""
    one = record("response", "https://x.example/", http(PAGE.encode()))
    for data, code in [
        (one + one[:-30], "truncated"),
        (one + one[:40], "truncated"),
        (one + b"nonsense" + one, "invalid_warc"),
        (one + one.replace(b"Content-Length: ", b"Content-Length: -"), "invalid_warc"),
    ]:
        assert [r.refusal and r.refusal.code for r in read(data)] == [None, code]


def test_packed_warc_is_read_in_constant_memory(tmp_path: Path) -> None:
    """Members of a .warc.gz are unpacked one after the other: 40 MB within 4."""
    page = ("<html><p>" + "word " * 4_000 + "</p></html>").encode()
    member = gzip.compress(record("response", "https://x.example/", http(page)))
    (tmp_path / "a.warc.gz").write_bytes(member * 2_000)
    (file,) = find_files(tmp_path, Settings())
    tracemalloc.start()
    count = sum(1 for _ in read_records(tmp_path, file, Settings()))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 2_000
    assert peak < 4_000_000


def test_conversion_records_are_texts() -> None:
    """A WET file holds the text that somebody took out of each page, with its address and time."""
    text = "Ice is back\nThe lake froze on Monday."
    head = "WARC/1.0\r\nWARC-Type: conversion\r\nWARC-Target-URI: https://x.example/a\r\nContent-Type: text/plain\r\n"
    data = head.encode() + f"Content-Length: {len(text)}\r\n\r\n".encode() + text.encode() + b"\r\n\r\n"
    (found,) = read(record("warcinfo", "", b"software: x\r\n") + data, "a.warc.wet")
    assert (found.form, found.content) == (Form.TEXT, text)
    assert ("url", "https://x.example/a") in [(f.field, f.value) for f in found.fields]


def test_brotli_is_undone_and_bounded() -> None:
    """A body packed with brotli is read; a damaged one, and one that grows too large, are refused."""
    headers = ("Content-Type: text/html", "Content-Encoding: br")
    packed = bytes(pa.Codec("brotli").compress(PAGE.encode(), asbytes=True))
    (found,) = read(record("response", "https://x.example/a", http(packed, *headers)))
    assert found.content == PAGE
    (damaged,) = read(record("response", "https://x.example/a", http(b"\xffno brotli", *headers)))
    assert damaged.refusal is not None
    assert damaged.refusal.code == "broken"
    limits = Settings(reading=ReadingSettings(max_record_bytes=10_000))
    bomb = bytes(pa.Codec("brotli").compress(b"a" * 1_000_000, asbytes=True))
    (large,) = read_data(record("response", "https://x.example/a", http(bomb, *headers)), "a.warc", limits)
    assert large.refusal is not None
    assert large.refusal.code == "bomb"

"""Input that means harm, made by code: whatever the bytes, there is a record, and none of it breaks anything."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import tarfile
import zipfile

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from copydesk.article import RawRecord
from copydesk.reading import read_data
from copydesk.settings import ReadingSettings, Settings

SMALL = Settings(
    reading=ReadingSettings(
        max_record_bytes=100_000, max_unpacked_bytes=1_000_000, max_members=50, max_container_bytes=500_000
    )
)

NAMES = [
    *("a", "a.txt", "a.html", "a.json", "a.jsonl", "a.csv", "a.tsv", "a.parquet", "a.xml", "a.eml", "a.mhtml"),
    *("a.warc", "a.gz", "a.zip", "a.tar", "a.bz2", "a.xz", "a.zst", "sources.csv"),
]


def parquet() -> bytes:
    """A small table."""
    target = io.BytesIO()
    pq.write_table(pa.table({"title": ["A", "B"], "text": ["One.", "Two."]}), target)
    return target.getvalue()


def zipped() -> bytes:
    """A small ZIP archive."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", "One.")
        archive.writestr("b.jsonl", '{"text": "Two."}')
    return target.getvalue()


def tarred() -> bytes:
    """A small tar archive."""
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w") as archive:
        info = tarfile.TarInfo("a.txt")
        info.size = 4
        archive.addfile(info, io.BytesIO(b"One."))
    return target.getvalue()


JSONL = b'{"title": "A", "text": "One."}\n{"title": "B", "html": "<p>Two.</p>"}\n'
WARC = (
    b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://x.example/\r\nContent-Length: 70\r\n\r\n"
    b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>One.</p>\r\n\r\n\r\n"
)
MAIL = (
    b"From: A <a@x.example>\r\nSubject: =?utf-8?q?A=C3=A9?=\r\nMIME-Version: 1.0\r\nMessage-ID: <1@x>\r\n"
    b"Content-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nOne.\r\n--b--\r\n"
)
FEED = b"<rss><channel><title>P</title><item><title>A</title><description>One.</description></item></channel></rss>"

WHOLE = {
    "a.jsonl": JSONL,
    "a.json": b'[{"title": "A", "text": "One."}, {"text": "Two."}]',
    "b.json": b'{"articles": [{"title": "A", "text": "One."}, {"text": "Two."}]}',
    "a.csv": b'title,text\nA,"One,\ntwo."\nB,Three\n',
    "a.parquet": parquet(),
    "a.xml": FEED,
    "a.eml": MAIL,
    "a.warc": WARC,
    "a.zip": zipped(),
    "a.tar": tarred(),
    "a.gz": gzip.compress(JSONL),
    "a.bz2": bz2.compress(JSONL),
    "a.xz": lzma.compress(JSONL),
    "a.zst": bytes(pa.compress(JSONL, "zstd", asbytes=True)),
    "a.html": b"<!DOCTYPE html><html><head><meta charset=utf-8></head><body><p>One.</p></body></html>",
}


def check(records: list[RawRecord]) -> None:
    """What holds for the records of any file."""
    assert records
    assert len({record.article_id for record in records}) == len(records)
    for record in records:
        assert record.source.path.isprintable()
        assert (record.content == "") == (record.refusal is not None)
        if isinstance(record.content, str):
            record.content.encode()
        for field in record.fields:
            field.value.encode()
        if record.refusal is not None:
            str(record.refusal).encode()
            assert "\n" not in str(record.refusal)


@settings(deadline=None)
@given(st.binary(max_size=600), st.sampled_from(NAMES))
def test_any_bytes_under_any_name(data: bytes, name: str) -> None:
    """Random bytes are a record, readable or refused."""
    check(list(read_data(data, name, SMALL)))


@settings(deadline=None)
@given(st.text(max_size=300), st.sampled_from(NAMES))
def test_any_text_under_any_name(text: str, name: str) -> None:
    """Random text is a record, readable or refused."""
    check(list(read_data(text.encode("utf-8", "surrogatepass"), name, SMALL)))


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(sorted(WHOLE)), st.data())
def test_damaged_containers(name: str, data: st.DataObject) -> None:
    """Containers with bytes changed, cut out or put in, under their own or another's name."""
    content = bytearray(WHOLE[name])
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(content)))
        until = at + data.draw(st.integers(0, 8))
        content[at:until] = data.draw(st.binary(max_size=8))
    check(list(read_data(bytes(content), data.draw(st.sampled_from([name, *NAMES])), SMALL)))


KEYS = st.sampled_from(["text", "title", "html", "authors", "source", "meta", "items", "a"])
VALUES = st.recursive(
    st.none() | st.floats() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
)


@settings(deadline=None)
@given(VALUES)
def test_any_json(value: object) -> None:
    """Any JSON value, whatever stands where a text or a name is expected."""
    content = json.dumps(value).encode()
    check(list(read_data(content, "a.json", SMALL)))
    check(list(read_data(content + b"\n" + content, "a.jsonl", SMALL)))


LONG = 100_000


@pytest.mark.parametrize(
    "unit",
    [
        *(
            "<",
            "<!--",
            "<meta ",
            "<meta charset=",
            "<script",
            "<?xml ",
            "</p",
            "&",
            "&amp",
            "[",
            "{",
            '{"a":',
            '"',
            "'",
        ),
        *("\\", ",", ";", "\t", " ", "\n", "\r", "a", "â€", "Ã", "â", "\u200d", "\u200c", "\xad", "\ufeff", "-\n", "%"),
        *("From: a\n", "=?utf-8?q?", "WARC/1.0\r\n", "title,", "Content-Type: ", "<rss>", "<item>", "<!DOCTYPE ["),
    ],
)
@pytest.mark.parametrize("name", ["a.txt", "a.html", "a.json", "a.jsonl", "a.csv", "a.xml", "a.eml", "a.warc"])
def test_one_thing_a_hundred_thousand_times(unit: str, name: str) -> None:
    """No text makes a reader go slow: each of these takes hours where a regular expression isn't linear."""
    whole = Settings(reading=ReadingSettings(max_record_bytes=2 * LONG * len(unit)))
    check(list(read_data((unit * (LONG // len(unit))).encode(), name, whole)))


def test_zip_that_overlaps_itself_is_a_bomb() -> None:
    """Many members that all unpack the same bytes are stopped by what they come to together."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(40):
            archive.writestr(f"{number}.txt", b"a" * 90_000)
    records = list(read_data(target.getvalue(), "a.zip", SMALL))
    check(records)
    assert [r.refusal and r.refusal.code for r in records[-2:]] == [None, "bomb"]
    assert len(records) < 15


def test_parquet_that_says_it_is_huge_is_not_read() -> None:
    """A table of a few kilobytes that unpacks to more than is allowed is refused before anything is unpacked."""
    target = io.BytesIO()
    pq.write_table(pa.table({"text": ["a" * 1_000] * 5_000}), target, use_dictionary=False, compression="zstd")
    (record,) = read_data(target.getvalue(), "a.parquet", SMALL)
    assert record.refusal is not None
    assert record.refusal.code == "bomb"


def test_parquet_that_repeats_one_long_string_is_read_row_by_row() -> None:
    """A file of some kilobytes that stands for gigabytes: each row is a record, none is held longer than that."""
    target = io.BytesIO()
    table = pa.table({"text": pa.DictionaryArray.from_arrays([0] * 2_000, ["word " * 200_000])})
    pq.write_table(table, target, compression="zstd", dictionary_pagesize_limit=1 << 24)
    assert len(target.getvalue()) < 100_000
    before = pa.total_allocated_bytes()
    records = read_data(target.getvalue(), "a.parquet", Settings())
    for _ in range(100):
        assert len(next(records).content) == 1_000_000
    assert pa.total_allocated_bytes() - before < 50_000_000

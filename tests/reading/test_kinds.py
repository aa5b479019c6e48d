"""What a file is, by content first and name second."""

from __future__ import annotations

import pytest

from copydesk.reading.kinds import Kind, is_ignored, starts_like_markup, tell_kind
from copydesk.reading.names import printable


@pytest.mark.parametrize(
    ("head", "name", "kind"),
    [
        (b"Prices rise\n\nBread costs more.", "a.txt", Kind.TEXT),
        (b"Prices rise", "noname", Kind.TEXT),
        (b"Prices rise", "paper.com_2024_story", Kind.TEXT),
        (b"\xef\xbb\xbf<!doctype HTML><html>", "a.txt", Kind.HTML),
        (b"  \n<!-- saved --><html>", "a", Kind.HTML),
        (b'<?xml version="1.0"?>\n<!DOCTYPE html><html xmlns="x">', "a.xhtml", Kind.HTML),
        (b"<p>Prices rise.</p>", "a.txt", Kind.HTML),
        (b"Prices rise.", "a.html", Kind.HTML),
        (b"<html>", "dump.csv", Kind.HTML),
        (b"<html>", "dump.json", Kind.HTML),
        (b"3 < 4", "a.txt", Kind.TEXT),
        (b'{"text": "a"}', "a", Kind.JSON),
        (b'{"text": "a"}', "a.jsonl", Kind.JSONL),
        (b'{"text": "a"}\n{"text": "b"}', "a", Kind.JSONL),
        (b'{\n "text": "a"\n}', "a.jsonl", Kind.JSON),
        (b'{"text": "brok\n{"text": "b"}', "a.jsonl", Kind.JSONL),
        (b'{"text": "brok\n{"text": "b"}\n', "a.json", Kind.JSONL),
        (b'{"a":\n{"text": "b"}\n}', "a.json", Kind.JSON),
        (b'{\n"a": {"text": "b"}\n}', "a.json", Kind.JSON),
        (b'[{"text": "a"}]', "a.txt", Kind.JSON),
        (b"[Reuters] Prices rise", "a.txt", Kind.TEXT),
        (b'["Prices rise," he said]', "a.txt", Kind.TEXT),
        (b'{"Prices rise"} he said', "a.txt", Kind.TEXT),
        (b"title,text\n", "a.csv", Kind.CSV),
        (b"title\ttext\n", "a.tsv", Kind.CSV),
        (b"PAR1\x15\x04", "a", Kind.PARQUET),
        (b'<?xml version="1.0"?><rss>', "a", Kind.XML),
        (b"<feed xmlns='x'>", "a.atom", Kind.XML),
        (b"WARC/1.1\r\n", "a", Kind.WARC),
        (b"From: a\nSubject: b\nMessage-ID: <c>\n\nText", "a", Kind.EMAIL),
        (b"Title: a\nAuthor: b\nDate: c\n\nText", "a.txt", Kind.TEXT),
        (b"\x1f\x8b\x08", "a.txt", Kind.GZIP),
        (b"PK\x03\x04", "a.txt", Kind.ZIP),
        (b"BZh9", "a", Kind.BZIP2),
        (b"\xfd7zXZ\x00", "a", Kind.XZ),
        (b"\x28\xb5\x2f\xfd", "a", Kind.ZSTD),
        (b"a" * 257 + b"ustar", "a", Kind.TAR),
        (b"body { margin: 0 }", "style.css", Kind.OTHER_TEXT),
        (b"\xff\xd8\xff\xe0", "photo.txt", Kind.BINARY),
        (b"", "a.jsonl", Kind.JSONL),
        (b"", "", Kind.TEXT),
    ],
)
def test_kind_of_a_file(head: bytes, name: str, kind: Kind) -> None:
    """The first bytes decide; where they say nothing, the name does."""
    assert tell_kind(head, name).kind is kind


def test_packed_name_says_what_is_inside() -> None:
    """Once it is unpacked, `a.csv.gz` is read as the CSV it is named."""
    assert tell_kind(b"title,text\n", "a.csv.gz").kind is Kind.CSV
    assert tell_kind(b"Text", "a.gz").kind is Kind.TEXT


@pytest.mark.parametrize(
    ("name", "ignored"),
    [
        *((".DS_Store", True), (".gitkeep", True), ("Thumbs.db", True), ("README.md", True), ("readme", True)),
        *(("story.txt~", True), ("~$story.docx", True), ("__MACOSX", True), ("desktop.ini", True)),
        *(("readme-of-the-day.txt", False), ("story.txt", False), ("~tilde.txt", False), ("", False)),
    ],
)
def test_names_that_nobody_means(name: str, ignored: bool) -> None:
    """Leftovers of systems and editors are no records; a name that only resembles one is."""
    assert is_ignored(name) is ignored


@pytest.mark.parametrize(
    ("text", "markup"),
    [
        ("<p>One.</p>", True),
        ("  <div class='a'>", True),
        ("One.<br>Two.<br />", True),
        ("One.</p> <p>Two.</p>", True),
        ("One <br> alone", False),
        ("<3 love", False),
        ("<Reuters> Prices rise", False),
        ("", False),
    ],
)
def test_text_that_is_markup(text: str, markup: bool) -> None:
    """A tag at the start or several inside; signs of comparison are none."""
    assert starts_like_markup(text) is markup


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        (b"plain.txt", "plain.txt"),
        ("Ærø/日本.txt".encode(), "Ærø/日本.txt"),
        (b"\xff\xfe.txt", "\\xff\\xfe.txt"),
        (b"back\\slash", "back\\x5cslash"),
        (b"tab\tline\n", "tab\\x09line\\x0a"),
        ("turned\u202e".encode(), "turned\\u202e"),
        ("joined\u200d".encode(), "joined\\u200d"),
        ("\U000e0041".encode(), "\\U000e0041"),
        (b"", ""),
    ],
)
def test_names_are_printable_and_stay_different(name: bytes, shown: str) -> None:
    """Whatever can't be seen is escaped; what can, stays."""
    assert printable(name) == shown

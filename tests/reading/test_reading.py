"""What lies in a raw folder and what becomes of it, through the two public functions."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import os
import socket
import tarfile
import tempfile
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from copydesk.article import Form, RawRecord
from copydesk.errors import UsageError
from copydesk.reading import find_files, read_data, read_records
from copydesk.settings import ReadingSettings, Settings

DEFAULTS = Settings()
ARTICLE = {"headline": "Ferry returns", "text": "The ferry to Marholm sails again.", "author": ["Ida Krog", "Per Lund"]}


def read_all(raw: Path, settings: Settings = DEFAULTS) -> list[RawRecord]:
    """Every record of a folder in order."""
    return [record for file in find_files(raw, settings) for record in read_records(raw, file, settings)]


def refusals(raw: Path, settings: Settings = DEFAULTS) -> dict[str, str | None]:
    """The refusal code by path."""
    return {r.source.path: r.refusal and r.refusal.code for r in read_all(raw, settings)}


def packed(**members: bytes) -> bytes:
    """A ZIP archive; `__` in a name stands for a dot."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "."), content)
    return target.getvalue()


def test_text_file_is_one_record_of_its_bytes(tmp_path: Path) -> None:
    """A text file gives its bytes as they are, with their digest."""
    (tmp_path / "a.txt").write_bytes("Ærø\r\n".encode("cp1252"))
    (record,) = read_all(tmp_path)
    assert (record.content, record.form, record.source.path, record.refusal) == (
        b"\xc6r\xf8\r\n",
        Form.TEXT,
        "a.txt",
        None,
    )
    assert record.source.sha256 is not None
    assert len(record.source.sha256) == 64


@pytest.mark.parametrize("name", ["a.html", "a.htm", "a.xhtml", "a.txt", "a", "story.php"])
def test_page_is_told_by_its_content(tmp_path: Path, name: str) -> None:
    """What begins as a page does is one, whatever its name."""
    (tmp_path / name).write_bytes(b"<!DOCTYPE html><html><p>One.</p></html>")
    assert read_all(tmp_path)[0].form is Form.HTML


def test_json_object_is_one_record_with_its_fields(tmp_path: Path) -> None:
    """An object is an article: its text is the content, the rest are fields under the project's names."""
    (tmp_path / "a.json").write_text(json.dumps(ARTICLE, indent=1), encoding="utf-8")
    (record,) = read_all(tmp_path)
    assert record.content == ARTICLE["text"]
    assert [(f.field, f.value, f.key) for f in record.fields] == [
        ("title", "Ferry returns", "headline"),
        ("authors", "Ida Krog", "author"),
        ("authors", "Per Lund", "author"),
    ]


@pytest.mark.parametrize(
    "whole",
    [
        json.dumps([ARTICLE, ARTICLE | {"text": "Two."}]),
        json.dumps({"status": "ok", "articles": [ARTICLE, ARTICLE | {"text": "Two."}]}),
        json.dumps({"response": {"docs": [ARTICLE, ARTICLE | {"text": "Two."}]}}, indent=2),
        json.dumps({"id1": ARTICLE, "id2": ARTICLE | {"text": "Two."}}),
        json.dumps({"hits": {"hits": [{"_source": ARTICLE}, {"_source": ARTICLE | {"text": "Two."}}]}}),
        json.dumps(ARTICLE) + "\n" + json.dumps(ARTICLE | {"text": "Two."}),
        json.dumps(ARTICLE, indent=1) + "\n" + json.dumps(ARTICLE | {"text": "Two."}, indent=1),
    ],
    ids=["list", "articles", "docs", "by id", "hits", "lines", "one after the other"],
)
def test_list_of_articles_is_found_wherever_it_lies(whole: str) -> None:
    """A list of objects, a list somewhere in an object, objects by id, and lines: one record each."""
    records = list(read_data(whole.encode(), "dump.json", DEFAULTS))
    assert [r.content for r in records] == [ARTICLE["text"], "Two."]
    assert [r.source.record for r in records] == [0, 1]


def test_object_with_text_and_related_links_is_one_article() -> None:
    """Lists in an object that has a text itself are its links and pictures, not records."""
    content = json.dumps(ARTICLE | {"related": [{"title": "Other", "text": "Read this as well."}] * 3}).encode()
    assert len(list(read_data(content, "a.json", DEFAULTS))) == 1


def test_json_lines_broken_in_one_line_lose_that_line_only() -> None:
    """Invalid JSON on one line of many is one refusal that names the line."""
    lines = [json.dumps({"text": f"Text {n}."}) for n in range(5)]
    lines[2] = '{"text": "broken'
    records = list(read_data("\n".join(lines).encode(), "a.jsonl", DEFAULTS))
    assert [r.content for r in records] == ["Text 0.", "Text 1.", "", "Text 3.", "Text 4."]
    assert records[2].refusal is not None
    assert records[2].refusal.code == "invalid_json"
    assert "line 3" in records[2].refusal.detail


def test_first_json_line_may_be_the_broken_one() -> None:
    """A broken first line doesn't make the file something else."""
    records = list(read_data(b'{"text": "brok\n{"text": "Two."}\n{"text": "Three."}\n', "a.jsonl", DEFAULTS))
    assert [r.refusal and r.refusal.code for r in records] == ["invalid_json", None, None]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (b'{"title": "No text"}', "no_text"),
        (b'{"text": " "}', "no_text"),
        (b'{"text": NaN}', "no_text"),
        (b"[1]", "no_object"),
        (b'"a"', "no_object"),
        (b'{"text": "a", "text": "b"}', "duplicate_keys"),
        (b'{"a":' * 50_000, "too_deep"),
        (b"[" * 50_000, "too_deep"),
        (b'{"text": 1' + b"0" * 5_000 + b"}", "invalid_json"),
        (b"\x89PNG", "unknown_encoding"),
    ],
)
def test_bad_json_line_is_refused_by_cause(line: bytes, code: str) -> None:
    """Each fault of a line has its own code, and the line behind it is read."""
    records = list(read_data(b'{"text": "One."}\n' + line + b'\n{"text": "Three."}\n', "a.jsonl", DEFAULTS))
    assert [r.refusal and r.refusal.code for r in records] == [None, code, None]


def test_nan_in_a_field_is_a_missing_value() -> None:
    """Python and pandas write NaN for what is missing: the article is kept, the field isn't there."""
    (record,) = read_data(b'{"text": "One.", "author": NaN, "title": "A"}\n', "a.jsonl", DEFAULTS)
    assert (record.content, [f.field for f in record.fields]) == ("One.", ["title"])


def test_half_a_surrogate_pair_can_be_stored() -> None:
    """A lone surrogate becomes U+FFFD, in the text, in fields, and whatever the container."""
    for name, data in [
        ("a.jsonl", b'{"text": "a\\ud83d", "title": "\\udc00"}\n'),
        ("a.json", b'[{"text": "a\\ud83d", "title": "\\udc00"}]'),
    ]:
        (record,) = read_data(data, name, DEFAULTS)
        assert record.content == "a\ufffd"
        assert record.fields[0].value == "\ufffd"


@pytest.mark.parametrize("name", ["a.json", "a.jsonl"])
@pytest.mark.parametrize("encoding", ["cp1252", "utf-8", "utf-16", "utf-8-sig"])
def test_json_in_other_encodings(name: str, encoding: str) -> None:
    """JSON is UTF-8 by its standard, but not always in fact."""
    text = "Die Bürgermeisterin erklärte, die Brücke über die Wümme müsse größer werden."
    items = [json.dumps({"text": text}, ensure_ascii=False)] * 2
    whole = "[" + ",\n".join(items) + "]" if name == "a.json" else "\n".join(items)
    assert [r.content for r in read_data(whole.encode(encoding), name, DEFAULTS)] == [text, text]


def test_stray_byte_in_a_list_is_windows_1252() -> None:
    """One byte of another encoding in a UTF-8 list is what it was meant to be."""
    data = '[{"text": "größer – it'.encode() + b"\x92" + b's"}]'
    assert next(iter(read_data(data, "a.json", DEFAULTS))).content == "größer – it’s"


def test_equal_lines_get_ids_of_their_own_and_keep_them() -> None:
    """Ids don't depend on the line's number, only on what is said and how often before."""
    one, two = b'{"text": "One."}\n', b'{"text": "Two."}\n'
    before = [r.article_id for r in read_data(one + one, "a.jsonl", DEFAULTS)]
    after = [r.article_id for r in read_data(two + one + one, "a.jsonl", DEFAULTS)]
    assert len(set(before)) == 2
    assert after[1:] == before


def test_csv_with_large_fields_any_delimiter_and_a_mark() -> None:
    """Fields of a megabyte, line ends inside quotes, semicolons and a byte order mark are all read."""
    text = "One; two,\nthree. " * 60_000
    data = "\ufefftitle;text;author\r\n" + f'A;"{text}";Ida\r\n'
    (record,) = read_data(data.encode(), "a.csv", DEFAULTS)
    assert record.content == text
    assert {f.field: f.value for f in record.fields} == {"title": "A", "authors": "Ida"}


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16", "utf-8-sig", "utf-8"])
def test_csv_in_other_encodings(encoding: str) -> None:
    """The encoding of a table is told as that of any text."""
    data = "title,text\n" + "Größe,Die Bürger müssen über die Brücke nach Ærø fahren.\n" * 3
    records = list(read_data(data.encode(encoding), "a.csv", DEFAULTS))
    assert records[0].content == "Die Bürger müssen über die Brücke nach Ærø fahren."
    assert records[0].fields[0].value == "Größe"


def test_ragged_row_is_refused_and_the_next_is_read() -> None:
    """Too many or too few cells: nobody knows which is which. Empty ones at the end do no harm."""
    data = b"title,text\nA,one\nB\nC,three,more\nD,four,,\n\nE,five\n"
    records = list(read_data(data, "a.csv", DEFAULTS))
    assert [r.refusal and r.refusal.code for r in records] == [None, "ragged_row", "ragged_row", None, None]


def test_second_column_of_a_name_does_not_hide_the_first() -> None:
    """Two columns of one name: the first is the text, as a reader of the table would take it."""
    (record,) = read_data(b"title,text,text\nA,one,two\n", "a.csv", DEFAULTS)
    assert record.content == "one"


def test_spreadsheet_may_name_its_delimiter() -> None:
    """A first line `sep=;` is no header."""
    (record,) = read_data(b"sep=;\ntitle;text\nA;one, two\n", "a.csv", DEFAULTS)
    assert record.content == "one, two"


def test_csv_with_an_open_quote_is_refused_not_swallowed() -> None:
    """A quotation mark that is never closed would make all rows behind it one cell."""
    records = list(read_data(b'title,text\nA,one\nB,"two\nC,three\n', "a.csv", DEFAULTS))
    assert [r.refusal and r.refusal.code for r in records] == [None, "invalid_csv"]


STRAY = 'title\ttext\tdate\nA\tone\t1\nB\t"two\t2\nC\tthree\t3\nD\t{mark}four\t4\nE\tfive\t5\n'


@pytest.mark.parametrize(("mark", "fourth"), [('"', '"four'), ("", "four")])
def test_stray_quotes_swallow_no_rows(mark: str, fourth: str) -> None:
    """In a table that quotes nothing a text may begin with a quotation mark: the rows below stay rows."""
    records = list(read_data(STRAY.format(mark=mark).encode(), "a.tsv", DEFAULTS))
    assert [r.content for r in records] == ["one", '"two', "three", fourth, "five"]
    assert [r.source.record for r in records] == [0, 1, 2, 3, 4]


@pytest.mark.parametrize(
    ("data", "contents"),
    [
        ('title\ttext\nA\t"one\nB\ttwo"\nC\tthree\n', ["one\nB\ttwo", "three"]),
        (
            'title,text\nA,"one, he said\nand "two" she said"\nC,three\n',
            ['one, he said\nand two" she said"', "three"],
        ),
        ('title\ttext\tdate\nA\t"one\nand "two"\tthree"\t1\n', None),
    ],
    ids=["well quoted", "commas", "a line that is no row"],
)
def test_a_quoted_cell_of_several_lines_is_one_row(data: str, contents: list[str] | None) -> None:
    """Where the quoting is sound, or a line can't be a row, the lines of a cell stay together."""
    records = list(read_data(data.encode(), "a.tsv", DEFAULTS))
    if contents is None:
        assert [r.refusal and r.refusal.code for r in records] == ["ragged_row"]
    else:
        assert [r.content for r in records] == contents


def test_csv_with_the_mark_of_a_chinese_encoding() -> None:
    """A mark that says GB 18030 is no part of the first column's name."""
    (record,) = read_data("\ufefftitle,text\n桥,灯亮了。\n".encode("gb18030"), "a.csv", DEFAULTS)
    assert (record.content, record.fields[0].value) == ("灯亮了。", "桥")


def test_csv_about_something_else_is_one_refusal() -> None:
    """A table without a single known column is refused once, not row by row."""
    (record,) = read_data(b"width,height\n1,2\n3,4\n", "a.csv", DEFAULTS)
    assert record.refusal is not None
    assert record.refusal.code == "no_columns"


def test_parquet_rows_are_records(tmp_path: Path) -> None:
    """Each row is a record; times, lists and nulls are fields or none."""
    table = pa.table(
        {"text": ["One.", None], "authors": [["Ida"], []], "date": pa.array([0, None], pa.timestamp("us", "UTC"))}
    )
    pq.write_table(table, tmp_path / "a.parquet")
    first, second = read_all(tmp_path)
    assert first.content == "One."
    assert [(f.field, f.value) for f in first.fields] == [
        ("authors", "Ida"),
        ("published", "1970-01-01T00:00:00+00:00"),
    ]
    assert second.refusal is not None
    assert second.refusal.code == "no_text"


def test_markup_in_a_text_field_is_markup() -> None:
    """The form follows what the field holds; text is preferred to markup where a record has both."""
    records = read_data(
        b'{"content": "<p>One.</p>"}\n{"html": "One."}\n'
        b'{"text": "One.", "html": "<p>Two.</p>"}\n{"text": "", "html": "<p>Two.</p>"}\n',
        "a.jsonl",
        DEFAULTS,
    )
    assert [(r.form, r.content) for r in records] == [
        (Form.HTML, "<p>One.</p>"),
        (Form.HTML, "One."),
        (Form.TEXT, "One."),
        (Form.HTML, "<p>Two.</p>"),
    ]


def test_packed_files_are_unpacked_nested_once(tmp_path: Path) -> None:
    """A .gz keeps its name, members of a .zip get theirs behind the archive's, a .gz in a .zip is unpacked as well."""
    (tmp_path / "a.txt.gz").write_bytes(gzip.compress(b"One."))
    (tmp_path / "b.zip").write_bytes(packed(z__txt=b"Three.", deep__jsonl__gz=gzip.compress(b'{"text": "Two."}\n')))
    assert [(r.source.path, r.content) for r in read_all(tmp_path)] == [
        ("a.txt.gz", b"One."),
        ("b.zip/deep.jsonl.gz", "Two."),
        ("b.zip/z.txt", b"Three."),
    ]


def test_packed_too_often_is_refused() -> None:
    """A packing in a packing in a packing in a packing isn't followed."""
    data = b"One."
    for _ in range(4):
        data = gzip.compress(data)
    (record,) = read_data(data, "a.txt.gz", DEFAULTS)
    assert record.refusal is not None
    assert record.refusal.code == "too_deep"


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.txt", b"", "empty"),
        ("a.txt", b" \n\t", "empty"),
        ("a.json", b"[]", "empty"),
        ("a.jsonl", b"\n\n", "empty"),
        ("a.csv", b"title,text\n", "empty"),
        ("a.txt", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "binary"),
        ("a.html", b"%PDF-1.7\n1 0 obj", "binary"),
        ("a", b"\x7fELF\x02\x01\x01\x00", "binary"),
        ("a.txt", bytes(range(256)) * 20, "binary"),
        ("a.json", b'{"text": ', "invalid_json"),
        ("a.json", b"Not JSON at all", "invalid_json"),
        ("a.json", b'[{"text": "a"', "invalid_json"),
        ("a.parquet", b"PAR1 and then nothing", "invalid_parquet"),
        ("a.txt.gz", gzip.compress(b"One. " * 500)[:-12], "truncated"),
        ("a.txt.gz", gzip.compress(b"One. " * 500)[:-8] + bytes(8), "broken"),
        ("a.zip", packed(a__txt=b"One.")[:-20], "broken"),
        ("style.css", b"p { margin: 0 }", "unknown_type"),
        ("data.xml", b"<?xml version='1.0'?><orders/>", "unknown_type"),
    ],
)
def test_file_that_cannot_be_read_is_one_refusal_with_its_cause(name: str, content: bytes, code: str) -> None:
    """Each kind of bad file is exactly one record that names what is wrong."""
    (record,) = read_data(content, name, DEFAULTS)
    assert record.refusal is not None
    assert (record.refusal.code, record.content) == (code, "")


def test_binary_file_says_what_it_looks_like() -> None:
    """The reason names the format, whatever the file is called."""
    (record,) = read_data(b"%PDF-1.7\n", "story.txt", DEFAULTS)
    assert str(record.refusal) == "binary: looks like a PDF document"


def test_lines_before_the_end_of_a_truncated_file_are_kept() -> None:
    """What could be read of a .gz that ends early is read; the loss is one refusal."""
    lines = b"".join(json.dumps({"text": os.urandom(40).hex()}).encode() + b"\n" for _ in range(3_000))
    records = list(read_data(gzip.compress(lines)[:100_000], "a.jsonl.gz", DEFAULTS))
    assert len(records) > 500
    assert [r.refusal and r.refusal.code for r in records[-2:]] == [None, "truncated"]


def test_member_that_is_broken_or_unsafe_leaves_the_others_alone() -> None:
    """A member's fault is the member's refusal."""
    archive = packed(
        **{"../up__txt": b"Up.", "bad__gz": b"\x1f\x8b\x07nothing", "good__txt": b"One.", "empty__txt": b""}
    )
    codes = {r.source.path: r.refusal and r.refusal.code for r in read_data(archive, "a.zip", DEFAULTS)}
    assert codes == {
        "a.zip/../up.txt": "unsafe_path",
        "a.zip/bad.gz": "broken",
        "a.zip/good.txt": None,
        "a.zip/empty.txt": "empty",
    }


def test_password_is_a_refusal() -> None:
    """An encrypted member can't be read, and says so."""
    archive = bytearray(packed(a__txt=b"One."))
    at = archive.index(b"PK\x01\x02")
    archive[6] |= 1
    archive[at + 8] |= 1
    (record,) = read_data(bytes(archive), "a.zip", DEFAULTS)
    assert record.refusal is not None
    assert record.refusal.code == "encrypted"


def test_two_members_of_one_name_are_two_records() -> None:
    """No member hides another."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("a.txt", "One.")
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr("a.txt", "Two.")
    paths = [r.source.path for r in read_data(target.getvalue(), "a.zip", DEFAULTS)]
    assert paths == ["a.zip/a.txt", "a.zip/a.txt#2"]


def test_office_document_is_no_archive_of_articles() -> None:
    """A .docx is a ZIP archive, but not a folder of files."""
    (record,) = read_data(packed(**{"[Content_Types]__xml": b"<x/>", "word": b"x"}), "a.docx", DEFAULTS)
    assert record.refusal is not None
    assert record.refusal.code == "binary"


def test_bombs_are_stopped_by_the_settings() -> None:
    """Size, ratio and number of members are limits, each with its own code; memory stays small."""
    small = Settings(reading=ReadingSettings(max_record_bytes=10_000, max_unpacked_bytes=1_000_000, max_members=5))
    zeros = gzip.compress(b"a" * 50_000_000)
    tracemalloc.start()
    (bomb,) = read_data(gzip.compress(zeros), "a.jsonl.gz", small)
    (large,) = read_data(gzip.compress(b"a" * 20_000), "a.txt.gz", small)
    (many,) = read_data(packed(**{f"{n}__txt": b"One." for n in range(6)}), "a.zip", small)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [r.refusal and r.refusal.code for r in (bomb, large, many)] == ["bomb", "too_large", "too_many"]
    assert peak < 5_000_000


def test_line_that_is_too_large_is_passed_over() -> None:
    """A gigantic line is one refusal; the next line is read."""
    small = Settings(reading=ReadingSettings(max_record_bytes=1_000))
    records = list(read_data(b'{"text": "' + b"a" * 5_000 + b'"}\n{"text": "Two."}\n', "a.jsonl", small))
    assert [r.refusal and r.refusal.code for r in records] == ["too_large", None]


def test_json_lines_are_read_in_constant_memory(tmp_path: Path) -> None:
    """Memory doesn't grow with the file: 20 MB are read within 3."""
    line = json.dumps({"text": "word " * 2_000}).encode() + b"\n"
    with (tmp_path / "a.jsonl").open("wb") as target:
        for _ in range(2_000):
            target.write(line)
    (file,) = find_files(tmp_path, DEFAULTS)
    tracemalloc.start()
    count = sum(1 for _ in read_records(tmp_path, file, DEFAULTS))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 2_000
    assert peak < 3_000_000


def test_list_of_objects_is_read_in_constant_memory(tmp_path: Path) -> None:
    """A JSON list is taken apart as it is read."""
    item = json.dumps({"text": "word " * 2_000}).encode()
    with (tmp_path / "a.json").open("wb") as target:
        target.write(b"[" + b",\n".join([item] * 1_500) + b"]")
    (file,) = find_files(tmp_path, DEFAULTS)
    tracemalloc.start()
    count = sum(1 for _ in read_records(tmp_path, file, DEFAULTS))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 1_500
    assert peak < 6_000_000


def test_sources_describe_the_files_beside_them(tmp_path: Path) -> None:
    """A sources.csv is evidence for the files it names, in its folder and below, and no record."""
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_bytes(b"One.")
    (tmp_path / "in" / "b.zip").write_bytes(packed(c__txt=b"Two."))
    (tmp_path / "sources.csv").write_text(
        "path,url,outlet,authors\nin/a.txt,https://x.example/a,The Marholm Post,Ida\n", "utf-8"
    )
    (tmp_path / "in" / "sources.jsonl").write_text('{"path": "b.zip/c.txt", "title": "Two"}\n', "utf-8")
    records = {r.source.path: [(f.field, f.value, f.origin) for f in r.fields] for r in read_all(tmp_path)}
    assert records == {
        "in/a.txt": [
            ("url", "https://x.example/a", "sources.csv"),
            ("outlet", "The Marholm Post", "sources.csv"),
            ("authors", "Ida", "sources.csv"),
        ],
        "in/b.zip/c.txt": [("title", "Two", "sources.csv")],
    }


def test_sources_in_an_archive_describe_its_members() -> None:
    """In a packed folder a sources.csv means what it means in an open one."""
    described, sources = b"One.", b"path,outlet\na.txt,The Marholm Post\n"
    zipped = packed(**{"in/a__txt": described, "in/sources__csv": sources})
    for archive in (zipped, tarred({"in/sources.csv": sources, "in/a.txt": described})):
        (record,) = read_data(archive, "a", DEFAULTS)
        assert (record.source.path, record.content) == ("a/in/a.txt", b"One.")
        assert [f.value for f in record.fields] == ["The Marholm Post"]
    codes = [r.refusal and r.refusal.code for r in read_data(packed(a__txt=b"One.", sources__csv=b"x"), "a", DEFAULTS)]
    assert codes == ["invalid_sources", None]


@pytest.mark.parametrize(
    "content", ["outlet\nA\n", "path,outlet\n,A\n", "path,outlet\n../a.txt,A\n", "path,outlet\na.txt\n", ""]
)
def test_sources_that_cannot_be_understood_are_a_refusal(tmp_path: Path, content: str) -> None:
    """A sources.csv without paths, or with ragged rows, is said to be so instead of passed over."""
    (tmp_path / "a.txt").write_bytes(b"One.")
    (tmp_path / "sources.csv").write_text(content, "utf-8")
    assert refusals(tmp_path) == {"a.txt": None, "sources.csv": "invalid_sources"}


def test_files_that_nobody_means_are_no_records(tmp_path: Path) -> None:
    """Dotfiles, notes about the folder and editors' backups are left out; any other file is a record."""
    (tmp_path / ".git").mkdir()
    for name in [".DS_Store", ".gitkeep", "README.md", "Thumbs.db", "a.txt~", ".git/HEAD", "notes.weird"]:
        (tmp_path / name).write_bytes(b"x y z")
    assert list(refusals(tmp_path)) == ["notes.weird"]


def test_links_pipes_and_sockets(tmp_path: Path) -> None:
    """Links are followed inside the raw folder only; what is no file is never opened."""
    raw = tmp_path / "raw"
    (raw / "in").mkdir(parents=True)
    (tmp_path / "secret.txt").write_bytes(b"Secret.")
    (raw / "in" / "a.txt").write_bytes(b"One.")
    (raw / "good").symlink_to("in/a.txt")
    (raw / "out").symlink_to("../secret.txt")
    (raw / "out_folder").symlink_to("..")
    (raw / "gone").symlink_to("nothing")
    (raw / "loop").symlink_to("loop")
    (raw / "folder").symlink_to("in")
    (raw / "device").symlink_to("/dev/zero")
    os.mkfifo(raw / "pipe")
    with socket.socket(socket.AF_UNIX) as plug:
        here = Path.cwd()
        os.chdir(raw)  # a socket's path may have no more than 107 bytes
        try:
            plug.bind("socket")
        finally:
            os.chdir(here)
    assert refusals(raw) == {
        "device": "outside",
        "folder": "linked_folder",
        "gone": "dangling_link",
        "good": None,
        "in/a.txt": None,
        "loop": "link_loop",
        "out": "outside",
        "out_folder": "outside",
        "pipe": "special_file",
        "socket": "special_file",
    }


def test_file_that_is_gone_or_replaced_when_it_is_read(tmp_path: Path) -> None:
    """What was listed may be something else by now: a refusal, no wait, no way out of the folder."""
    raw = tmp_path / "raw"
    raw.mkdir()
    (tmp_path / "secret.txt").write_bytes(b"Secret.")
    for name in ("gone.txt", "link.txt", "pipe.txt"):
        (raw / name).write_bytes(b"One.")
    files = find_files(raw, DEFAULTS)
    for name in ("gone.txt", "link.txt", "pipe.txt"):
        (raw / name).unlink()
    (raw / "link.txt").symlink_to(tmp_path / "secret.txt")
    os.mkfifo(raw / "pipe.txt")
    codes = [record.refusal and record.refusal.code for file in files for record in read_records(raw, file, DEFAULTS)]
    assert codes == ["unreadable", "outside", "special_file"]


def test_file_that_changes_while_it_is_read(tmp_path: Path) -> None:
    """A file that somebody writes to meanwhile isn't believed."""
    path = tmp_path / "a.jsonl"
    path.write_bytes(b'{"text": "One."}\n' * 3)
    (file,) = find_files(tmp_path, DEFAULTS)
    records = read_records(tmp_path, file, DEFAULTS)
    next(records)
    with path.open("ab") as target:
        target.write(b'{"text": "More."}\n')
    assert [r.refusal and r.refusal.code for r in records][-1] == "changed"


def test_permissions_are_a_refusal() -> None:
    """A file or folder that may not be read is one refusal. Root may read everything, so the test stops being root."""
    with tempfile.TemporaryDirectory() as folder:
        raw = Path(folder)
        raw.chmod(0o755)
        (raw / "shut").mkdir(0o000)
        (raw / "b.txt").touch(0o000)
        with not_as_root():
            assert refusals(raw) == {"b.txt": "unreadable", "shut": "unreadable"}
        (raw / "shut").chmod(0o700)


@contextmanager
def not_as_root() -> Iterator[None]:
    """Nobody's rights for a while, if they are root's."""
    user = os.geteuid()
    if user == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(user)


def test_names_of_any_bytes_can_be_printed(tmp_path: Path) -> None:
    """A name that holds controls or direction marks is escaped; the file is read all the same."""
    root = os.fsencode(tmp_path)
    names = {
        b"two\nlines.txt": "two\\x0alines.txt",
        "\u202etxt.a".encode(): "\\u202etxt.a",
    }
    for name in names:
        with open(os.path.join(root, name), "wb") as target:  # noqa: PTH118, PTH123 - Path can't hold such names
            target.write(b"One.")
    records = read_all(tmp_path)
    assert {r.source.path for r in records} == set(names.values())
    assert all(r.content == b"One." for r in records)


def test_a_name_in_another_encoding_is_refused_and_escaped(tmp_path: Path) -> None:
    """A name that isn't UTF-8, or lies in a folder with such a name, is a record whose reason names the byte."""
    folder = os.path.join(os.fsencode(tmp_path), b"stra\xdfe")  # noqa: PTH118 - Path can't hold such names
    os.mkdir(folder)  # noqa: PTH102
    for name in (b"a.txt", b"caf\xe9.txt"):
        with open(os.path.join(folder, name), "wb") as target:  # noqa: PTH118, PTH123
            target.write(b"One.")
    records = read_all(tmp_path)
    assert [r.source.path for r in records] == ["stra\\xdfe/a.txt", "stra\\xdfe/caf\\xe9.txt"]
    assert {r.refusal.code for r in records if r.refusal} == {"name_not_utf8"}
    assert "byte df" in str(records[0].refusal)


def test_order_is_that_of_the_bytes_of_the_paths(tmp_path: Path) -> None:
    """The order doesn't depend on the file system or on when files were made."""
    (tmp_path / "b").mkdir()
    for name in ["b/a.txt", "z.txt", "B.txt", "ä.txt", "b.txt"]:
        (tmp_path / name).write_bytes(b"One.")
    paths = [file.path for file in find_files(tmp_path, DEFAULTS)]
    assert paths == sorted(paths, key=str.encode)
    assert paths == ["B.txt", "b.txt", "b/a.txt", "z.txt", "ä.txt"]


def test_raw_folder_must_be_there(tmp_path: Path) -> None:
    """A wrong folder is wrong use, not bad data."""
    with pytest.raises(UsageError, match="--raw"):
        find_files(tmp_path / "nowhere", DEFAULTS)
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(UsageError, match="--raw"):
        find_files(tmp_path / "file", DEFAULTS)


def test_empty_folder_has_no_files(tmp_path: Path) -> None:
    """Nothing in, nothing out."""
    assert find_files(tmp_path, DEFAULTS) == ()


def tarred(members: dict[str, bytes]) -> bytes:
    """A tar archive; a member of no bytes is a link out of it."""
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w") as archive:
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            if not content:
                info.type, info.linkname = tarfile.SYMTYPE, "/etc/passwd"
            archive.addfile(info, io.BytesIO(content))
    return target.getvalue()


def zstd(content: bytes) -> bytes:
    """Zstandard data."""
    return bytes(pa.compress(content, "zstd", asbytes=True))


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress, zstd])
def test_every_packer_is_read_and_its_early_end_is_seen(pack: Callable[[bytes], bytes]) -> None:
    """Whole, in several streams one after the other, empty, and cut off."""
    text = os.urandom(3_000).hex().encode()
    whole = pack(text)
    cases = [
        (whole, None),
        (whole + whole, None),
        (pack(b""), "empty"),
        (whole[:-20], "truncated"),
        (whole[:90], "truncated"),
    ]
    for content, code in cases:
        (record,) = read_data(content, "a.txt", DEFAULTS)
        assert (record.refusal and record.refusal.code) == code
    assert next(iter(read_data(whole + whole, "a.txt", DEFAULTS))).content == text * 2


@pytest.mark.parametrize("pack", [bytes, gzip.compress, lzma.compress, zstd])
def test_tar_archive_is_read_front_to_back(pack: Callable[[bytes], bytes]) -> None:
    """Members in their own order; links are never followed, names that climb out are refused."""
    archive = tarred(
        {"z.txt": b"One.", "a.jsonl": b'{"text": "Two."}\n' * 2, "link": b"", "../up.txt": b"Up.", ".x": b"x"}
    )
    found = [(r.source.path, r.refusal and r.refusal.code) for r in read_data(pack(archive), "a.tar", DEFAULTS)]
    assert found == [
        ("a.tar/z.txt", None),
        ("a.tar/a.jsonl", None),
        ("a.tar/a.jsonl", None),
        ("a.tar/link", "special_file"),
        ("a.tar/../up.txt", "unsafe_path"),
    ]


def test_tar_archive_that_is_cut_or_damaged_says_so() -> None:
    """A damaged header in the middle isn't the end."""
    archive = tarred({"a.txt": b"One.", "b.txt": b"Two."})
    for content, code in [(archive[:1_200], "truncated"), (archive[:1_024] + b"Q" * 2_000, "broken")]:
        found = [(r.source.path, r.refusal and r.refusal.code) for r in read_data(content, "a.tar", DEFAULTS)]
        assert found == [("a.tar/a.txt", None), ("a.tar", code)]

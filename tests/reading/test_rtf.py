"""Texts saved as RTF."""

from __future__ import annotations

import pytest
from tests.reading.test_exports import CODED, NEXIS

from copydesk.article import Form, RawRecord
from copydesk.pipeline import examine
from copydesk.reading import read_data
from copydesk.reading.found import digest
from copydesk.reading.refusals import Refused
from copydesk.reading.rtf import rtf_text
from copydesk.settings import Settings


def _escaped(letter: str) -> str:
    """A letter in halves of UTF-16, each as a number with a sign."""
    halves = memoryview(letter.encode("utf-16-le")).cast("h")
    return "".join(f"\\u{half}?" for half in halves)


def rtf(text: str) -> bytes:
    """A text as word processors save it."""
    plain = text.replace("\\", "\\\\").replace("{", "\\{").replace("}", "\\}").replace("\n", "\\par\r\n")
    letters = (letter if letter.isascii() else _escaped(letter) for letter in plain)
    head = r"{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0\fswiss Arial;}}{\colortbl;\red0\green0\blue255;}"
    return (head + r"{\header\pard Page 1 of 2\par}\viewkind4\uc1\pard\f0\fs24 " + "".join(letters) + "}").encode()


def read(content: bytes, name: str = "a.rtf") -> list[RawRecord]:
    """The records in a file."""
    return list(read_data(content, name, Settings()))


@pytest.mark.parametrize("name", ["a.rtf", "a.doc", "a.txt"])
def test_a_document_is_a_text(name: str) -> None:
    """Paragraphs are lines; what stands on each page and tables of fonts are none of it; the digest is the file's."""
    content = rtf("Ferry is back\n\nBy Ida Krog\n\nThe ferry sails – “at last” – to Größe {1}.\n\nIt is blue 🛳.")
    (record,) = read(content, name)
    assert (record.form, record.source.encoding, record.source.sha256) == (Form.TEXT, None, digest(content))
    article = examine(record, Settings())
    assert article.text == "The ferry sails – “at last” – to Größe {1}.\n\nIt is blue 🛳."
    assert (article.metadata.title, article.metadata.authors) == ("Ferry is back", ("Ida Krog",))


@pytest.mark.parametrize("layout", [NEXIS, CODED], ids=["nexis", "factiva"])
def test_documents_of_an_export_are_records(layout: str) -> None:
    """What services of the press write as text is the same in RTF."""
    text = layout.format(title="Ferry is back") + layout.format(title="Goat")
    records, plain = read(rtf(text)), read(text.encode(), "a.txt")
    assert [record.fields for record in records] == [record.fields for record in plain]
    assert [str(record.content).split() for record in records] == [str(record.content).split() for record in plain]


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (rb"{\rtf1\ansi\ansicpg1251 \'cc\'ee\'f1\'f2.}", "Мост."),
        (rb"{\rtf1\ansi\ansicpg932 \'93\'fa\'96\'7b}", "日本"),
        (rb"{\rtf1\mac caf\'8e}", "café"),
        (rb"{\rtf1\uc2 a\u233\'e9\'e9b\uc0\u233 c}", "aébéc"),
        (rb"{\rtf1 a{\v hidden}b\v x\v0  c{\*\unknown d}e}", "ab ce"),
        (rb"{\rtf1 {\field{\*\fldinst HYPERLINK x}{\fldrslt here}}{\pict\bin4 }}}}}z}", "herez"),
        (b"{\\rtf1 caf\xe9\\par\\\nx\\~y\\-z}", "café\n\nx\xa0yz"),
        (rb"{\rtf1 One.", "One."),
        (rb"{\rtf1 One.}}} Two.", "One."),
        (rb"{\rtf1}", ""),
    ],
)
def test_letters_and_groups_are_read(content: bytes, text: str) -> None:
    """Bytes of code pages, Unicode with what stands in for it, hidden text, fields, pictures."""
    assert rtf_text(content) == text


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (rb"{\rtf1{\pict 00}}", "no_text"),
        (rb"{\rtf1" + b"{" * 2_000 + b"a", "too_deep"),
        (b"Ferry is back.", "invalid_rtf"),
        (b"", "empty"),
    ],
)
def test_what_holds_no_text_is_refused(content: bytes, code: str) -> None:
    """Pictures alone, groups without end, other texts under this name."""
    (record,) = read(content)
    assert record.refusal is not None
    assert record.refusal.code == code


def test_only_what_begins_so_is_rtf() -> None:
    """The reader doesn't guess."""
    with pytest.raises(Refused):
        rtf_text(b"\\rtf1 One.")

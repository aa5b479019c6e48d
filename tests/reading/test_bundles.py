"""Texts in which an archive has exported many articles."""

from __future__ import annotations

import pytest

from copydesk.article import RawRecord
from copydesk.reading import read_data
from copydesk.settings import Settings

DOCUMENT = """

                              The Marholm Post

                      March 4, 2024 Monday
                              Late Edition

{title}

BYLINE: By Ida Krog

SECTION: SEA; Pg. 4

LENGTH: 12 words

The ferry to Marholm sails again.

It had been out for a year.

LOAD-DATE: March 5, 2024

LANGUAGE: ENGLISH

               Copyright 2024 The Marholm Post


"""


def bundle(*titles: str, total: int | None = None, first: int = 1) -> bytes:
    """An export of documents with these headlines."""
    parts = (
        f"{number:>20} of {total or len(titles)} DOCUMENTS" + DOCUMENT.format(title=title)
        for number, title in enumerate(titles, first)
    )
    return "".join(parts).encode()


def read(data: bytes) -> list[RawRecord]:
    """The records of a text."""
    return list(read_data(data, "export.txt", Settings()))


def test_each_document_is_a_record() -> None:
    """Its labels are fields, its paragraphs text, and each has a number of its own."""
    first, second = read(bundle("Ferry is back", "Goat is lost"))
    assert str(first.content).split("\n\n") == [
        "The ferry to Marholm sails again.",
        "It had been out for a year.",
        "Copyright 2024 The Marholm Post",
    ]
    assert [(field.field, field.value) for field in first.fields] == [
        ("outlet", "The Marholm Post"),
        ("published", "March 4, 2024 Monday"),
        ("title", "Ferry is back"),
        ("authors", "By Ida Krog"),
        ("section", "SEA; Pg. 4"),
        ("language", "ENGLISH"),
    ]
    assert (first.source.record, second.source.record) == (0, 1)
    assert first.article_id != second.article_id


def test_an_export_may_begin_in_the_middle() -> None:
    """The second file of an export goes on counting; what stands above its first document is a record, too."""
    records = read(b"Print request: ferries\n\n" + bundle("Ferry is back", "Goat is lost", total=900, first=501))
    assert len(records) == 3
    assert records[0].content == "Print request: ferries\n\n"


@pytest.mark.parametrize(
    "data",
    [
        bundle("Ferry is back"),
        bundle("Ferry is back") + bundle("Goat is lost"),
        bundle("Ferry is back", total=9) + bundle("Goat is lost", total=9, first=4),
        b"Of these, 3 of 4 DOCUMENTS were lost.\n\nOf these, 4 of 4 DOCUMENTS were found.\n",
        b"",
    ],
    ids=["one document", "another total", "another number", "in a sentence", "empty"],
)
def test_other_texts_are_one_record(data: bytes) -> None:
    """Lines that don't count from one document to the next are text."""
    assert len(read(data)) == 1


@pytest.mark.parametrize(
    ("found", "instead"),
    [
        ("LENGTH: 12 words\n\n", ""),
        ("LENGTH: 12 words\n\nThe", "LENGTH: 12 words\nThe"),
        ("                              The Marholm Post\n\n ", "Copyright 2024 The Marholm Post\n\n "),
    ],
    ids=["no length", "no blank line", "copyright first"],
)
def test_another_layout_loses_no_text(found: str, instead: str) -> None:
    """Where a document isn't laid out as expected its labels stay among the text."""
    for record in read(bundle("Ferry is back", "Goat is lost").replace(found.encode(), instead.encode())):
        assert "The ferry to Marholm sails again." in str(record.content)

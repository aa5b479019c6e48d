"""Texts in which a service of the press has exported documents with what it knows of each."""

from __future__ import annotations

import pytest

from copydesk.article import RawRecord
from copydesk.reading import read_data
from copydesk.settings import Settings

PROQUEST = """____________________________________________________________

Document {number} of {total}

{title}

Author: Krog, Ida; Aske, Tom

Publication info: The Marholm Post ; Marholm [Marholm]. 04 Mar 2024: A.4.

ProQuest document link

Abstract: None available.

Full text: The ferry to Marholm sails again.

Location: nobody knew it for a year.

It is blue.

Subject: Ferries; Ports &
harbors

Publication title: The Marholm Post

Publication date: Mar 4, 2024

Section: Sea

Language of publication: English

ProQuest document ID: 30502{number}

Document URL: https://www.proquest.com/docview/30502{number}

Copyright: Copyright The Marholm Post Mar 4, 2024

Database: Island Newsstream

"""

NEXIS = """{title}
The Marholm Post
March 4, 2024 Monday
Late Edition


Copyright 2024 The Marholm Post All Rights Reserved

Section: SEA; Pg. 4
Length: 12 words
Byline: Ida Krog
Body


The ferry to Marholm sails again.

Section: that is what they call the stern.

Classification


Language: ENGLISH

Subject: FERRIES (90%); HARBORS &
PORTS (88%)

Load-Date: March 5, 2024


End of Document
"""

FACTIVA = """{title}
By Ida Krog
12 words
4 March 2024
06:30
The Marholm Post
MARHOL
4
English
© 2024 The Marholm Post. All Rights Reserved.

The ferry to Marholm sails again.

It is blue.

Document MARHOL0020240304ek3400012
"""

CODED = """HD
{title}
BY  Ida Krog
WC  12 words
PD  4 March 2024
SN  The Marholm Post
SC  MARHOL
LA  English
CY  © 2024 The Marholm Post
LP

The ferry to Marholm sails again.

TD

IN THE end it is blue.

NS  gtrans : Transport
AN  Document MARHOL0020240304ek3400012
"""


def read(text: str) -> list[RawRecord]:
    """The records of a text."""
    return list(read_data(text.encode(), "export.txt", Settings()))


def stated(record: RawRecord) -> dict[str, str]:
    """What a record says of itself."""
    return {field.field: field.value for field in record.fields}


@pytest.mark.parametrize(
    ("layout", "last", "authors"),
    [
        (PROQUEST, "It is blue.", "Ida Krog; Tom Aske"),
        (NEXIS, "Section: that is what they call the stern.", "Ida Krog"),
        (FACTIVA, "It is blue.", "By Ida Krog"),
        (CODED, "IN THE end it is blue.", "Ida Krog"),
    ],
    ids=["proquest", "nexis", "factiva", "factiva with codes"],
)
def test_each_document_is_a_record_with_its_fields(layout: str, last: str, authors: str) -> None:
    """What the service states of a document are fields; its paragraphs, and nothing else, are its text."""
    both = [layout.format(number=at, total=2, title=title) for at, title in enumerate(["Ferry is back", "Goat"], 1)]
    for records in (read("".join(both)), read(both[0])):
        paragraphs = str(records[0].content).split("\n\n")
        said = stated(records[0])
        assert (said["title"], said["outlet"], said["authors"]) == ("Ferry is back", "The Marholm Post", authors)
        assert said["published"].split()[:2] in (["Mar", "4,"], ["March", "4,"], ["4", "March"])
        assert "The ferry to Marholm sails again." in paragraphs
        assert paragraphs[-1] == last
    first, second = read("".join(both))
    assert stated(second)["title"] == "Goat"
    assert first.article_id != second.article_id


def test_a_label_inside_a_text_is_text() -> None:
    """Only what stands in one run with the labels at the end is the service's."""
    (record,) = read(PROQUEST.format(number=1, total=1, title="Ferry is back"))
    assert "Location: nobody knew it for a year." in str(record.content)


@pytest.mark.parametrize("layout", [PROQUEST, NEXIS, FACTIVA], ids=["proquest", "nexis", "factiva"])
def test_what_is_no_document_stays_a_text_by_itself(layout: str) -> None:
    """A search behind the last document, or a table of contents above the first, is lost with neither."""
    text = "Table of contents\n1. Ferry is back\n\n" if layout is PROQUEST else ""
    text += layout.format(number=1, total=1, title="Ferry is back")
    text += "" if layout is PROQUEST else "Search Summary\nText: ferries\n"
    records = read(text)
    assert len(records) == 2
    assert sorted(bool(record.fields) for record in records) == [False, True]


@pytest.mark.parametrize(
    "text",
    [
        "The clerk wrote:\n\nEnd of Document\n\nand went home.\n",
        "He looked it up.\n\nFull text: none.\n\nIts ProQuest document ID: 4 was wrong, he said.\n",
        "Ferry is back\n\nDocument MARHOL0020240304ek3400012\n\nis what the file is called.\n",
        NEXIS.format(title="Ferry").replace("Classification", "What follows"),
        "Document ",
    ],
    ids=["a line", "in a sentence", "a number", "another layout", "next to nothing"],
)
def test_other_texts_are_one_record(text: str) -> None:
    """Where nothing is laid out as a service does it, the text stays as it is."""
    (record,) = read(text)
    assert not record.fields
    assert record.content == text.encode()

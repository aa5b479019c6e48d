"""Mails and saved pages."""

from __future__ import annotations

import pytest

from copydesk.article import Form, RawRecord
from copydesk.reading import read_data
from copydesk.settings import Settings

NEWSLETTER = b"""Received: by mx.example
From: =?utf-8?q?The_Marholm_P=C3=B6st?= <news@post.example>
Subject: =?iso-8859-1?Q?Gr=F6=DFe?= of the
 harbour
Date: Mon, 04 Mar 2024 10:00:00 +0100
List-Id: <news.post.example>
MIME-Version: 1.0
Content-Type: multipart/alternative; boundary="b"

--b
Content-Type: text/plain; charset=utf-8

Read this in your browser.
--b
Content-Type: text/html; charset=iso-8859-1
Content-Transfer-Encoding: quoted-printable

<html><body><p>Die Br=FCcke ist zu, sagt der B=FCrgermeister =
heute.</p></body></html>
--b--
"""

MHTML = b"""From: <Saved by Blink>
Snapshot-Content-Location: https://post.example/ferry
Subject: Ferry returns
Date: Mon, 4 Mar 2024 10:00:00 -0000
MIME-Version: 1.0
Content-Type: multipart/related; type="text/html"; boundary="b"

--b
Content-Type: text/html
Content-Transfer-Encoding: base64
Content-Location: https://post.example/ferry

PGh0bWw+PHA+VGhlIGZlcnJ5LjwvcD48L2h0bWw+
--b
Content-Type: image/png
Content-Transfer-Encoding: base64

iVBORw0KGgo=
--b--
"""

PLAIN = b"""From: Ida Krog <ida@x.example>
To: desk@x.example
Subject: Ferry
Message-ID: <1@x.example>
Archived-At: <https://x.example/archive/1>
Content-Type: text/plain; charset=koi8-r; format=flowed

\xee\xcf\xd7\xcf\xd3\xd4\xd8\x20
\xc4\xce\xd1.

\xeb\xcf\xce\xc5\xc3.
"""


def read(data: bytes, name: str) -> RawRecord:
    """The one record in a mail."""
    (record,) = read_data(data, name, Settings())
    return record


def fields(record: RawRecord) -> dict[str, str]:
    """A record's fields."""
    return {field.field: field.value for field in record.fields}


@pytest.mark.parametrize("name", ["a.eml", "a.txt", "a"])
def test_newsletter_is_its_page(name: str) -> None:
    """The HTML part is read in its own encoding; the sender of a list is an outlet."""
    record = read(NEWSLETTER, name)
    assert (record.form, record.source.encoding) == (Form.HTML, "windows-1252")
    assert "Die Brücke ist zu, sagt der Bürgermeister heute." in record.content
    assert fields(record) == {
        "title": "Größe of the harbour",
        "published": "Mon, 04 Mar 2024 10:00:00 +0100",
        "outlet": "The Marholm Pöst",
    }


def test_saved_page_has_its_address() -> None:
    """MHTML gives the page, where it was and when it was saved; that is no date of publication."""
    record = read(MHTML, "a.mhtml")
    assert (record.form, record.content) == (Form.HTML, "<html><p>The ferry.</p></html>")
    assert fields(record) == {
        "title": "Ferry returns",
        "fetched_at": "Mon, 4 Mar 2024 10:00:00 -0000",
        "url": "https://post.example/ferry",
    }


def test_plain_mail_is_text_of_a_person() -> None:
    """A plain mail is text; soft line ends are undone; its sender is an author."""
    record = read(PLAIN, "a.eml")
    assert (record.form, record.content) == (Form.TEXT, "Новость дня.\n\nКонец.\n")
    assert fields(record) == {"title": "Ferry", "authors": "Ida Krog", "url": "https://x.example/archive/1"}


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"Subject: x\nMIME-Version: 1.0\nContent-Type: image/png\n\nabc", "no_text"),
        (b"Subject: x\nMIME-Version: 1.0\n\n \n", "no_text"),
        (
            b"Subject: x\nMIME-Version: 1.0\nContent-Type: text/plain\n\n" + b"\x81\x8d\x8f\x90\x9d\xff" * 20,
            "unknown_encoding",
        ),
    ],
)
def test_mail_without_text(data: bytes, code: str) -> None:
    """A mail that holds nothing to read is a refusal."""
    refusal = read(data, "a.eml").refusal
    assert refusal is not None
    assert refusal.code == code


def test_text_that_begins_with_a_colon_is_no_mail() -> None:
    """An article's head lines look like headers, but have no Message-ID."""
    record = read(b"Title: Ferry returns\nAuthor: Ida Krog\nDate: 4 March 2024\n\nThe ferry sails.", "a.txt")
    assert isinstance(record.content, bytes)

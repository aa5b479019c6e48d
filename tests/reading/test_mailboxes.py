"""Mailboxes: each mail is a record."""

from __future__ import annotations

import io

import pytest

from copydesk.article import RawRecord
from copydesk.pipeline import examine
from copydesk.reading import read_data
from copydesk.reading.kinds import MAILBOX_LINE
from copydesk.settings import ReadingSettings, Settings

FROM = "From news@mercury.example Tue Mar 12 08:30:00 2024"
MAIL = """From: Mercury Morning <news@mercury.example>
List-Id: <news.mercury.example>
Subject: {}
Date: Tue, 12 Mar 2024 08:30:00 +0100
Message-ID: <{}@mercury.example>
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8

{}
"""


def mailbox(*texts: str) -> str:
    """A mailbox of mails with these texts, the subject of each its number."""
    return "\n".join(f"{FROM}\n{MAIL.format(number, number, text)}" for number, text in enumerate(texts))


def read(text: str, name: str = "a.mbox") -> list[RawRecord]:
    """The records in a file."""
    return list(read_data(text.encode(), name, Settings()))


@pytest.mark.parametrize("name", ["a.mbox", "Inbox", "a.txt", "a.eml"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_each_mail_is_a_record(name: str, end: str) -> None:
    """A newsletter's archive gives each letter with its own fields, whatever the file is called."""
    records = read(mailbox("The quay closes.", "The ferry is back.").replace("\n", end), name)
    articles = [examine(record, Settings()) for record in records]
    assert [article.text for article in articles] == ["The quay closes.", "The ferry is back."]
    assert {(article.metadata.outlet, str(article.metadata.published_on)) for article in articles} == {
        ("Mercury Morning", "2024-03-12")
    }
    assert [field.value for record in records for field in record.fields if field.field == "title"] == ["0", "1"]


def test_a_line_of_a_text_parts_no_mails() -> None:
    """What begins like the line between two mails, but stands in a paragraph or above no header, is text."""
    inside = (
        f"We write:\n{FROM}\nSubject: x\n\nFrom 8:30 on it rained.\n\n{FROM}\nis what it says.\n\n>From here on too."
    )
    (record,) = read(mailbox(inside))
    assert isinstance(record.content, str)
    assert record.content.strip() == inside.replace(">From", "From")


def test_a_mail_that_cannot_be_read_takes_no_other_with_it() -> None:
    """One without text and one beyond the limit are refusals among the others."""
    settings = Settings(reading=ReadingSettings(max_record_bytes=5_000))
    text = mailbox("One.", "", "Two. " * 2_000, "x" * 9_000, "Three.")
    records = list(read_data(text.encode(), "a.mbox", settings))
    assert [record.refusal and record.refusal.code for record in records] == [
        None,
        "no_text",
        "too_large",
        "too_large",
        None,
    ]


def test_equal_mails_have_different_ids() -> None:
    """The same mail twice in a mailbox is two records."""
    first, second = read(f"{FROM}\n{MAIL.format('A', 1, 'One.')}\n" * 2)
    assert first.source.sha256 == second.source.sha256
    assert first.article_id != second.article_id


@pytest.mark.parametrize("text", ["From the quay, it is a mile.\n\nSubject: none.\n", "From Tue Mar 12 on\n"])
def test_a_text_that_begins_with_from_is_a_text(text: str) -> None:
    """No mailbox without a line of the post and a header below it."""
    (record,) = read(text, "a.txt")
    assert record.content == text.encode()


@pytest.mark.parametrize("text", ["", "\n\n", FROM])
def test_a_mailbox_without_mails_says_so(text: str) -> None:
    """An empty file of that name is a record with a refusal."""
    (record,) = read(text)
    assert record.refusal is not None


@pytest.mark.parametrize(
    ("line", "is_one"),
    [
        ("From a@x.example Tue Mar 12 08:30:00 2024", True),
        ("From - Tue Mar  5 08:30:00 2024", True),
        ("From agnes at mercury.example  Tue Mar 12 08:30:00 2024", True),
        ("From 1766@xxx Tue Mar 12 08:30:00 +0000 2024", True),
        ("From MAILER-DAEMON Tue Mar 12 08:30:00 2024 +0100", True),
        ("From a@x.example Tue, 12 Mar 2024 08:30:00", False),
        ("From Tue Mar 12 2024 on it rained.", False),
    ],
)
def test_lines_between_mails_are_known(line: str, is_one: bool) -> None:
    """As mail programs, Google's export and list archives write them."""
    assert (MAILBOX_LINE.fullmatch(line.encode()) is not None) is is_one


def test_a_mailbox_is_held_mail_by_mail() -> None:
    """Nothing behind a mail is read before the mail is given."""
    stream = io.BytesIO(mailbox(*("One. " * 30_000 for _ in range(4))).encode())
    from copydesk.reading.mailboxes import read_mailbox

    next(read_mailbox(stream, "a.mbox", ReadingSettings()))
    assert stream.tell() < 2 * 160_000

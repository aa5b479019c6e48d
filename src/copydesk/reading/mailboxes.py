"""Mailboxes (mbox, RFC 4155) → mails, one record each, as if each lay there by itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from copydesk.reading.found import Found, refused
from copydesk.reading.kinds import MAILBOX_LINE
from copydesk.reading.lines import read_lines
from copydesk.reading.mail import read_message
from copydesk.settings import ReadingSettings

# Matches "Subject: x", "X-GM-THRID: 1".  Not: "From here on: x".
_HEADER = re.compile(rb"[A-Za-z][A-Za-z0-9-]{1,60}:")
# Matches ">From here on": a line of a text that begins as mailboxes part mails is marked so.
_QUOTED = re.compile(rb">+From ")


def read_mailbox(stream: BinaryIO, path: str, settings: ReadingSettings) -> Iterator[Found]:
    r"""One record per mail; one that can't be read is a refusal, and the others go on. Held mail by mail.

    A mail begins where a line says from whom and when it came, behind a blank line and before a header.

    >>> import io
    >>> mail = b"From a@x.example Tue Mar 12 08:30:00 2024\nSubject: %s\n\n%s\n\n"
    >>> mailbox = io.BytesIO(mail % (b"A", b"One.") + mail % (b"B", b">From here, two."))
    >>> [record.content.strip() for record in read_mailbox(mailbox, "a.mbox", ReadingSettings())]
    ['One.', 'From here, two.']
    """
    for number, content in enumerate(_mails(stream, settings.max_record_bytes)):
        if content is None:
            yield refused(path, "too_large", f"mail {number} has more than {settings.max_record_bytes:,} bytes")
        else:
            yield read_message(path, content)


def _mails(stream: BinaryIO, max_bytes: int) -> Iterator[bytes | None]:
    """The bytes of each mail, None for one of more than so many; what stands above the first is a mail as well."""
    held: list[bytes] = []
    size = 0
    begins, blank = b"", True
    for _, line in read_lines(stream, max_bytes):
        if begins and line is not None and _HEADER.match(line):
            if any(map(bytes.strip, held)) or size > max_bytes:
                yield b"\n".join(held) if size <= max_bytes else None
            held, size = [], 0
        elif begins:
            held.append(begins)
        begins = b""
        if line is not None and blank and MAILBOX_LINE.fullmatch(line):
            begins, blank = line, False
            continue
        blank = line == b""
        size += max_bytes + 1 if line is None else len(line) + 1
        if size > max_bytes:
            held = []
        elif line is not None:
            held.append(line[1:] if _QUOTED.match(line) else line)
    if begins:
        held.append(begins)
    if any(map(bytes.strip, held)) or size > max_bytes:
        yield b"\n".join(held) if size <= max_bytes else None

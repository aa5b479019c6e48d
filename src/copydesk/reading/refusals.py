"""Why something in the raw folder couldn't be read: the closed list of codes, and errors of libraries turned into them.

unreadable        the system refuses to give the bytes
special_file      a pipe, socket or device
outside           a link that leaves the raw folder
dangling_link     a link to nothing
link_loop         a link that leads back to itself
linked_folder     a link to a folder that is read anyway
changed           it changed while it was read
empty             nothing in it
binary            no text, and what it looks like instead
unknown_type      text, but of a kind that holds no articles
truncated         it ends too early
broken            a container that can't be unpacked
encrypted         a password would be needed
unsafe_path       a member whose name climbs out of the archive
too_large         one record beyond max_record_bytes
bomb              it unpacks to far more than it is
too_many          an archive beyond max_members
too_deep          packed in packed in packed; nested too far
invalid_…         no json, csv, parquet, xml, rtf, mail or warc, whatever its name says
invalid_sources   a sources.csv that can't be understood
duplicate_keys    a JSON object that says two things
ragged_row        more or fewer cells than the header
no_object         a JSON value that is no object
no_text           a record without text or markup
no_columns        a table without any column that is known
http_status       a response that is no page
unknown_encoding  no encoding reads the bytes as text
"""

from __future__ import annotations

import lzma
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

from copydesk.article import Refusal


class Refused(Exception):  # noqa: N818 - a refusal on its way to the record it belongs to, no error of the program
    """Carries a refusal out of nested readers; never leaves this package."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(f"{code}: {detail}")
        self.refusal = Refusal(code, detail)


READING_ERRORS = (
    Refused,
    OSError,
    EOFError,
    zlib.error,
    lzma.LZMAError,
    zipfile.BadZipFile,
    tarfile.TarError,
    NotImplementedError,
    RecursionError,
    MemoryError,
)
"""What readers of hostile files raise. Everything else is a mistake of ours and stops the run."""


@contextmanager
def malformed() -> Iterator[None]:
    """A stretch in which a library takes a container apart that isn't one: what it stumbles over is `broken`.

    zipfile and tarfile raise whatever their arithmetic on wrong numbers comes to (found by damaging archives at
    random). Only calls into them belong inside, so that no mistake of ours is taken for bad data.
    """
    try:
        yield
    except (ValueError, LookupError, ArithmeticError, struct.error, RuntimeError) as error:
        if isinstance(error, RecursionError):
            raise
        raise Refused("broken", f"can't be unpacked: {one_line(str(error))}") from error


def refusal_of(error: BaseException) -> Refusal:
    """The refusal that an error while reading amounts to; the cause in its detail, never a traceback.

    >>> refusal_of(EOFError("Compressed file ended before the end-of-stream marker was reached")).code
    'truncated'
    """
    if isinstance(error, Refused):
        return error.refusal
    if isinstance(error, EOFError) or "unexpected end of data" in str(error):
        return Refusal("truncated", "the packed data end too early")
    if isinstance(error, OSError) and error.errno is not None:
        return Refusal("unreadable", error.strerror or str(error))
    if isinstance(error, RecursionError):
        return Refusal("too_deep", "nested deeper than can be followed")
    if isinstance(error, MemoryError):
        return Refusal("too_large", "not enough memory to hold it")
    if isinstance(error, NotImplementedError):
        return Refusal("broken", f"packed in a way that isn't read: {error}")
    return Refusal("broken", f"can't be unpacked: {one_line(str(error))}")


def one_line(text: str) -> str:
    r"""A detail as one line that can be printed and stored: controls and half surrogates escaped, cut at 300
    characters.

    >>> one_line("a\nb\udc80")
    'a\\nb\\udc80'
    """
    return "".join(char if char.isprintable() else repr(char)[1:-1] for char in text[:300])

"""Lists for people as CSV: what a spreadsheet opens, and never runs."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from typing import TextIO

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""With these a spreadsheet takes a cell for a formula (OWASP, "CSV Injection")."""


def write_sheet(out: TextIO, header: Sequence[str], rows: Iterable[Sequence[object]]) -> int:
    """How many rows were written below the header. Text that a spreadsheet would compute has an apostrophe before it.

    >>> import sys
    >>> write_sheet(sys.stdout, ["line", "articles"], [["=HYPERLINK(A1)", 3], ["Read more", 4]])
    line,articles
    '=HYPERLINK(A1),3
    Read more,4
    2
    """
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    listed = [[cell(value) for value in row] for row in rows]
    writer.writerows(listed)
    return len(listed)


def cell(value: object) -> object:
    """The value as a cell: numbers as they are, text that looks like a formula as text.

    >>> cell("-3 degrees"), cell(-3)
    ("'-3 degrees", -3)
    """
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value

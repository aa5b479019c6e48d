"""What `copydesk explain` does: finds the records, and says what is known of them on a terminal or as a page."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from rich.console import Console
from rich.text import Text

from copydesk.errors import UsageError
from copydesk.report.accounts import Account, find_accounts, kept_beside
from copydesk.report.explain import diff_lines, explain_lines
from copydesk.report.explain_page import compare_page, explain_page
from copydesk.writing import open_corpus


def explain_names(clean: Path, names: Sequence[str], page: Path | None) -> None:
    """Nothing: the account of one record, or the diff of two, is printed or written to `page`.

    Raises UsageError for a name that no record has, for two records of which one has no text, and for a page that
    can't be written.
    """
    corpus, kept = open_corpus(clean), kept_beside(clean)
    found = [find_accounts(corpus, name, kept) for name in names]
    if len(found) == 1:
        _answer(page, explain_page(found[0]) if page else "", _accounts(found[0]))
        return
    first, second = (_with_text(accounts, name) for accounts, name in zip(found, names, strict=True))
    lines = [Text("[-only the first-] {+only the second+}", "bold"), *diff_lines(first.text or "", second.text or "")]
    _answer(page, compare_page(first, second) if page else "", lines)


def _accounts(accounts: Sequence[Account]) -> list[Text]:
    lines: list[Text] = []
    for account in accounts:
        lines += [Text(), *explain_lines(account)] if lines else explain_lines(account)
    return lines


def _with_text(accounts: Sequence[Account], name: str) -> Account:
    for account in accounts:
        if account.text is not None:
            return account
    raise UsageError(f"the text of {name!r} is neither published nor kept; name another record")


def _answer(page: Path | None, markup: str, lines: Iterable[Text]) -> None:
    if page is None:
        console = Console(file=sys.stdout, highlight=False, markup=False, emoji=False, soft_wrap=True)
        for line in lines:
            console.print(printable(line))
        return
    try:
        page.write_text(markup, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"--html {page}: {error.strerror}; name a file that can be written") from error
    print(page)


def printable(line: Text) -> Text:
    """The line without characters that would give orders to a terminal: an article isn't to move the cursor."""
    plain = line.plain
    if all(c >= " " and not "\x7f" <= c < "\xa0" for c in plain):
        return line
    shown = "".join(c if c >= " " and not "\x7f" <= c < "\xa0" else "\N{REPLACEMENT CHARACTER}" for c in plain)
    clean = Text(shown)
    clean.spans = line.spans
    return clean

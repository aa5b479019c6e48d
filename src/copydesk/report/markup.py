"""The pieces that pages are made of. Whatever comes out of a corpus is escaped where it enters one of these."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from importlib.resources import files

SHOWN_CHARS = 400
"""How much of a span is shown; the tables hold all of it."""
MOST_ROWS = 200
"""Rows of one list on a page, so that its size doesn't grow with the corpus."""


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a page: `anchor` is its place in the address, `body` markup."""

    anchor: str
    name: str
    body: str


def whole_page(title: str, sections: Sequence[Section], lead: str = "") -> str:
    """A page by itself: style and script are in it, and its policy forbids every request and any other script.

    `title` is text, `lead` and the bodies are markup.
    """
    style, script = _data("report.css"), _data("report.js")
    digest = b64encode(hashlib.sha256(script.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'; base-uri 'none'"
    links = "".join(f'<li><a href="#{s.anchor}">{escape(s.name)}</a></li>' for s in sections)
    body = "".join(
        f'<section id="{s.anchor}" aria-labelledby="{s.anchor}-name"><h2 id="{s.anchor}-name">{escape(s.name)}</h2>'
        f"{s.body}</section>"
        for s in sections
    )
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{style}</style></head>"
        f'<body><a class="skip" href="#{sections[0].anchor if sections else ""}">Skip to the content</a>'
        f"<header><h1>{escape(title)}</h1>{lead}</header><nav aria-label=Parts><ul>{links}</ul></nav>"
        f"<main>{body}</main><script>{script}</script></body></html>\n"
    )


def _data(name: str) -> str:
    return files("copydesk").joinpath("data", name).read_text(encoding="utf-8")


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table of text. Numbers stand to the right; None is an empty cell.

    >>> table(("word", "times"), [("<b>", 3)])[-53:]
    '<tr><td>&lt;b&gt;</td><td class=n>3</td></tr></table>'
    """
    body = "".join("<tr>" + "".join(cell(value) for value in row) + "</tr>" for row in rows)
    return f"<table>{table_head(head)}{body}</table>"


def scrolling(markup: str, name: str) -> str:
    """The markup in a box that scrolls by itself where it is wider than the page, also by keyboard."""
    return f'<div class=scroll tabindex=0 role=region aria-label="{escape(name)}">{markup}</div>'


def table_head(names: Sequence[str]) -> str:
    """The head row of a table."""
    return "<tr>" + "".join(f"<th scope=col>{escape(name)}</th>" for name in names) + "</tr>"


def cell(value: object) -> str:
    """One cell of a table."""
    if isinstance(value, (int, float)):
        return f"<td class=n>{value:,}</td>" if isinstance(value, int) else f"<td class=n>{value:.3f}</td>"
    return f"<td>{'' if value is None else escape(str(value))}</td>"


def bars(head: Sequence[str], rows: Iterable[tuple[str, int]], total: int) -> str:
    """A table of counts with their shares of `total` as bars. A total of 0 gives shares of 0."""
    lines = []
    for name, count in rows:
        share = count / total if total else 0.0
        lines.append(
            f"<tr><th scope=row>{escape(name)}</th><td class=n>{count:,}</td>"
            f"<td class=share>{bar(share)}<span>{share:.1%}</span></td></tr>"
        )
    return f"<table class=bars>{table_head(head)}{''.join(lines)}</table>"


def bar(share: float, mark: float | None = None) -> str:
    """A bar that is `share` (0 to 1) full, with a tick at `mark`."""
    tick = "" if mark is None else f'<rect class=tick x="{min(mark, 1) * 100:.1f}" width="1" height="10"/>'
    return (
        '<svg class=bar viewBox="0 0 101 10" preserveAspectRatio="none" aria-hidden=true>'
        f'<rect class=rail width="101" height="10"/><rect class=full width="{min(share, 1) * 100:.1f}" height="10"/>'
        f"{tick}</svg>"
    )


def left_out(count: int, shown: int = MOST_ROWS) -> str:
    """A line that says how many rows of a list are not on the page; nothing if all are."""
    return f"<p class=note>{count - shown:,} more in the tables.</p>" if count > shown else ""


def short(text: str | None, chars: int = SHOWN_CHARS) -> str | None:
    """The text, cut off after so many characters; None stays None.

    >>> short("a long sentence", 7)
    'a long…'
    """
    return text if text is None or len(text) <= chars else text[: chars - 1] + "…"

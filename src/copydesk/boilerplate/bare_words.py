"""Words that are buttons elsewhere and here a subhead or one of a list: "Play" above "Play is a framework ..."."""

from __future__ import annotations

import re
from collections.abc import Callable, Container

from copydesk.article import Block, BlockKind
from copydesk.boilerplate.folding import fold_line
from copydesk.boilerplate.rules import Rule

MAX_WORDS = 2
"""Words of a line that may be either. Longer ones say what they are for."""
KINDS = frozenset({"share", "video", "follow", "correction"})
"""Kinds of furniture that have such words. "Advertisement" or an agency's name is what it says wherever it stands."""
MIN_LISTED = 4
"""Short lines in a row, this one among them, that are a list: "Map", "Compass", "Watch", "Rope"."""
MAX_LISTED_WORDS = 8
ITEM = re.compile(r"\s*(?:[-–•*·▪]|\d{1,2}[.)])\s")  # "- Corrections"; not "-40 degrees"
STOPS = (".", "!", "?", ":", "…", "”", '"')

Lines = list[tuple[int, Block]]
"""The kept blocks with their positions among all blocks of the record."""


def stands_for_itself(lines: Lines, n: int, rule: Rule, taken: Container[int]) -> bool:
    """Whether the line `n`, which a rule takes, is a subhead or one of a list. `taken` are all lines that rules take:
    among buttons a word is a button.

    >>> from copydesk.boilerplate.rules import Place, match_rule
    >>> lines = [(0, Block("Play")), (1, Block("Play is a framework for pages that hold their answer back."))]
    >>> stands_for_itself(lines, 0, match_rule("Play", Place(1, 3)), {0})
    True
    """
    text = lines[n][1].text
    if rule.kind not in KINDS or text.strip().count(" ") >= MAX_WORDS + bool(ITEM.match(text)):
        return False
    return _heads_next(lines, n, taken) or _is_listed(lines, n, taken)


def _heads_next(lines: Lines, n: int, taken: Container[int]) -> bool:
    """Whether the next line is a paragraph that begins with this one."""
    if n + 1 >= len(lines) or n + 1 in taken:
        return False
    line, following = (fold_line(lines[m][1].text).casefold() for m in (n, n + 1))
    return following.startswith(f"{line} ") and following.count(" ") >= MAX_LISTED_WORDS


def _is_listed(lines: Lines, n: int, taken: Container[int]) -> bool:
    """Whether it stands in a list below some text, of which no rule takes anything else: at the top names, days and
    buttons stand one below the other, too.
    """
    form = _is_item if _is_item(lines[n][1]) else _is_short
    first = n - _run(lines, range(n - 1, -1, -1), form, taken)
    last = n + _run(lines, range(n + 1, len(lines)), form, taken)
    beside = [m for m in range(first - 1, last + 2) if m != n]
    return first > 0 and last - first + 1 >= MIN_LISTED and not any(m in taken for m in beside)


def _run(lines: Lines, places: range, form: Callable[[Block], bool], taken: Container[int]) -> int:
    """How many lines from here on have this form."""
    count = 0
    for m in places:
        if m in taken or not form(lines[m][1]):
            break
        count += 1
    return count


def _is_item(block: Block) -> bool:
    return block.kind is BlockKind.LIST_ITEM or ITEM.match(block.text) is not None


def _is_short(block: Block) -> bool:
    text = block.text.rstrip()
    return text.count(" ") < MAX_LISTED_WORDS and not text.endswith(STOPS)

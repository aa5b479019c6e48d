"""What a byline begins with: "By", "Written by", "Von", "文・", in all languages of the word lists."""

from __future__ import annotations

import re
from functools import cache

from copydesk.metadata.persons import unspaced
from copydesk.metadata.words import byline_words


@cache
def _prefix() -> re.Pattern[str]:
    """The pattern of byline prefixes; spaced scripts need a space or a colon behind, Han and kana a mark.

    It matches the beginning of "By Jane Roe", "Text: Jane Roe" and "文・山田"; not that of "Byron Roe".
    """
    spaced = [re.escape(p) for p in byline_words().prefixes if not unspaced(p)]
    glued = [re.escape(p) for p in byline_words().prefixes if unspaced(p)]
    return re.compile(
        rf"(?:(?:{'|'.join(spaced)})(?:\s?[:：]\s?|\s+)|(?:{'|'.join(glued)})(?:\s?[:：／/・]\s?|\s+))", re.IGNORECASE
    )


@cache
def prefix_starts() -> frozenset[str]:
    """The first two letters of each prefix (all of a shorter one): most lines are told from bylines by theirs."""
    return frozenset(prefix[:2].casefold() for prefix in byline_words().prefixes)


def has_prefix_start(line: str) -> bool:
    """Whether a line may begin with a byline's prefix, by its first two letters.

    >>> has_prefix_start("Byron Roe"), has_prefix_start("Jane Roe")
    (True, False)
    """
    starts = prefix_starts()
    return line[:2].casefold() in starts or line[:1] in starts


def strip_prefix(text: str) -> str | None:
    """The line behind its byline prefix, or None where it has none.

    >>> strip_prefix("Written by Jane Roe"), strip_prefix("Byron Roe"), strip_prefix("Von Jana Roth")
    ('Jane Roe', None, 'Jana Roth')
    """
    if not has_prefix_start(text):
        return None
    match = _prefix().match(text)
    return text[match.end() :].strip() if match and match.end() < len(text) else None

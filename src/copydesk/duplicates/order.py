"""Which of several copies stays: a total order over what the articles say, never over when they came in.

`docs/duplicates.md` states it for users. From the first to the last:

1. An article that isn't an earlier version of another one (same URL key, older) before one that is.
2. Completeness: the article that holds more of the story's other copies, in tenths of the best. So a whole story goes
before
   a cut one, and a rewritten one that dropped the lead doesn't orphan the copies that consist of it.
3. The longer text, in steps of a quarter below the longest, so that a line more or less decides nothing.
4. A known day of publication before an unknown one.
5. The earlier day, then the earlier instant: the originator of a syndicated story prints it first.
6. Agreement: the article that shares more runs of three words with those copies, in tenths of the best. A scan with
   wrong letters covers them as well as a clean print does, but shares half as many runs.
7. More fields known: title, outlet, URL, authors, instant, section, language.
8. The longer text.
9. The hash of text, title, outlet and URL; where even these are equal, the article's id, which is made of where it
lies.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping
from typing import Any

LENGTH_STEP = 1.25
"""Texts within a step of length count as equally complete. Steps go down from the longest: of fixed ones there is one
between some texts of nearly the same length, and eight words more decided in every twelfth story."""

_FIELDS = ("title", "outlet", "url", "authors", "published_at", "section", "language")

Row = Mapping[str, Any]


def rank(
    row: Row,
    digest: bytes,
    words: int,
    *,
    longest: int = 0,
    outdated: bool = False,
    holds: float = 1.0,
    agrees: float = 1.0,
) -> tuple[Any, ...]:
    """The place of an article in the order of survivors: of two, the one with the smaller rank stays.

    `digest`: of its text. `longest`: words of the story's longest article. `holds`: how many of the story's other
    articles this one holds, as a share (0 to 1) of the best one's; `agrees`: the same of their runs of three words, of
    which a scan has few.

    >>> rank({"article_id": "b", "title": "Fire"}, b"x", 300) < rank({"article_id": "a"}, b"x", 300)
    True
    """
    day, instant = row.get("published_on"), row.get("published_at")
    known = sum(1 for name in _FIELDS if row.get(name) not in (None, "", [], (), "und"))
    return (
        outdated,
        -round(10 * holds),
        int(math.log(max(longest / max(words, 1), 1), LENGTH_STEP)),
        day is None,
        day.isoformat() if day is not None else "",
        instant.isoformat() if instant is not None else "~",
        -round(10 * agrees),
        -known,
        -words,
        _digest(row, digest),
        row["article_id"],
    )


def _digest(row: Row, digest: bytes) -> str:
    parts = (digest.hex(), *(str(row.get(name) or "") for name in ("title", "outlet", "url")))
    return hashlib.blake2b("\0".join(parts).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def version(row: Row) -> str | None:
    """When this version of an article was made, as text that sorts: modified, else published; None if unknown.

    >>> import datetime as dt
    >>> version({"modified_at": None, "published_on": dt.date(2024, 9, 1)})
    '2024-09-01'
    """
    for name in ("modified_at", "published_at", "published_on"):
        value = row.get(name)
        if value is not None:
            return str(value.isoformat())
    return None

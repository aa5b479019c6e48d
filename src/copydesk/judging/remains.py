"""What is left of articles without the blocks that are removed from them, and whether it is still an article."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import chain

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from copydesk.article import Outcome
from copydesk.contamination import check_article
from copydesk.contamination.columns import PLENTY
from copydesk.contamination.papers import READ, block_starts, blocks_of
from copydesk.judging.columns import Shelf, paragraphs_of
from copydesk.judging.verdicts import Verdict, digest_removals, strip
from copydesk.settings import Settings
from copydesk.spread import Spread, flat_lists, lying

CHECKED_ROWS = 500
"""Articles that are in memory at once to be looked at once more."""

Remembered = Callable[[int, bytes], str | None]
"""Why nothing that is an article is left of one (by row) without what has this digest; empty if one is left, None if
nobody has looked yet."""


def forget(row: int, removals: bytes) -> str | None:  # noqa: ARG001 - it stands in for what a night remembers
    """None: nothing is remembered."""
    return None


def blocks_without(
    paragraphs: pa.Table | Spread,
    removed: Mapping[int, tuple[int, ...]],
    before: Mapping[int, tuple[int, ...]] | None = None,
    known: NDArray[np.bool_] | None = None,
) -> NDArray[np.bool_]:
    """Which blocks of all articles, one after the other, are removed, by their positions in each row; where it is
    `known` for those that had been removed `before`, only what differs is looked up.
    """
    starts = block_starts(paragraphs)
    gone = np.zeros(int(starts[-1]), np.bool_) if known is None else known.copy()
    nothing = before or {}
    rows = np.array(sorted(row for row, lost in removed.items() if lost != nothing.get(row, ())), np.int64)
    for some, part in lying(paragraphs.select(["positions"]), rows, READ):
        gone[blocks_of(starts, some)] = _stand_among(*flat_lists(part.column(0)), [removed[r] for r in some.tolist()])
    return gone


def _stand_among(
    positions: NDArray[np.int32], firsts: NDArray[np.int64], chosen: Sequence[Sequence[int]]
) -> NDArray[np.bool_]:
    """Which of the blocks of some articles, one article after the other, stand at the positions chosen in each."""
    # Article and position as one number. They are in order, the title, which has none, being the last of its article.
    number = np.repeat(np.arange(len(chosen)) << 32, np.diff(firsts)) | (positions.astype(np.int64) & 0xFFFFFFFF)
    owners = np.repeat(np.arange(len(chosen)) << 32, np.fromiter(map(len, chosen), np.int64))
    wanted = owners | np.fromiter(chain.from_iterable(chosen), np.int64)
    stand = np.zeros(number.size + 1, np.bool_)  # one more, for what would stand behind all
    place = np.searchsorted(number, wanted)
    stand[place[np.append(number, -1)[place] == wanted]] = True
    return stand[:-1]


def check_remains(
    shelf: Shelf,
    verdicts: Mapping[int, Verdict],
    removed: Mapping[int, Sequence[int]],
    remembered: Remembered,
    settings: Settings,
) -> dict[int, Verdict]:
    """The verdicts, with why nothing that is an article is left, where something was `removed`."""
    found = dict(verdicts)
    unknown: dict[int, Sequence[int]] = {}
    for row, positions in removed.items():
        reason = remembered(row, digest_removals(verdicts[row])) if positions else ""
        if reason is None:
            unknown[row] = positions
        elif reason:
            found[row] = replace(verdicts[row], no_article=reason)
    doubtful = np.array(_in_doubt(shelf.columns, unknown), np.int64)
    for rows, _ in lying(shelf.columns.select(["outcome"]), doubtful, CHECKED_ROWS):
        for row, article in zip(rows.tolist(), shelf.load(rows.tolist()), strict=True):
            checked = check_article(strip(article, verdicts[row]), settings)
            if checked.outcome is not Outcome.CLEAN:
                found[row] = replace(verdicts[row], no_article=checked.reason)
    return found


def _in_doubt(columns: pa.Table | Spread, removed: Mapping[int, Sequence[int]]) -> list[int]:
    """The rows of articles that might be none without the blocks at these positions: all from which something is
    removed, but those of which a paragraph stays that is text enough (`PLENTY`).
    """
    paragraphs = paragraphs_of(columns)
    rows = np.array(sorted(row for row, positions in removed.items() if positions), np.int64)
    doubt: list[int] = []
    for some, part in lying(paragraphs.select(["positions", "marks"]), rows, READ):
        (positions, firsts), (marks, _) = (flat_lists(part.column(n)) for n in range(2))
        plenty = (marks & PLENTY) > 0
        plenty &= ~_stand_among(positions, firsts, [removed[row] for row in some.tolist()])
        owner = np.repeat(np.arange(some.size), np.diff(firsts))
        doubt += some[np.bincount(owner[plenty], minlength=some.size) == 0].tolist()
    return doubt

"""What an earlier judgement of the corpus found about paragraphs, and for which articles it still holds.

A paragraph is judged by its own article, by where else it stands (and how well it fits there), and by the theme of the
corpus. An article of which none of these has changed is judged as it was before, so it needn't be judged again; nor
need a pair of blocks be measured again that was measured before. What is known is one row of lists, so that it lies in
one file: its parts belong together.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from copydesk.contamination.background import Background
from copydesk.contamination.copies import Copies, Earlier, Measured
from copydesk.contamination.papers import Corpus
from copydesk.contamination.paragraphs import Stranger
from copydesk.contamination.theme import Sums, add_up, read_sums, speakers
from copydesk.machine.work import ALONE, Work
from copydesk.one_row import list_field, one_list
from copydesk.spread import Spread

WEIGHTS = ("common", "of_left", "of_right")
"""What is known of a pair of blocks."""
STRANGERS = pa.schema(
    [
        list_field("strangers.row", pa.int64()),
        list_field("strangers.position", pa.int32()),
        list_field("strangers.sure", pa.float64()),
        list_field("strangers.reasons", pa.string()),
        list_field("strangers.removed", pa.bool_()),
        list_field("strangers.headline", pa.int32()),
        list_field("strangers.rule", pa.string()),
    ]
)
KNOWN = pa.schema(
    [
        list_field("article_id", pa.string()),
        list_field("content", pa.binary(16)),
        list_field("starts", pa.int64()),
        list_field("gone", pa.bool_()),
        pa.field("theme", pa.binary(), nullable=False),
        list_field("theme.sums", pa.int64()),
        list_field("stories", pa.int64()),
        list_field("crowded", pa.uint32()),
        list_field("pairs", pa.int64()),
        *(list_field(name, pa.float64()) for name in WEIGHTS),
        list_field("copies.block", pa.int64()),
        list_field("copies.match", pa.int64()),
        list_field("copies.share", pa.float64()),
        *STRANGERS,
    ]
)
"""One row. By article, in order: `article_id`, `content`, a digest of it, and in `stories` the first article of its
story. `starts` are where their blocks start and the number of all; by block whether it was `gone`. `theme` is a
digest of what the theme says, `theme.sums` what it is made of (`Sums`). `crowded` are the
keys that too many blocks shared. `pairs` of blocks that have enough in common to be matches, as `left << 32 | right` in
order, with the WEIGHTS of `Measured`. `copies` are as in `Copies`, `strangers` as in `Stranger` with the article's row;
`headline` is -1 for none."""


@dataclass(frozen=True, slots=True)
class Before:
    """What is known, in the numbers of today: the former row of each article and the former number of each block, -1
    where there is none that says the same.
    """

    table: pa.Table
    starts: NDArray[np.int64]
    rows: NDArray[np.int64]
    blocks: NDArray[np.int32]

    def numbers(self, name: str) -> NDArray[Any]:
        """A list of numbers in what is known."""
        found: NDArray[Any] = _values(self.table, name).to_numpy(zero_copy_only=False)
        return found


def hold_known(articles: pa.Table | Spread, starts: NDArray[np.int64], known: pa.Table | None) -> Before | None:
    """What is known, None where nothing is."""
    if (
        known is None
        or not len(known)
        or not len(_values(known, "article_id"))
        or "content" not in articles.schema.names
    ):
        return None
    place = pc.index_in(articles["article_id"], value_set=_values(known, "article_id"))
    rows = pc.fill_null(place, -1).to_numpy().astype(np.int64)
    then = _values(known, "content").take(pa.array(np.maximum(rows, 0)))
    same = pc.equal(articles["content"], then).to_numpy(zero_copy_only=False)
    rows = np.where(same, rows, -1)
    before = _values(known, "starts").to_numpy()
    sizes = np.diff(starts)
    # As numbers of half the size: there are some twenty blocks to an article.
    blocks = np.arange(starts[-1], dtype=np.int32)
    blocks += np.repeat((before[np.maximum(rows, 0)] - starts[:-1]).astype(np.int32), sizes)
    blocks[np.repeat(rows < 0, sizes)] = -1
    return Before(known, before, rows, blocks)


def earlier_pairs(before: Before, starts: NDArray[np.int64], stories: NDArray[np.int64]) -> Earlier:
    """What is known of pairs of blocks."""
    size = before.rows.size
    there = before.rows >= 0
    # An article is among other stories than before if the first one of its own isn't the same.
    row = np.full(max(1, before.starts.size - 1), -1)
    row[before.rows[there]] = np.flatnonzero(there)
    same = np.zeros(size, np.bool_)
    same[there] = row[before.numbers("stories")[before.rows[there]]] == stories[there]
    fresh = ~np.repeat(same, np.diff(starts))
    stayed = np.flatnonzero(~fresh)
    fresh[stayed] = before.numbers("gone")[before.blocks[stayed]]
    stayed = np.flatnonzero(~fresh)
    now = np.full(int(before.starts[-1]), -1)
    now[before.blocks[stayed]] = stayed
    numbers = before.numbers("pairs")
    left, right = now[numbers >> 32], now[numbers & 0xFFFFFFFF]
    known = np.flatnonzero((left >= 0) & (right >= 0))
    pairs = Measured(left[known], right[known], *(before.numbers(name)[known] for name in WEIGHTS))
    return Earlier(fresh, pairs, before.numbers("crowded"))


def unchanged(corpus: Corpus, before: Before) -> NDArray[np.bool_]:
    """Which articles are as they were, and without the same blocks."""
    owner = np.repeat(np.arange(before.rows.size), np.diff(corpus.starts))
    here = np.flatnonzero(before.blocks >= 0)
    other = corpus.gone[here] != before.numbers("gone")[before.blocks[here]]
    same: NDArray[np.bool_] = (before.rows >= 0) & (np.bincount(owner[here], other, before.rows.size) == 0)
    return same


def theme_sums(
    corpus: Corpus,
    stories: NDArray[np.int64],
    background: Background,
    before: Before | None,
    same: NDArray[np.bool_],
    work: Work = ALONE,
) -> Sums:
    """What the theme is made of: the sums of the night before, with the articles that have come and without those that
    have gone, as long as these are few and what they said is known.
    """
    rows = speakers(corpus.starts, stories)
    known = before.numbers("theme.sums") if before else np.zeros(0, np.int64)
    if before is None or known.size != 2 * background.vectors.shape[1] + 1:
        return add_up(corpus, rows, background, work)
    there = np.flatnonzero(before.rows >= 0)
    now = np.full(max(1, before.starts.size - 1), -1)
    now[before.rows[there]] = there
    then = now[speakers(before.starts, before.numbers("stories"))]
    if (then < 0).any():
        return add_up(corpus, rows, background, work)
    stays = same & _mask(rows, same.size) & _mask(then, same.size)
    come, left = rows[~stays[rows]], then[~stays[then]]
    if come.size + left.size >= rows.size:
        return add_up(corpus, rows, background, work)
    gone = np.where(before.blocks >= 0, np.append(before.numbers("gone"), False)[before.blocks], False)
    earlier = Corpus(corpus.columns, corpus.starts, gone)  # as it was where it is still there
    return read_sums(known).changed(add_up(corpus, come, background), add_up(earlier, left, background))


def _mask(rows: NDArray[np.int64], size: int) -> NDArray[np.bool_]:
    """Which of so many rows are among these."""
    mask = np.zeros(size, np.bool_)
    mask[rows] = True
    return mask


def find_settled(
    corpus: Corpus, copies: Copies, theme: bytes, before: Before, same: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Which articles are judged as they were: text, copies and their articles, and the theme are the same."""
    if _values(before.table, "theme", flat=False)[0].as_py() != theme:
        return np.zeros(before.rows.size, np.bool_)
    size = before.rows.size
    owner = np.repeat(np.arange(size), np.diff(corpus.starts))
    blocks = np.where(same[owner], before.blocks, -1)
    then = before.numbers("copies.block")
    block, match = blocks[copies.blocks], blocks[copies.matches]
    found, place = _among(then, block)
    found &= (block >= 0) & (match >= 0)
    found[found] = (before.numbers("copies.match")[place[found]] == match[found]) & (
        before.numbers("copies.share")[place[found]] == copies.shares[found]
    )
    lost = np.bincount(owner[copies.blocks], ~found, size) > 0
    now = np.bincount(owner[copies.blocks], found, size)
    was = np.bincount(np.searchsorted(before.starts, then, side="right") - 1, minlength=max(1, before.starts.size - 1))
    settled: NDArray[np.bool_] = same & ~lost & (now == was[np.maximum(before.rows, 0)])
    return settled


def _among(ordered: NDArray[np.int64], wanted: NDArray[np.int64]) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
    """Which of these numbers are among the others, which are in order, and where."""
    if not ordered.size:
        return np.zeros(wanted.size, np.bool_), np.zeros(wanted.size, np.int64)
    place = np.minimum(np.searchsorted(ordered, wanted), ordered.size - 1)
    return ordered[place] == wanted, place


def recall_strangers(before: Before, settled: NDArray[np.bool_]) -> dict[int, list[Stranger]]:
    """The strangers of the settled articles, by today's rows."""
    now = np.full(max(1, before.starts.size - 1), -1)
    now[before.rows[settled]] = np.flatnonzero(settled)
    rows = now[before.numbers("strangers.row")]
    keep = np.flatnonzero(rows >= 0)
    lists = [_values(before.table, name).take(pa.array(keep)).to_pylist() for name in STRANGERS.names[1:]]
    strangers: dict[int, list[Stranger]] = {}
    for row, position, sure, reasons, removed, headline, rule in zip(rows[keep].tolist(), *lists, strict=True):
        above = headline if headline >= 0 else None
        strangers.setdefault(row, []).append(Stranger(position, sure, reasons, removed, above, rule))
    return strangers


def known_table(
    articles: pa.Table | Spread,
    corpus: Corpus,
    theme: bytes,
    sums: Sums,
    stories: NDArray[np.int64],
    crowded: NDArray[np.uint32],
    pairs: Measured,
    copies: Copies,
    found: dict[int, tuple[Stranger, ...]],
) -> pa.Table:
    """What is known from now on (schema `KNOWN`); nothing where articles have no digest of their content."""
    if "content" not in articles.schema.names:
        return KNOWN.empty_table()
    flat = [(row, stranger) for row, own in found.items() for stranger in own]
    lists: dict[str, object] = {
        "article_id": articles["article_id"],
        "content": articles["content"],
        "starts": corpus.starts,
        "gone": corpus.gone,
        "theme.sums": sums.numbers,
        "stories": stories,
        "crowded": crowded,
        "pairs": pairs.numbers,
        **{name: getattr(pairs, name) for name in WEIGHTS},
        "copies.block": copies.blocks,
        "copies.match": copies.matches,
        "copies.share": copies.shares,
        "strangers.row": [row for row, _ in flat],
        "strangers.position": [s.position for _, s in flat],
        "strangers.sure": [s.sure for _, s in flat],
        "strangers.reasons": [s.reasons for _, s in flat],
        "strangers.removed": [s.removed for _, s in flat],
        "strangers.headline": [-1 if s.headline is None else s.headline for _, s in flat],
        "strangers.rule": [s.rule for _, s in flat],
    }
    arrays = [pa.array([theme]) if f.name == "theme" else one_list(lists[f.name], f.type) for f in KNOWN]
    return pa.Table.from_arrays(arrays, schema=KNOWN)


def _values(known: pa.Table, name: str, *, flat: bool = True) -> pa.Array:
    column = known[name].chunk(0)
    return column.flatten() if flat else column

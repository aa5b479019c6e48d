"""The groups of an index: articles of the same words, numbered as they come, with the story that each belongs to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from copydesk.duplicates.candidates import Numbers, entries
from copydesk.duplicates.groups import count_up, distinct
from copydesk.duplicates.hashing import Hashes
from copydesk.duplicates.index.keys import BANDS, OWNER, Keys
from copydesk.duplicates.index.rows import Rows
from copydesk.duplicates.numbering import hash_column
from copydesk.duplicates.permutations import COPY_BANDS, band_keys
from copydesk.duplicates.resolve import title_key
from copydesk.duplicates.sketch import SIGNATURE_WORDS

MEMBERS = pa.schema([pa.field("group", pa.int64(), nullable=False)])
"""The group of each article, -1 for one without words."""
GROUPS = pa.schema([pa.field("article", pa.int64(), nullable=False), pa.field("story", pa.int64(), nullable=False)])
"""Of each group the article that stands for it, and its story: one of the story's groups."""


@dataclass(frozen=True, slots=True)
class Groups:
    """`of`: the group of each article, -1 for one without words; `reps`: the article that stands for each group, the
    one with the least digest. `fresh`: how many groups there were before; `replaced`: those of them for which another
    article stands now.
    """

    of: Numbers
    reps: Numbers
    fresh: int
    replaced: Numbers

    def articles(self, groups: Numbers) -> tuple[Numbers, Numbers]:
        """The articles of some groups, group by group, and how many there are of each."""
        order = np.argsort(self.of, kind="stable")
        low = np.searchsorted(self.of[order], groups)
        sizes = np.searchsorted(self.of[order], groups, side="right") - low
        return order[np.repeat(low, sizes) + count_up(sizes)], sizes


def group_articles(rows: Rows, known: Groups, keys: Keys) -> Groups:
    """The groups when the articles after the known ones have come in."""
    first = len(known.of)
    fresh = np.arange(first, len(rows))
    words = rows.take(["words"], fresh)["words"].to_numpy() if len(fresh) else fresh
    fresh = fresh[words > 0]
    folded = rows.hashes("folded", fresh)
    order = np.lexsort((folded[:, 1], folded[:, 0]))
    begins = np.ones(len(order), dtype=bool)
    begins[1:] = (folded[order[1:]] != folded[order[:-1]]).any(axis=1)
    different = folded[order[begins]]
    group = _find_groups(different, rows, known, keys)
    new = group < 0
    group[new] = len(known.reps) + np.arange(int(new.sum()))
    of = np.concatenate([known.of, np.full(len(rows) - first, -1)])
    of[fresh[order]] = group[np.cumsum(begins) - 1]
    return _choose_reps(rows, known, of, distinct(group), len(known.reps) + int(new.sum()))


def _find_groups(folded: Hashes, rows: Rows, known: Groups, keys: Keys) -> Numbers:
    """The known group of each of these digests of words (sorted), -1 where there is none."""
    found = np.full(len(folded), -1, dtype=np.int64)
    _, groups = keys.find("folded", distinct(folded[:, 0] & ~OWNER))
    own = {digest.tobytes(): number for number, digest in enumerate(folded) if len(groups)}
    for group, digest in zip(groups.tolist(), rows.hashes("folded", known.reps[groups]), strict=True):
        number = own.get(digest.tobytes())
        if number is not None:
            found[number] = group
    return found


def _choose_reps(rows: Rows, known: Groups, of: Numbers, touched: Numbers, total: int) -> Groups:
    """The article with the least digest stands for its group: whatever came first, it is the same one."""
    old = touched[touched < len(known.reps)]
    fresh = np.arange(len(known.of), len(of))
    articles = np.concatenate([known.reps[old], fresh[of[fresh] >= 0]])
    digests = rows.hashes("digest", articles).byteswap()
    order = np.lexsort((articles, digests[:, 1], digests[:, 0], of[articles]))
    groups = of[articles[order]]
    first = order[np.concatenate([[True], groups[1:] != groups[:-1]])] if len(order) else order
    reps = np.concatenate([known.reps, np.full(total - len(known.reps), -1)])
    reps[of[articles[first]]] = articles[first]
    return Groups(of, reps, len(known.reps), old[reps[old] != known.reps[old]])


def position_groups(rows: Rows, reps: Numbers) -> Numbers:
    """The position of each group in the order of content, as `compare` numbers them.

    Groups whose 64-bit keys are equal, which takes someone to craft them, come by the digest of their words here and by
    that of their first text there: the one thing in which an index may differ from `find_links`. By the first text an
    order would change when another article comes to stand for its group.
    """
    exact = rows.column("exact").to_numpy()[reps] if len(rows) else np.zeros(0, dtype=np.uint64)
    order = np.argsort(exact, kind="stable")
    tied = np.flatnonzero(exact[order[1:]] == exact[order[:-1]])
    tied = distinct(np.concatenate([tied, tied + 1]))
    if len(tied):
        folded = rows.hashes("folded", reps[order[tied]])
        order[tied] = order[tied][np.lexsort((folded[:, 1], folded[:, 0], exact[order[tied]]))]
    positions = np.empty(len(order), dtype=np.int64)
    positions[order] = np.arange(len(order))
    return positions


def fresh_entries(rows: Rows, groups: Groups, first: int) -> Iterator[tuple[str, Hashes]]:
    """The entries that the articles from `first` on bring, kind by kind, in the order of `keys.KINDS`."""
    new = np.arange(groups.fresh, len(groups.reps))
    reps = groups.reps[new]
    values, starts = rows.lists("fingerprints", reps)
    yield "folded", entries(rows.hashes("folded", reps)[:, 0], new)
    yield "prints", entries(values, np.repeat(new, np.diff(starts)))
    articles = np.arange(first, len(rows))
    articles = articles[groups.of[articles] >= 0]
    named = rows.take(["title", "url_key"], articles)
    titles = hash_column(map(title_key, named["title"].to_pylist()))
    for kind, hashes in (("title", titles), ("url", hash_column(named["url_key"].to_pylist()))):
        yield kind, entries(hashes[hashes != 0], groups.of[articles[hashes != 0]])
    long = new[rows.take(["words"], reps)["words"].to_numpy() >= SIGNATURE_WORDS]
    found = band_keys(rows.signatures(groups.reps[long]), COPY_BANDS)
    for band, column in zip(BANDS, found, strict=True):
        yield band, entries(column.astype(np.uint64) << np.uint64(32), long)


def read_groups(members: Sequence[pa.RecordBatch], groups: Sequence[pa.RecordBatch]) -> tuple[Groups, Numbers]:
    """The groups as they were kept, and their stories."""
    of = pa.Table.from_batches(members, MEMBERS)["group"].to_numpy()
    table = pa.Table.from_batches(groups, GROUPS)
    reps = table["article"].to_numpy()
    return Groups(of, reps, len(reps), np.zeros(0, dtype=np.int64)), table["story"].to_numpy()


def as_batch(schema: pa.Schema, *columns: npt.NDArray[np.int64]) -> pa.RecordBatch:
    """Columns of numbers as a batch."""
    return pa.RecordBatch.from_arrays([pa.array(column) for column in columns], schema=schema)

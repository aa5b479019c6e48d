"""Where all kept articles lie, as columns: what a night asks of every record is answered for all of them at once.

To ask the index for a hundred thousand records one by one took a second, and half a kilobyte of objects each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from copydesk.article import Outcome
from copydesk.state.index import Index
from copydesk.state.segments import READ_ERRORS, Entry, read_keys

_KNOWN = pa.schema([(name, pa.string()) for name in Entry._fields])


@dataclass(frozen=True, slots=True)
class Places:
    """The kept articles of one fingerprint: `keys` their ids and digests of fields, `segments` (int32, by `names`) and
    `rows` (int32) where they lie, `settled` which weren't quarantined. `asked`, which is written to, marks those that
    were found; `lost` are segments that turned out to be damaged.
    """

    names: tuple[str, ...]
    keys: pa.Array
    segments: NDArray[np.int32]
    rows: NDArray[np.int32]
    settled: NDArray[np.bool_]
    asked: NDArray[np.bool_]
    lost: set[str]

    def find(self, listed: pa.Table) -> NDArray[np.int64]:
        """Where the records (`article_id`, `fields`) stand here; -1 for one that isn't kept."""
        if not len(self.keys):
            return np.full(len(listed), -1, np.int64)
        places = pc.fill_null(pc.index_in(_join(listed), value_set=self.keys), -1)
        found: NDArray[np.int64] = places.to_numpy().astype(np.int64)
        if self.lost:
            gone = np.array([name in self.lost for name in self.names], np.bool_)
            found[(found >= 0) & gone[self.segments[found]]] = -1
        self.asked[found[found >= 0]] = True
        return found

    def settled_among(self, listed: pa.Table, is_whole: Callable[[str], bool]) -> NDArray[np.bool_]:
        """Which of these records are here, weren't quarantined, and lie in a segment that `is_whole`."""
        found = self.find(listed)
        there = found >= 0
        segments = self.segments[found[there]]
        whole = np.zeros(len(self.names), np.bool_)
        for number in np.unique(segments).tolist():
            whole[number] = is_whole(self.names[number])
        there[there] = whole[segments] & self.settled[found[there]]
        return there

    def missing(self) -> Iterator[tuple[str, str]]:
        """The id and the digest of the fields of each record that was never asked for."""
        for key in self.keys.filter(pa.array(~self.asked)):
            article_id, _, fields = key.as_py().partition("\0")
            yield article_id, fields


def read_places(index: Index, folder: Path, drop: Callable[[str, str], None]) -> Places:
    """Where all articles lie that the index knows under its fingerprint; `drop` is told which segments are damaged."""
    names, keys, rows, settled = [], [], [], []
    for name, size, living in index.sizes():
        try:
            known = read_keys(folder / name) if living == size else None
        except READ_ERRORS as error:
            drop(name, str(error))
            continue
        entries = {} if known is not None else index.entries(name)
        if known is None:
            known = pa.table([list(column) for column in zip(*entries.values(), strict=True)], schema=_KNOWN)
        names.append(name)
        keys.append(_join(known))
        rows.append(np.array(list(entries), np.int32) if entries else np.arange(size, dtype=np.int32))
        settled.append(pc.not_equal(known["outcome"], Outcome.QUARANTINED.value).to_numpy())
    sizes = [len(own) for own in rows]
    total = sum(sizes)
    return Places(
        tuple(names),
        pa.chunked_array(keys, pa.string()).combine_chunks(),
        np.repeat(np.arange(len(names), dtype=np.int32), sizes),
        np.concatenate([np.zeros(0, np.int32), *rows]),
        np.concatenate([np.zeros(0, np.bool_), *settled]),
        np.zeros(total, np.bool_),
        set(),
    )


def _join(listed: pa.Table) -> pa.Array:
    """Id and fields as one value."""
    keys = pc.binary_join_element_wise(listed["article_id"], listed["fields"], "\0")
    return keys.combine_chunks() if isinstance(keys, pa.ChunkedArray) else keys

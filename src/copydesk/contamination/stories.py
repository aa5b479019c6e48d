"""Which articles tell the same story, by the links between copies."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from copydesk.duplicates.groups import connect


def stories_of(article_ids: pa.Array | pa.ChunkedArray, links: pa.Table) -> NDArray[np.int64]:
    """The story of each article by its id: the position of the story's first article. Copies share it with the survivor
    they link to, directly or not; links to articles that aren't there are left out.

    >>> links = pa.table({"article_id": ["c", "x"], "canonical_id": ["b", "a"]})
    >>> stories_of(pa.array(["a", "b", "c"]), links).tolist()
    [0, 1, 1]
    """
    names = pc.unique(pa.chunked_array([*links["article_id"].chunks, *links["canonical_id"].chunks], pa.string()))
    # Of all ids only those that links name are put into a table to be looked up.
    positions = np.flatnonzero(pc.is_in(article_ids, value_set=names).to_numpy(zero_copy_only=False))
    known = article_ids.take(pa.array(positions))
    known = known.combine_chunks() if isinstance(known, pa.ChunkedArray) else known
    ends = (pc.index_in(links[name].cast(pa.string()), value_set=known) for name in ("article_id", "canonical_id"))
    copies, survivors = (pc.fill_null(end, -1).to_numpy().astype(np.int64) for end in ends)
    there = (copies >= 0) & (survivors >= 0)
    return connect(len(article_ids), positions[copies[there]], positions[survivors[there]])

"""Which articles tell the same story, by the links between copies."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from copydesk.article import Article


def story_numbers(articles: Sequence[Article], links: pa.Table) -> NDArray[np.int64]:
    """The story of each article: copies have the number of the survivor they link to, directly or not.

    Links to articles that aren't there are left out.
    """
    position = {article.article_id: i for i, article in enumerate(articles)}
    parent = list(range(len(articles)))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    pairs = zip(links.column("article_id").to_pylist(), links.column("canonical_id").to_pylist(), strict=True)
    for copy, survivor in pairs:
        if copy in position and survivor in position:
            a, b = root(position[copy]), root(position[survivor])
            parent[max(a, b)] = min(a, b)
    return np.array([root(i) for i in range(len(articles))], np.int64)

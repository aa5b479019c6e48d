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
    return stories_of([article.article_id for article in articles], links)


def stories_of(article_ids: Sequence[str], links: pa.Table) -> NDArray[np.int64]:
    """The story of each article by its id, as `story_numbers` gives it: the position of the story's first article."""
    position = {article_id: i for i, article_id in enumerate(article_ids)}
    parent = list(range(len(article_ids)))

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
    return np.array([root(i) for i in range(len(article_ids))], np.int64)

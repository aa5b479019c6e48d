"""Which links between copies and their survivors are carried out, and how a survivor names its copies."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from copydesk.article import Copy
from copydesk.errors import RunError


@dataclass(frozen=True, slots=True)
class DuplicateLink:
    """A removed copy and its survivor."""

    article_id: str
    canonical_id: str
    kind: str
    jaccard: float
    containment: float


@dataclass(frozen=True, slots=True)
class Carried:
    """The links that are carried out, as a table by copy; and the places of their copies and of their survivors among
    the articles that are known, int64.
    """

    links: pa.Table
    copies: NDArray[np.int64]
    survivors: NDArray[np.int64]


def carry_links(article_ids: pa.ChunkedArray, clean: NDArray[np.bool_], links: pa.Table) -> Carried:
    """The links between articles that are clean; none for no links. `article_ids` are those of at least all that the
    links (schema `decided.LINKS`) name, in any order; `clean` says of each whether it is.

    Where a copy or its survivor has met another outcome in the meantime, the link is not carried out, so that no story
    is removed in favour of one that isn't published.

    Raises RunError if a link names an article that isn't there, an article twice as a copy, or a copy as survivor.
    """
    links = links.sort_by("article_id").combine_chunks()
    ids = article_ids.combine_chunks()
    copies, survivors = (_places(ids, links, name) for name in ("article_id", "canonical_id"))
    _check(links, copies, survivors)
    kept = clean[copies] & clean[survivors]
    return Carried(links.filter(pa.array(kept)), copies[kept], survivors[kept])


def _places(ids: pa.Array, links: pa.Table, column: str) -> NDArray[np.int64]:
    """Where among the ids the articles stand that links name in this column."""
    found = pc.index_in(links[column], value_set=ids.cast(pa.string())).combine_chunks()
    if found.null_count:
        link = links.filter(pc.is_null(found)).slice(0, 1).to_pylist()[0]
        raise RunError(f"link of {link['article_id']} names {link[column]}, which is not among the articles")
    places: NDArray[np.int64] = found.to_numpy(zero_copy_only=False).astype(np.int64)
    return places


def in_order(copies: Iterable[Copy]) -> tuple[Copy, ...]:
    """The copies of a story as its survivor names them: by day, then outlet, URL and id; unknown ones last."""
    return tuple(sorted(copies, key=_place))


def _place(copy: Copy) -> tuple[str, str, str, str]:
    day = copy.published_on.isoformat() if copy.published_on else "~"
    return day, copy.outlet or "~", copy.url or "~", copy.article_id


def _check(links: pa.Table, copies: NDArray[np.int64], survivors: NDArray[np.int64]) -> None:
    if np.unique(copies).size != copies.size:
        raise RunError("an article is named twice as a copy in the links; compute them again with find_links")
    chained = np.isin(survivors, copies)
    if chained.any():
        name = pc.min(links["canonical_id"].filter(pa.array(chained))).as_py()
        raise RunError(f"survivor {name} is itself a copy; compute the links again with find_links")

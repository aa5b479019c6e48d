"""Links → articles with their outcomes: copies are duplicates of their survivor, survivors name their copies."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from copydesk.article import Article, Copy, Outcome
from copydesk.errors import RunError
from copydesk.settings import Settings

ROWS = pa.schema(
    [
        pa.field("article_id", pa.string(), nullable=False),
        pa.field("outcome", pa.string(), nullable=False),
        pa.field("outlet", pa.string()),
        pa.field("url", pa.string()),
        pa.field("published_on", pa.date32()),
    ]
)
"""What is known of articles when links are carried out."""


@dataclass(frozen=True, slots=True)
class DuplicateLink:
    """A removed copy and its survivor."""

    article_id: str
    canonical_id: str
    kind: str
    jaccard: float
    containment: float


@dataclass(frozen=True, slots=True)
class Resolution:
    """The articles with their outcomes, in the order given, and the links that were carried out, by copy."""

    articles: tuple[Article, ...]
    links: tuple[DuplicateLink, ...]


@dataclass(frozen=True, slots=True)
class Settlement:
    """The links that are carried out, by copy, and what each survivor says of its copies (`also_published`)."""

    links: tuple[DuplicateLink, ...]
    copies: Mapping[str, tuple[Copy, ...]]


@dataclass(frozen=True, slots=True)
class Carried:
    """The links that are carried out, as a table by copy; and the places of their copies and of their survivors among
    the articles that are known, int64.
    """

    links: pa.Table
    copies: NDArray[np.int64]
    survivors: NDArray[np.int64]


def choose_survivors(articles: Sequence[Article], links: pa.Table, settings: Settings) -> Resolution:  # noqa: ARG001
    """The articles, copies with the outcome `duplicate`, survivors with `also_published`; none for no articles.

    Only clean articles take part: where a copy or its survivor has met another outcome in the meantime, the link is
    not carried out, so that no story is removed in favour of one that isn't published.

    Raises RunError if a link names an article that isn't there, an article twice as a copy, or a copy as survivor.
    """
    rows = pa.Table.from_pylist([_row(article) for article in articles], schema=ROWS)
    settled = settle_links(rows, links)
    of_copy = {link.article_id: link for link in settled.links}
    return Resolution(
        tuple(_settle(article, of_copy.get(article.article_id), settled.copies) for article in articles), settled.links
    )


def settle_links(rows: pa.Table, links: pa.Table) -> Settlement:
    """What `choose_survivors` decides, from columns alone: the outcomes of articles and the links between them.

    `rows`: `article_id`, `outcome`, `outlet`, `url`, `published_on` (`ROWS`) of at least the articles that the links
    name, in any order.

    Raises RunError as `choose_survivors` does.
    """
    clean = np.array([outcome == Outcome.CLEAN for outcome in rows["outcome"].to_pylist()], np.bool_)
    carried = carry_links(rows["article_id"], clean, links)
    every = tuple(DuplicateLink(**row) for row in carried.links.to_pylist())
    copies: dict[str, list[Copy]] = {}
    known = rows.select(ROWS.names).take(pa.array(carried.copies)).to_pylist()
    for link, row in zip(every, known, strict=True):
        copy = Copy(row["outlet"], row["url"], row["published_on"], link.article_id)
        copies.setdefault(link.canonical_id, []).append(copy)
    return Settlement(every, {name: in_order(group) for name, group in copies.items()})


def carry_links(article_ids: pa.ChunkedArray, clean: NDArray[np.bool_], links: pa.Table) -> Carried:
    """The links between articles that are clean. `article_ids` are those of at least all that the links name, in any
    order.

    Raises RunError as `choose_survivors` does.
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


def _row(article: Article) -> dict[str, object]:
    known = article.metadata
    return {
        "article_id": article.article_id,
        "outcome": str(article.outcome),
        "outlet": known.outlet,
        "url": known.url,
        "published_on": known.published_on,
    }


def _settle(article: Article, link: DuplicateLink | None, copies: Mapping[str, tuple[Copy, ...]]) -> Article:
    if link is not None:
        return replace(article, outcome=Outcome.DUPLICATE, reason=f"{link.kind} of {link.canonical_id}")
    if article.article_id not in copies:
        return article
    return replace(article, also_published=copies[article.article_id])


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

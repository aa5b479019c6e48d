"""Links → articles with their outcomes: copies are duplicates of their survivor, survivors name their copies."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from operator import attrgetter

import pyarrow as pa
import pyarrow.compute as pc

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


LINKS = tuple(field.name for field in fields(DuplicateLink))


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
    # Column by column: a dict of each row took most of the time that a night chooses survivors in.
    every = [DuplicateLink(*row) for row in zip(*(links[name].to_pylist() for name in LINKS), strict=True)]
    names = pa.array({name for link in every for name in (link.article_id, link.canonical_id)}, pa.string())
    named = rows.select(ROWS.names).filter(pc.is_in(rows["article_id"].cast(pa.string()), value_set=names))
    ids = named["article_id"].to_pylist()
    _check(every, set(ids))
    clean = {name for name, outcome in zip(ids, named["outcome"].to_pylist(), strict=True) if outcome == Outcome.CLEAN}
    kept = tuple(
        link
        for link in sorted(every, key=attrgetter("article_id"))
        if link.article_id in clean and link.canonical_id in clean
    )
    columns = (named[name].to_pylist() for name in ("outlet", "url", "published_on", "article_id"))
    said = dict(zip(ids, zip(*columns, strict=True), strict=True))
    copies: dict[str, list[Copy]] = {}
    for link in kept:
        copies.setdefault(link.canonical_id, []).append(Copy(*said[link.article_id]))
    return Settlement(kept, {name: tuple(sorted(group, key=_place)) for name, group in copies.items()})


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
    """By day, then outlet, URL and id; unknown ones last."""
    day = copy.published_on.isoformat() if copy.published_on else "~"
    return day, copy.outlet or "~", copy.url or "~", copy.article_id


def _check(links: Sequence[DuplicateLink], known: Collection[str]) -> None:
    copies = [link.article_id for link in links]
    if len(set(copies)) != len(copies):
        raise RunError("an article is named twice as a copy in the links; compute them again with find_links")
    for link in links:
        for name in (link.article_id, link.canonical_id):
            if name not in known:
                raise RunError(f"link of {link.article_id} names {name}, which is not among the articles")
    chained = sorted({link.canonical_id for link in links} & set(copies))
    if chained:
        raise RunError(f"survivor {chained[0]} is itself a copy; compute the links again with find_links")

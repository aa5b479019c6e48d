"""Links → articles with their outcomes: copies are duplicates of their survivor, survivors name their copies."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import pyarrow as pa

from copydesk.article import Article, Copy, Outcome
from copydesk.errors import RunError
from copydesk.settings import Settings


@dataclass(frozen=True, slots=True)
class DuplicateLink:
    """A removed copy and its survivor."""

    article_id: str
    canonical_id: str
    kind: str
    jaccard: float
    containment: float


def read_links(links: pa.Table) -> tuple[DuplicateLink, ...]:
    """The links of a table by copy.

    Raises RunError if an article is named twice as a copy, or a copy as survivor.
    """
    found = sorted((DuplicateLink(**row) for row in links.to_pylist()), key=lambda link: link.article_id)
    copies = {link.article_id for link in found}
    if len(copies) != len(found):
        raise RunError("an article is named twice as a copy in the links; compute them again with find_links")
    chained = sorted(copies.intersection(link.canonical_id for link in found))
    if chained:
        raise RunError(f"survivor {chained[0]} is itself a copy; compute the links again with find_links")
    return tuple(found)


def order_copies(copies: Iterable[Copy]) -> tuple[Copy, ...]:
    """The copies of one survivor by day, then outlet, URL and id; unknown ones last."""
    return tuple(sorted(copies, key=_place))


@dataclass(frozen=True, slots=True)
class Resolution:
    """The articles with their outcomes, in the order given, and the links that were carried out, by copy."""

    articles: tuple[Article, ...]
    links: tuple[DuplicateLink, ...]


def choose_survivors(articles: Sequence[Article], links: pa.Table, settings: Settings) -> Resolution:  # noqa: ARG001
    """The articles, copies with the outcome `duplicate`, survivors with `also_published`; none for no articles.

    Only clean articles take part: where a copy or its survivor has met another outcome in the meantime, the link is
    not carried out, so that no story is removed in favour of one that isn't published.

    Raises RunError if a link names an article that isn't there, an article twice as a copy, or a copy as survivor.
    """
    by_id = {article.article_id: article for article in articles}
    every = read_links(links)
    _check_names(every, by_id)
    kept = tuple(
        link
        for link in every
        if all(by_id[name].outcome is Outcome.CLEAN for name in (link.article_id, link.canonical_id))
    )
    of_copy = {link.article_id: link for link in kept}
    copies: dict[str, list[Article]] = {}
    for link in kept:
        copies.setdefault(link.canonical_id, []).append(by_id[link.article_id])
    settled = (_settle(article, of_copy.get(article.article_id), copies) for article in articles)
    return Resolution(tuple(settled), kept)


def _settle(article: Article, link: DuplicateLink | None, copies: dict[str, list[Article]]) -> Article:
    if link is not None:
        return replace(article, outcome=Outcome.DUPLICATE, reason=f"{link.kind} of {link.canonical_id}")
    if article.article_id not in copies:
        return article
    return replace(article, also_published=order_copies(map(_describe, copies[article.article_id])))


def _describe(article: Article) -> Copy:
    known = article.metadata
    return Copy(known.outlet, known.url, known.published_on, article.article_id)


def _place(copy: Copy) -> tuple[str, str, str, str]:
    day = copy.published_on.isoformat() if copy.published_on else "~"
    return day, copy.outlet or "~", copy.url or "~", copy.article_id


def _check_names(links: Sequence[DuplicateLink], by_id: dict[str, Article]) -> None:
    for link in links:
        for name in (link.article_id, link.canonical_id):
            if name not in by_id:
                raise RunError(f"link of {link.article_id} names {name}, which is not among the articles")

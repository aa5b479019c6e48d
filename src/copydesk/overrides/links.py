"""What people decided about two articles: they are copies, whatever the matcher says, or they aren't."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from copydesk.article import Article
from copydesk.duplicates.fold import UPPER_MARK, words
from copydesk.duplicates.order import rank, version
from copydesk.overrides.apply import COPIES_RULE, KEEP_RULE
from copydesk.overrides.values import Choice, Overrides
from copydesk.settings import Settings

APART_RULE = "apart/1"
RUN = 3
"""Words of the runs that two texts are compared by, as for all other links."""
RANKED = (
    *("title", "outlet", "url", "url_key", "authors", "section", "language"),
    *("published_on", "published_at", "modified_at"),
)
"""What is known of an article that the order of survivors looks at."""

Link = dict[str, Any]
"""A row of the links: article_id, canonical_id, kind, jaccard, containment."""


@dataclass(frozen=True, slots=True)
class LinkChanges:
    """By copy: the link that was made for a person, or the link that was taken away, and by which rule."""

    made: Mapping[str, Link]
    undone: Mapping[str, tuple[str, Link]]


def override_links(
    links: pa.Table, articles: Mapping[str, Article], overrides: Overrides, settings: Settings
) -> tuple[pa.Table, LinkChanges]:
    """The links as people decided, by copy, and what differs from those given.

    Two articles held apart are never folded into one another, an article kept as a whole into none. Two copies end up
    in one story, under the survivor that the order of survivors names; articles that were folded into one that now is
    a copy itself follow it only where their own words are in the new survivor, else they stay articles. `articles` are
    the clean ones by id; entries about others change nothing.
    """
    if not overrides.links and not overrides.documents:
        return links, LinkChanges({}, {})
    given: dict[str, Link] = {row["article_id"]: row for row in links.to_pylist()}
    undone = {copy: (rule, row) for copy, row in given.items() if (rule := _why_apart(row, overrides))}
    kept = {copy: row for copy, row in given.items() if copy not in undone}
    merged = _merge_all(kept, articles, overrides, settings)
    made = {copy: row for copy, row in merged.items() if given.get(copy) != row}
    freed = {copy: (COPIES_RULE, row) for copy, row in kept.items() if copy not in merged}
    rows = sorted(merged.values(), key=lambda row: str(row["article_id"]))
    undone = {copy: why for copy, why in undone.items() if copy not in merged}
    return pa.Table.from_pylist(rows, schema=links.schema), LinkChanges(made, undone | freed)


def _why_apart(row: Link, overrides: Overrides) -> str | None:
    copy, survivor = row["article_id"], row["canonical_id"]
    if _choice(copy, survivor, overrides) is Choice.APART:
        return APART_RULE
    return KEEP_RULE if overrides.choice_for(copy) is Choice.KEEP else None


def _choice(a: str, b: str, overrides: Overrides) -> Choice | None:
    number = overrides.links.get(frozenset((a, b)))
    return None if number is None else overrides.entries[number].choice


def _merge_all(
    links: Mapping[str, Link], articles: Mapping[str, Article], overrides: Overrides, settings: Settings
) -> dict[str, Link]:
    merged = dict(links)
    copies_of: dict[str, set[str]] = defaultdict(set)
    for copy, row in links.items():
        copies_of[row["canonical_id"]].add(copy)
    said = (pair for pair, number in overrides.links.items() if overrides.entries[number].choice is Choice.COPIES)
    for a, b in sorted(tuple(sorted(pair)) for pair in said):
        if a in articles and b in articles and (move := _move(merged, (a, b), articles, overrides)):
            _carry_out(move, merged, copies_of, articles, overrides, settings)
    return merged


def _move(
    links: Mapping[str, Link], pair: tuple[str, str], articles: Mapping[str, Article], overrides: Overrides
) -> tuple[str, str] | None:
    """Which one of two copies is folded into what; None where they are in one story, or people won't have it."""
    a, b = pair
    survivor = {name: links[name]["canonical_id"] if name in links else name for name in pair}
    movable = [name for name in pair if overrides.choice_for(name) is not Choice.KEEP]
    if survivor[a] == survivor[b] or not movable:
        return None
    # One that survives so far goes rather than one that is a copy already: so no third article has to.
    outdated = {a: _is_outdated(articles[a], articles[b]), b: _is_outdated(articles[b], articles[a])}
    longest = max(_count_words(articles[name]) for name in pair)
    folded = max(
        [name for name in movable if name not in links] or movable,
        key=lambda name: _rank(articles[name], longest, outdated=outdated[name]),
    )
    into = survivor[b if folded == a else a]
    return None if _choice(folded, into, overrides) is Choice.APART else (folded, into)


def _carry_out(
    move: tuple[str, str],
    links: dict[str, Link],
    copies_of: dict[str, set[str]],
    articles: Mapping[str, Article],
    overrides: Overrides,
    settings: Settings,
) -> None:
    """Only the two are removed on a person's word: who was folded into one that goes must be in the new survivor."""
    folded, into = move
    if folded in links:
        copies_of[links[folded]["canonical_id"]].discard(folded)
    links[folded] = _link(articles[folded], articles[into], settings)
    copies_of[into].add(folded)
    for copy in copies_of.pop(folded, ()):
        link = _link(articles[copy], articles[into], settings)
        held_apart = _choice(copy, into, overrides) is Choice.APART
        if link["containment"] >= settings.duplicates.removal_coverage and not held_apart:
            links[copy] = link
            copies_of[into].add(copy)
        else:
            del links[copy]


def _rank(article: Article, longest: int, *, outdated: bool) -> tuple[Any, ...]:
    known = article.metadata
    row = {name: getattr(known, name) for name in RANKED} | {"article_id": article.article_id}
    digest = hashlib.blake2b(article.text.encode("utf-8", "replace"), digest_size=16).digest()
    return rank(row, digest, _count_words(article), longest=longest, outdated=outdated)


def _count_words(article: Article) -> int:
    return article.text.count(" ") + 1


def _is_outdated(article: Article, other: Article) -> bool:
    """Whether the other one is a newer version of the same page."""
    if article.metadata.url_key is None or article.metadata.url_key != other.metadata.url_key:
        return False
    ours, theirs = (version({name: getattr(a.metadata, name) for name in RANKED}) for a in (article, other))
    return ours is not None and theirs is not None and ours < theirs


def _link(copy: Article, survivor: Article, settings: Settings) -> Link:
    """The link as the matcher would have measured it."""
    ours, theirs = _runs(copy.text), _runs(survivor.text)
    shared = len(ours & theirs)
    jaccard = shared / max(1, len(ours | theirs))
    containment = shared / max(1, min(len(ours), len(theirs)))
    return {
        "article_id": copy.article_id,
        "canonical_id": survivor.article_id,
        "kind": _kind(copy, survivor, (jaccard, containment), settings),
        "jaccard": jaccard,
        "containment": containment,
    }


def _kind(copy: Article, survivor: Article, measured: tuple[float, float], settings: Settings) -> str:
    jaccard, containment = measured
    limits = settings.duplicates
    if _is_outdated(copy, survivor):
        return "revision"
    if jaccard < limits.near_jaccard and containment >= limits.excerpt_containment:
        return "excerpt"
    outlets = {copy.metadata.outlet, survivor.metadata.outlet}
    if len(outlets) == 2 and None not in outlets:
        return "syndicated"
    return "exact" if jaccard == 1.0 else "near"


def _runs(text: str) -> frozenset[tuple[str, ...]]:
    folded = [word.replace(UPPER_MARK, "") for word in words(text)]
    return frozenset(tuple(folded[i : i + RUN]) for i in range(max(1, len(folded) - RUN + 1)))

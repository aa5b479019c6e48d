"""JSON-LD of any shape as evidence: a total function, as publishers write every shape there is.

Strings where objects belong, arrays where one value belongs, `@graph`, entities escaped twice, comments and raw
newlines inside, several articles on a page: all are read. What can't be read is refused evidence, never an error.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from copydesk.article import Evidence
from copydesk.extraction.scripts import load_script
from copydesk.metadata.cleaning import MAX_VALUE_CHARS, add_evidence, clean_value, unescape
from copydesk.metadata.titles import fold_title

MAX_NODES = 20_000
"""Nodes visited of one page's JSON-LD; the rest is left. Real pages have some hundred."""
MAX_DEPTH = 60
"""Nesting followed. Deeper ones are made by machines to do harm."""

# How surely a schema.org type is an article; every type that ends in `newsarticle` is one.
_ARTICLE_TYPES = {
    "newsarticle": 5, "article": 4, "blogposting": 4, "liveblogposting": 4, "advertisercontentarticle": 4,
    "satiricalarticle": 4, "techarticle": 3, "scholarlyarticle": 3, "report": 3, "review": 2, "recipe": 2, "howto": 1,
    "socialmediaposting": 2, "discussionforumposting": 1, "videoobject": 1, "webpage": 0, "itempage": 0,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Found:
    """An article node with how likely it is the page's own."""

    node: dict[str, Any]
    score: float


def read_json_ld(
    scripts: list[str], titles: frozenset[str] = frozenset(), urls: frozenset[str] = frozenset()
) -> list[Evidence]:
    """The evidence in the texts of a page's `ld+json` scripts.

    `titles` (folded) and `urls` of the page tell which of several articles is meant.

    >>> [e.value for e in read_json_ld(['{"@type": "NewsArticle", "headline": "Ice is back", "author": ["Jane Roe"]}'])]
    ['newsarticle', 'Ice is back', 'Jane Roe']
    """
    evidence: list[Evidence] = []
    found: list[_Found] = []
    by_id: dict[str, dict[str, Any]] = {}
    for script in scripts:
        data, refusal = load_script(script)
        if refusal:
            evidence.append(Evidence("json_ld", "", f"jsonld ({refusal})", clean_value(script[:200]), 0.0))
        for node in _nodes(data):
            if "@id" in node:
                _index(node, by_id)
            score = _score(node, titles, urls) if "@type" in node else None
            if score is not None:
                found.append(_Found(node, score))
    if found:
        best = max(found, key=lambda f: f.score)
        own = _read_article(best.node, by_id)
        # Another node of the same article (the page around it) only fills what the best one leaves open.
        for other in found:
            if other.node is not best.node and _same_article(best.node, other.node):
                known = {e.field for e in own}
                own.extend(e for e in _read_article(other.node, by_id) if e.field not in known)
        evidence.extend(own)
    return evidence


def _nodes(data: Any) -> Iterator[dict[str, Any]]:
    """All objects of the data, outer before inner, without recursion."""
    stack: list[tuple[Any, int]] = [(data, 0)]
    seen = 0
    while stack and seen < MAX_NODES:
        value, depth = stack.pop()
        seen += 1
        if isinstance(value, dict):
            yield value
            inner: Any = list(value.values())
        elif isinstance(value, list):
            inner = value
        else:
            continue
        if depth < MAX_DEPTH:
            stack.extend((v, depth + 1) for v in reversed(inner) if isinstance(v, (dict, list)))


def _index(node: dict[str, Any], by_id: dict[str, dict[str, Any]]) -> None:
    name = node.get("@id")
    if isinstance(name, str) and len(node) > 1:
        known = by_id.get(name)
        if known is None or len(known) < len(node):
            by_id[name] = node


def _types(node: dict[str, Any]) -> list[str]:
    stated = node.get("@type")
    return [_type_name(stated)] if isinstance(stated, str) else [_type_name(t) for t in _strings(stated)]


@lru_cache(maxsize=256)
def _type_name(stated: str) -> str:
    name = stated.rpartition("/")[2].casefold()
    return "newsarticle" if name.endswith("newsarticle") else name


def _score(node: dict[str, Any], titles: frozenset[str], urls: frozenset[str]) -> float | None:
    """How likely a node is the page's article; None where it is no article."""
    kinds = [_ARTICLE_TYPES[t] for t in _types(node) if t in _ARTICLE_TYPES]
    if not kinds:
        return None
    score = float(max(kinds))
    headline = _text(node.get("headline")) or _text(node.get("name"))
    if headline and fold_title(headline) in titles:
        score += 4
    if any(
        u.rstrip("/") in urls
        for u in (*_strings(node.get("url")), *_ids(node.get("mainEntityOfPage")), *_strings(node.get("@id")))
    ):
        score += 3
    fields = ("headline", "datePublished", "author", "articleBody")
    return score + 0.5 * sum(1 for f in fields if node.get(f))


def _same_article(a: dict[str, Any], b: dict[str, Any]) -> bool:
    """Whether two nodes are of one article: the same headline, or one is the page around the other."""
    first, second = _text(a.get("headline") or a.get("name")), _text(b.get("headline") or b.get("name"))
    return bool(first and second and fold_title(first) == fold_title(second))


def _read_article(node: dict[str, Any], by_id: dict[str, dict[str, Any]]) -> list[Evidence]:
    page = not any(_ARTICLE_TYPES.get(t, 0) for t in _types(node))
    sure = 0.5 if page else 0.9
    evidence = [Evidence("kind", kind, "jsonld.@type", kind, sure) for kind in _types(node)[:1]]
    for field, key, confidence in (
        ("title", "headline", sure), ("title", "name", 0.4), ("title", "alternativeHeadline", 0.3),
        ("deck", "description", 0.5), ("published", "datePublished", sure), ("published", "dateCreated", 0.4),
        ("modified", "dateModified", sure),
        ("section", "articleSection", sure), ("language", "inLanguage", 0.6), ("canonical", "url", 0.5),
    ):  # fmt: skip
        for value in _strings(node.get(key))[:5]:
            add_evidence(evidence, field, value, f"jsonld.{key}", confidence)
    for person in _people(node.get("author"), by_id) or _people(node.get("creator"), by_id):
        add_evidence(evidence, "authors", person[0], f"jsonld.author.{person[1]}", sure)
    for name, _ in _people(node.get("publisher"), by_id)[:1]:
        add_evidence(evidence, "outlet", name, "jsonld.publisher", 0.8)
    for tag in _tags(node.get("keywords")):
        add_evidence(evidence, "tags", tag, "jsonld.keywords", 0.7)
    return evidence


def _strings(value: Any) -> list[str]:
    """The strings in a value of any shape: itself, those of a list, the `@value` or `name` of an object."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, bool) or value is None:
        return []
    if isinstance(value, (int, float)):
        return [str(value)]
    if isinstance(value, list):
        return [s for v in value[:100] if not isinstance(v, list) for s in _strings(v)]
    if isinstance(value, dict):
        inner = value.get("@value") or value.get("name") or value.get("@id")
        return [inner] if isinstance(inner, str) else []
    return []


def _ids(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [v for v in (value.get("@id"), value.get("url")) if isinstance(v, str)]
    return _strings(value)


def _text(value: Any) -> str | None:
    strings = _strings(value)
    return clean_value(unescape(strings[0])) if strings and len(strings[0]) <= MAX_VALUE_CHARS else None


def _people(value: Any, by_id: dict[str, dict[str, Any]]) -> list[tuple[str, str]]:
    """Names with their kind (`person`, `organization`, `name` where nothing is said), in order."""
    people: list[tuple[str, str]] = []
    for item in value[:60] if isinstance(value, list) else [value]:
        if isinstance(item, str):
            target = by_id.get(item)
            if target is None or item == target.get("name"):
                people.append((item, "name"))
                continue
            item = target
        if isinstance(item, dict):
            people.extend(_person(item, by_id))
    return people


def _person(item: dict[str, Any], by_id: dict[str, dict[str, Any]]) -> list[tuple[str, str]]:
    if "name" not in item and isinstance(item.get("@id"), str):
        item = by_id.get(item["@id"], item)
    kinds = _types(item)
    kind = "person" if "person" in kinds else "organization" if any("organi" in k for k in kinds) else "name"
    names = _strings(item.get("name"))
    if not names and isinstance(item.get("familyName"), str):
        names = [f"{item.get('givenName') or ''} {item['familyName']}"]
    return [(n, kind) for n in names[:20]]


def _tags(value: Any) -> list[str]:
    """Keywords; a single string of them is split at commas."""
    strings = _strings(value)
    if len(strings) == 1:
        strings = re.split(r"\s*[,;]\s*", strings[0][:MAX_VALUE_CHARS])
    return [s for s in strings if ":" not in s[:24] or " " in s][:40]

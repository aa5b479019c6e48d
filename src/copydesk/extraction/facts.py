"""What a page says about itself that helps to find its text: titles, descriptions, schema.org types, access.

Only what extraction needs; the evidence for an article's fields is read by the metadata stage.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from selectolax.lexbor import LexborNode

from copydesk.extraction.scripts import MAX_JSON_CHARS, load_script

MIN_BODY_CHARS = 200
"""A shorter `articleBody` is a teaser more often than a text."""

# A schema.org type in a JSON-LD script.
# matches: '"@type": "NewsArticle"'; does not match: '"name": "NewsArticle"'
SCHEMA_TYPE = re.compile(r'"@type"\s*:\s*\[?\s*"(?:https?://schema\.org/)?(\w+)"')

# Whether the page says that its text is free.
# matches: '"isAccessibleForFree": "False"'; does not match: '"isAccessibleForFree": null'
IS_FREE = re.compile(r'"isAccessibleForFree"\s*:\s*"?(?:https?://schema\.org/)?(true|false)', re.IGNORECASE)

_TITLES = frozenset(("og:title", "twitter:title"))
_DESCRIPTIONS = frozenset(("description", "og:description", "twitter:description"))


@dataclass(frozen=True, slots=True)
class PageFacts:
    """What the head and the JSON-LD of a page state. Empty where it says nothing."""

    titles: tuple[str, ...] = ()
    descriptions: tuple[str, ...] = ()
    og_type: str = ""
    schema_types: frozenset[str] = frozenset()
    is_free: bool | None = None
    article_body: str = ""

    @property
    def is_news(self) -> bool:
        """Whether the page declares itself a news article."""
        return any(name.endswith(("NewsArticle", "ReportageNewsArticle")) for name in self.schema_types)

    @property
    def is_article(self) -> bool:
        """Whether the page declares itself an article of any kind."""
        return self.og_type == "article" or any(
            name.endswith(("Article", "BlogPosting", "LiveBlogPosting", "Report")) for name in self.schema_types
        )


def read_facts(head: LexborNode | None, json_ld: Sequence[str]) -> PageFacts:
    """What the head element and the JSON-LD scripts of the body state.

    >>> read_facts(None, ['{"@type": "NewsArticle", "isAccessibleForFree": false}']).is_free
    False
    """
    titles: list[str] = []
    descriptions: list[str] = []
    og_type = ""
    scripts = list(json_ld)
    for node in _children(head):
        tag = node.tag
        if tag == "meta":
            attributes = node.attributes
            key = (attributes.get("property") or attributes.get("name") or "").strip().lower()
            if key in _TITLES:
                titles.append(_squeeze(attributes.get("content") or ""))
            elif key in _DESCRIPTIONS:
                descriptions.append(_squeeze(attributes.get("content") or ""))
            elif key == "og:type":
                og_type = _squeeze(attributes.get("content") or "").lower()
        elif tag == "title":
            titles.append(_squeeze(node.text(deep=True)))
        elif tag == "script" and (node.attributes.get("type") or "").strip().lower() == "application/ld+json":
            scripts.append(node.text(deep=True))
    scripts = [script for script in scripts if len(script) <= MAX_JSON_CHARS]
    body, described = _read_json_ld(scripts)
    free = [match[1].lower() == "true" for script in scripts for match in IS_FREE.finditer(script)]
    return PageFacts(
        titles=tuple(dict.fromkeys(title for title in titles if title)),
        descriptions=tuple(dict.fromkeys(text for text in [*descriptions, *described] if text)),
        og_type=og_type,
        schema_types=frozenset(match[1] for script in scripts for match in SCHEMA_TYPE.finditer(script)),
        is_free=all(free) if free else None,
        article_body=body,
    )


def _children(head: LexborNode | None) -> Iterator[LexborNode]:
    node = head.child if head is not None else None
    while node is not None:
        yield node
        node = node.next


def _read_json_ld(scripts: list[str]) -> tuple[str, list[str]]:
    """The longest `articleBody`, and the descriptions beside one."""
    body, descriptions = "", []
    for script in scripts:
        if '"articleBody"' not in script and '"description"' not in script:
            continue
        for item in _json_objects(script):
            text = item.get("articleBody")
            if isinstance(text, str) and len(text) > max(len(body), MIN_BODY_CHARS):
                body = text
            if "headline" in item and isinstance(item.get("description"), str):
                descriptions.append(_squeeze(item["description"]))
    return body, descriptions


def _json_objects(script: str) -> Iterator[dict[str, Any]]:
    """The objects at the top of a script, in a list or in an `@graph`; none if it isn't JSON."""
    queue = [load_script(script)[0]]
    while queue:
        value = queue.pop(0)
        if isinstance(value, list):
            queue.extend(value)
        elif isinstance(value, dict):
            yield value
            if isinstance(value.get("@graph"), list):
                queue.extend(value["@graph"])


def _squeeze(text: str) -> str:
    return " ".join(text.split())

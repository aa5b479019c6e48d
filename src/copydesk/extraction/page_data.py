"""The article of a page that shows none and keeps it as data, out of which a script would build it."""

from __future__ import annotations

import html
import json
import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from copydesk.extraction.headline import fold
from copydesk.extraction.scripts import MAX_JSON_CHARS, load_script

LEAST_CHARS = 400
"""A shorter text in data is a teaser more often than an article."""
LEAST_TITLE_CHARS = 12
"""A shorter headline stands in a page's title by chance."""
MAX_NODES = 20_000
"""Objects and lists of one page that are looked at."""
MAX_DEPTH = 40
"""How deep they may lie."""
MAX_PARTS, PART_DEPTH = 2_000, 4
"""Parts of a text, and how often what makes up a part may be nested."""
LISTS = ("content", "blocks", "children")
"""Where a text that is an object keeps its parts: Contentful, Editor.js, Slate."""
KINDS = ("type", "_type", "kind", "nodeType", "__typename")
"""Where a part of a text says what it is."""

# Matches the start of 'window.__STATE__ = {"a": 1}', 'self["data"]={', 'var a = JSON.parse("{'.  Not: "if (a == {}".
_ASSIGNED = re.compile(
    r"""\s*(?:(?:var|let|const)\s+)?([\w$.\[\]"']{2,80})\s*(?:\|\|\s*\{\}\s*)?=\s*(JSON\.parse\(\s*(?="))?(?=[{\["])"""
)


@dataclass(frozen=True, slots=True)
class DataText:
    """A text as markup, and where it was: the name of the script and the way to it inside."""

    markup: str
    script: str
    path: str


def find_text(tree: LexborHTMLParser, titles: Sequence[str]) -> DataText | None:
    """The longest text in a page's scripts that stands in one object with a headline which the page's own title says.

    None where there is none, or no title to know it by: data hold the stories that a page links to as well.

    >>> state = {"page": {"headline": "Ice is back on the lake", "body": ["It froze. " * 30, "It held. " * 30]}}
    >>> script = f'<script id="__NEXT_DATA__" type="application/json">{json.dumps(state)}</script>'
    >>> page = LexborHTMLParser(script)
    >>> found = find_text(page, ["Ice is back on the lake | Courier"])
    >>> found.script, found.path, found.markup[:22]
    ('__NEXT_DATA__', 'page.body', '<p>It froze. It froze.')
    >>> find_text(page, ["Fish are back"])
    """
    folded = [title for title in map(fold, titles) if title]
    if not folded:
        return None
    best: DataText | None = None
    for name, data in _states(tree):
        for path, item in _objects(data):
            if not any(_is_headline(headline, folded) for headline in _headlines(item)):
                continue
            for key, body in _bodies(item):
                if len(body) > max(LEAST_CHARS, len(best.markup) if best else 0):
                    best = DataText(body, name, ".".join((*path, key)))
    return best


def _states(tree: LexborHTMLParser) -> Iterator[tuple[str, Any]]:
    """The data of a page's scripts with the names of these: JSON by itself, or given to a variable at the start."""
    for node in tree.css("script"):
        kind = (node.attributes.get("type") or "").casefold()
        text = node.text(deep=True) or ""
        if "ld+json" in kind or not LEAST_CHARS < len(text) <= MAX_JSON_CHARS:
            continue
        if "json" in kind:
            yield node.attributes.get("id") or "json", load_script(text)[0]
        elif assigned := _ASSIGNED.match(text):
            yield assigned[1], _value(text[assigned.end() :], is_string=assigned[2] is not None)


def _value(text: str, *, is_string: bool) -> Any:
    """The value that a script's text begins with; None where it isn't JSON."""
    try:
        value, _ = json.JSONDecoder(strict=False).raw_decode(text)
        return json.loads(value, strict=False) if is_string and isinstance(value, str) else value
    except (ValueError, RecursionError):
        return None


def _objects(data: Any) -> Iterator[tuple[tuple[str, ...], dict[str, Any]]]:
    """The objects in data with the way to each, level by level."""
    level: list[tuple[tuple[str, ...], Any]] = [((), data)]
    seen = 0
    for _ in range(MAX_DEPTH):
        inner: list[tuple[tuple[str, ...], Any]] = []
        for path, value in level:
            seen += 1
            if seen > MAX_NODES:
                return
            if isinstance(value, dict):
                yield path, value
                inner += [((*path, str(key)), item) for key, item in value.items() if isinstance(item, (dict, list))]
            else:
                listed = value[: MAX_NODES - seen] if isinstance(value, list) else ()
                inner += [((*path, str(at)), item) for at, item in enumerate(listed) if isinstance(item, (dict, list))]
        level = inner


def _headlines(item: dict[str, Any]) -> Iterator[str]:
    for key in item:
        if _folded(key) in _table()["headline"]:
            value = item[key]
            if isinstance(value, dict):
                value = next((value[name] for name in ("basic", "rendered") if name in value), None)
            if isinstance(value, str):
                yield value


def _is_headline(text: str, titles: Sequence[str]) -> bool:
    said = fold(html.unescape(text[:500]))
    return len(said) >= LEAST_TITLE_CHARS and any(said in title for title in titles)


def _bodies(item: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """The texts of an object as markup, with their names."""
    for key, value in item.items():
        if _folded(key) in _table()["body"]:
            if isinstance(value, dict):
                value = next((value[name] for name in LISTS if isinstance(value.get(name), list)), None)
            if isinstance(value, list):
                yield key, "".join(map(_part, value[:MAX_PARTS]))
            elif isinstance(value, str):
                yield key, _markup(value)


def _markup(text: str) -> str:
    """A string as markup: as it is, or its lines as paragraphs."""
    if "</" in text:
        return text
    return "".join(f"<p>{html.escape(line)}</p>" for line in text.splitlines() if line.strip())


def _part(part: Any) -> str:
    """A part of a text as markup; "" for what is none of it."""
    if isinstance(part, str):
        return _markup(part)
    if not isinstance(part, dict):
        return ""
    kind = next((part[key] for key in KINDS if isinstance(part.get(key), str)), "p")
    element = _table()["part"].get(_folded(kind))
    if element is None:
        return ""
    if element == "ul":
        return "<ul>" + "".join(f"<li>{line}</li>" for line in _words(part, between="\n").split("\n")) + "</ul>"
    words = _words(part)
    return words if "<p" in words else f"<{element}>{words}</{element}>"


def _words(value: Any, depth: int = 0, between: str = "") -> str:
    """What a part says: the first of its fields that holds words. A list holds pieces of it, with this between them."""
    if isinstance(value, str):
        return value if "</" in value else html.escape(value)
    if depth > PART_DEPTH:
        return ""
    if isinstance(value, list):
        return between.join(filter(None, (_words(item, depth + 1) for item in value[:MAX_PARTS])))
    if isinstance(value, dict):
        fields = {_folded(key): item for key, item in value.items()}
        found = (_words(fields.get(name), depth + 1, between) for name in _table()["words"])
        return next(filter(None, found), "")
    return ""


def _folded(key: str) -> str:
    return re.sub(r"[\W_]", "", key[:60].casefold())


@cache
def _table() -> dict[str, dict[str, str]]:
    return tomllib.loads(resources.files("copydesk").joinpath("data/page_data.toml").read_text(encoding="utf-8"))

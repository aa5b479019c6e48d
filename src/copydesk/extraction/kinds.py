"""What kind of page this is, and why it holds no article if it doesn't.

A wrong `no_article` is a wrong removal, so each refusal needs two things at once: the page says
what it is (in its title, its schema.org types, its wording), and no text worth the name was found on
it. A short article on an ordinary page passes.
"""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources

import numpy as np

from copydesk.article import BlockKind, Evidence, Refusal
from copydesk.extraction.facts import PageFacts
from copydesk.extraction.marks import mark_bits
from copydesk.extraction.segments import Segments
from copydesk.extraction.tags import KIND_CODES, TAGS

STUB_CHARS = 300
"""A page that says it isn't free and shows less than this (some fifty words) is a stub. Higher would refuse the short
bodies of metered pages, which are the beginning of an article and worth having."""

NOTICE_CHARS = 1_500
"""An error or consent page has less text than this. With more, its title is the headline of an article about errors."""

FRONT_PROSE_CHARS = 400
"""The longest prose in one place that a section front has: a teaser, never an article's worth."""

FRONT_TEASERS = 4
"""So many headlines that are links, and nothing else, make a section front of the text."""

TEASER_CHARS = 300
"""What a front page tells below a headline is shorter. Higher, and a short news digest would be refused."""

LINKED_SHARE = 0.9
"""Share of a headline that is a link if it leads to its story."""

LIVE_TIMES = 3
"""So many entries with a time make a live blog of a page that is marked as one."""

_SUBHEAD = KIND_CODES[BlockKind.SUBHEAD]
_HEADLINES = (TAGS.index("h1"), TAGS.index("h2"))


@dataclass(frozen=True, slots=True)
class PageKind:
    """The kind by name, and a refusal unless the page is an article, a live blog or a gallery."""

    name: str
    refusal: Refusal | None = None


def judge_kind(segments: Segments, texts: Sequence[str], facts: PageFacts, url: str | None = None) -> PageKind:
    """The kind of a page of which `texts` were found to be the article's text."""
    chars = sum(map(len, texts))
    notice = _notice(segments, texts, chars, facts)
    if notice is not None:
        return notice
    if facts.is_free is False and chars < STUB_CHARS and _has_paywall(segments):
        return _refused("paywall_stub", f"the page says it isn't free and shows {chars} characters of text")
    if not facts.is_article:
        declared = _declared_otherwise(facts, texts)
        if declared is not None:
            return declared
        if _is_front(segments, texts, facts, url):
            return _refused("section_front", "a list of links to articles, none of them told here")
    if not texts:
        return _refused("no_text", "no block of the page reads like an article")
    return PageKind(_article_kind(segments, chars, facts))


def is_live_blog(segments: Segments, facts: PageFacts) -> bool:
    """Whether a page that is an article is a live blog: declared as one, or with many elements that are named so."""
    if "LiveBlogPosting" in facts.schema_types:
        return True
    return facts.og_type != "article" and int(np.count_nonzero(segments.marks & mark_bits()["live"])) >= LIVE_TIMES


def judge_access(segments: Segments, texts: Sequence[str], facts: PageFacts) -> Evidence | None:
    """What the page says of its access: `free`, `metered` (not free, but the text is there) or `stub`; else None."""
    if facts.is_free is None:
        return None
    if facts.is_free:
        return Evidence("access", "free", "json-ld", "isAccessibleForFree: true", 0.9)
    stub = sum(map(len, texts)) < STUB_CHARS and _has_paywall(segments)
    return Evidence("access", "stub" if stub else "metered", "json-ld", "isAccessibleForFree: false", 0.8)


def _refused(name: str, detail: str) -> PageKind:
    return PageKind(name, Refusal(name, detail))


def _notice(segments: Segments, texts: Sequence[str], chars: int, facts: PageFacts) -> PageKind | None:
    """An error or consent page, known by its title or headline and by having little else."""
    if chars >= NOTICE_CHARS or (facts.is_article and chars >= STUB_CHARS):
        return None
    headings = np.nonzero(np.isin(segments.tags[segments.elements], _HEADLINES))[0][:2].tolist()
    lines = [*facts.titles[:1], *(segments.texts[place] for place in headings), *texts[:2]]
    for name in ("error", "consent"):
        pattern = _patterns()[name]
        said = next((line for line in lines if len(line) <= 160 and pattern.search(line.casefold())), None)
        if said is not None:
            return _refused(name, f"the page says {said!r} and has {chars} characters of text")
    return None


def _declared_otherwise(facts: PageFacts, texts: Sequence[str]) -> PageKind | None:
    """A shop or forum page: its schema.org types say so and no article type speaks against it."""
    longest = max(map(len, texts), default=0)
    if "DiscussionForumPosting" in facts.schema_types or "QAPage" in facts.schema_types:
        return _refused("forum", "the page declares itself a discussion")
    if longest < NOTICE_CHARS and (
        facts.og_type in ("product", "og:product") or facts.schema_types & {"Product", "ProductGroup"}
    ):
        return _refused("shop", "the page declares itself a product")
    return None


def _is_front(segments: Segments, texts: Sequence[str], facts: PageFacts, url: str | None) -> bool:
    declared = facts.og_type in ("website", "") or "CollectionPage" in facts.schema_types
    if not declared:
        return False
    if _is_list_of_teasers(segments, frozenset(texts)):
        return True
    if sum(map(len, texts)) >= NOTICE_CHARS:
        return False
    prose = max((len(text) for text in texts), default=0)
    linked, total = int(segments.link_chars.sum()), len(segments.text_codes) or 1
    at_root = url is not None and re.fullmatch(r"https?://[^/]+/?(?:[\w-]+/?)?", url) is not None
    return prose < FRONT_PROSE_CHARS and linked > total / 2 and (at_root or "CollectionPage" in facts.schema_types)


def _is_list_of_teasers(segments: Segments, texts: frozenset[str]) -> bool:
    """Whether the text is a list of headlines that are links, each with a teaser's worth below it, and nothing before.

    A round-up of other stories has an introduction of its own, and says more of each.
    """
    is_heading = segments.kind_codes() == _SUBHEAD
    is_link = is_heading & (segments.link_chars >= LINKED_SHARE * segments.lengths())
    if np.count_nonzero(is_link) < FRONT_TEASERS:
        return False
    kept = [place for place, text in enumerate(segments.texts) if text in texts]
    if not kept:
        return False
    wanted, teasers, below = frozenset(kept), 0, 0
    for place in range(max(0, kept[0] - 1), kept[-1] + 1):
        if is_link[place]:
            teasers, below = teasers + 1, 0
        elif place in wanted:
            below += len(segments.texts[place])
            if not teasers or is_heading[place] or below > TEASER_CHARS:
                return False
    return teasers >= FRONT_TEASERS


def _has_paywall(segments: Segments) -> bool:
    bit = mark_bits()["paywall"]
    return bool((segments.marks & bit).any())


def _article_kind(segments: Segments, chars: int, facts: PageFacts) -> str:
    if is_live_blog(segments, facts):
        return "live_blog"
    pictured = facts.schema_types & {"ImageGallery", "VideoObject", "MediaGallery"}
    if pictured and not facts.is_article and chars < NOTICE_CHARS:
        return "gallery"
    return "article"


@functools.cache
def _patterns() -> dict[str, re.Pattern[str]]:
    text = resources.files("copydesk.data").joinpath("extraction_notices.toml").read_text(encoding="utf-8")
    tables = tomllib.loads(text)
    return {name: re.compile("|".join(map(re.escape, table["phrases"]))) for name, table in tables.items()}

"""A page → its blocks: screened, parsed, walked, chosen, labelled, judged."""

from __future__ import annotations

from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser

from copydesk.article import Block, BlockKind, Decision, Refusal
from copydesk.extraction.choose import choose_by_rule
from copydesk.extraction.facts import read_facts
from copydesk.extraction.fragment import extract_fragment, fragment_decisions
from copydesk.extraction.kinds import judge_kind
from copydesk.extraction.labels import Labelled, label_segments
from copydesk.extraction.screen import screen
from copydesk.extraction.walk import Segments, walk
from copydesk.settings import Settings

FEW_CHARS = 250
"""With less text than this a page may have its article in a noscript element: it is walked again with those."""


@dataclass(frozen=True, slots=True)
class Extraction:
    """What was found on a page.

    `blocks` holds the text and, with their labels and a decision each, the captions, bios, related links and whatever
    else stands between the first and the last block of the text or right beside it. Navigation and the rest of
    the page's frame outside the article are not blocks of it and need no decision.

    `page_kind` is `article`, `live_blog` or `gallery`, or with a refusal `section_front`, `paywall_stub`, `consent`,
    `error`, `shop`, `forum` or `no_text`. With `unreadable` the page could not be parsed safely, and there is no tree.
    """

    blocks: tuple[Block, ...]
    decisions: tuple[Decision, ...]
    tree: LexborHTMLParser | None
    page_kind: str
    refusal: Refusal | None


def extract(html: str, settings: Settings, *, url: str | None = None) -> Extraction:
    """The blocks of a page, with what kind of page it is; never an exception for what a page may hold.

    >>> page = "<nav><a href=/>Home</a></nav><main><h1>Rent</h1><p>Rents in Aldport rose by a tenth.</p></main>"
    >>> [(block.text, block.label) for block in extract(page, Settings()).blocks]
    [('Rent', 'title'), ('Rents in Aldport rose by a tenth.', 'body')]
    """
    refusal = screen(html)
    if refusal is not None:
        return Extraction((), (), None, "unreadable", refusal)
    tree = LexborHTMLParser(html.encode("utf-8", "replace"))
    segments = _walk_page(tree)
    facts = read_facts(tree.head, segments.json_ld)
    chosen = choose_by_rule(segments)
    if not settings.extraction.list_items:
        chosen = frozenset(place for place in chosen if segments.kind(place) is not BlockKind.LIST_ITEM)
    labelled = label_segments(segments, chosen, facts)
    if not any(block.kept for block in labelled.blocks):
        labelled = _second_try(html) or labelled
    kept = [block.text for block in labelled.blocks if block.kept]
    kind = judge_kind(segments, kept, facts, url)
    return Extraction(labelled.blocks, labelled.decisions, tree, kind.name, kind.refusal)


def _walk_page(tree: LexborHTMLParser) -> Segments:
    if tree.body is None:
        return Segments()
    segments = walk(tree.body)
    if sum(map(len, segments.texts)) < FEW_CHARS:
        segments = walk(tree.body, noscript=True)
    return segments


def _second_try(html: str) -> Labelled | None:
    """The whole page read with Beautiful Soup, or None if that finds nothing either."""
    blocks = extract_fragment(html)
    return Labelled(blocks, fragment_decisions(blocks)) if blocks else None

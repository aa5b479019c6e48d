"""A page → its blocks: screened, parsed, walked, chosen, labelled, judged."""

from __future__ import annotations

from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser

from copydesk.article import Block, BlockKind, Decision, Evidence, Refusal
from copydesk.extraction.beside import entry_headings
from copydesk.extraction.choose import Choice, choose
from copydesk.extraction.compiled import PACE, SEGMENT_WORK
from copydesk.extraction.facts import PageFacts, read_facts
from copydesk.extraction.features import page_columns
from copydesk.extraction.fragment import extract_fragment, fragment_decisions
from copydesk.extraction.kinds import is_live_blog, judge_access, judge_kind
from copydesk.extraction.labels import Labelled, label_segments
from copydesk.extraction.model import load_model, predict
from copydesk.extraction.others import Others, other_articles, remove_others
from copydesk.extraction.page_data import find_text
from copydesk.extraction.plain import split
from copydesk.extraction.scan_page import scan_page
from copydesk.extraction.screen import screen
from copydesk.extraction.segments import NO_SEGMENTS, Segments
from copydesk.extraction.walk import walk
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

    `evidence` holds what the page says of its access (`free`, `metered`, `stub`), and `extraction` = `disputed` where
    the learned choice is unsure or every other way of finding the text found another, `declared` where the text is that
    of the page's JSON-LD or of another script's data, since it shows none.

    `classes`: those in which the metadata stage looks for bylines and dates (`Segments.classes`).
    """

    blocks: tuple[Block, ...]
    decisions: tuple[Decision, ...]
    tree: LexborHTMLParser | None
    page_kind: str
    refusal: Refusal | None
    evidence: tuple[Evidence, ...] = ()
    classes: frozenset[str] | None = None


def extract(html: str | bytes, settings: Settings, *, url: str | None = None) -> Extraction:
    """The blocks of a page, with what kind of page it is; never an exception for what a page may hold.

    Bytes have to be UTF-8 without a mark at the start. They save the time of writing a text as such.

    >>> page = "<nav><a href=/>Home</a></nav><main><h1>Rent</h1><p>Rents in Aldport rose by a tenth.</p></main>"
    >>> [(block.text, block.label) for block in extract(page, Settings()).blocks]
    [('Rent', 'title'), ('Rents in Aldport rose by a tenth.', 'body')]
    """
    data = html if isinstance(html, bytes) else write_utf_8(html)
    refusal = screen(data)
    if refusal is not None:
        return Extraction((), (), None, "unreadable", refusal)
    tree = parse(data)
    segments = walk_page(tree)
    facts = read_facts(tree.head, segments.json_ld)
    others = other_articles(segments, facts)
    labelled, choice = _choose_and_label(segments, facts, settings, others)
    if others is not None:
        remove_others(tree, others)
    declared = _declared(tree, segments, facts, labelled)
    if declared is not None:
        labelled, choice = declared[0], None
    elif not any(block.kept for block in labelled.blocks):
        labelled = _second_try(data) or labelled
    kept = [block.text for block in labelled.blocks if block.kept]
    kind = judge_kind(segments, kept, facts, url)
    access = judge_access(segments, kept, facts)
    flags = (declared[1],) if declared is not None else _disputed(choice)
    evidence = (*((access,) if access else ()), *flags)
    return Extraction(labelled.blocks, labelled.decisions, tree, kind.name, kind.refusal, evidence, segments.classes)


def write_utf_8(html: str) -> bytes:
    """A text as UTF-8. Lone surrogates, which JSON can smuggle in and UTF-8 can't hold, become question marks."""
    try:
        return html.encode()
    except UnicodeEncodeError:
        return html.encode("utf-8", "replace")


def parse(html: str | bytes) -> LexborHTMLParser:
    """The page as a tree."""
    return LexborHTMLParser(html if isinstance(html, bytes) else write_utf_8(html))


def walk_page(tree: LexborHTMLParser) -> Segments:
    """The segments of a parsed page; with what it shows without scripts, if it has hardly any other text."""
    if tree.body is None:
        return NO_SEGMENTS
    read = scan_page if PACE.is_fast else walk
    segments = read(tree.body)
    if len(segments.text_codes) < FEW_CHARS:
        segments = read(tree.body, noscript=True)
    PACE.add(len(segments.text_codes) + len(segments.name_codes) + SEGMENT_WORK * len(segments.texts))
    return segments


def _choose_and_label(
    segments: Segments, facts: PageFacts, settings: Settings, others: Others | None = None
) -> tuple[Labelled, Choice | None]:
    if not segments.texts:
        return Labelled((), ()), None
    page = page_columns(segments, facts)
    probabilities = predict(page, load_model())
    choice = choose(segments, page, probabilities)
    chosen = choice.segments
    if not settings.extraction.list_items:
        chosen = frozenset(place for place in chosen if segments.kind(place) is not BlockKind.LIST_ITEM)
    is_live = is_live_blog(segments, facts)
    if others is not None and not is_live:
        chosen = frozenset(place for place in chosen if not others.segments[place])
        segments = others.marked
    if is_live:
        chosen |= entry_headings(segments, chosen)
    return label_segments(segments, chosen, facts, probabilities, is_live=is_live), choice


def _disputed(choice: Choice | None) -> tuple[Evidence, ...]:
    """A flag for the reader of the corpus where the candidates disagree, with their figures."""
    if choice is None or not choice.disputed:
        return ()
    shares = ", ".join(f"{name} {share:.2f}" for name, share in choice.agreement)
    return (Evidence("extraction", "disputed", "extraction", shares, round(choice.expected, 3)),)


def _declared(
    tree: LexborHTMLParser, segments: Segments, facts: PageFacts, shown: Labelled
) -> tuple[Labelled, Evidence] | None:
    """The text that a page without one has as data for machines, and where: a script would have put it there. None
    without such.

    Beside a visible text it is only a witness: it is cut off, or lacks the paragraphs' ends, more often than not.
    """
    chars = sum(len(block.text) for block in shown.blocks if block.kept)
    if chars >= FEW_CHARS:
        return None
    body, source, path = facts.article_body, "jsonld.articleBody", ""
    if len(segments.text_codes) >= FEW_CHARS or len(body.strip()) <= 2 * chars:
        found = find_text(tree, facts.titles)
        if found is None:
            return None
        body, source, path = found.markup, f"script.{found.script}", found.path
    blocks = extract_fragment(body) if "</" in body else split(body)
    if sum(len(block.text) for block in blocks) <= 2 * chars:
        return None
    # What says that a text was not on the page itself.
    return Labelled(blocks, fragment_decisions(blocks)), Evidence("extraction", "declared", source, path, 0.9)


def _second_try(html: bytes) -> Labelled | None:
    """The whole page read with Beautiful Soup, or None if that finds nothing either."""
    blocks = extract_fragment(html.decode())
    return Labelled(blocks, fragment_decisions(blocks)) if blocks else None

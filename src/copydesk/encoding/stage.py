"""The stage "encoding": the repairs of `repair`, block by block, each one written down."""

from __future__ import annotations

from copydesk.article import Action, Article, Block, BlockKind, Decision, decide
from copydesk.encoding.hyphens import find_broken, rejoin, words_of
from copydesk.encoding.repair import VISIBLE_RULES, Repaired, repair_text
from copydesk.encoding.screen import find_suspects
from copydesk.settings import Settings

STAGE = "encoding"
HYPHENS = "hyphens/1"


def repair_article(article: Article, settings: Settings) -> Article:
    """The article with its blocks repaired, and one decision for each block that changed.

    The decision's label is `encoding` where a reader sees the difference, `characters` where nobody does
    (NFC, no-break spaces, soft hyphens). A block of which nothing is left is removed. Rules that acted together are
    joined by `+`.

    >>> from copydesk.article import Source
    >>> article = Article("a", Source("a.txt", 0, None), (Block("It isnâ€™t over."), Block("Clean.")))
    >>> [(d.rule, d.after) for d in repair_article(article, Settings()).decisions]
    [('mojibake/1', 'It isn’t over.')]
    """
    del settings  # none of the repairs has a setting: what isn't damage isn't touched
    texts = [block.text for block in article.blocks]
    positions = find_suspects(texts)
    words: frozenset[str] = frozenset()
    if broken := find_broken(texts):
        words = words_of("\n".join(texts))
        positions = sorted({*positions, *broken})
    decisions = (_repair_block(position, article.blocks[position], words) for position in positions)
    return decide(article, *(decision for decision in decisions if decision is not None))


def _repair_block(position: int, block: Block, words: frozenset[str]) -> Decision | None:
    repaired = _repaired(block, words)
    if not repaired.rules:
        return None
    visible = not VISIBLE_RULES.isdisjoint(repaired.rules) or HYPHENS in repaired.rules
    label = "encoding" if visible else "characters"
    rule = "+".join(repaired.rules)
    if not repaired.text:
        return Decision(STAGE, Action.REMOVED, label, rule, position, block.text)
    return Decision(STAGE, Action.REPAIRED, label, rule, position, block.text, repaired.text)


def _repaired(block: Block, words: frozenset[str]) -> Repaired:
    """The block's text repaired. Listings keep entities and breaks: there they are what is shown."""
    if block.kind is BlockKind.PREFORMATTED:
        return repair_text(block.text, entities=False)
    # Broken words first: a soft hyphen at a line's end is about to go.
    joined = rejoin(block.text, words) if words else block.text
    repaired = repair_text(joined)
    return repaired if joined == block.text else Repaired(repaired.text, (HYPHENS, *repaired.rules))

"""The stage "encoding": the repairs of `repair`, block by block, each one written down."""

from __future__ import annotations

from copydesk.article import Action, Article, Block, BlockKind, Decision, decide
from copydesk.encoding.repair import VISIBLE_RULES, repair_text
from copydesk.settings import Settings

STAGE = "encoding"


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
    decisions = (_repair_block(position, block) for position, block in enumerate(article.blocks))
    return decide(article, *(decision for decision in decisions if decision is not None))


def _repair_block(position: int, block: Block) -> Decision | None:
    repaired = repair_text(block.text, entities=block.kind is not BlockKind.PREFORMATTED)
    if not repaired.rules:
        return None
    label = "encoding" if VISIBLE_RULES.intersection(repaired.rules) else "characters"
    rule = "+".join(repaired.rules)
    if not repaired.text:
        return Decision(STAGE, Action.REMOVED, label, rule, position, block.text)
    return Decision(STAGE, Action.REPAIRED, label, rule, position, block.text, repaired.text)

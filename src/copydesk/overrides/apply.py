"""What people decided about paragraphs, lines and whole articles, carried out on one article.

In two steps. What people keep is put back before the corpus is judged, so that the stages see the text as it will be.
What they remove goes afterwards, and only if it is still there: a confirmed removal stays its rule's, and a line that
somebody removes in two articles is still learned from all of them. Both steps are idempotent.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from copydesk.article import Action, Article, Decision, Evidence, Outcome, decide
from copydesk.boilerplate import apply_rules
from copydesk.contamination import check_article
from copydesk.overrides.targets import deciding_entries, is_joined, removals
from copydesk.overrides.values import STAGE, Choice, Overrides
from copydesk.settings import Settings

REMOVE_RULE = "remove/1"
KEEP_RULE = "keep/1"
COPIES_RULE = "copies/1"
KEPT = "kept"
"""The label of the row that says: a person has put this back. Its action is `repaired`, before and after are the same;
the row of the rule that was overruled is gone, so nothing counts as removed that stands in the text."""
UNWANTED = "unwanted"
"""The label of what a person has removed."""
DOUBTS = frozenset({"off_topic", "flag:paragraph"})
"""Evidence that a paragraph may be foreign. Where a person has kept it, there is no doubt left."""
CAUSED_BY_REMOVALS = ("nothing_left", "stub")
"""Reasons of `no_article` that don't hold any longer once paragraphs are back."""


def restore(article: Article, overrides: Overrides, settings: Settings) -> Article:
    """The article with what people keep of it back in its text, and itself published or left out as they decided.

    What a rule took away and a person keeps stands in the text again, with a row of stage `overrides` in place of the
    rule's; evidence names the rule. An article whose text is empty, or which couldn't be read, can't be kept.
    """
    if not overrides:
        return article
    restored = _keep_blocks(article, overrides)
    if restored.text != article.text and _only_for_lack_of_text(article):
        restored = check_article(replace(restored, outcome=Outcome.CLEAN, reason=""), settings)
    return _apply_to_document(restored, overrides, settings)


def unwanted(article: Article, overrides: Overrides) -> tuple[int, ...]:
    """The positions of the blocks in the text that people remove, in order; none in an article that isn't clean."""
    if article.outcome is not Outcome.CLEAN:
        return ()
    decided = deciding_entries(article, overrides).items()
    return tuple(p for p, n in decided if overrides.entries[n].choice is Choice.REMOVE and article.blocks[p].kept)


def remove_unwanted(article: Article, positions: Sequence[int]) -> Article:
    """The article without the blocks at these positions, as far as they are still in its text."""
    return decide(
        article,
        *(
            Decision(STAGE, Action.REMOVED, UNWANTED, REMOVE_RULE, position, article.blocks[position].text)
            for position in positions
            if article.blocks[position].kept
        ),
    )


def _only_for_lack_of_text(article: Article) -> bool:
    return article.outcome is Outcome.NO_ARTICLE and article.reason.split(":")[0] in CAUSED_BY_REMOVALS


def _keep_blocks(article: Article, overrides: Overrides) -> Article:
    for position, number in deciding_entries(article, overrides).items():
        if overrides.entries[number].choice is Choice.KEEP:
            article = _keep(article, position)
    return article


def _keep(article: Article, position: int) -> Article:
    """The article with this block in its text, and without a doubt about it."""
    block = article.blocks[position]
    if is_joined(block):
        return article
    undone = removals(article, position)
    if not block.kept and undone:
        article = _put_back(article, position, undone)
    text = article.blocks[position].text
    evidence = tuple(e for e in article.evidence if not (e.field in DOUBTS and e.raw == text))
    return article if len(evidence) == len(article.evidence) else replace(article, evidence=evidence)


def _put_back(article: Article, position: int, undone: list[int]) -> Article:
    first = article.decisions[undone[0]]
    # A caption that was moved has lost its credit; it comes back whole.
    text = first.before if first.action is Action.MOVED else article.blocks[position].text
    blocks = list(article.blocks)
    blocks[position] = replace(blocks[position], text=text, label="body", field=None)
    rows = tuple(d for i, d in enumerate(article.decisions) if i not in undone)
    if not any(d.stage == STAGE and d.label == KEPT and d.paragraph == position for d in rows):
        rule = f"{KEEP_RULE} over {first.rule}"
        rows = (*rows, Decision(STAGE, Action.REPAIRED, KEPT, rule, position, text, text, first.score))
    return replace(article, blocks=tuple(blocks), decisions=rows, evidence=_told(article, first, text))


def _told(article: Article, overruled: Decision, text: str) -> tuple[Evidence, ...]:
    """The evidence with what was overruled, and why the rule had thought so, where it said."""
    why = next((f": {e.value}" for e in article.evidence if e.field in DOUBTS and e.raw == overruled.before), "")
    said = f"kept by a person; {overruled.stage} {overruled.rule} had {overruled.action} it as {overruled.label}{why}"
    entry = Evidence("override:paragraph", said, STAGE, text, 1.0)
    return article.evidence if entry in article.evidence else (*article.evidence, entry)


def _apply_to_document(article: Article, overrides: Overrides, settings: Settings) -> Article:
    """The article with the outcome that a person gave it as a whole, if one did."""
    choice = overrides.choice_for(article.article_id)
    if choice is Choice.REMOVE and article.outcome is Outcome.CLEAN:
        return _leave_out(article)
    if choice is Choice.KEEP and article.outcome in (Outcome.NO_ARTICLE, Outcome.OFF_TOPIC) and article.text.strip():
        return _publish(article, overrides, settings)
    return article


def _leave_out(article: Article) -> Article:
    row = Decision(STAGE, Action.REMOVED, UNWANTED, REMOVE_RULE, None, _name(article))
    reason = "overrides: a person has removed this article"
    return replace(article, outcome=Outcome.OFF_TOPIC, reason=reason, decisions=(*article.decisions, row))


def _publish(article: Article, overrides: Overrides, settings: Settings) -> Article:
    """The article as a clean one. One that examination gave up early has never met the rules: it does now."""
    clean = replace(article, outcome=Outcome.CLEAN, reason="")
    ruled = _keep_blocks(apply_rules(clean, settings), overrides)
    clean = ruled if ruled.text.strip() else clean
    said = f"kept by a person; it had the outcome {article.outcome}: {article.reason}"
    return write_down_kept(clean, f"{KEEP_RULE} over {article.outcome}", "override:article", said)


def write_down_kept(
    article: Article, rule: str, field: str, said: str, *, position: int | None = None, score: float | None = None
) -> Article:
    """The article with a row and evidence that a person has kept a block of it, or the whole.

    One row for each, however often it is said.
    """
    if any(d.stage == STAGE and d.label == KEPT and d.paragraph == position for d in article.decisions):
        return article
    name = _name(article) if position is None else article.blocks[position].text
    row = Decision(STAGE, Action.REPAIRED, KEPT, rule, position, name, name, score)
    evidence = Evidence(field, said, STAGE, name, 1.0)
    return replace(article, decisions=(*article.decisions, row), evidence=(*article.evidence, evidence))


def write_down_folded(article: Article) -> Article:
    """The article with a row that a person has made it a copy."""
    row = Decision(STAGE, Action.REMOVED, "duplicate", COPIES_RULE, None, _name(article))
    return replace(article, decisions=(*article.decisions, row))


def _name(article: Article) -> str:
    return article.metadata.title or article.source.path

"""What there is to judge in a published corpus: decisions nearest to their limit first, or a fair sample of them.

A case is a paragraph that was removed or flagged, a copy that was folded, or a record that was left out or flagged.
Rows that people decided already (stage `overrides`) are none.
"""

from __future__ import annotations

import hashlib
import math
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from copydesk.article import Action, Outcome
from copydesk.contamination.documents import RULE as THEME_RULE
from copydesk.contamination.model import load_document_model, load_models
from copydesk.contamination.paragraphs import RULE as FOREIGN_RULE
from copydesk.duplicates.resolve import LEAST_RUNS
from copydesk.overrides import STAGE, Entry, Kind, text_key
from copydesk.writing import Corpus

KINDS = (Kind.PARAGRAPH, Kind.LINK, Kind.DOCUMENT)
FLAGGED = "flagged"
FLAGS = {"flag:paragraph": Kind.PARAGRAPH, "flag:article": Kind.DOCUMENT}
JOINED = "joined"
"""Label of words that stand in the paragraph before: nothing is lost, there is nothing to judge."""
HOPELESS = ("no_text", "nothing_left")
"""Reasons of records that can't be kept, whatever a person says: there is no text."""
UNSCORED = 1e6
"""The distance of what has no score: behind everything that has one."""


@dataclass(frozen=True, slots=True)
class Case:
    """One decision to judge. `articles`: the record, for a link the copy and its survivor.

    `was`: removed, flagged, copies, or the outcome of a record. `position` is a removed block's, `text` a paragraph's
    words. `distance`: how far the decision was from its limit, in the rule's own measure; the smaller the likelier
    it is wrong.
    """

    kind: Kind
    articles: tuple[str, ...]
    stage: str
    rule: str
    was: str
    score: float | None = None
    position: int | None = None
    text: str = ""
    distance: float = UNSCORED

    @property
    def name(self) -> str:
        """What stands for the case in addresses: the same in every run that makes the same decision."""
        what = "" if self.position is None else str(self.position)
        key = "\0".join((self.kind, *self.articles, what or text_key(self.text), self.rule))
        return hashlib.blake2b(key.encode("utf-8", "replace"), digest_size=8).hexdigest()

    def draw(self, seed: int) -> str:
        """A number, as text, that puts cases into a random order; the same for the same seed, whatever else is there.

        So a sample of 50 is the beginning of one of 100, and a new article moves nobody from the place it has.
        """
        return hashlib.blake2b(f"{seed}\0{self.name}".encode(), digest_size=16).hexdigest()


def borderline_cases(corpus: Corpus, kinds: Collection[Kind], limit: int) -> tuple[Case, ...]:
    """At most `limit` cases of each kind, those nearest to their limit first.

    Rules that either hold or don't have no limit: behind those that have one they take turns.
    """
    found: list[Case] = []
    for kind in (kind for kind in KINDS if kind in kinds):
        cases = [*GATHER[kind](corpus), *(c for c in flagged_cases(corpus) if c.kind is kind)]
        scored = sorted((c for c in cases if c.distance < UNSCORED), key=lambda c: (c.distance, c.articles, c.rule))
        plain = [] if kind is Kind.LINK else list(_in_turns(c for c in cases if c.distance >= UNSCORED))
        found += [*scored, *plain][:limit]
    return _with_words(corpus, found)


def sampled_cases(corpus: Corpus, kinds: Collection[Kind], count: int, seed: int) -> tuple[Case, ...]:
    """So many of all removals of these kinds, each with the same chance; all of them if there are fewer."""
    every = (case for kind in KINDS if kind in kinds for case in GATHER[kind](corpus))
    return _with_words(corpus, sorted(every, key=lambda case: case.draw(seed))[:count])


def without_decided(cases: Iterable[Case], entries: Iterable[Entry]) -> tuple[Case, ...]:
    """The cases that none of the entries speaks of yet."""
    said = {(e.kind, tuple(sorted(e.articles)), e.key if e.text else "") for e in entries}
    return tuple(
        case
        for case in cases
        if (case.kind, tuple(sorted(case.articles)), text_key(case.text) if case.text else "") not in said
    )


def removed_paragraphs(corpus: Corpus) -> Iterator[Case]:
    """All paragraphs that rules removed from published articles, without their words."""
    columns = ["article_id", "stage", "rule", "score", "paragraph", "label"]
    removed = (pc.field("action") == Action.REMOVED.value) & pc.field("paragraph").is_valid()
    table = corpus.decisions.to_table(columns=columns, filter=removed & (pc.field("stage") != STAGE))
    clean = corpus.ledger.to_table(columns=["article_id"], filter=pc.field("outcome") == Outcome.CLEAN.value)
    table = table.filter(pc.is_in(table["article_id"], value_set=clean["article_id"].combine_chunks()))
    for row in table.to_pylist():
        if row["label"] != JOINED:
            case = Case(Kind.PARAGRAPH, (row["article_id"],), row["stage"], row["rule"], Action.REMOVED.value)
            distance = _distance(row["rule"], row["score"])
            yield replace(case, score=row["score"], position=row["paragraph"], distance=distance)


def folded_copies(corpus: Corpus) -> Iterator[Case]:
    """All copies that were folded. Those of the very same words have nothing borderline about them."""
    columns = ["article_id", "canonical_id", "kind", "jaccard", "containment"]
    for row in corpus.duplicates.to_table(columns=columns).to_pylist():
        articles = (row["article_id"], row["canonical_id"])
        distance = UNSCORED if row["jaccard"] >= 1.0 else abs(row["containment"] - LEAST_RUNS)
        case = Case(Kind.LINK, articles, "duplicates", row["kind"], "copies", row["containment"])
        yield replace(case, distance=distance)


def dropped_records(corpus: Corpus) -> Iterator[Case]:
    """All records left out as no article or off topic that hold a text."""
    out = pc.field("outcome").isin([Outcome.NO_ARTICLE.value, Outcome.OFF_TOPIC.value])
    columns = ["article_id", "outcome", "reason"]
    for row in corpus.ledger.to_table(columns=columns, filter=out & pc.field("article_id").is_valid()).to_pylist():
        cause = (row["reason"] or "").split(":")[0]
        if cause not in (*HOPELESS, STAGE):
            off = row["outcome"] == Outcome.OFF_TOPIC.value
            rule = THEME_RULE if off else cause
            yield Case(Kind.DOCUMENT, (row["article_id"],), "contamination", rule, row["outcome"])


GATHER: dict[Kind, Callable[[Corpus], Iterator[Case]]] = {
    Kind.PARAGRAPH: removed_paragraphs,
    Kind.LINK: folded_copies,
    Kind.DOCUMENT: dropped_records,
}


def flagged_cases(corpus: Corpus) -> Iterator[Case]:
    """All paragraphs and articles that were left in, but with a doubt."""
    for batch in corpus.articles.to_batches(columns=["article_id", "provenance"]):
        entries = pc.list_flatten(batch["provenance"])
        owners = batch["article_id"].take(pc.list_parent_indices(batch["provenance"]))
        doubts = pc.is_in(entries.field("field"), value_set=pa.array(list(FLAGS)))
        for owner, row in zip(owners.filter(doubts).to_pylist(), entries.filter(doubts).to_pylist(), strict=True):
            yield _flagged(owner, row)


def _flagged(owner: str, row: dict[str, Any]) -> Case:
    kind, score = FLAGS[row["field"]], row["confidence"]
    text = row["raw"] if kind is Kind.PARAGRAPH else ""
    distance = _distance(row["source"], score)
    return Case(kind, (owner,), "contamination", row["source"], FLAGGED, score, None, text, distance)


def _distance(rule: str, score: float | None) -> float:
    """How far a score was from the rule's limit, in log-odds."""
    if score is None:
        return UNSCORED
    sure = min(max(score, 1e-4), 1 - 1e-4)
    limits = {FOREIGN_RULE: load_models().remove, THEME_RULE: load_document_model()[1]}
    return abs(math.log(sure / (1 - sure)) - limits.get(rule, 0.0))


def _in_turns(cases: Iterable[Case]) -> Iterator[Case]:
    """One case of each rule, then a second of each, in an order that prefers no outlet and no day."""
    by_rule: dict[str, list[Case]] = defaultdict(list)
    for case in cases:
        by_rule[case.rule].append(case)
    turns = [sorted(found, key=lambda case: case.draw(0)) for _, found in sorted(by_rule.items())]
    for turn in range(max(map(len, turns), default=0)):
        yield from (found[turn] for found in turns if turn < len(found))


def _with_words(corpus: Corpus, cases: Sequence[Case]) -> tuple[Case, ...]:
    """The cases with the words of removed paragraphs, which were left out while all were looked through."""
    wanted = pa.array(sorted({c.articles[0] for c in cases if c.position is not None}), pa.string())
    columns = ["article_id", "paragraph", "rule", "before"]
    removed = (pc.field("action") == Action.REMOVED.value) & pc.field("article_id").isin(wanted)
    rows = corpus.decisions.to_table(columns=columns, filter=removed).to_pylist() if len(wanted) else []
    words = {(row["article_id"], row["paragraph"], row["rule"]): row["before"] for row in rows}
    return tuple(
        case if case.position is None else replace(case, text=words[case.articles[0], case.position, case.rule])
        for case in cases
    )

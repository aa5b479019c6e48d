"""What there is to judge in a published corpus: decisions nearest to their limit first, or a fair sample of them.

A case is a paragraph that was removed or flagged, a copy that was folded, or a record that was left out or flagged.
Rows that people decided already (stage `overrides`) are none.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from copydesk.article import Action, Outcome
from copydesk.contamination.documents import RULE as THEME_RULE
from copydesk.contamination.model import load_document_model, load_models
from copydesk.contamination.paragraphs import RULE as FOREIGN_RULE
from copydesk.duplicates.removal import LEAST_RUNS
from copydesk.overrides import STAGE, Entry, Kind, text_key
from copydesk.review.drawing import draw, take_turns
from copydesk.writing import Corpus

KINDS = (Kind.PARAGRAPH, Kind.LINK, Kind.DOCUMENT)
FLAGGED = "flagged"
FLAGS = {"flag:paragraph": Kind.PARAGRAPH, "flag:article": Kind.DOCUMENT}
JOINED = "joined"
"""Label of words that stand in the paragraph before: nothing is lost, there is nothing to judge."""
HOPELESS = ("no_text", "nothing_left")
"""Reasons of records that can't be kept, whatever a person says: there is no text."""
LEAST_SURE = 1e-4
"""Scores are rounded to this."""
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

    def draw(self, seed: int) -> int:
        """The number that puts the case into a random order (`copydesk.review.drawing`)."""
        position = -1 if self.position is None else self.position
        return int(draw(seed, pa.array(self.articles[:1], pa.string()), np.array([position]))[0])


def borderline_cases(corpus: Corpus, kinds: Collection[Kind], limit: int) -> tuple[Case, ...]:
    """At most `limit` cases of each kind, those nearest to their limit first.

    Rules that either hold or don't have no limit: behind those that have one they take turns.
    """
    flagged = list(flagged_cases(corpus))
    found: list[Case] = []
    for kind in (kind for kind in KINDS if kind in kinds):
        cases = [*NEAREST[kind](corpus, limit), *(c for c in flagged if c.kind is kind)]
        scored = sorted((c for c in cases if c.distance < UNSCORED), key=lambda c: (c.distance, c.articles, c.rule))
        found += [*scored, *(c for c in cases if c.distance >= UNSCORED)][:limit]
    return _with_words(corpus, found)


def sampled_cases(corpus: Corpus, kinds: Collection[Kind], count: int, seed: int) -> tuple[Case, ...]:
    """So many of all removals of these kinds, each with the same chance; all of them if there are fewer."""
    every = [case for kind in KINDS if kind in kinds for case in DRAWN[kind](corpus, count, seed)]
    return _with_words(corpus, sorted(every, key=lambda case: case.draw(seed))[:count])


def without_decided(cases: Iterable[Case], entries: Iterable[Entry]) -> tuple[Case, ...]:
    """The cases that none of the entries speaks of yet."""
    said = {(e.kind, tuple(sorted(e.articles)), e.key if e.text else "") for e in entries}
    return tuple(
        case
        for case in cases
        if (case.kind, tuple(sorted(case.articles)), text_key(case.text) if case.text else "") not in said
    )


def nearest_paragraphs(corpus: Corpus, limit: int) -> list[Case]:
    """The removed paragraphs nearest to the limit of their rule, then those of rules without one by turns: at most
    `limit` of each, without their words.
    """
    table = _removed_paragraphs(corpus)
    rules = table["rule"].combine_chunks().dictionary_encode()
    distances = _distances(rules, table["score"])
    scored = np.flatnonzero(distances < UNSCORED)
    nearest = scored[np.argsort(distances[scored], kind="stable")[:limit]]
    plain = np.flatnonzero(distances >= UNSCORED)
    codes = rules.indices.to_numpy()[plain].astype(np.int64)
    turns = plain[take_turns(codes, _draws(table, 0)[plain], limit)]
    return _paragraph_cases(table, np.concatenate([nearest, turns]), distances)


def drawn_paragraphs(corpus: Corpus, count: int, seed: int) -> list[Case]:
    """So many removed paragraphs, drawn at random, without their words."""
    table = _removed_paragraphs(corpus)
    first = np.argsort(_draws(table, seed), kind="stable")[:count]
    return _paragraph_cases(table, first, np.full(len(table), UNSCORED))


def _removed_paragraphs(corpus: Corpus) -> pa.Table:
    """All paragraphs that rules removed from published articles."""
    columns = ["article_id", "stage", "rule", "score", "paragraph"]
    removed = (pc.field("action") == Action.REMOVED.value) & pc.field("paragraph").is_valid()
    ours = (pc.field("stage") != STAGE) & (pc.field("label") != JOINED)
    table = corpus.decisions.to_table(columns=columns, filter=removed & ours)
    clean = corpus.ledger.to_table(columns=["article_id"], filter=pc.field("outcome") == Outcome.CLEAN.value)
    return table.filter(pc.is_in(table["article_id"], value_set=clean["article_id"].combine_chunks()))


def _draws(table: pa.Table, seed: int) -> NDArray[np.uint64]:
    return draw(seed, table["article_id"].combine_chunks(), table["paragraph"].to_numpy().astype(np.int64))


def _distances(rules: pa.DictionaryArray, scores: pa.ChunkedArray) -> NDArray[np.float64]:
    """How far each score was from its rule's limit, in log-odds; `UNSCORED` where there is none."""
    limits = np.array([_limit(rule) for rule in rules.dictionary.to_pylist()], np.float64)
    known = scores.is_valid().to_numpy()
    sure = np.clip(pc.fill_null(scores, 0.5).to_numpy(), LEAST_SURE, 1 - LEAST_SURE)
    off = np.abs(np.log(sure / (1 - sure)) - (limits[rules.indices.to_numpy()] if len(limits) else 0.0))
    return np.where(known, off, UNSCORED)


def _paragraph_cases(table: pa.Table, places: NDArray[np.int64], distances: NDArray[np.float64]) -> list[Case]:
    rows = table.take(pa.array(places)).to_pylist()
    return [
        Case(
            *(Kind.PARAGRAPH, (row["article_id"],), row["stage"], row["rule"], Action.REMOVED.value),
            score=row["score"],
            position=row["paragraph"],
            distance=distance,
        )
        for row, distance in zip(rows, distances[places].tolist(), strict=True)
    ]


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


def nearest_copies(corpus: Corpus, limit: int) -> list[Case]:  # noqa: ARG001 - those of one kind are told apart later
    """The copies that have something borderline about them."""
    return [case for case in folded_copies(corpus) if case.distance < UNSCORED]


def nearest_records(corpus: Corpus, limit: int) -> list[Case]:
    """Dropped records of each cause by turns, at most `limit`."""
    cases = list(dropped_records(corpus))
    codes = np.unique([case.rule for case in cases], return_inverse=True)[1]
    draws = np.array([case.draw(0) for case in cases], np.uint64)
    return [cases[place] for place in take_turns(codes, draws, limit).tolist()]


NEAREST: dict[Kind, Callable[[Corpus, int], list[Case]]] = {
    Kind.PARAGRAPH: nearest_paragraphs,
    Kind.LINK: nearest_copies,
    Kind.DOCUMENT: nearest_records,
}
DRAWN: dict[Kind, Callable[[Corpus, int, int], Iterable[Case]]] = {
    Kind.PARAGRAPH: drawn_paragraphs,
    Kind.LINK: lambda corpus, _count, _seed: folded_copies(corpus),
    Kind.DOCUMENT: lambda corpus, _count, _seed: dropped_records(corpus),
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


def _distance(rule: str, score: float) -> float:
    sure = min(max(score, LEAST_SURE), 1 - LEAST_SURE)
    return abs(math.log(sure / (1 - sure)) - _limit(rule))


def _limit(rule: str) -> float:
    """The log-odds from which a rule removes; those of a model that isn't listed here are even."""
    return {FOREIGN_RULE: load_models().remove, THEME_RULE: load_document_model()[1]}.get(rule, 0.0)


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

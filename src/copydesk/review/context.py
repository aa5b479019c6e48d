"""A case in its surroundings: the paragraph among its neighbours, the copy beside its survivor, the whole record."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow.compute as pc

from copydesk.errors import UsageError
from copydesk.overrides import Choice, Entry, Judgement, Kind, text_key
from copydesk.report.accounts import Account, Kept, Passage, find_accounts
from copydesk.review.cases import Case
from copydesk.writing import Corpus

CHOICES = {"keep": Choice.KEEP, "remove": Choice.REMOVE}
OF_LINK = {"keep": Choice.APART, "remove": Choice.COPIES}
"""To keep a copy means that the two aren't copies."""


@dataclass(frozen=True, slots=True)
class Scene:
    """What is shown of a case. `place` is its paragraph among the passages, `nth` which one of the same words it is
    (None where there is one), `reasons` what a rule said of it.
    """

    case: Case
    account: Account
    place: int | None = None
    nth: int | None = None
    reasons: tuple[str, ...] = ()


def set_scene(case: Case, corpus: Corpus, kept: Kept) -> Scene:
    """The surroundings of a case.

    Raises UsageError if the corpus doesn't hold the case as it was found.
    """
    account = find_accounts(corpus, case.articles[0], kept)[0]
    if case.kind is not Kind.PARAGRAPH:
        return Scene(case, account, reasons=_reasons(case, account, corpus))
    place = _find(case, account.passages)
    same = [i for i, passage in enumerate(account.passages) if _is_same(passage, text_key(case.text))]
    nth = same.index(place) + 1 if len(same) > 1 and place in same else None
    return Scene(case, account, place, nth, _reasons(case, account, corpus))


def _find(case: Case, passages: Sequence[Passage]) -> int:
    for i, passage in enumerate(passages):
        if passage.position == case.position or (case.position is None and passage.text == case.text):
            return i
    raise UsageError(f"article {case.articles[0]} no longer has this paragraph; start `copydesk review` again")


def _is_same(passage: Passage, key: str) -> bool:
    texts = (passage.text, *(row[name] for row in passage.decisions for name in ("before", "after")))
    return any(text_key(text) == key for text in texts if text)


def _reasons(case: Case, account: Account, corpus: Corpus) -> tuple[str, ...]:
    if case.kind is Kind.LINK:
        [link] = account.links or [None]
        return (f"Jaccard {link['jaccard']:.2f}, containment {link['containment']:.2f}",) if link else ()
    rows = corpus.articles.to_table(
        columns=["provenance"], filter=pc.field("article_id") == case.articles[0]
    ).to_pylist()
    fields = ("off_topic", "flag:paragraph") if case.kind is Kind.PARAGRAPH else ("flag:article",)
    said = [e["value"] for row in rows for e in row["provenance"] or () if _is_about(e, fields, case)]
    ledger = account.entry["reason"]
    return (*said, *([str(ledger)] if ledger and case.kind is Kind.DOCUMENT else []))


def _is_about(evidence: dict[str, Any], fields: tuple[str, ...], case: Case) -> bool:
    return evidence["field"] in fields and (case.kind is Kind.DOCUMENT or evidence["raw"] == case.text)


def entry_of(scene: Scene, decision: str, drawn: str, now: dt.datetime) -> Entry:
    """The entry that a person's decision (`keep` or `remove`) on a case makes."""
    case = scene.case
    choice = (OF_LINK if case.kind is Kind.LINK else CHOICES)[decision]
    said = Judgement(case.stage, case.rule, case.was, case.score, drawn, now.replace(microsecond=0))
    return Entry(case.kind, choice, case.articles, case.text, nth=scene.nth, judgement=said)

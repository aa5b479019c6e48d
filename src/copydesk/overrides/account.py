"""What each entry came to in a run: what it changed, and whether it still means anything at all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

import pyarrow as pa

from copydesk.article import Article, Outcome
from copydesk.overrides.links import LinkChanges
from copydesk.overrides.targets import deciding_entries, is_joined, matching_entries
from copydesk.overrides.values import STAGE, Choice, Entry, Kind, Overrides

SHOWN_CHARS = 160
"""Characters of a text that are shown of an entry."""


class Effect(StrEnum):
    """What became of an entry."""

    CHANGED = "changed"
    AGREES = "agrees"
    OVERRULED = "overruled"
    POWERLESS = "powerless"
    UNMATCHED = "matches nothing"


@dataclass(frozen=True, slots=True)
class EntryEffect:
    """One entry, how often it changed something (paragraphs or articles), and what stands in its way if anything."""

    entry: Entry
    effect: Effect
    changed: int
    detail: str = ""


def account_overrides(
    overrides: Overrides, articles: Iterable[Article], changes: LinkChanges
) -> tuple[EntryEffect, ...]:
    """What each entry came to, in the order of the file; none without entries.

    `articles` are all of a run as they were judged. An entry that agrees says what the run did anyway: a confirmed
    removal, for one.
    """
    if not overrides:
        return ()
    known: dict[str, Article] = {}
    named = {name for entry in overrides.entries for name in entry.articles}
    changed: Counter[int] = Counter()
    seen: set[int] = set()
    deciding: set[int] = set()
    for article in articles:
        if article.article_id in named:
            known[article.article_id] = article
        if overrides.lines or article.article_id in overrides.of_article:
            seen.update(number for _, number in matching_entries(article, overrides))
            decided = deciding_entries(article, overrides)
            deciding.update(decided.values())
            changed.update(number for position, number in decided.items() if _is_changed(article, position))
    return tuple(
        _effect(number, entry, overrides, known, changes, (seen, deciding, changed))
        for number, entry in enumerate(overrides.entries)
    )


def _is_changed(article: Article, position: int | None) -> bool:
    return any(d.stage == STAGE and d.paragraph == position for d in article.decisions)


def _effect(
    number: int,
    entry: Entry,
    overrides: Overrides,
    known: Mapping[str, Article],
    changes: LinkChanges,
    counted: tuple[set[int], set[int], Counter[int]],
) -> EntryEffect:
    seen, deciding, changed = counted
    missing = [name for name in entry.articles if name not in known]
    if missing:
        return EntryEffect(entry, Effect.UNMATCHED, 0, f"no record has the id {' or '.join(missing)}")
    if entry.kind is Kind.LINK:
        return _link_effect(number, entry, overrides, known, changes)
    if entry.kind is Kind.DOCUMENT:
        return _document_effect(number, entry, overrides, known[entry.articles[0]])
    if number not in seen:
        where = "no article" if entry.kind is Kind.LINE else "its article, which has no paragraph"
        return EntryEffect(entry, Effect.UNMATCHED, 0, f"{where} of these words")
    if number not in deciding:
        return EntryEffect(entry, Effect.OVERRULED, 0, "another entry about the same words holds")
    if changed[number]:
        return EntryEffect(entry, Effect.CHANGED, changed[number])
    return _unchanged(entry, known)


def _unchanged(entry: Entry, known: Mapping[str, Article]) -> EntryEffect:
    """A kept paragraph whose words went into the one before can't be put back: they would stand there twice."""
    blocks = known[entry.articles[0]].blocks if entry.articles else ()
    if entry.choice is Choice.KEEP and any(is_joined(b) and b.text == entry.text for b in blocks):
        return EntryEffect(entry, Effect.AGREES, 0, "its words stand in the paragraph before")
    return EntryEffect(entry, Effect.AGREES, 0)


def _link_effect(
    number: int, entry: Entry, overrides: Overrides, known: Mapping[str, Article], changes: LinkChanges
) -> EntryEffect:
    if overrides.links[frozenset(entry.articles)] != number:
        return EntryEffect(entry, Effect.OVERRULED, 0, "a later entry about the same two holds")
    rows = [changes.made.get(name) for name in entry.articles]
    rows += [changes.undone[name][1] for name in entry.articles if name in changes.undone]
    pair = set(entry.articles)
    if any(row and ({row["article_id"], row["canonical_id"]} == pair or entry.choice is Choice.COPIES) for row in rows):
        return EntryEffect(entry, Effect.CHANGED, 1)
    dropped = [name for name in entry.articles if known[name].outcome not in (Outcome.CLEAN, Outcome.DUPLICATE)]
    if entry.choice is Choice.COPIES and dropped:
        return EntryEffect(entry, Effect.POWERLESS, 0, f"{dropped[0]} is no article: {known[dropped[0]].reason}")
    if entry.choice is Choice.COPIES and all(known[name].outcome is Outcome.CLEAN for name in entry.articles):
        return EntryEffect(entry, Effect.POWERLESS, 0, "another entry keeps both as articles")
    return EntryEffect(entry, Effect.AGREES, 0)


def _document_effect(number: int, entry: Entry, overrides: Overrides, article: Article) -> EntryEffect:
    if overrides.documents[entry.articles[0]] != number:
        return EntryEffect(entry, Effect.OVERRULED, 0, "a later entry about the same article holds")
    if _is_changed(article, None):
        return EntryEffect(entry, Effect.CHANGED, 1)
    published = article.outcome in (Outcome.CLEAN, Outcome.DUPLICATE)
    if entry.choice is Choice.KEEP and not published:
        return EntryEffect(entry, Effect.POWERLESS, 0, f"there is no text to keep; {article.outcome}: {article.reason}")
    return EntryEffect(entry, Effect.AGREES, 0)


def effects_table(effects: Iterable[EntryEffect]) -> pa.Table:
    """The effects as rows: number (within its kind, from 1), kind, what, decision, effect, changed, detail."""
    numbers: Counter[Kind] = Counter()
    rows = []
    for effect in effects:
        entry = effect.entry
        numbers[entry.kind] += 1
        rows.append(
            {
                "number": numbers[entry.kind],
                "kind": str(entry.kind),
                "what": _what(entry),
                "decision": str(entry.choice),
                "effect": str(effect.effect),
                "changed": effect.changed,
                "detail": effect.detail,
            }
        )
    return pa.Table.from_pylist(rows, schema=EFFECTS)


EFFECTS = pa.schema(
    [
        ("number", pa.int32()),
        ("kind", pa.string()),
        ("what", pa.string()),
        ("decision", pa.string()),
        ("effect", pa.string()),
        ("changed", pa.int64()),
        ("detail", pa.string()),
    ]
)


def _what(entry: Entry) -> str:
    if entry.kind is Kind.LINK:
        return " and ".join(entry.articles)
    text = entry.text if len(entry.text) <= SHOWN_CHARS else entry.text[: SHOWN_CHARS - 1] + "…"
    outlet = f" ({entry.outlet})" if entry.outlet else ""
    return ": ".join(part for part in (*entry.articles, text) if part) + outlet

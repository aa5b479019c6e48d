"""What people decided, on columns: the articles that their entries touch take the place of those examined, and no
verdict falls on what people keep.

Only the articles that an entry names, or in which a line of an entry stands, are loaded. Those that come out otherwise
have columns of their own, another digest of their content among them, so that an entry added or withdrawn changes the
rows of the articles that it touches and no others.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from copydesk.article import Article, Outcome
from copydesk.boilerplate.learned import RULE as LEARNED_RULE
from copydesk.contamination.paragraphs import HEADLINE_RULE
from copydesk.judging.by_row import Verdicts
from copydesk.judging.columns import Shelf, judging_columns
from copydesk.judging.verdicts import NOTHING, Overruled, Verdict
from copydesk.overrides.apply import KEEP_RULE, restore, unwanted
from copydesk.overrides.links import LinkChanges, override_links
from copydesk.overrides.names import name_of
from copydesk.overrides.targets import deciding_entries
from copydesk.overrides.values import NONE, Choice, Overrides
from copydesk.settings import Settings
from copydesk.spread import Spread

BATCH_ROWS = 1_000
"""Articles that are loaded at once."""
NOTHING_LEFT = "nothing_left"
"""Why a record is no article that nobody can keep: there is no text."""
OnShelf = TypeVar("OnShelf", bound=Shelf)


@dataclass(frozen=True, slots=True)
class Decided:
    """What people decided about the articles of a shelf.

    `touched` are the rows that entries may mean, in order; `kept` and `unwanted` the positions of the blocks that
    people keep and remove in each; `whole` the rows of articles that they keep.
    """

    overrides: Overrides = NONE
    touched: tuple[int, ...] = ()
    kept: Mapping[int, frozenset[int]] = field(default_factory=dict)
    unwanted: Mapping[int, tuple[int, ...]] = field(default_factory=dict)
    whole: frozenset[int] = frozenset()


NOBODY = Decided()


def override_shelf(shelf: OnShelf, overrides: Overrides, settings: Settings) -> tuple[OnShelf, Decided]:
    """The shelf with the articles as people decided, and what was decided about which rows.

    Without entries the shelf comes back as it is.
    """
    if not overrides:
        return shelf, NOBODY
    touched = _touched_rows(shelf.columns, overrides)
    change = partial(restore, overrides=overrides, settings=settings)
    kept: dict[int, frozenset[int]] = {}
    gone: dict[int, tuple[int, ...]] = {}
    rows: list[int] = []
    parts: list[pa.Table] = []
    for start in range(0, len(touched), BATCH_ROWS):
        part = touched[start : start + BATCH_ROWS]
        changed: dict[int, Article] = {}
        for row, article in zip(part, shelf.load(part), strict=True):
            decided = change(article)
            kept[row] = frozenset(_kept_positions(decided, overrides))
            gone[row] = unwanted(decided, overrides)
            if decided != article:
                changed[row] = decided
        if changed:
            rows += changed
            parts.append(_columns_of(changed, shelf.columns))
    whole = frozenset(row for row, name in _names(shelf.columns, touched) if overrides.choice_for(name) is Choice.KEEP)
    decided_about = Decided(overrides, tuple(touched), kept, gone, whole)
    if not rows:
        return shelf, decided_about
    columns = _replace_rows(shelf.columns, np.array(rows), pa.concat_tables(parts))
    return shelf.changed(columns, change), decided_about


def _touched_rows(columns: pa.Table | Spread, overrides: Overrides) -> list[int]:
    """The rows that entries name, and those in which a line stands that has the words of one."""
    named = pa.array(sorted({name for entry in overrides.entries for name in entry.articles}), pa.string())
    rows = np.flatnonzero(pc.is_in(columns["article_id"], value_set=named).to_numpy(zero_copy_only=False))
    found = [rows]
    wanted = np.array([name_of(key) for key in overrides.lines], np.uint64)
    start = 0
    for chunk in columns["names"].chunks if wanted.size else ():
        owners = pc.list_parent_indices(chunk).to_numpy(zero_copy_only=False)
        found.append(start + np.unique(owners[np.isin(chunk.flatten().to_numpy(), wanted)]))
        start += len(chunk)
    touched: list[int] = np.unique(np.concatenate(found)).tolist()
    return touched


def _names(columns: pa.Table | Spread, rows: Sequence[int]) -> Iterator[tuple[int, str]]:
    return zip(rows, columns["article_id"].take(pa.array(rows, pa.int64())).to_pylist(), strict=True)


def _kept_positions(article: Article, overrides: Overrides) -> Iterator[int]:
    for position, number in deciding_entries(article, overrides).items():
        if overrides.entries[number].choice is Choice.KEEP:
            yield position


def _columns_of(changed: Mapping[int, Article], columns: pa.Table | Spread) -> pa.Table:
    table = judging_columns(list(changed.values()))
    if "content" not in columns.column_names:
        return table
    before = columns["content"].take(pa.array(list(changed), pa.int64())).to_pylist()
    digests = [_digest(old, article) for old, article in zip(before, changed.values(), strict=True)]
    return table.append_column(columns.schema.field("content"), pa.array(digests, columns.schema.field("content").type))


def _digest(content: bytes, article: Article) -> bytes:
    """A digest of an article that differs from the examined one by what people decided."""
    said = repr((article.blocks, article.decisions, article.evidence, article.outcome, article.reason))
    return hashlib.blake2b(content + said.encode("utf-8", "surrogatepass"), digest_size=len(content)).digest()


def _replace_rows(columns: pa.Table | Spread, rows: NDArray[np.int64], new: pa.Table) -> pa.Table | Spread:
    """The columns with these rows replaced."""
    if isinstance(columns, Spread):
        return columns.replaced(rows, new)
    order = np.arange(len(columns))
    order[rows] = len(columns) + np.arange(len(rows))
    return pa.concat_tables([columns, new.cast(columns.schema)]).combine_chunks().take(pa.array(order))


def spare_blocks(verdicts: Mapping[int, Verdict], decided: Decided) -> dict[int, Verdict]:
    """The verdicts without learned lines and strangers among the blocks that people keep, and with what was spared."""
    found = dict(verdicts)
    for row, kept in decided.kept.items():
        if row in found and kept:
            found[row] = _spare(found[row], kept)
    return found


def add_unwanted(verdicts: Mapping[int, Verdict], decided: Decided) -> dict[int, Verdict]:
    """The verdicts, with the blocks that people remove and no stage has."""
    found = dict(verdicts)
    for row, positions in decided.unwanted.items():
        verdict = found.get(row, NOTHING)
        if left := tuple(p for p in positions if p not in verdict.removed):
            found[row] = replace(verdict, unwanted=left)
    return found


def _spare(verdict: Verdict, kept: frozenset[int]) -> Verdict:
    overruled = [_overrule(p, "boilerplate", LEARNED_RULE, "furniture") for p in verdict.furniture if p in kept]
    strangers = []
    for stranger in verdict.foreign:
        if stranger.position not in kept:
            spared = stranger.headline in kept
            strangers.append(stranger._replace(headline=None) if spared else stranger)
            if spared and stranger.headline is not None:
                overruled.append(_overrule(stranger.headline, "contamination", HEADLINE_RULE, "off_topic"))
        elif stranger.removed:
            said = _overrule(stranger.position, "contamination", stranger.rule, "off_topic")
            overruled.append(replace(said, said=f"{said.said}: {stranger.reasons}", score=stranger.sure))
    return replace(
        verdict,
        furniture=tuple(p for p in verdict.furniture if p not in kept),
        foreign=tuple(strangers),
        overruled=(*verdict.overruled, *overruled),
    )


def _overrule(position: int, stage: str, rule: str, label: str) -> Overruled:
    said = f"kept by a person; {stage} {rule} had removed it as {label}"
    return Overruled(position, f"{KEEP_RULE} over {rule}", "override:paragraph", said)


def spare_articles(verdicts: Mapping[int, Verdict], decided: Decided) -> dict[int, Verdict]:
    """The verdicts, with articles that people keep published whatever else is said of them."""
    found = dict(verdicts)
    for row in decided.whole:
        verdict = found.get(row, NOTHING)
        if verdict.clean or verdict.no_article.startswith(NOTHING_LEFT):
            continue
        outcome = Outcome.NO_ARTICLE if verdict.no_article else Outcome.OFF_TOPIC
        said = f"kept by a person; it had the outcome {outcome}: {verdict.no_article or verdict.off_topic}"
        overruled = Overruled(None, f"{KEEP_RULE} over {outcome}", "override:article", said)
        found[row] = replace(verdict, kept_whole=True, overruled=(*verdict.overruled, overruled))
    return found


def overrule_links(
    links: pa.Table, shelf: Shelf, rows: NDArray[np.int64], decided: Decided, settings: Settings
) -> tuple[pa.Table, LinkChanges]:
    """The links between the articles of these rows as people decided, and what differs from those given."""
    return override_links(links, _Articles(shelf, rows), decided.overrides, settings)


class _Articles(Mapping[str, Article]):
    """The articles of some rows by id, loaded when they are asked for: people name few."""

    def __init__(self, shelf: Shelf, rows: NDArray[np.int64]) -> None:
        self._shelf, self._rows = shelf, rows
        self._row_of: dict[str, int] = {}
        self._loaded: dict[str, Article] = {}

    def _places(self) -> dict[str, int]:
        if not self._row_of:
            names = self._shelf.columns["article_id"].take(self._rows).to_pylist()
            self._row_of.update(zip(names, self._rows.tolist(), strict=True))
        return self._row_of

    def __getitem__(self, name: str) -> Article:
        if name not in self._loaded:
            self._loaded[name] = next(iter(self._shelf.load([self._places()[name]])))
        return self._loaded[name]

    def __contains__(self, name: object) -> bool:
        return name in self._places()

    def __iter__(self) -> Iterator[str]:
        return iter(self._places())

    def __len__(self) -> int:
        return len(self._places())


def note_links(verdicts: Verdicts, rows: Mapping[str, int], changes: LinkChanges) -> Verdicts:
    """The verdicts with what people changed about links, once all outcomes are known; `rows` are those of the articles
    that they name.
    """
    changed: dict[int, Verdict] = {}
    for name in changes.made:
        if name in rows and (verdict := verdicts.get(rows[name], NOTHING)).link:
            changed[rows[name]] = replace(verdict, by_hand=True)
    for name, (rule, link) in changes.undone.items():
        verdict = changed.get(rows[name]) or verdicts.get(rows[name], NOTHING)
        if verdict.link or not verdict.clean:
            continue
        said = (
            f"no copy of {link['canonical_id']}, a person says; with Jaccard {link['jaccard']:.2f} it was one of the "
            f"kind {link['kind']}"
        )
        overruled = Overruled(None, f"{rule} over {link['kind']}", "override:link", said)
        changed[rows[name]] = replace(verdict, overruled=(*verdict.overruled, overruled))
    return verdicts.but(changed)

"""The order in which the corpus is judged, on columns alone wherever they will do.

    copies → learned lines → foreign paragraphs → is it still an article? → off-topic documents → survivors

A pure function of all examined articles and the settings. What it gives for one article may depend on every other one,
so it is asked anew every night; no account is kept of what depends on what.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from copydesk.article import Outcome
from copydesk.boilerplate.learned import find_furniture, learn_furniture
from copydesk.boilerplate.lines import recurring_lines
from copydesk.contamination.documents import flag_strangers
from copydesk.contamination.stories import stories_of
from copydesk.contamination.strangers import Found, find_strangers
from copydesk.duplicates import Linking, carry_links, link_sketches
from copydesk.duplicates.texts import HeldTexts
from copydesk.judging.by_row import OF_COPY, Verdicts, hold_links
from copydesk.judging.columns import COMPARED, Shelf, paragraphs_of, sketches_of, storable_texts
from copydesk.judging.kept import NOTHING_KEPT, Kept
from copydesk.judging.overruling import (
    NOBODY,
    Decided,
    add_unwanted,
    note_links,
    overrule_links,
    spare_articles,
    spare_blocks,
)
from copydesk.judging.remains import Remembered, blocks_without, check_remains, forget
from copydesk.judging.verdicts import NOTHING, Verdict
from copydesk.machine.work import ALONE, Work
from copydesk.overrides.links import LinkChanges
from copydesk.settings import Settings
from copydesk.spread import Spread, as_table, storage_order

Rows = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdicts, what people changed about links, and all that the next night needn't work out again. `looked_at` is
    how many articles' paragraphs were judged.
    """

    verdicts: Verdicts
    changes: LinkChanges
    kept: Kept
    looked_at: int


Begin = Callable[[str, int], None]
"""Told of each step as it begins: its name, and how many articles it treats."""


def unseen(step: str, count: int) -> None:
    """Nothing: nobody is told of the steps."""


def judge_columns(
    shelf: Shelf,
    settings: Settings,
    remembered: Remembered = forget,
    kept: Kept = NOTHING_KEPT,
    decided: Decided = NOBODY,
    begin: Begin = unseen,
    work: Work = ALONE,
) -> Judgement:
    """The verdicts on the articles of a shelf; none for an empty one.

    `remembered` and `kept` are what an earlier night has worked out; the verdicts don't depend on them, nor on how to
    `work`. `decided` is what people decided about the shelf (`override_shelf`). `begin` is told of each step.
    """
    columns = shelf.columns
    clean = np.flatnonzero(_equals(columns["outcome"], Outcome.CLEAN))
    begin("duplicates", clean.size)
    linking = link_copies(shelf, clean, settings, kept, work)
    counts = linking.counts
    links, changes = overrule_links(linking.links, shelf, clean, decided, settings)
    stories = np.arange(len(columns))
    stories[clean] = clean[stories_of(columns["article_id"].take(pa.array(clean)), links)]
    begin("learned lines", clean.size)
    verdicts = spare_blocks(_find_lines(columns, clean, stories, settings), decided)
    begin("foreign paragraphs", clean.size)
    learned = {row: verdict.removed for row, verdict in verdicts.items()}
    gone = blocks_without(paragraphs_of(columns), learned)
    found = _find_strangers(columns, stories, gone, settings, kept.paragraphs, work)
    verdicts = spare_blocks(_add_strangers(verdicts, found), decided)
    verdicts = add_unwanted(verdicts, decided)
    removed = {row: verdict.removed for row, verdict in verdicts.items()}
    verdicts = check_remains(shelf, verdicts, removed, remembered, settings)
    gone = blocks_without(paragraphs_of(columns), removed, learned, gone)
    verdicts, themes = _judge_theme(columns, clean, verdicts, gone, settings, kept.themes, work)
    verdicts = spare_articles(verdicts, decided)
    lost = _lost(verdicts)
    if _lost_survivor(columns, lost, links):
        # A survivor turned out to be no article or off topic: its copies must find another one.
        begin("duplicates again", clean.size - lost.size)
        left = clean[~np.isin(clean, lost)]
        again = Kept(linking.scores, linking.stories, counts)
        linking = link_copies(shelf, left, settings, again, work)
        links, changes = overrule_links(linking.links, shelf, left, decided, settings)
    begin("survivors", clean.size)
    return Judgement(
        _choose(columns, clean, links, verdicts, lost, changes),
        changes,
        Kept(linking.scores, linking.stories, counts, work.lay(found.known), work.lay(themes)),
        found.judged,
    )


def link_copies(
    shelf: Shelf,
    rows: Rows,
    settings: Settings,
    kept: Kept = NOTHING_KEPT,
    work: Work = ALONE,
) -> Linking:
    """The links between the articles of these rows, as they were examined."""
    chosen = shelf.columns if len(rows) == len(shelf.columns) else shelf.columns.take(pa.array(rows))

    def texts(wanted: Sequence[int]) -> list[str]:
        found: list[str] = storable_texts(shelf.texts(rows[list(wanted)].tolist())).to_pylist()
        return found

    names = [name for name in (*COMPARED.names, "title_key", "content") if name in chosen.column_names]
    known, sketches = chosen.select(names), sketches_of(chosen)
    with HeldTexts(texts, len(rows), work, storage_order(chosen)) as held:
        linking = link_sketches(
            known,
            sketches,
            held,
            settings,
            scores=kept.scores,
            stories=kept.stories,
            counts=kept.counts,
            threads=work.threads,
        )
    tables = linking.scores, linking.stories, linking.counts
    return Linking(linking.links, *map(work.lay, tables))


def _equals(column: pa.ChunkedArray, outcome: Outcome) -> NDArray[np.bool_]:
    values = column.dictionary_encode().combine_chunks()
    wanted = np.array([value == outcome.value for value in values.dictionary.to_pylist()], np.bool_)
    mask: NDArray[np.bool_] = wanted[values.indices.to_numpy()] if len(wanted) else np.zeros(0, np.bool_)
    return mask


def _find_lines(columns: pa.Table | Spread, clean: Rows, stories: Rows, settings: Settings) -> dict[int, Verdict]:
    wanted = settings.boilerplate
    lines = recurring_lines(columns, clean, wanted.learned_min_words, wanted.learned_min_stories)
    learned = learn_furniture(lines, stories, columns["sketch.words"].to_numpy(), settings)
    found = find_furniture(lines, learned, columns["kept"].to_numpy())
    # Nearly all have one of a few positions: one verdict for all of them is a tenth of the memory, and of the time.
    same = {positions: Verdict(furniture=positions) for positions in set(found.values())}
    return {row: same[positions] for row, positions in found.items()}


def _find_strangers(
    columns: pa.Table | Spread,
    stories: Rows,
    gone: NDArray[np.bool_],
    settings: Settings,
    known: pa.Table | None,
    work: Work,
) -> Found:
    named = columns.select([name for name in ("article_id", "title", "content") if name in columns.column_names])
    return find_strangers(named, paragraphs_of(columns), gone, stories, settings, known, work)


def _add_strangers(verdicts: Mapping[int, Verdict], found: Found) -> dict[int, Verdict]:
    judged = dict(verdicts)
    for row, strangers in found.strangers.items():
        # Of most nothing was said before, and `replace` takes five times as long.
        judged[row] = replace(judged[row], foreign=strangers) if row in judged else Verdict(foreign=strangers)
    return judged


def _judge_theme(
    columns: pa.Table | Spread,
    clean: Rows,
    verdicts: dict[int, Verdict],
    gone: NDArray[np.bool_],
    settings: Settings,
    known: pa.Table | None,
    work: Work,
) -> tuple[dict[int, Verdict], pa.Table]:
    """The verdicts with what is said of articles off the theme, and what is known of these for the next night."""
    rows = clean[~np.isin(clean, _lost(verdicts))]
    strangers, themes = flag_strangers(paragraphs_of(columns), columns, gone, rows, settings, known, work)
    aside = {row: replace(verdicts.get(row, NOTHING), aside=aside) for row, aside in strangers.items()}
    return {**verdicts, **aside}, themes


def _lost_survivor(columns: pa.Table | Spread, lost: Rows, links: pa.Table) -> bool:
    names = columns["article_id"].take(pa.array(lost))
    return bool(pc.any(pc.is_in(links["canonical_id"], value_set=names.combine_chunks())).as_py())


def _choose(
    columns: pa.Table | Spread,
    clean: Rows,
    links: pa.Table,
    verdicts: Mapping[int, Verdict],
    lost: Rows,
    changes: LinkChanges,
) -> Verdicts:
    """The verdicts, with the links between articles carried out of which neither is `lost`."""
    ids = columns["article_id"].take(pa.array(clean))
    named = clean[_named(ids, pa.chunked_array([*links["article_id"].chunks, *links["canonical_id"].chunks]))]
    known = as_table(columns.select(OF_COPY.names).take(pa.array(named)))
    carried = carry_links(known["article_id"], ~np.isin(named, lost), links)
    found = Verdicts(verdicts, hold_links(carried, known, named))
    people = _named(ids, pa.chunked_array([sorted({*changes.made, *changes.undone})], pa.string()))
    rows = dict(zip(ids.filter(pa.array(people)).to_pylist(), clean[people].tolist(), strict=True))
    return note_links(found, rows, changes)


def _named(ids: pa.ChunkedArray, names: pa.ChunkedArray) -> NDArray[np.bool_]:
    """Which of these ids are among the names."""
    found: NDArray[np.bool_] = pc.is_in(ids, value_set=names.combine_chunks()).to_numpy(zero_copy_only=False)
    return found


def _lost(verdicts: Mapping[int, Verdict]) -> Rows:
    """The rows of articles that don't stay, in order."""
    # Of a large corpus half have a verdict, and hardly any is of this kind: properties of all would be a tenth second.
    doubtful = (row for row, verdict in verdicts.items() if verdict.no_article or verdict.aside)
    return np.array(sorted(row for row in doubtful if not verdicts[row].clean), np.int64)


__all__ = ["Judgement", "Verdicts", "judge_columns", "link_copies", "unseen"]

"""Articles into an index: what they change is worked out, written beside what there is, and published in one step."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from copydesk.duplicates.candidates import Numbers, unpack
from copydesk.duplicates.compare import CERTAIN_JACCARD
from copydesk.duplicates.forms import find_forms, stay_linked
from copydesk.duplicates.groups import distinct
from copydesk.duplicates.index import counts, keys
from copydesk.duplicates.index.counts import Changes, Slots
from copydesk.duplicates.index.files import File, Manifest, open_batches, sweep, write_manifest, write_table
from copydesk.duplicates.index.groups import Groups, fresh_entries, group_articles, position_groups
from copydesk.duplicates.index.keys import KINDS, Keys
from copydesk.duplicates.index.links import Known, change_links, same_verdicts
from copydesk.duplicates.index.measuring import measure_at, measure_without
from copydesk.duplicates.index.neighbours import pairs_by_prints
from copydesk.duplicates.index.pairs import Pairs, pairs_table, read_pairs
from copydesk.duplicates.index.rows import ROWS, Rows, join_parts, sketch_articles
from copydesk.duplicates.index.store import State, append, join_rows, open_state, write_small
from copydesk.duplicates.index.update import (
    Measure,
    Told,
    change_common,
    change_pairs,
    examine,
    find_stale,
    look_at,
    set_prints,
    tell_stories,
)
from copydesk.duplicates.pace import PAIR_BYTES, measuring_pays
from copydesk.errors import UsageError
from copydesk.settings import DuplicateSettings

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class _Grown:
    """The articles, groups and keys with the new ones, and where each group stands in the order of content."""

    rows: Rows
    groups: Groups
    keys: Keys
    positions: Numbers
    groups_at: Numbers

    @property
    def reps(self) -> Numbers:
        """The article that stands for the group at each position."""
        return self.groups.reps[self.groups_at]


def add_rows(folder: Path, manifest: Manifest, articles: Iterable[pa.Table], settings: DuplicateSettings) -> Manifest:
    """The manifest of the index with these articles (schema `rows.ARTICLES`), published; the same for no articles.

    Raises UsageError where an article has the id of another one, or a file is cut short or was changed. Until the end
    nothing of what there was is touched.
    """
    state = open_state(folder, manifest)
    written = write_table(folder, "rows", ROWS, (batch for table in articles for batch in sketch_articles(table)))
    if not written.rows:
        sweep(folder, manifest)
        return manifest
    rows = join_parts([*state.rows.parts, *open_batches(folder, written)])
    _check_ids(state.rows, rows)
    grown, key_file = _grow(folder, state, rows)
    compile_code = measuring_pays(len(rows) * PAIR_BYTES)  # as if each had a copy
    before = read_pairs(state.pairs, grown.positions)
    pairs, told = _look(
        state, grown, before, measure_at(rows, grown.reps, settings, compile_code=compile_code), settings
    )
    count_file = write_table(folder, "counts", counts.COUNTS, counts.as_batches(_count(grown, told)))
    fresh = counts.open_counts(open_batches(folder, count_file))
    common, turned = change_common(state.counts, state.common, fresh.parts)
    pairs, stale = _forget(pairs, grown, turned)
    measure = measure_without(common, rows, grown.reps, settings, compile_code=compile_code)
    pairs = examine(pairs, measure)
    total = len(grown.positions)
    (told_before, forms_before), (told_now, forms) = (_tell_forms(found, total) for found in (before, pairs))
    known = Known(rows, grown.groups, grown.keys, told_now, grown.positions, grown.groups_at, forms)
    touched = _touched(told_before, told_now, grown, len(state.rows))
    touched[grown.groups_at[forms != forms_before]] = True
    links = change_links(state.links, known, touched, stale, measure, settings, len(state.rows))
    table = pairs_table(pairs, grown.groups_at)
    files = {
        "rows": append(folder, "rows", ROWS, manifest.files.get("rows", ()), written, join_rows),
        "keys": append(folder, "keys", keys.ENTRIES, manifest.files.get("keys", ()), key_file, keys.merge_keys),
        "counts": append(
            folder, "counts", counts.COUNTS, manifest.files.get("counts", ()), count_file, counts.merge_counts
        ),
        **write_small(folder, grown.groups, told.stories.after, table, common, links),
    }
    done = Manifest(manifest.making, files)
    write_manifest(folder, done)
    return done


def _check_ids(known: Rows, rows: Rows) -> None:
    ids = pa.chunked_array([part.column("article_id") for part in rows.parts[len(known.parts) :]])
    old = known.column("article_id")
    again = ids.filter(pc.is_in(ids, value_set=old)) if len(old) else ids.slice(0, 0)
    if len(again):
        raise UsageError(f"article {again[0].as_py()!r} is in the index already; give it another id, or leave it out")
    if len(pc.unique(ids)) != len(ids):
        raise UsageError("two of the new articles have the same id; name a column that names each once")


def _grow(folder: Path, state: State, rows: Rows) -> tuple[_Grown, File]:
    """The index with the new articles' groups and keys, and the file of the keys."""
    groups = group_articles(rows, state.groups, state.keys)
    found = (entries for _, entries in fresh_entries(rows, groups, len(state.rows)))
    file = write_table(folder, "keys", keys.ENTRIES, keys.as_batches(found))
    fresh = keys.open_keys([open_batches(folder, file)])
    every = Keys({kind: state.keys.parts[kind] + fresh.parts[kind] for kind in KINDS})
    positions = position_groups(rows, groups.reps)
    groups_at = np.empty(len(positions), dtype=np.int64)
    groups_at[positions] = np.arange(len(positions))
    return _Grown(rows, groups, every, positions, groups_at), file


def _look(
    state: State, grown: _Grown, before: Pairs, measure: Measure, settings: DuplicateSettings
) -> tuple[Pairs, Told]:
    """The pairs that keys give now, those by bands measured at sight, and the stories that come of it."""
    anew = np.zeros(len(grown.positions), dtype=bool)
    anew[grown.positions[grown.groups.replaced]] = True
    fresh = ((kind, grown.keys.parts[kind][-1]) for kind in KINDS)
    pairs = look_at(change_pairs(before, state.keys, fresh, grown.positions), anew, measure, settings)
    told = tell_stories(state.stories, before.packed[before.sight > 0], pairs, grown.groups_at)
    packed, own = pairs_by_prints(
        grown.keys, grown.rows, grown.groups.reps, grown.positions, told.stories, told.changed
    )
    return set_prints(pairs, packed, own[grown.groups_at]), told


def _count(grown: _Grown, told: Told) -> Iterable[tuple[Slots, Changes]]:
    """How the counts of runs change by the stories that have changed."""
    changed = np.flatnonzero(told.changed)
    found = []
    for story, sign in ((told.stories.before, -1), (told.stories.after, 1)):
        groups = changed[story[changed] >= 0]
        groups = groups[np.argsort(story[groups], kind="stable")]
        found.append((grown.groups.reps[groups], story[groups], sign))
    return counts.count_changes(grown.rows, found)


def _forget(pairs: Pairs, grown: _Grown, turned: Slots) -> tuple[Pairs, Flags]:
    """The pairs without the measures that rest on other common runs, and the groups of which others are common now."""
    ends = distinct(np.concatenate([pairs.left, pairs.right]))
    stale = np.zeros(len(grown.positions), dtype=bool)
    stale[ends] = find_stale(grown.rows, grown.reps[ends], turned)
    forgotten = (stale[pairs.left] | stale[pairs.right]) & (pairs.sight < CERTAIN_JACCARD)
    return replace(pairs, measured=pairs.measured & ~forgotten), stale[grown.positions]


def _tell_forms(pairs: Pairs, total: int) -> tuple[Pairs, Flags]:
    """The pairs without the links between notes of a form, and which groups (by position) are such."""
    forms = find_forms(total, pairs.left, pairs.right, pairs.verdicts)
    linked = stay_linked(forms, pairs.left, pairs.right, pairs.verdicts)
    return replace(pairs, verdicts=replace(pairs.verdicts, linked=linked)), forms


def _touched(before: Pairs, pairs: Pairs, grown: _Grown, first: int) -> Flags:
    """The groups with new articles, and those of which a link is another than before, new, or gone."""
    touched = np.zeros(len(grown.positions), dtype=bool)
    fresh = grown.groups.of[first:]
    touched[fresh[fresh >= 0]] = True
    other = ~same_verdicts(before, pairs)
    gone = np.setdiff1d(before.packed[before.verdicts.linked], pairs.packed, assume_unique=True)
    ends = np.concatenate([pairs.left[other], pairs.right[other], *unpack(gone)])
    touched[grown.groups_at[ends]] = True
    return touched

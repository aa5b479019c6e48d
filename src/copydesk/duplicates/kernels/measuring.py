"""Counts of runs over stories, and two texts laid beside each other, as `plain` does it."""

from __future__ import annotations

from types import FunctionType
from typing import Any

import numpy as np

from copydesk.duplicates import align, hashing, runs
from copydesk.duplicates.kernels.build import kernel, part
from copydesk.duplicates.kernels.sketching import hash_grams
from copydesk.duplicates.kernels.words import finish, read_words

_SLOTS = np.int64(hashing.GRAM_SLOTS - 1)


def _align_kernel(name: str, scope: dict[str, Any]) -> Any:
    function: FunctionType = scope[name]
    scope[name] = part(FunctionType(function.__code__, scope, name))
    return scope[name]


_scope = dict(vars(runs)) | dict(vars(align))
_ALIGN = ("table_size", "work_size", "enter", "mark_common", "count_distinct", "find", "pair_words", "has")
for _name in (*_ALIGN, "compare_gap", "count_missing", "compare_ends", "walk", "count_own", "measure"):
    _align_kernel(_name, _scope)
_measure, _work_size = _scope["measure"], _scope["work_size"]
_enter, _table_size = _scope["enter"], _scope["table_size"]
_mark_common, _count_distinct = _scope["mark_common"], _scope["count_distinct"]


@kernel
def read_rows(data: Any, offsets: Any, tables: Any, rows: Any, kept: Any) -> None:
    """Writes the words of some texts, with flags and hashes of their runs of three words, one after another."""
    hashes, flags, grams, places = kept
    for p in range(len(rows)):
        i, low = rows[p], places[p]
        count = read_words(data, offsets[i], offsets[i + 1], tables, hashes[low:], flags[low:])
        hash_grams(hashes[low:], count, grams[low:])
        places[p + 1] = low + count


@part
def runs_of(kept: Any, text: int) -> Any:
    """The hashes of the runs of three words of a text."""
    grams, places = kept[2], kept[3]
    return grams[places[text] : max(places[text], places[text + 1] - 2)]


@part
def note(table: Any, slot: int) -> bool:
    """Puts a slot into an open hash table (-1: free) and says whether it is new there."""
    place = slot & (len(table) - 1)
    while table[place] >= 0:
        if table[place] == slot:
            return False
        place = (place + 1) & (len(table) - 1)
    table[place] = slot
    return True


@part
def note_story(table: Any, held: int, slots: Any, counts: Any) -> Any:
    """Adds one to the counts of the slots that the story, so far in the table, doesn't have; gives the table, grown
    where that is needed, and how many slots it holds.
    """
    size = len(table)
    while size < 2 * (held + len(slots)):
        size *= 2
    if size > len(table):
        old = table
        table = np.full(size, -1, dtype=np.int64)
        for slot in old:
            if slot >= 0:
                note(table, slot)
    mask = len(counts) - 1
    for gram in slots:
        slot = np.int64(gram) & _SLOTS
        if note(table, slot):
            held += 1
            if counts[slot & mask] < 255:
                counts[slot & mask] += np.uint8(1)
    return table, held


@part
def clear(table: Any) -> Any:
    """An empty table: the one given, unless it has grown too large to be emptied for every story."""
    if len(table) > 1 << 16:
        table = np.empty(1024, dtype=np.int64)
    table[:] = -1
    return table


@kernel
def count_grams(kept: Any, order: Any, stories: Any, counts: Any) -> None:
    """Counts stories per slot, as `plain.count_grams`; the texts of `order` come story by story."""
    table, held = np.full(1024, -1, dtype=np.int64), np.int64(0)
    for p in range(len(order)):
        if p == 0 or stories[p] != stories[p - 1]:
            table, held = clear(table), np.int64(0)
        table, held = note_story(table, held, runs_of(kept, order[p]), counts)


@kernel
def count_slots(slots: Any, starts: Any, order: Any, stories: Any, counts: Any) -> None:
    """Counts stories per slot, as `plain.count_slots`."""
    table, held = np.full(1024, -1, dtype=np.int64), np.int64(0)
    for p in range(len(order)):
        if p == 0 or stories[p] != stories[p - 1]:
            table, held = clear(table), np.int64(0)
        table, held = note_story(table, held, slots[starts[order[p]] : starts[order[p] + 1]], counts)


@kernel
def sum_common(grams: Any, starts: Any, rows: Any, counts: Any, limit: int, out: Any) -> None:
    """Writes, for each of these texts, the sum of the hashes of its common slots, as `plain.sum_common`."""
    mask = np.int64(len(counts) - 1)
    for p in range(len(rows)):
        total = np.uint64(0)
        for k in range(starts[rows[p]], starts[rows[p] + 1]):
            slot = np.int64(grams[k])
            if counts[slot & mask] > limit:
                total += finish(np.uint64(slot + 1))
        out[p] = total


@part
def enter_text(kept: Any, text: int, entered: Any, counts: Any, limit: int, common: Any, distinct: Any) -> Any:
    """Enters the runs of a text, and notes which are common and how many distinct, where that isn't known.

    Gives the table with its chains, grown as needed, and the size that is in use.
    """
    table, following, firsts = entered
    size = _table_size(kept[3][text + 1] - kept[3][text])
    if len(table) < size:
        table = np.empty(size, dtype=np.int32)
        following, firsts = np.empty(size, dtype=np.int32), np.empty(size, dtype=np.int32)
    grams = runs_of(kept, text)
    _enter(grams, table[:size], following, firsts)
    if distinct[text, 0] < 0:
        own = common[kept[3][text] : kept[3][text] + len(grams)]
        if limit < 255:
            _mark_common(grams, counts, limit, own)
        distinct[text, 0], distinct[text, 1] = _count_distinct(grams, firsts, own)
    return (table, following, firsts), size


@kernel
def measure_pairs(kept: Any, left: Any, right: Any, counts: Any, limit: int, common: Any, out: Any) -> None:
    """Writes the measures of each pair of texts, as `plain.measure_pairs`, to the rows of `out` (int64).

    `common` (uint8 zeros, as many as there are words) is scratch memory: numba would write its own zeros one by one.
    """
    hashes, flags, _, places = kept
    distinct = np.full((len(places) - 1, 2), -1, dtype=np.int64)
    work = np.empty(64, dtype=np.int32)
    entered = (np.empty(64, dtype=np.int32), np.empty(64, dtype=np.int32), np.empty(64, dtype=np.int32))
    spare = (np.empty(64, dtype=np.int32), np.empty(64, dtype=np.int32), np.empty(64, dtype=np.int32))
    size = 64
    for p in range(len(left)):
        i, j = left[p], right[p]
        if distinct[j, 0] < 0:
            spare, _ = enter_text(kept, j, spare, counts, limit, common, distinct)
        if p == 0 or i != left[p - 1]:
            entered, size = enter_text(kept, i, entered, counts, limit, common, distinct)
        low_a, high_a, low_b, high_b = places[j], places[j + 1], places[i], places[i + 1]
        need = _work_size(high_a - low_a, high_b - low_b)
        if len(work) < need:
            work = np.empty(need, dtype=np.int32)
        out[p, align.DISTINCT_A], out[p, align.RARE_A] = distinct[j]
        out[p, align.DISTINCT_B], out[p, align.RARE_B] = distinct[i]
        _measure(
            (hashes[low_a:high_a], flags[low_a:high_a], runs_of(kept, j), common[low_a:high_a]),
            (hashes[low_b:high_b], flags[low_b:high_b], runs_of(kept, i), common[low_b:high_b]),
            (entered[0][:size], entered[1], entered[2]),
            work,
            out[p],
        )

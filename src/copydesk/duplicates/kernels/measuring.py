"""Counts of runs over stories, and two texts laid beside each other, as `plain` does it."""

from __future__ import annotations

from types import FunctionType
from typing import Any

import numpy as np

from copydesk.duplicates import align, hashing
from copydesk.duplicates.kernels.build import kernel
from copydesk.duplicates.kernels.sketching import hash_grams
from copydesk.duplicates.kernels.words import finish, read_words

_SLOTS = np.int64(hashing.GRAM_SLOTS - 1)


def _align_kernel(name: str, scope: dict[str, Any]) -> Any:
    function: FunctionType = getattr(align, name)
    scope[name] = kernel(FunctionType(function.__code__, scope, name))
    return scope[name]


_scope = dict(vars(align))
_ALIGN = ("table_size", "work_size", "enter", "find", "pair_words", "has", "compare_gap", "walk", "mark_common")
for _name in (*_ALIGN, "count_own", "count_distinct", "count_shared", "measure"):
    _align_kernel(_name, _scope)
_measure, _work_size = _scope["measure"], _scope["work_size"]
_enter, _table_size = _scope["enter"], _scope["table_size"]


@kernel
def read_all(data: Any, offsets: Any, tables: Any, kept: Any) -> None:
    """Writes the words of all texts, with flags and runs, to where they are kept."""
    hashes, flags, grams, places = kept
    for i in range(len(offsets) - 1):
        low = places[i]
        count = read_words(data, offsets[i], offsets[i + 1], tables, hashes[low:], flags[low:])
        hash_grams(hashes[low:], count, grams[low:])
        places[i + 1] = low + count


@kernel
def fetch(data: Any, offsets: Any, tables: Any, kept: Any, text: int, hashes: Any, flags: Any, grams: Any) -> Any:
    """Word hashes, flags and hashes of the runs of three words of a text: those kept, else read into the buffers
    given.
    """
    kept_hashes, kept_flags, kept_grams, places = kept
    if len(places) > 0:
        start, stop = places[text], places[text + 1]
        return kept_hashes[start:stop], kept_flags[start:stop], kept_grams[start : max(start, stop - 2)]
    count = read_words(data, offsets[text], offsets[text + 1], tables, hashes, flags)
    return hashes[:count], flags[:count], grams[: hash_grams(hashes, count, grams)]


@kernel
def note(table: Any, slot: int) -> bool:
    """Puts a slot into an open hash table (-1: free) and says whether it is new there."""
    place = slot & (len(table) - 1)
    while table[place] >= 0:
        if table[place] == slot:
            return False
        place = (place + 1) & (len(table) - 1)
    table[place] = slot
    return True


@kernel
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


@kernel
def clear(table: Any) -> Any:
    """An empty table: the one given, unless it has grown too large to be emptied for every story."""
    if len(table) > 1 << 16:
        table = np.empty(1024, dtype=np.int64)
    table[:] = -1
    return table


@kernel
def count_grams(data: Any, offsets: Any, tables: Any, kept: Any, order: Any, stories: Any, counts: Any) -> None:
    """Counts stories per slot, as `plain.count_grams`; the texts of `order` come story by story."""
    longest = 0
    for i in order:
        longest = max(longest, offsets[i + 1] - offsets[i])
    hashes, flags = np.empty(2 * longest + 2, dtype=np.uint64), np.empty(2 * longest + 2, dtype=np.uint8)
    grams = np.empty(2 * longest + 2, dtype=np.int64)
    table, held = np.full(1024, -1, dtype=np.int64), 0
    for p in range(len(order)):
        if p == 0 or stories[p] != stories[p - 1]:
            table, held = clear(table), 0
        found = fetch(data, offsets, tables, kept, order[p], hashes, flags, grams)[2]
        table, held = note_story(table, held, found, counts)


@kernel
def count_slots(slots: Any, starts: Any, order: Any, stories: Any, counts: Any) -> None:
    """Counts stories per slot, as `plain.count_slots`."""
    table, held = np.full(1024, -1, dtype=np.int64), 0
    for p in range(len(order)):
        if p == 0 or stories[p] != stories[p - 1]:
            table, held = clear(table), 0
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


@kernel
def measure_pairs(
    data: Any, offsets: Any, tables: Any, kept: Any, left: Any, right: Any, counts: Any, limit: int, out: Any
) -> None:
    """Writes the measures of each pair of texts, as `plain.measure_pairs`, to the rows of `out` (int64)."""
    longest = 0
    if len(kept[3]) == 0:
        for k in range(len(left)):
            longest = max(longest, offsets[left[k] + 1] - offsets[left[k]], offsets[right[k] + 1] - offsets[right[k]])
    room = 2 * longest + 2
    hashes, flags, grams = (
        np.empty(room, dtype=np.uint64),
        np.empty(room, dtype=np.uint8),
        np.empty(room, dtype=np.int64),
    )
    held_hashes, held_flags, held_grams = np.empty_like(hashes), np.empty_like(flags), np.empty_like(grams)
    work, table, following = np.empty(64, dtype=np.int64), np.empty(64, dtype=np.int64), np.empty(64, dtype=np.int64)
    size = 64
    words_b, flags_b, grams_b = hashes[:0], flags[:0], grams[:0]
    for p in range(len(left)):
        if p == 0 or left[p] != left[p - 1]:
            words_b, flags_b, grams_b = fetch(data, offsets, tables, kept, left[p], held_hashes, held_flags, held_grams)
            size = _table_size(len(words_b))
            if len(table) < size:
                table, following = np.empty(size, dtype=np.int64), np.empty(size, dtype=np.int64)
            _enter(grams_b, table[:size], following)
        words_a, flags_a, grams_a = fetch(data, offsets, tables, kept, right[p], hashes, flags, grams)
        need = _work_size(len(words_a), len(words_b))
        if len(work) < need:
            work = np.empty(need, dtype=np.int64)
        _measure(
            words_a, flags_a, grams_a, words_b, flags_b, grams_b, table[:size], following, counts, limit, work, out[p]
        )  # fmt: skip

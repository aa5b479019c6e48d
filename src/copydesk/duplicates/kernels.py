"""The compiled pass: words, sketches, counts and measures straight from Arrow's UTF-8 buffers.

Everything here gives, bit for bit, what the plain functions of `fold`, `hashing`, `sketch` and `align` give; the
tests hold
them against each other. Imported only by `compiled`, for corpora on which loading compiled code pays.
Texts are `data` (uint8) and `offsets` (int64, one more than there are texts). Lengths that might be tuned come in as
arguments: a compiled function that is kept on disk remembers the constants it was compiled with.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from types import FunctionType
from typing import Any

import numba as nb
import numpy as np

from copydesk.duplicates import align, fold, hashing

_OFFSET, _PRIME, _STEP = np.uint64(hashing.FNV_OFFSET), np.uint64(hashing.FNV_PRIME), np.uint64(hashing.STEP)
_SHIFT, _FACTOR, _OTHER = np.uint64(hashing.FMIX[0]), np.uint64(hashing.FMIX[1]), np.uint64(hashing.FMIX[3])
_FACTOR_32, _OTHER_32 = np.uint32(0x85EBCA6B), np.uint32(0xC2B2AE35)
_ONE, _FULL = np.uint64(1), np.uint8(255)
_PLANES_END = fold.PLANES_END
_SHOWN_END = 0x2200

_SOURCES = (
    b"".join(Path(str(module.__file__)).read_bytes() for module in (fold, hashing, align)) + Path(__file__).read_bytes()
)
_DIGEST = hashlib.blake2b(_SOURCES, digest_size=6).hexdigest()


def kernel(function: Callable[..., Any]) -> Any:
    """A function, compiled when first called and kept on disk; in memory only where no folder can be written.

    numba looks for changes in a function's own file alone. The digest of all files here is part of the name under
    which the code is kept, so that none is used that was compiled from an older neighbour.
    """
    function.__qualname__ = f"{function.__qualname__}_{_DIGEST}"
    try:
        return nb.njit(cache=True, nogil=True)(function)
    except RuntimeError:
        return nb.njit(nogil=True)(function)


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
def finish(value: Any) -> Any:
    """MurmurHash3's 64-bit finalizer."""
    value = (value ^ (value >> _SHIFT)) * _FACTOR
    value = (value ^ (value >> _SHIFT)) * _OTHER
    return value ^ (value >> _SHIFT)


@kernel
def decode(data: Any, place: int) -> Any:
    """The character at a place of valid UTF-8, and the place of the next one."""
    lead = data[place]
    if lead < 0x80:
        return np.int64(lead), place + 1
    if lead < 0xE0:
        return (np.int64(lead & 0x1F) << 6) | np.int64(data[place + 1] & 0x3F), place + 2
    middle = np.int64(data[place + 1] & 0x3F)
    if lead < 0xF0:
        return (np.int64(lead & 0x0F) << 12) | (middle << 6) | np.int64(data[place + 2] & 0x3F), place + 3
    tail = (np.int64(data[place + 2] & 0x3F) << 6) | np.int64(data[place + 3] & 0x3F)
    return (np.int64(lead & 0x07) << 18) | (middle << 12) | tail, place + 4


@kernel
def read_entity(data: Any, place: int, stop: int) -> Any:
    """What an HTML escape after "&" stands for (32 for a named one), and where it ends; (-1, place) if it is none."""
    value, count, base = np.int64(0), 0, 0
    if place < stop and data[place] == 35:
        place += 1
        base, limit = 10, 7
        if place < stop and (data[place] == 120 or data[place] == 88):
            place += 1
            base, limit = 16, 6
    else:
        limit = 10
    while place < stop and count <= limit:
        byte = np.int64(data[place])
        place += 1
        if byte == 59:
            enough = count >= 1 if base else count >= 2
            if not enough:
                return -1, place
            if base == 0 or value >= 0x110000:
                return 32, place
            return value, place
        digit = byte - 48 if 48 <= byte <= 57 else 99
        letter = (byte | 32) - 87 if 97 <= (byte | 32) <= 122 else 99
        if base == 0:
            if letter == 99 and (digit == 99 or count == 0):
                return -1, place
        else:
            digit = min(digit, letter)
            if digit >= base:
                return -1, place
            value = value * base + digit
        count += 1
    return -1, place


@kernel
def mend(data: Any, stop: int, char: Any, following: int, shown: Any) -> Any:
    """The character meant by an escape or by UTF-8 that was read as windows-1252, and the place after it."""
    if char == 38:
        meant, after = read_entity(data, following, stop)
        return (meant, after) if meant >= 0 else (char, following)
    if following >= stop:
        return char, following
    second, after = decode(data, following)
    if char == 0xE2:
        if (second == 0x80 or second == 0x20AC) and after < stop:
            return np.int64(32), decode(data, after)[1]
    elif char == 0xC2:
        if 0x80 <= second <= 0xBF:
            return np.int64(32), after
    elif second < _SHOWN_END and shown[second] > 0:
        return np.int64(0xC0 | (shown[second] & 0x3F)), after
    return char, following


@kernel
def flag(number: bool, named: bool, shouted: bool) -> int:
    """The flags of a word: NUMBER, NAME or none."""
    if number:
        return 1
    return 2 if named and not shouted else 0


@kernel
def read_words(  # noqa: C901 - the one loop over all bytes
    data: Any, start: int, stop: int, tables: Any, hashes: Any, flags: Any
) -> Any:
    """Writes hashes and flags of a text's words, as `hashing.read_words`, and gives their number.

    Places are unsigned: with signed ones each access also looks whether it counts from the end, a fifth of the time.
    `shouted`: not zero as long as all letters of a word are capitals.
    """
    quick, first, lengths, folded, capital, digit, shown = tables
    place, end, count = np.uint64(start), np.uint64(stop), np.uint64(0)
    value, least, shouted = _OFFSET, _FULL, _FULL
    named, open_word = False, False
    while place < end:
        byte = data[place]
        code = quick[byte]
        if code > 32:  # ASCII letters and digits
            if not open_word:
                named = code != byte
                open_word = True
            while code > 32:
                shouted &= np.uint8(code ^ byte)
                least = min(least, code)
                value = (value ^ np.uint64(code)) * _PRIME
                place += _ONE
                if place == end:
                    break
                byte = data[place]
                code = quick[byte]
            if place == end:
                break
        if code == 32:  # other ASCII
            if open_word:
                hashes[count] = finish(value)
                flags[count] = flag(least < 58, named, shouted > 0)
                count += _ONE
                value, least, shouted = _OFFSET, _FULL, _FULL
                open_word = False
            place += _ONE
            continue
        char, after = decode(data, np.int64(place))
        if char == 38 or char == 0xE2 or char == 0xC2 or char == 0xC3:
            char, after = mend(data, stop, char, after, shown)
        place = np.uint64(after)
        at, letters, big = 0, 1, False
        alone = _PLANES_END <= char < 0x40000
        if char < _PLANES_END:
            at, letters, big = first[char], lengths[char], capital[char] > 0
        for k in range(letters + 2 if alone else letters):
            letter = (char if alone and k == 1 else np.int64(32)) if char >= _PLANES_END else np.int64(folded[at + k])
            if letter != 32:
                if not open_word:
                    named = big
                    open_word = True
                if not big or letters > 1:
                    shouted = np.uint8(0)
                value = (value ^ np.uint64(letter)) * _PRIME
                if letter < _PLANES_END and digit[letter]:
                    least = np.uint8(48)
            elif open_word:
                hashes[count] = finish(value)
                flags[count] = flag(least < 58, named, shouted > 0)
                count += _ONE
                value, least, shouted = _OFFSET, _FULL, _FULL
                open_word = False
    if open_word:
        hashes[count] = finish(value)
        flags[count] = flag(least < 58, named, shouted > 0)
        count += _ONE
    return np.int64(count)


@kernel
def hash_runs(hashes: Any, count: int, size: int, out: Any) -> int:
    """Writes the hashes of the runs of `size` words, as `hashing.shingles`, and gives their number."""
    runs = max(0, count - size + 1)
    for i in range(runs):
        total = np.uint64(0)
        for k in range(size):
            total = total * _STEP + hashes[i + k]
        out[i] = finish(total)
    return runs


@kernel
def hash_grams(hashes: Any, count: int, out: Any) -> int:
    """Writes the hashes of the runs of three words as int64 from 0 up, as `plain.read_texts`, and gives their
    number.
    """
    runs = max(0, count - 2)
    for i in range(runs):
        total = finish((hashes[i] * _STEP + hashes[i + 1]) * _STEP + hashes[i + 2])
        out[i] = np.int64(total >> _ONE)
    return runs


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
def sign(runs: Any, count: int, factors: Any, summands: Any, out: Any) -> None:
    """Writes the signature of shingles, as `sketch.sign`."""
    for k in range(len(out)):
        out[k] = np.uint32(0xFFFFFFFF)
    for i in range(count):
        low = np.uint32(runs[i] & np.uint64(0xFFFFFFFF))
        low = np.uint32(np.uint32(low ^ (low >> np.uint32(16))) * _FACTOR_32)
        low = np.uint32(np.uint32(low ^ (low >> np.uint32(13))) * _OTHER_32)
        low = np.uint32(low ^ (low >> np.uint32(16)))
        for k in range(len(out)):
            value = np.uint32(factors[k] * low + summands[k])
            out[k] = min(out[k], value)


@kernel
def winnow(runs: Any, count: int, window: int, out: Any, at: int) -> int:
    """Writes the fingerprints of shingles from `out[at]` on, as `sketch.winnow`, and gives where they end."""
    if count == 0:
        return at
    window = min(window, count)
    end = at
    least = -1
    for i in range(window - 1, count):
        if least < i - window + 1:
            least = i - window + 1
            for k in range(least + 1, i + 1):
                if runs[k] <= runs[least]:
                    least = k
        elif runs[i] <= runs[least]:
            least = i
        else:
            continue
        if end == at or out[end - 1] != runs[least]:
            out[end] = runs[least]
            end += 1
    return end


@kernel
def mark_repeated(prints: Any, table: Any, keep: Any) -> None:
    """Marks the prints that may occur more than once: `table` (uint8 zeros, a power of two long) counts them by
    their low bits.
    """
    mask = np.uint64(len(table) - 1)
    for value in prints:
        slot = value & mask
        if table[slot] < 2:
            table[slot] += np.uint8(1)
    for k in range(len(prints)):
        keep[k] = table[prints[k] & mask] > 1


@kernel
def sketch(
    data: Any,
    offsets: Any,
    tables: Any,
    sizes: Any,
    factors: Any,
    summands: Any,
    words: Any,
    exact: Any,
    signatures: Any,
    prints: Any,
    ends: Any,
    kept: Any,
) -> int:
    """Writes the sketches of all texts, as `sketch.sketch_texts`, and gives the number of fingerprints."""
    longest = 0
    for i in range(len(offsets) - 1):
        longest = max(longest, offsets[i + 1] - offsets[i])
    hashes, flags = np.empty(2 * longest + 2, dtype=np.uint64), np.empty(2 * longest + 2, dtype=np.uint8)
    runs = np.empty(2 * longest + 2, dtype=np.uint64)
    end = 0
    kept_hashes, kept_flags, kept_grams, places = kept
    for i in range(len(offsets) - 1):
        count = read_words(data, offsets[i], offsets[i + 1], tables, hashes, flags)
        if len(places) > 0:
            places[i + 1] = places[i] + count
            kept_hashes[places[i] : places[i + 1]] = hashes[:count]
            kept_flags[places[i] : places[i + 1]] = flags[:count]
            hash_grams(hashes, count, kept_grams[places[i] : places[i + 1]])
        total = np.uint64(count)
        for k in range(count):
            total = total * _STEP + hashes[k]
        words[i], exact[i] = count, finish(total)
        sign(runs, hash_runs(hashes, count, sizes[0], runs), factors, summands, signatures[i])
        end = winnow(runs, hash_runs(hashes, count, sizes[1], runs), sizes[2], prints, end)
        ends[i] = end
    return end


@kernel
def sign_all(
    data: Any, offsets: Any, tables: Any, size: int, factors: Any, summands: Any, signatures: Any, signed: Any
) -> None:
    """Writes the signatures alone of all texts, and which have shingles to sign."""
    longest = 0
    for i in range(len(offsets) - 1):
        longest = max(longest, offsets[i + 1] - offsets[i])
    hashes, flags = np.empty(2 * longest + 2, dtype=np.uint64), np.empty(2 * longest + 2, dtype=np.uint8)
    runs = np.empty(2 * longest + 2, dtype=np.uint64)
    for i in range(len(offsets) - 1):
        count = read_words(data, offsets[i], offsets[i + 1], tables, hashes, flags)
        shingles = hash_runs(hashes, count, size, runs)
        signed[i] = shingles > 0
        sign(runs, shingles, factors, summands, signatures[i])


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
def count_grams(  # noqa: C901 - the table grows while it is filled
    data: Any, offsets: Any, tables: Any, kept: Any, order: Any, stories: Any, counts: Any
) -> None:
    """Counts stories per slot, as `plain.count_grams`; the texts of `order` come story by story."""
    longest = 0
    for i in order:
        longest = max(longest, offsets[i + 1] - offsets[i])
    hashes, flags = np.empty(2 * longest + 2, dtype=np.uint64), np.empty(2 * longest + 2, dtype=np.uint8)
    grams = np.empty(2 * longest + 2, dtype=np.int64)
    table = np.full(1024, -1, dtype=np.int64)
    held = 0
    mask = len(counts) - 1
    for p in range(len(order)):
        i = order[p]
        if p == 0 or stories[p] != stories[p - 1]:
            if len(table) > 1 << 16:
                table = np.empty(1024, dtype=np.int64)
            table[:] = -1
            held = 0
        found = fetch(data, offsets, tables, kept, i, hashes, flags, grams)[2]
        runs = len(found)
        size = len(table)
        while size < 2 * (held + runs):
            size *= 2
        if size > len(table):
            old = table
            table = np.full(size, -1, dtype=np.int64)
            for slot in old:
                if slot >= 0:
                    note(table, slot)
        for k in range(runs):
            if note(table, found[k] & mask):
                held += 1
                if counts[found[k] & mask] < 255:
                    counts[found[k] & mask] += np.uint8(1)


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


@kernel
def fold_text(data: Any, place: int, stop: int, tables: Any, out: Any) -> int:
    """Writes a text's folded letters, a space between words, and gives their number."""
    _, first, lengths, folded, _, _, shown = tables
    count = 0
    gap = False
    while place < stop:
        char, place = decode(data, place)
        if char == 38 or char == 0xE2 or char == 0xC2 or char == 0xC3:
            char, place = mend(data, stop, char, place, shown)
        known = char < _PLANES_END
        alone = not known and char < 0x40000
        letters = np.int64(lengths[char]) if known else (3 if alone else 1)
        for k in range(letters):
            letter = np.int64(folded[first[char] + k]) if known else (char if alone and k == 1 else np.int64(32))
            if letter == 32:
                gap = True
                continue
            if gap and count > 0:
                out[count] = 32
                count += 1
            gap = False
            out[count] = letter
            count += 1
    return count


@kernel
def same_words(data: Any, offsets: Any, tables: Any, one: int, others: Any, out: Any) -> None:
    """Writes, for each of the other texts, whether it has the same folded words as one."""
    longest = offsets[one + 1] - offsets[one]
    for i in others:
        longest = max(longest, offsets[i + 1] - offsets[i])
    ours, theirs = np.empty(4 * longest + 4, dtype=np.uint32), np.empty(4 * longest + 4, dtype=np.uint32)
    count = fold_text(data, offsets[one], offsets[one + 1], tables, ours)
    for p in range(len(others)):
        i = others[p]
        same = fold_text(data, offsets[i], offsets[i + 1], tables, theirs) == count
        for k in range(count):
            if not same or ours[k] != theirs[k]:
                same = False
                break
        out[p] = same

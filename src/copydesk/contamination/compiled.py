"""The words of paragraphs and what is counted of them, as machine code. Imported only where the compiler is loaded.

Gives what `tokens` and `columns` give with arrays, which read the same bytes a dozen times.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from copydesk.contamination.hashing import FNV_OFFSET, FNV_PRIME, MAX_WORD_BYTES
from copydesk.contamination.pace import DIGEST
from copydesk.machine.compiling import inner_code, machine_code

_OFFSET, _PRIME = np.uint64(FNV_OFFSET), np.uint64(FNV_PRIME)
_HALF, _WORD = np.uint64(32), np.uint64(0xFFFFFFFF)


def kernel(function: Callable[..., Any]) -> Callable[..., Any]:
    """A function as machine code that is kept."""
    return machine_code(function, kept_as=f"{function.__qualname__}_{DIGEST}")


@partial(inner_code, in_line=True)
def _wide_bytes(raw: Any, at: int) -> int:
    """How many bytes the letter has that begins here, beyond ASCII; 0 where a mark, a space or a part of one stands."""
    byte = raw[at]
    if byte == 0xE2 and (raw[at + 1] == 0x80 or raw[at + 1] == 0x81):
        return 0  # U+2000-207F: dashes, quotes, spaces
    if byte == 0xE3 and raw[at + 1] == 0x80 and raw[at + 2] < 0x86:
        return 0  # U+3000-3005: ideographic space and stops
    return 2 if byte < 0xE0 else (3 if byte < 0xF0 else 4)


@kernel
def read_words(  # noqa: C901 - the one loop over all bytes
    raw: Any, bounds: Any, kinds: Any, opens: Any, words: Any, names: Any, starts: Any
) -> int:
    """How many words there are; their hashes (`hashing.word_hash`) stand in `words`, whether each stood as a name in
    `names`, and in `starts` where those of each paragraph begin. `bounds` are the places at which paragraphs begin, and
    the end; `kinds` says what a byte is (`tokens.KINDS`).

    A word is hashed while its end is looked for, and conditions are put together without branches, which nobody can
    foretell at the end of a word: the plain way took three times as long.
    """
    count, paragraph, at = 0, 0, 0
    opening = False
    end = raw.size - 2
    while at < end:
        kind = kinds[raw[at]]
        if kind == 0:
            opening |= opens[raw[at]]
            at += 1
            continue
        first = at
        value, before = _OFFSET, _OFFSET
        last, last_but_one = np.uint8(0), np.uint8(0)
        while kind != 0:
            if kind > 1:
                last, last_but_one = kind, last
                if at - first < MAX_WORD_BYTES:
                    before, value = value, (value ^ np.uint64(kind)) * _PRIME
                at += 1
            else:
                width = _wide_bytes(raw, at)
                if width == 0:
                    break
                for place in range(at, at + width):
                    byte = raw[place]
                    last, last_but_one = byte, last
                    if place - first < MAX_WORD_BYTES:
                        large = (raw[at] == 0xC3) & (byte >= 0x80) & (byte <= 0x9E)
                        before, value = value, (value ^ np.uint64(byte + 32 if large else byte)) * _PRIME
                at += width
            kind = kinds[raw[at]]
        length = at - first
        if length == 0:  # no letter beyond ASCII, but a mark
            quote = raw[at] == 0xE2 and raw[at + 1] == 0x80 and (raw[at + 2] == 0x9C or raw[at + 2] == 0x98)
            opening |= quote
            at += 1
            continue
        if length > 1:
            while paragraph < bounds.size and bounds[paragraph] <= first:
                starts[paragraph] = count
                paragraph += 1
            kept = (last_but_one != 0x73) & (last_but_one != 0x75) & (last_but_one != 0x69)
            plural = (length > 3) & (length <= MAX_WORD_BYTES) & (last == 0x73) & kept
            value = before if plural else value
            words[count] = np.uint32((value ^ (value >> _HALF)) & _WORD)
            plain = (raw[first] >= 65) & (raw[first] <= 90)
            accented = (raw[first] == 0xC3) & (raw[first + 1] >= 0x80) & (raw[first + 1] <= 0x9E)
            names[count] = (plain | accented) & (not opening)
            count += 1
        opening = False
    starts[paragraph:] = count
    return count


@kernel
def find_rows(words: Any, known: Any, buckets: Any, rows: Any) -> None:
    """The row of each word in the background, -1 where it is unknown (`Background.rows`), in `rows`."""
    for at in range(words.size):
        bucket = np.int64(words[at] >> np.uint32(16))
        rows[at] = -1
        for row in range(buckets[bucket], buckets[bucket + 1]):
            if known[row] == words[at]:
                rows[at] = row
                break


@kernel
def find_telling(
    words: Any, starts: Any, background: Any, unknown: int, pairs: Any, ends: Any, block_of: Any, known: Any, leads: Any
) -> int:
    """How many words tell something; in `pairs` these, as columns have them, each with its place among all words in one
    number; in `ends` where those of each block end, in `block_of` the block of each word, and by block in `known` how
    many words the background knows and in `leads` the sum of their leads.

    Those of block i are `words[starts[i]:starts[i + 1]]`; `background` has its words, buckets, idf and leads.
    """
    rows, buckets, idf, log_odds = background
    count = 0
    for block in range(ends.size):
        found, lead = 0, 0.0
        for at in range(starts[block], starts[block + 1]):
            block_of[at] = block
            word = words[at]
            row, end = buckets[word >> np.uint32(16)], buckets[(word >> np.uint32(16)) + 1]
            while row < end and rows[row] != word:
                row += 1
            # Written in any case, and kept or not: half of the words tell nothing, and nobody can foretell which.
            if row < end:
                found += 1
                lead += log_odds[row]
                pairs[count] = (np.uint64(row) << _HALF) | np.uint64(at)
                count += idf[row] > 0
            else:
                pairs[count] = ((np.uint64(unknown) | np.uint64(word >> np.uint32(1))) << _HALF) | np.uint64(at)
                count += 1
        ends[block], known[block], leads[block] = count, found, lead
    return count


@kernel
def weigh_paragraphs(pairs: Any, ends: Any, weights: Any, total: Any, shared: Any) -> None:
    """By paragraph, the weight of its distinct words in `total`, and of those among them that another paragraph of its
    article has, too, in `shared`.

    `pairs` are a word and a paragraph in one number, in order within each article; these end at `ends`. `weights` are
    those of the words of `pairs`, one by one.
    """
    at = 0
    for end in ends:
        while at < end:
            word, behind = pairs[at] >> _HALF, at + 1
            while behind < end and pairs[behind] >> _HALF == word:
                behind += 1
            elsewhere = pairs[at] != pairs[behind - 1]
            for n in range(at, behind):
                if n == at or pairs[n] != pairs[n - 1]:
                    here = np.int64(pairs[n] & _WORD)
                    total[here] += weights[at]
                    if elsewhere:
                        shared[here] += weights[at]
            at = behind


@kernel
def count_distinct(pairs: Any, ends: Any, block_of: Any, firsts: Any, distinct: Any) -> int:
    """How many distinct words all articles have; in `firsts` where those of each begin, in `distinct` how many each
    block has.

    `pairs` are a word and the place of a token in one number, in order within each article; these end at `ends`.
    """
    at, count = 0, 0
    for article in range(ends.size):
        firsts[article] = count
        start = at
        while at < ends[article]:
            fresh = at == start or pairs[at] >> _HALF != pairs[at - 1] >> _HALF
            here = block_of[np.int64(pairs[at] & _WORD)]
            if fresh or here != block_of[np.int64(pairs[at - 1] & _WORD)]:
                distinct[here] += 1
            count += fresh
            at += 1
    firsts[ends.size] = count
    return count


@kernel
def place_words(
    pairs: Any, ends: Any, block_of: Any, names: Any, free: Any, words: Any, tokens: Any, counts: Any, most: int
) -> None:
    """The distinct words of all articles in `words`; in `tokens` and `counts`, block by block, their positions among
    those of the article, and how often each stands there, `NAME` added where it stood as one.

    As `count_distinct`; `free` is where each block's tokens begin, and changes.
    """
    at, count = 0, 0
    for end in ends:
        rank, start = -1, at
        while at < end:
            word, here = pairs[at] >> _HALF, block_of[np.int64(pairs[at] & _WORD)]
            if at == start or word != pairs[at - 1] >> _HALF:
                rank += 1
                words[count] = np.uint32(word)
                count += 1
            times, name = 0, False
            while at < end and pairs[at] >> _HALF == word and block_of[np.int64(pairs[at] & _WORD)] == here:
                name = name or names[np.int64(pairs[at] & _WORD)]
                times += 1
                at += 1
            tokens[free[here]] = np.uint16(rank & 0xFFFF)
            counts[free[here]] = np.uint8(min(times, most) | (0x80 if name else 0))
            free[here] += 1


@kernel
def make_keys(words: Any, bounds: Any, least: Any, known: int, rarity: Any, keys: Any) -> None:
    """In `keys`, three numbers for each block that has `least` distinct words, made of its three rarest two by two.

    `rarity` is that of the known words, and of unknown ones behind them; smaller is rarer.
    """
    mixed, order = np.empty(3, np.uint64), np.empty(3, np.int64)
    for block in range(bounds.size - 1):
        if bounds[block + 1] - bounds[block] < least[block]:
            continue
        filled = 0
        for at in range(bounds[block], bounds[block + 1]):
            word = np.uint64(words[at]) * np.uint64(0x9E3779B97F4A7C15)
            row = np.int64(words[at]) if words[at] < known else known
            value = (rarity[row] << 16) | np.int64(word >> np.uint64(48))
            if filled == 3 and value >= order[2]:
                continue
            place = min(filled, 2)
            filled = min(filled + 1, 3)
            while place > 0 and order[place - 1] > value:
                order[place], mixed[place] = order[place - 1], mixed[place - 1]
                place -= 1
            order[place], mixed[place] = value, word
        low, middle, high = mixed[0], mixed[1], mixed[2]
        if low > middle:
            low, middle = middle, low
        if middle > high:
            middle, high = high, middle
        if low > middle:
            low, middle = middle, low
        keys[3 * block] = _joined(low, middle)
        keys[3 * block + 1] = _joined(low, high)
        keys[3 * block + 2] = _joined(middle, high)


@inner_code
def _joined(a: Any, b: Any) -> Any:
    pair = ((a ^ (b >> np.uint64(7))) * np.uint64(0xD6E8FEB86659FD93)) >> _HALF
    return np.uint32(max(pair, np.uint64(1)))

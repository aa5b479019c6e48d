"""The words of paragraphs and what is counted of them, as machine code. Imported only where the compiler is loaded.

Gives what `tokens` and `columns` give with arrays, which read the same bytes a dozen times.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numba as nb
import numpy as np

from copydesk.contamination import hashing
from copydesk.contamination.hashing import FNV_OFFSET, FNV_PRIME, MAX_WORD_BYTES

_SOURCES = (Path(__file__), Path(str(hashing.__file__)))
_DIGEST = hashlib.blake2b(b"".join(path.read_bytes() for path in _SOURCES), digest_size=6).hexdigest()
_OFFSET, _PRIME = np.uint64(FNV_OFFSET), np.uint64(FNV_PRIME)
_HALF, _WORD = np.uint64(32), np.uint64(0xFFFFFFFF)


def kernel(function: Callable[..., Any]) -> Any:
    """A function, compiled when first called and kept on disk; in memory only where no folder can be written.

    The digest of what it is made of is part of the name under which the code is kept: numba looks at its own file only.
    """
    function.__qualname__ = f"{function.__qualname__}_{_DIGEST}"
    try:
        return nb.njit(cache=True, nogil=True)(function)
    except RuntimeError:
        return nb.njit(nogil=True)(function)


@kernel
def _letter_bytes(raw: Any, at: int, is_letter: Any) -> int:
    """How many bytes of a letter begin here; 0 where a mark, a space or a part of one stands."""
    byte = raw[at]
    if byte < 0xC3:
        return 1 if is_letter[byte] else 0
    if byte == 0xE2 and (raw[at + 1] == 0x80 or raw[at + 1] == 0x81):
        return 0  # U+2000-207F: dashes, quotes, spaces
    if byte == 0xE3 and raw[at + 1] == 0x80 and raw[at + 2] < 0x86:
        return 0  # U+3000-3005: ideographic space and stops
    return 2 if byte < 0xE0 else (3 if byte < 0xF0 else 4)


@kernel
def _opens(raw: Any, at: int, opens: Any) -> bool:
    """Whether a sentence or a quotation may begin behind this byte."""
    quote = raw[at] == 0xE2 and raw[at + 1] == 0x80 and (raw[at + 2] == 0x9C or raw[at + 2] == 0x98)
    return bool(opens[raw[at]] or quote)


@kernel
def _hash(raw: Any, first: int, end: int, lower: Any) -> Any:
    """`hashing.word_hash` of the word between two places."""
    last, before = lower[raw[end - 1]], lower[raw[end - 2]]
    length = end - first
    if length > 3 and last == 0x73 and before != 0x73 and before != 0x75 and before != 0x69:
        length -= 1
    value = _OFFSET
    for at in range(first, first + min(length, MAX_WORD_BYTES)):
        byte = lower[raw[at]]
        if at > 0 and raw[at - 1] == 0xC3 and 0x80 <= byte <= 0x9E:
            byte += 32
        value = (value ^ np.uint64(byte)) * _PRIME
    return np.uint32((value ^ (value >> _HALF)) & _WORD)


@kernel
def read_words(
    raw: Any, bounds: Any, is_letter: Any, lower: Any, opens: Any, words: Any, names: Any, starts: Any
) -> int:
    """How many words there are; their hashes stand in `words`, whether each stood as a name in `names`, and in `starts`
    where those of each paragraph begin. `bounds` are the places at which paragraphs begin, and the end.
    """
    count, paragraph, at = 0, 0, 0
    opening = False
    end = raw.size - 2
    while at < end:
        width = _letter_bytes(raw, at, is_letter)
        if width == 0:
            opening = opening or _opens(raw, at, opens)
            at += 1
            continue
        first = at
        while width > 0 and at < end:
            at += width
            width = _letter_bytes(raw, at, is_letter)
        if at - first > 1:
            while paragraph < bounds.size and bounds[paragraph] <= first:
                starts[paragraph] = count
                paragraph += 1
            large = 65 <= raw[first] <= 90 or (raw[first] == 0xC3 and 0x80 <= raw[first + 1] <= 0x9E)
            words[count] = _hash(raw, first, at, lower)
            names[count] = large and not opening
            count += 1
        opening = False
    starts[paragraph:] = count
    return count


@kernel
def _row(word: Any, known: Any, buckets: Any) -> int:
    """The row of a word in the background, -1 where it is unknown."""
    bucket = np.int64(word >> np.uint32(16))
    for row in range(buckets[bucket], buckets[bucket + 1]):
        if known[row] == word:
            return int(row)
    return -1


@kernel
def weigh_paragraphs(words: Any, starts: Any, sizes: Any, known: Any, buckets: Any, weights: Any, share: Any) -> None:
    """For each paragraph of each article, the share of the weight of its words that stands in another one, in `share`.

    `sizes` are the paragraphs of each article, `weights` those of the known words, and of unknown ones behind them.
    """
    paragraph = 0
    for size in sizes:
        first = starts[paragraph]
        pairs = np.empty(starts[paragraph + size] - first, np.uint64)
        for local in range(size):
            for at in range(starts[paragraph + local], starts[paragraph + local + 1]):
                pairs[at - first] = (np.uint64(words[at]) << _HALF) | np.uint64(local)
        pairs.sort()
        total, shared = np.zeros(size, np.float64), np.zeros(size, np.float64)
        at = 0
        while at < pairs.size:
            word, end = pairs[at] >> _HALF, at
            while end < pairs.size and pairs[end] >> _HALF == word:
                end += 1
            elsewhere = pairs[at] != pairs[end - 1]
            weight = weights[_row(np.uint32(word), known, buckets)]
            for n in range(at, end):
                if n == at or pairs[n] != pairs[n - 1]:
                    here = np.int64(pairs[n] & _WORD)
                    total[here] += weight
                    shared[here] += weight if elsewhere else 0.0
            at = end
        for local in range(size):
            share[paragraph + local] = shared[local] / total[local] if total[local] > 0 else 1.0
        paragraph += size


@kernel
def count_words(tokens: Any, sizes: Any, background: Any, unknown: int, most: int, out: Any, blockwise: Any) -> int:
    """How many distinct telling words all articles have; the columns of these are in `out`, those of blocks in
    `blockwise`.

    `tokens` are words, names and starts by block; `sizes` the blocks of each article; `background` its words, buckets,
    idf and leads. `out`: words, tokens, counts, and where those of each article begin. `blockwise`: known words, leads
    and distinct words.
    """
    words, names, starts = tokens
    known, buckets, idf, leads = background
    out_words, out_tokens, out_counts, out_firsts = out
    known_of, leads_of, distinct_of = blockwise
    block, count, placed = 0, 0, 0
    for article in range(sizes.size):
        size, out_firsts[article] = sizes[article], count
        first = starts[block]
        pairs, local_of = (
            np.empty(starts[block + size] - first, np.uint64),
            np.empty(starts[block + size] - first, np.int64),
        )
        telling = 0
        for local in range(size):
            lead = 0.0
            for at in range(starts[block + local], starts[block + local + 1]):
                row = _row(words[at], known, buckets)
                local_of[at - first] = local
                if row >= 0:
                    known_of[block + local] += 1
                    lead += leads[row]
                if row < 0 or idf[row] > 0:
                    name = np.uint64(row) if row >= 0 else np.uint64(unknown) | np.uint64(words[at] >> np.uint32(1))
                    pairs[telling] = (name << _HALF) | np.uint64(at - first)
                    telling += 1
            leads_of[block + local] = lead
        count, placed = _place_words(
            pairs[:telling], local_of, names[first : first + local_of.size], count, placed, most,
            (out_words, out_tokens, out_counts), distinct_of[block : block + size],
        )  # fmt: skip
        block += size
    out_firsts[sizes.size] = count
    return count


@kernel
def _place_words(
    pairs: Any, local_of: Any, names: Any, count: int, placed: int, most: int, out: Any, distinct: Any
) -> tuple[int, int]:
    """The words of an article, behind `count` others, and its tokens, behind `placed` others, block by block.

    `pairs` are words and the positions of their tokens in the article.
    """
    words, tokens, counts = out
    pairs.sort()
    for n in range(pairs.size):
        here = local_of[np.int64(pairs[n] & _WORD)]
        if n == 0 or pairs[n] >> _HALF != pairs[n - 1] >> _HALF or here != local_of[np.int64(pairs[n - 1] & _WORD)]:
            distinct[here] += 1
    free = np.empty(distinct.size, np.int64)
    for local in range(distinct.size):
        free[local] = placed
        placed += distinct[local]
    rank, at = -1, 0
    while at < pairs.size:
        if at == 0 or pairs[at] >> _HALF != pairs[at - 1] >> _HALF:
            rank += 1
            words[count + rank] = np.uint32(pairs[at] >> _HALF)
        here, end, name = local_of[np.int64(pairs[at] & _WORD)], at, False
        while (
            end < pairs.size
            and pairs[end] >> _HALF == pairs[at] >> _HALF
            and local_of[np.int64(pairs[end] & _WORD)] == here
        ):
            name = name or names[np.int64(pairs[end] & _WORD)]
            end += 1
        tokens[free[here]] = np.uint16(rank & 0xFFFF)
        counts[free[here]] = np.uint8(min(end - at, most) | (0x80 if name else 0))
        free[here] += 1
        at = end
    return count + rank + 1, placed


@kernel
def make_keys(words: Any, bounds: Any, least: Any, known: int, rarity: Any, keys: Any) -> None:
    """Three numbers for each block of `least` distinct words or more, made of its three rarest words two by two.

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
        a, b, c = np.sort(mixed)
        keys[block, 0] = _joined(a, b)
        keys[block, 1] = _joined(a, c)
        keys[block, 2] = _joined(b, c)


@kernel
def _joined(a: Any, b: Any) -> Any:
    pair = ((a ^ (b >> np.uint64(7))) * np.uint64(0xD6E8FEB86659FD93)) >> _HALF
    return np.uint32(max(pair, np.uint64(1)))

"""Paragraphs → word hashes: one pass over UTF-8 buffers, for all paragraphs of a corpus at once.

A word is a run of letters and digits of at least two bytes, lower-cased, without a plural or possessive s, hashed to
32 bits (`hashing.word_hash`). Whether it stood in capitals inside a sentence is kept with it: that is what a name looks
like. Only the plural s is English; scripts without spaces give few, long words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from copydesk.article import Article
from copydesk.contamination.hashing import FNV_OFFSET, FNV_PRIME, MAX_WORD_BYTES
from copydesk.contamination.pace import reading_pays

PARTING = b"\n"
"""Stands between paragraphs in the buffer; ends a word and a sentence."""
ASCII_LETTERS = np.array([chr(b).isalnum() and b < 128 for b in range(256)])
LOWER = np.array([b + 32 if 65 <= b <= 90 else b for b in range(256)], np.uint8)
KINDS = np.where(ASCII_LETTERS, LOWER, 0).astype(np.uint8)
KINDS[0xC3:] = 1
"""What a byte is: 0 is no letter, 1 may begin a letter beyond ASCII, a larger number is a letter in lower case."""
SPACE = ord(" ")
OPENERS = np.array([b in b'.!?:"\n' for b in range(256)])


_Words = tuple[NDArray[np.uint32], NDArray[np.bool_], NDArray[np.int64]]
"""The first three parts of `Tokens`."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """The words of many paragraphs, one after the other.

    `words` uint32 and `names` bool, both of shape (words,); paragraph i has the words from `starts[i]` to
    `starts[i + 1]`; `starts` int64, shape (paragraphs + 1,). `spaces` int64, shape (paragraphs,): how many each has;
    one more are about its words as people count them.
    """

    words: NDArray[np.uint32]
    names: NDArray[np.bool_]
    starts: NDArray[np.int64]
    spaces: NDArray[np.int64]

    def of(self, chosen: NDArray[np.bool_], read: NDArray[np.bool_]) -> Tokens:
        """The paragraphs that are chosen, without the words of those that aren't read."""
        lengths = np.diff(self.starts)
        kept = np.repeat(chosen & read, lengths)
        starts = np.zeros(np.count_nonzero(chosen) + 1, np.int64)
        np.cumsum(np.where(read, lengths, 0)[chosen], out=starts[1:])
        return Tokens(self.words[kept], self.names[kept], starts, self.spaces[chosen])


def sort_within(
    upper: NDArray[np.uint64], lower: NDArray[np.int64], ends: NDArray[np.int64]
) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """Two numbers of 32 bits as one, in order within each article; these end at `ends`, which come back, too."""
    pairs = (upper << np.uint64(32)) | lower.astype(np.uint64)
    sort_parts(pairs, ends)
    return pairs, ends


def sort_parts(values: NDArray[np.uint64], ends: NDArray[np.int64]) -> None:
    """Nothing: each part of the values is in order; these end at `ends`. What is sorted at once stays in the cache."""
    start = 0
    for end in ends.tolist():
        values[start:end].sort()
        start = end


def article_tokens(articles: Sequence[Article]) -> Tokens:
    """The words of all kept blocks of each article, and of its title (maybe none) behind them."""
    paragraphs: list[str] = []
    for article in articles:
        paragraphs += [block.text for block in article.blocks if block.kept]
        paragraphs.append(article.metadata.title or "")
    return tokenise(paragraphs)


def tokenise(paragraphs: Sequence[str]) -> Tokens:
    """The words of all paragraphs. One-letter words are left out; an empty paragraph has none.

    >>> tokens = tokenise(["The ships left.", "", "A ship leaves Lindhaven."])
    >>> tokens.starts.tolist(), tokens.names.tolist()
    ([0, 3, 3, 6], [False, False, False, False, False, True])
    >>> bool(tokens.words[1] == tokens.words[3])
    True
    """
    encoded = [paragraph.encode("utf-8", "replace") for paragraph in paragraphs]
    raw = np.frombuffer(PARTING + PARTING.join(encoded) + PARTING + b"\0\0", dtype=np.uint8)
    bounds = np.zeros(len(encoded) + 1, np.int64)
    np.cumsum([len(paragraph) + 1 for paragraph in encoded], out=bounds[1:])
    read = _read_compiled if reading_pays(raw.size) else _read
    # All at once: `str.count` goes character by character.
    spaces = np.diff(np.searchsorted(np.flatnonzero(raw == SPACE), bounds))
    return Tokens(*read(raw, bounds), spaces)


def _read_compiled(raw: NDArray[np.uint8], bounds: NDArray[np.int64]) -> _Words:
    """As `_read`, in one pass of machine code."""
    from copydesk.contamination.compiled import read_words

    words, names = np.empty(raw.size // 2 + 1, np.uint32), np.empty(raw.size // 2 + 1, np.bool_)
    starts = np.zeros(bounds.size, np.int64)
    count = read_words(raw, bounds + 1, KINDS, OPENERS, words, names, starts)
    return words[:count].copy(), names[:count].copy(), starts


def _read(raw: NDArray[np.uint8], bounds: NDArray[np.int64]) -> _Words:
    """The words of a buffer: paragraph i is `raw[bounds[i] + 1 : bounds[i + 1]]`."""
    letters = _letters(raw)
    edges = np.flatnonzero(letters[1:] != letters[:-1]) + 1
    first, end = edges[::2], edges[1::2]
    whole = end - first > 1
    opening = _openings(raw, first, end)[whole]
    first, end = first[whole], end[whole]
    capital = ((raw[first] >= 65) & (raw[first] <= 90)) | (
        (raw[first] == 0xC3) & (raw[first + 1] >= 0x80) & (raw[first + 1] <= 0x9E)
    )
    starts = np.searchsorted(first, bounds + 1)
    return _hashes(raw, first, end), capital & ~opening, starts.astype(np.int64)


def _letters(raw: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Which bytes are part of a word: ASCII letters and digits, and all beyond but marks and spaces."""
    letters = ASCII_LETTERS[raw]
    beyond = np.flatnonzero(raw >= 0xC3)
    lead, second, third = raw[beyond], raw[beyond + 1], raw[beyond + 2]
    marks = (lead == 0xE2) & ((second == 0x80) | (second == 0x81))  # U+2000-207F: dashes, quotes, spaces
    marks |= (lead == 0xE3) & (second == 0x80) & (third < 0x86)  # U+3000-3005: ideographic space and stops
    for width, low in ((2, 0xC3), (3, 0xE0), (4, 0xF0)):
        at = beyond[~marks & (lead >= low)]
        letters[at] = True
        letters[np.minimum(at + width - 1, raw.size - 1)] = True
    return letters


def _openings(raw: NDArray[np.uint8], first: NDArray[np.int64], end: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which words open a sentence or a quotation: after a stop, a quote or the start of the paragraph."""
    marks = np.flatnonzero(OPENERS[raw])
    lead = np.flatnonzero(raw[:-2] == 0xE2)
    quotes = lead[(raw[lead + 1] == 0x80) & ((raw[lead + 2] == 0x9C) | (raw[lead + 2] == 0x98))]
    marks = np.sort(np.concatenate([marks, quotes]))
    before = np.searchsorted(marks, end[:-1]) if end.size else end
    opening: NDArray[np.bool_] = np.searchsorted(marks, first) > np.concatenate([[0], before])[: first.size]
    return opening


def _hashes(raw: NDArray[np.uint8], first: NDArray[np.int64], end: NDArray[np.int64]) -> NDArray[np.uint32]:
    """FNV-1a of each word, byte by byte over all words that are long enough."""
    lower = LOWER[raw]
    accented = np.flatnonzero(raw == 0xC3) + 1
    accented = accented[(raw[accented] >= 0x80) & (raw[accented] <= 0x9E)]
    lower[accented] = raw[accented] + 32
    last, before = lower[end - 1], lower[end - 2]
    plural = (end - first > 3) & (last == 0x73) & (before != 0x73) & (before != 0x75) & (before != 0x69)
    length = np.minimum(end - first - plural, MAX_WORD_BYTES)
    order = np.argsort((MAX_WORD_BYTES - length).astype(np.uint8), kind="stable")  # a radix sort
    sorted_first, sorted_length = first[order], length[order]
    value = np.full(first.size, FNV_OFFSET, np.uint64)
    prime = np.uint64(FNV_PRIME)
    for i in range(int(sorted_length[0]) if first.size else 0):
        active = int(np.searchsorted(-sorted_length, -i, side="left"))
        value[:active] = (value[:active] ^ lower[sorted_first[:active] + i]) * prime
    out = np.empty(first.size, np.uint32)
    out[order] = ((value ^ (value >> np.uint64(32))) & np.uint64(0xFFFFFFFF)).astype(np.uint32)
    return out

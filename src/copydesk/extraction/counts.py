"""What is counted in the texts of a page, in one pass over their characters (compiled)."""

from __future__ import annotations

import functools
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from copydesk.extraction.compiled import kernel
from copydesk.extraction.segments import code_points

LETTER, UPPER, DIGIT, COMMA, SENTENCE, SINGLE, SPACE = (1 << bit for bit in range(7))
"""Character classes, as bits. SINGLE: a character that is a word by itself (Han, kana, Thai, Lao, Khmer, Burmese)."""

COUNTS = (
    "chars",
    "words",
    "upper",
    "digits",
    "commas",
    "sentences",
    "singles",
    "ends_sentence",
    "starts_upper",
    "letters",
)
"""The columns of `TextCounts.counts`."""

_COMMAS = ",،、，;；"
_SENTENCE_ENDS = ".!?…。！？؟۔।؛"
_CLOSERS = "\"”’»」)]›'"
_SINGLE_RANGES = (
    (0x0E00, 0x0EFF),
    (0x1000, 0x109F),
    (0x1780, 0x17FF),
    (0x3040, 0x30FF),
    (0x3400, 0x9FFF),
    (0xF900, 0xFAFF),
)
_TABLE_SIZE = 0x10000

UNLIMITED = 1 << 62
"""No limit of words."""


@dataclass(frozen=True, slots=True)
class TextCounts:
    """Counts and word hashes of texts.

    `counts`: float32, shape (texts, COUNTS). `words`: uint32, the hash of each word of all texts, lower-cased.
    `word_starts`: int64, shape (texts + 1,), where each text's words begin. `digests`: uint64 per text, equal
    for equal words.
    """

    counts: NDArray[np.float32]
    words: NDArray[np.uint32]
    word_starts: NDArray[np.int64]
    digests: NDArray[np.uint64]


def count_texts(texts: Sequence[str]) -> TextCounts:
    """The counts of each text; empty arrays for no texts.

    >>> count_texts(["Rents rose, again."]).counts[0, :5].tolist()
    [18.0, 3.0, 1.0, 0.0, 1.0]
    """
    return count_codes(*code_points(texts))


def count_codes(codes: NDArray[np.uint32], starts: NDArray[np.int64]) -> TextCounts:
    """The counts of each text, given the code points of all of them and where each begins."""
    total = len(starts) - 1
    counts = np.zeros((total, len(COUNTS)), dtype=np.float32)
    words = np.empty(len(codes), dtype=np.uint32)
    word_starts = np.zeros(total + 1, dtype=np.int64)
    digests = np.zeros(total, dtype=np.uint64)
    found = _count(codes, starts, *_tables(), counts, words, word_starts, digests)
    return TextCounts(counts, words[:found], word_starts, digests)


def hash_texts(texts: Sequence[str]) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
    """The hashes of the words of texts, as `TextCounts` has them, and where each text's begin."""
    return hash_words(*code_points(texts), UNLIMITED)


def hash_words(
    codes: NDArray[np.uint32], starts: NDArray[np.int64], limit: int
) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
    """The same, given the code points of all texts and where each begins; about `limit` words of each."""
    words, word_starts = np.empty(len(codes), dtype=np.uint32), np.zeros(len(starts), dtype=np.int64)
    classes, lower, _ = _tables()
    found = _hash(codes, starts, classes, lower, limit, words, word_starts)
    return words[:found], word_starts


@functools.cache
def _tables() -> tuple[NDArray[np.uint8], NDArray[np.uint32], NDArray[np.bool_]]:
    """For the Basic Multilingual Plane: the class of each character, its lower case, whether it closes a quotation."""
    classes = np.zeros(_TABLE_SIZE, dtype=np.uint8)
    lower = np.arange(_TABLE_SIZE, dtype=np.uint32)
    closers = np.zeros(_TABLE_SIZE, dtype=np.bool_)
    for code in range(_TABLE_SIZE):
        char = chr(code)
        category = unicodedata.category(char)
        if category[0] in "LM":
            classes[code] = LETTER | (UPPER if category in ("Lu", "Lt") else 0)
            if len(char.lower()) == 1:
                lower[code] = ord(char.lower())
        elif category[0] == "N":
            classes[code] = DIGIT
        elif category[0] == "Z":
            classes[code] = SPACE
    for chars, bit in ((_COMMAS, COMMA), (_SENTENCE_ENDS, SENTENCE)):
        for char in chars:
            classes[ord(char)] |= bit
    for first, last in _SINGLE_RANGES:
        classes[first : last + 1] |= SINGLE * ((classes[first : last + 1] & LETTER) > 0).astype(np.uint8)
    closers[[ord(char) for char in _CLOSERS]] = True
    return classes, lower, closers


@kernel
def _hash(codes, starts, classes, lower, limit, words, word_starts):
    # What `_count` does, without the counts.
    found = np.int64(0)
    for text in range(len(starts) - 1):
        most = found + limit
        word = np.uint32(0)
        for place in range(starts[text], starts[text + 1]):
            code = codes[place]
            kind = np.int64(classes[code] if code < 65536 else 33)
            if kind & 5:
                if kind & 32 and word:
                    words[found] = word
                    found += 1
                    word = np.uint32(0)
                if not word:
                    word = np.uint32(2166136261)
                word = np.uint32((word ^ (lower[code] if code < 65536 else code)) * np.uint32(16777619)) | np.uint32(1)
                if not kind & 32:
                    continue
            if word:
                words[found] = word
                found += 1
                word = np.uint32(0)
                if found >= most:
                    break
        if word:
            words[found] = word
            found += 1
        word_starts[text + 1] = found
    return found


@kernel
def _count(codes, starts, classes, lower, closers, counts, words, word_starts, digests):  # noqa: C901
    # Results are written into arrays of the caller: each array that a compiled function returns costs 40 microseconds.
    total = len(starts) - 1
    found = 0
    for text in range(total):
        begin, end = starts[text], starts[text + 1]
        upper = digits = commas = sentences = singles = letters = np.int64(0)
        digest = np.uint64(14695981039346656037)
        word = np.uint32(0)
        last_ends = False
        for place in range(begin, end):
            code = codes[place]
            kind = np.int64(classes[code] if code < 65536 else 33)
            if kind & 5:
                letters += kind & 1
                upper += (kind >> 1) & 1
                digits += (kind >> 2) & 1
                if kind & 32:
                    singles += 1
                    if word:
                        words[found] = word
                        digest = (digest ^ np.uint64(word)) * np.uint64(1099511628211)
                        found += 1
                        word = np.uint32(0)
                if not word:
                    word = np.uint32(2166136261)
                word = np.uint32((word ^ (lower[code] if code < 65536 else code)) * np.uint32(16777619)) | np.uint32(1)
                last_ends = False
                if not kind & 32:
                    continue
            elif kind & 16:
                sentences += 1
                last_ends = True
            elif not (kind & 64) and not (code < 65536 and closers[code]):
                last_ends = False
                commas += (kind >> 3) & 1
            if word:
                words[found] = word
                digest = (digest ^ np.uint64(word)) * np.uint64(1099511628211)
                found += 1
                word = np.uint32(0)
        if word:
            words[found] = word
            digest = (digest ^ np.uint64(word)) * np.uint64(1099511628211)
            found += 1
        word_starts[text + 1] = found
        digests[text] = digest
        row = counts[text]
        row[0] = end - begin
        row[1] = found - word_starts[text] - 0.5 * singles
        row[2], row[3], row[4], row[5], row[6] = upper, digits, commas, sentences, singles
        row[7] = 1.0 if last_ends else 0.0
        if end > begin and codes[begin] < 65536:
            row[8] = 1.0 if classes[codes[begin]] & 2 else 0.0
        row[9] = letters
    return found

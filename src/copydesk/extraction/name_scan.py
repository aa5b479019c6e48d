"""The marks in a class name, as `marks.read_marks` reads them, in one compiled pass over its characters."""

from __future__ import annotations

import numpy as np

from copydesk.extraction.compiled import kernel
from copydesk.extraction.marks import MAX_NAME_CHARS, PART_START
from copydesk.extraction.scan_tables import FNV_OFFSET, FNV_PRIME, TABLE_SIZE

_OFFSET, _PRIME, _MASK = np.uint64(FNV_OFFSET), np.uint64(FNV_PRIME), np.uint64(TABLE_SIZE - 1)


@kernel
def is_space(code):  # type: ignore[no-untyped-def]
    """Whether `str.isspace` holds for a code point."""
    if code < 128:
        return code == 32 or 9 <= code <= 13 or 28 <= code <= 31
    if code < 0x1680:
        return code == 0x85 or code == 0xA0
    if code > 0x3000:
        return False
    if 0x2000 <= code <= 0x200A or code == 0x1680 or code == 0x3000:
        return True
    return code == 0x2028 or code == 0x2029 or code == 0x202F or code == 0x205F


@kernel
def find_key(keys, key):  # type: ignore[no-untyped-def]
    """The place of a key in a table, or -1."""
    place = key & _MASK
    while keys[place]:
        if keys[place] == key:
            return np.int64(place)
        place = (place + np.uint64(1)) & _MASK
    return np.int64(-1)


@kernel
def _word_bits(value, word_keys, words):  # type: ignore[no-untyped-def]
    place = find_key(word_keys, value)
    return words[place] if place >= 0 else np.int64(0)


@kernel
def _lower(code):  # type: ignore[no-untyped-def]
    return code + 32 if 65 <= code <= 90 else code


@kernel
def _part_bits(codes, place, end, start_keys, starts, parts, part_codes):  # type: ignore[no-untyped-def]
    """The bits of the parts that stand in the token at this place; `end` is the token's."""
    value = _OFFSET
    for i in range(place, place + PART_START):
        value = (value ^ np.uint64(_lower(codes[i]))) * _PRIME
    found = find_key(start_keys, value)
    bits = np.int64(0)
    if found < 0:
        return bits
    row = starts[found]
    while True:
        begin, size = parts[row, 0], parts[row, 1] - parts[row, 0]
        rest = place + PART_START
        same = rest + size <= end
        i = 0
        while same and i < size:
            same = _lower(codes[rest + i]) == part_codes[begin + i]
            i += 1
        if same:
            bits |= parts[row, 2]
        row += 1
        if row >= len(parts) or not parts[row, 3]:
            return bits


@kernel
def name_marks(codes, begin, end, word_keys, words, start_keys, starts, parts, part_codes):  # type: ignore[no-untyped-def]
    """The marks in the name at codes[begin:end], as bits."""
    end = min(end, begin + MAX_NAME_CHARS)
    bits = np.int64(0)
    place = begin
    while place < end:
        if is_space(codes[place]):
            place += 1
            continue
        stop = place
        while stop < end and not is_space(codes[stop]):
            stop += 1
        for i in range(place, stop - PART_START + 1):
            bits |= _part_bits(codes, i, stop, start_keys, starts, parts, part_codes)
        # Words: runs of letters with at most one digit after them, parted where a capital follows one of those.
        word, letters, before = _OFFSET, 0, np.uint32(0)
        for i in range(place, stop):
            code = codes[i]
            low = _lower(code)
            camel = low != code and (97 <= before <= 122 or 48 <= before <= 57)
            is_letter, is_digit = 97 <= low <= 122, 48 <= low <= 57
            if letters and (camel or not (is_letter or is_digit)):
                bits |= _word_bits(word, word_keys, words)
                word, letters = _OFFSET, 0
            if is_letter:
                word = (word ^ np.uint64(low)) * _PRIME
                letters += 1
            elif is_digit and letters:
                bits |= _word_bits((word ^ np.uint64(low)) * _PRIME, word_keys, words)
                word, letters = _OFFSET, 0
            before = code
        if letters:
            bits |= _word_bits(word, word_keys, words)
        place = stop
    return bits

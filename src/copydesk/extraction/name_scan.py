"""The marks in a class name, as `marks.read_marks` reads them, in one compiled pass over its characters."""

from __future__ import annotations

import numpy as np

from copydesk.extraction.compiled import inline_kernel, kernel
from copydesk.extraction.marks import MAX_NAME_CHARS
from copydesk.extraction.scan_tables import FNV_OFFSET, FNV_PRIME, START_MIX, START_SHIFT, TABLE_SIZE

_OFFSET, _PRIME, _MASK = np.uint64(FNV_OFFSET), np.uint64(FNV_PRIME), np.uint64(TABLE_SIZE - 1)


@inline_kernel
def is_space(code):
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


@inline_kernel
def find_key(keys, key):
    """The place of a key in a table, or -1."""
    place = key & _MASK
    while keys[place]:
        if keys[place] == key:
            return np.int64(place)
        place = (place + np.uint64(1)) & _MASK
    return np.int64(-1)


@inline_kernel
def _word_bits(value, word_keys, words):
    place = find_key(word_keys, value)
    return words[place] if place >= 0 else np.int64(0)


@inline_kernel
def _lower(code):
    return code + 32 if 65 <= code <= 90 else code


@kernel
def _part_bits(start, codes, place, end, start_keys, starts, parts, part_codes):
    """The bits of the parts that begin with the four packed characters before this place; `end` is the name's."""
    slot = np.int64(np.uint32(start * START_MIX) >> START_SHIFT)
    while start_keys[slot] != start:
        if not start_keys[slot]:
            return np.int64(0)
        slot = (slot + 1) & (TABLE_SIZE - 1)
    row = starts[slot]
    bits = np.int64(0)
    while True:
        begin, size = parts[row, 0], parts[row, 1] - parts[row, 0]
        # No part has a space, so none reaches beyond its token.
        same = place + size <= end
        i = 0
        while same and i < size:
            same = _lower(codes[place + i]) == part_codes[begin + i]
            i += 1
        if same:
            bits |= parts[row, 2]
        row += 1
        if row >= len(parts) or not parts[row, 3]:
            return bits


@kernel
def name_marks(codes, begin, end, word_keys, words, start_keys, starts, parts, part_codes):
    """The marks in the name at codes[begin:end], as bits."""
    end = min(end, begin + MAX_NAME_CHARS)
    bits = np.int64(0)
    # The last four characters, packed; and the word so far: letters with at most one digit after them, parted where a
    # capital follows one of those.
    last = np.uint32(0)
    word, letters, before = _OFFSET, 0, np.uint32(0)
    for place in range(begin, end):
        code = codes[place]
        low = np.uint32(_lower(code))
        if low >= 128 or is_space(code):
            last = np.uint32(0)
        else:
            last = np.uint32((last >> np.uint32(8)) | (low << np.uint32(24)))
            if last & np.uint32(255) and start_keys[np.int64(np.uint32(last * START_MIX) >> START_SHIFT)]:
                bits |= _part_bits(last, codes, place + 1, end, start_keys, starts, parts, part_codes)
        is_letter, is_digit = 97 <= low <= 122, 48 <= low <= 57
        if letters:
            camel = low != code and (97 <= before <= 122 or 48 <= before <= 57)
            if camel or not (is_letter or is_digit):
                bits |= _word_bits(word, word_keys, words)
                word, letters = _OFFSET, 0
        if is_letter:
            word = (word ^ np.uint64(low)) * _PRIME
            letters += 1
        elif is_digit and letters:
            bits |= _word_bits((word ^ np.uint64(low)) * _PRIME, word_keys, words)
            word, letters = _OFFSET, 0
        before = code
    return bits | _word_bits(word, word_keys, words) if letters else bits

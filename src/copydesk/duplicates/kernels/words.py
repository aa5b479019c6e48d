"""Words straight from UTF-8: as `hashing.read_words` and `fold.words`, with the folding as tables."""

from __future__ import annotations

from typing import Any

import numpy as np

from copydesk.duplicates import fold, hashing
from copydesk.duplicates.kernels.build import kernel, part

_OFFSET, _PRIME = np.uint64(hashing.FNV_OFFSET), np.uint64(hashing.FNV_PRIME)
_SHIFT, _FACTOR, _OTHER = np.uint64(hashing.FMIX[0]), np.uint64(hashing.FMIX[1]), np.uint64(hashing.FMIX[3])
_ONE, _FULL = np.uint64(1), np.uint8(255)
_PLANES_END = fold.PLANES_END
_SHOWN_END = 0x2200


@part
def finish(value: Any) -> Any:
    """MurmurHash3's 64-bit finalizer."""
    value = (value ^ (value >> _SHIFT)) * _FACTOR
    value = (value ^ (value >> _SHIFT)) * _OTHER
    return value ^ (value >> _SHIFT)


@part
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


@part
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


@part
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


@part
def flag(number: bool, named: bool, shouted: bool) -> int:
    """The flags of a word: NUMBER, NAME or none."""
    if number:
        return 1
    return 2 if named and not shouted else 0


@part
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


@part
def fold_text(data: Any, place: int, stop: int, tables: Any, out: Any) -> int:
    """Writes a text's folded letters, a space between words, and gives their number."""
    quick, first, lengths, folded, _, _, shown = tables
    count = 0
    gap = False
    while place < stop:
        code = quick[data[place]]
        if code >= 32:  # ASCII
            if code == 32:
                gap = True
            else:
                if gap and count > 0:
                    out[count] = 32
                    count += 1
                gap = False
                out[count] = code
                count += 1
            place += 1
            continue
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
def same_words(data: Any, offsets: Any, tables: Any, left: Any, right: Any, out: Any) -> None:
    """Writes whether the texts of each pair have the same folded words."""
    longest = 0
    for p in range(len(left)):
        longest = max(longest, offsets[left[p] + 1] - offsets[left[p]], offsets[right[p] + 1] - offsets[right[p]])
    ours, theirs = np.empty(4 * longest + 4, dtype=np.uint32), np.empty(4 * longest + 4, dtype=np.uint32)
    count = 0
    for p in range(len(left)):
        i, j = left[p], right[p]
        if p == 0 or i != left[p - 1]:
            count = fold_text(data, offsets[i], offsets[i + 1], tables, ours)
        same = fold_text(data, offsets[j], offsets[j + 1], tables, theirs) == count
        for k in range(count):
            if not same or ours[k] != theirs[k]:
                same = False
                break
        out[p] = same

"""Steps over serialised markup: to the end of a tag, a comment or an element, reading names and values (compiled).

The serialiser writes well-formed markup: names in small letters, values in double quotes with their quotes escaped.
"""

from __future__ import annotations

import numpy as np

from copydesk.extraction import scan_tables as tables
from copydesk.extraction import text_scan as slots
from copydesk.extraction.compiled import inline_kernel, kernel
from copydesk.extraction.name_scan import find_key
from copydesk.extraction.scan_tables import START_MIX, START_SHIFT

# Those that a kernel is handed aren't plain integers: numba would compile it once more for each of them.
LT, GT, _QUOTE = np.int64(60), np.int64(62), np.int64(34)
SLASH, BANG, QUERY, AMP = 47, 33, 63, 38
_SPACE, _EQUALS = 32, 61
_CLASS = np.array([ord(char) for char in 'class="'], dtype=np.uint8)
_OFFSET, _PRIME = np.uint64(tables.FNV_OFFSET), np.uint64(tables.FNV_PRIME)
_ONES, _HIGHS = np.uint64(0x0101010101010101), np.uint64(0x8080808080808080)
_NONE = np.array([ord(char) for char in "none"], dtype=np.uint8)
_JSON_LD = np.array([ord(char) for char in "application/ld+json"], dtype=np.uint8)


@kernel
def find_byte(data, eights, place, byte):
    """The next place of a byte, or the end. `eights` are the same data, eight bytes to a number."""
    size = len(data)
    # The first few one by one: most are found there, and then the rest begins with a whole eight.
    near = min((place + 8) & ~7, size)
    while place < near:
        if data[place] == byte:
            return place
        place += 1
    # Of a byte that is 0 after the "xor", and of no byte before it, the highest bit is set after the subtraction.
    wanted = _ONES * np.uint64(byte)
    at = place >> 3
    while at < len(eights):
        found = eights[at] ^ wanted
        if (found - _ONES) & ~found & _HIGHS:
            break
        at += 1
    place = max(place, at << 3)
    while place < size and data[place] != byte:
        place += 1
    return place


@kernel
def tag_name(data, place):
    """The hash of the name that begins here, and where it ends."""
    value, size = _OFFSET, len(data)
    while place < size and data[place] != _SPACE and data[place] != GT:
        value = (value ^ np.uint64(data[place])) * _PRIME
        place += 1
    return value, place


@kernel
def tag_end(data, eights, place):
    """The place after the tag whose attributes begin here."""
    size = len(data)
    while place < size:
        byte = data[place]
        if byte == GT:
            return place + 1
        if byte == _SPACE:
            place += 2
        elif byte == _EQUALS and place + 1 < size and data[place + 1] == _QUOTE:
            place = find_byte(data, eights, place + 2, _QUOTE) + 1
        else:
            place += 1
    return size


@kernel
def note_class(data, begin, end, starts, classes, state):
    """Note in `classes` where a class stands, if it has a word that begins like one of TELLING_CLASSES."""
    last = np.uint32(0)
    for place in range(begin, end):
        last = np.uint32((last >> np.uint32(8)) | (np.uint32(data[place] | 32) << np.uint32(24)))
        if starts[np.int64(np.uint32(last * START_MIX) >> START_SHIFT)] == last:
            classes[state[slots.CLASSES], 0], classes[state[slots.CLASSES], 1] = begin, end
            state[slots.CLASSES] += 1
            break


@kernel
def _begins_class(data, place):
    if place + len(_CLASS) > len(data):
        return False
    for i in range(len(_CLASS)):  # noqa: SIM110 - not for a compiler
        if data[place + i] != _CLASS[i]:
            return False
    return True


@inline_kernel
def tag_end_noting(data, eights, place, starts, classes, state):
    """What `tag_end` gives, with the class noted."""
    size = len(data)
    while place < size and data[place] != GT:
        byte = data[place]
        if byte == _SPACE and place + 1 < size and data[place + 1] == _CLASS[0] and _begins_class(data, place + 1):
            begin = place + 1 + len(_CLASS)
            place = find_byte(data, eights, begin, _QUOTE)
            note_class(data, begin, place, starts, classes, state)
            place += 1
        elif byte == _SPACE:
            place += 2
        elif byte == _EQUALS and place + 1 < size and data[place + 1] == _QUOTE:
            place = find_byte(data, eights, place + 2, _QUOTE) + 1
        else:
            place += 1
    return min(place + 1, size)


@inline_kernel
def read_attributes(data, eights, place, keys, codes, spans):
    """Note where the values of the attributes wanted begin and end in `spans` (-1: not there); the end of the tag."""
    spans[:] = -1
    size = len(data)
    while place < size and data[place] != GT:
        place += 1
        value, name = _OFFSET, place
        # An attribute's name may begin with "=" and hold quotes; it never holds a space, an equals sign or ">".
        while place < size and (place == name or data[place] != _EQUALS):
            if data[place] == _SPACE or data[place] == GT:
                break
            value = (value ^ np.uint64(data[place])) * _PRIME
            place += 1
        begin = end = place
        if place + 1 < size and data[place] == _EQUALS:
            begin = place + 2
            end = find_byte(data, eights, begin, _QUOTE)
            place = end + 1
        found = find_key(keys, value)
        if found >= 0:
            spans[codes[found], 0], spans[codes[found], 1] = begin, end
    return min(place + 1, size)


@kernel
def past_comment(data, eights, place):
    """The place after the comment, CDATA section or instruction that begins here."""
    size = len(data)
    last = 0
    if place + 3 < size and data[place + 1] == BANG:
        last = 45 if data[place + 2] == 45 else (93 if data[place + 2] == 91 else 0)
    first = place + 4 if last == 45 else place + 1
    place = find_byte(data, eights, first, GT)
    while last and place < size and (place < first + 2 or data[place - 1] != last or data[place - 2] != last):
        place = find_byte(data, eights, place + 1, GT)
    return min(place + 1, size)


@kernel
def raw_end(data, eights, place, name):
    """Where the end tag of the raw element with this name begins."""
    size = len(data)
    while place < size:
        place = find_byte(data, eights, place, LT)
        if place + 1 < size and data[place + 1] == SLASH and tag_name(data, place + 2)[0] == name:
            return place
        place += 1
    return size


@kernel
def past_element(data, eights, place, name, tag_keys, tag_rows, starts, classes, state):
    """The place after the element with this name whose start tag ends here; nothing in it is read but classes."""
    size, depth = len(data), 1
    while place < size:
        place = find_byte(data, eights, place, LT)
        if place + 1 >= size:
            return size
        if data[place + 1] in (BANG, QUERY):
            place = past_comment(data, eights, place)
            continue
        closing = data[place + 1] == SLASH
        found, place = tag_name(data, place + (2 if closing else 1))
        place = tag_end_noting(data, eights, place, starts, classes, state)
        if closing:
            depth -= found == name
            if not depth:
                return place
            continue
        depth += found == name
        row = find_key(tag_keys, found)
        if row >= 0:
            state[slots.UNSCANNED] |= tag_rows[row, tables.IS_UNSCANNED]
            if tag_rows[row, tables.IS_RAW]:
                place = raw_end(data, eights, place, found)
    return size


@kernel
def is_json_ld(data, begin, end):
    """Whether a value is the type of a JSON-LD script, in any case and with white space around it."""
    while begin < end and data[begin] <= 32:
        begin += 1
    while begin < end and data[end - 1] <= 32:
        end -= 1
    if end - begin != len(_JSON_LD):
        return False
    for i in range(len(_JSON_LD)):
        byte = data[begin + i]
        if (byte + 32 if 65 <= byte <= 90 else byte) != _JSON_LD[i]:
            return False
    return True


@kernel
def says_none(data, begin, end):
    """Whether "none" stands in a value, as in a style of "display: none"."""
    for place in range(begin, end - len(_NONE) + 1):
        i = 0
        while i < len(_NONE) and data[place + i] == _NONE[i]:
            i += 1
        if i == len(_NONE):
            return True
    return False

"""The walk over a page as its parser writes it out again: one compiled pass over well-formed UTF-8.

A serialised tree needs no parser, only a small automaton: attributes are quoted, text is escaped, every element that
is not void has its end tag. The result is what `walk.py` finds node by node; the tests hold the two against each other.
Odd names can unbalance the output of any serialiser (raw text inside an SVG image, say), so end tags without a start
tag are ignored, and those that leave elements open close them.
"""

from __future__ import annotations

import numpy as np

from copydesk.article import BlockKind
from copydesk.extraction import scan_tables as tables
from copydesk.extraction import tags
from copydesk.extraction import text_scan as slots
from copydesk.extraction.compiled import inline_kernel, kernel
from copydesk.extraction.name_scan import find_key, name_marks
from copydesk.extraction.text_scan import add_break, add_text, decode_at, escaped_at, finish_text

NEAR = 32
"""Open elements among which the start of an end tag is looked for. It is nearly always the last; without a bound,
a page of stray end tags would take time by the square."""

MAX_NAMES = tables.TYPE + 1
"""Attributes whose values are noted."""

_OFFSET, _PRIME = np.uint64(tables.FNV_OFFSET), np.uint64(tables.FNV_PRIME)
_ONES, _HIGHS = np.uint64(0x0101010101010101), np.uint64(0x8080808080808080)
_LT, _GT, _SLASH, _BANG, _QUERY, _SPACE, _EQUALS, _QUOTE, _AMP = 60, 62, 47, 33, 63, 32, 61, 34, 38
_NONE = np.array([ord(char) for char in "none"], dtype=np.uint8)
_JSON_LD = np.array([ord(char) for char in "application/ld+json"], dtype=np.uint8)
_CELL, _QUOTED = tags.KIND_CODES[BlockKind.TABLE_CELL], tags.KIND_CODES[BlockKind.QUOTE]
_ITEM, _PREFORMATTED = tags.KIND_CODES[BlockKind.LIST_ITEM], tags.KIND_CODES[BlockKind.PREFORMATTED]
_P, _ARTICLE, _MAIN = tags.TAG_CODES["p"], tags.TAG_CODES["article"], tags.TAG_CODES["main"]


@kernel
def _find(data, eights, place, byte):  # type: ignore[no-untyped-def]
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
def _tag_name(data, place):  # type: ignore[no-untyped-def]
    """The hash of the name that begins here, and where it ends."""
    value, size = _OFFSET, len(data)
    while place < size and data[place] != _SPACE and data[place] != _GT:
        value = (value ^ np.uint64(data[place])) * _PRIME
        place += 1
    return value, place


@kernel
def _tag_end(data, eights, place):  # type: ignore[no-untyped-def]
    """The place after the tag whose attributes begin here."""
    size = len(data)
    while place < size:
        byte = data[place]
        if byte == _GT:
            return place + 1
        if byte == _SPACE:
            place += 2
        elif byte == _EQUALS and place + 1 < size and data[place + 1] == _QUOTE:
            place = _find(data, eights, place + 2, _QUOTE) + 1
        else:
            place += 1
    return size


@inline_kernel
def _read_attributes(data, eights, place, keys, codes, spans):  # type: ignore[no-untyped-def]
    """Note where the values of the attributes wanted begin and end in `spans` (-1: not there); the end of the tag."""
    spans[:] = -1
    size = len(data)
    while place < size and data[place] != _GT:
        place += 1
        value, name = _OFFSET, place
        # An attribute's name may begin with "=" and hold quotes; it never holds a space, an equals sign or ">".
        while place < size and (place == name or data[place] != _EQUALS):
            if data[place] == _SPACE or data[place] == _GT:
                break
            value = (value ^ np.uint64(data[place])) * _PRIME
            place += 1
        begin = end = place
        if place + 1 < size and data[place] == _EQUALS:
            begin = place + 2
            end = _find(data, eights, begin, _QUOTE)
            place = end + 1
        found = find_key(keys, value)
        if found >= 0:
            spans[codes[found], 0], spans[codes[found], 1] = begin, end
    return min(place + 1, size)


@kernel
def _past_comment(data, eights, place):  # type: ignore[no-untyped-def]
    """The place after the comment, CDATA section or instruction that begins here."""
    size = len(data)
    last = 0
    if place + 3 < size and data[place + 1] == _BANG:
        last = 45 if data[place + 2] == 45 else (93 if data[place + 2] == 91 else 0)
    first = place + 4 if last == 45 else place + 1
    place = _find(data, eights, first, _GT)
    while last and place < size and (place < first + 2 or data[place - 1] != last or data[place - 2] != last):
        place = _find(data, eights, place + 1, _GT)
    return min(place + 1, size)


@kernel
def _raw_end(data, eights, place, name):  # type: ignore[no-untyped-def]
    """Where the end tag of the raw element with this name begins."""
    size = len(data)
    while place < size:
        place = _find(data, eights, place, _LT)
        if place + 1 < size and data[place + 1] == _SLASH and _tag_name(data, place + 2)[0] == name:
            return place
        place += 1
    return size


@kernel
def _past_element(data, eights, place, name, tag_keys, tag_rows, state):  # type: ignore[no-untyped-def]
    """The place after the element with this name whose start tag ends here; nothing in it is read."""
    size, depth = len(data), 1
    while place < size:
        place = _find(data, eights, place, _LT)
        if place + 1 >= size:
            return size
        if data[place + 1] in (_BANG, _QUERY):
            place = _past_comment(data, eights, place)
            continue
        closing = data[place + 1] == _SLASH
        found, place = _tag_name(data, place + (2 if closing else 1))
        place = _tag_end(data, eights, place)
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
                place = _raw_end(data, eights, place, found)
    return size


@kernel
def _is_json_ld(data, begin, end):  # type: ignore[no-untyped-def]
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
def _says_none(data, begin, end):  # type: ignore[no-untyped-def]
    for place in range(begin, end - len(_NONE) + 1):
        i = 0
        while i < len(_NONE) and data[place + i] == _NONE[i]:
            i += 1
        if i == len(_NONE):
            return True
    return False


@kernel
def _copy_names(data, spans, name_codes, state):  # type: ignore[no-untyped-def]
    """Write the values that name the element, a space between two."""
    pos = begin = state[slots.NAME_POS]
    for attribute in range(tables.HIDDEN):
        place, end = spans[attribute, 0], spans[attribute, 1]
        if place >= end:
            continue
        if pos > begin:
            name_codes[pos] = 32
            pos += 1
        while place < end:
            byte = data[place]
            if byte < 128 and byte != _AMP:
                name_codes[pos] = byte
                place += 1
            elif byte == _AMP:
                name_codes[pos], place = escaped_at(data, place, end)
            else:
                name_codes[pos], place = decode_at(data, place)
            pos += 1
    state[slots.NAME_POS] = pos


@kernel
def _kind_of(row, elements, state):  # type: ignore[no-untyped-def]
    """The kind of a new element: its own, or that of the element around it."""
    current, kind = state[slots.CURRENT], row[tables.KIND]
    around = np.int32(0)
    if current >= 0:
        around = elements[current, 3]
        if around == _CELL and row[tables.CODE] == _P:
            around = np.int32(0)
    if kind == tables.NO_KIND:
        return np.int32(0) if row[tables.IS_FRESH] else around
    if kind == _ITEM and around == _QUOTED:
        return np.int32(_QUOTED)
    return kind


@kernel
def _end_segment(codes, segments, state):  # type: ignore[no-untyped-def]
    if finish_text(codes, state):
        row = segments[state[slots.SEGMENTS]]
        row[0], row[1], row[2] = state[slots.START], state[slots.CURRENT], state[slots.LINK_CHARS]
        row[3], row[4], row[5] = state[slots.LINKS], state[slots.BOLD_CHARS], state[slots.ITALIC_CHARS]
        row[6] = state[slots.STARTS_LINKED]
        state[slots.SEGMENTS] += 1
    state[slots.START] = state[slots.LINE] = state[slots.POS]
    for slot in (slots.FILLED, slots.PENDING, slots.RAW, slots.SOFT, slots.BROKEN, slots.AFTER_CR, slots.LINKS):
        state[slot] = 0
    for slot in (slots.LINK_CHARS, slots.BOLD_CHARS, slots.ITALIC_CHARS, slots.STARTS_LINKED):
        state[slot] = 0


@kernel
def _in_article(elements, state):  # type: ignore[no-untyped-def]
    """Whether an open element is the article or main element: its footer may hold a correction or a bio."""
    element = state[slots.CURRENT]
    while element >= 0:
        if elements[element, 2] == _ARTICLE or elements[element, 2] == _MAIN:
            return True
        element = elements[element, 0]
    return False


@inline_kernel
def _open_block(data, row, spans, elements, marks, name_starts, name_codes, mark_tables, state):  # type: ignore[no-untyped-def]
    element = state[slots.ELEMENTS]
    begin = state[slots.NAME_POS]
    _copy_names(data, spans, name_codes, state)
    bits = np.int64(0)
    if state[slots.NAME_POS] > begin:
        word_keys, words, start_keys, starts, parts, part_codes, _ = mark_tables
        bits = name_marks(
            name_codes, begin, state[slots.NAME_POS], word_keys, words, start_keys, starts, parts, part_codes
        )
    style = spans[tables.STYLE]
    if spans[tables.HIDDEN, 0] >= 0 or (style[0] >= 0 and _says_none(data, style[0], style[1])):
        bits |= mark_tables[6]
    marks[element] = bits
    name_starts[element] = begin
    kind = _kind_of(row, elements, state)
    elements[element, 0], elements[element, 1] = state[slots.CURRENT], 0
    elements[element, 2], elements[element, 3], elements[element, 4] = row[tables.CODE], kind, 0
    state[slots.CURRENT] = element
    state[slots.ELEMENTS] += 1
    state[slots.PREFORMATTED] = kind == _PREFORMATTED


@kernel
def _close(role, codes, elements, segments, state):  # type: ignore[no-untyped-def]
    if role == tags.BLOCK:
        _end_segment(codes, segments, state)
        element = state[slots.CURRENT]
        elements[element, 1] = state[slots.ELEMENTS]
        state[slots.CURRENT] = around = elements[element, 0]
        state[slots.PREFORMATTED] = around >= 0 and elements[around, 3] == _PREFORMATTED
    elif role == tags.LINK:
        state[slots.LINK] -= 1
    elif role == tags.BOLD:
        state[slots.BOLD] -= 1
    elif role == tags.ITALIC:
        state[slots.ITALIC] -= 1


@inline_kernel
def _close_named(name, codes, elements, segments, open_names, open_roles, state):  # type: ignore[no-untyped-def]
    """Close the element of an end tag and what was left open in it; nothing where no such element is open."""
    depth = state[slots.DEPTH]
    match = depth - 1
    while match >= 0 and depth - match <= NEAR and open_names[match] != name:
        match -= 1
    if match < 0 or open_names[match] != name:
        return
    while depth > match:
        depth -= 1
        _close(open_roles[depth], codes, elements, segments, state)
    state[slots.DEPTH] = depth


@kernel
def scan(  # type: ignore[no-untyped-def] # noqa: C901
    data, eights, noscript, tag_keys, tag_rows, attribute_keys, attributes, mark_tables, sentence_end,
    elements, marks, name_starts, name_codes, segments, codes, scripts, open_names, open_roles, state,
):  # fmt: skip
    """Fill the arrays from a serialised element (`eights`: its bytes, eight to a number).

    `state` says afterwards how much of each is used, or that an element of `tags.UNSCANNED` was met and nothing else
    counts. `elements`: int32, (n, 5): parent, end, tag, kind, images. `segments`: int32, (n, 7): start, element, the
    counts.
    """
    spans = np.empty((MAX_NAMES, 2), dtype=np.int64)
    # A literal 0 would have numba compile what it is handed to once more, for that number alone.
    size, place = np.int64(len(data)), np.int64(0)
    state[slots.CURRENT] = -1
    while place < size:
        if data[place] != _LT:
            end = _find(data, eights, place, _LT)
            add_text(data, place, end, np.bool_(False), codes, state)
            place = end
            continue
        if place + 1 >= size:
            break
        following = data[place + 1]
        if following == _SLASH:
            name, place = _tag_name(data, place + 2)
            place += 1
            _close_named(name, codes, elements, segments, open_names, open_roles, state)
            if not state[slots.DEPTH]:
                break
            continue
        if following in (_BANG, _QUERY):
            place = _past_comment(data, eights, place)
            continue
        name, place = _tag_name(data, place + 1)
        row = tag_rows[find_key(tag_keys, name)]
        role = row[tables.ROLE]
        state[slots.UNSCANNED] |= row[tables.IS_UNSCANNED]
        if state[slots.UNSCANNED]:
            break
        if state[slots.CURRENT] < 0:
            role = np.int32(tags.BLOCK)
        if role == tags.FOOTER:
            role = np.int32(tags.BLOCK if _in_article(elements, state) else tags.SKIP)
        elif role == tags.NOSCRIPT:
            role = np.int32(tags.BLOCK if noscript else tags.SKIP)
        if role == tags.BLOCK or role == tags.SCRIPT:
            place = _read_attributes(data, eights, place, attribute_keys, attributes, spans)
        else:
            place = _tag_end(data, eights, place)
        if role == tags.BLOCK:
            _end_segment(codes, segments, state)
            _open_block(data, row, spans, elements, marks, name_starts, name_codes, mark_tables, state)
        elif role == tags.BREAK:
            if add_break(codes, state, sentence_end):
                _end_segment(codes, segments, state)
        elif role == tags.IMAGE:
            elements[state[slots.CURRENT], 4] += 1
        elif role == tags.LINK:
            state[slots.LINK] += 1
            state[slots.LINKS] += 1
        elif role == tags.BOLD:
            state[slots.BOLD] += 1
        elif role == tags.ITALIC:
            state[slots.ITALIC] += 1
        if row[tables.IS_VOID]:
            if role == tags.BLOCK:
                _close(role, codes, elements, segments, state)
        elif row[tables.IS_RAW]:
            end = _raw_end(data, eights, place, name)
            if role == tags.SCRIPT and spans[tables.TYPE, 0] >= 0:
                if _is_json_ld(data, spans[tables.TYPE, 0], spans[tables.TYPE, 1]):
                    scripts[state[slots.SCRIPTS], 0], scripts[state[slots.SCRIPTS], 1] = place, end
                    state[slots.SCRIPTS] += 1
            elif role == tags.BLOCK:
                add_text(data, place, end, np.bool_(True), codes, state)
                _close(role, codes, elements, segments, state)
            place = min(_tag_end(data, eights, end), size)
        elif role == tags.SKIP or role == tags.IMAGE or role == tags.BREAK:
            place = _past_element(data, eights, place, name, tag_keys, tag_rows, state)
        else:
            open_names[state[slots.DEPTH]], open_roles[state[slots.DEPTH]] = name, role
            state[slots.DEPTH] += 1
    while state[slots.DEPTH] > 0:
        state[slots.DEPTH] -= 1
        _close(open_roles[state[slots.DEPTH]], codes, elements, segments, state)

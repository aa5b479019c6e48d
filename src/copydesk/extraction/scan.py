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
from copydesk.extraction.markup_scan import (
    AMP,
    BANG,
    LT,
    QUERY,
    SLASH,
    find_byte,
    is_json_ld,
    note_class,
    past_comment,
    past_element,
    raw_end,
    read_attributes,
    says_none,
    tag_end,
    tag_end_noting,
    tag_name,
)
from copydesk.extraction.name_scan import find_key, name_marks
from copydesk.extraction.text_scan import add_break, add_text, decode_at, escaped_at, finish_text

NEAR = 32
"""Open elements among which the start of an end tag is looked for. It is nearly always the last; without a bound,
a page of stray end tags would take time by the square."""

MAX_NAMES = tables.TYPE + 1
"""Attributes whose values are noted."""

_CELL, _QUOTED = tags.KIND_CODES[BlockKind.TABLE_CELL], tags.KIND_CODES[BlockKind.QUOTE]
_ITEM, _PREFORMATTED = tags.KIND_CODES[BlockKind.LIST_ITEM], tags.KIND_CODES[BlockKind.PREFORMATTED]
_P, _ARTICLE, _MAIN = tags.TAG_CODES["p"], tags.TAG_CODES["article"], tags.TAG_CODES["main"]


@kernel
def _copy_names(data, spans, name_codes, state):
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
            if byte < 128 and byte != AMP:
                name_codes[pos] = byte
                place += 1
            elif byte == AMP:
                name_codes[pos], place = escaped_at(data, place, end)
            else:
                name_codes[pos], place = decode_at(data, place)
            pos += 1
    state[slots.NAME_POS] = pos


@kernel
def _kind_of(row, elements, state):
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
def _end_segment(codes, segments, state):
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
def _in_article(elements, state):
    """Whether an open element is the article or main element: its footer may hold a correction or a bio."""
    element = state[slots.CURRENT]
    while element >= 0:
        if elements[element, 2] == _ARTICLE or elements[element, 2] == _MAIN:
            return True
        element = elements[element, 0]
    return False


@inline_kernel
def _open_block(data, row, spans, elements, marks, name_starts, name_codes, mark_tables, state):
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
    if spans[tables.HIDDEN, 0] >= 0 or (style[0] >= 0 and says_none(data, style[0], style[1])):
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
def _close(role, codes, elements, segments, state):
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
def _close_named(name, codes, elements, segments, open_names, open_roles, state):
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
def scan(  # noqa: C901
    data, eights, noscript, tag_keys, tag_rows, attribute_keys, attributes, mark_tables, sentence_end, class_starts,
    elements, marks, name_starts, name_codes, segments, codes, scripts, classes, open_names, open_roles, spans, state,
):  # fmt: skip
    """Fill the arrays from a serialised element (`eights`: its bytes, eight to a number).

    `state` says afterwards how much of each is used, or that an element of `tags.UNSCANNED` was met and nothing else
    counts. `elements`: int32, (n, 5): parent, end, tag, kind, images. `segments`: int32, (n, 7): start, element, the
    counts. `spans`: int64, (MAX_NAMES, 2), for the attributes of the tag at hand.
    """
    # A literal 0 would have numba compile what it is handed to once more, for that number alone.
    size, place = np.int64(len(data)), np.int64(0)
    state[slots.CURRENT] = -1
    while place < size:
        if data[place] != LT:
            end = find_byte(data, eights, place, LT)
            add_text(data, place, end, np.bool_(False), codes, state)
            place = end
            continue
        if place + 1 >= size:
            break
        following = data[place + 1]
        if following == SLASH:
            name, place = tag_name(data, place + 2)
            place += 1
            _close_named(name, codes, elements, segments, open_names, open_roles, state)
            if not state[slots.DEPTH]:
                break
            continue
        if following in (BANG, QUERY):
            place = past_comment(data, eights, place)
            continue
        name, place = tag_name(data, place + 1)
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
            place = read_attributes(data, eights, place, attribute_keys, attributes, spans)
            if spans[tables.CLASS, 0] >= 0:
                note_class(data, spans[tables.CLASS, 0], spans[tables.CLASS, 1], class_starts, classes, state)
        else:
            place = tag_end_noting(data, eights, place, class_starts, classes, state)
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
            end = raw_end(data, eights, place, name)
            if role == tags.SCRIPT and spans[tables.TYPE, 0] >= 0:
                if is_json_ld(data, spans[tables.TYPE, 0], spans[tables.TYPE, 1]):
                    scripts[state[slots.SCRIPTS], 0], scripts[state[slots.SCRIPTS], 1] = place, end
                    state[slots.SCRIPTS] += 1
            elif role == tags.BLOCK:
                add_text(data, place, end, np.bool_(True), codes, state)
                _close(role, codes, elements, segments, state)
            place = min(tag_end(data, eights, end), size)
        elif role == tags.SKIP or role == tags.IMAGE or role == tags.BREAK:
            place = past_element(data, eights, place, name, tag_keys, tag_rows, class_starts, classes, state)
        else:
            open_names[state[slots.DEPTH]], open_roles[state[slots.DEPTH]] = name, role
            state[slots.DEPTH] += 1
    while state[slots.DEPTH] > 0:
        state[slots.DEPTH] -= 1
        _close(open_roles[state[slots.DEPTH]], codes, elements, segments, state)

"""Text nodes of serialised HTML → the characters of segments, with what is counted on the way (compiled).

White space is folded while the characters are written, as `" ".join(text.split())` does; in preformatted text each line
loses its trailing white space, as `str.splitlines` and `str.rstrip` do. The state of the segment at hand is an array
of int64 with the slots below, so that functions can share it.
"""

from __future__ import annotations

import numpy as np

from copydesk.extraction.compiled import kernel
from copydesk.extraction.name_scan import is_space
from copydesk.extraction.tags import BR_PARAGRAPH_CHARS

(
    POS,            # where the next character goes
    START,          # where the segment began
    FILLED,         # whether it has anything but white space
    PENDING,        # white space was read and not written
    RAW,            # characters read
    FIRST, LAST,    # of those, the first and the last that is no white space
    LAST_CODE,      # what the last one is
    SOFT,           # whether there are soft hyphens to take out
    BROKEN,         # whether the last thing was a line break
    LINE, AFTER_CR, # preformatted: where the line began, whether it was ended by a carriage return
    LINK, BOLD, ITALIC,             # open elements of each kind
    LINKS, LINK_CHARS, BOLD_CHARS, ITALIC_CHARS, STARTS_LINKED,
    PREFORMATTED,
    SEGMENTS, ELEMENTS, CURRENT, DEPTH, NAME_POS, SCRIPTS, CLASSES,
    UNSCANNED,      # whether an element was met that only the walk node by node reads right
    SLOTS,
) = range(30)  # fmt: skip

_AMP, _SPACE, _NEWLINE, _DELETE, _SOFT_HYPHEN = 38, 32, 10, 127, 0xAD


@kernel
def decode_at(data, place):
    """The character at a place of valid UTF-8, and the place of the next one."""
    lead = data[place]
    if lead < 0x80:
        return np.uint32(lead), place + 1
    if lead < 0xE0:
        return np.uint32((np.uint32(lead & 0x1F) << np.uint32(6)) | np.uint32(data[place + 1] & 0x3F)), place + 2
    middle = np.uint32(data[place + 1] & 0x3F)
    last = np.uint32(data[place + 2] & 0x3F)
    if lead < 0xF0:
        return np.uint32((np.uint32(lead & 0x0F) << np.uint32(12)) | (middle << np.uint32(6)) | last), place + 3
    final = np.uint32(data[place + 3] & 0x3F)
    high = (np.uint32(lead & 0x07) << np.uint32(18)) | (middle << np.uint32(12))
    return np.uint32(high | (last << np.uint32(6)) | final), place + 4


@kernel
def escaped_at(data, place, end):
    """The character that an "&" begins and the place after it: the parser writes five escapes and no others."""
    left = end - place
    if left >= 4 and data[place + 3] == 59 and data[place + 2] == 116:
        if data[place + 1] == 108:
            return np.uint32(60), place + 4
        if data[place + 1] == 103:
            return np.uint32(62), place + 4
    if left >= 5 and data[place + 4] == 59 and data[place + 1] == 97 and data[place + 2] == 109:
        return np.uint32(38), place + 5
    if left >= 6 and data[place + 5] == 59:
        if data[place + 1] == 113 and data[place + 2] == 117:
            return np.uint32(34), place + 6
        if data[place + 1] == 110 and data[place + 2] == 98:
            return np.uint32(0xA0), place + 6
    return np.uint32(_AMP), place + 1


@kernel
def add_text(data, begin, end, is_raw, codes, state):  # noqa: C901
    """Add a text node to the segment; raw text has no escapes."""
    pos, pending, raw, start = state[POS], state[PENDING], state[RAW], state[START]
    first, last, code = np.int64(-1), np.int64(-1), np.uint32(0)
    last_code = np.uint32(0)
    preformatted = state[PREFORMATTED]
    place = begin
    while place < end:
        byte = data[place]
        # Nearly all text is one of these two runs: blanks between tags, and words.
        if not preformatted:
            run = place
            while byte in (_SPACE, _NEWLINE):
                place += 1
                if place == end:
                    break
                byte = data[place]
            if place > run:
                raw += place - run
                pending = 1
                if place == end:
                    break
                run = place
            if _SPACE < byte < _DELETE and byte != _AMP:
                if pending and pos > start:
                    codes[pos] = _SPACE
                    pos += 1
                if first < 0:
                    first = raw
                while place < end and _SPACE < data[place] < _DELETE and data[place] != _AMP:
                    codes[pos] = data[place]
                    pos += 1
                    place += 1
                raw += place - run
                last, last_code, pending = raw - 1, np.uint32(data[place - 1]), 0
                continue
        if byte < 0x80 and (byte != _AMP or is_raw):
            code = np.uint32(byte)
            place += 1
        elif byte == _AMP:
            code, place = escaped_at(data, place, end)
        else:
            code, place = decode_at(data, place)
            if code == _SOFT_HYPHEN:
                state[SOFT] = 1
        if is_space(code):
            pending = 1
        else:
            if not preformatted:
                if pending and pos > start:
                    codes[pos] = _SPACE
                    pos += 1
                codes[pos] = code
                pos += 1
            pending = 0
            if first < 0:
                first = raw
            last, last_code = raw, code
        if preformatted:
            state[POS] = pos
            _add_preformatted(code, codes, state)
            pos = state[POS]
        raw += 1
    state[POS], state[PENDING], state[RAW] = pos, pending, raw
    if first >= 0:
        if not state[FILLED]:
            state[FILLED], state[FIRST] = 1, first
            state[STARTS_LINKED] = state[LINK] > 0
        state[LAST], state[LAST_CODE], state[BROKEN] = last, np.int64(last_code), 0
        chars = last - first + 1
        state[LINK_CHARS] += chars if state[LINK] else 0
        state[BOLD_CHARS] += chars if state[BOLD] else 0
        state[ITALIC_CHARS] += chars if state[ITALIC] else 0


@kernel
def _add_preformatted(code, codes, state):
    after_cr = state[AFTER_CR]
    state[AFTER_CR] = code == 13
    if 10 <= code <= 13 or 28 <= code <= 30 or code == 0x85 or code == 0x2028 or code == 0x2029:
        if not (code == 10 and after_cr):
            _end_line(codes, state)
            if state[POS] > state[START]:
                codes[state[POS]] = 10
                state[POS] += 1
            state[LINE] = state[POS]
    else:
        codes[state[POS]] = code
        state[POS] += 1


@kernel
def _end_line(codes, state):
    pos = state[POS]
    while pos > state[LINE] and is_space(codes[pos - 1]):
        pos -= 1
    state[POS] = pos


@kernel
def _reads_like_paragraph(state, sentence_end):
    """Whether the segment so far is a paragraph of its own: long enough, and ended like a sentence."""
    if not state[FILLED] or state[LAST] - state[FIRST] + 1 < BR_PARAGRAPH_CHARS:
        return False
    for code in sentence_end:  # noqa: SIM110 - not for a compiler
        if code == state[LAST_CODE]:
            return True
    return False


@kernel
def add_break(codes, state, sentence_end):
    """Add a line break; whether it ends the segment instead."""
    if state[PREFORMATTED]:
        _add_preformatted(np.uint32(10), codes, state)
        return False
    if state[BROKEN] or _reads_like_paragraph(state, sentence_end):
        return True
    state[PENDING] = 1
    state[RAW] += 1
    state[BROKEN] = 1
    return False


@kernel
def finish_text(codes, state):
    """End the segment's characters; whether there are any."""
    start = state[START]
    if not state[FILLED]:
        state[POS] = start
        return False
    if state[PREFORMATTED]:
        _end_line(codes, state)
        while state[POS] > start and codes[state[POS] - 1] == 10:
            state[POS] -= 1
    if state[SOFT]:
        kept = start
        for i in range(start, state[POS]):
            if codes[i] != _SOFT_HYPHEN:
                codes[kept] = codes[i]
                kept += 1
        state[POS] = kept
    return state[POS] > start

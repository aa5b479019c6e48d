"""The words of an article's lines looked over in one pass, as machine code. Imported only where the compiler is loaded.

Words are those of `folding.fold_lines`, read from the bytes of the text as it is.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from copydesk.boilerplate.pace import DIGEST
from copydesk.boilerplate.repeats import MAX_QUOTE_DISTANCE, MIN_SENTENCE_WORDS
from copydesk.boilerplate.rules import EDGE_WORDS, FOOT_LINES, HEAD_LINES, LAST_WORDS
from copydesk.contamination.hashing import FNV_OFFSET, FNV_PRIME
from copydesk.machine.compiling import inner_code, machine_code

SPARE_LINES = 10
"""Lines that may go out of an article behind the first look: what stands so much further apart counts as near, too."""
MIN_TITLE_WORDS = 3
"""Words of the shortest line that is a title or a deck over again."""
NO_REPEAT, MAY_REPEAT, UNREADABLE = 0, 1, 2

_OFFSET, _PRIME = np.uint64(FNV_OFFSET), np.uint64(FNV_PRIME)
_BUCKETS = 1024
_LETTER, _BLANK, _MARK, _GONE, _SIGN, _UNKNOWN = 0, 1, 2, 3, 4, 5
"""What a character beyond ASCII is: part of a word, what parts words, nothing at all, the copyright sign, or one of
which this can't be told, nor whether it is a capital."""


@inner_code
def _kind_of(raw: Any, at: int) -> int:
    """What the character that begins here is."""
    lead, second, third = raw[at], raw[at + 1], raw[at + 2]
    if lead == 0xE2 and second == 0x80:
        if 0x93 <= third <= 0x9D or third == 0xA6:
            return _LETTER if third in (0x95, 0x96, 0x97, 0x9A, 0x9B) else _MARK
        if third <= 0x8B:
            return _BLANK if third == 0x89 else (_GONE if third == 0x8B else _UNKNOWN)
        return _BLANK if third == 0xAF else (_UNKNOWN if third in (0xA8, 0xA9) else _LETTER)
    if lead == 0xC2:
        return _BLANK if second == 0xA0 else (_SIGN if second == 0xA9 else (_UNKNOWN if second == 0x85 else _LETTER))
    if lead == 0xEF and second == 0xBB and third == 0xBF:
        return _GONE
    if lead == 0xE2:
        signs = second == 0x82 or 0x86 <= second <= 0x91 or 0x94 <= second <= 0x9F or (second == 0x84 and third == 0xA2)
        return _LETTER if signs else _UNKNOWN
    if lead == 0xE3:
        return _UNKNOWN if second == 0x80 and third == 0x80 else _LETTER
    signs = (lead == 0xEF and second == 0xB8) or (lead == 0xF0 and second == 0x9F)
    known = lead == 0xC3 or 0xD6 <= lead <= 0xE0 or 0xE4 <= lead <= 0xE9 or 0xEB <= lead <= 0xED
    return _LETTER if known or signs else _UNKNOWN


@inner_code
def _row_of(value: Any, slots: Any, keys: Any) -> int:
    """The row of a word that a rule needs, or -1."""
    at = np.int64(value) & (slots.size - 1)
    while slots[at] >= 0 and keys[slots[at]] != value:
        at = (at + 1) & (slots.size - 1)
    return int(slots[at])


@inner_code
def _read_words(
    raw: Any, small: Any, slots: Any, keys: Any, values: Any, rows: Any, places: Any, starts: Any, lines: Any
) -> int:
    """How many words there are; -1 where a character isn't known. The hash and the row of each, and its first byte and
    the one behind it; where the words of each line begin; and of each line, whether it has characters beyond ASCII,
    whether the copyright sign, and whether it ends with a full stop.
    """
    count, line, at, begin, stopped = 0, 0, 0, -1, False
    value = _OFFSET
    starts[0] = 0
    while at < raw.size - 2:
        byte = small[raw[at]]
        if 32 < byte < 128:
            begin = at if begin < 0 else begin
            value = (value ^ np.uint64(byte)) * _PRIME
            stopped = False
            at += 1
            continue
        width, kind = 1, _BLANK if raw[at] <= 32 else _MARK
        if byte > 127:
            width = 2 if byte < 0xE0 else (3 if byte < 0xF0 else 4)
            kind = _kind_of(raw, at)
            if kind == _UNKNOWN or (kind == _GONE and begin >= 0):
                return -1
            lines[line, 0] |= kind != _MARK and kind != _BLANK
            lines[line, 1] |= kind == _SIGN
        if kind in (_LETTER, _SIGN):
            begin = at if begin < 0 else begin
            value = (value ^ np.uint64(byte)) * _PRIME
            for more in range(at + 1, at + width):
                large = byte == 0xC3 and raw[more] <= 0x9E and raw[more] != 0x97
                value = (value ^ np.uint64(raw[more] + (32 if large else 0))) * _PRIME
        elif kind != _GONE and begin >= 0:
            values[count], rows[count] = value, _row_of(value, slots, keys)
            places[count, 0], places[count, 1] = begin, at
            count += 1
            value, begin = _OFFSET, -1
        if kind != _BLANK:
            stopped = raw[at] == 0x2E
        if byte == 10:
            lines[line, 2], stopped = stopped, False
            line += 1
            starts[line] = count
        at += width
    return count


@inner_code
def _find_rules(
    rows: Any, signed: bool, anywhere: Any, at_edge: Any, by_count: Any, by_opening: Any, by_place: Any, found: Any
) -> None:
    """Rules that may take a line, in `found`: those that need one of its words, and are for lines of so many words,
    that begin so and stand there. Rules are bits of a few numbers; the last row is that of the copyright sign.
    """
    for lane in range(found.size):
        bits = anywhere[-1, lane] if signed else np.uint64(0)
        for at in range(rows.size):
            if rows[at] >= 0:
                bits |= anywhere[rows[at], lane]
                if at < EDGE_WORDS or at >= rows.size - LAST_WORDS:
                    bits |= at_edge[rows[at], lane]
        found[lane] = bits & by_count[lane] & by_opening[lane] & by_place[lane]


@inner_code
def _link(values: Any, before: Any, behind: Any) -> None:
    """The nearest word of the same bucket before and behind each word; -1 and the number of words for none."""
    last = np.full(_BUCKETS, -1, np.int32)
    for word in range(values.size):
        bucket = np.int64(values[word]) & (_BUCKETS - 1)
        before[word], behind[word] = last[bucket], values.size
        if last[bucket] >= 0:
            behind[last[bucket]] = word
        last[bucket] = word


@inner_code
def _ends_so(values: Any, word: int, other: int) -> bool:
    """Whether two words are the last of as many equal ones as a sentence has at least."""
    for at in range(MIN_SENTENCE_WORDS):  # noqa: SIM110 - machine code has no generators
        if at > other or values[word - at] != values[other - at]:
            return False
    return True


@inner_code
def _end_recurs(values: Any, before: Any, behind: Any, word: int, low: int, high: int) -> bool:
    """Whether the end of a line, of which this is the last word, stands elsewhere between two other words."""
    other = before[word]
    while other >= low:
        if _ends_so(values, word, other):
            return True
        other = before[other]
    other = behind[word]
    while other < high:
        if _ends_so(values, word, other):
            return True
        other = behind[other]
    return False


@inner_code
def _begins_so(raw: Any, small: Any, values: Any, places: Any, first: int, last: int, other: int, end: int) -> bool:
    """Whether a line begins with the words from `first` to `last` of another; of the last one a part is enough."""
    if other + last - first >= end:
        return False
    for at in range(last - first):
        if values[first + at] != values[other + at]:
            return False
    begin, same = places[other + last - first, 0], places[last, 1] - places[last, 0]
    if places[other + last - first, 1] - begin < same:
        return False
    for at in range(same):
        byte = raw[places[last, 0] + at]
        if byte < 128 and small[byte] != small[raw[begin + at]]:
            return False
    return True


@inner_code
def _has_equal(values: Any, starts: Any, heads: int, least: int) -> bool:
    """Whether two lines of so many words have the same, or a line and a head."""
    digests = np.zeros(starts.size - 1, np.uint64)
    known, same = np.full(_BUCKETS, -1, np.int32), np.full(starts.size - 1, -1, np.int32)
    for line in range(digests.size):
        digest = _OFFSET
        for word in range(starts[line], starts[line + 1]):
            digest = (digest ^ values[word]) * _PRIME
        digests[line], bucket = digest, np.int64(digest >> np.uint64(32)) & (_BUCKETS - 1)
        other = known[bucket]
        while other >= 0:
            enough = starts[line + 1] - starts[line] >= (MIN_TITLE_WORDS if other < heads else least)
            if digests[other] == digest and line >= heads and enough:
                return True
            other = same[other]
        same[line], known[bucket] = known[bucket], line
    return False


@inner_code
def _has_repeat(
    raw: Any, small: Any, values: Any, places: Any, before: Any, behind: Any, starts: Any, lines: Any, heads: int
) -> bool:
    """Whether a line may be the beginning of one behind it, or end as another one near by has it."""
    for line in range(heads, starts.size - 1):
        first, last = starts[line], starts[line + 1] - 1
        low = max(line - MAX_QUOTE_DISTANCE - SPARE_LINES, heads)
        high = min(line + MAX_QUOTE_DISTANCE + SPARE_LINES + 1, starts.size - 1)
        if last - first + 1 >= MIN_SENTENCE_WORDS and _end_recurs(
            values, before, behind, last, starts[low], starts[high]
        ):
            return True
        if lines[line, 2]:
            for other in range(line + 1, min(line + SPARE_LINES + 2, starts.size - 1)):
                begin, end = starts[other], starts[other + 1]
                if last < first or _begins_so(raw, small, values, places, first, last, begin, end):
                    return True
    return False


def _look(
    raw: Any, heads: int, least: int, small: Any, slots: Any, keys: Any, of_bios: Any, anywhere: Any, at_edge: Any,
    by_count: Any, by_opening: Any, by_place: Any, found: Any, bios: Any,
) -> int:  # fmt: skip
    """Whether a line may repeat another one or a head; in `found` the rules that may take each line, and in `bios`
    whether it may be about the author.

    `raw` are the lines, each with its line end, the heads first, and two bytes more.
    """
    room, total = raw.size // 2 + 1, heads + bios.size
    values, rows, places = np.empty(room, np.uint64), np.empty(room, np.int16), np.empty((room, 2), np.int32)
    before, behind = np.empty(room, np.int32), np.empty(room, np.int32)
    starts, lines = np.empty(total + 1, np.int64), np.zeros((total, 3), np.bool_)
    count = _read_words(raw, small, slots, keys, values, rows, places, starts, lines)
    if count < 0:
        return UNREADABLE
    for n in range(bios.size):
        first, end = starts[heads + n], starts[heads + n + 1]
        bios[n] = lines[heads + n, 0]
        for word in range(first, end):
            bios[n] |= rows[word] >= 0 and of_bios[rows[word]]
        if first < end < first + by_count.shape[0]:
            place = 1 if bios.size - n <= FOOT_LINES else (0 if n < HEAD_LINES else 2)
            _find_rules(
                rows[first:end], lines[heads + n, 1], anywhere, at_edge, by_count[end - first],
                by_opening[small[raw[places[first, 0]]]], by_place[place], found[n],
            )  # fmt: skip
        else:
            found[n] = 0
    _link(values[:count], before, behind)
    repeats = _has_equal(values, starts, heads, least) or _has_repeat(
        raw, small, values, places, before, behind, starts, lines, heads
    )
    return MAY_REPEAT if repeats else NO_REPEAT


look_at_words: Any = machine_code(_look, kept_as=f"look_at_words_{DIGEST}")
"""`_look` as machine code that is kept."""

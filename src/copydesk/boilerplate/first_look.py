"""What the lines of an article may be, by their words alone: most are nothing but text, and no rule is asked of those.

Where machine code is loaded, it goes once over all words of the article (`compiled`). Where it isn't, each line is
looked at by itself. What a line is, the rules say in either case.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from copydesk.boilerplate.bios import FORM_WORDS
from copydesk.boilerplate.folding import WORD_BYTES, join_lines, word_lists
from copydesk.boilerplate.pace import looking_pays
from copydesk.boilerplate.repeats import MIN_PARAGRAPH_WORDS
from copydesk.boilerplate.rules import (
    MAX_LINE_CHARS,
    Place,
    Rule,
    load_rules,
    needed_words,
    rules_for,
)
from copydesk.contamination.hashing import FNV_OFFSET, FNV_PRIME, MASK

MIN_HEAD_WORDS = 4
"""Words of the shortest line that can be a title; no shorter line is anything for being like another one."""
SLOTS = 4096
"""Places for the words that rules need, of which there are some six hundred."""
COPYRIGHT = "©".encode()
"""The one sign that a rule needs. It stands within words."""


@dataclass(frozen=True, slots=True)
class FirstLook:
    """The rules that may take a line, by its position; the positions of lines that may be about the author; and whether
    a line may repeat another. The last holds until more than `spare` lines have gone out of the article, or one was
    repaired. `words` are those of each line, where they were parted.
    """

    rules: Sequence[tuple[int, Sequence[Rule]]]
    bios: Sequence[int]
    may_repeat: bool = True
    spare: int = 0
    words: Sequence[Sequence[bytes]] = ()


def look_over(lines: Sequence[str], title: str | None, deck: str | None) -> FirstLook:
    """What the lines of an article may be.

    >>> look = look_over(["The port froze.", "Read more: Ice on the roads"], None, None)
    >>> [position for position, _ in look.rules]
    [1]
    """
    return (looking_pays(sum(map(len, lines))) and look_compiled(lines, title, deck)) or look_plainly(lines)


def look_plainly(lines: Sequence[str]) -> FirstLook:
    """As `look_over`, line by line: any may be about the author, and any may repeat another."""
    parted = word_lists(lines)
    found = [(n, rules_for(lines[n], words, Place(n, len(lines)))) for n, words in enumerate(parted)]
    return FirstLook([(n, rules) for n, rules in found if rules], range(len(lines)), words=parted)


def look_compiled(lines: Sequence[str], title: str | None, deck: str | None) -> FirstLook | None:
    """As `look_over`, by machine code; None where the text has letters that it doesn't know."""
    look, tables = _compiled()
    heads = [head for head in (title, deck) if head]
    raw = np.frombuffer((join_lines([*heads, *lines]) + "\n\0\0").encode("utf-8", "replace"), np.uint8)
    found, bios = np.empty((len(lines), tables[-1].shape[1]), np.uint64), np.empty(len(lines), np.bool_)
    least = MIN_HEAD_WORDS if title is None else MIN_PARAGRAPH_WORDS
    repeats = look.look_at_words(raw, len(heads), least, *tables, found, bios)
    if repeats == look.UNREADABLE:
        return None
    # To compare is faster than `any`.
    none = [0] * found.shape[1]
    listed = [(n, bits) for n, bits in enumerate(found.tolist()) if bits != none and len(lines[n]) <= MAX_LINE_CHARS]
    rules = [(n, _rules_of(*bits)) for n, bits in listed]
    return FirstLook(rules, bios.nonzero()[0].tolist(), repeats == look.MAY_REPEAT, look.SPARE_LINES)


@lru_cache(maxsize=4096)
def _rules_of(*bits: int) -> tuple[Rule, ...]:
    """The rules that stand as bits in these numbers."""
    return tuple(rule for n, rule in enumerate(load_rules()) if bits[n // 64] >> n % 64 & 1)


@cache
def _compiled() -> tuple[Any, tuple[NDArray[Any], ...]]:
    """The machine code, and its tables: bytes to those of folded text; the words that rules and bios need; the rules
    by them, by the words of a line, by its first byte, and by its place: at the start, at the foot, elsewhere.
    """
    from copydesk.boilerplate import compiled

    rules = load_rules()
    words = sorted(FORM_WORDS.union(*(words for needed in needed_words() for words in needed)) - {COPYRIGHT})
    slots, keys = _slots(words)
    rows = {word: row for row, word in enumerate([*words, COPYRIGHT])}
    anywhere, at_edge = np.zeros((2, len(rows), len(rules)), np.bool_)
    for n, needed in enumerate(needed_words()):
        for table, some in zip((anywhere, at_edge), needed, strict=True):
            table[[rows[word] for word in some], n] = True
    longest = max(rule.max_words for rule in rules)
    places = (Place(0, 100), Place(99, 100), Place(50, 100))
    by_count = [[rule.max_words >= count for rule in rules] for count in range(longest + 1)]
    by_opening = [[_may_begin(rule, byte) for rule in rules] for byte in range(256)]
    by_place = [[place.within(rule.where) for rule in rules] for place in places]
    small = np.frombuffer(WORD_BYTES, np.uint8)
    of_bios = np.array([word in FORM_WORDS for word in words])
    return compiled, (small, slots, keys, of_bios, *map(_pack, (anywhere, at_edge, by_count, by_opening, by_place)))


def _slots(words: Sequence[bytes]) -> tuple[NDArray[np.int16], NDArray[np.uint64]]:
    """The hashes of words, and by the low bits of these their positions, each in the first free slot."""
    keys = [_hash(word) for word in words]
    slots = np.full(SLOTS, -1, np.int16)
    for row, key in enumerate(keys):
        at = key % SLOTS
        while slots[at] >= 0:
            at = (at + 1) % SLOTS
        slots[at] = row
    return slots, np.array(keys, np.uint64)


def _hash(word: bytes) -> int:
    value = FNV_OFFSET
    for byte in word:
        value = ((value ^ byte) * FNV_PRIME) & MASK
    return value


def _may_begin(rule: Rule, byte: int) -> bool:
    """Whether a rule may take a line of which the first word begins with this byte: marks may stand before it."""
    patterns = rule.compiled
    return byte > 127 or patterns.may_begin(chr(byte)) or patterns.may_begin_with_mark()


def _pack(truths: Any) -> NDArray[np.uint64]:
    """Rows of truths as the bits of as few numbers as hold them, the first one lowest."""
    bits = np.packbits(np.array(truths), axis=1, bitorder="little")
    return np.pad(bits, ((0, 0), (0, -bits.shape[1] % 8))).view(np.uint64)

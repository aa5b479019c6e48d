"""The hash of one word, without any array: what the stages that see one record at a time need.

`tokens.tokenise` gives the same hashes for whole corpora; a test holds the two together.
"""

from __future__ import annotations

from functools import lru_cache

FNV_OFFSET = 0xCBF29CE484222325
FNV_PRIME = 0x100000001B3
"""FNV-1a, 64 bit; the upper half is folded onto the lower. See http://www.isthe.com/chongo/tech/comp/fnv/"""
MAX_WORD_BYTES = 24
"""Bytes of a word that are hashed; longer words are told apart no better by their ends."""
MASK = 0xFFFFFFFFFFFFFFFF


@lru_cache(maxsize=4096)
def word_hash(word: str) -> int:
    """The 32-bit hash of a word, in any case, without a plural s; 0 for an empty one.

    >>> word_hash("ships") == word_hash("Ship"), word_hash("gas") == word_hash("ga")
    (True, False)
    """
    raw = bytearray(word.encode("utf-8", "replace"))
    for i, b in enumerate(raw):
        if 65 <= b <= 90 or (i and raw[i - 1] == 0xC3 and 0x80 <= b <= 0x9E):
            raw[i] = b + 32
    if len(raw) > 3 and raw[-1] == 0x73 and raw[-2] not in b"sui":
        raw.pop()
    value = FNV_OFFSET
    for b in raw[:MAX_WORD_BYTES]:
        value = ((value ^ b) * FNV_PRIME) & MASK
    return (value ^ (value >> 32)) & 0xFFFFFFFF if raw else 0

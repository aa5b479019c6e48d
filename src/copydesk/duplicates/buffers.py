"""Texts as compiled code takes them: Arrow's buffers, the folding as arrays, and the words that are kept."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from copydesk.duplicates import fold
from copydesk.duplicates.hashing import Hashes
from copydesk.machine.compiling import digest_sources
from copydesk.machine.kept_arrays import Arrays, kept_arrays

LetGo = Callable[[], object]
"""Called between steps by what reads many texts: mapped files needn't stay in memory for the next one."""

KEEP_BYTES = 48 * 1024 * 1024
"""Texts of up to so many bytes keep their words, three times their own size; more are read again for each use."""


@cache
def tables() -> tuple[Any, ...]:
    """The folding as arrays over the characters below `fold.PLANES_END`.

    `quick` (uint8): see `_quick`. `start` (uint32) and `length` (uint8): where in `folded` (uint32) stands what the
    character becomes; `capital` (uint8); `digit` (uint8); `shown` (uint8): the byte that windows-1252 shows as this
    character, 0 if none from 0x80 to 0xBF.
    """
    sources = (Path(__file__), Path(fold.__file__))
    name = f"folding-{unicodedata.unidata_version}-{digest_sources(sources)}"
    kept = kept_arrays(Path(__file__).parent, name, _tables)
    # Writable, as kernels are compiled for.
    return _quick(), *(kept[part].copy() for part in ("start", "length", "folded", "capital", "digit", "shown"))


def _tables() -> Arrays:
    start = np.zeros(fold.PLANES_END, dtype=np.uint32)
    length, capital, digit = np.zeros((3, fold.PLANES_END), dtype=np.uint8)
    flat: list[int] = []
    for point in range(fold.PLANES_END):
        text = fold.fold(point)
        start[point], length[point] = len(flat), len(text)
        capital[point] = fold.is_capital(point) and bool(text) and " " not in text
        digit[point] = fold.is_digit(chr(point))
        flat.extend(map(ord, text))
    shown = np.zeros(0x2200, dtype=np.uint8)
    shown[0x80:0xC0] = np.arange(0x80, 0xC0)
    for byte, point in fold.CP1252.items():
        shown[point] = byte
    folded = np.array(flat, dtype=np.uint32)
    return {"start": start, "length": length, "folded": folded, "capital": capital, "digit": digit, "shown": shown}


def _quick() -> npt.NDArray[np.uint8]:
    """What each byte becomes: a folded ASCII letter or digit, 32 where it parts words, 0 where a closer look is
    needed.
    """
    quick = np.zeros(256, dtype=np.uint8)
    for byte in range(128):
        quick[byte] = ord(fold.fold(byte))
    quick[ord("&")] = 0
    return quick


@dataclass(frozen=True, slots=True)
class Kept:
    """The words of some texts: `hashes` (uint64), `flags` (uint8) and `grams` (int64), the hashes of their runs of
    three; those of text i from `places[i]` (int64) on. Empty where nothing is kept.
    """

    hashes: Hashes
    flags: npt.NDArray[np.uint8]
    grams: npt.NDArray[np.int64]
    places: npt.NDArray[np.int64]

    @property
    def arrays(self) -> tuple[Any, ...]:
        """The words as the kernels take them."""
        return self.hashes, self.flags, self.grams, self.places


@dataclass(frozen=True, slots=True)
class Buffers:
    """Texts as Arrow keeps them: `data` UTF-8 bytes (uint8), `offsets` where each text begins (int64, one more than
    there are texts), and `kept` their words, filled when they are sketched; empty if they are to be read for each use.
    `let_go` is called after each part that was read.
    """

    data: npt.NDArray[np.uint8]
    offsets: npt.NDArray[np.int64]
    kept: Kept
    let_go: LetGo


def keep_all() -> None:
    """The `LetGo` of texts that are in memory anyway."""


def buffers(texts: pa.Array, *, keep_bytes: int = KEEP_BYTES, let_go: LetGo = keep_all) -> Buffers:
    """The buffers of an Arrow array of strings without nulls, shared, not copied (but for 32-bit offsets).

    Words of texts of up to `keep_bytes` in all are kept once they are sketched.
    """
    texts = texts.cast(pa.large_string())
    _, offsets, data = texts.buffers()
    begin = np.frombuffer(offsets, dtype=np.int64)[texts.offset : texts.offset + len(texts) + 1]
    size = int(begin[-1] - begin[0])
    kept = room(size, len(texts)) if size <= keep_bytes else room(0, -1)
    return Buffers(np.frombuffer(data or b"\0", dtype=np.uint8), begin, kept, let_go)


def room(size: int, texts: int) -> Kept:
    """Room for the words of so many texts of so many bytes in all; memory that isn't written to isn't taken."""
    # A character of three bytes folds to four words at most.
    words = 2 * size + max(texts, 0)
    return Kept(
        np.empty(words, dtype=np.uint64),
        np.empty(words, dtype=np.uint8),
        np.empty(words, dtype=np.int64),
        np.zeros(texts + 1, dtype=np.int64),
    )

"""Words → signatures and fingerprints, as `sketch.sketch_texts`."""

from __future__ import annotations

from typing import Any

import numpy as np

from copydesk.duplicates import hashing
from copydesk.duplicates.kernels.build import kernel, part
from copydesk.duplicates.kernels.words import finish, read_words

_STEP = np.uint64(hashing.STEP)
_FACTOR_32, _OTHER_32 = np.uint32(0x85EBCA6B), np.uint32(0xC2B2AE35)
_ONE = np.uint64(1)


@part
def hash_runs(hashes: Any, count: int, size: int, out: Any) -> int:
    """Writes the hashes of the runs of `size` words, as `hashing.shingles`, and gives their number.

    Word by word over all runs, not run by run: the compiler works on several runs at once.
    """
    runs = max(0, count - size + 1)
    for i in range(runs):
        out[i] = hashes[i]
    for k in range(1, size - 1):
        for i in range(runs):
            out[i] = out[i] * _STEP + hashes[i + k]
    for i in range(runs):
        out[i] = finish(out[i] * _STEP + hashes[i + size - 1])
    return runs


@part
def hash_grams(hashes: Any, count: int, out: Any) -> int:
    """Writes the hashes of the runs of three words as int64 from 0 up, as `plain.read_texts`, and gives their
    number.
    """
    runs = max(0, count - 2)
    for i in range(runs):
        total = finish((hashes[i] * _STEP + hashes[i + 1]) * _STEP + hashes[i + 2])
        out[i] = np.int64(total >> _ONE)
    return runs


@part
def sign(runs: Any, count: int, factors: Any, summands: Any, low: Any, out: Any) -> None:
    """Writes the signature of shingles, as `sketch.sign`; `low` (uint32) is scratch memory.

    Permutation by permutation: the running least stays in registers, which takes half the time of shingle by shingle.
    """
    for i in range(count):
        value = np.uint32(runs[i] & np.uint64(0xFFFFFFFF))
        value = np.uint32(np.uint32(value ^ (value >> np.uint32(16))) * _FACTOR_32)
        value = np.uint32(np.uint32(value ^ (value >> np.uint32(13))) * _OTHER_32)
        low[i] = np.uint32(value ^ (value >> np.uint32(16)))
    for k in range(len(out)):
        factor, summand, least = factors[k], summands[k], np.uint32(0xFFFFFFFF)
        for i in range(count):
            least = min(least, np.uint32(factor * low[i] + summand))
        out[k] = least


@part
def winnow(runs: Any, count: int, window: int, out: Any, at: int) -> int:
    """Writes the fingerprints of shingles from `out[at]` on, as `sketch.winnow`, and gives where they end."""
    if count == 0:
        return at
    window = min(window, count)
    end = at
    least = -1
    for i in range(window - 1, count):
        if least < i - window + 1:
            least = i - window + 1
            for k in range(least + 1, i + 1):
                if runs[k] <= runs[least]:
                    least = k
        elif runs[i] <= runs[least]:
            least = i
        else:
            continue
        if end == at or out[end - 1] != runs[least]:
            out[end] = runs[least]
            end += 1
    return end


@kernel
def sketch(
    data: Any,
    offsets: Any,
    tables: Any,
    sizes: Any,
    factors: Any,
    summands: Any,
    words: Any,
    exact: Any,
    signatures: Any,
    prints: Any,
    ends: Any,
    kept: Any,
) -> int:
    """Writes the sketches of all texts, as `sketch.sketch_texts`, and gives the number of fingerprints."""
    longest = 0
    for i in range(len(offsets) - 1):
        longest = max(longest, offsets[i + 1] - offsets[i])
    room = 2 * longest + 2
    hashes, flags, low = np.empty(room, np.uint64), np.empty(room, np.uint8), np.empty(room, np.uint32)
    shingles, grams = np.empty(room, np.uint64), np.empty(room, np.uint64)
    end = np.int64(0)
    kept_hashes, kept_flags, kept_grams, places = kept
    for i in range(len(offsets) - 1):
        if len(places) > 0:
            hashes, flags = kept_hashes[places[i] :], kept_flags[places[i] :]
        count = read_words(data, offsets[i], offsets[i + 1], tables, hashes, flags)
        if len(places) > 0:
            places[i + 1] = places[i] + count
            hash_grams(hashes, count, kept_grams[places[i] :])
        total = np.uint64(count)
        for k in range(count):
            total = total * _STEP + hashes[k]
        words[i], exact[i] = count, finish(total)
        sign(shingles, hash_runs(hashes, count, sizes[0], shingles), factors, summands, low, signatures[i])
        end = winnow(grams, hash_runs(hashes, count, sizes[1], grams), sizes[2], prints, end)
        ends[i] = end
    return int(end)


@kernel
def sign_all(
    data: Any, offsets: Any, tables: Any, size: int, factors: Any, summands: Any, signatures: Any, signed: Any
) -> None:
    """Writes the signatures alone of all texts, and which have shingles to sign."""
    longest = 0
    for i in range(len(offsets) - 1):
        longest = max(longest, offsets[i + 1] - offsets[i])
    hashes, flags = np.empty(2 * longest + 2, dtype=np.uint64), np.empty(2 * longest + 2, dtype=np.uint8)
    runs, low = np.empty(2 * longest + 2, dtype=np.uint64), np.empty(2 * longest + 2, dtype=np.uint32)
    for i in range(len(offsets) - 1):
        count = read_words(data, offsets[i], offsets[i + 1], tables, hashes, flags)
        shingles = hash_runs(hashes, count, size, runs)
        signed[i] = shingles > 0
        sign(runs, shingles, factors, summands, low, signatures[i])

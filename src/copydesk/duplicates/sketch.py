"""Texts → what can be compared without the texts: an exact key, a MinHash signature, fingerprints.

`sketch_texts` is the plain way, text by text, and states what a sketch is; `compiled.sketch_texts` gives the same
for large corpora in one pass over Arrow's buffers.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from copydesk.duplicates.hashing import Hashes, hash_sequence, read_words, shingles
from copydesk.duplicates.lists import Lists, hold_lists
from copydesk.duplicates.permutations import COPY_BANDS, PERMUTATIONS, Signatures, band_keys, permutations

SIGNATURE_WORDS = 5
"""Words of a shingle of the signature: 5 as in the literature on news (shorter ones make strangers look alike)."""
FINGERPRINT_WORDS = 4
"""Words of a shingle of the fingerprints. With 5, texts of 8 % wrong characters share too few (see
bench/duplicates.py); with 3, strangers share too many."""
WINDOW = 16
"""Of each 16 successive shingles at least one is a fingerprint (Schleimer et al., Winnowing, SIGMOD 2003): a common
passage of 19 words is never missed. 30 halves the keys and loses a tenth of the cut-off texts."""


@dataclass(frozen=True, slots=True)
class Sketches:
    """Sketches of n texts.

    `words` int64 (n,), `exact` uint64 (n,): equal for texts of the same folded words; `signatures` uint32 (n, 128), all
    ones where there are fewer than five words, shape (0, 128) where they aren't kept; `bands` uint32 (bands, n): their
    keys; `prints`: their fingerprints, uint64.
    """

    words: npt.NDArray[np.int64]
    exact: Hashes
    signatures: Signatures
    bands: Signatures
    prints: Lists


def sketch_texts(texts: Iterable[str]) -> Sketches:
    """The sketches of texts, in order.

    >>> sketches = sketch_texts(["One two three.", "ONE, two: three"])
    >>> bool(sketches.exact[0] == sketches.exact[1]), sketches.words.tolist()
    (True, [3, 3])
    """
    count, exact, signatures, fingerprints = [], [], [], []
    for text in texts:
        hashes, _ = read_words(text)
        count.append(len(hashes))
        exact.append(hash_sequence(hashes.tolist()))
        signatures.append(sign(shingles(hashes, SIGNATURE_WORDS)))
        fingerprints.append(winnow(shingles(hashes, FINGERPRINT_WORDS)))
    starts = np.zeros(len(count) + 1, dtype=np.int64)
    rows = np.array(signatures, dtype=np.uint32).reshape(-1, PERMUTATIONS)
    np.cumsum([len(f) for f in fingerprints], out=starts[1:])
    return Sketches(
        words=np.array(count, dtype=np.int64),
        exact=np.array(exact, dtype=np.uint64),
        signatures=rows,
        bands=band_keys(rows, COPY_BANDS),
        prints=hold_lists(np.concatenate([*fingerprints, np.zeros(0, dtype=np.uint64)]), starts),
    )


def sign(grams: Hashes) -> Signatures:
    """The signature of shingles: uint32, shape (128,); all ones if there are none.

    Each value is the smallest a·fmix32(h) + b mod 2³² over the low 32 bits h of the shingles' hashes.
    """
    factors, summands = permutations()
    if not len(grams):
        return np.full(PERMUTATIONS, 0xFFFFFFFF, dtype=np.uint32)
    low = grams.astype(np.uint32)
    low = (low ^ (low >> np.uint32(16))) * np.uint32(0x85EBCA6B)
    low = (low ^ (low >> np.uint32(13))) * np.uint32(0xC2B2AE35)
    low ^= low >> np.uint32(16)
    result: Signatures = (low[:, None] * factors[None, :] + summands[None, :]).min(axis=0)
    return result


def winnow(grams: Hashes) -> Hashes:
    """The fingerprints of shingles: of each window of 16 the smallest hash, in order, immediate repeats once.

    Fewer than 16 shingles are one window; none give none.
    """
    if not len(grams):
        return grams
    windows = np.lib.stride_tricks.sliding_window_view(grams, min(WINDOW, len(grams)))
    least: Hashes = windows.min(axis=1)
    chosen: Hashes = least[np.concatenate([[True], least[1:] != least[:-1]])]
    return chosen

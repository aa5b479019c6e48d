"""Pairs by the bands of their signatures alone: what an LSH index at a threshold would find, without verification.

For comparison with other programs, and for those who want what they are used to. It finds lightly edited copies only;
`find_pairs`
is what the pipeline uses.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from copydesk.duplicates.buffers import buffers
from copydesk.duplicates.candidates import pair_by_key, unpack, widen
from copydesk.duplicates.compiled import sign_texts
from copydesk.duplicates.groups import distinct
from copydesk.duplicates.permutations import band_keys, bands


def pair_by_bands(texts: pa.Array, threshold: float) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """The pairs (smaller and larger position) of texts that share a band at a Jaccard threshold (0 to 1), sorted.

    Every pair that `datasketch.MinHashLSH(threshold, num_perm=128)` would return for these signatures, unless more
    than 32
    texts share a band: then each is paired with a few of them, and all hang together.

    >>> story = "The council voted on Monday to close the old pool by the river at the end of the season."
    >>> pair_by_bands(pa.array([story, "Rain fell in the hills.", story]), 0.7)
    (array([0]), array([2]))
    """
    chosen = bands(threshold)
    signatures, signed = sign_texts(buffers(texts, keep_bytes=0))
    known = np.flatnonzero(signed)
    keys = band_keys(signatures[known], chosen)
    found = [pair_by_key(widen(column), known, dense=True) for column in keys]
    return unpack(distinct(np.concatenate(found)))

"""What datasketch gives: the permutations of MinHash, the arithmetic of its bands, its own signature objects.

Signatures made here are, bit for bit, those of `datasketch.MinHash(128, seed=1)` in its scheme "affine32" over the
low 32 bits of the shingles' hashes, so that they can be put into any datasketch index.
Both are worked out here: datasketch, with SciPy behind it, takes longer to load than a small corpus takes to compare.
It is imported only to export.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from copydesk.duplicates.hashing import STEP

if TYPE_CHECKING:
    from datasketch import LeanMinHash

PERMUTATIONS = 128
"""Values of a signature. 64 halve the memory and double the error of the estimate; 256 find nothing more."""
SEED = 1
"""datasketch's default: signatures of other programs that keep it can be compared."""
SCHEME: Final = "affine32"
"""datasketch 2.0's default scheme; 1.x used another one, whose values can't be compared."""

BAND_JACCARD = 0.5
"""Where the bands of the signatures begin to find pairs. Below it fingerprints find them; the bands are for short
texts and wide stories.
"""

JACCARD_STEPS = 2000
"""Steps of the sums over all Jaccards: enough for the same bands as the integrals give at every hundredth."""

Signatures = npt.NDArray[np.uint32]


@cache
def permutations() -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.uint32]]:
    """Factors and summands of the 128 permutations h → a·h + b mod 2³², uint32, shape (128,) each.

    Drawn as datasketch draws them for `affine32`: odd factors, then summands, from NumPy's generator of 1995.
    """
    draw = np.random.RandomState(SEED)
    factors = draw.randint(0, 1 << 31, PERMUTATIONS, dtype=np.uint32) * np.uint32(2) + np.uint32(1)
    return factors, draw.randint(0, 1 << 32, PERMUTATIONS, dtype=np.uint32)


@dataclass(frozen=True, slots=True)
class Bands:
    """How a signature is cut into keys: `count` bands of `rows` values each."""

    count: int
    rows: int

    def probability(self, jaccard: float) -> float:
        """The chance (0 to 1) that two texts of this Jaccard share at least one band.

        >>> round(Bands(25, 5).probability(0.5), 2)
        0.55
        """
        return float(1 - (1 - jaccard**self.rows) ** self.count)


COPY_BANDS: Final = Bands(25, 5)
"""`bands(BAND_JACCARD)`, which each process would take .02 s to work out."""


def describe_bands(chosen: Bands) -> str:
    """The bands, and the chance at which they find a pair, by its Jaccard.

    >>> describe_bands(Bands(25, 5))
    '25 bands of 5 rows; .5: 0.548, .6: 0.868, .7: 0.990, .8: 1.000, .9: 1.000'
    """
    chances = ", ".join(f".{tenths}: {chosen.probability(tenths / 10):.3f}" for tenths in range(5, 10))
    return f"{chosen.count} bands of {chosen.rows} rows; {chances}"


@cache
def bands(threshold: float) -> Bands:
    """The bands that datasketch's index would use at this Jaccard threshold (0 to 1).

    Those for which strangers below the threshold that share a band, and copies above it that share none, are fewest in
    all (Leskovec, Rajaraman, Ullman, Mining of Massive Datasets, chapter 3).

    >>> bands(BAND_JACCARD) == COPY_BANDS
    True
    """
    step = 1 / JACCARD_STEPS
    jaccard = np.arange(step / 2, 1, step)
    choices = [
        Bands(count, rows) for count in range(1, PERMUTATIONS + 1) for rows in range(1, PERMUTATIONS // count + 1)
    ]
    wrong = []
    for choice in choices:
        shared = 1 - (1 - jaccard**choice.rows) ** choice.count
        wrong.append(float(np.where(jaccard < threshold, shared, 1 - shared).sum()))
    return choices[int(np.argmin(wrong))]


def band_keys(signatures: Signatures, bands: Bands) -> Signatures:
    """A key per band and text: uint32, shape (bands, texts). Two strangers of a million share one by chance in 1 of
    10,000 cases, and are measured.

    >>> band_keys(np.zeros((2, 128), dtype=np.uint32), Bands(25, 5)).shape
    (25, 2)
    """
    keys = np.empty((bands.count, len(signatures)), dtype=np.uint32)
    for band in range(bands.count):
        total = np.full(len(signatures), band + 1, dtype=np.uint64)
        for row in range(bands.rows):
            total = (total ^ signatures[:, band * bands.rows + row]) * np.uint64(STEP)
            total ^= total >> np.uint64(32)
        keys[band] = (total >> np.uint64(32)).astype(np.uint32)
    return keys


def export(signature: Signatures) -> LeanMinHash:
    """A signature (uint32, shape (128,)) as datasketch's own object, for its indexes and files."""
    from datasketch import LeanMinHash

    return LeanMinHash(seed=SEED, hashvalues=signature, scheme=SCHEME)

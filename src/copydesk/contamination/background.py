"""What words weigh and mean in news at large: the table that ships with the package.

`data/background.npz` holds figures only, no text: for each of some 21,000 words its 32-bit hash, in how many of the
training articles it stood, how much more often it stands in leads than elsewhere, and a vector of 128 small
integers in which the paragraphs of one article lie close; and such vectors of some of the articles, as company for
paragraphs. bench/train_foreign.py makes it and says from what.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib.resources import as_file, files
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from copydesk.contamination.hashing import word_hash
from copydesk.machine.compiling import digest_sources
from copydesk.machine.kept_arrays import Arrays, kept_arrays

MIN_IDF = 0.9
"""Words in more than two articles of five carry no subject and weigh nothing."""


KEPT_WORDS = 4_096
"""Words asked for one by one of which the answer is kept: most are the first words of sentences, and the same ones."""


@dataclass(frozen=True, slots=True)
class Background:
    """Known words, ordered by hash. All arrays have one row per word.

    `words` uint32; `articles` int32, in how many of `size` articles the word stood; `leads` float32, log-odds of
    standing in a lead; `names` float32, share of the times that it stood as a name; `vectors` float32, shape
    (words, 128), not normalised. `company` float32, unit vectors of some of its articles. `units` are the whole numbers
    that make the vectors when multiplied by `step`: four times as many stay in the cache. Made of these: `idf` float32,
    log inverse article frequency, 0 for words that carry no subject; `buckets` int64, where the words of each upper
    half of a hash start; `table`, the units (or the vectors, where there are none) and a row of zeros for unknown
    words; `rarity` float64, the idf and behind it that of unknown words, which are as rare as a word can be.
    """

    words: NDArray[np.uint32]
    articles: NDArray[np.int32]
    leads: NDArray[np.float32]
    names: NDArray[np.float32]
    vectors: NDArray[np.float32]
    size: int
    company: NDArray[np.float32]
    units: NDArray[np.int8] | None = None
    step: float = 1.0
    idf: NDArray[np.float32] = field(init=False)
    buckets: NDArray[np.int64] = field(init=False)
    table: NDArray[np.float32] | NDArray[np.int8] = field(init=False)
    rarity: NDArray[np.float64] = field(init=False)

    def __post_init__(self) -> None:
        idf = np.log((self.size + 1) / (self.articles + 0.5)).astype(np.float32)
        edges = np.arange((1 << 16) + 1, dtype=np.int64) << 16
        object.__setattr__(self, "buckets", np.searchsorted(self.words.astype(np.int64), edges))
        units = self.vectors.astype(np.float32, copy=False) if self.units is None else self.units
        object.__setattr__(self, "table", np.concatenate([units, np.zeros((1, units.shape[1]), units.dtype)]))
        object.__setattr__(self, "idf", np.where(idf < MIN_IDF, np.float32(0), idf))
        rarest = np.float32(np.log((self.size + 1) / 0.5))
        object.__setattr__(self, "rarity", np.append(self.idf, rarest).astype(np.float64))

    def places(self, ids: NDArray[np.uint32]) -> NDArray[np.uint32]:
        """Where words by row stand in `table` and `rarity`: larger numbers stand for unknown words."""
        places: NDArray[np.uint32] = np.minimum(ids, np.uint32(self.words.size))
        return places

    def vectors_of(self, ids: NDArray[np.uint32]) -> NDArray[np.float32]:
        """The vectors of words by row; those of unknown words are zeros."""
        vectors: NDArray[np.float32] = self.table[self.places(ids)] * np.float32(self.step)
        return vectors

    def weights(self, ids: NDArray[np.uint32]) -> NDArray[np.float32]:
        """The idf of words by row; larger numbers stand for unknown words."""
        weights: NDArray[np.float32] = self.rarity[self.places(ids)].astype(np.float32)
        return weights

    def rows(self, words: NDArray[np.uint32]) -> NDArray[np.int64]:
        """The row of each word, -1 where it is unknown."""
        bucket = words >> np.uint32(16)
        at, end = self.buckets[bucket], self.buckets[bucket + np.uint32(1)]
        rows = np.full(words.size, -1, np.int64)
        left = np.flatnonzero(at < end)
        while left.size:
            hit = self.words[at[left]] == words[left]
            rows[left[hit]] = at[left[hit]]
            left = left[~hit]
            at[left] += 1
            left = left[at[left] < end[left]]
        return rows

    def row(self, word: int) -> int:
        """The row of one word by its hash, -1 where it is unknown: a tenth of the time that `rows` takes for one."""
        row = int(self.words.searchsorted(np.uint32(word)))
        return row if row < self.words.size and self.words[row] == word else -1

    def weight(self, word: int) -> float:
        """How rare one word is: the inverse article frequency of its hash, as a logarithm."""
        row = self.row(word)
        seen = int(self.articles[row]) if row >= 0 else 0
        return float(np.log((self.size + 1) / (seen + 0.5)))


@cache
def load_background() -> Background:
    """The table that ships with the package."""
    # Unpacked it is kept: to unpack it takes .06 s, in each process that asks for a word.
    with as_file(files("copydesk.data").joinpath("background.npz")) as path:
        digest = digest_sources([path, Path(__file__)])
        table = kept_arrays(Path(__file__).parent, f"background-{digest}", lambda: _unpack(path))
    arrays = {name: values for name, values in table.items() if name not in ("size", "step")}
    # Writable, as kernels are compiled for.
    writable = {**arrays, "words": table["words"].copy()}
    return Background(**writable, size=int(table["size"]), step=float(table["step"]))


def _unpack(path: Path) -> Arrays:
    """The fields of the background, as the file has them in fewer bytes."""
    with np.load(path) as table:
        return {
            "words": table["words"],
            "articles": table["articles"].astype(np.int32),
            "leads": table["leads"].astype(np.float32) / 32,
            "names": table["names"].astype(np.float32) / 255,
            "vectors": table["vectors"].astype(np.float32) * table["scale"].astype(np.float32),
            "units": table["vectors"],
            "step": table["scale"].astype(np.float32),
            "size": table["size"],
            "company": table["company"].astype(np.float32) / 127,
        }


@lru_cache(KEPT_WORDS)
def articles_with(word: str) -> int:
    """In how many articles of the background a word stood; 0 for an unknown word.

    >>> articles_with("year") > 1000, articles_with("ayear")
    (True, 0)
    """
    background = load_background()
    row = background.row(word_hash(word))
    return int(background.articles[row]) if row >= 0 else 0


@lru_cache(KEPT_WORDS)
def name_share(word: str) -> float:
    """How often a word of the background stood as a name, of all times (0 to 1); 0 for an unknown word.

    >>> name_share("abbott") > 0.5 > name_share("year")
    True
    """
    background = load_background()
    row = background.row(word_hash(word))
    return float(background.names[row]) if row >= 0 else 0.0

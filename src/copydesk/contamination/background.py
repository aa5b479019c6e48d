"""What words weigh and mean in news at large: the table that ships with the package.

`data/background.npz` holds figures only, no text: for each of some 40,000 words its 32-bit hash, in how many of the
training articles it stood, how much more often it stands in leads than elsewhere, and a vector of 64 small
integers in which the paragraphs of one article lie close. bench/train_foreign.py makes it and says from what.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files

import numpy as np
from numpy.typing import NDArray

from copydesk.contamination.hashing import word_hash


@dataclass(frozen=True, slots=True)
class Background:
    """Known words, ordered by hash. All arrays have one row per word.

    `words` uint32; `articles` int32, in how many of `size` articles the word stood; `leads` float32, log-odds of
    standing in a lead; `names` float32, share of the times that it stood as a name; `vectors` float32, shape
    (words, 64), not normalised: frequent words are short.
    """

    words: NDArray[np.uint32]
    articles: NDArray[np.int32]
    leads: NDArray[np.float32]
    names: NDArray[np.float32]
    vectors: NDArray[np.float32]
    size: int

    def rows(self, words: NDArray[np.uint32]) -> NDArray[np.int64]:
        """The row of each word, -1 where it is unknown."""
        at = np.searchsorted(self.words, words)
        at[at == self.words.size] = 0
        return np.where(self.words[at] == words, at, -1)

    def weight(self, word: int) -> float:
        """How rare one word is: the inverse article frequency of its hash, as a logarithm."""
        row = int(self.rows(np.array([word], np.uint32))[0])
        seen = int(self.articles[row]) if row >= 0 else 0
        return float(np.log((self.size + 1) / (seen + 0.5)))


@cache
def load_background() -> Background:
    """The table that ships with the package."""
    with as_file(files("copydesk.data").joinpath("background.npz")) as path, np.load(path) as table:
        scale = table["scale"].astype(np.float32)
        return Background(
            words=table["words"],
            articles=table["articles"].astype(np.int32),
            leads=table["leads"].astype(np.float32) / 32,
            names=table["names"].astype(np.float32) / 255,
            vectors=table["vectors"].astype(np.float32) * scale,
            size=int(table["size"]),
        )


def articles_with(word: str) -> int:
    """In how many articles of the background a word stood; 0 for an unknown word.

    >>> articles_with("year") > 1000, articles_with("ayear")
    (True, 0)
    """
    background = load_background()
    row = int(background.rows(np.array([word_hash(word)], np.uint32))[0])
    return int(background.articles[row]) if row >= 0 else 0


def name_share(word: str) -> float:
    """How often a word of the background stood as a name, of all times (0 to 1); 0 for an unknown word.

    >>> name_share("abbott") > 0.5 > name_share("year")
    True
    """
    background = load_background()
    row = int(background.rows(np.array([word_hash(word)], np.uint32))[0])
    return float(background.names[row]) if row >= 0 else 0.0

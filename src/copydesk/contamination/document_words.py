"""The words of whole articles: read where the columns lie, a batch at a time, and never all at once.

Of a hundred thousand articles there are some twenty million. What is made of them are a few figures for each article.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from copydesk.contamination.background import Background
from copydesk.contamination.columns import NAME
from copydesk.contamination.kernels import run_kernel
from copydesk.contamination.papers import MEAN_WORDS, READ, Corpus, flat_column
from copydesk.contamination.signals import Figures
from copydesk.contamination.vectors import sum_vectors, unit_rows
from copydesk.spread import as_table, lying, lying_rows, scattered

FEW = 32
"""Of articles that lie in a piece with fewer of them a batch is made with others."""


@dataclass(frozen=True, slots=True)
class Words:
    """The distinct telling words of some articles, one article after the other: those of article i stand from
    `starts[i]` to `starts[i + 1]`. `ids` are rows of the background, or above them; `counts`, how often each stands in
    its article; `titled`, whether in the title. `fluent` is the share of known words of each article.
    """

    starts: NDArray[np.int64]
    ids: NDArray[np.uint32]
    counts: NDArray[np.int32]
    titled: NDArray[np.bool_]
    fluent: Figures

    def __len__(self) -> int:
        return self.fluent.size

    def in_titles(self) -> Words:
        """The words of the titles, each as often as it would stand in a title: once."""
        titled = self.titled
        before = np.concatenate([[0], np.cumsum(titled)])
        once = np.ones(int(before[-1]), np.int32)
        return Words(before[self.starts], self.ids[titled], once, titled[titled], self.fluent)


@dataclass(frozen=True, slots=True)
class Documents:
    """Some articles of a corpus, by their rows, which are in order: title and kept blocks of each. One without any has
    no words.
    """

    corpus: Corpus
    rows: NDArray[np.int64]

    def __len__(self) -> int:
        return self.rows.size

    def at(self, places: NDArray[np.int64]) -> Documents:
        """Those in some places, which are in order."""
        return Documents(self.corpus, self.rows[places])

    def words(self, places: NDArray[np.int64]) -> Words:
        """The words of some of them, by their places among `rows`; few, since they are held all at once."""
        rows = self.rows[places]
        table = as_table(self.corpus.columns.take(pa.array(rows))).combine_chunks()
        return self._read(table, rows)

    def batches(self) -> list[NDArray[np.int64]]:
        """The rows of all, batch by batch as they lie; those that are scattered together."""
        alone = scattered(self.corpus.columns, self.rows, FEW)
        rest = self.rows[alone]
        together = (rest[low : low + READ] for low in range(0, rest.size, READ))
        return [*lying_rows(self.corpus.columns, self.rows[~alone], READ), *together]

    def read(self, batch: NDArray[np.int64]) -> tuple[NDArray[np.int64], Words]:
        """The places of those in a batch, and their words."""
        places = np.searchsorted(self.rows, batch)
        parts = list(lying(self.corpus.columns, batch, READ)) if batch.size >= FEW else []
        # Scattered ones may all lie in one piece, too, but in another order than that of their rows.
        if len(parts) == 1 and np.array_equal(parts[0][0], batch):
            return places, self._read(parts[0][1], batch)
        return places, self.words(places)

    def _read(self, table: pa.Table | pa.RecordBatch, rows: NDArray[np.int64]) -> Words:
        (words, firsts), (blocks, starts) = flat_column(table, "words"), flat_column(table, "distinct")
        stay = ~self.corpus.is_gone(rows)
        positions, counts = flat_column(table, "positions")[0], flat_column(table, "counts")[0] & (NAME - 1)
        often, titled = np.zeros(words.size, np.int32), np.zeros(words.size, np.bool_)
        tokens = flat_column(table, "tokens")[0]
        work = (self.corpus.starts.size - 1) * MEAN_WORDS
        run_kernel(_add_up, work, firsts, starts, blocks, positions, stay, tokens, counts, often, titled)
        stands = often > 0
        known, total = (_sums(flat_column(table, name)[0] * stay, starts) for name in ("known", "lengths"))
        before = np.concatenate([[0], np.cumsum(stands)])
        return Words(before[firsts], words[stands], often[stands], titled[stands], known / np.maximum(total, 1))


def _add_up(firsts, starts, distinct, positions, stay, tokens, counts, often, titled):
    """How often each word of each article stands in the blocks that stay, and which stand in the title."""
    token = 0
    for article in range(firsts.shape[0] - 1):
        for block in range(starts[article], starts[article + 1]):
            end = token + distinct[block]
            if stay[block]:
                for n in range(token, end):
                    word = firsts[article] + tokens[n]
                    often[word] += counts[n]
                    if positions[block] < 0:
                        titled[word] = True
            token = end


def _sums(values: NDArray[np.int32], starts: NDArray[np.int64]) -> NDArray[np.int64]:
    """The sum of each list of whole numbers."""
    before = np.concatenate([[0], np.cumsum(values, dtype=np.int64)])
    sums: NDArray[np.int64] = before[starts[1:]] - before[starts[:-1]]
    return sums


def document_vectors(words: Words, background: Background) -> NDArray[np.float32]:
    """Unit vectors of whole articles, words counted by the logarithm of how often they stand."""
    known = words.ids < background.words.size
    often = (1 + np.log(words.counts[known])).astype(np.float32)
    bounds = np.concatenate([[0], np.cumsum(known)])[words.starts]
    return unit_rows(sum_vectors(words.ids[known].astype(np.int64), often, bounds, background))

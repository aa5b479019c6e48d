"""Which words speak for what a corpus is about, and how loudly the most telling ones of each article do."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from copydesk.contamination.background import Background
from copydesk.contamination.columns import UNKNOWN
from copydesk.contamination.document_words import Words
from copydesk.contamination.kernels import run_kernel
from copydesk.contamination.papers import MEAN_WORDS
from copydesk.contamination.signals import Figures

PRIOR = 3.0
"""Articles of the background that are added to the company when words are counted."""
TELLING_WORDS = 10
"""Words of an article that speak most for the theme. All of them, or the better half, told less: .36 of the strangers
for .52 at 1 % false."""
MAX_ODDS = 3.0
"""Log-odds at which one word's say ends."""
EXACT = 2.0**24
"""Figures are rounded to one part of this many before they are added, so that their sum doesn't depend on the order."""
BUCKET_BITS = 15
"""Unknown words, which have 31 bits, are looked up in buckets by the upper 16."""


@dataclass(frozen=True, slots=True)
class Telling:
    """The words of a company by their `ids`, in order: `known` has the number of each word of the background, -1 for
    those that don't occur; the unknown ones are numbered from `first` on, and those of bucket b start at `buckets[b]`
    among them. `says` is what each says in an article outside and inside of the company, shape (2, words). `size` is
    the number of articles in the corpus.
    """

    ids: NDArray[np.uint32]
    known: NDArray[np.int64]
    buckets: NDArray[np.int64]
    first: int
    says: Figures
    size: int

    def figures(self, words: Words, inside: NDArray[np.bool_]) -> tuple[Figures, Figures]:
        """The mean over each article's most telling words of how much likelier they are in the company's other articles
        than in the background's, times the root of how many of these hold them; and the same with repeated words
        counting more. `inside`: it belongs to the company.
        """
        work = self.size * MEAN_WORDS
        numbers = np.empty(words.ids.size, np.int64)
        run_kernel(_find, work, words.ids, self.known, self.ids[self.first :], self.buckets, self.first, numbers)
        often = np.sqrt(1 + np.log(np.arange(1, int(words.counts.max(initial=1)) + 1)))
        plain, stressed = np.zeros(len(words)), np.zeros(len(words))
        own = words.starts, numbers, inside.astype(np.int64)
        run_kernel(_tell, work, *own, words.counts, self.says, often, plain, stressed)
        return plain / TELLING_WORDS, stressed / TELLING_WORDS


def learn_telling(company: Words, background: Background, size: int) -> Telling:
    """What the words of a company say; `size` is the number of articles in the corpus."""
    spoken, articles = np.unique(company.ids, return_counts=True)
    says = np.stack([_say(spoken, articles - own, len(company) - own, background) for own in (0, 1)])
    return hold_telling(spoken, says, background, size)


def hold_telling(ids: NDArray[np.uint32], says: Figures, background: Background, size: int) -> Telling:
    """What these words say (shape (2, words)), by their ids in order."""
    first = int(np.searchsorted(ids, UNKNOWN))
    known = np.full(background.words.size, -1)
    known[ids[:first]] = np.arange(first)
    edges = UNKNOWN + (np.arange((1 << 16) + 1, dtype=np.int64) << BUCKET_BITS)
    buckets = np.searchsorted(ids[first:].astype(np.int64), edges)
    return Telling(ids, known, buckets, first, says, size)


def _say(ids: NDArray[np.uint32], among: NDArray[np.int64], others: int, background: Background) -> Figures:
    """How much each word says that stands `among` so many of the other articles; nothing where it stands in none."""
    known = ids < background.words.size
    seen = np.where(known, background.articles[np.where(known, ids, 0)], 0)
    base = (seen + 0.5) / (background.size + 1)
    share = (among + PRIOR * base) / (others + PRIOR)
    say: Figures = np.clip(np.log(share / base), 0, MAX_ODDS) * np.sqrt(share) * (among > 0)
    return say


def _find(ids, known, unknown, buckets, first, numbers):
    """In `numbers` that of each word among the company's, -1 for those that it hasn't."""
    for n in range(ids.shape[0]):
        numbers[n] = -1
        if ids[n] < known.shape[0]:
            numbers[n] = known[ids[n]]
        elif ids[n] >= UNKNOWN:
            bucket = (np.int64(ids[n]) - UNKNOWN) >> BUCKET_BITS
            for place in range(buckets[bucket], buckets[bucket + 1]):
                if unknown[place] == ids[n]:
                    numbers[n] = first + place


def _tell(starts, numbers, inside, counts, says, often, plain, stressed):
    """In `plain` the sum of the highest figures of each article's words; in `stressed` that of the highest where each
    is taken times how `often` it counts.
    """
    best = np.zeros((2, TELLING_WORDS + 1))  # in order, the highest first; the last one is of no account
    for article in range(starts.shape[0] - 1):
        best[:] = 0.0
        for n in range(starts[article], starts[article + 1]):
            if numbers[n] < 0:
                continue
            figure = says[inside[article], numbers[n]]
            for way in range(2):
                value = np.rint((figure * often[counts[n] - 1] if way else figure) * EXACT) / EXACT
                at = TELLING_WORDS
                while at > 0 and best[way, at - 1] < value:
                    best[way, at] = best[way, at - 1]
                    at -= 1
                best[way, at] = value
        plain[article] = best[0, :TELLING_WORDS].sum()
        stressed[article] = best[1, :TELLING_WORDS].sum()

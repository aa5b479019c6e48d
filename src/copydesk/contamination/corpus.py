"""The paragraphs of all articles as arrays: which words, how rare, where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from copydesk.contamination.background import Background
from copydesk.contamination.kernels import run_kernel
from copydesk.contamination.tokens import Tokens, tokenise

MIN_IDF = 0.9
"""Words in more than two articles of five carry no subject and weigh nothing."""


@dataclass(frozen=True, slots=True)
class Corpus:
    """Paragraphs of articles, each article's title as its last one.

    Paragraph p has the distinct words `words[starts[p]:starts[p + 1]]` (ids of this corpus), their number of
    occurrences `counts` and whether they stood as names, `names`. Article a has the paragraphs from `articles[a]` to
    `articles[a + 1]`, the last of which is its title (maybe empty). `lengths` counts all words of a paragraph,
    `known_share` is the share of them that the background knows. `cluster` numbers the stories: copies share one.
    """

    words: NDArray[np.int64]
    counts: NDArray[np.int32]
    names: NDArray[np.bool_]
    starts: NDArray[np.int64]
    articles: NDArray[np.int64]
    cluster: NDArray[np.int64]
    idf: NDArray[np.float32]
    known: NDArray[np.int64]
    stories: NDArray[np.int32]
    lengths: NDArray[np.int64]
    known_share: NDArray[np.float64]

    @property
    def owner(self) -> NDArray[np.int64]:
        """The article of each paragraph."""
        sizes = np.diff(self.articles)
        return np.repeat(np.arange(sizes.size), sizes)


def _distinct(ids, is_name, starts, vocabulary):  # type: ignore[no-untyped-def]  # numba infers the arrays
    """Distinct words of each paragraph in order of appearance, with counts; and the bounds of the paragraphs."""
    n = ids.shape[0]
    words = np.empty(n, np.int64)
    counts = np.empty(n, np.int32)
    names = np.empty(n, np.bool_)
    bounds = np.empty(starts.shape[0], np.int64)
    seen = np.full(vocabulary, -1, np.int64)
    k = 0
    for p in range(starts.shape[0] - 1):
        bounds[p] = k
        for i in range(starts[p], starts[p + 1]):
            at = seen[ids[i]]
            if at >= bounds[p]:
                counts[at] += 1
                names[at] = names[at] or is_name[i]
            else:
                seen[ids[i]] = k
                words[k] = ids[i]
                counts[k] = 1
                names[k] = is_name[i]
                k += 1
    bounds[-1] = k
    return words[:k].copy(), counts[:k].copy(), names[:k].copy(), bounds


def _story_counts(words, starts, articles, cluster, vocabulary):  # type: ignore[no-untyped-def]
    """In how many stories each word stands; copies of a story, which lie one after the other, count once."""
    df = np.zeros(vocabulary, np.int32)
    last = np.full(vocabulary, -1, np.int64)
    for a in np.argsort(cluster, kind="mergesort"):
        for i in range(starts[articles[a]], starts[articles[a + 1]]):
            if last[words[i]] != cluster[a]:
                last[words[i]] = cluster[a]
                df[words[i]] += 1
    return df


def build_corpus(
    paragraphs: Sequence[Sequence[str]], titles: Sequence[str], cluster: NDArray[np.int64], background: Background
) -> Corpus:
    """The arrays for articles given as paragraphs and titles; `cluster` has the story number of each article.

    Rarity is counted over the background and the corpus together: a corpus of one article has the background
    alone, a corpus with a theme loses the theme's own words.
    """
    flat = [p for article, title in zip(paragraphs, titles, strict=True) for p in (*article, title)]
    tokens: Tokens = tokenise(flat)
    articles = np.zeros(len(titles) + 1, np.int64)
    np.cumsum([len(article) + 1 for article in paragraphs], out=articles[1:])
    vocabulary, ids = np.unique(tokens.words, return_inverse=True)
    words, counts, names, starts = run_kernel(
        _distinct, ids.size, ids.astype(np.int64), tokens.names, tokens.starts, vocabulary.size
    )
    stories = run_kernel(_story_counts, ids.size, words, starts, articles, cluster, vocabulary.size)
    known = background.rows(vocabulary)
    seen = stories + np.where(known >= 0, background.articles[known], 0)
    size = background.size + np.unique(cluster).size
    idf = np.log((size + 1) / (seen + 0.5)).astype(np.float32)
    lengths = np.diff(tokens.starts)
    owner = np.repeat(np.arange(lengths.size), lengths)
    known_words = np.bincount(owner, known[ids] >= 0, minlength=lengths.size)
    return Corpus(
        words=words,
        counts=counts,
        names=names,
        starts=starts,
        articles=articles,
        cluster=cluster,
        idf=np.where(idf < MIN_IDF, 0, idf).astype(np.float32),
        known=known,
        stories=stories,
        lengths=lengths,
        known_share=known_words / np.maximum(lengths, 1),
    )

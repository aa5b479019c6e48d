"""How well each paragraph fits its article, and whether it fits another article better: figures, no verdict."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from copydesk.contamination.background import Background
from copydesk.contamination.corpus import Corpus
from copydesk.contamination.kernels import run_kernel

WINDOW = 2
"""Paragraphs to either side that don't speak for a paragraph: foreign ones come in runs of up to three. In articles of
fewer than nine paragraphs it is one, in those of fewer than five none: too little would be left to speak."""
SMOOTHING = 0.6
"""Share of the background in a likelihood. Between 0.4 and 0.8 the ratio separates about as well."""

OWN = (
    "cover",  # rare words of the paragraph that stand elsewhere in the article, by weight (0 to 1)
    "cover_far",  # the same without the two paragraphs to either side
    "strength_far",  # how often they stand there
    "cover_near",  # words that only the neighbours share
    "cover_title",
    "likelihood",  # log-likelihood ratio per word, article (far) against background
    "names",  # weight of names not seen elsewhere in the article, against all weight
    "names_known",  # weight of names that are
    "similar",  # cosine of the paragraph's vector and the far rest's
    "similar_title",
    "similar_near",
    "similar_best",  # mean cosine with the two far paragraphs that are most like it
    "lead",  # how much it reads like a lead
    "weight",  # log of its sum of idf
)


def _vectors(words, starts, idf, known, table):  # type: ignore[no-untyped-def]  # numba infers the arrays
    """Unit vector of each paragraph, float32 (paragraphs, rank); zero where no word is known."""
    rank = table.shape[1]
    out = np.zeros((starts.shape[0] - 1, rank), np.float32)
    for p in range(starts.shape[0] - 1):
        for i in range(starts[p], starts[p + 1]):
            row = known[words[i]]
            if row >= 0 and idf[words[i]] > 0:
                out[p] += table[row]
        norm = np.sqrt((out[p] * out[p]).sum())
        if norm > 0:
            out[p] /= norm
    return out


def _own(words, counts, names, starts, articles, idf, known, leads, frequency, vectors, window, smoothing):  # type: ignore[no-untyped-def]  # noqa: C901 - a kernel calls no others
    """The figures of OWN for each paragraph, float32 (paragraphs, len(OWN)); titles have zeros."""
    out = np.zeros((starts.shape[0] - 1, 14), np.float32)
    size = idf.shape[0]
    in_article = np.zeros(size, np.int32)
    occurs = np.zeros(size, np.int32)
    in_window = np.zeros(size, np.int32)
    occurs_window = np.zeros(size, np.int32)
    in_title = np.zeros(size, np.bool_)
    rank = vectors.shape[1]
    for a in range(articles.shape[0] - 1):
        first, title = articles[a], articles[a + 1] - 1
        total = 0
        whole = np.zeros(rank, np.float32)
        for p in range(first, title + 1):
            for i in range(starts[p], starts[p + 1]):
                in_article[words[i]] += 1
                occurs[words[i]] += counts[i]
                total += counts[i]
                if p == title:
                    in_title[words[i]] = True
            whole += vectors[p]
        if title - first < 5:
            reach = 0
        elif title - first < 9:
            reach = min(1, window)
        else:
            reach = window
        for p in range(first, title):
            low, high = max(first, p - reach), min(title, p + reach + 1)
            inside = 0
            near = np.zeros(rank, np.float32)
            far = whole.copy()
            for q in range(low, high):
                for i in range(starts[q], starts[q + 1]):
                    in_window[words[i]] += 1
                    occurs_window[words[i]] += counts[i]
                    inside += counts[i]
                far -= vectors[q]
                if q != p:
                    near += vectors[q]
            weight = cover = cover_far = strength = cover_near = cover_title = likelihood = unseen = seen = lead = 0.0
            n = 0
            for i in range(starts[p], starts[p + 1]):
                w = words[i]
                value = idf[w]
                if known[w] >= 0:
                    lead += leads[known[w]]
                n += 1
                if value <= 0:
                    continue
                weight += value
                away = in_article[w] - in_window[w]
                if in_article[w] > 1:
                    cover += value
                    if names[i]:
                        seen += value
                    if away > 0:
                        cover_far += value
                        strength += value * np.log1p(np.float32(away))
                    else:
                        cover_near += value
                elif names[i]:
                    unseen += value
                if in_title[w]:
                    cover_title += value
                p_far = (occurs[w] - occurs_window[w]) / max(1, total - inside)
                likelihood += np.log((1 - smoothing) * p_far / frequency[w] + smoothing)
            if weight > 0:
                row = out[p]
                row[0] = cover / weight
                row[1] = cover_far / weight
                row[2] = strength / weight
                row[3] = cover_near / weight
                row[4] = cover_title / weight
                row[5] = likelihood / n
                row[6] = unseen / weight
                row[7] = seen / weight
                row[8] = (vectors[p] * far).sum() / max(np.float32(1e-6), np.sqrt((far * far).sum()))
                row[9] = (vectors[p] * vectors[title]).sum()
                row[10] = (vectors[p] * near).sum() / max(np.float32(1e-6), np.sqrt((near * near).sum()))
                best = second = np.float32(-1)
                for q in range(first, title + 1):
                    if q < low or q >= high:
                        s = (vectors[p] * vectors[q]).sum()
                        if s > best:
                            best, second = s, best
                        elif s > second:
                            second = s
                row[11] = max(np.float32(0), (best + max(second, np.float32(0))) / 2)
                row[12] = lead / np.sqrt(n)
                row[13] = np.log(weight)
            for q in range(low, high):
                for i in range(starts[q], starts[q + 1]):
                    in_window[words[i]] = 0
                    occurs_window[words[i]] = 0
        for p in range(first, title + 1):
            for i in range(starts[p], starts[p + 1]):
                in_article[words[i]] = 0
                occurs[words[i]] = 0
                in_title[words[i]] = False
    return out


def own_figures(corpus: Corpus, background: Background) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """The figures of OWN for each paragraph, shape (paragraphs, len(OWN)), and the paragraphs' unit vectors."""
    size = corpus.words.size
    vectors = run_kernel(_vectors, size, corpus.words, corpus.starts, corpus.idf, corpus.known, background.vectors)
    frequency = np.exp(-corpus.idf.astype(np.float64)) / 250
    figures = run_kernel(
        _own,
        size,
        corpus.words,
        corpus.counts,
        corpus.names,
        corpus.starts,
        corpus.articles,
        corpus.idf,
        corpus.known,
        background.leads,
        frequency,
        vectors,
        WINDOW,
        SMOOTHING,
    )
    return figures, vectors


ELSEWHERE = (
    "other",  # rare words that stand in the best other article, by weight (0 to 1)
    "other_fit",  # how well the paragraph that matches best there fits its own article: its cover_far
    "other_similar",  # and its cosine to the rest there
    "copied",  # share of the words of the best matching paragraph there
)

MAX_STORIES = 40
"""Words in more stories than this don't look for the paragraph elsewhere: they would find half of the corpus."""
MAX_KEYS = 12
"""The rarest words of a paragraph that look for it elsewhere."""


def _elsewhere(words, starts, articles, cluster, idf, df, posting_starts, postings, own, max_stories, max_keys):  # type: ignore[no-untyped-def]  # noqa: C901 - a kernel calls no others
    """The figures of ELSEWHERE and the paragraph that matches best, -1 for none."""
    n = starts.shape[0] - 1
    out = np.zeros((n, 4), np.float32)
    match = np.full(n, -1, np.int64)
    score = np.zeros(articles.shape[0] - 1, np.float32)
    touched = np.empty(max_stories * max_keys * 4 + 16, np.int64)
    mine = np.zeros(idf.shape[0], np.bool_)
    for a in range(articles.shape[0] - 1):
        for p in range(articles[a], articles[a + 1] - 1):
            low, high = starts[p], starts[p + 1]
            if high - low < 6:
                continue
            weight = np.float32(0)
            keys = 0
            rare = np.empty(high - low, np.float32)
            for i in range(low, high):
                weight += idf[words[i]]
                rare[i - low] = idf[words[i]] if 2 <= df[words[i]] <= max_stories else np.float32(0)
            if weight <= 0:
                continue
            order = np.argsort(-rare, kind="mergesort")
            count = 0
            for j in order[:max_keys]:
                if rare[j] <= 0:
                    break
                w = words[low + j]
                keys += 1
                for k in range(posting_starts[w], posting_starts[w + 1]):
                    b = postings[k]
                    if cluster[b] == cluster[a] or count >= touched.shape[0]:
                        continue
                    if score[b] == 0:
                        touched[count] = b
                        count += 1
                    score[b] += idf[w]
            if count == 0:
                continue
            for i in range(low, high):
                mine[words[i]] = True
            best_cover, best_b = np.float32(0), np.int64(-1)
            for _ in range(3):
                top, b = np.float32(0), np.int64(-1)
                for c in range(count):
                    if score[touched[c]] > top:
                        top, b = score[touched[c]], touched[c]
                if b < 0:
                    break
                score[b] = np.float32(0.0)
                cover = np.float32(0)
                for i in range(starts[articles[b]], starts[articles[b + 1]]):
                    if mine[words[i]]:
                        cover += idf[words[i]]
                        mine[words[i]] = False
                for i in range(low, high):
                    mine[words[i]] = True
                if cover > best_cover:
                    best_cover, best_b = cover, b
            for c in range(count):
                score[touched[c]] = np.float32(0)
            if best_b >= 0:
                out[p, 0] = best_cover / weight
                for q in range(articles[best_b], articles[best_b + 1] - 1):
                    shared = np.float32(0)
                    for i in range(starts[q], starts[q + 1]):
                        if mine[words[i]]:
                            shared += idf[words[i]]
                    if shared > out[p, 3] * weight:
                        out[p, 3] = shared / weight
                        match[p] = q
                if match[p] >= 0:
                    out[p, 1] = own[match[p], 1]
                    out[p, 2] = own[match[p], 8]
            for i in range(low, high):
                mine[words[i]] = False
    return out, match


def _postings(words, starts, articles, vocabulary, df, max_stories):  # type: ignore[no-untyped-def]
    """The articles of each word that is rare enough to look with."""
    count = np.zeros(vocabulary + 1, np.int64)
    last = np.full(vocabulary, -1, np.int64)
    for a in range(articles.shape[0] - 1):
        for i in range(starts[articles[a]], starts[articles[a + 1]]):
            w = words[i]
            if last[w] != a and 2 <= df[w] <= max_stories:
                last[w] = a
                count[w + 1] += 1
    bounds = np.cumsum(count)
    out = np.empty(bounds[-1], np.int64)
    at = bounds[:-1].copy()
    last[:] = -1
    for a in range(articles.shape[0] - 1):
        for i in range(starts[articles[a]], starts[articles[a + 1]]):
            w = words[i]
            if last[w] != a and 2 <= df[w] <= max_stories:
                last[w] = a
                out[at[w]] = a
                at[w] += 1
    return bounds, out


def other_figures(corpus: Corpus, own: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """The figures of ELSEWHERE, shape (paragraphs, len(ELSEWHERE)), and the best matching paragraph of each, or -1."""
    bounds, postings = run_kernel(
        _postings,
        corpus.words.size,
        corpus.words,
        corpus.starts,
        corpus.articles,
        corpus.idf.size,
        corpus.stories,
        MAX_STORIES,
    )
    result: tuple[NDArray[np.float32], NDArray[np.int64]] = run_kernel(
        _elsewhere,
        corpus.words.size,
        corpus.words,
        corpus.starts,
        corpus.articles,
        corpus.cluster,
        corpus.idf,
        corpus.stories,
        bounds,
        postings,
        own,
        MAX_STORIES,
        MAX_KEYS,
    )
    return result

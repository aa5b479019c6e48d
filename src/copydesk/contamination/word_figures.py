"""What the words of each block say: how much of it stands elsewhere in its article, and how often.

Of a large corpus all figures are added up in one loop over the words; arrays go over them some forty times. Both add in
the same order, and leave logarithms to numpy, so that the same figures come out.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from copydesk.contamination.background import Background
from copydesk.contamination.kernels import compiled
from copydesk.contamination.papers import Papers
from copydesk.contamination.windows import Place, far_words
from copydesk.machine.compiling import Pace

Figures = NDArray[np.float64]

SMOOTHING = 0.6
"""Share of the background in a likelihood. Between 0.4 and 0.8 the ratio separates about as well."""
WORDS_PER_ARTICLE = 250
"""Telling words of an article: makes the share of articles that hold a word into its share of all words."""
SHARES = ("cover", "cover_far", "strength_far", "cover_near", "cover_title", "names", "names_known")
"""What is taken as a share of a block's weight, in the order of the loop."""

PACE = Pace(Path(__file__).parent, "word_figures._add_up", load_work=100_000, compile_work=12_000_000)
"""Work is telling words: arrays take 300 nanoseconds for each, machine code 80. The compiler is there for vectors."""


def word_figures(papers: Papers, place: Place, background: Background) -> dict[str, Figures]:
    """The figures of SHARES, `likelihood` and `weight` by name (see `signals.OWN`), each of shape (blocks,)."""
    size = papers.lengths.size
    running = np.concatenate([[0], np.cumsum(papers.lengths)])
    every = np.repeat(running[papers.starts[1:]] - running[papers.starts[:-1]], np.diff(papers.starts))
    far = np.maximum(every - (running[place.high] - running[place.low]), 1)
    way = _figures_compiled if PACE.add(papers.tokens.size) else _figures
    sums, likely = way(papers, place, background, far)
    logs = np.bincount(papers.block_of_token, np.log((1 - SMOOTHING) * likely + SMOOTHING), size)
    shares = sums[1:] / np.maximum(sums[0], 1e-9)
    return dict(zip(SHARES, shares, strict=True)) | {
        "likelihood": logs / np.maximum(papers.lengths, 1),
        "weight": np.log(np.maximum(sums[0], 1.0)),
    }


def _figures(papers: Papers, place: Place, background: Background, far: NDArray[np.int64]) -> tuple[Figures, Figures]:
    """The weight of each block and of the words of SHARES in it; and by token how much likelier its word is in the far
    rest of the article, which has `far` words, than in the background.
    """
    weights = background.rarity[background.places(papers.words)]
    words = far_words(papers, place, weights)
    name, everywhere, away = papers.names, words.everywhere, words.away
    in_title, title = np.zeros(papers.words.size, np.bool_), np.zeros(papers.lengths.size, np.bool_)
    title[papers.titles] = True
    in_title[papers.tokens[title[words.block]]] = True
    shares = (
        everywhere > 1,
        away > 0,
        np.log1p(np.maximum(away, 0)),
        (everywhere > 1) & (away <= 0),
        in_title[papers.tokens],
        name & (everywhere == 1),
        name & (everywhere > 1),
    )
    sums = [words.total, *(np.bincount(words.block, words.weight * share, words.total.size) for share in shares)]
    return np.stack(sums), words.often / far[words.block] * np.exp(words.weight) * WORDS_PER_ARTICLE


def _figures_compiled(
    papers: Papers, place: Place, background: Background, far: NDArray[np.int64]
) -> tuple[Figures, Figures]:
    """As `_figures`, in one loop."""
    rarity = background.rarity
    most = int(np.diff(papers.starts).max(initial=0))
    sums, likely = np.zeros((len(SHARES) + 1, papers.lengths.size)), np.empty(papers.tokens.size)
    stands = np.zeros((papers.words.size, 5), np.int32)
    article = papers.tokens, papers.counts, papers.names, papers.bounds, papers.titles
    windows = place.low, place.high, far
    weights = background.places(papers.words), rarity, np.exp(rarity), np.log1p(np.arange(most + 1))
    compiled(_add_up)(*article, *windows, *weights, stands, sums, likely)
    return sums, likely


def _add_up(tokens, counts, names, bounds, titles, low, high, far, rows, rarity, odds, logs, stands, sums, likely):
    """Add up block by block, with counts of the words in a window that moves along.

    `stands` has for each word in how many blocks it stands and how often, the same in the window, and whether it stands
    in the title. `logs` has the logarithms of whole numbers. Nobody can foretell what holds for a word: what doesn't is
    added as nothing, which takes two thirds of the time that branches take.
    """
    for token in range(tokens.size):
        stands[tokens[token], 0] += 1
        stands[tokens[token], 1] += counts[token]
    for title in titles:
        for token in range(bounds[title], bounds[title + 1]):
            stands[tokens[token], 4] = 1
    first, end = 0, 0
    for block in range(bounds.size - 1):
        for token in range(bounds[end], bounds[max(end, high[block])]):
            stands[tokens[token], 2] += 1
            stands[tokens[token], 3] += counts[token]
        for token in range(bounds[first], bounds[low[block]]):
            stands[tokens[token], 2] -= 1
            stands[tokens[token], 3] -= counts[token]
        first, end = low[block], max(end, high[block])
        # A block counts as near itself; the title isn't in its window.
        alone = 1 if block >= high[block] else 0
        total, cover, cover_far, strength_far, cover_near, cover_title, new, known = (
            0.0,
            0.0,
            0.0,
            0.0,
            0.0,
            0.0,
            0.0,
            0.0,
        )
        for token in range(bounds[block], bounds[block + 1]):
            word, name = tokens[token], names[token]
            weight, elsewhere = rarity[rows[word]], stands[word, 0] > 1
            away = max(stands[word, 0] - stands[word, 2] - alone, 0)
            often = stands[word, 1] - stands[word, 3] - alone * counts[token]
            likely[token] = often / far[block] * odds[rows[word]] * WORDS_PER_ARTICLE
            total += weight
            cover += weight * elsewhere
            cover_far += weight * (away > 0)
            strength_far += weight * logs[away]
            cover_near += weight * (elsewhere & (away == 0))
            cover_title += weight * stands[word, 4]
            new += weight * (name & (not elsewhere))
            known += weight * (name & elsewhere)
        sums[:, block] = total, cover, cover_far, strength_far, cover_near, cover_title, new, known

"""From figures to a judgement: two logistic models, one on a paragraph's figures, one on its neighbours' scores.

The first model sees each paragraph by itself. The second sees its score among those of its article: a stranger among
paragraphs that belong together is foreign, one of many in a loose round-up is not. Both are linear in
the columns below; their weights are rows of `data/foreign.csv`, written by bench/train_foreign.py. Boosted trees on the
same columns found some 4 % more at the same loss, and earlier ones drifted to two to three times the loss on unseen
outlets; a model that can be read was worth more.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from copydesk.contamination.corpus import Corpus
from copydesk.contamination.kernels import run_kernel
from copydesk.contamination.signals import ELSEWHERE, OWN

Figures = NDArray[np.float64]

CLIP = 6.0
"""Standardised columns are cut here: one odd figure must not decide alone."""
COPIED_SHARE = 0.9
"""Share of a paragraph's rare words in one other paragraph from which it counts as a copy of it."""
MIN_PARAGRAPH_WORDS = 8
"""Words of two letters and more, the ones that are counted here."""
MIN_REST_WORDS = 180
"""Words that an article has besides a paragraph. With fewer, genuine paragraphs of briefs looked as strange as foreign
ones: there is too little to hold them against."""
SHORT_REST_WORDS = 350
"""Words besides a paragraph below which its article is short: its paragraphs have a limit of their own."""
MIN_KNOWN_SHARE = 0.75
"""Share of an article's words that the background knows. English news has 0.9 and more, German 0.3."""
PRIOR = 3.0
"""Paragraphs of an average article that are added when an article's own spread is estimated."""
RELATIVE = ("likelihood", "cover_far", "similar", "similar_best")


@dataclass(frozen=True, slots=True)
class Model:
    """A logistic model over named columns; all arrays float64, shape (columns,)."""

    columns: tuple[str, ...]
    mean: Figures
    scale: Figures
    weight: Figures
    intercept: float

    def parts(self, figures: Figures) -> Figures:
        """What each column adds to the log-odds, shape (rows, columns)."""
        scaled: Figures = np.clip((figures - self.mean) / self.scale, -CLIP, CLIP) * self.weight
        return scaled

    def score(self, figures: Figures) -> Figures:
        """The log-odds of each row, shape (rows,)."""
        scores: Figures = self.parts(figures).sum(axis=1) + self.intercept
        return scores


@dataclass(frozen=True, slots=True)
class Models:
    """Both models, and the log-odds from which a paragraph is removed or flagged; more in a short article."""

    single: Model
    among: Model
    remove: float
    remove_short: float
    flag: float

    def limits(self, rest: Figures) -> Figures:
        """The log-odds from which paragraphs are removed, by the logarithm of the words beside them."""
        limits: Figures = np.where(rest < np.log(SHORT_REST_WORDS), self.remove_short, self.remove)
        return limits


def _rows(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(files("copydesk.data").joinpath(name).read_text(encoding="utf-8").splitlines()))


@cache
def load_document_model() -> tuple[Model, float]:
    """The model of articles off a theme that ships with the package, and the log-odds from which one is off."""
    rows = _rows("off_topic.csv")
    limit = next(float(row["weight"]) for row in rows if row["model"] == "limit")
    return _model(rows, "document"), limit


@cache
def load_models() -> Models:
    """The models that ship with the package."""
    rows = _rows("foreign.csv")
    limits = {row["column"]: float(row["weight"]) for row in rows if row["model"] == "limit"}
    return Models(
        _model(rows, "single"),
        _model(rows, "among"),
        limits["remove"],
        limits["remove from a short article"],
        limits["flag"],
    )


def _model(rows: list[dict[str, str]], name: str) -> Model:
    own = [row for row in rows if row["model"] == name and row["column"] != "intercept"]
    start = next(row for row in rows if row["model"] == name and row["column"] == "intercept")
    mean, scale, weight = (np.array([float(row[key]) for row in own]) for key in ("mean", "scale", "weight"))
    return Model(tuple(row["column"] for row in own), mean, scale, weight, float(start["weight"]))


def long_paragraphs(corpus: Corpus) -> NDArray[np.bool_]:
    """Which paragraphs have words enough to say something; a title never has."""
    long: NDArray[np.bool_] = corpus.lengths >= MIN_PARAGRAPH_WORDS
    long[corpus.articles[1:] - 1] = False
    return long


def judged_paragraphs(corpus: Corpus) -> NDArray[np.bool_]:
    """Which paragraphs may be judged at all.

    They are long enough, the rest of their article is, and both are written in the background's language: what is
    judged by the words of English news must be made of them.
    """
    sizes = np.diff(corpus.articles)
    words = np.add.reduceat(corpus.lengths, corpus.articles[:-1])
    known = np.add.reduceat(corpus.known_share * corpus.lengths, corpus.articles[:-1])
    rest = np.repeat(words, sizes) - corpus.lengths
    fluent = np.repeat(known / np.maximum(words, 1), sizes) >= MIN_KNOWN_SHARE
    judged: NDArray[np.bool_] = long_paragraphs(corpus) & (rest >= MIN_REST_WORDS)
    return judged & fluent & (corpus.known_share >= MIN_KNOWN_SHARE - 0.15)


def single_columns(
    corpus: Corpus, own: NDArray[np.float32], other: NDArray[np.float32], match: NDArray[np.int64]
) -> dict[str, Figures]:
    """The columns of the first model by name, each of shape (paragraphs,)."""
    columns = {name: own[:, i].astype(np.float64) for i, name in enumerate(OWN)}
    columns |= {name: other[:, i].astype(np.float64) for i, name in enumerate(ELSEWHERE)}
    columns |= _size_columns(corpus)
    for name in RELATIVE:
        columns |= _relative_columns(corpus, columns[name], name)
    likelihood, cover, similar = columns["likelihood"], columns["cover_far"], columns["similar"]
    for name, figure in (("likelihood", likelihood), ("cover_far", cover), ("similar", similar)):
        columns[f"{name}*length"] = figure * columns["length"]
        columns[f"{name}*rest"] = figure * columns["rest"]
        columns[f"{name}^2"] = figure * figure
    columns["likelihood*lead"] = likelihood * columns["lead"]
    columns["likelihood*similar"] = likelihood * similar
    columns["likelihood*cover_far"] = likelihood * cover
    columns["similar*cover_far"] = similar * cover
    return columns | _ownership_columns(columns, match)


def _size_columns(corpus: Corpus) -> dict[str, Figures]:
    """Length and place of each paragraph, length of the rest."""
    sizes = np.diff(corpus.articles)
    place = np.arange(corpus.lengths.size) - np.repeat(corpus.articles[:-1], sizes)
    from_end = np.repeat(sizes - 2, sizes) - place
    count = np.maximum(np.repeat(sizes - 1, sizes), 1)
    total = np.repeat(np.add.reduceat(corpus.lengths, corpus.articles[:-1]), sizes)
    length = np.log(np.maximum(corpus.lengths, 1))
    return {
        "length": length,
        "length^2": length * length,
        "rest": np.log(np.maximum(total - corpus.lengths, 1)),
        "count": np.log(count),
        "1/count": 1 / count,
        "first": (place == 0).astype(np.float64),
        "second": (place == 1).astype(np.float64),
        "last": (from_end == 0).astype(np.float64),
        "last but one": (from_end == 1).astype(np.float64),
        "last but two": (from_end == 2).astype(np.float64),
    }


def _relative_columns(corpus: Corpus, figure: Figures, name: str) -> dict[str, Figures]:
    """A figure against those of the article's other paragraphs: their mean and spread, and how far off this one is."""
    rows = np.flatnonzero(long_paragraphs(corpus))
    out = {key: np.zeros(figure.size) for key in (f"{name} mean", f"{name} spread", f"{name} off")}
    if rows.size == 0:
        return out
    owner, x = corpus.owner[rows], figure[rows]
    stories = corpus.articles.size - 1
    others = np.bincount(owner, minlength=stories)[owner] - 1
    total = np.bincount(owner, x, stories)[owner] - x
    squares = np.bincount(owner, x * x, stories)[owner] - x * x
    mean = total / np.maximum(others, 1)
    variance = np.maximum(squares / np.maximum(others, 1) - mean * mean, 0)
    typical_mean, typical_spread = TYPICAL[name]
    mean = (mean * np.minimum(others, 50) + typical_mean * PRIOR) / (np.minimum(others, 50) + PRIOR)
    spread = np.sqrt((variance * others + typical_spread**2 * PRIOR) / (others + PRIOR))
    out[f"{name} mean"][rows] = mean
    out[f"{name} spread"][rows] = spread
    out[f"{name} off"][rows] = (x - mean) / np.maximum(spread, 1e-6)
    return out


TYPICAL = {"likelihood": (0.57, 0.42), "cover_far": (0.42, 0.21), "similar": (0.55, 0.22), "similar_best": (0.55, 0.18)}
"""Mean and spread of each figure over all paragraphs of the training corpora. Constants, so that one article more in
the corpus changes nothing for another."""


def _ownership_columns(columns: dict[str, Figures], match: NDArray[np.int64]) -> dict[str, Figures]:
    """Whether a paragraph fits better where else it, or most of its words, stands."""
    likelihood, cover, similar = columns["likelihood"], columns["cover_far"], columns["similar"]
    share, margin = columns["copied"], columns["other"] - cover
    copied = (share > COPIED_SHARE).astype(np.float64)
    gain = np.where(match >= 0, likelihood[match], 0) - likelihood
    return {
        "margin": margin,
        "margin^2": np.maximum(margin, 0) ** 2,
        "is copied": copied,
        "copied*cover gain": copied * (columns["other_fit"] - cover),
        "copied*similar gain": copied * (columns["other_similar"] - similar),
        "copied*likelihood gain": copied * gain,
        "share*cover gain": share * (columns["other_fit"] - cover),
        "share*likelihood gain": share * gain,
        "copied, fits there": copied * (gain > 0.05),
    }


AMONG = (
    "score",
    "before",
    "after",
    "opens",
    "closes",
    "far 1",
    "far 2",
    "far 4",
    "far mean",
    "count",
    "rank",
    "lead of score",
)


def _among(scores, owner):  # type: ignore[no-untyped-def]  # noqa: C901 - a kernel calls no others
    """Each score among those of its article, in reading order; far ones are three or more paragraphs away."""
    n = scores.shape[0]
    out = np.zeros((n, 12), np.float64)
    begin = 0
    while begin < n:
        end = begin
        while end < n and owner[end] == owner[begin]:
            end += 1
        for i in range(begin, end):
            top = np.full(4, -np.inf)
            total, far, above = 0.0, 0, 0
            for j in range(begin, end):
                if scores[j] > scores[i]:
                    above += 1
                if abs(j - i) <= 2:
                    continue
                far += 1
                total += scores[j]
                x = scores[j]
                for k in range(4):
                    if x > top[k]:
                        x, top[k] = top[k], x
            if far == 0:
                top[0] = -8.0
            for k in range(1, 4):
                if top[k] == -np.inf:
                    top[k] = top[k - 1]
            row = out[i]
            row[0] = scores[i]
            row[1] = scores[i - 1] if i > begin else -9.0
            row[2] = scores[i + 1] if i + 1 < end else -9.0
            row[3] = 1.0 if i == begin else 0.0
            row[4] = 1.0 if i + 1 == end else 0.0
            row[5], row[6], row[7] = top[0], top[1], top[3]
            row[8] = total / far if far else -8.0
            row[9] = np.log(1.0 + end - begin)
            row[10] = above / (end - begin)
            row[11] = scores[i] - top[0]
        begin = end
    return out


def among_columns(scores: Figures, owner: NDArray[np.int64]) -> dict[str, Figures]:
    """The columns of the second model for judged paragraphs in reading order, with the article of each."""
    table = run_kernel(_among, scores.size * 40, scores, owner)
    columns = {name: table[:, i] for i, name in enumerate(AMONG)}
    columns["score^2"] = scores * np.abs(scores)
    columns["higher neighbour"] = np.maximum(columns["before"], columns["after"])
    columns["lower neighbour"] = np.minimum(columns["before"], columns["after"])
    columns["score*far 1"] = scores * columns["far 1"]
    columns["score*far mean"] = scores * columns["far mean"]
    return columns


def stack(columns: dict[str, Figures], names: tuple[str, ...] | None = None) -> Figures:
    """The columns side by side, shape (rows, columns), in the order of `names`."""
    return np.stack([columns[name] for name in names or tuple(columns)], axis=1)

"""From figures to a judgement: logistic models on a paragraph's figures, on its neighbours' scores, on runs of
paragraphs, and on all of these.

The first model sees each paragraph by itself. The second sees its score among those of its article: a stranger among
paragraphs that belong together is foreign, one of many in a loose round-up is not. A fourth sees up to three neighbours
as one (`runs.py`). The third weighs what all see, on paragraphs in doubt (`second_look.py`). All are linear in their
columns; their weights are rows of `data/foreign.csv`, written by bench/train_foreign.py. Boosted trees on the columns
before the vectors found some 4 % more at the same loss, and earlier ones drifted to two to three times the loss on
unseen outlets; a model that can be read was worth more.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np

from copydesk.contamination.signals import Figures

CLIP = 6.0
"""Standardised columns are cut here: one odd figure must not decide alone."""
SIDE_BY_SIDE = 8
"""Sums of which numpy makes that of a row."""
SHORT_REST_WORDS = 350
"""Words besides a paragraph below which its article is short: its paragraphs have a limit of their own."""


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
        scaled: Figures = figures - self.mean
        # In place: of all paragraphs of a batch these are some megabytes each time.
        scaled /= self.scale
        np.clip(scaled, -CLIP, CLIP, out=scaled)
        scaled *= self.weight
        return scaled

    def score(self, figures: Figures) -> Figures:
        """The log-odds of each row, shape (rows,)."""
        scores: Figures = self.parts(figures).sum(axis=1) + self.intercept
        return scores

    def weigh(self, columns: Mapping[str, Figures]) -> Figures:
        """The log-odds of each row by its columns, those of `score`: what is added in the order in which numpy adds up
        a row of up to 128, eight sums side by side, needn't be put into rows, which takes as long as all the rest.
        """
        sums: list[Figures] = []
        whole = len(self.columns) // SIDE_BY_SIDE * SIDE_BY_SIDE
        weights = zip(self.columns, self.mean.tolist(), self.scale.tolist(), self.weight.tolist(), strict=True)
        for n, (name, mean, scale, weight) in enumerate(weights):
            part = columns[name] - mean
            part /= scale
            np.minimum(part, CLIP, out=part)
            np.maximum(part, -CLIP, out=part)
            part *= weight
            if n >= whole:
                sums = [_in_pairs(sums) + part] if sums else [part]
            elif n < SIDE_BY_SIDE:
                sums.append(part)
            else:
                sums[n % SIDE_BY_SIDE] += part
        scores: Figures = _in_pairs(sums) + self.intercept
        return scores

    def filled(self, columns: dict[str, Figures], size: int) -> Figures:
        """The columns side by side; one that is missing says nothing, for or against. Shape (size, columns)."""
        means = dict(zip(self.columns, self.mean.tolist(), strict=True))
        return np.stack([columns.get(name, np.full(size, mean)) for name, mean in means.items()], axis=1)


def _in_pairs(sums: list[Figures]) -> Figures:
    """The sum of all, which are a power of two."""
    while len(sums) > 1:
        sums = [one + other for one, other in zip(sums[::2], sums[1::2], strict=True)]
    return sums[0]


@dataclass(frozen=True, slots=True)
class Models:
    """The four models, and the log-odds from which a paragraph is removed or flagged; more in a short article."""

    single: Model
    among: Model
    run: Model
    again: Model
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
def load_document_model(name: str = "document") -> tuple[Model, float]:
    """The model of articles off a theme that ships with the package, and the log-odds from which one is off: "document"
    for a theme in words, "learned" for one that the corpus has.
    """
    rows = _rows("off_topic.csv")
    limit = next(float(row["weight"]) for row in rows if row["model"] == "limit" and row["column"] == name)
    return _model(rows, name), limit


@cache
def load_models() -> Models:
    """The models that ship with the package."""
    rows = _rows("foreign.csv")
    limits = {row["column"]: float(row["weight"]) for row in rows if row["model"] == "limit"}
    return Models(
        _model(rows, "single"),
        _model(rows, "among"),
        _model(rows, "run"),
        _model(rows, "second look"),
        limits["remove"],
        limits["remove from a short article"],
        limits["flag"],
    )


def _model(rows: list[dict[str, str]], name: str) -> Model:
    own = [row for row in rows if row["model"] == name and row["column"] != "intercept"]
    start = next(row for row in rows if row["model"] == name and row["column"] == "intercept")
    mean, scale, weight = (np.array([float(row[key]) for row in own]) for key in ("mean", "scale", "weight"))
    return Model(tuple(row["column"] for row in own), mean, scale, weight, float(start["weight"]))


def stack(columns: dict[str, Figures], names: tuple[str, ...] | None = None) -> Figures:
    """The columns side by side, shape (rows, columns), in the order of `names`."""
    return np.stack([columns[name] for name in names or tuple(columns)], axis=1)

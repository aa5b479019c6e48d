"""Logistic models, the limits at which they lose little, and what they find there."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from copydesk.contamination.figures import among_columns
from copydesk.contamination.model import SHORT_REST_WORDS, Model, stack
from copydesk.contamination.runs import Runs, runs_in_doubt
from copydesk.contamination.second_look import in_doubt, second_columns
from foreign.samples import Sample

REMOVED_LOSS = 0.0005
"""Share of genuine paragraphs of longer articles that may be lost in any kind of corpus (in short articles, of all
paragraphs of briefs): the strictest kind sets the limit of removal. With what the rules for furniture lose (.01 to
.02 %) a whole run is to stay below 0.1 %. It was 0.08 % before runs of paragraphs were weighed and 0.07 % before it was
asked how a newsroom types; what these found paid for fewer losses as well."""
MIN_GENUINE = 2000
"""Genuine paragraphs from which such a share can be told."""
PENALTY = 10.0
LOOK_PENALTY = 0.3
"""The same for the second look. With 10 hard strangers gained nothing; 0.1, 1 and 3 are as good as this. For the first
two models 1 was no better than 10."""
RUN_PENALTY = 3.0
"""The same for runs, whose columns are few."""
DOUBT = 10.0
"""How much more a genuine paragraph counts that looks foreign: it is among the few that the limit rests on. Easy and
hard at 0.1 % rose by .01 to .02; 40 gave no more."""
DOUBTFUL = -1.25
"""Log-odds at which half of that is added."""


def fit(
    figures: NDArray,
    foreign: NDArray,
    names: tuple[str, ...],
    weights: NDArray | None = None,
    penalty: float = PENALTY,
) -> Model:
    """A logistic model with a quadratic penalty on standardised columns."""
    mean, scale = figures.mean(0), figures.std(0) + 1e-9
    scaled = np.clip((figures - mean) / scale, -6, 6)
    weight = np.ones(foreign.size) if weights is None else weights

    def loss(beta: NDArray) -> tuple[float, NDArray]:
        z = scaled @ beta[1:] + beta[0]
        slope = weight * (1 / (1 + np.exp(-z)) - foreign)
        value = (weight * (np.logaddexp(0, z) - foreign * z)).sum() + penalty / 2 * (beta[1:] ** 2).sum()
        return value, np.r_[slope.sum(), scaled.T @ slope + penalty * beta[1:]]

    beta = minimize(loss, np.zeros(scaled.shape[1] + 1), jac=True, method="L-BFGS-B", options={"maxiter": 250}).x
    return Model(names, mean, scale, beta[1:], float(beta[0]))


def rows_to_fit(label: NDArray) -> NDArray[np.int64]:
    """All foreign paragraphs and every third genuine one: more genuine ones cost time and changed no weight."""
    genuine = np.flatnonzero(label == 0)[::3]
    return np.sort(np.concatenate([genuine, np.flatnonzero(label > 0)]))


def fit_twice(
    figures: NDArray, foreign: NDArray, names: tuple[str, ...], weights: NDArray, penalty: float = PENALTY
) -> Model:
    """A model fitted again with more weight on the genuine paragraphs that the first takes for foreign."""
    first = fit(figures, foreign, names, weights, penalty)
    doubt = 1 / (1 + np.exp(DOUBTFUL - first.score(figures)))
    return fit(figures, foreign, names, np.where(foreign > 0, weights, weights * (1 + DOUBT * doubt)), penalty)


def fit_all(samples: list[Sample]) -> Model:
    """The first model on these samples."""
    names = tuple(samples[0].columns)
    rows = [rows_to_fit(s.label) for s in samples]
    figures = np.concatenate([stack(s.columns, names)[r] for s, r in zip(samples, rows, strict=True)])
    foreign = np.concatenate([s.label[r] > 0 for s, r in zip(samples, rows, strict=True)]).astype(float)
    return fit_twice(figures, foreign, names, np.where(foreign > 0, 1.0, 3.0))


def among(model: Model, one: Sample) -> dict[str, NDArray]:
    """The columns of the second model."""
    return among_columns(model.score(stack(one.columns, model.columns)), one.owner)


def fit_among(pairs: list[tuple[Model, Sample]]) -> Model:
    """The second model on samples scored by first models that have not seen them."""
    tables = [(among(model, one), one.label) for model, one in pairs]
    names = tuple(tables[0][0])
    figures = np.concatenate([stack(columns, names)[label >= 0] for columns, label in tables])
    foreign = np.concatenate([label[label >= 0] > 0 for _, label in tables]).astype(float)
    return calibrated(fit_twice(figures, foreign, names, np.ones(foreign.size)), figures, foreign)


@dataclass(frozen=True)
class Look:
    """A sample after the first two models, neither of which has seen it: columns and log-odds of the second, and the
    runs that hold a paragraph in doubt.
    """

    one: Sample
    among: dict[str, NDArray]
    scores: NDArray
    runs: Runs


def look_at(model: Model, second: Model, one: Sample) -> Look:
    """A sample as the two models see it."""
    columns = among(model, one)
    scores = second.score(stack(columns, second.columns))
    runs = runs_in_doubt(one.owner, one.columns["rest"], columns["score"], scores, one.behind)
    return Look(one, columns, scores, runs)


def run_labels(look: Look) -> NDArray[np.int64]:
    """1 for a run that is a whole piece of foreign text, -1 where nobody knows of a paragraph in it, 0 for others."""
    strange, owner = look.one.label > 0, look.one.owner
    first, last = look.runs.first, look.runs.last
    beside = np.zeros(first.size, bool)
    for near, edge in ((np.maximum(first - 1, 0), first), (np.minimum(last + 1, owner.size - 1), last)):
        beside |= strange[near] & (owner[near] == owner[edge]) & (near != edge)
    inside, unknown = (np.concatenate([[0], np.cumsum(which)]) for which in (strange, look.one.label < 0))
    whole = (inside[last + 1] - inside[first] == last + 1 - first) & ~beside
    return np.where(unknown[last + 1] > unknown[first], -1, whole.astype(np.int64))


def fit_runs(looks: list[Look]) -> Model:
    """The model of runs."""
    names = next(tuple(look.runs.columns) for look in looks)
    labels = [run_labels(look) for look in looks]
    rows = [rows_to_fit(label) for label in labels]
    figures = np.concatenate([stack(look.runs.columns, names)[r] for r, look in zip(rows, looks, strict=True)])
    foreign = np.concatenate([label[r] for r, label in zip(rows, labels, strict=True)]).astype(float)
    model = fit_twice(figures, foreign, names, np.where(foreign > 0, 1.0, 3.0), RUN_PENALTY)
    return calibrated(model, figures, foreign)


def fit_looks(looks: list[Look], strangest: list[NDArray]) -> Model:
    """The third model, on the paragraphs in doubt alone; `strangest` has the log-odds of the strangest run for each."""
    rows = [in_doubt(look.scores, look.one.columns["rest"]) & (look.one.label >= 0) for look in looks]
    tables = [
        second_columns(r, look.one.columns, look.among, runs)
        for r, look, runs in zip(rows, looks, strangest, strict=True)
    ]
    names = tuple(tables[0])
    figures = np.concatenate([stack(columns, names) for columns in tables])
    labels = np.concatenate([look.one.label[r] for r, look in zip(rows, looks, strict=True)])
    foreign = (labels > 0).astype(float)
    return calibrated(fit_twice(figures, foreign, names, np.ones(foreign.size), LOOK_PENALTY), figures, foreign)


def calibrated(model: Model, figures: NDArray, foreign: NDArray) -> Model:
    """The model with its scores stretched and moved so that they are log-odds again: weights had moved them
    (Platt, 1999).
    """
    line = fit(model.score(figures)[:, None], foreign, ("score",))
    stretch = float(line.weight[0] / line.scale[0])
    shift = float(line.intercept - line.mean[0] * stretch)
    return Model(model.columns, model.mean, model.scale, model.weight * stretch, model.intercept * stretch + shift)


def threshold(scores: NDArray, one: Sample, loss: float) -> float:
    """The score above which this share of all genuine paragraphs lies."""
    genuine = np.sort(scores[one.label == 0])[::-1]
    total = genuine.size + (one.lost_short == 0).sum()
    return float(genuine[min(genuine.size - 1, int(loss * total))])


def strict_limit(scores: NDArray, samples: list[Sample]) -> float:
    """The score above which REMOVED_LOSS of the genuine paragraphs of longer articles in one kind of corpus lies; minus
    infinity where there are too few to tell.
    """
    rest = np.concatenate([one.columns["rest"] for one in samples])
    label = np.concatenate([one.label for one in samples])
    genuine = np.sort(scores[(label == 0) & (rest >= np.log(SHORT_REST_WORDS))])[::-1]
    return float(genuine[int(REMOVED_LOSS * genuine.size)]) if genuine.size > MIN_GENUINE else -np.inf


def recall(scores: NDArray, one: Sample, limit: float, kind: int, which: NDArray | None = None) -> float:
    """The share of foreign paragraphs of a kind above the limit."""
    rows = (one.label == kind) & (True if which is None else which)
    return float((scores[rows] > limit).mean()) if rows.any() else float("nan")


def report(name: str, scores: NDArray, one: Sample) -> None:
    """One line: recall easy/hard at three losses, by donor and by place."""
    limits = [threshold(scores, one, loss) for loss in (0.001, 0.003, 0.01)]
    rates = "  ".join(f"{recall(scores, one, t, 1):.2f}/{recall(scores, one, t, 2):.2f}" for t in limits)
    both = [
        f"{recall(scores, one, limits[0], 1, d):.2f}/{recall(scores, one, limits[0], 2, d):.2f}"
        for d in (one.donor_in, ~one.donor_in)
    ]
    places = {
        w: float((scores[(one.label > 0) & (one.where == w)] > limits[0]).mean()) for w in ("start", "middle", "end")
    }
    print(
        f"{name:24} {rates}  donor in {both[0]} absent {both[1]}  "
        f"{', '.join(f'{w} {x:.2f}' for w, x in places.items())}",
        flush=True,
    )

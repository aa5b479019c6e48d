"""Models by fold: each fitted on the other folds, with limits that its own fold had no part in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from copydesk.contamination.model import Model
from copydesk.contamination.runs import strangest_runs
from copydesk.contamination.second_look import look_again
from foreign.fitting import (
    REMOVED_LOSS,
    Look,
    fit_all,
    fit_among,
    fit_looks,
    fit_runs,
    look_at,
    strict_limit,
    threshold,
)
from foreign.samples import Sample, join

FLAG_LOSS = 0.01
"""Share of all genuine paragraphs, over all kinds of corpora, that are flagged or removed."""


@dataclass(frozen=True)
class Folds:
    """The four models of each fold, fitted on the others; and every sample of it as they see it, by place: its kind,
    the figures before the second look, the log-odds of each paragraph's strangest run, and the log-odds in the end.
    """

    singles: list[Model]
    seconds: list[Model]
    runs: list[Model]
    thirds: list[Model]
    kinds: list[list[str]]
    looks: list[list[Look]]
    strangest: list[list[NDArray]]
    scores: list[list[NDArray]]

    def of_kind(self, kind: str, folds: Sequence[int]) -> tuple[list[NDArray], list[Look]]:
        """Log-odds and figures of all samples of a kind in these folds."""
        places = [(f, i) for f in folds for i, own in enumerate(self.kinds[f]) if own == kind]
        return [self.scores[f][i] for f, i in places], [self.looks[f][i] for f, i in places]

    def all_kinds(self) -> list[str]:
        """The kinds of corpora, in order of making."""
        return list(dict.fromkeys(self.kinds[0]))


def fit_folds(folds: list[dict[str, list[Sample]]]) -> Folds:
    """The models of each fold. All but the first learn from scores by models that had not seen what they score."""
    flat = [[one for samples in fold.values() for one in samples] for fold in folds]
    kinds = [[kind for kind, samples in fold.items() for _ in samples] for fold in folds]
    others = [[g for g in range(len(folds)) if g != f] for f in range(len(folds))]
    singles = [fit_all([one for g in rest for one in flat[g]]) for rest in others]
    seconds = [fit_among([(singles[g], one) for g in rest for one in flat[g]]) for rest in others]
    looks = [[look_at(singles[f], seconds[f], one) for one in own] for f, own in enumerate(flat)]
    runs = [fit_runs([look for g in rest for look in looks[g]]) for rest in others]
    strangest = [
        [strangest_runs(look.runs, model, look.scores.size)[0] for look in own]
        for model, own in zip(runs, looks, strict=True)
    ]
    thirds = [
        fit_looks([look for g in rest for look in looks[g]], [one for g in rest for one in strangest[g]])
        for rest in others
    ]
    scores = [
        [
            look_again(look.scores, look.one.columns, look.among, found, third)
            for look, found in zip(looks[f], strangest[f], strict=True)
        ]
        for f, third in enumerate(thirds)
    ]
    return Folds(singles, seconds, runs, thirds, kinds, looks, strangest, scores)


def limits_on(folds: Folds, which: Sequence[int]) -> dict[str, float]:
    """The limits by these folds: the strictest kind of corpus counts for all of them."""
    by_kind = kind_limits(folds, which)
    remove = max(by_kind.values())
    scores, looks = folds.of_kind("briefs", which)
    short = max(remove, threshold(np.concatenate(scores), join([look.one for look in looks]), REMOVED_LOSS))
    everything = [folds.of_kind(kind, which) for kind in folds.all_kinds()]
    samples = join([look.one for _, some in everything for look in some])
    flag = threshold(np.concatenate([one for some, _ in everything for one in some]), samples, FLAG_LOSS)
    return {"remove": remove, "remove from a short article": short, "flag": flag}


def kind_limits(folds: Folds, which: Sequence[int]) -> dict[str, float]:
    """The log-odds at the loss allowed, for each kind of corpus by itself."""
    limits = {}
    for kind in folds.all_kinds():
        scores, looks = folds.of_kind(kind, which)
        limits[kind] = strict_limit(np.concatenate(scores), [look.one for look in looks])
    return limits

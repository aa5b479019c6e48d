"""The models of foreign paragraphs: trained, reported on outlets that they have not seen, written."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from copydesk.contamination.model import SHORT_REST_WORDS, Model, stack
from foreign import DATA
from foreign.fitting import REMOVED_LOSS, among, fit_all, fit_among, report, strict_limit, threshold
from foreign.samples import FOLDS, Sample, join, make_samples

LOSS = 0.001
"""Share of genuine paragraphs at which recall is reported. Flags start at ten times that, over all kinds of corpora."""


def train(shared: Path) -> None:
    """Fit both models over folds of outlets, set the thresholds, write the weights, print what they reach."""
    folds = make_samples(shared)
    flat = [[one for kind in fold.values() for one in kind] for fold in folds]
    held_out = [fit_all([one for g, fold in enumerate(flat) if g != f for one in fold]) for f in range(FOLDS)]
    scores: dict[str, list[NDArray]] = {}
    first: dict[str, list[NDArray]] = {}
    kinds: dict[str, list[Sample]] = {}
    for f, fold in enumerate(folds):
        second = fit_among([(held_out[g], one) for g, other in enumerate(flat) if g != f for one in other])
        for kind, samples in fold.items():
            for one in samples:
                columns = among(held_out[f], one)
                scores.setdefault(kind, []).append(second.score(stack(columns, second.columns)))
                first.setdefault(kind, []).append(columns["score"])
                kinds.setdefault(kind, []).append(one)
    for kind, samples in kinds.items():
        if not any((one.label > 0).any() for one in samples):
            continue
        report(f"{kind}, first model", np.concatenate(first[kind]), join(samples))
        report(f"{kind}, both", np.concatenate(scores[kind]), join(samples))
    everything = join([one for samples in kinds.values() for one in samples])
    all_scores = np.concatenate([s for part in scores.values() for s in part])
    limits = {kind: strict_limit(np.concatenate(scores[kind]), samples) for kind, samples in kinds.items()}
    print("log-odds at the loss allowed:", {kind: round(limit, 2) for kind, limit in limits.items()})
    # The strictest kind of text counts for all.
    remove = max(limits.values())
    short = max(remove, threshold(np.concatenate(scores["briefs"]), join(kinds["briefs"]), LOSS))
    flag = threshold(all_scores, everything, 10 * LOSS)
    for kind, samples in kinds.items():
        for f in range(FOLDS):
            own = [i for i, one in enumerate(samples) if any(one is other for other in folds[f][kind])]
            part, part_scores = join([samples[i] for i in own]), np.concatenate([scores[kind][i] for i in own])
            total = (part.label == 0).sum() + (part.lost_short == 0).sum()
            rest = np.concatenate([samples[i].columns["rest"] for i in own])
            gone = part_scores > np.where(rest < np.log(SHORT_REST_WORDS), short, remove)
            caught = "/".join(f"{gone[part.label == kind].mean():.2f}" for kind in (1, 2) if (part.label == kind).any())
            print(f"{kind} fold {f}: lost at the limits {gone[part.label == 0].sum() / total:.3%}, caught {caught}")
    single = fit_all([one for fold in flat for one in fold])
    second = fit_among([(held_out[f], one) for f, fold in enumerate(flat) for one in fold])
    write_models(single, second, {"remove": remove, "remove from a short article": short, "flag": flag})
    worst = [i for i in np.argsort(-all_scores) if everything.label[i] == 0]
    for text in list(dict.fromkeys(everything.texts[i] for i in worst))[:40]:
        print("  genuine, looks foreign:", text[:150])


def write_models(single: Model, second: Model, limits: dict[str, float]) -> None:
    """Write the weights as a table that a person can read."""
    origin = "fitted on Article-Bias-Prediction by bench/train_foreign.py"
    with (DATA / "foreign.csv").open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(["model", "column", "mean", "scale", "weight", "origin"])
        for name, model in (("single", single), ("among", second)):
            out.writerow([name, "intercept", "", "", f"{model.intercept:.6g}", origin])
            for row in zip(model.columns, model.mean, model.scale, model.weight, strict=True):
                out.writerow([name, row[0], *(f"{x:.6g}" for x in row[1:]), origin])
        for name, limit in limits.items():
            loss = {"flag": LOSS * 10, "remove": REMOVED_LOSS}.get(name, LOSS)
            out.writerow(
                ["limit", name, "", "", f"{limit:.6g}", f"{loss:.2%} of genuine paragraphs, four folds of outlets"]
            )

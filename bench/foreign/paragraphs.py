"""The models of foreign paragraphs: trained, reported on outlets that they have not seen, written."""

from __future__ import annotations

import csv
import gzip
import json
from pathlib import Path

import numpy as np

from copydesk.contamination.model import SHORT_REST_WORDS, Model
from copydesk.contamination.second_look import AGAIN, RUN
from foreign import DATA
from foreign.background import save_background
from foreign.fitting import REMOVED_LOSS, Look, fit_all, fit_among, fit_looks, fit_runs, report
from foreign.folds import FLAG_LOSS, Folds, fit_folds, kind_limits, limits_on
from foreign.samples import FOLDS, Sample, folds_of, join, make_fold


def train(shared: Path) -> None:
    """Fit the four models over folds of outlets, set the limits, write the weights, print what they reach."""
    samples = [make_fold(shared, fold) for fold in folds_of(shared)]
    folds = fit_folds(samples)
    every = range(FOLDS)
    limits = limits_on(folds, every)
    report_kinds(folds, limits)
    flat = [one for fold in samples for some in fold.values() for one in some]
    parts = [(single, look.one) for single, looks in zip(folds.singles, folds.looks, strict=True) for look in looks]
    looks = [look for own in folds.looks for look in own]
    strangest = [one for own in folds.strangest for one in own]
    models = {"single": fit_all(flat), "among": fit_among(parts), RUN: fit_runs(looks)}
    write_models(models | {AGAIN: fit_looks(looks, strangest)}, limits, DATA)
    report_worst(folds)


def write_folds(shared: Path, out: Path) -> None:
    """For each fold a folder with the background and the weights that have not seen its outlets, and its articles.

    `bench/held_out.py` measures with these.
    """
    made = list(folds_of(shared))
    folds = fit_folds([make_fold(shared, fold) for fold in made])
    for f, fold in enumerate(made):
        folder = out / f"fold-{f}"
        folder.mkdir(parents=True, exist_ok=True)
        save_background(fold.background, folder / "background.npz")
        models = {"single": folds.singles[f], "among": folds.seconds[f], RUN: folds.runs[f]}
        write_models(models | {AGAIN: folds.thirds[f]}, limits_on(folds, [g for g in range(FOLDS) if g != f]), folder)
        with gzip.open(folder / "base.jsonl.gz", "wt", encoding="utf-8") as file:
            file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in fold.own)


def report_kinds(folds: Folds, limits: dict[str, float]) -> None:
    """Print recall by kind of corpus after each model, and what each fold loses and finds at the limits."""
    every = range(FOLDS)
    for kind in folds.all_kinds():
        scores, looks = folds.of_kind(kind, every)
        whole = join([look.one for look in looks])
        if (whole.label > 0).any():
            report(f"{kind}, first model", np.concatenate([look.among["score"] for look in looks]), whole)
            report(f"{kind}, both", np.concatenate([look.scores for look in looks]), whole)
            report(f"{kind}, second look", np.concatenate(scores), whole)
    by_kind = {kind: round(limit, 2) for kind, limit in kind_limits(folds, every).items()}
    print("log-odds at the loss allowed:", by_kind)
    for kind in folds.all_kinds():
        for f in every:
            report_fold(f"{kind} fold {f}", *folds.of_kind(kind, [f]), limits)


def report_fold(name: str, scores: list[np.ndarray], looks: list[Look], limits: dict[str, float]) -> None:
    """One line: what a kind of corpus in one fold loses at the limits, and the share of strangers that go."""
    one = join([look.one for look in looks])
    rest = np.concatenate([look.one.columns["rest"] for look in looks])
    short = rest < np.log(SHORT_REST_WORDS)
    gone = np.concatenate(scores) > np.where(short, limits["remove from a short article"], limits["remove"])
    total = (one.label == 0).sum() + (one.lost_short == 0).sum()
    caught = "/".join(f"{gone[one.label == kind].mean():.2f}" for kind in (1, 2) if (one.label == kind).any())
    print(f"{name}: lost at the limits {gone[one.label == 0].sum() / total:.3%}, caught {caught}")


def report_worst(folds: Folds) -> None:
    """Print the genuine paragraphs that look most foreign."""
    samples: list[Sample] = [look.one for own in folds.looks for look in own]
    everything, scores = join(samples), np.concatenate([one for own in folds.scores for one in own])
    worst = [i for i in np.argsort(-scores) if everything.label[i] == 0]
    for text in list(dict.fromkeys(everything.texts[i] for i in worst))[:40]:
        print("  genuine, looks foreign:", text[:150])


def write_models(models: dict[str, Model], limits: dict[str, float], folder: Path) -> None:
    """Write the weights as a table that a person can read."""
    origin = "fitted on Article-Bias-Prediction by bench/train_foreign.py"
    with (folder / "foreign.csv").open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(["model", "column", "mean", "scale", "weight", "origin"])
        for name, model in models.items():
            out.writerow([name, "intercept", "", "", f"{model.intercept:.6g}", origin])
            for row in zip(model.columns, model.mean, model.scale, model.weight, strict=True):
                out.writerow([name, row[0], *(f"{x:.6g}" for x in row[1:]), origin])
        for name, limit in limits.items():
            loss = FLAG_LOSS if name == "flag" else REMOVED_LOSS
            out.writerow(
                ["limit", name, "", "", f"{limit:.6g}", f"{loss:.3%} of genuine paragraphs, four folds of outlets"]
            )

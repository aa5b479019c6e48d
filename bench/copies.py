"""Labelled copies through the whole pipeline: wrong removals, and the share of each kind that came to its story."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

from bench.shared import clean, read_jsonl, read_rows, run_script

Label = dict[str, Any]


def measure(shared: Path, scratch: Path, seed: int = 1) -> dict[str, float]:
    """`wrong` links (a count), and for each kind of the standard tier the share that was found.

    A variant is found if it was folded into a text of its story, or the original into it. Kinds of which a text keeps
    much of its own (updates, excerpts among foreign text) need not be removed.
    """
    folder = scratch / f"copies-{seed}"
    base = shared / "dedup" / "base_fnc1.jsonl.gz"
    made = folder / "made"
    run_script(shared / "dedup" / "make_pairs.py", "--base", base, "--out", made, "--seed", seed, "--roots", 700)
    raw = folder / "raw"
    raw.mkdir()
    (made / "docs.jsonl").rename(raw / "docs.jsonl")
    ids = [row["id"] for row in read_jsonl(raw / "docs.jsonl")]
    labels = {row["id"]: row for row in read_jsonl(made / "labels.jsonl")}
    clean(raw, folder / "clean")
    return score(survivors(folder / "clean", ids), labels)


def survivors(corpus: Path, ids: list[str]) -> dict[str, str]:
    """The survivor of each removed text, both by the benchmark's id."""
    by_article = {row["article_id"]: ids[row["source_record"]] for row in read_rows(corpus, "ledger")}
    return {by_article[r["article_id"]]: by_article[r["canonical_id"]] for r in read_rows(corpus, "duplicates")}


def score(removed: dict[str, str], labels: dict[str, Label]) -> dict[str, float]:
    """The figures. A link into a digest of several stories is wrong only if none of them is the text's own."""
    roots = {label["root"]: name for name, label in labels.items() if label["rel"] == "root"}
    found: Counter[str] = Counter()
    there: Counter[str] = Counter()
    for name, label in labels.items():
        if label["rel"] in ("dup", "part"):
            root = roots[label["root"]]
            there[label["kind"]] += 1
            own_story = name in removed and bool(_stories(labels[removed[name]]) & _stories(label))
            found[label["kind"]] += own_story or removed.get(root) == name
    wrong = sum(not _stories(labels[copy]) & _stories(labels[kept]) for copy, kept in removed.items())
    return {"wrong": wrong} | {kind: found[kind] / there[kind] for kind in sorted(there)}


def _stories(label: Label) -> set[str]:
    return {label["root"], *label.get("parents", ())}

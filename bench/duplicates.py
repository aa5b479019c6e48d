#!/usr/bin/env python3
"""Quality and speed of the duplicates engine, beside datasketch's own loop and rensa's in the same run.

    python bench/duplicates.py [--bench ../shared/bench/dedup] [--seeds 1 2 3] [--hard 120] [--texts 10000]

Makes labelled sets with the benchmark's generator, one per seed, and prints for each: precision, ARI, and the recall
of every kind; of the peers only of the kinds that they don't find whole. Then the CPU time of each method on the same
texts, interleaved, and the ratios. `--speed 0` leaves the second part out, `--seeds` without a number the first.
rensa is measured where it is installed.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from copydesk.duplicates.buffers import buffers
from copydesk.duplicates.candidates import pair_by_key, unpack, widen
from copydesk.duplicates.compiled import sign_texts
from copydesk.duplicates.groups import distinct
from copydesk.duplicates.pairs import find_pairs
from copydesk.duplicates.permutations import BAND_JACCARD, PERMUTATIONS, band_keys, bands, describe_bands

_WORD = re.compile(r"\w+")


def main() -> None:
    """Runs what the arguments ask for and prints a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    beside = Path(__file__).resolve().parents[2] / "shared" / "bench" / "dedup"
    parser.add_argument("--bench", type=Path, default=beside, help="folder of make_pairs.py and score_pairs.py")
    parser.add_argument("--base", type=Path, help="articles to make sets from (default: the benchmark's own)")
    parser.add_argument("--seeds", type=int, nargs="*", default=[1])
    parser.add_argument("--roots", type=int, default=700)
    parser.add_argument("--texts", type=int, default=10_000)
    parser.add_argument("--hard", type=int, default=0, help="texts of each kind of the hard tier")
    parser.add_argument("--speed", type=int, default=3, help="rounds of the speed comparison")
    options = parser.parse_args()
    print("chance of detection by bands:", describe_bands(bands(BAND_JACCARD)))
    texts: list[str] = []
    for seed in options.seeds or [1]:
        with tempfile.TemporaryDirectory() as folder:
            make_set(options, seed, Path(folder))
            docs, labels = read_lines(Path(folder) / "docs.jsonl"), read_lines(Path(folder) / "labels.jsonl")
        texts = texts or [doc["text"] for doc in docs]
        if options.seeds:
            print_quality(f"seed {seed}", docs, labels, load_scorer(options.bench))
            print_peers(docs, labels, load_scorer(options.bench))
    if options.speed:
        print_speed(texts, options.speed)


def make_set(options: argparse.Namespace, seed: int, folder: Path) -> None:
    """Writes docs.jsonl and labels.jsonl into the folder."""
    base = options.base or options.bench / "base_fnc1.jsonl.gz"
    command = [sys.executable, options.bench / "make_pairs.py", "--base", base, "--out", folder, "--seed", seed]
    command += ["--roots", options.roots, "--docs", options.texts, "--hard", options.hard]
    subprocess.run(list(map(str, command)), check=True, stdout=subprocess.DEVNULL)


def read_lines(path: Path) -> list[dict[str, Any]]:
    """The objects of a JSONL file."""
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def load_scorer(folder: Path) -> ModuleType:
    """The benchmark's score_pairs.py as a module."""
    spec = importlib.util.spec_from_file_location("score_pairs", folder / "score_pairs.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def print_quality(name: str, docs: list[dict[str, Any]], labels: list[dict[str, Any]], scorer: ModuleType) -> None:
    """Prints precision, ARI and recall per kind of one set."""
    table = find_pairs([doc["text"] for doc in docs])
    columns = (table.column(column).to_pylist() for column in ("left", "right", "kind"))
    score = scorer.score(labels, [(docs[a]["id"], docs[b]["id"], kind) for a, b, kind in zip(*columns, strict=True)])
    wrong = score["wrong"] or ""
    print(f"{name}: {score['links']} links, precision {score['precision']:.5f} {wrong}, ARI {score['ari']:.5f}")
    found = {kind: recall for kind, (_, recall, _) in score["recall"].items()}
    print("  recall:", ", ".join(f"{kind} {recall:.3f}" for kind, recall in found.items()))


def print_peers(docs: list[dict[str, Any]], labels: list[dict[str, Any]], scorer: ModuleType) -> None:
    """Prints the same of the pairs that the peers' own loops find at the same threshold, kinds found whole left out."""
    texts = [doc["text"] for doc in docs]
    peers = {"datasketch": run_datasketch} | ({"rensa": run_rensa} if importlib.util.find_spec("rensa") else {})
    for name, method in peers.items():
        score = scorer.score(labels, [(docs[a]["id"], docs[b]["id"], "dup") for a, b in method(texts)])
        missed = {kind: recall for kind, (_, recall, _) in score["recall"].items() if recall < 1}
        print(f"  {name}: precision {score['precision']:.5f}, ARI {score['ari']:.5f}; recall", end=" ")
        print(", ".join(f"{kind} {recall:.3f}" for kind, recall in missed.items()))


def pair_by_bands(texts: pa.Array, threshold: float) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """The pairs (smaller and larger position) of texts that share a band at a Jaccard threshold (0 to 1), sorted.

    Every pair that `datasketch.MinHashLSH(threshold, num_perm=128)` would return for these signatures, unless more
    than 32 texts share a band: then each is paired with a few of them, and all hang together. So much of the engine is
    what the peers' own loops do.
    """
    signatures, signed = sign_texts(buffers(texts, keep_bytes=0))
    known = np.flatnonzero(signed)
    keys = band_keys(signatures[known], bands(threshold))
    return unpack(distinct(np.concatenate([pair_by_key(widen(column), known, dense=True) for column in keys])))


def print_speed(texts: list[str], rounds: int) -> None:
    """Prints texts per CPU-second of each method, the best of the rounds, and the ratios to the peers."""
    array = pa.array(texts, pa.large_string())
    methods: dict[str, Callable[[], object]] = {
        "copydesk, bands only": lambda: pair_by_bands(array, BAND_JACCARD),
        "copydesk, verified": lambda: find_pairs(array),
        "datasketch": lambda: run_datasketch(texts),
    }
    if importlib.util.find_spec("rensa"):
        methods["rensa"] = lambda: run_rensa(texts)
    pair_by_bands(array[:300], BAND_JACCARD)
    find_pairs(array[:300], compile_code=True)
    best = dict.fromkeys(methods, 0.0)
    for _ in range(rounds):
        for name, method in methods.items():
            start = time.process_time()
            method()
            best[name] = max(best[name], len(texts) / (time.process_time() - start))
    for name, speed in best.items():
        ratios = ", ".join(f"{speed / best[peer]:.1f} x {peer}" for peer in ("datasketch", "rensa") if peer in best)
        print(f"{name:22s} {speed:9,.0f} texts per CPU-second   {ratios}")


def shingle(text: str) -> set[str]:
    """The five-word shingles of a text as the peers' users make them."""
    words = _WORD.findall(text.lower())
    return {" ".join(words[i : i + 5]) for i in range(max(1, len(words) - 4))}


def run_datasketch(texts: list[str]) -> list[tuple[int, int]]:
    """Pairs that datasketch's MinHashLSH finds."""
    from datasketch import MinHash, MinHashLSH

    index, found = MinHashLSH(threshold=BAND_JACCARD, num_perm=PERMUTATIONS), []
    for number, text in enumerate(texts):
        signature = MinHash(num_perm=PERMUTATIONS)
        signature.update_batch([word.encode() for word in shingle(text)])
        found += [(other, number) for other in index.query(signature)]
        index.insert(number, signature)
    return found


def run_rensa(texts: list[str]) -> list[tuple[int, int]]:
    """Pairs that rensa's RMinHashLSH finds."""
    import rensa

    index, found = rensa.RMinHashLSH(threshold=BAND_JACCARD, num_perm=PERMUTATIONS, num_bands=32), []
    for number, text in enumerate(texts):
        signature = rensa.RMinHash(num_perm=PERMUTATIONS, seed=42)
        signature.update(list(shingle(text)))
        found += [(other, number) for other in index.query(signature)]
        index.insert(number, signature)
    return found


if __name__ == "__main__":
    main()

"""Train what the judgement of foreign paragraphs rests on: the background table and the model's weights.

    PYTHONPATH=src python bench/train_foreign.py background SHARED     writes src/copydesk/data/background.npz
    PYTHONPATH=src python bench/train_foreign.py models SHARED        writes src/copydesk/data/foreign.toml

SHARED is the folder of the benchmarks. Texts it learns from, none of which is shipped:
  contamination/base_shared.jsonl.gz   Article-Bias-Prediction, Baly and others, EMNLP 2020 (Apache-2.0)
  dedup/base_fnc1.jsonl.gz             Fake News Challenge, stage 1 (Apache-2.0)
  extraction/truth*.jsonl              aeb (MIT), fundus (MIT), wcxb (CC-BY-4.0)
Needs scipy besides the package's own dependencies.
"""

from __future__ import annotations

import argparse
import gzip
import json
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.linalg import eigh

from copydesk.contamination.background import Background
from copydesk.contamination.tokens import tokenise

RANK = 160
"""Dimensions of the latent space before the within-article directions are weighed down."""
KEPT = 64
"""Dimensions that are shipped. 128 gained nothing that was worth twice the file."""
MIN_ARTICLES = 4
MAX_WORDS = 45_000
DATA = Path(__file__).resolve().parent.parent / "src" / "copydesk" / "data"


def read_base(shared: Path) -> list[dict]:
    """The base articles of the contamination benchmark."""
    with gzip.open(shared / "contamination" / "base_shared.jsonl.gz", "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def read_others(shared: Path) -> list[list[str]]:
    """Paragraphs of the other articles the background learns from."""
    articles = []
    with gzip.open(shared / "dedup" / "base_fnc1.jsonl.gz", "rt", encoding="utf-8") as lines:
        articles += [json.loads(line)["text"].split("\n") for line in lines]
    for name in ("truth.jsonl", "truth_more.jsonl"):
        with (shared / "extraction" / name).open(encoding="utf-8") as lines:
            rows = [json.loads(line) for line in lines]
        articles += [r["body"].split("\n") for r in rows if (r.get("language") or "en").startswith("en")]
    return [[p for p in article if len(p.split()) >= 8] for article in articles]


def learn_background(articles: list[list[str]]) -> Background:
    """The table learned from these articles (each a list of paragraphs)."""
    tokens = tokenise([p for article in articles for p in article])
    paragraph_article = np.repeat(np.arange(len(articles)), [len(a) for a in articles])
    lengths = np.diff(tokens.starts)
    token_paragraph = np.repeat(np.arange(lengths.size), lengths)
    token_article = paragraph_article[token_paragraph]
    words, ids = np.unique(tokens.words, return_inverse=True)
    pairs = np.unique(np.stack([token_article, ids], 1), axis=0)
    df = np.bincount(pairs[:, 1], minlength=words.size)
    keep = np.flatnonzero(df >= MIN_ARTICLES)
    if keep.size > MAX_WORDS:
        keep = np.sort(keep[np.argsort(-df[keep], kind="stable")[:MAX_WORDS]])
    row = np.full(words.size, -1)
    row[keep] = np.arange(keep.size)
    tid = row[ids]
    known = tid >= 0
    idf = np.log((len(articles) + 1) / (df[keep] + 0.5))
    counts = sparse.csr_matrix(
        (np.ones(known.sum()), (token_paragraph[known], tid[known])), shape=(lengths.size, keep.size)
    )
    vectors = learn_vectors(counts, paragraph_article, idf)
    return Background(words[keep], df[keep].astype(np.int32), lead_odds(counts, paragraph_article), vectors, len(articles))


def lead_odds(counts: sparse.csr_matrix, owner: NDArray) -> NDArray[np.float32]:
    """Log-odds of each word to stand in the first paragraph of an article rather than in a later one."""
    first = np.r_[True, owner[1:] != owner[:-1]]
    present = counts.astype(bool).astype(float)
    lead, rest = np.asarray(present[first].sum(0)).ravel(), np.asarray(present[~first].sum(0)).ravel()
    odds = np.log((lead + 2 * first.mean()) / first.sum()) - np.log((rest + 2 * (~first).mean()) / (~first).sum())
    return np.clip(odds * (lead + rest) / (lead + rest + 8), -3.9, 3.9).astype(np.float32)


def learn_vectors(counts: sparse.csr_matrix, owner: NDArray, idf: NDArray) -> NDArray[np.float32]:
    """Word vectors whose sums bring paragraphs of one article together.

    Latent semantic analysis over articles (randomised, Halko and others, 2011), then the directions in which paragraphs
    of the same article differ are weighed down against those in which articles differ (linear discriminant analysis).
    """
    rng = np.random.default_rng(1)
    gather = sparse.csr_matrix((np.ones(owner.size), (owner, np.arange(owner.size))))
    weights = sparse.diags(idf * (idf > 1.0))
    articles = (gather @ counts).tocsr()
    articles.data = 1 + np.log(articles.data)
    articles = _unit_rows(articles @ weights)
    basis = np.linalg.qr(articles.T @ (articles @ rng.standard_normal((articles.shape[1], RANK + 20))))[0]
    for _ in range(4):
        basis = np.linalg.qr(articles.T @ (articles @ basis))[0]
    _, spread, right = np.linalg.svd(articles @ basis, full_matrices=False)
    latent = (basis @ right.T[:, :RANK]) * spread[:RANK] ** 0.5
    paragraphs = counts.copy()
    paragraphs.data = np.minimum(paragraphs.data, 2)
    dense = (paragraphs @ weights) @ latent
    size = np.linalg.norm(dense, axis=1, keepdims=True)
    good = (size[:, 0] > 0) & (np.asarray(counts.sum(1)).ravel() >= 12)
    dense, own = (dense / np.maximum(size, 1e-9))[good], owner[good]
    dense -= dense.mean(0)
    _, inverse, number = np.unique(own, return_inverse=True, return_counts=True)
    mean = np.zeros((number.size, RANK))
    np.add.at(mean, inverse, dense)
    mean /= number[:, None]
    apart = dense - mean[inverse]
    within = apart.T @ apart / max(1, apart.shape[0] - number.size)
    many = number >= 3
    between = np.cov(mean[many].T) - within * np.mean(1 / number[many])
    values, axes = eigh(between, within + 0.02 * np.trace(within) / RANK * np.eye(RANK))
    best = np.argsort(-values)[:KEPT]
    gain = np.sqrt(np.maximum(values[best], 0) / (1 + np.maximum(values[best], 0)))
    return ((latent @ (axes[:, best] * gain)) * idf[:, None] * (idf > 1.0)[:, None]).astype(np.float32)


def _unit_rows(matrix: sparse.csr_matrix) -> sparse.csr_matrix:
    norms = np.sqrt(np.asarray(matrix.multiply(matrix).sum(1)).ravel())
    return sparse.diags(1 / np.maximum(norms, 1e-9)) @ matrix


def save_background(background: Background, path: Path) -> None:
    """Write the table: vectors as bytes with one scale."""
    scale = np.float32(np.quantile(np.abs(background.vectors), 0.9995) / 127)
    vectors = np.clip(np.round(background.vectors / scale), -127, 127).astype(np.int8)
    np.savez_compressed(
        path,
        words=background.words,
        articles=np.minimum(background.articles, 65535).astype(np.uint16),
        leads=np.round(background.leads * 32).astype(np.int8),
        vectors=vectors,
        scale=scale,
        size=np.int64(background.size),
    )


def main() -> None:
    """Read the arguments, train, write."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("what", choices=["background", "models"])
    parser.add_argument("shared", type=Path)
    args = parser.parse_args()
    base = [[p for p in row["paragraphs"] if len(p.split()) >= 8] for row in read_base(args.shared)]
    if args.what == "background":
        save_background(learn_background(base + read_others(args.shared)), DATA / "background.npz")


if __name__ == "__main__":
    main()

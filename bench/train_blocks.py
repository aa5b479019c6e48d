#!/usr/bin/env python3
"""Makes src/copydesk/data/block_model.npz from the annotated pages, bit for bit the same on each run.

    python bench/train_blocks.py --data DIR                    # write the weights file
    python bench/train_blocks.py --data DIR --cross-validate   # measure instead, domains kept apart

Needs LightGBM (4.7), which nothing else in the project does. DIR holds `pages/`, `truth.jsonl` and `truth_more.jsonl`.

How it learns: (1) each page is walked as in the pipeline, and its segments are labelled by aligning them with the
annotated body (block_truth.py). (2) Two linear models over hashed words and class names; their scores for training
pages come from models that did not see the page's fold. (3) Gradient-boosted trees over the features. Each page is used
twice: as it is, and cut short. The cut keeps the frame and a random first part of the article, because short articles
beside much other text are where a model of 930 pages, most of them long guides, goes wrong (aeb .964 → .970
cross-validated).
"""

from __future__ import annotations

import argparse
import dataclasses
import gzip
import hashlib
import json
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import lightgbm
import numpy as np
from selectolax.lexbor import LexborHTMLParser

from block_truth import label_shares
from copydesk.extraction.choose import choose_segments
from copydesk.extraction.compiled import PACE, kernel
from copydesk.extraction.counts import count_texts
from copydesk.extraction.facts import PageFacts, read_facts
from copydesk.extraction.features import FEATURES, PageColumns, features_with, page_columns, score_words_and_names
from copydesk.extraction.labels import label_segments
from copydesk.extraction.linear import TABLE_SIZE, name_places, word_places
from copydesk.extraction.model import Forest, predict_rows
from copydesk.extraction.page import walk_page
from copydesk.extraction.repeats import MIN_WORDS, REPEATED_SHARE, shared_shingles, shingles
from copydesk.extraction.segments import Segments

FOLDS = 5
TREES = 150
PARAMETERS = {
    "objective": "cross_entropy", "learning_rate": 0.1, "num_leaves": 24, "min_data_in_leaf": 60, "lambda_l2": 10.0,
    "feature_fraction": 0.25, "bagging_fraction": 0.6, "bagging_freq": 1, "max_bin": 63, "deterministic": True,
    "force_col_wise": True, "num_threads": 1, "seed": 7, "verbose": -1,
}  # fmt: skip

CUT_WEIGHT = 0.5
"""What a page cut short counts beside the whole one."""

CUT_WORDS = (50, 0.6)
"""A page is cut to between so many words and such a share of its own."""

SECOND_LEVEL = frozenset(("co", "com", "org", "net", "gov", "ac", "or", "ne"))
"""Labels before a country's that are no part of a site's own name."""

ORIGIN = (
    {
        "data": "web-content-extraction-benchmark (WCXB), pages of type article",
        "licence": "CC-BY-4.0, (c) 2026 Murrough Foley",
    },
    {"data": "article-extraction-benchmark (AEB), Scrapinghub", "licence": "MIT"},
    {"data": "fundus, parser test resources, flairNLP", "licence": "MIT"},
)


@dataclasses.dataclass
class Page:
    """An annotated page: its arrays, and per segment the label share, the words and the weight."""

    truth: dict[str, Any]
    segments: Segments
    facts: PageFacts
    columns: PageColumns
    labels: np.ndarray
    words: np.ndarray
    is_repeat: np.ndarray
    fold: int

    @property
    def weights(self) -> np.ndarray:
        """Longer segments count more, pages nearly the same."""
        weights = np.maximum(self.words, 1) ** 0.6
        return weights / max(weights.sum(), 1) ** 0.8 * np.where(self.is_repeat, 0.5, 1.0)


def read_pages(data: Path) -> list[Page]:
    """All annotated pages, in the order of the files."""
    pages = []
    for name in ("truth.jsonl", "truth_more.jsonl"):
        for line in (data / name).read_text(encoding="utf-8").split("\n"):
            if not line:
                continue
            truth = json.loads(line)
            path = data / "pages" / truth["set"] / f"{truth['id']}.html.gz"
            pages.append(read_page(truth, gzip.decompress(path.read_bytes()).decode("utf-8", "replace")))
    return pages


def read_page(truth: dict[str, Any], html: str) -> Page:
    """A page walked as the pipeline walks it, with labels."""
    tree = LexborHTMLParser(html)
    segments = walk_page(tree)
    facts = read_facts(tree.head, segments.json_ld)
    columns = page_columns(segments, facts)
    shares, words = label_shares(segments.texts, truth["body"])
    labels, is_repeat = lift_repeats(columns, np.array(shares), truth["body"])
    site = truth["url"] or truth.get("publisher") or truth["id"]
    return Page(truth, segments, facts, columns, labels, np.array(words, dtype=np.float64), is_repeat, fold_of(site))


def lift_repeats(columns: PageColumns, shares: np.ndarray, body: str) -> tuple[np.ndarray, np.ndarray]:
    """Labels in which a text that stands twice on the page is right both times: repeats are dropped later."""
    wanted = count_texts([body])
    known = set(shingles(wanted.words, wanted.word_starts).tolist())
    hashes = shingles(columns.words, columns.word_starts)
    lengths = np.diff(columns.word_starts)
    is_repeat = (shared_shingles(columns.words, columns.word_starts) > REPEATED_SHARE) & (lengths >= MIN_WORDS)
    labels = shares.copy()
    for place in np.nonzero(is_repeat)[0]:
        first, last = columns.word_starts[place], columns.word_starts[place + 1] - 3
        contained = sum(int(h) in known for h in hashes[first:last]) / (last - first)
        if contained > REPEATED_SHARE:
            labels[place] = max(labels[place], contained)
    return labels, is_repeat


def fold_of(url: str) -> int:
    """The fold of a page's domain: all pages of one domain are in the same."""
    host = urlsplit(url).hostname or url
    parts = host.split(".")
    second_level = len(parts) > 2 and len(parts[-1]) == 2 and parts[-2] in SECOND_LEVEL
    domain = ".".join(parts[-3:] if second_level else parts[-2:])
    return int(hashlib.sha256(domain.encode()).hexdigest(), 16) % FOLDS


# --- the linear models


@kernel
def _collect_words(holders, words, word_starts, out, starts):
    count, places = 0, np.empty(256, dtype=np.int64)
    for s in range(len(holders)):
        found = word_places(words, word_starts[s], word_starts[s + 1], places)
        out[count : count + found] = places[:found]
        count += found
        starts[s + 1] = count
    return count


@kernel
def _collect_names(parents, tags, name_words, name_starts, holders, out, starts):
    count, places = 0, np.empty(512, dtype=np.int64)
    for s in range(len(holders)):
        found, _ = name_places(parents, tags, name_words, name_starts, holders[s], places)
        out[count : count + found] = places[:found]
        count += found
        starts[s + 1] = count
    return count


def collect(pages: list[Page], names: bool) -> tuple[np.ndarray, np.ndarray]:
    """The table places of all segments of all pages, one after the other, and where each segment's begin."""
    places, starts, base = [], [np.zeros(1, dtype=np.int64)], 0
    for page in pages:
        c = page.columns
        out = np.empty(len(c.holders) * 256 + 1, dtype=np.int64)
        begin = np.zeros(len(c.holders) + 1, dtype=np.int64)
        if names:
            count = _collect_names(c.parents, c.tags, c.name_words, c.name_starts, c.holders, out, begin)
        else:
            count = _collect_words(c.holders, c.words, c.word_starts, out, begin)
        places.append(out[:count].copy())
        starts.append(begin[1:] + base)
        base += count
    return np.concatenate(places), np.concatenate(starts)


@kernel
def _descend(places, starts, labels, weights, used, scaled, epochs, rate, decay, size):
    """Logistic regression by AdaGrad, a fixed shuffle per epoch."""
    table, squares = np.zeros(size), np.full(size, 1e-2)
    bias, bias_squares = 0.0, 1e-2
    rows = np.nonzero(used)[0]
    np.random.seed(1)
    for _ in range(epochs):
        np.random.shuffle(rows)
        for row in rows:
            first, last = starts[row], starts[row + 1]
            scale = 1 / np.sqrt(last - first + 1.0) if scaled else 1.0
            z = bias
            for i in range(first, last):
                z += table[places[i]] * scale
            slope = (1 / (1 + np.exp(-z)) - labels[row]) * weights[row]
            bias_squares += slope * slope
            bias -= rate * slope / np.sqrt(bias_squares)
            for i in range(first, last):
                place = places[i]
                step = slope * scale + decay * table[place]
                squares[place] += step * step
                table[place] -= rate * step / np.sqrt(squares[place])
    return table


class LinearModels:
    """The two tables, fitted on any part of the pages."""

    def __init__(self, pages: list[Page]) -> None:
        self.words, self.names = collect(pages, names=False), collect(pages, names=True)
        self.labels = (np.concatenate([page.labels for page in pages]) > 0.5).astype(np.float64)
        weights = np.concatenate([page.weights for page in pages])
        self.weights = weights / weights.mean()
        self.folds = np.concatenate([np.full(len(page.labels), page.fold) for page in pages])

    def fit(self, left_out: tuple[int, ...]) -> tuple[np.ndarray, np.ndarray]:
        """Word and name weights without the pages of some folds, as they are stored: float16 precision."""
        used = ~np.isin(self.folds, left_out)
        words = _descend(*self.words, self.labels, self.weights, used, True, 3, 0.1, 2e-4, TABLE_SIZE)
        names = _descend(*self.names, self.labels, self.weights, used, False, 3, 0.05, 2e-3, TABLE_SIZE)
        return words.astype(np.float16).astype(np.float32), names.astype(np.float16).astype(np.float32)


# --- the trees


def shortened(page: Page, random: np.random.Generator) -> np.ndarray | None:
    """Which segments are left when the article ends early, or None for an article too short to be cut."""
    text = np.nonzero(page.labels > 0.5)[0]
    total = page.words[text].sum()
    least = CUT_WORDS[0] / CUT_WORDS[1]
    if len(text) < 4 or total < max(120, least):
        return None
    target = np.exp(random.uniform(np.log(CUT_WORDS[0]), np.log(CUT_WORDS[1] * total)))
    cut = max(1, int(np.searchsorted(np.cumsum(page.words[text]), target)))
    if cut >= len(text) - 1:
        return None
    kept = np.ones(len(page.labels), dtype=bool)
    kept[text[cut:]] = False
    return kept


def subset(columns: PageColumns, kept: np.ndarray) -> PageColumns:
    """The arrays of a page with only some of its segments."""
    starts = columns.word_starts
    places = [np.arange(starts[s], starts[s + 1]) for s in np.nonzero(kept)[0]]
    return dataclasses.replace(
        columns,
        holders=columns.holders[kept],
        kinds=columns.kinds[kept],
        shares=columns.shares[kept],
        counts=columns.counts[kept],
        words=columns.words[np.concatenate(places)],
        word_starts=np.concatenate([[0], np.cumsum(np.diff(starts)[kept])]).astype(np.int64),
        digests=columns.digests[kept],
        in_body=columns.in_body[kept],
    )


@dataclasses.dataclass
class Rows:
    """The training rows: features, labels, weights and folds."""

    features: np.ndarray
    labels: np.ndarray
    weights: np.ndarray
    folds: np.ndarray


def make_rows(pages: list[Page], tables: dict[int, tuple[np.ndarray, np.ndarray]]) -> Rows:
    """Two copies of each page, whole and cut short; the linear scores of each by the tables of its fold."""
    random = np.random.default_rng(5)
    features, labels, weights, folds = [], [], [], []
    for page in pages:
        scores = score_words_and_names(page.columns, *tables[page.fold])
        kept = shortened(page, random)
        copies = [(np.ones(len(page.labels), dtype=bool), 1.0)]
        if kept is not None:
            copies.append((kept, CUT_WEIGHT))
        for which, weight in copies:
            whole = weight == 1.0
            columns = page.columns if whole else subset(page.columns, which)
            features.append(features_with(columns, scores[which]))
            labels.append(page.labels[which])
            weights.append(page.weights[which] * weight)
            folds.append(np.full(int(which.sum()), page.fold))
    joined = np.concatenate(weights)
    return Rows(np.concatenate(features), np.concatenate(labels), joined / joined.mean(), np.concatenate(folds))


def grow(rows: Rows, used: np.ndarray) -> Forest:
    """The trees over some of the rows."""
    data = lightgbm.Dataset(rows.features[used], rows.labels[used], weight=rows.weights[used])
    return flatten(lightgbm.train(PARAMETERS, data, TREES).dump_model())


def flatten(dump: dict[str, Any]) -> Forest:
    """LightGBM's nested trees as arrays. Thresholds rounded down to float32 part float32 features as before."""
    roots: list[int] = []
    features: list[int] = []
    values: list[float] = []
    children: list[int] = []
    for tree in dump["tree_info"]:
        roots.append(len(features))
        # Breadth first, so that the two children of a node stand side by side.
        level = [tree["tree_structure"]]
        free = len(features) + 1
        while level:
            below = []
            for node in level:
                is_leaf = "leaf_value" in node
                features.append(0 if is_leaf else node["split_feature"])
                values.append(node["leaf_value"] if is_leaf else _round_down(node["threshold"]))
                children.append(-1 if is_leaf else free)
                if not is_leaf:
                    free += 2
                    below += [node["left_child"], node["right_child"]]
            level = below
    return Forest(
        np.array(roots, dtype=np.int32),
        np.array(features, dtype=np.int16),
        np.array(values, dtype=np.float32),
        np.array(children, dtype=np.int32),
    )


def _round_down(value: float) -> np.float32:
    rounded = np.float32(value)
    return np.nextafter(rounded, np.float32(-np.inf)) if float(rounded) > value else rounded


# --- the two commands


def write_model(pages: list[Page], target: Path) -> None:
    """Train on all pages and write the weights file."""
    linear = LinearModels(pages)
    rows = make_rows(pages, {fold: linear.fit((fold,)) for fold in range(FOLDS)})
    forest = grow(rows, np.ones(len(rows.labels), dtype=bool))
    words, names = linear.fit(())
    header = {
        "origin": ORIGIN,
        "pages": len(pages),
        "trees": TREES,
        "features": FEATURES,
        "made_by": "bench/train_blocks.py",
    }
    np.savez_compressed(
        target,
        header=np.frombuffer(json.dumps(header).encode(), dtype=np.uint8),
        words=words.astype(np.float16),
        names=names.astype(np.float16),
        **dataclasses.asdict(forest),
    )
    print(f"{target}: {target.stat().st_size} bytes, SHA-256 {hashlib.sha256(target.read_bytes()).hexdigest()}")


def cross_validate(pages: list[Page], out: Path) -> None:
    """Write predictions for each page by models that saw no page of its fold: {"set", "id", "body"} per line."""
    linear = LinearModels(pages)
    tables = {fold: linear.fit((fold,)) for fold in range(FOLDS)}
    rows = make_rows(pages, tables)
    lines = []
    for fold in range(FOLDS):
        forest = grow(rows, rows.folds != fold)
        for page in (page for page in pages if page.fold == fold):
            scores = score_words_and_names(page.columns, *tables[fold])
            p = predict_rows(features_with(page.columns, scores), forest)
            chosen = choose_segments(page.segments, page.columns, p)
            labelled = label_segments(page.segments, chosen, page.facts, p.tolist())
            body = "\n\n".join(block.text for block in labelled.blocks if block.kept)
            certainty = [round(float(value), 4) for value in p]
            lines.append({"set": page.truth["set"], "id": page.truth["id"], "body": body, "certainty": certainty})
    out.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")


def main() -> None:
    """Read the arguments and run one of the commands."""
    root = Path(__file__).resolve().parents[1]
    parser = argparse.ArgumentParser(description="Train the block model")
    parser.add_argument(
        "--data", type=Path, default=root.parent / "shared/bench/extraction", help="the annotated pages"
    )
    parser.add_argument("--out", type=Path, default=root / "src/copydesk/data/block_model.npz", help="the weights file")
    parser.add_argument("--cross-validate", type=Path, metavar="FILE", help="write cross-validated bodies instead")
    arguments = parser.parse_args()
    PACE.is_fast = True
    pages = read_pages(arguments.data)
    print(f"{len(pages)} pages, {sum(len(page.labels) for page in pages)} segments", file=sys.stderr)
    if arguments.cross_validate:
        cross_validate(pages, arguments.cross_validate)
    else:
        write_model(pages, arguments.out)


if __name__ == "__main__":
    main()

"""The learned block model: how likely each segment of a page belongs to the article's text.

The weights are data (data/block_model.npz): two tables of the linear models and a forest of regression trees, made from
the annotated pages by bench/train_blocks.py. The origin and the licences of those pages stand in the file's
header (`model_header`). Prediction is a walk through arrays; no learning library is needed.
"""

from __future__ import annotations

import functools
import json
from dataclasses import dataclass
from importlib import resources
from typing import Any

import numpy as np
from numpy.typing import NDArray

from copydesk.errors import ContractError
from copydesk.extraction.compiled import kernel
from copydesk.extraction.features import FEATURES, PageColumns, compute_features

MODEL_FILE = "block_model.npz"

DECIDED = 3.5
"""A segment whose log-odds are farther from 0 than this (a probability below 3 % or above 97 %) part of the way through
the forest is left as it is: the rest of the trees would rarely change what is chosen, and they take half the time."""

CHECK_EVERY = 20
"""Trees between two looks at who is decided."""

ROWS_AT_ONCE = 1_000
"""Rows that go through the whole forest together: more don't stay in the cache, and a page of 290,000 paragraphs took
three times as long."""


@dataclass(frozen=True, slots=True)
class Forest:
    """Trees as nodes in one array each.

    `features` and `values`: what is compared, and with what (at most: to the left); in a leaf, its value. `children`:
    the left child, which the right one follows; -1 in a leaf. `roots`: the first node of each tree.
    """

    roots: NDArray[np.int32]
    features: NDArray[np.int16]
    values: NDArray[np.float32]
    children: NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class BlockModel:
    """The weights: float32 tables for words and names, and the forest."""

    words: NDArray[np.float32]
    names: NDArray[np.float32]
    forest: Forest
    header: dict[str, Any]


@functools.cache
def load_model() -> BlockModel:
    """The model that ships with the package.

    Raises ContractError if it was trained on other features than this version computes.
    """
    with resources.files("copydesk.data").joinpath(MODEL_FILE).open("rb") as file, np.load(file) as arrays:
        header = json.loads(arrays["header"].tobytes())
        if header["features"] != list(FEATURES):
            raise ContractError(
                f"{MODEL_FILE} has other features than the code: make it again with bench/train_blocks.py"
            )
        return BlockModel(
            words=arrays["words"].astype(np.float32),
            names=arrays["names"].astype(np.float32),
            forest=Forest(
                roots=arrays["roots"],
                features=arrays["features"],
                values=arrays["values"],
                children=arrays["children"],
            ),
            header=header,
        )


def predict(page: PageColumns, model: BlockModel) -> NDArray[np.float64]:
    """Per segment the probability (0 to 1) that it belongs to the text; empty for a page without segments."""
    return predict_rows(compute_features(page, model.words, model.names), model.forest)


def predict_rows(rows: NDArray[np.float32], forest: Forest) -> NDArray[np.float64]:
    """Per row of features the forest's probability."""
    margins = np.zeros(len(rows), dtype=np.float64)
    for start in range(0, len(rows), ROWS_AT_ONCE):
        some = slice(start, start + ROWS_AT_ONCE)
        active = np.arange(len(margins[some]))
        _add_margins(rows[some], active, forest.roots, forest.features, forest.values, forest.children, margins[some])
    return 1.0 / (1.0 + np.exp(-margins))


@kernel
def _add_margins(rows, active, roots, features, values, children, margins):  # noqa: C901
    # Tree by tree over all rows, not row by row: a tree stays in the cache, all of them don't. Most segments of a
    # page are menus, links or plain paragraphs: what is decided after CHECK_EVERY trees is not looked at again.
    # Four rows go down a tree side by side, so that none waits for the memory of its own: a third faster.
    for tree in range(len(roots)):
        if tree % CHECK_EVERY == 0 and tree:
            left = 0
            for row in active:
                if abs(margins[row]) < DECIDED:
                    active[left] = row
                    left += 1
            active = active[:left]
        root, i = np.int64(roots[tree]), 0
        while i + 4 <= len(active):
            a, b, c, d = active[i], active[i + 1], active[i + 2], active[i + 3]
            at_a = at_b = at_c = at_d = root
            to_a = to_b = to_c = to_d = np.int64(children[root])
            while to_a >= 0 or to_b >= 0 or to_c >= 0 or to_d >= 0:
                if to_a >= 0:
                    at_a = to_a + (rows[a, features[at_a]] > values[at_a])
                    to_a = np.int64(children[at_a])
                if to_b >= 0:
                    at_b = to_b + (rows[b, features[at_b]] > values[at_b])
                    to_b = np.int64(children[at_b])
                if to_c >= 0:
                    at_c = to_c + (rows[c, features[at_c]] > values[at_c])
                    to_c = np.int64(children[at_c])
                if to_d >= 0:
                    at_d = to_d + (rows[d, features[at_d]] > values[at_d])
                    to_d = np.int64(children[at_d])
            margins[a] += values[at_a]
            margins[b] += values[at_b]
            margins[c] += values[at_c]
            margins[d] += values[at_d]
            i += 4
        while i < len(active):
            at_a = root
            while children[at_a] >= 0:
                at_a = children[at_a] + (rows[active[i], features[at_a]] > values[at_a])
            margins[active[i]] += values[at_a]
            i += 1

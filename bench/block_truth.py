"""Which segments of an annotated page belong to its annotated body: the labels that the block model learns.

The annotated bodies are texts, not marks on the page. The tokens of the page's segments are aligned with those of the
body, in order and preferring unbroken runs; a segment's label is the share of its tokens that found their place.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numba import njit

# The tokens of the benchmark's scorer: runs of word characters, single characters in scripts without spaces.
_NOSPACE = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
TOKEN = re.compile(rf"[{_NOSPACE}]|[^\W{_NOSPACE}]+")

SHINGLE = 3
"""A segment without one run of so many tokens in common with the body is left out before the alignment."""

MAX_CELLS = 600_000_000
"""Cells of the alignment's table, a byte each."""


def label_shares(texts: Sequence[str], body: str) -> tuple[list[float], list[int]]:
    """Per segment the share (0 to 1) of its tokens that belong to the body, and how many tokens it has."""
    wanted = TOKEN.findall(body)
    tokens = [TOKEN.findall(text) for text in texts]
    counts = [len(found) for found in tokens]
    known = _runs(wanted)
    taken = [place for place, found in enumerate(tokens) if found and _runs(found) & known]
    codes = {token: code for code, token in enumerate(dict.fromkeys(wanted))}
    page = np.array([codes.get(token, -1) for place in taken for token in tokens[place]], dtype=np.int32)
    truth = np.array([codes[token] for token in wanted], dtype=np.int32)
    shares = [0.0] * len(texts)
    if not len(page) or not len(truth):
        return shares, counts
    if len(page) * len(truth) > MAX_CELLS:
        raise ValueError(f"a page of {len(page)} tokens against a body of {len(truth)} is too large to align")
    owners = np.array([place for place in taken for _ in tokens[place]], dtype=np.int32)
    matched = _align(page, truth, owners)
    start = 0
    for place in taken:
        shares[place] = float(matched[start : start + counts[place]].mean())
        start += counts[place]
    return shares, counts


def _runs(tokens: Sequence[str]) -> set[tuple[str, ...]]:
    """The runs of SHINGLE tokens, and the shorter ones that a short segment consists of."""
    sizes = range(1, SHINGLE + 1)
    size = min(len(tokens), SHINGLE)
    if len(tokens) <= SHINGLE:
        return {tuple(tokens)}
    found = {tuple(tokens[i : i + size]) for i in range(len(tokens) - size + 1)}
    if len(tokens) > 50:
        found |= {tuple(tokens[i : i + n]) for n in sizes for i in range(len(tokens) - n + 1)}
    return found


@njit(cache=True)
def _align(page: np.ndarray, truth: np.ndarray, owners: np.ndarray) -> np.ndarray:
    """Whether each page token is matched: the common subsequence with the most matches and the fewest breaks."""
    n, m = len(page), len(truth)
    # How a cell was reached: bits 0-1 = from above, from the left, by a match; bit 2 = the match continues a run.
    steps = np.zeros((n + 1, m + 1), dtype=np.uint8)
    best = np.zeros(m + 1, dtype=np.float32)
    run = np.full(m + 1, -1e9, dtype=np.float32)
    for i in range(1, n + 1):
        diagonal_best = best[0]
        diagonal_run = run[0]
        token = page[i - 1]
        same_owner = i > 1 and owners[i - 1] == owners[i - 2]
        for j in range(1, m + 1):
            above, above_run = best[j], run[j]
            value, step = above, 0
            if best[j - 1] > value:
                value, step = best[j - 1], 1
            here = np.float32(-1e9)
            if token == truth[j - 1]:
                fresh = diagonal_best + np.float32(1.0)
                going = diagonal_run + np.float32(3.0 if same_owner else 2.5)
                here = max(fresh, going)
                if here >= value:
                    value, step = here, 2
                if going >= fresh:
                    step |= 4
            best[j] = value
            run[j] = here
            diagonal_best, diagonal_run = above, above_run
            steps[i, j] = step
    return _trace(steps, n, m)


@njit(cache=True)
def _trace(steps: np.ndarray, n: int, m: int) -> np.ndarray:
    matched = np.zeros(n, dtype=np.float64)
    i, j, in_run = n, m, False
    while i > 0 and j > 0:
        step = steps[i, j]
        if in_run or step & 3 == 2:
            matched[i - 1] = 1.0
            in_run = step & 4 != 0
            i -= 1
            j -= 1
        elif step & 3 == 1:
            j -= 1
        else:
            i -= 1
    return matched

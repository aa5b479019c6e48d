"""The columns of features that say where on the page a segment stands (compiled).

Each function writes some columns of all rows, from `column` on, in the order of `features.FEATURES`.
"""

from __future__ import annotations

import numpy as np

from copydesk.extraction.compiled import kernel
from copydesk.extraction.page_sums import HEADING, OWN_SEGMENTS, PROSE

FAR = 60
"""Distances end here."""


@kernel
def fill_main(parents, ends, holders, containers, prose, main, column, rows):
    """Where it stands to the container with most prose: steps up and down, segments before and behind, in it or not."""
    on_path = np.full(len(parents), -1, dtype=np.int32)
    e, steps = main, 0
    while e >= 0:
        on_path[e] = steps
        steps += 1
        e = parents[e]
    total = len(holders)
    first, last = total, -1
    for s in range(total):
        if prose[s] > 0 and main <= holders[s] < ends[main]:
            first = min(first, s)
            last = s
    for s in range(total):
        x, up = containers[s], 0
        while on_path[x] < 0:
            x = parents[x]
            up += 1
        rows[s, column] = up
        rows[s, column + 1] = on_path[x]
        rows[s, column + 2] = min(max(first - s, 0), FAR)
        rows[s, column + 3] = min(max(s - last, 0), FAR)
        rows[s, column + 4] = 1.0 if main <= holders[s] < ends[main] else 0.0


@kernel
def fill_order(prose, containers, direct, h1, all_prose, column, rows):
    """What stands before and behind it: prose, the first heading, others of its container."""
    total = len(prose)
    seen_in = np.zeros(len(direct), dtype=np.float32)
    before, previous = np.float32(0.0), 60.0
    for s in range(total):
        container = containers[s]
        rows[s, column] = s / total
        rows[s, column + 1] = before / all_prose
        rows[s, column + 2] = min(s - h1, FAR) if 0 <= h1 <= s else -1
        rows[s, column + 3] = min(h1 - s, FAR) if h1 > s else 0
        rows[s, column + 4] = min(seen_in[container], FAR)
        rows[s, column + 5] = direct[container, OWN_SEGMENTS]
        rows[s, column + 7] = previous
        before += prose[s]
        previous = 1.0 if prose[s] > 0 else min(previous + 1, 60.0)
        seen_in[container] += 1
    following = 60.0
    for s in range(total - 1, -1, -1):
        rows[s, column + 6] = following
        following = 1.0 if prose[s] > 0 else min(following + 1, 60.0)


@kernel
def fill_headings(tags, ends, holders, containers, kinds, linear, column, rows):
    """The heading before it: how far, which, how its words read, whether it stands in the same container."""
    at = -1
    for s in range(len(holders)):
        row = rows[s]
        if at >= 0:
            held = containers[at]
            row[column] = min(s - at, FAR)
            row[column + 1] = tags[holders[at]]
            row[column + 2] = linear[at, 0]
            row[column + 3] = 2.0 if held == containers[s] else (1.0 if held <= holders[s] < ends[held] else 0.0)
        else:
            row[column], row[column + 1], row[column + 2], row[column + 3] = FAR, -1, 0, -1
        if kinds[s] == HEADING:
            at = s


@kernel
def fill_repeats(digests, shapes, prose, all_prose, column, rows):
    """How many segments are left, how many say the same, and how many are marked up the same, with how much prose."""
    total = len(prose)
    met = np.zeros(total, dtype=np.int64)
    same, same_prose = np.zeros(total, dtype=np.float32), np.zeros(total, dtype=np.float32)
    for s in range(total):
        rows[s, column + 2] = min(met[digests[s]], 9)
        met[digests[s]] += 1
        same[shapes[s]] += 1
        same_prose[shapes[s]] += prose[s]
    for s in range(total):
        rows[s, column] = min(total - s, FAR)
        rows[s, column + 1] = min(met[digests[s]] - 1, 9)
        rows[s, column + 3] = same[shapes[s]]
        rows[s, column + 4] = same_prose[shapes[s]] / all_prose


@kernel
def fill_title(parents, ends, holders, containers, title_at, overlap, column, rows):
    """Where it stands to the title on the page (-1: there is none), and how much that one is like the page's own."""
    for s in range(len(holders)):
        row = rows[s]
        row[column] = min(s - title_at, FAR) if 0 <= title_at <= s else -1
        row[column + 1] = min(title_at - s, FAR) if title_at > s else 0
        row[column + 2] = -1
        if title_at >= 0:
            x, up, held = containers[s], 0, holders[title_at]
            while not x <= held < ends[x]:
                x = parents[x]
                up += 1
            row[column + 2] = up
        row[column + 3] = overlap


@kernel
def fill_articles(parents, tags, holders, sums, article, column, rows):
    """How many article elements the page has; of the one around it, the share of the most prose in one, its place."""
    elements = len(parents)
    article_of = np.full(elements, -1, dtype=np.int32)
    places = np.zeros(elements, dtype=np.float32)
    count, most = np.float32(0.0), np.float32(1.0)
    for e in range(1, elements):
        article_of[e] = article_of[parents[e]]
        if tags[e] == article:
            article_of[e] = e
            places[e] = count
            count += 1
            most = max(most, sums[e, PROSE])
    for s in range(len(holders)):
        held = article_of[holders[s]]
        rows[s, column] = min(count, FAR)
        rows[s, column + 1] = sums[held, PROSE] / most if held >= 0 else -1
        rows[s, column + 2] = min(places[held], 20) if held >= 0 else -1

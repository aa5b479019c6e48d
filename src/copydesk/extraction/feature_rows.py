"""The rows of the feature matrix, computed in one compiled pass over a page's arrays.

`fill_rows` is long: first what the columns share is computed (sums per element, the largest container, distances,
repeats), then each segment's columns are written in the order of `features.FEATURES`. A column that is added there
needs its line here, in the same place, and the weights made anew.
"""

from __future__ import annotations

import numpy as np

from copydesk.extraction.card_rows import CARD_FEATURES, fill_cards
from copydesk.extraction.compiled import kernel
from copydesk.extraction.outline import holder_of
from copydesk.extraction.repeats import shared_shingles
from copydesk.extraction.said_words import contains, find_title, table_of

CARDS = len(CARD_FEATURES)


@kernel
def fill_rows(  # noqa: C901
    parents, ends, tags, marks, images, holders, kinds, shares, counts, words, word_starts, title_words,
    described_words, in_body, page, linear, plain, headings, article_tag, mark_count, offsets, depths, siblings,
    digests, segment_shapes, rows,
):  # fmt: skip
    """Write each segment's row; `rows` is float32 of shape (segments, FEATURES), all 0.

    `depths`, `siblings`, `digests` and `segment_shapes` are what `outline` writes.
    """
    total, elements = len(holders), len(parents)
    if total == 0:
        return
    # Sums per element: prose, characters, links, segments, and the prose of its own paragraphs.
    prose = np.zeros(total, dtype=np.float32)
    containers = np.zeros(total, dtype=np.int32)
    sums = np.zeros((elements, 7), dtype=np.float32)
    articles = np.float32(0.0)
    most_in_article = np.float32(1.0)
    direct = np.zeros(elements, dtype=np.float32)
    direct_segments = np.zeros(elements, dtype=np.float32)
    h1 = -1
    for s in range(total):
        e = holders[s]
        chars, links = counts[s, 0], shares[s, 0]
        heading = kinds[s] == 1
        if not heading and chars - links >= 60 and links <= 0.5 * chars:
            prose[s] = chars - links
        containers[s] = holder_of(e, parents, tags, plain)
        direct[containers[s]] += prose[s]
        direct_segments[containers[s]] += 1
        sums[e, 0] += chars
        sums[e, 1] += links
        sums[e, 2] += 1
        sums[e, 3] += prose[s]
        sums[e, 4] += 1.0 if prose[s] > 0 else 0.0
        sums[e, 5] += chars if kinds[s] == 2 else 0.0
        if h1 < 0 and tags[e] == headings[0]:
            h1 = s
    for e in range(elements):
        sums[e, 6] = images[e]
    for e in range(elements - 1, 0, -1):
        for k in range(7):
            sums[parents[e], k] += sums[e, k]
        if tags[e] == article_tag:
            articles += 1
            most_in_article = max(most_in_article, sums[e, 3])
    in_titles, titled = table_of(title_words)
    in_descriptions, described = table_of(described_words)
    title_at, title_overlap = find_title(kinds, tags, holders, headings, words, word_starts, in_titles, titled)
    if title_overlap < 0.3:
        title_at = h1
    article_of = np.full(elements, -1, dtype=np.int32)
    article_places = np.zeros(elements, dtype=np.float32)
    met = np.float32(0.0)
    for e in range(1, elements):
        article_of[e] = article_of[parents[e]]
        if tags[e] == article_tag:
            article_of[e] = e
            article_places[e] = met
            met += 1
    main = 0
    for e in range(elements):
        if direct[e] > direct[main]:
            main = e
    main_direct = max(direct[main], np.float32(1.0))
    all_prose = max(sums[0, 3], np.float32(1.0))
    on_path = np.full(elements, -1, dtype=np.int32)
    e, steps = main, 0
    while e >= 0:
        on_path[e] = steps
        steps += 1
        e = parents[e]
    first_main, last_main = total, -1
    for s in range(total):
        if prose[s] > 0 and main <= holders[s] < ends[main]:
            first_main = min(first_main, s)
            last_main = s
    next_prose = np.zeros(total, dtype=np.float32)
    distance = 60.0
    for s in range(total - 1, -1, -1):
        next_prose[s] = distance
        distance = 1.0 if prose[s] > 0 else min(distance + 1, 60.0)
    met_times = np.zeros(total, dtype=np.int64)
    seen = np.zeros(total, dtype=np.float32)
    for s in range(total):
        seen[s] = min(met_times[digests[s]], 9)
        met_times[digests[s]] += 1
    same_shape = np.zeros(total, dtype=np.float32)
    same_shape_prose = np.zeros(total, dtype=np.float32)
    for s in range(total):
        same_shape[segment_shapes[s]] += 1
        same_shape_prose[segment_shapes[s]] += prose[s]
    covered = shared_shingles(words, word_starts)
    before, previous, heading_at = np.float32(0.0), 60.0, -1
    seen_in = np.zeros(elements, dtype=np.float32)
    for s in range(total):
        row = rows[s]
        e, container = holders[s], containers[s]
        chars = max(counts[s, 0], np.float32(1.0))
        n_words = max(counts[s, 1], np.float32(0.5))
        c = 0
        row[0] = chars
        row[1] = n_words
        row[2] = min(shares[s, 0] / chars, np.float32(1.0))
        row[3] = shares[s, 1]
        row[4] = min(shares[s, 2] / chars, np.float32(1.0))
        row[5] = min(shares[s, 3] / chars, np.float32(1.0))
        row[6] = counts[s, 4] / chars
        row[7] = counts[s, 5]
        row[8] = counts[s, 7]
        row[9] = counts[s, 8]
        row[10] = counts[s, 2] / max(counts[s, 9], np.float32(1.0))
        row[11] = counts[s, 3] / chars
        row[12] = counts[s, 9] / n_words
        row[13] = counts[s, 6] / chars
        row[14] = counts[s, 9] / chars
        row[15] = tags[e]
        row[16] = kinds[s]
        row[17] = tags[parents[e]] if parents[e] >= 0 else -1
        row[18] = depths[e]
        row[19] = 1.0 if prose[s] > 0 else 0.0
        row[20] = max(chars - shares[s, 0], np.float32(0.0))
        row[21] = shares[s, 4]
        row[22] = covered[s]
        c = 23
        level_element = container
        for _ in range(5):
            if level_element < 0:
                for k in range(8):
                    row[c + k] = -1
            else:
                x = level_element
                row[c] = direct[x] / main_direct
                row[c + 1] = sums[x, 3] / all_prose
                row[c + 2] = sums[x, 1] / max(sums[x, 0], np.float32(1.0))
                row[c + 3] = sums[x, 2]
                row[c + 4] = sums[x, 3]
                row[c + 5] = tags[x]
                row[c + 6] = sums[x, 4] / max(sums[x, 2], np.float32(1.0))
                row[c + 7] = sums[x, 6] / max(sums[x, 2], np.float32(1.0))
                level_element = parents[x]
            c += 8
        x, up = container, 0
        while on_path[x] < 0:
            x = parents[x]
            up += 1
        row[c] = up
        row[c + 1] = on_path[x]
        row[c + 2] = min(max(first_main - s, 0), 60)
        row[c + 3] = min(max(s - last_main, 0), 60)
        row[c + 4] = 1.0 if main <= e < ends[main] else 0.0
        row[c + 5] = s / total
        row[c + 6] = before / all_prose
        row[c + 7] = min(s - h1, 60) if 0 <= h1 <= s else -1
        row[c + 8] = min(h1 - s, 60) if h1 > s else 0
        row[c + 9] = min(seen_in[container], 60)
        row[c + 10] = direct_segments[container]
        row[c + 11] = next_prose[s]
        row[c + 12] = previous
        if heading_at >= 0:
            row[c + 13] = min(s - heading_at, 60)
            row[c + 14] = tags[holders[heading_at]]
            row[c + 15] = linear[heading_at, 0]
            held = containers[heading_at]
            row[c + 16] = 2.0 if held == container else (1.0 if held <= e < ends[held] else 0.0)
        else:
            row[c + 13], row[c + 14], row[c + 15], row[c + 16] = 60, -1, 0, -1
        row[c + 17] = min(total - s, 60)
        row[c + 18] = min(met_times[digests[s]] - 1, 9)
        row[c + 19] = seen[s]
        row[c + 20] = same_shape[segment_shapes[s]]
        row[c + 21] = same_shape_prose[segment_shapes[s]] / all_prose
        row[c + 22] = min(s - title_at, 60) if 0 <= title_at <= s else -1
        row[c + 23] = min(title_at - s, 60) if title_at > s else 0
        if title_at >= 0:
            x, up, held = container, 0, holders[title_at]
            while not x <= held < ends[x]:
                x = parents[x]
                up += 1
            row[c + 24] = up
        else:
            row[c + 24] = -1
        row[c + 25] = title_overlap
        row[c + 26] = min(articles, 60)
        if article_of[e] >= 0:
            row[c + 27] = sums[article_of[e], 3] / most_in_article
            row[c + 28] = min(article_places[article_of[e]], 20)
        else:
            row[c + 27], row[c + 28] = -1, -1
        c += 29
        row[c] = sums[0, 3]
        row[c + 1] = np.float32(total)
        row[c + 2] = main_direct / all_prose
        row[c + 3] = page[0]
        row[c + 4] = page[1]
        row[c + 5] = page[2]
        row[c + 6] = 1.0 if h1 >= 0 else 0.0
        row[c + 7] = sums[0, 4]
        row[c + 8] = sums[0, 1] / max(sums[0, 0], np.float32(1.0))
        row[c + 9] = sums[main, 5] / max(sums[main, 0], np.float32(1.0))
        row[c + 10] = page[3]
        row[c + 11] = page[4]
        c += 12
        in_title = in_described = 0
        begin, end = word_starts[s], word_starts[s + 1]
        if end - begin <= 120:
            for i in range(begin, end):
                in_title += contains(in_titles, words[i])
                in_described += contains(in_descriptions, words[i])
        size = max(end - begin, 1)
        row[c] = in_title / size
        row[c + 1] = in_title / max(titled, 1)
        row[c + 2] = in_described / size
        row[c + 3] = in_described / max(described, 1)
        row[c + 4] = in_body[s]
        c += 5
        for k in range(len(offsets)):
            o = s + offsets[k]
            if 0 <= o < total:
                other = max(counts[o, 0], np.float32(1.0))
                row[c] = other
                row[c + 1] = shares[o, 0] / other
                row[c + 2] = tags[holders[o]]
                row[c + 3] = 1.0 if containers[o] == container else 0.0
                row[c + 4] = linear[o, 0]
            else:
                row[c], row[c + 1], row[c + 2], row[c + 3], row[c + 4] = -1, -1, -1, -1, 0
            c += 5
        row[c], row[c + 1], row[c + 2] = linear[s, 0], linear[s, 1], linear[s, 2]
        c += 3
        for k in range(mark_count):
            row[c + k] = 8
        x = e
        for level in range(8):
            if x < 0:
                break
            bits = marks[x]
            k = 0
            while bits:
                if bits & 1 and row[c + k] > level:
                    row[c + k] = level
                bits >>= 1
                k += 1
            x = parents[x]
        before += prose[s]
        previous = 1.0 if prose[s] > 0 else min(previous + 1, 60.0)
        seen_in[container] += 1
        if kinds[s] == 1:
            heading_at = s
    fill_cards(parents, siblings, tags, holders, kinds, shares, counts, prose, linear, rows.shape[1] - CARDS, rows)

"""The copies that were found: how many of which kind, the largest clusters, and examples of each kind side by side."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from html import escape
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from copydesk.duplicates.permutations import COPY_BANDS, describe_bands
from copydesk.report.diff import beside_html, compare_texts, fold
from copydesk.report.markup import MOST_ROWS, bars, left_out, short, table
from copydesk.report.records import count_values
from copydesk.state import find_kept
from copydesk.writing import locate

TextOf = Callable[[str], str | None]
"""The text of an article by its id, None where it isn't kept: copies are in no published table."""

LARGEST_CLUSTERS = 20
EXAMPLES_PER_KIND = 3
MOST_COPIES = 50
"""Copies listed per cluster."""
DIFF_CHARS = 6_000
"""Text compared in an example: the first three pages."""


def kept_texts(clean: Path) -> TextOf:
    """Looks texts up in what was examined beside this corpus: before lines were removed that take the whole corpus."""
    folder = locate(clean).state / "examined"

    def text_of(article_id: str) -> str | None:
        article = find_kept(folder, article_id) if folder.is_dir() else None
        return article.text if article else None

    return text_of


def copies(duplicates: pa.Table, articles: pa.Table, text_of: TextOf | None = None) -> str:
    """Kinds, examples and clusters. Without `text_of` there are no examples: the text of a copy is in no table."""
    if not duplicates.num_rows:
        return "<p>No duplicates.</p>"
    # Rows are taken of it again and again: of a table in parts, that puts these together each time.
    duplicates = duplicates.combine_chunks()
    kinds = sorted(count_values(duplicates["kind"]).items())
    html = bars(("kind", "copies", "share"), kinds, duplicates.num_rows)
    if text_of:
        html += "<h3>Examples to judge</h3><p class=note>Of each kind, the pairs that are least alike.</p>"
        html += "".join(_examples(duplicates, kind, text_of) for kind, _ in kinds)
    detection = describe_bands(COPY_BANDS)
    html += f"<p class=note>Chance that signatures alone find a pair, by Jaccard: {detection}.</p>"
    return html + "<h3>Largest clusters</h3>" + _clusters(duplicates, articles)


def _examples(duplicates: pa.Table, kind: str, text_of: TextOf) -> str:
    order = [(name, "ascending") for name in ("containment", "jaccard", "article_id")]
    rows = pa.array(np.flatnonzero(pc.equal(duplicates["kind"], kind).to_numpy()))
    keys = duplicates.select([name for name, _ in order]).take(rows)
    # Whole rows of these few alone: to put all that is known of the pairs in order took a tenth of the page's time.
    first = rows.take(pc.sort_indices(keys, sort_keys=order).slice(0, EXAMPLES_PER_KIND))
    return "".join(_example(pair, text_of) for pair in duplicates.take(first).to_pylist())


def _example(pair: Mapping[str, Any], text_of: TextOf) -> str:
    copy, survivor = text_of(pair["article_id"]), text_of(pair["canonical_id"])
    name = escape(pair["title"] or pair["source_path"])
    if copy is None or survivor is None:
        body = "<p class=note>The texts of this pair are no longer kept.</p>"
    else:
        rows = fold(compare_texts(copy[:DIFF_CHARS], survivor[:DIFF_CHARS]))
        cut = "" if max(len(copy), len(survivor)) <= DIFF_CHARS else "<p class=note>The beginning of both.</p>"
        body = beside_html(rows, (f"copy: {pair['source_path']}", f"kept: {pair['canonical_source_path']}")) + cut
    return (
        f"<details class=pair><summary><span class=tag>{escape(pair['kind'])}</span> {name} <small>Jaccard "
        f"{pair['jaccard']:.2f}, containment {pair['containment']:.2f}</small></summary>{body}</details>"
    )


def _clusters(duplicates: pa.Table, articles: pa.Table) -> str:
    sizes = pa.Table.from_struct_array(pc.value_counts(duplicates["canonical_id"]))
    by_size = [("counts", "descending"), ("values", "ascending")]
    largest = sizes.take(pc.sort_indices(sizes, sort_keys=by_size).slice(0, LARGEST_CLUSTERS))
    survivors = largest["values"].combine_chunks()
    listed = articles.select(["article_id", "title"])
    chosen = listed.filter(pc.is_in(listed["article_id"], survivors))
    titles = dict(zip(chosen["article_id"].to_pylist(), chosen["title"].to_pylist(), strict=True))
    # All of them at once, since there are many more copies.
    members = duplicates.filter(pc.is_in(duplicates["canonical_id"], survivors)).sort_by("article_id")
    html = ""
    for survivor, size in zip(survivors.to_pylist(), largest["counts"].to_pylist(), strict=True):
        found = members.filter(pc.equal(members["canonical_id"], survivor)).slice(0, MOST_COPIES)
        rows = [(c["source_path"], c["kind"], c["jaccard"], c["containment"], c["outlet"]) for c in found.to_pylist()]
        cells = table(("copy", "kind", "Jaccard", "containment", "outlet"), rows) + left_out(size, MOST_COPIES)
        name = escape(short(titles.get(survivor) or survivor, MOST_ROWS) or "")
        html += f"<details><summary>{name} <b>{size + 1:,}</b></summary>{cells}</details>"
    return html + left_out(len(sizes), LARGEST_CLUSTERS)

"""The order in which the corpus is judged, on columns alone wherever they will do.

    copies → learned lines → foreign paragraphs → is it still an article? → off-topic documents → survivors

A pure function of all examined articles and the settings. What it gives for one article may depend on every other one,
so it is asked anew every night; no account is kept of what depends on what.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from copydesk.article import Copy, Outcome
from copydesk.boilerplate.learned import find_furniture, learn_furniture, remove_lines
from copydesk.boilerplate.lines import read_lines
from copydesk.contamination import check_article, judge_documents, judge_paragraphs
from copydesk.contamination.stories import stories_of
from copydesk.duplicates import find_links
from copydesk.duplicates.survivors import order_copies, read_links
from copydesk.judging.columns import COMPARED, Shelf
from copydesk.judging.verdicts import NOTHING, Found, Verdict, digest_removals, strip
from copydesk.settings import Settings

Rows = NDArray[np.int64]
Verdicts = Mapping[int, Verdict]
"""The verdict of each article for which anything follows from the corpus, by its row in the columns."""

Remembered = Callable[[int, bytes], str | None]
"""Why nothing that is an article is left of one (by row) without what has this digest; empty if one is left, None if
nobody has looked yet."""


def forget(row: int, removals: bytes) -> str | None:  # noqa: ARG001 - it stands in for what a night remembers
    """None: nothing is remembered."""
    return None


def judge_columns(shelf: Shelf, settings: Settings, remembered: Remembered = forget) -> Verdicts:
    """The verdicts on the articles of a shelf; none for an empty one."""
    columns = shelf.columns
    clean = np.flatnonzero(_equals(columns["outcome"], Outcome.CLEAN))
    links = link_copies(shelf, clean, settings)
    stories = np.arange(len(columns))
    stories[clean] = clean[stories_of(columns["article_id"].take(clean).to_pylist(), links)]
    verdicts = _find_lines(columns, clean, stories, settings)
    verdicts = _find_paragraphs(shelf, clean, links, verdicts, settings)
    verdicts = _check(shelf, verdicts, remembered, settings)
    verdicts = _judge_theme(shelf, clean, verdicts, settings)
    lost = {row for row, verdict in verdicts.items() if not verdict.clean}
    left = np.array([row for row in clean.tolist() if row not in lost], np.int64)
    if _lost_survivor(columns, lost, links):
        # A survivor turned out to be no article or off topic: its copies must find another one.
        links = link_copies(shelf, left, settings)
    return _choose(columns, left, links, verdicts)


def link_copies(shelf: Shelf, rows: Rows, settings: Settings) -> pa.Table:
    """The links between the articles of these rows, as they were examined."""
    texts = pa.array([_storable(article.text) for article in shelf.load(rows.tolist())], pa.large_string())
    table = shelf.columns.select(COMPARED.names).take(rows).append_column("text", texts)
    return find_links(table, settings)


def _storable(text: str) -> str:
    return text.encode("utf-8", "replace").decode()


def _equals(column: pa.ChunkedArray, outcome: Outcome) -> NDArray[np.bool_]:
    values = column.dictionary_encode().combine_chunks()
    wanted = np.array([value == outcome.value for value in values.dictionary.to_pylist()], np.bool_)
    mask: NDArray[np.bool_] = wanted[values.indices.to_numpy()] if len(wanted) else np.zeros(0, np.bool_)
    return mask


def _find_lines(columns: pa.Table, clean: Rows, stories: Rows, settings: Settings) -> dict[int, Verdict]:
    chosen = np.zeros(len(columns), np.bool_)
    chosen[clean] = True
    lines = read_lines(columns["lines"]).of(chosen)
    furniture = learn_furniture(lines, stories, settings)
    found = find_furniture(lines, furniture, columns["kept"].to_numpy())
    return {row: Verdict(furniture=positions) for row, positions in found.items()}


def _find_paragraphs(
    shelf: Shelf, clean: Rows, links: pa.Table, verdicts: Mapping[int, Verdict], settings: Settings
) -> dict[int, Verdict]:
    rows = clean.tolist()
    articles = [
        remove_lines(article, verdicts.get(row, NOTHING).furniture)
        for row, article in zip(rows, shelf.load(rows), strict=True)
    ]
    judged = judge_paragraphs(articles, links, settings)
    found = dict(verdicts)
    for row, before, after in zip(rows, articles, judged, strict=True):
        if after is not before:
            added = Found(after.evidence[len(before.evidence) :], after.decisions[len(before.decisions) :])
            found[row] = replace(found.get(row, NOTHING), foreign=added)
    return found


def _check(
    shelf: Shelf, verdicts: Mapping[int, Verdict], remembered: Remembered, settings: Settings
) -> dict[int, Verdict]:
    """The verdicts, with why nothing that is an article is left, where something was taken away."""
    found = dict(verdicts)
    unknown: list[int] = []
    for row, verdict in verdicts.items():
        if verdict.furniture or verdict.foreign.decisions:
            reason = remembered(row, digest_removals(verdict))
            if reason is None:
                unknown.append(row)
            elif reason:
                found[row] = replace(verdict, no_article=reason)
    for row, article in zip(unknown, shelf.load(unknown), strict=True):
        checked = check_article(strip(article, verdicts[row]), settings)
        if checked.outcome is not Outcome.CLEAN:
            found[row] = replace(verdicts[row], no_article=checked.reason)
    return found


def _judge_theme(shelf: Shelf, clean: Rows, verdicts: dict[int, Verdict], settings: Settings) -> dict[int, Verdict]:
    if not settings.contamination.theme:
        return verdicts
    rows = [row for row in clean.tolist() if verdicts.get(row, NOTHING).clean]
    articles = [strip(a, verdicts.get(row, NOTHING)) for row, a in zip(rows, shelf.load(rows), strict=True)]
    found = dict(verdicts)
    for row, before, after in zip(rows, articles, judge_documents(articles, settings), strict=True):
        if after is not before:
            reason = "" if after.outcome is Outcome.CLEAN else after.reason
            found[row] = replace(found.get(row, NOTHING), theme=after.evidence[-1], off_topic=reason)
    return found


def _lost_survivor(columns: pa.Table, lost: set[int], links: pa.Table) -> bool:
    names = set(columns["article_id"].take(pa.array(sorted(lost), pa.int64())).to_pylist())
    return not names.isdisjoint(links["canonical_id"].to_pylist())


def _choose(columns: pa.Table, clean: Rows, links: pa.Table, verdicts: Mapping[int, Verdict]) -> Verdicts:
    """The verdicts, with the links between articles that stayed clean carried out."""
    rows = dict(zip(columns["article_id"].take(clean).to_pylist(), clean.tolist(), strict=True))
    kept = [link for link in read_links(links) if link.article_id in rows and link.canonical_id in rows]
    found = dict(verdicts)
    copies: dict[str, list[Copy]] = {}
    for link, copy in zip(kept, _describe(columns, [rows[link.article_id] for link in kept]), strict=True):
        copies.setdefault(link.canonical_id, []).append(copy)
        found[rows[link.article_id]] = replace(found.get(rows[link.article_id], NOTHING), link=link)
    for survivor, folded in copies.items():
        found[rows[survivor]] = replace(found.get(rows[survivor], NOTHING), copies=order_copies(folded))
    return found


def _describe(columns: pa.Table, rows: Sequence[int]) -> list[Copy]:
    names = ("outlet", "url", "published_on", "article_id")
    chosen = columns.select(names).take(pa.array(rows, pa.int64()))
    return [Copy(*values) for values in zip(*(chosen[name].to_pylist() for name in names), strict=True)]

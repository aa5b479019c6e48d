"""Furniture and foreign paragraphs: what is caught, what is lost, by kind, by place and by donor."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
import tomllib
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from threadpoolctl import threadpool_limits

from copydesk.article import Article, Block, Metadata, Source
from copydesk.boilerplate import apply_rules
from copydesk.boilerplate.learned import find_furniture, learn_furniture, remove_lines
from copydesk.boilerplate.lines import read_lines, standing_lines
from copydesk.contamination import carry_out, judge_documents
from copydesk.contamination.background import load_background
from copydesk.contamination.columns import paragraph_columns
from copydesk.contamination.papers import Corpus, block_starts
from copydesk.contamination.scoring import score_corpus
from copydesk.contamination.strangers import find_strangers
from copydesk.contamination.tokens import article_tokens
from copydesk.judging.remains import blocks_without
from copydesk.settings import ContaminationSettings, Settings

LOSSES = (0.001, 0.003, 0.01)
"""Shares of genuine paragraphs at which recall is reported."""
FIELDS = {
    "author_bio": "bio",
    "captions": "captions",
    "notes": "notes",
    "byline": "byline",
    "modified": "date",
    "outlet": "source",
    "source": "source",
    "published": "date",
}
"""Our fields by the names that the benchmark has for them."""


def make_cases(
    shared: Path, scratch: Path, seed: int, mode: str = "paragraphs", *options: object
) -> list[dict[str, Any]]:
    """The cases that the shared generator makes with a seed, and with further options of its own."""
    out = scratch / f"{mode}-{seed}.jsonl"
    maker = shared / "contamination" / "make_cases.py"
    command = [sys.executable, maker, mode, "--seed", seed, *options, out]
    subprocess.run([str(word) for word in command], check=True)
    with out.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def article_of(case: dict[str, Any]) -> Article:
    """The case as an article whose head the metadata stage has read already."""
    blocks = []
    for i, paragraph in enumerate(case["paragraphs"]):
        block = Block(paragraph["text"])
        if paragraph["label"] == "meta" or i == 0:
            block = replace(block, label="head", field=paragraph["action"].partition(":")[2])
        blocks.append(block)
    metadata = Metadata(title=case["title"], outlet=case["outlet"])
    return Article(case["id"], Source(case["id"], 0, None), tuple(blocks), metadata)


def action_of(block: Block) -> str:
    """What was done to a block, in the words of the benchmark. A joined line's words stand in the line above."""
    if block.label in {"body", "joined"}:
        return "keep"
    return f"field:{FIELDS.get(block.field, block.field)}" if block.field else "remove"


def clean_cases(cases: Iterable[dict[str, Any]]) -> tuple[list[Article], list[Article], dict[str, float]]:
    """The articles after the rules, after everything, and what each step costs: CPU milliseconds on one thread per
    article of twenty paragraphs.
    """
    settings = Settings()
    articles = [article_of(case) for case in cases]
    with threadpool_limits(limits=1):
        clean_in_steps(articles[:300], settings)  # what is loaded once is loaded now
        ruled, judged, times = clean_in_steps(articles, settings)
    paragraphs = sum(len(article.blocks) for article in articles)
    costs = [(end - start) * 1000 * 20 / paragraphs for start, end in pairwise(times)]
    names = ("ms for the rules", "ms for words and lines", "ms for learned lines", "ms for foreign text")
    return ruled, judged, dict(zip(names, costs, strict=True)) | {"ms per article": sum(costs)}


def clean_in_steps(articles: list[Article], settings: Settings) -> tuple[list[Article], list[Article], list[float]]:
    """The articles after the rules and after everything, as a run does it: what it takes from a text once, words and
    lines, is shared by all that follows. And the CPU seconds at the start and behind each step.
    """
    times = [time.process_time()]
    ruled = [apply_rules(article, settings) for article in articles]
    times.append(time.process_time())
    tokens = article_tokens(ruled)
    columns, lines = paragraph_columns(ruled, tokens=tokens), read_lines(standing_lines(ruled, tokens))
    times.append(time.process_time())
    stories = np.arange(len(ruled))
    kept = np.array([sum(block.kept for block in article.blocks) for article in ruled])
    sizes = np.array([len(article.text.split()) for article in ruled])
    furniture = find_furniture(lines, learn_furniture(lines, stories, sizes, settings), kept)
    times.append(time.process_time())
    names = {"article_id": [a.article_id for a in ruled], "title": [a.metadata.title for a in ruled]}
    found = find_strangers(pa.table(names), columns, blocks_without(columns, furniture), stories, settings).strangers
    judged = [
        carry_out(remove_lines(article, furniture.get(row, ())), found.get(row, ()))
        for row, article in enumerate(ruled)
    ]
    return ruled, judged, [*times, time.process_time()]


def measure(shared: Path, scratch: Path, seed: int = 1) -> dict[str, float]:
    """Figures by name: recall of foreign paragraphs and furniture, losses, and cost."""
    cases = make_cases(shared, scratch, seed)
    ruled, judged, costs = clean_cases(cases)
    counts, wrong_rules = count_cases(cases, judged)
    figures = {
        f"{kind} caught": counts[f"{kind} right"] / counts[kind]
        for kind in ("foreign_easy", "foreign_hard", "furniture")
    }
    by_foreign = wrong_rules["foreign/1"] + wrong_rules["foreign-headline/1"]
    print("genuine lost by rule:", dict(wrong_rules.most_common()))
    return figures | {
        "genuine lost": counts["lost"] / counts["genuine"],
        "genuine lost as foreign": by_foreign / counts["genuine"],
        "untouched harmed": counts["control harmed"] / counts["control"],
        **costs,
        **recall_by_loss(cases, ruled),
    }


def count_cases(cases: list[dict[str, Any]], judged: list[Article]) -> tuple[Counter[str], Counter[str]]:
    """How many paragraphs of each kind there are and were treated rightly, and genuine ones lost, by rule as well."""
    counts: Counter[str] = Counter()
    wrong_rules: Counter[str] = Counter()
    for case, article in zip(cases, judged, strict=True):
        harmed = False
        for i, (paragraph, block) in enumerate(zip(case["paragraphs"], article.blocks, strict=True)):
            action = action_of(block)
            if paragraph["label"] == "genuine":
                counts["genuine"] += 1
                lost = action != "keep"
                counts["lost"] += lost
                harmed |= lost
                if lost:
                    wrong_rules[[d.rule for d in article.decisions if d.paragraph == i][-1]] += 1
            elif paragraph["label"] != "unsure" and paragraph["label"] != "meta":
                group = paragraph["kind"] if paragraph["label"] == "foreign" else "furniture"
                right = action == paragraph["action"]
                absent = " absent" if paragraph.get("donor_in_corpus") is False else ""
                for name in {group, group + absent}:
                    counts.update({name: 1, f"{name} right": int(right)})
        counts["control"] += case["kind"] == "control"
        counts["control harmed"] += harmed and case["kind"] == "control"
    return counts, wrong_rules


def recall_by_loss(cases: list[dict[str, Any]], ruled: list[Article]) -> dict[str, float]:
    """Precision and recall at fixed losses by the scores alone, and at the first of them by donor and by place."""
    columns = paragraph_columns(ruled)
    starts = block_starts(columns)
    corpus = Corpus(columns, starts, np.zeros(starts[-1], np.bool_))
    kept = [[i for i, b in enumerate(a.blocks) if b.kept] for a in ruled]
    title = {"label": "title"}
    truth = [
        p
        for case, rows in zip(cases, kept, strict=True)
        if rows
        for p in (*(case["paragraphs"][i] for i in rows), title)
    ]
    scores = np.full(len(truth), -99.0)
    for papers, scored in score_corpus(corpus, np.arange(len(cases)), load_background()):
        scores[papers.blocks[scored.blocks]] = scored.scores
    genuine = np.sort(scores[[p["label"] == "genuine" for p in truth]])[::-1]
    strange = scores[[p["label"] == "foreign" for p in truth]]
    figures: dict[str, float] = {}
    for loss in LOSSES:
        limit = genuine[int(loss * genuine.size)]
        caught = int((strange > limit).sum())
        figures[f"precision at {loss:.1%}"] = caught / max(caught + int((genuine > limit).sum()), 1)
        for kind in ("easy", "hard"):
            figures[f"{kind} at {loss:.1%}"] = _share(
                scores > limit, [p.get("kind") == f"foreign_{kind}" for p in truth]
            )
    limit = genuine[int(LOSSES[0] * genuine.size)]
    foreign = [p["label"] == "foreign" for p in truth]
    for name, key, value in (
        ("donor in the corpus", "donor_in_corpus", True),
        ("donor absent", "donor_in_corpus", False),
        *((f"at the {place}", "where", place) for place in ("start", "middle", "end")),
    ):
        which = [f and p.get(key) == value for f, p in zip(foreign, truth, strict=True)]
        figures[f"{name}, {LOSSES[0]:.1%}"] = _share(scores > limit, which)
    return figures


def _share(caught: Any, which: list[bool]) -> float:
    chosen = caught[np.array(which)]
    return float(chosen.mean()) if chosen.size else float("nan")


def measure_documents(shared: Path, scratch: Path, seed: int = 1) -> dict[str, float]:
    """Strangers flagged and own articles flagged, over theme corpora: with the topic's name as the only theme, and with
    a sentence that describes it (`themes.toml`), where there is one.
    """
    rows = make_cases(shared, scratch, seed, "documents")
    described = tomllib.loads((Path(__file__).parent / "themes.toml").read_text(encoding="utf-8"))
    counts: Counter[str] = Counter()
    for name in sorted({row["corpus"] for row in rows}):
        mine = [row for row in rows if row["corpus"] == name]
        counts += _flagged(mine, tuple(word for word in name.split("_") if word not in {"and", "in"}), "")
        counts += _flagged(mine, (described[name],), ", described") if name in described else Counter()
    kinds = [kind for kind in counts if "flagged" not in kind]
    return {
        f"{kind} articles flagged{how}": counts[f"{kind} flagged{how}"] / counts[f"{kind}{how}"]
        for kind, _, way in (kind.partition(", ") for kind in kinds)
        for how in (f", {way}" if way else "",)
    }


def _flagged(rows: list[dict[str, Any]], theme: tuple[str, ...], how: str) -> Counter[str]:
    """How many strangers and own articles a corpus has, and how many of them are flagged under a theme."""
    articles = [
        Article(
            row["id"],
            Source(row["id"], 0, None),
            tuple(map(Block, row["text"].split("\n")[1:])),
            Metadata(title=row["title"]),
        )
        for row in rows
    ]
    judged = judge_documents(articles, Settings(contamination=ContaminationSettings(theme=theme)))
    counts: Counter[str] = Counter()
    for row, article in zip(rows, judged, strict=True):
        kind = "own" if row["on_topic"] else "stranger"
        counts[f"{kind}{how}"] += 1
        counts[f"{kind} flagged{how}"] += any(e.field == "flag:article" for e in article.evidence)
    return counts


def main() -> None:
    """Print all figures for one seed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("shared", type=Path, help="the folder of the benchmarks")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        figures = measure(args.shared, Path(scratch), args.seed) | measure_documents(
            args.shared, Path(scratch), args.seed
        )
    for name, figure in figures.items():
        print(f"{name:32} {figure:.4f}")


if __name__ == "__main__":
    main()

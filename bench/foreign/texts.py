"""The texts that the judgement of foreign paragraphs is trained on, and cases made of them."""

from __future__ import annotations

import gzip
import json
import re
import sys
from pathlib import Path

from copydesk.boilerplate.rules import Place, match_rule
from copydesk.contamination.theme import MIN_STORIES


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


def sentences_of(row: dict) -> dict:
    """The article with a paragraph per sentence: the form that agencies and tabloids write in."""
    paragraphs: list[str] = []
    unsure: list[int] = []
    for i, paragraph in enumerate(row["paragraphs"]):
        lines: list[str] = []
        for sentence in re.split(r"(?<=[.!?]) (?=[A-Z“\"])", paragraph):
            if lines and len(lines[-1].split()) < 8:
                lines[-1] += " " + sentence
            else:
                lines.append(sentence)
        if i in row["unsure"]:
            unsure += range(len(paragraphs), len(paragraphs) + len(lines))
        paragraphs += lines
    return {**row, "paragraphs": paragraphs[:60], "unsure": [u for u in unsure if u < 60]}


def as_genuine(articles: list[list[str]]) -> list[dict]:
    """Articles of other collections as cases without anything foreign: short news, features, blogs."""
    return [
        {"title": "", "paragraphs": [{"text": p, "label": "genuine", "kind": "body"} for p in article]}
        for article in articles
        if article
    ]


def brief_of(row: dict) -> dict:
    """The first two to six paragraphs of an article: what briefs, alerts and previews look like."""
    size = 2 + sum(map(ord, str(row["id"]))) % 5
    return {**row, "paragraphs": row["paragraphs"][:size], "unsure": [u for u in row["unsure"] if u < size]}


def make_cases(shared: Path, base: list[dict], seed: int, hosts: int) -> list[dict]:
    """Cases of the shared generator, without the furniture: that is the rules' business. Headlines above foreign
    paragraphs stay, as no rule knows them.
    """
    sys.path.insert(0, str(shared / "contamination"))
    import make_cases as generator

    promos = json.loads((shared / "contamination" / "promos_shared.json").read_text(encoding="utf-8"))
    maker = generator.Maker([dict(row) for row in base], promos, seed, hosts)
    cases = [maker.case(i, row) for i, row in enumerate(maker.hosts)]
    labels = {"genuine", "unsure", "foreign"}
    kept = [[p for p in case["paragraphs"] if p["label"] in labels or p["kind"] == "related_title"] for case in cases]
    return [{**case, "paragraphs": paragraphs} for case, paragraphs in zip(cases, kept, strict=True)]


def theme_cases(whole: list[list[dict]]) -> list[list[dict]]:
    """Corpora of one broad subject each, with what was put into their articles."""
    subjects = sorted({case["group"] for cases in whole for case in cases} - {"other"})
    corpora = [[case for case in cases if case["group"] == subject] for cases in whole for subject in subjects]
    return [cases for cases in corpora if len(cases) >= MIN_STORIES]


def label_of(paragraph: dict) -> int:
    """1 for a foreign paragraph, 2 for one of the same topic, 0 for a genuine one, -1 where nobody knows.

    Genuine ones that the rules take as furniture are leftovers of the collection: no article ever brings them here.
    """
    if paragraph["label"] not in {"genuine", "foreign"}:
        return -1
    kinds = {"foreign_easy": 1, "foreign_hard": 2}
    kind = kinds.get(paragraph.get("kind", ""), 0)
    return -1 if kind == 0 and match_rule(paragraph["text"], Place(0, 1)) else kind

"""The Python of docs/duplicates.md does what the page says, line by line as it stands there."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pyarrow as pa
from datasketch import LeanMinHash

from copydesk.duplicates import find_links, sketch_columns

PAGE = Path(__file__).parents[2] / "docs" / "duplicates.md"


def _blocks() -> list[str]:
    """The indented blocks of the page that are Python, in order, without their indentation."""
    found = re.findall(r"(?:^ {4}.*\n|^\n(?= {4}))+", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    blocks = [re.sub(r"^ {4}", "", block, flags=re.MULTILINE).strip() for block in found]
    return [block for block in blocks if not block.startswith(("copydesk ", "["))]


def test_the_page_runs(tmp_path: Path, pool: str, ferry: str) -> None:
    """Every block runs after those before it: pairs, kept sketches and scores, an index, signatures in datasketch."""
    texts = [pool, ferry, pool + " One more line."]
    articles = pa.table({"article_id": ["a", "b", "c"], "text": texts})
    given: dict[str, Any] = {
        "texts": texts,
        "text": pool,
        "articles": articles.drop_columns(["text"]),
        "load_texts": lambda rows: [texts[row] for row in rows],
        "more": articles.drop_columns(["text"]),
        "more_sketches": sketch_columns(texts),
        "table": articles,
        "folder": tmp_path / "index",
    }
    blocks = _blocks()
    assert len(blocks) == 6
    signatures = []
    for block in blocks:
        exec(compile(block, str(PAGE), "exec"), given)  # noqa: S102 - our own page
        signatures += [given["signature"]] if "signature = export" in block else []
    assert given["night"].links.equals(find_links(articles))
    assert given["later"].links.equals(given["night"].links)
    assert [type(signature) for signature in signatures] == [LeanMinHash] * 2
    assert sorted(given["lsh"].query(given["export"](given["rows"][0]))) == ["a", "c"]

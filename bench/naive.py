#!/usr/bin/env python3
"""What a user would write instead: trafilatura, ftfy, datasketch's own loop, pyarrow. One process, nothing clever.

    python bench/naive.py RAW OUT

Reads pages (.html, .html.gz) and JSON lines below RAW, extracts, repairs, drops what is 0.7 alike (128 permutations,
5-word shingles) and writes Parquet. No furniture, no foreign paragraphs, no excerpts, no evidence, no ledger, no second
run: it is the least that anybody would do, and as fast as its libraries are (MinHash updated in batches).
"""

from __future__ import annotations

import gzip
import json
import logging
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import ftfy
import pyarrow as pa
import pyarrow.parquet as pq
import trafilatura
from datasketch import MinHash, MinHashLSH

WORDS = re.compile(r"\w+")


def read(raw: Path) -> Iterator[dict[str, Any]]:
    """The articles of all files."""
    for path in sorted(raw.rglob("*")):
        if path.name.endswith((".html", ".html.gz")):
            data = path.read_bytes()
            text = (gzip.decompress(data) if path.suffix == ".gz" else data).decode("utf-8", "replace")
            found = trafilatura.bare_extraction(text, with_metadata=True, include_comments=False)
            if found and found.text:
                yield {"title": found.title, "text": found.text, "author": found.author, "date": found.date}
        elif path.suffix == ".jsonl":
            for line in path.open(encoding="utf-8"):
                row = json.loads(line)
                yield {name: row.get(name) for name in ("title", "text", "author", "date")}


def signature(text: str) -> MinHash:
    """The MinHash of a text's runs of five words."""
    words = WORDS.findall(text.lower())
    shingles = {" ".join(words[n : n + 5]).encode() for n in range(max(1, len(words) - 4))}
    made = MinHash(num_perm=128)
    made.update_batch(shingles)
    return made


def main() -> None:
    """Clean a folder into one file."""
    logging.disable(logging.CRITICAL)
    raw, out = map(Path, sys.argv[1:3])
    index = MinHashLSH(threshold=0.7, num_perm=128)
    kept = []
    for number, row in enumerate(read(raw)):
        text = ftfy.fix_text(row["text"] or "")
        made = signature(text)
        if index.query(made):
            continue
        index.insert(str(number), made)
        kept.append(row | {"text": text})
    pq.write_table(pa.Table.from_pylist(kept), out, compression="zstd")
    print(f"{len(kept)} kept")


if __name__ == "__main__":
    main()

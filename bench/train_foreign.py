"""Train what the judgement of foreign paragraphs rests on: the background table and the model's weights.

    PYTHONPATH=src python bench/train_foreign.py background SHARED     writes src/copydesk/data/background.npz
    PYTHONPATH=src python bench/train_foreign.py models SHARED        writes src/copydesk/data/foreign.csv
    PYTHONPATH=src python bench/train_foreign.py documents SHARED     writes off_topic.csv and topics.npz there
    PYTHONPATH=src python bench/train_foreign.py folds SHARED OUT     writes for bench/held_out.py

SHARED is the folder of the benchmarks. Texts it learns from, none of which is shipped:
  contamination/base_shared.jsonl.gz   Article-Bias-Prediction, Baly and others, EMNLP 2020 (Apache-2.0)
  dedup/base_fnc1.jsonl.gz             Fake News Challenge, stage 1 (for research)
  extraction/truth*.jsonl              aeb (MIT), fundus (MIT), wcxb (CC-BY-4.0)
Needs scipy besides the package's own dependencies.
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path

# Sums that several threads share are added in another order each time: one thread makes the same bytes again.
os.environ.update(dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1"))

from foreign import DATA
from foreign.background import learn_background, save_background
from foreign.documents import train_documents
from foreign.paragraphs import train, write_folds
from foreign.texts import read_base, read_others


def main() -> None:
    """Read the arguments, train, write."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("what", choices=["background", "models", "documents", "folds"])
    parser.add_argument("shared", type=Path)
    parser.add_argument("out", type=Path, nargs="?")
    args = parser.parse_args()
    base = [[p for p in row["paragraphs"] if len(p.split()) >= 8] for row in read_base(args.shared)]
    if args.what == "background":
        save_background(learn_background(base + read_others(args.shared)), DATA / "background.npz")
    elif args.what == "models":
        train(args.shared)
    elif args.what == "documents":
        train_documents(args.shared)
    elif args.out is None:
        parser.error("folds need a folder OUT to write to")
    else:
        write_folds(args.shared, args.out)


if __name__ == "__main__":
    main()

"""How the benchmarks reach their data, and run the pipeline as a user does."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pyarrow.dataset as ds

SHARED = Path(os.environ.get("COPYDESK_BENCH", Path(__file__).resolve().parents[2] / "shared" / "bench"))
"""Where the benchmark data lie: beside the checkout, or where COPYDESK_BENCH says."""


def run_script(script: Path, *arguments: object) -> str:
    """What a script of the benchmark prints; raises CalledProcessError if it fails."""
    command = [sys.executable, str(script), *map(str, arguments)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def load_script(script: Path) -> ModuleType:
    """A script of the benchmark as a module, so that its own scoring functions are used and none of ours."""
    spec = importlib.util.spec_from_file_location(script.stem, script)
    if spec is None or spec.loader is None:
        raise ImportError(f"{script} can't be loaded as Python")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def read_jsonl(path: Path) -> list[dict[str, Any]]:
    """The objects of a JSONL file. Not by `splitlines`, for which a text may hold ends of lines, too."""
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def clean(raw: Path, target: Path, *options: object) -> None:
    """Run `copydesk clean` in a process of its own; raises CalledProcessError if it fails."""
    command = [sys.executable, "-m", "copydesk.cli", "clean", "--raw", raw, "--clean", target, "--quiet", *options]
    subprocess.run([str(word) for word in command], check=True)


def read_rows(corpus: Path, table: str) -> list[dict[str, Any]]:
    """All rows of a published table."""
    rows: list[dict[str, Any]] = (
        ds.dataset(corpus / table, format="parquet", partitioning="hive").to_table().to_pylist()
    )
    return rows

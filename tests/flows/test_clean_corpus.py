"""The main job as a Prefect flow, on a real (ephemeral) server."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pyarrow.dataset as ds
import pytest

FLOW = Path(__file__).parents[2] / "flows" / "clean_corpus.py"
TABLES = ("articles", "duplicates", "decisions", "ledger")


def run(home: Path, *words: object) -> subprocess.CompletedProcess[str]:
    """Run Python with a Prefect home of its own."""
    environment = {**os.environ, "PREFECT_HOME": str(home), "PREFECT_LOGGING_LEVEL": "INFO"}
    command = [sys.executable, *map(str, words)]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def rows(corpus: Path, table: str) -> list[dict[str, object]]:
    """Read a table without the columns that tell about runs."""
    dataset = ds.dataset(corpus / table, format="parquet", partitioning="hive")
    names = [name for name in dataset.schema.names if name not in {"run_id", "first_seen"}]
    return sorted(dataset.to_table(columns=names).to_pylist(), key=repr)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Prefect home that two runs share, as they do in a project."""
    return tmp_path_factory.mktemp("prefect")


def test_flow_gives_the_tables_of_the_command_line(home: Path, raw: Path, cleaned: Path, tmp_path: Path):
    """Both ways run the same stages: tables equal row by row, each stage a task, the counts an artifact."""
    done = run(home, FLOW, "--raw", raw, "--clean", tmp_path / "clean")
    said = done.stderr + done.stdout
    assert done.returncode == 0, said
    for table in TABLES:
        assert rows(tmp_path / "clean", table) == rows(cleaned, table)
    for task in ("examine", "judge", "publish"):
        assert f"Task run '{task}-" in said
    assert "telemetry" not in said
    show = "from prefect.artifacts import Artifact; print(Artifact.get('clean-corpus-counts').data)"
    artifact = run(home, "-W", "ignore", "-c", show)
    assert '"outcome": "quarantined", "records": 2' in artifact.stdout, artifact.stderr


def test_flow_ends_like_the_command_line_where_the_folder_is_missing(home: Path, tmp_path: Path):
    """Wrong use is exit status 2 and one line that names the folder, also under Prefect."""
    done = run(home, FLOW, "--raw", tmp_path / "nowhere", "--clean", tmp_path / "clean")
    assert done.returncode == 2
    assert "nowhere is no folder that can be read; name another with --raw" in done.stderr

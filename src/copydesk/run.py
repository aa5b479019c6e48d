"""A run, from a folder of raw files to a published corpus: the shell around `pipeline.py`.

Three steps, each of which hands over paths and small values, so that a flow can make a task of each:

    examine_raw       reads what is new, examines it, keeps the results
    judge_and_stage   judges the whole corpus and writes its tables aside
    publish_staged    checks them and swaps them in

`clean_corpus` does all three while it holds the corpus.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from copydesk.settings import Settings


@dataclass(frozen=True, slots=True)
class RunRequest:
    """What a run is asked to do. `started` is the only clock the run knows."""

    raw: Path
    clean: Path
    settings: Settings
    workers: int
    started: dt.datetime
    rebuild: bool = False
    retry: bool = False
    dry_run: bool = False

    @property
    def run_id(self) -> str:
        """The name of the run: its start to the microsecond, so that names sort as runs did."""
        return self.started.astimezone(dt.UTC).strftime("%Y%m%dT%H%M%S.%fZ")

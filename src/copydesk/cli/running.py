"""The command of a run: a folder of raw files becomes a corpus."""

from __future__ import annotations

import argparse
import datetime as dt
import gc
import os
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from copydesk.cli.options import add_config_option, add_corpus_option, positive
from copydesk.errors import GateError
from copydesk.machine import lean
from copydesk.stores.address import parse_location

if TYPE_CHECKING:
    from copydesk.running.request import RunRequest
    from copydesk.settings import Settings

RECORDS_SHOWN = 10
"""Records printed when a gate holds a result back; the file that is named has all of them."""


def add_clean_options(sub: argparse.ArgumentParser) -> None:
    """Add the options of a run: the same for `copydesk clean` and the flow."""
    sub.add_argument(
        "--raw", type=parse_location, required=True, metavar="DIR", help="the folder of raw files; only read"
    )
    add_corpus_option(sub)
    add_config_option(sub)
    sub.add_argument("--workers", type=positive, metavar="N", help="worker processes (default: one per core)")
    sub.add_argument("--engine", default="processes", metavar="NAME", help="processes (the default), dask or serial")
    sub.add_argument("--scheduler", metavar="URL", help="a Dask scheduler (default: a cluster on this machine)")
    sub.add_argument("--dry-run", action="store_true", help="say what would come out; publish nothing")
    sub.add_argument("--rebuild", action="store_true", help="start from the raw files alone")
    sub.add_argument("--retry", action="store_true", help="examine quarantined records again")
    sub.add_argument("--accept", action="store_true", help="publish what a quality gate would hold back")
    sub.add_argument("--quiet", action="store_true", help="no progress, no summary")
    sub.add_argument("--json", action="store_true", help="the summary as one JSON object")


def clean(arguments: argparse.Namespace) -> int:
    """Clean a folder of raw files into a corpus."""
    from copydesk.settings_file import load_settings
    from copydesk.workers.nursery import nursery

    settings = load_settings(arguments.config)
    if not lean.is_ours():
        nursery()  # warms up while we import the rest

    from copydesk.cli.ahead import load_ahead
    from copydesk.report.progress import show_progress
    from copydesk.report.since import since_lines
    from copydesk.report.summary import summary_lines
    from copydesk.run import clean_corpus
    from copydesk.stores.mirror import mirrored
    from copydesk.workers import PROCESSES

    if lean.is_ours():
        if arguments.engine == PROCESSES:
            load_ahead(arguments.raw, arguments.clean)
        gc.freeze()  # What modules bring stays: nobody needs to search it for cycles, here or where workers come from.
    nursery(shared=lean.is_ours())  # begins with all that was imported: it takes us both half of the time

    try:
        with (
            mirrored(arguments.clean, Path(settings.writing.local_folder)) as corpus,
            show_progress(quiet=arguments.quiet) as progress,
        ):
            summary = clean_corpus(_request(arguments, settings, corpus), progress)
    except GateError as error:
        if not arguments.quiet:
            print("\n".join(_first_records(error.evidence)))
        raise
    if lean.is_ours():
        gc.freeze()  # The process ends: without this, all that it still holds would be searched for cycles first.
    if arguments.json:
        print(summary.as_json())
    elif not arguments.quiet:
        print("\n".join([*summary_lines(summary), *since_lines(corpus, summary)]))
    return 0


def _request(arguments: argparse.Namespace, settings: Settings, corpus: Path) -> RunRequest:
    from copydesk.running.request import RunRequest

    return RunRequest(
        raw=arguments.raw,
        clean=corpus,
        settings=settings,
        workers=arguments.workers or os.cpu_count() or 1,
        started=dt.datetime.now(dt.UTC),
        rebuild=arguments.rebuild,
        retry=arguments.retry,
        dry_run=arguments.dry_run,
        accept=arguments.accept,
        engine=arguments.engine,
        scheduler=arguments.scheduler,
    )


def _first_records(evidence: Path | None) -> list[str]:
    """The first lines of the file that lists the records behind a broken gate."""
    if evidence is None:
        return []
    with evidence.open(encoding="utf-8") as sheet:
        return [line.rstrip("\n") for line in islice(sheet, RECORDS_SHOWN + 1)]

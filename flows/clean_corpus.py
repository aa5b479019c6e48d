"""The main job as a Prefect flow: one task per stage, thin over `copydesk.run`.

    python flows/clean_corpus.py --raw corpus/raw --clean corpus/clean

The stages, their order and their tables are those of `copydesk clean`; Prefect adds what a scheduler needs to see:
which stage runs, how it ended, and the counts as an artifact. Nothing about correctness rests on it (its server may be
killed): lock, state and snapshots are the library's own. Tasks take and return paths and small values, never tables,
and are never cached by Prefect: the library knows by content what it has examined.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import sys
from pathlib import Path

# Read when Prefect is imported. Nothing goes to the outside, and a busy machine may take its time to start the server.
os.environ.setdefault("DO_NOT_TRACK", "1")
os.environ.setdefault("PREFECT_SERVER_ANALYTICS_ENABLED", "false")
os.environ.setdefault("PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS", "120")

from prefect import flow, task
from prefect.artifacts import create_table_artifact
from prefect.cache_policies import NO_CACHE

from copydesk.cli import add_clean_options, exit_status
from copydesk.report.progress import show_progress
from copydesk.report.summary import count_rows, summary_lines
from copydesk.run import Examined, Laid, RunRequest, RunSummary, examine_raw, held, judge_corpus, publish_run
from copydesk.settings import load_settings


@task(name="examine", cache_policy=NO_CACHE, persist_result=False)
def examine(request: RunRequest, quiet: bool) -> Examined:
    """Read and examine what is new in the raw folder."""
    with show_progress(quiet=quiet) as progress:
        return examine_raw(request, progress)


@task(name="judge", cache_policy=NO_CACHE, persist_result=False)
def judge(request: RunRequest, examined: Examined, quiet: bool) -> Laid:
    """Judge the whole corpus and lay its tables aside."""
    with show_progress(quiet=quiet) as progress:
        return judge_corpus(request, examined, progress)


@task(name="publish", cache_policy=NO_CACHE, persist_result=False)
def publish(request: RunRequest, laid: Laid) -> RunSummary:
    """Check the tables and swap them in."""
    return publish_run(request, laid)


@flow(name="clean-corpus", persist_result=False, validate_parameters=False)
def clean_corpus(
    raw: str,
    clean: str,
    config: str | None = None,
    workers: int | None = None,
    rebuild: bool = False,
    retry: bool = False,
    dry_run: bool = False,
    quiet: bool = False,
) -> RunSummary:
    """Clean the raw folder into the corpus, one task per stage; the same tables as `copydesk clean`."""
    request = RunRequest(
        raw=Path(raw),
        clean=Path(clean),
        settings=load_settings(Path(config) if config else None),
        workers=workers or os.cpu_count() or 1,
        started=dt.datetime.now(dt.UTC),
        rebuild=rebuild,
        retry=retry,
        dry_run=dry_run,
    )
    with held(request):
        examined = examine(request, quiet)
        laid = judge(request, examined, quiet)
        summary = publish(request, laid)
    create_table_artifact(key="clean-corpus-counts", table=count_rows(summary), description=f"Run {summary.run_id}")
    return summary


def main() -> int:
    """Run the flow once; the exit status is that of `copydesk clean`."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    add_clean_options(parser)
    options = parser.parse_args()

    def run() -> int:
        summary = clean_corpus(
            raw=str(options.raw),
            clean=str(options.clean),
            config=str(options.config) if options.config else None,
            workers=options.workers,
            rebuild=options.rebuild,
            retry=options.retry,
            dry_run=options.dry_run,
            quiet=options.quiet,
        )
        if options.json:
            print(summary.as_json())
        elif not options.quiet:
            print("\n".join(summary_lines(summary)))
        return 0

    return exit_status(run)


if __name__ == "__main__":
    sys.exit(main())

"""The main job as a Prefect flow: one task per stage, thin over `copydesk.run`.

    python flows/clean_corpus.py --raw corpus/raw --clean corpus/clean

The stages, their order and their tables are those of `copydesk clean`; Prefect adds what a scheduler needs to see:
which stage runs, how it ended, and the counts as an artifact. Nothing about correctness rests on it (its server may be
killed): lock, state and snapshots are the library's own. Tasks take and return paths and small values, never tables,
and are never cached by Prefect: the library knows by content what it has examined. What reads or writes is tried again
after errors of a disk or a network that may pass; judging is arithmetic, and would fail the same way twice.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

# Read when Prefect is imported. Nothing goes to the outside, and a busy machine may take its time to start the server.
os.environ.setdefault("DO_NOT_TRACK", "1")
os.environ.setdefault("PREFECT_SERVER_ANALYTICS_ENABLED", "false")
os.environ.setdefault("PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS", "120")

from prefect import Flow, flow, task
from prefect.artifacts import create_link_artifact, create_table_artifact
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import FlowRun, State, TaskRun

from copydesk.alerts import Alert, check_webhook, send_alert
from copydesk.cli import add_clean_options, exit_status
from copydesk.errors import CopydeskError, GateError
from copydesk.machine.metering import metered
from copydesk.report.progress import show_progress
from copydesk.report.summary import count_rows, gate_rows, summary_lines
from copydesk.run import Examined, Laid, RunRequest, RunSummary, examine_raw, held, judge_corpus, publish_run, stand
from copydesk.running.gates import Gate
from copydesk.settings_file import load_settings
from copydesk.stores import parse_location
from copydesk.stores.mirror import mirrored
from copydesk.transient import may_pass, waits_seconds
from copydesk.workers import PROCESSES
from mailing import read_mail, send_mail


def helps_to_retry(_task: object, _run: TaskRun, state: State[Any]) -> bool:
    """Whether the task failed with an error that may pass by itself."""
    error = state.result(raise_on_failure=False)
    return isinstance(error, BaseException) and may_pass(error)


def tell(flow: Flow[..., Any], flow_run: FlowRun, state: State[Any]) -> None:  # noqa: ARG001 - called by name
    """Send word of a failed, crashed or held-back run to the webhook and the mailboxes of its settings."""
    config = flow_run.parameters.get("config")
    settings = load_settings(Path(config) if config else None)
    error = None if state.is_crashed() else state.result(raise_on_failure=False)
    event = "crashed" if state.is_crashed() else "held" if isinstance(error, GateError) else "failed"
    message = str(error) if isinstance(error, CopydeskError) else state.message or "no reason given"
    alert = Alert(event, str(flow_run.parameters.get("clean")), flow_run.name, message)
    try:
        send_alert(settings.nightly.webhook, alert)
    finally:  # One way that is closed doesn't close the other.
        if mail := read_mail(settings.nightly):
            send_mail(mail, alert)


@task(name="examine", cache_policy=NO_CACHE, persist_result=False, retry_condition_fn=helps_to_retry)
def examine(request: RunRequest, quiet: bool) -> Examined:
    """Read and examine what is new in the raw folder."""
    with show_progress(quiet=quiet) as progress, metered(progress, request.work) as watched:
        return examine_raw(request, watched)


@task(name="compare", cache_policy=NO_CACHE, persist_result=False)
def compare(request: RunRequest, examined: Examined, quiet: bool) -> RunSummary | None:
    """See whether anything is new."""
    with show_progress(quiet=quiet) as progress, metered(progress, request.work) as watched:
        return stand(request, examined, watched)


@task(name="judge", cache_policy=NO_CACHE, persist_result=False)
def judge(request: RunRequest, examined: Examined, quiet: bool) -> Laid:
    """Judge the whole corpus and lay its tables aside."""
    with show_progress(quiet=quiet) as progress, metered(progress, request.work) as watched:
        return judge_corpus(request, examined, watched)


@task(name="publish", cache_policy=NO_CACHE, persist_result=False, retry_condition_fn=helps_to_retry)
def publish(request: RunRequest, laid: Laid, quiet: bool) -> RunSummary:
    """Check the tables, ask the gates, and swap them in."""
    with show_progress(quiet=quiet) as progress, metered(progress, request.work) as watched:
        return publish_run(request, laid, watched)


@flow(name="clean-corpus", persist_result=False, validate_parameters=False, on_failure=[tell], on_crashed=[tell])
def clean_corpus(
    raw: str,
    clean: str,
    config: str | None = None,
    workers: int | None = None,
    rebuild: bool = False,
    retry: bool = False,
    dry_run: bool = False,
    accept: bool = False,
    quiet: bool = False,
    engine: str = PROCESSES,
    scheduler: str | None = None,
) -> RunSummary:
    """Clean the raw folder into the corpus, one task per stage; the same tables as `copydesk clean`."""
    settings = load_settings(Path(config) if config else None)
    with mirrored(parse_location(clean), Path(settings.writing.local_folder)) as corpus:
        request = RunRequest(
            raw=parse_location(raw),
            clean=corpus,
            settings=settings,
            workers=workers or os.cpu_count() or 1,
            started=dt.datetime.now(dt.UTC),
            rebuild=rebuild,
            retry=retry,
            dry_run=dry_run,
            accept=accept,
            engine=engine,
            scheduler=scheduler,
        )
        nightly = request.settings.nightly
        check_webhook(nightly.webhook)
        read_mail(nightly)
        waits = waits_seconds(nightly.retries, nightly.retry_seconds)
        with held(request):
            examined = examine.with_options(retries=len(waits), retry_delay_seconds=waits)(request, quiet)
            if standing := compare(request, examined, quiet):
                summary = standing
            else:
                laid = judge(request, examined, quiet)
                try:
                    summary = publish.with_options(retries=len(waits), retry_delay_seconds=waits)(request, laid, quiet)
                except GateError as error:
                    _show_gates(request.run_id, error.gates)
                    if error.evidence:
                        _show_page(error.evidence.with_suffix(".html"))
                    raise
    _show(summary)
    return summary


def _show(summary: RunSummary) -> None:
    """Put counts, gates and the way to the report where Prefect shows them."""
    create_table_artifact(key="clean-corpus-counts", table=count_rows(summary), description=f"Run {summary.run_id}")
    _show_gates(summary.run_id, summary.gates)
    if not summary.dry_run:
        _show_page(Path(summary.clean) / "reports" / f"{summary.run_id}.html")


def _show_page(page: Path) -> None:
    create_link_artifact(key="clean-corpus-report", link=page.resolve().as_uri(), link_text=page.name)


def _show_gates(run_id: str, gates: Sequence[Gate]) -> None:
    create_table_artifact(key="clean-corpus-gates", table=gate_rows(gates), description=f"Run {run_id}")


def main() -> int:
    """Run the flow once; the exit status is that of `copydesk clean`."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    add_clean_options(parser)
    options = parser.parse_args()

    def run() -> int:
        summary = clean_corpus(
            raw=str(options.raw),
            clean=str(options.clean),
            engine=options.engine,
            scheduler=options.scheduler,
            config=str(options.config) if options.config else None,
            workers=options.workers,
            rebuild=options.rebuild,
            retry=options.retry,
            dry_run=options.dry_run,
            accept=options.accept,
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

"""The nightly deployment: a Prefect server on loopback, the flow served on a schedule, one run at a time.

    python flows/nightly.py --raw corpus/raw --clean corpus/clean --cron "0 2 * * *" --timezone Europe/Berlin

Stops with Ctrl-C or SIGTERM. The schedule is in the server's database (`PREFECT_HOME`), and starting again makes it
what the arguments say. A run that is due while one is at work is cancelled; a run that a crash left "Running" for
ever is put right at the next start, for it would keep all others from starting.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
import zoneinfo
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, cast

from copydesk.alerts import check_webhook
from copydesk.cli import exit_status
from copydesk.errors import RunError, UsageError
from copydesk.settings_file import load_settings
from copydesk.state import read_owner
from copydesk.writing import locate
from mailing import read_mail

if TYPE_CHECKING:
    from prefect.client.orchestration import SyncPrefectClient
    from prefect.deployments.runner import RunnerDeployment
    from prefect.schedules import Schedule

ROOT = Path(__file__).resolve().parents[1]

NAME = "nightly"

START_SECONDS = 180.0
"""How long the server may take to answer. The first start makes its database: 20 s on an idle machine."""


def main() -> int:
    """Serve until stopped; 2 for wrong arguments, 4 if the server doesn't start."""
    return exit_status(lambda: serve_nightly(_parser().parse_args()))


def serve_nightly(options: argparse.Namespace) -> int:
    """Serve the deployment, on a server of our own unless the environment names one (`PREFECT_API_URL`)."""
    if not options.raw.is_dir():
        raise UsageError(f"raw folder {options.raw} is no folder that can be read; name another with --raw")
    settings = load_settings(options.config).nightly
    check_webhook(settings.webhook)
    read_mail(settings)
    zone = options.timezone or settings.timezone
    _check_zone(zone)
    api = _set_environment(options.port)
    # Prefect reads its settings when it is imported, so not before the server's address is known.
    from prefect import serve
    from prefect.client.orchestration import get_client

    # Until Prefect answers SIGTERM itself, it must end this process by way of `_server`, or the server would stay.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    served = _deployment(options, _schedule(options.cron or settings.cron, options.every, zone))
    with _server(api, options.port):
        with get_client(sync_client=True) as client:
            end_dead_runs(client, options.clean)
        try:
            # pause_on_shutdown would drop the schedule at every restart. No limit here: it would keep runs that come
            # too early for later, where the deployment's own limit cancels them.
            serve(served, pause_on_shutdown=False)
        except* SystemExit:
            print("copydesk: stopped; the schedule stays for the next start", file=sys.stderr)
    return 0


def _deployment(options: argparse.Namespace, schedule: Schedule) -> RunnerDeployment:
    from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy

    from clean_corpus import clean_corpus

    served = clean_corpus.to_deployment(
        NAME,
        schedule=schedule,
        concurrency_limit=ConcurrencyLimitConfig(limit=1, collision_strategy=ConcurrencyLimitStrategy.CANCEL_NEW),
        parameters={
            "raw": str(options.raw.absolute()),
            "clean": str(locate(options.clean).clean),
            "config": str(options.config.absolute()) if options.config else None,
            "workers": options.workers,
            "quiet": True,
        },
        description="Cleans what is new in the raw folder and publishes the corpus.",
    )
    return cast("RunnerDeployment", served)  # A coroutine only where a loop runs already.


def _check_zone(zone: str) -> None:
    try:
        zoneinfo.ZoneInfo(zone)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise UsageError(f"time zone {zone!r} is not known; give an IANA name such as Europe/Berlin") from error


def _schedule(cron: str, every_seconds: float | None, zone: str) -> Schedule:
    from prefect.schedules import Cron, Interval

    if every_seconds:
        return Interval(dt.timedelta(seconds=every_seconds), timezone=zone)
    try:
        return Cron(cron, timezone=zone)
    except ValueError as error:
        raise UsageError(f"cron {cron!r} is no schedule; give five fields such as '0 2 * * *'") from error


def end_dead_runs(client: SyncPrefectClient, clean: Path) -> int:
    """The number of runs that the server took for running while nobody holds the corpus; they are crashed now."""
    from prefect.client.schemas.filters import DeploymentFilter, DeploymentFilterName, FlowRunFilter
    from prefect.states import Crashed

    if read_owner(locate(clean).state) is not None:
        return 0
    at_work = FlowRunFilter.model_validate({"state": {"type": {"any_": ["RUNNING", "PENDING", "CANCELLING"]}}})
    named = DeploymentFilter(name=DeploymentFilterName(any_=[NAME]))
    dead = client.read_flow_runs(flow_run_filter=at_work, deployment_filter=named)
    for run in dead:
        client.set_flow_run_state(run.id, Crashed(message="nobody holds the corpus: the run was killed"), force=True)
    return len(dead)


def _set_environment(port: int) -> str | None:
    """The address of the server to start; None where the environment names one that is there.

    Sets what Prefect reads when it is imported, here and in the processes of runs. Nothing goes to the outside.
    """
    named = os.environ.get("PREFECT_API_URL")
    defaults = {
        "PREFECT_HOME": str(ROOT / ".prefect"),
        "PREFECT_API_URL": f"http://127.0.0.1:{port}/api",
        "DO_NOT_TRACK": "1",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    }
    for name, value in defaults.items():
        os.environ.setdefault(name, value)
    return None if named else defaults["PREFECT_API_URL"]


@contextmanager
def _server(api: str | None, port: int) -> Iterator[None]:
    """A server on loopback for as long as the block runs; one that is there already is used, and left alone."""
    if api is None or _answers(api):
        yield
        return
    # In a session of its own: Ctrl-C must reach the runs first, and the server after them.
    words = [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port)]
    server = subprocess.Popen(words, stdout=subprocess.DEVNULL, start_new_session=True)
    try:
        _await_server(server, api)
        yield
    finally:
        server.terminate()
        server.wait()


def _await_server(server: subprocess.Popen[bytes], api: str) -> None:
    waited_until = time.monotonic() + START_SECONDS
    while not _answers(api):
        if server.poll() is not None:
            raise RunError(f"the Prefect server at {api} ended by itself; is the port free? name another with --port")
        if time.monotonic() > waited_until:
            raise RunError(f"the Prefect server at {api} didn't answer for {START_SECONDS:.0f} s; try again")
        time.sleep(0.2)


def _answers(api: str) -> bool:
    try:
        with urllib.request.urlopen(f"{api}/health", timeout=2) as answer:  # noqa: S310 - an address of our own
            return bool(answer.read().strip() == b"true")
    except (urllib.error.URLError, OSError):
        return False


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--raw", type=Path, required=True, metavar="DIR", help="the folder of raw files; only read")
    parser.add_argument("--clean", type=Path, required=True, metavar="DIR", help="the published corpus")
    parser.add_argument("--config", type=Path, metavar="FILE", help="settings (TOML)")
    parser.add_argument("--workers", type=int, metavar="N", help="worker processes (default: one per core)")
    parser.add_argument("--cron", metavar="CRON", help="when to run (default: [nightly] cron of the settings)")
    parser.add_argument("--timezone", metavar="ZONE", help="the cron's time zone (default: [nightly] timezone)")
    parser.add_argument("--every", type=float, metavar="SECONDS", help="in the place of cron, to try it out")
    parser.add_argument("--port", type=int, default=4200, metavar="PORT", help="of the server (default: 4200)")
    return parser


if __name__ == "__main__":
    sys.exit(main())

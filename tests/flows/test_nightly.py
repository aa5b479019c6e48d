"""The nightly deployment on a real server: a schedule fires, runs don't overlap, alerts arrive, stopping is clean."""

from __future__ import annotations

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pyarrow.dataset as ds
import pytest
from tests.flows.post_office import Mailbox, post_office, secure, write_certificate

from copydesk.state import read_owner
from copydesk.writing import locate

FLOWS = Path(__file__).parents[2] / "flows"
TABLES = ("articles", "duplicates", "decisions", "ledger")
PATIENCE_SECONDS = 240
"""Far more than is needed (about 30 s), for machines that do much else."""


def rows(corpus: Path, table: str) -> list[dict[str, object]]:
    """Read a table without the columns that tell about runs."""
    dataset = ds.dataset(corpus / table, format="parquet", partitioning="hive")
    names = [name for name in dataset.schema.names if name not in {"run_id", "first_seen"}]
    return sorted(dataset.to_table(columns=names).to_pylist(), key=repr)


def environment(home: Path, **more: str) -> dict[str, str]:
    """Give the environment of a Prefect of its own."""
    rest = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    return {**rest, "PREFECT_HOME": str(home), "PREFECT_LOGGING_LEVEL": "WARNING", **more}


def free_port() -> int:
    """Find a port that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def ask(port: int, path: str, body: dict[str, Any]) -> list[dict[str, Any]]:
    """Ask the server; nothing as long as it isn't there."""
    address = f"http://127.0.0.1:{port}/api/{path}"
    request = urllib.request.Request(address, json.dumps(body).encode(), {"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
            return list(json.loads(answer.read()))
    except (urllib.error.URLError, OSError):
        return []


@contextmanager
def serving(home: Path, port: int, *words: object) -> Iterator[subprocess.Popen[str]]:
    """Serve the deployment; whatever happens, it is gone afterwards, and its server with it."""
    command = [sys.executable, FLOWS / "nightly.py", "--port", port, "--workers", 1, *words]
    process = subprocess.Popen(
        [str(word) for word in command],
        env=environment(home),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)


def states(port: int) -> list[str]:
    """Name the states of all runs that have begun or were cancelled, the oldest first."""
    runs = ask(port, "flow_runs/filter", {"sort": "EXPECTED_START_TIME_ASC"})
    return [run["state"]["type"] for run in runs]


def kill_a_run(clean: Path, until: float) -> None:
    """Kill the process of the next run that holds the corpus."""
    while (owner := read_owner(locate(clean).state)) is None:
        assert time.monotonic() < until, "no run holds the corpus"
        time.sleep(0.01)
    os.kill(owner.pid, signal.SIGKILL)


def test_schedule_fires_and_publishes(tmp_path: Path, raw: Path, cleaned: Path, desk: tuple[str, list[dict[str, str]]]):
    """Runs start by themselves; the tables are those of the command line; what is due meanwhile is cancelled. A run
    whose process is killed is told as crashed, and the next ones go on.
    """
    port = free_port()
    config = tmp_path / "copydesk.toml"
    config.write_text(f'[nightly]\nwebhook = "{desk[0]}"\n', encoding="utf-8")
    words = ("--raw", raw, "--clean", tmp_path / "clean", "--every", 2, "--config", config)
    with serving(tmp_path / "home", port, *words) as process:
        waited_until = time.monotonic() + PATIENCE_SECONDS
        while not {"COMPLETED", "CANCELLED"} <= set(states(port)):
            assert process.poll() is None, process.communicate()[0]
            assert time.monotonic() < waited_until, states(port)
            time.sleep(0.5)
        assert states(port).count("RUNNING") <= 1
        kill_a_run(tmp_path / "clean", waited_until)
        done = states(port).count("COMPLETED")
        while not (desk[1] and states(port).count("COMPLETED") > done):
            assert time.monotonic() < waited_until, states(port)
            time.sleep(0.5)
        assert [(told["event"], told["corpus"]) for told in desk[1]] == [("crashed", str(tmp_path / "clean"))]
        process.send_signal(signal.SIGTERM)
        said, _ = process.communicate(timeout=60)
    assert process.returncode == 0, said
    for table in TABLES:
        assert rows(tmp_path / "clean", table) == rows(cleaned, table)
    assert ask(port, "flow_runs/filter", {}) == []
    # What the next start finds: the schedule, neither paused nor dropped.
    with sqlite3.connect(tmp_path / "home" / "prefect.db") as database:
        assert database.execute("SELECT active FROM deployment_schedule").fetchall() == [(1,)]
        assert database.execute("SELECT name, paused FROM deployment").fetchall() == [("nightly", 0)]
    database.close()


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"raw": "nowhere"}, "nowhere is no folder that can be read"),
        ({"timezone": "Europe/Atlantis"}, "give an IANA name"),
        ({"cron": "every night"}, "give five fields such as"),
    ],
)
def test_wrong_schedule_is_refused_before_anything_starts(tmp_path: Path, changed: dict[str, str], message: str):
    """Wrong use is exit status 2 and one line; no server is started for it."""
    (tmp_path / "raw").mkdir()
    given = {"raw": "raw", **changed}
    words = [word for name, value in given.items() for word in (f"--{name}", value)]
    words[1] = str(tmp_path / words[1])
    command = [sys.executable, str(FLOWS / "nightly.py"), "--clean", str(tmp_path / "clean"), *words]
    home = environment(tmp_path / "home")
    done = subprocess.run(command, env=home, capture_output=True, text=True, check=False)
    assert done.returncode == 2, done.stderr
    assert message in done.stderr
    assert not (tmp_path / "home" / "prefect.db").exists()


class Desk(BaseHTTPRequestHandler):
    """Takes alerts."""

    def do_POST(self) -> None:
        """Keep what was sent."""
        self.server.taken.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))  # type: ignore[attr-defined]
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def desk() -> Iterator[tuple[str, list[dict[str, str]]]]:
    """Give the address of a server of our own, and what it was sent."""
    server = HTTPServer(("127.0.0.1", 0), Desk)
    server.taken = []  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/", server.taken  # type: ignore[attr-defined]
    server.shutdown()
    thread.join()
    server.server_close()


NIGHTS = """
import errno, sys
from pathlib import Path

sys.path.insert(0, {flows!r})
import clean_corpus as module
from prefect.artifacts import Artifact

real = module.examine_raw
calls = []

def stumble(request, progress):
    calls.append(request)
    if len(calls) in (1, 3):
        raise OSError(errno.ESTALE if len(calls) == 1 else errno.ENOSPC, "told so by the test")
    return real(request, progress)

from prefect.blocks.system import Secret

Secret(value="open sesame").save("mail-password")
module.examine_raw = stumble
run = lambda: module.clean_corpus(raw={raw!r}, clean={clean!r}, config={config!r}, workers=1, quiet=True)
print("records", run().records, "after", len(calls), "tries")
print("report", Artifact.get("clean-corpus-report").data[:20])
try:
    run()
except OSError as error:
    print("not tried again:", error.errno == errno.ENOSPC, len(calls))
for path in Path({raw!r}).iterdir():
    path.unlink()
try:
    run()
except module.GateError:
    print("gates", Artifact.get("clean-corpus-gates").data)
    print("held page", Path(Artifact.get("clean-corpus-report").data.split("(file://")[1].rstrip(")")).exists())

import nightly
from copydesk.state import hold
from prefect.client.orchestration import get_client
from prefect.states import Running

clean = Path({clean!r})
with get_client(sync_client=True) as client:
    deployment = client.create_deployment(client.create_flow_from_name("clean-corpus"), nightly.NAME)
    run = client.create_flow_run_from_deployment(deployment, state=Running())
    with hold(clean.with_name("clean.state"), "somebody"):
        print("ended while held", nightly.end_dead_runs(client, clean))
    print("ended", nightly.end_dead_runs(client, clean), client.read_flow_run(run.id).state.type.value)
"""


@pytest.fixture
def letters(tmp_path: Path) -> Iterator[tuple[str, Path, Mailbox]]:
    """Give the address of a mail server of our own, its certificate, and what it was sent."""
    certificate = write_certificate(tmp_path / "both.pem")
    with post_office(tls_context=secure(certificate), require_starttls=True) as (mailbox, server):
        yield server, certificate, mailbox


def test_retries_alerts_and_artifacts(
    tmp_path: Path, desk: tuple[str, list[dict[str, str]]], letters: tuple[str, Path, Mailbox]
):
    """A stale file handle is tried again, a full disk isn't; failed and held-back runs are told, by webhook and letter;
    gates are shown; a run that a crash left "Running" is ended once nobody holds the corpus.
    """
    server, certificate, mailbox = letters
    raw = tmp_path / "raw"
    raw.mkdir()
    story = (Path(__file__).parents[1] / "stories" / "ferry.txt").read_text(encoding="utf-8")
    (raw / "ferry.txt").write_text(story, encoding="utf-8")
    config = tmp_path / "copydesk.toml"
    config.write_text(
        f'[gates]\nmin_runs = 1\nmin_records = 1\n[nightly]\nretry_seconds = 1\nwebhook = "{desk[0]}"\n'
        f'mail_to = "desk@news.example"\nmail_from = "copydesk@news.example"\nmail_server = "{server}"\n'
        'mail_user = "copydesk"\nmail_password_block = "mail-password"\n',
        encoding="utf-8",
    )
    script = NIGHTS.format(flows=str(FLOWS), raw=str(raw), clean=str(tmp_path / "clean"), config=str(config))
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", script],
        env=environment(
            tmp_path / "home",
            PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS="120",
            SSL_CERT_FILE=str(certificate),
        ),
        capture_output=True,
        text=True,
        check=False,
    )
    assert "records 1 after 2 tries" in done.stdout, done.stderr
    assert "not tried again: True 3" in done.stdout
    assert "report [" in done.stdout
    assert '"gate": "corpus.articles"' in done.stdout
    assert '"passed": "NO"' in done.stdout
    assert "held page True" in done.stdout, done.stderr
    assert "ended while held 0\nended 1 CRASHED" in done.stdout, done.stderr
    assert [alert["event"] for alert in desk[1]] == ["failed", "held"]
    assert "gate corpus.articles is 0" in desk[1][1]["message"]
    assert desk[1][1]["corpus"] == str(tmp_path / "clean")
    subjects = [letter["Subject"] for _, letter in mailbox.letters]
    assert [subject.split(":")[0] for subject in subjects] == ["copydesk failed", "copydesk held"], done.stderr
    assert mailbox.logins == [(b"copydesk", b"open sesame")] * 2

"""Alerts arrive at a real address, and a dead one is one line."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from copydesk.alerts import Alert, check_webhook, send_alert
from copydesk.errors import RunError, UsageError

ALERT = Alert("failed", "corpus/clean", "brave-owl", "disk full")


class Desk(BaseHTTPRequestHandler):
    """Takes alerts, or refuses those sent to /closed."""

    def do_POST(self) -> None:
        """Keep what was sent."""
        self.server.taken.append(self.rfile.read(int(self.headers["Content-Length"])))  # type: ignore[attr-defined]
        self.send_response(500 if self.path == "/closed" else 204)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def desk() -> Iterator[tuple[str, list[bytes]]]:
    """Give the address of a server of our own, and what it was sent."""
    server = HTTPServer(("127.0.0.1", 0), Desk)
    server.taken = []  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", server.taken  # type: ignore[attr-defined]
    server.shutdown()
    thread.join()
    server.server_close()


def test_alert_arrives_in_one_sentence_and_in_parts(desk: tuple[str, list[bytes]]):
    """The address gets one JSON object for people and machines."""
    send_alert(desk[0], ALERT)
    [body] = desk[1]
    assert json.loads(body) == {
        "event": "failed",
        "corpus": "corpus/clean",
        "run": "brave-owl",
        "message": "disk full",
        "text": "copydesk failed: corpus/clean (run brave-owl): disk full",
    }


def test_address_that_refuses_is_an_error(desk: tuple[str, list[bytes]]):
    """A refusal is said with its status and the setting."""
    with pytest.raises(RunError, match=r"didn't take the alert: HTTP Error 500.*\[nightly\] webhook"):
        send_alert(f"{desk[0]}/closed", ALERT)


def test_dead_address_is_an_error_without_its_secrets():
    """Nobody there: the message names the host, not the password in the address."""
    with pytest.raises(RunError, match=r"webhook at 127\.0\.0\.1:9 didn't take") as error:
        send_alert("http://desk:secret@127.0.0.1:9/hook/token", ALERT)
    assert "secret" not in str(error.value)
    assert "token" not in str(error.value)


def test_without_an_address_nobody_is_told():
    """The empty setting is no error."""
    send_alert("", ALERT)


@pytest.mark.parametrize("url", ["file:///etc/passwd", "desk.example/hook", "https://", "ftp://desk.example"])
def test_only_http_addresses_are_taken(url: str):
    """What is no http(s) address is refused before any run."""
    with pytest.raises(UsageError, match="must be an http or https address"):
        check_webhook(url)

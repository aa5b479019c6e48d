"""Telling somebody that a run failed, crashed or was held back: one JSON object to one address, by setting.

The object has a `text` in one sentence, which chat programs show as it is, and the same in parts for machines.
"""

from __future__ import annotations

import http.client
import json
import urllib.error
import urllib.request
from dataclasses import asdict, dataclass
from urllib.parse import urlsplit

from copydesk.errors import RunError, UsageError

TIMEOUT_SECONDS = 10.0
"""How long an address may take to answer. Longer, and a dead one holds up the end of a night."""


@dataclass(frozen=True, slots=True)
class Alert:
    """What happened: `event` is `failed`, `crashed` or `held`, `corpus` where it lies, `message` why."""

    event: str
    corpus: str
    run: str
    message: str

    @property
    def text(self) -> str:
        """The alert as one sentence.

        >>> Alert("held", "corpus/clean", "brave-owl", "gate new.no_date is 52.0 %").text
        'copydesk held: corpus/clean (run brave-owl): gate new.no_date is 52.0 %'
        """
        return f"copydesk {self.event}: {self.corpus} (run {self.run}): {self.message}"


def check_webhook(url: str) -> None:
    """Nothing, if alerts can be sent to this address, or it is empty.

    Raises UsageError for what is no http(s) address: better at the start than in the night it is needed.
    """
    parts = urlsplit(url)
    if url and (parts.scheme not in {"http", "https"} or not parts.netloc):
        raise UsageError(f"[nightly] webhook = {url!r}: must be an http or https address")


def send_alert(url: str, alert: Alert) -> None:
    """Nothing: the alert has arrived, or nobody wants it (an empty address).

    Raises RunError if the address doesn't take it.
    """
    check_webhook(url)
    if not url:
        return
    body = json.dumps(asdict(alert) | {"text": alert.text}).encode()
    request = urllib.request.Request(url, body, {"Content-Type": "application/json"})  # noqa: S310 - looked at above
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS):  # noqa: S310 - looked at above
            return
    except (urllib.error.URLError, http.client.HTTPException, OSError) as error:
        host = urlsplit(url).netloc.rpartition("@")[2]
        raise RunError(f"the webhook at {host} didn't take the alert: {error}; see [nightly] webhook") from error

"""The server of a review: on this machine only, for whoever has the address with its token, and for nobody else.

A page of any site that the browser has open may send requests to 127.0.0.1. None of them gets through: the token is in
the path and can't be guessed or read by it, a name that was made to point here is refused by its Host header, and
a POST from another origin by its Origin header. Paths are compared in constant time.
"""

from __future__ import annotations

import hmac
import json
import secrets
import sys
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from copydesk.errors import CopydeskError
from copydesk.overrides import Kind
from copydesk.report.markup import short
from copydesk.review.agreement import count_agreement
from copydesk.review.cases import Case
from copydesk.review.desk import Desk, MeanwhileError
from copydesk.review.pages import Standing, case_page, content_policy, counts_page, message_page

LOOPBACK = "127.0.0.1"
HOSTS = (LOOPBACK, "localhost")
MAX_BODY_BYTES = 4_096
"""A judgement is some forty bytes."""
IDLE_SECONDS = 30
"""A connection that says nothing for so long is closed: browsers open some on suspicion."""
DECISIONS = ("keep", "remove")
FORM = "application/x-www-form-urlencoded"
JSON = "application/json"
HTML = "text/html"
NOTHING = "nothing"
"""What a page says of a case that was not judged when it was shown."""
WORDS = ({"keep": "keep", "remove": "remove"}, {"keep": "no copies", "remove": "copies"})
"""What a decision is called, and what that on a link is."""


class ReviewServer(ThreadingHTTPServer):
    """A server for one review. `token` is made anew for each; `address` is what a person opens."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, desk: Desk, port: int = 0) -> None:
        self.desk = desk
        self.token = secrets.token_urlsafe(32)
        super().__init__((LOOPBACK, port), Handler)

    @property
    def port(self) -> int:
        """The port that it listens on."""
        return int(self.server_address[1])

    @property
    def address(self) -> str:
        """The address of the first page, token included."""
        return f"http://{LOOPBACK}:{self.port}{self.root}/"

    @property
    def root(self) -> str:
        """The path that all pages lie under."""
        return f"/{self.token}"

    def standing(self) -> Standing:
        """Where the review stands."""
        last = self.desk.last
        said = f"Saved: {_told(last.case, last.decision)}. Undo takes it back." if last else ""
        return Standing(self.root, len(self.desk.cases), self.desk.done, said)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say what went wrong, unless it is only that a browser has hung up."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


def _told(case: Case, decision: str) -> str:
    words = WORDS[case.kind is Kind.LINK][decision]
    return f"{words}: {short(case.text, 60)}" if case.text else f"{words}, {case.kind} {case.articles[0][:8]}"


def _words(error: Exception) -> str:
    """What to tell of an error. One of the system means that the snapshot under review has been cleared away."""
    return str(error) if isinstance(error, CopydeskError) else f"{error}; start `copydesk review` again"


class Handler(BaseHTTPRequestHandler):
    """One request. Whatever isn't allowed is refused before anything else of it is looked at."""

    server: ReviewServer
    timeout = IDLE_SECONDS
    server_version = "copydesk"
    sys_version = ""

    def do_GET(self) -> None:
        """Show a page."""
        path = self._allowed_path()
        if path is None:
            return
        desk = self.server.desk
        if path == "/":
            following = desk.next_after(None)
            self._go(f"/case/{following}" if following else "/counts")
        elif path == "/counts":
            self._show(lambda: counts_page(count_agreement(desk.overrides()), self.server.standing()))
        elif found := self._case(path):
            self._show(lambda: self._case_page(*found))
        else:
            self._refuse(HTTPStatus.NOT_FOUND)

    def do_POST(self) -> None:
        """Save a judgement, or take the last one back."""
        path = self._allowed_path()
        values = None if path is None or not self._is_own() else self._body()
        if path is None or values is None:
            return
        if path == "/undo":
            self._carry_out(self.server.desk.undo)
        elif not (found := self._case(path)):
            self._refuse(HTTPStatus.NOT_FOUND)
        elif values.get("decision") not in DECISIONS:
            self._refuse(HTTPStatus.BAD_REQUEST)
        else:
            case = found[1]
            self._carry_out(lambda: self._judge(case, values))

    def _allowed_path(self) -> str | None:
        """The path behind the token; None, and an answer that says nothing, where host or token are wrong."""
        if self.headers.get_all("Host", []) not in [[host] for host in self._hosts()]:
            self._refuse(HTTPStatus.MISDIRECTED_REQUEST)
            return None
        _, _, rest = urlsplit(self.path).path.partition("/")
        token, slash, path = rest.partition("/")
        if not hmac.compare_digest(token.encode("utf-8", "replace"), self.server.token.encode()) or not slash:
            self._refuse(HTTPStatus.NOT_FOUND)
            return None
        return f"/{path}"

    def _hosts(self) -> list[str]:
        return [f"{name}:{self.server.port}" for name in HOSTS]

    def _is_own(self) -> bool:
        """Whether a POST comes from a page of this review, as far as the browser says; else it is refused."""
        origins = [f"http://{host}" for host in self._hosts()]
        own = self.headers.get("Origin", origins[0]) in origins
        own &= self.headers.get("Sec-Fetch-Site", "same-origin") in ("same-origin", "none")
        if not own:
            self._refuse(HTTPStatus.FORBIDDEN)
        return own

    def _body(self) -> dict[str, str] | None:
        """The fields of a form; None, and an answer, for a body that is none, or too long."""
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal() or int(length) > MAX_BODY_BYTES:
            self._refuse(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
            return None
        if self.headers.get_content_type() != FORM:
            self._refuse(HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
            return None
        fields = parse_qs(self.rfile.read(int(length)).decode("utf-8", "replace"))
        return {name: values[-1] for name, values in fields.items()}

    def _case(self, path: str) -> tuple[int, Case] | None:
        return self.server.desk.find(path.removeprefix("/case/")) if path.startswith("/case/") else None

    def _case_page(self, number: int, case: Case) -> str:
        desk = self.server.desk
        decided, following = desk.decided(case), desk.next_after(case.name)
        skip = None if following == case.name else following
        return case_page(desk.scene(case), number, decided, skip, self.server.standing())

    def _judge(self, case: Case, values: dict[str, str]) -> str | None:
        seen = values.get("seen", NOTHING)
        self.server.desk.judge(case, values["decision"], "" if seen == NOTHING else seen)
        return self.server.desk.next_after(case.name)

    def _show(self, make: Callable[[], str]) -> None:
        try:
            status, page = HTTPStatus.OK, make()
        except (CopydeskError, OSError) as error:
            page = message_page("That didn't work", _words(error), self.server.standing())
            status = HTTPStatus.CONFLICT
        self._send(status, page, HTML)

    def _carry_out(self, job: Callable[[], str | None]) -> None:
        """Do it, and go on to the case that it names, or to the counts; or say why it wasn't done."""
        scripted = JSON in self.headers.get("Accept", "")
        try:
            following = job()
        except (CopydeskError, OSError) as error:
            way_out = "reload the page to see it" if isinstance(error, MeanwhileError) else "nothing was saved"
            words = f"{_words(error)}; {way_out}"
            page = message_page("Not saved", words, self.server.standing())
            body = (json.dumps({"error": f"Not saved: {words}"}), JSON) if scripted else (page, HTML)
            self._send(HTTPStatus.CONFLICT, *body)
            return
        there = f"/case/{following}" if following else "/counts"
        if scripted:
            self._send(HTTPStatus.OK, json.dumps({"next": f"{self.server.root}{there}"}), JSON)
        else:
            self._go(there)

    def _go(self, there: str) -> None:
        self._send(HTTPStatus.SEE_OTHER, "", HTML, ("Location", f"{self.server.root}{there}"))

    def _refuse(self, status: HTTPStatus) -> None:
        """Say no, and nothing else: what was asked for is nobody's business who isn't allowed to ask."""
        self.close_connection = True
        self._send(status, f"{status.value} {status.phrase}\n", "text/plain")

    def _send(self, status: HTTPStatus, text: str, kind: str, *headers: tuple[str, str]) -> None:
        data = text.encode("utf-8", "replace")
        self.send_response(status)
        for name, value in (*headers, *self._guards()):
            self.send_header(name, value)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def _guards(self) -> tuple[tuple[str, str], ...]:
        return (
            ("Content-Security-Policy", content_policy()),
            ("Referrer-Policy", "no-referrer"),  # the address has the token in it
            ("X-Content-Type-Options", "nosniff"),
            ("Cross-Origin-Opener-Policy", "same-origin"),
            ("Cross-Origin-Resource-Policy", "same-origin"),
            ("Cache-Control", "no-store"),
        )

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - named by the standard library
        """Nothing: a log of addresses would be a log of the token."""

"""The server as the network sees it: real requests, allowed and not."""

from __future__ import annotations

import datetime as dt
import http.client
import json
import re
import shutil
import socket
from collections.abc import Callable
from functools import partial
from pathlib import Path
from urllib.parse import urlencode

import pytest
from review_process import serving

from copydesk.overrides import Choice, Kind, load_overrides
from copydesk.report.accounts import kept_beside
from copydesk.review.cases import KINDS, borderline_cases
from copydesk.review.context import set_scene
from copydesk.review.desk import Desk
from copydesk.review.server import ReviewServer
from copydesk.writing import open_corpus

NOW = dt.datetime(2026, 1, 15, 2, tzinfo=dt.UTC)

Serve = Callable[..., ReviewServer]
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
Answer = tuple[int, str, dict[str, str]]
SCRIPTED = FORM | {"Accept": "application/json"}


def ask(
    server: ReviewServer, method: str, path: str, body: str = "", **headers: str
) -> tuple[int, str, dict[str, str]]:
    """Status, body and headers of the answer to one request."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request(method, path, body, sent)
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return answer.status, text, dict(answer.getheaders())


def judge(server: ReviewServer, number: int, **fields: str) -> tuple[int, str, dict[str, str]]:
    """The answer to a judgement of the case of this number, as the page's script sends it."""
    path = f"{server.root}/case/{server.desk.cases[number].name}"
    return ask(server, "POST", path, urlencode(fields), **SCRIPTED)


def test_first_page_leads_to_the_first_case(serve: Serve):
    """Each page has its policy, and is kept by nobody."""
    server = serve()
    status, _, headers = ask(server, "GET", f"{server.root}/")
    assert (status, headers["Location"]) == (303, f"{server.root}/case/{server.desk.cases[0].name}")
    status, page, headers = ask(server, "GET", headers["Location"])
    assert status == 200
    assert "Does this paragraph belong to the article?" in page
    assert headers["Content-Security-Policy"].startswith("default-src 'none'; script-src 'sha256-")
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cache-Control"] == "no-store"


def test_markup_of_the_corpus_is_text(serve: Serve):
    """A title and a paragraph that are scripts are read as such; the page has the one script of ours."""
    server = serve()
    for case in server.desk.cases:
        _, page, _ = ask(server, "GET", f"{server.root}/case/{case.name}")
        assert page.count("<script>") == 1
        assert "<img" not in page
    _, page, _ = ask(server, "GET", f"{server.root}/case/{server.desk.cases[0].name}")
    assert "&lt;script&gt;document.title" in page


def test_judging_saves_and_goes_on(serve: Serve):
    """The answer names the next case, and the file has the entry already; undo takes it out again."""
    server = serve()
    status, text, _ = judge(server, 0, decision="remove", seen="nothing")
    assert status == 200
    assert json.loads(text) == {"next": f"{server.root}/case/{server.desk.cases[1].name}"}
    assert [entry.choice for entry in load_overrides(server.desk.path).entries] == [Choice.REMOVE]
    _, page, _ = ask(server, "GET", json.loads(text)["next"])
    assert "Saved: remove" in page
    _, text, _ = ask(server, "POST", f"{server.root}/undo", "", **SCRIPTED)
    assert json.loads(text)["next"].endswith(server.desk.cases[0].name)
    assert not load_overrides(server.desk.path)


def test_buttons_work_without_a_script(serve: Serve):
    """A plain form is answered with the way to the next page."""
    server = serve()
    path = f"{server.root}/case/{server.desk.cases[0].name}"
    status, _, headers = ask(server, "POST", path, "decision=keep&seen=nothing", **FORM)
    assert (status, headers["Location"]) == (303, f"{server.root}/case/{server.desk.cases[1].name}")
    status, page, _ = ask(server, "POST", path, "decision=remove&seen=nothing", **FORM)
    assert status == 409
    assert "another window has judged this meanwhile: keep" in page


def test_last_judgement_leads_to_the_counts(serve: Serve):
    """With the share and its interval, borderline cases apart from samples."""
    server = serve(Kind.LINK)
    _, text, _ = judge(server, 0, decision="remove", seen="nothing")
    assert json.loads(text)["next"] == f"{server.root}/counts"
    status, page, _ = ask(server, "GET", f"{server.root}/counts")
    assert status == 200
    assert "All cases are judged." in page
    assert re.search(r"<td>duplicates</td><td>near</td><td>copies</td>.*21% to 100%", page)
    status, _, headers = ask(server, "GET", f"{server.root}/")
    assert (status, headers["Location"]) == (303, f"{server.root}/counts")


def test_a_file_that_cant_be_changed_is_said(serve: Serve):
    """Nothing is claimed to be saved, and the case waits."""
    server = serve()
    server.desk.path.write_text("[[line]\n")
    status, text, _ = judge(server, 0, decision="keep", seen="nothing")
    assert status == 409
    assert "Not saved" in json.loads(text)["error"]
    assert server.desk.done == 0


def test_a_snapshot_that_was_cleared_away_is_said(published: Path, tmp_path: Path):
    """A page says so and nothing is claimed to be saved; the server lives on."""
    shutil.copytree(published.parent, tmp_path / "desk", symlinks=True)
    clean = tmp_path / "desk" / published.name
    corpus = open_corpus(clean)
    scene_of = partial(set_scene, corpus=corpus, kept=kept_beside(clean))
    desk = Desk(borderline_cases(corpus, KINDS, 9), tmp_path / "o.toml", "borderline", scene_of, lambda: NOW)
    shutil.rmtree(clean.with_name("clean.snapshots"))
    with serving(desk) as server:
        status, page, _ = ask(server, "GET", f"{server.root}/case/{desk.cases[0].name}")
        assert status == 409
        assert "start `copydesk review` again" in page
        status, text, _ = judge(server, 0, decision="keep", seen="nothing")
        assert status == 409
        assert json.loads(text)["error"].startswith("Not saved: ")
    assert not desk.path.exists()


@pytest.mark.parametrize("token", ["wrong", "", "x" * 43, "%00", "%C3%A9"])
def test_a_wrong_token_opens_nothing(serve: Serve, token: str):
    """Neither a page nor a judgement, and the answer tells nothing."""
    server = serve()
    name = server.desk.cases[0].name
    for method in ("GET", "POST"):
        for path in (f"/{token}/", f"/{token}/case/{name}", f"/{token}/undo", f"/{token}"):
            status, text, headers = ask(server, method, path, "decision=keep", **FORM)
            assert (status, text) == (404, "404 Not Found\n")
            assert server.token not in str(headers)
    assert not server.desk.path.exists()


def test_the_token_alone_is_no_address(serve: Serve):
    """Without the stroke behind it, and as anything but the first part, it opens nothing."""
    server = serve()
    for path in (server.root, f"/x{server.root}/", f"/?t={server.token}", "*"):
        assert ask(server, "GET", path)[0] == 404


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1", "127.0.0.1:1", "localhost.evil.example", "[::1]", ""])
def test_a_foreign_host_is_refused(serve: Serve, host: str):
    """A name that was made to point at this machine gets nothing, even with the token."""
    server = serve()
    name = host if host.count(":") else f"{host}:{server.port}" if host == "evil.example" else host
    status, text, _ = ask(server, "GET", f"{server.root}/counts", Host=name)
    assert (status, text) == (421, "421 Misdirected Request\n")
    status, _, _ = ask(server, "POST", f"{server.root}/undo", "", **FORM, Host=name)
    assert status == 421


def test_two_hosts_or_none_are_refused(serve: Serve):
    """What a proxy and a server may read differently is refused."""
    server = serve()
    for hosts in ("", f"Host: 127.0.0.1:{server.port}\r\nHost: evil.example\r\n"):
        with socket.create_connection(("127.0.0.1", server.port), 20) as line:
            line.sendall(f"GET {server.root}/counts HTTP/1.1\r\n{hosts}\r\n".encode())
            assert b" 421 " in line.makefile("rb").readline()


def test_localhost_is_a_name_of_this_machine(serve: Serve):
    """Forwarded ports and habits use it."""
    server = serve()
    assert ask(server, "GET", f"{server.root}/counts", Host=f"localhost:{server.port}")[0] == 200


@pytest.mark.parametrize(
    "headers", [{"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec_Fetch_Site": "cross-site"}]
)
def test_other_sites_cant_judge(serve: Serve, headers: dict[str, str]):
    """A form of another page is refused, even if it knew the token."""
    server = serve()
    path = f"{server.root}/case/{server.desk.cases[0].name}"
    status, _, _ = ask(server, "POST", path, "decision=keep&seen=nothing", **FORM, **headers)
    assert status == 403
    assert not server.desk.path.exists()


def test_a_judgement_is_never_made_by_getting_a_page(serve: Serve):
    """A link that is followed, or fetched beforehand, changes nothing."""
    server = serve()
    path = f"{server.root}/case/{server.desk.cases[0].name}?decision=keep"
    assert ask(server, "GET", path)[0] == 200
    assert ask(server, "GET", f"{server.root}/undo")[0] == 404
    assert not server.desk.path.exists()


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        ("decision=maybe", FORM, 400),
        ("", FORM, 400),
        ("decision=keep", {"Content-Type": "text/plain"}, 415),
        ("decision=keep" + "&x=y" * 4_000, FORM, 413),
    ],
)
def test_bodies_that_are_no_judgement_are_refused(serve: Serve, body: str, headers: dict[str, str], status: int):
    """Too long, of another type, or without a decision."""
    server = serve()
    path = f"{server.root}/case/{server.desk.cases[0].name}"
    assert ask(server, "POST", path, body, **headers)[0] == status
    assert not server.desk.path.exists()


def test_what_isnt_there_isnt_found(serve: Serve):
    """Pages, cases and methods that don't exist."""
    server = serve()
    for path in ("/case/0000", "/case/", "/nothing", "/case/../counts"):
        assert ask(server, "GET", server.root + path)[0] == 404
    assert ask(server, "POST", f"{server.root}/case/0000", "decision=keep", **FORM)[0] == 404
    assert ask(server, "DELETE", f"{server.root}/counts")[0] == 501


def test_only_this_machine_is_listened_to(serve: Serve):
    """The socket is bound to the loopback address."""
    assert serve().server_address[0] == "127.0.0.1"


def test_every_review_has_a_token_of_its_own(serve: Serve):
    """An old address opens nothing."""
    assert serve().token != serve().token

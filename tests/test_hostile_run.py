"""A folder of files that mean harm, through a whole run: each costs itself, none the run or its neighbours."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import os
import shutil
import signal
import socket
import subprocess
import sys
import tarfile
import threading
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
import pyarrow.dataset as ds
import pytest
from tests.conftest import FERRY, LIBRARY

from copydesk.cli import main

STORY = "The ferry to Stroma sails again from Monday, the operator said, after a winter of repairs."
GOOD = {"ferry.txt": FERRY, "library.txt": LIBRARY}
SETTINGS = """
[reading]
max_record_bytes = 2000000
max_unpacked_bytes = 20000000
max_members = 1000
[running]
record_seconds = 20
"""


def page(body: str) -> str:
    """Give a page with this body and a story in it."""
    return f"<!doctype html><html><head><title>Ferry</title></head><body>{body}<p>{STORY}</p></body></html>"


def zip_of(members: dict[str, bytes]) -> bytes:
    """Give a ZIP archive."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return target.getvalue()


def tar_of_links() -> bytes:
    """Give a tar archive whose members lead out of it."""
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w") as archive:
        for name, kind, link in (("../up.txt", tarfile.REGTYPE, ""), ("passwd", tarfile.SYMTYPE, "/etc/passwd")):
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, link
            archive.addfile(info)
    return target.getvalue()


def nested_zip(depth: int) -> bytes:
    """Give an archive in an archive in an archive, and so on."""
    data = zip_of({"a.txt": STORY.encode()})
    for level in range(depth):
        data = zip_of({f"{level}.zip": data})
    return data


BROTLI = bytes.fromhex("5bffff0f00a6ab0a8aa20a")
"""The head of a brotli stream of a megabyte: nothing here unpacks brotli, and nothing should begin to."""


def warc(header: bytes, body: bytes) -> bytes:
    """Give a record of a web archive whose response has this header and body."""
    response = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n" + header + b"\r\n\r\n" + body
    head = (
        f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://x.example/\r\nContent-Length: {len(response)}\r\n"
    )
    return head.encode() + b"\r\n" + response + b"\r\n\r\n"


def four_times(data: bytes) -> bytes:
    """Give data packed four times: no layer looks like a bomb by itself."""
    for _ in range(4):
        data = gzip.compress(data)
    return data


def nested_mail(depth: int) -> bytes:
    """Give a mail in whose only part is a part, and so on."""
    lines = ["From: A <a@x.example>", "Subject: Parts", "MIME-Version: 1.0"]
    for level in range(depth):
        lines += [f'Content-Type: multipart/mixed; boundary="b{level}"', "", f"--b{level}"]
    return "\r\n".join([*lines, "Content-Type: text/plain", "", STORY]).encode()


ENTITIES = "".join(f'<!ENTITY e{n + 1} "{f"&e{n};" * 10}">' for n in range(12))

NESTING = {
    "div.html": page("<div>" * 200_000),
    "shallow.html": page("<div>" * 14_000),
    "b.html": page("<b><i>" * 6_000),
    "table.html": page("<table><tr><td>" * 20_000),
    "select.html": page("<select><option>" * 50_000),
    "svg.html": page("<svg><g>" * 5_000),
    "template.html": page("<template>" * 10_000),
    "list.json": "[" * 200_000,
    "object.json": '{"text":' * 100_000,
    "lines.jsonl": json.dumps({"text": STORY}) + "\n" + "[" * 100_000 + "\n",
    "ld.html": page(f'<script type="application/ld+json">{"[" * 100_000}</script>'),
    "feed.xml": "<rss><channel>" + "<item>" * 100_000,
    "entities.xml": f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY e0 "ha">{ENTITIES}]><rss><channel><item>'
    "<title>&e12;</title></item></channel></rss>",
    "outside.xml": '<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY e SYSTEM "file:///etc/passwd">]><rss><channel><item>'
    f"<title>&e;</title><description>{STORY}</description></item></channel></rss>",
}
LONG = {
    "attributes.html": page(f"<div {' '.join(f'a{n}' for n in range(100_000))}>"),
    "same-attributes.html": page(f"<div {'a ' * 200_000}>"),
    "attribute.html": page(f'<div title="{"x" * 1_000_000}">'),
    "line.txt": "x" * 1_500_000,
    "words.txt": "word " * 300_000,
    "breaks.txt": "\n" * 1_500_000 + STORY,
    "marks.txt": "“" * 400_000,
    "brackets.txt": "(" * 500_000 + ")" * 500_000,
    "by.txt": "By " * 300_000,
    "dates.txt": "12 March 2024 " * 80_000,
    "line.csv": "title,text\n" + "x" * 1_500_000,
    "quotes.csv": 'title,text\n"' + '""' * 700_000,
    "paragraphs.html": page("<p>x" * 20_000),
    "entities.html": page("&amp;" * 300_000),
    "comments.html": page("<!--" * 200_000),
    "marks.md": "\u0301" * 500_000,
}
NAMES = [
    "new\nline.txt",
    "tab\tand\x1bescape.txt",
    "right\u202etxt.exe",
    "-rf.txt",
    "$(touch executed).txt",
    "'; DROP TABLE entries; --.txt",
    "=cmd|' calc'!A0.txt",
    "<img src=x onerror=alert(1)>.txt",
    "%s%n{0}.txt",
    "x" * 251 + ".txt",
    "a..txt",
    "a\\..\\..\\up.txt",
    "%2e%2e%2fup.txt",
    "\u2066left\u2069\u200b.txt",
    " .txt",
]


def write_hostile(folder: Path) -> None:
    """Write everything that means harm."""
    for name, text in (GOOD | NESTING | LONG).items():
        (folder / name).write_text(text, encoding="utf-8")
    for ending in ("txt", "html", "json", "jsonl", "csv", "xml", "parquet", "gz", "zip", "tar", "eml", "warc", "bz2"):
        (folder / f"bytes.{ending}").write_bytes(bytes(range(256)) * 50)
        (folder / f"backwards.{ending}").write_bytes(bytes(range(255, -1, -1)) * 50)
    for name in NAMES:
        (folder / name).write_text(STORY, encoding="utf-8")
    (folder / os.fsdecode(b"\xff\xfe.txt")).write_text(STORY)
    (folder / "bomb.txt.gz").write_bytes(gzip.compress(bytes(50_000_000)))
    (folder / "bomb.zip").write_bytes(zip_of({"a.txt": b" " * 30_000_000}))
    (folder / "bomb.txt.bz2").write_bytes(bz2.compress(bytes(50_000_000)))
    (folder / "bomb.txt.xz").write_bytes(lzma.compress(bytes(50_000_000)))
    (folder / "bomb.txt.zst").write_bytes(bytes(pa.compress(bytes(50_000_000), "zstd", asbytes=True)))
    (folder / "bomb.txt.br").write_bytes(BROTLI)
    (folder / "bomb.warc").write_bytes(
        warc(b"Content-Encoding: gzip", gzip.compress(bytes(50_000_000))) + warc(b"Content-Encoding: br", BROTLI)
    )
    (folder / "bomb.gz.gz.gz.gz").write_bytes(four_times(bytes(5_000_000)))
    (folder / "parts.eml").write_bytes(nested_mail(500))
    (folder / "many.zip").write_bytes(zip_of({f"{n}.txt": b"" for n in range(1_200)}))
    (folder / "nested.zip").write_bytes(nested_zip(6))
    (folder / "climbing.zip").write_bytes(zip_of({"../../up.txt": STORY.encode(), "/etc/cron.d/x": b"* * * * *"}))
    (folder / "links.tar").write_bytes(tar_of_links())
    write_special(folder)


def write_special(folder: Path) -> None:
    """Write what is no ordinary file."""
    targets = {"zero": "/dev/zero", "passwd": "/etc/passwd", "up": "..", "self": "self", "gone": "nowhere"}
    for name, target in targets.items():
        (folder / f"link-{name}.txt").symlink_to(target)
    os.mkfifo(folder / "pipe.txt")
    with socket.socket(socket.AF_UNIX) as server:
        # The path of a socket may only be so long.
        server.bind(str(short := Path(f"/tmp/copydesk-test-{os.getpid()}")))  # noqa: S108
    shutil.move(short, folder / "socket.txt")
    with (folder / "sparse.txt").open("wb") as sparse:
        sparse.truncate(1 << 40)


@contextmanager
def growing(path: Path) -> Iterator[None]:
    """Have a file grow and shrink as long as the block lasts."""
    over = threading.Event()

    def write() -> None:
        with path.open("wb", buffering=0) as stream:
            while not over.wait(0.0005):
                stream.write(STORY.encode() * 100)
                if stream.tell() > 1_000_000:
                    stream.truncate(0)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        yield
    finally:
        over.set()
        writer.join()


def picture(folder: Path) -> dict[str, tuple[int, ...]]:
    """Give what a change in the folder would change."""
    found = {}
    for path in [folder, *folder.iterdir()]:
        status = path.lstat()
        found[path.name] = (status.st_mode, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns)
    return found


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the corpus of a run over the hostile folder, in which nothing was changed."""
    folder = tmp_path_factory.mktemp("hostile")
    (folder / "raw").mkdir()
    write_hostile(folder / "raw")
    (folder / "settings.toml").write_text(SETTINGS)
    before = picture(folder / "raw")
    words = ["--raw", folder / "raw", "--clean", folder / "clean", "--config", folder / "settings.toml", "--quiet"]
    assert main(["clean", *map(str, words)]) == 0
    assert picture(folder / "raw") == before
    return folder / "clean"


def ledger(corpus: Path) -> list[dict[str, str]]:
    """Give the rows of the ledger."""
    return ds.dataset(corpus / "ledger", format="parquet").to_table().to_pylist()


def test_every_file_and_record_has_one_row(corpus: Path):
    """No file is passed over, no record is counted twice, and each that is set aside says why."""
    rows = ledger(corpus)
    places = Counter((row["source_path"], row["source_record"]) for row in rows)
    assert set(places.values()) == {1}
    assert len({row["article_id"] for row in rows}) == len(rows)
    top = {row["source_path"].partition("/")[0] for row in rows}
    assert len(top) == len(list((corpus.parent / "raw").iterdir()))
    assert all(row["reason"] for row in rows if row["outcome"] != "clean")


def test_good_neighbours_are_clean(corpus: Path):
    """Two ordinary stories among all this are articles with their whole text."""
    outcomes = {row["source_path"]: row["outcome"] for row in ledger(corpus)}
    assert {name: outcomes[name] for name in GOOD} == dict.fromkeys(GOOD, "clean")


def test_nothing_hostile_takes_the_way_of_unforeseen_errors(corpus: Path):
    """Each of these files is refused or read by a rule: none needs a worker to die or an error nobody foresaw."""
    accidents = ("failed:", "crashed:", "deadline:")
    assert [row for row in ledger(corpus) if row["reason"] and row["reason"].startswith(accidents)] == []


def test_tables_of_hostile_files_are_valid(corpus: Path):
    """What was published keeps every promise of the schemas, and nothing of another place got in."""
    assert main(["validate", "--clean", str(corpus)]) == 0
    texts = ds.dataset(corpus / "articles", format="parquet").to_table(columns=["text"])["text"].to_pylist()
    assert not any("root:" in text for text in texts)
    assert not any(path.name == "executed" for path in (corpus.parent, Path.cwd()) for path in path.iterdir())


def test_file_that_changes_while_it_is_read_is_one_row(tmp_path: Path):
    """Whether the change is noticed or not, the file is one record, and the run ends well."""
    raw = tmp_path / "raw"
    raw.mkdir()
    (raw / "ferry.txt").write_text(FERRY, encoding="utf-8")
    with growing(raw / "growing.txt"):
        assert main(["clean", "--raw", str(raw), "--clean", str(tmp_path / "clean"), "--quiet"]) == 0
    assert sorted(row["source_path"] for row in ledger(tmp_path / "clean")) == ["ferry.txt", "growing.txt"]


AUDIT = """
import os, sys
log = os.open(os.environ["AUDIT_LOG"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
raw = os.environ["AUDIT_RAW"]
WRITES = {"os.remove", "os.rename", "os.mkdir", "os.rmdir", "os.chmod", "os.chown", "os.link", "os.symlink", "os.utime",
          "os.truncate", "shutil.move", "shutil.rmtree"}
STARTS = {"subprocess.Popen", "os.exec", "os.system", "os.posix_spawn", "os.startfile"}
CALLS = {"socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto", "urllib.Request"}
def hook(event, values):
    if event in STARTS or event in CALLS:
        os.write(log, f"{event} {values}\\n".encode())
    if event in WRITES and any(raw in os.fsdecode(v) for v in values if isinstance(v, (str, bytes, os.PathLike))):
        os.write(log, f"{event} {values}\\n".encode())
    if event == "open" and isinstance(values[0], (str, bytes)) and os.fsdecode(values[0]).startswith(raw):
        if values[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND):
            os.write(log, f"{event} {values}\\n".encode())
sys.addaudithook(hook)
"""


def command(raw: Path, target: Path) -> list[str]:
    """Give the words that start a run in a process of its own."""
    words = ["clean", "--raw", str(raw), "--clean", str(target), "--quiet", "--workers", "2"]
    return [sys.executable, "-m", "copydesk.cli", *words]


def test_run_starts_nothing_calls_nobody_and_writes_nothing_into_raw(raw: Path, tmp_path: Path):
    """Python itself is asked, in the run and in its workers: no program is started, and nobody is called."""
    (tmp_path / "sitecustomize.py").write_text(AUDIT)
    log = tmp_path / "log"
    paths = os.pathsep.join([str(tmp_path), *sys.path])
    environment = os.environ | {"PYTHONPATH": paths, "AUDIT_LOG": str(log), "AUDIT_RAW": str(raw)}
    subprocess.run(command(raw, tmp_path / "clean"), env=environment, check=True)
    assert log.read_text() == ""


def test_run_needs_no_network(raw: Path, tmp_path: Path):
    """A run in a network namespace of its own, without even a loopback, ends as any other."""
    apart = next((words for words in (["unshare", "-n"], ["unshare", "-rn"]) if permitted(words)), None)
    if apart is None:
        pytest.skip("no network namespace here: run as root, or where `unshare -rn true` works")
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    subprocess.run([*apart, *command(raw, tmp_path / "clean")], env=environment, check=True)
    assert len(ledger(tmp_path / "clean")) == 5


def permitted(words: list[str]) -> bool:
    """Whether we may run something this way."""
    try:
        return subprocess.run([*words, "true"], capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        return False


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_run_that_is_told_to_stop_leaves_the_corpus_and_no_process(raw: Path, tmp_path: Path, sign: signal.Signals):
    """Ctrl-C and SIGTERM end a run with status 4; the corpus is as it was, and all workers are gone."""
    target = tmp_path / "clean"
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    assert main(command(raw, target)[3:]) == 0
    before = target.readlink()
    many = tmp_path / "many"
    many.mkdir()
    with (many / "a.jsonl").open("w") as lines:
        for number in range(8_000):
            lines.write(
                json.dumps({"title": f"Ferry {number}", "text": f"{STORY} It was trip {number}.\n" * 20}) + "\n"
            )
    run = subprocess.Popen(command(many, target), env=environment, stderr=subprocess.PIPE, text=True)
    wait_until(lambda: len(descendants(run.pid)) == 3)
    family = descendants(run.pid)
    run.send_signal(sign)
    _, said = run.communicate()
    assert (run.returncode, said) == (4, "copydesk: interrupted; the published corpus is as it was\n")
    assert target.readlink() == before
    wait_until(lambda: not any(Path(f"/proc/{process}").exists() for process in family))


def wait_until(so: Callable[[], bool]) -> None:
    """Wait until it is so."""
    while not so():
        time.sleep(0.01)


def descendants(process: int) -> list[int]:
    """Give the children of a process, and theirs."""
    try:
        children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    except FileNotFoundError:
        return []
    return [found for child in map(int, children) for found in (child, *descendants(child))]

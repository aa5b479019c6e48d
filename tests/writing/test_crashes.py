"""A killed run, a full disk, a read-only folder: the corpus is that of a finished run, and the next run works.

Each night publishes a corpus in which everything is told by the number of the night: as many records, and the night in
every title. So any mixture of two nights shows.
"""

from __future__ import annotations

import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import polars as pl
import pytest

from copydesk.errors import CopydeskError, RunError, UsageError
from copydesk.state import ExaminedStore, RecordKey, hold
from copydesk.writing import current_snapshot, locate, open_corpus, sweep, validate

Make = Callable[..., Any]

KILLS = int(os.environ.get("COPYDESK_KILLS", "20"))
"""How many runs are killed. The nightly suite sets 200."""

SEED = int(os.environ.get("COPYDESK_KILL_SEED", "20260115"))

NIGHTS = """
import os, signal, sys
sys.path.insert(0, sys.argv[2])
from pathlib import Path
import conftest, dataclasses, datetime as dt
from copydesk.state import ExaminedStore, RecordKey, hold
from copydesk.writing import RunStamp, locate, publish

clean = Path(sys.argv[1])

def tell(word, number):
    # In one write: both processes write to this pipe, one of them is killed at any point, and `print` writes piece by
    # piece where PYTHONUNBUFFERED is set. Half a line, or one within another, would be read as another number.
    os.write(1, f"{word} {number}\\n".encode())

def run(night):
    corpus = conftest.write_corpus(20 + night % 7)
    told = [
        dataclasses.replace(a.metadata, deck=f"night {night}", published_on=dt.date(2025, 1 + number % 2, 1))
        for number, a in enumerate(corpus.articles)
    ]
    articles = tuple(dataclasses.replace(a, metadata=m) for a, m in zip(corpus.articles, told))
    corpus = dataclasses.replace(corpus, articles=articles)
    stamp = RunStamp(f"night-{night}", conftest.FIRST_NIGHT + dt.timedelta(days=night), "0")
    with hold(locate(clean).state, stamp.run_id) as held:
        tell("begin", night)
        with ExaminedStore.open(locate(clean).state / "examined", "v1") as store:
            keys = [RecordKey(a.article_id, "0", 0) for a in corpus.articles]
            known = {a.article_id for a in store.get(keys)}
            store.put((key, a) for key, a in zip(keys, articles) if a.article_id not in known)
            tables = corpus.tables(stamp.run_id, stamp.now)
            publish(clean, tables, stamp, records_read=corpus.records_read, confirm=held.check)
            store.commit()
    tell("done", night)

# Imports take longer than the nights: children are forked from a process that has done them and nothing else.
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
for line in sys.stdin:
    pid = os.fork()
    if pid == 0:
        night = int(line)
        while True:
            run(night)
            night += 1
    tell("pid", pid)
"""


class Nights:
    """Processes that publish one night after the other, until they are killed."""

    def __init__(self, clean: Path) -> None:
        command = [sys.executable, "-c", NIGHTS, str(clean), str(Path(__file__).parent)]
        self.parent = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.child: int | None = None
        self.running = False

    def start(self, night: int) -> None:
        """Begin with this night; lines of an earlier process are read past."""
        assert self.parent.stdin
        self.parent.stdin.write(f"{night}\n")
        self.parent.stdin.flush()
        self.child = None
        self.first = night
        self.running = True

    def wait_for(self, word: str) -> int:
        """The number in the next line of the present process that begins with this word."""
        assert self.parent.stdout
        for line in self.parent.stdout:
            name, number = line.split()
            if name == "pid":
                self.child = int(number)
            if name == word and (name == "pid" or int(number) >= self.first):
                return int(number)
        raise AssertionError(f"the nights ended by themselves with status {self.parent.wait()}")

    def kill(self) -> None:
        """Kill -9."""
        if self.child is None:
            self.wait_for("pid")
        assert self.child
        os.kill(self.child, signal.SIGKILL)
        while Path(f"/proc/{self.child}").exists():
            time.sleep(0.001)
        self.running = False

    def end(self) -> None:
        """Kill them all."""
        if self.running:
            self.kill()
        self.parent.kill()
        self.parent.communicate()


@pytest.fixture
def nights(tmp_path: Path) -> Iterator[Nights]:
    """Nights that publish at `tmp_path / "clean"`, the first one finished."""
    processes = Nights(tmp_path / "clean")
    try:
        processes.start(0)
        processes.wait_for("done")
        yield processes
    finally:
        processes.end()


def published_night(clean: Path) -> int:
    """The night of the published corpus, after checking that it is whole and of one night."""
    assert validate(clean) == ()
    corpus = open_corpus(clean)
    decks = set(corpus.articles.to_table(columns=["deck"])["deck"].to_pylist())
    assert len(decks) == 1
    night = int(decks.pop().removeprefix("night "))
    assert corpus.ledger.count_rows() == 20 + night % 7
    snapshot = current_snapshot(clean)
    assert snapshot
    assert snapshot.run_id == f"night-{night}"
    return night


def test_killed_runs_leave_a_finished_corpus(tmp_path: Path, nights: Nights) -> None:
    """Runs that are killed at random points leave the corpus of the run before or their own; the next run goes on."""
    draw = random.Random(SEED)  # noqa: S311
    clean = tmp_path / "clean"
    started = time.monotonic()
    least = nights.wait_for("done")
    duration = time.monotonic() - started
    for attempt in range(KILLS):
        nights.wait_for("begin")
        # Over a whole run and a little more, so that every step of it is hit, the first and the last included.
        time.sleep(draw.uniform(0, duration * 1.2))
        nights.kill()
        night = published_night(clean)
        assert night >= least, f"kill {attempt} of seed {SEED} lost a published night"
        least = night
        nights.start(night + 1)
    assert nights.wait_for("done") > least
    nights.kill()
    with hold(locate(clean).state, "after"):
        sweep(clean)
    assert [path.name for path in locate(clean).snapshots.iterdir() if path.name.startswith(".")] == []
    assert sorted(path.name for path in tmp_path.iterdir()) == ["clean", "clean.snapshots", "clean.state"]


READERS = {
    "pandas": lambda root: pd.read_parquet(f"{root}/articles", columns=["article_id", "deck"])["deck"].tolist(),
    "polars": lambda root: pl.read_parquet(f"{root}/articles/**/*.parquet", columns=["deck"])["deck"].to_list(),
    "duckdb": lambda root: [
        row[0]
        for row in duckdb.connect().execute(f"SELECT deck FROM '{root}/articles/**/*.parquet'").fetchall()  # noqa: S608
    ],
}

LOUD = (OSError, duckdb.Error, pl.exceptions.PolarsError)
"""What readers raise when files that they have listed are gone: the link was swapped in between. Never a wrong row."""


def test_readers_never_see_two_nights(tmp_path: Path, nights: Nights) -> None:
    """While runs publish and are killed, each read gives one night's rows, or says that a file is gone.

    A reader that resolves the link first, as `open_corpus` does, has no error either.
    """
    clean = tmp_path / "clean"
    reads: Counter[str] = Counter()
    for _ in range(2):
        until = time.monotonic() + 2
        while time.monotonic() < until:
            for name, read in READERS.items():
                reads[name] += read_through_link(read, clean)
                assert_one_night(read(clean.resolve()))
        nights.kill()
        nights.start(published_night(clean) + 1)
    assert set(reads) == set(READERS)


def read_through_link(read: Callable[[Path], list[str]], clean: Path) -> int:
    """1 if the read gave one night's rows, 0 if it failed loudly."""
    try:
        decks = read(clean)
    except LOUD:
        return 0
    assert_one_night(decks)
    return 1


def assert_one_night(decks: list[str]) -> None:
    """All rows are of one night, and none is missing."""
    nights = set(decks)
    assert len(nights) == 1
    records = 20 + int(nights.pop().removeprefix("night ")) % 7
    assert len(decks) == sum(number % 10 != 9 for number in range(records)) - (2 if records > 21 else 1)


def test_a_run_killed_between_the_last_steps_goes_on(tmp_path: Path, put: Make, make_corpus: Make, stamp: Make) -> None:
    """A whole snapshot that was never swapped in is replaced by the next run of that name, and harms none."""
    clean = tmp_path / "clean"
    put(clean, make_corpus(20), 0)
    snapshots = locate(clean).snapshots
    shutil.copytree(snapshots / stamp(0).run_id, snapshots / stamp(1).run_id)
    assert put(clean, make_corpus(21), 1).snapshot.manifest.rows("ledger") == 21
    assert validate(clean) == ()


@contextmanager
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A folder that holds little: a file system of its own if we may make one, else small files only."""
    mount = tmp_path / "disk"
    mount.mkdir()
    if (
        os.geteuid() == 0
        and subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", mount], check=False).returncode == 0
    ):
        try:
            yield mount
        finally:
            subprocess.run(["umount", "-l", mount], check=True)
        return
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, limits[1]))
    try:
        yield mount
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, handler)


def test_a_full_disk_leaves_the_corpus_as_it_was(
    tmp_path: Path, put: Make, make_corpus: Make, make_article: Make
) -> None:
    """The run ends with one line that says so; nothing half-written stays; with room again the next run works."""
    with small_disk(tmp_path) as disk:
        first = put(disk / "clean", make_corpus(12), 0)
        draw = random.Random(1)  # noqa: S311
        from copydesk.article import Block

        long = make_article(
            0, blocks=(Block("".join(chr(draw.randint(0x4E00, 0x9FFF)) for _ in range(900_000))),), decisions=()
        )
        grown = make_corpus(12)
        grown = type(grown)((long, *grown.articles[1:]), grown.links)
        with pytest.raises((RunError, UsageError), match="nothing was published"):
            put(disk / "clean", grown, 1)
        assert current_snapshot(disk / "clean") == first.snapshot
        assert validate(disk / "clean") == ()
        assert [path.name for path in locate(disk / "clean").snapshots.iterdir()] == [first.snapshot.run_id]
        put(disk / "clean", make_corpus(13), 2)
        assert validate(disk / "clean") == ()


def test_a_full_disk_costs_the_store_nothing(tmp_path: Path) -> None:
    """What was kept before is kept still."""
    from copydesk.article import Article, Block, Source

    def examined(number: int, text: str) -> tuple[RecordKey, Article]:
        article_id = f"{number:032x}"
        return RecordKey(article_id, "0", 0), Article(article_id, Source("a", 0, "b"), (Block(text),))

    draw = random.Random(1)  # noqa: S311
    with small_disk(tmp_path) as disk:
        with ExaminedStore.open(disk / "examined", "v1") as store:
            store.put([examined(1, "one")])
            store.commit()
        with ExaminedStore.open(disk / "examined", "v1") as store:
            store.put([examined(2, "".join(chr(draw.randint(0x4E00, 0x9FFF)) for _ in range(900_000)))])
            with pytest.raises(RunError, match=r"(No space left|too large).*then run again"):
                store.commit()
        with ExaminedStore.open(disk / "examined", "v1") as store:
            assert [article.text for article in store.get([examined(1, "")[0]])] == ["one"]


def test_a_read_only_folder_is_a_usage_error(tmp_path: Path, put: Make, make_corpus: Make) -> None:
    """One line that names the folder; the corpus can still be read and checked."""
    folder = tmp_path / "corpus"
    put(folder / "clean", make_corpus(12), 0)
    with hold(locate(folder / "clean").state, "before"):
        assert open_corpus(folder / "clean").ledger.count_rows() == 12
    with read_only(folder):
        with pytest.raises(UsageError, match="can't be written"):
            put(folder / "clean", make_corpus(13), 1)
        with pytest.raises(CopydeskError, match="can't be written"), hold(locate(folder / "clean").state, "r"):
            pytest.fail("held a lock that can't be written")
        assert validate(folder / "clean") == ()
        assert open_corpus(folder / "clean").ledger.count_rows() == 12
    put(folder / "clean", make_corpus(13), 1)


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """The folder, mounted read-only over itself where we may do that; else closed by its modes."""
    if os.geteuid() != 0 or subprocess.run(["mount", "--bind", folder, folder], check=False).returncode != 0:
        with closed_by_modes(folder):
            yield
        return
    try:
        subprocess.run(["mount", "-o", "remount,bind,ro", folder], check=True)
        yield
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


@contextmanager
def closed_by_modes(folder: Path) -> Iterator[None]:
    """The folder without the right to write; root, whom modes don't stop, is nobody meanwhile."""
    inside = [folder, *(path for path in folder.rglob("*") if path.is_dir() and not path.is_symlink())]
    modes = {path: path.stat().st_mode for path in (*inside, *folder.parents)}
    root = os.geteuid() == 0
    try:
        for path in folder.parents if root else ():
            path.chmod(modes[path] | 0o011)
        for path in inside:
            path.chmod(0o555)
        if root:
            os.seteuid(65534)
        yield
    finally:
        if root:
            os.seteuid(0)
        for path in (*inside, *(folder.parents if root else ())):
            path.chmod(modes[path])

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
import sys
sys.path.insert(0, sys.argv[3])
from pathlib import Path
import conftest, dataclasses, datetime as dt
from copydesk.state import ExaminedStore, RecordKey, hold
from copydesk.writing import RunStamp, locate, publish

clean, night = Path(sys.argv[1]), int(sys.argv[2])
while True:
    corpus = conftest.write_corpus(20 + night % 7)
    articles = tuple(
        dataclasses.replace(a, metadata=dataclasses.replace(a.metadata, deck=f"night {night}")) for a in corpus.articles
    )
    corpus = dataclasses.replace(corpus, articles=articles)
    stamp = RunStamp(f"night-{night}", conftest.FIRST_NIGHT + dt.timedelta(days=night), "0")
    with hold(locate(clean).state, stamp.run_id) as held:
        print("begin", night, flush=True)
        with ExaminedStore.open(locate(clean).state / "examined", "v1") as store:
            keys = [RecordKey(a.article_id, "0", 0) for a in corpus.articles]
            known = {a.article_id for a in store.get(keys)}
            store.put((key, a) for key, a in zip(keys, articles) if a.article_id not in known)
            tables = corpus.tables(stamp.run_id, stamp.now)
            publish(clean, tables, stamp, records_read=corpus.records_read, confirm=held.check)
            store.commit()
    print("done", night, flush=True)
    night += 1
"""


def start_nights(clean: Path, night: int) -> subprocess.Popen[str]:
    """A process that publishes one night after the other."""
    command = [sys.executable, "-c", NIGHTS, str(clean), str(night), str(Path(__file__).parent)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def next_line(process: subprocess.Popen[str], word: str) -> int:
    """The night of the next line that begins with this word."""
    assert process.stdout
    for line in process.stdout:
        if line.startswith(word):
            return int(line.split()[1])
    raise AssertionError(f"the nights ended by themselves with status {process.wait()}")


def kill(process: subprocess.Popen[str]) -> None:
    """Kill -9, and wait for the end."""
    process.kill()
    process.communicate()


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


def test_killed_runs_leave_a_finished_corpus(tmp_path: Path) -> None:
    """Runs that are killed at random points leave the corpus of the run before or their own; the next run goes on."""
    draw = random.Random(SEED)
    clean = tmp_path / "clean"
    process = start_nights(clean, 0)
    least = duration = 0.0
    for _ in range(3):
        started = time.monotonic()
        least = next_line(process, "done")
        duration = time.monotonic() - started
    for attempt in range(KILLS):
        next_line(process, "begin")
        # Over a whole run and a little more, so that every step of it is hit, the first and the last included.
        time.sleep(draw.uniform(0, duration * 1.2))
        kill(process)
        night = published_night(clean)
        assert night >= least, f"kill {attempt} of seed {SEED} lost a published night"
        least = night
        process = start_nights(clean, night + 1)
    assert next_line(process, "done") > least
    kill(process)
    with hold(locate(clean).state, "after"):
        sweep(clean)
    left = [path.name for path in locate(clean).snapshots.iterdir() if path.name.startswith(".")]
    assert left == []
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


@pytest.mark.parametrize("reader", READERS)
def test_readers_never_see_two_nights(tmp_path: Path, reader: str) -> None:
    """While runs publish and are killed, each read gives one night's rows, or says that a file is gone."""
    clean = tmp_path / "clean"
    process = start_nights(clean, 0)
    next_line(process, "done")
    failed = reads = 0
    for _ in range(2):
        until = time.monotonic() + 1.5
        while time.monotonic() < until:
            reads += 1
            try:
                decks = READERS[reader](clean)
            except LOUD:
                failed += 1
                continue
            assert_one_night(decks)
        kill(process)
        process = start_nights(clean, published_night(clean) + 1)
    kill(process)
    assert reads > failed


@pytest.mark.parametrize("reader", READERS)
def test_who_resolves_the_link_never_fails(tmp_path: Path, reader: str) -> None:
    """A reader that resolves the link first, as `open_corpus` does, has no error either."""
    clean = tmp_path / "clean"
    process = start_nights(clean, 0)
    next_line(process, "done")
    until = time.monotonic() + 1.5
    while time.monotonic() < until:
        assert_one_night(READERS[reader](clean.resolve()))
    kill(process)


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
        draw = random.Random(1)
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

    draw = random.Random(1)
    with small_disk(tmp_path) as disk:
        with ExaminedStore.open(disk / "examined", "v1") as store:
            store.put([examined(1, "one")])
            store.commit()
        with ExaminedStore.open(disk / "examined", "v1") as store:
            store.put([examined(2, "".join(chr(draw.randint(0x4E00, 0x9FFF)) for _ in range(900_000)))])
            with pytest.raises(OSError, match="No space left|too large"):
                store.commit()
        with ExaminedStore.open(disk / "examined", "v1") as store:
            assert [article.text for article in store.get([examined(1, "")[0]])] == ["one"]


def test_a_read_only_folder_is_a_usage_error(tmp_path: Path, put: Make, make_corpus: Make) -> None:
    """One line that names the folder; the corpus can still be read and checked."""
    folder = tmp_path / "corpus"
    put(folder / "clean", make_corpus(12), 0)
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
    """The folder, mounted read-only over itself if we are root, whom modes don't stop; else by its modes."""
    if os.geteuid() == 0:
        subprocess.run(["mount", "--bind", folder, folder], check=True)
        subprocess.run(["mount", "-o", "remount,bind,ro", folder], check=True)
        try:
            yield
        finally:
            subprocess.run(["umount", "-l", folder], check=True)
        return
    folders = [folder, *(path for path in folder.rglob("*") if path.is_dir())]
    modes = [path.stat().st_mode for path in folders]
    for path in folders:
        path.chmod(0o555)
    try:
        yield
    finally:
        for path, mode in zip(folders, modes, strict=True):
            path.chmod(mode)

"""A run, from a folder of raw files to a published corpus: the shell around `pipeline.py`.

Three steps, each of which hands over paths and small values, so that a flow can make a task of each:

    examine_raw    reads the raw files, examines what isn't known yet, keeps the results
    judge_corpus   judges all examined articles and lays the tables aside
    publish_run    checks them, writes the snapshot and swaps it in

`clean_corpus` does all three while it holds the corpus.
"""

from __future__ import annotations

import datetime as dt
import json
import shutil
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import partial
from itertools import chain
from pathlib import Path

import pyarrow as pa

from copydesk import __version__, pipeline
from copydesk.article import Article, Outcome, RawRecord
from copydesk.errors import UsageError
from copydesk.reading import find_files, read_records
from copydesk.report.page import render_page
from copydesk.report.progress import StageProgress
from copydesk.settings import Settings
from copydesk.workers import map_items
from copydesk.writing import (
    TABLES,
    RunStamp,
    articles_table,
    check_sums,
    count_outcomes,
    decisions_table,
    duplicates_table,
    ledger_table,
    locate,
    publish,
)


@dataclass(frozen=True, slots=True)
class RunRequest:
    """What a run is asked to do. `started` is the only clock the run knows."""

    raw: Path
    clean: Path
    settings: Settings
    workers: int
    started: dt.datetime
    rebuild: bool = False
    retry: bool = False
    dry_run: bool = False

    @property
    def run_id(self) -> str:
        """The name of the run: its start to the microsecond, so that names sort as runs did."""
        return self.started.astimezone(dt.UTC).strftime("%Y%m%dT%H%M%S.%fZ")


@dataclass(frozen=True, slots=True)
class RunSummary:
    """What a run came to."""

    run_id: str
    clean: str
    files: int
    records: int
    reused: int
    decisions: int
    outcomes: tuple[tuple[str, int], ...]
    kinds: tuple[tuple[str, int], ...]
    dry_run: bool

    def count(self, outcome: Outcome) -> int:
        """How many records had this outcome."""
        return dict(self.outcomes).get(outcome.value, 0)

    def as_json(self) -> str:
        """The summary as one JSON object."""
        return json.dumps(asdict(self) | {"outcomes": dict(self.outcomes), "kinds": dict(self.kinds)})


@dataclass(frozen=True, slots=True)
class Examined:
    """What a run has read: how many records in each file, how many of them were known already."""

    articles: tuple[Article, ...]
    files: int
    records_read: Mapping[str, int]
    reused: int


@dataclass(frozen=True, slots=True)
class Laid:
    """The judged tables, laid aside as Arrow files until they are published."""

    folder: Path
    examined: Examined


def clean_corpus(request: RunRequest, progress: StageProgress) -> RunSummary:
    """The summary of a whole run: raw files read, corpus judged, tables published.

    Raises UsageError for folders that can't be used, LockedError where another run holds the corpus, RunError where
    nothing could be published; the corpus is then as it was.
    """
    with held(request):
        examined = examine_raw(request, progress)
        laid = judge_corpus(request, examined, progress)
        return publish_run(request, laid)


@contextmanager
def held(request: RunRequest) -> Iterator[None]:
    """Hold the corpus for this run, after a look at both folders; what the run has laid aside goes at its end."""
    if not request.raw.is_dir():
        raise UsageError(f"raw folder {request.raw} is no folder that can be read; name another with --raw")
    place = locate(request.clean)
    if request.raw.resolve() in (place.clean.resolve(), *place.clean.resolve().parents):
        raise UsageError(f"--clean {request.clean} lies in the raw folder, which is only read; name another --clean")
    place.state.mkdir(parents=True, exist_ok=True)
    work = _work_folder(request)
    try:
        yield
    finally:
        shutil.rmtree(work, ignore_errors=True)


def examine_raw(request: RunRequest, progress: StageProgress) -> Examined:
    """All records of the raw folder, examined."""
    files = find_files(request.raw, request.settings)
    progress.start("examine", None)
    records = chain.from_iterable(read_records(request.raw, file, request.settings) for file in files)
    articles = []
    for article in map_items(partial(pipeline.examine, settings=request.settings), records, _size, request.workers):
        articles.append(article)
        progress.advance()
    records_read = Counter(article.source.path for article in articles)
    return Examined(tuple(articles), len(files), records_read, 0)


def judge_corpus(request: RunRequest, examined: Examined, progress: StageProgress) -> Laid:
    """The tables of the whole corpus, laid aside."""
    progress.start("judge", len(examined.articles))
    judged = pipeline.judge(examined.articles, request.settings)
    progress.advance(len(examined.articles))
    tables = {
        "articles": articles_table(judged.articles, run_id=request.run_id, now=request.started),
        "duplicates": duplicates_table(judged.links, judged.articles),
        "decisions": decisions_table(judged.articles),
        "ledger": ledger_table(judged.articles, run_id=request.run_id),
    }
    folder = _work_folder(request)
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in tables.items():
        with pa.OSFile(str(folder / f"{name}.arrow"), "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
            writer.write_table(table)
    return Laid(folder, examined)


def publish_run(request: RunRequest, laid: Laid) -> RunSummary:
    """The summary of the run, after its tables were checked and swapped in (a dry run stops before that)."""
    tables = {name: pa.ipc.open_file(pa.memory_map(str(laid.folder / f"{name}.arrow"))).read_all() for name in TABLES}
    summary = RunSummary(
        run_id=request.run_id,
        clean=str(request.clean),
        files=laid.examined.files,
        records=sum(laid.examined.records_read.values()),
        reused=laid.examined.reused,
        decisions=tables["decisions"].num_rows,
        outcomes=tuple(count_outcomes(tables["ledger"]).items()),
        kinds=tuple(sorted(Counter(tables["duplicates"]["kind"].to_pylist()).items())),
        dry_run=request.dry_run,
    )
    if request.dry_run:
        check_sums(tables["ledger"], laid.examined.records_read)
        return summary
    publish(
        request.clean,
        tables,
        RunStamp(request.run_id, request.started, request.settings.digest),
        records_read=laid.examined.records_read,
        reports=_reports(request, summary, tables),
    )
    return summary


def _reports(request: RunRequest, summary: RunSummary, tables: Mapping[str, pa.Table]) -> dict[str, bytes]:
    facts = (
        ("run", summary.run_id),
        ("started", request.started.isoformat(timespec="seconds")),
        ("version", __version__),
        ("settings", request.settings.digest),
        ("files", f"{summary.files:,}"),
        ("records known already", f"{summary.reused:,}"),
    )
    page = render_page(tables, title=f"copydesk run {summary.run_id}", facts=facts).encode()
    return {f"{summary.run_id}.html": page, "latest.html": page}


def _work_folder(request: RunRequest) -> Path:
    return locate(request.clean).state / "work" / request.run_id


def _size(record: RawRecord) -> int:
    return len(record.content) + 1_000

"""A run, from a folder of raw files to a published corpus: the shell around `pipeline.py`.

Three steps, each of which hands over paths and small values, so that a flow can make a task of each:

    examine_raw    reads the raw files, examines what isn't known yet, keeps the results
    judge_corpus   judges all examined articles and lays the tables aside
    publish_run    checks them, asks the gates, writes the snapshot and swaps it in

`clean_corpus` does all three while it holds the corpus.
"""

from __future__ import annotations

import datetime as dt
import json
import shutil
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import NoReturn

import pyarrow as pa
import pyarrow.compute as pc

from copydesk import __version__
from copydesk.article import Outcome
from copydesk.errors import ContractError, CopydeskError, GateError, LockedError, StaleParentError, UsageError
from copydesk.examining import Listing, examine_new, find_protected, shelve_all, skip_untouched
from copydesk.gates import ACCEPTED, HELD, PUBLISHED, Gate, Measures, check_gates, encode_measures
from copydesk.judging import account_judged, judge_columns, override_shelf
from copydesk.laying import Stamp, changed_rows, lay_rows, remember, vanished, verdict_table
from copydesk.measuring import evidence, measure, write_evidence
from copydesk.metering import StageCost, encode_costs, metered, read_costs
from copydesk.overrides import Overrides, effects_table, load_overrides
from copydesk.overrides.place import overrides_path
from copydesk.report.copies import kept_texts
from copydesk.report.costs import earlier_costs
from copydesk.report.learned import SHEET, learned_sheet
from copydesk.report.page import render_page
from copydesk.report.progress import BYTES, NOBODY, StageProgress, Steps
from copydesk.settings import Settings
from copydesk.state import (
    FILES,
    ExaminedStore,
    Run,
    examination_fingerprint,
    forget_verdicts,
    hold,
    list_runs,
    log_run,
    publication_fingerprint,
    read_files,
    read_owner,
    read_scores,
    read_verdicts,
    write_files,
    write_scores,
    write_verdicts,
)
from copydesk.stores import Remote
from copydesk.workers import PROCESSES, choose_engine
from copydesk.writing import (
    TABLES,
    Changes,
    Place,
    RunStamp,
    check_place,
    check_sums,
    count_outcomes,
    current_snapshot,
    list_snapshots,
    locate,
    open_corpus,
    publish,
    read_changed,
)
from copydesk.writing.durable import write_bytes

OUTLETS = "outlets"
"""What is laid aside beside the tables for the gates: the outlet of each record, also of those that were dropped."""

OVERRIDES = "overrides"
"""What is laid aside for the report: the entries of people and what became of them; its metadata has their digest."""

SAID, GONE = "verdicts", "gone"
"""Laid aside, too: the verdicts for the next night, and the ids of the articles whose rows go or change."""

SHEETS_KEPT = 14
"""Lists of records behind broken gates, and reports of held runs, that are kept: a feed that stays broken would leave
one every night."""


@dataclass(frozen=True, slots=True)
class RunRequest:
    """What a run is asked to do. `started` is the only clock the run knows."""

    raw: Path | Remote
    clean: Path
    settings: Settings
    workers: int
    started: dt.datetime
    rebuild: bool = False
    retry: bool = False
    dry_run: bool = False
    accept: bool = False
    engine: str = PROCESSES
    scheduler: str | None = None

    @property
    def run_id(self) -> str:
        """The name of the run: its start to the microsecond, so that names sort as runs did."""
        return self.started.astimezone(dt.UTC).strftime("%Y%m%dT%H%M%S.%fZ")

    @property
    def place(self) -> Place:
        """Where the corpus, its snapshots and its state lie."""
        return locate(self.clean)

    @property
    def work(self) -> Path:
        """The folder for what one step hands to the next; gone when the run is over."""
        return self.place.state / "work" / self.run_id


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
    gates: tuple[Gate, ...] = ()
    overrides: tuple[tuple[str, int], ...] = ()
    """The effects that the entries of people had, and how many had each; empty without entries."""
    costs: tuple[StageCost, ...] = ()

    def count(self, outcome: Outcome) -> int:
        """How many records had this outcome."""
        return dict(self.outcomes).get(outcome.value, 0)

    def as_json(self) -> str:
        """The summary as one JSON object."""
        counts = {name: dict(getattr(self, name)) for name in ("outcomes", "kinds", "overrides")}
        return json.dumps(asdict(self) | counts)


@dataclass(frozen=True, slots=True)
class Examined:
    """What a run has read: the list of its records, how many files there are, how many records were known already."""

    listing: Path
    files: int
    reused: int


@dataclass(frozen=True, slots=True)
class Laid:
    """The rows of a run, laid aside as Arrow files until they are published: those that changed since the snapshot of
    the run `parent`, or all of them where there is no parent.
    """

    folder: Path
    examined: Examined
    parent: str | None = None


def clean_corpus(request: RunRequest, progress: StageProgress) -> RunSummary:
    """The summary of a whole run: raw files read, corpus judged, tables published.

    Raises UsageError for folders that can't be used, LockedError where another run holds the corpus, GateError where a
    quality gate held the result back, RunError where nothing could be published; the corpus is then as it was.
    """
    with held(request), metered(progress, request.work) as watched:
        examined = examine_raw(request, watched)
        laid = judge_corpus(request, examined, watched)
        return publish_run(request, laid, watched)


@contextmanager
def held(request: RunRequest) -> Iterator[None]:
    """Hold the corpus for this run, after a look at both folders, and write down how the run ends."""
    _check_folders(request)
    _overrides(request)  # A fault in them is said now, not after hours of examining.
    with hold(request.place.state, request.run_id):
        log_run(request.place.state, Run(request.run_id, request.started))
        # What killed runs have laid aside is nobody's: only the holder has a work folder.
        shutil.rmtree(request.work.parent, ignore_errors=True)
        try:
            yield
        except GateError:
            raise  # Written down as held, with its counts, where these are known.
        except CopydeskError as error:
            _log_end(request, "failed", note=str(error))
            raise
        except (Exception, KeyboardInterrupt) as error:
            _log_end(request, "failed", note=f"{type(error).__name__}: {error}")
            raise
        finally:
            shutil.rmtree(request.work, ignore_errors=True)


def _check_folders(request: RunRequest) -> None:
    if isinstance(request.raw, Remote):
        return  # It lies elsewhere, and listing it is the look.
    if not request.raw.is_dir():
        raise UsageError(f"raw folder {request.raw} is no folder that can be read; name another with --raw")
    raw, clean = request.raw.resolve(), check_place(request.clean).clean
    for inner, outer, name in ((clean, raw, "--clean"), (raw, clean, "--raw"), (raw, request.place.snapshots, "--raw")):
        if outer in (inner, *inner.parents):
            raise UsageError(f"{name} {inner} lies in {outer}: raw files are only read; name folders apart")


def examine_raw(request: RunRequest, progress: StageProgress) -> Examined:
    """All records of the raw folder, examined: those that earlier runs have kept aren't examined again."""
    files = find_protected(request.raw, request.settings)
    progress.start("examine", sum(file.size_bytes for file in files), BYTES)
    request.work.mkdir(parents=True, exist_ok=True)
    listing = request.work / "listing.arrow"
    fingerprint = examination_fingerprint(request.settings)
    with _store(request, rebuild=request.rebuild) as store:
        with Listing.write(listing) as lines:
            known = FILES.empty_table() if request.rebuild else read_files(request.place.state, fingerprint)
            unread, found = skip_untouched(files, known, store)
            lines.write_table(found)
            progress.advance(sum(file.size_bytes for file in files) - sum(file.size_bytes for file in unread))
            reused = len(found) + examine_new(
                request.raw,
                unread,
                request.settings,
                store=store,
                listing=lines,
                engine=choose_engine(request.engine, request.workers, request.settings.running, request.scheduler),
                retry=request.retry,
                progress=progress,
            )
        store.commit()
    read_ns = int(request.started.timestamp() * 1_000_000_000)
    write_files(request.place.state, fingerprint, Listing.read(listing).table, files, read_ns)
    return Examined(listing, len(files), reused)


def judge_corpus(request: RunRequest, examined: Examined, progress: StageProgress, *, whole: bool = False) -> Laid:
    """The rows that have changed since the published snapshot, laid aside; all of them if `whole`, or if it isn't known
    what was published.
    """
    listing = Listing.read(examined.listing)
    begin = Steps(progress)
    begin("load", len(listing))
    fingerprint = publication_fingerprint(request.settings)
    parent = None if whole or request.rebuild else _published_run(request)
    before = read_verdicts(_verdicts(request), parent, fingerprint) if parent else None
    with _store(request) as store:
        kept = shelve_all(store, listing, request.work / "columns.arrow")
        overrides = _overrides(request)
        shelf, decided = override_shelf(kept, overrides, request.settings, request.work / "overridden.arrow")
        judgement = judge_columns(
            shelf,
            request.settings,
            remember(shelf.columns, before),
            read_scores(request.place.state),
            decided,
            begin,
        )
        begin("rows", len(listing))
        now = verdict_table(shelf, judgement.verdicts)
        stamp = Stamp(request.run_id, request.started)
        lay_rows(shelf, judgement.verdicts, changed_rows(now, before), stamp, request.work)
        effects = effects_table(account_judged(shelf, judgement, decided))
    write_scores(request.place.state, judgement.scores)
    outlets = shelf.columns.select(["article_id", "outlet"])
    _lay(request.work / f"{OUTLETS}.arrow", outlets.filter(pc.is_valid(outlets["outlet"])))
    _lay(request.work / f"{SAID}.arrow", now)
    _lay(request.work / f"{OVERRIDES}.arrow", effects.replace_schema_metadata({"digest": overrides.digest}))
    if before is not None:
        changed = now["article_id"].take(changed_rows(now, before)).combine_chunks()
        gone = pa.concat_arrays([changed, vanished(now, before)])
        _lay(request.work / f"{GONE}.arrow", pa.table({"article_id": gone}))
    begin.end()
    return Laid(request.work, examined, parent if before is not None else None)


def _lay(path: Path, table: pa.Table) -> None:
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table)


def _published_run(request: RunRequest) -> str | None:
    """The run whose snapshot is published, None where there is none, or a damaged one."""
    try:
        snapshot = current_snapshot(request.clean)
    except (ContractError, UsageError):
        return None
    return snapshot.run_id if snapshot else None


def _verdicts(request: RunRequest) -> Path:
    return request.place.state / "verdicts"


def publish_run(request: RunRequest, laid: Laid, progress: StageProgress = NOBODY) -> RunSummary:
    """The summary of the run, after its tables were checked and swapped in (a dry run stops before that).

    Raises GateError where a gate holds the result back and the request doesn't accept it.
    """
    try:
        return _publish_laid(request, laid, progress)
    except StaleParentError:
        # A file of the published snapshot is damaged: nothing of it is taken over, everything is written anew.
        return _publish_laid(request, judge_corpus(request, laid.examined, progress, whole=True), progress)


def _publish_laid(request: RunRequest, laid: Laid, progress: StageProgress) -> RunSummary:
    begin = Steps(progress)
    begin("check", len(Listing.read(laid.examined.listing)))
    tables = _tables(request, laid)
    records_read = Listing.read(laid.examined.listing).count_by_path()
    check_sums(tables["ledger"], records_read)
    published = _published_ledger(request)
    measures = measure(tables, _read_laid(laid, OUTLETS), published)
    gates = check_gates(measures, list_runs(request.place.state), request.settings.gates)
    effects = _read_laid(laid, OVERRIDES)
    overrides = tuple(sorted(Counter(effects["effect"].to_pylist()).items()))
    summary = replace(_summarise(request, laid.examined, tables, records_read), gates=gates, overrides=overrides)
    if request.dry_run:
        begin.end()
        progress.close()
        _log_end(request, "dry run", summary)
        return replace(summary, costs=read_costs(request.work))
    broken = tuple(gate for gate in gates if not gate.passed) if request.settings.gates.enabled else ()
    if broken and not request.accept:
        rows = [row for gate in broken for row in evidence(gate, tables, _read_laid(laid, OUTLETS), published)]
        report = _reports(request, summary, tables, effects, _read_laid(laid, OUTLETS))["latest.html"]
        _hold_back(request, summary, measures, rows, report)
    begin("report", 1)
    pages = _reports(request, summary, tables, effects, _read_laid(laid, OUTLETS))
    begin("publish", sum(table.num_rows for table in tables.values()))
    fingerprint = publication_fingerprint(request.settings)
    write_verdicts(_verdicts(request), request.run_id, fingerprint, _read_laid(laid, SAID))
    publish(
        request.clean,
        tables if laid.parent is None else _changes(laid),
        RunStamp(
            request.run_id,
            request.started,
            request.settings.digest,
            _overrides_digest(laid),
            licence=request.settings.writing.licence,
        ),
        records_read=records_read,
        reports=pages,
        confirm=partial(_confirm_held, request),
    )
    forget_verdicts(_verdicts(request), {snapshot.run_id for snapshot in list_snapshots(request.clean)})
    begin.end()
    progress.close()
    note = f"accepted: {'; '.join(map(str, broken))}" if broken else ""
    _log_end(request, PUBLISHED, summary, note, {**encode_measures(measures), ACCEPTED: len(broken)})
    return replace(summary, costs=read_costs(request.work))


def _read_laid(laid: Laid, name: str) -> pa.Table:
    return pa.ipc.open_file(pa.memory_map(str(laid.folder / f"{name}.arrow"))).read_all()


def _overrides(request: RunRequest) -> Overrides:
    return load_overrides(overrides_path(request.clean, request.settings))


def _overrides_digest(laid: Laid) -> str:
    digest: bytes = (_read_laid(laid, OVERRIDES).schema.metadata or {}).get(b"digest", b"")
    return digest.decode()


def _changes(laid: Laid) -> dict[str, Changes]:
    gone = _read_laid(laid, GONE)["article_id"].combine_chunks()
    return {name: Changes(_read_laid(laid, name), gone) for name in TABLES}


def _tables(request: RunRequest, laid: Laid) -> dict[str, pa.Table]:
    """The tables as they will be: what was laid aside, and what stays of the published snapshot."""
    if laid.parent is None:
        return {name: _read_laid(laid, name) for name in TABLES}
    changes = _changes(laid)
    return {name: read_changed(request.clean, name, changes[name]) for name in TABLES}


def _published_ledger(request: RunRequest) -> pa.Table | None:
    """The ledger of the published corpus, None where there is none, or a damaged one."""
    columns = ["source_path", "source_record", "article_id", "outcome"]
    try:
        if current_snapshot(request.clean) is None:
            return None
        return open_corpus(request.clean).ledger.to_table(columns=columns)
    except (ContractError, UsageError, OSError, pa.ArrowInvalid):
        return None


def _hold_back(
    request: RunRequest,
    summary: RunSummary,
    measures: Measures,
    rows: Sequence[Mapping[str, object]],
    report: bytes,
) -> NoReturn:
    """Raises GateError, after what stands behind the broken gates and the run itself were written down."""
    sheet = request.place.state / "held" / f"{request.run_id}.csv"
    write_evidence(sheet, rows)
    page = sheet.with_suffix(".html")
    write_bytes(page, report)
    for kind in ("*.csv", "*.html"):
        for old in sorted(sheet.parent.glob(kind))[:-SHEETS_KEPT]:
            old.unlink()
    broken = [str(gate) for gate in summary.gates if not gate.passed]
    message = (
        f"gate {'; gate '.join(broken)}; held back, the published corpus is as it was; {len(rows):,} records are in "
        f"{sheet}, the report of the run beside it ({page.name}); to publish all the same, run again with --accept"
    )
    _log_end(request, HELD, summary, message, encode_measures(measures))
    raise GateError(message, summary.gates, sheet)


def _store(request: RunRequest, *, rebuild: bool = False) -> ExaminedStore:
    fingerprint = examination_fingerprint(request.settings)
    return ExaminedStore.open(request.place.state / "examined", fingerprint, rebuild=rebuild)


def _confirm_held(request: RunRequest) -> None:
    owner = read_owner(request.place.state)
    if owner is None or owner.run_id != request.run_id:
        holder = f"run {owner.run_id} on {owner.host}" if owner else "nobody"
        raise LockedError(f"run {request.run_id} has lost the corpus, {holder} holds it now; nothing was published")


def _summarise(
    request: RunRequest, examined: Examined, tables: Mapping[str, pa.Table], records_read: Mapping[str, int]
) -> RunSummary:
    return RunSummary(
        run_id=request.run_id,
        clean=str(request.clean),
        files=examined.files,
        records=sum(records_read.values()),
        reused=examined.reused,
        decisions=tables["decisions"].num_rows,
        outcomes=tuple(count_outcomes(tables["ledger"]).items()),
        kinds=tuple(sorted(Counter(tables["duplicates"]["kind"].to_pylist()).items())),
        dry_run=request.dry_run,
    )


def _log_end(
    request: RunRequest,
    status: str,
    summary: RunSummary | None = None,
    note: str = "",
    measures: Mapping[str, int] | None = None,
) -> None:
    counts = {"records": summary.records, **dict(summary.outcomes), **(measures or {})} if summary else {}
    counts |= encode_costs(read_costs(request.work))
    finished = dt.datetime.now(dt.UTC)
    log_run(request.place.state, Run(request.run_id, request.started, finished, status, counts, note))


def _reports(
    request: RunRequest, summary: RunSummary, tables: Mapping[str, pa.Table], effects: pa.Table, outlets: pa.Table
) -> dict[str, bytes]:
    facts = (
        ("run", summary.run_id),
        ("started", request.started.isoformat(timespec="seconds")),
        ("version", __version__),
        ("settings", request.settings.digest),
        ("files", f"{summary.files:,}"),
        ("records known already", f"{summary.reused:,}"),
    )
    page = render_page(
        tables,
        title=f"copydesk run {summary.run_id}",
        facts=facts,
        text_of=kept_texts(request.clean),
        settings=request.settings,
        effects=effects,
        costs=read_costs(request.work),
        earlier=earlier_costs(list_runs(request.place.state)),
        gates=[(g.name, g.value, g.median, g.limit, "yes" if g.passed else "NO") for g in summary.gates],
    ).encode()
    lines = learned_sheet(tables["decisions"], outlets)
    return {f"{summary.run_id}.html": page, "latest.html": page, SHEET: lines}

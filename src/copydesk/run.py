"""A run, from a folder of raw files to a published corpus: the shell around `pipeline.py`.

Three steps, each of which hands over paths and small values, so that a flow can make a task of each:

    examine_raw    reads the raw files, examines what isn't known yet, keeps the results
    judge_corpus   judges all examined articles and lays the tables aside
    publish_run    checks them, asks the gates, writes the snapshot and swaps it in

`clean_corpus` does all three while it holds the corpus; after the first it may turn out that nothing is new (`stand`),
and that is the end of it.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from threadpoolctl import threadpool_limits

from copydesk.errors import ContractError, CopydeskError, GateError, StaleParentError, UsageError
from copydesk.judging import Kept, account_judged, judge_columns, override_shelf
from copydesk.machine.collector import give_back, rare_collections, trim_between
from copydesk.machine.metering import metered
from copydesk.machine.work import Work
from copydesk.overrides import Overrides, effects_table, load_overrides
from copydesk.overrides.place import overrides_path
from copydesk.report.progress import BYTES, NOBODY, StageProgress, Steps
from copydesk.running.examining import examine_new, list_removed, shelve_all, skip_untouched
from copydesk.running.laying import lay_beside, lay_rows, lay_verdicts, mark_gone, remember
from copydesk.running.listing import Listing
from copydesk.running.publishing import publish_laid
from copydesk.running.raw_records import find_protected
from copydesk.running.request import (
    OVERRIDES,
    Examined,
    Laid,
    RunRequest,
    RunSummary,
    lay_aside,
    log_end,
    outlines_folder,
    verdicts_folder,
)
from copydesk.running.settling import Stamp
from copydesk.running.standing import stand
from copydesk.state import (
    FILES,
    ExaminedStore,
    Run,
    examination_fingerprint,
    hold,
    log_run,
    publication_fingerprint,
    read_files,
    read_judged,
    read_outlines,
    read_scores,
    read_verdicts,
    write_files,
    write_judged,
)
from copydesk.stores import Remote
from copydesk.workers import PROCESSES, SERIAL, Engine, choose_engine
from copydesk.writing import (
    check_place,
    current_snapshot,
)

FEW_BYTES = 4 * 1024 * 1024
"""Below, one worker examines all: a second one takes a quarter second, as long as some 300 texts, to become as fast."""


def clean_corpus(request: RunRequest, progress: StageProgress) -> RunSummary:
    """The summary of a whole run: raw files read, corpus judged, tables published.

    Raises UsageError for folders that can't be used, LockedError where another run holds the corpus, GateError where a
    quality gate held the result back, RunError where nothing could be published; the corpus is then as it was.
    """
    with held(request), rare_collections(), metered(progress, request.work) as watched:
        examined = examine_raw(request, watched)
        if summary := stand(request, examined, watched):
            return summary
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
            log_end(request, "failed", note=str(error))
            raise
        except (Exception, KeyboardInterrupt) as error:
            log_end(request, "failed", note=f"{type(error).__name__}: {error}")
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
                engine=_engine(request, sum(file.size_bytes for file in unread)),
                retry=request.retry,
                progress=progress,
            )
        read = Listing.read(listing).table
        if request.settings.writing.keep_removed:
            listing = request.work / "listing-kept.arrow"
            with Listing.write(listing) as lines:
                lines.write_table(read)
                lines.write_table(list_removed(store, read))
        store.commit()
    read_ns = int(request.started.timestamp() * 1_000_000_000)
    write_files(request.place.state, fingerprint, read.drop_columns(["gone"]), files, read_ns)
    return Examined(listing, len(files), reused)


def judge_corpus(request: RunRequest, examined: Examined, progress: StageProgress, *, whole: bool = False) -> Laid:
    """The rows that have changed since the published snapshot, laid aside; all of them if `whole`, or if it isn't known
    what was published.
    """
    give_back()  # of what examining has left: its objects are strewn over more memory than they took
    listing = Listing.read(examined.listing)
    steps = Steps(progress)

    def begin(step: str, count: int) -> None:
        trim_between(len(listing))
        steps(step, count)

    begin("load", len(listing))
    fingerprint = publication_fingerprint(request.settings)
    parent = None if whole or request.rebuild else _published_run(request)
    published = read_verdicts(verdicts_folder(request), parent, fingerprint) if parent else None
    if parent and read_outlines(outlines_folder(request), parent, fingerprint) is None:
        published = None  # Without them nobody could count over the articles that stay as they are.
    with _store(request) as store:
        kept = shelve_all(store, listing, _engine(request))
        overrides = _overrides(request)
        shelf, decided = override_shelf(kept, overrides, request.settings)
        before = lay_beside(shelf.columns["article_id"], published)
        # The products of its small matrices take two threads more time than one, since they wait for each other; and no
        # sum depends on how many there are.
        with threadpool_limits(limits=1, user_api="blas"):
            work = Work(request.workers, request.work)
            judgement = judge_columns(
                shelf,
                request.settings,
                remember(shelf.columns, before),
                _kept(request, fingerprint),
                decided,
                begin,
                work,
            )
        begin("rows", len(listing))
        effects = effects_table(account_judged(shelf, judgement, decided))
        lay_aside(request.work / f"{OVERRIDES}.arrow", effects.replace_schema_metadata({"digest": overrides.digest}))
        verdicts = mark_gone(judgement.verdicts, shelf.columns["article_id"], listing.gone)
        changed = lay_verdicts(shelf, verdicts, before, request.work, work)
        trim_between(len(listing))
        stamp = Stamp(request.run_id, request.started)
        lay_rows(shelf, verdicts, changed, stamp, request.work, _near(request), work)
    write_judged(request.place.state, fingerprint, judgement.kept)
    steps.end()
    return Laid(request.work, examined, parent if published is not None else None, judgement.looked_at)


def _kept(request: RunRequest, fingerprint: str) -> Kept:
    """What the last judgement has worked out; a run that rebuilds trusts none of it but measures of texts."""
    state = request.place.state
    return Kept(read_scores(state)) if request.rebuild else read_judged(state, fingerprint)


def _published_run(request: RunRequest) -> str | None:
    """The run whose snapshot is published, None where there is none, or a damaged one."""
    try:
        snapshot = current_snapshot(request.clean)
    except (ContractError, UsageError):
        return None
    return snapshot.run_id if snapshot else None


def publish_run(request: RunRequest, laid: Laid, progress: StageProgress = NOBODY) -> RunSummary:
    """The summary of the run, after its tables were checked and swapped in (a dry run stops before that).

    Raises GateError where a gate holds the result back and the request doesn't accept it.
    """
    give_back()
    try:
        return publish_laid(request, laid, progress)
    except StaleParentError:
        # A file of the published snapshot is damaged: nothing of it is taken over, everything is written anew.
        return publish_laid(request, judge_corpus(request, laid.examined, progress, whole=True), progress)


def _overrides(request: RunRequest) -> Overrides:
    return load_overrides(overrides_path(request.clean, request.settings))


def _engine(request: RunRequest, work_bytes: int = FEW_BYTES) -> Engine:
    workers = request.workers if work_bytes >= FEW_BYTES else 1
    return choose_engine(request.engine, workers, request.settings.running, request.scheduler)


def _near(request: RunRequest) -> Engine:
    """Who makes rows: processes of this machine, since they read and write its files. A single one would have to be
    told of each verdict, and this one would only wait for it.
    """
    name = SERIAL if request.engine == SERIAL or request.workers == 1 else PROCESSES
    return choose_engine(name, request.workers, request.settings.running)


def _store(request: RunRequest, *, rebuild: bool = False) -> ExaminedStore:
    fingerprint = examination_fingerprint(request.settings)
    return ExaminedStore.open(request.place.state / "examined", fingerprint, rebuild=rebuild)


__all__ = [
    "Examined",
    "Laid",
    "RunRequest",
    "RunSummary",
    "clean_corpus",
    "examine_raw",
    "held",
    "judge_corpus",
    "publish_run",
    "stand",
]

"""The last step of a run: what was laid aside is checked, held against the gates, and swapped in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import NoReturn

import pyarrow as pa

from copydesk import __version__
from copydesk.errors import GateError, LockedError
from copydesk.machine.metering import read_costs
from copydesk.report.copies import kept_texts
from copydesk.report.costs import earlier_costs
from copydesk.report.learned import SHEET, learned_sheet
from copydesk.report.page import render_page
from copydesk.report.progress import StageProgress, Steps
from copydesk.running.combining import combine_tables, outlines_before, published_ledger, tell_changes
from copydesk.running.gates import ACCEPTED, HELD, PUBLISHED, Measures, check_gates, encode_measures
from copydesk.running.listing import Listing
from copydesk.running.measuring import evidence, measure, write_evidence
from copydesk.running.request import (
    OUTLETS,
    OVERRIDES,
    SAID,
    Examined,
    Laid,
    RunRequest,
    RunSummary,
    log_end,
    outlines_folder,
    read_laid,
    verdicts_folder,
)
from copydesk.state import (
    forget_outlines,
    forget_verdicts,
    list_runs,
    publication_fingerprint,
    read_owner,
    write_outlines,
    write_verdicts,
)
from copydesk.writing import (
    TABLES,
    Changes,
    RunStamp,
    check_sums,
    count_outcomes,
    list_snapshots,
    publish,
)
from copydesk.writing.durable import write_bytes

SHEETS_KEPT = 14
"""Lists of records behind broken gates, and reports of held runs, that are kept: a feed that stays broken would leave
one every night."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is kept of a snapshot for the next night: the verdicts on all records, the outlines of all articles."""

    verdicts: pa.Table
    outlines: pa.Table


def publish_laid(request: RunRequest, laid: Laid, progress: StageProgress) -> RunSummary:
    """The summary of the run, after what was laid aside was checked and swapped in; of a dry run, without the swap.

    Raises GateError where a gate holds the result back and the request doesn't accept it, and StaleParentError where a
    file of the published snapshot that was to be taken over isn't as it was published.
    """
    begin = Steps(progress)
    begin("check", len(Listing.read(laid.examined.listing)))
    before = outlines_before(request, laid) if laid.parent else None
    published = published_ledger(request)
    tables = combine_tables(request, laid, before, published)
    records_read = Listing.read(laid.examined.listing).count_by_path()
    check_sums(tables["ledger"], records_read)
    measures = measure(tables, read_laid(laid, OUTLETS), published)
    gates = check_gates(measures, list_runs(request.place.state), request.settings.gates)
    effects = read_laid(laid, OVERRIDES)
    overrides = tuple(sorted(Counter(effects["effect"].to_pylist()).items()))
    counted = _summarise(request, laid.examined, tables, records_read)
    summary = replace(counted, gates=gates, overrides=overrides, judged=laid.judged)
    if request.dry_run:
        begin.end()
        progress.close()
        log_end(request, "dry run", summary)
        return replace(summary, costs=read_costs(request.work))
    broken = tuple(gate for gate in gates if not gate.passed) if request.settings.gates.enabled else ()
    if broken and not request.accept:
        rows = [row for gate in broken for row in evidence(gate, tables, read_laid(laid, OUTLETS), published)]
        report = _reports(request, summary, tables, effects, read_laid(laid, OUTLETS))["latest.html"]
        _hold_back(request, summary, measures, rows, report)
    begin("report", 1)
    pages = _reports(request, summary, tables, effects, read_laid(laid, OUTLETS))
    begin("publish", sum(table.num_rows for table in tables.values()))
    outlines = tables["articles"]
    del tables  # What the published snapshot has need not be in memory while it is written.
    put_in_place(
        request,
        {name: read_laid(laid, name) for name in TABLES} if before is None else tell_changes(laid, before),
        Listing.read(laid.examined.listing),
        Known(read_laid(laid, SAID), outlines),
        pages,
        _overrides_digest(laid),
    )
    begin.end()
    progress.close()
    note = f"accepted: {'; '.join(map(str, broken))}" if broken else ""
    log_end(request, PUBLISHED, summary, note, {**encode_measures(measures), ACCEPTED: len(broken)})
    return replace(summary, costs=read_costs(request.work))


def put_in_place(
    request: RunRequest,
    tables: Mapping[str, pa.Table | Changes],
    listing: Listing,
    known: Known,
    pages: Mapping[str, bytes],
    overrides_digest: str,
) -> None:
    """Nothing: the snapshot of this run is published, and what the next one needs to know of it is kept.

    `tables` are those of the corpus, or the changes to the published ones; `known` is what the next night is to know of
    them, `pages` are the reports.
    """
    fingerprint = publication_fingerprint(request.settings)
    # Before the swap: a snapshot without verdicts would have everything judged and written again.
    write_verdicts(verdicts_folder(request), request.run_id, fingerprint, known.verdicts, listing.digest())
    write_outlines(outlines_folder(request), request.run_id, fingerprint, known.outlines)
    settings = request.settings
    stamp = RunStamp(
        request.run_id, request.started, settings.digest, overrides_digest, licence=settings.writing.licence
    )
    publish(
        request.clean,
        tables,
        stamp,
        records_read=listing.count_by_path(),
        reports=pages,
        confirm=partial(_confirm_held, request),
        threads=request.workers,
    )
    kept = {snapshot.run_id for snapshot in list_snapshots(request.clean)}
    forget_verdicts(verdicts_folder(request), kept)
    forget_outlines(outlines_folder(request), kept)


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


def _overrides_digest(laid: Laid) -> str:
    digest: bytes = (read_laid(laid, OVERRIDES).schema.metadata or {}).get(b"digest", b"")
    return digest.decode()


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
    log_end(request, HELD, summary, message, encode_measures(measures))
    raise GateError(message, summary.gates, sheet)


def _confirm_held(request: RunRequest) -> None:
    owner = read_owner(request.place.state)
    if owner is None or owner.run_id != request.run_id:
        holder = f"run {owner.run_id} on {owner.host}" if owner else "nobody"
        raise LockedError(f"run {request.run_id} has lost the corpus, {holder} holds it now; nothing was published")


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

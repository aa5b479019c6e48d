"""A run that finds nothing new: the published corpus stands, and nothing is judged or written for it.

Nothing is new if the raw folder lists the very records that the published snapshot was made of, and code, settings and
what people decided are those that made it. Then a run would arrive at the same rows. The snapshot that it publishes is
made of the files of the one before, so that its age still says when somebody last looked.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace

import pyarrow as pa

from copydesk.errors import ContractError, StaleParentError, UsageError
from copydesk.machine.metering import read_costs
from copydesk.overrides import load_overrides
from copydesk.overrides.place import overrides_path
from copydesk.report.progress import StageProgress
from copydesk.running.gates import PUBLISHED
from copydesk.running.listing import Listing
from copydesk.running.publishing import Known, put_in_place
from copydesk.running.request import Examined, RunRequest, RunSummary, log_end, outlines_folder, verdicts_folder
from copydesk.state import list_runs, publication_fingerprint, read_outlines, read_verdicts
from copydesk.writing import TABLES, Changes, Snapshot, current_snapshot, load_schema, read_columns
from copydesk.writing.reports import LATEST, REPORTS

CORPUS = "corpus."
"""What a run measured of the whole corpus begins with it; that is the same as it was."""

NOTE = re.compile(rb"<p class=stands>.*?</p>|(?=<nav aria-label)", re.DOTALL)
"""Where a page says that it stands for a later run, or would: before its table of contents. Matches
"<p class=stands>Run 7 found nothing new.</p>" and the place before "<nav aria-label=Parts>"; not "<p class=note>"."""


def stand(request: RunRequest, examined: Examined, progress: StageProgress) -> RunSummary | None:
    """The summary of a run that finds nothing new, published; None if there is work to do.

    There always is for a run that is to rebuild, to look at quarantined records again, to accept or only to show what
    would come out; and where a file of the published snapshot isn't as it was published.
    """
    if request.rebuild or request.retry or request.accept or request.dry_run:
        return None
    snapshot = _published(request)
    if snapshot is None:
        return None
    progress.start("compare", examined.reused)
    known = _known(request, examined, snapshot)
    if known is None:
        return None
    listing = Listing.read(examined.listing)
    nothing = pa.array([], pa.string())
    same = {name: Changes(load_schema(name).empty_table(), nothing) for name in TABLES}
    try:
        pages = _pages(request, snapshot)
        progress.start("publish", len(listing))
        put_in_place(request, same, listing, known, pages, snapshot.manifest.overrides_digest)
    except (StaleParentError, OSError):
        return None  # A file is damaged or gone: everything is looked at, and written anew.
    summary = _summarise(request, examined, snapshot)
    progress.close()
    log_end(request, PUBLISHED, summary, f"nothing new since run {snapshot.run_id}", _measures(request, snapshot))
    return replace(summary, costs=read_costs(request.work))


def _published(request: RunRequest) -> Snapshot | None:
    try:
        return current_snapshot(request.clean)
    except (ContractError, UsageError):
        return None


def _known(request: RunRequest, examined: Examined, snapshot: Snapshot) -> Known | None:
    """What the snapshot was made of; None where a run would not arrive at the same, or nobody knows."""
    decided = load_overrides(overrides_path(request.clean, request.settings)).digest
    if decided != snapshot.manifest.overrides_digest:
        return None
    fingerprint = publication_fingerprint(request.settings)
    listing = Listing.read(examined.listing)
    verdicts = read_verdicts(verdicts_folder(request), snapshot.run_id, fingerprint)
    # Their number tells nearly every night that brings something; a digest of all records takes a tenth of a second.
    if verdicts is None or len(verdicts) != len(listing):
        return None
    if verdicts.schema.metadata.get(b"listing") != listing.digest().encode():
        return None
    outlines = read_outlines(outlines_folder(request), snapshot.run_id, fingerprint)
    return Known(verdicts, outlines) if outlines is not None else None


def _pages(request: RunRequest, snapshot: Snapshot) -> dict[str, bytes]:
    """The page of the snapshot, with a line that says which run it stands for now."""
    page = (snapshot.path / REPORTS / LATEST).read_bytes()
    said = f"<p class=stands>Run {request.run_id} found nothing new. What follows still holds.</p>"
    page = NOTE.sub(said.encode(), page, count=1)
    return {f"{request.run_id}.html": page, LATEST: page}


def _summarise(request: RunRequest, examined: Examined, snapshot: Snapshot) -> RunSummary:
    kinds = Counter(read_columns(snapshot, "duplicates", ["kind"])["kind"].to_pylist())
    manifest = snapshot.manifest
    return RunSummary(
        run_id=request.run_id,
        clean=str(request.clean),
        files=examined.files,
        records=sum(manifest.outcomes.values()),
        reused=examined.reused,
        decisions=manifest.rows("decisions"),
        outcomes=tuple(manifest.outcomes.items()),
        kinds=tuple(sorted(kinds.items())),
        dry_run=False,
        stands=snapshot.run_id,
    )


def _measures(request: RunRequest, snapshot: Snapshot) -> dict[str, int]:
    """What was measured of the corpus when it was judged, for the gates of later runs."""
    runs = (run for run in list_runs(request.place.state) if run.run_id == snapshot.run_id)
    counts = next((run.counts for run in runs), {})
    return {name: count for name, count in counts.items() if name.startswith(CORPUS)}

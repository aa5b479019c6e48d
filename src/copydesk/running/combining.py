"""What a run will publish: what it has laid aside, put together with what stays of the published snapshot."""

from __future__ import annotations

from dataclasses import replace

import pyarrow as pa

from copydesk.errors import ContractError, StaleParentError, UsageError
from copydesk.running.outline import find_same
from copydesk.running.request import GONE, OUTLINES, Laid, RunRequest, outlines_folder, read_laid
from copydesk.state import publication_fingerprint, read_outlines
from copydesk.writing import TABLES, Changes, current_snapshot, load_schema, read_changed, read_columns

LEDGER_COLUMNS = ["source_path", "source_record", "outcome", "reason", "article_id"]
"""What gates and the report look at of the ledger: half of its bytes."""


def published_ledger(request: RunRequest) -> pa.Table | None:
    """The ledger of the published corpus, None where there is none, or a damaged one."""
    try:
        snapshot = current_snapshot(request.clean)
        if snapshot is None:
            return None
        schema = pa.schema([load_schema("ledger").field(name) for name in LEDGER_COLUMNS])
        return read_columns(snapshot, "ledger", LEDGER_COLUMNS).cast(schema)
    except (ContractError, UsageError, OSError, pa.ArrowInvalid, ValueError):
        return None


def combine_tables(
    request: RunRequest, laid: Laid, before: pa.Table | None, published: pa.Table | None
) -> dict[str, pa.Table]:
    """The tables as they will be: what was laid aside, and what stays of the published snapshot, whose articles these
    are the outlines of, and whose ledger this is. In the place of the articles stand their outlines; of a ledger of
    which something stays there are only `LEDGER_COLUMNS`.
    """
    laid_out = read_laid(laid, OUTLINES)
    if before is None:
        return {"articles": laid_out, **{name: read_laid(laid, name) for name in TABLES if name != "articles"}}
    changes = _changes(laid)
    outlines = pa.concat_tables([laid_out, replace(changes["articles"], rows=laid_out).without(before)])
    if published is None:
        raise StaleParentError("the published ledger can't be read; publish whole tables")
    ledger = changes["ledger"]
    others = {name: read_changed(request.clean, name, changes[name]) for name in ("duplicates", "decisions")}
    return {
        "articles": outlines,
        **others,
        "ledger": pa.concat_tables([ledger.rows.select(LEDGER_COLUMNS), ledger.without(published)]),
    }


def outlines_before(request: RunRequest, laid: Laid) -> pa.Table:
    """The outlines of the articles of the published snapshot.

    Raises StaleParentError where there are none any more: then nothing can be counted without reading all rows.
    """
    before = read_outlines(outlines_folder(request), laid.parent or "", publication_fingerprint(request.settings))
    if before is None:
        raise StaleParentError(f"the outlines of run {laid.parent} are gone; publish whole tables")
    return before


def _changes(laid: Laid) -> dict[str, Changes]:
    gone = read_laid(laid, GONE)["article_id"].combine_chunks()
    return {name: Changes(read_laid(laid, name), gone) for name in TABLES}


def tell_changes(laid: Laid, before: pa.Table) -> dict[str, Changes]:
    """The changes, with what the outlines tell of the articles."""
    changes = _changes(laid)
    same = find_same(read_laid(laid, OUTLINES), before)
    return changes | {"articles": replace(changes["articles"], same=same)}

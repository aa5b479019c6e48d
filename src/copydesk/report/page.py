"""The page about a run: one self-contained HTML file made from the tables.

No request leaves it and its policy forbids any: it opens offline, prints, follows light and dark, and can be read on a
phone and with a keyboard. Its one script filters lists; without it everything is there, unfiltered. Whatever comes out
of the corpus is escaped where it enters the page, so a headline that holds markup stays a headline.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pyarrow as pa

from copydesk.errors import UsageError
from copydesk.machine.metering import decode_costs
from copydesk.machine.versions import library_versions
from copydesk.report.copies import TextOf, copies, kept_texts
from copydesk.report.costs import Costs, Earlier, costs_table, earlier_costs
from copydesk.report.gated import GateRow, gates_table
from copydesk.report.known import encodings, metadata
from copydesk.report.losses import losses
from copydesk.report.markup import Section, table, whole_page
from copydesk.report.overruled import overruled_section
from copydesk.report.records import left_aside, records
from copydesk.report.taken import taken
from copydesk.report.timeline import timeline
from copydesk.running.outline import outline
from copydesk.settings import Settings
from copydesk.settings_file import changed_settings
from copydesk.state import list_runs
from copydesk.writing import TABLES, current_snapshot, load_schema, locate, put_report, read_columns
from copydesk.writing.parquet import read_parquet

Tables = Mapping[str, pa.Table]
Facts = Sequence[tuple[str, str]]


def render_page(
    tables: Tables,
    *,
    title: str,
    facts: Facts,
    text_of: TextOf | None = None,
    settings: Settings | None = None,
    gates: Sequence[GateRow] = (),
    effects: pa.Table | None = None,
    costs: Costs = (),
    earlier: Earlier = (),
) -> str:
    """The report as HTML. `tables` are the four published tables, `facts` what is known of the run itself.

    Of the articles, their outlines (`running.outline`) are enough. `text_of` finds the texts of copies, for examples;
    `gates` are what the run was held against, `effects` what became of the entries of people
    (`copydesk.overrides.effects_table`), `costs` what its stages took, `earlier` what those of earlier runs did. An
    empty corpus gives a page that says so in every part.
    """
    articles, ledger = outline(tables["articles"]), tables["ledger"]
    duplicates, decisions = tables["duplicates"], tables["decisions"]
    sections = (
        Section("records", "Records", records(ledger, duplicates)),
        Section("time", "Articles over time", timeline(articles)),
        Section("outlets", "What each outlet lost", losses(articles, duplicates, decisions)),
        Section("taken", "What was taken away", taken(decisions)),
        *overruled_section(decisions, effects),
        Section("duplicates", "Duplicates", copies(duplicates, articles, text_of)),
        Section("fields", "Metadata", metadata(articles)),
        Section("encodings", "Encodings", encodings(articles, decisions)),
        Section("aside", "Not in the corpus", left_aside(ledger)),
        *([Section("gates", "Gates", gates_table(gates))] if gates else []),
        *([Section("costs", "Time and memory", costs_table(costs, earlier))] if costs else []),
        Section("run", "This run", _run(facts, settings)),
    )
    return whole_page(title, sections, _lead(tables))


def report_again(clean: Path) -> Path:
    """The path of the page about the published run, made from its tables and put in the place of the old one.

    Raises UsageError where nothing is published.
    """
    snapshot = current_snapshot(clean)
    if snapshot is None:
        raise UsageError(f"nothing is published at {clean}; run `copydesk clean` first, or name another --clean")
    manifest = snapshot.manifest
    tables = {name: read_columns(snapshot, name, load_schema(name).names) for name in TABLES if name != "articles"}
    paths = [snapshot.path / entry.path for entry in manifest.of_table("articles")]
    tables["articles"] = pa.concat_tables([outline(read_parquet(path)) for path in paths])  # One file's texts at once.
    facts = (
        ("run", snapshot.run_id),
        ("started", manifest.created.isoformat(timespec="seconds")),
        ("version", manifest.package_version),
        ("settings", manifest.settings_digest),
    )
    title = f"copydesk run {snapshot.run_id}"
    settings = Settings() if Settings().digest == manifest.settings_digest else None
    runs = list_runs(locate(clean).state)
    page = render_page(
        tables,
        title=title,
        facts=facts,
        text_of=kept_texts(clean),
        settings=settings,
        costs=next((decode_costs(run.counts) for run in runs if run.run_id == snapshot.run_id), ()),
        earlier=earlier_costs(run for run in runs if run.run_id < snapshot.run_id),
    ).encode()
    put_report(clean, f"{snapshot.run_id}.html", page)
    return put_report(clean, "latest.html", page)


def _lead(tables: Tables) -> str:
    counts = (
        (tables["ledger"].num_rows, "records read"),
        (tables["articles"].num_rows, "articles published"),
        (tables["duplicates"].num_rows, "copies folded in"),
        (tables["decisions"].num_rows, "spans removed, moved or repaired"),
    )
    return "<dl class=lead>" + "".join(f"<div><dt>{name}</dt><dd>{n:,}</dd></div>" for n, name in counts) + "</dl>"


def _run(facts: Facts, settings: Settings | None) -> str:
    html = table(("", ""), [*facts, *library_versions()])
    if settings is None:
        return html
    changed = changed_settings(settings)
    if not changed:
        return html + "<p>All settings are the defaults.</p>"
    return html + "<h3>Settings that are not the default</h3>" + table(("setting", "value", "default"), changed)

"""Tables, schema, ledger, snapshots."""

from copydesk.writing.changes import Changes, read_changed
from copydesk.writing.corpus import Corpus, open_corpus, read_columns
from copydesk.writing.history import (
    Snapshot,
    collect_garbage,
    current_snapshot,
    list_snapshots,
    rollback,
    sweep,
    validate,
)
from copydesk.writing.ledger import check_sums, count_outcomes
from copydesk.writing.place import Place, locate
from copydesk.writing.reports import put_report
from copydesk.writing.schema import TABLES, describe_schema, load_schema, schema_versions
from copydesk.writing.snapshot import Published, RunStamp, check_place, publish
from copydesk.writing.tables import articles_table, decisions_table, duplicates_table, ledger_table
from copydesk.writing.words import count_words

__all__ = [
    "TABLES",
    "Changes",
    "Corpus",
    "Place",
    "Published",
    "RunStamp",
    "Snapshot",
    "articles_table",
    "check_place",
    "check_sums",
    "collect_garbage",
    "count_outcomes",
    "count_words",
    "current_snapshot",
    "decisions_table",
    "describe_schema",
    "duplicates_table",
    "ledger_table",
    "list_snapshots",
    "load_schema",
    "locate",
    "open_corpus",
    "publish",
    "put_report",
    "read_changed",
    "read_columns",
    "rollback",
    "schema_versions",
    "sweep",
    "validate",
]

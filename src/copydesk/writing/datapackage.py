"""A snapshot as a Frictionless Data Package: what tools read that know tables, and nothing of this one.

Made from the contracts in `schemas/` and the manifest, so it can't say anything else than they do. The specification:
https://specs.frictionlessdata.io/data-package/ and, for the columns, https://specs.frictionlessdata.io/table-schema/
"""

from __future__ import annotations

import json
from pathlib import PurePosixPath
from typing import Any

from copydesk.writing.manifest import FileEntry, Manifest
from copydesk.writing.schema import TABLES, Column, load_contract

DATA_PACKAGE = "datapackage.json"
SCHEMAS = "schemas"
"""The folder of the Table Schemas that the package names."""

TYPES = {
    "string": "string",
    "int32": "integer",
    "float64": "number",
    "date32": "date",
    "timestamp[us, UTC]": "datetime",
    "list<string>": "any",
    "list<struct>": "any",
}
"""Our types → those of Table Schema. Its `array` is a JSON array in a cell of text: the reference implementation reads
lists out of Parquet as something else, and finds every row wrong. The description says what the elements are."""


def encode_data_package(manifest: Manifest, licence: str) -> bytes:
    """The descriptor as JSON, the same bytes for the same manifest.

    Every file is a resource of its own: a resource of many files means to the specification that they are to be read
    as one stream of bytes, which holds for CSV and not for Parquet. Sizes and digests stand in the manifest only: the
    reference implementation can't count the bytes of Parquet, and calls a file with a stated size damaged.
    """
    package = {
        "profile": "data-package",
        "name": "news-corpus",
        "id": manifest.run_id,
        "title": "A cleaned news corpus",
        "description": "News articles, each once, with the copies, decisions and records behind them.",
        "created": manifest.created.isoformat(),
        "version": manifest.run_id.lower(),
        "sources": [{"title": f"copydesk {manifest.package_version}, settings {manifest.settings_digest}"}],
        **({"licenses": [_licence(licence)]} if licence else {}),
        "resources": [_resource(table, entry) for table in TABLES for entry in manifest.of_table(table)],
    }
    return json.dumps(package, indent=1, ensure_ascii=False).encode() + b"\n"


def _licence(licence: str) -> dict[str, str]:
    return {"path": licence} if "://" in licence else {"name": licence}


def _resource(table: str, entry: FileEntry) -> dict[str, Any]:
    return {
        "profile": "tabular-data-resource",
        "name": _name(entry.path),
        "path": entry.path,
        "description": load_contract(table).meaning,
        "format": "parquet",
        "mediatype": "application/vnd.apache.parquet",
        # By name, not in place: a corpus of twenty years has 240 files of articles, with 29 described columns each.
        "schema": schema_path(table),
    }


def schema_path(table: str) -> str:
    """Where the Table Schema of a table lies in a snapshot."""
    return f"{SCHEMAS}/{table}.json"


def encode_table_schema(table: str) -> bytes:
    """The columns of a table as JSON; the same for every snapshot of one schema version."""
    return json.dumps(table_schema(table), indent=1, ensure_ascii=False).encode() + b"\n"


def _name(path: str) -> str:
    """A name as the specification wants it: lower case, digits, dots, dashes, and no slash.

    >>> _name("articles/month=2026-01/part-0-0a1b.parquet")
    'articles-month-2026-01-part-0-0a1b'
    """
    return str(PurePosixPath(path).with_suffix("")).replace("/", "-").replace("=", "-").lower()


def table_schema(table: str) -> dict[str, Any]:
    """The columns of a table's files as a Table Schema; the column that the folders are named by isn't in the files.

    >>> table_schema("ledger")["fields"][1]["type"]
    'integer'
    """
    contract = load_contract(table)
    key = {"primaryKey": "article_id"} if table == "articles" else {}
    return {"fields": [_field(column) for column in contract.columns], "missingValues": [""], **key}


def _field(column: Column) -> dict[str, Any]:
    field: dict[str, Any] = {"name": column.name, "type": TYPES[column.type], "description": column.meaning}
    if column.type == "list<string>":
        field["description"] += " A list of strings."
    if column.fields:
        members = ", ".join(f"{member.name} ({member.type})" for member in column.fields)
        field["description"] += f" A list; each element has {members}."
    if not column.nullable and column.type != "string":
        field["constraints"] = {"required": True}
    return field

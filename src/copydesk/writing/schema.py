"""The contract of each table, read from `schemas/*.toml`: the one place where columns are declared.

The Arrow schema of a table carries each column's meaning in the field's metadata and the table's name and
version in its own, so a Parquet file says by itself what it holds.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa

from copydesk.errors import UsageError

TABLES = ("articles", "duplicates", "decisions", "ledger")
"""All tables of a corpus, in the order in which they are written and shown."""

SCALARS = {
    "string": pa.string(),
    "int32": pa.int32(),
    "float64": pa.float64(),
    "date32": pa.date32(),
    "timestamp[us, UTC]": pa.timestamp("us", tz="UTC"),
}
"""The types that columns may have. `string`, never `large_string`: readers tell the two apart."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column as its schema file declares it. `fields` are the members of a struct."""

    name: str
    type: str
    nullable: bool
    meaning: str
    example: Any = None
    fields: tuple[Column, ...] = ()


@dataclass(frozen=True, slots=True)
class TableContract:
    """A schema file: the columns in order, how rows are sorted, and what the folders are named by."""

    table: str
    version: int
    meaning: str
    sort: tuple[str, ...]
    columns: tuple[Column, ...]
    partition: Column | None
    digests: tuple[tuple[int, str], ...]

    @property
    def digest(self) -> str:
        """A digest of all that is promised: everything but the version and the examples."""
        columns = [_promise(column) for column in self.columns]
        partition = _promise(self.partition) if self.partition else None
        text = json.dumps([self.table, self.meaning, self.sort, columns, partition])
        return hashlib.sha256(text.encode()).hexdigest()[:16]


def _promise(column: Column) -> list[Any]:
    return [column.name, column.type, column.nullable, column.meaning, [_promise(f) for f in column.fields]]


def schema_folder() -> Path:
    """The folder of the schema files: inside the installed package, or at the root of a source checkout."""
    package = Path(__file__).resolve().parent.parent
    installed = package / "schemas"
    return installed if installed.is_dir() else package.parent.parent / "schemas"


@cache
def load_contract(table: str) -> TableContract:
    """The contract of a table.

    Raises UsageError for a table that there is not.

    >>> load_contract("ledger").columns[0].name
    'source_path'
    >>> load_contract("ledgers")
    Traceback (most recent call last):
    copydesk.errors.UsageError: no table ledgers; there are articles, duplicates, decisions, ledger
    """
    if table not in TABLES:
        raise UsageError(f"no table {table}; there are {', '.join(TABLES)}")
    given = tomllib.loads((schema_folder() / f"{table}.toml").read_text(encoding="utf-8"))
    partition = given.get("partition")
    return TableContract(
        table=given["table"],
        version=given["version"],
        meaning=given["meaning"],
        sort=tuple(given["sort"]),
        columns=tuple(_column(column) for column in given["columns"]),
        partition=_column({"nullable": False, **partition}) if partition else None,
        digests=tuple((int(version), digest) for version, digest in given["digests"].items()),
    )


def _column(given: dict[str, Any]) -> Column:
    fields = tuple(_column(member) for member in given.get("fields", ()))
    return Column(given["name"], given["type"], given["nullable"], given["meaning"], given.get("example"), fields)


@cache
def load_schema(table: str) -> pa.Schema:
    """The Arrow schema of a table, without its partition column, which is never in the files.

    Raises UsageError for a table that there is not.

    >>> load_schema("articles").field("authors").type
    ListType(list<element: string not null>)
    >>> load_schema("articles").metadata[b"copydesk.schema_version"]
    b'1'
    """
    contract = load_contract(table)
    metadata = {"copydesk.table": contract.table, "copydesk.schema_version": str(contract.version)}
    return pa.schema([_field(column) for column in contract.columns], metadata=metadata)


def _field(column: Column) -> pa.Field:
    return pa.field(column.name, _arrow_type(column), nullable=column.nullable, metadata={"meaning": column.meaning})


def _arrow_type(column: Column) -> pa.DataType:
    # Lists are never null and hold no nulls: an empty list says the same, and is one case less for readers.
    # `element` is the name that the Parquet specification gives it, so the type survives a round trip.
    if column.type == "list<string>":
        return pa.list_(pa.field("element", pa.string(), nullable=False))
    if column.type == "list<struct>":
        # No metadata on members: a reader that rebuilds nested types drops it, and types would differ.
        members = [pa.field(f.name, _arrow_type(f), nullable=f.nullable) for f in column.fields]
        return pa.list_(pa.field("element", pa.struct(members), nullable=False))
    return SCALARS[column.type]


def schema_versions() -> dict[str, int]:
    """The version of each table's schema."""
    return {table: load_contract(table).version for table in TABLES}


def describe_schema(table: str) -> str:
    """The contract of a table as text for people: a line per column with its type and its meaning.

    Raises UsageError for a table that there is not.

    >>> print(describe_schema("duplicates"))
    duplicates (schema version 1): One row per removed copy, with the article that stands for it.
    ...
      kind                   string              How the two belong together: ...
    ...
      title                  string?             The headline of the copy.
    ...
    """
    contract = load_contract(table)
    lines = [f"{contract.table} (schema version {contract.version}): {contract.meaning}"]
    lines.append(f"  sorted by {', '.join(contract.sort)} in each file; `?` marks what may be null (unknown)")
    columns = contract.columns + ((contract.partition,) if contract.partition else ())
    for column in columns:
        lines.append(_describe_line(column, "  "))
        lines.extend(_describe_line(member, "    .") for member in column.fields)
    return "\n".join(lines)


def _describe_line(column: Column, indent: str) -> str:
    name = f"{indent}{column.name}"
    type_name = column.type + ("?" if column.nullable else "")
    return f"{name:<24} {type_name:<19} {column.meaning}"

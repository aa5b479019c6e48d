"""A snapshot in Croissant, the vocabulary by which data sets for machine learning are found and loaded.

Made from the contracts in `schemas/`, so it can't say anything else than they do. The specification:
https://docs.mlcommons.org/croissant/docs/croissant-spec.html (version 1.0)
"""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

from copydesk.writing.manifest import Manifest
from copydesk.writing.schema import TABLES, Column, load_contract

CROISSANT = "croissant.json"

TYPES = {
    "string": "sc:Text",
    "int32": "sc:Integer",
    "float64": "sc:Float",
    "date32": "sc:Date",
    "timestamp[us, UTC]": "sc:DateTime",
    "list<string>": "sc:Text",
}
"""Our types → those of Croissant; a list is a field that is repeated."""

CONTEXT: dict[str, Any] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileObject": "cr:fileObject",
    "fileProperty": "cr:fileProperty",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "recordSet": "cr:recordSet",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}
"""The context that the specification prescribes: what our words mean."""


def encode_croissant(manifest: Manifest, licence: str) -> bytes:
    """The description as JSON-LD, the same bytes for the same manifest.

    It names no address: where a corpus can be had, if at all, only its owner knows.
    """
    described = {
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "name": "news-corpus",
        "description": "News articles, each once, with the copies, decisions and records behind them.",
        "version": _version(manifest.created),
        "datePublished": manifest.created.date().isoformat(),
        "creator": {"@type": "sc:Organization", "name": f"copydesk {manifest.package_version}"},
        **({"license": licence} if licence else {}),
        "distribution": [_files(table) for table in TABLES],
        "recordSet": [_records(table) for table in TABLES],
    }
    return json.dumps(described, indent=1, ensure_ascii=False).encode() + b"\n"


def _version(created: dt.datetime) -> str:
    """A version in three numbers, as the specification wants it; a later run has a higher one.

    >>> _version(dt.datetime(2026, 1, 5, 2, 0, 7, 31, dt.UTC))
    '20260105.20007.31'
    """
    utc = created.astimezone(dt.UTC)
    return f"{utc:%Y%m%d}.{int(f'{utc:%H%M%S}')}.{utc.microsecond}"


def _files(table: str) -> dict[str, Any]:
    pattern = f"{table}/*/*.parquet" if load_contract(table).partition else f"{table}/*.parquet"
    return {
        "@type": "cr:FileSet",
        "@id": f"{table}-files",
        "name": f"{table}-files",
        "description": f"The files of the table {table}.",
        "encodingFormat": "application/x-parquet",
        "includes": pattern,
    }


def _records(table: str) -> dict[str, Any]:
    contract = load_contract(table)
    key = {"key": {"@id": "articles/article_id"}} if table == "articles" else {}
    return {
        "@type": "cr:RecordSet",
        "@id": table,
        "name": table,
        "description": contract.meaning,
        **key,
        "field": [_field(table, column) for column in contract.columns],
    }


def _field(table: str, column: Column) -> dict[str, Any]:
    field: dict[str, Any] = {
        "@type": "cr:Field",
        "@id": f"{table}/{column.name}",
        "name": column.name,
        "description": column.meaning,
    }
    if column.type.startswith("list"):
        field["repeated"] = True
    if column.fields:
        field["subField"] = [_member(table, column, member) for member in column.fields]
    else:
        field["dataType"] = TYPES[column.type]
    return field | {"source": _source(table, column)}


def _member(table: str, column: Column, member: Column) -> dict[str, Any]:
    return {
        "@type": "cr:Field",
        "@id": f"{table}/{column.name}/{member.name}",
        "name": member.name,
        "description": member.meaning,
        "dataType": TYPES[member.type],
        "source": _source(table, column) | {"transform": {"jsonPath": member.name}},
    }


def _source(table: str, column: Column) -> dict[str, Any]:
    return {"fileSet": {"@id": f"{table}-files"}, "extract": {"column": column.name}}

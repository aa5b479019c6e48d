"""Commands that need no corpus: a settings file, files by themselves, texts that are clean already, the schemas."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from copydesk.cli.options import add_config_option
from copydesk.errors import UsageError


def add_init_options(sub: argparse.ArgumentParser) -> None:
    """Add the options of `copydesk init`."""
    name = Path("copydesk.toml")
    sub.add_argument("path", nargs="?", type=Path, default=name, metavar="FILE", help=f"the file (default: {name})")


def init(arguments: argparse.Namespace) -> int:
    """Write a settings file in which every setting is explained."""
    from copydesk.settings_file import write_settings_file

    write_settings_file(arguments.path)
    print(f"{arguments.path}: written; every line is commented out and shows the default")
    return 0


def add_extract_options(sub: argparse.ArgumentParser) -> None:
    """Add the options of `copydesk extract`."""
    sub.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="a file or a folder")
    sub.add_argument("--out", type=Path, metavar="FILE", help="write JSON lines here, not to standard output")
    add_config_option(sub)


def extract(arguments: argparse.Namespace) -> int:
    """Write what is in each file, by itself, as JSON lines."""
    from copydesk.alone.single import extracted_rows
    from copydesk.settings_file import load_settings

    settings = load_settings(arguments.config)
    with _output(arguments.out) as out:
        for path in arguments.paths:
            for row in extracted_rows(path, settings):
                print(json.dumps(row, ensure_ascii=False), file=out)
    return 0


@contextmanager
def _output(path: Path | None) -> Iterator[TextIO]:
    if path is None:
        yield sys.stdout
        return
    try:
        with path.open("w", encoding="utf-8") as out:
            yield out
    except OSError as error:
        raise UsageError(f"--out {path}: {error.strerror}; name a file that can be written") from error


def add_dedup_options(sub: argparse.ArgumentParser) -> None:
    """Add the options of `copydesk dedup`."""
    sub.add_argument("source", type=Path, metavar="FILE-OR-DIR", help="Parquet, JSONL or CSV")
    sub.add_argument("--out", type=Path, required=True, metavar="DIR", help="a new folder for kept rows and duplicates")
    sub.add_argument("--text-column", default="text", metavar="NAME", help="the column of texts (default: text)")
    sub.add_argument("--id-column", default="id", metavar="NAME", help="the column that names rows (default: id)")
    sub.add_argument("--index", type=Path, metavar="DIR", help="compare with the rows of earlier calls, kept here")
    sub.add_argument("--rebuild", action="store_true", help="first make the index again from the rows it holds")
    add_config_option(sub)


def dedup(arguments: argparse.Namespace) -> int:
    """Find the duplicates of texts that are clean already (Parquet, JSONL, CSV)."""
    from copydesk.alone.dedup import dedup_files
    from copydesk.settings_file import load_settings

    settings = load_settings(arguments.config)

    def say(step: str) -> None:
        print(f"dedup: {step}", file=sys.stderr, flush=True)

    columns = arguments.text_column, arguments.id_column
    if arguments.rebuild and not arguments.index:
        raise UsageError("--rebuild makes an index again; name it with --index")
    index, rebuild = arguments.index, arguments.rebuild
    summary = dedup_files(arguments.source, arguments.out, *columns, settings, say, index=index, rebuild=rebuild)
    print(f"{arguments.out}: {summary.rows:,} rows, {summary.copies:,} copies")
    return 0


def add_schema_options(sub: argparse.ArgumentParser) -> None:
    """Add the options of `copydesk schema`."""
    sub.add_argument("table", nargs="?", metavar="TABLE", help="one table (default: all)")


def schema(arguments: argparse.Namespace) -> int:
    """Print the columns of one table or of all."""
    from copydesk.writing import TABLES, describe_schema

    if arguments.table not in (None, *TABLES):
        raise UsageError(f"no table {arguments.table!r}; there are {', '.join(TABLES)}")
    print("\n\n".join(describe_schema(name) for name in ([arguments.table] if arguments.table else TABLES)))
    return 0

"""The command line: thin, one function per command, every error one line that names the way out.

Exit status: 0 done; 1 done, but a quality gate held the result back (or `validate` found something); 2 wrong use or
wrong settings; 3 another run holds the corpus; 4 the run failed and nothing was published.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import TextIO

from copydesk import __version__, lean
from copydesk.errors import CopydeskError, GateError, UsageError
from copydesk.review.options import add_review_options
from copydesk.stores.address import Remote, parse_location

Command = Callable[[argparse.Namespace], int]

RECORDS_SHOWN = 10
"""Records printed when a gate holds a result back; the file that is named has all of them."""


def main(argv: Sequence[str] | None = None) -> int:
    """The exit status of the command that `argv` (default: the process's arguments) asks for."""
    return exit_status(lambda: _run(argv))


def _run(argv: Sequence[str] | None) -> int:
    arguments = _parser().parse_args(argv)
    command: Command = arguments.command
    if argv is None and command is clean:
        lean.begin()  # Who gives arguments calls us from a program of theirs.
    if isinstance(getattr(arguments, "clean", None), Remote) and command not in ON_STORES:
        arguments.clean = _local_copy(arguments.clean)
    return command(arguments)


def _local_copy(remote: Remote) -> Path:
    """The copy of a corpus on an object store, made equal to what is published there, for commands that only read."""
    from copydesk.settings import WritingSettings
    from copydesk.stores.mirror import pull

    return pull(remote, Path(WritingSettings().local_folder)).place.clean


def exit_status(job: Callable[[], int]) -> int:
    """What the job returns, or the status of the error that ended it, said in one line on standard error."""
    try:
        with _terminated_like_interrupted():
            return job()
    except CopydeskError as error:
        print(f"copydesk: {error}", file=sys.stderr)
        return error.exit_status
    except BrokenPipeError:
        # The reader of our output has gone (`| head`): nothing is wrong, but Python would complain at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        print("copydesk: interrupted; the published corpus is as it was", file=sys.stderr)
        return 4
    except OSError as error:
        # Disk full, folder gone, permission lost: nobody's bad data and nobody's wrong setting.
        print(f"copydesk: {error.filename or 'system'}: {error.strerror or error}; nothing published", file=sys.stderr)
        return 4


@contextmanager
def _terminated_like_interrupted() -> Iterator[None]:
    """Have SIGTERM, by which schedulers and shutdowns end a process, tidy up as Ctrl-C does."""
    if threading.current_thread() is not threading.main_thread():
        yield  # signals are the main thread's business
        return
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def clean(arguments: argparse.Namespace) -> int:
    """Clean a folder of raw files into a corpus."""
    from copydesk.settings import load_settings
    from copydesk.workers.nursery import nursery

    settings = load_settings(arguments.config)
    nursery()  # warms up while we import the rest

    from copydesk.report.progress import show_progress
    from copydesk.report.since import since_lines
    from copydesk.report.summary import summary_lines
    from copydesk.run import RunRequest, clean_corpus
    from copydesk.stores.mirror import mirrored

    def request(corpus: Path) -> RunRequest:
        return RunRequest(
            raw=arguments.raw,
            clean=corpus,
            settings=settings,
            workers=arguments.workers or os.cpu_count() or 1,
            started=dt.datetime.now(dt.UTC),
            rebuild=arguments.rebuild,
            retry=arguments.retry,
            dry_run=arguments.dry_run,
            accept=arguments.accept,
            engine=arguments.engine,
            scheduler=arguments.scheduler,
        )

    try:
        with (
            mirrored(arguments.clean, Path(settings.writing.local_folder)) as corpus,
            show_progress(quiet=arguments.quiet) as progress,
        ):
            summary = clean_corpus(request(corpus), progress)
    except GateError as error:
        if not arguments.quiet:
            print("\n".join(_first_records(error.evidence)))
        raise
    if arguments.json:
        print(summary.as_json())
    elif not arguments.quiet:
        print("\n".join([*summary_lines(summary), *since_lines(corpus, summary)]))
    return 0


def init(arguments: argparse.Namespace) -> int:
    """Write a settings file in which every setting is explained."""
    from copydesk.settings_file import write_settings_file

    write_settings_file(arguments.path)
    print(f"{arguments.path}: written; every line is commented out and shows the default")
    return 0


def extract(arguments: argparse.Namespace) -> int:
    """Write what is in each file, by itself, as JSON lines."""
    from copydesk.settings import load_settings
    from copydesk.single import extracted_rows

    settings = load_settings(arguments.config)
    with _output(arguments.out) as out:
        for path in arguments.paths:
            for row in extracted_rows(path, settings):
                print(json.dumps(row, ensure_ascii=False), file=out)
    return 0


def explain(arguments: argparse.Namespace) -> int:
    """Say everything that happened to one record, or show the texts of two beside each other."""
    from copydesk.report.answer import explain_names

    explain_names(arguments.clean, [arguments.name, *([arguments.other] if arguments.other else [])], arguments.html)
    return 0


def review(arguments: argparse.Namespace) -> int:
    """Judge borderline decisions on a local page; what is decided there holds for good."""
    from copydesk.review.command import run_review

    return run_review(arguments)


def dedup(arguments: argparse.Namespace) -> int:
    """Find the duplicates of texts that are clean already (Parquet, JSONL, CSV)."""
    from copydesk.dedup import dedup_files
    from copydesk.settings import load_settings

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


def validate(arguments: argparse.Namespace) -> int:
    """Check the published tables against their schemas, the manifest and one another."""
    from copydesk.writing import validate as problems_of

    problems = problems_of(arguments.clean)
    for problem in problems:
        print(problem)
    print(f"{arguments.clean}: {len(problems)} problems" if problems else f"{arguments.clean}: valid")
    return 1 if problems else 0


def status(arguments: argparse.Namespace) -> int:
    """Say which snapshots there are, how old the newest is, and how the last runs went."""
    from copydesk.report.status import check_age, status_lines

    now = dt.datetime.now(dt.UTC)
    print("\n".join(status_lines(arguments.clean, now)))
    problem = check_age(arguments.clean, now, arguments.max_age) if arguments.max_age else None
    if problem:
        print(f"copydesk: {problem}", file=sys.stderr)
    return 1 if problem else 0


def export(arguments: argparse.Namespace) -> int:
    """Write the published tables as Delta tables, one commit per snapshot."""
    from copydesk.writing.export import export_delta

    for done in export_delta(arguments.clean, arguments.delta):
        print(f"{done.table}: version {done.version}, {'written' if done.written else 'unchanged'}")
    return 0


def report(arguments: argparse.Namespace) -> int:
    """Make the page about the published run again."""
    from copydesk.report.page import report_again

    print(report_again(arguments.clean))
    return 0


def rollback(arguments: argparse.Namespace) -> int:
    """Publish an earlier snapshot again: the one named, or the one before."""
    from copydesk.state import hold
    from copydesk.writing import locate
    from copydesk.writing import rollback as go_back

    if isinstance(arguments.clean, Remote):
        from copydesk.stores.mirror import roll_back

        print(f"{arguments.clean}: published is run {roll_back(arguments.clean, arguments.run)}")
        return 0
    with hold(locate(arguments.clean).state, "rollback"):
        snapshot = go_back(arguments.clean, arguments.run)
    print(f"{arguments.clean}: published is run {snapshot.run_id}")
    return 0


def gc(arguments: argparse.Namespace) -> int:
    """Remove all snapshots but the newest and the published one."""
    from copydesk.state import hold
    from copydesk.writing import collect_garbage, locate

    if isinstance(arguments.clean, Remote):
        from copydesk.stores.mirror import collect_remote

        print(f"{arguments.clean}: {len(collect_remote(arguments.clean, arguments.keep))} snapshots removed")
        arguments.clean = _local_copy(arguments.clean)
    with hold(locate(arguments.clean).state, "gc"):
        removed = collect_garbage(arguments.clean, arguments.keep)
    print(f"{arguments.clean}: {len(removed)} snapshots removed")
    return 0


def schema(arguments: argparse.Namespace) -> int:
    """Print the columns of one table or of all."""
    from copydesk.writing import TABLES, describe_schema

    if arguments.table not in (None, *TABLES):
        raise UsageError(f"no table {arguments.table!r}; there are {', '.join(TABLES)}")
    print("\n\n".join(describe_schema(name) for name in ([arguments.table] if arguments.table else TABLES)))
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


def command_names() -> tuple[str, ...]:
    """The names of all commands."""
    return tuple(command.__name__ for command in OPTIONS)


def _parser() -> argparse.ArgumentParser:
    about = "Clean, deduplicate and tag a corpus of news articles."
    parser = argparse.ArgumentParser(prog="copydesk", description=about)
    parser.add_argument("--version", action="version", version=f"copydesk {__version__}")
    added = parser.add_subparsers(required=True, metavar="COMMAND")
    for command, add_options in OPTIONS.items():
        text = command.__doc__ or ""
        sub = added.add_parser(command.__name__, help=text.splitlines()[0], description=text)
        sub.set_defaults(command=command)
        add_options(sub)
    return parser


def add_clean_options(sub: argparse.ArgumentParser) -> None:
    """Add the options of a run: the same for `copydesk clean` and the flow."""
    sub.add_argument(
        "--raw", type=parse_location, required=True, metavar="DIR", help="the folder of raw files; only read"
    )
    _corpus_option(sub)
    _config_option(sub)
    sub.add_argument("--workers", type=_positive, metavar="N", help="worker processes (default: one per core)")
    sub.add_argument("--engine", default="processes", metavar="NAME", help="processes (the default), dask or serial")
    sub.add_argument("--scheduler", metavar="URL", help="a Dask scheduler (default: a cluster on this machine)")
    sub.add_argument("--dry-run", action="store_true", help="say what would come out; publish nothing")
    sub.add_argument("--rebuild", action="store_true", help="start from the raw files alone")
    sub.add_argument("--retry", action="store_true", help="examine quarantined records again")
    sub.add_argument("--accept", action="store_true", help="publish what a quality gate would hold back")
    sub.add_argument("--quiet", action="store_true", help="no progress, no summary")
    sub.add_argument("--json", action="store_true", help="the summary as one JSON object")


def _corpus_option(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("--clean", type=parse_location, required=True, metavar="DIR", help="the published corpus")


def _config_option(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("--config", type=Path, metavar="FILE", help="settings (TOML)")


def _init_options(sub: argparse.ArgumentParser) -> None:
    name = Path("copydesk.toml")
    sub.add_argument("path", nargs="?", type=Path, default=name, metavar="FILE", help=f"the file (default: {name})")


def _extract_options(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="a file or a folder")
    sub.add_argument("--out", type=Path, metavar="FILE", help="write JSON lines here, not to standard output")
    _config_option(sub)


def _dedup_options(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("source", type=Path, metavar="FILE-OR-DIR", help="Parquet, JSONL or CSV")
    sub.add_argument("--out", type=Path, required=True, metavar="DIR", help="a new folder for kept rows and duplicates")
    sub.add_argument("--text-column", default="text", metavar="NAME", help="the column of texts (default: text)")
    sub.add_argument("--id-column", default="id", metavar="NAME", help="the column that names rows (default: id)")
    sub.add_argument("--index", type=Path, metavar="DIR", help="compare with the rows of earlier calls, kept here")
    sub.add_argument("--rebuild", action="store_true", help="first make the index again from the rows it holds")
    _config_option(sub)


def _explain_options(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("name", metavar="ID-OR-PATH", help="an article_id, or a source_path as the ledger has it")
    sub.add_argument("other", nargs="?", metavar="OTHER", help="a second record: show both texts as a diff")
    sub.add_argument("--html", type=Path, metavar="FILE", help="write a page, not to the terminal")
    _corpus_option(sub)


def _export_options(sub: argparse.ArgumentParser) -> None:
    _corpus_option(sub)
    sub.add_argument("--delta", required=True, metavar="PATH", help="a folder or address for the Delta tables")


def _review_options(sub: argparse.ArgumentParser) -> None:
    _corpus_option(sub)
    _config_option(sub)
    add_review_options(sub)


def _status_options(sub: argparse.ArgumentParser) -> None:
    _corpus_option(sub)
    sub.add_argument(
        "--max-age", type=_age, metavar="AGE", help="exit status 1 if the newest snapshot is older: 90m, 26h, 2d"
    )


def _rollback_options(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("run", nargs="?", metavar="RUN", help="the run whose snapshot is meant (default: the one before)")
    _corpus_option(sub)


def _gc_options(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("--keep", type=_positive, required=True, metavar="N", help="how many snapshots stay")
    _corpus_option(sub)


def _schema_options(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("table", nargs="?", metavar="TABLE", help="one table (default: all)")


OPTIONS: dict[Command, Callable[[argparse.ArgumentParser], None]] = {
    clean: add_clean_options,
    init: _init_options,
    extract: _extract_options,
    explain: _explain_options,
    review: _review_options,
    dedup: _dedup_options,
    export: _export_options,
    report: _corpus_option,
    validate: _corpus_option,
    status: _status_options,
    rollback: _rollback_options,
    gc: _gc_options,
    schema: _schema_options,
}


ON_STORES = frozenset({clean, rollback, gc})
"""Commands that work on an object store itself; all others are given its local copy."""


def _first_records(evidence: Path | None) -> list[str]:
    """The first lines of the file that lists the records behind a broken gate."""
    if evidence is None:
        return []
    with evidence.open(encoding="utf-8") as sheet:
        return [line.rstrip("\n") for line in islice(sheet, RECORDS_SHOWN + 1)]


def _age(text: str) -> dt.timedelta:
    """The time span in a number with a unit.

    >>> _age("26h")
    datetime.timedelta(days=1, seconds=7200)
    """
    units = {"m": "minutes", "h": "hours", "d": "days"}
    if not (text[:-1].isdecimal() and text[-1:] in units):
        raise argparse.ArgumentTypeError(f"{text!r} is no age; give a number and m, h or d, such as 26h")
    return dt.timedelta(**{units[text[-1]]: int(text[:-1])})


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text} is not above 0")
    return number


if __name__ == "__main__":
    sys.exit(main())

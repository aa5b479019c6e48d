"""All commands with their options, which one the arguments ask for, and how it ends."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from copydesk import __version__
from copydesk.cli.alone import (
    add_dedup_options,
    add_extract_options,
    add_init_options,
    add_schema_options,
    dedup,
    extract,
    init,
    schema,
)
from copydesk.cli.corpus import (
    add_explain_options,
    add_export_options,
    add_gc_options,
    add_review_options,
    add_rollback_options,
    add_status_options,
    explain,
    export,
    gc,
    local_copy,
    report,
    review,
    rollback,
    status,
    validate,
)
from copydesk.cli.options import add_corpus_option
from copydesk.cli.running import add_clean_options, clean
from copydesk.errors import CopydeskError
from copydesk.machine import lean
from copydesk.stores.address import Remote

Command = Callable[[argparse.Namespace], int]

OPTIONS: dict[Command, Callable[[argparse.ArgumentParser], None]] = {
    clean: add_clean_options,
    init: add_init_options,
    extract: add_extract_options,
    explain: add_explain_options,
    review: add_review_options,
    dedup: add_dedup_options,
    export: add_export_options,
    report: add_corpus_option,
    validate: add_corpus_option,
    status: add_status_options,
    rollback: add_rollback_options,
    gc: add_gc_options,
    schema: add_schema_options,
}

ON_STORES = frozenset({clean, rollback, gc})
"""Commands that work on an object store itself; all others are given its local copy."""


def main(argv: Sequence[str] | None = None) -> int:
    """The exit status of the command that `argv` (default: the process's arguments) asks for."""
    return exit_status(lambda: _run(argv))


def _run(argv: Sequence[str] | None) -> int:
    arguments = _parser().parse_args(argv)
    command: Command = arguments.command
    if argv is None and command is clean:
        lean.begin()  # Who gives arguments calls us from a program of theirs.
    if isinstance(getattr(arguments, "clean", None), Remote) and command not in ON_STORES:
        arguments.clean = local_copy(arguments.clean)
    return command(arguments)


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

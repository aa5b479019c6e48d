"""Commands on a published corpus: those that read it, then those that change which snapshots there are."""

from __future__ import annotations

import argparse
import datetime as dt
import sys
from pathlib import Path

from copydesk.cli.options import add_config_option, add_corpus_option, age, positive
from copydesk.review.options import add_review_options as add_desk_options
from copydesk.stores.address import Remote


def add_explain_options(sub: argparse.ArgumentParser) -> None:
    """Add the options of `copydesk explain`."""
    sub.add_argument("name", metavar="ID-OR-PATH", help="an article_id, or a source_path as the ledger has it")
    sub.add_argument("other", nargs="?", metavar="OTHER", help="a second record: show both texts as a diff")
    sub.add_argument("--html", type=Path, metavar="FILE", help="write a page, not to the terminal")
    add_corpus_option(sub)


def explain(arguments: argparse.Namespace) -> int:
    """Say everything that happened to one record, or show the texts of two beside each other."""
    from copydesk.report.answer import explain_names

    explain_names(arguments.clean, [arguments.name, *([arguments.other] if arguments.other else [])], arguments.html)
    return 0


def add_review_options(sub: argparse.ArgumentParser) -> None:
    """Add the options of `copydesk review`."""
    add_corpus_option(sub)
    add_config_option(sub)
    add_desk_options(sub)


def review(arguments: argparse.Namespace) -> int:
    """Judge borderline decisions on a local page; what is decided there holds for good."""
    from copydesk.review.command import run_review

    return run_review(arguments)


def report(arguments: argparse.Namespace) -> int:
    """Make the page about the published run again."""
    from copydesk.report.page import report_again

    print(report_again(arguments.clean))
    return 0


def validate(arguments: argparse.Namespace) -> int:
    """Check the published tables against their schemas, the manifest and one another."""
    from copydesk.writing import validate as problems_of

    problems = problems_of(arguments.clean)
    for problem in problems:
        print(problem)
    print(f"{arguments.clean}: {len(problems)} problems" if problems else f"{arguments.clean}: valid")
    return 1 if problems else 0


def add_status_options(sub: argparse.ArgumentParser) -> None:
    """Add the options of `copydesk status`."""
    add_corpus_option(sub)
    sub.add_argument(
        "--max-age", type=age, metavar="AGE", help="exit status 1 if the newest snapshot is older: 90m, 26h, 2d"
    )


def status(arguments: argparse.Namespace) -> int:
    """Say which snapshots there are, how old the newest is, and how the last runs went."""
    from copydesk.report.status import check_age, status_lines

    now = dt.datetime.now(dt.UTC)
    print("\n".join(status_lines(arguments.clean, now)))
    problem = check_age(arguments.clean, now, arguments.max_age) if arguments.max_age else None
    if problem:
        print(f"copydesk: {problem}", file=sys.stderr)
    return 1 if problem else 0


def add_export_options(sub: argparse.ArgumentParser) -> None:
    """Add the options of `copydesk export`."""
    add_corpus_option(sub)
    sub.add_argument("--delta", required=True, metavar="PATH", help="a folder or address for the Delta tables")


def export(arguments: argparse.Namespace) -> int:
    """Write the published tables as Delta tables, one commit per snapshot."""
    from copydesk.writing.export import export_delta

    for done in export_delta(arguments.clean, arguments.delta):
        print(f"{done.table}: version {done.version}, {'written' if done.written else 'unchanged'}")
    return 0


def add_rollback_options(sub: argparse.ArgumentParser) -> None:
    """Add the options of `copydesk rollback`."""
    sub.add_argument("run", nargs="?", metavar="RUN", help="the run whose snapshot is meant (default: the one before)")
    add_corpus_option(sub)


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


def add_gc_options(sub: argparse.ArgumentParser) -> None:
    """Add the options of `copydesk gc`."""
    sub.add_argument("--keep", type=positive, metavar="N", help="how many snapshots stay (default: by the settings)")
    add_corpus_option(sub)
    add_config_option(sub)


def gc(arguments: argparse.Namespace) -> int:
    """Remove all snapshots but the newest and the published one."""
    from copydesk.settings_file import load_settings
    from copydesk.state import hold
    from copydesk.writing import collect_garbage, locate

    keep = arguments.keep or load_settings(arguments.config).writing.keep_snapshots
    if isinstance(arguments.clean, Remote):
        from copydesk.stores.mirror import collect_remote

        print(f"{arguments.clean}: {len(collect_remote(arguments.clean, keep))} snapshots removed")
        arguments.clean = local_copy(arguments.clean)
    with hold(locate(arguments.clean).state, "gc"):
        removed = collect_garbage(arguments.clean, keep)
    print(f"{arguments.clean}: {len(removed)} snapshots removed")
    return 0


def local_copy(remote: Remote) -> Path:
    """The copy of a corpus on an object store, made equal to what is published there, for commands that only read."""
    from copydesk.settings import WritingSettings
    from copydesk.stores.mirror import pull

    return pull(remote, Path(WritingSettings().local_folder)).place.clean

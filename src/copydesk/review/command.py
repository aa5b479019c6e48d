"""What `copydesk review` does: gathers the cases, serves them until Ctrl-C, and says how often people agreed."""

from __future__ import annotations

import argparse
import datetime as dt
import signal
from functools import partial
from pathlib import Path

from copydesk.errors import UsageError
from copydesk.overrides import Kind, load_overrides
from copydesk.overrides.place import overrides_path
from copydesk.report.accounts import kept_beside
from copydesk.review.agreement import BORDERLINE, SAMPLE, agreement_lines, count_agreement, export_judgements
from copydesk.review.cases import KINDS, Case, borderline_cases, sampled_cases, without_decided
from copydesk.review.context import set_scene
from copydesk.review.desk import Desk
from copydesk.review.options import KIND_OPTIONS
from copydesk.review.server import ReviewServer
from copydesk.settings_file import load_settings
from copydesk.writing import Corpus, open_corpus


def run_review(arguments: argparse.Namespace) -> int:
    """The exit status: 0, also where nothing is left to judge.

    Raises UsageError where no corpus is published, the overrides can't be read, or a file or port can't be used.
    """
    path = overrides_path(arguments.clean, load_settings(arguments.config))
    if arguments.export:
        return _export(path, arguments.export)
    if arguments.counts:
        print("\n".join(agreement_lines(count_agreement(load_overrides(path)))))
        return 0
    corpus = open_corpus(arguments.clean)
    cases = _cases(arguments, corpus, path)
    if not cases:
        print(f"{arguments.clean}: nothing is left to judge; decisions so far are in {path}")
        return 0
    drawn = SAMPLE if arguments.sample else BORDERLINE
    scene_of = partial(set_scene, corpus=corpus, kept=kept_beside(arguments.clean))
    desk = Desk(cases, path, drawn, scene_of, lambda: dt.datetime.now(dt.UTC))
    _serve(desk, arguments.port)
    print("\n".join(["", *agreement_lines(count_agreement(load_overrides(path)))]))
    print(f"{path}: {desk.done:,} decisions added; they hold from the next `copydesk clean` on")
    return 0


def _cases(arguments: argparse.Namespace, corpus: Corpus, path: Path) -> tuple[Case, ...]:
    """The cases to judge, without those that were judged before in the same way."""
    kinds = [Kind(KIND_OPTIONS[arguments.only])] if arguments.only else KINDS
    entries = load_overrides(path).entries
    if arguments.sample:
        # A case that was judged as a borderline one is asked for again: left out, it would bend the sample.
        sampled = [e for e in entries if e.judgement and e.judgement.drawn == SAMPLE]
        return without_decided(sampled_cases(corpus, kinds, arguments.sample, arguments.seed), sampled)
    # Cases that were judged before are the nearest ones: they must not use up the places.
    every = without_decided(borderline_cases(corpus, kinds, arguments.limit + len(entries)), entries)
    return tuple(case for kind in kinds for case in [c for c in every if c.kind is kind][: arguments.limit])


def _serve(desk: Desk, port: int) -> None:
    """Serve until Ctrl-C. A decision that is being saved then is saved."""
    try:
        server = ReviewServer(desk, port)
    except OSError as error:
        raise UsageError(f"--port {port}: {error.strerror}; name another one, or none") from error
    # A process that a script starts in the background is born deaf to it.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        print(f"{len(desk.cases):,} cases; open {server.address}")
        print(f"Decisions go to {desk.path}. Ctrl-C ends the review.", flush=True)
        server.serve_forever()
    except KeyboardInterrupt:
        with desk.lock:
            server.server_close()


def _export(path: Path, target: Path) -> int:
    overrides = load_overrides(path)
    try:
        with target.open("w", encoding="utf-8", newline="") as out:
            count = export_judgements(overrides, out)
    except OSError as error:
        raise UsageError(f"--export {target}: {error.strerror}; name a file that can be written") from error
    print(f"{target}: {count:,} decisions")
    return 0

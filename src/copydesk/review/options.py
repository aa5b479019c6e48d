"""The options of `copydesk review`; apart from the rest, so that `copydesk --help` imports nothing heavy."""

from __future__ import annotations

import argparse
from pathlib import Path

KIND_OPTIONS = {"paragraphs": "paragraph", "links": "link", "documents": "document"}
DEFAULT_LIMIT = 100


def add_review_options(sub: argparse.ArgumentParser) -> None:
    """Add what can be asked of a review."""
    sub.add_argument("--only", choices=KIND_OPTIONS, metavar="KIND", help="paragraphs, links or documents")
    sub.add_argument(
        "--limit", type=_positive, default=DEFAULT_LIMIT, metavar="N", help="cases of each kind (default: %(default)s)"
    )
    sub.add_argument("--sample", type=_positive, metavar="N", help="a random sample of removals, not the borderline")
    sub.add_argument("--seed", type=int, default=0, metavar="S", help="which sample (default: %(default)s)")
    sub.add_argument("--port", type=_port, default=0, metavar="P", help="the port to listen on (default: any)")
    sub.add_argument("--counts", action="store_true", help="say how often people agree so far; serve nothing")
    sub.add_argument("--export", type=Path, metavar="FILE", help="write all decisions as CSV; serve nothing")


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text} is not above 0")
    return number


def _port(text: str) -> int:
    number = int(text)
    if not 0 <= number <= 65_535:
        raise argparse.ArgumentTypeError(f"{text} is no port; give 1024 to 65535, or 0 for any")
    return number

"""Options that several commands have, and what their values may be."""

from __future__ import annotations

import argparse
import datetime as dt
from pathlib import Path

from copydesk.stores.address import parse_location


def add_corpus_option(sub: argparse.ArgumentParser) -> None:
    """Add the option that names the published corpus."""
    sub.add_argument("--clean", type=parse_location, required=True, metavar="DIR", help="the published corpus")


def add_config_option(sub: argparse.ArgumentParser) -> None:
    """Add the option that names a settings file."""
    sub.add_argument("--config", type=Path, metavar="FILE", help="settings (TOML)")


def positive(text: str) -> int:
    """The number, if it is 1 or more.

    >>> positive("4")
    4
    """
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text} is not above 0")
    return number


def age(text: str) -> dt.timedelta:
    """The time span in a number with a unit.

    >>> age("26h")
    datetime.timedelta(days=1, seconds=7200)
    """
    units = {"m": "minutes", "h": "hours", "d": "days"}
    if not (text[:-1].isdecimal() and text[-1:] in units):
        raise argparse.ArgumentTypeError(f"{text!r} is no age; give a number and m, h or d, such as 26h")
    return dt.timedelta(**{units[text[-1]]: int(text[:-1])})

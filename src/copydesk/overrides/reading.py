"""The overrides file, read: every fault is named with its place, and nothing in it is skipped.

    [[paragraph]]
    article = "5d41402abc4b2a76b9719d911017c592"
    text = "The council of Marlow voted on Monday to close the old pool."
    decision = "keep"

TOML, as the settings are: people know it, comments stay, a new entry is lines added to the end, and a diff of two
versions shows who decided what.
"""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from copydesk.errors import UsageError
from copydesk.overrides.keys import text_key
from copydesk.overrides.names import LINE_CHARS
from copydesk.overrides.values import CHOICES, NONE, Choice, Entry, Judgement, Kind, Overrides
from copydesk.settings_file import nearest

MIN_BEGINNING_LETTERS = 12
"""A shorter beginning would mean half of the paragraphs of an article."""
MAX_BYTES = 64 * 1024 * 1024
"""A larger file was not written by people; 64 MiB are some 100,000 judged paragraphs."""

ID = re.compile(r"[0-9a-f]{32}")  # "5d41402abc4b2a76b9719d911017c592"; not "5D41", "a.txt"
_HEADER = re.compile(r"^[ \t]*\[\[[ \t]*(\w+)[ \t]*\]\]", re.MULTILINE)  # "[[line]]"; not "[line]"

KEYS = {
    Kind.PARAGRAPH: ("article", "text", "begins", "nth", "decision", "note", "judged"),
    Kind.LINE: ("text", "outlet", "decision", "note", "judged"),
    Kind.LINK: ("articles", "decision", "note", "judged"),
    Kind.DOCUMENT: ("article", "decision", "note", "judged"),
}
JUDGED = ("stage", "rule", "was", "score", "drawn", "on")


def load_overrides(path: Path) -> Overrides:
    """What the file says; nothing was decided where there is no file.

    Raises UsageError if it can't be read, or says what it can't mean.
    """
    try:
        if not path.exists():
            return NONE
        if path.stat().st_size > MAX_BYTES:
            raise UsageError(f"overrides file {path} is larger than {MAX_BYTES:,} bytes; people write less: look at it")
        return parse_overrides(path.read_text(encoding="utf-8"), str(path))
    except OSError as error:
        raise UsageError(f"overrides file {path}: {error.strerror}; make it readable or move it away") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"overrides file {path} is not UTF-8: {error.reason} at byte {error.start}") from error


def parse_overrides(text: str, place: str) -> Overrides:
    r"""What a text says; `place` is named in errors.

    >>> parse_overrides('[[line]]\ntext = "More on this"\ndecision = "keep"', "overrides.toml").entries[0].choice
    <Choice.KEEP: 'keep'>
    >>> parse_overrides('[[lines]]\ntext = "More on this"', "overrides.toml")
    Traceback (most recent call last):
    copydesk.errors.UsageError: overrides.toml: no entries [[lines]]; did you mean [[line]]?
    """
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{place} is not TOML: {error}; mend that line, or take the entry away") from error
    for name, given in table.items():
        if name not in list(Kind):
            raise UsageError(f"{place}: no entries [[{name}]]; {nearest(name, list(Kind), '[[{}]]')}")
        if not isinstance(given, list) or not all(isinstance(entry, dict) for entry in given):
            raise UsageError(f"{place}: {name} must be written as [[{name}]], once for each entry")
    lines = _lines_of_entries(text, table)
    placed = [
        (lines.get((name, i), 0), _parse_entry(Kind(name), given, _place(place, name, i, lines)))
        for name, entries in table.items()
        for i, given in enumerate(entries)
    ]
    # TOML gathers the entries of a kind; what holds is what comes last in the file.
    return Overrides(tuple(entry for _, entry in sorted(placed, key=lambda pair: pair[0])))


def _lines_of_entries(text: str, table: Mapping[str, Any]) -> dict[tuple[str, int], int]:
    """The line on which each entry starts; empty where a text holds what looks like a header, so nobody is misled."""
    found: dict[str, list[int]] = {}
    line, end = 1, 0
    for match in _HEADER.finditer(text):
        line, end = line + text.count("\n", end, match.start()), match.start()
        found.setdefault(match[1], []).append(line)
    if {name: len(starts) for name, starts in found.items()} != {name: len(given) for name, given in table.items()}:
        return {}
    return {(name, i): line for name, starts in found.items() for i, line in enumerate(starts)}


def _place(place: str, name: str, i: int, lines: Mapping[tuple[str, int], int]) -> str:
    line = lines.get((name, i))
    return f"{place}: [[{name}]] {i + 1}" + (f" (line {line})" if line else "")


def _parse_entry(kind: Kind, given: Mapping[str, Any], place: str) -> Entry:
    for key in given:
        if key not in KEYS[kind]:
            raise UsageError(f"{place}: no key {key}; {nearest(key, list(KEYS[kind]), '{}')}")
    choices = [str(choice) for choice in CHOICES[kind]]
    decision = given.get("decision")
    if decision not in choices:
        said = f"decision = {decision!r}" if "decision" in given else "decision is missing"
        raise UsageError(f'{place}: {said}; must be "{choices[0]}" or "{choices[1]}"')
    begins = "begins" in given
    return Entry(
        kind=kind,
        choice=Choice(decision),
        articles=_articles(kind, given, place),
        text=_words(kind, given, place) if kind in (Kind.PARAGRAPH, Kind.LINE) else "",
        begins=begins,
        nth=_checked(given, "nth", _is_count, "a whole number above 0", place),
        outlet=_checked(given, "outlet", _is_words, "the name or domain of an outlet", place),
        note=_checked(given, "note", lambda value: isinstance(value, str), "a text", place) or "",
        judgement=_judgement(given["judged"], place) if "judged" in given else None,
    )


def _articles(kind: Kind, given: Mapping[str, Any], place: str) -> tuple[str, ...]:
    if kind is Kind.LINE:
        return ()
    allowed = "the article_id of the ledger: 32 digits and letters from a to f"
    if kind is Kind.LINK:
        both = _required(given, "articles", _are_two_ids, f"a list of two different ids, each {allowed}", place)
        return tuple(both)
    return (_required(given, "article", _is_id, allowed, place),)


def _words(kind: Kind, given: Mapping[str, Any], place: str) -> str:
    """The text that names a paragraph or a line, whole or from its beginning."""
    if "begins" in given and "text" in given:
        raise UsageError(f"{place}: text and begins; give one of them: all its words, or the first ones")
    if kind is Kind.LINE:
        allowed = f"its words, at most {LINE_CHARS} characters; a longer one is a [[paragraph]]"
        return str(_required(given, "text", lambda v: _is_words(v) and len(v) <= LINE_CHARS, allowed, place))
    if "begins" not in given:
        return str(_required(given, "text", _is_words, "its words, at least one", place))
    enough = f"the first words, with at least {MIN_BEGINNING_LETTERS} letters"
    return str(_required(given, "begins", _is_beginning, enough, place))


def _required(given: Mapping[str, Any], key: str, fits: Callable[[Any], bool], allowed: str, place: str) -> Any:
    if key not in given:
        raise UsageError(f"{place}: {key} is missing; must be {allowed}")
    return _checked(given, key, fits, allowed, place)


def _checked(given: Mapping[str, Any], key: str, fits: Callable[[Any], bool], allowed: str, place: str) -> Any:
    if key not in given or fits(given[key]):
        return given.get(key)
    raise UsageError(f"{place}: {key} = {given[key]!r}: must be {allowed}")


def _is_id(value: Any) -> bool:
    return isinstance(value, str) and ID.fullmatch(value) is not None


def _are_two_ids(value: Any) -> bool:
    return isinstance(value, list) and len(value) == 2 and all(map(_is_id, value)) and value[0] != value[1]


def _is_words(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_beginning(value: Any) -> bool:
    return _is_words(value) and len(text_key(value)) >= MIN_BEGINNING_LETTERS


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value > 0


def _is_share(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _judgement(given: Any, place: str) -> Judgement:
    """What `copydesk review` wrote down beside a decision."""
    if not isinstance(given, dict):
        raise UsageError(f"{place}: judged = {given!r}: must be a table; take it away if you wrote it by hand")
    for key in given:
        if key not in JUDGED:
            raise UsageError(f"{place}: judged: no key {key}; {nearest(key, list(JUDGED), '{}')}")
    inside = f"{place}: judged"
    stage, rule, was, drawn = (
        str(_required(given, key, _is_words, "a text", inside)) for key in ("stage", "rule", "was", "drawn")
    )
    score = _checked(given, "score", _is_share, "a number", inside)
    on = _required(given, "on", lambda v: isinstance(v, dt.datetime), "a time with a date", inside)
    return Judgement(stage, rule, was, None if score is None else float(score), drawn, on)

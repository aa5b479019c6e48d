"""Adding to the overrides file, and taking back what was added: what people wrote themselves stays byte for byte.

The file is replaced as a whole, by one that was written aside and brought to the disk: whoever is killed, or reads,
at any moment finds the old one or the new one. Writers wait for each other at a lock on the folder.
"""

from __future__ import annotations

import fcntl
import json
import os
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from copydesk.errors import RunError, UsageError
from copydesk.overrides.reading import parse_overrides
from copydesk.overrides.values import Entry, Kind

HEAD = """\
# What people have decided for good; every run of copydesk respects it. Write here by hand, or with `copydesk review`.
# Of two entries about the same thing the later one holds. article is an article_id of the ledger.
#
#   [[paragraph]]  article, text (or begins: its first words; nth, if it stands there twice), decision: keep or remove
#   [[line]]       text, outlet (if only there), decision: keep or remove, wherever it stands
#   [[link]]       articles (two of them), decision: copies or apart
#   [[document]]   article, decision: keep or remove
#
# A note may stand in each; judged is what `copydesk review` showed, for its counts, and changes nothing.
"""
INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Characters that a person can't see, or that reorder a line on the screen: written as escapes."""


def append_entry(path: Path, entry: Entry) -> str:
    """The text that was added to the end of the file for this entry; the file is made if there is none.

    Raises UsageError where the file can't be understood as it is (nothing is added to it), RunError where it can't be
    written. In both cases it is as it was.
    """
    block = entry_text(entry)

    def add(before: str) -> str:
        # A line that an editor left without an end would swallow the first one of the entry.
        gap = "" if before.endswith("\n") else "\n"
        return f"{before or HEAD}{gap if before else ''}\n{block}"

    _change(path, add, adds=block)
    return block


def withdraw_entry(path: Path, block: str) -> None:
    """Nothing: the last stretch of the file that says exactly this, as `append_entry` gave it, is gone from it.

    Raises UsageError if the file no longer says it: a person has changed the entry since.
    """

    def cut(before: str) -> str:
        start = before.rfind(f"\n{block}")
        if start < 0:
            raise UsageError(f"{path}: the entry was changed by hand since; change it there")
        return before[:start] + before[start + 1 + len(block) :]

    _change(path, cut)


def entry_text(entry: Entry) -> str:
    r"""An entry as the file has it.

    >>> from copydesk.overrides.values import Choice
    >>> print(entry_text(Entry(Kind.LINE, Choice.KEEP, text='More on "this"', outlet="Harbour Post")), end="")
    [[line]]
    text = "More on \"this\""
    outlet = "Harbour Post"
    decision = "keep"
    """
    lines = [f"[[{entry.kind}]]"]
    if entry.kind is Kind.LINK:
        lines.append(f"articles = [{', '.join(map(toml_string, entry.articles))}]")
    lines += [f"article = {toml_string(name)}" for name in entry.articles if entry.kind is not Kind.LINK]
    if entry.text:
        lines.append(f"{'begins' if entry.begins else 'text'} = {toml_string(entry.text)}")
    if entry.nth is not None:
        lines.append(f"nth = {entry.nth}")
    if entry.outlet is not None:
        lines.append(f"outlet = {toml_string(entry.outlet)}")
    lines.append(f"decision = {toml_string(entry.choice)}")
    if entry.note:
        lines.append(f"note = {toml_string(entry.note)}")
    if entry.judgement is not None:
        lines.append(f"judged = {_judged(entry)}")
    return "\n".join(lines) + "\n"


def _judged(entry: Entry) -> str:
    judgement = entry.judgement
    assert judgement  # noqa: S101 - the caller has asked
    said = [f"{name} = {toml_string(getattr(judgement, name))}" for name in ("stage", "rule", "was", "drawn")]
    said += [] if judgement.score is None else [f"score = {judgement.score}"]
    return "{ " + ", ".join([*said, f"on = {judgement.on.isoformat(timespec='seconds')}"]) + " }"


def toml_string(text: str) -> str:
    r"""A text as a TOML string on one line, with nothing invisible in it.

    >>> print(toml_string("a\u202eb \"c\""))
    "a\u202eb \"c\""
    """
    # JSON's escapes are TOML's; what JSON leaves as it is and TOML doesn't, or people can't see, is escaped here.
    return "".join(_escaped(c) if unicodedata.category(c) in INVISIBLE else c for c in _json(text))


def _json(text: str) -> str:
    # A lone surrogate is no character: TOML has no way to write it, and no published table holds one.
    return json.dumps(text.encode("utf-16", "surrogatepass").decode("utf-16", "replace"), ensure_ascii=False)


def _escaped(character: str) -> str:
    code = ord(character)
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _change(path: Path, change: Callable[[str], str], *, adds: str = "") -> None:
    """Put the changed text in the place of the old one. Of one that only `adds` something, that alone is read again."""
    real = path.resolve()  # a link to a shared file stays a link
    try:
        real.parent.mkdir(parents=True, exist_ok=True)
        with _alone_in(real.parent):
            before = real.read_bytes().decode("utf-8") if real.exists() else ""
            parse_overrides(before, str(path))
            after = change(before)
            parse_overrides(adds or after, str(path))
            _replace(real, after.encode("utf-8"))
    except UnicodeDecodeError as error:
        raise UsageError(f"overrides file {path} is not UTF-8: {error.reason} at byte {error.start}") from error
    except OSError as error:
        raise RunError(f"overrides file {path}: {error.strerror}; nothing was written, make room or rights") from error


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """Wait until no other process writes overrides in this folder. The lock dies with its holder."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _replace(path: Path, data: bytes) -> None:
    part = path.with_name(f".{path.name}.part")
    part.unlink(missing_ok=True)
    with part.open("xb") as file:
        file.write(data)
        if path.exists():
            os.fchmod(file.fileno(), path.stat().st_mode & 0o777)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
    handle = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

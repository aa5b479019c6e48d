"""What stands in an article twice: the title, the deck, the lead, a pull quote, a paragraph.

Lines are compared by their words alone (no case, no marks). What is removed is always the copy that adds
nothing: the shorter one, or the later of two equal ones.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from copydesk.boilerplate.rules import FOLD, fold_line

MIN_PARAGRAPH_WORDS = 12
"""Shorter lines recur for good reasons: questions of an interview, refrains, the name of a speaker."""
MIN_SENTENCE_WORDS = 8
"""A repeated lead or pull quote has at least so many words."""
MAX_QUOTE_WORDS = 40
MAX_QUOTE_DISTANCE = 6
"""Paragraphs between a pull quote and the sentence it was pulled from. Pages set it close by."""
SHARED_RUN_SHARE = 0.5
SHARED_RUN_WORDS = 8
"""A pull quote that was reworded still shares half of its words in one run of at least eight."""

KEY_BYTES = bytes(b if b > 127 or chr(b).isalnum() or b == 10 else 32 for b in range(256))
"""Bytes to bytes for keys: letters, digits and all beyond ASCII stay, marks part words."""


@dataclass(frozen=True, slots=True)
class Repeat:
    """One line that repeats another: which rule says so, and how sure."""

    position: int
    rule: str


def word_key(text: str) -> str:
    """The words of a line, lower-cased, with one space between: equal keys are equal lines.

    >>> word_key("“It’s over,” he said.")
    'it s over he said'
    """
    return word_keys([text])[0]


def word_keys(lines: Sequence[str]) -> list[str]:
    """The keys of many lines, folded in one go; none for none."""
    if not lines:
        return []
    text = "\n".join([line.replace("\n", " ") for line in lines]).lower()
    if not text.isascii():
        for old, new in (*FOLD, ("—", " "), ("–", " "), ("…", " ")):
            text = text.replace(old, new)
    raw = text.encode("utf-8", "replace").translate(KEY_BYTES)
    return [b" ".join(line.split()).decode("utf-8") for line in raw.split(b"\n")]


def find_repeats(lines: Sequence[str], title: str | None, deck: str | None) -> tuple[Repeat, ...]:
    """The lines that repeat the title, the deck or another line, in order. An empty article has none.

    >>> lines = ["The port froze in the night of Sunday.", "The port froze in the night of Sunday. No ship left."]
    >>> find_repeats(lines, "Port frozen", None)
    (Repeat(position=0, rule='repeated-lead/1'),)
    """
    keys = [f" {key} " for key in word_keys(lines)]
    sizes = [key.count(" ") - 1 for key in keys]
    found = _repeated_heads(keys, title, deck)
    found |= _repeated_paragraphs(keys, found)
    found |= _repeated_sentences(lines, keys, sizes, found)
    return tuple(Repeat(position, found[position]) for position in sorted(found))


def _repeated_heads(keys: Sequence[str], title: str | None, deck: str | None) -> dict[int, str]:
    """Lines that are the title or the deck over again. Without a title, the first line is one if it is the last too."""
    heads = {
        f" {word_key(text)} ": rule for text, rule in ((deck, "repeated-deck/1"), (title, "repeated-title/1")) if text
    }
    found = {i: heads[key] for i, key in enumerate(keys) if key in heads and key.count(" ") > 3}
    if title is None and len(keys) > 3 and keys[0] == keys[-1] and 4 < keys[0].count(" ") < 30:
        found[len(keys) - 1] = "repeated-title/1"
    return found


def _repeated_paragraphs(keys: Sequence[str], gone: dict[int, str]) -> dict[int, str]:
    first: dict[str, int] = {}
    found = {}
    for i, key in enumerate(keys):
        if i in gone or key.count(" ") <= MIN_PARAGRAPH_WORDS:
            continue
        if key in first:
            found[i] = "repeated-paragraph/1"
        else:
            first[key] = i
    return found


def _repeated_sentences(
    lines: Sequence[str], keys: Sequence[str], sizes: Sequence[int], gone: dict[int, str]
) -> dict[int, str]:
    """Lines of one sentence that stand in a longer paragraph near by."""
    found = {}
    for i, size in enumerate(sizes):
        if i not in gone and _cut_lead(lines, i):
            found[i] = "repeated-lead/1"
        if i in gone or i in found or not MIN_SENTENCE_WORDS <= size <= MAX_QUOTE_WORDS * 2:
            continue
        longer = [j for j in _near(i, len(keys), MAX_QUOTE_DISTANCE) if sizes[j] > size + 1 and j not in gone]
        if i + 1 in longer and keys[i + 1].startswith(keys[i]):
            found[i] = "repeated-lead/1"
        elif size <= MAX_QUOTE_WORDS and any(keys[i] in keys[j] for j in longer):
            found[i] = "pull-quote/1"
        elif size <= MAX_QUOTE_WORDS and _reworded(i, keys, sizes) and _one_sentence(lines[i]):
            found[i] = "reworded-quote/1"
    return found


def _cut_lead(lines: Sequence[str], position: int) -> bool:
    """Whether a line is the next one's beginning, cut off at the stop of an abbreviation: "LIND (AP) - A U.S."."""
    line = lines[position].strip()
    if position + 1 >= len(lines) or not line.endswith(".") or line.count(" ") < 1:
        return False
    following = lines[position + 1].strip()
    return len(following) > len(line) + 20 and fold_line(following[: len(line) + 8]).startswith(fold_line(line))


def _near(position: int, count: int, distance: int) -> list[int]:
    return [j for j in range(max(0, position - distance), min(count, position + distance + 1)) if j != position]


def _one_sentence(line: str) -> bool:
    return not re.search(r"[.!?][”\"’]?\s+[“\"A-Z]", line.strip())


def _reworded(position: int, keys: Sequence[str], sizes: Sequence[int]) -> bool:
    """Whether the line's second half is word for word in a longer paragraph beside it.

    Only two paragraphs to either side are looked at: that is where pages set a pull quote. The longer paragraph
    has to be more than twice as long: speeches and verdicts repeat their phrases from line to line.
    """
    size = sizes[position]
    need = max(SHARED_RUN_WORDS, round(size * SHARED_RUN_SHARE))
    longer = [j for j in _near(position, len(keys), 2) if sizes[j] > 2.5 * size]
    if size < need or not longer:
        return False
    tail = " " + " ".join(keys[position].split()[-need:]) + " "
    return any(tail in keys[j] for j in longer)

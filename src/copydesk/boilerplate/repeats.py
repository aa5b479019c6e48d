"""What stands in an article twice: the title, the deck, the lead, a pull quote, a paragraph.

Lines are compared by their words alone (no case, no marks). What is removed is always the copy that adds
nothing: the shorter one, or the later of two equal ones.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from copydesk.boilerplate.folding import fold_line, word_lists

MIN_PARAGRAPH_WORDS = 12
"""Shorter lines recur for good reasons: questions of an interview, refrains, the name of a speaker."""
REFRAIN_TIMES = 4
"""A short paragraph that stands so often is the article's own: a step of a plan, a question to each guest."""
MIN_SENTENCE_WORDS = 8
"""A repeated lead or pull quote has at least so many words."""
MAX_QUOTE_WORDS = 40
MAX_QUOTE_DISTANCE = 6
"""Paragraphs between a pull quote and the sentence it was pulled from. Pages set it close by."""
HEADING_WORDS = frozenset({"how", "what", "why", "when", "where", "who", "which", "to"})
"""What a heading begins with that names what follows; a pull quote without a stop begins otherwise."""
TOP_LINES = 2
"""Lines at the top that say what the lead says are its deck or its teaser; further down they head what follows."""
OPENING_WORDS = 8
"""A paragraph takes up its heading within so many words: "The agency has had reports of ice on the northern route"
below "Ice on the northern route"."""
LABELLED = re.compile(
    r"""
    [^\s:]+ (?:\ [^\s:]+)? :\s              # "Myth: ...", "Step 2: ..."; not "she said on Sunday: ..."
    | \d{1,3} [.):]? \s+ ["'“‘«(]? [^\W\d_a-zß-ÿ]   # "9 'The Frozen Quay'"; not "40 of them"
    """,
    re.VERBOSE,
)
"""What stands before a line of a list or the heading of its entry. A quote isn't set large with either."""
LAST_CHARS = 16
"""Characters at the end of a line that a reworded quote shares with its paragraph: eight words have more."""
STOPS = (".", "!", "…", "”", '"', "’", "'", "»")
QUOTES = "“\"‘'«„"
"""Marks that end and begin a pull quote."""
SHARED_RUN_SHARE = 0.5
SHARED_RUN_WORDS = 8
"""A pull quote that was reworded still shares half of its words in one run of at least eight."""


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
    [words] = word_lists([text])
    return b" ".join(words).decode("utf-8", "replace")


def find_repeats(
    lines: Sequence[str], title: str | None, deck: str | None, words: Sequence[Sequence[bytes]] | None = None
) -> tuple[Repeat, ...]:
    """The lines that repeat the title, the deck or another line, in order. An empty article has none.

    `words` are the words of the lines, as `word_lists` gives them, where they are known already.

    >>> lines = ["The port froze in the night of Sunday.", "The port froze in the night of Sunday. No ship left."]
    >>> find_repeats(lines, "Port frozen", None)
    (Repeat(position=0, rule='repeated-lead/2'),)
    """
    keys = _Keys.of(word_lists(lines) if words is None else words)
    found = _repeated_heads(keys.keys, title, deck)
    found |= _repeated_paragraphs(keys.keys, found)
    found |= _repeated_sentences(lines, keys, found)
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
    """Paragraphs that stand twice, but for those that an article repeats on purpose: once a round, or to each guest."""
    if len(set(keys)) == len(keys):
        return {}
    places: dict[str, list[int]] = {}
    for i, key in enumerate(keys):
        if i not in gone and key.count(" ") > MIN_PARAGRAPH_WORDS:
            places.setdefault(key, []).append(i)
    return {
        i: "repeated-paragraph/1"
        for key, where in places.items()
        if len(where) < REFRAIN_TIMES or key.count(" ") > MAX_QUOTE_WORDS
        for i in where[1:]
    }


def _repeated_sentences(lines: Sequence[str], keys: _Keys, gone: dict[int, str]) -> dict[int, str]:
    """Lines of one sentence that stand in a longer paragraph near by."""
    found = {}
    for i, size in enumerate(keys.sizes):
        if i in gone:
            continue
        if _cut_lead(lines, keys.keys, i):
            found[i] = "repeated-lead/2"
        # A line that stands in another one ends there, too: hardly any does, so its end is looked for before the whole.
        elif MIN_SENTENCE_WORDS <= size <= MAX_QUOTE_WORDS * 2 and keys.ends_near(i, MAX_QUOTE_DISTANCE):
            rule = _repeated_sentence(i, lines, keys, gone)
            if rule:
                found[i] = rule
    return found


@dataclass(frozen=True, slots=True)
class _Keys:
    """The keys of an article with a space at either end, and all of them in one text with the places where they start:
    searched in one go. `sizes` are their words.
    """

    keys: Sequence[str]
    everything: str
    starts: Sequence[int]
    sizes: Sequence[int]

    @classmethod
    def of(cls, words: Sequence[Sequence[bytes]]) -> _Keys:
        joined = b" \n ".join(map(b" ".join, words)).decode("utf-8", "replace")
        everything = f" {joined} "
        keys = everything.split("\n") if words else []
        return cls(keys, everything, tuple(accumulate([len(key) + 1 for key in keys], initial=0)), [*map(len, words)])

    def ends_near(self, position: int, distance: int) -> bool:
        """Whether the end of a line may stand in one of the lines near it, too."""
        start, end = max(0, position - distance), min(len(self.keys), position + distance + 1)
        last = self.keys[position][-LAST_CHARS:]
        return self.everything.count(last, self.starts[start], self.starts[end]) > 1

    def near(self, part: str, position: int, distance: int) -> bool:
        """Whether a part of a line stands in one of the lines near it, too."""
        first, last = max(0, position - distance), min(len(self.keys), position + distance + 1)
        if self.everything.find(part, self.starts[first], self.starts[position]) >= 0:
            return True
        return self.everything.find(part, self.starts[position + 1], self.starts[last]) >= 0


def _repeated_sentence(position: int, lines: Sequence[str], keys: _Keys, gone: dict[int, str]) -> str | None:
    sizes = keys.sizes
    key, size = keys.keys[position], sizes[position]
    if keys.near(key, position, MAX_QUOTE_DISTANCE):
        near = _near(position, len(lines), MAX_QUOTE_DISTANCE)
        longer = [j for j in near if sizes[j] > size + 1 and j not in gone]
        if longer and _quotable(lines[position]) and not _heads_next(position, lines[position], keys.keys):
            if position + 1 in longer and keys.keys[position + 1].startswith(key):
                return "repeated-lead/2"
            if size <= MAX_QUOTE_WORDS and any(key in keys.keys[j] for j in longer):
                return "pull-quote/2"
    if size > MAX_QUOTE_WORDS or not keys.near(key[-LAST_CHARS:], position, 2):
        return None
    if _reworded(position, keys.keys, sizes) and _full_sentence(lines[position]):
        return "reworded-quote/2"
    return None


def _quotable(line: str) -> bool:
    """Whether a line can be a pull quote or a caption over again: no question and no heading.

    "What to look for in a quay", "How long does the ice last?" belong where they stand, though a paragraph has the
    same words.
    """
    line = line.strip()
    if line.endswith(("?", ":")) or LABELLED.match(line):
        return False
    if line.endswith(STOPS) or line[:1] in QUOTES or "@" in line or "#" in line:
        return True
    return line.split(None, 1)[0].casefold() not in HEADING_WORDS and not _title_case(line)


def _heads_next(position: int, line: str, keys: Sequence[str]) -> bool:
    """Whether a line without a stop or quotation marks is what the paragraph below it begins with, or nearly so."""
    line = line.strip()
    if position < TOP_LINES or position + 1 >= len(keys) or line.endswith(STOPS) or line[:1] in QUOTES:
        return False
    at = keys[position + 1].find(keys[position])
    return at >= 0 and keys[position + 1].count(" ", 1, at + 1) < OPENING_WORDS


def _title_case(line: str) -> bool:
    """Whether more than half of a line's words begin with a capital, as headings and names do."""
    words = [word for word in line.split() if word[:1].isalpha()]
    return sum(word[0].isupper() for word in words) > len(words) / 2


def _full_sentence(line: str) -> bool:
    """Whether a line is one whole sentence or one quotation: what a pull quote is made of."""
    line = line.strip()
    if line.endswith("?") or LABELLED.match(line):
        return False
    return (line.endswith(STOPS) or line[:1] in QUOTES) and _one_sentence(line)


def _cut_lead(lines: Sequence[str], keys: Sequence[str], position: int) -> bool:
    """Whether a line is the next one's beginning, cut off at the stop of an abbreviation: "LIND (AP) - A U.S."."""
    if position + 1 >= len(lines) or not keys[position + 1].startswith(keys[position][:-1]):
        return False
    line, following = lines[position].strip(), lines[position + 1].strip()
    if not line.endswith(".") or line.count(" ") < 1:
        return False
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
    if size < need:
        return False
    longer = [j for j in _near(position, len(keys), 2) if sizes[j] > 2.5 * size]
    if not longer:
        return False
    tail = " " + " ".join(keys[position].split()[-need:]) + " "
    return any(tail in keys[j] for j in longer)

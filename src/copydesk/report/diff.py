"""Two texts, word by word: what only one of them has."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from html import escape
from unicodedata import category

# "a  b, c" → "a  ", "b, ", "c". Every character is in exactly one token; not the empty string.
TOKEN = re.compile(r"\S+\s*|\s+")

BLANKS = " \n\t"
"""Ordinary white space: what makes no difference behind a word."""

MOST_TOKENS = 2_000
"""Words of one side that are compared one by one; comparing takes the square of it."""


FOLDED_CHARS = 300
"""How much is shown of what `fold` cuts: enough to see where one is."""


@dataclass(frozen=True, slots=True)
class Part:
    """A run of text; `changed` if the other text doesn't have it there."""

    text: str
    changed: bool


@dataclass(frozen=True, slots=True)
class Row:
    """What stands at the same place in two texts. A side without parts has nothing there."""

    left: tuple[Part, ...]
    right: tuple[Part, ...]


def compare_words(before: str, after: str) -> Row:
    """Both texts in parts, the changed words marked.

    >>> compare_words("It cost £2m.", "It cost £3m.").left
    (Part(text='It cost ', changed=False), Part(text='£2m.', changed=True))
    >>> compare_words("", "")
    Row(left=(), right=())
    """
    left, right = TOKEN.findall(before), TOKEN.findall(after)
    if max(len(left), len(right)) > MOST_TOKENS:
        return Row(_part(left, changed=before != after), _part(right, changed=before != after))
    sides: tuple[list[Part], list[Part]] = ([], [])
    for tag, a, b, c, d in _steps(left, right):
        sides[0].extend(_part(left[a:b], changed=tag != "equal"))
        sides[1].extend(_part(right[c:d], changed=tag != "equal"))
    return Row(tuple(sides[0]), tuple(sides[1]))


def _steps(left: Sequence[str], right: Sequence[str]) -> list[tuple[str, int, int, int, int]]:
    """How the words of one side become those of the other; ordinary blanks and line ends behind a word don't count.

    Blanks as tokens of their own were tried: each matches every other, which is slow, and every word of a new
    paragraph was marked by itself.
    """
    before = [token.rstrip(BLANKS) for token in left]
    after = [token.rstrip(BLANKS) for token in right]
    return list(SequenceMatcher(None, before, after, autojunk=False).get_opcodes())


def compare_texts(before: str, after: str) -> tuple[Row, ...]:
    r"""Both texts paragraph by paragraph: equal ones beside each other, changed ones word by word.

    >>> [bool(row.left) for row in compare_texts("One.\n\nTwo.", "One.\n\nNew.\n\nTwo.")]
    [True, False, True]
    """
    return tuple(_rows(_paragraphs(before), _paragraphs(after)))


def _rows(left: Sequence[str], right: Sequence[str]) -> Iterator[Row]:
    for tag, a, b, c, d in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        if tag == "equal":
            yield from (Row((Part(text, False),), (Part(text, False),)) for text in left[a:b])
        else:
            yield compare_words("\n\n".join(left[a:b]), "\n\n".join(right[c:d]))


def _paragraphs(text: str) -> list[str]:
    return text.split("\n\n") if text else []


def _part(tokens: Sequence[str], *, changed: bool) -> tuple[Part, ...]:
    return (Part("".join(tokens), changed),) if tokens else ()


def fold(rows: Sequence[Row]) -> tuple[Row, ...]:
    """The rows with paragraphs that are the same, and long stretches that only one text has, cut short.

    >>> [row] = fold([Row((), (Part("long " * 200, True),))])
    >>> row.right[0].text.endswith("long long … (706 more characters)")
    True
    """
    return tuple(
        Row(tuple(map(_cut, row.left)), tuple(map(_cut, row.right)))
        if len(row.left) <= 1 and len(row.right) <= 1
        else Row(tuple(map(_cut_new, row.left)), tuple(map(_cut_new, row.right)))
        for row in rows
    )


def _cut_new(part: Part) -> Part:
    return _cut(part) if part.changed else part


def _cut(part: Part) -> Part:
    if len(part.text) <= FOLDED_CHARS + 100:
        return part
    kept = part.text[:FOLDED_CHARS].rsplit(None, 1)[0]
    return Part(f"{kept} … ({len(part.text) - len(kept):,} more characters)", part.changed)


def visible(text: str) -> str:
    r"""The text with characters that nobody sees, and blanks that look like others, under their numbers.

    A repair that takes away a soft hyphen would else show the same word twice.

    >>> visible("the\u200b port\u00a0")
    'the[U+200B] port[U+00A0]'
    """
    return "".join(f"[U+{ord(c):04X}]" if _unseen(c) else c for c in text)


def _unseen(character: str) -> bool:
    return character not in " \n\t" and category(character) in {"Cc", "Cf", "Co", "Cn", "Zs", "Zl", "Zp"}


def side_html(parts: Sequence[Part], tag: str) -> str:
    """The parts as markup, the changed ones in `tag` (`del` or `ins`).

    >>> side_html((Part("a <b> ", False), Part("c", True)), "ins")
    'a &lt;b&gt; <ins>c</ins>'
    """
    return "".join(_marked(part.text, tag) if part.changed else escape(part.text) for part in parts)


def _marked(text: str, tag: str) -> str:
    """The mark ends with the last word: a blank behind it looks like a change of its own."""
    words = text.rstrip(BLANKS) or text
    return f"<{tag}>{escape(visible(words))}</{tag}>{text[len(words) :]}"


def inline_html(before: str, after: str) -> str:
    """One text in which what is gone is struck out and what came is marked, in the order of reading."""
    left, right = TOKEN.findall(before), TOKEN.findall(after)
    if max(len(left), len(right)) > MOST_TOKENS:
        return f"<del>{escape(before)}</del> <ins>{escape(after)}</ins>"
    pieces = []
    for tag, a, b, c, d in _steps(left, right):
        if tag == "equal":
            pieces.append(escape("".join(left[a:b])))
            continue
        pieces.append(side_html(_part(left[a:b], changed=True), "del"))
        pieces.append(side_html(_part(right[c:d], changed=True), "ins"))
    return "".join(pieces)


def beside_html(rows: Sequence[Row], heads: tuple[str, str]) -> str:
    """Two columns, side by side, as a table. `heads` are text."""
    body = "".join(
        f"<tr><td>{side_html(row.left, 'del')}</td><td>{side_html(row.right, 'ins')}</td></tr>" for row in rows
    )
    head = f"<tr><th scope=col>{escape(heads[0])}</th><th scope=col>{escape(heads[1])}</th></tr>"
    return f"<table class=diff>{head}{body}</table>"

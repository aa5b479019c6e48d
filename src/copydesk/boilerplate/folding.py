"""A line of text as rules see it: one kind of quote and space, no marks at its edges; and its words alone.

The words of all lines of an article are parted in one go: line by line it took three times as long.
"""

from __future__ import annotations

from collections.abc import Sequence

FOLD = (
    ("’", "'"),
    ("‘", "'"),
    ("“", '"'),
    ("”", '"'),
    ("\u00a0", " "),
    ("\u202f", " "),
    ("\u2009", " "),
    ("\u200b", ""),
    ("\ufeff", ""),
)
"""What is folded before a line is matched: a rule is written once, not per kind of quote and space. Nine
`replace` cost a tenth of one `translate`."""

EDGE_MARKS = " *•⦁●▪■◆►▶»>·–—-_[(|"
"""Marks that stand before furniture and say nothing: bullets, dashes, an opening bracket."""

EDGE_BLANKS = EDGE_MARKS + "\t\n\x0b\x0c\r\x1c\x1d\x1e\x1f"
"""The same, and the other blanks of ASCII."""

WORD_BYTES = bytes(b if b > 127 or chr(b).isalnum() or b == 10 else 32 for b in range(256)).lower()
"""Bytes to bytes for the first look: letters (made small), digits and all beyond ASCII stay, marks part words. Working
on bytes costs a fifth of a regular expression."""

ASCII = bytes(range(128))
"""What is left out to see which characters beyond it stand in a text."""

FEW_LETTERS = 8
"""Capitals beyond ASCII that are made small one by one: up to so many that is faster."""

DASHES = (("—", " "), ("–", " "), ("…", " "))
"""Marks beyond ASCII that part words, too."""


def fold_line(text: str) -> str:
    """The line as rules see it: straight quotes, single spaces, no bullet or bracket at the edges.

    >>> fold_line("(\u00a0Sign up for POLITICO’s tip sheet)")
    "Sign up for POLITICO's tip sheet"
    """
    if not text.isascii():
        for old, new in FOLD:
            text = text.replace(old, new)
    # The only blank that is printable is the space: where none stands double, there is nothing to put together.
    single = "  " not in text and text.isprintable()
    line = (text.rstrip() if single else " ".join(text.split())).lstrip(EDGE_MARKS)
    whole = ")" not in line or line.count("(") >= line.count(")")  # most lines have none, and to count takes longer
    return line.rstrip(" *]|" if whole else " *])|")


def word_lists(lines: Sequence[str]) -> list[list[bytes]]:
    """The words of each line for the first look, as lower-case bytes; none for none.

    >>> [b" ".join(words) for words in word_lists(["“It’s over,” he said.", ""])]
    [b'it s over he said', b'']
    """
    return [line.split() for line in fold_lines(lines).split(b"\n")] if lines else []


def fold_lines(lines: Sequence[str]) -> bytes:
    r"""The lines as the first look sees them, a line end between them: words in lower case, parted by spaces.

    >>> fold_lines(["Read “more”", "Über uns"])
    b'read  more \n\xc3\xbcber uns'
    """
    text = join_lines(lines)
    if not text.isascii():
        beyond = _beyond_ascii(text)
        for old, new in (*FOLD, *DASHES):
            if old in beyond:
                text = text.replace(old, new)
        # The table makes the letters of ASCII small: `lower` beyond ASCII costs ten times as much.
        large = [letter for letter in beyond if letter != letter.lower()]
        if len(large) > FEW_LETTERS or "Σ" in large:  # which has two small forms
            return text.lower().encode("utf-8", "replace").translate(WORD_BYTES)
        for letter in large:
            text = text.replace(letter, letter.lower())
    return text.encode("utf-8", "replace").translate(WORD_BYTES)


def join_lines(lines: Sequence[str]) -> str:
    """The lines with a line end between them, and none in them."""
    # To count the line ends of the joined lines takes three times as long as to look for one and join again.
    if "\n" not in "".join(lines):
        return "\n".join(lines)
    return "\n".join([line.replace("\n", " ") for line in lines])


def _beyond_ascii(text: str) -> set[str]:
    """The characters beyond ASCII that stand in a text: marks and a few letters, mostly."""
    return set(text.encode("utf-8", "replace").translate(None, ASCII).decode())

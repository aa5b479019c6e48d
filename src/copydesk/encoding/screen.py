"""Which of an article's blocks may need a repair: one look at the whole text, then at the halves of what isn't clean.

Most articles are clean from end to end, and so are nine blocks in ten of the others. To ask each block alone took most
of the time of repairing. Whoever is named here by mistake costs a repair that changes nothing; that nobody is missed is
a property test.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache
from itertools import accumulate, product
from unicodedata import combining, is_normalized

from copydesk.encoding.characters import has_invisible
from copydesk.encoding.repair import ENTITY
from copydesk.encoding.suspicion import is_suspect

MAY_STAND = bytes([*range(0x20, 0x7F), 0x0A]).replace(b"&", b"")
NO_RUNS = bytes(32 if byte in MAY_STAND else byte if byte >= 0x80 or byte == 38 else 0 for byte in range(256))
"""Bytes to bytes: printable ASCII becomes a space, which parts runs of what is beyond ASCII; controls become one of
them, which is in no clean run."""
FEW_RUNS = 8
"""Runs that are looked at by themselves."""

MARKS = "“”‘’–—…"
"""Marks that stand side by side in clean text."""

PLAIN = range(0xA1, 0x250), range(0x2010, 0x2030)
"""Letters and marks of European text, among which are those that are known to be clean."""


@cache
def _clean_runs() -> frozenset[bytes]:
    """Runs of characters beyond ASCII that need no repair, whichever ASCII stands beside them.

    All damage is either a character that is never clean, or two such characters side by side (`suspicion`), or a
    character that composes with the one before it.
    """
    alone = [chr(point) for points in PLAIN for point in points]
    pairs = ["".join(pair) for pair in product(MARKS, repeat=2)]
    return frozenset(
        run.encode() for run in alone + pairs if not any(_is_unclean(f"{left}{run}a") for left in ("", "a"))
    )


def find_suspects(texts: Sequence[str]) -> list[int]:
    r"""The positions of the texts that `repair_text` may change, in order; none for none.

    >>> find_suspects(["Clean.", "It isnâ€™t over.", "“Clean” – naïve", "AT&T", "AT&amp;T", "late \n"])
    [1, 4, 5]
    """
    joined = "\n".join(texts)
    if not texts or not may_need_repair(joined):
        return []
    starts = list(accumulate((len(text) + 1 for text in texts), initial=0))
    found: list[int] = []
    waiting = [(0, len(texts))]
    while waiting:
        first, end = waiting.pop()
        if end - first < len(texts) and not may_need_repair(joined[starts[first] : starts[end] - 1]):
            continue
        if end - first == 1:
            found.append(first)
            continue
        middle = (first + end) // 2
        waiting += [(middle, end), (first, middle)]
    return found


def may_need_repair(text: str) -> bool:
    """Whether `repair_text` could change a text, or one of its lines taken alone."""
    lines = text.split("\n")
    if "" in lines or list(map(str.strip, lines)) != lines:
        return True
    unknown = set(text.encode("utf-8", "surrogatepass").translate(NO_RUNS).split()).difference(_clean_runs())
    if unknown and "&" in text and ENTITY.search(text) is not None:
        return True
    unknown.discard(b"&")
    # Many unknown runs are a text in another script: to ask each took longer than to search the text.
    return bool(unknown) and not (len(unknown) <= FEW_RUNS and all(map(_is_clean_run, unknown))) and _is_unclean(text)


@lru_cache(maxsize=4096)
def _is_clean_run(run: bytes) -> bool:
    """Whether a run needs no repair, as those of `_clean_runs`: it doesn't begin with what may compose with ASCII."""
    text = run.decode("utf-8", "surrogatepass")
    return "\0" not in text and not combining(text[0]) and not any(_is_unclean(f"{left}{text}a") for left in ("", "a"))


def _is_unclean(text: str) -> bool:
    """The same of a text without blanks around its lines, asked step by step."""
    if has_invisible(text) or ("&" in text and ENTITY.search(text) is not None):
        return True
    # What is left of a lost quotation mark or apostrophe (`repair.LOST_CLOSING_QUOTE`) is suspect, too.
    return not text.isascii() and (is_suspect(text) or not is_normalized("NFC", text))

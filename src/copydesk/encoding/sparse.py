"""Text with so few bytes above ASCII that statistics say nothing: what they read as, where they stand, decides.

An English article of a thousand words has a dozen quotation marks and one é. A detector by letter frequencies answers
with a Baltic DOS table at a certainty of two in a hundred. But of the few tables such text is written in, mostly one
alone puts every byte where its character can stand: `tÕs` is no word, `caf‚` is none, `it’s` and `café` are.
"""

from __future__ import annotations

import re

from copydesk.encoding.labels import WINDOWS_1252, Encoding

CANDIDATES = (
    WINDOWS_1252,
    Encoding("iso-8859-15", "iso8859_15"),
    Encoding("macintosh", "mac_roman"),
    Encoding("cp850", "cp850"),
    Encoding("cp437", "cp437"),
)
"""What Western text was written in, the likeliest first: of equally good readings the first counts."""

MAX_HIGH_SHARE = 0.1
"""Share of bytes above ASCII beyond which frequencies say more than places. French comes to .04, English full of
quotation marks to .08."""

MAX_HIGH_BYTES = 2_000
"""Bytes above ASCII beyond which there are enough for frequencies, however long the content is."""

LETTERS = "àâäáãåæçèéêëìíîïñòóôöøùúûüßœ" + "ąăāčćďđęěėēėģğıīįķļłľńňņőōřŕśšşșťţțůűūųźžżýþð"
CAPITALS = "ÀÂÄÁÅÆÇÈÉÊËÍÎÑÓÔÖØÚÛÜŒ" + "ĄĂĀČĆĎĐĘĚĖĒĢĞİĪĮĶĻŁĽŃŇŅŐŌŘŔŚŠŞȘŤŢȚŮŰŪŲŹŽŻÝÞÐ"
"""Western letters, and those further east, which only the answers of statistics have: they are in place as well."""

COMMON = "àäåæçèéêíñóôöøüß’“”–—"
"""What most names and loan words have, and what is between words; of two readings that fit, the one with more of these
is the better."""

# One alternative per kind of character, each with the places where it can stand.
# Asked at the character itself, so ASCII costs nothing. Matches the é of café, the “ before a word, the ’ in it’s;
# not the Õ in tÕs or the ‚ at the end of caf‚.
IN_PLACE = re.compile(
    rf"""
      (?<= [A-Za-z{LETTERS}{CAPITALS}]) [{LETTERS}]
    | [{LETTERS}] (?= [a-z{LETTERS}])
    | (?<= [\s'’(]) [àéóèáôí] (?= \s)
    | (?<! [\w.,!?;:]) [{CAPITALS}] (?! \s | [.,!?;:] | $)
    | (?<= [A-Z{CAPITALS}]) [{CAPITALS}] (?! [a-z])
    | (?<! \w) [“‘„‚«»›‹¿¡] (?= \S)
    | (?<= \S) [”’»›«‹“] (?! \w)
    | ’ (?= \w)
    | (?<= \s) [”»«] (?= \s)
    | (?<= \s) [–—•·] | [–—] (?= \s) | (?<= \d) – (?= \d) | (?<= \S) — (?= \S)
    | … | \xa0 (?! \w) | (?<! \w) \xa0 | (?<= \d) \xa0
    | [£€] (?= \s? \d) | (?<= \d) [€£] | (?<= \d [ \xa0]) [€£] | (?<= \s) [€£] (?= \s)
    | (?<= \d) [°²³ºª½] | (?<= \s) [½¼¾°§©®™] | [½¼¾] (?= \s) | (?<= \w) [®™©] | § (?= \s? \d)
    """,
    re.VERBOSE,
)
# Matches "é"; not "e".
HIGH = re.compile(r"[^\x00-\x7f]")
# Matches a letter that European languages use above ASCII, as "é"; not "‡".
COMMON_LETTER = re.compile(f"[{COMMON}]")

MIN_IN_PLACE_SHARE = 0.75
"""Share of characters above ASCII that must stand in place in the best reading."""

COMMON_BONUS = 0.1
"""What a common letter counts beside one in its place: enough to decide between equals, not more."""


def find_sparse(content: bytes) -> Encoding | None:
    """The Western encoding in which the few bytes above ASCII stand in place; None where none does, or there are many.

    >>> find_sparse("They say that it’s the café by the harbour.".encode("mac_roman")).name
    'macintosh'
    >>> find_sparse("мост".encode("koi8-r")) is None
    True
    """
    high = sum(1 for byte in content[:200_000] if byte > 0x7F)
    if not 0 < high <= min(MAX_HIGH_BYTES, max(2, MAX_HIGH_SHARE * len(content))):
        return None
    best = max(CANDIDATES, key=lambda encoding: _score(content, encoding))
    return best if in_place_share(content, best) >= MIN_IN_PLACE_SHARE else None


def in_place_share(content: bytes, encoding: Encoding) -> float:
    """Share (0 to 1) of the characters above ASCII that stand where they can; 0 where the content doesn't decode.

    >>> in_place_share("café".encode(), WINDOWS_1252)
    0.5
    """
    try:
        text = content.decode(encoding.codec)
    except UnicodeDecodeError:
        return 0.0
    places = [IN_PLACE.match(text, match.start()) is not None for match in HIGH.finditer(text)]
    return sum(places) / max(1, len(places))


def _score(content: bytes, encoding: Encoding) -> float:
    share = in_place_share(content, encoding)
    if not share:
        return 0.0
    text = content.decode(encoding.codec)
    return share + COMMON_BONUS * len(COMMON_LETTER.findall(text)) / len(HIGH.findall(text))

"""Damaged text → the text that was meant: mojibake, leftovers of it, entities; and nothing else.

The rule is ftfy's own: no false positives, even at the price of misses. What is damage is ftfy's decision
(`ftfy.badness`), what was meant too; this module decides when ftfy needs to be asked at all, and keeps quotes,
ligatures and widths as published.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from re import Match

import ftfy
from ftfy.chardata import HTML_ENTITIES

from copydesk.encoding.characters import clean_characters
from copydesk.encoding.suspicion import is_suspect

MOJIBAKE = ftfy.TextFixerConfig(
    unescape_html=False,
    remove_terminal_escapes=False,
    fix_latin_ligatures=False,
    fix_character_width=False,
    uncurl_quotes=False,
    fix_line_breaks=False,
    remove_control_chars=False,
    normalization=None,
    explain=False,
)
"""Encoding damage and nothing else. Line ends, controls and NFC are this package's own steps, entities are below."""

MAX_ENTITY_ROUNDS = 3
"""How often entities are resolved: `&amp;amp;#8217;` was escaped by three systems in a row. A bound, so that
nothing can unfold for ever."""

MAX_ROUNDS = 4
"""How often all steps are taken: damage may come to light under a soft hyphen. A second round that changes nothing is
the rule, a third one is rare."""

# Matches &amp; and &#8217; and &#x2019;; not &c. or AT&T; (no such entity).
ENTITY = re.compile(r"&(?:\#[0-9]{1,7}|\#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")

# Matches <b>, </p> and <br/>; not "3 < 4" or "<3".
MARKUP = re.compile(r"</?[A-Za-z!][^<>]{0,200}>")

# A closing quote whose last byte (9D, unassigned in windows-1252) was dropped or became a question mark.
# Matches the â€ in 'â€œYes,â€ she said'; not the â€ of â€™.
# ASCII on both sides: between other characters it is a part of longer mojibake.
LOST_CLOSING_QUOTE = re.compile(r"(?<=[A-Za-z0-9.,!?%)'-])â€[?\ufffd]?(?=[ \n.,;:!?)\]]|$)")

# An apostrophe of which all three bytes became U+FFFD. Matches don���t; not Portugu�s (one byte, another letter).
LOST_APOSTROPHE = re.compile(r"(?<=[A-Za-z])\ufffd{3}(?=(?:s|t|re|ve|ll|d|m)\b)")


@dataclass(frozen=True, slots=True)
class Repaired:
    """Text and the names of the rules that changed it, in the order they were applied; no names, no change."""

    text: str
    rules: tuple[str, ...] = ()


VISIBLE_RULES = frozenset({"mojibake/1", "entities/1", "lossy/1"})
"""Rules that change what a reader sees; the others change only characters that nobody sees."""


def repair_text(text: str, *, entities: bool = True) -> Repaired:
    """The text with encoding damage undone, in NFC, and the rules that did it. Clean text comes back as it is.

    Without `entities`, HTML entities stay: in preformatted text they are what the article is about.
    Entities also stay where the text has tags in it, since then it is code or markup that somebody shows.

    >>> repair_text("The mayorâ€™s plan costs AT&amp;T Â£3m")
    Repaired(text='The mayor’s plan costs AT&T £3m', rules=('entities/1', 'mojibake/1'))
    >>> repair_text("“Clean” text – naïve café, 3 < 4")
    Repaired(text='“Clean” text – naïve café, 3 < 4', rules=())
    """
    rules: list[str] = []
    for _ in range(MAX_ROUNDS):
        changed = text
        for name, step in STEPS if entities else STEPS[1:]:
            after = step(changed)
            if after != changed:
                rules.append(name)
                changed = after
        changed, invisible = clean_characters(changed)
        rules += invisible
        if changed == text:
            break
        text = changed
    return Repaired(text, tuple(dict.fromkeys(rules)))


def _resolve_entities(text: str) -> str:
    for _ in range(MAX_ENTITY_ROUNDS):
        if "&" not in text or MARKUP.search(text):
            return text
        resolved = ENTITY.sub(_entity, text)
        if resolved == text:
            return text
        text = resolved
    return text


def _entity(match: Match[str]) -> str:
    """The character an entity stands for; an entity nobody knows, or one for a control, stays as it is."""
    entity = match[0]
    if not entity.startswith("&#"):
        return HTML_ENTITIES.get(entity, entity)
    character = html.unescape(entity)
    return entity if character in ("", "\0", "\ufffd") else character


def _restore_lost(text: str) -> str:
    if "â€" in text:
        text = LOST_CLOSING_QUOTE.sub("”", text)
    return LOST_APOSTROPHE.sub("’", text) if "\ufffd\ufffd\ufffd" in text else text


def _undo_mojibake(text: str) -> str:
    return ftfy.fix_text(text, MOJIBAKE) if is_suspect(text) else text


STEPS = (("entities/1", _resolve_entities), ("lossy/1", _restore_lost), ("mojibake/1", _undo_mojibake))
"""Entities first: there is mojibake written in entities (`&acirc;&euro;&trade;`), and none the other way round."""

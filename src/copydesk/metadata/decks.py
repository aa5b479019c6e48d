"""Standfirsts in the head of a pasted text, told from leads: only the sure ones."""

from __future__ import annotations

import re
import statistics

from copydesk.metadata.titles import fold_title

MAX_DECK_CHARS = 260
"""A longer standfirst is not told from a lead. Two in a hundred are longer."""
MIN_DECK_WORDS = 5
"""Fewer words are a subhead or a section."""
LONG_PARAGRAPH_CHARS = 400
"""Paragraphs of this length are no agency's: only above such does a short sentence stand out as a standfirst."""
USUAL_CHARS = 340
"""And the usual paragraph of the text must be about as long."""


def may_be_deck(text: str) -> bool:
    """Whether a line has the length of a standfirst, and begins with no place line."""
    return len(text) <= MAX_DECK_CHARS and len(text.split()) >= MIN_DECK_WORDS and not DATELINE.match(text)


# Matches: 'KABUL (Reuters) -', 'KABUL, Afghanistan —', "BERLIN, 3. März (dpa) -".  Not: "Ice is back - at last".
DATELINE = re.compile(
    r"""[^\W\d_][^\n(]{1,60}\([^()\n]{2,40}\)\s?[-–—:]
       |(?:[A-ZÄÖÜ]{3,20}[\ .,]{0,2}){1,3}(?:[A-Z][\w.]{1,20}[\ ,]{0,2}){0,3}\s?[-–—]\s""",
    re.VERBOSE,
)
# Words that no article opens with: a line that does goes on from the headline above it.
# Matches: "But the ice will stay".  Not: "Butter is dear", "The ice, but not the snow".
_GOES_ON = re.compile(
    r"(?:But|And|Yet|Still|However|Nor|Instead|Meanwhile|Moreover|Nevertheless|Otherwise|Or|Doch|Aber|Und|Mais|Pero|Ma|Mas|Maar|Men|Но)\b"
)
# Words of a lead rather than of a standfirst: the day of the news, quotation.
# Matches in: "The ice broke on Monday", "“We wait,” she said".  Not in: "Why the ice breaks earlier".
_NEWS = re.compile(
    r"[\"“”«»„]|\b(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|said|says|told|announced|reported|yesterday|today)\b"
)
# Matches the end of a sentence inside a line.  Not: "U.S. troops", the end of the line.
_SENTENCE_END = re.compile(r"(?<!\b[A-Z])[.!?]\s+(?=[A-Z“\"])")
# Matches a sentence cut at an abbreviation: "... with Mr.".  Not: "... of the U.S."
_CUT_SHORT = re.compile(r"\b(?:Mr|Mrs|Ms|Dr|Gen|Gov|Sen|Rep|Lt|St|Jr|No|vs)\.$")


def is_deck(text: str, below: list[str]) -> bool:
    """Whether the last line above the body is a standfirst and no lead.

    A lead wrongly moved is a loss, a standfirst left in the text is none, so only two kinds are sure: one
    sentence that goes on from the headline ("But first they ..."), and a short one in a text of paragraphs so long that
    it's none of them. Tried and rejected: any short line before a paragraph three times as long (23 of 600 texts
    lost their lead, as magazines open with short sentences).
    """
    if not may_be_deck(text) or text[-1] != ".":
        return False
    if _NEWS.search(text) or _SENTENCE_END.search(text) or _CUT_SHORT.search(text):
        return False
    if fold_title(below[0]).startswith(fold_title(text)[:60]) or len(below[0]) < len(text):
        return False
    if _GOES_ON.match(text):
        return True
    usual = statistics.median(map(len, below))
    return len(text) <= 80 and len(below[0]) >= max(6 * len(text), LONG_PARAGRAPH_CHARS) and usual >= USUAL_CHARS

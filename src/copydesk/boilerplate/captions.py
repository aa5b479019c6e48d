"""Captions and credits by their form: a photographer and an agency at the end of a line, glued or not.

    Anti-smuggling patrol off Lindhaven, May 2014                 the pair whose lines differ
    Coast guards off Lindhaven, May 2014Handout / Reuters         glued credit
    Mayor Ruth Abbott at the quay. (Tom Reyes/AP)                 credit in brackets
    Nadia Duffy / Getty Images                                    a credit alone

A line is never a caption for being short, or for a name in it: only a credit (or the line's likeness to a
captioned neighbour) says so.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from copydesk.boilerplate.folding import fold_line

MAX_CAPTION_WORDS = 110
"""Captions of picture stories reach 90 words; a longer line that ends with a credit is a paragraph."""

NAME = r"[A-Z][\w.'’-]*(?:\ (?:[A-Z][\w.'’-]*|de|da|la|van|von|der|el|al|bin|di)){0,4}"
# "May 2014Nadia Duffy"; not "May 2014", "2014A"
GLUED_YEAR = re.compile(r"(?:19|20)\d\d[A-Z][a-z]")


STOPS = (".", "?", "!", ",", ":", ";", "”", '"')
"""With these ends no credit; most lines end so, and are told by it alone."""


OPENS_SENTENCE = frozenset({"He", "She", "They", "But", "And", "However,"})
"""With these a paragraph goes on from the one before it. A caption begins anew, unless it says itself what it is."""

# "Mayor Abbott at the quay, May 2014."; not "She was elected in May 2014."
DATED = re.compile(r",\ [A-Z]\w{2,9}\.?(?:\ \d{1,2},)?\ (?:19|20)\d\d\.$")


@dataclass(frozen=True, slots=True)
class Credit:
    """A caption and the credit after it; the caption is empty where the line is a credit alone."""

    caption: str
    credit: str
    form: str

    @property
    def text(self) -> str:
        """Caption and credit with a space between them: what is kept in the field."""
        return f"{self.caption} {self.credit}".strip()


# "(Easton, PA)": a town in Pennsylvania; not "(Tom Reyes/PA)"
IN_PENNSYLVANIA = re.compile(r"[(\[][^/:]+, PA[)\]]")


@cache
def _table() -> dict[str, list[str]]:
    return tomllib.loads(files("copydesk.data").joinpath("credits.toml").read_text(encoding="utf-8"))


@cache
def _papers() -> frozenset[str]:
    """The papers that are a subhead where they stand alone."""
    return frozenset(_table()["papers"])


@cache
def _forms() -> tuple[tuple[str, re.Pattern[str], tuple[str, ...]], ...]:
    """The forms of a credited line, most certain first, each with the ends of which such a line has one: that is told
    in a tenth of the time.
    """
    table = _table()
    strong = _names(table["strong"])
    every = _names(table["strong"] + table["weak"])
    chain = rf"(?:{every})(?:\ ?/\ ?(?:{every})|\ via\ (?:{every}))*"
    credit = rf"(?:{NAME}\ ?[/,|–-]\ ?)?{chain}"
    lead = r"(?:Photo|Photograph|Picture|Image|Credit|Courtesy|Illustration)s?(?:\ by|:|\ credit:)\ ?"
    strong_chain = rf"(?:{strong})(?:\ ?/\ ?(?:{every})|\ via\ (?:{every}))*"
    forms = {
        # "Photo: Nadia Duffy / AP"; not "Photo finish at Lindhaven"
        "credit": rf"(?P<caption>)(?P<credit>{lead}{credit}|{lead}{NAME}|{NAME}\ ?/\ ?{chain}|{strong_chain})",
        # "Mayor Abbott at the quay. (Tom Reyes/AP)"; not "The firm (listed as AP) closed."
        "bracket": rf"(?P<caption>.+?)\ ?(?P<credit>[(\[](?:{lead})?(?:.{{0,60}}[/,]\ ?)?{chain}(?:/{NAME})?"
        rf"(?:\ via\ {NAME})?[)\]])",
        "photo-bracket": rf"(?P<caption>.+?)\ ?(?P<credit>[(\[](?:{lead}|AP\ Photo/|File\ photo).{{0,70}}[)\]])",
        # "Crowds at the gate. REUTERS/Nadia Duffy"; not "He told Reuters/Ipsos pollsters so."
        "slashed-name": rf"(?P<caption>.+?[.\"”!?])\ ?(?P<credit>(?:{NAME}/)?"
        rf"(?:REUTERS|AP\ Photo|AP|AFP|EPA)/{NAME}(?:/(?:{every}))*)",
        "via": rf"(?P<caption>.+?[.\"”!?])\ ?(?P<credit>{NAME}/(?:Pool\ via\ )?{chain})",
        # "... summit. Photograph: Tom Reyes/AP"
        "named": rf"(?P<caption>.+?)\ (?P<credit>(?:Photograph|Photo|Picture|Credit|Image):\ ?{NAME}.{{0,60}})",
        # "..., May 2014Handout / Reuters"; not "... in May 2014."
        "glued": rf"(?P<caption>.+[a-z0-9.,)\"”’'!?])(?P<credit>(?:{NAME}\ ?/\ ?)?{chain}|{NAME}/{chain})",
        # "..., May 2014Nadia Duffy / Lodestar": an agency nobody knows, but the year is glued to a name
        "glued-name": rf"(?P<caption>.+(?:19|20)\d\d)(?P<credit>{NAME}(?:\ ?/\ ?{NAME})?)",
        # "..., May 2014 Nadia Duffy / AP"
        "slashed": rf"(?P<caption>.+?)\ (?P<credit>{NAME}\ ?/\ ?{chain})",
        # "..., May 2014 Getty Images"; "..., May 2014 AP" only after a year or a full stop
        "bare-strong": rf"(?P<caption>.+?)\ (?P<credit>{strong_chain})",
        "bare-weak": rf"(?P<caption>.+?(?:(?:19|20)\d\d|\.))\ (?P<credit>{chain})",
    }
    brackets, agencies = (")", "]"), tuple(table["strong"] + table["weak"])
    ends: dict[str, tuple[str, ...]] = dict.fromkeys(("bracket", "photo-bracket"), brackets)
    ends |= dict.fromkeys(("via", "glued", "slashed", "bare-strong", "bare-weak"), agencies)
    return tuple((name, re.compile(form), ends.get(name, ("",))) for name, form in forms.items())


def _names(names: list[str]) -> str:
    ordered = sorted(names, key=lambda name: (-len(name), name))
    return "|".join(re.escape(name) for name in ordered)


@cache
def _sources_of_text() -> frozenset[str]:
    """The agencies and papers that a text may come from as well as a picture."""
    return frozenset(_table()["texts"])


@cache
def _last_words() -> tuple[str, ...]:
    """The last words of all agency names: the cheap first look at a line's end."""
    table = _table()
    return tuple(sorted({name.split()[-1].split("/")[-1] for name in table["strong"] + table["weak"]}))


@cache
def _by_last_letter() -> Mapping[str, tuple[str, ...]]:
    """The same by their last letters: a line's end is held against three of them, not against all."""
    words = _last_words()
    return {last: tuple(word for word in words if word[-1] == last) for last in {word[-1] for word in words}}


def read_credit(text: str) -> Credit | None:
    """The caption and the credit of a line, or None where it ends with no credit.

    >>> read_credit("Coast guards off Lindhaven, May 2014Handout / Reuters")
    Credit(caption='Coast guards off Lindhaven, May 2014', credit='Handout / Reuters', form='glued')
    >>> read_credit("He spoke to Reuters.") is None
    True
    """
    tail = text[-60:]
    if not _may_be_credit(tail) or text.count(" ") > MAX_CAPTION_WORDS:
        return None
    line = " ".join(text.replace("\u00a0", " ").split()).strip(" *•")
    for name, form, ends in _forms():
        found = form.fullmatch(line) if line.endswith(ends) else None
        if found and _plausible(name, found["caption"], found["credit"]):
            return Credit(found["caption"].rstrip(), found["credit"], name)
    return None


def _may_be_credit(tail: str) -> bool:
    """Whether a line's end can be a credit: the cheap first look."""
    if tail.endswith((")", "]")):
        return "/" in tail or "hoto" in tail or any(word in tail for word in _last_words())
    if tail.endswith(STOPS):
        return False
    if "/" in tail or "hoto" in tail or tail.endswith(_by_last_letter().get(tail[-1:], ())):
        return True
    return ("19" in tail or "20" in tail) and GLUED_YEAR.search(tail) is not None


def _plausible(form: str, caption: str, credit: str) -> bool:
    """Whether what stands before the credit can be a caption."""
    words = caption.split()
    if words and words[0] in OPENS_SENTENCE and form not in {"named", "photo-bracket"}:
        return False
    if form in {"bare-strong", "slashed", "bare-weak"}:
        # "He reads The Guardian" has no credit: a caption without a stop before its credit is short,
        # and a paper's name is a credit only after a slash or a stop.
        paper = credit.startswith("The ") and "/" not in credit
        return 3 <= len(words) <= 60 and not (paper and not caption.endswith((".", ")")))
    if form in {"glued", "glued-name"}:
        return len(words) >= 2
    if form == "bracket":
        return _plausible_bracket(caption, credit)
    return form != "credit" or credit not in _papers()


def _plausible_bracket(caption: str, credit: str) -> bool:
    """Whether an agency in brackets took the picture: it may have printed the quotation before it, shown the film that
    has won ("Best comedy: My Uncle (NBC)"), or be where a school stands ("Lower Marsh (Easton, PA)").
    """
    if "/" in credit or "," in credit:
        return IN_PENNSYLVANIA.fullmatch(credit) is None
    # One name behind a full stop is where that comes from ("The trial goes on. (Reuters)"), but for those who have
    # nothing but pictures, and behind the month of one.
    stopped = caption.endswith(STOPS) and not caption.endswith("...") and DATED.search(caption) is None
    told = stopped and credit.strip("()[]") in _sources_of_text()
    listed = ": " in caption and ":" not in credit and not caption.endswith((".", "!", "?", "…"))
    return 4 <= caption.count(" ") + 1 <= 24 and caption[:1] not in '"“-–—' and not (listed or told)


def is_pair(line: str, captioned: str) -> bool:
    """Whether a line is the caption of its neighbour over again, in the same or in other words.

    The second form of a pair differs ("X off Lindhaven, May 2014" beside "Y off Lindhaven, May 2014"): it
    must be short, end without a stop, and share its last three words, or be the other's beginning.

    >>> is_pair("Patrol boats off Lindhaven, May 2014", "Coast guards off Lindhaven, May 2014")
    True
    >>> is_pair("The patrol left Lindhaven in May 2014.", "Coast guards off Lindhaven, May 2014")
    False
    """
    left, right = fold_line(line).rstrip("."), fold_line(captioned).rstrip(".")
    if not left or not right:
        return False
    if left.casefold() == right.casefold():
        return True
    if line.rstrip().endswith((".", "!", "?", "”", '"', ":")):
        return False
    a, b = left.casefold().split(), right.casefold().split()
    return 4 <= len(a) <= 40 and len(b) >= 4 and a[-3:] == b[-3:]

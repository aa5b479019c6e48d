"""Whether a text has any sequence that encoding damage could have made: the cheap question before the dear one.

ftfy's own test tries some thirty alternatives at every character. But each of them needs a control of the range
U+0080–9F, one of Œ, œ, Ã and Â, or two neighbours above ASCII that are no plain pair of letters, nor of quotation
marks and dashes. Clean text in any language has hardly any of these, and that much can be seen at a glance. The
classes are ftfy's, so both change together; that nothing is missed is a property test.
"""

from __future__ import annotations

import re

from ftfy.badness import MOJIBAKE_CATEGORIES as CATEGORIES

TYPOGRAPHY = "\xa0\xad\xb7\xb4¡¿\u2010-\u201f\u2022-\u2027\u00ab\u00bb"
"""What clean text is full of. No two of these in a row are damage: ‘“ or ”— or …”."""

SINGLE = f"{CATEGORIES['c1']}\ud800-\udfff\ufffdŒœÃÂ"
"""Reason enough by themselves."""

SYMBOLS = (
    "".join(CATEGORIES[name] for name in ("bad", "law", "currency", "numeric", "box"))
    + "©®™‹›˝\u0384\u0385\uf8ffЂЃЉЊЌЋЏ°µ"
)
"""Signs that don't stand next to a letter above ASCII, or next to each other, in clean text."""

UPPER = CATEGORIES["upper_accented"]
LOWER = CATEGORIES["lower_accented"]

# Matches in "cafÃ© noir" and "itâ€™s"; not in "café noir", "it’s" or "ÉCOLE".
# It begins with a plain class, and looks back from behind it: that way the engine runs over ASCII at full speed.
SUSPECT = re.compile(
    rf"""
    [^\x00-\x7f]
    (?: (?<= [{SINGLE}])
      | [{SYMBOLS}]
      | (?<= [{SYMBOLS}]) [^\x00-\x7f]
      | (?<! [“‘’«—–…•\xa0\xad¡¿]) [{UPPER}]
      | (?<= [{UPPER}]) [{TYPOGRAPHY}°]
      | (?<! [{TYPOGRAPHY}]) [{TYPOGRAPHY}] [\w{TYPOGRAPHY}]
      | (?<= [»”]) [{LOWER}]
      | (?<= ‚) [âó]
      | (?<= [ÎÐ]) [ŠšŸžŽœ]
    )
    """,
    re.VERBOSE,
)


def is_suspect(text: str) -> bool:
    """Whether ftfy has to be asked about the text.

    >>> is_suspect("the mayorâ€™s"), is_suspect("“naïve” – the mayor’s café")
    (True, False)
    """
    return not text.isascii() and SUSPECT.search(text) is not None

"""Notes written from one form, known by the company they keep: alike, and with other facts each time.

Two such notes can't be told from a note and its edited copy when their facts come out the same: of a bank's daily
notes with seven sums and nine rates every sixtieth pair agrees in both. But a copy has few texts beside it that share
as much and say otherwise; a note from a form has a whole series of them.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from copydesk.duplicates.verify import Verdicts

Flags = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.int64]

LEAST_OTHERS = 4
"""A text with fewer texts that share enough but say otherwise isn't held for one of a series: a count of victims is
corrected twice or three times."""


def find_forms(total: int, left: Numbers, right: Numbers, verdicts: Verdicts) -> Flags:
    """Which of `total` texts are of a series, by all pairs that were measured: those linked less often than not.

    A badly scanned copy has a few texts beside it that seem to say otherwise, too, but more links.

    >>> none = np.zeros(0, dtype=np.int64)
    >>> find_forms(2, none, none, Verdicts(*[none] * len(Verdicts.__slots__))).tolist()
    [False, False]
    """
    linked = verdicts.linked.astype(bool)
    links = _count_ends(total, left[linked], right[linked])
    missed = verdicts.enough.astype(bool) & ~linked
    others = _count_ends(total, left[missed], right[missed])
    found: Flags = (others >= LEAST_OTHERS) & (others > links)
    return found


def stay_linked(forms: Flags, left: Numbers, right: Numbers, verdicts: Verdicts) -> Flags:
    """Which pairs are links still: none in which few words match and one text is of a series."""
    found: Flags = verdicts.linked & ~((forms[left] | forms[right]) & verdicts.brief)
    return found


def _count_ends(total: int, left: Numbers, right: Numbers) -> Numbers:
    return np.bincount(left, minlength=total) + np.bincount(right, minlength=total)

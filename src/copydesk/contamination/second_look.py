"""A second look at the paragraphs in doubt: all figures at once, by a model fitted on such paragraphs alone.

Most paragraphs are settled by their own figures and their neighbours' scores. What is left are a few in a hundred that
look strange: foreign ones, and genuine ones like a survey's margin of error or a change of subject. Other figures tell
these two apart than tell strangers from all paragraphs, so a third logistic model weighs the columns of the first two
and how strange the strangest run of paragraphs is that holds each (`runs.py`). It costs a sum over one paragraph in
ten: nothing of the text is read again.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from copydesk.contamination.model import SHORT_REST_WORDS, Model
from copydesk.contamination.signals import Figures

DOUBTFUL_FROM = -5.0
"""Log-odds of the second model from which a paragraph is looked at again. From -3 half of what hard strangers gain was
lost: the model learns from genuine paragraphs that look a little strange. From -4 and -6.5 it did as well."""
AGAIN = "second look"
"""The name of the third model among the weights, and of what it added to the log-odds among the figures."""
RUN = "run"
"""The name of the fourth model among the weights, and of its log-odds among the columns of the third."""


def in_doubt(scores: Figures, rest: Figures) -> NDArray[np.bool_]:
    """Which paragraphs are looked at again, by their log-odds and the logarithm of the words beside them.

    In a short article none: half of its paragraphs look strange, and hard strangers in briefs were lost by it.

    >>> in_doubt(np.array([-9.0, -2.0, -2.0]), np.log([800, 800, 200])).tolist()
    [False, True, False]
    """
    doubtful: NDArray[np.bool_] = (scores > DOUBTFUL_FROM) & (rest >= np.log(SHORT_REST_WORDS))
    return doubtful


def second_columns(
    rows: NDArray[np.bool_] | NDArray[np.int64], columns: dict[str, Figures], among: dict[str, Figures], runs: Figures
) -> dict[str, Figures]:
    """The columns of the third model for some paragraphs: those of the first, those of the second as "among …", and
    the log-odds of the strangest run that holds each.
    """
    own = {name: values[rows] for name, values in columns.items()}
    return own | {f"among {name}": values[rows] for name, values in among.items()} | {RUN: runs[rows]}


def look_again(
    scores: Figures, columns: dict[str, Figures], among: dict[str, Figures], runs: Figures, model: Model
) -> Figures:
    """The log-odds of judged paragraphs after the second look; those not in doubt keep theirs.

    `columns` are those of the first model, `among` those of the second, and `runs` the log-odds of the strangest run
    that holds each, for the paragraphs of `scores`.
    """
    rows = np.flatnonzero(in_doubt(scores, columns["rest"]))
    if not rows.size:
        return scores
    looked = scores.copy()
    looked[rows] = model.weigh(second_columns(rows, columns, among, runs))
    return looked

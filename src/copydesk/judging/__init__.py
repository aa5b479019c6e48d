"""What the whole corpus says about each article: found in columns, written down as verdicts, carried out one by one."""

from copydesk.judging.accounting import account_judged
from copydesk.judging.columns import COLUMNS, Shelf, hold, judging_columns
from copydesk.judging.kept import Kept
from copydesk.judging.order import judge_columns
from copydesk.judging.overruling import override_shelf
from copydesk.judging.verdicts import Verdict, settle

__all__ = [
    "COLUMNS",
    "Kept",
    "Shelf",
    "Verdict",
    "account_judged",
    "hold",
    "judge_columns",
    "judging_columns",
    "override_shelf",
    "settle",
]

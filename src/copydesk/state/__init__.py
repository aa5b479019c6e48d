"""What earlier runs know, and who holds the corpus."""

from copydesk.state.examined import ExaminedStore, find_kept
from copydesk.state.fingerprint import examination_fingerprint
from copydesk.state.lock import Hold, Owner, hold, read_owner
from copydesk.state.runs import Run, list_runs, log_run
from copydesk.state.segments import RecordKey, record_key

__all__ = [
    "ExaminedStore",
    "Hold",
    "Owner",
    "RecordKey",
    "Run",
    "examination_fingerprint",
    "find_kept",
    "hold",
    "list_runs",
    "log_run",
    "read_owner",
    "record_key",
]

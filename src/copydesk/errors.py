"""The errors of copydesk: broken settings and broken promises, never bad data.

    CopydeskError
    ├── UsageError       wrong use or wrong settings        exit status 2
    ├── LockedError      another run holds the corpus       exit status 3
    ├── RunError         the run failed, nothing published  exit status 4
    │   ├── ContractError   a table breaks its schema
    │   │   └── StaleParentError   changes were given to a snapshot that can't take them
    │   └── LedgerError     the outcomes don't add up
    └── GateError        done, but a gate held it back      exit status 1

Bad data is an outcome (`article.Outcome`), with a reason in the ledger. Every message names the value, the
place and the way out, in one line.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any


class CopydeskError(Exception):
    """Anything this package raises on purpose; `exit_status` is what the command line returns."""

    exit_status = 4


class UsageError(CopydeskError):
    """A wrong argument, setting or folder."""

    exit_status = 2


class LockedError(CopydeskError):
    """Another run holds the corpus."""

    exit_status = 3


class RunError(CopydeskError):
    """The run failed; the published corpus is as it was."""


class ContractError(RunError):
    """A table doesn't keep what its schema promises."""


class StaleParentError(ContractError):
    """The published snapshot is damaged, gone or of another schema: changes to it say nothing, whole tables do."""


class LedgerError(RunError):
    """The outcomes don't add up to the records that were read."""


class GateError(CopydeskError):
    """The run is done, but a quality gate kept its result from being published.

    `gates` are all gates as they were found (`running.gates.Gate`), `evidence` the file that lists the records.
    """

    exit_status = 1

    def __init__(self, message: str, gates: Sequence[Any] = (), evidence: Path | None = None) -> None:
        super().__init__(message)
        self.gates = tuple(gates)
        self.evidence = evidence

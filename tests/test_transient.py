"""Which errors are worth another try."""

from __future__ import annotations

import errno

import pytest

from copydesk.errors import GateError, LockedError, RunError, UsageError
from copydesk.transient import may_pass, waits_seconds


@pytest.mark.parametrize(
    "error", [OSError(errno.ESTALE, "x"), OSError(errno.EIO, "x"), TimeoutError(), ConnectionResetError()]
)
def test_network_and_disk_errors_may_pass(error: OSError):
    """Also where the run has put them into words of its own."""
    assert may_pass(error)
    wrapped = RunError("nothing was published")
    wrapped.__cause__ = error
    assert may_pass(wrapped)


@pytest.mark.parametrize(
    "error",
    [
        OSError(errno.ENOSPC, "full"),
        OSError(errno.EROFS, "read-only"),
        PermissionError(errno.EACCES, "no"),
        FileNotFoundError(errno.ENOENT, "no"),
        GateError("held"),
        UsageError("wrong"),
        LockedError("held by another"),
        RunError("no reason of the system's"),
        ValueError("a bug"),
        None,
    ],
)
def test_what_a_person_has_to_mend_is_not_tried_again(error: BaseException | None):
    """A full disk is as full in a minute."""
    assert not may_pass(error)


def test_no_retries_no_waits():
    """None is a number of retries."""
    assert waits_seconds(0, 60) == []

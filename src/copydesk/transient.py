"""Which errors may pass by themselves, so that trying again helps, and how long to wait."""

from __future__ import annotations

import errno

TRANSIENT = frozenset(
    {
        errno.EAGAIN,
        errno.EBUSY,
        errno.ECONNABORTED,
        errno.ECONNREFUSED,
        errno.ECONNRESET,
        errno.EHOSTDOWN,
        errno.EHOSTUNREACH,
        errno.EIO,
        errno.ENETDOWN,
        errno.ENETRESET,
        errno.ENETUNREACH,
        errno.ENOTCONN,
        errno.ESTALE,
        errno.ETIMEDOUT,
    }
)
"""What a network file system or an object store says while it is away. A full disk, a missing folder or a lost right
stay as they are until a person does something."""


def may_pass(error: BaseException | None) -> bool:
    """Whether the error, or the one it was raised from, is one of a network or a disk that may be gone in a minute.

    >>> may_pass(OSError(errno.ESTALE, "Stale file handle")), may_pass(OSError(errno.ENOSPC, "No space left"))
    (True, False)
    """
    while error is not None:
        if isinstance(error, (TimeoutError, ConnectionError)):
            return True
        if isinstance(error, OSError) and error.errno in TRANSIENT:
            return True
        error = error.__cause__
    return False


def waits_seconds(retries: int, first_seconds: float) -> list[float]:
    """How long to wait before each retry: each time twice as long as before.

    >>> waits_seconds(3, 60)
    [60, 120, 240]
    """
    return [first_seconds * 2**number for number in range(retries)]

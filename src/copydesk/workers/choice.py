"""Which engine does the work, by its name."""

from __future__ import annotations

from copydesk.errors import UsageError
from copydesk.settings import RunningSettings
from copydesk.workers.engine import Engine, SerialEngine
from copydesk.workers.pool import ProcessEngine

SERIAL, PROCESSES, DASK = "serial", "processes", "dask"

ENGINES = (PROCESSES, DASK, SERIAL)
"""The names that `--engine` takes; the first is what is done without it."""


def choose_engine(name: str, workers: int, limits: RunningSettings, scheduler: str | None = None) -> Engine:
    """The engine of this name; `scheduler` is the address of a Dask scheduler.

    Raises UsageError for a name that isn't known, and for a scheduler without Dask.

    >>> choose_engine("serial", 1, RunningSettings(), "tcp://10.0.0.1:8786")
    Traceback (most recent call last):
    copydesk.errors.UsageError: --scheduler tcp://10.0.0.1:8786 is for --engine dask, not for serial; leave one out
    """
    if scheduler is not None and name != DASK:
        raise UsageError(f"--scheduler {scheduler} is for --engine dask, not for {name}; leave one out")
    if name == SERIAL:
        return SerialEngine()
    if name == PROCESSES:
        return ProcessEngine(workers, limits)
    if name == DASK:
        from copydesk.workers.cluster import DaskEngine  # dask is an extra, and takes half a second to import

        return DaskEngine(workers, limits, scheduler)
    raise UsageError(f"--engine {name}: there are {', '.join(ENGINES)}")

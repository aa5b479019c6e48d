"""Parallel work on records that may mean harm: a pure function over items, results in the order of the items.

`engine`: the protocol `map(function, items, size)`, and the engine that does all work in this process. `pool`: worker
processes that may die; an item that kills its worker costs itself alone. `stream`: one such worker that takes files
apart. `nursery`: where workers come from, one warm process that forks them in milliseconds; `zygote` is that process
from inside, `split` how it is split off from a run's own process, `child` a worker from inside, `saying` how it
answers. `wire`: how items and results travel. `cluster`: the same work on a Dask cluster. `choice`: which engine a name
means.
"""

from copydesk.workers.choice import ENGINES, PROCESSES, SERIAL, choose_engine
from copydesk.workers.engine import Engine, GroupWork, SerialEngine, Summary, group_by_size
from copydesk.workers.pool import ProcessEngine
from copydesk.workers.stream import stream_parts

__all__ = [
    "ENGINES",
    "PROCESSES",
    "SERIAL",
    "Engine",
    "GroupWork",
    "ProcessEngine",
    "SerialEngine",
    "Summary",
    "choose_engine",
    "group_by_size",
    "stream_parts",
]

"""The process that workers are forked from, from inside: imports everything once, examines nothing itself.

It stays alone in one thread, so forking is safe, whatever threads its user has. It lives in a session of its own:
Ctrl-C on the terminal reaches only its user, who decides. When the user is gone, however it died, the
connection ends, and with it all workers.
"""

from __future__ import annotations

import gc
import importlib
import mmap
import os
import signal
import socket
import struct
import sys
import warnings
from multiprocessing.connection import Connection
from typing import Any

from copydesk.machine import lean
from copydesk.machine.split import end_with
from copydesk.workers.child import work

START, END, PREPARE = 1, 2, 3
REQUEST = struct.Struct("!Bq")
"""START with the bytes of memory that the worker may hold (the socket it works for comes along), END with its
process id, or PREPARE with the length of a `module:function` that follows (it isn't answered: the next request is)."""
ANSWER = struct.Struct("!qq")
"""The process id of the worker that was started, and 0; or the status of the one that ended (negative: the signal), and
which of the items that it was given last it was at (from 1; 0 if it was at none)."""
GONE = (-signal.SIGKILL, 0)
"""How a worker ended that this process doesn't know: it was forked from one that has died, and died with it."""


def main(descriptor: int, preload: list[str]) -> None:
    """Serve the user at the other end of this socket until it is gone, after a call of each `module:function`."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Whoever started the run may ignore what becomes of children, and that is inherited: then they vanish unasked.
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    # Arrow starts a thread for its allocator, which forks well; Python warns of any.
    warnings.filterwarnings("ignore", message=".*multi-threaded", category=DeprecationWarning)
    lean.begin()
    load(*preload)
    with socket.socket(fileno=descriptor) as control:
        serve(control)


def load(*functions: str) -> None:
    """Nothing: each `module:function` has been called, and what is there now stays shared between all workers."""
    for name in functions:
        module, _, function = name.partition(":")
        getattr(importlib.import_module(module), function)()
    gc.collect()
    gc.freeze()


def serve(control: socket.socket) -> None:
    """Start and end workers as asked; end all of them at the end."""
    alive: dict[int, memoryview] = {}
    try:
        while True:
            message, descriptors, _, _ = socket.recv_fds(control, REQUEST.size, 1)
            if not message:
                return
            code, value = REQUEST.unpack(message)
            if code == PREPARE:
                load(control.recv(value, socket.MSG_WAITALL).decode())
                continue
            if code == START:
                # Shared with the worker, and still there when it is dead.
                at_item = memoryview(mmap.mmap(-1, struct.calcsize("q"))).cast("q")
                worker = _fork(control, descriptors[0], value, at_item)
                alive[worker] = at_item
                control.sendall(ANSWER.pack(worker, 0))
            elif value in alive:
                control.sendall(ANSWER.pack(_end(value), alive.pop(value)[0]))
            else:
                control.sendall(ANSWER.pack(*GONE))
    except ConnectionError:
        return
    finally:
        for process_id in alive:
            _end(process_id)


def _fork(control: socket.socket, descriptor: int, memory_bytes: int, at_item: memoryview) -> int:
    zygote = os.getpid()
    process_id = os.fork()
    if process_id:
        os.close(descriptor)
        return process_id
    status = 1
    try:
        # Nobody else could end this one, should it hang: its user has a number that may be another process's by then.
        if sys.platform == "linux":
            end_with(zygote)
        control.close()
        connection: Connection[Any, Any] = Connection(descriptor)
        status = work(connection, memory_bytes, at_item)
    finally:
        # Nothing of the process it was forked from is to be tidied up twice.
        os._exit(status)


def _end(process_id: int) -> int:
    """Kill the worker (which does nothing to one that is dead) and say how it ended."""
    os.kill(process_id, signal.SIGKILL)
    _, status = os.waitpid(process_id, 0)
    return os.waitstatus_to_exitcode(status)

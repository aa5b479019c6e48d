"""Says when this process makes machine code: that may take longer than any record may, and is no record's fault."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

_told: list[Callable[[bool], None]] = []


def announce_compiling(tell: Callable[[bool], None]) -> None:
    """Nothing; from now on this process calls `tell(True)` before it compiles something, and `tell(False)` after it.

    A loop that is compiled for another one is a part of that one. What is loaded from disk isn't told of.
    """
    _told.append(tell)


@functools.cache
def listen_to_compiler() -> None:
    """Nothing; to be called once the compiler is loaded."""
    from numba.core import event

    class Listener(event.Listener):
        depth = 0

        def on_start(self, _: Any) -> None:
            self.depth += 1
            self._tell(self.depth == 1, True)

        def on_end(self, _: Any) -> None:
            self.depth -= 1
            self._tell(self.depth == 0, False)

        def _tell(self, outermost: bool, begins: bool) -> None:
            for tell in _told if outermost else ():
                tell(begins)

    register: Callable[[str, Listener], None] = event.register
    register("numba:compile", Listener())

"""The texts that have to be measured: each is loaded once, in the order in which they lie, and held in a file.

Pairs come in no order in which anything lies. To load the texts of some thousand pairs at a time, of a million
articles each as often as it is in a pair, took as long as all the rest of finding duplicates.
"""

from __future__ import annotations

import mmap
from collections.abc import Callable, Sequence
from tempfile import TemporaryFile
from typing import Self

import numpy as np
import numpy.typing as npt

from copydesk.duplicates.buffers import Buffers, keep_all, room
from copydesk.duplicates.candidates import Numbers
from copydesk.machine.forks import map_in_forks, may_fork
from copydesk.machine.work import ALONE, Work

LoadTexts = Callable[[Sequence[int]], Sequence[str]]
"""The texts of some rows, in their order."""

LOADED_ROWS = 512
"""Texts that are Python's at once."""

ROUND_ROWS = 16 * LOADED_ROWS
"""Texts that are loaded side by side before they are put into the file."""


class HeldTexts:
    """Texts of some of `count` rows, in a file of the work's folder that nobody else sees; without a folder in memory.

    `lies`, shape (count,): rows are loaded in the order of these numbers; without them in their own. They are loaded in
    forks of this process: to read a text is Python's own work.
    """

    def __init__(
        self,
        load: LoadTexts,
        count: int,
        work: Work = ALONE,
        lies: npt.NDArray[np.int32] | None = None,
    ) -> None:
        self._load, self._lies = load, lies
        # Not in threads: whoever loads may note what is damaged, where only the thread that began may.
        self._work = work if may_fork() else ALONE
        self._places = np.full(count, -1, np.int32)
        self._offsets = np.zeros(1, np.int64)
        self._memory = bytearray()
        self._file = TemporaryFile(dir=work.folder) if work.folder else None  # noqa: SIM115 - open as long as this is used

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        if self._file:
            self._file.close()

    def places(self, rows: Numbers) -> Numbers:
        """Where among those held the texts of these rows are; those that aren't held yet are loaded."""
        new = np.unique(rows[self._places[rows] < 0])
        if self._lies is not None:
            new = new[np.argsort(self._lies[new], kind="stable")]
        for low in range(0, len(new), ROUND_ROWS):
            self._add(new[low : low + ROUND_ROWS])
        return self._places[rows].astype(np.int64)

    def buffers(self) -> Buffers:
        """All texts that are held, one after the other; their words aren't kept."""
        size = int(self._offsets[-1])
        data: mmap.mmap | bytes = b"\0"
        if size:
            data = mmap.mmap(self._file.fileno(), size, prot=mmap.PROT_READ) if self._file else bytes(self._memory)
        return Buffers(np.frombuffer(data, np.uint8), self._offsets, room(0, -1), keep_all)

    def strings(self, places: Numbers) -> list[str]:
        """Some of the texts, by their places."""
        held = self.buffers()
        bounds = zip(held.offsets[places].tolist(), held.offsets[places + 1].tolist(), strict=True)
        return [held.data[start:end].tobytes().decode() for start, end in bounds]

    def _add(self, rows: npt.NDArray[np.int64]) -> None:
        def load(low: int) -> tuple[bytes, list[int]]:
            texts = [text.encode() for text in self._load(rows[low : low + LOADED_ROWS].tolist())]
            return b"".join(texts), list(map(len, texts))

        loaded = map_in_forks(load, range(0, len(rows), LOADED_ROWS), self._work, loaded=True)
        for data, _ in loaded:
            if self._file:
                self._file.write(data)
            else:
                self._memory += data
        if self._file:
            self._file.flush()
        ends = np.cumsum([size for _, sizes in loaded for size in sizes])
        self._places[rows] = np.arange(len(rows)) + len(self._offsets) - 1
        self._offsets = np.concatenate([self._offsets, self._offsets[-1] + ends])

"""The language detector, with the walk through its table in machine code where such code is loaded anyway.

The detector reads a text byte by byte through a table of moves and counts what it meets, in plain Python: two thirds of
its time, .1 ms. Machine code does the same in a fiftieth. To load the compiler takes half a second, so nobody loads it
for this; but workers at many texts and at pages have it. Both ways count the same, so the answers are equal.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from py3langid.langid import MODEL_DIR, MODEL_FILE, LanguageIdentifier

from copydesk.machine.compiling import Pace
from copydesk.machine.kept_arrays import Arrays, kept_arrays
from copydesk.metadata.walk import KEPT_AS

PACE = Pace(Path(__file__).parent, f"walk.{KEPT_AS}", load_work=500, compile_work=3_000)
"""Work is texts."""


class Detector(LanguageIdentifier):
    """The identifier of py3langid; what it says doesn't depend on how the table is walked."""

    @cached_property
    def _table(self) -> tuple[NDArray[Any], ...]:
        """Moves, the row of each state, what is met in it (-1 for nothing), room for counts."""
        rows, met = np.array(self._rowbase, np.int64), np.array(self.tk_output, np.int64)
        return np.asarray(self.tk_nextmove), rows, met, np.zeros(int(met.max()) + 1, np.int32)

    def _raw_score(self, text: bytes) -> Any:
        """The scores of the languages, as in py3langid."""
        if not PACE.add_where_loaded(1):
            return super()._raw_score(text)  # type: ignore[no-untyped-call]  # py3langid is untyped
        from copydesk.metadata.walk import compiled_walk

        met = np.empty(len(text), np.int64)
        counts = np.empty(len(text), np.float32)
        found = compiled_walk()(np.frombuffer(text, np.uint8), *self._table, met, counts)
        if not found:
            return super()._raw_score(b"")  # type: ignore[no-untyped-call]  # py3langid is untyped
        return np.log1p(counts[:found]) @ self.nb_ptc[met[:found]] + self.nb_pc


def load_detector(languages: Sequence[str]) -> Any:
    """The detector with py3langid's model, for these languages only.

    The model is packed with lzma, and to unpack it takes half a second. So what these languages need of it is kept.
    """
    path = MODEL_DIR / MODEL_FILE
    stat = path.stat()
    chosen = hashlib.blake2b(" ".join(languages).encode(), digest_size=6).hexdigest()
    name = f"languages-{chosen}-{stat.st_size}-{stat.st_mtime_ns}"
    model = kept_arrays(Path(__file__).parent, name, lambda: _unpack(path, languages))
    classes, rows, met = (model[name].tolist() for name in ("classes", "rows", "met"))
    # As memory, not as an array: plain Python reads it number by number.
    moves = model["moves"].data
    weights, bias = model["weights"], model["bias"]
    # py3langid has no types.
    detector: Any = Detector(weights, bias, classes, moves, met, norm_probs=True, tk_row=rows)  # type: ignore[no-untyped-call]
    return detector


def _unpack(path: Path, languages: Sequence[str]) -> Arrays:
    # py3langid has no types.
    whole: Any = Detector.from_model_file(path, norm_probs=True)  # type: ignore[no-untyped-call]
    whole.set_languages(languages)
    parts = {"bias": whole.nb_pc, "classes": whole.nb_classes, "moves": whole.tk_nextmove, "rows": whole.tk_row}
    # A choice of languages leaves the table column by column in memory, while a text needs some two hundred rows of it:
    # row by row the same numbers come at twice the speed, and in the width that is reckoned with at twice that.
    parts |= {"weights": np.ascontiguousarray(whole.nb_ptc, np.float32), "met": whole.tk_output}
    return {name: np.asarray(part) for name, part in parts.items()}

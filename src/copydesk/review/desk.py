"""The cases of one review and what was said about them: saved with each keystroke, taken back with another."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from copydesk.errors import CopydeskError
from copydesk.overrides import Overrides, append_entry, load_overrides, withdraw_entry
from copydesk.review.cases import Case
from copydesk.review.context import Scene, entry_of


class MeanwhileError(CopydeskError):
    """A case was judged in another window since this one showed it."""

    exit_status = 2


@dataclass(frozen=True, slots=True)
class Saved:
    """A judgement of this review: the case, what was said, and the text that stands for it in the file."""

    case: Case
    decision: str
    block: str


class Desk:
    """What a review remembers while it runs. The file is the truth; this is only the order of the session."""

    def __init__(
        self,
        cases: tuple[Case, ...],
        path: Path,
        drawn: str,
        scene_of: Callable[[Case], Scene],
        clock: Callable[[], dt.datetime],
    ) -> None:
        self.cases = cases
        self.path = path
        self.drawn = drawn
        self._scene_of, self._clock = scene_of, clock
        self._numbers = {case.name: i for i, case in enumerate(cases)}
        self._saved: list[Saved] = []
        self.lock = threading.Lock()

    def find(self, name: str) -> tuple[int, Case] | None:
        """The number and the case of this name; None if there is none."""
        number = self._numbers.get(name)
        return None if number is None else (number, self.cases[number])

    def scene(self, case: Case) -> Scene:
        """The surroundings of a case."""
        return self._scene_of(case)

    def decided(self, case: Case) -> str:
        """What was said about a case in this review: keep, remove, or nothing yet."""
        return next((saved.decision for saved in reversed(self._saved) if saved.case == case), "")

    @property
    def last(self) -> Saved | None:
        """The judgement that would be taken back."""
        return self._saved[-1] if self._saved else None

    @property
    def done(self) -> int:
        """How many cases of this review are judged."""
        return len({saved.case.name for saved in self._saved})

    def next_after(self, name: str | None) -> str | None:
        """The name of the next case that nobody has judged, behind this one, then from the start; None if all are.

        Skipped cases come round again.
        """
        start = -1 if name is None else self._numbers[name]
        judged = {saved.case.name for saved in self._saved}
        for step in range(len(self.cases)):
            case = self.cases[(start + 1 + step) % len(self.cases)]
            if case.name not in judged and case.name != name:
                return case.name
        return name if name is not None and name not in judged else None

    def judge(self, case: Case, decision: str, seen: str) -> None:
        """Save a decision on a case. `seen` is what the window showed as decided when it was made.

        Raises MeanwhileError if another window has decided otherwise since then; nothing is saved then. Raises the
        errors of `append_entry` if the file can't be changed.
        """
        with self.lock:
            decided = self.decided(case)
            if decided == decision:
                return  # The same keystroke again, or in another window.
            if decided != seen:
                raise MeanwhileError(f"another window has judged this meanwhile: {decided or 'taken back'}")
            entry = entry_of(self.scene(case), decision, self.drawn, self._clock())
            self._saved.append(Saved(case, decision, append_entry(self.path, entry)))

    def undo(self) -> str | None:
        """The name of the case whose judgement was taken back; None if there is none in this review.

        Raises UsageError if a person has changed the entry in the file since.
        """
        with self.lock:
            if not self._saved:
                return None
            withdraw_entry(self.path, self._saved[-1].block)
            return self._saved.pop().case.name

    def overrides(self) -> Overrides:
        """All that the file says now."""
        return load_overrides(self.path)

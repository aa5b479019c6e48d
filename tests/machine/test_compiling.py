"""How much work a process does in plain Python before it loads machine code or compiles it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from copydesk.machine.compiling import Pace, digest_sources, inner_code, machine_code


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of source files with one for machine code in it."""
    (tmp_path / "__pycache__").mkdir()
    return tmp_path


def pace_in(folder: Path) -> Pace:
    """A pace that loads after 10 units of work and compiles after 100."""
    return Pace(folder, "words.read_ab12", load_work=10, compile_work=100)


def test_little_work_is_done_plainly_and_much_by_machine_code(folder: Path) -> None:
    """Work adds up until compiling pays, and what was begun goes on."""
    pace = pace_in(folder)
    assert [pace.add(60), pace.add(30), pace.add(10), pace.add(0)] == [False, False, True, True]


def test_kept_code_is_loaded_sooner(folder: Path) -> None:
    """What is on disk need only pay for loading; that of an older version counts for nothing."""
    (folder / "__pycache__" / "words.read_ab11-12.py313.nbi").touch()
    assert not pace_in(folder).add(50)
    (folder / "__pycache__" / "words.read_ab12-12.py313.nbi").touch()
    pace = pace_in(folder)
    assert [pace.add(9), pace.add(1)] == [False, True]


def test_where_nobody_loaded_the_compiler_nothing_counts(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work adds up only beside loops that have brought the compiler."""
    pace = pace_in(folder)
    monkeypatch.delitem(sys.modules, "numba", raising=False)
    assert not pace.add_where_loaded(100)
    monkeypatch.setitem(sys.modules, "numba", sys)
    assert [pace.add_where_loaded(99), pace.add_where_loaded(1)] == [False, True]


def test_one_process_compiles_and_the_others_go_on_plainly(folder: Path) -> None:
    """Who comes second works plainly until the first one's code is there."""
    first, second = pace_in(folder), pace_in(folder)
    assert first.add(100)
    assert not second.add(100)
    (folder / "__pycache__" / "words.read_ab12-12.py313.nbi").touch()
    assert second.add(1)


def test_the_folder_is_looked_into_now_and_then(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Many small steps of work look for kept code as often as a few large ones."""
    looks = []
    monkeypatch.setattr(Pace, "is_kept", lambda _: bool(looks.append(1)))
    pace = pace_in(folder)
    assert not any(pace.add(0) or pace.add(1) for _ in range(9))
    assert not looks
    assert not any(pace.add(1) or pace.add(0) or pace.add(0) for _ in range(20))
    assert len(looks) == 20


def test_what_others_have_done_plainly_counts(folder: Path) -> None:
    """After nights that were each too short, one compiles: as soon as it has done what loading takes."""
    assert [pace_in(folder).add(45), pace_in(folder).add(50)] == [False, False]
    last = pace_in(folder)
    assert [last.add(9), last.add(10)] == [False, True]


def test_what_a_process_has_done_itself_counts_once(folder: Path) -> None:
    """Its own marks are no others': work in many small steps is as much as in a large one."""
    pace = pace_in(folder)
    assert [pace.add(10) for _ in range(10)] == [False] * 9 + [True]


def test_processes_that_do_little_leave_no_mark(folder: Path) -> None:
    """Who tries the program on a page or two, ever so often, doesn't wait for the compiler."""
    assert not any(pace_in(folder).add(12) for _ in range(20))


def test_without_a_folder_each_compiles_for_itself(folder: Path) -> None:
    """Where nothing can be kept, there is nothing to wait for."""
    lost = folder / "lost"
    assert pace_in(lost).add(100)
    assert pace_in(lost).add(100)


def test_a_digest_is_of_all_files(tmp_path: Path) -> None:
    """A change of any file gives another digest; no files give one, too."""
    for name in "ab":
        (tmp_path / name).write_text(name)
    sources = [tmp_path / "a", tmp_path / "b"]
    before = digest_sources(sources)
    sources[1].write_text("c")
    assert before != digest_sources(sources) != digest_sources([])


def _double(value):  # type: ignore[no-untyped-def]
    return 2 * value


def test_code_that_calls_inner_code() -> None:
    """A function whose helper Python can't call gives what it gives in plain Python."""
    inner = inner_code(_double)

    def outer(value):  # type: ignore[no-untyped-def]
        return inner(value) + 1

    assert machine_code(outer)(20) == 41

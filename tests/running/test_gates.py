"""Gates: what they compare, when they hold a result back, and when they have nothing to say."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import pytest

from copydesk.running.gates import ROWS, Gate, Measure, check_gates, decode_measure, encode_measures
from copydesk.settings import GateSettings
from copydesk.state import Run

START = dt.datetime(2026, 1, 15, 2, tzinfo=dt.UTC)
SETTINGS = GateSettings()


def night(number: int, status: str = "published", accepted: int = 0, **shares: int) -> Run:
    """Make a logged run of 1,000 records, the shares in thousandths by measure (`__` stands for a dot)."""
    measures = {name.replace("__", "."): Measure(part, 1_000) for name, part in shares.items()}
    started = START + dt.timedelta(days=number)
    return Run(f"r{number}", started, started, status, {**encode_measures(measures), "accepted": accepted})


def nights(*runs: Run) -> tuple[Run, ...]:
    """Order runs as the log gives them."""
    return tuple(sorted(runs, key=lambda run: run.started, reverse=True))


def broken(name: str, part: int, earlier: Sequence[Run], settings: GateSettings = SETTINGS, whole: int = 1_000):
    """Name the gates that a run with this one measure breaks."""
    return [gate.name for gate in check_gates({name: Measure(part, whole)}, earlier, settings) if not gate.passed]


@pytest.mark.parametrize(
    ("name", "usual", "passes", "breaks"),
    [
        ("corpus.quarantined", 10, 210, 211),
        ("new.no_article", 10, 210, 211),
        ("new.off_topic", 0, 200, 201),
        ("corpus.duplicate", 100, 400, 401),
        ("new.no_authors", 300, 500, 501),
        ("new.no_date", 300, 500, 501),
        ("new.removed.boilerplate", 50, 250, 251),
        ("new.outlet.Harbour Post", 100, 500, 501),
        (ROWS, 800, 400, 399),
    ],
)
def test_each_measure_has_its_limit(name: str, usual: int, passes: int, breaks: int):
    """A measure passes up to its limit over the median of earlier runs, and not beyond."""
    earlier = nights(*(night(n, **{name.replace(".", "__"): usual}) for n in range(5)))
    assert broken(name, passes, earlier) == []
    assert broken(name, breaks, earlier) == [name]


def test_first_run_passes():
    """Without earlier runs there is nothing to compare with, however bad the result looks."""
    assert check_gates({"corpus.quarantined": Measure(1_000, 1_000), ROWS: Measure(0, 1_000)}, (), SETTINGS) == ()


@pytest.mark.parametrize("status", ["failed", "killed", "held", "dry run", "running"])
def test_runs_that_published_nothing_are_no_history(status: str):
    """Failed, killed, held and dry runs say nothing about what is usual."""
    earlier = nights(*(night(n, status, corpus__quarantined=0) for n in range(9)))
    assert check_gates({"corpus.quarantined": Measure(1_000, 1_000)}, earlier, SETTINGS) == ()


def test_too_few_earlier_runs_are_no_history():
    """Two nights are no custom; with the third the gate begins."""
    earlier = [night(n, new__no_date=0) for n in range(3)]
    assert broken("new.no_date", 900, nights(*earlier[:2])) == []
    assert broken("new.no_date", 900, nights(*earlier)) == ["new.no_date"]


def test_few_records_are_not_compared():
    """Three of ten records are 30 %, and mean nothing: neither tonight nor in the past."""
    earlier = nights(*(night(n, new__no_date=0) for n in range(3)))
    assert broken("new.no_date", 199, earlier, whole=199) == []
    assert broken("new.no_date", 200, earlier, whole=200) == ["new.no_date"]
    small = [Run("r", START, START, "published", encode_measures({"new.no_date": Measure(0, 10)}))] * 5
    assert broken("new.no_date", 900, small) == []


def test_empty_folder_is_held_back():
    """No articles where there were many: that is what a raw folder looks like that isn't mounted."""
    earlier = nights(*(night(n, **{ROWS.replace(".", "__"): 900}) for n in range(3)))
    assert broken(ROWS, 0, earlier, whole=0) == [ROWS]


def test_empty_folder_is_held_back_in_the_second_night():
    """Whether a folder is mounted needs no custom of three nights, and half of the articles may go as before."""
    first = nights(night(0, **{ROWS.replace(".", "__"): 900}))
    assert broken(ROWS, 0, first, whole=0) == [ROWS]
    assert broken(ROWS, 450, first) == []


def test_small_corpus_is_not_emptied():
    """Of thirty articles ten may be left, but not none; a corpus that was empty may stay so."""
    first = [Run("r", START, START, "published", encode_measures({ROWS: Measure(30, 40)}))]
    assert broken(ROWS, 0, first, whole=0) == [ROWS]
    assert broken(ROWS, 10, first, whole=15) == []
    emptied = [Run("r", START, START, "published", encode_measures({ROWS: Measure(0, 0)}))]
    assert broken(ROWS, 0, emptied, whole=0) == []


def test_growth_is_no_breach():
    """A corpus may become ten times as large in a night."""
    earlier = nights(*(night(n, **{ROWS.replace(".", "__"): 900}) for n in range(3)))
    assert broken(ROWS, 9_000, earlier, whole=10_000) == []


def test_one_odd_night_does_not_move_the_median():
    """The median, not the mean: one bad night that got through doesn't open the gate for the next."""
    earlier = nights(*(night(n, new__no_date=900 if n == 3 else 50) for n in range(5)))
    assert broken("new.no_date", 300, earlier) == ["new.no_date"]


def test_what_was_accepted_is_the_new_normal():
    """After `--accept` the nights before it count no longer, and one run is enough to compare with."""
    before = [night(n, corpus__no_date=10) for n in range(5)]
    accepted = night(5, accepted=1, corpus__no_date=600)
    assert broken("corpus.no_date", 610, nights(*before)) == ["corpus.no_date"]
    assert broken("corpus.no_date", 610, nights(*before, accepted)) == []
    assert broken("corpus.no_date", 900, nights(*before, accepted)) == ["corpus.no_date"]


def test_only_the_last_nights_count():
    """History is as long as the settings say."""
    long_ago = [night(n, new__no_date=900) for n in range(20)]
    lately = [night(n, new__no_date=0) for n in range(20, 34)]
    assert broken("new.no_date", 300, nights(*long_ago, *lately)) == ["new.no_date"]


def test_new_outlet_has_no_gate():
    """An outlet that wasn't there before can't have changed."""
    earlier = nights(*(night(n, new__no_date=0) for n in range(5)))
    assert check_gates({"new.outlet.Gull Gazette": Measure(900, 1_000)}, earlier, SETTINGS) == ()


def test_limit_of_one_switches_a_gate_off():
    """A share can't rise by more than all."""
    settings = GateSettings(max_null_rise=1.0)
    earlier = nights(*(night(n, new__no_date=10) for n in range(5)))
    assert broken("new.no_date", 1_000, earlier, settings) == []


@pytest.mark.parametrize(
    ("setting", "name"),
    [
        ("max_dropped_share", "corpus.dropped"),
        ("max_duplicate_share", "corpus.duplicate"),
        ("max_no_authors_share", "corpus.no_authors"),
        ("max_no_date_share", "corpus.no_date"),
    ],
)
def test_absolute_limits_hold_once_named(setting: str, name: str):
    """Off by default; named in the settings, they need no history."""
    settings = GateSettings(**{setting: 0.5})  # type: ignore[arg-type]
    assert broken(name, 501, (), settings) == [name]
    assert broken(name, 500, (), settings) == []
    assert broken(name, 1_000, (), SETTINGS) == []


def test_measures_survive_the_log():
    """What is written down is what is read, also for outlets with odd names."""
    measures = {"new.outlet.The of. Times": Measure(3, 7)}
    counts = encode_measures(measures)
    assert decode_measure(counts, "new.outlet.The of. Times") == Measure(3, 7)
    assert decode_measure(counts, "new.outlet.Another") is None
    assert decode_measure({}, "new.no_date") is None


def test_gate_without_history_names_no_median():
    """An absolute gate says its limit only."""
    assert str(Gate("corpus.no_date", 0.6, None, 0.5, passed=False)) == (
        "corpus.no_date is 60.0 %, over the limit of 50.0 %"
    )


def test_share_of_nothing_is_nothing():
    """A night without new records has no shares."""
    assert Measure(0, 0).share == 0.0

"""What stages take is measured, workers included, kept beside the run, and found again in its log."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

from copydesk.machine.metering import StageCost, decode_costs, encode_costs, metered, read_costs
from copydesk.report.progress import BYTES, Lines, Silent
from copydesk.state import list_runs
from copydesk.writing import locate

WORK = "import time\nblock = bytearray(64_000_000)\nwhile time.process_time() < 0.4: pass"
"""What a worker does here: four tenths of a second of work, with 64 MB in hand."""

ASKS = """
import json, subprocess, sys
from copydesk.machine.processes import tree_cpu_seconds, tree_memory_bytes

seconds, memory = tree_cpu_seconds(), tree_memory_bytes()
code = sys.stdin.read() + "\\nprint('done', flush=True)\\ninput()"
with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as worker:
    worker.stdout.readline()
    used = tree_cpu_seconds() - seconds, tree_memory_bytes() - memory, worker.poll() is None
    worker.communicate(b"\\n")
print(json.dumps(used))
"""
"""Starts the work that it is handed, and says what a process that still runs has added."""

STAGES = ("examine", "load", "duplicates", "learned lines", "foreign paragraphs", "survivors", "rows", "check")


def test_work_of_processes_below_counts(tmp_path: Path):
    """Time and memory of a process that a stage starts are the stage's, not the next one's."""
    with metered(Silent(), tmp_path) as progress:
        progress.start("examine", None)
        subprocess.run([sys.executable, "-c", WORK], check=True)
        progress.start("judge", None)
    examine, judge = read_costs(tmp_path)
    assert (examine.stage, judge.stage) == ("examine", "judge")
    assert examine.cpu_seconds >= 0.3
    assert judge.cpu_seconds < 0.3
    assert examine.peak_bytes > 64_000_000
    assert examine.wall_seconds >= 0.3


def test_a_process_that_still_runs_counts():
    """Nobody has to wait for a worker to know what it used."""
    # Asked in a process that does nothing else: the tests' own gives back hundreds of megabytes whenever it likes.
    asked = subprocess.run([sys.executable, "-c", ASKS], input=WORK, capture_output=True, text=True, check=True)
    seconds, memory_bytes, running = json.loads(asked.stdout)
    assert seconds >= 0.3
    assert memory_bytes > 60_000_000
    assert running


def test_stages_pass_on_to_whoever_shows_them(tmp_path: Path, capsys):
    """The meter shows nothing and hides nothing."""
    with metered(Lines(sys.stdout), tmp_path) as progress:
        progress.start("examine", 2_000_000, BYTES)
        progress.advance(1_000_000, "3 records")
        progress.close()
    assert capsys.readouterr().out == "examine: 1.0 of 2.0 MB (3 records)\n"
    assert [cost.stage for cost in read_costs(tmp_path)] == ["examine"]


def test_stage_that_is_tried_again_is_one_stage(tmp_path: Path):
    """A task that is retried after a fault of a disk has cost what all its tries cost."""
    for _ in range(2):
        with metered(Silent(), tmp_path) as progress:
            progress.start("publish", None)
            time.sleep(0.02)
    [cost] = read_costs(tmp_path)
    assert cost.wall_seconds >= 0.04


def test_nothing_was_measured(tmp_path: Path):
    """A run without stages has no costs, nor has a run that was logged before there were any."""
    with metered(Silent(), tmp_path):
        pass
    assert read_costs(tmp_path) == ()
    assert decode_costs({"records": 7}) == ()


def test_costs_keep_their_order_in_the_log():
    """Twelve stages come back as they were, not sorted by name."""
    costs = tuple(StageCost(name, 1.0, 2.0, 3) for name in "zyxwvutsrqpo")
    assert decode_costs(encode_costs(costs)) == costs


def test_run_knows_what_its_stages_took(cleaned: Path):
    """The log has every stage in the order in which they ran; the page has those before it was made."""
    [logged] = list_runs(locate(cleaned).state)
    costs = decode_costs(logged.counts)
    assert tuple(cost.stage for cost in costs) == (*STAGES, "report", "publish")
    assert all(cost.peak_bytes > 10_000_000 for cost in costs)
    page = (cleaned / "reports" / "latest.html").read_text(encoding="utf-8")
    assert [stage for stage in STAGES if f"<th scope=row>{stage}</th>" not in page] == []
    assert "<th scope=row>publish</th>" not in page


def test_a_stage_too_short_to_be_looked_at_has_what_was_held_before(tmp_path: Path):
    """To look at the memory may cost more than such a stage does, so stages that follow each other share a look."""
    with metered(Silent(), tmp_path) as progress:
        for stage in STAGES:
            progress.start(stage, None)
    costs = read_costs(tmp_path)
    assert tuple(cost.stage for cost in costs) == STAGES
    assert all(cost.peak_bytes > 10_000_000 for cost in costs)

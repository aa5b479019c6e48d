"""Progress on terminals, in logs, and where nobody looks."""

import io
import subprocess
import sys

from copydesk.report.progress import Lines, Silent, Steps, show_progress


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        """Say so."""
        return True


def test_log_gets_one_plain_line_per_stage():
    """A stream that is no terminal gets counts without control characters."""
    stream = io.StringIO()
    with show_progress(stream=stream) as progress:
        progress.start("examine", 1500)
        progress.advance(1500)
        progress.start("judge", None)
    assert stream.getvalue() == "examine: 1,500 of 1,500\njudge: 0\n"


def test_log_does_without_what_draws_bars():
    """What draws on terminals isn't loaded where there is none."""
    code = "import io, sys; from copydesk.report.progress import show_progress; "
    code += "show_progress(stream=io.StringIO()).__enter__(); print('rich' in sys.modules)"
    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == "False"


def test_quiet_says_nothing():
    """Nobody asked, nothing is written."""
    stream = io.StringIO()
    with show_progress(quiet=True, stream=stream) as progress:
        progress.start("examine", 3)
        progress.advance()
    assert isinstance(progress, Silent)
    assert stream.getvalue() == ""


def test_lines_are_closed_when_the_run_fails():
    """The count reached stands in the log also if the stage is interrupted."""
    stream = io.StringIO()
    try:
        with show_progress(stream=stream) as progress:
            progress.start("examine", 10)
            progress.advance(4)
            raise KeyboardInterrupt
    except KeyboardInterrupt:
        assert stream.getvalue() == "examine: 4 of 10\n"


def test_a_long_stage_writes_a_line_now_and_then():
    """A stage that lasts shows life before its end."""
    stream = io.StringIO()
    lines = Lines(stream)
    lines.start("examine", 10)
    lines._said_at -= 60
    lines.advance()
    lines.close()
    assert stream.getvalue() == "examine: 1 of 10\n"


def test_steps_count_when_they_are_over():
    """A step that works all at once says nothing of its pace, and how much it was in the end."""
    stream = io.StringIO()
    with show_progress(stream=stream) as progress:
        begin = Steps(progress)
        begin("duplicates", 1200)
        begin("survivors", 1100)
        begin.end()
    assert stream.getvalue() == "duplicates: 1,200\nsurvivors: 1,100\n"


def test_interrupted_step_does_not_count():
    """What failed half-way isn't said to be done."""
    stream = io.StringIO()
    try:
        with show_progress(stream=stream) as progress:
            Steps(progress)("duplicates", 1200)
            raise KeyboardInterrupt
    except KeyboardInterrupt:
        assert stream.getvalue() == "duplicates: 0\n"


def test_closing_twice_says_nothing_twice():
    """A run closes its last stage itself; whoever opened the progress does it again."""
    for stream in (io.StringIO(), Terminal()):
        with show_progress(stream=stream) as progress:
            progress.start("publish", 3)
            progress.close()
            said = stream.getvalue()
        assert stream.getvalue() == said

"""Progress on terminals, in logs, and where nobody looks."""

import io

from copydesk.report.progress import Lines, Silent, show_progress


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


def test_terminal_gets_a_bar_with_the_name_of_the_stage():
    """A terminal gets a bar that names the stage and reaches its end."""
    stream = Terminal()
    with show_progress(stream=stream) as progress:
        progress.start("examine", 3)
        progress.advance(3)
    assert "examine" in stream.getvalue()
    assert "3/3" in stream.getvalue()


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
    assert stream.getvalue() == "examine: 1 of 10\n"

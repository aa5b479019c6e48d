"""Progress on a terminal."""

import io

from copydesk.report.progress import BYTES, show_progress


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        """Say so."""
        return True


def test_terminal_gets_a_bar_with_the_name_of_the_stage():
    """A terminal gets a bar that names the stage and reaches its end."""
    stream = Terminal()
    with show_progress(stream=stream) as progress:
        progress.start("examine", 3)
        progress.advance(3)
    assert "examine" in stream.getvalue()
    assert "0 of 3" in stream.getvalue()
    assert "✓" in stream.getvalue()


def test_terminal_shows_amount_rate_and_note():
    """Bytes are shown in megabytes, a rate beside them, and what they came to."""
    stream = Terminal()
    with show_progress(stream=stream) as progress:
        progress.start("examine", 20_000_000, BYTES)
        for _ in range(4):
            progress.advance(5_000_000, "12 records, 3 known already")
    assert "of 20.0 MB" in stream.getvalue()
    assert "MB/s" in stream.getvalue()
    assert "12 records, 3 known already" in stream.getvalue()

"""What is left out of processes which are ours alone."""

from __future__ import annotations

import subprocess
import sys

BEGIN = "from copydesk import lean; lean.begin(); "
USE_ARROW = "import pyarrow as pa; pa.array([1, 2]); import sys; "


def _run(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    return done.stdout.strip()


def test_arrow_leaves_pandas_out_of_our_process() -> None:
    """Values are put into arrays without a data frame library."""
    assert _run(BEGIN + USE_ARROW + "print('pandas' in sys.modules)") == "False"


def test_pandas_can_still_be_imported() -> None:
    """What is left out is only not loaded by others."""
    assert _run(BEGIN + "import pandas; print(pandas.DataFrame({'a': [1]}).shape)") == "(1, 1)"


def test_somebody_elses_process_has_everything() -> None:
    """An Arrow table gives a data frame to whoever asks for one."""
    code = "import copydesk; import pyarrow as pa; print(pa.table({'a': [1]}).to_pandas().shape)"
    assert _run(code) == "(1, 1)"


def test_a_second_beginning_changes_nothing() -> None:
    """A process may be said to be ours twice, and after pandas has come."""
    assert _run("import pandas; " + BEGIN + BEGIN + USE_ARROW + "print('pandas' in sys.modules)") == "True"

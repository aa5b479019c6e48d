"""What is left out of processes which are ours alone."""

from __future__ import annotations

import subprocess
import sys

BEGIN = "from copydesk.machine import lean; lean.begin(); "
USE_ARROW = "import pyarrow as pa; pa.array([1, 2]); import sys; "


def _run(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stderr == ""
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


def test_cycles_are_looked_for_rarely_in_our_process() -> None:
    """What modules bring isn't gone through again and again; a program of somebody else's is left as it is."""
    assert _run(BEGIN + "import gc; print(gc.get_threshold()[0] > 10_000)") == "True"
    assert _run("import copydesk.run, gc; print(gc.get_threshold()[0])") == "700"


LOAD_NUMBA = (
    "from copydesk.machine.lean import load_numba; load_numba(); import sys; print('scipy.linalg' in sys.modules)"
)


def test_numba_leaves_linear_algebra_out_of_our_process() -> None:
    """Loops are compiled without a library that none of them uses."""
    code = "import numpy as np; print(load_numba().njit(lambda a: a.sum())(np.ones(3)))"
    assert _run(BEGIN + LOAD_NUMBA + "; " + code) == "False\n3.0"


def test_numba_leaves_foreign_functions_out_of_our_process() -> None:
    """Neither the parser of C headers nor that of a file of settings is loaded for a loop."""
    code = "; load_numba().njit(lambda a: a + 1)(1); print({'cffi', 'yaml'} & sys.modules.keys())"
    assert _run(BEGIN + LOAD_NUMBA + code) == "False\nset()"


def test_numba_is_whole_elsewhere() -> None:
    """Whoever uses numba in a program of their own has all of it."""
    assert _run(LOAD_NUMBA) == "True"


def test_linear_algebra_can_still_be_imported() -> None:
    """It is left out by numba alone."""
    assert _run(BEGIN + LOAD_NUMBA + "; import scipy.linalg; print(scipy.linalg.norm([3, 4]))") == "False\n5.0"


LOAD_SOUP = (
    "from copydesk.extraction import extract_fragment; import sys; extract_fragment(''); "
    "print('soupsieve' in sys.modules)"
)


def test_soup_leaves_selectors_out_of_our_process() -> None:
    """Fragments are read without the library of CSS selectors, and nothing is said of it."""
    code = "; print([block.text for block in extract_fragment('<p>One<p>Two')])"
    assert _run(BEGIN + LOAD_SOUP + code) == "False\n['One', 'Two']"


def test_soup_is_whole_elsewhere() -> None:
    """Whoever uses Beautiful Soup in a program of their own has selectors."""
    code = "; import bs4; print(len(bs4.BeautifulSoup('<p>One<p>Two', 'html.parser').select('p')))"
    assert _run(LOAD_SOUP + code) == "True\n2"

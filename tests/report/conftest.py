"""A browser for tests that look at pages."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

# Tests are imported by path, so a module that lies beside them has to be named to Python once.
_spec = importlib.util.spec_from_file_location("report_browser", Path(__file__).with_name("browser.py"))
assert _spec
assert _spec.loader
_module = importlib.util.module_from_spec(_spec)
sys.modules["report_browser"] = _module
_spec.loader.exec_module(_module)

"""A browser for tests that look at pages, and tables to make them of."""

from __future__ import annotations

import datetime as dt
import importlib.util
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from copydesk.article import Article, Block, Metadata, Source
from copydesk.duplicates import DuplicateLink
from copydesk.writing import articles_table, decisions_table, duplicates_table, ledger_table

NOW = dt.datetime(2026, 1, 15, 2, tzinfo=dt.UTC)

# Tests are imported by path, so a module that lies beside them has to be named to Python once.
_spec = importlib.util.spec_from_file_location("report_browser", Path(__file__).with_name("browser.py"))
assert _spec
assert _spec.loader
_module = importlib.util.module_from_spec(_spec)
sys.modules["report_browser"] = _module
_spec.loader.exec_module(_module)


class Maker:
    """Makes articles and the tables of them."""

    @staticmethod
    def article(number: int, **metadata: Any) -> Article:
        """An article with a text of its own and these fields."""
        source = Source(f"{number}.txt", 0, "0" * 64, "utf-8")
        return Article(f"{number:032x}", source, (Block(f"Text {number}."),), Metadata(**metadata))

    @staticmethod
    def tables(articles: Sequence[Article], links: Sequence[DuplicateLink] = ()) -> dict[str, pa.Table]:
        """The four tables of these articles."""
        return {
            "articles": articles_table(articles, run_id="r", now=NOW),
            "duplicates": duplicates_table(links, articles),
            "decisions": decisions_table(articles),
            "ledger": ledger_table(articles, run_id="r"),
        }


@pytest.fixture
def make() -> Maker:
    """Makes articles and the tables of them."""
    return Maker()

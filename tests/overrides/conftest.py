"""Articles and overrides for the tests here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from copydesk.article import Article, Block, Metadata, Source
from copydesk.overrides import Overrides, parse_overrides

Make = Callable[..., Article]


def ident(number: int) -> str:
    """The id of an article."""
    return f"{number:032x}"


@pytest.fixture
def make() -> Make:
    """Makes an article with this number from its paragraphs."""

    def article(number: int, *texts: str, **metadata: Any) -> Article:
        blocks = tuple(Block(text) for text in texts)
        return Article(ident(number), Source(f"{number}.txt", 0, "0" * 64), blocks, Metadata(**metadata))

    return article


@pytest.fixture
def say() -> Callable[[str], Overrides]:
    """Reads overrides in which ID1, ID2, ... stand for ids."""

    def parse(text: str) -> Overrides:
        for number in range(9, 0, -1):
            text = text.replace(f"ID{number}", f'"{ident(number)}"')
        return parse_overrides(text, "overrides.toml")

    return parse

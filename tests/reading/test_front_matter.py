"""Fields above a text in Markdown."""

from __future__ import annotations

import pytest

from copydesk.reading import read_data
from copydesk.reading.front_matter import read_front_matter
from copydesk.settings import Settings

TEXT = "The ferry to Marholm sails again.\n"
CLIPPED = """---
title: "Ferry is back: a year's wait ends"
source: "https://post.example/ferry"
author:
  - "[[Ida Krog]]"
  - '[[people/Per Lund|Per Lund]]'
published: 2024-03-04
created: 2024-03-05
description:
# a remark
tags: [sea, "ferries"]
---
"""


def fields(text: str) -> list[tuple[str, str]] | None:
    """The fields above a text, None where it has none."""
    found = read_front_matter(text)
    return None if found is None else [(field.field, field.value) for field in found[0]]


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_fields_of_a_clipped_page(ends: str) -> None:
    """Scalars, lists, links between notes and empty fields; what we don't know says nothing."""
    assert fields((CLIPPED + TEXT).replace("\n", ends)) == [
        ("title", "Ferry is back: a year's wait ends"),
        ("url", "https://post.example/ferry"),
        ("authors", "Ida Krog"),
        ("authors", "Per Lund"),
        ("published", "2024-03-04"),
        ("tags", "sea"),
        ("tags", "ferries"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "---\n",
        "---\ntitle: Ferry\n" + TEXT,
        "---\n" + TEXT + "---\n" + TEXT,
        "---\nauthor: Ida Krog\nA sentence between rules.\n---\n" + TEXT,
        "---\nshoes: 2\n---\n" + TEXT,
        "---\ntitle: Ferry\nbody: It sails.\n---\n" + TEXT,
        "Ferry\n---\ntitle: Ferry\n---\n" + TEXT,
    ],
    ids=["empty", "rule", "no end", "a sentence", "fields and a sentence", "unknown", "two texts", "not at the top"],
)
def test_rules_that_hold_no_fields(text: str) -> None:
    """What stands between two rules is text unless all of it is fields."""
    assert fields(text) is None


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_a_file_with_fields_is_its_text(mark: bytes) -> None:
    """The fields are the record's, with a byte order mark as without."""
    (record,) = read_data(mark + (CLIPPED + TEXT).encode(), "ferry.md", Settings())
    assert record.content == TEXT
    assert [field.value for field in record.fields if field.field == "url"] == ["https://post.example/ferry"]

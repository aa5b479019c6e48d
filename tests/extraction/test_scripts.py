"""JSON-LD scripts as they lie on pages, and as data."""

from __future__ import annotations

import pytest

from copydesk.extraction.scripts import MAX_JSON_CHARS, load_script


@pytest.mark.parametrize(
    "script",
    [
        '{"headline": "Ice is back"}',
        '<!--\n{"headline": "Ice is back"}\n-->',
        '//<![CDATA[\n{"headline": "Ice is back"}\n//]]>',
        '{"headline": "Ice is back",}',
        '{"headline":\x0b "Ice is back"};',
    ],
)
def test_usual_faults_are_mended(script: str) -> None:
    """Comments and CDATA around a script, a last comma and control characters don't hide its data."""
    assert load_script(script) == ({"headline": "Ice is back"}, None)


def test_a_comma_inside_a_string_is_left() -> None:
    """A script that is sound is not mended: its strings stay as they are."""
    assert load_script('{"headline": "[Ice, ]"}') == ({"headline": "[Ice, ]"}, None)


@pytest.mark.parametrize(
    ("script", "refusal"),
    [
        ("", None),
        ("Ice is back", "refused: not JSON"),
        ("[" * 200_000, "refused: nested too deep"),
        ('"' + "x" * MAX_JSON_CHARS + '"', "refused: too large"),
    ],
)
def test_refusals_are_named(script: str, refusal: str | None) -> None:
    """What can't be read gives no data and says why; an empty script gives neither."""
    assert load_script(script) == (None, refusal)

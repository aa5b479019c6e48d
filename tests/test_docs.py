"""What the documentation says of settings and commands is so."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

from copydesk.cli import command_names
from copydesk.settings import Settings

ROOT = Path(__file__).parents[1]


def test_every_setting_is_documented_with_its_default():
    """The page of settings has a row for each setting, with the default that the code has."""
    page = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    for section in fields(Settings):
        part = page.split(f"## [{section.name}]", 1)[1].split("\n## ", 1)[0]
        rows = dict(re.findall(r"^\| `(\w+)` \| `([^`]*)` \|", part, re.MULTILINE))
        values = getattr(Settings(), section.name)
        shown = {f.name: _shown(getattr(values, f.name)) for f in fields(values)}
        assert rows == shown, section.name


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return str(list(value)) if isinstance(value, tuple) else str(value)


def test_every_command_in_the_readme_is_one():
    """The README names no command that isn't there."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    named = set(re.findall(r"copydesk (\w+) (?:--|[A-Z]|\w+\.html|articles)", readme))
    assert named
    assert named <= set(command_names())


def test_every_make_target_in_the_readme_is_one():
    """The README names no make target that isn't there."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in set(re.findall(r"^make ([\w-]+)", readme, re.MULTILINE)):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


def test_links_between_pages_lead_somewhere():
    """A link to a file of the project names one that is there."""
    for page in (*ROOT.glob("docs/**/*.md"), ROOT / "README.md", ROOT / "corpus" / "README.md"):
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.relative_to(ROOT)} links to {target}"

"""The settings as a commented file, made from `settings.py` itself, so the two can't drift apart."""

from __future__ import annotations

import ast
import inspect
import json
from dataclasses import asdict, fields
from pathlib import Path
from textwrap import wrap

from copydesk import settings as module
from copydesk.errors import UsageError
from copydesk.settings import Settings

WIDTH = 100

HEAD = """\
# Settings of copydesk. Every line that sets something is commented out and shows the default:
# take the # away to change one. Use this file with `copydesk clean --config FILE ...`.
"""


def write_settings_file(path: Path) -> None:
    """Nothing: a file with every setting, its meaning and its default is written there.

    Raises UsageError if there is a file already, or none can be written.
    """
    try:
        with path.open("x", encoding="utf-8") as out:
            out.write(settings_template())
    except FileExistsError as error:
        raise UsageError(f"{path} is there already and was left alone; name another file") from error
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}; name a file that can be written") from error


def settings_template() -> str:
    """The text of a settings file: TOML in which every setting is explained and commented out.

    >>> "[duplicates]" in settings_template()
    True
    """
    meanings = setting_meanings()
    parts = [HEAD]
    for section in fields(Settings):
        values = getattr(Settings(), section.name)
        about = inspect.cleandoc(type(values).__doc__ or "")
        parts.append(f"\n{_comment(about)}[{section.name}]\n")
        for name, value in asdict(values).items():
            parts.append(f"\n{_comment(meanings[section.name, name])}# {name} = {toml_value(value)}\n")
    return "".join(parts)


def setting_meanings() -> dict[tuple[str, str], str]:
    """What each setting means, by section and name: the text that stands below it in the source."""
    classes = {type(getattr(Settings(), f.name)).__name__: f.name for f in fields(Settings)}
    meanings = {}
    for node in ast.parse(inspect.getsource(module)).body:
        if isinstance(node, ast.ClassDef) and node.name in classes:
            for line, below in zip(node.body, node.body[1:], strict=False):
                if isinstance(line, ast.AnnAssign) and isinstance(line.target, ast.Name):
                    meanings[classes[node.name], line.target.id] = _text(below)
    return meanings


def changed_settings(settings: Settings) -> list[tuple[str, str, str]]:
    """The settings that are not the default: name, value, default.

    >>> changed_settings(Settings())
    []
    """
    default = asdict(Settings())
    return [
        (f"{section}.{name}", toml_value(value), toml_value(default[section][name]))
        for section, values in asdict(settings).items()
        for name, value in values.items()
        if value != default[section][name]
    ]


def toml_value(value: object) -> str:
    """A value of a setting as TOML writes it: numbers, truth, and lists of words look there as in JSON.

    >>> toml_value(("harbour", "ferry")), toml_value(True), toml_value(0.5)
    ('["harbour", "ferry"]', 'true', '0.5')
    """
    return json.dumps(value, ensure_ascii=False)


def _text(node: ast.stmt) -> str:
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
        return " ".join(node.value.value.split())
    return ""


def _comment(text: str) -> str:
    return "".join(f"# {line}\n" for line in wrap(text, WIDTH - 2, break_on_hyphens=False))

"""The settings as a file: read, and written with every setting explained.

A file names only what differs from the defaults. An unknown or impossible setting is an error that names the key, the
value, what is allowed, and the nearest right key. A new file is made from `settings.py` itself, so the two can't drift
apart.
"""

from __future__ import annotations

import ast
import difflib
import inspect
import json
import tomllib
from collections.abc import Sequence
from dataclasses import asdict, fields
from pathlib import Path
from textwrap import wrap
from typing import Any

from copydesk import settings as module
from copydesk.errors import UsageError
from copydesk.settings import Settings

WIDTH = 100

SECRET = frozenset({"webhook"})
"""Settings whose value opens a door: the page about a run says that they are set, not to what."""

HEAD = """\
# Settings of copydesk. Every line that sets something is commented out and shows the default:
# take the # away to change one. Use this file with `copydesk clean --config FILE ...`.
"""


def load_settings(path: Path | None) -> Settings:
    """The settings in a TOML file; all defaults without one.

    Raises UsageError if the file can't be read or names what isn't there.
    """
    if path is None:
        return Settings()
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(f"settings file {path}: {error.strerror}; name another with --config") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"settings file {path} is not TOML: {error}") from error
    return parse_settings(table, str(path))


def parse_settings(table: dict[str, Any], place: str) -> Settings:
    """The settings in a parsed TOML table; `place` is named in errors.

    >>> parse_settings({"duplicates": {"near_jaccard": 0.6}}, "copydesk.toml").duplicates.near_jaccard
    0.6
    >>> parse_settings({"duplicate": {}}, "copydesk.toml")
    Traceback (most recent call last):
    copydesk.errors.UsageError: copydesk.toml: no section [duplicate]; did you mean [duplicates]?
    """
    sections = {f.name: f.default_factory for f in fields(Settings)}
    values = {}
    for name, given in table.items():
        if name not in sections or not isinstance(given, dict):
            raise UsageError(f"{place}: no section [{name}]; {nearest(name, list(sections), '[{}]')}")
        # Each section has a factory.
        values[name] = _parse_section(sections[name](), given, f"{place}: [{name}]")  # type: ignore[operator]
    return Settings(**values)


def _parse_section(default: Any, given: dict[str, Any], place: str) -> Any:
    known = {f.name: getattr(default, f.name) for f in fields(default)}
    values = {}
    for key, value in given.items():
        if key not in known:
            raise UsageError(f"{place}: no setting {key}; {nearest(key, list(known), '{}')}")
        values[key] = _parse_value(known[key], value, f"{place} {key}")
    return type(default)(**values)


def _parse_value(default: Any, value: Any, place: str) -> Any:
    """The value in the type of the default, or an error that says what is allowed."""
    if isinstance(default, bool):
        if isinstance(value, bool):
            return value
        raise UsageError(f"{place} = {value!r}: must be true or false")
    if isinstance(default, int):
        if isinstance(value, int) and not isinstance(value, bool) and value > 0:
            return value
        raise UsageError(f"{place} = {value!r}: must be a whole number above 0")
    if isinstance(default, float):
        if isinstance(value, (int, float)) and not isinstance(value, bool) and 0 < value <= 1:
            return float(value)
        raise UsageError(f"{place} = {value!r}: must be a share above 0 and up to 1")
    if isinstance(default, str):
        if isinstance(value, str):
            return value
        raise UsageError(f"{place} = {value!r}: must be a string")
    if isinstance(value, list) and all(isinstance(word, str) for word in value):
        return tuple(value)
    raise UsageError(f"{place} = {value!r}: must be a list of strings")


def nearest(name: str, known: Sequence[str], form: str) -> str:
    """What a message offers in place of a name that isn't known: the one that looks like it, else all.

    >>> nearest("themes", ["theme", "remove"], "{}")
    'did you mean theme?'
    """
    close = difflib.get_close_matches(name, known, n=1)
    if close:
        return f"did you mean {form.format(close[0])}?"
    return "there are " + ", ".join(form.format(k) for k in known)


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
        (f"{section}.{name}", "(set)" if name in SECRET else toml_value(value), toml_value(default[section][name]))
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

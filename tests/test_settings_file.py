"""The settings file that `copydesk init` writes: all there is, explained, and changing nothing."""

from __future__ import annotations

import re
from dataclasses import fields, replace
from pathlib import Path

import pytest

from copydesk.errors import UsageError
from copydesk.settings import DuplicateSettings, Settings, load_settings
from copydesk.settings_file import changed_settings, setting_meanings, settings_template, write_settings_file


def test_file_as_written_changes_nothing(tmp_path: Path):
    """All lines are comments, so that defaults of later versions hold."""
    write_settings_file(tmp_path / "copydesk.toml")
    assert load_settings(tmp_path / "copydesk.toml") == Settings()


def test_file_with_every_comment_taken_away_states_the_defaults(tmp_path: Path):
    """Each setting is there, under its section, with the value it has anyway."""
    path = tmp_path / "copydesk.toml"
    text = re.sub(r"^# (\w+ = )", r"\1", settings_template(), flags=re.MULTILINE)
    path.write_text(text, encoding="utf-8")
    assert load_settings(path) == Settings()
    every = sum(len(fields(getattr(Settings(), section.name))) for section in fields(Settings))
    assert len(re.findall(r"^\w+ = ", text, re.MULTILINE)) == every


def test_every_setting_has_a_meaning():
    """No setting stands there unexplained."""
    meanings = setting_meanings()
    for section in fields(Settings):
        for setting in fields(getattr(Settings(), section.name)):
            assert meanings[section.name, setting.name], setting.name


def test_a_file_that_is_there_is_left_alone(tmp_path: Path):
    """Nobody's settings are overwritten."""
    path = tmp_path / "copydesk.toml"
    path.write_text("# mine\n", encoding="utf-8")
    with pytest.raises(UsageError, match="is there already"):
        write_settings_file(path)
    assert path.read_text(encoding="utf-8") == "# mine\n"


def test_a_folder_that_is_missing_is_named(tmp_path: Path):
    """The error says which path can't be written."""
    with pytest.raises(UsageError, match="nowhere"):
        write_settings_file(tmp_path / "nowhere" / "copydesk.toml")


def test_changed_settings_name_value_and_default():
    """What differs from the default is listed, nothing else."""
    settings = replace(Settings(), duplicates=DuplicateSettings(near_jaccard=0.6))
    assert changed_settings(settings) == [("duplicates.near_jaccard", "0.6", "0.5")]

"""Settings from files: defaults, errors that help; and the file that `copydesk init` writes, which changes nothing."""

from __future__ import annotations

import re
from dataclasses import fields, replace
from pathlib import Path

import pytest

from copydesk.errors import UsageError
from copydesk.settings import DuplicateSettings, Settings
from copydesk.settings_file import (
    changed_settings,
    load_settings,
    parse_settings,
    setting_meanings,
    settings_template,
    write_settings_file,
)


def test_no_file_gives_defaults():
    """A run needs no settings file."""
    assert load_settings(None) == Settings()


def test_file_changes_only_what_it_names(tmp_path: Path):
    """What a file doesn't name keeps its default."""
    path = tmp_path / "copydesk.toml"
    path.write_text('[contamination]\ntheme = ["harbour", "ferry"]\n', encoding="utf-8")
    settings = load_settings(path)
    assert settings.contamination.theme == ("harbour", "ferry")
    assert settings.duplicates == Settings().duplicates


def test_empty_file_gives_defaults(tmp_path: Path):
    """An empty file is a file that changes nothing."""
    path = tmp_path / "copydesk.toml"
    path.touch()
    assert load_settings(path) == Settings()


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ({"duplicate": {}}, r"no section \[duplicate\]; did you mean \[duplicates\]"),
        ({"duplicates": 3}, r"no section \[duplicates\]"),
        ({"duplicates": {"near_jacard": 0.5}}, "no setting near_jacard; did you mean near_jaccard"),
        ({"duplicates": {"near_jaccard": 50}}, "near_jaccard = 50: must be a share"),
        ({"duplicates": {"near_jaccard": True}}, "near_jaccard = True: must be a share"),
        ({"reading": {"max_members": 0}}, "max_members = 0: must be a whole number above 0"),
        ({"reading": {"max_members": "many"}}, "max_members = 'many'"),
        ({"extraction": {"list_items": "yes"}}, "list_items = 'yes': must be true or false"),
        ({"contamination": {"theme": "harbour"}}, "theme = 'harbour': must be a list of strings"),
        ({"zzz": {}}, "there are .*reading"),
    ],
)
def test_wrong_setting_names_key_value_and_way_out(table: dict[str, object], message: str):
    """Every wrong setting is an error with the key, the value, what is allowed and the nearest right key."""
    with pytest.raises(UsageError, match=message):
        parse_settings(table, "copydesk.toml")


def test_missing_file_is_a_usage_error(tmp_path: Path):
    """A file that isn't there is named."""
    with pytest.raises(UsageError, match=r"nowhere\.toml: No such file"):
        load_settings(tmp_path / "nowhere.toml")


@pytest.mark.parametrize("content", [b"[reading\n", b"\xff\xfe"])
def test_file_that_is_no_toml_is_a_usage_error(tmp_path: Path, content: bytes):
    """A broken file is an error, not a file without settings."""
    path = tmp_path / "copydesk.toml"
    path.write_bytes(content)
    with pytest.raises(UsageError, match="is not TOML"):
        load_settings(path)


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


def test_secrets_stay_out_of_the_account():
    """An address that anybody may write to is not printed on a page that is passed on."""
    settings = parse_settings({"nightly": {"webhook": "https://desk.example/token"}}, "x")
    assert changed_settings(settings) == [("nightly.webhook", "(set)", '""')]

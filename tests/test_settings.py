"""Settings: defaults, files, and errors that help."""

from pathlib import Path

import pytest

from copydesk.errors import UsageError
from copydesk.settings import Settings, load_settings, parse_settings


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


def test_digest_follows_the_values():
    """Equal settings have equal digests, others have others."""
    changed = parse_settings({"duplicates": {"near_jaccard": 0.6}}, "x")
    assert Settings().digest == parse_settings({}, "x").digest
    assert changed.digest != Settings().digest

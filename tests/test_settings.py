"""The values of settings, and their digest."""

from dataclasses import replace

from copydesk.settings import DuplicateSettings, Settings


def test_digest_follows_the_values():
    """Equal settings have equal digests, others have others."""
    changed = replace(Settings(), duplicates=DuplicateSettings(near_jaccard=0.6))
    assert Settings().digest == replace(Settings(), duplicates=DuplicateSettings()).digest
    assert changed.digest != Settings().digest

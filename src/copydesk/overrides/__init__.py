"""What people have decided for good, and what it changes."""

from copydesk.overrides.account import Effect, EntryEffect, account_overrides, effects_table
from copydesk.overrides.apply import KEPT, remove_unwanted, restore, unwanted
from copydesk.overrides.keys import text_key
from copydesk.overrides.links import LinkChanges, override_links
from copydesk.overrides.reading import load_overrides, parse_overrides
from copydesk.overrides.values import NONE, STAGE, Choice, Entry, Judgement, Kind, Overrides
from copydesk.overrides.writing import append_entry, entry_text, withdraw_entry

__all__ = [
    "KEPT",
    "NONE",
    "STAGE",
    "Choice",
    "Effect",
    "Entry",
    "EntryEffect",
    "Judgement",
    "Kind",
    "LinkChanges",
    "Overrides",
    "account_overrides",
    "append_entry",
    "effects_table",
    "entry_text",
    "load_overrides",
    "override_links",
    "parse_overrides",
    "remove_unwanted",
    "restore",
    "text_key",
    "unwanted",
    "withdraw_entry",
]

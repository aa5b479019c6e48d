"""Adding to the overrides file: what people wrote stays, and no half of it is ever seen."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from copydesk.errors import RunError, UsageError
from copydesk.overrides import (
    Choice,
    Entry,
    Judgement,
    Kind,
    append_entry,
    entry_text,
    load_overrides,
    parse_overrides,
    withdraw_entry,
)

A, B = "a" * 32, "b" * 32
ON = dt.datetime(2026, 1, 15, 2, tzinfo=dt.UTC)
JUDGED = Judgement("contamination", "foreign/1", "removed", 0.9876, "borderline", ON)
PARAGRAPH = Entry(Kind.PARAGRAPH, Choice.KEEP, (A,), 'He said: "No."\nTwice.', nth=2, note="Seen.", judgement=JUDGED)
LINK = Entry(Kind.LINK, Choice.APART, (A, B))
DOCUMENT = Entry(Kind.DOCUMENT, Choice.REMOVE, (A,))
LINE = Entry(Kind.LINE, Choice.REMOVE, text="Sign up", outlet="Harbour Post")
BY_HAND = """\
# Ours, agreed in March.\r
[[line]]
text = '''Sign up'''   # the spring promo
decision = "remove"
"""


@pytest.mark.parametrize("entry", [PARAGRAPH, LINK, DOCUMENT, LINE], ids=lambda entry: entry.kind)
def test_what_is_written_is_read_again(entry: Entry):
    """Every kind of entry comes back as it was, the judgement with it."""
    assert parse_overrides(entry_text(entry), "o.toml").entries == (entry,)


@settings(max_examples=60)
@given(st.text(min_size=1).filter(str.strip))
def test_any_text_survives(text: str):
    """Whatever stands in an article can be written as an entry: quotes, controls, what reads backwards."""
    [entry] = parse_overrides(entry_text(Entry(Kind.LINE, Choice.KEEP, text=text)), "o.toml").entries
    assert entry.text == text
    assert "\u202e" not in entry_text(Entry(Kind.LINE, Choice.KEEP, text=text + "\u202e"))


def test_a_lone_surrogate_is_written_as_the_tables_have_it():
    """A character that no file can hold doesn't stop the review."""
    [entry] = parse_overrides(entry_text(Entry(Kind.LINE, Choice.KEEP, text="a\ud800b")), "o.toml").entries
    assert entry.text == "a\ufffdb"


def test_a_new_file_explains_itself(tmp_path: Path):
    """The first entry brings a head that says what may stand in the file."""
    path = tmp_path / "new" / "overrides.toml"
    append_entry(path, LINK)
    assert path.read_text().startswith("# What people have decided for good")
    assert load_overrides(path).entries == (LINK,)


def test_what_people_wrote_stays_byte_for_byte(tmp_path: Path):
    """Comments, quotes and line ends of an editor are left alone; taking an entry back restores the very bytes."""
    path = tmp_path / "overrides.toml"
    for before in (BY_HAND.encode(), BY_HAND.rstrip("\n").encode()):
        path.write_bytes(before)
        block = append_entry(path, PARAGRAPH)
        assert path.read_bytes().startswith(before)
        assert load_overrides(path).entries[-1] == PARAGRAPH
        withdraw_entry(path, block)
        assert path.read_bytes().rstrip(b"\n") == before.rstrip(b"\n")


def test_only_the_last_of_equal_entries_is_taken_back(tmp_path: Path):
    """What was there before, and what came after, stays."""
    path = tmp_path / "overrides.toml"
    for entry in (LINE, LINK, LINE, DOCUMENT):
        block = append_entry(path, entry)
    withdraw_entry(path, entry_text(LINE))
    assert load_overrides(path).entries == (LINE, LINK, DOCUMENT)
    path.write_text(path.read_text().replace(block, block + "note = 'mine'\n"))
    withdraw_entry(path, entry_text(LINE))
    with pytest.raises(UsageError, match="changed by hand"):
        withdraw_entry(path, entry_text(LINE))


def test_nothing_is_added_to_a_broken_file(tmp_path: Path):
    """While somebody edits it and it can't be read, a judgement is refused, and the file is as it was."""
    path = tmp_path / "overrides.toml"
    path.write_text("[[line]\n")
    with pytest.raises(UsageError, match="not TOML"):
        append_entry(path, LINE)
    assert path.read_text() == "[[line]\n"


def test_a_folder_that_cant_be_written(tmp_path: Path):
    """A place that can't hold the file is an error that says so; nothing is lost."""
    (tmp_path / "file").touch()
    with pytest.raises(RunError, match="nothing was written"):
        append_entry(tmp_path / "file" / "overrides.toml", LINE)


def test_a_link_to_a_shared_file_stays_a_link_and_rights_stay(tmp_path: Path):
    """Teams share the file: replacing it must not part them from it."""
    shared, link = tmp_path / "shared.toml", tmp_path / "overrides.toml"
    shared.write_text(BY_HAND)
    shared.chmod(0o664)
    link.symlink_to(shared)
    append_entry(link, LINK)
    assert link.is_symlink()
    assert load_overrides(shared).entries[-1] == LINK
    assert shared.stat().st_mode & 0o777 == 0o664


def test_what_a_killed_writer_left_is_no_hindrance(tmp_path: Path):
    """Half a file under the other name is nobody's."""
    path = tmp_path / "overrides.toml"
    (tmp_path / ".overrides.toml.part").write_text("[[li")
    append_entry(path, LINE)
    assert load_overrides(path).entries == (LINE,)
    assert [p.name for p in tmp_path.iterdir()] == ["overrides.toml"]


def test_writers_wait_for_each_other(tmp_path: Path):
    """Of many who add at once, nobody's entry is lost."""
    path = tmp_path / "overrides.toml"
    entries = [Entry(Kind.DOCUMENT, Choice.KEEP, (f"{n:032x}",)) for n in range(20)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda entry: append_entry(path, entry), entries))
    assert set(load_overrides(path).entries) == set(entries)

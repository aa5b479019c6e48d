"""The overrides file: what may stand in it, and how faults are named."""

from __future__ import annotations

from pathlib import Path

import pytest

from copydesk.errors import UsageError
from copydesk.overrides import Choice, Kind, load_overrides, parse_overrides
from copydesk.overrides.place import overrides_path
from copydesk.settings import OverridesSettings, Settings

A, B = "a" * 32, "b" * 32

EVERY_KIND = f"""
[[document]]
article = "{A}"
decision = "remove"
note = "An advertisement, all of it."

[[paragraph]]
article = "{A}"
begins = "The council of Marlow voted"
nth = 2
decision = "keep"
judged = {{ stage = "contamination", rule = "foreign/1", was = "removed", score = 0.98, drawn = "borderline", \
on = 2026-01-15T02:00:00+00:00 }}

[[line]]
text = "Sign up for the Harbour Post"
outlet = "Harbour Post"
decision = "remove"

[[link]]
articles = ["{A}", "{B}"]
decision = "apart"
"""


def test_every_kind_is_read_in_the_order_of_the_file():
    """Entries keep the order of the file, with all they say."""
    document, paragraph, line, link = parse_overrides(EVERY_KIND, "o.toml").entries
    assert [e.kind for e in (document, paragraph, line, link)] == [Kind.DOCUMENT, Kind.PARAGRAPH, Kind.LINE, Kind.LINK]
    assert (paragraph.begins, paragraph.nth, paragraph.choice) == (True, 2, Choice.KEEP)
    assert paragraph.judgement is not None
    assert (paragraph.judgement.rule, paragraph.judgement.score) == ("foreign/1", 0.98)
    assert (line.outlet, link.articles, document.note) == ("Harbour Post", (A, B), "An advertisement, all of it.")


def test_an_empty_file_decides_nothing():
    """No entries: nothing is overruled, and the digest says so."""
    empty = parse_overrides("# nothing yet\n", "o.toml")
    assert not empty
    assert empty.digest == ""


def test_digest_follows_decisions_only():
    """A note or what the review showed changes no result; a decision does."""
    base = parse_overrides(EVERY_KIND, "o.toml").digest
    assert parse_overrides(EVERY_KIND.replace("An advert", "A piece of advert"), "o.toml").digest == base
    assert parse_overrides(EVERY_KIND.replace("0.98", "0.5"), "o.toml").digest == base
    assert parse_overrides(EVERY_KIND.replace('"apart"', '"copies"'), "o.toml").digest != base
    assert parse_overrides(EVERY_KIND.replace("nth = 2", "nth = 1"), "o.toml").digest != base


PARAGRAPH = f'[[paragraph]]\narticle = "{A}"\ntext = "Prices rose."\ndecision = "keep"\n'


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("decision = ", "is not TOML"),
        ("[[paragraf]]\n", "no entries [[paragraf]]; did you mean [[paragraph]]?"),
        ("[paragraph]\n", "must be written as [[paragraph]]"),
        (PARAGRAPH.replace('"keep"', '"kep"'), "[[paragraph]] 1 (line 1): decision = 'kep'; must be \"keep\" or"),
        (PARAGRAPH.replace('decision = "keep"', ""), "decision is missing"),
        ("\n\n" + PARAGRAPH.replace("text =", "txt ="), "(line 3): no key txt; did you mean text?"),
        (
            PARAGRAPH + PARAGRAPH.replace(A, "5D41"),
            "[[paragraph]] 2 (line 5): article = '5D41': must be the article_id",
        ),
        (PARAGRAPH.replace("text =", "begins ="), "begins = 'Prices rose.': must be the first words, with at least 12"),
        (PARAGRAPH + 'begins = "Prices rose on"', "text and begins; give one of them"),
        (PARAGRAPH.replace("Prices rose.", " "), "text = ' ': must be its words"),
        (PARAGRAPH + "nth = 0", "nth = 0: must be a whole number above 0"),
        (PARAGRAPH + "judged = 1", "judged = 1: must be a table"),
        (
            PARAGRAPH + 'judged = { stage = "b", rule = "r", was = "x", drawn = "s" }',
            "judged: on is missing",
        ),
        (f'[[link]]\narticles = ["{A}"]\ndecision = "apart"', "must be a list of two different ids"),
        (f'[[link]]\narticles = ["{A}", "{A}"]\ndecision = "apart"', "must be a list of two different ids"),
        (f'[[link]]\narticles = ["{A}", "{B}"]\ndecision = "keep"', 'must be "copies" or "apart"'),
        ('[[line]]\ntext = "More"\noutlet = ""\ndecision = "keep"', "outlet = '': must be the name or domain"),
        (f'[[document]]\narticle = "{A}"\ntext = "x"\ndecision = "keep"', "no key text"),
    ],
)
def test_faults_name_entry_key_value_and_what_is_allowed(text: str, named: str):
    """Whoever wrote it finds the place, and what to write instead."""
    with pytest.raises(UsageError) as error:
        parse_overrides(text, "corpus/overrides.toml")
    assert str(error.value).startswith("corpus/overrides.toml")
    assert named in str(error.value)


def test_text_that_looks_like_an_entry_misleads_nobody():
    """Where headers can't be told from text, no line is named, rather than a wrong one."""
    text = f'[[paragraph]]\narticle = "{A}"\ntext = """\n[[line]]\n"""\ndecision = "no"\n'
    with pytest.raises(UsageError, match=r"^o.toml: \[\[paragraph\]\] 1: decision"):
        parse_overrides(text, "o.toml")


def test_no_file_and_unreadable_files(tmp_path: Path):
    """No file decides nothing; one that can't be read is a fault, never taken for none."""
    assert not load_overrides(tmp_path / "overrides.toml")
    (tmp_path / "latin.toml").write_bytes(b"# caf\xe9")
    with pytest.raises(UsageError, match="not UTF-8"):
        load_overrides(tmp_path / "latin.toml")
    with pytest.raises(UsageError, match=r"overrides file .*: Is a directory"):
        load_overrides(tmp_path)


def test_file_lies_beside_the_corpus_or_where_the_settings_say(tmp_path: Path):
    """It is not in what runs replace; settings may name any path."""
    assert overrides_path(tmp_path / "clean", Settings()) == tmp_path / "overrides.toml"
    named = Settings(overrides=OverridesSettings("/srv/desk/decided.toml"))
    assert overrides_path(tmp_path / "clean", named) == Path("/srv/desk/decided.toml")

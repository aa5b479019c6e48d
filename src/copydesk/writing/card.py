"""The card of a snapshot: a page in Markdown that says what is in it, how it came about, and what it can't tell.

It is called `README.md` and begins with the lines of YAML that Hugging Face `datasets` looks for, so that
`load_dataset("corpus/clean", "ledger")` finds each table by its name. The same snapshot gives the same bytes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from html import escape
from importlib.resources import files
from string import Template

from copydesk.machine.versions import library_versions
from copydesk.writing.contents import UNKNOWN, Contents, Counts
from copydesk.writing.manifest import Manifest
from copydesk.writing.schema import TABLES, load_contract

CARD = "README.md"

MOST_NAMES = 50
"""Outlets, rules, causes listed on the card; the tables have all of them."""

LANGUAGE = re.compile(
    # matches: en, pt-BR, zh-Hant; doesn't match: und-x (too long a tail), "en us"
    r"""
    [a-z]{2,3} (?: - [A-Za-z0-9]{2,4} )?
    """,
    re.VERBOSE,
)
"""What the lines for machines may call a language. What a page declares is checked, but a card is read elsewhere."""

SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"))
"""The steps in which Hugging Face states sizes; what is larger is `n>1M`."""

NO_LICENCE = """\
None is stated. The rights in the articles are their outlets' and authors'; cleaning them changes nothing about that.
Who passes this corpus on decides what may be done with it, and names it in the settings (`[writing] licence`)."""


def encode_card(manifest: Manifest, contents: Contents, licence: str) -> bytes:
    """The card as Markdown. Names out of the corpus are escaped; nothing in it depends on a clock."""
    template = Template(files("copydesk").joinpath("data", "card.md").read_text(encoding="utf-8"))
    articles = manifest.rows("articles")
    filled = template.substitute(
        front_matter=_front_matter(contents, articles, licence),
        articles=f"{articles:,}",
        words=f"{contents.words:,}",
        records=f"{sum(manifest.outcomes.values()):,}",
        run_id=manifest.run_id,
        tables=_table(("table", "rows", "what a row is"), _tables(manifest)),
        outcomes=_table(("outcome of a record", "records"), sorted(manifest.outcomes.items())),
        outlets=_counts("outlet", contents.outlets),
        languages=_counts("language", contents.languages),
        years=_counts("year", contents.years),
        without_authors=f"{contents.without_authors:,}",
        without_day=f"{contents.without_day:,}",
        rules=_rules(contents),
        aside=_aside(contents),
        versions=_table(("what", "version"), _versions(manifest)),
        licence=_plain(licence) or NO_LICENCE,
    )
    return filled.encode()


def _front_matter(contents: Contents, articles: int, licence: str) -> str:
    languages = sorted({name for name, _ in contents.languages if LANGUAGE.fullmatch(name) and name != "und"})
    size = next((name for limit, name in SIZES if articles < limit), "n>1M")
    lines = ["---", "pretty_name: A cleaned news corpus", f"size_categories: [{json.dumps(size)}]"]
    if licence:
        lines.append(f"license: {json.dumps(licence)}")
    if languages:
        lines.append(f"language: {json.dumps(languages)}")
    lines.append("configs:")
    for table in TABLES:
        pattern = f"{table}/**/*.parquet" if load_contract(table).partition else f"{table}/*.parquet"
        lines += [f"- config_name: {table}", f'  data_files: "{pattern}"']
        lines += ["  default: true"] if table == TABLES[0] else []
    return "\n".join([*lines, "---"])


def _tables(manifest: Manifest) -> Iterable[tuple[object, ...]]:
    return ((f"`{table}/`", manifest.rows(table), load_contract(table).meaning) for table in TABLES)


def _counts(head: str, counts: Counts) -> str:
    shown = counts if head == "year" else counts[:MOST_NAMES]
    rest = counts[len(shown) :]
    rows = [(_plain(name), number) for name, number in shown]
    if rest:
        rows.append((f"{len(rest):,} others", sum(number for _, number in rest)))
    return _table((head, "articles"), rows)


def _rules(contents: Contents) -> str:
    if not contents.rules:
        return "Nothing.\n"
    rows = [(action, stage, label, _code(rule), n) for (action, stage, label, rule), n in contents.rules]
    return _table(("what was done", "stage", "label", "rule", "spans"), rows[:MOST_NAMES]) + _more(len(rows), "rules")


def _aside(contents: Contents) -> str:
    copies = [("duplicate", kind, number) for kind, number in contents.kinds]
    rows = [*copies, *((outcome, _plain(cause), number) for (outcome, cause), number in contents.reasons)]
    if not rows:
        return "Every record is in `articles`.\n"
    return _table(("outcome", "kind or cause", "records"), rows[:MOST_NAMES]) + _more(len(rows), "causes")


def _more(count: int, things: str) -> str:
    return f"\n{count - MOST_NAMES:,} more {things} in the tables.\n" if count > MOST_NAMES else ""


def _versions(manifest: Manifest) -> list[tuple[object, ...]]:
    schemas = ", ".join(f"{table} {version}" for table, version in sorted(manifest.schema_versions.items()))
    return [
        ("copydesk", manifest.package_version),
        ("settings", f"`{manifest.settings_digest}`"),
        ("schemas", schemas),
        ("run", f"`{manifest.run_id}`"),
        ("run before", f"`{manifest.parent}`" if manifest.parent else "none"),
        *library_versions(),
    ]


def _table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    right = [name in {"rows", "records", "articles", "spans"} for name in head]
    lines = [head, ["---:" if number else "---" for number in right], *rows]
    return "".join(f"| {' | '.join(_cell(value) for value in line)} |\n" for line in lines)


def _cell(value: object) -> str:
    return f"{value:,}" if isinstance(value, int) else str(value)


def _code(text: str) -> str:
    """A name of ours as code in a cell, where Markdown needs nothing escaped but the bar between cells."""
    return f"`{text.replace('|', '/')}`"


def _plain(text: str) -> str:
    r"""A name as text in Markdown: neither markup nor HTML, on one line.

    >>> _plain("*Post* | <b>\n[x](y)")
    '\\*Post\\* \\| &lt;b&gt; \\[x\\](y)'
    """
    if text == UNKNOWN:
        return text
    return re.sub(r"([\\`*_\[\]|#~])", r"\\\1", escape(" ".join(text.split()), quote=False))

"""The account of a record as a page: its text with every removed, moved and repaired span in place, and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from copydesk.report.accounts import Account, Field, Passage, Row, deed, role
from copydesk.report.diff import beside_html, compare_texts, inline_html
from copydesk.report.markup import Section, table, table_head, whole_page


def explain_page(accounts: Sequence[Account]) -> str:
    """One self-contained page about these records; at least one."""
    entry = accounts[0].entry
    several = len(accounts) > 1
    sections = [s for i, account in enumerate(accounts) for s in _sections(account, i, several=several)]
    return whole_page(f"{entry['source_path']}", sections)


def compare_page(first: Account, second: Account) -> str:
    """One self-contained page with the texts of two records side by side."""
    names = (_name(first), _name(second))
    body = beside_html(compare_texts(first.text or "", second.text or ""), names)
    return whole_page(f"{names[0]} beside {names[1]}", [Section("texts", "Texts", body)])


def _name(account: Account) -> str:
    return f"{account.entry['source_path']} (record {account.entry['source_record']})"


def _sections(account: Account, number: int, *, several: bool) -> Iterator[Section]:
    name = f"Record {account.entry['source_record']}: " if several else ""
    yield Section(f"outcome-{number}", f"{name}What became of it", _outcome(account))
    if account.passages:
        yield Section(f"text-{number}", "Text", _text(account.passages))
    if account.fields:
        yield Section(f"fields-{number}", "Where the fields come from", _fields(account.fields, account.about_fields))
    if account.text is not None and account.survivor is not None:
        heads = ("this copy", f"kept: {account.links[0]['canonical_source_path']}")
        body = beside_html(compare_texts(account.text, account.survivor), heads)
        yield Section(f"beside-{number}", "Beside the article that was kept", body)


def _outcome(account: Account) -> str:
    entry = account.entry
    rows = [("outcome", entry["outcome"]), ("reason", entry["reason"]), ("id", entry["article_id"])]
    for link in account.links:
        figures = f"Jaccard {link['jaccard']:.2f}, containment {link['containment']:.2f}"
        rows.append((f"{link['kind']} copy of", f"{link['canonical_source_path']} ({link['canonical_id']}), {figures}"))
    rows += [
        ("also published as", ", ".join(str(copy[key]) for key in copy if copy[key] is not None))
        for copy in account.copies
    ]
    note = "" if account.text is not None else "<p class=note>Its text is neither published nor kept.</p>"
    return table(("", ""), [(name, value) for name, value in rows if value]) + note


def _text(passages: Sequence[Passage]) -> str:
    return f"<table class=text>{table_head(('text', 'what was done, and by which rule'))}" + (
        "".join(_passage(passage) for passage in passages) + "</table>"
    )


def _passage(passage: Passage) -> str:
    if passage.gone and passage.decisions[-1]["action"] == "removed":
        shown = f"<del>{escape(passage.text)}</del>"
    elif passage.gone or passage.before == passage.text:
        shown = escape(passage.text)
    else:
        shown = inline_html(passage.before, passage.text)
    gone = " class=gone" if passage.gone else ""
    return f"<tr{gone}><td>{shown}</td><td class=why>{'<br>'.join(map(_why, passage.decisions))}</td></tr>"


def _why(row: Row) -> str:
    score = f", score {row['score']:.3f}" if row["score"] is not None else ""
    return f"<span class=tag>{escape(deed(row))}</span> <code>{escape(row['rule'])}</code>{score}"


def _fields(fields: Sequence[Field], about: Sequence[Row]) -> str:
    rows = "".join(_field(field) for field in fields)
    html = f"<table>{table_head(('field', 'value', 'source', 'confidence', 'as printed'))}{rows}</table>"
    if not about:
        return html
    changes = "".join(
        f"<tr><td>{inline_html(row['before'], row['after'] or '')}</td><td class=why>{_why(row)}</td></tr>"
        for row in about
    )
    return f"{html}<h3>Decisions about fields</h3><table class=text>{changes}</table>"


def _field(field: Field) -> str:
    value = f"<td class=winner>{escape(field.value)}</td>" if field.value else "<td class=note>unknown</td>"
    if not field.evidence:
        return f"<tr><th scope=row>{field.name}</th>{value}<td></td><td></td><td></td></tr>"
    rows = []
    for i, item in enumerate(field.evidence):
        first = (
            f"<th scope=row>{field.name}</th>{value}"
            if i == 0
            else f"<td></td><td class=note>{_other(field, item)}</td>"
        )
        rows.append(
            f"<tr>{first}<td>{escape(item['source'])}</td><td class=n>{item['confidence']:.2f}</td>"
            f"<td>{escape(item['raw'])}</td></tr>"
        )
    return "".join(rows)


def _other(field: Field, item: Row) -> str:
    return f"{role(field, item)}: {escape(str(item['value']))}"

"""The account of a record for a terminal: colours where there are any, and marks that need none.

`-` stands before what was removed, `>` before what was moved to a field, `~` before what was repaired; within a line
`[-gone-]` and `{+come+}`, as `wdiff` writes them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.text import Text

from copydesk.article import Action
from copydesk.report.accounts import Account, Field, Passage, Row, deed, role
from copydesk.report.diff import BLANKS, Part, compare_texts, compare_words, fold, visible
from copydesk.report.diff import Row as Beside
from copydesk.report.markup import short

MARKS = {Action.REMOVED: ("-", "red"), Action.MOVED: (">", "blue"), Action.REPAIRED: ("~", "yellow")}
OUTCOMES = {"clean": "green", "duplicate": "yellow"}


def explain_lines(account: Account) -> Iterator[Text]:
    """The account, line by line."""
    entry = account.entry
    yield Text(f"{entry['source_path']} (record {entry['source_record']})", "bold")
    yield Text.assemble("  id       ", entry["article_id"] or "none: nothing could be read")
    reason = f" ({entry['reason']})" if entry["reason"] else ""
    yield Text.assemble("  outcome  ", (entry["outcome"], OUTCOMES.get(entry["outcome"], "red")), reason)
    for link in account.links:
        yield Text(
            f"  {link['kind']} copy of {link['canonical_source_path']} ({link['canonical_id']}): "
            f"Jaccard {link['jaccard']:.2f}, containment {link['containment']:.2f}",
            "yellow",
        )
    for copy in account.copies:
        known = [str(copy[key]) for key in ("outlet", "published_on", "url") if copy[key]]
        yield Text(f"  also published as {copy['article_id']}" + (f": {', '.join(known)}" if known else ""))
    for field in account.fields:
        yield from _field(field)
    if account.decisions:
        yield Text(f"  {account.decisions} decisions")
    for decision in account.about_fields:
        yield from _decision(decision)
    if account.passages:
        yield Text("  text", "bold")
    for passage in account.passages:
        yield from _passage(passage)
    if account.text is not None and account.survivor is not None:
        yield Text("  beside the article that was kept: [-only here-] {+only there+}", "bold")
        yield from diff_lines(account.text, account.survivor)


def diff_lines(before: str, after: str) -> Iterator[Text]:
    """Two texts as one, what only the first has as `[-…-]`, what only the second has as `{+…+}`."""
    for row in fold(compare_texts(before, after)):
        yield Text("    ").append_text(_in_place(row))


def _field(field: Field) -> Iterator[Text]:
    yield Text.assemble(f"  {field.name:<13} ", (field.value or "unknown", "bold" if field.value else "dim"))
    for item in field.evidence:
        said = role(field, item)
        line = f"      {said:<7} {item['source']} ({item['confidence']:.2f}): {_line(item['raw'])}"
        yield Text(line, "" if said == "from" else "dim")


def _passage(passage: Passage) -> Iterator[Text]:
    if not passage.decisions:
        yield Text(f"    {passage.position:>3}  {passage.text}")
        return
    mark, colour = MARKS[Action(passage.decisions[-1]["action"])]
    line = Text.assemble((f"  {mark} {passage.position:>3}  ", colour))
    if passage.gone:
        yield line.append(passage.text, f"{colour} strike" if mark == "-" else colour)
    else:
        yield line.append_text(_in_place(compare_words(passage.before, passage.text)))
    for decision in passage.decisions:
        yield from _decision(decision)


def _decision(row: Row) -> Iterator[Text]:
    score = f", score {row['score']:.3f}" if row["score"] is not None else ""
    line = f"         {deed(row)}: {row['rule']}{score}"
    yield Text(line, MARKS[Action(row["action"])][1])
    if row["paragraph"] is None and row["before"] != row["after"]:
        yield Text(f"         [-{_line(row['before'])}-] {{+{_line(row['after'])}+}}")


def _in_place(row: Beside) -> Text:
    """Both sides in one line: what is gone before what came."""
    text = Text()
    right = list(row.right)
    for part in row.left:
        if not part.changed:
            # What came stands before the next stretch that both have.
            while right and right[0].changed:
                text.append(marked(right.pop(0), "{+", "+}"), "green")
            text.append(part.text)
            right = right[1:]
        else:
            text.append(marked(part, "[-", "-]"), "red")
    return text.append_text(_came(right))


def _came(parts: Sequence[Part]) -> Text:
    return Text.assemble(*((marked(part, "{+", "+}") if part.changed else part.text, "green") for part in parts))


def marked(part: Part, start: str, end: str) -> str:
    """The part between two marks, the blanks behind its last word outside.

    >>> marked(Part("old ", True), "[-", "-]")
    '[-old-] '
    """
    words = part.text.rstrip(BLANKS) or part.text
    return f"{start}{visible(words)}{end}{part.text[len(words) :]}"


def _line(text: str | None) -> str:
    return short(" ".join((text or "").split()), 160) or ""

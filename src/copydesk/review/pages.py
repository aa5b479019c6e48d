"""The pages of a review. Whatever comes out of the corpus is escaped where it enters one."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from importlib.resources import files

from copydesk.overrides import Kind
from copydesk.report.accounts import Passage
from copydesk.report.diff import beside_html, compare_texts, fold
from copydesk.report.markup import short, table
from copydesk.review.agreement import SAMPLE, Agreement
from copydesk.review.context import Scene

NEIGHBOURS = 3
"""Paragraphs shown before and behind the one in question; the others unfold."""
DIFF_CHARS = 20_000
"""Text of each side that is compared."""
SHOWN_PASSAGES = 40
"""Paragraphs of a record shown at once; more take longer to read than to judge."""

QUESTIONS = {
    Kind.PARAGRAPH: ("Does this paragraph belong to the article?", "Keep", "Remove"),
    Kind.LINK: ("Is this a copy of the article that was kept?", "Keep both", "Remove the copy"),
    Kind.DOCUMENT: ("Is this an article of this corpus?", "Keep", "Remove"),
}


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a review stands: its address, cases in all, cases judged, the last decision, if any."""

    root: str
    total: int
    done: int
    last: str = ""


def content_policy() -> str:
    """What a browser may do on these pages: show them, run their one script, and answer to where they came from."""
    script, style = (_digest(text) for text in (_script(), _style()))
    return (
        f"default-src 'none'; script-src 'sha256-{script}'; style-src 'sha256-{style}'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )


def case_page(scene: Scene, number: int, decided: str, skip: str | None, standing: Standing) -> str:
    """The page of one case. `number` from 0; `decided`: what was said about it in this review; `skip`: the next one."""
    case = scene.case
    question = QUESTIONS[case.kind][0]
    section = f'<section aria-labelledby="question"><h2 id="question">{question}</h2>{_about(scene)}{_context(scene)}'
    body = f"{section}</section>{_bench(scene, decided, skip, standing)}"
    return _page(f"{number + 1} of {standing.total}: {case.kind}", body, standing)


def counts_page(found: Sequence[Agreement], standing: Standing) -> str:
    """The page of counts: samples, which tell of all cases, apart from borderline cases, which don't."""
    sampled = [a for a in found if a.drawn == SAMPLE]
    others = [a for a in found if a.drawn != SAMPLE]
    left = standing.total - standing.done
    state = f"<p>{left:,} of {standing.total:,} cases are left.</p>" if left else "<p>All cases are judged.</p>"
    body = (
        f"<section><h2>How often people agree</h2>{state}"
        "<p class=note>Saved decisions take effect with the next <code>copydesk clean</code>.</p>"
        "<h3>Random samples</h3><p class=note>The share is an estimate for all cases of the rule: of what it removed, "
        f"so much was rightly removed.</p>{_counts(sampled)}"
        "<h3>Borderline cases</h3><p class=note>The ones nearest to the limit: people disagree here more often than "
        f"elsewhere, so the share says nothing about the rest.</p>{_counts(others)}</section>"
    )
    go_on = f'<a data-key=c href="{standing.root}/">Go on<kbd>c</kbd></a>'
    bench = f"<div class=bench>{go_on}{_undo(standing)}{_said('')}</div>"
    return _page("How often people agree", body + bench, standing)


def message_page(title: str, words: str, standing: Standing) -> str:
    """A page that says one thing, for browsers without a script."""
    body = f"<section><h2>{escape(title)}</h2><p>{escape(words)}</p></section>"
    return _page(title, body + f'<div class=bench><a href="{standing.root}/">Go on</a></div>', standing)


def _page(title: str, body: str, standing: Standing) -> str:
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)} - copydesk review</title><style>{_style()}</style></head><body>"
        f"<header><h1>Review</h1><p class=note>{standing.done:,} of {standing.total:,} judged in this review. "
        f'<a href="{standing.root}/counts">How often people agree</a></p></header>'
        f"<main>{body}</main><script>{_script()}</script></body></html>\n"
    )


@cache
def _style() -> str:
    return _data("report.css") + _data("review.css")


@cache
def _script() -> str:
    return _data("review.js")


def _data(name: str) -> str:
    return files("copydesk").joinpath("data", name).read_text(encoding="utf-8")


def _digest(text: str) -> str:
    return b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _about(scene: Scene) -> str:
    case, entry = scene.case, scene.account.entry
    score = "" if case.score is None else f"<span>score {case.score:.3f}</span>"
    names = {field.name: field.value for field in scene.account.fields}
    known = [escape(str(names[name])) for name in ("title", "outlet", "published_on") if names.get(name)]
    reasons = "".join(f"<p class=note>{escape(short(reason) or '')}</p>" for reason in scene.reasons)
    return (
        f"<p class=about><span class=tag>{escape(case.was)}</span><code>{escape(case.rule)}</code>"
        f"<span>{escape(case.stage)}</span>{score}</p>"
        f"<p class=about><b>{' · '.join(known)}</b><span class=where>{escape(entry['source_path'])}</span></p>{reasons}"
    )


def _context(scene: Scene) -> str:
    if scene.case.kind is Kind.LINK:
        return _beside(scene)
    passages = scene.account.passages
    if scene.place is None:
        if not passages:
            return "<p class=note>Its text is neither published nor kept.</p>"
        rest = len(passages) - SHOWN_PASSAGES
        more = f"<p class=note>{rest:,} more paragraphs.</p>" if rest > 0 else ""
        return "".join(_passage(passage) for passage in passages[:SHOWN_PASSAGES]) + more
    first, last = max(0, scene.place - NEIGHBOURS), scene.place + NEIGHBOURS + 1
    shown = [_passage(p, is_case=first + i == scene.place) for i, p in enumerate(passages[first:last])]
    return _folded("before", passages[:first]) + "".join(shown) + _folded("behind", passages[last:])


def _folded(where: str, passages: Sequence[Passage]) -> str:
    if not passages:
        return ""
    inside = "".join(_passage(passage) for passage in passages[: 10 * SHOWN_PASSAGES])
    return f"<details><summary>{len(passages):,} paragraphs {where}</summary>{inside}</details>"


def _passage(passage: Passage, *, is_case: bool = False) -> str:
    kind = " case" if is_case else " out" if passage.gone else ""
    text = f"<del>{escape(passage.text)}</del>" if passage.gone and not is_case else escape(passage.text)
    rules = "; ".join(f"{row['action']}: {row['rule']}" for row in passage.decisions)
    note = f"<small>{escape(rules)}</small>" if rules else ""
    return f'<div class="passage{kind}">{text}{note}</div>'


def _beside(scene: Scene) -> str:
    account = scene.account
    if account.text is None or account.survivor is None:
        return "<p class=note>The texts of this pair are no longer kept.</p>"
    rows = fold(compare_texts(account.text[:DIFF_CHARS], account.survivor[:DIFF_CHARS]))
    cut = max(len(account.text), len(account.survivor)) > DIFF_CHARS
    kept = account.links[0]["canonical_source_path"] if account.links else scene.case.articles[-1]
    heads = (f"copy: {account.entry['source_path']}", f"kept: {kept}")
    return beside_html(rows, heads) + ("<p class=note>The beginning of both.</p>" if cut else "")


def _bench(scene: Scene, decided: str, skip: str | None, standing: Standing) -> str:
    _, keep, remove = QUESTIONS[scene.case.kind]
    buttons = "".join(
        f"<button class={name} name=decision value={name} data-key={name[0]} aria-pressed={_flag(decided == name)}>"
        f"{words}<kbd>{name[0]}</kbd></button>"
        for name, words in (("keep", keep), ("remove", remove))
    )
    there = f"{standing.root}/case/{skip}" if skip else f"{standing.root}/counts"
    return (
        f'<div class=bench><form id=judge method=post action="{standing.root}/case/{scene.case.name}">'
        f"<input type=hidden name=seen value={decided or 'nothing'}>{buttons}</form>"
        f'<a data-key=s href="{there}">Skip<kbd>s</kbd></a>{_undo(standing)}{_said(standing.last)}</div>'
    )


def _undo(standing: Standing) -> str:
    return (
        f'<form method=post action="{standing.root}/undo"><button data-key=u>Undo<kbd>u</kbd></button></form>'
        if standing.last
        else ""
    )


def _said(words: str) -> str:
    return f"<p id=said role=status aria-live=polite>{escape(words)}</p>"


def _flag(value: bool) -> str:
    return "true" if value else "false"


def _counts(found: Sequence[Agreement]) -> str:
    if not found:
        return "<p>None is judged yet.</p>"
    rows = [(a.stage, a.rule, a.was, a.judged, a.agreed, f"{a.share:.0%}", a.interval) for a in found]
    return table(("stage", "rule", "the run had", "judged", "agreed", "share", "95 % interval (Wilson)"), rows)

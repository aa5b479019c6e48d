"""The order of the stages, seen from outside: one record in, one outcome out."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import replace
from pathlib import Path

import pytest

from copydesk import pipeline
from copydesk.article import (
    Article,
    Block,
    Form,
    Metadata,
    Outcome,
    RawRecord,
    RecordField,
    Refusal,
    Source,
    article_id,
)
from copydesk.judging import judging_columns
from copydesk.pipeline import examine, judge
from copydesk.settings import Settings

STORIES = Path(__file__).parent / "stories"
FERRY = (STORIES / "ferry.txt").read_text(encoding="utf-8")
LIBRARY = (STORIES / "library.txt").read_text(encoding="utf-8")

PAGE = f"""<!doctype html><html lang="en"><head><title>Ferry sails again | Harbour Post</title>
<meta property="og:site_name" content="Harbour Post"><meta property="og:title" content="Ferry sails again"></head>
<body><nav><a href="/">Home</a></nav><article><h1>Ferry sails again</h1>
{"".join(f"<p>{p}</p>" for p in FERRY.split(chr(10) * 2)[3:])}</article></body></html>"""


def record(content: bytes | str, *, path: str = "a.txt", form: Form = Form.TEXT, refusal: Refusal | None = None):
    """Make a raw record with this content."""
    return RawRecord(article_id(path, "00", 0), Source(path, 0, "00"), form, content, (), refusal)


def test_text_becomes_an_article_with_its_head_in_fields():
    """A pasted text loses its head lines to title, authors and date, and its furniture to decisions."""
    article = examine(record(FERRY.encode()), Settings())
    assert article.outcome is Outcome.CLEAN
    assert article.metadata.title == "Ferry to Stroma sails again after a winter of repairs"
    assert article.metadata.authors == ("Ada Holm",)
    assert article.text.startswith("The ferry to Stroma")
    assert "newsletter" not in article.text
    assert {"newsletter" in d.before for d in article.decisions if d.stage == "boilerplate"} == {True}


def test_page_becomes_an_article_without_its_navigation():
    """A saved page is extracted, and its own statements are evidence."""
    article = examine(record(PAGE.encode(), path="a.html", form=Form.HTML), Settings())
    assert article.metadata.title == "Ferry sails again"
    assert article.metadata.outlet == "Harbour Post"
    assert article.text.startswith("The ferry to Stroma")


def test_fragment_of_markup_in_a_field_becomes_paragraphs():
    """Markup that is no whole page, as records hold it, is read leniently."""
    article = examine(record("<p>" + "</p><p>".join(LIBRARY.split("\n\n")[3:]), form=Form.HTML), Settings())
    assert article.text.split("\n\n")[0].startswith("Readers in the old town")


def test_refused_record_is_quarantined_with_its_reason():
    """What reading refuses has its reason in the ledger."""
    article = examine(record(b"", refusal=Refusal("binary", "looks like a PNG image")), Settings())
    assert (article.outcome, article.reason) == (Outcome.QUARANTINED, "binary: looks like a PNG image")


def test_record_without_text_is_no_article():
    """A record that can be read, but has no text, is not quarantined: there is nothing to try again."""
    article = examine(record("", refusal=Refusal("no_text", "record 1 has neither text nor markup")), Settings())
    assert article.outcome is Outcome.NO_ARTICLE


def test_unforeseen_error_quarantines_the_record_and_names_the_place(monkeypatch: pytest.MonkeyPatch):
    """A fault in a rule costs one record, and the ledger says where it happened."""

    def stumble(*_: object) -> object:
        raise ZeroDivisionError("a rule divides by the number of quotes")

    monkeypatch.setattr(pipeline, "PER_ARTICLE", (stumble,))
    article = examine(record(FERRY.encode()), Settings())
    assert article.outcome is Outcome.QUARANTINED
    assert article.reason.startswith("failed: ZeroDivisionError at test_pipeline.py:")


def stories():
    """Three records: a story, its copy, another story."""
    texts = {"a.txt": FERRY, "b.txt": FERRY, "c.txt": LIBRARY}
    return [examine(record(text.encode(), path=path), Settings()) for path, text in texts.items()]


def test_every_article_leaves_with_one_outcome():
    """Judging loses no article and invents none; a copy names its survivor."""
    judged = judge(stories(), Settings())
    assert sorted(a.outcome for a in judged.articles) == [Outcome.CLEAN, Outcome.CLEAN, Outcome.DUPLICATE]
    [link] = judged.links
    [copy] = [a for a in judged.articles if a.outcome is Outcome.DUPLICATE]
    assert (link.article_id, link.kind) == (copy.article_id, "exact")
    assert copy.reason == f"exact of {link.canonical_id}"


def test_judging_does_not_depend_on_the_order():
    """The same articles in any order give the same result."""
    articles = stories()
    shuffled = random.Random(7).sample(articles, len(articles))  # noqa: S311 - a shuffle, no secret
    assert judge(shuffled, Settings()) == judge(articles, Settings())


def test_empty_corpus_is_judged():
    """No articles, no links, no error."""
    assert judge((), Settings()).articles == ()


def test_no_article_takes_no_part_in_duplicates():
    """A quarantined record is nobody's copy, though its bytes are the same."""
    bad = examine(record(b"", path="x", refusal=Refusal("empty", "no bytes")), Settings())
    worse = examine(record(b"", path="y", refusal=Refusal("empty", "no bytes")), Settings())
    assert [a.outcome for a in judge([bad, worse], Settings()).articles] == [Outcome.QUARANTINED] * 2


PROMO = (
    "Harbour Post brings you tides, prices and letters before breakfast, each weekday and on Sundays too.",
    "Subscribers receive our almanac with recipes, crosswords and a calendar of regional fairs at Christmas.",
)
FRONT = tuple(f"{place} closes its {n} old mills" for n, place in enumerate(("Tarn", "Oxbow", "Stroma") * 4, 11))
SUBJECTS = ("port", "school", "forest", "court")


def body(subject: str) -> list[str]:
    """Write nine paragraphs that share no words with those about another subject."""
    return [" ".join(f"{subject}{i}{word}" for word in "abcdefghijk") + "." for i in range(9)]


def article(name: str, outlet: str, *lines: str) -> Article:
    """Make an examined article."""
    metadata = Metadata(title=None, outlet=outlet)
    return Article(article_id(name, "00", 0), Source(name, 0, "00"), tuple(map(Block, lines)), metadata)


def test_copies_of_a_survivor_that_is_no_article_find_another_one():
    """A survivor of which nothing is left without its outlet's learned lines doesn't take its copies along."""
    stories = [article(f"{n}.txt", "Harbour Post", *body(subject), *PROMO) for n, subject in enumerate(SUBJECTS)]
    copies = [article(f"copy{n}.txt", outlet, *FRONT, *PROMO) for n, outlet in enumerate(("Echo", "Herald"))]
    hollow = article("hollow.txt", "Harbour Post", *FRONT, *PROMO)
    best = replace(hollow, metadata=replace(hollow.metadata, published_on=dt.date(2024, 3, 5)))
    judged = {a.article_id: a for a in judge([*stories, *copies, best], Settings()).articles}
    assert judged[best.article_id].outcome is Outcome.NO_ARTICLE
    assert judged[best.article_id].reason.startswith("section_front")
    assert sorted(judged[copy.article_id].outcome for copy in copies) == [Outcome.CLEAN, Outcome.DUPLICATE]


def test_judging_columns_carry_what_is_compared():
    """The duplicate stage sees metadata as typed columns, also where all are unknown."""
    table = judging_columns([examine(record("A word."), Settings())])
    assert table.num_rows == 1
    assert table["title_key"].to_pylist() == [0]
    assert str(table.schema.field("published_on").type) == "date32[day]"


def test_page_too_wild_to_be_read_is_quarantined():
    """Markup nested beyond all measure is not called a page without an article: it could not be read."""
    wild = "<html><body>" + "<div>" * 100_000 + "text"
    article = examine(record(wild.encode(), path="a.html", form=Form.HTML), Settings())
    assert article.outcome is Outcome.QUARANTINED
    assert article.reason.startswith("too_deep")


def test_stated_fields_are_evidence():
    """What a record says of itself counts."""
    stated = RecordField("outlet", "Harbour Post", "source")
    article = examine(RawRecord("id", Source("a", 0, "00"), Form.TEXT, LIBRARY, (stated,)), Settings())
    assert article.metadata.outlet == "Harbour Post"


def test_a_caption_in_a_field_of_markup_leaves_with_a_row():
    """What a record's markup names a caption is moved, and a decision says so; its other paragraphs have none."""
    markup = (
        "<p>The ferry sails again.</p><figure><figcaption>The ferry at dawn.</figcaption></figure><p>It is blue.</p>"
    )
    article = examine(record(markup, form=Form.HTML), Settings())
    assert (article.captions, article.text) == (("The ferry at dawn.",), "The ferry sails again.\n\nIt is blue.")
    assert [(d.label, d.rule, d.paragraph, d.before) for d in article.decisions] == [
        ("caption", "page-caption/1", 1, "The ferry at dawn.")
    ]

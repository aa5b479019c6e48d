# ruff: noqa: E501 - an example paragraph stands in one line, as it does in an article
"""Tests of paragraphs of other stories."""

from __future__ import annotations

import random

import numpy as np
import pyarrow as pa
import pytest

from copydesk.article import Action, Article, Block, BlockKind, Metadata, Outcome, Source
from copydesk.contamination import Verdicts, carry_out, paragraph_columns
from copydesk.contamination.background import load_background
from copydesk.contamination.papers import Corpus, block_starts
from copydesk.contamination.scoring import copies_in
from copydesk.contamination.stories import stories_of
from copydesk.contamination.strangers import find_strangers
from copydesk.contamination.theme import learn_theme
from copydesk.contamination.verdicts import judge_corpus
from copydesk.settings import ContaminationSettings, Settings

NONE = pa.table({"article_id": pa.array([], pa.string()), "canonical_id": pa.array([], pa.string())})

PORT = (
    "The port of Lindhaven froze in the night of Sunday, and no ship has left its berth since, the harbour master said.",
    "Crews who had waited for a berth since Friday lit fires on the pier, and the ships behind them turned back to sea.",
    "The harbour master, Ruth Abbott, said the ice on the berths was thicker than in any winter since the port was built.",
    "Icebreakers from two neighbouring ports were sent to Lindhaven on Monday, but they will need three days to reach it.",
    "Abbott said the crews were safe and that the port would feed them until the ice is gone and the ships can leave.",
    "Shipping firms count their losses: each day without a berth in Lindhaven costs a ship forty thousand dollars.",
    "The icebreakers have to cut a channel from the harbour mouth to the berths before the first ship can move, Abbott said.",
    "The last time the port of Lindhaven froze, nineteen years ago, ships lay at their berths for twelve days.",
    "Bakers of the town brought bread to the crews on the pier, and the harbour office opened its hall for them at night.",
    "The weather office expects the ice in the harbour to grow until Thursday, when warmer winds come in from the sea.",
    "Two ships that turned back to sea have asked a port further south for a berth; it has room for one of them.",
    "The harbour master will say on Wednesday when the ships may leave Lindhaven, and in which order the crews will sail.",
)
SCHOOL = (
    "A federal judge in Ohio ruled on Thursday that the state's school vouchers break its constitution, in a case brought by teachers.",
    "Judge Hugh Moreau wrote that public money for private schools takes from pupils what the constitution promises them.",
    "Teachers' unions welcomed the ruling; parents of pupils in private schools said they would take the case to appeal.",
    "The voucher program pays tuition for sixty thousand pupils, most of them in schools run by churches, the state says.",
    "Moreau gave the state until the end of the school year to change the program or to end it and pay the schools.",
    "The ruling is the third against vouchers this year; judges in two other states stopped theirs in the spring.",
    "Supporters of vouchers say that pupils of poor families have no other way into a good private school in the state.",
    "Opponents answer that most of the tuition goes to families whose children were in private schools before the program.",
    "The state has paid two billion dollars for vouchers since the program began, and it plans to pay more next year.",
    "Moreau heard teachers, parents and pupils for nine days before the ruling, which has more than two hundred pages.",
    "The attorney general of Ohio said the state would ask a higher court to stop the ruling until the appeal is decided.",
    "Until then the schools get their money as before, the judge wrote, so that no pupil has to change school in winter.",
)


def article(name: str, lines: tuple[str, ...], title: str) -> Article:
    """An article whose title is known."""
    blocks = (Block(title, label="title", field="title"), *(Block(line) for line in lines))
    return Article(name, Source(f"{name}.txt", 0, None), blocks, Metadata(title=title))


port = article("port", PORT, "Port of Lindhaven frozen, ships wait")
school = article("school", SCHOOL, "Judge stops school vouchers in Ohio")


def judged(*articles: Article, links: pa.Table = NONE, **settings: object) -> tuple[Article, ...]:
    """The articles without the paragraphs that are found in their columns to belong to other stories."""
    columns, ids = paragraph_columns(articles), pa.array([a.article_id for a in articles], pa.string())
    named = pa.table({"article_id": ids, "title": pa.array([a.metadata.title for a in articles], pa.string())})
    nothing_gone = np.zeros(block_starts(columns)[-1], np.bool_)
    chosen = Settings(contamination=ContaminationSettings(**settings))  # type: ignore[arg-type]
    found = find_strangers(named, columns, nothing_gone, stories_of(ids, links), chosen).strangers
    return tuple(carry_out(article, found.get(row, ())) for row, article in enumerate(articles))


def test_nothing_to_judge() -> None:
    """No articles, and articles without text, come back as they are."""
    empty = Article("e", Source("e.txt", 0, None))
    assert judged() == ()
    assert judged(empty) == (empty,)


def test_untouched_articles_lose_nothing() -> None:
    """Articles of one piece keep every paragraph."""
    assert [a.text for a in judged(port, school)] == [port.text, school.text]


def test_removes_a_paragraph_of_another_story_that_is_in_the_corpus() -> None:
    """A lead that stands in another article and fits there goes; there it stays."""
    mixed = article("mixed", (*PORT, SCHOOL[0]), "Port of Lindhaven frozen, ships wait")
    cleaned, origin = judged(mixed, school)
    assert SCHOOL[0] not in cleaned.text
    assert origin.text == school.text
    decision = cleaned.decisions[0]
    assert (decision.action, decision.label, decision.rule) == (Action.REMOVED, "off_topic", "foreign/1")
    assert decision.score is not None
    assert decision.score > 0.5
    assert "article school" in next(e.value for e in cleaned.evidence if e.field == "off_topic")


def test_removes_a_stranger_in_a_corpus_of_one_article() -> None:
    """The background alone knows that a ruling on schools is not about a port."""
    long = (*PORT, *(line.replace("Lindhaven", "Nordhaven").replace("Abbott", "Brandt") for line in PORT))
    (cleaned,) = judged(
        article("mixed", (*long, " ".join(SCHOOL[:3])), "Ports of Lindhaven and Nordhaven frozen, ships wait")
    )
    assert cleaned.text == "\n\n".join(long)


def test_the_long_paragraph_stays_and_the_short_stranger_goes() -> None:
    """Of two paragraphs that are strangers to each other only the short one at the end goes."""
    (cleaned,) = judged(
        article("mixed", (" ".join(PORT), " ".join(SCHOOL[:3])), "Port of Lindhaven frozen, ships wait")
    )
    assert cleaned.text == " ".join(PORT)


def test_copies_do_not_speak_against_each_other() -> None:
    """A lead that stands in a copy of its own article is no stranger."""
    excerpt = article("excerpt", PORT[:3], "Port of Lindhaven frozen")
    links = pa.table({"article_id": ["excerpt"], "canonical_id": ["port"]})
    assert [a.text for a in judged(port, excerpt, links=links)] == [port.text, excerpt.text]


@pytest.mark.parametrize("line", ["BERGEN:", "What happens now in Ohio?", "Judge Hugh Moreau ruled against vouchers."])
def test_short_paragraphs_are_never_judged(line: str) -> None:
    """Nothing under twelve words goes, strange as it may be."""
    mixed = article("mixed", (*PORT, line), "Port of Lindhaven frozen, ships wait")
    assert line in judged(mixed, school)[0].text


def test_single_paragraph_is_never_judged() -> None:
    """There is nothing to hold it against."""
    alone = article("alone", (SCHOOL[0],), "Port of Lindhaven frozen")
    assert judged(alone, port)[0].text == SCHOOL[0]


def test_setting_turns_removal_into_a_flag() -> None:
    """With `remove_paragraphs` off the paragraph stays and the evidence says what was found."""
    mixed = article("mixed", (*PORT, SCHOOL[0]), "Port of Lindhaven frozen, ships wait")
    flagged, _ = judged(mixed, school, remove_paragraphs=False)
    assert flagged.text == mixed.text
    assert [e.field for e in flagged.evidence] == ["flag:paragraph"]


def test_headline_above_a_stranger_goes_with_it() -> None:
    """A related headline that came with the paragraph is removed; a subhead of the article's own is not."""
    headline = "Judge stops vouchers for private schools"
    mixed = article("mixed", (*PORT, headline, SCHOOL[0]), "Port of Lindhaven frozen, ships wait")
    assert headline not in judged(mixed, school)[0].text
    subhead = article(
        "mixed", (*PORT, "Ice on the berths of Lindhaven", SCHOOL[0]), "Port of Lindhaven frozen, ships wait"
    )
    assert "Ice on the berths of Lindhaven" in judged(subhead, school)[0].text


@pytest.mark.parametrize(
    ("line", "goes"), [("Colleges and students fear cuts in education", True), ("A long winter for shipping", False)]
)
def test_headline_in_other_words_goes_by_its_subject(line: str, *, goes: bool) -> None:
    """None of its telling words stands in the paragraph below, which is on the same subject; the article isn't. A
    subhead of the article's own, in words that stand nowhere else, stays.
    """
    mixed = article("mixed", (*PORT, line, SCHOOL[0]), "Port of Lindhaven frozen, ships wait")
    text = judged(mixed, school)[0].text
    assert SCHOOL[0] not in text
    assert (line not in text) is goes


def test_tables_and_code_are_not_judged() -> None:
    """Only prose is."""
    blocks = (*port.blocks, Block(SCHOOL[0], BlockKind.TABLE_CELL))
    mixed = Article("mixed", port.source, blocks, port.metadata)
    assert SCHOOL[0] in judged(mixed, school)[0].text


def test_order_and_company_make_no_difference() -> None:
    """The same corpus in another order gives the same articles."""
    articles = [port, school, article("mixed", (*PORT, SCHOOL[0]), "Port of Lindhaven frozen, ships wait")]
    shuffled = articles[:]
    random.Random(3).shuffle(shuffled)  # noqa: S311 - any order will do
    one = {a.article_id: a for a in judged(*articles)}
    other = {a.article_id: a for a in judged(*shuffled)}
    assert one == other


def test_judging_twice_removes_nothing_more() -> None:
    """What is left after a removal belongs together."""
    mixed = article("mixed", (*PORT, SCHOOL[0]), "Port of Lindhaven frozen, ships wait")
    once = judged(mixed, school)
    assert [a.text for a in judged(*once)] == [a.text for a in once]


def test_other_outcomes_are_left_alone() -> None:
    """A record that is no article is not judged."""
    from dataclasses import replace

    mixed = replace(article("mixed", (*PORT, SCHOOL[0]), "Port"), outcome=Outcome.NO_ARTICLE, reason="stub")
    assert judged(mixed, school)[0] == mixed


def test_stories_follow_links_through_survivors() -> None:
    """Copies of copies are one story; links to what isn't there are left out."""
    links = pa.table({"article_id": ["a", "b", "x"], "canonical_id": ["b", "c", "gone"]})
    assert stories_of(pa.array(list("cabd")), links).tolist() == [0, 0, 0, 3]


def test_briefs_are_never_judged() -> None:
    """With less than 180 words beside it a paragraph is left alone."""
    (brief,) = judged(article("brief", (*PORT[:5], SCHOOL[0]), "Port of Lindhaven frozen"))
    assert SCHOOL[0] in brief.text


def test_other_languages_are_never_judged() -> None:
    """What isn't made of the background's words can't be judged by them."""
    line = "Der Hafen von Lindhafen ist in der Nacht zum Sonntag zugefroren, und kein Schiff hat ihn seither verlassen können."
    other = "Die Lehrer der Schule im Tal haben am Donnerstag erfahren, dass ihre Klassen im nächsten Jahr größer werden sollen."
    german = article("german", (*(f"{line} {n}" for n in range(14)), other), "Hafen zugefroren")
    assert judged(german)[0].text == german.text


def test_quotation_shared_by_articles_on_one_event_stays() -> None:
    """Two articles about the same event share sentences: a copy among them belongs to both."""
    quote = "“We have lived from the sea for six hundred years, and nobody here is afraid of a little water,” an old man sang."
    one = article("one", (*PORT, quote), "Port of Lindhaven frozen, ships wait")
    other = article("other", (PORT[0], quote, *reversed(PORT[1:])), "Lindhaven under ice")
    assert all(quote in a.text for a in judged(one, other))


def judge_all(table: pa.Table, gone: np.ndarray | None = None) -> Verdicts:
    """The verdicts on articles of which no two tell the same story."""
    starts, stories = block_starts(table), np.arange(table.num_rows)
    corpus = Corpus(table, starts, np.zeros(starts[-1], np.bool_) if gone is None else gone)
    theme = learn_theme(corpus, stories, load_background())
    return judge_corpus(corpus, copies_in(corpus, stories), theme, Settings())


def verdict_rows(table: pa.Table, gone: np.ndarray | None = None) -> list[tuple[int, int, bool, int]]:
    """Row, position, removal and matching row of each verdict."""
    verdicts = judge_all(table, gone)
    return list(
        zip(
            *(getattr(verdicts, n).tolist() for n in ("rows", "positions", "removed", "match_rows")),
            strict=True,
        )
    )


mixed_port = article("mixed", (*PORT, SCHOOL[0]), "Port of Lindhaven frozen, ships wait")


def test_verdicts_on_columns_name_row_position_and_match() -> None:
    """Judging needs the kept columns alone, and says where the other story is."""
    assert verdict_rows(paragraph_columns([mixed_port, school])) == [(0, 13, True, 1)]
    assert verdict_rows(paragraph_columns([])) == []


def test_verdicts_do_not_depend_on_how_the_columns_are_cut() -> None:
    """Columns in many chunks, written and mapped, give what columns in one give."""
    papers = [mixed_port, school, port] * 3
    whole = paragraph_columns(papers)
    pieces = pa.concat_tables([paragraph_columns([a]) for a in papers])
    assert verdict_rows(pieces) == verdict_rows(whole)
    assert len(verdict_rows(whole)) >= 3


def test_scores_do_not_depend_on_the_batch() -> None:
    """The log-odds of an article are the same to the last bit, whichever articles it is looked at with."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("copydesk.contamination.papers.BATCH", 2)
        few = judge_all(paragraph_columns([port, mixed_port, school, port]))
    many = judge_all(paragraph_columns([port, mixed_port, school, port]))
    assert few.scores.tolist() == many.scores.tolist()


def test_blocks_that_are_gone_neither_speak_nor_are_judged() -> None:
    """A paragraph that a later stage has removed is as if it had never been there."""
    table = paragraph_columns([mixed_port, school])
    gone = np.zeros(28, np.bool_)
    gone[12] = True
    assert verdict_rows(table, gone) == []
    gone[:] = False
    gone[14] = True
    with_copy = verdict_rows(table)
    without_copy = verdict_rows(table, gone)
    assert [v[3] for v in with_copy] == [1]
    assert all(v[3] == -1 for v in without_copy)


def test_articles_too_long_to_compare_are_not_judged() -> None:
    """More than five hundred paragraphs are a live blog or worse: it loses nothing and takes no time."""
    blog = article("blog", (*PORT * 42, SCHOOL[0]), "Port of Lindhaven frozen, ships wait")
    assert judged(blog, school)[0].text == blog.text


def test_line_that_is_the_title_of_another_story_goes() -> None:
    """A teaser without a word around it is known by the story it names; it goes even where the paragraph below stays."""
    teaser = "Judge stops school vouchers in Ohio"
    cleaned, _ = judged(article("mixed", (*PORT[:6], teaser, *PORT[6:]), "Port of Lindhaven frozen"), school)
    assert cleaned.text == "\n\n".join(PORT)
    decision = cleaned.decisions[0]
    assert (decision.rule, decision.before) == ("related-title/2", teaser)
    assert next(e.value for e in cleaned.evidence if e.source == "related-title/2").endswith("article school")


@pytest.mark.parametrize(
    "line", ["Judge stops school vouchers", "What we know so far", "Judge stops vouchers in Ohio."]
)
def test_lines_like_a_title_stay(line: str) -> None:
    """Part of a title, a title of common words, and a sentence are no teasers."""
    others = school, article("other", SCHOOL[:6], "What we know so far")
    assert line in judged(article("mixed", (*PORT, line), "Port of Lindhaven frozen"), *others)[0].text


@pytest.mark.parametrize(
    ("title", "stays"),
    [
        ("Judge stops school vouchers in Ohio: what parents need to know", True),
        ("Judge lets school vouchers go on", False),
    ],
)
def test_section_under_the_name_of_another_story_stays(title: str, stays: bool) -> None:
    """A subhead that says what its own article's title says heads a part of it, though another story is called so, too;
    the next story on one matter is teased all the same.
    """
    line = "Judge stops school vouchers in Ohio"
    cleaned = judged(article("mixed", (*PORT[:6], line, *PORT[6:]), title), school)[0]
    assert (line in cleaned.text) is stays


def test_title_of_a_copy_is_no_teaser() -> None:
    """A copy's title is the article's own: what repeats it is not for this stage to judge."""
    titled = article("mixed", (*PORT, "Port of Lindhaven frozen, ships wait"), "Ice on the berths")
    links = pa.table({"article_id": ["mixed"], "canonical_id": ["port"]})
    assert judged(titled, port, links=links)[0].text == titled.text


def test_setting_flags_a_teaser() -> None:
    """Without removal the teaser is only flagged."""
    teaser = "Judge stops school vouchers in Ohio"
    mixed = article("mixed", (*PORT, teaser), "Port of Lindhaven frozen")
    flagged = judged(mixed, school, remove_paragraphs=False)[0]
    assert flagged.text == mixed.text
    assert [e.field for e in flagged.evidence if e.source == "related-title/2"] == ["flag:paragraph"]

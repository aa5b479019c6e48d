"""What people decided holds against every stage, changes what it touches, and nothing else."""

from __future__ import annotations

import pyarrow as pa
import pytest

from copydesk.article import (
    Action,
    Article,
    Block,
    Decision,
    Form,
    Metadata,
    Outcome,
    RawRecord,
    Source,
    article_id,
    decide,
)
from copydesk.judging import hold, judge_columns, judging_columns, override_shelf
from copydesk.judging.columns import COLUMNS
from copydesk.overrides import Effect, Overrides, parse_overrides
from copydesk.pipeline import Judged, examine, judge
from copydesk.settings import ContaminationSettings, Settings

S = Settings()
SUBJECTS = (
    ("port", "ice", "ferry", "harbour", "crew"),
    ("school", "teacher", "pupil", "lesson", "exam"),
    ("forest", "fire", "smoke", "ranger", "hill"),
    ("court", "judge", "trial", "jury", "lawyer"),
    ("hospital", "nurse", "doctor", "patient", "ward"),
)
FOOT = "Harbor Times brings you the day before breakfast, every single weekday."
ALIEN = (
    "The jury in the trial of the two lawyers was sent home by the judge, and the court will hear the third witness, "
    "a locksmith from Tarn, on the question of who had the key to the vault that night."
)


def name(number: int) -> str:
    """The id of an article."""
    return f"{number:032x}"


def story(n: int, *foot: str) -> Article:
    """A story on one of five subjects, with lines at its foot."""
    a, b, c, d, e = SUBJECTS[n % len(SUBJECTS)]
    body = [
        f"The {a} and the {b} of day {n}-{i} kept the {c}, the {d} and the {e} busy for hours on end." for i in range(9)
    ]
    known = Metadata(title=f"The {a} and the {b}", outlet="Harbor Times")
    return Article(name(n), Source(f"{n}.txt", 0, "0" * 64), tuple(map(Block, (*body, *foot))), known)


def say(text: str) -> Overrides:
    """Entries in which ID1, ID2, ... stand for ids."""
    for number in range(9, -1, -1):
        text = text.replace(f"ID{number}", f'"{name(number)}"')
    return parse_overrides(text, "overrides.toml")


def by_number(judged: Judged) -> dict[int, Article]:
    """The articles by number."""
    return {int(article.article_id, 16): article for article in judged.articles}


STORIES = [story(n, FOOT) for n in range(4)]


def test_vetoed_line_is_kept_everywhere_and_the_account_says_so():
    """A learned line that a person keeps stands in every article, with the rule that was overruled."""
    assert FOOT not in by_number(judge(STORIES, S))[0].text
    said = say(f'[[line]]\ntext = "{FOOT}"\ndecision = "keep"')
    judged = judge(STORIES, S, said)
    for article in judged.articles:
        assert FOOT in article.text
        assert [(d.stage, d.rule) for d in article.decisions] == [("overrides", "keep/1 over learned-line/2")]
        assert [e.field for e in article.evidence] == ["override:paragraph"]
    assert [(e.effect, e.changed) for e in judged.overruled] == [(Effect.CHANGED, 4)]


def test_vetoed_line_of_another_outlet_stays_learned():
    """The same words elsewhere are another line."""
    said = say(f'[[line]]\ntext = "{FOOT}"\noutlet = "Courier"\ndecision = "keep"')
    judged = judge(STORIES, S, said)
    assert FOOT not in by_number(judged)[0].text
    assert [e.effect for e in judged.overruled] == [Effect.UNMATCHED]


def test_kept_paragraph_is_learned_in_all_articles_but_one():
    """An entry about one article leaves the others as they were."""
    said = say(f'[[paragraph]]\narticle = ID2\ntext = "{FOOT}"\ndecision = "keep"')
    before, after = by_number(judge(STORIES, S)), by_number(judge(STORIES, S, said))
    assert FOOT in after[2].text
    assert {n: a for n, a in after.items() if n != 2} == {n: a for n, a in before.items() if n != 2}


def foreign_corpus() -> list[Article]:
    """Stories of which one holds a paragraph of another one's."""
    long = [story(n) for n in range(5)]
    guest = Article(
        long[0].article_id, long[0].source, (*long[0].blocks[:4], Block(ALIEN), *long[0].blocks[4:]), long[0].metadata
    )
    host = Article(long[3].article_id, long[3].source, (Block(ALIEN), *long[3].blocks), long[3].metadata)
    return [guest, *long[1:3], host, *long[4:]]


def test_kept_paragraph_is_never_foreign():
    """What the models would take, or flag, stays without a doubt, and the row says over which rule."""
    corpus = foreign_corpus()
    judged = by_number(judge(corpus, S))[0]
    doubts = [e.field for e in judged.evidence if e.raw == ALIEN]
    assert doubts, "the paragraph is suspicious enough for this test"
    kept = by_number(judge(corpus, S, say(f'[[paragraph]]\narticle = ID0\ntext = "{ALIEN}"\ndecision = "keep"')))[0]
    assert ALIEN in kept.text
    assert not [e for e in kept.evidence if e.field in ("off_topic", "flag:paragraph") and e.raw == ALIEN]
    rules = [d.rule for d in kept.decisions if d.stage == "overrides"]
    assert rules == (["keep/1 over foreign/1"] if "off_topic" in doubts else [])


def test_held_apart_copy_is_an_article_with_a_row():
    """A row and evidence say that a person held it apart; made copies say so in the ledger's reason."""
    twins = [story(0), Article(name(7), Source("7.txt", 0, None), story(0).blocks, story(0).metadata), story(1)]
    [copy] = [a for a in judge(twins, S).articles if a.outcome is Outcome.DUPLICATE]
    judged = judge(twins, S, say('[[link]]\narticles = [ID0, ID7]\ndecision = "apart"'))
    assert {a.outcome for a in judged.articles} == {Outcome.CLEAN}
    [freed] = [a for a in judged.articles if a.article_id == copy.article_id]
    assert [d.rule for d in freed.decisions] == ["apart/1 over exact"]
    assert [e.field for e in freed.evidence] == ["override:link"]
    assert [e.effect for e in judged.overruled] == [Effect.CHANGED]
    made = judge(twins, S, say('[[link]]\narticles = [ID0, ID1]\ndecision = "copies"'))
    by_hand = [a for a in made.articles if a.reason.endswith("(overrides)")]
    assert [[d.rule for d in a.decisions] for a in by_hand] == [["copies/1"]]
    assert [e.effect for e in made.overruled] == [Effect.CHANGED]


def test_kept_document_stays_whatever_the_theme_says():
    """An article off the theme that a person keeps is published, and the row names the outcome it would have had."""
    settings = Settings(contamination=ContaminationSettings(theme=("harbour", "ferry", "ice"), remove_off_topic=True))
    corpus = [story(5 * n) for n in range(12)] + [story(3)]
    assert by_number(judge(corpus, settings))[3].outcome is Outcome.OFF_TOPIC
    judged = judge(corpus, settings, say('[[document]]\narticle = ID3\ndecision = "keep"'))
    kept = by_number(judged)[3]
    assert (kept.outcome, kept.reason) == (Outcome.CLEAN, "")
    assert [d.rule for d in kept.decisions] == ["keep/1 over off_topic"]


def test_removed_document_is_nobodys_survivor():
    """Its copies find another one among themselves."""
    blocks = story(0).blocks
    triplets = [Article(name(n), Source(f"{n}.txt", 0, None), blocks, Metadata(title="T")) for n in (1, 2, 3)]
    [survivor] = [a for a in judge(triplets, S).articles if a.outcome is Outcome.CLEAN]
    number = int(survivor.article_id, 16)
    judged = by_number(judge(triplets, S, say(f'[[document]]\narticle = ID{number}\ndecision = "remove"')))
    assert sorted(a.outcome for a in judged.values()) == [Outcome.CLEAN, Outcome.DUPLICATE, Outcome.OFF_TOPIC]
    assert judged[number].outcome is Outcome.OFF_TOPIC


@pytest.mark.parametrize(
    ("entry", "effect"),
    [
        ('[[paragraph]]\narticle = ID1\ntext = "Nothing of the kind"\ndecision = "keep"', Effect.UNMATCHED),
        ('[[paragraph]]\narticle = ID9\ntext = "Whatever"\ndecision = "keep"', Effect.UNMATCHED),
        ('[[document]]\narticle = ID9\ndecision = "remove"', Effect.UNMATCHED),
        ('[[document]]\narticle = ID1\ndecision = "keep"', Effect.AGREES),
        ('[[link]]\narticles = [ID1, ID2]\ndecision = "apart"', Effect.AGREES),
        (f'[[paragraph]]\narticle = ID1\ntext = "{FOOT}"\ndecision = "remove"', Effect.AGREES),
        ('[[document]]\narticle = ID8\ndecision = "keep"', Effect.POWERLESS),
    ],
)
def test_entries_that_change_nothing_are_named(entry: str, effect: Effect):
    """Whether they agree, match nothing any more, or can't be carried out; the corpus is as it was without them."""
    empty = Article(name(8), Source("8.txt", 0, None), (), Metadata(), outcome=Outcome.NO_ARTICLE, reason="no_text: x")
    corpus = [*STORIES, empty]
    judged = judge(corpus, S, say(entry))
    assert [e.effect for e in judged.overruled] == [effect]
    assert judged.articles == judge(corpus, S).articles


def test_a_later_entry_overrules_an_earlier_one():
    """Both are named; the account says which one holds."""
    said = say(
        '[[document]]\narticle = ID1\ndecision = "remove"\n[[document]]\narticle = ID1\ndecision = "keep"\n'
        f'[[line]]\ntext = "{FOOT}"\ndecision = "remove"\n[[line]]\ntext = "{FOOT}"\ndecision = "keep"'
    )
    effects = [e.effect for e in judge(STORIES, S, said).overruled]
    assert effects == [Effect.OVERRULED, Effect.AGREES, Effect.OVERRULED, Effect.CHANGED]


def test_entries_about_unknown_articles_load_nothing():
    """The shelf comes back as it is, and so it does without entries."""
    shelf = hold(STORIES)
    for said in (say(""), say('[[document]]\narticle = ID9\ndecision = "remove"')):
        same, decided = override_shelf(shelf, said, S)
        assert same is shelf
        assert decided.touched == ()


PROMO = "Read more: Ice on the roads"


def with_promo() -> list[Article]:
    """The stories, the third with a line that a rule has removed."""
    third = story(2, FOOT, PROMO)
    gone = Decision("boilerplate", Action.REMOVED, "promo", "read-more/1", len(third.blocks) - 1, PROMO)
    return [*STORIES[:2], decide(third, gone), STORIES[3]]


KEEP_PROMO = f'[[paragraph]]\narticle = ID2\ntext = "{PROMO}"\ndecision = "keep"\n'


def test_columns_of_touched_articles_are_those_of_the_articles_as_decided():
    """As if they had been examined so; the others keep theirs, in their order."""
    shelf, decided = override_shelf(hold(with_promo()), say(KEEP_PROMO), S)
    assert decided.touched == (2,)
    articles = list(shelf.load(range(4)))
    assert PROMO in articles[2].text
    assert shelf.columns == judging_columns(articles)
    assert shelf.columns.schema == COLUMNS


def test_digest_of_the_content_follows_what_changed():
    """An entry that changes an article gives it another content; one that agrees leaves it."""
    shelf = hold(with_promo())
    contents = pa.array([bytes([n] * 16) for n in range(4)], pa.binary(16))
    shelf = shelf.changed(shelf.columns.append_column("content", contents), lambda article: article)
    said = say(KEEP_PROMO + f'[[paragraph]]\narticle = ID1\ntext = "{FOOT}"\ndecision = "keep"')
    changed = override_shelf(shelf, said, S)[0].columns["content"].to_pylist()
    assert [a == b for a, b in zip(changed, contents.to_pylist(), strict=True)] == [True, True, False, True]
    assert override_shelf(shelf, said, S)[0].columns["content"].to_pylist() == changed


def test_confirmed_removals_stay_the_rules():
    """A line that people remove in two articles is still learned from all of them; only what is left is theirs."""
    said = say("".join(f'[[paragraph]]\narticle = ID{n}\ntext = "{FOOT}"\ndecision = "remove"\n' for n in (0, 1)))
    assert judge(STORIES, S, said).articles == judge(STORIES, S).articles
    few = STORIES[:2]
    assert FOOT in by_number(judge(few, S))[0].text
    judged = judge(few, S, said)
    assert all(FOOT not in article.text for article in judged.articles)
    assert {d.rule for article in judged.articles for d in article.decisions} == {"remove/1"}
    assert [e.effect for e in judged.overruled] == [Effect.CHANGED] * 2


def test_an_article_of_which_nothing_is_left_is_none():
    """Whoever removes all paragraphs of an article has removed it."""
    short = Article(name(6), Source("6.txt", 0, None), (Block("The port froze overnight."),), Metadata(title="Ice"))
    said = say('[[paragraph]]\narticle = ID6\ntext = "The port froze overnight."\ndecision = "remove"')
    [article] = judge([short], S, said).articles
    assert (article.outcome, article.reason.split(":")[0]) == (Outcome.NO_ARTICLE, "nothing_left")


def test_order_of_articles_changes_nothing():
    """With entries of every kind."""
    said = say(
        f'[[line]]\ntext = "{FOOT}"\ndecision = "keep"\n[[link]]\narticles = [ID0, ID1]\ndecision = "copies"\n'
        '[[document]]\narticle = ID3\ndecision = "remove"'
    )
    assert judge(STORIES[::-1], S, said) == judge(STORIES, S, said)


def test_records_as_they_are_read_can_be_kept():
    """From bytes to corpus: a promo that the rules removed is back, by its words."""
    text = (
        "Bread is dear\n\nPrices for bread rose on Monday in all towns along the coast.\n\nRead more: Ice on the roads"
    )
    record = RawRecord(article_id("a.txt", "0" * 64, 0), Source("a.txt", 0, "0" * 64), Form.TEXT, text.encode())
    article = examine(record, S)
    promo = next(d for d in article.decisions if d.label == "promo")
    assert isinstance(promo, Decision)
    entry = f'[[paragraph]]\narticle = "{article.article_id}"\ntext = "{promo.before}"\ndecision = "keep"'
    [kept] = judge([article], S, parse_overrides(entry, "o.toml")).articles
    assert promo.before in kept.text
    assert judge_columns(hold([article]), S).verdicts == {}

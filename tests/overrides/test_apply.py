"""What people decided about paragraphs, lines and articles, carried out on one article."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from copydesk.article import Action, Article, Decision, Evidence, Outcome, decide
from copydesk.boilerplate import apply_rules
from copydesk.contamination import check_article
from copydesk.overrides import NONE, Overrides, remove_unwanted, restore, unwanted
from copydesk.settings import Settings

Make = Callable[..., Article]
Say = Callable[[str], Overrides]
S = Settings()

LEAD = "Prices for bread rose on Monday in all towns along the coast, the bakers' guild said."
PROMO = "Read more: Bakers count their losses"
WHOLE = "The quay. Handout / PA"
TORN = "We cafÃ© x"


def apply_overrides(article: Article, said: Overrides, settings: Settings) -> Article:
    """Both steps, one after the other."""
    restored = restore(article, said, settings)
    return remove_unwanted(restored, unwanted(restored, said))


def keep(text: str, number: int = 1) -> str:
    """An entry that keeps this paragraph."""
    return f'[[paragraph]]\narticle = ID{number}\ntext = """{text}"""\ndecision = "keep"\n'


def remove(text: str, number: int = 1) -> str:
    """An entry that removes this paragraph."""
    return keep(text, number).replace('"keep"', '"remove"')


def ruled(make: Make, *texts: str) -> Article:
    """An article after the rules."""
    return apply_rules(make(1, *texts), S)


def test_without_entries_nothing_changes(make: Make):
    """The very article comes back; an empty one too."""
    article = ruled(make, LEAD, PROMO)
    assert apply_overrides(article, NONE, S) is article
    assert apply_overrides(make(1), NONE, S).text == ""


def test_kept_paragraph_stands_in_the_text_and_the_account_is_whole(make: Make, say: Say):
    """The rule's row gives way to one of people that names the rule; evidence tells the story."""
    article = ruled(make, LEAD, PROMO)
    assert article.text == LEAD
    kept = apply_overrides(article, say(keep(PROMO)), S)
    assert kept.text == f"{LEAD}\n\n{PROMO}"
    [row] = kept.decisions
    assert (row.stage, row.action, row.label, row.paragraph) == ("overrides", Action.REPAIRED, "kept", 1)
    assert row.rule.startswith("keep/1 over ")
    assert row.before == row.after == PROMO
    [told] = [e for e in kept.evidence if e.source == "overrides"]
    assert (told.field, told.raw) == ("override:paragraph", PROMO)
    assert "boilerplate" in told.value


def test_removed_paragraph_is_a_decision_of_people(make: Make, say: Say):
    """A row with the stage says so; the words of others stay."""
    article = apply_overrides(make(1, LEAD, "A stranger."), say(remove("A stranger")), S)
    assert article.text == LEAD
    [row] = article.decisions
    assert (row.stage, row.action, row.rule, row.before) == ("overrides", Action.REMOVED, "remove/1", "A stranger.")


def test_entries_of_another_article_mean_nothing_here(make: Make, say: Say):
    """The same words in another article stay as they are."""
    article = ruled(make, LEAD, PROMO)
    assert apply_overrides(article, say(keep(PROMO, 2) + remove(LEAD, 3)), S) == article


def test_applying_twice_changes_nothing(make: Make, say: Say):
    """One decision, one row, however often it is asked."""
    said = say(keep(PROMO) + remove(LEAD) + '[[document]]\narticle = ID1\ndecision = "remove"')
    once = apply_overrides(ruled(make, LEAD, PROMO, "The guild met."), said, S)
    assert apply_overrides(once, said, S) == once


def test_confirming_a_removal_leaves_the_rules_row(make: Make, say: Say):
    """What a rule removed and a person would have removed stays the rule's."""
    article = ruled(make, LEAD, PROMO)
    assert apply_overrides(article, say(remove(PROMO)), S) == article


def test_what_was_moved_to_a_field_comes_back_whole(make: Make, say: Say):
    """A caption that lost its credit, or a bio, is text again, and no field has it."""
    moved = decide(
        make(1, LEAD, WHOLE),
        Decision("boilerplate", Action.MOVED, "caption", "c/1", 1, WHOLE, "The quay.", None, "captions"),
    )
    assert moved.captions == ("The quay.",)
    back = apply_overrides(moved, say(keep(WHOLE)), S)
    assert back.text.endswith(WHOLE)
    assert back.captions == ()


def test_paragraph_is_known_by_its_words_before_and_after_repairs(make: Make, say: Say):
    """Neither its position nor a repair makes it another one."""
    mended = Decision("encoding", Action.REPAIRED, "m", "m/1", 1, TORN, "We café x")
    torn = decide(make(1, "New line.", TORN), mended)
    for words in (TORN, "we café X"):
        assert apply_overrides(torn, say(remove(words)), S).text == "New line."


def test_beginning_and_number_narrow_a_paragraph_down(make: Make, say: Say):
    """The first words are enough; of two equal paragraphs the one that is meant goes."""
    twice = make(1, "The council voted on it.", LEAD, "The council voted on it.")
    begins = say('[[paragraph]]\narticle = ID1\nbegins = "The council voted"\ndecision = "remove"')
    assert apply_overrides(twice, begins, S).text == LEAD
    second = say(remove("The council voted on it.").replace("decision", "nth = 2\ndecision"))
    assert apply_overrides(twice, second, S).text == f"The council voted on it.\n\n{LEAD}"
    third = say(remove("The council voted on it.").replace("decision", "nth = 3\ndecision"))
    assert apply_overrides(twice, third, S) == twice


def test_keeping_one_of_two_equal_paragraphs_does_not_double_it(make: Make, say: Say):
    """The repeated paragraph stays out where the first one is meant."""
    long = LEAD + " Nobody could say on Monday when they will fall again."
    article = ruled(make, long, "The guild met on Sunday.", long)
    assert article.text.count("rose on Monday") == 1
    first = say(keep(long).replace("decision", "nth = 1\ndecision"))
    assert apply_overrides(article, first, S).text == article.text


def test_words_joined_to_the_paragraph_before_are_not_doubled(make: Make, say: Say):
    """The second half of a broken sentence stands in the first already."""
    article = ruled(make, "The bakers of the coast said on Monday that the", "prices would rise again in autumn.")
    assert article.blocks[1].label == "joined"
    assert apply_overrides(article, say(keep("prices would rise again in autumn.")), S).text == article.text


def test_the_later_entry_holds(make: Make, say: Say):
    """Whoever adds to the end of the file has the last word."""
    article = ruled(make, LEAD, PROMO)
    assert apply_overrides(article, say(keep(PROMO) + remove(PROMO)), S).text == LEAD
    assert PROMO in apply_overrides(article, say(remove(PROMO) + keep(PROMO)), S).text


LINE = '[[line]]\ntext = "Read more: Bakers count their losses"\ndecision = "{}"\n'


def test_line_is_meant_wherever_it_stands(make: Make, say: Say):
    """In every article, or in those of one outlet by name or domain, in any case."""
    said = say(LINE.format("keep"))
    assert PROMO in apply_overrides(ruled(make, LEAD, PROMO), said, S).text
    for outlet in ("harbour post", "post.example"):
        narrow = say(LINE.format("keep") + f'outlet = "{outlet}"\n')
        ours = apply_rules(make(1, LEAD, PROMO, outlet="Harbour Post", outlet_domain="post.example"), S)
        theirs = apply_rules(make(2, LEAD, PROMO, outlet="Courier"), S)
        assert PROMO in apply_overrides(ours, narrow, S).text
        assert apply_overrides(theirs, narrow, S) == theirs


def test_a_line_is_the_whole_line(make: Make, say: Say):
    """A paragraph that only begins like a line stays."""
    article = make(1, LEAD, "Subscribe to the baker's letter, she said, and nobody laughed.")
    said = say('[[line]]\ntext = "Subscribe to the baker\'s letter"\ndecision = "remove"')
    assert apply_overrides(article, said, S) == article


def test_the_narrower_entry_beats_the_wider_one(make: Make, say: Say):
    """A paragraph beats a line, a line of an outlet a line of all, in whatever order they stand."""
    article = apply_rules(make(1, LEAD, PROMO, outlet="Post"), S)
    narrow, wide = LINE.format("keep") + 'outlet = "Post"\n', LINE.format("remove")
    assert PROMO in apply_overrides(article, say(narrow + wide), S).text
    assert PROMO not in apply_overrides(article, say(remove(PROMO) + narrow), S).text


def test_a_kept_paragraph_is_doubted_no_longer(make: Make, say: Say):
    """The flag of a paragraph that a person has kept is gone; that of its neighbour stays."""
    flags = tuple(Evidence("flag:paragraph", "why", "foreign/1", text, 0.4) for text in (LEAD, "Another."))
    article = replace(make(1, LEAD, "Another."), evidence=flags)
    assert apply_overrides(article, say(keep(LEAD)), S).evidence == flags[1:]


def test_document_is_left_out_with_a_reason(make: Make, say: Say):
    """The record leaves with an outcome, a reason and a row."""
    gone = apply_overrides(make(1, LEAD, title="Bread"), say('[[document]]\narticle = ID1\ndecision = "remove"'), S)
    assert gone.outcome is Outcome.OFF_TOPIC
    assert gone.reason.startswith("overrides: ")
    assert [(d.stage, d.paragraph, d.before) for d in gone.decisions] == [("overrides", None, "Bread")]


KEEP_DOCUMENT = '[[document]]\narticle = ID1\ndecision = "keep"'


def test_kept_document_is_published_after_the_rules(make: Make, say: Say):
    """A page that was given up before the rules were asked meets them now; what it had been stands in the evidence."""
    page = replace(make(1, LEAD, PROMO), outcome=Outcome.NO_ARTICLE, reason="section_front: so it seemed")
    kept = apply_overrides(page, say(KEEP_DOCUMENT), S)
    assert (kept.outcome, kept.reason, kept.text) == (Outcome.CLEAN, "", LEAD)
    [told] = kept.evidence
    assert told.value == "kept by a person; it had the outcome no_article: section_front: so it seemed"
    assert [d.label for d in kept.decisions if d.stage == "overrides"] == ["kept"]


def test_what_could_not_be_read_cannot_be_kept(make: Make, say: Say):
    """There is nothing to publish: the outcome stays, with its reason."""
    for outcome, texts in ((Outcome.QUARANTINED, (LEAD,)), (Outcome.NO_ARTICLE, ())):
        article = replace(make(1, *texts), outcome=outcome, reason="why")
        assert apply_overrides(article, say(KEEP_DOCUMENT), S) == article


def test_an_article_comes_back_with_its_paragraphs(make: Make, say: Say):
    """A record of which nothing was left is an article once a person keeps what was taken."""
    sentence = "Read more about the bread of the coast in our long report on the guild."
    gone = decide(make(1, sentence), Decision("boilerplate", Action.REMOVED, "promo", "read-more/1", 0, sentence))
    gone = check_article(gone, S)
    assert gone.outcome is Outcome.NO_ARTICLE
    assert apply_overrides(gone, say(keep(sentence)), S).outcome is Outcome.CLEAN

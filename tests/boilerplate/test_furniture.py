# ruff: noqa: E501 - an example paragraph stands in one line, as it does in an article
"""Tests of the furniture stage over whole articles."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from copydesk.article import Action, Article, Block, BlockKind, Metadata, Source
from copydesk.boilerplate import apply_rules
from copydesk.boilerplate.rules import load_rules
from copydesk.settings import Settings

LEAD = (
    "The port of Lindhaven froze in the night of Sunday, and no ship has left its berth since, the harbour master said."
)
BODY = "Crews who had waited since Friday lit fires on the pier, and the bakers of the old town brought them bread and soup."
END = (
    "The ice will hold until the end of the month, the weather office expects, and then it will go within a day or two."
)


def article(*lines: str, **metadata: object) -> Article:
    """An article of these lines."""
    return Article("a", Source("a.txt", 0, None), tuple(Block(line) for line in lines), replace(Metadata(), **metadata))  # type: ignore[arg-type]


def cleaned(*lines: str, **metadata: object) -> Article:
    """The article after the rules."""
    return apply_rules(article(*lines, **metadata), Settings())


def test_clean_article_stays_as_it_is() -> None:
    """Nothing is decided about an article without furniture."""
    before = article(LEAD, BODY, END, title="Port frozen")
    assert apply_rules(before, Settings()) == before


def test_empty_article_stays_as_it_is() -> None:
    """No blocks, no decisions."""
    assert cleaned().decisions == ()


def test_pasted_article_comes_out_clean() -> None:
    """Promotion, captions, bio, disclaimer and title go to their places; the text stays, its drop cap repaired."""
    result = cleaned(
        "Patrol boats in Lindhaven, May 2014",
        "Coast guards in Lindhaven, May 2014Handout / Reuters",
        "Aport that freezes is rare, and this one had not been under ice since the winter of the great strike.",
        LEAD,
        "Read more: How the strike ended",
        BODY,
        "Sign up for our newsletter",
        END,
        "Nadia Duffy is a columnist at Harbor Times and the author of two books on ports.",
        "The views expressed in this article are the author's own and do not necessarily represent those of Harbor Times.",
        "Port frozen for a third week",
        title="Port frozen for a third week",
    )
    first = "A port that freezes is rare, and this one had not been under ice since the winter of the great strike."
    assert result.text == "\n\n".join([first, LEAD, BODY, END])
    assert result.captions == (
        "Patrol boats in Lindhaven, May 2014",
        "Coast guards in Lindhaven, May 2014 Handout / Reuters",
    )
    assert result.author_bio is not None
    assert {d.action for d in result.decisions} == {Action.MOVED, Action.REMOVED, Action.REPAIRED}


def test_related_list_goes_with_its_heading() -> None:
    """Headlines under a heading of a list go, up to the next paragraph."""
    result = cleaned(
        LEAD, "Related stories", "Ice on the roads of Lind", "Ferries stay. Crews wait.", "Bakers feed the crews", BODY
    )
    assert result.text == f"{LEAD}\n\n{BODY}"


def test_a_line_before_the_title_over_again_is_none_of_a_list() -> None:
    """A short sentence under a heading of a list goes before another story's headline, and stays before its own."""
    line, title = "The port is open again.", "Port of Lindhaven frozen for a third week"
    listed = (LEAD, BODY, "More on this", line, "Bakers feed the crews", END)
    assert line not in cleaned(*listed, title=title).text
    repeated = (LEAD, BODY, "More on this", line, title, END)
    assert cleaned(*repeated, title=title).text == "\n\n".join([LEAD, BODY, line, END])


def test_subheads_after_a_link_stay() -> None:
    """A link with its headline is one line; the subhead after it is none of its list."""
    result = cleaned(LEAD, "Read more: Ice on the roads", "What the Crews Say", BODY)
    assert "What the Crews Say" in result.text


def test_who_speaks_in_the_next_paragraph_is_no_author() -> None:
    """A line that says who somebody is stays where the person speaks below it; a note on the author ends the text."""
    told = (
        "“We heard the ice break at four in the morning and nobody believed us,” the pilots of the tug said on Monday."
    )
    line = "Lena Marlow is an attorney at Harbor Law in Lindhaven."
    speaks = "“At the time they didn't know what they had heard,” she says."
    assert cleaned(told, told.replace("four", "five"), line, speaks, "The tug lies in Holm.").text.count(line) == 1
    assert cleaned(told, told.replace("four", "five"), line).text.count(line) == 0


def test_interview_stays() -> None:
    """Speakers, questions and answers are the text."""
    lines = [
        "BERGEN: Why did you go back to the ice?",
        "REYES: Somebody had to, and I knew the way.",
        "BERGEN:",
        "REYES: I did.",
        "BERGEN:",
    ]
    assert cleaned(LEAD, *lines).text == "\n\n".join([LEAD, *lines])


def test_blocks_that_are_gone_stay_gone() -> None:
    """What an earlier stage took out is not touched."""
    title = Block("Sign up for our newsletter", label="title", field="title")
    before = Article("a", Source("a.txt", 0, None), (title, Block(LEAD)))
    assert apply_rules(before, Settings()) == before


def test_broken_sentence_is_put_together() -> None:
    """The first line gets the whole sentence, the second is marked as joined; no word is lost."""
    result = cleaned(
        "The ferry left the quay at six in the morning with", "forty cars and a bus on board, and turned back.", END
    )
    assert result.text.startswith("The ferry left the quay at six in the morning with forty cars and a bus on board")
    assert result.blocks[1].label == "joined"


def test_what_is_put_together_may_repeat_another_line() -> None:
    """A sentence broken over two lines, and whole further on, stands twice only once it is put together."""
    first, second = BODY[: BODY.index(" and the bakers")], BODY[BODY.index("and the bakers") :]
    assert cleaned(LEAD, first, second, END, BODY, title="Port frozen").text == "\n\n".join((LEAD, BODY, END))
    assert cleaned(LEAD, first, second, END, title="Port frozen").text == "\n\n".join((LEAD, BODY, END))


def test_decisions_can_be_undone() -> None:
    """Each removed or moved block keeps its words: `before` is the block as it stood."""
    lines = (LEAD, "Advertisement", "Photo: Nadia Duffy / AP", BODY)
    result = cleaned(*lines)
    for decision in result.decisions:
        assert decision.paragraph is not None
        assert decision.before == lines[decision.paragraph]
        assert decision.stage == "boilerplate"
        assert "/" in decision.rule


def test_furniture_in_a_subhead_is_furniture() -> None:
    """Splitters take short lines for subheads; a heading over a list of links is furniture all the same."""
    blocks = (
        Block(LEAD),
        Block("Most read", BlockKind.SUBHEAD),
        Block("Ice on the roads", BlockKind.SUBHEAD),
        Block(BODY),
    )
    before = Article("a", Source("a.txt", 0, None), blocks)
    assert apply_rules(before, Settings()).text == f"{LEAD}\n\n{BODY}"


def test_subheads_of_the_text_stay() -> None:
    """A subhead that is no furniture stays a subhead."""
    before = Article(
        "a", Source("a.txt", 0, None), (Block(LEAD), Block("What the crews say", BlockKind.SUBHEAD), Block(BODY))
    )
    assert apply_rules(before, Settings()) == before


@pytest.mark.parametrize("text", [LEAD, f"{LEAD}\u00a0{BODY}"])
def test_nbsp_is_no_reason(text: str) -> None:
    """Spaces of any kind inside a paragraph change nothing."""
    assert cleaned(text, END).decisions == ()


lines = st.lists(
    st.one_of(
        st.sampled_from(
            [LEAD, BODY, END, "BERGEN:", "What now?", "Related stories", "Ice on the roads of Lind", "Getty Images"]
        ),
        st.sampled_from([rule.positive for rule in load_rules()]),
        st.text(max_size=60),
    ),
    max_size=9,
)


@settings(max_examples=60, deadline=None)
@given(lines)
def test_running_again_after_the_rules_removes_no_rule_line(blocks: list[str]) -> None:
    """What the rules left holds no line that stood as furniture before, and every span was in the original."""
    result = cleaned(*blocks)
    assert len(result.blocks) == len(blocks)
    for decision in result.decisions:
        assert (
            decision.before in blocks or decision.action is Action.REPAIRED or decision.label in {"repeated", "joined"}
        )


def test_single_letters_of_other_languages_are_words() -> None:
    """A first letter is put to its word only in a language whose words are known."""
    line = "W porcie zamarzło wszystko, co pływa, powiedział w niedzielę kapitan portu w Lindhaven."
    assert cleaned(line, LEAD, language="pl").text.startswith("W porcie")
    assert cleaned("T he port froze in the night of Sunday, the pilots said.", LEAD, language="en").text.startswith(
        "The"
    )


def test_lines_of_a_program_are_not_joined() -> None:
    """A command without a stop before one that ends with a bracket is no broken sentence."""
    lines = ("run the pump for as long as the gauge is low and then", "stop = gauge.read(0)", LEAD)
    assert cleaned(*lines).text == "\n\n".join(lines)

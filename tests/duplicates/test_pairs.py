"""Which pairs of texts are linked."""

from __future__ import annotations

import html
import random

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from copydesk.duplicates.pairs import PAIRS, find_pairs


def _linked(texts: list[str], *, compile_code: bool | None = None) -> dict[tuple[int, int], str]:
    table = find_pairs(texts, compile_code=compile_code)
    assert table.schema == PAIRS
    return {(row["left"], row["right"]): row["kind"] for row in table.to_pylist()}


def _damage(text: str, share: float, seed: int) -> str:
    r = random.Random(seed)  # noqa: S311
    return "".join(r.choice("abcdefghijklmnop.") if c.isalpha() and r.random() < share else c for c in text)


VARIANTS = {
    "same": lambda t: t,
    "capitals": str.upper,
    "escaped": html.escape,
    "wrapped": lambda t: t.replace(" ", "\n"),
    "misread": lambda t: t.encode().decode("cp1252", "replace"),
    "furniture": lambda t: "By Our Reporter\n\n" + t + "\n\nFollow us for more. Subscribe now. All rights reserved.",
    "shuffled": lambda t: "\n\n".join(reversed(t.split("\n\n"))),
    "noise": lambda t: _damage(t, 0.04, 1),
    "new lead": lambda t: (
        "Swimmers in the valley fear for their club after a long night of talks.\n\n" + t.split("\n\n", 1)[1]
    ),
}


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("compile_code", [False, True])
def test_a_variant_is_one_story_with_its_original(variant: str, pool: str, ferry: str, *, compile_code: bool) -> None:
    """Every usual change of a story is found, and the other story isn't drawn in."""
    assert _linked([pool, ferry, VARIANTS[variant](pool)], compile_code=compile_code) == {(0, 2): "dup"}


def test_a_cut_text_is_a_part(pool: str, ferry: str) -> None:
    """The first third of a story, cut off, is a part of it."""
    cut = " ".join((pool + " " + ferry).split()[:50]) + " ..."
    table = find_pairs([pool + "\n\n" + ferry, cut]).to_pylist()
    assert [row["kind"] for row in table] == ["part"]
    assert table[0]["covered_right"] > 0.95 > 0.4 > table[0]["covered_left"]


def test_an_excerpt_among_foreign_text_is_a_part(pool: str, ferry: str, story) -> None:  # type: ignore[no-untyped-def]
    """Forty words of a story among as many of others are found."""
    words = pool.split()
    mixed = story(1, 25) + " " + " ".join(words[50:90]) + " " + story(2, 25)
    assert _linked([pool, ferry, mixed]) == {(0, 2): "part"}


def test_stories_that_share_a_quotation_stay_apart(story) -> None:  # type: ignore[no-untyped-def]
    """Thirty common words in two stories of a hundred and fifty link nothing."""
    quote = story(9, 30)
    assert _linked([story(1, 120) + " " + quote, quote + " " + story(2, 120)]) == {}


def test_reports_from_one_template_stay_apart(weather) -> None:  # type: ignore[no-untyped-def]
    """Weather reports differ in nothing but the facts, and that is what they say."""
    assert _linked([weather(seed) for seed in range(40)]) == {}


def test_a_template_report_is_found_again_when_copied(weather) -> None:  # type: ignore[no-untyped-def]
    """The same report twice is a copy, with a line added too."""
    reports = [weather(1), weather(2), weather(1), weather(2) + " More in our app."]
    assert _linked(reports) == {(0, 2): "dup", (1, 3): "dup"}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            (
                "Trellis Corp said its board declared a quarterly dividend of 12 cents a share, payable on April 30 "
                "to holders of March 15."
            ),
            (
                "Trellis Corp said its board declared a quarterly dividend of 14 cents a share, payable on July 30 "
                "to holders of June 15."
            ),
        ),
        (
            "The Bank of Norrland said it gave the money market further help of 30 million crowns this afternoon.",
            "The Bank of Norrland said it gave the money market further help of 75 million crowns this afternoon.",
        ),
        (
            (
                "Funeral services for Ada Lindqvist, 84, of Marlow Bridge, will be held at noon on Friday at Saint "
                "Olaf's church."
            ),
            (
                "Funeral services for Karl Bremer, 79, of Harrow Point, will be held at noon on Friday at Saint "
                "Olaf's church."
            ),
        ),
        (
            (
                "Saturday's winning numbers in the Valley Lottery were 4, 11, 23, 30, 37 and 42. The bonus ball was "
                "9. No one won the first prize."
            ),
            (
                "Saturday's winning numbers in the Valley Lottery were 2, 12, 19, 33, 35 and 41. The bonus ball was "
                "6. No one won the first prize."
            ),
        ),
    ],
    ids=["dividend", "money market", "obituary", "lottery"],
)
def test_short_notes_that_differ_in_facts_stay_apart(one: str, other: str) -> None:
    """Another sum, day or name makes another note."""
    assert _linked([one, other]) == {}


DEATH = (
    "{0} passed away peacefully at home on Sunday surrounded by her family. She worked as a teacher for many years and "
    "was well known in the parish for her kindness and her garden. The funeral service will be held at St Mary’s "
    "Church on Friday at eleven o’clock, followed by refreshments in the village hall, to which all are welcome. "
    "Family flowers only, please. Donations, if desired, may be made to the hospice."
)
FINE = (
    "{0}. Magistrates also ordered the defendant to pay a surcharge and the costs of the prosecution. The case was "
    "heard at the county court under the single justice procedure, in which no one has to attend. The defendant had "
    "entered a plea by post. A collection order was made."
)
HOSEPIPES = (
    "The river authority has lifted the restrictions on the use of hosepipes that have been in force since early "
    "summer, after reservoirs rose above the level that is normal for the season. The authority thanked its customers "
    "for their patience. A spokesman said that the change applies at once in the following places: {0}"
)


@pytest.mark.parametrize(
    ("form", "one", "other"),
    [
        (DEATH, "Agnes Holloway, aged 88, of Tell,", "Martha Prynne, aged 91, of Olm,"),
        (
            FINE,
            "Kevin Marsh, 41, of Mill Lane in Tell, was fined £220 on Monday for driving without insurance",
            "Joan Birch, 29, of Station Road in Olm, has to pay £440 since she fished without a licence",
        ),
        (HOSEPIPES, "Tell, Olm and Sorrel Bridge.", "Harrowick, Port Lorne, Ashby."),
    ],
    ids=["death", "fine", "end"],
)
def test_notes_that_differ_in_how_they_begin_or_end_stay_apart(form: str, one: str, other: str) -> None:
    """Who died, who was fined, where it applies: what stands before the first or behind the last match counts."""
    assert _linked([form.format(one), form.format(other)]) == {}


@pytest.mark.parametrize(
    "lead",
    [
        "According to the magistrates, 41-year-old Kevin Marsh, who lives in Tell, drove uninsured and was fined £220",
        "A man who drove without insurance has been fined",
        "",
    ],
)
def test_a_note_with_another_lead_about_the_same_is_a_copy(lead: str) -> None:
    """A lead that was rewritten, shortened or left out names nobody else."""
    one = "Kevin Marsh, 41, of Mill Lane in Tell, was fined £220 on Monday for driving without insurance"
    assert set(_linked([FINE.format(one), FINE.format(lead)])) == {(0, 1)}


def test_furniture_common_to_many_stories_links_none(story) -> None:  # type: ignore[no-untyped-def]
    """Thirty short stories with the same long footer stay apart, and a copy of one of them is found."""
    footer = story(1000, 60)
    texts = [story(seed, 70) + "\n\n" + footer for seed in range(30)]
    assert _linked([*texts, story(3, 70)]) == {(3, 30): "part"} or _linked([*texts, story(3, 70)]) == {(3, 30): "dup"}


def test_a_widely_printed_story_is_not_furniture(pool: str, story) -> None:  # type: ignore[no-untyped-def]
    """Forty outlets print a story, each with a line of its own: all pairs are found."""
    texts = [pool + "\n\n" + story(seed, 15) for seed in range(40)]
    assert len(_linked([*texts, *(story(100 + k) for k in range(40))])) == 40 * 39 // 2


@pytest.mark.parametrize("text", ["", " ", "\x00\x01", "...", "\u200b"])
def test_texts_without_words_are_nobodys_copies(text: str) -> None:
    """Empty texts, blanks and control characters aren't copies of one another."""
    assert _linked([text, text]) == {}


def test_short_texts_are_linked_when_equal() -> None:
    """One word, four, five: equal texts are pairs, unequal ones aren't, and no empty signature links them."""
    texts = ["Fire", "fire!", "Smoke", "a b c d", "a b c e", "a b c d e", "a b c d f"]
    assert _linked(texts) == {(0, 1): "dup"}


def test_no_texts_no_pairs() -> None:
    """Nothing in, nothing out, in the right columns."""
    assert find_pairs([]).num_rows == 0
    assert find_pairs(pa.array([], pa.string())).schema == PAIRS
    assert find_pairs([], compile_code=True).num_rows == 0


def test_nulls_are_empty_texts(pool: str) -> None:
    """A null in a column has no copies and shifts nothing."""
    table = pa.chunked_array([pa.array([pool, None]), pa.array([None, pool])])
    assert find_pairs(table).select(["left", "right"]).to_pylist() == [{"left": 0, "right": 3}]


def test_the_texts_decide_not_their_order(pool: str, ferry: str, story, weather) -> None:  # type: ignore[no-untyped-def]
    """Shuffled input gives the same pairs."""
    texts = (
        [v(t) for t in (pool, ferry) for v in VARIANTS.values()]
        + [story(k) for k in range(5)]
        + [weather(k) for k in range(5)]
    )
    expected = find_pairs(texts)
    for seed in range(3):
        order = list(range(len(texts)))
        random.Random(seed).shuffle(order)  # noqa: S311
        rows = find_pairs([texts[i] for i in order]).to_pylist()
        found = {
            (*sorted((order[r["left"]], order[r["right"]])), r["kind"], r["jaccard"], r["containment"]) for r in rows
        }
        assert found == {
            (r["left"], r["right"], r["kind"], r["jaccard"], r["containment"]) for r in expected.to_pylist()
        }


def test_plain_and_compiled_find_the_same(pool: str, ferry: str, story, weather) -> None:  # type: ignore[no-untyped-def]
    """A corpus just below the size from which code is compiled gives the same either way."""
    texts = (
        [v(t) for t in (pool, ferry) for v in VARIANTS.values()]
        + [story(k) for k in range(20)]
        + [weather(k) for k in range(20)]
    )
    assert find_pairs(texts, compile_code=False).equals(find_pairs(texts, compile_code=True))


_PHRASES = st.lists(
    st.sampled_from(["the mayor said on Monday that", "3 people", "Ada Trask", "were hurt in", "a fire at the mill"]),
    max_size=12,
)


@settings(max_examples=30, deadline=None)
@given(st.lists(_PHRASES.map(" ".join), max_size=6), st.randoms())
def test_any_texts_in_any_order(texts: list[str], r: random.Random) -> None:
    """Whatever the texts, equal words are linked and the order doesn't matter."""
    order = list(range(len(texts)))
    r.shuffle(order)
    expected = _linked(texts)
    found = _linked([texts[i] for i in order])
    assert {tuple(sorted((order[a], order[b]))): kind for (a, b), kind in found.items()} == expected
    for a in range(len(texts)):
        for b in range(a):
            assert not texts[a] or texts[a] != texts[b] or expected[(b, a)] == "dup"


def test_repeated_words_take_no_longer(pool: str) -> None:
    """A word repeated fifty thousand times is compared like any other text."""
    long = "never " * 50_000
    assert _linked([long, long + "again", pool], compile_code=True) == {(0, 1): "dup"}


def test_many_copies_of_one_text_are_compared_once(pool: str) -> None:
    """Twenty thousand copies are linked with the first of them."""
    assert find_pairs([pool] * 20_000).num_rows == 19_999

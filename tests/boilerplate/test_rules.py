"""Tests of the table of furniture and of matching a line against it."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.boilerplate.folding import word_lists
from copydesk.boilerplate.rules import Place, Rule, headline_like, load_rules, match_rule

FOOT = Place(9, 10)
ids = [rule.id for rule in load_rules()]


@pytest.mark.parametrize("rule", load_rules(), ids=ids)
def test_takes_its_positive(rule: Rule) -> None:
    """Each rule takes its own example, and no rule before it does."""
    found = match_rule(rule.positive, FOOT)
    assert found is not None
    assert found.id == rule.id


@pytest.mark.parametrize("rule", load_rules(), ids=ids)
def test_leaves_its_near_miss(rule: Rule) -> None:
    """No rule takes any rule's near miss."""
    assert match_rule(rule.near_miss, FOOT) is None


@pytest.mark.parametrize("rule", load_rules(), ids=ids)
def test_positive_has_one_of_the_words(rule: Rule) -> None:
    """A rule's words, by which a line is first looked at, are in its example; every row says its origin."""
    words = word_lists([rule.positive])[0]
    needed = {parts[0] for parts in word_lists(sorted(rule.words))}
    at_edge = {parts[0] for parts in word_lists(sorted(rule.edge_words))}
    assert needed & set(words) or at_edge & set(words[:4] + words[-2:]) or "©" in rule.positive
    assert rule.origin
    assert rule.language
    assert rule.where in {"any", "edge", "foot"}


@pytest.mark.parametrize("rule", load_rules(), ids=ids)
def test_moved_rows_name_a_field(rule: Rule) -> None:
    """A caption, a note or a contributor line is moved to its field; promotion is removed."""
    if rule.label == "promo":
        assert rule.field is None
    if rule.label in {"caption", "note", "disclaimer", "byline", "date", "source", "bio"}:
        assert rule.field is not None


def test_names_are_unique() -> None:
    """A decision's rule names one row."""
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize("line", ["", "   ", "\u00a0", "—", "***"])
def test_empty_lines_are_no_furniture(line: str) -> None:
    """A line without a word is left alone."""
    assert match_rule(line, FOOT) is None


@pytest.mark.parametrize(
    "line",
    [
        "BERGEN:",
        "REYES: Why did you go back?",
        "Anna Whitfield",
        "What happens next?",
        "Historical Context",
        "Will the strike end?",
        "New York",
        "Washington",
        "North Carolina",
        "“I was there,” she said.",
        "Share prices fell for a third day.",
        "Follow the rules, he told the crew, and you will see your family again.",
        "The advertisement ran for a year and reached two million homes.",
        "He asked them to sign up for the army before the end of the month.",
        "Cookies and milk stood on the table.",
        "More than 300 ships were turned away.",
        "The video shows the ship going down within four minutes.",
        "Watch the weather, the old men say, not the water.",
        "Source after source told the commission the same story.",
        "Updated safety rules would have saved the crew, the report says.",
        "The podcast made him famous; the trial made him poor.",
        "Copyright lawyers expect more cases of this kind.",
        "The opinions of the judges differ.",
        "She contributed to the campaign of her rival.",
    ],
)
def test_traps_stay(line: str) -> None:
    """Speakers, questions, subheads, places, and sentences with a word of the trade stay."""
    assert match_rule(line, FOOT) is None


@pytest.mark.parametrize(
    "line",
    [
        "Listen to your body",
        "Follow them through the gate and turn left at the mill.",
        "Follow me down to the river",
        "Now watch the caramel: it darkens in seconds.",
        "This video is not proof of anything, her lawyer told the court.",
        "Play: The Cherry Orchard, Theatre Royal, until Saturday",
        "Users need to enable cookies in their browser before the form can be sent, the agency said.",
        "The regulator said that sites must let visitors reject all cookies as easily as they accept all cookies.",
        "The law says that cookies need the consent of users, who may change settings at any time.",
        "The ambassador's words do not necessarily express the policy of his government, a spokesman said.",
        "The polls do not necessarily reflect the views of rural voters, the institute said.",
        "The agency does not endorse any products, it said after the leak.",
        "More than 40 scientists from nine countries contributed to the report.",
        "Residents of both villages contributed to the project.",
        "The country hopes to become a member of the European Union with French support.",
        "Sweden said on Monday that it would consider becoming a member of the alliance.",
        "The mayor asked residents to consider donating blood before the holidays.",
        "Visitors must download the app to enter the country.",
        "Residents were told to download the government's contact tracing app.",
        "The service will be available to subscribers in 40 countries, the company said.",
        "The publisher removed the paywall for its coverage of the storm.",
        "The thieves ask victims to check your inbox for a code, police said.",
        "He replied to the post in the comments.",
        "Victims were told to click this link and to enter their code.",
        "Click on the arrow and choose a new password.",
        "Why boys should read more",
        "See more of the city on foot",
        "Read more in bed",
        "Sigue a la cabeza de la liga, con 41 puntos en 17 jornadas.",
        "Inscrivez-vous auprès de la mairie avant le 12 mars.",
        "Regístrate en el ayuntamiento antes del 12 de marzo.",
        "Iscriviti in municipio entro il 12 marzo.",
        "Eltern können einen Newsletter der Schule abonnieren.",
        "Hören Sie auch Stimmen aus der Partei, die das anders sehen?",
        "Un site ne peut exiger que l'internaute accepte les cookies, rappelle la Cnil.",
        "Los usuarios podrán rechazar o aceptar las cookies con la misma facilidad, según la agencia.",
        "L'utente deve poter accettare i cookie o rifiutarli con un solo clic, dice il garante.",
        "O usuário poderá aceitar os cookies ou recusá-los, diz a agência.",
        "Publié en 2019, le livre a été traduit en 14 langues.",
        "Publicado en 1911, el libro tuvo 14 ediciones.",
        "Pubblicato nel 1911, il libro ha avuto 14 edizioni.",
        "Veröffentlicht am 4. Mai 1911, hatte das Buch 14 Auflagen.",
        "Gepubliceerd in 1911, kreeg het boek 14 drukken.",
    ],
)
def test_news_about_the_same_things_stays(line: str) -> None:
    """Reports on apps, alliances, cookies and subscribers, steps of a guide and subheads speak to nobody."""
    assert match_rule(line, FOOT) is None


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("Listen to this article", "video-player"),
        ("Listen to the latest episode of Harbour Talk", "video-player"),
        ("Listen to Harbour Talk on Spotify", "video-player"),
        ("This video is no longer available", "video-player"),
        ("JUST WATCHED Ferry leaves the harbour", "video-player"),
        ("For more news follow us on Facebook", "follow-us"),
        ("By clicking accept all cookies you agree to this.", "consent"),
        ("To view this content you need to enable cookies in your settings.", "script-notice"),
        ("This slideshow requires JavaScript.", "script-notice"),
        ("Her posts do not necessarily reflect the views of the Courier.", "disclaimer"),
        ("The Associated Press and Courier staff writer Jane Roe contributed to the report.", "contributors"),
        ("Jane Roe in Kelvig contributed to this report.", "contributors"),
        ("If you value our work, please consider making a donation.", "donate"),
        ("Become a member of the Courier today.", "donate"),
        ("For alerts on your phone, download our app.", "app"),
        ("Download the Courier app for the latest news", "app"),
        ("Like what you read?:Download the Courier app for more", "app"),
        ("As a public service, the Courier has removed the paywall for all our coverage.", "subscribe-offer"),
        ("This article is available to paid subscribers.", "subscribe-offer"),
        ("Please check your inbox to confirm.", "newsletter-signup"),
        ("Something to add? Share it in the comments.", "contact-us"),
        ("Click on the image to enlarge it", "click-here"),
        ("The bridge will close in May. Read more", "read-more"),
        ("The bridge will close in May Read More »", "read-more"),
        ("Sigue a El Faro en Facebook", "follow-share-es"),
        ("Inscrivez-vous à notre newsletter", "newsletter-fr"),
        ("Regístrate gratis para seguir leyendo", "newsletter-es"),
        ("Iscriviti alla newsletter del Faro", "newsletter-it"),
        ("Hier können Sie unseren Newsletter abonnieren", "newsletter-de"),
        ("Sehen Sie hier das Video vom Brand", "read-more-de"),
        ("En cliquant sur « accepter les cookies », vous verrez la vidéo.", "consent-fr"),
        ("Publié le 12/03/2024 à 19:30, mis à jour le 13/03/2024 à 08:12", "updated-fr"),
        ("Mis à jour aujourd'hui à 9h12", "updated-fr"),
        ("Última actualización: martes 12 de marzo de 2024 - 19:30 hs.", "updated-es"),
        ("Aggiornato alle 19.30 di oggi", "updated-it"),
        ("Atualizado há 2 dias", "updated-pt"),
        ("Stand: 12.03.2024, 19:30 Uhr", "updated-de"),
        ("Laatst bijgewerkt: 12 mrt 2024", "updated-nl"),
    ],
)
def test_what_speaks_to_readers_goes(line: str, name: str) -> None:
    """The same words are furniture where they ask the reader for something."""
    found = match_rule(line, FOOT)
    assert found is not None
    assert found.name == name


BRIDGE = (
    "The bridge over the Selk will close for nine weeks in May, the county said on Tuesday, because salt has eaten"
    " into the bearings on which its northern half has stood since 1931. Lorries will go by the ferry at Marrow, which"
    " runs every twenty minutes and takes eleven of them."
)


@pytest.mark.parametrize(
    "notice", ["Photo: Courtesy of the county", "[Photo credit: Ida Quist]", "Please enable Javascript to watch."]
)
def test_paragraph_that_a_notice_has_run_into_stays(notice: str) -> None:
    """In text that has lost its line ends little of furniture is left in rather than a paragraph taken out."""
    assert match_rule(notice, FOOT) is not None
    assert match_rule(f"{notice} {BRIDGE}", FOOT) is None


def test_nbsp_and_curly_quotes_make_no_difference() -> None:
    """A rule sees a line with straight quotes and plain spaces."""
    found = match_rule("•\u00a0Don’t miss:\u00a0The port without ships", FOOT)
    assert found is not None
    assert found.kind == "readmore"


def test_edge_rule_leaves_the_middle_alone() -> None:
    """A rule for the edges does not look into the middle of an article."""
    line = "A version of this essay first appeared in the spring issue of The Quarterdeck."
    assert match_rule(line, Place(10, 30)) is None
    assert match_rule(line, Place(29, 30)) is not None


@pytest.mark.parametrize(
    "line", ["Port frozen for third week", "Why the ferries stopped: a visit", "5 dead after storm"]
)
def test_headlines_read_like_headlines(line: str) -> None:
    """Headlines have no stop and no small letter first."""
    assert headline_like(line)


@pytest.mark.parametrize(
    "line", ["", "Ice", "The port is frozen.", "and so it went on and on", "Speakers:", "3. The port"]
)
def test_sentences_are_no_headlines(line: str) -> None:
    """Sentences, single words, numbered subheads and openings of lists are no headlines."""
    assert not headline_like(line)


@given(st.text(max_size=300))
def test_any_text_can_be_matched(text: str) -> None:
    """No text breaks the rules, and matching twice gives the same."""
    assert match_rule(text, FOOT) == match_rule(text, FOOT)


@pytest.mark.parametrize(
    "seed", ["a ", "sign up ", "email ", "(", "share ", "- ", "read more ", "© 2019 ", "Aa ", "newsletter inbox "]
)
def test_adversarial_lines_take_linear_time(seed: str) -> None:
    """Patterns are linear: 100 kB of one thing over and over is refused by length, and the longest line is quick."""
    start = time.process_time()
    assert match_rule(seed * (100_000 // len(seed)), FOOT) is None
    match_rule((seed * 1100)[:1100], FOOT)
    assert time.process_time() - start < 5


@pytest.mark.parametrize(
    "line",
    [
        "Reporting for duty at six, the pilots found the boat under a foot of ice.",
        "Edited by a poet and printed on the quay, the paper ran for two years.",
        "But no port has contributed to this growth quite like Lindhaven.",
        "Contributing to a fund each month should be seen as a bill like any other.",
        "Update at 9:22 a.m. ET. Ferry Is Free, Captain Says",
        "Update to the rules for small boats of 2014",
        "Click on “Add a boat” and scroll to the second row, where the berths are.",
        "Follow the rules on the back of the packet.",
        "Video: 4K/30p, full HD for slow motion",
        "Some had written to the mayor and contributed.",
        "Photograph by photograph, the archivists rebuilt the vanished street.",
        "Wir und unsere Nachbarn verwenden keine Cookies, sagt der Betreiber der Seite.",
    ],
)
def test_sentences_that_begin_like_furniture_stay(line: str) -> None:
    """A rule wants the whole line to be furniture: names after a desk's verb, a day after "updated"."""
    assert match_rule(line, FOOT) is None


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        (">> Follow Anna Brandt (@annabrandt) on Twitter", "follow"),
        ("With files from Nadia Duffy and Tom Reyes", "contributed"),
        ("Tom Reyes contributed.", "contributed"),
        ("(FRANCE 24 with AFP, AP)", "source"),
        ("READ: The port that lost its ferries", "readmore"),
        ("Was your boat frozen in? Tell us your story in the comments.", "follow"),
        ("Tom Reyes in Lindhaven at treyes@example.com", "follow"),
        ("This story is still developing. More details will follow.", "updated"),
        ("Images: Nadia Duffy/Lodestar; Tom Reyes/Lodestar", "caption"),
    ],
)
def test_furniture_of_many_outlets_is_known(line: str, kind: str) -> None:
    """Wording that recurs from outlet to outlet."""
    found = match_rule(line, FOOT)
    assert found is not None
    assert found.kind == kind

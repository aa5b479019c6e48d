"""Tests of sentences of many genres and languages beside the furniture that they resemble."""

from __future__ import annotations

import pytest

from copydesk.boilerplate.rules import Place, match_rule

FOOT = Place(9, 10)


@pytest.mark.parametrize(
    "line",
    [
        "Follow me on Twitter, says the dentist. Like us on Facebook, says the undertaker.",
        "The bank urged its customers to sign up for free text alerts.",
        "Anyone who saw the van is asked to get in touch with detectives at marshend@police.example.",
        "Under it a line said that they could unsubscribe at any time.",
        "“We removed the paywall because nobody could find the door,” its editor said.",
        "“We use cookies, tea and patience to run this company,” Ms. Roth said.",
        "Customers were told that they could download the app.",
        "Copyright by itself protects nothing, said the lawyer; somebody has to sue.",
        "Wir verwenden Cookies statt Mürbeteig, sagt die Köchin.",
        "Únete a la fiesta, decía el cartel, y nadie se unió.",
        "Unisciti a noi, gli dissero, e si unì.",
        "Receba bem os alertas, disse o prefeito, e feche as janelas.",
        "Volg ons, riep de gids, en op de dijk bleef iedereen staan.",
    ],
)
def test_reported_words_stay(line: str) -> None:
    """Who repeats what somebody said asks nothing of the reader."""
    assert match_rule(line, FOOT) is None


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("Follow us on Twitter and like us on Facebook.", "follow-us"),
        ("Sign up for our free text alerts.", "newsletter-signup"),
        ("Watch: What the mayor said on the quay", "video-player"),
        ("Read more: Mayor told to resign", "read-more"),
    ],
)
def test_asking_is_furniture_and_headlines_may_report(line: str, rule: str) -> None:
    """What asks something is taken; behind a button's word stands a headline, and these report."""
    found = match_rule(line, FOOT)
    assert found is not None
    assert found.name == rule


@pytest.mark.parametrize(
    "line",
    [
        # letters, obituaries, speeches
        "In lieu of flowers, please consider a donation to the Lindport Lifeboat Fund.",
        "Instead of flowers the family hopes that friends consider making a donation to St. Brigid's Hospice.",
        "Please consider a donation to the lifeboat, as I have done.",
        "Thank you for supporting our library levy.",
        "Thank you for supporting our town. God bless Lindport, and good night.",
        "If you value our parks, join us in writing to the mayor.",
        "Editors note that few letters are signed by hand.",
        # the police and the council
        "To report a problem with street lighting at Marsh End, residents can call 555-0199.",
        "Witnesses can get in touch with detectives at marshend@police.example.",
        "Residents can sign up for the county's mobile alerts.",
        "An email to bakers across the county reminds them to sign up for a scheme that tracks stolen vans.",
        "The message was delivered to thousands of inboxes before the bank noticed.",
        "Customers could call a number or click this link to have the account opened again.",
        "Sites must make it as easy to accept or reject all cookies.",
        "Are you a landlord? Contact the council before June 1.",
        "Follow instructions.",
        "Follow up",
        "Passengers can buy a ticket on board or download the railway's app.",
        "This report will be updated every year.",
        # markets, reviews, travel
        "Correction, not collapse, was the word heard most often on the floor.",
        "Correction, when it comes to public budgets, is rarely painless.",
        "Copyright law was last changed in 1988.",
        "Copyright in the song ran out in 2016.",
        "Copyright by itself protects nothing.",
        "This version was amended by the lords in committee, and came back worse.",
        "This story was edited by her sister after her death.",
        "Opinion on the author is divided.",
        "Opinions on the author's late work differ.",
        "Written by Ada Finch. Directed by Tom Moss.",
        "Listen to the verse long enough and her words show a mind at the end of its patience.",
        "Watch the ferries crawl across the strait far below.",
        "See the town at dusk from above.",
        "For more than a century the faithful go up the hill barefoot on the first of May.",
        "Via Garibaldi 14, Porto Lind",
        "Live: Mistwood Silver Band, Seamen's Hall, 7:30 p.m. Free.",
        "For the base we use cookies, crushed with the end of a rolling pin.",
        "Photos from the scene showed a white roof under a foot of water.",
        "Pictures from the coast guard show him waving a kettle.",
        "It has 90,000 readers a day, twelve reporters and no paywall.",
        "The film is available only to subscribers.",
        "Find me on Facebook, she wrote on his cast; he never did.",
        "Watch the birds on Mondays at the dam with the warden.",
        "This material may not be published, the court has decided.",
        "This article of clothing was first published as a pattern in 1922.",
        "Views expressed in the pub on Friday were heard in the council on Monday.",
        "The archive is available to subscribers only, and there are nine of them.",
    ],
)
def test_sentences_of_other_genres_stay(line: str) -> None:
    """Letters, obituaries, reports, reviews and travel pieces ask, thank and credit, too."""
    assert match_rule(line, FOOT) is None


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("Please consider a donation to keep us going.", "donate"),
        ("Thank you for supporting our journalism.", "donate"),
        ("If you value our work, please support us.", "donate"),
        ("To report a typo, click here.", "contact-us"),
        ("Got a story? Get in touch with our news team at desk@courier.example.", "contact-us"),
        ("Our newsletter has more. Sign up for it here.", "newsletter-signup"),
        ("The biggest stories, delivered to your inbox.", "newsletter-signup"),
        ("Accept all or manage cookies: see our policy. Please accept cookies to go on.", "consent"),
        ("Follow @harbortimes", "follow-us"),
        ("Correction, March 4: the ferry has two decks, not three.", "correction"),
        ("Copyright Harbor Times 2019", "copyright"),
        ("Photos from the Harbor Times archive", "media-caption"),
        ("via Harbor Times", "source-line"),
        ("Written by Nadia Duffy and Tom Reyes", "contributors"),
        ("This story will be updated.", "updated"),
        ("No ads, no paywall.", "subscribe-offer"),
        ("Watch The Harbour Hour Sundays at 10 a.m.", "video-player"),
        ("This material may not be published, broadcast, rewritten or redistributed.", "copyright"),
        ("This article was first published in Harbor Times.", "first-published"),
        ("Opinions expressed here are those of the author.", "disclaimer"),
        ("Watch the full video above", "video-player"),
    ],
)
def test_what_they_resemble_is_still_taken(line: str, rule: str) -> None:
    """The furniture beside which these sentences are near misses."""
    found = match_rule(line, FOOT)
    assert found is not None
    assert found.name == rule


@pytest.mark.parametrize(
    "line",
    [
        "Hintergrund: Das Thema beschäftigt den Rat seit dem Winter.",
        "Jetzt plant die Stadt einen eigenen Newsletter, den Bürger kostenlos bestellen können.",
        "Stand 1. Mai 2024 lebten 812 Menschen im Ort.",
        "In der ersten Fassung des Artikels 5 stand vom Hafen nichts.",
        "Hinweis: Der Teig muss über Nacht ruhen, sonst wird er zäh.",
        "Mit Beiträgen von Schülern füllt das Blatt seine letzte Seite.",
        "Redaktion: Frau Abt, wollten Sie immer zur See?",
        "Aus dem Englischen von Jana Roth. Lindverlag, 320 Seiten, 24 Euro.",
        "Folgen Sie ihr auf die Brücke? Nein, auf Facebook.",
        "Lire le récit de ces années, c’est mesurer ce que le fleuve a pris.",
        "Lire l’article 5 de la loi suffit pour comprendre la colère.",
        "Faire un don de sang ne prend qu’une heure.",
        "Une première version de l’article 5 prévoyait une taxe sur les lampes.",
        "Cet article a été modifié par la loi du 3 mai 1951.",
        "D’après l’AFP, trois personnes sont mortes.",
        "Les habitants peuvent s’inscrire à la newsletter de la mairie.",
        "Publié le 3 mai 1921 à Port-Lind, le poème resta sans lecteurs.",
        "Traduit de l’anglais par Jeanne Roth, Quai, 320 p., 22 €.",
        "Avec la collaboration de Jeanne Roth au piano, la soirée fut longue.",
        "Newsletter parafii czyta tylko proboszcz.",
        "Newsletters are back, and nobody reads them.",
        "Una versión anterior de la ley fijaba la multa en mil pesos.",
        "Sigue toda la familia en el mismo piso desde 1980.",
        "Apoya la huelga por el trabajo digno desde el primer día.",
        "Recibe el boletín de la cofradía desde hace veinte años.",
        "Suscribirse al boletín municipal es gratis y no sirve de nada.",
        "Mira el vídeo una y otra vez y no se reconoce.",
        "Este artículo fue modificado por la reforma de 2011.",
        "Publicado el 3 de mayo de 1921 en Puerto Lind, el poema no tuvo lectores.",
        "Traducción de Ana Ruiz. Quilla. 320 páginas. 19,90 euros.",
        "Guarda il video tre volte, poi spegne la luce e non dorme.",
        "Abbonati e spettatori hanno applaudito in piedi per dieci minuti.",
        "Questo articolo è stato modificato dalla legge del 1951.",
        "A cura di Marco Rossi, fino al 3 giugno, Palazzo Lind.",
        "Pubblicato il 3 maggio 1921 a Porto Lind, il poema non ebbe lettori.",
        "Uma versão anterior do projeto previa uma taxa sobre as lâmpadas.",
        "Com informações da polícia, a família refez o caminho.",
        "Este artigo foi alterado pela lei de 1951.",
        "Assina a encenação Rui Mouro, que já tinha dirigido a newsletter do teatro.",
        "Nieuwsbrief na nieuwsbrief bleef ongelezen.",
        "Alleen voor abonnees blijft de prijs gelijk.",
        "Ik accepteer alle cookies, elke keer weer.",
        "Met medewerking van Philips bouwde de school een zaal.",
        "Luister naar een willekeurige podcast en je hoort een man in een kast.",
    ],
)
def test_sentences_of_other_languages_stay(line: str) -> None:
    """Verbs that are orders on buttons are statements in sentences, and laws and books have versions, too."""
    assert match_rule(line, FOOT) is None


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("Hintergrund: Warum der Hafen im Winter leer bleibt – mehr dazu", "read-more-de"),
        ("Hinweis: Eine frühere Version dieses Artikels nannte das falsche Jahr.", "notes-de"),
        ("Mit Informationen der Nachrichtenagenturen dpa und AFP", "source-de"),
        ("Mit Material von dpa", "source-de"),
        ("Redaktion: Nadja Duffy, Tom Reyes", "contributors-de"),
        ("Stand: 14. März 2024, 21:40 Uhr", "updated-de"),
        ("Lire notre enquête : Le port sans navires", "read-more-fr"),
        ("Faites un don dès aujourd’hui.", "donate-fr"),
        ("Avec AFP et Reuters", "source-fr"),
        ("Mis à jour le 3 mai 2021 à 10 h 30", "updated-fr"),
        ("Newsletter Sign Up", "newsletter-fr"),
        ("Recibe el boletín de Internacional", "newsletter-es"),
        ("Recibe cada mañana nuestro boletín en tu correo.", "newsletter-es"),
        ("Sigue toda la actualidad en nuestro canal de WhatsApp", "follow-share-es"),
        ("Apoya nuestro trabajo.", "donate-es"),
        ("Mira el video aquí", "video-es"),
        ("Una versión anterior de esta nota daba otro año.", "notes-es"),
        ("Guarda il video", "video-it"),
        ("Abbonati alla nostra edizione digitale", "newsletter-it"),
        ("Uma versão anterior deste texto dava outro ano.", "notes-pt"),
        ("Com informações da Lusa", "source-pt"),
        ("Assine agora por 9 euros", "newsletter-pt"),
        ("Nieuwsbrief", "newsletter-nl"),
        ("Met medewerking van Jan Smit", "contributors-nl"),
    ],
)
def test_their_furniture_is_still_taken(line: str, rule: str) -> None:
    """What these sentences resemble."""
    found = match_rule(line, FOOT)
    assert found is not None
    assert found.name == rule


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("Sur le même sujet", "read-more-fr"),
        ("Te recomendamos", "read-more-es"),
        ("Sigue leyendo", "read-more-es"),
        ("Articoli correlati", "read-more-it"),
        ("Clique aqui para ler", "read-more-pt"),
        ("Klik hier voor meer", "read-more-nl"),
        ("Obserwuj nas na Facebooku", "promo-pl"),
        ("Artykuł dostępny tylko dla prenumeratorów", "promo-pl"),
        ("Dalszy ciąg materiału pod wideo", "read-more-pl"),
        ("REKLAMA", "read-more-pl"),
        ("Ta strona używa plików cookies", "consent-pl"),
        ("Фото: Иван Петров / РИА Новости", "credit-slavic"),
        ("Поделиться", "promo-ru"),
        ("Следите за нами в Telegram", "promo-ru"),
        ("Підписуйтесь на наш Telegram-канал", "promo-ru"),
        ("Реклама", "read-more-ru"),
        ("Читать далее", "read-more-ru"),
        ("Все права защищены", "copyright-mul"),
        ("Wszelkie prawa zastrzeżone", "copyright-mul"),
    ],
)
def test_takes_what_no_line_could_reach(line: str, rule: str) -> None:
    """Wordings whose words were missing in the first look, and those of Polish and Russian papers."""
    found = match_rule(line, FOOT)
    assert found is not None
    assert found.name == rule


@pytest.mark.parametrize(
    "line",
    [
        "Czytaj też między wierszami, mawiał mój ojciec.",
        "Reklama jest dźwignią handlu, mówił sklepikarz.",
        "Udostępnij mi łódź, poprosił, a ja mu ją dałem.",
        "Fot. Anna to jej pseudonim z czasów wojny.",
        "Wszelkie prawa są po naszej stronie.",
        "Podcast o rzece ma trzy odcinki, a Facebook nie.",
        "Поделиться он не захотел, и напечатать тоже.",
        "Следите за руками, сказал фокусник, и шляпа исчезла.",
        "Смотрите также под ноги: лёд тонкий.",
        "Реклама, сказал лавочник, дело молодых.",
        "Все права на нашей стороне, сказала адвокат.",
    ],
)
def test_polish_and_russian_sentences_stay(line: str) -> None:
    """They begin with the words of buttons."""
    assert match_rule(line, FOOT) is None

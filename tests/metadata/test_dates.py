"""Dates as printed, in many languages, and what is refused."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.metadata.dates import READ_TIME, is_date_only, parse_date, parse_epoch, parse_partial, split_modified


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("August 19, 2022", "2022-08-19"),
        ("Sept. 1st, 2024", "2024-09-01"),
        ("1 Sep 2024", "2024-09-01"),
        ("20240901", "2024-09-01"),
        ("2:00 AM EDT, Sun September 1, 2024", "2024-09-01T06:00:00+00:00"),
        ("2024-09-01T02:00:00.123-04:00", "2024-09-01T06:00:00+00:00"),
        ("2024-09-01T02:00:00+0200", "2024-09-01T00:00:00+00:00"),
        ("2024-09-01 02:00:00", "2024-09-01"),
        ("20240901T060000Z", "2024-09-01T06:00:00+00:00"),
        ("2024-W35-7", "2024-09-01"),
        ("2024-245", "2024-09-01"),
        ("Sun, 01 Sep 2024 02:00:00 +0000", "2024-09-01T02:00:00+00:00"),
        ("Sun Sep 01 02:00:00 +0000 2024", "2024-09-01T02:00:00+00:00"),
        ("Mittwoch, 1. März 2023, 14.05 Uhr", "2023-03-01"),
        ("1er mars 2024 à 19h30", "2024-03-01"),
        ("martes, 5 de marzo de 2024", "2024-03-05"),
        ("5 marzo 2024 alle ore 12.30", "2024-03-05"),
        ("5 de março de 2024", "2024-03-05"),
        ("5 maart 2024", "2024-03-05"),
        ("1 сентября 2024 г., 12:30", "2024-09-01"),
        ("١٤٠٣/۰۶/۱۱", "2024-09-01"),
        ("۱۱ شهریور ۱۴۰۳", "2024-09-01"),
        ("1 سبتمبر 2024", "2024-09-01"),
        ("2024年9月1日 14:05", "2024-09-01"),
        ("令和6年9月1日", "2024-09-01"),
        ("2024년 9월 1일", "2024-09-01"),
        ("01.09.2024", "2024-09-01"),
        ("13/04/2024", "2024-04-13"),
        ("04/13/2024", "2024-04-13"),
        ("May 2024", "2024-05"),
    ],
)
def test_printed_forms(text: str, iso: str) -> None:
    """Each printed form gives its day, its instant or its month, and nothing that isn't said."""
    date = parse_date(text)
    assert date is not None
    assert date.text == iso


@pytest.mark.parametrize(
    "text",
    ["", "Updated 3 hours ago", "Sept. 1", "99999-01-01", "2024-02-30", "31 April 2024", "192.168.1.10", "x" * 500],
)
def test_no_date(text: str) -> None:
    """What is no day of the calendar is no date."""
    assert parse_date(text) is None


def test_an_ambiguous_date_has_no_day_until_the_order_is_known() -> None:
    """03/04/2024 is April or March by the order, and neither without it."""
    date = parse_date("03/04/2024")
    assert date is not None
    assert date.ambiguous
    assert date.day is None
    assert parse_date("03/04/2024", order="dmy").day == dt.date(2024, 4, 3)  # type: ignore[union-attr]
    assert parse_date("03/04/2024", order="mdy").day == dt.date(2024, 3, 4)  # type: ignore[union-attr]


def test_the_local_day_is_the_printed_one() -> None:
    """A late evening keeps its day, though the instant is on the next one in UTC."""
    date = parse_date("2024-09-01T23:00:00-04:00")
    assert date is not None
    assert date.day == dt.date(2024, 9, 1)
    assert date.at == dt.datetime(2024, 9, 2, 3, tzinfo=dt.UTC)


@pytest.mark.parametrize("zone", ["ET", "PT", "CST", "IST", "", "local time"])
def test_a_zone_without_fixed_offset_gives_no_instant(zone: str) -> None:
    """ET follows the season, CST has three meanings: the day is known, the instant isn't."""
    date = parse_date(f"September 1, 2024 10:15 PM {zone}")
    assert date is not None
    assert date.at is None
    assert date.precision == "minute"
    assert date.day == dt.date(2024, 9, 1)


def test_no_midnight_is_invented() -> None:
    """A day alone has no instant, even beside a zone."""
    date = parse_date("September 1, 2024 UTC")
    assert date is not None
    assert date.at is None
    assert date.precision == "day"


def test_epochs_and_partial_dates() -> None:
    """Seconds and milliseconds since 1970 are instants; other counts of digits aren't."""
    assert parse_epoch("1725170400").text == "2024-09-01T06:00:00+00:00"  # type: ignore[union-attr]
    assert parse_epoch("17251704") is None
    assert parse_partial("2024").precision == "year"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "line",
    [
        "14 minute read Published 2:00 AM EDT, Sun September 1, 2024",
        "5 min read",
        "Lesezeit: 3 Minuten",
        "Published June 16, 2020 at 7:40 am BST",
        "Stand: 01.09.2024, 14:05 Uhr",
        "Publié le 1 mars 2024 à 19h30, mis à jour le 2 mars 2024",
        "20240901",
    ],
)
def test_date_lines(line: str) -> None:
    """A line of date, time and read time only is a date line."""
    assert is_date_only(line)


@pytest.mark.parametrize(
    "line",
    [
        "On September 1, 2024, prices rose.",
        "14 minutes later the lake was empty",
        "2024",
        "The class of 2012",
        "9/11 changed it",
        "10 ways to skate",
    ],
)
def test_sentences_are_no_date_lines(line: str) -> None:
    """A word that no date line has makes it a sentence."""
    assert not is_date_only(line)


def test_read_time_needs_its_word() -> None:
    """Minutes alone are no read time."""
    assert READ_TIME.search("12 minute read")
    assert not READ_TIME.search("12 minutes of fame")


def test_published_and_modified_are_told_apart() -> None:
    """What stands behind "Updated" is not the day of publication."""
    assert split_modified("Updated 10:00 AM EDT, September 2, 2024; Published 9:00 AM EDT, September 1, 2024")[
        1
    ].startswith("Updated 10:00")


@given(st.text(alphabet="0123456789-/.: TZ+AMPmarchMay年月日Uhr", max_size=60))
def test_no_string_breaks_the_parser(text: str) -> None:
    """Any string gives a date or None."""
    parse_date(text)
    is_date_only(text)


@pytest.mark.parametrize("text", ["1" * 200, "1:" * 100, "1/" * 100, "may " * 50, "20240901" * 20, " " * 200])
def test_repetitions_at_the_limit(text: str) -> None:
    """Repeated pieces of dates are read in no time and give nothing absurd."""
    date = parse_date(text)
    assert date is None or date.year < 10_000


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Mon, 11/08/2021 - 09:30", dt.date(2021, 11, 8)),
        ("on Wednesday 11/08/2021", dt.date(2021, 8, 11)),
        ("Thurs. 03/04/2021", dt.date(2021, 3, 4)),
        ("Fri, 11/08/2021", None),
        ("month 11/08/2021", None),
        ("Mon 01/02/2021 and 11/08/2021", dt.date(2021, 2, 1)),
        ("Mon, 04/07/2022", dt.date(2022, 7, 4)),
    ],
)
def test_a_weekday_settles_the_order(text: str, day: dt.date | None) -> None:
    """Of two days that three numbers may mean, the one that is the weekday printed before them; else neither."""
    date = parse_date(text)
    assert date is not None
    assert date.day == day


@pytest.mark.parametrize(
    ("line", "iso"),
    [
        ("Πέμπτη, 13 Νοεμβρίου 2025 - 07:30", "2025-11-13"),
        ("13 Νοε 2025 07:30", "2025-11-13"),
        ("Publikováno: 13. 11. 2025, 7:15", "2025-11-13"),
        ("čtvrtek 13. listopadu 2025", "2025-11-13"),
        ("śr., 12 lis 2025", "2025-11-12"),
        ("12 listopada 2025, 09:41", "2025-11-12"),
        ("Objavljeno: 12. listopada 2025. u 09:41", "2025-10-12"),
        ("Julkaistu maanantaina 17.11.2025 klo 6.00", "2025-11-17"),
        ("zo 16 nov. 2025, 00:30", "2025-11-16"),
        ("Giriş: 14.11.2025 - 10:05", "2025-11-14"),
        ("प्रकाशित: 13 नवंबर 2025, 07:30", "2025-11-13"),
        ("입력 2025.11.16 00:30", "2025-11-16"),
        ("기사입력 2025.11.16. 오후 2:10 KST", "2025-11-16T05:10:00+00:00"),
        ("2025년 11월 16일 (일) 09:30", "2025-11-16"),
        ("发布时间：2025-11-12 09:41", "2025-11-12"),
        ("2025年11月14日（金）午後3時5分 JST", "2025-11-14T06:05:00+00:00"),
        ("Публикувано: 13 ноември 2025", "2025-11-13"),
    ],
)
def test_date_lines_of_many_languages(line: str, iso: str) -> None:
    """Day names, months and the words beside them are read in the languages of the press."""
    date = parse_date(line)
    assert date is not None
    assert date.text == iso
    assert is_date_only(line)
    assert split_modified(line) == (line, "")


@pytest.mark.parametrize(
    "line",
    [
        "Last updated: Nov 13, 2025",
        "Laatste update: 16-11-2025",
        "Son Güncelleme: 14.11.2025 12:40",
        "Τελευταία ενημέρωση: 13/11/2025, 08:00",
        "Päivitetty 17.11.2025 8:00",
        "Aktualizováno 13.11.2025 8:10",
        "최종수정 2025.11.16. 오후 2:10",
        "更新时间：2025-11-12 09:41",
    ],
)
def test_a_change_is_no_publication_in_any_language(line: str) -> None:
    """What was changed last is said before the day, and the words for "last" go with it."""
    assert is_date_only(line)
    published, modified = split_modified(line)
    assert published == ""
    assert modified

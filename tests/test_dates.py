"""Dates as people and machines write them, and where raw text says when it was published."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.dates import day_of_moment, find_publication_date, interval, parse_date

WRITTEN = {
    "2024": "2024",
    " 2024 ": "2024",
    "2024-12": "2024-12",
    "2024/12": "2024-12",
    "12.2024": "2024-12",
    "12/2024": "2024-12",
    "Dezember 2024": "2024-12",
    "Sept. 2004": "2004-09",
    "2024-12-28": "2024-12-28",
    "2024-1-5": "2024-01-05",
    "2024/12/28": "2024-12-28",
    "20241228": "2024-12-28",
    "28.12.2024": "2024-12-28",
    "5.8.2005": "2005-08-05",
    "5. 8. 2005": "2005-08-05",
    "28. Dezember 2024": "2024-12-28",
    "28. DEZEMBER 2024": "2024-12-28",
    "1. März 2004": "2004-03-01",
    "1. Ma\u0308rz 2004": "2004-03-01",
    "1.\u00a0Maerz\u00a02004": "2004-03-01",
    "5. Jänner 2004": "2004-01-05",
    "5. Feber 1938": "1938-02-05",
    "5. Auguſt 1850": "1850-08-05",
    "5. Sept. 2004": "2004-09-05",
    "den 5ten Mai 1848": "1848-05-05",
    "Samstag, 28. Dezember 2024": "2024-12-28",
    "Sa., den 28.12.2024, 14.30 Uhr": "2024-12-28",
    "28.12.2024 um 14:30 Uhr": "2024-12-28",
    "28. Dezember 2024 - 14:30": "2024-12-28",
    "28. Dezember 2024, 10 Uhr": "2024-12-28",
    "vom 28.12.2024": "2024-12-28",
    "December 28, 2024": "2024-12-28",
    "28th December 2024": "2024-12-28",
    "28/12/2024": "2024-12-28",
    "12/28/2024": "2024-12-28",
    "2024-12-28T14:30": "2024-12-28",
    "2024-12-28 14:30:00Z": "2024-12-28",
    "2024-12-28T14:30:00.123456+0100": "2024-12-28",
    "20241228T143000Z": "2024-12-28",
    "2024-12-28T23:30:00+01:00": "2024-12-28",
    "2024-12-29T00:30:00+02:00": "2024-12-29",
    "Sat, 28 Dec 2024 23:30:00 -0500": "2024-12-28",
    "Sat, 28 Dec 2024 14:30:00 +0100 (CET)": "2024-12-28",
}

NOT_A_DATE = (
    "",
    "die",
    "heute",
    "31.02.2024",
    "31.02.",
    "2023-02-29",
    "2024-13",
    "2024-W52",
    "28.12.24",
    "05/08/2004",
    "1399",
    "2101",
    "0001-01-01",
    "10115",
    "٢٠٢٤",
    "am 28. Dezember 2024 in Berlin",
    "28. Dezember",
    "5. Aprıl 1850",
    "1989/90",
    "2024-12-28T25:61",
    "1.000",
    "2024" * 1000,
)


@pytest.mark.parametrize(("text", "date"), WRITTEN.items())
def test_a_date_is_understood_as_people_write_it(text: str, date: str) -> None:
    assert parse_date(text) == date


@pytest.mark.parametrize("text", NOT_A_DATE)
def test_what_is_no_date_or_can_be_read_two_ways_is_none(text: str) -> None:
    assert parse_date(text) is None


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("1123192800", "2005-08-05"),  # midnight in Germany
        ("1123200000", "2005-08-05"),  # and in Greenwich
        ("1123279199", "2005-08-05"),
        ("1123279200.5", "2005-08-06"),
        ("1123200000000", "2005-08-05"),
        ("315532800", "1980-01-01"),
        ("626572800000", "1989-11-09"),
        ("999943200000", "2001-09-08"),
        ("202413011030", None),
        ("12345678", None),
        ("0999999999", None),
        ("9999999999", None),
        ("200508051030", None),
    ],
)
def test_a_moment_is_the_day_that_it_was_in_germany(moment: str, day: str | None) -> None:
    assert day_of_moment(moment) == day


@given(st.dates(min_value=datetime.date(1400, 1, 1), max_value=datetime.date(2100, 12, 31)))
def test_every_day_is_found_in_each_form(day: datetime.date) -> None:
    iso = day.isoformat()
    assert parse_date(iso) == iso
    assert parse_date(f"{day.day}.{day.month}.{day.year}") == iso
    assert parse_date(f"{iso}T23:59:59+14:00") == iso
    assert find_publication_date("", f"/archiv/{iso}_x.txt") == iso
    assert find_publication_date("", f"/archiv/{iso.replace('-', '/')}/x.txt") == iso
    assert interval(iso) == (int(iso.replace("-", "")),) * 2


@given(st.text())
def test_any_text_is_a_date_in_our_form_or_none(text: str) -> None:
    date = parse_date(text)
    assert date is None or interval(date)[0] <= interval(date)[1]
    assert isinstance(find_publication_date(text, text), str)


def test_an_interval_goes_from_the_first_to_the_last_day() -> None:
    assert interval("2005") == (20050101, 20051231)
    assert interval("2005-08") == (20050801, 20050831)
    assert interval("2004-02") == (20040201, 20040229)
    assert interval("2005-08-05") == (20050805, 20050805)


@pytest.mark.parametrize("date", ["", "2005-8", "2005-13", "2005-02-30", "2005-08-05-01", "x"])
def test_the_interval_of_no_date_is_an_error(date: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        interval(date)


LONG = "Die Regierung hat am 3. Oktober 1990 gesagt, dass sie gehen werde."

SAID_BY_THE_TEXT = {
    f"Titel\n\nBerlin, 5. August 2005\n\n{LONG}": "2005-08-05",
    f"BERLIN, 9. November 1989 (dpa) – {LONG}": "1989-11-09",
    f"Berlin (dpa), 28.12.2024 - {LONG}": "2024-12-28",
    f"Peking (Xinhua), 28.12.2024 - {LONG}": "2024-12-28",
    f"Titel\n(dpa) 28.12.2024\n{LONG}": "2024-12-28",
    f"Berlin (Deutschland), 05.08.2005 – {LONG}": "2005-08-05",
    f"Frankfurt (Oder), den 5. August 2005\n{LONG}": "2005-08-05",
    f"{LONG}\n\nAR/kle (rtr, dpa, afp), 28.12.2024": "2024-12-28",
    f"Von Erika Muster, 5. August 2005\n\n{LONG}": "2005-08-05",
    f"Stand: 28.12.2024\n{LONG}": "2024-12-28",
    f"{LONG}\n\n(Stand: 28.12.2024, 14:30 Uhr)": "2024-12-28",
    f"Veröffentlicht am 28. Dezember 2024 um 14:30 Uhr von Max Muster\n{LONG}": "2024-12-28",
    f"Datum: 1848\n{LONG}": "1848",
    f"Erschienen: Mai 1950\n{LONG}": "1950-05",
    f"Süddeutsche Zeitung, 28.12.2024, S. 5\n{LONG}": "2024-12-28",
    f"{LONG}\nQuelle: taz vom 5.8.2005": "2005-08-05",
    f"ABENDBLATT Nr. 149 vom 05.08.2005, Seite 10\n\nGera wählt\n\n{LONG}": "2005-08-05",
    f"{LONG} (APA/dpa, 5.8.2005)": "2005-08-05",
    f"{LONG}\n(Anna Beispiel, 5. 8. 2005)\n": "2005-08-05",
    f"{LONG} (red; 13. Jänner 2016).": "2016-01-13",
    f"9. November 1989\n\n{LONG}": "1989-11-09",
    f"Titel\nSamstag, 28. Dezember 2024 | 14:30 Uhr\n\n{LONG}": "2024-12-28",
    f"{LONG}\n\n(28. Dezember 2024)": "2024-12-28",
    f"Politik\nTitel\nvon Anna Muster\nSamstag, 28. Dezember 2024, 14 Uhr\n{LONG}": "2024-12-28",
    f"{LONG}\n\ndpa yyhe n1 ab\n281430 Dez 24": "2024-12-28",
    f"{LONG}\ndpa ab 091810 Nov 89": "1989-11-09",
    f"Titel\nErstellt: 28.12.2024, 14:30 Uhr\n{LONG}": "2024-12-28",
    f"Titel\nMünchen, 28.12.2024, 14:30 Uhr von Anna Muster und Max Beispiel\n{LONG}": "2024-12-28",
    f"Titel\n28. Dezember 2024 – Von Anna Muster\n{LONG}": "2024-12-28",
    f"Titel\nBeispieler Zeitung vom 28.12.2024 / Lokales\n{LONG}": "2024-12-28",
}

SAID_BY_NO_ONE = (
    LONG,
    f"Anschlag vom 11. September 2001\n\n{LONG}",
    f"1984\n\n{LONG}",
    f"Berlin, 9. November 1989. Die Mauer fällt. {LONG}",
    f"Am Montag, 5. August 2005 – einen Tag danach – ging er. {LONG}",
    f"Seit 5. August 2005 (dpa) – {LONG}",
    "Erschienen am 5. August 2005 ist das Buch, von dem hier die Rede ist.",
    "9. November 1989\nMauerfall\n3. Oktober 1990\nEinheit\n2. Dezember 1990\nWahl",
    f"Stand: 31.02.2024\n{LONG}",
    f"{LONG}\n\nAR/kle (rtr, dpa, afp)",
    f"{LONG} (Der Vertrag gilt, 5.8.2005) Mehr dazu morgen.",
    f"{LONG} Sie gewann den Preis (Wien, 5.8.2005)",
    f"{LONG} Sie sagte: „Das war es.“ (Angela Merkel, 5. August 2005)",
    f"{LONG} (Es kamen 500 Menschen, 5.8.2005)",
    f"Titel\nBerlin, 5. August 2005 von allen guten Geistern verlassen\n{LONG}",
)


@pytest.mark.parametrize(("text", "date"), SAID_BY_THE_TEXT.items())
def test_the_text_itself_says_when_it_was_published(text: str, date: str) -> None:
    assert find_publication_date(text) == date


@pytest.mark.parametrize("text", SAID_BY_NO_ONE)
def test_a_date_in_a_sentence_or_heading_is_never_taken(text: str) -> None:
    assert find_publication_date(text) == ""


@pytest.mark.parametrize(
    ("path", "date"),
    [
        ("2024-12-28_x.txt", "2024-12-28"),
        ("/archiv/20241228.txt", "2024-12-28"),
        ("/archiv/artikel_20241228T1430_7.txt", "2024-12-28"),
        ("/archiv/28.12.2024 Bericht.txt", "2024-12-28"),
        ("/archiv/2024-12.txt", "2024-12"),
        ("/archiv/2024/12/28/x.txt", "2024-12-28"),
        ("/archiv/2024/12/28/politik/x.txt", "2024-12-28"),
        ("/archiv/2024-12-28/x.txt", "2024-12-28"),
        ("/archiv/2024-12/28/x.txt", "2024-12-28"),
        ("/archiv/1989/11/x.txt", "1989-11"),
        ("/archiv/1989/11_November/09/x.txt", "1989-11-09"),
        ("/archiv/1989/Juni/x.txt", "1989-06"),
        ("/archiv/1989/politik/x.txt", "1989"),
        ("/2026/archiv/1989/x.txt", "1989"),
        ("C:\\archiv\\1989\\11\\09\\x.txt", "1989-11-09"),
        ("https://zeitung.example/politik/2024/12/28/titel", "2024-12-28"),
        ("/2026/backup/alt/x.txt", ""),
        ("/backup-2026-01-01/x.txt", ""),
        ("/archiv/1989-11-09_1990-10-03.txt", ""),
        ("/archiv/20240231.txt", ""),
        ("/archiv/000_a40f067899dd25eb.txt", ""),
        ("/archiv/1984.txt", ""),
        ("/archiv/123456789012.txt", ""),
    ],
)
def test_a_path_is_asked_where_the_text_says_nothing(path: str, date: str) -> None:
    assert find_publication_date(LONG, path) == date


def test_the_text_counts_before_the_path_and_the_path_before_a_bare_date() -> None:
    assert find_publication_date(f"Berlin, 5. August 2005\n\n{LONG}", "2024-12-28.txt") == "2005-08-05"
    assert find_publication_date(f"5. August 2005\n\n{LONG}", "2024-12-28.txt") == "2024-12-28"
    assert find_publication_date(f"5. August 2005\n\n{LONG}", "2005/08/a.txt") == "2005-08-05", "more exactly"
    assert find_publication_date(f"August 2005\n\n{LONG}", "2005-08-05.txt") == "2005-08-05"

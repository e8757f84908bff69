"""The pages, as a browser without JavaScript gets them."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import date, datetime
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode

import pytest
from conftest import MakeIndex
from flask.testing import FlaskClient
from lxml import etree, html
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from search import FACETS, Engine, Request, parse, spans
from search.query_language import NOTE_TEXTS
from web import create_app, listing, reading, texts
from web.headers import today
from web.state import State, read

PART = re.compile(
    r"""(?P<tag>\w+) | \.(?P<cls>[\w-]+) | \#(?P<id>[\w-]+) | \[(?P<has>[\w-]+)(=(?P<value>[\w/-]+))?\]""", re.X
)


def select(tree: Any, selector: str) -> list[Any]:
    """Elements by the simplest CSS selectors: tag, class, id, attribute, descendants, several."""
    paths = []
    for alternative in selector.split(","):
        path = ""
        for step in alternative.split():
            tests, tag = "", "*"
            for part in PART.finditer(step):
                tag = part["tag"] or tag
                tests += f"[contains(concat(' ', @class, ' '), ' {part['cls']} ')]" if part["cls"] else ""
                tests += f"[@id='{part['id']}']" if part["id"] else ""
                tests += f"[@{part['has']}='{part['value']}']" if part["value"] else ""
                tests += f"[@{part['has']}]" if part["has"] and not part["value"] else ""
            path += f"//{tag}{tests}"
        paths.append(f".{path}")
    return list(tree.xpath("|".join(paths)))


class Page:
    """One answer, and what a test wants to know of it."""

    def __init__(self, client: FlaskClient, address: str, **headers: str) -> None:
        self.client = client
        self.response = client.get(address, headers=headers or {"Accept-Language": "de"})
        self.status = self.response.status_code
        self.tree = html.fromstring(self.response.get_data(as_text=True)) if self.response.data else None

    def texts(self, selector: str) -> list[str]:
        return [" ".join(found.text_content().split()) for found in select(self.tree, selector)]

    def text(self, selector: str) -> str:
        return self.texts(selector)[0]

    def links(self, selector: str) -> list[str]:
        return [found.get("href") for found in select(self.tree, selector)]

    @property
    def total(self) -> int:
        return int(self.text("h1").split()[0].replace(".", ""))


def visit(engine: Engine, address: str, **headers: str) -> Page:
    return Page(create_app(engine).test_client(), address, **headers)


# --- start ---


def test_start_page_says_what_the_archive_holds(client: FlaskClient, seeds: Engine) -> None:
    page = Page(client, "/")
    stats = seeds.stats()
    assert page.text("h1") == f"{stats.articles} Artikel von {stats.first[:4]} bis {stats.last[:4]}"
    name = page.texts(".cloud a")[0]
    count = int(page.texts(".cloud .count")[0])
    assert Page(client, page.links(".cloud a")[0]).text(".who .all a") == f"{count} Artikel"
    assert name == "Angela Merkel"


def test_the_start_page_speaks_of_one_year(client: FlaskClient, seeds: Engine) -> None:
    page = Page(client, "/?year=1989")
    places = seeds.search(Request(date_from="1989", date_to="1989", facet_size=12)).facets["place"].values
    assert page.texts(".cloud a")[-len(places) :] == [value.value for value in places]
    assert [option.text for option in select(page.tree, "option[selected]")] == ["1989"]
    for odd in ("1", "x", "<b>", "2999"):
        assert Page(client, f"/?year={odd}").texts(".cloud a") == Page(client, "/").texts(".cloud a")


def test_the_start_page_remembers_this_day(make_index: MakeIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    dates = ["1999-02-28", "2000-02-29", "2023-02-28", "2020-02", "2024-02-29", "2024-02-28"]
    engine = make_index([{"id": date, "title": date, "text": "Nachricht", "date": date} for date in dates])
    tags = set()
    for day, expected in {
        "2024-02-28": ["1 Jahr 2023-02-28", "25 Jahren 1999-02-28"],
        "2024-02-29": ["24 Jahren 2000-02-29"],
        "2024-03-01": [],
    }.items():
        for module in ("web.views.today", "web.headers.today"):
            monkeypatch.setattr(module, lambda day=day: date.fromisoformat(day))
        page = visit(engine, "/")
        assert page.texts(".today li") == expected
        tags.add(page.response.headers["ETag"])
    assert len(tags) == 3


def test_a_day_begins_when_it_begins_in_germany(monkeypatch: pytest.MonkeyPatch) -> None:
    for moment, day in (("2024-02-28T22:30", "2024-02-28"), ("2024-02-28T23:30", "2024-02-29")):
        at = datetime.fromisoformat(f"{moment}+00:00").timestamp()
        monkeypatch.setattr("time.time", lambda at=at: at)
        assert str(today()) == day


def test_start_page_leads_to_articles_without_a_date(make_index: MakeIndex) -> None:
    engine = make_index([{"id": f"{at}", "text": "x", "date": "2005"[: 4 * (at < 2)]} for at in range(5)])
    page = visit(engine, "/")
    assert "3 ohne Datum" in page.text(".holding p")
    assert visit(engine, page.links(".holding p a")[0]).total == 3
    assert "ohne Datum" not in visit(make_index([{"id": "1", "text": "x"}]), "/").text(".holding p"), "none has one"


def test_one_is_no_plural(make_index: MakeIndex) -> None:
    engine = make_index([{"id": "1", "text": "eins", "date": "2025-03", "persons": ["Anna Meier"], "places": ["Wien"]}])
    page = visit(engine, "/")
    assert page.text("h1") == "1 Artikel aus dem Jahr 2025"
    assert page.text(".holding p").startswith("mit 1 Person und 1 Ort ·")
    places = [f"Ort {letter}" for letter in "abcdefghi"]
    engine = make_index([{"id": f"{at}", "text": "x", "places": places, "date": f"{1990 + at}"} for at in range(9)])
    assert visit(engine, "/?q=").texts(".rest summary") == ["1 weiterer Eintrag", "1 früherer Eintrag"]


def test_start_page_of_an_empty_archive_says_what_to_do(make_index: MakeIndex) -> None:
    page = visit(make_index([]), "/")
    assert page.status == 200
    assert page.text("code") == "nachlese index --index ARCHIV ORDNER"
    searched = visit(make_index([]), "/?q=x")
    assert searched.total == 0
    assert searched.texts(".nothing p") == ["Das Archiv ist noch leer"]
    english = visit(make_index([]), "/", **{"Accept-Language": "en"})
    assert english.text("code") == "nachlese index --index ARCHIVE FOLDER"


def test_titles_say_the_filters_and_the_page(client: FlaskClient) -> None:
    page = Page(client, "/?person=Angela+Merkel&place=Berlin&from=2005&page=2")
    sought = "Person: Angela Merkel, Ort: Berlin, Zeit: ab 2005"
    assert page.text("title") == f"{sought} – {page.total} Artikel, Seite 2 – Nachlese"
    assert Page(client, "/?q=").text("title") == "70 Artikel – Nachlese"
    feed = etree.fromstring(
        client.get("/feed.atom?person=Angela+Merkel&from=2005", headers={"Accept-Language": "de"}).data
    )
    assert feed.findtext("{*}title") == "Nachlese: Person: Angela Merkel, Zeit: ab 2005"


def test_the_names_of_a_year_lead_to_that_year(client: FlaskClient) -> None:
    page = Page(client, "/?year=2008")
    named = list(zip(page.links(".cloud a"), page.texts(".cloud .count"), strict=True))
    assert named
    for link, count in named[:3]:
        assert "from=2008" in link
        assert Page(client, link).total == int(count)


def test_a_phrase_without_hits_leads_to_its_words(client: FlaskClient) -> None:
    page = Page(client, "/?q=%22mauer+berlin+wahl%22")
    assert page.total == 0
    assert "„mauer berlin wahl“ kommt in keinem Artikel vor." in page.texts(".nothing p")
    assert page.text(".ways-on a") == "dieselben Wörter ohne Anführungszeichen"
    assert Page(client, page.links(".ways-on a")[0]).total == int(page.text(".ways-on .count")) > 0


def test_without_words_the_newest_come_first_and_the_page_says_so(client: FlaskClient) -> None:
    for address, current in {"/?q=": "Neueste", "/?place=Berlin": "Neueste", "/?q=mauer": "Beste zuerst"}.items():
        page = Page(client, address)
        assert page.text(".sorts a[aria-current]") == current
        # nothing is best where nothing is sought
        assert ("Beste zuerst" in page.texts(".sorts a")) == (current == "Beste zuerst")


@pytest.mark.parametrize(("language", "signs"), [("de", "„ ODER titel: datum:"), ("en", "“ OR title: date:")])
def test_example_searches_find_something(client: FlaskClient, language: str, signs: str) -> None:
    start = Page(client, "/", **{"Accept-Language": language})
    assert len(start.links(".ways a")) == len(texts.EXAMPLES)
    assert all(sign in " ".join(start.texts(".ways a")) for sign in signs.split())
    for address in start.links(".ways a"):
        page = Page(client, address)
        assert page.total
        assert not page.texts(".notes, .relaxed")


def test_examples_are_of_what_the_archive_holds(make_index: MakeIndex) -> None:
    article = {"title": "Dreimal ruft die Katze", "text": "Miau"}
    page = visit(make_index([article | {"id": f"{year}", "date": f"{year}"} for year in (2004, 2022)]), "/")
    assert page.texts(".ways a") == ["katze*", "=Katze", "titel:Katze", "datum:2004..2022"]
    assert all(Page(page.client, address).total for address in page.links(".ways a"))
    for bare in ({"id": "x", "text": "x"}, {"id": "x", "title": "NICHT ODER UND", "text": "(", "persons": ['"']}):
        assert visit(make_index([bare]), "/").status == 200


def test_examples_name_an_author_and_a_source(make_index: MakeIndex) -> None:
    article = {"id": "x", "text": "Miau", "authors": ["Dr. Erika Muster"], "source": "Der Bote"}
    page = visit(make_index([article]), "/")
    assert page.texts(".ways a") == ["autor:Muster", "quelle:Bote"]
    assert [Page(page.client, address).total for address in page.links(".ways a")] == [1, 1]


def test_examples_are_of_first_words_where_headlines_have_no_others(make_index: MakeIndex) -> None:
    page = visit(make_index([{"id": "x", "title": "Erdbeben in Rom", "text": "Es bebte."}]), "/")
    assert page.texts(".ways a") == ["erdbe*", "=Erdbeben", "titel:Erdbeben"]


# --- search ---


def test_search_shows_hits_with_date_in_words_and_marked_snippet(client: FlaskClient) -> None:
    page = Page(client, "/?q=mauer")
    assert page.total == len(page.texts(".hit")) > 1
    assert page.texts(".snippet mark")
    assert "10. November 1989 · Nachlese Deutschland" in page.texts(".dateline")
    assert page.tree.get("lang") == "de"


def test_a_text_that_two_papers_have_is_shown_once_on_a_page(make_index: MakeIndex) -> None:
    report = {"text": "Die Flut kam in der Nacht nach Passau.", "persons": ["Anna Beispiel"]}
    engine = make_index(
        [
            report | {"id": "x", "title": "Flut", "source": "Bote", "date": "2003"},
            report | {"id": "y", "title": "Hochwasser", "source": "Kurier", "date": "2002"},
        ]
    )
    for address in ("/?q=flut&sort=newest", "/person/Anna%20Beispiel"):
        page = visit(engine, address)
        assert page.texts(".hit .title") == ["Flut", "Hochwasser"]
        assert page.texts(".same") == ["Derselbe Text wie Flut · Bote"]
        assert page.links(".same a")[0].startswith("/article/x")
        assert len(page.texts(".snippet")) == len(page.texts(".names")) == 1


@pytest.mark.parametrize(
    "address", ["/?q=berlin", "/?q=", "/?person=Willy+Brandt", "/?q=krieg&from=1945&to=1989", "/?from=1945&to=1989"]
)
def test_every_count_is_the_total_after_clicking_it(client: FlaskClient, address: str) -> None:
    page = Page(client, address)
    ticks = page.tree.xpath("//input[@type='checkbox'][not(@checked)]")
    for tick in ticks[::7] + [tick for tick in ticks if tick.get("name") == "missing"]:
        state = read(MultiDict(pairs(address)))[0]
        # alone in its facet: the facet's other choices are alternatives
        alone = [(name, value) for name, value in state.parameters() if name != tick.get("name")]
        if tick.get("name") == "missing" and tick.get("value") == "date":
            alone = [(name, value) for name, value in alone if name not in ("from", "to")]
        elif tick.get("name") == "missing":
            alone = [(name, value) for name, value in alone if name != tick.get("value")]
        clicked = Page(client, "/?" + urlencode([*alone, (tick.get("name"), tick.get("value"))]))
        assert clicked.total == count_of(tick.getparent()), tick.get("value")
    rows = [row for row in select(page.tree, ".twin tr") if select(row, "td")]
    assert rows
    for row in rows[::5]:
        assert Page(client, select(row, "a")[0].get("href")).total == int(select(row, "td")[0].text)


def count_of(element: Any) -> int:
    return int(select(element, ".count")[0].text)


def pairs(address: str) -> list[tuple[str, str]]:
    return parse_qsl(address.partition("?")[2], keep_blank_values=True)


def test_each_choice_is_a_chip_that_takes_it_back(client: FlaskClient) -> None:
    address = "/?q=berlin&person=Willy+Brandt&place=Bonn&place=Berlin&not_place=Wien&from=1960&to=1990-10&missing=date"
    page = Page(client, address)
    labels = [text.removeprefix("Entfernen: ").removesuffix(" ×") for text in page.texts(".chips a")]
    assert labels == [
        "Person: Willy Brandt",
        "Ort: Bonn",
        "Ort: Berlin",
        "ohne Wien",
        "Zeit: 1960 bis Oktober 1990",
        "ohne Datum",
        "alle entfernen",
    ]
    alternatives = [row for row in page.texts(".chips li") if "oder" in row]
    assert alternatives == ["oder Entfernen: Ort: Berlin ×", "oder Entfernen: ohne Datum ×"]
    for label, link in zip(labels[:-1], page.links(".chips a"), strict=False):
        without = Page(client, link)
        assert len(without.texts(".chips a")) >= len(labels) - 2
        assert label not in " ".join(without.texts(".chips a"))
    assert Page(client, page.links(".chips a")[-1]).texts(".chips a") == []


def test_the_articles_without_a_value_stand_beside_its_alternatives(client: FlaskClient) -> None:
    page = Page(client, "/?missing=section&missing=person&missing=date&person=Willy+Brandt&date=1989&not_place=Wien")
    assert page.texts(".chips li")[:-1] == [
        "Entfernen: Person: Willy Brandt ×",
        "oder Entfernen: ohne Person ×",
        "Entfernen: Zeit: 1989 ×",
        "oder Entfernen: ohne Datum ×",
        "Entfernen: ohne Wien ×",
        "Entfernen: ohne Ressort ×",
    ]
    ranged = Page(client, "/?missing=person&missing=date&date=1989&date=1990&from=1989-11")
    assert ranged.texts(".chips li")[1:-1] == [
        "oder Entfernen: Zeit: 1990 ×",
        "Entfernen: Zeit: ab November 1989 ×",
        "oder Entfernen: ohne Datum ×",
        "Entfernen: ohne Person ×",
    ]


def test_what_a_query_narrows_is_a_chip_too(client: FlaskClient) -> None:
    page = Page(client, "/?" + urlencode({"q": 'mauer titel:berlin person:"Willy Brandt" -wien datum:1961..1989'}))
    chips = dict(zip(page.texts(".chips a"), page.links(".chips a"), strict=True))
    assert {chip.removeprefix("Entfernen: ") for chip in chips} == {
        "Überschrift: berlin ×",
        "Person: Willy Brandt ×",
        "ohne wien ×",
        "Zeit: 1961 bis 1989 ×",
    }
    without = dict(parse_qsl(chips["Entfernen: ohne wien ×"].partition("?")[2]))["q"]
    assert parse(without).tree == parse('mauer titel:berlin person:"Willy Brandt" datum:1961..1989').tree
    assert not Page(client, "/?q=mauer+%22berliner+mauer%22+klima*").texts(".chips a"), "words are seen in the box"
    fields = Page(client, "/?" + urlencode({"q": 'mauer autor:"Erika Muster" quelle:blatt -ressort:sport'}))
    assert fields.texts(".chips a") == [
        "Entfernen: Autor: Erika Muster ×",
        "Entfernen: Quelle: blatt ×",
        "Entfernen: ohne ressort:sport ×",
    ]


def test_years_are_ticked_and_left_out_like_names(client: FlaskClient) -> None:
    page = Page(client, "/?q=mauer")
    rows = {select(row, "input")[0].get("value"): count_of(row) for row in select(page.tree, "#facet-date .ticks li")}
    assert len(select(page.tree, "#facet-date button.not")) == len(rows)
    both = Page(client, "/?q=mauer&date=1989&date=1961")
    assert both.total == rows["1989"] + rows["1961"]
    assert both.texts(".chips a")[:2] == ["Entfernen: Zeit: 1989 ×", "Entfernen: Zeit: 1961 ×"]
    assert {box.get("value") for box in select(both.tree, "#facet-date input[checked]")} == {"1989", "1961"}
    assert {bar.get("data-from") for bar in select(both.tree, ".bars a.selected")} == {"1989", "1961"}
    assert len(select(both.tree, "#facet-date .ticks li")) == len(rows), "the others can still be ticked"
    without = Page(client, "/?q=mauer&not_date=1989")
    assert without.total == page.total - rows["1989"]
    assert without.texts(".chips a") == ["Entfernen: ohne 1989 ×"]
    assert Page(client, without.links(".chips a")[0]).total == page.total


def test_months_are_ticked_within_a_year_and_stay_chosen_beside_years(client: FlaskClient) -> None:
    year = Page(client, "/?q=mauer&from=1989&to=1989")
    values = [box.get("value") for box in select(year.tree, "#facet-date .ticks input")]
    assert "1989-11" in values
    assert all(value.startswith("1989-") for value in values)
    november = Page(client, "/?q=mauer&from=1989&to=1989&date=1989-11")
    row = next(row for row in select(year.tree, "#facet-date li") if select(row, "input")[0].get("value") == "1989-11")
    assert november.total == count_of(row)
    alone = Page(client, "/?q=mauer&date=1989-11")
    assert alone.total == november.total
    carried = [box.get("value") for box in select(alone.tree, "#facet-date input[type=hidden]")]
    assert carried == ["1989-11"], "the list has years"
    bar = next(bar for bar in select(alone.tree, ".bars a") if bar.get("data-from") == "1961")
    assert "date=" not in bar.get("href"), "another range gives up what was ticked within the one before"


def test_a_range_that_ends_before_it_begins_is_turned_round(client: FlaskClient) -> None:
    page = Page(client, "/?q=mauer&from=1990&to=1980-05")
    assert page.total == Page(client, "/?q=mauer&from=1980-05&to=1990").total > 0
    assert "Das Ende des Zeitraums, Mai 1980, liegt vor seinem Anfang, 1990" in page.text(".notes")
    assert [box.get("value") for box in select(page.tree, ".range input")] == ["1980-05", "1990"]
    assert client.get("/api/search?from=1990&to=1980-05").status_code == 400


def test_the_timeline_leads_from_the_year_to_the_day_and_back(client: FlaskClient) -> None:
    page = Page(client, "/?q=mauer")
    for wanted in ("1989", "1989-11", "1989-11-10"):
        (bar,) = [bar for bar in select(page.tree, ".bars a") if bar.get("data-from") == wanted]
        count = int(select(bar, "title")[0].text.split()[-1])
        page = Page(client, bar.get("href"))
        assert page.total == count > 0
    assert page.texts(".path a, .path [aria-current]") == ["Alle Jahre", "1989", "November 1989", "10. November 1989"]
    assert page.texts(".bars .selected title") == [f"10. November 1989: {page.total}"]
    month = Page(client, page.links(".path a")[2])
    assert month.texts(".path [aria-current]") == ["November 1989"]
    assert month.texts(".axis text")[:2] == ["1.", "5."]
    english = Page(client, page.links(".path a")[2], **{"Accept-Language": "en"})
    assert english.texts(".axis text")[:2] == ["1", "5"]
    assert Page(client, select(page.tree, ".bars a.selected")[0].get("href")).total == month.total
    assert "from" not in page.links(".path a")[0]


def test_years_partly_in_a_range_are_listed_with_what_lies_in_it(make_index: MakeIndex) -> None:
    dates = ["1988", "1989", "1989-10-31", "1989-11-09", "1989-12", "1990-01", "1990-10-03", "1990-10-04", "1991"]
    engine = make_index([{"id": date, "text": "Nachricht", "date": date} for date in dates])
    page = visit(engine, "/?from=1989-11&to=1990-10-03")
    rows = {select(row, "input")[0].get("value"): count_of(row) for row in select(page.tree, "#facet-date .ticks li")}
    assert (page.total, rows) == (4, {"1990": 2, "1989": 2})
    one = visit(engine, "/?from=1989-11&to=1990-10-03&date=1989")
    assert one.total == 2
    assert [box.get("value") for box in select(one.tree, "#facet-date .ticks input[checked]")] == ["1989"]
    days = visit(engine, "/?from=1989-11-09&to=1989-12")
    assert [count_of(row) for row in select(days.tree, "#facet-date .ticks li")] == [1, 1]


def test_the_timeline_shows_years_of_which_a_part_is_chosen(make_index: MakeIndex) -> None:
    dates = ["1988-05", "1989-02", "1989-11-09", "1990-01", "1990-10-04", "1991-07"]
    engine = make_index([{"id": date, "text": "Nachricht", "date": date} for date in dates])
    page = visit(engine, "/?from=1989-11&to=1991")
    assert page.texts(".bars.chosen .partly title") == ["1989: 2, zum Teil gewählt"]
    assert page.texts(".bars .selected title") == ["1990: 2", "1991: 1"]
    assert page.texts(".timeline .twin th[scope=row]")[1] == "1989, zum Teil gewählt"
    within = visit(engine, "/?from=1989-01&to=1989-11-12")
    assert within.texts(".bars .partly title") == ["November 1989: 1, zum Teil gewählt"]
    ticked = visit(engine, "/?date=1989-11&date=1991")
    assert ticked.texts(".bars .partly title") == ["1989: 2, zum Teil gewählt"]
    cut = visit(engine, "/?from=1989-06&to=1991&date=1989&date=1991")
    assert cut.texts(".bars .partly title") == ["1989: 2, zum Teil gewählt"]
    assert cut.texts(".bars .selected title") == ["1991: 1"]
    month = visit(engine, "/?from=1989-01&to=1989-11-12&date=1989")
    assert month.texts(".bars .partly title") == ["November 1989: 1, zum Teil gewählt"]
    beyond = visit(engine, "/?from=1989-06&to=1991&date=1989-02&date=1990")
    assert not beyond.texts(".bars .partly")
    assert not select(visit(engine, "/?q=").tree, ".bars .partly, .bars.chosen")
    for none in ("from=1950&to=1960", "missing=date"):
        page = visit(engine, f"/?{none}")
        assert select(page.tree, ".bars.chosen"), "no bar is of a hit"
        assert not select(page.tree, ".bars .selected, .bars .partly")


def test_what_is_dated_too_coarsely_for_a_bar_is_counted_beside_them(make_index: MakeIndex) -> None:
    dates = ["1989", "1989", "1989-11", "1989-11-09", "1990"]
    engine = make_index([{"id": str(at), "text": "Nachricht", "date": date} for at, date in enumerate(dates)])
    assert visit(engine, "/?from=1989&to=1989").text(".coarse") == "Dazu 2 Artikel, nur auf das Jahr genau datiert."
    month = visit(engine, "/?from=1989-11&to=1989-11")
    assert month.text(".coarse") == "Dazu 1 Artikel, nicht auf den Tag genau datiert."
    assert month.texts(".twin tbody tr") == ["9. November 19891"]
    assert not visit(engine, "/?q=").texts(".coarse")


def test_an_archive_of_one_year_is_charted_by_months(make_index: MakeIndex) -> None:
    engine = make_index([{"id": date, "text": "Nachricht", "date": date} for date in ("2024-03-01", "2024-05")])
    for address in ("/", "/?q="):
        page = visit(engine, address)
        assert page.texts(".twin th a") == ["März 2024", "Mai 2024"]
        assert not page.texts(".path")


def test_chosen_values_come_first_and_stay_in_the_list(client: FlaskClient) -> None:
    page = Page(client, "/?q=mauer&person=Herta+M%C3%BCller&person=Nobody+Known")
    checked = [box.get("value") for box in select(page.tree, "#facet-person input")[:2]]
    assert sorted(checked) == ["Herta Müller", "Nobody Known"]


def test_a_facet_says_where_its_list_ends_too_soon(make_index: MakeIndex) -> None:
    engine = make_index([{"id": str(at), "text": "x", "places": [f"Ort {at}"]} for at in range(1002)])
    assert visit(engine, "/?q=").text("#facet-place .rest summary") == "mehr als 12 weitere"
    short = visit(engine, "/?q=&facet_size=3")
    assert not select(short.tree, "#facet-place .rest")
    assert short.links("#facet-place .more a") == ["/?facet_size=15#facet-place"]
    whole = visit(engine, "/?q=&facet_size=1000")
    assert whole.text("#facet-place .rest summary") == "mehr als 992 weitere"
    assert whole.text("#facet-place .rest .said") == "Seltenere zeigt die Liste nicht."
    assert not visit(engine, "/?q=&date=1989").texts("#facet-date .said")


def test_a_hit_without_a_date_says_so(make_index: MakeIndex) -> None:
    engine = make_index([{"id": "1", "text": "x", "source": "dpa"}, {"id": "2", "text": "x"}])
    assert sorted(visit(engine, "/?q=x").texts(".dateline")) == ["ohne Datum", "ohne Datum · dpa"]


def test_one_name_is_left_out_and_taken_back(client: FlaskClient) -> None:
    page = Page(client, "/?q=mauer&sort=oldest")
    row = select(page.tree, "#facet-place li")[0]
    name, sign = select(row, "input")[0].get("value"), select(row, "button.not")[0]
    assert (sign.get("name"), sign.get("form"), sign.get("aria-label")) == ("not_place", "search", f"ohne {name}")
    without = Page(client, "/?" + urlencode({"q": "mauer", "sort": "oldest", "not_place": name}))
    assert without.total == page.total - count_of(row)
    assert name not in [box.get("value") for box in select(without.tree, "#facet-place input")]
    assert {("not_place", name)} <= {(i.get("name"), i.get("value")) for i in select(without.tree, "form input")}
    assert Page(client, without.links(".chips a")[0]).total == page.total


def test_choosing_a_name_that_was_left_out_takes_it_back() -> None:
    state = State(excluded={"person": ("A", "B")}).with_value("person", "A")
    assert (state.chosen["person"], state.excluded["person"]) == (("A",), ("B",))


def test_sources_and_sections_are_facets_where_there_are_several(make_index: MakeIndex) -> None:
    articles = [{"id": str(at), "text": "Mauer", "source": source} for at, source in enumerate(["Blatt", "Bote", ""])]
    page = visit(make_index(articles), "/?q=mauer")
    assert page.texts("#facet-source .value") == ["Blatt", "Bote", "ohne Quelle"]
    assert not page.texts("#facet-section")
    assert not page.texts("#facet-person"), "what all lack is no choice"
    one = Page(page.client, "/?q=mauer&source=Blatt")
    assert (one.total, one.texts(".chips a")) == (1, ["Entfernen: Quelle: Blatt ×"])
    assert one.texts("#facet-source .count") == ["1", "1", "1"]
    assert not visit(make_index(articles[:1]), "/?q=mauer").texts("#facet-source")


def test_what_was_not_understood_is_said_in_words(client: FlaskClient) -> None:
    assert "Anführungszeichen bei Zeichen 8" in Page(client, "/?q=berlin%20%22mauer").text(".notes")
    english = Page(client, "/?q=berlin%20%22mauer", **{"Accept-Language": "en"})
    assert "quotation mark at character 8" in english.text(".notes")


def test_every_note_has_a_text() -> None:
    assert texts.NOTES.keys() == NOTE_TEXTS.keys()
    assert texts.FACETS.keys() == set(FACETS)


def test_reasons_of_one_word_by_one_rule_are_told_together(make_index: MakeIndex) -> None:
    text = "Der Minister und die Innenminister. Der Außenminister sah den Außenminister im Alter von 60 Jahren."
    engine = make_index([{"id": "x", "title": "T", "text": text}])
    assert visit(engine, "/?q=Minister&explain=1").texts(".why li") == [
        "Minister → Minister: wie gesucht",
        "Minister → Innenminister, Außenminister 2×: Teil einer Zusammensetzung",
    ]
    assert visit(engine, "/?q=“im+Alter+von”&explain=1").texts(".why li") == [
        "im Alter von → im Alter von: wie gesucht"
    ]


def test_a_misspelt_word_gets_a_suggestion(client: FlaskClient) -> None:
    page = Page(client, "/?q=Adenaur")
    assert page.total == 0
    assert Page(client, page.links(".suggestion a")[0]).total > 0


@pytest.mark.parametrize(
    ("query", "meant", "address"),
    [
        ("Mauer 1989", "1989", "/?q=Mauer&from=1989&to=1989"),
        ("November 1989 Mauer", "November 1989", "/?q=Mauer&from=1989-11&to=1989-11"),
        ("9. November 1989", "9. November 1989", "/?from=1989-11-09&to=1989-11-09"),
        ("Mauer 9.11.1989", "9. November 1989", "/?q=Mauer&from=1989-11-09&to=1989-11-09"),
        ("Mauer im November 1989", "November 1989", "/?q=Mauer&from=1989-11&to=1989-11"),
        ("Mauer 1989-1990 Berlin", "1989 bis 1990", "/?q=Mauer+Berlin&from=1989&to=1990"),
        ("Mauer November 1989..1990", "November 1989 bis 1990", "/?q=Mauer&from=1989-11&to=1990"),
        ("Mauer von 1988 bis 9. November 1989", "1988 bis 9. November 1989", "/?q=Mauer&from=1988&to=1989-11-09"),
        ("Mauer seit Mai 1989", "ab Mai 1989", "/?q=Mauer&from=1989-05"),
        ("Mauer Bis 1989", "bis 1989", "/?q=Mauer&to=1989"),
        ("Nachrichten vom 9. November 1989", "9. November 1989", "/?from=1989-11-09&to=1989-11-09"),
        ("Was geschah im November 1989?", "November 1989", "/?from=1989-11&to=1989-11"),
    ],
)
def test_a_date_among_the_words_may_be_meant_as_that_of_the_articles(
    client: FlaskClient, query: str, meant: str, address: str
) -> None:
    page = Page(client, f"/?{urlencode({'q': query})}")
    assert page.links(".as-date a") == [address]
    assert page.text(".as-date") == f"Oder als Datum der Artikel: {meant} {Page(client, address).total}"


@pytest.mark.parametrize(
    ("query", "any_words", "total"),
    [
        ("Wahl Bonn", "Wahl ODER Bonn", 6),
        ("Wahl Bonn -Musik", "-Musik (Wahl ODER Bonn)", 5),
        ('"in Bonn" Wahl', '"in Bonn" ODER Wahl', 6),
        ("Wahl in Bonn", "Wahl ODER Bonn", 6),
        ("Wer Wahl Bonn", "Wahl ODER Bonn", 6),
        ("ort:Bonn Wahl", "", 0),
        ("Wahl Musik Bonn", "", 0),
        ("Bonn", "", 0),
        ("Wahl Köln", "", 0),
        ("Fluss Brücke", "", 0),
    ],
)
def test_where_few_articles_have_all_words_those_with_some_are_offered(
    make_index: MakeIndex, query: str, any_words: str, total: int
) -> None:
    texts = [
        "Wer die Wahl in Bonn hat",
        "Wahl, Musik",
        *["Wahl in Köln"] * 4,
        "Fluss, Brücke",
        *["Tag in der Stadt"] * 8,
    ]
    engine = make_index([{"id": f"a{at}", "text": text, "places": ["Bonn"][at:]} for at, text in enumerate(texts)])
    page = visit(engine, f"/?{urlencode({'q': query})}")
    assert page.texts(".any-words") == ([f"Mit einigen der Wörter: {total} Artikel"] if any_words else [])
    for link in page.links(".any-words a"):
        assert link == f"/?{urlencode({'q': any_words})}"
        assert visit(engine, link).total == total


def test_words_that_only_ask_keep_no_articles_away(make_index: MakeIndex) -> None:
    texts = ["Adele Muster fragte, wer das war.", *["Adele Muster kam"] * 8, *["Tag"] * 9]
    engine = make_index([{"id": f"a{at}", "text": text} for at, text in enumerate(texts)])
    page = visit(engine, "/?q=Wer+war+Adele+Muster")
    assert (page.total, page.texts(".any-words"), page.texts(".relaxed")) == (9, [], [])
    without = visit(engine, "/?q=Wer+war+Adele+Muster+Bert")
    assert without.text(".relaxed p").startswith("Kein Artikel enthält alle Wörter. Die Treffer enthalten möglichst")
    assert without.texts(".relaxed li") == ["Adele 9", "Muster 9", "Bert 0"]


@pytest.mark.parametrize(
    "query",
    ["Mauer", "Mauer 1911", "Mauer =1989", '"Mauer 1989"', "-1989", "Mauer 1989&from=1989"]
    + ["Mauer 1990-1989", "Mauer seit 18", "Mauer bis", "Mauer von bis", "Mauer 1990 bis 1989"],
)
def test_no_other_date_is_offered(client: FlaskClient, query: str) -> None:
    assert not Page(client, f"/?q={quote(query, safe='&=')}").texts(".as-date")


@pytest.mark.parametrize(
    ("query", "meant", "rest"),
    [
        ("ort:New York", 'ort:"New York"', ""),
        ("Wahl place:new york Musik -Paris", 'ort:"new york"', " Musik -Paris"),
        ("ort:Isla de Margarita Wahl", 'ort:"Isla de Margarita"', " Wahl"),
        ('ort:"New York"', "", ""),
        ("ort:New Musik", "", ""),
        ("ort:York -New", "", ""),
        ("ort:York -Musik", "", ""),
        ("quelle:Neue -autor:Amsel Wahl", "", ""),
        ("New York", 'ort:"New York"', ""),
        ("Kolumbien", "ort:Kolumbien", ""),
        ("Musik", "", ""),
        ("person:New York", "", ""),
        ("quelle:Neue Wahl", 'quelle:"Neue Wahl"', ""),
        ("autor:Erika Muster Wahl", 'autor:"Erika Muster"', " Wahl"),
        ("person:Angela Merkel", "", ""),
    ],
)
def test_a_name_of_several_words_behind_a_field_is_offered_where_it_finds_others(
    make_index: MakeIndex, query: str, meant: str, rest: str
) -> None:
    text = {"text": "Wahl, Musik, York, de Margarita, Merkel, Muster", "persons": ["Angela Merkel"]}
    places = {"a": ["New York", "Isla de Margarita", "Kolumbien"], "b": ["New Delhi", "Isla"]}
    articles = [text | {"id": name, "places": found} for name, found in places.items()]
    articles[0] |= {"source": "Neue Wahl", "authors": ["Erika Muster"]}
    articles[1] |= {"source": "Neue Musik", "authors": ["Erika Amsel"]}
    engine = make_index(articles)
    page = visit(engine, f"/?q={quote(query)}")
    assert page.texts(".as-name") == ([f"Meinten Sie {meant}? 1"] if meant else [])
    for link in page.links(".as-name a"):
        assert visit(engine, link).total == 1
        assert dict(parse_qsl(link[2:]))["q"].endswith(meant + rest)


@pytest.mark.parametrize(
    ("query", "meant", "total"),
    [
        ("Kohl oder Brandt", "Kohl ODER Brandt", 3),
        ("kohl or brandt", "kohl OR brandt", 3),
        ("Kohl ohne Brandt", "Kohl NICHT Brandt", 1),
        ("Kohl nicht Brandt", "Kohl NICHT Brandt", 1),
        ("Kohl außer Brandt", "Kohl NICHT Brandt", 1),
        ("Brandt ohne Xaver", "Brandt NICHT Xaver", 2),
        ("Xaver ohne Brandt", "", 0),
        ("Kohl ODER Brandt", "", 0),
        ('"Kohl oder Brandt"', "", 0),
        ("Kohl will nicht", "", 0),
        ("ohne Brandt", "", 0),
        ("Kohl kam allein und das nicht Brandt", "", 0),
    ],
)
def test_operators_in_small_letters_are_offered_as_such(
    make_index: MakeIndex, query: str, meant: str, total: int
) -> None:
    texts = ["Kohl will wie Brandt auf dem Markt reden", "Kohl kam allein", "Brandt kam allein", "Es regnete"]
    engine = make_index([{"id": f"a{at}", "text": text} for at, text in enumerate(texts)])
    page = visit(engine, f"/?{urlencode({'q': query})}")
    assert page.texts(".as-operators") == ([f"Meinten Sie {meant}? {total}"] if meant else [])
    for link in page.links(".as-operators a"):
        assert visit(engine, link).total == total


def test_a_pasted_id_or_address_leads_to_its_article(make_index: MakeIndex) -> None:
    original, numbered = "https://bote.example/2003/flut-am-markt_17.html", "https://www.Kurier.example/?artikel=7"
    engine = make_index(
        [
            {"id": "a/ü 1", "title": "Eins", "text": "x", "url": numbered, "date": "2003-05-06"},
            {"url": original, "title": "Flut", "text": f"x, wie {numbered} meldet"},
            {
                "id": "älter",
                "title": "Als es noch nicht gedruckt war",
                "text": "x",
                "url": numbered,
                "date": "2003-05-05",
            },
            {"id": "titelseite", "title": "Ohne eigene Adresse", "text": "x", "url": "https://bote.example/"},
        ]
    )
    (flood,) = engine.search(Request(parse("titel:Flut").tree)).hits
    here = "https://archiv.example/article/a/%C3%BC%201?q=Eins"
    meant = {"a/ü 1": "Eins", here: "Eins", original: "Flut", f"{original}?utm=x#top": "Flut", flood.id: "Flut"}
    meant |= dict.fromkeys((numbered, "http://kurier.example/?artikel=7#top", "kurier.example/?artikel=7"), "Eins")
    for typed, title in meant.items():
        page = visit(engine, f"/?{urlencode({'q': typed, 'place': 'Berlin'})}")
        assert page.text(".as-article") == f"Meinten Sie den Artikel {title}?", typed
        assert not page.texts(".as-words")
        assert not page.texts(".nothing .lead"), "it stands in the archive"
        assert page.links(".as-article a")[0].count("/") < 4, "its own id leads there, not its address"
        assert visit(engine, page.links(".as-article a")[0]).text("h1") == title
    for typed in ("Flut", "a", "https://bote.example/", "https://[/article/", "x" * 600):
        assert not visit(engine, f"/?{urlencode({'q': typed})}").texts(".as-article"), typed


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("https://bote.example/stadt/die-flut-am-markt-101.html?x=Damm", "die flut am markt"),
        ("HTTP://bote.example/wiki/Die_Flut_am_M%C3%A4rkt", "Die Flut am Märkt"),
        ("https://bote.example/nachrichtenarchive/flut-2003", "flut"),
        ("https://bote.example/2003/11/09/", ""),
        ("https://bote.example", ""),
        ("https://bote.example/xyzzy-quux", ""),
        ("die-flut-am-markt.html", ""),
    ],
)
def test_a_pasted_address_of_no_article_is_searched_by_its_words(
    make_index: MakeIndex, address: str, words: str
) -> None:
    engine = make_index([{"id": "x", "text": "Die Flut am Markt ist vorbei."}])
    page = visit(engine, f"/?{urlencode({'q': address})}")
    assert page.texts(".as-words a") == ([words] if words else [])
    for link in page.links(".as-words a"):
        assert visit(engine, link).total == 1


def test_a_compound_that_no_article_has_is_named_as_such(make_index: MakeIndex) -> None:
    engine = make_index([{"id": "x", "text": "Vom Frieden handelt kein Vertrag."}])
    page = visit(engine, "/?q=Friedensvertrag")
    assert page.text(".relaxed p") == "Kein Artikel enthält „Friedensvertrag“. Die Treffer enthalten Teile davon:"
    assert page.texts(".relaxed li") == ["Frieden 1", "Vertrag 1"]


def test_a_search_without_hits_has_a_feed_but_no_table(client: FlaskClient) -> None:
    page = Page(client, "/?q=Adenaur")
    assert page.links(".take a") == ["/feed.atom?q=Adenaur"]
    assert page.texts(".take .copy") == ["Link kopieren"]
    assert "/export.csv?q=mauer" in Page(client, "/?q=mauer").links(".take a")


def test_no_hits_leads_on_without_the_filters(client: FlaskClient) -> None:
    page = Page(client, "/?q=mauer&from=1400&to=1401")
    assert page.total == 0
    assert Page(client, page.links(".nothing a")[0]).total > 0


def test_no_hits_says_whether_words_or_filters_are_to_blame(client: FlaskClient) -> None:
    words = Page(client, "/?q=xyzzy&place=Berlin")
    assert words.text(".nothing .lead") == "Dazu steht nichts im Archiv."
    filters = Page(client, "/?q=mauer&from=1400&to=1401")
    assert filters.text(".nothing .lead") == "Mit diesem Filter steht dazu nichts im Archiv."
    several = Page(client, "/?q=mauer&from=1400&to=1401&place=Berlin")
    assert several.text(".nothing .lead") == "Mit diesen Filtern steht dazu nichts im Archiv."
    assert "dieselben Wörter ohne Filter" in filters.texts(".ways-on a")
    alone = Page(client, "/?place=Berlin&from=1400&to=1401")
    assert alone.text(".nothing .lead") == "Zu diesen Filtern zusammen gibt es keinen Artikel."
    assert "alle Artikel, ohne Filter" in alone.texts(".ways-on a")


def test_a_phrase_that_stands_nowhere_is_named_without_a_second_pair_of_quotation_marks(client: FlaskClient) -> None:
    page = Page(client, "/?q=Merkel+Berlin+%22Quasten+Flosser%22")
    assert page.text(".relaxed .without a") == "ohne „Quasten Flosser“"


def test_no_hits_names_the_words_to_blame_and_what_to_leave_out(client: FlaskClient) -> None:
    page = Page(client, "/?q=titel:xyzzy+mauer&person=Willy+Brandt&place=Nirgendwo")
    assert page.total == 0
    assert "„titel:xyzzy“ kommt in keinem Artikel vor." in page.texts(".nothing p")
    assert len(page.texts(".ways-on li")) > 1
    for way, link in zip(page.texts(".ways-on li"), page.links(".ways-on a"), strict=True):
        assert Page(client, link).total == int(way.split()[-1]) > 0
    assert Page(client, "/?q=%22xyzzy").status == 200


def test_what_stands_in_no_field_is_offered_without_the_field(client: FlaskClient) -> None:
    for field in ("autor:Brandt", "person:Mauer", "verfasser:Brandt", "Quelle: Brandt"):
        page = Page(client, f"/?{urlencode({'q': field})}")
        assert page.total == 0
        name, _, words = field.partition(":")
        assert page.texts(".ways-on a")[0] == f"ohne „{name}:“"
        assert page.links(".ways-on a")[0] == f"/?{urlencode({'q': words.strip()})}"


def test_a_way_on_leads_to_no_search_for_everything(client: FlaskClient) -> None:
    assert not Page(client, "/?q=%C2%A7+218218").texts(".ways-on a")


def test_when_no_article_has_all_words_the_page_says_which_it_has(client: FlaskClient) -> None:
    page = Page(client, "/?q=mauer+xyzzy")
    assert page.total > 0
    assert "Kein Artikel enthält alle Wörter" in page.text(".relaxed p")
    assert page.texts(".relaxed del") == ["xyzzy"]
    assert not Page(client, "/?q=mauer").texts(".relaxed")


@pytest.mark.parametrize("filters", ["", "&place=Berlin", "&from=1989&to=1990&person=G%C3%BCnter+Schabowski"])
def test_each_word_of_a_relaxed_search_leads_to_as_many_articles_as_it_says(client: FlaskClient, filters: str) -> None:
    page = Page(client, f"/?q=mauer+xyzzy{filters}&sort=newest")
    assert page.links(".relaxed a")[0] == "/?q=mauer&sort=newest"
    assert Page(client, page.links(".relaxed a")[0]).total == int(page.texts(".relaxed .count")[0]) > 0


def test_words_that_stand_nowhere_are_left_out_by_one_link(client: FlaskClient) -> None:
    page = Page(client, "/?q=xyzzyq+merkel+berlin+%22foo+bar%22&sort=newest")
    rest = Page(client, page.links(".relaxed .without a")[0])
    assert page.links(".relaxed .without a") == ["/?q=merkel+berlin&sort=newest"]
    assert page.text(".relaxed .without") == f'ohne „xyzzyq "foo bar"“: {rest.total} Artikel'
    assert not rest.texts(".relaxed")
    name = Page(client, "/?q=merkel+berlin+Unbekanntes+Flugobjekt")
    assert name.texts(".relaxed del") == ["Unbekanntes Flugobjekt"]
    assert name.links(".relaxed .without a") == ["/?q=merkel+berlin"]
    one = Page(client, "/?q=merkel+xyzzyq")
    assert (one.links(".relaxed a"), one.texts(".relaxed .without")) == (["/?q=merkel"], []), "once is enough"
    narrowed = Page(client, "/?q=merkel+xyzzyq&place=Berlin")
    assert narrowed.links(".relaxed .without a") == ["/?q=merkel&place=Berlin"]
    together = Page(client, "/?q=merkel+wimbledon+xyzzyq")
    assert Page(client, "/?q=merkel+wimbledon").texts(".relaxed"), "words that do not come together"
    assert not together.texts(".relaxed .without")


def test_relaxed_words_are_not_spoken_of_where_nothing_is_shown(client: FlaskClient) -> None:
    page = Page(client, "/?q=mauer+xyzzy&person=Niemand")
    assert page.total == 0
    assert not page.texts(".relaxed")
    assert "„xyzzy“ kommt in keinem Artikel vor." in page.texts(".nothing p")


def test_timeline_has_a_bar_for_each_year_and_the_archives_axis(client: FlaskClient, seeds: Engine) -> None:
    page = Page(client, "/?q=berlin")
    bars = select(page.tree, ".bars a")
    assert len(bars) == len(page.texts(".twin tbody tr"))
    for bar in bars[::4]:
        assert Page(client, bar.get("href")).total == int(select(bar, "title")[0].text.split()[-1])
    years = int(seeds.stats().last[:4]) - int(seeds.stats().first[:4]) + 1
    places = [place.get("data-from") for place in select(page.tree, ".bars [data-from]")]
    assert len(set(places)) == len(places) == years, "a place for years without an article too"
    assert {int(rect.get("x")) for rect in select(page.tree, ".bars rect")} == set(range(years))
    chosen = Page(client, "/?q=berlin&from=1960&to=1969")
    assert [bar.get("data-from") for bar in select(chosen.tree, ".bars a")] == [bar.get("data-from") for bar in bars]


@pytest.mark.parametrize(
    ("dates", "last"),
    [
        ("from=1989&to=1989", "1989"),
        ("from=1989-03&to=1989-11", "März 1989 bis November 1989"),
        ("from=1989-11&to=1989-11", "November 1989"),
        ("from=1989-11-09&to=1989-11-09", "9. November 1989"),
    ],
)
def test_the_way_to_a_range_ends_where_one_stands(client: FlaskClient, dates: str, last: str) -> None:
    page = Page(client, f"/?{dates}")
    assert page.texts(".path [aria-current]") == [last]
    assert page.texts(".path a, .path span[aria-current]")[-1] == last


def test_the_timeline_by_share_of_the_archive(make_index: MakeIndex) -> None:
    dates = {"1990": 20, "1991": 9, "1991-03": 1, "1995": 1}
    articles = [(date, at) for date, count in dates.items() for at in range(count)]
    engine = make_index(
        [{"id": f"{date} {at}", "text": "Mauer" if at < 2 else "Wand", "date": date} for date, at in articles]
    )
    count = visit(engine, "/?q=mauer")
    assert [bar.get("height") for bar in select(count.tree, ".bars rect[height]")] == ["66.7", "100.0", "33.3"]
    share = Page(count.client, count.links(".views a")[1])
    assert share.texts(".twin tbody td") == ["2", "10 %", "3", "30 %", "1", "100 % von 1"]
    assert [bar.get("height") for bar in select(share.tree, ".bars rect[height]")] == ["33.3", "100.0", "100.0"]
    assert share.texts(".bars a.few title") == ["1995: 1 von 1 (100 %)"], "one article is no focus of interest"
    assert share.text(".peak") == "30 %"
    assert share.text(".coarse").startswith("Blass")
    assert all("chart=share" in link for link in share.links(".bars a"))
    year = Page(count.client, share.links(".bars a")[1])
    assert year.texts(".twin tbody tr") == ["März 19911100 % von 1"]
    assert year.texts(".bars a.selected.few title") == ["März 1991: 1 von 1 (100 %)"], "chosen ones are pale, too"
    english = visit(engine, "/?q=mauer&chart=share", **{"Accept-Language": "en"})
    assert english.texts(".bars title") == ["1990: 2 of 20 (10%)", "1991: 3 of 10 (30%)", "1995: 1 of 1 (100%)"]
    assert not visit(engine, "/?q=").texts(".views")


def test_a_long_archive_is_charted_by_decades(make_index: MakeIndex) -> None:
    dates = ["1848", "1849-03", "1914-08-01", "2024"]
    engine = make_index([{"id": date, "text": "Nachricht", "date": date} for date in dates])
    page = visit(engine, "/?q=nachricht")
    assert page.texts(".twin th a") == ["1840–1849", "1910–1919", "2020–2029"]
    decade = Page(create_app(engine).test_client(), page.links(".twin a")[0])
    assert decade.total == 2
    assert decade.texts(".twin th a") == ["1848", "1849"]
    assert decade.texts(".path [aria-current]") == ["1840–1849"]


def test_pages_lead_through_all_hits(client: FlaskClient, seeds: Engine) -> None:
    address, titles = "/?sort=oldest&size=25", []
    while address:
        page = Page(client, address)
        titles += page.links(".hit h2 a")
        address = next(iter(page.links("a[rel=next]")), "")
    assert len({title.partition("?")[0] for title in titles}) == len(titles) == seeds.stats().articles
    beyond = Page(client, "/?q=&page=90")
    assert Page(client, beyond.links(".nothing a")[0]).texts(".hit")
    last = Page(client, beyond.links(".nothing a")[1])
    assert (bool(last.texts(".hit")), last.texts(".pages [rel=next]")) == (True, [])
    assert len(Page(client, "/?q=mauer+person:Schabowski&page=2").links(".nothing a")) == 1, "the first is the last"


def test_pages_around_the_current_one() -> None:
    pages = listing.pages(State(page=50, size=100), 1_000_000)
    assert [page and page[0] for page in pages.numbers] == [1, None, 48, 49, 50, 51, 52, None, 10_000]
    assert not listing.pages(State(page=10_000, size=100), 1_000_000).next


def test_hits_a_page(client: FlaskClient) -> None:
    page = Page(client, "/?q=&page=2")
    assert Page(client, "/?q=mauer&person=Willy+Brandt").texts(".take a")[0] != "20"
    fifty = Page(client, page.links(".take a")[1])
    assert len(fifty.texts(".hit")) == 50
    assert fifty.texts(".take a[aria-current]") == ["50"]


def test_each_hit_says_its_language(make_index: MakeIndex) -> None:
    articles = [
        {"id": "a", "text": "Berlin and more", "title": "News", "language": "en"},
        {"id": "b", "text": "Berlin"},
    ]
    page = visit(make_index(articles), "/?q=berlin")
    said = {hit.get("lang") for hit in select(page.tree, ".hit h2")}
    assert said == {hit.get("lang") for hit in select(page.tree, ".snippet")} == {"de", "en"}
    assert select(visit(make_index(articles), "/article/a").tree, ".text")[0].get("lang") == "en"


def test_other_words_on_the_page_of_an_article_keep_filters_and_order(client: FlaskClient) -> None:
    page = Page(
        client, "/article/mauerfall-1989?q=mauer&place=Berlin&not_person=Erich+Honecker&from=1980&sort=oldest&page=2"
    )
    carried = {field.get("name"): field.get("value") for field in select(page.tree, "form#search input[type=hidden]")}
    assert carried == {"place": "Berlin", "not_person": "Erich Honecker", "from": "1980", "sort": "oldest"}
    assert not select(Page(client, "/article/mauerfall-1989").tree, "form#search input[type=hidden]")


def test_names_in_an_article_narrow_the_search_that_led_to_it(client: FlaskClient) -> None:
    page = Page(client, "/article/mauerfall-1989?q=mauer&from=1989&to=1990&page=2")
    link = page.links(".text a.person")[0]
    assert link == "/?q=mauer&person=G%C3%BCnter+Schabowski&from=1989&to=1990"
    assert Page(client, link).total > 0
    assert "q=" not in Page(client, "/article/mauerfall-1989").links(".text a.person")[0]


def test_a_page_of_twenty_hits_is_small(client: FlaskClient) -> None:
    page = Page(client, "/?q=&facet_size=100")
    assert len(page.texts(".hit")) == 20
    assert len(page.response.data) < 100_000


# --- articles ---

ODD = {
    "id": "https://example.org/a b/ü?x=1&y=2#z",
    "title": "<script>alert(1)</script>",
    "lead": "Vorspann & mehr",
    "text": "Erster Absatz über <b>Karl Marx</b>.\n\nZweiter Absatz,\numbrochen.",
    "date": "2005-08",
    "url": "javascript:alert(1)",
    "source": "<i>Quelle</i>",
    "authors": ["A. Autor", "B. <Autor>"],
    "persons": ["Karl Marx", "<img src=x>"],
    "places": ["Trier"],
}


def test_an_article_shows_what_else_its_file_says_of_it(make_index: MakeIndex) -> None:
    told = {"seite": 5, "stichwort": ["Bad", "<b>Rat</b>"], "lang": "x" * 301, "leer": "", "tief": {"a": 1}, "ja": True}
    page = visit(make_index([{"id": "1", "text": "Ein Text.", "language": "de", **told}]), "/article/1")
    assert page.texts(".cite dt") == ["seite", "stichwort"]
    assert page.texts(".cite dd") == ["5", "Bad, <b>Rat</b>"]
    assert not visit(make_index([{"id": "1", "text": "Ein Text."}]), "/article/1").texts(".cite dl")


def test_article_page(client: FlaskClient) -> None:
    page = Page(client, "/article/mauerfall-1989?q=mauer&person=G%C3%BCnter+Schabowski")
    assert page.text("h1") == "Die Mauer ist offen"
    assert "10. November 1989" in page.text(".dateline")
    assert len(page.texts(".text p")) > 2
    assert page.texts(".text a.person")
    assert page.links(".back a")[:1] == ["/?q=mauer&person=G%C3%BCnter+Schabowski"]
    for link in page.links(".named a"):
        assert Page(client, link).status == 200
    assert not Page(client, "/article/mauerfall-1989").texts(".back")


def test_date_author_source_and_section_of_an_article_lead_to_all_articles_that_have_them(
    make_index: MakeIndex,
) -> None:
    said = {"source": "Der Bote", "section": "Lokales"}
    engine = make_index(
        [
            {"id": "1", "text": "Mauer", "authors": ["Erika Muster", 'Karl "Kalle" Kurz'], "date": "2005-08", **said},
            {"id": "2", "text": "Zaun", "authors": ["MUSTER, Erika"], "date": "2005-08-05", **said},
            {"id": "3", "text": "Zaun", "authors": ["Erika Kurz"]},
        ]
    )
    page = visit(engine, "/article/1?q=mauer")
    assert page.text(".dateline") == 'August 2005 · Der Bote · von Erika Muster, Karl "Kalle" Kurz'
    assert page.links(".section a, .dateline a") == [
        "/?section=Lokales",
        "/?from=2005-08&to=2005-08",
        "/?source=Der+Bote",
        "/?q=autor%3A%22Erika+Muster%22",
        "/?q=autor%3A%22Karl+Kalle+Kurz%22",
    ]
    totals = [Page(page.client, link).total for link in page.links(".section a, .dateline a")]
    assert totals == [2, 2, 2, 2, 1]
    assert not visit(engine, "/article/3").texts(".section")
    assert not visit(engine, "/article/3").links(".dateline a")[:-1], "no date, no link to it"


def test_an_author_of_a_hit_narrows_the_search_to_what_they_wrote(make_index: MakeIndex) -> None:
    articles = [{"id": f"{at}", "text": "Mauer Tor", "authors": ["Erika Muster", "dpa"][at:]} for at in range(3)]
    engine = make_index([*articles, {"id": "x", "text": "Tor", "authors": ["Erika Muster"]}])
    page = visit(engine, "/?q=Mauer+ODER+Zaun&sort=oldest&page=1")
    assert page.texts(".hit .dateline") == [
        "ohne Datum · von Erika Muster, dpa",
        "ohne Datum · von dpa",
        "ohne Datum",
    ]
    first, second, _ = page.links(".dateline a")
    assert dict(parse_qsl(first[2:])) == {"q": '(Mauer ODER Zaun) autor:"Erika Muster"', "sort": "oldest"}
    narrowed = Page(page.client, first)
    assert (narrowed.total, Page(page.client, second).total) == (1, 2)
    assert narrowed.links(".dateline a")[0] == first, "once is enough"
    assert narrowed.texts(".chips a") == ["Entfernen: Autor: Erika Muster ×"]
    assert visit(engine, "/?q=&sort=oldest").links(".dateline a")[1] == "/?q=autor%3Adpa&sort=oldest"


def test_whatever_an_article_says_is_text(make_index: MakeIndex) -> None:
    engine = make_index([ODD])
    for address in ("/?q=", "/article/" + quote(ODD["id"], safe="/")):
        page = visit(engine, address)
        assert page.status == 200
        assert "<script>alert" not in page.response.text
        assert "<b>" not in page.response.text
        assert "<img" not in page.response.text
        assert "<Autor>" not in page.response.text
        assert "javascript:" not in page.response.text
    assert page.texts(".text p")[1:] == ["Erster Absatz über <b>Karl Marx</b>.", "Zweiter Absatz, umbrochen."]
    assert "August 2005" in page.text(".dateline")


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("typed", ["<b>xyzzy</b>", "xyzzy&lt;%s", "100%xyzzy%%"])
def test_whatever_a_reader_types_is_text(client: FlaskClient, language: str, typed: str) -> None:
    client.set_cookie("lang", language)
    (unknown,) = [text for text in Page(client, f"/?q={quote(typed)}").texts(".nothing p") if "xyzzy" in text]
    assert typed in unknown


@pytest.mark.parametrize("article_id", [ODD["id"], "a/b/c", "/leading", "trailing/", "a//b", "ü ö", "100%", "a?b", "+"])
def test_every_id_has_an_address(make_index: MakeIndex, article_id: str) -> None:
    engine = make_index([{"id": article_id, "text": "Hallo Welt", "title": "Da"}])
    client = create_app(engine).test_client()
    assert Page(client, Page(client, "/?q=welt").links(".hit h2 a")[0]).text("h1") == "Da"


def test_paragraphs_and_names_add_up_to_the_text(seeds: Engine) -> None:
    for document in seeds.documents():
        marks = spans(document.article.full_text, seeds.wanted(parse("der in Berlin").tree))
        _, _, paragraphs = reading.parts(document, marks)
        shown = "".join(run.text for paragraph in paragraphs for piece in paragraph for run in piece.runs)
        assert "".join(shown.split()) == "".join(document.article.text.split())


def test_an_article_leads_to_similar_ones(client: FlaskClient, seeds: Engine) -> None:
    page = Page(client, "/article/mauerfall-1989?q=mauer")
    similar = seeds.similar("mauerfall-1989", 5)
    assert page.texts(".similar a") == [hit.title for hit in similar]
    assert all(link.endswith("?q=mauer") for link in page.links(".similar a"))
    assert Page(client, page.links(".similar a")[0]).text("h1") == similar[0].title


def test_what_was_searched_for_is_marked_in_the_article(client: FlaskClient, make_index: MakeIndex) -> None:
    page = Page(client, "/article/mauerfall-1989?q=mauer+Schabowski")
    marked = set(page.texts("article mark"))
    assert {"Mauer", "Schabowski"} <= marked
    assert "Schabowski" in "".join(page.texts(".text a.person mark"))
    assert page.text("h1 mark") == "Mauer"
    assert not Page(client, "/article/mauerfall-1989").texts("mark")
    chosen = Page(client, "/article/mauerfall-1989?place=Berlin&not_place=Leipzig")
    assert set(chosen.texts("article mark")) == set(chosen.texts(".text a.place mark")) == {"Berlin"}
    asked = Page(client, "/article/mauerfall-1989?q=person%3Aschabowski+ort%3A%22Berlin%22")
    chosen = Page(client, "/article/mauerfall-1989?person=G%C3%BCnter+Schabowski&place=Berlin")
    assert asked.texts(".text mark") == chosen.texts(".text mark") != []
    both = Page(client, "/article/mauerfall-1989?q=Schabowski+Berlin&person=G%C3%BCnter+Schabowski&place=Berlin")
    assert set(both.texts("article mark")) >= {"Berlin", "Günter Schabowski"}
    marks = select(page.tree, "article mark")
    assert [mark.get("id") for mark in marks].count("found") == 1
    assert [mark for mark in marks if mark.get("id")] == select(page.tree, ".text mark")[:1], "none of the title"
    places = len(page.texts(".text mark"))
    assert f"{places} Fundstellen ↓" in page.texts(".back a")
    only_title = visit(make_index([{"id": "x", "title": "Flut", "text": "Ruhe."}]), "/article/x?q=Flut")
    assert only_title.texts("h1 mark") == ["Flut"]
    assert only_title.texts(".back a") == ["Zurück zu den Treffern"]
    odd = make_index([ODD])
    page = visit(odd, "/article/" + quote(ODD["id"], safe="/") + "?q=script+umbr*")
    assert page.texts("article mark") == ["script", "script", "umbrochen"]
    assert page.text("h1") == ODD["title"]


def test_neighbours_lead_through_all_hits(client: FlaskClient) -> None:
    address = Page(client, "/?q=mauer&size=3&sort=oldest").links(".hit h2 a")[0]
    total, seen = Page(client, "/?q=mauer").total, []
    while address:
        page = Page(client, address)
        seen.append(page.text("h1"))
        assert f"{len(seen)} von {total}" in page.text(".among")
        address = next(iter(page.links("a[rel=next]")), "")
    assert len(seen) == total
    assert Page(client, page.links("a[rel=prev]")[0]).text("h1") == seen[-2]
    assert not Page(client, "/article/mauerfall-1989?q=xyzzy").texts(".among")


def test_an_article_does_not_cost_the_reasons_of_the_hits_beside_it(
    seeds: Engine, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Request] = []
    search = seeds.search
    monkeypatch.setattr(seeds, "search", lambda request: [asked.append(request), search(request)][1])
    assert Page(client, "/article/mauerfall-1989?q=mauer&explain=1").texts(".among")
    assert [(one.snippets, one.explain, one.suggest, one.facets) for one in asked] == [(False, False, False, ())]
    asked.clear()
    Page(client, "/?q=mauer&map=1&chart=share&explain=1")
    assert [one.facets for one in asked if one.snippets or one.explain or one.suggest] == [FACETS]
    assert [one.facets for one in asked[1:3]] == [("place",), ("date",)]


READ_ON = date(2024, 3, 1)


def test_citations_and_json_ld(make_index: MakeIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.views.today", lambda: READ_ON)
    page = visit(make_index([ODD | {"title": "50 % von {A} & B_c", "url": "https://example.org/x"}]), "/?q=")
    page = Page(page.client, page.links(".hit h2 a")[0])
    plain, bibtex, ris = (element.text_content() for element in select(page.tree, ".cite code"))
    cited = "A. Autor; B. <Autor>: „50 % von {A} & B_c“. <i>Quelle</i>, August 2005. https://example.org/x"
    assert plain == f"{cited} (abgerufen am 1. März 2024)"
    assert "urldate = {2024-03-01}" in bibtex
    assert "Y2  - 2024/03/01/" in ris
    assert bibtex.startswith("@article{autor200550,")
    assert r"title = {{50 \% von \{A\} \& B\_c}}" in bibtex
    assert "month = {8}" in bibtex
    assert "PY  - 2005\nDA  - 2005/08//" in ris
    data = json.loads(page.tree.xpath("string(//script[@type='application/ld+json'])"))
    assert (data["@type"], data["datePublished"]) == ("NewsArticle", "2005-08")
    assert [author["name"] for author in data["author"]] == ODD["authors"]


@pytest.mark.parametrize(
    ("title", "german", "english"),
    [
        ("Der Turm steht", "„Der Turm steht“. Mai 2005.", "“Der Turm steht.” May 2005."),
        ("Wer zahlt für Karl VI.", "„Wer zahlt für Karl VI.“. Mai 2005.", "“Wer zahlt für Karl VI.” May 2005."),
        ("Wer „zahlt“?", "„Wer ‚zahlt‘?“. Mai 2005.", "“Wer ‚zahlt‘?” May 2005."),
    ],
)
def test_a_citation_has_the_marks_of_its_language(
    make_index: MakeIndex, monkeypatch: pytest.MonkeyPatch, title: str, german: str, english: str
) -> None:
    monkeypatch.setattr("web.views.today", lambda: READ_ON)
    engine = make_index([{"id": "a", "text": "x", "title": title, "date": "2005-05"}])
    both = (german, "de", "abgerufen am 1. März 2024"), (english, "en", "accessed March 1, 2024")
    for cited, language, accessed in both:
        page = visit(engine, "/article/a", **{"Accept-Language": language})
        assert page.texts(".cite code")[0] == f"{cited} http://localhost/article/a ({accessed})"


def test_an_unknown_article_is_not_found(client: FlaskClient) -> None:
    page = Page(client, "/article/nix?q=mauer")
    assert page.status == 404
    assert page.text("h1") == "Nicht gefunden"
    assert select(page.tree, "#q")[0].get("value") == "mauer"


# --- to take away ---


def rows_of(table: TestResponse, separator: str = ";") -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(table.data.decode("utf-8-sig")), delimiter=separator))


def test_a_search_as_a_table(client: FlaskClient, seeds: Engine, make_index: MakeIndex) -> None:
    response = client.get("/export.csv?sort=oldest&size=2&page=3")
    rows = rows_of(response)
    assert len({row["id"] for row in rows}) == len(rows) == seeds.stats().articles
    assert rows[0]["date"] == seeds.stats().first
    assert "attachment" in response.headers["Content-Disposition"]
    odd = make_index([{"id": "1", "title": '=HYPERLINK("x")', "text": "x"}])
    assert "'=HYPERLINK" in create_app(odd).test_client().get("/export.csv?q=").text


def test_a_table_has_sections_and_authors(make_index: MakeIndex) -> None:
    engine = make_index([{"id": "1", "text": "x", "section": "Politik", "authors": ["Anna Meier", "Bert Kurz"]}])
    (row,) = rows_of(create_app(engine).test_client().get("/export.csv?q="))
    assert (row["section"], row["authors"]) == ("Politik", "Anna Meier; Bert Kurz")


def test_a_table_has_the_separator_that_spreadsheets_of_its_readers_language_expect(client: FlaskClient) -> None:
    german = rows_of(client.get("/export.csv?q=mauer", headers={"Accept-Language": "de-AT"}))
    english = rows_of(client.get("/export.csv?q=mauer", headers={"Accept-Language": "en"}), ",")
    assert german == english
    assert german[0]["persons"].count("; ") > 1


def test_a_search_as_articles(client: FlaskClient, seeds: Engine) -> None:
    lines = client.get("/export.jsonl?q=mauer").text.splitlines()
    assert len(lines) == seeds.search(Request(parse("mauer").tree)).total
    article = json.loads(lines[0])
    assert article["text"] == seeds.get(article["id"]).article.text
    assert client.get("/export.jsonl?q=xyzzy").text == ""


def test_a_search_as_a_feed(client: FlaskClient) -> None:
    response = client.get("/feed.atom?q=mauer&sort=oldest")
    assert response.mimetype == "application/atom+xml"
    feed = etree.fromstring(response.data)
    names = {"a": "http://www.w3.org/2005/Atom", "dc": "http://purl.org/dc/elements/1.1/"}
    dates = feed.xpath("a:entry/dc:date/text()", namespaces=names)
    assert dates == sorted(dates, reverse=True)
    assert feed.xpath("string(a:updated)", namespaces=names) == f"{dates[0]}T00:00:00Z"
    for link in feed.xpath("a:entry/a:link/@href", namespaces=names):
        assert client.get(link).status_code == 200


def test_a_feed_says_its_own_address_as_it_was_asked_for(client: FlaskClient) -> None:
    address = "/feed.atom?" + urlencode({"q": '"Müller" 50 %'})
    feed = etree.fromstring(client.get(address).data)
    (own,) = feed.xpath("*[local-name()='link'][@rel='self']/@href")
    assert own.isascii()
    assert pairs(own) == pairs(address)


def test_a_feed_is_xml_whatever_an_article_says(make_index: MakeIndex) -> None:
    odd = make_index([ODD | {"title": "null \x00 glocke \x07 <&>"}])
    feed = etree.fromstring(create_app(odd).test_client().get("/feed.atom?q=").data)
    assert "<&>" in feed.xpath("string(//*[local-name()='entry']/*[local-name()='title'])")


@pytest.mark.parametrize("path", ["/feed.atom", "/export.csv", "/export.jsonl"])
def test_a_wrong_value_is_explained_before_anything_is_sent(client: FlaskClient, path: str) -> None:
    page = Page(client, f"{path}?from=gestern")
    assert page.status == 400
    assert "gestern" in page.text(".problem p")


def test_browsers_can_add_this_search(client: FlaskClient) -> None:
    description = etree.fromstring(client.get("/opensearch.xml").data)
    places = {"o": "http://a9.com/-/spec/opensearch/1.1/"}
    templates = {url.get("type"): url.get("template") for url in description.findall("o:Url", places)}
    assert client.get(templates["text/html"].replace("{searchTerms}", "mauer")).status_code == 200
    image = description.find("o:Image", places)
    with client.get(image.text) as drawn:
        assert drawn.mimetype == image.get("type")
    answer = client.get(templates["application/x-suggestions+json"].replace("{searchTerms}", "kanzler+willy+bra"))
    assert answer.mimetype == "application/x-suggestions+json"
    typed, found = answer.get_json(force=True)
    assert typed == "kanzler willy bra"
    assert found[0] == "kanzler Willy Brandt"
    assert all(each.startswith("kanzler ") for each in found)
    assert client.get("/suggestions?q=merk").get_json(force=True)[1][0] == "Angela Merkel"
    assert client.get("/suggestions").get_json(force=True) == ["", []]


def test_below_a_path_of_a_site_every_address_leads_below_it(client: FlaskClient) -> None:
    site, path = "http://zeitung.example", "/archiv%C3%A4le"
    kinds = set[tuple[str, ...]]()
    waiting = ["/", "/?q=Mauer&map=1", "/article/nichts", "/?q=Mauer&lang=de", "/?year=1989"]
    while waiting:
        address = waiting.pop(0)
        # one of each kind: the address without its values and names
        kind = (address.split("/")[1].split("?")[0], *(name for name, _ in parse_qsl(address.partition("?")[2])))
        if kind in kinds or len(kinds) > 120:
            continue
        kinds.add(kind)
        answer = client.get(address, base_url=site + path)
        # of a facet's values the page names the address, to which its script adds whose
        expected = {404} if "nichts" in address else {400} if address.startswith("/api/values") else {200, 303}
        assert answer.status_code in expected, address
        written = answer.get_data(as_text=True) if "xml" in answer.mimetype or "html" in answer.mimetype else ""
        answer.close()
        assert set(re.findall(f'{site}(/[^/?"<]*)', written)) <= {path}, address
        ours = [answer.location] if answer.location else []
        if answer.mimetype == "text/html" and not answer.location:
            ours = [value for value in html.fromstring(written).xpath("//@*") if value.startswith("/")]
            assert ours
        assert [value for value in ours if not value.startswith(f"{path}/")] == [], address
        waiting += [value.removeprefix(path) for value in ours]
    description = client.get("/api/openapi.json", base_url=site + path).get_json()
    assert description["servers"] == [{"url": path}]
    pages = {kind[0] for kind in kinds}
    assert pages >= {"", "article", "person", "place", "api", "static", "feed.atom", "export.csv", "opensearch.xml"}

"""The pages of persons and places."""

from __future__ import annotations

from urllib.parse import quote, urlencode

import pytest
from conftest import MakeIndex
from flask.testing import FlaskClient
from lxml import etree
from test_web import Page, select, visit

from search import Engine
from web import create_app, portrait


def test_the_page_of_a_person(client: FlaskClient, seeds: Engine) -> None:
    page = Page(client, "/person/Willy%20Brandt")
    assert page.text("h1") == "Willy Brandt"
    articles = Page(client, page.links(".who .all a")[0])
    assert page.text(".all a") == f"{articles.total} Artikel"
    assert Page(client, page.links(".who .all a")[1]).texts(".map .sheet")
    assert len(page.texts(".hit")) == min(articles.total, 10)
    assert "Willy Brandt" not in page.texts(".named a")
    company = seeds.related("person", "Willy Brandt", 100)
    together = [other for facet in ("person", "place") for other in company[facet]]
    assert page.texts(".named a") == [other.value for other in together if other.count > 1 and other.score > 10.8]
    assert {other.count for other in together} >= {1, 2}
    for link, count in zip(page.links(".named a"), page.texts(".named .count"), strict=True):
        assert Page(client, link).total == int(count), "the articles that name both, as the number says"
    for link in page.links(".names a")[:4]:
        assert Page(client, link).text("h1")
    bar = select(page.tree, ".bars a")[0]
    assert Page(client, bar.get("href")).total == int(select(bar, "title")[0].text.split()[-1])
    feed = client.get(page.links(".who .all a")[2])
    assert etree.fromstring(feed.data).xpath("count(//*[local-name()='entry'])") == articles.total


def test_the_page_of_a_place_says_how_it_is_written(make_index: MakeIndex) -> None:
    engine = make_index([{"id": "x", "text": "In Kiew beriet die Regierung. Aus Kiew kam am Abend eine Antwort."}])
    (place,) = engine.get("x").places
    page = visit(engine, f"/place/{quote(place)}")
    assert page.text(".forms") == "im Text auch Kiew"
    assert page.text(".section") == "Ort"


def says(role: str, date: str) -> dict[str, str]:
    return {
        "id": f"{role} {date}",
        "date": date,
        "text": f"Zuerst sprach {role} Petra Lang in Berlin. Danach ging sie.",
    }


def test_the_page_of_a_person_says_what_she_was_and_when(make_index: MakeIndex) -> None:
    minister = [says("Bundesministerin", f"{year}-03-01") for year in (2005, 2007, 2009)]
    chancellor = [says("Bundeskanzlerin", f"{year}-03-02") for year in (2010, 2013, 2015)]
    once = [says("Polizistin", "2001"), says("die frühere Bundesministerin", "2015-05-05")]
    lookback = [says("Bundesministerin", "2015-06-06")]
    page = visit(make_index([*minister, *chancellor, *once, *lookback]), "/person/Petra%20Lang")
    assert page.texts(".roles span") == ["Bundesministerin 2005–2009", "Bundeskanzlerin ab 2010"]
    links = page.links(".roles a")
    assert [Page(page.client, link).total for link in links] == [3, 3]


def test_a_role_keeps_what_it_means(make_index: MakeIndex) -> None:
    for said, shown in {
        "der mutmaßliche Mörder": [],
        "mit der früheren Ministerin": [],
        "die stellvertretende Ministerin": ["stellvertretende Ministerin ab 2005"],
        "die russische Ministerin": ["Ministerin ab 2005"],
        "die erste Gouverneurin des Bundesstaates": ["Gouverneurin des Bundesstaates ab 2005"],
    }.items():
        page = visit(make_index([says(said, "2005"), says(said, "2006")]), "/person/Petra%20Lang")
        assert page.texts(".roles span") == shown, said


def test_what_a_person_was_is_read_from_all_years(make_index: MakeIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(portrait, "MOST_READ", 6)
    late = [says("Bundeskanzlerin", f"2015-03-{day:02d}") for day in range(1, 20)]
    page = visit(
        make_index([*(says("Ministerin", f"2005-0{month}") for month in range(1, 5)), *late]), "/person/Petra%20Lang"
    )
    assert page.texts(".roles span") == ["Ministerin 2005", "Bundeskanzlerin 2015"]


def test_names_lead_to_their_page_and_from_there_to_the_search(client: FlaskClient) -> None:
    article = Page(client, "/article/mauerfall-1989")
    assert "/person/G%C3%BCnter%20Schabowski" in article.links(".named a") + article.links(".text a")
    results = Page(client, "/?q=mauer&place=Berlin")
    assert results.links(".about a") == ["/place/Berlin"]
    assert not Page(client, "/?q=mauer").texts(".about")
    # also where nobody of that name is among the hits, but not where there is no such page
    several = Page(client, "/?q=xyzzy&person=Niemand&person=Helmut+Kohl&place=Nirgendwo")
    assert several.links(".about a") == ["/person/Helmut%20Kohl"]
    assert not Page(client, "/?q=mauer&person=Niemand").texts(".about")


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("Adele Muster", ["Adele Muster"]),
        ("adele muster", ["Adele Muster"]),
        ("Wer war Adele Muster?", ["Adele Muster"]),
        ("bert von der au", ["Bert von der Au"]),
        ("Wer ist Bert von der Au", ["Bert von der Au"]),
        ("Muster, Adele", ["Adele Muster"]),
        ("Kanzlerin Dr. Adele Muster", ["Adele Muster"]),
        ("Kanzler muster", []),
        ("von der Au, Bert", ["Bert von der Au"]),
        ("Muster, Adele und", []),
        ("klein-stadt", ["Klein-Stadt"]),
        ("muster", []),
        ("Adele Muster kam", []),
        ("-Adele Muster", []),
        ("Adele ODER Muster", []),
        ("titel:Klein-Stadt", []),
        ('person:"Adele Muster" ort:Klein-Stadt Hallo', ["Adele Muster", "Klein-Stadt"]),
        ('-person:"Adele Muster"', []),
    ],
)
def test_a_query_that_is_a_name_leads_to_its_page(make_index: MakeIndex, query: str, names: list[str]) -> None:
    engine = make_index(
        [{"id": "x", "text": "Hallo", "persons": ["Adele Muster", "Bert von der Au"], "places": ["Klein-Stadt"]}]
    )
    assert visit(engine, f"/?{urlencode({'q': query})}").texts(".about a") == names


def test_a_surname_leads_to_the_page_of_whoever_it_means(make_index: MakeIndex) -> None:
    persons = [["Adele Muster"]] * 3 + [["Adele Muster", "Bert Muster"]] + [["Cora von der Au"], ["Cora von der Au"]]
    texts = [{"id": f"{at}", "text": f"Hallo {' '.join(names)}", "persons": names} for at, names in enumerate(persons)]
    engine = make_index([*texts, *({"id": f"x{at}", "text": "Ein Muster."} for at in range(3))])
    expected = {
        "muster": ["Adele Muster"],  # Bert is in fewer than a fourth of the hits
        "Wer ist Muster?": ["Adele Muster"],
        "bert muster": ["Bert Muster"],
        "person:muster": ["Adele Muster", "Bert Muster"],
        "von der Au": ["Cora von der Au"],
        "adele": [],
        "Muster Hallo": [],
        "-Muster": [],
        "uster": [],
    }
    for query, names in expected.items():
        assert visit(engine, f"/?{urlencode({'q': query})}").texts(".about a") == names, query


@pytest.mark.parametrize("name", ["a/b", "/", "?x", "100 %", "<b>", "ü"])
def test_every_name_has_an_address(make_index: MakeIndex, name: str) -> None:
    engine = make_index([{"id": "x", "text": "Hallo", "persons": [name]}])
    link = visit(engine, "/article/x").links(".named a")[0]
    assert visit(engine, link).text("h1") == name


def test_an_unknown_name_is_not_found(client: FlaskClient) -> None:
    page = Page(client, "/person/Niemand%20Sonst")
    assert page.status == 404
    assert "/?q=Niemand+Sonst" in page.links(".problem a")
    assert page.texts(".problem p")[0] == "Keine Person des Archivs heißt „Niemand Sonst“."
    assert Page(client, "/place/Nirgends").texts(".problem p")[0] == "Kein Ort des Archivs heißt „Nirgends“."
    part = Page(client, "/person/brandt")
    assert (part.status, part.texts(".problem p")[1]) == (404, "Meinten Sie Willy Brandt?")
    assert part.links(".problem p a")[0] == "/person/Willy%20Brandt"
    assert Page(client, "/place/").status == 404


def test_another_spelling_leads_to_the_page_of_the_entry(
    make_index: MakeIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    for pause in ("engine_whoosh.LOOK_EVERY", "engine_opensearch.LOOK_EVERY", "engine_opensearch.READING_SHARE"):
        monkeypatch.setattr(f"search.{pause}", 0.0)
    spellings = ["Wolodymyr Selenskyj", "Wolodymyr Selenskyj", "Volodymyr Zelensky", "Selenskij"]
    articles = [{"id": f"{at}", "text": "x", "persons": [name]} for at, name in enumerate(spellings)]
    engine = make_index([*articles, {"id": "p", "text": "x", "places": ["Kiew", "a/b?"]}])
    rules = "Selenskij = Wolodymyr Selenskyj\nKiew = Kyjiw\na/b? = //x\n"
    (engine.folder / "names.txt").write_text(rules, encoding="utf-8")
    client = create_app(engine).test_client()
    for address, entry in {
        "/person/Volodymyr%20Zelensky": "/person/Wolodymyr%20Selenskyj",
        "/person/Selenskij": "/person/Wolodymyr%20Selenskyj",
        "/place/Kiew": "/place/Kyjiw",
        "/place/a%2Fb%3F": "/place/%2F%2Fx",
    }.items():
        answer = client.get(address)
        assert (answer.status_code, answer.headers["Location"]) == (302, entry)
        assert "ETag" not in answer.headers
    page = Page(client, "/person/Wolodymyr%20Selenskyj")
    assert page.text(".all a") == "4 Artikel"
    assert not page.texts(".named a")
    page = Page(client, "/?place=Kiew&place=Kyjiw&place=Nirgends&map=1")
    assert page.links(".chips a")[:-1] == ["/?place=Nirgends&map=1", "/?place=Kyjiw&map=1"]
    assert page.links(".sheet a") == ["/?place=Nirgends&map=1"]
    assert page.links(".hit .place")[0] == "/?place=Kyjiw&place=Nirgends&map=1"


def test_a_name_without_company_stands_alone(make_index: MakeIndex) -> None:
    page = visit(
        make_index([{"id": "x", "text": "Hallo", "persons": ["Anna Amsel"], "places": []}]), "/person/Anna Amsel"
    )
    assert page.text("h1") == "Anna Amsel"
    assert not page.texts(".named")

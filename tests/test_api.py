"""The JSON interface, and that its description is true."""

from __future__ import annotations

import json
from urllib.parse import quote

import pytest
import schemathesis
from conftest import MakeIndex
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from search import Engine, IndexLocked, IndexNotFound, Request, parse
from web import create_app

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    unsupported_method,
]


OPERATIONS = ["GET /api/search", "GET /api/articles/{id}", "GET /api/complete", "GET /api/values", "GET /healthz"]


def answers_as_described(app: Flask, label: str, mode: GenerationMode, examples: int, *, the_same: bool) -> None:
    """Ask so many times what the description allows, or what it does not: each answer is one that it describes."""
    description = schemathesis.openapi.from_wsgi("/api/openapi.json", app)
    operations = {found.ok().label: found.ok() for found in description.get_all_operations()}
    assert list(operations) == OPERATIONS

    @settings(max_examples=examples, deadline=None, derandomize=the_same, suppress_health_check=list(HealthCheck))
    @given(case=operations[label].as_strategy(generation_mode=mode))
    def answers(case: schemathesis.Case) -> None:
        # its WSGI client does not unpack
        case.call_and_validate(checks=CHECKS, headers={"Accept-Encoding": "identity"})

    answers()


@pytest.mark.long
@pytest.mark.parametrize("label", OPERATIONS)
def test_every_answer_is_as_described(app: Flask, label: str) -> None:
    answers_as_described(app, label, GenerationMode.POSITIVE, 25, the_same=True)


@pytest.mark.slow
@pytest.mark.parametrize("mode", GenerationMode)
@pytest.mark.parametrize("label", OPERATIONS)
def test_thousands_of_answers_are_as_described(app: Flask, label: str, mode: GenerationMode) -> None:
    if mode == GenerationMode.NEGATIVE and label in ("GET /healthz", "GET /api/articles/{id}"):
        pytest.skip("nothing that it takes is wrong")
    answers_as_described(app, label, mode, 1000, the_same=False)


def test_the_description_is_part_of_the_interface(client: FlaskClient) -> None:
    answer = client.get("/api/openapi.json").json
    assert answer["openapi"].startswith("3.1")
    assert {rule.rule for rule in client.application.url_map.iter_rules() if rule.endpoint.startswith("api.")} == {
        path.replace("{id}", "<text:article_id>") for path in answer["paths"]
    }


def test_search_answers_as_programs_expect(client: FlaskClient, seeds: Engine) -> None:
    answer = client.get("/api/search?q=mauer&place=Bonn&place=Berlin&from=1960&to=1990-10&size=3&facet_size=4").json
    assert list(answer) == [
        "query",
        "total",
        "took_ms",
        "page",
        "size",
        "hits",
        "facets",
        "relaxed",
        "suggestion",
        "notes",
        "generation",
    ]
    chosen = {"place": ("Bonn", "Berlin")}
    request = Request(parse("mauer").tree, chosen, date_from="1960", date_to="1990-10", size=3, facet_size=4)
    results = seeds.search(request)
    assert (answer["query"], answer["total"], answer["size"]) == ("mauer", results.total, 3)
    assert [hit["id"] for hit in answer["hits"]] == [hit.id for hit in results.hits]
    assert set(answer["hits"][0]) == {
        "id",
        "title",
        "date",
        "url",
        "source",
        "authors",
        "score",
        "snippet",
        "language",
        "persons",
        "places",
        "same_as",
    }
    assert set(answer["facets"]["person"]) == {"values", "missing", "missing_selected", "other"}
    assert answer["facets"]["date"]["interval"] == "year"
    values = {value["value"]: value for value in answer["facets"]["place"]["values"]}
    assert values["Bonn"]["selected"]
    assert set(values["Bonn"]) == {"value", "count", "selected"}
    assert answer["took_ms"] > 0


def test_notes_say_what_was_not_understood(client: FlaskClient) -> None:
    notes = client.get('/api/search?q=mauer "offen').json["notes"]
    assert [(note["code"], note["position"], note["word"]) for note in notes] == [("unclosed_quote", 6, "offen")]
    assert "character 7" in notes[0]["message"]


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("from=gestern", "from"),
        ("to=2021-02-30", "to"),
        ("from=1990&to=1989", "to"),
        ("page=0", "page"),
        ("page=1000000000", "page"),
        ("date=1989&date=gestern", "date"),
        ("not_date=13", "not_date"),
        ("size=101", "size"),
        ("facet_size=1001", "facet_size"),
        ("sort=best", "sort"),
        ("missing=title", "missing"),
        ("&".join(f"place={number}" for number in range(51)), "place"),
        ("not_source=" + "a" * 301, "not_source"),
        ("date=1989&date=" + "9" * 301, "date"),
        ("q=" + "ä" * 400, "q"),
        ("q=mauer&" + "&".join(f"not_place={at}{'x' * 290}" for at in range(7)), "not_place"),
    ],
)
def test_a_wrong_value_is_a_problem_that_names_the_parameter(client: FlaskClient, query: str, parameter: str) -> None:
    response = client.get(f"/api/search?{query}")
    assert response.status_code == 400
    assert response.mimetype == "application/problem+json"
    problem = json.loads(response.data)
    assert {key: problem[key] for key in ("type", "title", "status", "instance", "parameter")} == {
        "type": "about:blank",
        "title": "Bad Request",
        "status": 400,
        "instance": "/api/search",
        "parameter": parameter,
    }
    assert parameter in problem["detail"]


def test_empty_and_unknown_parameters_are_as_if_not_given(client: FlaskClient) -> None:
    plain = client.get("/api/search?q=mauer").json
    padded = client.get("/api/search?q=mauer&from=&to=&person=&missing=&page=&sort=&utm_source=x").json
    assert padded | {"took_ms": 0} == plain | {"took_ms": 0}


def test_article_with_all_its_fields(client: FlaskClient, seeds: Engine) -> None:
    answer = client.get("/api/articles/mauerfall-1989").json
    document = seeds.get("mauerfall-1989")
    assert answer["text"] == document.article.text
    assert answer["persons"] == list(document.persons)
    text = document.article.full_text
    for mention, found in zip(answer["mentions"], document.mentions, strict=True):
        assert text[mention["start"] : mention["end"]] == text[found.start : found.end]
        assert mention["name"] in answer["persons"] + answer["places"]


def test_article_ids_may_hold_anything(make_index: MakeIndex) -> None:
    article_id = "https://example.org/ü?a=b#c"
    client = create_app(make_index([{"id": article_id, "text": "x", "note": ["kept"]}])).test_client()
    answer = client.get("/api/articles/" + quote(article_id, safe="/")).json
    assert answer["id"] == article_id
    assert answer["metadata"] == {"note": ["kept"]}


def test_completions_begin_as_typed(client: FlaskClient) -> None:
    found = client.get("/api/complete?prefix=bra&limit=5").json["completions"]
    assert ("person", "Willy Brandt") in {(each["kind"], each["value"]) for each in found}
    assert len(found) <= 5
    for nothing in ("", "©"):
        assert client.get("/api/complete", query_string={"prefix": nothing}).json == {"completions": []}
    assert client.get("/api/complete?prefix=a&limit=51").status_code == 400


def test_completions_begin_with_what_is_written_as_typed_and_keep_places_for_names(make_index: MakeIndex) -> None:
    words = "zur zurück zurecht zurzeit Zurschau Zuruf zurückgeben zurücktreten"
    articles = [{"id": f"{at}", "text": f"{words} {at}", "persons": []} for at in range(5)]
    articles += [{"id": "z", "text": "Er kam aus Zürich und sah New York.", "persons": ["Zuzana Zurkova"]}]
    articles += [{"id": "n", "text": "Ein neuer Yogi. Er ist neu.", "persons": ["Yolanda Neu"]}]
    client = create_app(make_index(articles)).test_client()

    def found(prefix: str, limit: int = 5) -> list[tuple[str, str]]:
        answer = client.get("/api/complete", query_string={"prefix": prefix, "limit": limit})
        return [(each["kind"], each["value"]) for each in answer.json["completions"]]

    assert ("place", "Zürich") in found("zür")[:2]
    assert {kind for kind, _ in found("zür")[2:]} > {"word"}
    assert ("place", "Zürich") in found("zur")
    assert ("person", "Zuzana Zurkova") in found("zur")
    assert len(found("zur")) == 5
    assert found("zur", 1)[0][0] != "word"
    assert found("New Yo")[0] == found("ich sah New Yo")[0] == ("place", "New York")
    assert ("person", "Yolanda Neu") in found("xyzzy yola")


def test_words_that_say_nothing_of_a_subject_are_completed_in_a_phrase_alone(make_index: MakeIndex) -> None:
    articles = [{"id": f"{at}", "text": "Sie hat und hatte, was alle haben wollen.", "persons": []} for at in range(5)]
    client = create_app(make_index([*articles, {"id": "x", "text": "Im Hafen."}])).test_client()

    def found(prefix: str) -> list[str]:
        return [
            each["value"] for each in client.get("/api/complete", query_string={"prefix": prefix}).json["completions"]
        ]

    assert found("Hamburger Ha") == ["Hafen"]
    assert found('"und ha') == ["haben", "hat", "hatte", "hafen"]


def test_completions_fit_what_stands_before_them(make_index: MakeIndex) -> None:
    text = "Das Erdbeben in Haiti, sagte George W. Bush. Waren fehlen der EU-Kommission."
    quake = {"text": text, "places": ["Haiti"]}
    articles = [{"id": "quake", "persons": ["George W. Bush"], **quake}]
    other = {"text": "Sie waren in Hainan.", "persons": ["Nie Haisheng", "George D. Warrington"], "places": ["Hainan"]}
    articles += [{"id": f"{at}", **other} for at in range(3)]
    client = create_app(make_index(articles)).test_client()

    def found(prefix: str) -> list[tuple[str, int, str]]:
        answer = client.get("/api/complete", query_string={"prefix": prefix, "limit": 6})
        return [(each["value"], each["count"], each["query"]) for each in answer.json["completions"]]

    assert found("Erdbeben Hai")[0] == ("Haiti", 1, "Erdbeben Haiti"), "and not the three articles of Hainan"
    assert [value for value, *_ in found("Erdbeben hai")] == ["Haiti", "hainan", "haiti"]
    assert "Hainan" in [value for value, *_ in found("Hai")]
    assert ("George D. Warrington", 3, "George D. Warrington") in found("George W")
    assert ("Waren", 4, "Waren") in found("Ware")
    assert ("waren", 4, "waren") in found("ware")
    assert ("WAREN", 4, "WAREN") in found("WARE")
    assert ("EU-Kommission", 1, "EU-Kommission") in found("EU-Ko")
    assert ("EU-Kommission", 1, "EU-Kommission") in found("EU")
    assert ("Haiti", 1, "Erdbeben xyzzyq Haiti") in found("Erdbeben xyzzyq Hai"), "words that no article has together"
    assert not found("perſon:Hai"), "no field, though ſ is a small s"


def test_many_words_do_not_keep_names_from_their_places(make_index: MakeIndex) -> None:
    words = [f"Ber{letter}{other}" for letter in "abcdefghijklmnop" for other in "aeioukl"]
    articles = [{"id": f"{at}", "text": " ".join(words), "persons": [], "places": []} for at in range(3)]
    articles += [{"id": "n", "text": "Papst", "persons": ["Berta Bergmann"], "places": ["Bernau"]}]
    client = create_app(make_index(articles)).test_client()
    for prefix, kind, value in (("person:ber", "person", "Berta Bergmann"), ("ort: ber", "place", "Bernau")):
        found = client.get("/api/complete", query_string={"prefix": prefix, "limit": 2}).json["completions"]
        assert [(each["kind"], each["value"]) for each in found] == [(kind, value)]
        assert client.get("/api/search", query_string={"q": found[0]["query"]}).json["total"] == 1
    for prefix in ("ber", "Papst ber"):
        found = client.get("/api/complete", query_string={"prefix": prefix, "limit": 4}).json["completions"]
        assert {"Berta Bergmann", "Bernau"} <= {each["value"] for each in found}
        assert len(found) == 4


FIELDS_COMPLETED = [
    ("quelle:nord", [("source", "Nordblatt", 3, "quelle:Nordblatt"), ("source", "Nordbote", 1, "quelle:Nordbote")]),
    ("Tor source:nordbl", [("source", "Nordblatt", 3, "Tor source:Nordblatt")]),
    ("autor:muell", [("author", "Erika Müller", 2, 'autor:"Erika Müller"')]),
    ("Tor -autor:erika mu", [("author", "Erika Müller", 2, 'Tor -autor:"Erika Müller"')]),
    ('autor:"erika', [("author", "Erika Müller", 2, 'autor:"Erika Müller"')]),
    ("ressort:lo", [("section", "Lokales", 1, "ressort:Lokales")]),
    ("autor:nord", [("author", "Bert Nordwind", 1, 'autor:"Bert Nordwind"')]),
    ("nord", [("word", "nordwind", 4, "nordwind")]),
]


@pytest.mark.parametrize(("typed", "expected"), FIELDS_COMPLETED)
def test_behind_a_field_its_values_are_completed_and_nowhere_else(
    make_index: MakeIndex, typed: str, expected: list[tuple[str, str, int, str]]
) -> None:
    articles = [{"id": f"{at}", "text": "Ein Tor im nordwind.", "source": "Nordblatt"} for at in range(3)]
    articles[0] |= {"authors": ["Erika Müller", "Bert Nordwind"], "section": "Lokales"}
    articles.append({"id": "x", "text": "Ein Nordwind.", "source": "Nordbote", "authors": ["Erika Müller"]})
    client = create_app(make_index(articles)).test_client()
    found = client.get("/api/complete", query_string={"prefix": typed}).json["completions"]
    assert [(each["kind"], each["value"], each["count"], each["query"]) for each in found] == expected
    for each in found:
        assert (each["filter"], each["rest"]) == ("", "")
        if " " not in typed:
            assert client.get("/api/search", query_string={"q": each["query"]}).json["total"] == each["count"]


def test_values_of_a_facet_are_found_by_what_is_typed(make_index: MakeIndex) -> None:
    names = ["Gerhard Schröder", "Atze Schroeder", "Angela Merkel"]
    articles = [{"id": name, "text": "Mauer", "persons": [name, "Angela Merkel"]} for name in names]
    articles += [{"id": f"{at}", "text": "Mauer", "source": f"Blatt {at}"} for at in range(1100)]
    articles += [{"id": "other", "text": "Zaun", "persons": ["Gerhard Schröder"]}]
    client = create_app(make_index(articles)).test_client()

    def found(query: str, facet: str = "person") -> list[tuple[str, int, bool]]:
        values = client.get(f"/api/values?facet={facet}&{query}").json["values"]
        return [(each["value"], each["count"], each["selected"]) for each in values]

    assert found("text=SCHROED") == [("Gerhard Schröder", 2, False), ("Atze Schroeder", 1, False)]
    assert found("text=schröder&q=mauer&person=Atze+Schroeder") == [
        ("Gerhard Schröder", 1, False),
        ("Atze Schroeder", 1, True),
    ]
    assert found("text=blatt+1099&q=mauer", "source") == [("Blatt 1099", 1, False)]
    assert found("text=blatt+1099&q=zaun", "source") == found("text=") == found("text=xyzzy") == []
    assert len(found("text=blatt", "source")) == 50
    for wrong in ("facet=date&text=1", "text=a", "facet=person&text=a&from=gestern"):
        assert client.get(f"/api/values?{wrong}").status_code == 400


def test_values_of_a_facet_are_found_by_a_slip_where_none_has_what_is_typed(make_index: MakeIndex) -> None:
    names = ["Adele Muster", "Adele Muster", "Bea Must", "Cem Öztürk"]
    places = ["Bad Musterstadt", "Musterstadt", "Ort", "Ort"]
    persons = [{"id": f"{at}", "text": "x", "persons": [name]} for at, name in enumerate(names)]
    engine = make_index([one | {"places": [place]} for one, place in zip(persons, places, strict=True)])
    client = create_app(engine).test_client()

    def values(facet: str, text: str, query: str = "") -> list[str]:
        found = client.get(f"/api/values?facet={facet}&text={quote(text)}&q={quote(query)}").json["values"]
        return [each["value"] for each in found]

    assert values("person", "muster") == ["Adele Muster"]
    assert values("person", "mustr") == ["Adele Muster"], "more articles have it than Must"
    assert values("person", "Mustr Adlee") == ["Adele Muster"]
    assert values("person", "oztrük") == ["Cem Öztürk"]
    assert values("person", "xyzzy mustr") == []
    assert values("person", "mustr", "nirgends") == []
    assert values("place", "musterstatd") == ["Bad Musterstadt", "Musterstadt"]
    for odd in ('"', "(", "-", "a:b", "ODER", "mustr -x"):
        assert values("person", odd) == [], odd


def test_an_unchanged_answer_is_not_sent_again(client: FlaskClient) -> None:
    tag = client.get("/api/search?q=mauer").headers["ETag"]
    assert client.get("/api/search?q=mauer", headers={"If-None-Match": tag}).status_code == 304


def test_health(client: FlaskClient, seeds: Engine) -> None:
    response = client.get("/healthz")
    stats = seeds.stats()
    assert response.json == {"status": "ok", "generation": stats.generation, "articles": stats.articles}
    assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("error", [IndexNotFound("there is no index in x"), IndexLocked("being written")])
def test_an_unreadable_archive_is_a_problem_of_the_server(error: Exception) -> None:
    class Unreadable:
        def stats(self, *_: object) -> None:
            raise error

        search = get = complete = stats

    client = create_app(Unreadable()).test_client()
    for path in ("/api/search", "/api/articles/x", "/api/complete?prefix=a", "/healthz"):
        response = client.get(path)
        assert (response.status_code, response.mimetype) == (503, "application/problem+json")
        assert json.loads(response.data)["detail"] == "the archive cannot be read at the moment"


def test_other_methods_and_paths_are_problems(client: FlaskClient) -> None:
    response = client.post("/api/search")
    assert (response.status_code, response.mimetype) == (405, "application/problem+json")
    assert response.headers["Allow"] == "GET, HEAD"
    assert client.get("/api/nix").mimetype == "application/problem+json"
    assert client.head("/api/search?q=mauer").status_code == 200


COMPLETED = [
    ("wahl -merk", "word merkel", "wahl -merkel", "", ""),
    ("wahl -merk", "person Angela Merkel", 'wahl -"Angela Merkel"', "not_person", "wahl"),
    ("wahl -angela mer", "person Angela Merkel", 'wahl -"Angela Merkel"', "not_person", "wahl"),
    ("wahl NICHT merk", "person Angela Merkel", 'wahl NICHT "Angela Merkel"', "not_person", "wahl"),
    ("-berl", "place Berlin", "-Berlin", "not_place", ""),
    ("--berl", "place Berlin", "--Berlin", "place", ""),
    ("=merk", "word merkel", "=merkel", "", ""),
    ("=berl", "place Berlin", "=Berlin", "", ""),
    ("=merk", "person Angela Merkel", None, "", ""),
    ("+merk", "word merkel", "+merkel", "", ""),
    ("titel:merk", "word merkel", "titel:merkel", "", ""),
    ("Titel:merk", "person Angela Merkel", None, "", ""),
    ("titel:berl", "place Berlin", None, "", ""),
    ('titel:"angela mer', "word merkel", 'titel:"angela merkel', "", ""),
    ('titel:"angela mer', "person Angela Merkel", None, "", ""),
    ("person:merk", "word merkel", None, "", ""),
    ("person:merk", "person Angela Merkel", 'person:"Angela Merkel"', "", ""),
    ("person:merkel berl", "place Berlin", "person:merkel Berlin", "", ""),
    ("person:merkel berl", "word berlin", "person:merkel berlin", "", ""),
    ('ort:"berl', "word berlin", None, "", ""),
    ("ort:merk", "person Angela Merkel", None, "", ""),
    ("person:angela mer", "person Angela Merkel", 'person:"Angela Merkel"', "", ""),
    ('person:"angela mer', "person Angela Merkel", 'person:"Angela Merkel"', "", ""),
    ("person:berl", "place Berlin", None, "", ""),
    ('person:"berl', "place Berlin", None, "", ""),
    ("wahl -ort:berl", "place Berlin", "wahl -ort:Berlin", "", ""),
    ('wahl "angela mer', "word merkel", 'wahl "angela merkel', "", ""),
    ("wahl „kanzlerin angela mer", "person Angela Merkel", "wahl „kanzlerin Angela Merkel“", "", ""),
    ("(wahl ODER merk", "person Angela Merkel", '(wahl ODER "Angela Merkel"', "", ""),
    ("(merk", "word merkel", "(merkel", "", ""),
    ("wahl ODER merk", "person Angela Merkel", 'wahl ODER "Angela Merkel"', "", ""),
    ("wahl UND merk", "person Angela Merkel", 'wahl UND "Angela Merkel"', "", ""),
    ("titel:wahl merk", "person Angela Merkel", 'titel:wahl "Angela Merkel"', "", ""),
    ('"deutsche bahn" merk', "word merkel", '"deutsche bahn" merkel', "", ""),
    ("wahl kanzler angela mer", "person Angela Merkel", "wahl kanzler Angela Merkel", "person", "wahl kanzler"),
    ("merk", "person Angela Merkel", "Angela Merkel", "person", ""),
    ("datum:19", "word 1989", None, "", ""),
]


@pytest.mark.parametrize(("typed", "chosen", "query", "filter", "rest"), COMPLETED)
def test_a_completion_keeps_what_stands_before_it(
    client: FlaskClient, typed: str, chosen: str, query: str | None, filter: str, rest: str
) -> None:
    answer = client.get("/api/complete", query_string={"prefix": typed, "limit": 50}).json["completions"]
    found = {f"{each['kind']} {each['value']}": each for each in answer}
    assert (chosen in found) == (query is not None)
    if query is not None:
        assert [found[chosen][name] for name in ("query", "filter", "rest")] == [query, filter, rest]
        assert query in client.get("/suggestions", query_string={"q": typed}).get_json(force=True)[1]

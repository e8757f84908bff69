"""The conformance suite of the engines: searches as data, and laws that hold for any articles and any search."""

from __future__ import annotations

import json
import math
import re
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import astuple, replace
from itertools import product
from pathlib import Path
from random import Random
from typing import Any

import pytest
from conftest import ENGINES, MakeIndex, NewLocation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search import (
    Article,
    ArticleNotFound,
    Document,
    Engine,
    FacetResult,
    Request,
    RequestError,
    Results,
    asked_names,
    open_index,
    parse,
    spans,
)
from search.indexing import check, update

CASES = Path(__file__).parent / "cases"
VALUES = ("person", "place", "source", "section")
FACETS = (*VALUES, "date")
SHARE = 4 if "opensearch" in ENGINES else 1
"""Of the examples of a law on three nodes, where most are an index of their own, one of so many is tried."""
SUITES = sorted(path.parent for path in CASES.glob("*/searches.jsonl"))


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def request_of(search: dict[str, Any]) -> Request:
    return Request(
        query=parse(search["q"]).tree,
        chosen={name: tuple(search.get(name, ())) for name in FACETS},
        excluded={name: tuple(search.get(f"not_{name}", ())) for name in FACETS},
        date_from=search.get("from", ""),
        date_to=search.get("to", ""),
        missing=frozenset(search.get("missing", ())),
        sort=search.get("sort", "relevance"),
        page=search.get("page", 1),
        size=search.get("size", 100),
        facet_size=search.get("facet_size", 20),
        interval=search.get("interval", "year"),
    )


def found_ids(results: Results) -> list[str]:
    return [hit.id for hit in results.hits]


@pytest.mark.parametrize("suite", SUITES, ids=lambda suite: suite.name)
def test_searches_find_what_they_should(suite: Path, make_index: MakeIndex) -> None:
    engine = make_index(lines(suite / "articles.jsonl"))
    for search in lines(suite / "searches.jsonl"):
        results = engine.search(request_of(search))
        if "ids" in search and not search.get("any_order"):
            assert found_ids(results) == search["ids"], search
        else:
            assert sorted(found_ids(results)) == sorted(search.get("ids") or search["set"]), search
        assert results.total == search.get("total", len(results.hits)), search
        for name, (values, missing, other) in search.get("facets", {}).items():
            facet = results.facets[name]
            assert [[value.value, value.count] for value in facet.values] == values, (search, name)
            assert (facet.missing, facet.other) == (missing, other), (search, name)


def test_what_comes_first_counts_more(make_index: MakeIndex) -> None:
    """Title before lead before text, and without a lead the first of several paragraphs is one."""
    rest = "Der Rest des Artikels ist immer derselbe."
    articles = [
        {"id": "a", "title": "Meldung", "text": f"{rest}\n\nHochwasser"},
        {"id": "b", "title": "Meldung", "text": f"Hochwasser {rest}"},
        {"id": "c", "title": "Meldung", "text": f"Hochwasser\n\n{rest}"},
        {"id": "d", "title": "Hochwasser", "text": f"Meldung\n\n{rest}"},
    ]
    results = make_index(articles).search(Request(parse("Hochwasser").tree))
    assert found_ids(results) == ["d", "c", "a", "b"]


def test_a_snippet_marks_what_was_found_and_escapes_the_rest(make_index: MakeIndex) -> None:
    engine = make_index([{"id": "x", "text": "<b>Die</b> Ärzte & Schwestern <script>alert(1)</script>"}])
    (hit,) = engine.search(Request(parse("Arzt").tree)).hits
    assert (
        hit.snippet
        == "&lt;b&gt;Die&lt;/b&gt; <mark>Ärzte</mark> &amp; Schwestern &lt;script&gt;alert(1)&lt;/script&gt;"
    )


def test_names_are_looked_at_once_however_many_fields_ask_for_some() -> None:
    names = [f"Anna Ort{number}" for number in range(9)]
    looked: list[str] = []

    def shown(_: str, written: tuple[str, ...]) -> tuple[str, ...]:
        looked.extend(written)
        return written

    document = Document(Article("x", "Text"), (), tuple(names), (), path="", hash="")
    query = parse('person:Ort1 ODER person:"Ort2 Anna" ODER person:Fehlt ODER Ort3').tree
    assert asked_names(document, query, shown) == {"person": {"Anna Ort1", "Anna Ort2"}, "place": set()}
    assert looked == names


def test_a_passage_shows_where_chosen_names_stand_but_typed_words_first(make_index: MakeIndex) -> None:
    before = "Von etwas ganz anderem war die Rede, und zwar sehr lange. " * 6
    speech, bridge = "Bürgermeisterin Erna Kovač sprach in Jena vom Brückenbau.", "Die Brücke bleibt."
    text = f"{before}{speech} {before}{bridge} {before}Erna Kovač lobte die Brücke."
    article = {"id": "x", "title": "Erna Kovač", "text": text, "persons": ["Erna Kovač"], "places": ["Jena", "Gera"]}
    other = {"id": "y", "text": "Nichts.", "persons": ["Erna Kovac"]}
    engine = make_index([article, article | {"id": "z"}, other])

    def passage(query: str, **chosen: tuple[str, ...]) -> str:
        hits = engine.search(Request(parse(query).tree, chosen=chosen)).hits
        return next(hit.snippet for hit in hits if hit.id == "x")

    assert passage("") == passage("", place=("Gera",))
    assert passage("").startswith("Von etwas")
    assert passage("", person=("Erna Kovač",)).startswith(
        "… Bürgermeisterin <mark>Erna Kovač</mark> sprach in Jena vom"
    )
    assert passage("", person=("Erna Kovac",), place=("Jena",)).startswith(
        "… Bürgermeisterin <mark>Erna Kovač</mark> sprach in <mark>Jena</mark> vom"
    ), "another spelling means the same entry"
    assert passage("person:kovac ort:Jena").startswith(
        "… Bürgermeisterin <mark>Erna Kovač</mark> sprach in <mark>Jena</mark> vom"
    ), "a field of the query chooses as well"
    assert passage("person:Erna -person:Muster") == passage("", person=("Erna Kovač",))
    assert passage("Brücke", place=("Jena",)).startswith("… Die <mark>Brücke</mark> bleibt.")
    assert passage("Brücke", person=("Erna Kovač",)).startswith(
        "… <mark>Erna Kovač</mark> lobte die <mark>Brücke</mark>."
    )


def test_a_hit_says_which_one_before_it_on_the_page_has_the_same_text(make_index: MakeIndex) -> None:
    report = {"text": "Die Flut kam in der Nacht.\n\nAm Morgen stand der Markt unter Wasser."}
    engine = make_index(
        [
            report | {"id": "a", "date": "2003", "source": "Bote"},
            report | {"id": "b", "date": "2002", "text": " ".join(report["text"].split())},
            report | {"id": "c", "date": "2001", "text": report["text"] + " Der Pegel steigt."},
            report | {"id": "d", "date": "2000", "title": "Die Flut"},
        ]
    )
    request = Request(parse("flut").tree, sort="newest")
    assert [(hit.id, hit.same_as) for hit in engine.search(request).hits] == [
        ("a", ""),
        ("b", "a"),
        ("c", ""),
        ("d", "a"),
    ]
    assert [hit.same_as for hit in engine.search(replace(request, page=2, size=1)).hits] == [""]
    assert not any(hit.same_as for hit in engine.search(replace(request, snippets=False)).hits)


@pytest.mark.parametrize("excluded", ["-Schwestern", '-"alte Schwestern"', "-Schwest*", "-Schwestrn~", "-=Schwestern"])
def test_what_was_found_before_is_found_and_marked_again(make_index: MakeIndex, excluded: str) -> None:
    texts = {"both": "Ärzte und alte Schwestern", "one": "Ärzte ohne Hilfe"}
    engine = make_index([{"id": name, "text": text} for name, text in texts.items()])
    for _ in range(2):
        (hit,) = engine.search(Request(parse(f"Arzt {excluded}").tree)).hits
        assert (hit.id, hit.snippet) == ("one", "<mark>Ärzte</mark> ohne Hilfe")
        (hit,) = engine.search(Request(parse(f"Arzt {excluded[1:]}").tree)).hits
        assert hit.id == "both"
        assert hit.snippet.startswith("<mark>Ärzte</mark> und ")
        assert hit.snippet.endswith("Schwestern</mark>")


@pytest.mark.parametrize(
    ("query", "marked"),
    [
        ("Lieferung", "Waffen<mark>lieferungen</mark> an die Ukraine"),
        ("Waffen", "<mark>Waffen</mark>lieferungen an die Ukraine"),
        ("Waffenlieferung", "<mark>Waffenlieferungen</mark> an die Ukraine"),
        ("Waffen Lieferung", "<mark>Waffenlieferungen</mark> an die Ukraine"),
        ("Krieg", "Ukraine-<mark>Krieg</mark>"),
        ("Bund", "<mark>Bundes</mark>tag"),
    ],
)
def test_only_the_wanted_part_of_a_compound_is_marked(make_index: MakeIndex, query: str, marked: str) -> None:
    engine = make_index(
        [{"id": "x", "title": "T", "text": "Waffenlieferungen an die Ukraine im Ukraine-Krieg, Bundestag"}]
    )
    (hit,) = engine.search(Request(parse(query).tree)).hits
    assert marked in hit.snippet


def test_words_of_a_phrase_count_only_where_they_are_one(make_index: MakeIndex) -> None:
    text = "Die Deutsche Bank in den Vereinigten Staaten von Amerika zahlt. Staaten, Konten, Banken und Deutsche nicht."
    engine = make_index([{"id": "x", "title": "T", "text": text}])
    for query, forms in {
        '"Deutsche Bank"': {("Deutsche Bank", 1)},
        '"Deutsche Bank" Konten': {("Deutsche Bank", 1), ("Konten", 1)},
        "USA": {("Vereinigten Staaten von Amerika", 1)},
    }.items():
        (hit,) = engine.search(Request(parse(query).tree, explain=True)).hits
        assert {(why.form, why.count) for why in hit.why or ()} == forms, query
        assert hit.snippet.count("<mark>") == len(forms), query


def test_what_a_german_word_finds(make_index: MakeIndex) -> None:
    texts = {
        "old": "Ein 20-Jähriger ist es.",
        "young": "Am 20. Mai war es ein 13-Jähriger, seit gestern sagt er es sich.",
        "race": "In der Formel 1 fährt er.",
        "racer": "Ein Formel-1-Pilot ist er.",
        "pilot": "Ein Pilot für die Formel von Platz 1 ist es.",
        "mountain": "Der Berg ruft.",
        "rescued": "Sie wurden geborgen.",
        "side": "Auf der anderen Seite ist es.",
        "safe": "Mehr Sicherheit ist es.",
    }
    articles = [{"id": name, "title": "T", "text": text} for name, text in texts.items()]
    engine = make_index([*articles, {"id": "rescue", "title": "Die Toten bergen", "text": "Helfer bergen sie."}])
    for query, found in {
        "20-Jähriger": {"old"},
        "20-jährige": {"old"},
        "Formel-1": {"race", "racer"},
        "Formel-1-Pilot": {"racer", "pilot"},
        "bergen": {"mountain", "rescue", "rescued"},
        "geborgen": {"rescued", "rescue"},
        "Berg": {"mountain"},
        "bargen": {"rescued", "rescue"},
        "titel:geborgen": {"rescue"},
        '"helfer bergen"': {"rescue"},
        '"Formel-1"': {"race"},
        '"Formel-1-Pilot"': {"racer"},
        'titel:"Toten-bergen"': {"rescue"},
        '"Helfer geborgen"': {"rescue"},
        "titel:bergen": {"rescue"},
        "Seite": {"side"},
        "Sicherheit": {"safe"},
    }.items():
        hits = engine.search(Request(parse(query).tree, size=20)).hits
        assert {hit.id for hit in hits} == found, query
        assert all("<mark>" in hit.snippet for hit in hits if not query.startswith("titel")), query


@pytest.mark.parametrize(
    ("query", "reasons"),
    [
        ("Arzt", {("Arzt", "form", "Ärzte", 2)}),
        ("Ärzte", {("Ärzte", "same", "Ärzte", 2)}),
        ("Haus", {("Haus", "part", "Krankenhaus", 1)}),
        ("Kranken Haus", {("Kranken Haus", "pair", "Krankenhaus", 1)}),
        ("kranken*", {("kranken", "prefix", "Krankenhaus", 1)}),
        ("Ärtze~", {("Ärtze", "fuzzy", "Ärzte", 2)}),
        ("=Kiew", {("Kiew", "exact", "Kiew", 1)}),
        ("Kyjiw", {("Kyjiw", "variant", "Kiew", 1)}),
        ("UNO", {("UNO", "variant", "Vereinten Nationen", 1)}),
        ("Arzt -Bonn", {("Arzt", "form", "Ärzte", 2)}),
        ("Die Ärzte", {("Ärzte", "same", "Ärzte", 2)}),
        ("Wo sind die Ärzte?", {("Ärzte", "same", "Ärzte", 2)}),
        ("die", {("die", "same", "Die", 1)}),
        ("die ODER Quasten", {("die", "same", "Die", 1)}),
        ('"Die Ärzte"', {("Die Ärzte", "same", "Die Ärzte", 1)}),
        ('"die Arzt"', {("die Arzt", "form", "Die Ärzte", 1)}),
    ],
)
def test_a_hit_says_why_it_was_found(
    make_index: MakeIndex, query: str, reasons: set[tuple[str, str, str, int]]
) -> None:
    engine = make_index(
        [{"id": "x", "title": "Ärzte in Kiew", "text": "Die Ärzte der Vereinten Nationen im Krankenhaus helfen."}]
    )
    (hit,) = engine.search(Request(parse(query).tree, explain=True)).hits
    assert {astuple(why) for why in hit.why or ()} == reasons
    assert engine.search(Request(parse(query).tree)).hits[0].why is None


@pytest.mark.parametrize(
    ("query", "marked"),
    [
        ("Studenten Universität", ["Studierenden", "Uni"]),
        ("Kilometer", ["km"]),
        ("Straßenbahn", ["Tram"]),
        ("3 Millionen Euro", ["3", "Mio", "Euro"]),
        ("Teil", ["Theil"]),
        ("Zweiter Weltkrieg", ["2. Weltkrieg"]),
        ("90er Jahre", ["neunziger Jahren"]),
        ("Elektroauto", ["E-Autos"]),
        ("Europäische Kommission", ["EU-Kommission"]),
    ],
)
def test_short_older_and_other_words_for_the_same_thing_are_found(
    make_index: MakeIndex, query: str, marked: list[str]
) -> None:
    text = (
        "Die Studierenden der Uni fuhren 5 km mit der Tram, und ein Theil zahlte 3 Mio. Euro. "
        "Der 2. Weltkrieg war in den neunziger Jahren fern, und die EU-Kommission wollte E-Autos."
    )
    (hit,) = make_index([{"id": "x", "text": text}]).search(Request(parse(query).tree)).hits
    assert re.findall("<mark>(.*?)</mark>", hit.snippet) == marked


@pytest.mark.parametrize(
    ("query", "marked"),
    [
        ("Haus", ["haus"]),
        ("kranken*", ["Krankenhaus"]),
        ("Ärtze~ -Bonn", ["Ärzte"]),
        ('"Ärzte im"', ["Ärzte im"]),
        ("Ärzte im Krankenhaus", ["Ärzte", "Krankenhaus"]),
        ("im", ["im"]),
        ("Kyjiw", ["Kiew"]),
        ("-Kiew", []),
        ("", []),
    ],
)
def test_what_a_query_wants_is_found_in_any_text(make_index: MakeIndex, query: str, marked: list[str]) -> None:
    text = "Ärzte im Krankenhaus von Kiew"
    wanted = make_index([{"id": "x", "text": text}]).wanted(parse(query).tree)
    assert [text[start:end] for start, end in spans(text, wanted)] == marked


@pytest.mark.parametrize(("typed", "variant"), [("Deutschland", "Bundesrepublik"), ("USA", "Vereinigten Staaten")])
def test_what_was_typed_comes_before_a_rarer_word_for_it(make_index: MakeIndex, typed: str, variant: str) -> None:
    usual = [{"id": f"{number}", "text": f"Am Montag wurde in {typed} gewählt."} for number in range(12)]
    engine = make_index([{"id": "rare", "text": f"Am Montag wurde in {variant} gewählt."}, *usual])
    hits = engine.search(Request(parse(typed).tree, size=20)).hits
    assert len(hits) == 13
    assert hits[-1].id == "rare"
    assert hits[-1].score > 0
    assert engine.search(Request(parse(f'"{variant}"').tree)).hits[0].id == "rare"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("Vereinte Nationen", {"name", "short", "apart"}),
        ("vereinten nationen Bonn", {"short"}),
        ("Bonn Vereinte Nationen", {"short"}),
        ("Vereinte -Kräfte Nationen", {"name", "short"}),
        ("=Vereinte Nationen", {"apart"}),
        ("Nationen Vereinte", {"name", "apart"}),
        ("Vereinte ODER Nationen", {"name", "apart"}),
        ("-(Vereinte Nationen)", {"none", "short"}),
        ("Organisation für Sicherheit und Zusammenarbeit in Europa", {"none"}),
    ],
)
def test_words_side_by_side_are_also_found_by_another_name(make_index: MakeIndex, query: str, found: set[str]) -> None:
    texts = {
        "name": "Die Generalversammlung der Vereinten Nationen tagt.",
        "short": "Die UN tagt in Bonn.",
        "apart": "Vereinte Kräfte aller Nationen.",
        "none": "Die OSZE hat gewählt.",
    }
    engine = make_index([{"id": name, "text": text} for name, text in texts.items()])
    assert set(found_ids(engine.search(Request(parse(query).tree)))) == found


@pytest.mark.parametrize("query", ["zurückgetreten", "zurücktreten", "Rücktritt", '"Minister zurücktreten"'])
def test_a_verb_is_found_whose_prefix_stands_apart(make_index: MakeIndex, query: str) -> None:
    texts = {"apart": "Der Minister trat am Montag zurück.", "other": "Der Minister trat zurück in den Saal."}
    engine = make_index([{"id": name, "title": "T", "text": text} for name, text in texts.items()])
    (hit,) = engine.search(Request(parse(query).tree, explain=True)).hits
    assert hit.id == "apart"
    if query[0] != '"':
        assert hit.snippet == "Der Minister <mark>trat</mark> am Montag zurück."
        assert [why.form for why in hit.why or ()] == ["trat"]


@pytest.mark.parametrize(
    ("noun", "verb"),
    [
        ("Rücktritt", "zurückgetreten"),
        ("Ausstieg", "ausgestiegen"),
        ("Festnahmen", "nahmen fest und festgenommen"),
        ("Verlängerung", "verlängerte"),
        ("Evakuierungen", "evakuiert"),
        ("Zwischenlandung", "zwischengelandet"),
        ("Notlandungen", "notlanden"),
        ("Landung", "gelandet"),
    ],
)
def test_noun_and_verb_of_one_event_find_each_other(make_index: MakeIndex, noun: str, verb: str) -> None:
    texts = {"noun": f"Von {noun} ist die Rede.", "verb": f"Sie wurde {verb}.", "other": "Den Landen und dem Tritt."}
    engine = make_index([{"id": name, "title": "T", "text": text} for name, text in texts.items()])
    assert found_ids(engine.search(Request(parse(noun).tree))) == ["noun", "verb"]
    assert found_ids(engine.search(Request(parse(verb.split()[-1]).tree))) == ["verb", "noun"]


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("drei Tote", "3 Tote bei Sturm"),
        ("3 Tote", "Drei Tote bei Sturm"),
        ('"drei Tote"', "3 Tote bei Sturm"),
        ("fuenf", "Nach 5 Jahren kam er frei."),
        ("1,5 Millionen", "Es kamen 1.500.000 Gäste."),
        ("2.000.000", "Es kamen 2 Mio. Gäste."),
        ("zwei Milliarden", "Das sind 2.000.000.000 Sterne."),
        ("dritter Sieg", "Das ist ihr 3. Sieg."),
        ("12. Kongress", "Auf dem zwölften Kongress sprach sie."),
        ("Ludwig 14", "König Ludwig XIV. ließ bauen."),
        ("Johannes XXIII", "Johannes der Dreiundzwanzigste war beliebt."),
        ("achtzehnjährige", "Eine 18-jährige Frau gewann."),
        ("18-Jähriger", "Ein Achtzehnjähriger gewann."),
        ("Achtzigerjahre", "In den 80er-Jahren war es laut."),
        ("25 Prozent", "Die Quote liegt bei 25%."),
        ("20 Grad", "Es wird 20 °C warm."),
        ("11. September 2001", "Der Anschlag vom 11.09.2001 war lange geplant."),
        ("1. Mai", "Am ersten Mai wird gefeiert."),
        ("trat zurück", "Der Trainer ist zurückgetreten."),
        ("rausgeworfen", "Er wurde hinausgeworfen."),
        ("heruntergefahren", "Das Land ist runtergefahren."),
        ("Kaufleute", "Der Kaufmann zahlt."),
        ("Feuerwehrmänner", "Die Feuerwehrleute kamen."),
        ("Hartz 4", "Die Hartz-IV-Empfänger klagen."),
        ("Mauer fiel", "Nach dem Mauerfall zog er fort."),
        ("Adolf", "Onkel Adolph lachte."),
        ("v. Chr.", "Das war 300 vor Christus."),
        ("80 qm", "Die Wohnung hat 80 Quadratmeter."),
    ],
)
def test_what_is_typed_otherwise_than_written_is_found(make_index: MakeIndex, query: str, text: str) -> None:
    engine = make_index([{"id": "it", "title": "T", "text": text}, {"id": "other", "title": "T", "text": "Nichts."}])
    found = engine.search(Request(parse(query).tree))
    assert (found_ids(found), found.relaxed) == (["it"], ())


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("drei", "Am 4. Mai kamen 13 Gäste."),
        ("1,5 Millionen", "1.500 Gäste und 5 Millionen Sterne."),
        ("11. September 2001", "Am 12.09.2001 kamen 11 Gäste."),
        ("trat zurück", "Er trat auf und kam später nicht mehr."),
        ("bin Laden", "Ich bin müde. Viele Läden sind zu."),
        ("Mann", "Die Leute lachen."),
    ],
)
def test_what_is_typed_finds_nothing_that_only_looks_alike(make_index: MakeIndex, query: str, text: str) -> None:
    found = make_index([{"id": "a", "title": "T", "text": text}]).search(Request(parse(query).tree))
    assert not found.total or found.relaxed


@pytest.mark.parametrize(
    ("noun", "text"),
    [
        ("Drohung", "Ihm droht eine Strafe."),
        ("Ausschluss", "Brandstiftung gilt als ausgeschlossen."),
        ("Brand", "Der Brennpunkt, Brennstoffe."),
        ("Scheidung", "Er schied aus dem Senat aus."),
        ("Rückführung", "Das ist darauf zurückzuführen."),
        ("Nötigung", "Das ist nicht nötig."),
    ],
)
def test_a_noun_does_not_find_a_verb_that_mostly_means_something_else(
    make_index: MakeIndex, noun: str, text: str
) -> None:
    assert found_ids(make_index([{"id": "a", "text": text}]).search(Request(parse(noun).tree))) == []


def test_a_road_is_found_however_its_number_is_written(make_index: MakeIndex) -> None:
    texts = {"apart": "Stau auf der A 2 bei Hannover.", "joined": "Stau auf der A2.", "other": "Die A 7 hat 2 Spuren."}
    engine = make_index([{"id": name, "text": text} for name, text in texts.items()])
    found = engine.search(Request(parse("A2").tree, explain=True))
    assert set(found_ids(found)) == {"apart", "joined"}
    assert {(why.form, why.rule) for hit in found.hits for why in hit.why or ()} == {
        ("A2", "same"), ("A 2", "apart"),
    }  # fmt: skip


def test_women_are_found_first_by_whoever_looks_for_them(make_index: MakeIndex) -> None:
    filler = "Am Abend wurde lange beraten und dann gegessen. " * 3
    articles = [{"id": f"{at}", "text": "Der Minister sprach. Ein Minister schwieg."} for at in range(3)]
    articles += [{"id": "one", "text": f"{filler}Die Ministerin kam."}]
    articles += [{"id": "many", "text": f"{filler}Die Ministerinnen kamen."}]
    engine = make_index(articles)
    for typed in ("Ministerin", "ministerinnen"):
        found = found_ids(engine.search(Request(parse(typed).tree)))
        assert set(found[:2]) == {"one", "many"}, typed
        assert len(found) == 5
    assert set(found_ids(engine.search(Request(parse("Minister").tree)))[:3]) == {"0", "1", "2"}


def test_what_hyphens_join_is_found_piece_by_piece(make_index: MakeIndex) -> None:
    texts = {
        "pieces": "Der Sicherheitsrat der UN tagt.",
        "parts": "Die UN warnt: Der Rat sei nicht sicher.",
        "one": "Das Auto von Tesla fährt.",
        "number": "Eine SARS-CoV-2-Variante am 19. Mai",
    }
    engine = make_index([{"id": name, "text": text} for name, text in texts.items()])
    found = engine.search(Request(parse("UN-Sicherheitsrat").tree, explain=True))
    assert found_ids(found) == ["pieces"]
    assert {(why.form, why.rule) for why in found.hits[0].why or ()} == {("UN", "apart"), ("Sicherheitsrat", "apart")}
    loose = engine.search(Request(parse("Tesla-Chef").tree))
    assert found_ids(loose) == ["one"]
    assert [(word.word, word.count) for word in loose.relaxed] == [("Tesla", 1), ("Chef", 0)]
    assert not engine.search(Request(parse('"Tesla-Chef"').tree)).total
    numbered = engine.search(Request(parse("SARS-CoV-2").tree))
    assert found_ids(numbered) == ["number"]
    assert [(word.word, word.count) for word in numbered.relaxed] == [("SARS", 1), ("CoV", 1)]
    assert not engine.search(Request(parse("Covid-19").tree)).total


@pytest.mark.parametrize("typed", ["Wien-Wahl", "Wien-Wahl Bürger"])
def test_articles_where_what_a_hyphen_joins_stands_together_come_first(make_index: MakeIndex, typed: str) -> None:
    much = (
        "Bürger, Bürger, Bürger! Wien, Wien, nur du allein hast heute wieder nur die Qual der Wahl, und Wahl ist Wahl."
    )
    texts = {
        "far": ("", much),
        "border": (
            "Aus der Stadt Wien",
            "Wahl, Wahl und noch eine Wahl. Bürger, Bürger, Bürger: und ihr sagt kein Wort dazu, da Wien Wien bleibt.",
        ),
        "near": ("", "Viele Bürger sind zur Wahl in der Stadt Wien gegangen, sagte gestern ein Sprecher."),
        "before": ("", "Viele Bürger sind heute in Wien zur Wahl in die Schulen gegangen, sagte ein Sprecher."),
        "word": ("", "Viele Bürger sind zur Wien-Wahl in die Schulen gegangen, sagte gestern ein Sprecher."),
    }
    engine = make_index({"id": name, "title": title, "text": text} for name, (title, text) in texts.items())
    found = found_ids(engine.search(Request(parse(typed).tree)))
    assert (found[0], set(found[1:3]), set(found[3:])) == ("word", {"near", "before"}, {"far", "border"})
    assert set(found_ids(engine.search(Request(parse(typed).tree, sort="newest")))) == set(texts)


def test_what_hyphens_join_is_found_by_other_words_for_it(make_index: MakeIndex) -> None:
    texts = {
        "long": "Der Sicherheitsrat der Vereinten Nationen tagt.",
        "short": "Die Leichtathletik-WM beginnt.",
        "kaida": "Die Terroristen von al-Qaida.",
    }
    engine = make_index([{"id": name, "text": text} for name, text in texts.items()])
    for typed, name in (("UN-Sicherheitsrat", "long"), ("Leichtathletik-Weltmeisterschaft", "short")):
        found = engine.search(Request(parse(typed).tree))
        assert (found_ids(found), found.relaxed) == ([name], ()), typed
    assert found_ids(engine.search(Request(parse("Al-Kaida").tree))) == ["kaida"]


def test_of_articles_that_have_the_parts_of_a_compound_those_where_they_stand_together_come_first(
    make_index: MakeIndex,
) -> None:
    texts = {
        "far": "Frieden, Frieden: Alle reden davon, doch von einem Vertrag oder mehr Verträgen redet niemand.",
        "near": "Nach langen Gesprächen liegt ein Vertrag über den Frieden vor, sagte gestern in Genf ein Sprecher.",
        "parts": "Die Friedensgespräche dauern an, und Vertragsentwürfe und Verträge liegen vor, sagte ein Sprecher.",
    }
    engine = make_index({"id": name, "text": text} for name, text in texts.items())
    found = engine.search(Request(parse("Friedensvertrag").tree))
    assert (found_ids(found)[0], set(found_ids(found))) == ("near", set(texts))
    assert [(word.word, word.count) for word in found.relaxed] == [("Frieden", 3), ("Vertrag", 3)]


def test_a_compound_that_no_article_has_is_asked_by_its_parts(make_index: MakeIndex) -> None:
    texts = {
        "parts": "Der Frieden ist nah: Man verhandelt über die Verträge.",
        "compounds": "Friedensverhandlungen ohne Vertragsabschluss.",
        "one": "Der Vertrag ist schlecht.",
    }
    engine = make_index([{"id": name, "text": text} for name, text in texts.items()])
    found = engine.search(Request(parse("Friedensvertrag").tree))
    assert set(found_ids(found)) == {"parts", "compounds"}
    assert [(word.word, word.count) for word in found.relaxed] == [("Frieden", 2), ("Vertrag", 3)]
    assert set(found_ids(engine.search(Request(parse("Friedensvertrag").tree, sort="newest")))) == {
        "parts",
        "compounds",
    }
    nothing = engine.search(Request(parse("Friedenshafen").tree))
    assert (nothing.total, nothing.relaxed) == (0, ())
    for typed in ("=Friedensvertrag", "titel:Friedensvertrag"):
        assert not engine.search(Request(parse(typed).tree)).total, typed


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("3:2", {"score", "apart"}),
        ('"3:2"', {"score"}),
        ("=3:2", {"score"}),
        ("9. November", {"day"}),
        ("9. november", {"day"}),
        ("9. ODER November", {"day", "apart"}),
    ],
)
def test_numbers_that_belong_together_stand_together(make_index: MakeIndex, query: str, found: set[str]) -> None:
    texts = {
        "score": "Das Spiel endete 3:2.",
        "apart": "Am 26. November um 9.30 Uhr kamen 3 Männer und 2 Frauen.",
        "day": "Am 9. November fiel die Mauer.",
    }
    engine = make_index([{"id": name, "text": text} for name, text in texts.items()])
    assert set(found_ids(engine.search(Request(parse(query).tree)))) == found


def test_another_word_with_a_hyphen_is_not_taken_apart(make_index: MakeIndex) -> None:
    texts = {"eu": "Die EU-Kommission tagt.", "any": "Die Kommission der Stadt lud die EU ein."}
    engine = make_index([{"id": name, "text": text} for name, text in texts.items()])
    assert found_ids(engine.search(Request(parse("Europäische Kommission").tree))) == ["eu"]
    assert set(found_ids(engine.search(Request(parse("EU-Kommission").tree)))) == {"eu", "any"}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("6.1.2010", {"words", "short", "long", "austrian"}),
        ("6.1.2010.", {"words", "short", "long", "austrian"}),
        ("06.01.2010", {"words", "short", "long", "austrian"}),
        ("=6.1.2010", {"short"}),
        ("6.1.2010 Wien", {"austrian"}),
        ("-6.1.2010", {"apart"}),
    ],
)
def test_a_day_in_figures_is_found_as_it_is_written(make_index: MakeIndex, query: str, found: set[str]) -> None:
    texts = {
        "words": "Am 6. Januar 2010 fiel Schnee.",
        "short": "Am 6.1.2010 fiel Schnee.",
        "long": "Am 06.01.2010 fiel Schnee.",
        "austrian": "In Wien fiel am 6. Jänner 2010 Schnee.",
        "apart": "6 Züge und 1 Bus von 2010.",
    }
    engine = make_index([{"id": name, "text": text} for name, text in texts.items()])
    assert set(found_ids(engine.search(Request(parse(query).tree)))) == found


@pytest.mark.long
def test_no_more_is_counted_and_shown_than_is_asked_for(make_index: MakeIndex) -> None:
    engine = make_index([{"id": "1", "text": "Die Mauer steht.", "persons": ["A B"]}])
    results = engine.search(Request(parse("mauer").tree, facets=(), snippets=False))
    assert (results.total, dict(results.facets), results.hits[0].snippet) == (1, {}, "")


def test_variants_of_an_archive_count_from_the_next_search_on(tmp_path: Path, new_location: NewLocation) -> None:
    articles = '{"id": "x", "text": "Der Zug hielt in Pressburg."}\n{"id": "y", "text": "Nichts."}'
    (tmp_path / "a.jsonl").write_text(articles)
    engine = open_index(new_location())
    update(engine, [str(tmp_path / "a.jsonl")])
    bratislava = Request(parse("Bratislava").tree)
    assert engine.search(bratislava).total == 0
    before = engine.stats().generation
    variants = engine.folder / "variants.txt"
    variants.write_text("# Städte\nPreßburg, Pozsony, & = Bratislava\nkein Sinn\n", encoding="utf-8")
    time.sleep(1)
    assert engine.search(bratislava).total == 1
    assert engine.stats().generation != before, "whoever kept an answer must ask again"
    damages: list[str] = []
    check(engine, damages.append)
    assert [damage.partition("variants.txt")[2] for damage in damages] == [
        ":3: “kein Sinn” is not understood: write “Kiew, Kyiv = Kyjiw”"
    ]


def test_a_suggestion_only_for_what_finds_nothing(make_index: MakeIndex) -> None:
    engine = make_index(lines(CASES / "words" / "articles.jsonl"))
    assert engine.search(Request(parse("Kanzlerinn Partnrschaft").tree)).suggestion == "Kanzlerin Partnerschaft"
    assert engine.search(Request(parse("Kanzlerin").tree)).suggestion is None
    assert engine.search(Request(parse("KANZLERINN").tree)).suggestion == "KANZLERIN"
    # the shorter a word is, the more are near it
    assert [engine.search(Request(parse(typed).tree)).suggestion for typed in ("Arz", "Karler")] == [None, None]
    # a rare word that is there is no mistake, however near a frequent one is
    assert engine.search(Request(parse("Wal").tree)).suggestion is None


def test_a_suggestion_behind_a_field_is_one_of_its_words(make_index: MakeIndex) -> None:
    text = "Angela Merkel war mit Otto Merkle und Otto Gipfer in Berlin."
    articles = [{"id": f"{at}", "title": "Gipfel", "text": text, "persons": ["Angela Merkel"]} for at in range(5)]
    engine = make_index([*articles, {"id": "5", "text": "Otto Scholz"}])
    typed = ("person:Merkle", "ort:Berlinn Merkel", "titel:Gipfell", "titel:Gipfer", "person:Berlinn", "person:Merkel")
    expected = ["person:Merkel", "ort:Berlin Merkel", "titel:Gipfel", None, None, None]
    assert [engine.search(Request(parse(each).tree)).suggestion for each in typed] == expected


def test_a_suggestion_behind_a_field_need_not_stand_in_any_text(make_index: MakeIndex) -> None:
    authors = ["Erika Müller", "Erika Möller", "Max Müller", "Ida Kurz"]
    articles = [{"id": name, "text": "Miller", "authors": [name]} for name in authors]
    engine = make_index([*articles, {"id": "x", "text": "Miller", "source": "Nordblatt", "section": "Lokales"}])
    typed = ("autor:Muler", "autor:Mller", "autor:mullre", "quelle:Nordblat", "ressort:Lokale -Tor", "autor:Nordblat")
    expected = ["autor:Müller", "autor:Müller", "autor:müller", "quelle:Nordblatt", "ressort:Lokales -Tor", None]
    assert [engine.search(Request(parse(each).tree)).suggestion for each in typed] == expected
    assert engine.search(Request(parse("autor:Kurz").tree)).suggestion is None, "what is rare is no mistake"


def test_of_names_as_near_that_of_more_articles_is_suggested(make_index: MakeIndex) -> None:
    names = ["Bea Must", "Cora Must", "Adele Muster", "Adele Muster", "Adele Muster"]
    engine = make_index([{"id": f"{at}", "text": "x", "persons": [name]} for at, name in enumerate(names)])
    assert engine.search(Request(parse("person:mustr").tree)).suggestion == "person:muster"


def test_without_an_article_that_has_all_words_those_with_the_most_come(make_index: MakeIndex) -> None:
    engine = make_index(lines(CASES / "words" / "articles.jsonl"))
    results = engine.search(Request(parse("Ärzte Straße Kanzlerin Quastenflosser").tree))
    assert found_ids(results) == ["aerzte"]
    assert [(word.word, word.count) for word in results.relaxed] == [
        ("Ärzte", 1),
        ("Straße", 1),
        ("Kanzlerin", 1),
        ("Quastenflosser", 0),
    ]
    assert engine.search(Request(parse("Ärzte Straße").tree)).relaxed == ()
    restricted = engine.search(Request(parse("Ärzte Straße Kanzlerin -Köln").tree))
    assert found_ids(restricted) == ["wahl"]


def test_without_an_article_that_has_all_words_parts_of_compounds_count_too(make_index: MakeIndex) -> None:
    texts = {
        "other": "In Brandenburg hat am Montag die Spargelernte begonnen.",
        "flood": "In Brandenburg steigt das Wasser, das Hochwasser an der Oder wird erwartet.",
        "long": "Das Oderhochwasser von 1997 war verheerend.",
    }
    engine = make_index([{"id": name, "text": text} for name, text in texts.items()])
    results = engine.search(Request(parse("Oderhochwasser erreicht Brandenburg").tree, explain=True))
    assert [word.count for word in results.relaxed] == [1, 0, 2]
    assert found_ids(results)[0] == "flood", "though Oderhochwasser is a word of the archive"
    why = results.hits[0].why
    assert why is not None
    assert {(reason.word, reason.rule) for reason in why} >= {("Oderhochwasser", "apart")}


def test_without_an_article_that_has_all_words_a_rare_one_counts_wherever_it_stands(make_index: MakeIndex) -> None:
    articles = [{"id": f"common{at}", "title": "T", "text": "Maßnahmen helfen."} for at in range(9)]
    articles += [{"id": "rare", "title": "T", "text": "Corona und noch viel anderes mehr. Noch viel anderes mehr."}]
    articles += [{"id": f"other{at}", "title": "T", "text": "Nichts."} for at in range(40)]
    assert found_ids(make_index(articles).search(Request(parse("Corona Maßnahmen").tree)))[0] == "rare"


def test_words_that_say_nothing_of_a_subject_need_not_be_there(make_index: MakeIndex) -> None:
    texts = {
        "asks": "Warum die Mieten steigen, weiß niemand.",
        "tells": "Mieten steigen.",
        "other": "Warum nur die Mieten?",
    }
    places = {"asks": ["Bonn"], "tells": ["Bonn"], "other": []}
    engine = make_index([{"id": name, "text": text, "places": places[name]} for name, text in texts.items()])
    results = engine.search(Request(parse("Warum steigen die Mieten?").tree))
    assert (set(found_ids(results)), results.relaxed) == ({"asks", "tells"}, ())
    assert set(found_ids(engine.search(Request(parse("warum die").tree)))) == {"asks", "other"}, "if there are others"
    assert found_ids(engine.search(Request(parse("=warum steigen").tree))) == ["asks"]
    assert set(found_ids(engine.search(Request(parse("ort:Bonn warum").tree)))) == {"asks"}
    assert found_ids(engine.search(Request(parse("Mieten steigen -warum").tree))) == ["tells"]
    titled = make_index([{"id": "titled", "title": "Mieten steigen", "text": "Wohnen wird teuer."}])
    results = titled.search(Request(parse("titel:Mieten warum").tree))
    assert (found_ids(results), results.relaxed) == (["titled"], ())
    stasi = make_index(
        [{"id": "spy", "text": "Er war IM der Stasi."}, {"id": "other", "text": "Die Stasi war stets da."}]
    )
    assert found_ids(stasi.search(Request(parse("IM Stasi").tree))) == ["spy"]


@pytest.mark.parametrize("typed", ["Wie viele Tote?", "wie hoch Tote", "Wo liegt Tote", "WAS BEDEUTET Tote?"])
def test_what_only_asks_behind_a_question_word_need_not_be_there(make_index: MakeIndex, typed: str) -> None:
    texts = {"told": "Das Beben forderte 85 Tote.", "other": "Wie viele liegen hoch? Was bedeutet, wo es liegt?"}
    engine = make_index([{"id": name, "text": text} for name, text in texts.items()])
    results = engine.search(Request(parse(typed).tree))
    assert (found_ids(results), results.relaxed) == (["told"], ())
    assert not found_ids(engine.search(Request(parse('"wie viele Tote"').tree)))
    # elsewhere they say something
    assert engine.search(Request(parse("Beben viele Tote").tree)).relaxed


def test_a_question_with_a_verb_in_two_finds_the_verb_in_one(make_index: MakeIndex) -> None:
    texts = {
        "one": "Der Bundesrat hat das Gesetz abgelehnt.",
        "two": "Der Bundesrat lehnte das Gesetz nach langem Streit ab.",
        "other": "Der Bundesrat lobt das Gesetz ab und zu.",
        "ware": "Viele Waren sind gut und fair.",
        "vote": "Es waren gute Wahlen, die fair sind.",
    }
    engine = make_index([{"id": name, "text": text} for name, text in texts.items()])
    results = engine.search(Request(parse("Lehnt der Bundesrat das Gesetz ab?").tree))
    assert (set(found_ids(results)), results.relaxed) == ({"one", "two"}, ())
    results = engine.search(Request(parse("Wie oft lehnt der Bundesrat das Gesetz ab?").tree))
    assert (set(found_ids(results)), results.relaxed) == ({"one", "two"}, ())
    assert found_ids(engine.search(Request(parse("Waren die Wahlen fair?").tree))) == ["vote"]
    assert found_ids(engine.search(Request(parse("Waren fair").tree))) == ["ware"]


@pytest.mark.parametrize(
    ("typed", "other"),
    [("Brände", "Brand"), ("Brand", "Brände"), ("Lehrer", "Lehrerin"), ("Startup", "Start-up"), ("Fluß", "Fluss")],
)
def test_what_stands_as_it_was_typed_is_first_among_equals(make_index: MakeIndex, typed: str, other: str) -> None:
    # of equals the newer one is first
    texts = [("as typed", typed, "2001-01-01"), ("other", other, "2002-01-01")]
    engine = make_index([{"id": name, "text": f"Nahe {word} in Kiel.", "date": date} for name, word, date in texts])
    assert found_ids(engine.search(Request(parse(typed).tree))) == ["as typed", "other"]


def test_a_compound_finds_its_words_with_what_joins_them_below_it(make_index: MakeIndex) -> None:
    texts = {
        "one": "Am Montag fiel der Ölpreis.",
        "for": "Die Preise für Öl fielen.",
        "of": "Am Montag fiel der Preis des Öls.",
        "far": "Der Preis fiel, und dann lief Öl aus.",
    }
    engine = make_index([{"id": name, "text": text} for name, text in texts.items()])
    results = engine.search(Request(parse("Ölpreise").tree, explain=True))
    assert found_ids(results)[0] == "one"
    assert set(found_ids(results)) == {"one", "for", "of"}
    assert {reason.rule for hit in results.hits[1:] for reason in hit.why or ()} == {"variant"}


def test_without_an_article_that_has_all_words_function_words_do_not_count(make_index: MakeIndex) -> None:
    texts = {
        "asked": "Warum nur, fragt der Bürgermeister.",
        "river": "Zwei Meter über normal steht die Oder in Slubice.",
    }
    engine = make_index([{"id": name, "text": text} for name, text in texts.items()])
    assert found_ids(engine.search(Request(parse("Warum Oder?").tree))) == ["river"]
    assert found_ids(engine.search(Request(parse("warum wieso").tree))) == ["asked"], "unless there is nothing else"
    assert found_ids(engine.search(Request(parse("warum Bürgermeister").tree))) == ["asked"]
    loose = engine.search(Request(parse("Warum war die Oder in der Stadt").tree))
    assert [(word.word, word.count) for word in loose.relaxed] == [("Oder", 1), ("Stadt", 0)]
    names = engine.search(Request(parse("Was ist MAN die Mir die Seine oder Weil").tree)).relaxed
    assert [word.word for word in names] == ["MAN", "Mir", "Seine", "oder", "Weil"]


@pytest.mark.parametrize("typed", ["ort:Holland", "ort:Niederlande", "Holland"])
def test_a_place_is_found_by_its_other_name(make_index: MakeIndex, typed: str) -> None:
    engine = make_index([{"id": "x", "text": "In den Niederlanden wurde gewählt.", "places": ["Niederlande"]}])
    assert found_ids(engine.search(Request(parse(typed).tree))) == ["x"]


def test_a_place_is_found_by_its_inhabitants_but_not_counted(make_index: MakeIndex) -> None:
    engine = make_index(
        [{"id": "x", "text": "Die russische Regierung und die Ukrainer verhandelten am Abend in Wien."}]
    )
    assert found_ids(engine.search(Request(parse("ort:Russland ort:Ukraine").tree))) == ["x"]
    places = [value.value for value in engine.search(Request()).facets["place"].values]
    assert places == ["Wien"]


def test_an_article_comes_back_as_it_was(make_index: MakeIndex) -> None:
    given_article = {
        "id": "x/y z?",
        "text": "Text.\n\nZweiter Absatz.",
        "title": "Titel",
        "lead": "Vorspann",
        "date": "2020-02",
        "url": "https://example.org/x",
        "authors": ["A B"],
        "section": "Politik",
        "source": "Blatt",
        "persons": ["Anna Amsel"],
        "places": [],
        "pages": [1, 2],
    }
    engine = make_index([given_article])
    (hit,) = engine.search(Request()).hits
    assert (hit.source, hit.authors, hit.persons) == ("Blatt", ("A B",), ("Anna Amsel",))
    document = engine.get("x/y z?")
    assert document.article.metadata == {"pages": [1, 2]}
    assert document.persons == ("Anna Amsel",)
    assert (document.article.text, document.article.lead) == (given_article["text"], given_article["lead"])
    with pytest.raises(ArticleNotFound):
        engine.get("nothing")


def test_an_article_is_got_by_its_address_too(make_index: MakeIndex) -> None:
    page, host = "https://www.bote.example/a/", "https://bote.example"
    engine = make_index(
        [
            {"id": "new", "text": "Neu", "url": page, "date": "2005-08-05"},
            {"id": "old", "text": "Alt", "url": "http://Bote.example/a", "date": "2004"},
            {"id": "bote.example/b", "text": "Kennung", "url": f"{host}/c?d=1"},
            {"id": "other", "text": "Adresse", "url": f"{host}/b"},
            {"id": "site", "text": "Startseite", "url": f"{host}/"},
        ]
    )
    ids = {
        page: "new",
        "bote.example/a#b": "new",
        "HTTP://BOTE.example/a": "new",
        f"{host}/c?d=1": "bote.example/b",
        "bote.example/b": "bote.example/b",
        f"{host}/b": "other",
    }
    for address, article_id in ids.items():
        assert engine.get(address).article.id == article_id, address
    assert engine.similar(page, 5) == engine.similar("new", 5)
    for address in (f"{host}/", host, f"{host}/A", f"{host}/c", f"{host}/c?d=2", "", "a"):
        with pytest.raises(ArticleNotFound):
            engine.get(address)
    with closing(engine.writer()) as writer:
        writer.delete("new")
        writer.commit()
    assert engine.get(page).article.id == "old"


def test_an_empty_index_answers(make_index: MakeIndex) -> None:
    engine = make_index([])
    results = engine.search(Request(parse('Wort klima* Selenskij~ "a b" person:x').tree))
    assert (results.total, results.hits) == (0, ())
    assert engine.stats().articles == 0
    assert engine.complete("a", 10) == ()


@pytest.mark.parametrize(
    ("parameter", "value"),
    [
        ("date_from", "2020-13"),
        ("date_to", "x"),
        ("page", 0),
        ("page", 10**9),
        ("size", 101),
        ("facet_size", 0),
        ("interval", "week"),
        ("interval", "day"),
        ("chosen", {"date": ("1989", "gestern")}),
        ("excluded", {"date": ("9.11.1989",)}),
        ("chosen", {"persons": ("Angela Merkel",)}),
        ("excluded", {"town": ("Wien",)}),
        ("facets", ("person", "year")),
    ],
)
def test_impossible_requests_are_refused(parameter: str, value: Any) -> None:
    with pytest.raises(RequestError):
        Request(**{parameter: value})


# Laws over random articles and searches. The oracle knows nothing of postings: it looks at every article.

WORDS = ["haus", "baum", "see", "berg", "tal"]
NAMES = ["Anna Amsel", "Bert Buche", "Cleo Clemens"]
TOWNS = ["Wien", "Bonn", "Graz"]
DATES = ["", "1999", "2000", "2000-05", "2000-05-17", "2000-05-31", "2000-06-01", "2001-01-01"]

articles = st.lists(
    st.fixed_dictionaries(
        {
            "text": st.lists(st.sampled_from(WORDS), min_size=1, max_size=6).map(" ".join),
            "title": st.lists(st.sampled_from(WORDS), min_size=1, max_size=2).map(" ".join),
            "persons": st.lists(st.sampled_from(NAMES), unique=True),
            "places": st.lists(st.sampled_from(TOWNS), unique=True),
            "date": st.sampled_from(DATES),
            "source": st.sampled_from(["", "Blatt", "Bote"]),
            "section": st.sampled_from(["", "Sport"]),
        }
    ),
    min_size=1,
    max_size=12,
)

word = st.sampled_from(WORDS)


def combined(leaves: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Queries of some leaves."""
    return st.recursive(
        leaves,
        lambda inner: st.one_of(
            st.tuples(inner, inner).map(lambda pair: f"({pair[0]} {pair[1]})"),
            st.tuples(inner, inner).map(lambda pair: f"({pair[0]} ODER {pair[1]})"),
            inner.map(lambda text: f"-{text}"),
            st.tuples(word, word).map(lambda pair: f'"{pair[0]} {pair[1]}"'),
        ),
        max_leaves=4,
    )


queries = combined(word)

TICKED = ["1999", "2000", "2000-05", "2000-05-17", "2001"]

searches = st.fixed_dictionaries(
    {"q": st.just("") | queries},
    optional={
        "person": st.lists(st.sampled_from(NAMES), min_size=1, unique=True),
        "place": st.lists(st.sampled_from(TOWNS), min_size=1, unique=True),
        "not_person": st.lists(st.sampled_from(NAMES), min_size=1, max_size=2, unique=True),
        "not_place": st.lists(st.sampled_from(TOWNS), min_size=1, max_size=2, unique=True),
        "source": st.just(["Blatt"]),
        "section": st.just(["Sport"]),
        "not_source": st.just(["Bote"]),
        "missing": st.lists(st.sampled_from(FACETS), unique=True),
        "date": st.lists(st.sampled_from(TICKED), min_size=1, max_size=2, unique=True),
        "not_date": st.lists(st.sampled_from(TICKED), min_size=1, max_size=2, unique=True),
        "from": st.sampled_from(["1999", "2000-05"]),
        "to": st.sampled_from(["2000-05", "2001"]),
        "interval": st.sampled_from(["year", "month", "day"]),
    },
)


def oracle_matches(query: str, article: dict[str, Any]) -> bool:
    """The meaning of the small language above, read from its own text."""
    text = query.strip()
    if not text:
        return True
    if field := re.fullmatch(r'(\w+):("[^"]+"|[\w-]+)', text):
        return oracle_has_value(field[1], field[2].strip('"'), article)
    if text.startswith("-"):
        return not oracle_matches(text[1:], article)
    if text.startswith('"'):
        words = text.strip('"')
        return any(f" {words} " in f" {article[field]} " for field in ("title", "text"))
    if text.startswith("("):
        left, operator, right = split_pair(text[1:-1])
        one, other = oracle_matches(left, article), oracle_matches(right, article)
        return one or other if operator else one and other
    return text in f"{article['title']} {article['text']}".split()


def split_pair(text: str) -> tuple[str, bool, str]:
    """The two sides of "a b" or "a ODER b", whatever parentheses and quotation marks they hold."""
    depth, quoted = 0, False
    for place, letter in enumerate(text):
        quoted ^= letter == '"'
        depth += (letter == "(") - (letter == ")")
        if letter == " " and depth == 0 and not quoted:
            left, right = text[:place], text[place + 1 :]
            return (left, True, right[5:]) if right.startswith("ODER ") else (left, False, right)
    raise AssertionError(text)


SPANS = {
    "1999": ("1999-01-01", "1999-12-31"),
    "2000": ("2000-01-01", "2000-12-31"),
    "2000-05": ("2000-05-01", "2000-05-31"),
    "2001": ("2001-01-01", "2001-12-31"),
}


def span(date: str) -> tuple[str, str]:
    return SPANS.get(date, (date, date))


def oracle_passes(search: dict[str, Any], article: dict[str, Any], facet: str) -> bool:
    """Whether an article passes what is chosen in one facet."""
    without = facet in search.get("missing", ())
    if facet == "date":
        chosen = not search.keys().isdisjoint(("from", "to", "date"))
        if not without and not chosen:
            return True
        if not article["date"]:
            return without
        first, last = span(article["date"])
        begin, end = span(search.get("from", ""))[0], span(search["to"])[1] if "to" in search else "9"
        return chosen and begin <= first and last <= end and ("date" not in search or lies_in(article, search["date"]))
    values = oracle_values(article, facet)
    if not without and facet not in search:
        return True
    return (without and not values) or any(value in values for value in search.get(facet, ()))


def lies_in(article: dict[str, Any], dates: list[str]) -> bool:
    first, last = span(article["date"])
    return bool(first) and any(span(date)[0] <= first and last <= span(date)[1] for date in dates)


def oracle_excludes(search: dict[str, Any], article: dict[str, Any]) -> bool:
    undesired = any(set(search.get(f"not_{name}", ())) & set(oracle_values(article, name)) for name in VALUES)
    return undesired or lies_in(article, search.get("not_date", []))


def oracle_values(article: dict[str, Any], facet: str) -> list[str]:
    return article[f"{facet}s"] if facet in ("person", "place") else list(filter(None, [article[facet]]))


def check_facet(facet: FacetResult, name: str, passing: list[dict[str, Any]]) -> None:
    counted = Counter(value for article in passing for value in oracle_values(article, name))
    assert {value.value: value.count for value in facet.values if value.count} == counted
    assert facet.missing == sum(not oracle_values(article, name) for article in passing)
    assert facet.other == 0


DIGITS = {"year": 4, "month": 7, "day": 10}


def check_dates(facet: FacetResult, search: dict[str, Any], passing: list[dict[str, Any]]) -> None:
    """Each article is in one bucket, or counted as undated, as outside of what is listed, or as dated too coarsely."""
    wanted: Counter[str] = Counter()
    interval = search.get("interval", "year")
    around = {"year": 0, "month": 4, "day": 7}[interval]
    first, last = (search[name][:around] if name in search else "" for name in ("from", "to"))
    for date in (article["date"] for article in passing):
        inside = (not first or span(first)[0] <= span(date)[0]) and (not last or span(date)[1] <= span(last)[1])
        if not date or not inside:
            wanted["other" if date else "missing"] += 1
        else:
            wanted[date[: DIGITS[interval]] if len(date) >= DIGITS[interval] else "coarse"] += 1
    found = {value.value: value.count for value in facet.values}
    found |= {"missing": facet.missing, "other": facet.other, "coarse": facet.coarse}
    assert +Counter(found) == wanted


def possible(search: dict[str, Any]) -> bool:
    ranged = "from" in search and "to" in search
    if search.get("interval") == "day" and not ranged:
        return False
    return not ranged or span(search["from"])[0] <= span(search["to"])[1]


@pytest.mark.long
@settings(max_examples=40 // SHARE, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(articles=articles, searches=st.lists(searches.filter(possible), min_size=1, max_size=8))
def test_hits_and_counts_equal_brute_force(
    make_index: MakeIndex, articles: list[dict[str, Any]], searches: list[dict[str, Any]]
) -> None:
    articles = [{"id": f"n{number}"} | article for number, article in enumerate(articles)]
    engine = make_index(articles)
    for search in searches:
        results = engine.search(request_of(search))
        matching = [article for article in articles if oracle_matches(search["q"], article)]
        if results.relaxed:
            assert not matching
            continue
        matching = [article for article in matching if not oracle_excludes(search, article)]
        expected = [a["id"] for a in matching if all(oracle_passes(search, a, facet) for facet in FACETS)]
        assert sorted(found_ids(results)) == sorted(expected), (search, articles)
        assert results.total == len(expected)
        for facet in FACETS:
            others = [name for name in FACETS if name != facet]
            passing = [a for a in matching if all(oracle_passes(search, a, other) for other in others)]
            if facet == "date":
                check_dates(results.facets[facet], search, passing)
            else:
                check_facet(results.facets[facet], facet, passing)


@pytest.mark.long
def test_counts_of_many_values_equal_brute_force(make_index: MakeIndex) -> None:
    """More names than a list shows or a first look takes in, of which most are rare, as in real archives."""
    rng = Random(2005)
    names = [f"Ort {n}" for n in range(900)]
    weights = [1 / rank for rank in range(1, 901)]
    # a name that is frequent in the archive is not so in all that is found
    held = [[*dict.fromkeys(rng.choices(names, weights, k=4))] for _ in range(1500)]
    texts = [rng.choice(["Hafen", "Gipfel", "Gipfel"]) + " Kanal" * (n % 70 == 0) for n in range(1500)]
    held = [own[1:] if text == "Hafen" and names[0] in own[:1] else own for text, own in zip(texts, held, strict=True)]
    engine = make_index([{"id": f"n{n}", "text": texts[n], "places": held[n]} for n in range(1500)])
    for typed, size, chosen in product(["Gipfel", "Hafen", "Kanal", ""], [1, 3, 70, 800], [(), (names[-1], names[2])]):
        request = Request(parse(typed).tree, {"place": chosen} if chosen else {}, facet_size=size)
        facet = engine.search(request).facets["place"]
        counted = Counter(name for text, own in zip(texts, held, strict=True) if typed in text for name in own)
        values = {value.value: value.count for value in facet.values}
        assert +Counter(values) == {name: counted[name] for name in values if counted[name]}
        assert set(chosen) == {value.value for value in facet.values if value.selected}
        assert sorted((+Counter(values)).values(), reverse=True)[:size] == [n for _, n in counted.most_common(size)]
        assert facet.other == counted.total() - sum(values.values())


VALUE_FIELDS = {"autor": "authors", "author": "authors", "quelle": "source", "ressort": "section"}
FORMS = {"Müller": "m", "mueller": "m", "Groß": "g", "GROSS": "g", "Müller-Groß": "mg"}
"""Words of authors, sources and sections; the same letters stand for forms that are one."""

form = st.sampled_from([*FORMS])
value = st.lists(form, min_size=1, max_size=2).flatmap(
    lambda words: st.sampled_from([" ", "/", ", "]).map(lambda s: s.join(words))
)
valued_articles = st.lists(
    st.fixed_dictionaries(
        {
            "text": st.sampled_from(WORDS),
            "title": st.just(""),
            "authors": st.lists(value, max_size=3, unique=True),
            "source": st.just("") | value,
            "section": st.just("") | value,
        }
    ),
    min_size=3,
    max_size=8,
)
typed_value = form | st.tuples(form, form).map('"{0[0]} {0[1]}"'.format)
valued = st.tuples(st.sampled_from([*VALUE_FIELDS, "source", "section"]), typed_value).map(":".join)


def oracle_has_value(field: str, typed: str, article: dict[str, Any]) -> bool:
    """Whether one value of an article has all words that were typed behind a field."""
    value = article[VALUE_FIELDS.get(field, field)]
    wanted = {FORMS[word] for word in typed.split()}
    values = value if isinstance(value, list) else [value]
    return any(wanted <= {FORMS.get(word) for word in re.split("[ ,/]+", each)} for each in values)


@settings(max_examples=150 // SHARE, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(articles=valued_articles, searches=st.lists(combined(valued | valued | word), min_size=5, max_size=20))
def test_fields_find_what_has_such_a_value(
    make_index: MakeIndex, articles: list[dict[str, Any]], searches: list[str]
) -> None:
    articles = [{"id": f"n{number}"} | article for number, article in enumerate(articles)]
    engine = make_index(articles)
    for search in searches:
        results = engine.search(request_of({"q": search}))
        expected = [article["id"] for article in articles if oracle_matches(search, article)]
        if results.relaxed:
            assert not expected
        else:
            assert sorted(found_ids(results)) == expected, search


def clicks(results: Results) -> Iterator[tuple[int, dict[str, Any]]]:
    """Every count of an answer, with the choice that a click on it makes."""
    for name in VALUES:
        facet = results.facets[name]
        yield from ((value.count, {name: [value.value]}) for value in facet.values)
        yield facet.missing, {"missing": [name]}
    yield from ((date.count, {"from": date.value, "to": date.value}) for date in results.facets["date"].values)
    yield results.facets["date"].missing, {"missing": ["date"]}


@pytest.mark.long
@pytest.mark.parametrize("query", ["", "Berlin", "Regierung ODER Präsident", "Krieg -Russland", '"in der"', "bund*"])
def test_every_count_equals_the_hits_after_clicking_it(seeds: Engine, query: str) -> None:
    results = seeds.search(request_of({"q": query, "facet_size": 50}))
    assert results.total
    for count, choice in clicks(results):
        assert seeds.search(request_of({"q": query} | choice)).total == count, choice


def test_counts_of_months_and_days_equal_the_hits_after_clicking_them(seeds: Engine) -> None:
    months = seeds.search(request_of({"q": "der", "interval": "month"})).facets["date"]
    assert len(months.values) > 20
    assert months.other == 0
    days = {"from": "1989", "to": "1990", "interval": "day"}
    for results in (months, seeds.search(request_of({"q": "der"} | days)).facets["date"]):
        for value in results.values:
            assert seeds.search(request_of({"q": "der", "from": value.value, "to": value.value})).total == value.count


@pytest.mark.long
def test_excluding_a_value_takes_exactly_its_articles_away(seeds: Engine) -> None:
    results = seeds.search(request_of({"q": "der"}))
    for name in ("person", "place"):
        for value in results.facets[name].values:
            without = seeds.search(request_of({"q": "der", f"not_{name}": [value.value]}))
            assert without.total == results.total - value.count
            assert value.value not in [other.value for other in without.facets[name].values]
            for other in without.facets[name].values[:2]:
                clicked = seeds.search(request_of({"q": "der", f"not_{name}": [value.value], name: [other.value]}))
                assert clicked.total == other.count


@pytest.mark.parametrize("sort", ["relevance", "newest", "oldest"])
def test_a_scan_gives_all_hits_in_their_order(seeds: Engine, sort: str) -> None:
    for search in ({"q": "der"}, {"q": "", "place": ["Berlin"]}, {"q": "mauer", "not_place": ["Bonn"], "page": 5}):
        whole = seeds.search(request_of(search | {"sort": sort, "page": 1}))
        found = list(seeds.scan(request_of(search | {"sort": sort, "size": 1})))
        assert [document.article.id for document in found] == found_ids(whole)
        assert found[0] == seeds.get(found[0].article.id)


def test_a_scan_stays_in_the_state_in_which_it_began(tmp_path: Path, new_location: NewLocation) -> None:
    path, engine = tmp_path / "a.jsonl", open_index(new_location())
    path.write_text("".join(f'{{"id": "{name}", "text": "Mauer"}}\n' for name in "abc"))
    update(engine, [str(path)])
    documents = engine.scan(request_of({"q": "mauer"}))
    first = next(documents)
    path.write_text('{"id": "d", "text": "Mauer"}\n')
    update(engine, [str(path)], prune=True)
    assert [document.article.id for document in engine.scan(request_of({"q": "mauer"}))] == ["d"]
    assert [document.article.id for document in (first, *documents)] == ["a", "b", "c"]


def likelihood(both: int, one: int, other: int, total: int) -> float:
    """Dunning's ratio, from the probabilities themselves."""

    def log(hits: int, trials: int, chance: float) -> float:
        return sum(count * math.log(p) for count, p in ((hits, chance), (trials - hits, 1 - chance)) if count)

    rest, misses = total - one, other - both
    with_one, without, overall = both / one, misses / rest if rest else 0.0, other / total
    separate = log(both, one, with_one) + log(misses, rest, without)
    return 2 * (separate - log(both, one, overall) - log(misses, rest, overall))


@settings(max_examples=20 // SHARE, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(articles=articles)
def test_company_equals_brute_force(make_index: MakeIndex, articles: list[dict[str, Any]]) -> None:
    engine = make_index({"id": f"n{number}"} | article for number, article in enumerate(articles))
    for facet, value in (("person", NAMES[0]), ("place", TOWNS[0]), ("source", "Blatt")):
        holders = [article for article in articles if value in oracle_values(article, facet)]
        found = engine.related(facet, value, 10)
        for other in VALUES:
            everywhere = Counter(name for article in articles for name in oracle_values(article, other))
            here = Counter(name for article in holders for name in oracle_values(article, other))
            expected = {
                name: (count, likelihood(count, len(holders), everywhere[name], len(articles)))
                for name, count in here.items()
                if count * len(articles) > everywhere[name] * len(holders) and (other, name) != (facet, value)
            }
            assert {related.value: related.count for related in found[other]} == {
                name: count for name, (count, _) in expected.items()
            }
            for related in found[other]:
                assert related.score == pytest.approx(expected[related.value][1], abs=1e-3)
            scores = [related.score for related in found[other]]
            assert scores == sorted(scores, reverse=True)


def test_similar_articles_share_telling_words(make_index: MakeIndex) -> None:
    filler = [{"id": f"f{number}", "text": f"Der Ausschuss tagte zum Thema {number}."} for number in range(20)]
    texts = {
        "one": "Der Quastenflosser lebt vor den Komoren in der Tiefsee.",
        "two": "In der Tiefsee vor den Komoren wurde ein Quastenflosser gefilmt.",
        "three": "Die Komoren wählen ein Parlament.",
        "four": "Der Ausschuss tagte.",
    }
    engine = make_index([*({"id": name, "text": text} for name, text in texts.items()), *filler])
    assert [hit.id for hit in engine.similar("one", 5)][:1] == ["two"]
    assert "four" not in [hit.id for hit in engine.similar("one", 5)]
    (one,) = engine.similar("one", 1)
    assert (one.snippet, one.language) == ("", "")
    with pytest.raises(ArticleNotFound):
        engine.similar("nothing", 5)


def test_an_article_is_never_similar_to_itself(seeds: Engine) -> None:
    for document in seeds.documents():
        found = seeds.similar(document.article.id, 5)
        assert document.article.id not in [hit.id for hit in found]
        scores = [hit.score for hit in found]
        assert scores == sorted(scores, reverse=True)


@pytest.mark.long
def test_pages_have_no_end(make_index: MakeIndex) -> None:
    """Neither many articles of one day nor undated ones stop a list, whatever its order."""
    count = 10_150
    engine = make_index(
        [{"id": f"n{at:05}", "text": "Wort", **({"date": "2020-01-05"} if at % 2 else {})} for at in range(count)]
    )
    for sort in ("relevance", "newest", "oldest"):
        last = engine.search(request_of({"q": "Wort", "sort": sort, "size": 100, "page": 102}))
        assert last.total == count
        assert found_ids(last) == [f"n{at:05}" for at in range(count - 100, count, 2)]
        assert all("Wort" in hit.snippet for hit in last.hits)
        assert not engine.search(request_of({"q": "Wort", "sort": sort, "size": 100, "page": 103})).hits


@pytest.mark.parametrize("query", ["der", "in der", "Berlin der Stadt", "die ODER der ODER das", ""])
@pytest.mark.parametrize("sort", ["relevance", "newest", "oldest"])
def test_pages_are_slices_of_one_order(seeds: Engine, query: str, sort: str) -> None:
    whole = found_ids(seeds.search(request_of({"q": query, "sort": sort})))
    pages = [seeds.search(request_of({"q": query, "sort": sort, "size": 7, "page": page})) for page in range(1, 20)]
    assert [hit for page in pages for hit in found_ids(page)] == whole
    assert [found.article.id for found in seeds.scan(request_of({"q": query, "sort": sort}))] == whole


@settings(max_examples=60 // SHARE, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.fixed_dictionaries(
        {
            "q": st.sampled_from(
                ["Berlin", "Berlin Mauer", "Mauer Berlin", "der ODER Mauer", "Bundes*", "Mauer -Berlin"]
            ),
            "person": st.sampled_from([[], ["Willy Brandt"], ["Helmut Kohl", "Willy Brandt"]]),
            "not_place": st.sampled_from([[], ["Bonn"]]),
            "sort": st.sampled_from(["relevance", "newest", "oldest"]),
            "from": st.sampled_from(["", "1980"]),
            "page": st.integers(1, 2),
            "size": st.sampled_from([3, 20]),
            "facet_size": st.sampled_from([2, 20]),
        }
    )
)
def test_an_answer_does_not_depend_on_what_was_asked_before(
    seeds: Engine, seeds_location: str, search: dict[str, Any]
) -> None:
    assert seeds.search(request_of(search)) == open_index(seeds_location).search(request_of(search))

"""Which passage of an article is shown, and what is marked in it."""

from __future__ import annotations

import gc
import re
import tracemalloc
from dataclasses import replace
from html import unescape

import pytest
from conftest import MakeIndex
from hypothesis import given, settings
from hypothesis import strategies as st

from search import Engine, Request, german, parse
from search.snippets import Reason, Wanted, snippet

BEFORE = "Vorher war von etwas ganz anderem die Rede, und zwar lange. " * 6


@pytest.mark.parametrize(
    ("query", "text", "begins"),
    [
        (
            "Kanzlerin",
            f"{BEFORE}Zuletzt begann am 12. Juli nach Abs. 2 das Treffen, und die Bundeskanzlerin kam.",
            "… Zuletzt begann",
        ),
        (
            "Mauer",
            f"{BEFORE}Zuletzt ging Dr. Weber, z. B. mit Prof. Maier, an der Mauer entlang.",
            "… Zuletzt ging Dr.",
        ),
        ("Mauer", f"{BEFORE}„Das ist alles.“ Die Mauer stand da.", "… Die <mark>Mauer"),
        ("Mauer", f"{BEFORE}So endete 1989. Die Mauer fiel.", "… Die <mark>Mauer"),
        ("Mauer", f"{BEFORE}\nEin neuer Absatz. Die Mauer fiel.", "… Die <mark>Mauer"),
        ("Mauer", "Erst war Ruhe. Dann fiel die Mauer.", "Erst war Ruhe."),
        ("Zaun Mauer", f"Lange vor der Zeit, und {'sehr, ' * 12}kam der Zaun {'zur ' * 30}Mauer.", "Lange vor"),
        (
            "Zaun Mauer",
            f"{'Damals, ' * 40}der Zaun {'recht ' * 25}fern der Mauer.",
            "… Damals, Damals, Damals, Damals, der",
        ),
        ("kanzler", f"{'lang' * 30} {BEFORE}{'viel ' * 60}Bundeskanzlerin {'viel ' * 60}", "… viel"),
    ],
)
def test_a_snippet_begins_where_a_sentence_or_a_word_does(
    make_index: MakeIndex, query: str, text: str, begins: str
) -> None:
    (hit,) = make_index([{"id": "x", "title": "T", "text": text}]).search(Request(parse(query).tree)).hits
    assert hit.snippet.startswith(begins), hit.snippet


@pytest.mark.parametrize(
    ("query", "text", "shown"),
    [
        ("Mauer", f"Die Mauer fiel. {BEFORE}Mauer, Mauer, Mauer!", "Die <mark>Mauer</mark> fiel"),
        ("Mauer", f"Ein Mauerrest. {BEFORE}Die Mauer fiel.", "… Die <mark>Mauer</mark> fiel"),
        ("Mauer Zaun", f"Die Mauer fiel. {BEFORE}Mauerreste am Zaun.", "… <mark>Mauer</mark>reste am <mark>Zaun"),
        ("Lehrerin", f"Ein Lehrer. {BEFORE}Die Lehrerin kam.", "… Die <mark>Lehrerin</mark> kam."),
        (
            '"der alte Turm"',
            f"{BEFORE * 2}Der alte Turm {'sehr ' * 20}",
            "… <mark>Der alte Turm</mark> sehr",
        ),
        ("Erdbeben Quasten", f"Erdfalten. {BEFORE}Das Erdbeben kam.", "… Das <mark>Erdbeben</mark>"),
        ("Teil Rat", f"{BEFORE}Ein Theil des Reichsrathes.", "… Ein <mark>Theil</mark> des <mark>Reichsrathes</mark>."),
        (
            "Mauer Ende",
            f"{BEFORE}Damals, {'sehr, ' * 20}fiel die Mauer zuletzt doch, und {'sehr, ' * 10}es war das Ende.",
            "… Damals, sehr",
        ),
    ],
)
def test_the_first_passage_with_the_words_themselves_is_shown(
    make_index: MakeIndex, query: str, text: str, shown: str
) -> None:
    (hit,) = make_index([{"id": "x", "title": "T", "text": text}]).search(Request(parse(query).tree)).hits
    assert hit.snippet.startswith(shown), hit.snippet


@pytest.mark.parametrize(
    ("query", "marked"),
    [
        ("EU", "<mark>EU</mark>-Verfassung"),
        ("Not", "Müll<mark>not</mark>stand"),
        ("Hamburg", "<mark>Hamburger</mark> Hafen"),
        ("Rat", "UN-Sicherheits<mark>rats</mark>"),
        ("Bundestag", "<mark>Bundestags</mark>mandate"),
        ("Bund", "<mark>Bundes</mark>tagsmandate"),
        ("Liga", "Fußball-Bundes<mark>liga</mark>-Saison"),
        ("Hilfe", "Entwicklungs<mark>hilfe</mark>minister"),
        ("Öl", "Mineral<mark>öl</mark>konzern"),
        ("Fahrt", "Schif<mark>fahrt</mark>"),
        ("Schiff", "<mark>Schiff</mark>ahrt"),
        ("Fuß", "<mark>Fuß</mark>ball-Bundesliga"),
        ("Foto", "<mark>Photo</mark>apparat"),
        ("Arzt", "<mark>Aerzte</mark>verband"),
        ("Spieler", "Schau<mark>spielerinnen</mark>"),
        ("Hafen Hamburg", "<mark>Hamburger</mark> <mark>Hafen</mark>"),
        ("Rat UN", "<mark>UN</mark>-Sicherheits<mark>rats</mark>"),
        ("Nobelpreis Literatur", "<mark>Literaturnobelpreise</mark>"),
        ("Nationalrat SVP", "<mark>SVP-Nationalrat</mark>"),
        ("Bewohner", "Krim<mark>bewohner/-innen</mark>"),
        ("Schönefeld", "Flughafen_<mark>Schönefeld</mark>"),
        ("Ukraine", "<mark>Ukraine</mark>\u2011Krieg"),
        ("Reise", "İstanbul<mark>reise</mark>"),
    ],
)
def test_a_part_is_marked_where_it_begins_and_ends(make_index: MakeIndex, query: str, marked: str) -> None:
    words = re.sub("</?mark>", "", marked)
    (hit,) = make_index([{"id": "x", "title": "T", "text": f"{words}."}]).search(Request(parse(query).tree)).hits
    assert marked in hit.snippet


PIECES = [
    "Bundes",
    "tags",
    "Schiff",
    "fahrt",
    "Photo",
    "Aerzte",
    "Straßen",
    "-",
    "_",
    "\u2011",
    "/-innen",
    "*",
    "'",
    "\u00ad",
    "\u0301",
    "İ",
    "1",
]


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(PIECES)))
def test_the_parts_of_any_word_lie_in_it_one_after_the_other(pieces: list[str]) -> None:
    word = "".join(pieces)
    parts = german.parts_in(word)
    places = [place for part in parts for place in (part.begin, part.end)]
    assert all(0 <= part.begin < part.end <= len(word) for part in parts)
    assert places[::2] == sorted(places[::2])
    assert places[1::2] == sorted(places[1::2])


def test_long_words_with_a_wanted_part_are_not_kept_in_memory() -> None:
    wanted = Wanted({german.terms("Haus")[0].text: Reason("Haus", "word")})
    kept = []
    for letter in "abc":  # what is made once is no part of the least
        tracemalloc.start()
        for number in range(5):
            assert "<mark>" in snippet(f"Ein Haus-{number}{letter * 50_000} steht.", replace(wanted, forms={}))
        gc.collect()
        kept.append(tracemalloc.get_traced_memory()[0])
        tracemalloc.stop()
    assert min(kept) < 100_000


@pytest.mark.parametrize(
    ("query", "reasons"),
    [
        ("US-Präsident", [("US-Präsidenten", "form")]),
        ("US-Kanzler", [("US-Präsidenten", "apart"), ("Kanzler", "apart"), ("US-Minister", "apart")]),
        ("Kraftwerk Quasten", [("Gaskraftwerk", "part")]),
        ("Kraftwerk ODER Gas", [("Gaskraftwerk", "part"), ("Gaskraftwerk", "part")]),
        ("Kraftwerk Gas", [("Gaskraftwerk", "pair")]),
        ("Kraftwerk mit Gas", [("Gaskraftwerk", "pair")]),
        ("Hamburg", [("Hamburger", "form")]),
    ],
)
def test_parts_are_a_reason_where_the_word_itself_is_not(
    make_index: MakeIndex, query: str, reasons: list[tuple[str, str]]
) -> None:
    text = "Des US-Präsidenten Kanzler und der US-Minister im Hamburger Gaskraftwerk. Viel Kraft!"
    (hit,) = make_index([{"id": "x", "title": "T", "text": text}]).search(Request(parse(query).tree, explain=True)).hits
    assert [(why.form, why.rule) for why in hit.why or ()] == reasons


def test_a_word_is_marked_behind_the_hyphen_of_an_abbreviation(make_index: MakeIndex) -> None:
    text = "Der FC-St.-Pauli-Spieler verlor. Die Spieler von Pauli weinten."
    (hit,) = make_index([{"id": "x", "title": "T", "text": text}]).search(Request(parse("Pauli-Spieler").tree)).hits
    assert hit.snippet == "Der FC-St.-<mark>Pauli-Spieler</mark> verlor. Die Spieler von Pauli weinten."


def test_a_word_is_marked_once(make_index: MakeIndex) -> None:
    engine = make_index(
        [{"id": "x", "title": "T", "text": "Putin kam. Putin's Zug, Benzin- und Heizölpreise, Benzin."}]
    )
    for query, marked in {
        "Putin": "<mark>Putin</mark> kam. <mark>Putin's</mark> Zug, Benzin- und Heizölpreise, Benzin.",
        "Benzin": "Putin kam. Putin's Zug, <mark>Benzin-</mark> und Heizölpreise, <mark>Benzin</mark>.",
    }.items():
        (hit,) = engine.search(Request(parse(query).tree, explain=True)).hits
        assert hit.snippet == marked
        assert sorted(why.count for why in hit.why or ()) == [1, 1]


def test_a_compound_that_stands_in_short_is_marked_where_it_begins(make_index: MakeIndex) -> None:
    text = "Putin, Benzin- und Heizölpreise, Benzin und Benzin-, Gas- und Strompreise."
    engine = make_index([{"id": "x", "title": "T", "text": text}])
    for query, marked in {"Benzinpreis": ["Benzin-", "Benzin-"], "Gaspreise Preis": ["Gas-"]}.items():
        (hit,) = engine.search(Request(parse(query).tree, explain=True)).hits
        assert [mark for mark in re.findall("<mark>(.*?)</mark>", hit.snippet) if mark != "preise"] == marked
        assert (query.split()[0], marked[0], "form") in [(why.word, why.form, why.rule) for why in hit.why or ()]


def test_of_a_number_no_part_is_marked(make_index: MakeIndex) -> None:
    (hit,) = (
        make_index([{"id": "x", "title": "T", "text": "Auf 50,3 und 1,50 von 50 am 50.1.1950."}])
        .search(Request(parse("50 Mark").tree))
        .hits
    )
    assert hit.snippet == "Auf 50,3 und 1,50 von <mark>50</mark> am <mark>50</mark>.1.1950."


@pytest.mark.parametrize("query", ["Berlin", "der", "Mauer Berlin", "präs*", '"in der"', "Kanzlr~", "Wahl ODER Krieg"])
def test_a_snippet_is_a_passage_of_its_article(seeds: Engine, query: str) -> None:
    hits = seeds.search(Request(parse(query).tree, size=100)).hits
    assert hits
    for hit in hits:
        document = seeds.get(hit.id)
        assert document is not None
        passage = unescape(re.sub("</?mark>", "", hit.snippet)).removeprefix("… ").removesuffix(" …")
        assert passage in " ".join(f"{document.article.lead} {document.article.text}".split())


def test_function_words_are_marked_where_only_they_and_pairs_of_them_are_wanted() -> None:
    terms = {"der": Reason("der", "word"), "derdi": Reason("der die", "pair")}
    assert snippet("Der Turm.", Wanted(terms)) == "<mark>Der</mark> Turm."
    assert snippet("Der Turm.", Wanted(terms | {"turm": Reason("Turm", "word")})) == "Der <mark>Turm</mark>."


def test_what_no_hyphen_joins_is_marked(make_index: MakeIndex) -> None:
    text = "Die Boeing 737-500 von 2008-2012 in der „Bild“-Zeitung."
    (hit,) = make_index([{"id": "x", "title": "T", "text": text}]).search(Request(parse("500 2012 Zeitung").tree)).hits
    assert re.findall("<mark>(.*?)</mark>", hit.snippet) == ["500", "2012", "Zeitung"]

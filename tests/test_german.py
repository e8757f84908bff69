"""German as data, and what holds for any text.

The cases of ``cases/german``: two words that meet in one term or stay apart, a word's parts, all terms of a word.
"""

from __future__ import annotations

import ast
import gzip
import json
import re
import subprocess
import sys
import threading
import time
import unicodedata
from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest
from conftest import WIKINEWS, needs_corpora
from hypothesis import example, given, settings
from hypothesis import strategies as st

from search import german, spans
from search.german import analysis, chain, compounds, frequent, running, tokens
from search.lexicon.german_apart import read_apart
from search.lines import Line, read_lines
from search.snippets import Reason, Wanted
from search.variants import BUILT_IN

HERE = Path(__file__).parent
CASES = HERE / "cases" / "german"
LEXICON = HERE.parent / "search" / "lexicon"

GERMANISH = st.text(
    st.sampled_from("aeioubcdfghklmnprstvwzäöüßAEIOUBDGHKMNRSTWÄÖÜ-'’*:_/().,0123456789 \n\xa0\u00ad\u0308&éğ😀שא")
)


def rows(name: str) -> list[tuple[str, str]]:
    """The lines of a case file: two columns with a tab between them."""
    lines = (CASES / f"{name}.tsv").read_text(encoding="utf-8").splitlines()
    return [tuple(line.split("\t")) for line in lines if not line.startswith("#")]  # type: ignore[misc]


def word(surface: str) -> str:
    return german.terms(surface)[0].text


def parts(surface: str) -> list[str]:
    return [term.text for term in german.terms(surface) if term.kind == "part"]


def test_there_are_enough_cases() -> None:
    assert sum(len(rows(name)) for name in ("meet", "apart", "apart_exact")) >= 150
    assert min(len(rows(name)) for name in ("parts", "terms", "apart_exact")) >= 15


@pytest.mark.parametrize(("left", "right"), rows("meet"))
def test_these_meet(left: str, right: str) -> None:
    assert word(left) == word(right)
    assert [token.surface for token in german.tokenize(left)] == [left], "one token"


@pytest.mark.parametrize(("left", "right"), rows("apart"))
def test_these_stay_apart(left: str, right: str) -> None:
    assert word(left) != word(right)


def test_words_with_a_stem_of_their_own_share_it_with_no_other() -> None:
    stems = []
    for one in read_apart():
        asked = [german.query_terms(lemma) for lemma in set(one.lemmas) - one.not_theirs]
        if asked:
            common = set.intersection(*({each.word, each.verb} - {""} for each in asked))
            assert common, one.lemmas
            stems += common & {one.stem}
    assert len(set(stems)) == len(stems) > 2000


@pytest.mark.parametrize(("left", "right"), rows("apart_exact"))
def test_exact_forms_stay_apart(left: str, right: str) -> None:
    assert german.exact(left) != german.exact(right)


@pytest.mark.parametrize(("surface", "expected"), rows("parts"))
def test_parts_of_compounds(surface: str, expected: str) -> None:
    assert parts(surface) == expected.split()


@pytest.mark.parametrize(("surface", "expected"), rows("terms"))
def test_all_terms_of_a_word(surface: str, expected: str) -> None:
    sign = {"word": "", "part": "=", "joined": "+"}
    assert [sign[term.kind] + term.text for term in german.terms(surface)] == expected.split()


@pytest.mark.parametrize(
    ("part", "compound"),
    [
        ("Regierung", "Bundesregierung"),
        ("Wahl", "Bundestagswahl"),
        ("Wahlkampf", "Bundestagswahlkampf"),
        ("Waffen", "Waffenlieferungen"),
        ("Lieferung", "Waffenlieferungen"),
        ("Krieg", "Ukraine-Krieg"),
        ("Ukraine", "Ukrainekrieg"),
        ("Bundestag", "CDU-Bundestagsfraktion"),
        ("Sprache", "Sprachkurs"),
        ("Bürger", "Bürgermeister"),
        ("Währung", "Währungsunion"),
    ],
)
def test_a_part_finds_its_compound(part: str, compound: str) -> None:
    found = german.indexed(compound)
    assert word(part) in found.parts
    assert word(part) not in found.words, "below the word itself"


@pytest.mark.parametrize(
    ("left", "right", "compound"),
    [
        ("Waffen", "Lieferung", "Waffenlieferungen"),
        ("Waffe", "Lieferungen", "Waffen-Lieferung"),
        ("Bundestag", "Wahl", "Bundestagswahlen"),
        ("Ukraine", "Krieg", "Ukrainekriegs"),
        ("Schule", "Ferien", "Schulferien"),
        ("Universität", "Klinik", "Universitätsklinik"),
    ],
)
def test_two_words_find_the_compound_that_they_form(left: str, right: str, compound: str) -> None:
    assert german.pair(left, right) == word(compound)


def test_how_a_query_asks() -> None:
    closed, hyphened = analysis.CLOSED_PARTS_WEIGHT, analysis.HYPHEN_PARTS_WEIGHT
    assert german.query_terms("Krieg") == ("krieg", (), closed, False, "", (), ())
    parts, between = ("ukrain", "krieg"), ("Ukraine", "Krieg")
    assert german.query_terms("Ukraine-Krieg") == ("ukrainkrieg", parts, hyphened, False, "", (), between)
    assert german.query_terms("Ukrainekrieg") == ("ukrainkrieg", parts, closed, False, "", (), ())
    assert german.query_terms("20-Jähriger") == ("20jahrig", ("20", "jahrig"), hyphened, True, "", (), ())
    assert german.taken_apart("Friedensverträge") == ["Frieden", "Verträge"]
    assert german.taken_apart("Bahnhofstraße") == ["Bahnhof", "Straße"]
    assert german.taken_apart("Bundesregierung") == ["Bund", "Regierung"]
    others = ("Krieg", "Ukraine-Krieg", "Steinmeier", "Landmann", "Waldorf", "1945", "Rhein/Ruhr")
    assert not any(map(german.taken_apart, others))
    women = ("bürgermeisterin", "bürgermeisterinnen")
    assert german.query_terms("Bürgermeisterinnen").women == german.query_terms("BÜRGERMEISTERIN").women == women
    assert not any(german.query_terms(word).women for word in ("Benzin", "Berlin", "beginnen", "Minister", "in"))


@pytest.mark.parametrize(
    ("form", "noun", "verb"),
    [
        ("schloss", "Schlösser", "geschlossen"),
        ("gefahren", "Gefahr", "fuhr"),
        ("waren", "Ware", "war"),
    ],
)
def test_a_capital_letter_tells_a_noun_from_a_verb(form: str, noun: str, verb: str) -> None:
    assert word(form) == word(verb) != word(noun)
    assert word(form.capitalize()) == word(form.upper()) == word(noun)
    # who types in small letters may mean either
    assert german.query_terms(form)[::4] == (word(noun), word(verb))
    assert german.query_terms(form.capitalize())[::4] == (word(noun), "")
    assert german.phrases(f"er {form}") == [(word("er"), word(noun)), (word("er"), word(verb))]
    assert german.exact(form) == german.exact(form.capitalize())


@pytest.mark.parametrize(("form", "noun", "verb"), [("landen", "Land", "gelandet"), ("feuern", "Feuer", "gefeuert")])
def test_an_infinitive_is_typed_for_the_verb(form: str, noun: str, verb: str) -> None:
    assert word(form) == word(verb) != word(noun)
    assert word(form.capitalize()) == word(noun)
    assert german.query_terms(form)[::4] == (word(verb), "")
    assert word(noun) in {terms[-1] for terms in german.phrases(f"aus {form}")}


@pytest.mark.parametrize(("form", "noun"), [("gründe", "Grund"), ("festnahmen", "Festnahme"), ("fahrt", "Fahrten")])
def test_what_is_hardly_written_small_is_the_noun(form: str, noun: str) -> None:
    assert word(form) == word(form.capitalize()) == word(noun)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Wagen", "Lastwagen"),
        ("Messe", "Messen"),
        ("Schütze", "Schützen"),
        ("nähern", "näherte"),
        ("gebühren", "Gebühr"),
    ],
)
def test_nouns_and_verbs_keep_their_forms(one: str, other: str) -> None:
    asked = german.query_terms(one)
    assert {asked.word, asked.verb} & {term.text for term in german.terms(other)}


@pytest.mark.parametrize(
    ("text", "surfaces"),
    [
        ("Der Ukraine-Krieg, heute.", ["Der", "Ukraine-Krieg", "heute"]),
        ("Klima- und Umweltschutz", ["Klima-", "und", "Umweltschutz"]),
        ("(Bürger*innen) „Bürger:innen“", ["Bürger*innen", "Bürger:innen"]),
        ("am 28.12.2024, 10.000 Euro, 1,5 Mio.", ["am", "28", "12", "2024", "10.000", "Euro", "1,5", "Mio"]),
        ("2004-2005 F-16 20-jährige", ["2004", "2005", "F-16", "20-jährige"]),
        ("Hans' Hut, Putin’s Rede", ["Hans'", "Hut", "Putin’s", "Rede"]),
        ("Uhr: 14:30 Berlin:innen", ["Uhr", "14", "30", "Berlin:innen"]),
        ("10\xa0000 Euro", ["10\xa0000", "Euro"]),
        (
            "die Bundes-\nregierung, Hieb-\nund Stichwaffen",
            ["die", "Bundes-\nregierung", "Hieb-", "und", "Stichwaffen"],
        ),
        ("der Ukraine-\nKrieg, HIEB-\nUND", ["der", "Ukraine-\nKrieg", "HIEB-", "UND"]),
        ("Bund – Länder - Kreise", ["Bund", "Länder", "Kreise"]),
        ("z.B. U.S.A.", ["z.B.", "U.S.A."]),
        (
            "Hier z. B. und Z. B. so, d. h. nun i. d. R.",
            ["Hier", "z. B.", "und", "Z. B.", "so", "d. h.", "nun", "i. d. R."],
        ),
        ("am 1.5. um 14.30 Uhr 1.5 Mio. Euro", ["am", "1", "5", "um", "14", "30", "Uhr", "1.5", "Mio", "Euro"]),
        ("😀 Grüße 👩‍👩‍👧", ["Grüße"]),
    ],
)
def test_tokens(text: str, surfaces: list[str]) -> None:
    assert [token.surface for token in german.tokenize(text)] == surfaces


@pytest.mark.parametrize(
    ("text", "completed"),
    [
        ("Hieb- und Stichwaffen", "Hiebwaffen"),
        ("Ein- und Ausfuhr", "Einfuhr"),
        ("Klima- und Umweltschutz", "Klimaschutz"),
        ("Bundes-, Landes- und Kommunalwahlen", "Bundeswahlen"),
        ("Innen- sowie Außenminister", "Innenminister"),
        ("Wirtschafts- und Umwelt-Politik", "Wirtschaftspolitik"),
    ],
)
def test_elided_compounds_are_completed(text: str, completed: str) -> None:
    found = german.indexed(text)
    assert found.words[word(completed)] == [0]
    assert found.length == len(german.tokenize(text))


@pytest.mark.parametrize(
    ("text", "verb", "position"),
    [
        ("Der Minister trat am Montag nach langem Streit zurück.", "zurückgetreten", 2),
        ("Er sagte: „Das schließt sich aus“, und gab auf", "ausschließen", 3),
        ("Um 8.30 Uhr, d. h. spät, gab sie ihr Amt auf; sie gab es gern.", "aufgeben", 6),
        ("Für das laufende Jahr gab die Bank eine Warnung aus!", "ausgegeben", 4),
        ("Sie gab, ge-\nsagt, getan, nicht auf: nahm sie in 10\xa0000 Jahren teil?", "teilnehmen", 6),
        ("Minister tritt zurück", "zurücktreten", 1),
        ("Sie liest am Abend weiter.", "weiterlesen", 1),
        ("Der Verein gewinnt neue Mitglieder hinzu.", "hinzugewinnen", 2),
        ("Danach tritt Merk (SPD) am Montag zurück.", "zurücktreten", 1),
        ("Sie kündigte dem „Boten“ ihren Abschied an.", "ankündigen", 1),
        ("Das Gericht hob die Strafe auf und lobte den Anwalt.", "aufheben", 2),
        ("Er nahm den Hut ab – und ging.", "abnehmen", 1),
        ("Danach tritt Merk (68, Grüne) zurück.", "zurücktreten", 1),
        ("Sie nahm am 4. Juni an einem Rennen teil.", "teilnehmen", 1),
        ("Mit J. D. Salinger tritt Dr. Merk auf.", "auftreten", 4),
        ("Danach forderten sie Schüler und Lehrer auf, zu gehen.", "auffordern", 1),
        ("Sie nahm den Fahrer sowie die zwei Zeugen fest.", "festnehmen", 1),
        ("Sie gab ihren Abschied bekannt.", "bekanntgeben", 1),
        ("Die Entführer ließen alle Geiseln frei.", "freilassen", 2),
        ("Die Beamten nahmen drei Männer fest.", "festgenommen", 2),
        ("Dann griffen sie das Lager an.", "angegriffen", 1),
        ("Das Land führte die Steuer ein.", "eingeführt", 2),
        ("Die Wehr rückte zweimal aus.", "ausrücken", 2),
        ("Die Lage schläft nie ein.", "einschlafen", 2),
    ],
)
def test_a_verb_whose_prefix_stands_apart_has_both_words(text: str, verb: str, position: int) -> None:
    found = german.indexed(text)
    assert found.words[word(verb)] == [position]
    written = [token.surface for token in german.tokenize(text)]
    assert (found.length, set(found.exact)) == (len(written), set(map(german.exact, written)))


@pytest.mark.parametrize(
    ("text", "verb"),
    [
        ("Er trat zurück in den Saal.", "zurücktreten"),
        ("Er gab nach. Das fiel auf.", "aufgeben"),
        ("Er gab und das fiel auf.", "aufgeben"),
        ("Er gab ihr Geld und die Mutter fiel auf.", "aufgeben"),
        ("Er gab ihr Geld und die Tür war auf.", "aufgeben"),
        ("Er gab ihr Geld und später auf.", "aufgeben"),
        ("Er gab (wie man auch heute noch weiß) auf.", "aufgeben"),
        ("Sie standen vor und hinter dem Tor.", "vorstehen"),
        ("Sie fuhren ab und bis Bonn.", "abfahren"),
        ("Das sah er in ein und demselben Jahr.", "einsehen"),
        ("Das Laufen fiel auf.", "auflaufen"),
        ("Weitere Gruppen schieden aus.", "ausweiten"),
        ("Ins Netz gegangen bricht alles zusammen.", "zusammengehen"),
        ("Das alles, sagte der Minister weiter.", "weitersagen"),
        ("Er gab " + 16 * "ihm " + "auf.", "aufgeben"),
    ],
)
def test_no_prefix_belongs_to_a_verb_of_another_clause(text: str, verb: str) -> None:
    assert word(verb) not in german.indexed(text).words


@pytest.mark.parametrize(
    "word", ["Ukraine-Krieg", "US-amerikanisch", "20-jährige", "israelisch-palästinensischer", "BUNDES-REGIERUNG"]
)
def test_a_hyphen_stays_where_a_line_ends_behind_it(word: str) -> None:
    broken = word.replace("-", "-\n")
    assert german.indexed(broken) == german.indexed(word)
    assert [broken[part.begin : part.end].rstrip("-\n") for part in german.parts_in(broken)] == word.split("-")


@pytest.mark.parametrize(
    ("divided", "whole"), [("Zuk-\nker", "Zucker"), ("entwik-\nkelt", "entwickelt"), ("Ak-\nkord", "Akkord")]
)
def test_ck_is_whole_again_that_was_divided_at_the_end_of_a_line(divided: str, whole: str) -> None:
    assert german.indexed(f"{divided} Musik-\nkritik") == german.indexed(f"{whole} Musikkritik")


@pytest.mark.parametrize(("sign", "name"), [("25 %", "25 Prozent"), ("5€", "5 Euro"), ("§ 218", "Paragraph 218")])
def test_signs_are_words(sign: str, name: str) -> None:
    assert german.indexed(sign).words == german.indexed(name).words
    assert [token.start for token in german.tokenize(sign)] == [0, len(sign.rstrip("%€218"))]


@pytest.mark.parametrize(
    ("whole", "beginning"),
    [
        ("günstig", "guensti"),
        ("Müllabfuhr", "Muell"),
        ("Straßenbahn", "Strasse"),
        ("Quelle", "Quel"),
        ("Ukraine-Krieg", "ukrainek"),
        ("Erdoğan", "erdogan"),
        ("Israel", "Isra"),
        ("Ärzte", "aerz"),
    ],
)
def test_fold_of_a_beginning(whole: str, beginning: str) -> None:
    assert german.fold(whole).startswith(german.fold(beginning))


@given(GERMANISH | st.text())
@example("UEUE")
@settings(max_examples=300, deadline=None)
def test_any_text_goes_through(text: str) -> None:
    tokens = german.tokenize(text)
    found = german.indexed(text)
    assert found.length == len(tokens)
    assert all(text[token.start : token.end] == token.surface for token in tokens)
    for position, token in enumerate(tokens):
        first, *others = german.terms(token.surface)
        assert first.kind == "word"
        assert first.text
        assert position in found.words[first.text]
        assert all(term.text and position in found.parts[term.text] for term in others)
        exact = german.exact(token.surface)
        assert position in found.exact[exact]
        assert german.fold(exact) == german.fold(token.surface) == german.fold(german.fold(exact))
    surfaces = german.surfaces(text)
    assert german.fold_all([surface.lower() for surface in surfaces]) == list(map(german.fold, surfaces))
    for field in found[:3]:
        assert all(places == sorted(set(places)) for places in field.values())


@given(GERMANISH | st.text())
@settings(max_examples=300, deadline=None)
def test_any_word_has_all_forms(surface: str) -> None:
    assert german.terms(surface)[0].kind == "word"
    assert len({term.text for term in german.terms(surface)}) == len(german.terms(surface))
    assert isinstance(german.exact(surface), str)


@given(st.text("abcdefgaeiouäöüßABEOUÄÖÜ", max_size=20), st.integers(0, 20))
def test_fold_of_any_beginning(surface: str, length: int) -> None:
    assert german.fold(surface).startswith(german.fold(surface[:length]))


@given(st.text("aeioubdgklmnrstäöüßAEOUÄÖÜ-", min_size=1, max_size=30))
def test_other_unicode_forms_meet(surface: str) -> None:
    assert word(unicodedata.normalize("NFD", surface)) == word(surface)
    assert german.exact(unicodedata.normalize("NFD", surface)) == german.exact(surface)


def test_women_meet_men() -> None:
    """Every feminine in -in of the word lists has the word term of its masculine."""
    words = compounds.lexicon()
    pairs = [(form, man) for form, man in words.men.items()]
    pairs += [
        (form, man)
        for form in words.stems
        if form.endswith("innen") and (man := form.removesuffix("innen")) in words.heads
    ]
    assert len(pairs) > 2000
    apart = [(form, man) for form, man in pairs if word(form) != word(man)]
    assert len(apart) <= 0.005 * len(pairs), apart


def test_many_words_at_once_are_analysed_as_each_alone() -> None:
    """Few words go through the chain, many are looked up first among those that went through it when it was built."""
    words = (LEXICON / "german-review.txt").read_text(encoding="utf-8").split()
    words += [form for name in ("meet", "apart", "apart_exact", "parts") for row in rows(name) for form in row[:1]]
    words = sorted({form.lower() for form in words} | {*list(compounds.lexicon().heads)[::20]})
    assert len(words) > 4000
    looked_up = dict(zip(words, frequent.known(words), strict=True))
    assert sum(map(bool, looked_up.values())) > 2000
    together = analysis.analyse(words)
    for index, form in enumerate(words):
        alone = analysis.analyse([form])
        assert alone.words[0] == together.words[index], form
        assert alone.exact[0] == together.exact[index]
        assert alone.inside.get(0) == together.inside.get(index), form


PIECES = [*"zBDS.,-‐15%€'’*:/()_ß&„“x", "23", "456", "Mio", "Haus", "in", "innen", "und", "bis", "1.5", "Klima-", "z."]
PIECES += [
    "trat ",
    "zurück.",
    "gab",
    "auf, ",
    " zurück",
    " auf ",
    "(CDU)",
    "§",
    "k-\nk",
    " und ",
    "4.",
    "(68, ",
    "CDU)",
    "nahm ",
]
PIECES += [" ", " ", "\n", "\t", "\xa0", "\u2009", "\x1c", "\x85", "\u00ad", "\u0301", "¬", "İ", "😀"]


texts_of_pieces = st.one_of(st.text(), st.lists(st.sampled_from(PIECES), max_size=12).map("".join))


@pytest.mark.long
@settings(max_examples=500, deadline=None)
@given(st.lists(texts_of_pieces, min_size=1, max_size=10), st.integers(1, 4))
def test_many_texts_as_numbers_are_each_as_it_is_alone(texts: list[str], at_once: int) -> None:
    analyzer = german.Analyzer()
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(running, "LEARNT_AT_ONCE", at_once)
        for text in texts:
            analyzer.add(text)
        found = analyzer.take()
    terms, exacts = list(analyzer.terms), list(analyzer.exacts)
    ends = np.cumsum(analyzer.many_inside)
    begins = np.cumsum(found.lengths) - found.lengths
    for number, text in enumerate(texts):
        expected = german.indexed(text)
        assert found.lengths[number] == expected.length
        own = found.words[begins[number] :][: expected.length].tolist()
        elided = [(place, kind) for of, place, kind in found.elided if of == number]
        words, parts, exact = (defaultdict[str, set[int]](set) for _ in range(3))
        for place, kind in [*enumerate(own), *elided]:
            words[terms[analyzer.word[kind]]].add(place)
            for term in analyzer.inside[ends[kind] - analyzer.many_inside[kind] : ends[kind]]:
                parts[terms[term]].add(place)
        for place, kind in enumerate(own):
            exact[exacts[analyzer.exact[kind]]].add(place)
        for got, wanted in ((words, expected.words), (parts, expected.parts), (exact, expected.exact)):
            assert {term: sorted(places) for term, places in got.items()} == wanted


@pytest.mark.long
@settings(max_examples=2000, deadline=None)
@given(texts_of_pieces)
def test_the_words_of_chunks_are_those_of_the_text(text: str) -> None:
    chunks = text.split()
    if not any(map(tokens.is_open, chunks)) and not tokens.reaches(text):
        assert [word for chunk in chunks for word in german.surfaces(chunk)] == german.surfaces(text)


def test_nearly_every_text_can_be_cut_into_chunks() -> None:
    text = "Am 3. Mai, so „Die Zeit“, kam Dr. Meyer (48) nach Bad Orb; 10.000 Euro, 20-jährige, U.S.A.: Putin's E-Mail!"
    assert not tokens.reaches(text)
    assert not any(map(tokens.is_open, text.split()))


UNITS = ["a-", "10.000", "a'", "(in", "א", "a*innen", "-\na", "😀", "z.", "\u0308", "_"]


@pytest.mark.parametrize(
    ("unit", "size"), [("Bundes", 10_000_000), ("a\u0308", 10_000_000), *[(unit, 500_000) for unit in UNITS]]
)
def test_long_words_take_linear_time(unit: str, size: int) -> None:
    began = time.process_time()
    found = german.indexed(unit * (size // len(unit)))
    assert time.process_time() - began < 10, "one second on an idle machine; a square would be hours"
    assert all(len(term) <= 4 * chain.MAX_WORD for term in found.words)


@pytest.mark.long
@pytest.mark.parametrize(
    "unit", ["Hieb- und Stichwaffen, ", "Hieb‐ und Bund- ", "z. B. ", "a- ", "gab es auf, ", "gab "]
)
def test_many_words_that_hang_together_take_linear_time(unit: str) -> None:
    analyzer = german.Analyzer()
    text = unit * (400_000 // len(unit))
    began = time.process_time()
    analyzer.add(text)
    assert len(analyzer.take().words) == german.indexed(text).length
    assert time.process_time() - began < 20, "two seconds on an idle machine at most; a square takes 45"


WORDS = st.sampled_from(["Klima", "Schutz", "Klima-Schutz", "Klimaschutz", "Klimas", "ein", "Ein", "Straße", "ß", "I"])
BETWEEN = st.sampled_from([" ", ", ", ". ", "\n", " (", ") "])


@given(st.lists(st.tuples(WORDS, BETWEEN), max_size=12), st.sets(WORDS))
def test_wanted_words_are_marked_wherever_they_stand(pairs: list[tuple[str, str]], chosen: set[str]) -> None:
    text = "".join(part for pair in pairs for part in pair)
    exact = {german.exact(word): Reason(word, "exact") for word in chosen}
    expected = [(token.start, token.end) for token in german.tokenize(text) if german.exact(token.surface) in exact]
    assert list(spans(text, Wanted(exact=exact))) == expected


@given(st.lists(st.text("aäßbeinstru-1.", min_size=1, max_size=12)), st.data())
def test_words_meet_the_terms_that_they_have(words: list[str], data: st.DataObject) -> None:
    own = [{term.text for term in german.terms(word)} for word in words]
    wanted = data.draw(st.sets(st.sampled_from(sorted(set().union(*own))))) if words else set()
    assert german.meeting(words, wanted) == [not wanted.isdisjoint(terms) for terms in own]


def test_threads_agree() -> None:
    surfaces = [f"Bundesregierung{number}-Wahlkämpfe" for number in range(2000)]
    expected = [f"bundesregierung{number}wahlkampf" for number in range(2000)]
    answers: list[list[str]] = []
    threads = [threading.Thread(target=lambda: answers.append([word(one) for one in surfaces])) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [expected] * 4


def test_the_word_lists_are_spelled_as_the_chain_spells() -> None:
    words = compounds.lexicon()
    for group in (words.heads, words.modifiers, words.whole):
        lines = "\n".join(group)
        assert chain.through(chain.LETTERS, lines) == lines


def test_the_word_lists_are_small_and_have_their_licence() -> None:
    lists = sorted(LEXICON.glob("german-*.gz"))
    assert lists
    assert sum(path.stat().st_size for path in lists) < 1_000_000
    assert frequent.FILE.stat().st_size < 6_000_000
    notice = (LEXICON / "NOTICE.md").read_text(encoding="utf-8")
    assert frequent.FILE.name in notice
    for path in lists:
        assert path.name in notice
        assert gzip.decompress(path.read_bytes())


def test_every_step_of_the_chain_says_what_it_is_for() -> None:
    for steps in (chain.AS_WRITTEN, chain.LETTERS, chain.STEM):
        assert all(step.__doc__ for step in steps)
    tree = ast.parse(Path(chain.__file__).read_text(encoding="utf-8"))
    listed = {step.__name__ for steps in (chain.AS_WRITTEN, chain.LETTERS, chain.STEM) for step in steps}
    assert listed <= {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


COLD_RATIO, WARM_RATIO = 0.5, 2.0
"""How many times as fast as the peer, at least: a third of what was measured, as others may use the machine, too."""

BENCHMARK = """
import gc, json, resource, sys, time
texts = [record["title"] + "\\n\\n" + record["text"] for record in map(json.loads, open(sys.argv[1], encoding="utf-8"))]
from whoosh.analysis import LanguageAnalyzer
peer = LanguageAnalyzer("de")
from search import german
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
gc.disable()  # as indexing does
def timed(work):
    began = time.process_time()
    return work(), time.process_time() - began
def all_texts():
    for text in texts:
        analyzer.add(text)
    return analyzer.take()
def load():
    german.terms("Bundestagswahl")
    german.analyses([f"wort{number}" for number in range(100)])
_, load = timed(load)
analyzer = german.Analyzer()
found, cold = timed(all_texts)
again, warm = timed(all_texts)
memory = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
_, other = timed(lambda: [sum(1 for _ in peer(text)) for text in texts])
terms = list(analyzer.terms)
words = [terms[analyzer.word[kind]] for kind in found.words[: found.lengths[0]].tolist()]
alone = [german.terms(surface)[0].text for surface in german.surfaces(texts[0])]
same = (found.words == again.words).all() and words == alone
print(json.dumps(dict(tokens=len(found.words), types=len(analyzer.word), load=load, cold=cold, warm=warm, other=other,
    memory=memory, same=bool(same), words=sorted(set(words)))))
"""


@pytest.mark.long
@needs_corpora
def test_benchmark() -> None:
    """Against Whoosh's own German chain in the same run, since a busy machine slows both."""
    answer = subprocess.run(
        [sys.executable, "-c", BENCHMARK, str(WIKINEWS)], capture_output=True, text=True, check=True, cwd=HERE.parent
    )
    found = json.loads(answer.stdout)
    assert found["tokens"] == 191_022
    assert found["types"] == 31_478
    assert found["same"]
    assert {"1930", "armstrong", "astronaut"} <= set(found["words"])
    assert found["load"] < 0.3, "0.1 s on an idle machine"
    assert found["memory"] < 60
    cold, warm = found["other"] / found["cold"], found["other"] / found["warm"]
    print(f"{found['tokens']:,} tokens of {found['types']:,} kinds, a second of CPU:")
    print(f"cold {found['tokens'] / found['cold']:,.0f} ({cold:.1f} x Whoosh's chain)")
    print(f"warm {found['tokens'] / found['warm']:,.0f} ({warm:.1f} x)")
    print(f"loaded in {found['load']:.2f} s, {found['memory']:.0f} MB")
    assert cold > COLD_RATIO
    assert warm > WARM_RATIO


@needs_corpora
def test_fast_tokens_are_the_same() -> None:
    for line in WIKINEWS.read_text(encoding="utf-8").splitlines()[:200]:
        text = json.loads(line)["text"]
        assert german.surfaces(text) == [token.surface for token in german.tokenize(text)]
        assert not re.search(r"\s", "".join(german.surfaces(text)).replace("\xa0", "").replace("-\n", ""))


def test_deeds_are_nouns_and_verbs_that_have_not_one_stem_and_none_of_another_word() -> None:
    words = ("Raum", "Haft", "Land", "Tag", "Zahl", "Berg", "Schule", "Grund", "nötig", "minder", "Böhr")
    others = {german.word_terms(word) for word in words}
    for line in read_lines(BUILT_IN[-1]):
        assert isinstance(line, Line)
        stems = {german.word_terms(name) for name in (line.name, *line.others)}
        assert line.name[0].islower(), line
        assert len(stems) == 1 + len(line.others), line
        assert not stems & others, line


def test_no_synonym_is_found_without_being_listed() -> None:
    for line in read_lines(BUILT_IN[1]):
        assert isinstance(line, Line)
        names = [line.name, *line.others]
        assert len({german.word_terms(name) for name in names}) == len(names), line

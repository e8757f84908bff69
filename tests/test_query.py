"""The query language: what people type, what it means, and what is said of what was not understood."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from search.query import And, Dates, Everything, Fuzzy, Node, Not, Or, Phrase, Prefix, Word
from search.query_language import MAX_WORDS, NOTE_TEXTS, parse, to_text

A, B, C = Word("a1"), Word("b1"), Word("c1")

MEANINGS: list[tuple[str, Node]] = [
    ("+=8", Word("8", exact=True)),
    ("+=+haus", Word("haus", exact=True)),
    ("", Everything()),
    ("   ", Everything()),
    ("Kursk", Word("Kursk")),
    ("Wo liegt Kursk?", And((Word("Wo"), Word("liegt"), Word("Kursk")))),
    ("Kursk, Rylsk!", And((Word("Kursk"), Word("Rylsk")))),
    ('"in Kursk, jetzt!"', Phrase(("in", "Kursk", "jetzt"))),
    ("ort:Kursk?", Word("Kursk", "place")),
    ("datum:2006, a1", And((Dates("2006", "2006"), A))),
    ("a1 b1", And((A, B))),
    ("a1 UND b1 AND c1", And((A, B, C))),
    ("a1 (b1 c1)", And((A, B, C))),
    ("a1 ODER b1", Or((A, B))),
    ("a1 OR b1 c1", Or((A, And((B, C))))),
    ("(a1 ODER b1) c1", And((Or((A, B)), C))),
    ("a1 -b1", And((A, Not(B)))),
    ("a1 NICHT b1", And((A, Not(B)))),
    ("a1 UND NICHT b1", And((A, Not(B)))),
    ("NOT (a1 b1)", Not(And((A, B)))),
    ("oder und nicht", And((Word("oder"), Word("und"), Word("nicht")))),
    ('"der Mauer"', Phrase(("der", "Mauer"))),
    ("„der Mauer“", Phrase(("der", "Mauer"))),
    ("»der Mauer«", Phrase(("der", "Mauer"))),
    ('"Mauer"', Word("Mauer")),
    ("Am 9.11.1989 in", And((Word("Am"), Phrase(("9.11.1989",)), Word("in")))),
    ('"3:2"', Phrase(("3:2",))),
    ('titel:"UN-Rat"', Phrase(("UN-Rat",), "title")),
    ('person:"Ernst-Albrecht"', Word("Ernst-Albrecht", "person")),
    ("9. November", Phrase(("9.", "November"))),
    ("9. November 1989", And((Phrase(("9.", "November")), Word("1989")))),
    ("9. und 10. november", And((Word("9."), Word("und"), Phrase(("10.", "november"))))),
    ("Köln 1. FC", And((Word("Köln"), Word("1."), Word("FC")))),
    ("Osama bin Laden", And((Word("Osama"), Phrase(("bin", "Laden"))))),
    ("ich bin Lehrer", And((Word("ich"), Word("bin"), Word("Lehrer")))),
    ("bin ein Berliner", And((Word("bin"), Word("ein"), Word("Berliner")))),
    ("25 %", And((Word("25"), Word("%")))),
    ("31. Februar", And((Word("31."), Word("Februar")))),
    ("-9. November", And((Not(Word("9.")), Word("November")))),
    ("(9.) UND November", Phrase(("9.", "November"))),
    ("9. ODER November", Or((Word("9."), Word("November")))),
    ("9. =November", And((Word("9."), Word("November", exact=True)))),
    ("1989. Wahl", And((Word("1989."), Word("Wahl")))),
    ("1. 2", And((Word("1."), Word("2")))),
    ('"ODER"', Word("ODER")),
    ('"datum:1989"', Word("datum:1989")),
    ("~datum:1989", Word("datum:1989")),
    ("~titel:mauer*", Word("titel:mauer")),
    ("klima*", Prefix("klima")),
    ("kli*", Prefix("kli")),
    ("Selenskij~", Fuzzy("Selenskij")),
    ("=Wort", Word("Wort", exact=True)),
    ("titel:Mauer", Word("Mauer", "title")),
    ("Titel:  Mauer", Word("Mauer", "title")),
    ("ort: New York", And((Word("New", "place"), Word("York")))),
    ("datum: 1989..1990", Dates("1989", "1990")),
    ("datum:1989-1990", Dates("1989", "1990")),
    ("datum:1989–1990", Dates("1989", "1990")),
    ("datum:9.11.1989-3.10.1990", Dates("1989-11-09", "1990-10-03")),
    ("datum:11.1989–1990", Dates("1989-11", "1990")),
    ("datum:1989-11-09", Dates("1989-11-09", "1989-11-09")),
    ("TITLE:Mauer", Word("Mauer", "title")),
    ("perſon:Merkel", Word("perſon:Merkel")),
    ("9. Auguſt", Phrase(("9.", "Auguſt"))),
    ('titel:"die Mauer"', Phrase(("die", "Mauer"), "title")),
    ("person:Merkel", Word("Merkel", "person")),
    ('person:"Angela Merkel"', Phrase(("Angela", "Merkel"), "person")),
    ("ort:Wien place:Graz", And((Word("Wien", "place"), Word("Graz", "place")))),
    ("autor:Muster author:Muster", And((Word("Muster", "author"),) * 2)),
    ('-autor:"Erika Muster"', Not(Phrase(("Erika", "Muster"), "author"))),
    ("quelle:FAZ source:faz.net", And((Word("FAZ", "source"), Word("faz.net", "source")))),
    ("Ressort: Sport ODER section:Kultur", Or((Word("Sport", "section"), Word("Kultur", "section")))),
    ('quelle:"9.11.1989"', Word("9.11.1989", "source")),
    ("datum:1989", Dates("1989", "1989")),
    ("date:1989-11..1990", Dates("1989-11", "1990")),
    ("datum:9.11.1989..", Dates("1989-11-09", "")),
    ("datum:..1990", Dates("", "1990")),
    ("datum:9.11.1989..1989-11-09", Dates("1989-11-09", "1989-11-09")),
    ("-datum:1989", Not(Dates("1989", "1989"))),
    ("a1 – b1", And((A, B))),
    ("a1 NICHT – b1", And((A, Not(B)))),
    ("a1 -!!! b1 ( … )", And((A, B))),
    ("titel: – b1", Word("b1", "title")),
    ("a1 : b1 | c1 & ...", And((A, B, C))),
    ("„a1 b1“. c1", And((Phrase(("a1", "b1")), C))),
    ("Moody´s Moody`s Moody‘s", And((Word("Moody’s"),) * 3)),
    ("Ukraine-Krieg", Word("Ukraine-Krieg")),
    ("10:30", Word("10:30")),
    ("Bürger:innen", Word("Bürger:innen")),
    ("e-mail+", Word("e-mail+")),
    ("Mauer:", Word("Mauer:")),
    ("person:titel:", Word("titel:", "person")),
    ('"titel:"', Word("titel:")),
    ("Orte", Word("Orte")),
]


@pytest.mark.parametrize(("text", "tree"), MEANINGS)
def test_meaning(text: str, tree: Node) -> None:
    parsed = parse(text)
    assert parsed.tree == tree
    assert not parsed.notes
    assert parse(to_text(tree)).tree == tree


MISUNDERSTOOD: list[tuple[str, Node, str, int]] = [
    ('a1 "b1 c1', And((A, Phrase(("b1", "c1")))), "unclosed_quote", 3),
    ("(a1 b1", And((A, B)), "unclosed_parenthesis", 0),
    ("a1) b1", And((A, B)), "stray_parenthesis", 2),
    ("a1" + ")" * 990 + "b1", And((A, B)), "stray_parenthesis", 2),
    ("a1 ODER", A, "lone_operator", 3),
    ("a1 UND", A, "lone_operator", 3),
    ("ODER a1", A, "lone_operator", 0),
    ("UND a1", A, "lone_operator", 0),
    ("a1 NICHT", A, "lone_operator", 3),
    ("a1 UND UND b1", And((A, B)), "lone_operator", 7),
    ("a1 titel:(b1)", And((A, B)), "lone_operator", 3),
    ("a1 ©", A, "no_word", 3),
    ("a1 NICHT –", A, "lone_operator", 3),
    ("... – !", Everything(), "no_word", 0),
    ("kl*", Word("kl"), "short_prefix", 0),
    ("*", Everything(), "no_word", 0),
    ("kli*ma", Everything(), "inner_star", 0),
    ("*titel:*", Word("titel:"), "leading_star", 0),
    ("a1 *turm", And((A, Word("turm"))), "leading_star", 3),
    ("=*turm", Word("turm", exact=True), "leading_star", 0),
    ("person:Merk*", Word("Merk", "person"), "plain_in_field", 7),
    ("titel:b1*", Word("b1", "title"), "plain_in_field", 6),
    ("titel:=b1", Word("b1", "title"), "plain_in_field", 6),
    ("quelle:=FAZ", Word("FAZ", "source"), "plain_in_field", 7),
    ("ressort:", Everything(), "lone_operator", 0),
    ("datum:gestern", Everything(), "no_date", 6),
    ("datum:2006..2005", Everything(), "no_date", 6),
    ("a1 -datum:gestern", A, "no_date", 10),
    ('?"a1 b1"', Phrase(("a1", "b1")), "no_word", 0),
    ("titel:", Everything(), "lone_operator", 0),
    ("datum:1989-13", Everything(), "no_date", 6),
    ("(" * 25 + "a1", Everything(), "too_deep", 20),
    ("a " * 100, And((Word("a"),) * MAX_WORDS), "too_many", 128),
    ("a " * MAX_WORDS + '"b c"', And((Word("a"),) * MAX_WORDS), "too_many", 128),
]


@pytest.mark.parametrize(("text", "tree", "code", "position"), MISUNDERSTOOD)
def test_misunderstood(text: str, tree: Node, code: str, position: int) -> None:
    parsed = parse(text)
    assert parsed.tree == tree
    note = parsed.notes[0]
    assert (note.code, note.position) == (code, position)
    assert note.word
    assert str(position + 1) in note.message or "{position}" not in NOTE_TEXTS[code]


def test_what_is_nested_deeply_is_written_no_deeper() -> None:
    tree = parse("".join(f"(a{number} OR b{number} " for number in range(20)) + "x" + ")" * 20).tree
    assert parse(to_text(tree)).tree == tree


def test_one_slip_does_not_fill_the_page_with_notes() -> None:
    assert len(parse("(" * 900).notes) <= 5
    assert len(parse(" ODER ".join(["a"] * 150)).notes) <= 5


def test_long_queries_are_cut() -> None:
    assert parse("wort " * 1000).notes[0].code == "too_long"


pieces = st.sampled_from(
    ["ODER", "UND", "NICHT", "-", "(", ")", '"', "„", "titel:", "person:", "datum:", "=", "*", "~", "..", " ", "  "]
    + ["1989", "1989-11-09", "Mauer", "Wien", "a", "-x", "E-Mail", "10.000", "ö", "\x00", "\n", "a(b", "“"]
    + ["autor:", "source:", "Ressort:"]
)


@example("NICHT (-Mauer)")
@example("a,*")
@given(st.lists(pieces | st.text(max_size=5), max_size=30).map("".join))
def test_any_text_becomes_a_tree_that_can_be_written_and_read_again(text: str) -> None:
    tree = parse(text).tree
    written = to_text(tree)
    assert parse(written).tree == tree
    for note in parse(text).notes:
        assert 0 <= note.position <= len(text)
        assert note.message

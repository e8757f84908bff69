"""Files become articles, and whatever cannot become one is named and passed over."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import RAW_ARTICLE, WIKINEWS, needs_corpora
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from reading import TEXT, Write, articles, errors, everything, only, refusal, to_json, writer, zipped

from search.article import Article
from search.errors import InputError
from search.readers import content_hash, streams
from search.readers.streams import MOST_REFUSED


@pytest.fixture
def write(tmp_path: Path) -> Write:
    return writer(tmp_path)


# --- JSON -------------------------------------------------------------------------------------------------------


def test_a_line_becomes_an_article_with_everything_it_says(write: Write) -> None:
    record = {
        "id": 17, "title": " Ein\nTitel ", "lead": "Vorspann", "date": "28.12.2024", "text": f" {TEXT}\r\n", "url": "https://z/1",
        "authors": "Erika Muster; Max Beispiel", "section": "Politik", "source": "Zeitung", "language": "de-AT",
        "persons": [{"name": "Erika Muster"}], "places": [], "seite": 4, "rubriken": ["a", {"b": None}],
    }  # fmt: skip
    assert only(write("a.jsonl", json.dumps(record))) == Article(
        id="17", title="Ein Titel", lead="Vorspann", date="2024-12-28", text=TEXT, url="https://z/1",
        authors=("Erika Muster", "Max Beispiel"), section="Politik", source="Zeitung", language="de-AT",
        persons=("Erika Muster",), places=(), metadata={"seite": 4, "rubriken": ["a", {"b": None}]},
    )  # fmt: skip


def test_an_id_comes_from_the_address_else_from_the_content(write: Write) -> None:
    made = articles(
        write(
            "a.jsonl",
            "\n".join(
                json.dumps({"title": "T", **record})
                for record in (
                    {"text": "eins", "url": "https://z/1"},
                    {"text": "zwei", "url": "https://z/1"},
                    {"text": "eins"},
                    {"text": "eins", "seite": 1},
                    {"text": "eins", "date": "2024"},
                    {"text": "drei", "url": "https://z"},
                    {"text": "vier", "url": "https://z"},
                )
            ),
        )
    )
    same_address, again, bare, with_page, dated, of_site, of_site_too = (article.id for article in made)
    assert same_address == again
    assert of_site != of_site_too, "the address of a site is that of no article"
    assert bare == with_page
    assert len({same_address, bare, dated}) == 3
    assert all(len(article.id) == 16 and set(article.id) <= set("0123456789abcdef") for article in made)


def test_html_left_in_text_is_read_as_a_browser_shows_it(write: Write) -> None:
    record = {
        "text": "<p id='a'>M&uuml;ller &amp; S&#246;hne<br/>2 &lt; 3</p>\r\n<!-- x --><p>In <b>K&amp;ouml;ln</b>.</p>",
        "title": "Streit &amp;amp; Haushalt", "url": "https://z/?a=1&amp;section=3", "source": "F&amp;Z",
        "authors": "J&ouml;rg M&uuml;ller; Eva", "places": ["K&ouml;ln"],
    }  # fmt: skip
    article = only(write("a.jsonl", json.dumps(record)))
    assert article.text == "Müller & Söhne\n\n2 < 3\n\nIn Köln."
    assert (article.title, article.url, article.source) == ("Streit & Haushalt", "https://z/?a=1&section=3", "F&Z")
    assert (article.authors, article.places) == (("Jörg Müller", "Eva"), ("Köln",))
    raw = "K&ouml;ln, 5. M&auml;rz 2005 (dpa) – Sie kam.<br />\n<br />\nEr ging."
    assert only(write("b.txt", raw)) == only(write("c.txt", "Köln, 5. März 2005 (dpa) – Sie kam.\n\nEr ging."))
    hidden = "<head><title>T</title></head><!-- <p>a</p> --><style>p {}</style><p>Ja.</p><script>if (a<b) c()</script>"
    beside = "<figcaption>Foto: dpa</figcaption>Er <td>ging</td><td>fort</td>.<script>"
    article = only(write("e.jsonl", json.dumps({"title": "T", "text": hidden + beside})))
    assert article.text == "Ja.\n\nFoto: dpa\n\nEr\n\nging\n\nfort\n\n."
    untouched = "https://z/?a=1&section=3&copy=4 von AT&T; 3 < 5, a<b ist wahr, <3, <Name> und <b>fett</b>"
    assert only(write("d.jsonl", json.dumps({"text": untouched, "title": "T"}))).text == untouched


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('{"text": "abc"', "not JSON: Expecting ',' delimiter at column 15"),
        ("[1]", "this is a list, not an article"),
        ('"abc"', "this is a string, not an article"),
        ("{}", 'there is no "text"; put'),
        ('{"body": ["abc"]}', 'there is no "text"; put the article\'s text into "text"'),
        ('{"text": null}', 'there is no "text"'),
        (
            '{"_id": 7, "_source": {"text": "abc"}}',
            'there is no "text"; if its "_source" is the article, write that alone',
        ),
        ('{"items": [{"text": "abc"}]}', 'there is no "text"; if its "items" are articles, rename them to "articles"'),
        ('{"text": 7}', '"text" is a number; make it a string'),
        ('{"text": "\\u0000 \\n"}', '"text" is empty'),
        ('{"text": "a", "id": true}', '"id" is true or false; make it a string or a whole number'),
        ('{"text": "a", "id": "b\\u0007c"}', '"id" contains control characters'),
        ('{"text": "a", "id": "../texte/a.txt"}', '"id" is a path with “.” or “..” in it'),
        ('{"text": "a", "id": "' + 501 * "b" + '"}', '"id" has 501 characters; shorten it to 500, or leave it out'),
        ("[" * 100_000, "nested too deeply"),
        ('{"text": "a", "x": ' + "9" * 5000 + "}", "not JSON: Exceeds the limit"),
    ],
)
def test_a_line_that_is_no_article_is_named_and_the_next_one_read(write: Write, line: str, message: str) -> None:
    path = write("a.jsonl", f'{{"text": "erster"}}\n\n{line}\n{{"text": "letzter"}}')
    assert [article.text for article in articles(path)] == ["erster", "letzter"]
    ((number, fatal, said),) = errors(path)
    assert (number, fatal) == (3, True)
    assert message in said


@pytest.mark.parametrize(
    ("field", "value", "taken"),
    [
        ("date", 2005.0, "2005"),
        ("date", 20050801, "2005-08-01"),
        ("date", 1123200000, "2005-08-05"),
        ("date", 1123200000.25, "2005-08-05"),
        ("date", "1123200000000", "2005-08-05"),
        ("date", "5. August 2005, 10 Uhr", "2005-08-05"),
        ("date", ["2005-08"], "2005-08"),
        ("title", ["Ein Titel"], "Ein Titel"),
        ("source", {"name": "dpa"}, "dpa"),
        ("section", [{"name": "Politik"}], "Politik"),
        ("section", [], ""),
        ("date", [], ""),
        ("authors", "Eva Meier", ("Eva Meier",)),
        ("authors", {"name": "Eva Meier"}, ("Eva Meier",)),
        ("authors", "Von Eva Meier", ("Eva Meier",)),
        ("authors", ["von Eva von Meier", "von Meier"], ("Eva von Meier", "von Meier")),
        ("authors", ["Ursula von der Leyen", "von der Leyen"], ("Ursula von der Leyen", "von der Leyen")),
        ("authors", "von Autor: Eva Meier; Von Eva Meier; von Storch, Beatrix", ("Eva Meier", "von Storch, Beatrix")),
        ("authors", [{"name": "Eva Meier"}, None], ("Eva Meier",)),
        ("persons", "Eva Meier", ("Eva Meier",)),
    ],
)
def test_an_odd_value_that_can_mean_one_thing_is_taken(write: Write, field: str, value: object, taken: object) -> None:
    path = write("a.jsonl", json.dumps({"text": TEXT, field: value}))
    assert getattr(only(path), field) == taken
    assert errors(path) == []


def test_a_lead_that_the_text_repeats_is_none(write: Write) -> None:
    for lead, kept in ((TEXT, ""), (f"{TEXT[:40]} …", ""), ("Ein Vorspann.", "Ein Vorspann.")):
        article = only(write("a.jsonl", json.dumps({"lead": lead, "text": f"Wien (dpa) -\n{TEXT}\n\nMehr."})))
        assert (article.lead, article.text) == (kept, f"Wien (dpa) -\n{TEXT}\n\nMehr.")


def test_fields_are_known_by_what_other_programs_call_them(write: Write) -> None:
    german = {"titel": "Bad zu", "datum": "5.3.2012", "autor": "Eva Meier", "quelle": "Bote", "ressort": "Lokales"}
    feed = {"Headline": "Bad zu", "pubDate": "Mon, 05 Mar 2012 10:00:00 GMT", "author": [{"name": "Eva Meier"}]}
    feed |= {"title": "", "publisher": {"name": "Bote"}, "rubrik": "Lokales", "link": "https://z.example/a"}
    for record in ({"text": TEXT, **german}, {"text": None, "Body": TEXT, **feed}):
        article = only(write("a.jsonl", json.dumps({"seite": 4, **record})))
        assert article.text == TEXT
        assert (article.title, article.date, article.authors) == ("Bad zu", "2012-03-05", ("Eva Meier",))
        assert (article.source, article.section, article.metadata) == ("Bote", "Lokales", {"seite": 4})
    both = {"title": "Unser Titel", "titel": "Ein anderer", "author": 17, "link": ["a", "b"], "published_at": False}
    both |= {"sprache": {"name": "Deutsch"}}
    article = only(path := write("b.jsonl", json.dumps({"text": TEXT, **both})))
    assert (article.title, article.authors, article.url, article.date) == ("Unser Titel", (), "", "")
    assert article.metadata == {key: value for key, value in both.items() if key != "title"}
    assert errors(path) == []


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("date", {}, '"date" is an object and left out; make it a string like "2005-08-05"'),
        ("date", True, '"date" is true or false and left out; make it a string like "2005-08-05"'),
        ("date", 2005.5, '"date" is a number and left out; make it a string like "2005-08-05"'),
        ("title", ["a", "b"], '"title" is a list and left out; make it a string'),
        ("source", {"id": 3}, '"source" is an object and left out; make it a string'),
        ("url", {"name": "https://z/1"}, '"url" is an object and left out; make it a string'),
        ("persons", 3, '"persons" is a number and left out; make it a list of strings'),
        ("places", ["b", 3], '"places" holds a number and is left out; make it a list of strings'),
        ("persons", [None, 5], '"persons" holds a number and is left out; make it a list of strings'),
        ("persons", [False, [], {}], '"persons" holds true or false and is left out; make it a list of strings'),
        ("persons", [{"name": []}], '"persons" holds a list and is left out; make it a list of strings'),
        ("authors", [{}], '"authors" holds an object without "name" and is left out; make it a list of strings'),
        ("x", json.loads("[" * 50 + "]" * 50), '"x" is nested deeper than 32 levels and left out; flatten it'),
    ],
)
def test_an_odd_value_costs_its_field_alone_and_a_warning(
    write: Write, field: str, value: object, message: str
) -> None:
    path = write("a.jsonl", json.dumps({"text": TEXT, "seite": 4, field: value}))
    (article,) = articles(path)
    bare = only(write("b.jsonl", json.dumps({"text": TEXT, "seite": 4})))
    assert replace(article, id=bare.id) == bare
    assert errors(path) == [(1, False, message)]


@pytest.mark.parametrize("date", ["31.02.2024", "gestern", "0001-01-01", "05/08/2004"])
def test_an_impossible_date_is_left_out_with_a_warning(write: Write, date: str) -> None:
    path = write("a.jsonl", json.dumps({"text": TEXT, "date": date}))
    assert [article.date for article in articles(path)] == [""]
    ((line, fatal, message),) = errors(path)
    assert (line, fatal) == (1, False)
    assert f"date “{date}” is impossible or not understood" in message


def test_an_address_that_would_run_something_is_left_out(write: Write) -> None:
    path = write("a.jsonl", json.dumps({"text": TEXT, "url": " java\x00script:alert(1)"}))
    assert [article.url for article in articles(path)] == [""]
    assert "no address of a page" in errors(path)[0][2]


def test_nothing_is_left_that_cannot_be_written_as_utf8(write: Write) -> None:
    text, title = r"a\u0000b\ud800c\u0084d\u2028e\u00adf\u202eg", r"\ud83d\ude00\udfff"
    line = f'{{"text": "{text}", "title": "{title}", "x": {{"\\udc00": "\\u0000y"}}}}'
    article = only(write("a.jsonl", line))
    assert article.text == "ab\ufffdc„d\nefg"
    assert article.title == "😀\ufffd"
    assert article.metadata == {"x": {"\ufffd": "y"}}
    to_json(article).encode()
    content_hash(article)


def test_ligatures_and_the_hyphen_of_blackletter_are_letters_and_hyphen(write: Write) -> None:
    line = '{"text": "Der Reichs⸗Tag\\nſchaﬀt Schiﬀe.", "title": "Steﬀen ﬂieht", "persons": ["Steﬀen Beiſpiel"]}'
    article = only(write("a.jsonl", line))
    assert article.text == "Der Reichs-Tag\nſchafft Schiffe."
    assert (article.title, article.persons) == ("Steffen flieht", ("Steffen Beiſpiel",))
    assert only(write("b.txt", "Die Bundes⸗\nregierung hat ofﬁziell geantwortet, sagte sie.")).text.startswith(
        "Die Bundes-\nregierung hat offiziell"
    )


def test_missing_values_of_data_frames_are_missing(write: Write) -> None:
    article = only(write("a.jsonl", '{"text": "a", "title": NaN, "date": null, "x": Infinity, "y": 1e999}'))
    assert (article.title, article.date, article.metadata) == ("a", "", {"x": None, "y": None})


@pytest.mark.parametrize(
    "content",
    [
        '{\n "text": "eins"\n}',
        '[{"text": "eins"}]',
        '{"articles": [\n{"text": "eins"}]}',
        '{"text": "eins"}',
        '\ufeff[{"text": "eins"}]',
        '[{"text": "eins"}]'.encode("utf-16"),
    ],
)
def test_a_json_file_holds_one_article_or_a_list(write: Write, content: str | bytes) -> None:
    assert only(write("a.json", content)).text == "eins"


def test_json_lines_that_are_called_json_are_read_as_lines(write: Write) -> None:
    path = write("a.json", '{"text": "eins"}\n{"text": 2}\n{"text": "drei"}\n')
    assert [article.text for article in articles(path)] == ["eins", "drei"]
    assert errors(path)[0][0] == 2


@pytest.mark.parametrize("content", ['[\n{"text": "eins"},\n{"text": "zwei"}\n]', '\ufeff\n [{"text": "eins"}]'])
def test_a_list_that_is_called_json_lines_is_one_error(write: Write, content: str) -> None:
    assert refusal(write("a.jsonl", content)).message == "this is a JSON list, not one article a line: name it .json"
    assert len(articles(write("b.jsonl", '["text"]\n{"text": "eins"}'))) == 1


def test_what_is_no_json_at_all_is_not_read_to_its_end(write: Write) -> None:
    found = list(everything(write("a.jsonl", "x\n" * 5000)))
    assert len(found) == MOST_REFUSED + 1
    assert str(found[-1]).endswith("the rest was not read; is it really JSON, one object per line?")
    article, bad = '{"text": "eins"}\n', "x\n" * (MOST_REFUSED - 1)
    path = write("b.jsonl", bad + article + 2 * bad + article)
    assert len(articles(path)) == 2
    assert [line for line, _, _ in errors(path)] == [*range(1, MOST_REFUSED), MOST_REFUSED + 1, None]


@pytest.mark.parametrize("name", ["a.jsonl", "a.json", "a.csv", "a.zip"])
def test_of_many_that_cannot_be_read_behind_an_article_most_are_counted(write: Write, name: str) -> None:
    bad = MOST_REFUSED + 500
    content: dict[str, str | bytes] = {
        "a.jsonl": '{"text": "eins"}\n' + "x\n" * bad + '{"text": "zwei"}\n',
        "a.json": '[{"text": "eins"}, ' + "1, " * bad + '{"text": "zwei"}]',
        "a.csv": "id,text\n,eins\n" + ",a,b\n" * bad + ",zwei\n",
        "a.zip": zipped({"0.txt": "eins", **{f"1{number}.txt": "" for number in range(bad)}, "2.txt": "zwei"}),
    }
    path = write(name, content[name])
    assert [article.text for article in articles(path)] == ["eins", "zwei"]
    *told, more = errors(path)
    assert (len(told), more[:2]) == (MOST_REFUSED, (None, True))
    assert more[2] == "500 more of what it holds cannot be read: mend what is named, then run it again"


def test_in_a_list_the_number_of_the_article_is_named(write: Write) -> None:
    path = write("a.json", '[{"text": "eins"}, 2, {"text": "drei"}]')
    assert [article.text for article in articles(path)] == ["eins", "drei"]
    said = 'article 2 of the list: this is a number, not an article; write an object like {"text": "..."}'
    assert errors(path) == [(None, True, said)]


def test_where_a_json_file_is_broken_is_a_line_of_it(write: Write) -> None:
    error = refusal(write("a.json", '[\n{"text": "eins"},\n{"text" "zwei"}\n]'))
    assert (error.line, "Expecting ':' delimiter at column 9" in error.message) == (3, True)


def test_the_first_damaged_character_has_a_line(write: Write) -> None:
    ((_, fatal, message),) = errors(write("a.txt", f"{UMLAUTS}\n{UMLAUTS}".encode() + b"\n\xff und \xff"))
    assert not fatal
    assert "2 damaged characters in UTF-8 text were replaced, the first in line 3; fetch" in message


@pytest.mark.parametrize(
    ("name", "content"), [("a.json", "[]"), ("a.json", "[{"), ("a.jsonl", "\n\n"), ("a.json", "\n")]
)
def test_a_json_file_without_articles_is_an_error(write: Write, name: str, content: str) -> None:
    refusal(write(name, content))


# --- tables ---

CELL = '"Das ""Bad"" schließt;\n\nbald, heißt es."'


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", f"ID;Titel;Datum;Text\n7;Bad zu;5.3.2012;{CELL}\n;;;\n8;Zwei;;Noch einer\n"),
        ("e.csv", f"sep=;\r\nID;Titel;Datum;Text\n7;Bad zu;5.3.2012;{CELL}\n8;Zwei;;Noch einer\n"),
        ("b.csv", f"id,headline,date,volltext,\r\n7,Bad zu,2012-03-05,{CELL},\r\n8,Zwei,,Noch einer\r\n"),
        ("d.csv", f"id,title,datum,content,text\n7,Bad zu,5.3.2012,,{CELL}\n8,Zwei,,,Noch einer"),
        ("c.tsv", f"Id\tTitel\tDatum\tText\n7\tBad zu\t5.3.2012\t{CELL}\n8\tZwei\t\tNoch einer\n"),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_table_holds_an_article_a_row(write: Write, name: str, content: str, encoding: str) -> None:
    path = write(name, content.encode(encoding))
    one, two = articles(path)
    assert (one.id, one.title, one.date, one.text) == (
        "7",
        "Bad zu",
        "2012-03-05",
        'Das "Bad" schließt;\n\nbald, heißt es.',
    )
    assert (two.id, two.title, two.date, two.text, two.metadata) == ("8", "Zwei", "", "Noch einer", {})
    assert [message.partition(";")[0] for *_, message in errors(path)] == [
        "encoding detected as windows-1252" for _ in range(encoding == "cp1252")
    ]


def test_a_bad_row_is_named_by_its_line_and_the_rest_goes_on(write: Write) -> None:
    path = write("a.csv", f'id;text;n\n1;"{TEXT}\n";\n2;x;y;z\n3;;5\n4;Gut\n')
    assert [article.id for article in articles(path)] == ["1", "4"]
    assert [(line, fatal) for line, fatal, _ in errors(path)] == [(4, True), (5, True)]
    path = write("sep.csv", "sep=;\nid;text\n1;Gut\n2;x;y\n")
    assert [line for line, *_ in errors(path)] == [4]
    path = write("offen.csv", f'id;text\n1;Gut\n2;"{TEXT}\n3;Auch\n')
    assert [article.id for article in articles(path)] == ["1"]
    assert [(line, "never closed" in message) for line, _, message in errors(path)] == [(3, True)]
    (said,) = errors(write("zahlen.csv", "ort;zahl\nWien;5\n"))
    assert (said[1], "no column “text”" in said[2]) == (False, True)
    assert refusal(write("b.csv", b" \n")).message.startswith("the file is empty")
    assert "no article below its first line" in refusal(write("d.csv", "id;text\n;\n")).message
    assert "more than 1,000 columns" in refusal(write("c.csv", "text;" * 2000)).message


# --- raw text ---------------------------------------------------------------------------------------------------


def test_raw_text_gets_its_first_sentence_as_title(write: Write) -> None:
    article = only(
        write("a.txt", f"Am 5. August sprach Dr. Muster z. B. in St. Gallen. {TEXT}\r\n\r\n\r\n \r\nEnde.  \r\n")
    )
    assert article.title == "Am 5. August sprach Dr. Muster z. B. in St. Gallen."
    assert article.text == f"Am 5. August sprach Dr. Muster z. B. in St. Gallen. {TEXT}\n\nEnde."
    assert (article.date, article.language) == ("", "de")


@pytest.mark.parametrize(
    ("text", "title", "left"),
    [
        (f"Streit um den Haushalt\n\n{TEXT}", "Streit um den Haushalt", TEXT),
        (f"Kein Titel.\n\n{TEXT}", "Kein Titel.", f"Kein Titel.\n\n{TEXT}"),
        (f"5. August 2005\n\nEin Titel\n\n{TEXT}", "Ein Titel", f"5. August 2005\n\n{TEXT}"),
        (f"Von Erika Muster\nVon der Leyen gewählt\n\n{TEXT}", "Von der Leyen gewählt", f"Von Erika Muster\n\n{TEXT}"),
        (f"Tweet\n37\nHeute, 10:48 Uhr\nEin Titel\n{TEXT}", "Ein Titel", f"Tweet\n\n37\n\nHeute, 10:48 Uhr\n\n{TEXT}"),
        (f"Kommentare (0)\nvom 5. Mai, 18:26\nEin Titel\n{TEXT}", "Ein Titel", None),
        (f"LOKALES\n\nEin Titel\n\n{TEXT}", "Ein Titel", f"LOKALES\n\n{TEXT}"),
        (f"Politik & Wirtschaft\nEin Titel\n{TEXT}", "Ein Titel", f"Politik & Wirtschaft\n\n{TEXT}"),
        (f"Startseite » Politik » Wiener Wahl\nEin Titel\n{TEXT}", "Ein Titel", None),
        (f"Politik\nInland\nNeue Regierung\n{TEXT}", "Neue Regierung", None),
        (f"Startseite\nPolitik\nSport\nAus Wien\nHessen\nDrei Wörter hier\n\n{TEXT}", "Drei Wörter hier", None),
        (f"Home | Sport | Ein Titel zum Finden\n\n{TEXT}", "Home | Sport | Ein Titel zum Finden", TEXT),
        (f"Sport\nKreisliga A\nNeustadt gewinnt wieder\n\n{TEXT}", "Kreisliga A", None),
        (f"Wissen ist Macht\n\n{TEXT}", "Wissen ist Macht", TEXT),
        (f"Politik\n\n{TEXT}", "Der Bundestag hat am Donnerstag beraten.", f"Politik\n\n{TEXT}"),
        (f"bdt0123 3 pl 24  dpa 0456\n\nRat/Hessen/\nEin Titel\n=\n\n{TEXT}", "Ein Titel", None),
        (f"https://zeitung.example/2005/a.html\nEin Titel\n\n{TEXT}", "Ein Titel", None),
        (f"Ein Titel\nwww.zeitung.example/a\n\n{TEXT}", "Ein Titel", None),
        (f"Wer zahlt?\n\n{TEXT}", "Wer zahlt?", TEXT),
        (f"»Wir zahlen!«\n\n{TEXT}", "»Wir zahlen!«", TEXT),
        (f"Wer zahlt?\n{TEXT}", "Wer zahlt?", f"Wer zahlt?\n{TEXT}"),
        (f"1984\n\n{TEXT}", "1984", TEXT),
        (f"1984\n\nEin Titel\n\n{TEXT}", "Ein Titel", f"1984\n\n{TEXT}"),
        (f"§ 218\n\n{TEXT}", "§ 218", TEXT),
        (f"Heute, 10:48 Uhr: Er ging\n\n{TEXT}", "Heute, 10:48 Uhr: Er ging", TEXT),
        (
            "Ein langer Anfang ohne Punkt\n\nkurz",
            "Ein langer Anfang ohne Punkt",
            "Ein langer Anfang ohne Punkt\n\nkurz",
        ),
        ("Berlin (dpa) - Es regnet. Sehr.", "Es regnet.", "Berlin (dpa) - Es regnet. Sehr."),
        ("„Wir gehen.“ Dann ging er.", "„Wir gehen.“", "„Wir gehen.“ Dann ging er."),
        ("Die U.S. Army kam. Sie blieb.", "Die U.S. Army kam.", "Die U.S. Army kam. Sie blieb."),
        ("Papst Benedikt XVI. reiste. Sofort.", "Papst Benedikt XVI. reiste.", "Papst Benedikt XVI. reiste. Sofort."),
        ("wort " * 100, "wort " * 19 + "wort…", ("wort " * 100).strip()),
        ("x" * 500, "x" * 99 + "…", "x" * 500),
    ],
)
def test_a_title_line_leaves_the_text_and_a_first_sentence_stays(
    write: Write, text: str, title: str, left: str | None
) -> None:
    for article in (only(write("a.txt", text)), only(write("a.jsonl", json.dumps({"text": text})))):
        assert (article.title, article.text) == (title, left or article.text)


WIDE = f"{TEXT} {TEXT}"


@pytest.mark.parametrize(
    ("text", "title", "left"),
    [
        (f"Haushalt beschlossen\nBerlin (dpa) - {WIDE}", "Haushalt beschlossen", f"Berlin (dpa) - {WIDE}"),
        (f"Haushalt beschlossen\n5. August 2005\n\n{WIDE}", "Haushalt beschlossen", f"5. August 2005\n\n{WIDE}"),
        (f"Haushalt beschlossen\nVon Eva Meier\n{WIDE}", "Haushalt beschlossen", f"Von Eva Meier\n{WIDE}"),
        (f"Haushalt beschlossen\nvon Eva Meier\n{WIDE}", "Haushalt beschlossen", f"von Eva Meier\n{WIDE}"),
        (f"Haushalt beschlossen\nvom 5.8.2005\n{WIDE}", "Haushalt beschlossen", f"vom 5.8.2005\n{WIDE}"),
        (f"Haushalt beschlossen\n5.8.2005 von Eva Meier\n{WIDE}", "Haushalt beschlossen", None),
        ("Langes Gespräch\nvon Eva Meier\nmit ihrem Mann.", "Langes Gespräch von Eva Meier mit ihrem Mann.", None),
        (f"Zeitung, 5.8.2005, S. 5 / Lokales\n\nHaushalt\n\n{WIDE}", "Haushalt", None),
        (f"Haushalt beschlossen\nStadtrat uneins\n\n{WIDE}", "Haushalt beschlossen", f"Stadtrat uneins\n\n{WIDE}"),
        (f"Haushalt beschlossen\n{WIDE}", "Haushalt beschlossen", WIDE),
        (f"Haushalt nach Streit im\nRat beschlossen\n\n{WIDE}", "Haushalt nach Streit im Rat beschlossen", WIDE),
        (f"Haushalt nach Streit\nendlich beschlossen\n\n{WIDE}", "Haushalt nach Streit endlich beschlossen", WIDE),
        (f"Union stimmt dem Haushalt zu\nDer Rat hat\nberaten. {TEXT[:30]}", "Union stimmt dem Haushalt zu", None),
        ("Der Rat hat gestern\nBeschlüsse gefasst. Es kam\nso.", "Der Rat hat gestern Beschlüsse gefasst.", None),
        ("Der Rat hat am 5.\nAugust beraten. Es kam zu\nStreit im Saal.", "Der Rat hat am 5. August beraten.", None),
    ],
)  # fmt: skip
def test_a_title_line_needs_no_blank_line_below(write: Write, text: str, title: str, left: str | None) -> None:
    article = only(write("a.txt", text))
    assert article.title == title
    assert left is None or article.text == left


def test_lines_with_labels_say_title_date_and_authors(write: Write) -> None:
    article = only(write("a.txt", f"Titel: Haushalt\nDatum: 5.8.2005\nAutor: Eva Meier\nRessort: Politik\n\n{TEXT}"))
    assert (article.title, article.date, article.authors) == ("Haushalt", "2005-08-05", ("Eva Meier",))
    assert (article.section, article.text) == ("Politik", TEXT)
    assert only(write("d.txt", f"TITEL: Haushalt\nſource: dpa\n{TEXT}")).text == f"ſource: dpa\n{TEXT}"
    assert only(write("d.txt", f"+++ Gera wählt +++\n\n{TEXT}")).title == "Gera wählt"
    labels = f"Überschrift: Haushalt\nErscheinungsdatum: 5.8.2005\nVerfasser: Eva Meier\nZeitung: Bote\n\n{TEXT}"
    article = only(write("c.txt", labels))
    assert (article.title, article.date, article.authors, article.source, article.text) == (
        "Haushalt", "2005-08-05", ("Eva Meier",), "Bote", TEXT,
    )  # fmt: skip
    assert only(write("b.txt", f"Autor: Eva Meier\n\n{TEXT}")).authors == ()
    assert only(write("c.txt", "Titel: Haushalt")).text == "Titel: Haushalt"


def test_labels_of_mails_and_other_programs_are_known(write: Write) -> None:
    mail = (
        f"Von: presse@stadt.example\nGesendet: Montag, 5. März 2012 10:07\nAn: x@y.example\nBetreff: Bad zu\n\n{TEXT}"
    )
    article = only(write("a.txt", mail))
    assert (article.title, article.date) == ("Bad zu", "2012-03-05")
    assert article.text == f"Von: presse@stadt.example\nAn: x@y.example\n\n{TEXT}", "nothing is lost"
    article = only(write("b.txt", f"DATUM: 5.3.2012\nSEITE: 5\nZEITUNG: Bote\nTITEL: Bad zu\nTEXT:\n{TEXT}"))
    assert (article.title, article.date, article.source) == ("Bad zu", "2012-03-05", "Bote")
    assert article.text == f"SEITE: 5\n\n{TEXT}"
    article = only(write("c.txt", f"Headline: Bad zu\nPublisher: Bote\nSprache: Deutsch\n\n{TEXT}"))
    assert (article.source, article.language, article.text) == ("Bote", "de", f"Sprache: Deutsch\n\n{TEXT}")
    talk = "".join(f"Frage: Was ist {number}?\nAntwort: Nichts.\n" for number in range(9))
    assert f"{talk}Titel: Ein Rätsel\n" in only(write("c.txt", f"{talk}Titel: Ein Rätsel\n{TEXT}")).text
    assert only(write("d.txt", f"Titel: Ein Gespräch\n{talk}")).text == talk.strip()
    article = only(write("e.txt", f"Titel: Ein Fest\nText: Heute geht es um:\nAutor: Eva Meier\n{TEXT}"))
    assert (article.authors, article.text) == ((), f"Heute geht es um:\nAutor: Eva Meier\n{TEXT}"), "what is text"
    article = only(write("f.txt", f"Titel: Ein Fest\nTitel: Noch eins\n{TEXT}"))
    assert (article.title, article.text) == ("Ein Fest", f"Titel: Noch eins\n{TEXT}")


def test_a_byline_names_the_authors(write: Write) -> None:
    text = f"Haushalt\n5. August 2005\nVon Eva Meier und Max von Muster\n\n{TEXT}"
    assert only(write("a.txt", text)).authors == ()
    text = text.replace("Max von", "Max")
    for article in (only(write("b.txt", text)), only(write("b.jsonl", json.dumps({"text": text})))):
        assert article.authors == ("Eva Meier", "Max Muster")
    given = json.dumps({"text": text, "authors": ["Anna Beispiel"]})
    assert only(write("c.jsonl", given)).authors == ("Anna Beispiel",)
    for date in (", 5. August 2005", " | 5.8.2005, 14 Uhr"):
        assert only(write("e.txt", f"Haushalt\nVon Eva Meier{date}\n\n{TEXT}")).authors == ("Eva Meier",), date
    assert only(write("f.txt", f"Haushalt\nVon Bad Muster, 5 Kilometer entfernt\n\n{TEXT}")).authors == ()
    below = "\n".join([TEXT] * 6)
    assert only(write("d.txt", f"Haushalt\nVon Berlin nach Wien\n{below}\nVon Eva Meier")).authors == ()


def test_the_address_at_the_top_of_a_text_is_that_of_its_page(write: Write) -> None:
    assert only(write("a.txt", f"Ein Titel\nhttps://z.example/a\n\n{TEXT}")).url == "https://z.example/a"
    for cut in ("https://z.example/", "https://z.example/ein…"):
        assert only(write("b.txt", f"Ein Titel\n{cut}\n\n{TEXT}")).url == ""
    assert only(write("c.txt", f"Ein Titel\nhttps://z.example/2005/08/05/a\n\n{TEXT}")).date == "2005-08-05"


def test_a_text_below_a_menu_is_dated_by_its_top(write: Write) -> None:
    menu = "Startseite\nPolitik\nSport\nRegional\nHessen\n"
    assert only(write("a.txt", f"{menu}Aus für das Bad\nStand: 12.03.2023, 14:05 Uhr\n\n{TEXT}")).date == "2023-03-12"
    assert only(write("b.txt", f"| 5.8.2005, 11:15 | 140 |\nAus für das Bad\n\n{TEXT}")).date == "2005-08-05"


def test_raw_text_is_dated_by_its_dateline_or_its_path_and_never_by_its_age(write: Write) -> None:
    assert only(write("a.txt", f"BERLIN, 9. November 1989 (dpa) – {TEXT}")).date == "1989-11-09"
    assert only(write("2024/12/28/a.txt", TEXT)).date == "2024-12-28"
    assert only(write("alt/a.txt", f"{TEXT} Das war am 3. Oktober 1990.")).date == ""


def test_a_moved_file_is_the_same_article(write: Write) -> None:
    assert only(write("a.txt", TEXT)).id == only(write("2024-12-28_b.txt", TEXT)).id


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "the file is empty"),
        (b" \n\x0c ", "the file is blank"),
        (bytes(512), "the file is blank"),
        (b"abc\0def", "does not look like text"),
        (bytes(range(1, 256)) * 20, "does not look like text"),
        (TEXT.encode("utf-16-le"), "does not look like text"),
    ],
)
def test_what_is_no_text_is_refused(write: Write, content: bytes, message: str) -> None:
    assert message in refusal(write("a.txt", content)).message


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "cp850"])
@pytest.mark.parametrize("end", [b"\0", bytes(300), b"\x1a", 90 * b"\x1a"])
def test_what_fills_the_last_block_of_a_text_does_no_harm(write: Write, encoding: str, end: bytes) -> None:
    text = "Der Bürgermeister eröffnet am Montag die Brücke über die Würm."
    assert articles(write("a.txt", text.encode(encoding) + end))[0].text == text


@pytest.mark.parametrize("name", ["a.txt", "a.html", "a.json", "a.jsonl"])
@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_text_that_may_be_utf16_without_its_mark_is_refused_so(write: Write, name: str, encoding: str) -> None:
    data = f'{{"text": "{TEXT} – „{TEXT}“"}}\n'.encode(encoding)
    assert "this may be UTF-16 without its mark: save it as UTF-8" in refusal(write(name, data)).message
    assert "UTF-16" not in refusal(write(name, bytes(range(256)) * 20)).message


UMLAUTS = "Über die Größe der Vögel am Rhône-Ufer schwärmten „alle“ – sogar Änne."


@pytest.mark.parametrize(
    ("encoding", "name"),
    [("cp1252", "windows-1252"), ("cp850", "cp850"), ("mac_roman", "Mac Roman"), ("latin-1", "windows-1252")],
)
def test_an_encoding_is_detected_with_a_warning(write: Write, encoding: str, name: str) -> None:
    text = UMLAUTS.encode(encoding, "ignore").decode(encoding)
    raw = write("a.txt", text.encode(encoding))
    lines = write("a.jsonl", (json.dumps({"text": text}, ensure_ascii=False) + "\n").encode(encoding) * 3)
    for path, count in ((raw, 1), (lines, 3)):
        assert [article.text for article in articles(path)] == [text] * count
        ((_, fatal, message),) = errors(path)
        assert not fatal
        assert f"encoding detected as {name}" in message


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_unicode_needs_no_warning(write: Write, encoding: str) -> None:
    assert only(write("a.txt", UMLAUTS.encode(encoding))).text == UMLAUTS
    if encoding != "utf-32":
        assert (
            only(write("a.jsonl", json.dumps({"text": UMLAUTS}, ensure_ascii=False).encode(encoding))).text == UMLAUTS
        )


def test_a_few_damaged_bytes_do_not_make_utf8_another_encoding(write: Write) -> None:
    path = write("a.txt", UMLAUTS.encode() + b" \xff " + UMLAUTS.encode())
    assert articles(path)[0].text == f"{UMLAUTS} \ufffd {UMLAUTS}"
    assert errors(path)[0][2].startswith("1 damaged characters in UTF-8")


def test_decomposed_letters_are_composed(write: Write) -> None:
    assert only(write("a.txt", "Mu\u0308ller kam.")).text == "Müller kam."


# --- size -------------------------------------------------------------------------------------------------------


def test_a_line_over_the_limit_is_named_and_never_held(write: Write) -> None:
    path = write("a.jsonl", '{"text": "erster"}\n')
    with path.open("ab") as file:
        file.write(b'{"text": "')
        for _ in range(200):
            file.write(b"x" * 1024 * 1024)
        file.write(b'"}\n{"text": "letzter"}\n')
    script = (
        "import sys, tracemalloc; from search.readers import *; tracemalloc.start();"
        "print([getattr(a, 'text', str(a)) for s in walk(sys.argv[1:]) for a in read(s)]);"
        "print(tracemalloc.get_traced_memory()[1])"
    )
    command = [sys.executable, "-c", script, str(path)]
    said, peak = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
    message = "2: the line is longer than 32 MB and was skipped; write one article per line"
    assert said == str(["erster", f"{path}:{message}", "letzter"])
    assert int(peak) < 100_000_000


@pytest.mark.parametrize("name", ["a.txt", "a.html", "a.json", "a.txt.gz"])
def test_a_file_over_the_limit_is_refused(write: Write, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr(streams, "MAX_ARTICLE_BYTES", 1024 * 1024)
    data = b"[" + b'{"text": "wort"},\n' * 100_000
    path = write(name, gzip.compress(data) if name.endswith("gz") else data)
    assert "longer than 1 MB" in refusal(path).message


def test_reading_does_not_import_what_web_pages_need() -> None:
    slow = ("trafilatura", "lxml", "pypdfium2", "email.message", "multiprocessing")
    script = f"import sys; import search.readers; print([m for m in {slow} if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True).stdout == "[]\n"


# --- properties -------------------------------------------------------------------------------------------------

bounded = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
words = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cf", "Zl", "Zp")), min_size=1).filter(str.strip)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)
records = st.fixed_dictionaries(
    {"text": words},
    optional={
        "id": st.from_regex(r"[a-z0-9/.:_-]{1,500}", fullmatch=True),
        "title": st.text(),
        "lead": st.text(),
        "date": st.dates().map(str) | st.text(max_size=12),
        "url": st.text(),
        "authors": st.lists(words, max_size=3),
        "persons": st.none() | st.lists(words, max_size=3),
        "places": st.lists(words, max_size=3),
        "mehr": json_values,
    },
)


@bounded
@given(record=records)
def test_an_article_written_as_json_is_read_as_the_same(write: Write, record: dict[str, object]) -> None:
    found = articles(write("a.jsonl", json.dumps(record)))
    for article in found:
        assert only(write("b.jsonl", to_json(article))) == article
        assert article.text.strip() == article.text != ""
        assert article.title
    assert len(found) == len(
        [each for each in everything(write("c.json", json.dumps([record]))) if isinstance(each, Article)]
    )


@bounded
@given(record=records)
def test_the_hash_tells_articles_apart(write: Write, record: dict[str, object]) -> None:
    for article in articles(write("a.jsonl", json.dumps(record))):
        assert content_hash(article) == content_hash(
            replace(article, metadata=dict(reversed(article.metadata.items())))
        )
        others = [
            {"text": article.text + "x"},
            {"lead": article.lead + "x"},
            {"metadata": {**article.metadata, "neu": 1}},
        ]
        others.append({"persons": () if article.persons is None else None})
        hashes = {content_hash(replace(article, **other)) for other in others}
        assert len(hashes | {content_hash(article)}) == 5


VALID = {
    "a.txt": TEXT.encode(),
    "a.jsonl": b'{"text": "eins", "date": "2024"}\n{"text": "zwei"}\n',
    "a.json": b'{"articles": [{"text": "eins"}]}',
    "a.csv": b'id;text\n1;"eins;\nzwei"\n2;drei\n',
    "a.html": f"<html><body><article><h1>T</h1><p>{TEXT}</p></article></body></html>".encode(),
    "a.xml": f"<rss><channel><item><title>T</title><description>{TEXT}</description></item></channel></rss>".encode(),
    "a.zip": zipped({"a.txt": TEXT, "b.jsonl": '{"text": "eins"}\n'}),
    "a.jsonl.gz": gzip.compress(b'{"text": "eins"}\n'),
}


@pytest.mark.parametrize("name", VALID)
@bounded
@given(data=st.data())
@example(data=None)
def test_no_bytes_make_a_reader_raise(write: Write, name: str, data: st.DataObject | None) -> None:
    content = bytearray(VALID[name])
    if data is not None:
        if data.draw(st.booleans()):
            content = bytearray(data.draw(st.binary(max_size=300)))
        for _ in range(data.draw(st.integers(0, 5)) if content else 0):
            content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
        content = content[: data.draw(st.integers(0, len(content)))]
    found = everything(write(name, bytes(content)))
    assert found
    for each in found:
        (to_json(each) if isinstance(each, Article) else str(each)).encode()
        assert isinstance(each, InputError) or (each.id and each.text and each.title and content_hash(each))


# --- real articles ----------------------------------------------------------------------------------------------


@needs_corpora
def test_the_corpora_are_read_whole() -> None:
    found = everything(WIKINEWS)
    assert sum(isinstance(each, Article) for each in found) == 850
    assert [each.message for each in found if isinstance(each, InputError)] == [
        "date “0001-01-01” is impossible or not understood and left out; write it like 2005-08-05"
    ]
    (article,) = articles(RAW_ARTICLE)
    assert article.title == "Nordkoreas Truppen, die in der russischen Region Kursk kämpfen, erleiden nach Angaben des…"
    assert article.date == ""
    assert article.text.startswith("Nordkoreas Truppen")
    assert article.text.endswith("AR/kle (rtr, dpa, afp)")

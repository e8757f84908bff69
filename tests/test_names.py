"""One entry for one person: what is merged by sound, and the archivist's last word in facets, filters and articles."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import NewLocation

from search import Engine, Request, open_index, parse, variants
from search.indexing import update
from search.names import Naming, read, suggest_persons, suggest_places

ARTICLES = """\
{"id": "a", "text": "Eins.", "persons": ["Wolodymyr Selenskyj", "Imago"], "places": ["Kiew"]}
{"id": "b", "text": "Zwei.", "persons": ["Wolodymyr Selenskyj"], "places": ["Kyjiw"]}
{"id": "c", "text": "Drei.", "persons": ["Volodymyr Zelensky", "Selenskij"], "places": []}
{"id": "d", "text": "Vier.", "persons": ["Imago"], "places": [], "source": "Imago"}
"""

Write = Callable[[str], Engine]


@pytest.fixture
def archive(tmp_path: Path, new_location: NewLocation, monkeypatch: pytest.MonkeyPatch) -> Write:
    # an engine looks for changes before each answer
    for pause in ("engine_whoosh.LOOK_EVERY", "engine_opensearch.LOOK_EVERY", "engine_opensearch.READING_SHARE"):
        monkeypatch.setattr(f"search.{pause}", 0.0)
    (tmp_path / "a.jsonl").write_text(ARTICLES, encoding="utf-8")
    index = open_index(new_location())
    update(index, [str(tmp_path / "a.jsonl")])

    def write(lines: str) -> Engine:
        (index.folder / "names.txt").write_text(lines, encoding="utf-8")
        return index

    return write


def persons(engine: Engine, **choice: str) -> dict[str, int]:
    chosen = {facet: (name,) for facet, name in choice.items()}
    return {value.value: value.count for value in engine.search(Request(chosen=chosen)).facets["person"].values}


def found(engine: Engine, facet: str, name: str) -> list[str]:
    return sorted(hit.id for hit in engine.search(Request(chosen={facet: (name,)})).hits)


def test_names_that_sound_alike_are_one_entry_under_the_spelling_of_most_articles(archive: Write) -> None:
    engine = archive("")
    assert persons(engine) == {"Wolodymyr Selenskyj": 3, "Imago": 2, "Selenskij": 1}
    assert found(engine, "person", "Wolodymyr Selenskyj") == ["a", "b", "c"]
    # an old address with another spelling still means the same person
    assert found(engine, "person", "Volodymyr Zelensky") == ["a", "b", "c"]
    assert engine.get("c").persons == ("Wolodymyr Selenskyj", "Selenskij")


def test_lines_speak_of_no_papers(archive: Write) -> None:
    engine = archive("- Imago\n")
    assert "Imago" not in persons(engine)
    assert found(engine, "source", "Imago") == ["d"]


def test_a_line_for_a_name_of_no_article_changes_nothing(archive: Write) -> None:
    assert persons(archive("V. Zelensky = Volodymyr Zelensky\n")) == persons(archive(""))


def test_the_spellings_are_those_of_articles_and_those_that_are_shown(archive: Write) -> None:
    engine = archive("Selenskij = W. Selenskyj\n- Imago\nReuters = AP\n")
    written = {"Wolodymyr Selenskyj", "Volodymyr Zelensky", "Selenskij", "Imago"}
    assert engine.spellings("person") == {*written, "W. Selenskyj"}
    assert engine.spellings("place") == {"Kiew", "Kyjiw"}
    assert engine.spellings("place_weak") == set()


@pytest.mark.long
def test_the_archivist_has_the_last_word(archive: Write) -> None:
    before = archive("").stats().generation
    engine = archive("Selenskij = Wolodymyr Selenskyj\n- Imago  # an agency\nKiew = Kyjiw\n")
    assert engine.stats().generation != before
    assert persons(engine) == {"Wolodymyr Selenskyj": 3}
    assert engine.search(Request(missing=frozenset({"person"}))).total == 1
    assert engine.get("c").persons == ("Wolodymyr Selenskyj",)
    assert engine.get("d").persons == ()
    assert found(engine, "place", "Kyjiw") == ["a", "b"]
    assert [hit.persons for hit in engine.search(Request()).hits if hit.id == "a"] == [("Wolodymyr Selenskyj",)]
    assert [completion.value for completion in engine.complete("sel", 5)] == ["Wolodymyr Selenskyj"]
    assert persons(archive("")) == {"Wolodymyr Selenskyj": 3, "Imago": 2, "Selenskij": 1}


@pytest.mark.parametrize(
    ("lines", "shown"),
    [
        ("Wolodymyr Selenskyj = Selenskyj, Wolodymyr", {"Selenskyj, Wolodymyr": 3, "Imago": 2, "Selenskij": 1}),
        ("- Wolodymyr Selenskyj", {"Imago": 2, "Selenskij": 1}),
        ("\ufeffImago = Agentur", {"Wolodymyr Selenskyj": 3, "Agentur": 2, "Selenskij": 1}),
        ("- Volodymyr Zelensky", {"Wolodymyr Selenskyj": 2, "Imago": 2, "Selenskij": 1}),
    ],
)
def test_a_line_for_an_entry_holds_for_all_of_its_spellings(archive: Write, lines: str, shown: dict[str, int]) -> None:
    assert persons(archive(lines)) == shown


def test_a_name_that_a_line_shows_others_under_names_its_entry(archive: Write) -> None:
    engine = archive("Selenskij = Volodymyr Zelensky")
    assert persons(engine) == {"Volodymyr Zelensky": 3, "Imago": 2}
    assert found(engine, "person", "Volodymyr Zelensky") == ["a", "b", "c"]
    assert found(engine, "person", "Wolodymyr Selenskyj") == ["a", "b", "c"]
    two = archive("Selenskij = Volodymyr Zelensky\nImago = Wolodymyr Selenskyj")
    assert persons(two) == {"Wolodymyr Selenskyj": 3, "Volodymyr Zelensky": 1}
    assert found(two, "person", "Volodymyr Zelensky") == ["c"]


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("person:Selenskij", ["a", "b", "c"]),
        ("person:Zelensky", ["a", "b", "c"]),
        ("ort:Kiew", ["a", "b"]),
        ("ort:Kiev", ["a", "b"]),
        ("ort:Bärlin", []),
    ],
)
def test_fields_know_all_spellings(archive: Write, query: str, ids: list[str]) -> None:
    engine = archive("Selenskij = Wolodymyr Selenskyj\n")
    assert sorted(hit.id for hit in engine.search(Request(parse(query).tree)).hits) == ids


def test_a_name_can_be_kept_apart(archive: Write) -> None:
    engine = archive("Volodymyr Zelensky = Volodymyr Zelensky")
    assert persons(engine)["Volodymyr Zelensky"] == 1


def test_lines_that_lead_in_a_circle_end() -> None:
    naming = Naming({"A B": "C D", "C D": "A B"})
    assert set(naming.entries({"A B": 1, "C D": 1}, merged=True).values()) <= {"A B", "C D"}


def test_a_circle_of_lines_is_named(tmp_path: Path) -> None:
    path = tmp_path / "names.txt"
    path.write_text("Kiew = Kyjiw\nKyjiw = Kyiv\nKyiv = Kiew\nKyiv = Kyiv\n", encoding="utf-8")
    naming, errors = read(path)
    assert [str(error) for error in errors] == [
        f"{path}:3: “Kyiv = Kiew” leads in a circle, since “Kiew” is shown as “Kyiv”: keep one of the lines"
    ]
    assert naming.ruled("Kiew") == "Kyiv"


@pytest.mark.parametrize("line", ["nonsense", "= Anna", "Anna =", "a = b = c", "-", "Anna = Berta\nAnna = Clara"])
def test_a_line_that_is_not_understood_is_named(line: str, tmp_path: Path) -> None:
    path = tmp_path / "names.txt"
    path.write_text(f"# names\n{line}\n", encoding="utf-8")
    _, errors = read(path)
    assert [error.line for error in errors] == [2 + line.count("\n")]


@pytest.mark.parametrize(
    ("encoding", "said"),
    [("utf-8", []), ("utf-8-sig", []), ("utf-16", []), ("cp1252", ["this is not UTF-8 and was read as windows-1252"])],
)
def test_a_hidden_name_stays_hidden_in_whatever_encoding_the_file_was_saved(
    encoding: str, said: list[str], tmp_path: Path
) -> None:
    path = tmp_path / "names.txt"
    path.write_bytes("Müller = Jörg Müller\r\n- Käthe Süß\r\n".encode(encoding))
    naming, errors = read(path)
    assert naming.rules == {"Müller": "Jörg Müller", "Käthe Süß": None}
    assert [error.message.partition(":")[0] for error in errors] == said


def test_what_is_no_file_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "names.txt")
    (tmp_path / "variants.txt").symlink_to("names.txt")
    said = "cannot be read (it is a folder, a pipe or a device): it must be a file that may be read"
    for error in (*read(tmp_path / "names.txt")[1], *variants.load(tmp_path)[1]):
        assert error.message == said
    assert len(variants.load(tmp_path)[1]) == 1


def test_what_is_no_text_is_no_file_of_names(tmp_path: Path) -> None:
    path = tmp_path / "names.txt"
    path.write_bytes("- Käthe\n".encode("utf-16-be"))
    naming, (error,) = read(path)
    assert not naming.rules
    assert "save it as UTF-8" in error.message


def test_the_file_is_read_again_only_when_it_changes(tmp_path: Path) -> None:
    path = tmp_path / "names.txt"
    assert read(path)[0].rules == {}
    path.write_text("Kiew = Kyjiw\n", encoding="utf-8")
    naming, _ = read(path)
    assert naming.rules == {"Kiew": "Kyjiw"}
    assert read(path)[0] is naming
    path.write_text("Kiew = Kyjiw\n- Imago\n", encoding="utf-8")
    assert read(path)[0].rules == {"Kiew": "Kyjiw", "Imago": None}
    before = path.stat()
    path.write_text("Kiev = Kyjiw\n- Imago\n", encoding="utf-8")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert read(path)[0].rules == {"Kiev": "Kyjiw", "Imago": None}, "as long and as old as before"


def test_likely_merges_come_with_their_evidence() -> None:
    counts = {"Kohl": 2, "Helmut Kohl": 9, "Georg W. Bush": 1, "George W. Bush": 4, "John Kennedy": 1, "Anna Kohl": 1}
    counts |= {"John F. Kennedy": 3, "A. Merkel": 1, "Angela Merkel": 8, "Otto Graf": 3}
    counts |= {"Uwe Lang": 2, "Ute Lang": 3, "B. Lang": 1, "Anne": 2, "Anna": 3}
    assert {(merge.other, merge.name) for merge in suggest_persons(counts, Naming({}))} == {
        ("Kohl", "Helmut Kohl"),
        ("Georg W. Bush", "George W. Bush"),
        ("John Kennedy", "John F. Kennedy"),
        ("A. Merkel", "Angela Merkel"),
    }
    assert all(merge.evidence for merge in suggest_persons(counts, Naming({})))
    apart = Naming({"A. Merkel": "A. Merkel", "Kohl": "Kohl"})
    assert {merge.other for merge in suggest_persons(counts, apart)} == {"Georg W. Bush", "John Kennedy"}


def test_a_lone_name_is_the_one_who_is_spoken_of_most_and_doubtful_merges_come_last() -> None:
    counts = {"Kohl": 1, "Helmut Kohl": 9, "Schmidt": 8, "Anke Schmidt": 2, "Helmut Schmidt": 1, "Renate Schmidt": 1}
    counts |= {
        "Bush": 9,
        "George Bush": 7,
        "Kate Bush": 2,
        "Franz": 9,
        "Anton Franz": 3,
        "Gerd Meier": 1,
        "Gerd Maier": 2,
    }
    counts |= {"Franz Müntefering": 5, "Franz Münteferin": 1, "Sieglinde Münteferin": 1}
    found = suggest_persons(counts, Naming({}))
    assert [(merge.other, merge.name) for merge in found] == [
        ("Franz Münteferin", "Franz Müntefering"),
        ("Kohl", "Helmut Kohl"),
        ("Bush", "George Bush"),
        ("Franz", "Anton Franz"),
    ]
    assert "1 more of this name" in found[2].evidence
    assert "first name" in found[3].evidence


def test_two_first_names_are_one_person_s_with_and_without_a_hyphen(tmp_path: Path, new_location: NewLocation) -> None:
    names = [
        "Jan Peter Kok",
        "Jan-Peter Kok",
        "Jan-Peter Kok",
        "Hans-Peter Uhl",
        "Hans-Jürgen Uhl",
        "Fritz Kuhn",
        "Fritz Kühn",
    ]
    lines = [f'{{"id": "{number}", "text": "Text.", "persons": ["{name}"]}}\n' for number, name in enumerate(names)]
    (tmp_path / "a.jsonl").write_text("".join(lines), encoding="utf-8")
    engine = open_index(new_location())
    update(engine, [str(tmp_path / "a.jsonl")])
    apart = dict.fromkeys(["Hans-Peter Uhl", "Hans-Jürgen Uhl", "Fritz Kuhn", "Fritz Kühn"], 1)
    assert persons(engine) == {"Jan-Peter Kok": 3, **apart}


def test_likely_merges_of_places_lie_at_one_point_or_are_misspelt() -> None:
    counts = {"Frankfurt am Main": 9, "Frankfurt": 4, "Frankfurt (Oder)": 2, "Bad-Reichenhall": 1, "Bad Reichenhall": 2}
    counts |= {"Halle": 3, "Halle (Saale)": 2, "Tschernobil": 5, "Tschernobyl": 2}
    counts |= {"Atlantik": 2, "Lublin": 1, "Dublin": 3, "Ladenburg": 1, "Lauenburg": 2, "Deutschland": 5}
    found = suggest_places(counts, Naming({}))
    assert [(merge.other, merge.name, merge.counts) for merge in found] == [
        ("Frankfurt", "Frankfurt am Main", (4, 9)),
        ("Halle", "Halle (Saale)", (3, 2)),
        ("Tschernobil", "Tschernobyl", (5, 2)),
        ("Bad-Reichenhall", "Bad Reichenhall", (1, 2)),
    ]
    assert all(merge.evidence for merge in found)
    assert suggest_places(counts, Naming({"Frankfurt": "Frankfurt"}))[0].other == "Halle"

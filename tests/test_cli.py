"""The command line as a user meets it: the real command, what it prints, and its exit status."""

from __future__ import annotations

import errno
import io
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from conftest import ROOT, SEEDS
from serving import COMMAND

from search import indexing
from search.cli import main
from search.options import parser


class Done(NamedTuple):
    """What a command left behind."""

    status: int
    stdout: str
    stderr: str


class Nachlese:
    """Runs the command's main function in a folder of its own, with streams of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self, *arguments: str, status: int = 0) -> Done:
        streams = [io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True) for _ in range(2)]
        with redirect_stdout(streams[0]), redirect_stderr(streams[1]):
            try:
                returned = main(arguments)
            except SystemExit as exit:  # argparse's way out
                returned = int(exit.code or 0)
        out, err = (stream.buffer.getvalue().decode() for stream in streams)  # type: ignore[attr-defined]
        assert returned == status, (returned, out, err)
        return Done(returned, out, err)

    def json(self, *arguments: str, status: int = 0) -> dict[str, Any]:
        answer: dict[str, Any] = json.loads(self(*arguments, "--json", status=status).stdout)
        return answer

    def write(self, name: str, *articles: dict[str, Any]) -> None:
        lines = "".join(json.dumps(article, ensure_ascii=False) + "\n" for article in articles)
        (self.folder / name).write_text(lines, encoding="utf-8")


@pytest.fixture
def nachlese(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Nachlese:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("NACHLESE_INDEX", raising=False)
    return Nachlese(tmp_path)


def test_words_of_a_search_stand_among_its_options_and_behind_a_minus(nachlese: Nachlese) -> None:
    nachlese("index", str(SEEDS))
    alone, without = (nachlese.json("search", "Mauer", *more)["total"] for more in ((), ("-Berlin",)))
    assert alone > 0
    assert without == nachlese.json("search", "Mauer -Berlin")["total"] < alone
    assert nachlese.json("search", "Mauer", "--from", "1989", "Berlin")["query"] == "Mauer Berlin"
    assert '"Mauer -Berlin"' in nachlese("search", "Mauer", "--json", "--size", "1", "--", "-Berlin").stdout
    assert nachlese.json("search", '-"Berliner Mauer"', "Mauer")["query"] == '-"Berliner Mauer" Mauer'
    assert "expected one argument" in nachlese("search", "Mauer", "--place", "-Berlin", status=2).stderr
    # nothing has "all words" where only one is sought
    assert nachlese("search", "Mauer", "-Berlin").stderr == ""
    assert "these have as many and rare as possible of Mauer: " in nachlese("search", "Mauer", "Mondgestein").stderr
    assert "No article has “Mauerkanzler”; these have parts of it: " in nachlese("search", "Mauerkanzler").stderr
    assert "--fom" in nachlese("search", "Mauer", "--fom", "1989", status=2).stderr
    for command, status in {"names": 1, "reindex": 2}.items():
        assert "there is no index" in nachlese(command, "--index", "nirgends", status=status).stderr
        assert not (nachlese.folder / "nirgends").exists()


def test_the_whole_way(nachlese: Nachlese) -> None:
    report = nachlese.json("index", str(SEEDS))
    assert (report["added"], report["failed"], report["errors"]) == (70, 0, [])
    assert report["read"] == 70

    answer = nachlese.json("search", "Mauer", "--from", "1989", "--to", "1989")
    assert answer["hits"][0]["id"] == "mauerfall-1989"
    assert "<mark>Mauer</mark>" in answer["hits"][0]["snippet"]
    assert {"query", "total", "took_ms", "page", "size", "hits", "facets", "suggestion"} <= answer.keys()
    assert answer["facets"]["date"]["interval"] == "year"
    assert {"values", "missing", "other"} <= answer["facets"]["person"].keys()

    assert nachlese.json("search", "Willy", "Brandt", "--size", "1")["query"] == "Willy Brandt"
    shown = nachlese("search", "Mauer").stdout
    assert "mauerfall-1989" in shown
    assert "\033" not in shown
    assert nachlese.json("show", "mauerfall-1989")["date"] == "1989-11-10"
    assert "Mauer" in nachlese("show", "mauerfall-1989").stdout
    assert nachlese.json("stats")["articles"] == 70
    assert nachlese("stats").stdout.startswith("70 articles")
    assert nachlese("check").stdout == "70 articles, no damage found\n"
    assert "cannot listen on http://[:::]:1/: Invalid host/port specified; choose" in (
        nachlese("serve", "--host", ":::", "--port", "1", status=2).stderr
    )
    assert nachlese("analyze", "Ukraine-Krieg").stdout.startswith("Ukraine-Krieg\tukrain")
    assert nachlese.json("reindex")["added"] == 70


def test_one_of_a_kind_is_spoken_of_in_the_singular(nachlese: Nachlese) -> None:
    nachlese.write("a.jsonl", {"id": "a", "text": "Text", "persons": ["Angela Merkel"], "places": ["Paris"]})
    nachlese("index", "a.jsonl")
    said = nachlese("stats").stdout.splitlines()
    assert said[0] == "1 article, 1 of them without a date"
    assert said[1] == "1 person, 1 place, 1 different word"
    assert nachlese.json("stats")["words"] == 1
    (nachlese.folder / "judged.tsv").write_text("Text\ta\n")
    assert "\n1 search: MRR" in nachlese("evaluate", "judged.tsv").stdout
    (nachlese.folder / "indexes" / "archive" / "names.txt").write_text("Merkel = Angela Merkel\n")
    assert ": 1 name renamed or kept apart, 0 hidden" in nachlese("names").stdout


def test_lines_that_change_nothing_are_named(nachlese: Nachlese) -> None:
    persons = ["A. Merkel", "Imago"]
    nachlese.write("a.jsonl", {"id": "a", "text": "Die polnische Polizei", "persons": persons, "places": ["Kiew"]})
    nachlese("index", "a.jsonl")
    lines = "A. Merkel = Angela Merkel\n- Imago\nKiew = Kyjiw\nA.Merkel = Angela Merkel\n- Reuters\n- Polen\n"
    (nachlese.folder / "indexes" / "archive" / "names.txt").write_text(lines)
    said = nachlese("names").stderr
    assert [line.split("“")[1].split("”")[0] for line in said.splitlines()] == ["A.Merkel", "Reuters"]


@pytest.mark.parametrize("name", ["names.txt", "variants.txt"])
def test_the_archivists_own_file_that_cannot_be_read_is_named(nachlese: Nachlese, tmp_path: Path, name: str) -> None:
    nachlese.write("a.jsonl", {"id": "a", "text": "Ein Text."})
    nachlese("index", "a.jsonl")
    own = tmp_path / "indexes" / "archive" / name
    own.symlink_to(tmp_path / "away" / name)
    assert f"{name}: cannot be read" in nachlese("check", status=1).stderr
    nachlese("search", "Text")
    own.unlink()
    own.mkdir()
    assert f"{name}: cannot be read" in nachlese("check", status=1).stderr


def test_filters_of_search(nachlese: Nachlese) -> None:
    nachlese("index", str(SEEDS))
    both = nachlese.json("search", "", "--person", "Willy Brandt", "--person", "Helmut Kohl")["total"]
    one = nachlese.json("search", "", "--person", "Willy Brandt")
    assert 0 < one["total"] < both
    assert {value["value"]: value["selected"] for value in one["facets"]["person"]["values"]}["Willy Brandt"]
    assert nachlese.json("search", "--missing", "date")["total"] == 1
    newest = nachlese.json("search", "", "--sort", "newest", "--size", "2", "--page", "2")
    assert (len(newest["hits"]), newest["page"]) == (2, 2)


def test_search_prints_a_text_once(nachlese: Nachlese, tmp_path: Path) -> None:
    for name in ("bote", "kurier"):
        (tmp_path / f"{name}.jsonl").write_text(f'{{"id": "{name}", "text": "Die Flut kam in der Nacht."}}\n', "utf-8")
    nachlese("index", str(tmp_path))
    printed = nachlese("search", "Flut").stdout
    assert printed.count("Flut kam in der Nacht.") == 3, "twice as a title"
    assert printed.count("\n  the same text as bote\n") == 1


def test_search_has_every_parameter_of_the_api(nachlese: Nachlese) -> None:
    description = json.loads((ROOT / "web" / "openapi.json").read_text(encoding="utf-8"))
    shared = description["components"]["parameters"]
    listed = description["paths"]["/api/search"]["get"]["parameters"]
    parameters = {(shared[each["$ref"].split("/")[-1]] if "$ref" in each else each)["name"] for each in listed} - {"q"}
    assert {"person", "interval"} <= parameters
    assert {"--" + name.replace("_", "-") for name in parameters} <= set(
        re.findall(r"--[\w-]+", nachlese("search", "-h").stdout)
    )

    nachlese("index", str(SEEDS))
    every = nachlese.json("search", "Mauer")
    (section, count), *_ = [(value["value"], value["count"]) for value in every["facets"]["section"]["values"]]
    assert nachlese.json("search", "Mauer", "--section", section)["total"] == count
    assert nachlese.json("search", "Mauer", "--not-section", section)["total"] == every["total"] - count
    months = nachlese.json(
        "search", "Mauer", "--from", "1989", "--to", "1989", "--interval", "month", "--facet-size", "1"
    )
    assert {len(value["value"]) for value in months["facets"]["date"]["values"]} == {len("1989-11")}
    day = nachlese.json("search", "--from", "1989-11-09", "--to", "1989-11-09")
    assert day["total"] > 0
    for written in (("--from", "9.11.1989", "--to", "09.11.1989"), ("--date", "9. November 1989")):
        assert [hit["id"] for hit in nachlese.json("search", *written)["hits"]] == [hit["id"] for hit in day["hits"]]
    assert "is not a date" in nachlese("search", "--not-date", "1989-13", status=2).stderr
    assert len(months["facets"]["person"]["values"]) == 1
    assert "days are counted" in nachlese("search", "--interval", "day", status=2).stderr


def test_wrong_use(nachlese: Nachlese) -> None:
    assert "COMMAND" in nachlese(status=2).stderr
    assert "invalid choice" in nachlese("frobnicate", status=2).stderr
    assert "there is no index in indexes/archive: make one with" in nachlese("search", "x", status=1).stderr
    assert "there is no index" in nachlese("stats", "--index", "elsewhere", status=1).stderr
    assert "is not a date" in nachlese("search", "x", "--from", "31.02.", status=2).stderr
    assert "page: 0 is not a number" in nachlese("search", "x", "--page", "0", status=2).stderr
    assert "not a number" in nachlese("index", "x", "--jobs", "0", status=2).stderr
    for port in ("99999", "²"):
        assert f"“{port}” is not a port" in nachlese("serve", "--port", port, status=2).stderr
    assert "not a number of seconds" in nachlese("index", "x", "--wait", "nan", status=2).stderr
    assert "a folder or opensearch://" in nachlese("stats", "--index", "https://h:1/n", status=2).stderr
    assert "not understood" in nachlese("stats", "--index", "opensearch://secret@", status=2).stderr
    assert "name the files to read" in nachlese("reindex", status=2).stderr
    nachlese.write("a.jsonl", {"id": "a", "text": "Ein Text."})
    nachlese("index", "a.jsonl")
    assert "no article “b”" in nachlese("show", "b", status=1).stderr


def test_the_index_comes_from_the_environment(nachlese: Nachlese, monkeypatch: pytest.MonkeyPatch) -> None:
    nachlese.write("a.jsonl", {"id": "a", "text": "Ein Text."})
    monkeypatch.setenv("NACHLESE_INDEX", "mine")
    nachlese("index", "a.jsonl")
    assert (nachlese.folder / "mine" / "current").exists()
    assert nachlese.json("stats", "--index", "mine")["articles"] == 1


def test_how_right_names_are_is_json_if_it_is_asked_for(nachlese: Nachlese) -> None:
    nachlese.write("wikinews-de.jsonl", {"id": "a", "title": "", "text": "Angela Merkel reiste\u2028nach Paris."})
    nachlese.write("gold.jsonl", {"id": "a", "persons": ["Angela Merkel"], "places": []})
    found = nachlese.json("evaluate", "--entities", "gold.jsonl")
    right, wrong = (found["kinds"][kind] for kind in ("persons", "places"))
    assert right == {"right": 1, "wrong": 0, "missed": 0, "precision": 100, "recall": 100, "f1": 100}
    assert (wrong["wrong"], wrong["precision"]) == (1, 0)
    assert found["errors"] == {"a: place wrong: Paris": 1}


def test_what_was_not_understood_is_said(nachlese: Nachlese) -> None:
    nachlese.write("a.jsonl", {"id": "a", "text": "Ein Text."})
    nachlese("index", "a.jsonl")
    assert "at character 7 is not a date" in nachlese("search", "datum:gestern Text").stderr
    assert nachlese.json("search", "(Text")["notes"][0]["code"] == "unclosed_parenthesis"


def test_each_bad_input_is_named_and_the_rest_goes_on(nachlese: Nachlese) -> None:
    folder = nachlese.folder
    (folder / "in").mkdir()
    nachlese.write("in/good.jsonl", {"id": "g", "text": "Gut.", "date": "2020-01-01"})
    lines = [json.dumps({"id": f"l{number}", "text": f"Zeile {number}."}) for number in range(1, 10)]
    lines[6] = '{"id": "l7", "text": '
    (folder / "in" / "broken.jsonl").write_text("\n".join(lines))
    (folder / "in" / "empty.txt").write_bytes(b"")
    (folder / "in" / "binary.txt").write_bytes(bytes(range(256)) * 20)
    (folder / "in" / "latin.txt").write_bytes(
        "Die Bürgermeisterin eröffnete die Straße über den Fluß.".encode("latin-1")
    )
    nachlese.write("in/dates.jsonl", {"id": "d", "text": "Kein Tag.", "date": "31.02.2020"})
    nachlese.write("in/twice.jsonl", {"id": "t", "text": "Eins."}, {"id": "t", "text": "Zwei."})
    done = nachlese("index", "in", "missing", status=1)
    said = done.stderr.splitlines()
    for piece in ("broken.jsonl:7:", "empty.txt: ", "binary.txt: ", "missing: "):
        assert sum(piece in line and "warning" not in line for line in said) == 1, (piece, said)
    for piece in ("latin.txt", "dates.jsonl:1", "the id “t” is also in this file"):
        assert sum(piece in line and "warning" in line for line in said) == 1, (piece, said)
    assert len(said) == 7
    assert nachlese.json("search", "Bürgermeister")["total"] == 1
    assert nachlese.json("show", "d")["date"] == ""
    assert nachlese.json("show", "t")["text"] == "Zwei."
    assert nachlese.json("stats")["articles"] == 1 + 8 + 1 + 1 + 1


def test_the_same_warning_is_told_some_times_and_counted(nachlese: Nachlese) -> None:
    for number in range(6):
        text = f"Müller Nr. {number} fährt heute über die Brücke."
        (nachlese.folder / f"{number}.txt").write_bytes(text.encode("cp1252"))
    (nachlese.folder / "9.txt").write_text("")
    said = nachlese("index", "--jobs", "1", ".", status=1).stderr.splitlines()
    warnings = [line for line in said if "encoding detected" in line]
    assert len(warnings) == 6
    assert warnings[-1].startswith("nachlese: warning: 1 time more, which “--json” names: encoding detected")
    assert sum("9.txt" in line for line in said) == 1
    found = json.loads(nachlese("reindex", "--json", "--jobs", "1", ".", status=1).stdout)
    assert len(found["warnings"]) == 6


def test_warnings_of_one_kind_are_counted_whatever_value_they_name(nachlese: Nachlese) -> None:
    articles = [{"id": f"a{number}", "text": "Kein Tag.", "date": f"{number}.13.2005"} for number in range(1, 10)]
    (nachlese.folder / "in").mkdir()
    for name in ("eins", "zwei"):
        nachlese.write(f"in/{name}.jsonl", *articles)
    (nachlese.folder / "in" / "liste.json").write_text(json.dumps(articles))
    said = nachlese("index", "--jobs", "1", "in").stderr.splitlines()
    assert len(said) == 3 * (5 + 1), said
    assert "4 times more, which “--json” names: article … of the list: date “…” is impossible" in said[-2]
    assert "13 times more, which “--json” names: the id “…” is also in “…”: the later one wins" in said[-1]


def test_warnings_are_heard_although_the_run_is_interrupted(
    nachlese: Nachlese, monkeypatch: pytest.MonkeyPatch
) -> None:
    nachlese.write("a.jsonl", {"id": "a", "text": "Kein Tag.", "date": "gestern"})
    nachlese.write("b.jsonl", {"id": "b", "text": "Noch einer."})
    enrich = indexing.enrich

    def interrupted(items: Any, **how: Any) -> Any:
        if items[0][0].id == "b":
            raise KeyboardInterrupt
        return enrich(items, **how)

    monkeypatch.setattr(indexing, "BATCH", 1)
    monkeypatch.setattr(indexing, "enrich", interrupted)
    warning, end = nachlese("index", "--jobs", "1", "a.jsonl", "b.jsonl", status=130).stderr.splitlines()
    assert "a.jsonl:1: date" in warning
    assert "interrupted" in end
    monkeypatch.undo()
    monkeypatch.chdir(nachlese.folder)
    assert nachlese.json("index", "a.jsonl", "b.jsonl")["unchanged"] == 1


def test_a_huge_line_is_named_and_the_next_one_read(nachlese: Nachlese) -> None:
    with open(nachlese.folder / "huge.jsonl", "wb") as stream:
        stream.write(b'{"id": "a", "text": "Vorher."}\n{"id": "b", "text": "')
        for _ in range(200):
            stream.write(b"x" * 1_000_000)
        stream.write(b'"}\n{"id": "c", "text": "Nachher."}\n')
    report = nachlese.json("index", "huge.jsonl", status=1)
    assert [(error["line"], report["added"]) for error in report["errors"]] == [(2, 2)]


def test_a_folder_without_permission(nachlese: Nachlese, monkeypatch: pytest.MonkeyPatch) -> None:
    nachlese.write("a.jsonl", {"id": "a", "text": "Ein Text."})

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    # injected, since root may write everywhere
    monkeypatch.setattr(Path, "mkdir", refuse)
    assert "no permission to read or write" in nachlese("index", "a.jsonl", status=1).stderr


POWERLESS = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"] if os.geteuid() == 0 else []
"""Takes from root the power to read and write whatever it likes."""


@pytest.mark.long
@pytest.mark.skipif(bool(POWERLESS) and not shutil.which("setpriv"), reason="root may read everything")
def test_what_may_not_be_read_or_written_is_not_called_damaged(nachlese: Nachlese) -> None:
    nachlese.write("a.jsonl", {"id": "a", "text": "Ein Text."})
    nachlese("index", "a.jsonl")
    index = nachlese.folder / "indexes" / "archive"
    (index / "names.txt").write_text("Kiew = Kyjiw")
    segment = next(index.rglob("*.seg"))
    shutil.copy(SEEDS / "suchen.tsv", "suchen.tsv")
    for name, mode, command, *arguments in (
        ("current", 0o000, "stats"),
        ("000001/version", 0o000, "search", "Text"),
        ("000001/manifest.sqlite", 0o444, "index", "a.jsonl"),
        ("000001/manifest.sqlite", 0o000, "index", "a.jsonl"),
        ("000001/manifest.sqlite", 0o000, "check"),
        ("000001/manifest.sqlite", 0o000, "reindex"),
        ("current", 0o000, "reindex", "a.jsonl"),
        (segment, 0o000, "search", "Text"),
        (segment, 0o000, "check"),
        (segment, 0o000, "index", "a.jsonl"),
        ("000001/version.sum", 0o000, "search", "Text"),
        ("names.txt", 0o000, "names"),
        ("names.txt", 0o000, "copy", str(index), "copied"),
        (nachlese.folder / "suchen.tsv", 0o000, "evaluate", "suchen.tsv"),
        (nachlese.folder / "suchen.tsv", 0o000, "evaluate", "--entities", "suchen.tsv"),
    ):
        path, options = index / name, [] if command == "copy" else ["--index", str(index)]
        before = path.stat().st_mode
        path.chmod(mode)
        run = [*POWERLESS, *COMMAND, command, *options, *arguments]
        done = subprocess.run(
            run, capture_output=True, text=True, timeout=60, env={**os.environ, "PYTHONPATH": str(ROOT)}
        )
        path.chmod(before)
        assert done.returncode == 1
        assert done.stderr.count("\n") == 1, done.stderr
        assert re.search("(?i)permission", done.stderr), (name, command, done.stderr)
        assert Path(name).name in done.stderr
        if command == "check" and mode == 0 and "manifest" in str(name):
            assert "permission to read or write it is denied" in done.stderr
        assert not re.search("damaged|reindex|UTF-8", done.stderr), (name, command, done.stderr)


def test_an_index_that_is_not_a_folder(nachlese: Nachlese) -> None:
    nachlese.write("a.jsonl", {"id": "a", "text": "Ein Text."})
    assert "this is not a folder" in nachlese("index", "--index", "a.jsonl", "a.jsonl", status=1).stderr


def test_an_index_of_another_version_names_its_cure(nachlese: Nachlese) -> None:
    nachlese.write("a.jsonl", {"id": "a", "text": "Ein Text."})
    nachlese("index", "a.jsonl")
    meta = nachlese.folder / "indexes" / "archive" / "000001" / "version"
    meta.write_text('{"version": 0}')
    for command in (["search", "Text"], ["index", "a.jsonl"], ["check"], ["serve", "--port", "1"]):
        assert "run “nachlese reindex”" in nachlese(*command, status=1).stderr
    meta.write_text('{"version": 9999}')
    newer = nachlese("index", "a.jsonl", status=1).stderr
    assert "a newer version of the program" in newer
    assert "reindex" not in newer
    nachlese("reindex")
    assert nachlese.json("search", "Text")["total"] == 1


def test_a_closed_pipe_is_no_error(nachlese: Nachlese) -> None:
    nachlese("index", str(SEEDS))
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run([*COMMAND, "search", ""], stdout=writing, stderr=subprocess.PIPE, timeout=60)
    os.close(writing)
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.parametrize("encoding", ["ascii", "iso8859-15", "utf-8"])
def test_json_is_json_in_each_encoding(nachlese: Nachlese, encoding: str) -> None:
    nachlese.write("a.jsonl", {"id": "a", "text": "Der Preis für „Öl“ fiel auf 20 €, nicht auf 20 ¤ \N{PARTY POPPER}"})
    nachlese("index", "a.jsonl")
    environment = {**os.environ, "PYTHONIOENCODING": encoding}
    shown = subprocess.run([*COMMAND, "show", "a", "--json"], env=environment, capture_output=True, timeout=60).stdout
    assert "„Öl“ fiel auf 20 €, nicht auf 20 ¤ \N{PARTY POPPER}" in json.loads(shown.decode(encoding))["text"]


def test_what_failed_is_told_although_nobody_reads_the_answer(tmp_path: Path) -> None:
    command = [*COMMAND, "index", "--index", str(tmp_path / "index"), str(tmp_path / "missing")]
    reading, writing = os.pipe()
    os.close(reading)
    assert subprocess.run(command, stdout=writing, stderr=subprocess.PIPE, timeout=60).returncode == 1
    os.close(writing)
    for closed in (">&-", "2>&-", ">&- 2>&-"):
        done = subprocess.run(f"{shlex.join(command)} {closed}", shell=True, capture_output=True, text=True, timeout=60)
        assert done.returncode == 1
        assert "Traceback" not in done.stdout + done.stderr


def test_a_run_does_not_depend_on_who_reads_what_is_wrong(tmp_path: Path) -> None:
    lines = ["{" if number % 10 == 0 else json.dumps({"id": str(number), "text": "Gut."}) for number in range(3000)]
    (tmp_path / "a.jsonl").write_text("\n".join(lines))
    reading, closed = os.pipe()
    os.close(reading)
    with open(closed, "w") as pipe, open("/dev/full", "w") as full:
        for nobody in (pipe, full):
            index = str(tmp_path / f"index{nobody.fileno()}")
            command = [*COMMAND, "index", "--index", index, "--entities", "none", "--json", str(tmp_path / "a.jsonl")]
            done = subprocess.run(command, stdout=subprocess.PIPE, stderr=nobody, timeout=60)
            assert done.returncode == 1
            report = json.loads(done.stdout)
            assert (report["added"], report["failed"]) == (2700, 300)
            refused = subprocess.run([*COMMAND, "index", ""], stderr=nobody, timeout=60)
            assert refused.returncode == 2


def test_a_path_is_a_path(nachlese: Nachlese, tmp_path: Path) -> None:
    odd = tmp_path / "Interview: Chef@Zeitung.txt"
    odd.write_text("Der Chef sprach mit der Zeitung.")
    assert "1 added" in nachlese("index", odd.name).stdout
    assert "an empty path names no file" in nachlese("index", "", status=2).stderr
    told = nachlese("index", odd.name, "--index", 300 * "x", status=1).stderr
    assert (told.count("\n"), "cannot write the index" in told) == (1, True)


def test_the_folder_of_the_articles_is_not_that_of_their_index(nachlese: Nachlese, tmp_path: Path) -> None:
    folder = tmp_path / "Artikel"
    folder.mkdir()
    (folder / "a.txt").write_text("Der Chef sprach mit der Zeitung.")
    told = nachlese("index", "Artikel/", "--index", str(folder), status=2).stderr
    assert "Artikel is both what to read and the index" in told
    assert "--index" in told
    assert [each.name for each in folder.iterdir()] == ["a.txt"]


def test_what_a_cluster_needs_is_installed_where_the_program_is() -> None:
    lacking = "import sys; sys.modules['opensearchpy'] = None; from search.cli import main; sys.exit(main())"
    command = [sys.executable, "-c", lacking, "stats", "--index", "opensearch://127.0.0.1:1/archiv"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 2
    assert f"{sys.executable} -m pip install 'nachlese[opensearch]'" in done.stderr


def test_every_command_has_help() -> None:
    text = parser().format_help()
    for command in ("index", "reindex", "search", "show", "stats", "check", "analyze", "serve"):
        assert f"    {command} " in text


def test_showing_an_article_does_not_wait_for_the_word_lists(nachlese: Nachlese) -> None:
    nachlese("index", str(SEEDS))
    article = nachlese.json("search", "Mauer", "--size", "1")["hits"][0]["id"]
    program = (
        "import sys, search.cli; from search.german.compounds import lexicon; "
        "print(search.cli.main(sys.argv[1:]), lexicon.cache_info().currsize)"
    )
    shown = [
        subprocess.check_output([sys.executable, "-c", program, *words], text=True).splitlines()[-1]
        for words in (["show", article], ["search", "Mauer"])
    ]
    assert shown == ["0 0", "0 1"]

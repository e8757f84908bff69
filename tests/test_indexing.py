"""Keeping an index up to date: nothing is done twice, nothing is lost, and whoever searches meanwhile is answered."""

from __future__ import annotations

import errno
import json
import os
import shutil
import sqlite3
import threading
import time
from contextlib import closing
from itertools import chain, pairwise
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest
from conftest import RAW_ARTICLE, WIKINEWS, needs_corpora
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search import (
    Engine,
    IndexLocked,
    IndexNotFound,
    InputError,
    NachleseError,
    Request,
    StorageError,
    open_index,
    parse,
    readers,
)
from search.article import Article
from search.enriching import TOGETHER, TOGETHER_CHARACTERS, grouped
from search.indexing import Progress, Report, check, rebuild, update
from search.manifest import Manifest, below, opened
from search.readers import read, readers_version


def write(path: Path, *articles: dict[str, Any]) -> str:
    """A JSONL file that counts as changed, however quickly it follows on its last version."""
    before = path.stat().st_mtime_ns if path.exists() else 0
    path.write_text("".join(json.dumps(article) + "\n" for article in articles), encoding="utf-8")
    now = max(path.stat().st_mtime_ns, before + 1_000_000)
    os.utime(path, ns=(now, now))
    return str(path)


def holds(engine: Engine) -> dict[str, str]:
    """Id to text of every article."""
    return {document.article.id: document.article.text for document in engine.documents()}


def found(engine: Engine, query: str) -> set[str]:
    return {hit.id for hit in engine.search(Request(parse(query).tree, size=100)).hits}


def counts(report: Report) -> tuple[int, int, int, int]:
    return report.added, report.updated, report.unchanged, report.removed


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    return open_index(tmp_path / "index")


def test_only_what_changed_is_written(engine: Engine, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    write(path, {"id": "1", "text": "Apfel."}, {"id": "2", "text": "Birne."})
    assert counts(update(engine, [str(path)])) == (2, 0, 0, 0)
    again = update(engine, [str(path)])
    assert (counts(again), again.read) == ((0, 0, 2, 0), 0)
    generation = engine.stats().generation

    os.utime(path, (1, 1))  # touched, not changed: read again, nothing written
    touched = update(engine, [str(path)])
    assert (counts(touched), touched.read) == ((0, 0, 2, 0), 2)
    assert engine.stats().generation == generation

    write(path, {"id": "1", "text": "Apfel."}, {"id": "2", "text": "Pflaume."}, {"id": "3", "text": "Kirsche."})
    assert counts(update(engine, [str(path)])) == (1, 1, 1, 0)
    assert holds(engine) == {"1": "Apfel.", "2": "Pflaume.", "3": "Kirsche."}
    assert found(engine, "Birne") == set()


def test_what_is_wrong_is_told_before_anything_of_it_is_committed(engine: Engine, tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", {"id": "1"}, {"id": "2", "text": "Apfel.", "date": "gestern"})
    heard: list[tuple[int | None, bool]] = []

    def hear(error: InputError) -> None:
        with pytest.raises(IndexNotFound):
            engine.get("2")
        heard.append((error.line, error.fatal))

    report = rebuild(engine, [path], hear=hear)
    assert heard == [(error.line, error.fatal) for error in report.errors] == [(1, True), (2, False)]


def test_the_folder_of_the_index_is_passed_over(engine: Engine, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Angela Merkel reiste nach Paris.", encoding="utf-8")
    engine.folder.mkdir()
    for name in ("names.txt", "variants.txt"):
        (engine.folder / name).write_text("Kiew = Kyjiw\n", encoding="utf-8")
    for run in (update, rebuild):
        assert counts(run(engine, [str(tmp_path)])) == (1, 0, 0, 0)


def test_names_of_another_finder_that_stay_are_spoken_of(engine: Engine, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Angela Merkel reiste nach Paris.", encoding="utf-8")
    paths = [str(tmp_path)]
    assert not update(engine, paths, entities="none").errors
    assert not update(engine, paths, entities="none").errors
    for _ in range(2):
        (warning,) = update(engine, paths).errors
        assert not warning.fatal
        assert "keep the names of “--entities none”: reindex" in str(warning)
    assert not rebuild(engine, paths).errors
    assert not update(engine, paths).errors
    assert engine.search(Request()).facets["person"].values


def test_only_prune_removes(engine: Engine, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    write(folder / "a.jsonl", {"id": "1", "text": "Apfel."}, {"id": "2", "text": "Birne."})
    write(folder / "b.jsonl", {"id": "3", "text": "Kirsche."})
    update(engine, [str(folder)])
    write(folder / "a.jsonl", {"id": "1", "text": "Apfel."})
    (folder / "b.jsonl").unlink()
    assert counts(update(engine, [str(folder)]))[3] == 0
    assert set(holds(engine)) == {"1", "2", "3"}
    assert counts(update(engine, [str(folder)], prune=True))[3] == 2
    assert set(holds(engine)) == {"1"}


@pytest.mark.parametrize(
    "again", [lambda engine, path: update(engine, [path], prune=True), lambda engine, _: rebuild(engine)]
)
def test_a_line_that_cannot_be_read_keeps_its_own_article(engine: Engine, tmp_path: Path, again: Any) -> None:
    path = tmp_path / "a.jsonl"
    addressed = {"url": "https://z.example/a"}
    rows = [{"id": "1", "text": "Apfel."}, {"id": "2", "text": "Birne."}, addressed | {"text": "Kirsche."}]
    update(engine, [write(path, *rows, {"id": "4", "text": "Pflaume."})])
    write(path, rows[0], {"id": "2", "text": ""}, addressed)
    report = again(engine, str(path))
    assert (report.failed, report.removed) == (2, 1)
    assert set(holds(engine).values()) == {"Apfel.", "Birne.", "Kirsche."}
    assert all(error.fatal for error in report.errors)


def test_of_several_files_with_an_id_the_same_is_named_however_they_came(engine: Engine, tmp_path: Path) -> None:
    for name in ("c", "a", "b"):
        report = update(engine, [write(tmp_path / f"{name}.jsonl", {"id": "1", "text": f"Text {name}."})])
    assert [f"also in “{tmp_path / 'c.jsonl'}”" in error.message for error in report.errors] == [True]


def test_a_line_that_does_not_say_its_id_keeps_all_that_its_file_held(engine: Engine, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    rows = [{"id": str(number), "text": f"Apfel {number}."} for number in range(4)]
    update(engine, [write(path, *rows)])
    update(engine, [write(path, *rows[:3])])  # the fourth is gone, or so it seems
    write(path, *rows[:2])
    with path.open("a") as file:
        file.write('{"id": "3", "text": ')
    report = update(engine, [str(path)], prune=True)
    assert (report.failed, report.removed) == (1, 0)
    assert "2 of its articles were not found and stay, for one may be what cannot be read" in report.errors[1].message
    assert not report.errors[1].fatal
    assert set(holds(engine)) == set("0123")
    assert rebuild(engine).removed == 0
    write(path, *rows[:3])
    with path.open("a") as file:
        file.write('{"id": "3", "text": ')
    one = update(engine, [str(path)], prune=True).errors[1].message
    assert "1 of its articles was not found and stays, for it may be what cannot be read" in one
    update(engine, [write(path, *rows[:2])], prune=True)
    assert set(holds(engine)) == set("01")


def test_what_cannot_be_read_is_named_each_night_and_read_when_it_has_changed(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, asked = tmp_path / "in", []
    monkeypatch.setattr("search.indexing.read", lambda source: asked.append(Path(source.path).name) or read(source))
    texts(folder, a="Apfel")
    (folder / "b.txt").write_text("")
    rows = [{"id": str(number), "text": f"Birne {number}."} for number in range(3)]
    write(folder / "c.jsonl", *rows)
    update(engine, [str(folder)])
    with open(write(folder / "c.jsonl", *rows[:2]), "a") as file:
        file.write('{"id": "2", "text": \n[1]\n')
    reports = []
    for night in range(3):
        asked.clear()
        reports.append(update(engine, [str(folder)], prune=True))
        assert asked == ([] if night else ["c.jsonl"])
    first, *others = reports
    assert [(error.line, error.fatal) for error in first.errors] == [(None, True), (3, True), (4, True), (None, False)]
    assert "1 of its articles was not found and stays" in first.errors[3].message
    for report in others:
        assert [str(error) for error in report.errors] == [str(error) for error in first.errors]
        assert counts(report) == (0, 0, 3, 0)
    assert set(holds(engine)) > set("012")
    asked.clear()
    assert rebuild(engine).failed == 3, "all is read anew"
    assert sorted(asked) == ["a.txt", "b.txt", "c.jsonl"]
    texts(folder, b="Quitte")
    write(folder / "c.jsonl", *rows[:2])
    report = update(engine, [str(folder)], prune=True)
    assert (report.errors, counts(report)) == ([], (1, 0, 3, 1))


def test_what_cannot_be_read_is_tried_again_by_other_readers(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr("search.indexing.read", lambda source: asked.append(Path(source.path).name) or read(source))
    folder = texts(tmp_path / "in", a="Apfel")
    (tmp_path / "in" / "b.txt").write_text("")
    for make, version, expected in (
        (update, "1", ["a.txt", "b.txt"]),
        (update, "1", []),
        (update, "2", ["b.txt"]),
        (rebuild, "3", ["a.txt", "b.txt"]),
        (update, "3", []),
        (update, "4", ["b.txt"]),
    ):
        monkeypatch.setattr("search.manifest.readers_version", Mock(return_value=version))
        asked.clear()
        assert make(engine, [folder]).failed == 1
        assert sorted(asked) == expected


def test_an_update_of_the_program_is_another_version_of_its_readers(tmp_path: Path, monkeypatch: Any) -> None:
    before = readers_version()
    shutil.copytree(Path(readers.__file__).parent, tmp_path / "readers")
    monkeypatch.setattr(readers, "__file__", str(tmp_path / "readers" / "__init__.py"))
    assert readers_version() == before
    with open(tmp_path / "readers" / "pdf.py", "a") as file:
        file.write("# mended\n")
    assert readers_version() != before


@pytest.mark.parametrize("year", [1890, 1969, 2300, 2400])
def test_a_file_of_any_time_is_read_and_known_again(engine: Engine, tmp_path: Path, year: int) -> None:
    texts(tmp_path / "in", a="Apfel")
    os.utime(tmp_path / "in" / "a.txt", ns=(0, (year - 1970) * 365 * 86400 * 10**9))
    assert counts(update(engine, [str(tmp_path / "in")])) == (1, 0, 0, 0)
    report = update(engine, [str(tmp_path / "in")])
    assert (report.read, report.unchanged) == (0, 1)


def test_what_a_disk_refused_is_tried_again(engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = texts(tmp_path / "in", a="Apfel", b="Birne")
    for fault in (OSError(errno.EIO, "Input/output error"), PermissionError(errno.EACCES, "Permission denied")):
        with monkeypatch.context() as patch:
            patch.setattr("search.readers._open", Mock(side_effect=fault))
            assert (update(engine, [folder]).failed, engine.stats().articles) == (2, 0)
    assert counts(update(engine, [folder])) == (2, 0, 0, 0)


def test_a_warning_of_a_folder_keeps_neither_what_is_gone_nor_what_is_new(engine: Engine, tmp_path: Path) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "scan.epub").write_bytes(b"%PDF-1.4")
    path = write(folder / "a.jsonl", {"id": "1", "text": "Apfel."})
    write(folder / "b.jsonl", {"id": "2", "text": "Birne."})
    assert [error.fatal for error in update(engine, [str(folder)]).errors] == [False]
    os.remove(path)
    assert counts(update(engine, [str(folder)], prune=True)) == (0, 0, 1, 1)

    write(folder / "c.jsonl", {"id": "3", "text": "Quitte."})
    assert counts(rebuild(engine)) == (2, 0, 0, 0)
    os.remove(folder / "b.jsonl")
    assert counts(rebuild(engine)) == (1, 0, 0, 1)
    assert holds(engine) == {"3": "Quitte."}


def test_prune_touches_nothing_outside_its_paths_or_below_a_missing_one(engine: Engine, tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        write(tmp_path / name / "a.jsonl", {"id": name, "text": "Text."})
    update(engine, [str(tmp_path / "one"), str(tmp_path / "two")])
    (tmp_path / "two" / "a.jsonl").unlink()
    assert counts(update(engine, [str(tmp_path / "one")], prune=True))[3] == 0
    (tmp_path / "one").rename(tmp_path / "elsewhere")
    report = update(engine, [str(tmp_path / "one")], prune=True)
    assert (report.failed, report.removed) == (1, 0)
    assert set(holds(engine)) == {"one", "two"}


@pytest.mark.parametrize("name", ["a.txt", "a.html", "a.xhtml", "a.md"])
def test_a_text_or_page_that_changes_replaces_its_article(engine: Engine, tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_text(f"<article><p>{'Der Apfel fiel vom Baum, denn es war Herbst. ' * 5}</p></article>")
    update(engine, [str(path)])
    path.write_text(f"<article><p>{'Die Birne fiel vom Baum, denn es war schon wieder Herbst. ' * 5}</p></article>")
    assert counts(update(engine, [str(path)]))[1] == 1
    assert found(engine, "Apfel") == set()
    assert len(found(engine, "Birne")) == 1


def test_the_later_of_two_wins_and_the_other_comes_back_when_it_goes(engine: Engine, tmp_path: Path) -> None:
    one, two = tmp_path / "1.jsonl", tmp_path / "2.jsonl"
    write(one, {"id": "x", "text": "Apfel."})
    write(two, {"id": "x", "text": "Birne."})
    report = update(engine, [str(tmp_path)])
    assert [error.fatal for error in report.errors] == [False]
    assert holds(engine) == {"x": "Birne."}
    two.unlink()
    update(engine, [str(tmp_path)], prune=True)
    assert holds(engine) == {"x": "Apfel."}


def test_reindex_gives_the_same_and_keeps_one_old_generation(engine: Engine, tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", {"id": "1", "text": "Apfel."}, {"id": "2", "text": "Birne."})
    update(engine, [path])
    before = holds(engine)
    for _ in range(3):
        rebuild(engine)
    assert holds(engine) == before
    generations = [entry.name for entry in (tmp_path / "index").iterdir() if entry.is_dir()]
    assert len(generations) == 2
    assert counts(update(engine, [path])) == (0, 0, 2, 0)


def test_a_strange_folder_beside_the_generations_is_none_of_them(engine: Engine, tmp_path: Path) -> None:
    strange = tmp_path / "index" / "1²"
    strange.mkdir(parents=True)
    update(engine, [write(tmp_path / "a.jsonl", {"id": "1", "text": "Apfel."})])
    rebuild(engine)
    assert holds(engine) == {"1": "Apfel."}
    assert strange.is_dir()


def test_reindex_that_cannot_read_changes_nothing(engine: Engine, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    update(engine, [write(path, {"id": "1", "text": "Apfel."}, {"id": "2", "text": "Birne."})])
    path.write_text('{"id": "1", "text": "Anders."}\n{"id": "2", "te')
    report = rebuild(engine)
    assert report.failed == 1
    assert holds(engine) == {"1": "Anders.", "2": "Birne."}
    path.unlink()
    report = rebuild(engine)
    assert report.failed == 1
    assert holds(engine) == {"1": "Anders.", "2": "Birne."}


def test_a_reindex_of_some_paths_says_which_others_it_leaves_out(engine: Engine, tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        update(engine, [os.path.dirname(write(tmp_path / name / "x.jsonl", {"id": name, "text": "Apfel."}))])
    report = rebuild(engine, [str(tmp_path / "a")])
    assert [(error.path, error.fatal) for error in report.errors] == [(str(tmp_path / "b" / "x.jsonl"), False)]
    assert (holds(engine), report.removed) == ({"a": "Apfel."}, 1)
    update(engine, [str(tmp_path / "b")])
    for paths in ([], [str(tmp_path)], [str(tmp_path / "a"), str(tmp_path / "b")]):
        assert rebuild(engine, paths).errors == []
        assert holds(engine) == {"a": "Apfel.", "b": "Apfel."}
    (tmp_path / "a" / "link.jsonl").symlink_to(tmp_path / "b" / "x.jsonl")
    assert rebuild(engine, [str(tmp_path / "a")]).errors == []  # it is read by another path
    (tmp_path / "a" / "link.jsonl").unlink()
    update(engine, [str(tmp_path / "b")])
    (tmp_path / "b" / "x.jsonl").unlink()
    (tmp_path / "b").rmdir()
    (error,) = rebuild(engine, [str(tmp_path / "a")]).errors  # gone for good, or on a disk that is away
    assert (error.path, error.fatal) == (str(tmp_path / "b" / "x.jsonl"), False)


def test_a_fault_of_ours_in_one_text_is_named_and_costs_its_names_alone(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise KeyError("Wort")

    monkeypatch.setattr("search.enriching.find_all", fails)
    report = update(engine, [write(tmp_path / "a.jsonl", {"id": "a", "text": "Angela Merkel in Berlin"})], jobs=1)
    assert (report.added, report.failed) == (1, 0)
    (problem,) = report.errors
    assert problem.path == str(tmp_path / "a.jsonl")
    assert "no names could be found in article “a” (KeyError('Wort'))" in problem.message
    assert found(engine, "Merkel") == {"a"}


def test_one_writer_at_a_time(engine: Engine, tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", {"id": "1", "text": "Apfel."})
    writer = engine.writer()
    with pytest.raises(IndexLocked):
        update(engine, [path])
    threading.Timer(0.3, writer.close).start()
    assert update(engine, [path], wait=10).added == 1


@pytest.mark.long
def test_a_server_follows_a_new_generation(tmp_path: Path) -> None:
    """Another engine of the same folder, as a server has it, sees each change within two seconds."""
    path = tmp_path / "a.jsonl"
    writing, serving = open_index(tmp_path / "index"), open_index(tmp_path / "index")
    with pytest.raises(IndexNotFound):
        serving.stats()
    for number in range(1, 4):
        write(path, *({"id": str(each), "text": "Apfel."} for each in range(number)))
        (update if number < 3 else rebuild)(writing, [str(path)])
        until = time.monotonic() + 2
        while len(found(serving, "Apfel")) != number:
            assert time.monotonic() < until
            time.sleep(0.05)


@pytest.mark.parametrize("failing", ["fsync", "replace"])
def test_a_full_disk_loses_nothing(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failing: str
) -> None:
    path = tmp_path / "a.jsonl"
    update(engine, [write(path, {"id": "1", "text": "Apfel."})])
    write(path, {"id": "1", "text": "Apfel."}, {"id": "2", "text": "Birne."})
    generation = tmp_path / "index" / "000001"
    before = {entry.name for entry in generation.iterdir()}

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, failing, full)
        with pytest.raises(StorageError, match="the disk is full"):
            rebuild(engine)
        patch.setattr(os, "fsync", full)
        with pytest.raises(StorageError, match="the disk is full"):
            update(engine, [str(path)])
    # nothing of what could not be finished takes the space that has to become free
    assert {entry.name for entry in generation.iterdir()} == before
    assert holds(engine) == {"1": "Apfel."}
    update(engine, [str(path)])
    assert holds(engine) == {"1": "Apfel.", "2": "Birne."}


@pytest.mark.long
@needs_corpora
def test_real_articles(engine: Engine) -> None:
    report = update(engine, [str(RAW_ARTICLE), str(WIKINEWS)], jobs=2)
    assert (report.added, report.failed) == (851, 0)
    (hit,) = engine.search(Request(parse("Kursk").tree)).hits
    assert "<mark>Kursk</mark>" in hit.snippet
    assert found(engine, "Waffenlieferung") == found(engine, "waffenlieferungen") >= {hit.id}
    assert found(engine, "Aerzte") == found(engine, "Ärzte")
    assert len(found(engine, "Aerzte")) > 10


steps = st.lists(
    st.tuples(st.sampled_from("abc"), st.dictionaries(st.sampled_from("123"), st.sampled_from(["Apfel", "Birne"]))),
    min_size=1,
    max_size=6,
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps)
def test_any_history_ends_as_a_fresh_index_does(tmp_path_factory: pytest.TempPathFactory, steps: Any) -> None:
    """Files that come, change and go, with ids that move between them, give what the last state alone gives.

    But where several files hold an id: then it is the text of any of them.
    """
    folder = tmp_path_factory.mktemp("history")
    (folder / "in").mkdir()
    engine = open_index(folder / "index")
    truth: dict[str, dict[str, str]] = {"k": {"k1": "Kirsche 1."}}
    write(folder / "in" / "k.jsonl", {"id": "k1", "text": "Kirsche 1."})
    for name, content in steps:
        truth[name] = {key: f"{word} {key} in {name}." for key, word in content.items()}
        path = folder / "in" / f"{name}.jsonl"
        if content:
            write(path, *({"id": key, "text": text} for key, text in truth[name].items()))
        else:
            path.unlink(missing_ok=True)
        update(engine, [str(folder / "in")], prune=True)
        held = holds(engine)
        assert held.keys() == {key for articles in truth.values() for key in articles}
        assert all(text in [articles.get(key) for articles in truth.values()] for key, text in held.items())
        assert found(engine, "Apfel") == {key for key, text in held.items() if "Apfel" in text}


def test_a_changed_file_takes_no_article_from_another(engine: Engine, tmp_path: Path) -> None:
    first, second = tmp_path / "in" / "a.txt", tmp_path / "in" / "b.txt"
    first.parent.mkdir()
    first.write_text("Der Apfel ist reif, sagt der Gärtner am Montag.")
    second.write_text(first.read_text())
    update(engine, [str(first.parent)])
    second.write_text("Die Birne ist faul, sagt der Gärtner am Dienstag.")
    update(engine, [str(first.parent)])
    assert len(found(engine, "Apfel")) == len(found(engine, "Birne")) == 1


def texts(folder: Path, **files: str) -> str:
    """Files of a folder, each with a sentence about a fruit."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, fruit in files.items():
        (folder / f"{name}.txt").write_text(f"Der Gärtner sagt am Montag, reif ist heute: {fruit}.")
    return str(folder)


def test_progress_tells_of_what_is_written_not_of_what_is_read(engine: Engine, tmp_path: Path) -> None:
    folder = texts(tmp_path / "r", **{f"n{number}": f"Apfel {number}" for number in range(450)})
    for _ in ("new", "unchanged"):
        seen: list[Progress] = []
        update(engine, [folder], watch=seen.append)
        done = [each.bytes_done / each.bytes_total for each in seen]
        assert done == sorted(done)
        assert done[-1] == 1
        assert max(after - before for before, after in pairwise(done)) < 0.3, "nothing is done in one leap"


def test_a_file_that_is_gone_is_no_failure_where_its_folder_is_read(engine: Engine, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    names = ("a.jsonl", "b.jsonl")
    update(engine, [write(folder / name, {"id": name, "text": "Apfel."}) for name in names])
    (folder / "a.jsonl").unlink()
    assert rebuild(engine).failed == 1, "the only one who knows of it is missed"
    update(engine, [str(folder)], prune=True)
    assert (rebuild(engine).failed, set(holds(engine))) == (0, {"b.jsonl"})


def test_a_reindex_keeps_what_was_on_a_disk_that_is_away_and_counts_what_is_gone(
    engine: Engine, tmp_path: Path
) -> None:
    first, second = texts(tmp_path / "r1", a="Apfel", b="Birne"), texts(tmp_path / "r2", c="Kirsche")
    update(engine, [first, second])
    (tmp_path / "r2").rename(tmp_path / "away")
    (tmp_path / "r2").mkdir()  # as a mount point is
    (tmp_path / "r1" / "b.txt").unlink()
    report = rebuild(engine)
    assert (report.removed, report.failed) == (1, 1)
    assert "1 article stays: is the disk mounted?" in report.errors[0].message
    assert len(found(engine, "Apfel")) == len(found(engine, "Kirsche")) == 1
    assert not found(engine, "Birne")
    assert rebuild(engine, [first]).removed == 1
    assert not found(engine, "Kirsche")


def test_what_another_file_gave_up_stays_while_its_own_disk_is_away(engine: Engine, tmp_path: Path) -> None:
    first, second = texts(tmp_path / "r1", a="Apfel"), texts(tmp_path / "r2", b="Apfel", c="Kirsche")
    update(engine, [first, second])
    (tmp_path / "r1").rename(tmp_path / "away")
    texts(tmp_path / "r2", b="Birne")
    report = update(engine, [second])
    assert (counts(report), report.errors) == ((1, 1, 1, 0), [])
    assert len(found(engine, "Apfel")) == len(found(engine, "Birne")) == 1
    (tmp_path / "r2" / "b.txt").unlink()
    (tmp_path / "r1").mkdir()
    update(engine, [first, second], prune=True)
    assert len(found(engine, "Apfel")) == 1
    assert not found(engine, "Birne")
    damages: list[str] = []
    check(engine, damages.append)
    assert damages == []


@pytest.mark.parametrize("bad", ['{"id": "x", "text": 5}', '{"id": "x", "te'])
def test_what_another_file_gave_up_stays_while_its_own_line_is_bad(engine: Engine, tmp_path: Path, bad: str) -> None:
    one, two, folder = tmp_path / "in" / "1.jsonl", tmp_path / "in" / "2.jsonl", str(tmp_path / "in")
    one.parent.mkdir()
    for path in (one, two):
        write(path, {"id": "x", "text": "Apfel."}, {"id": path.stem, "text": "Birne."})
    update(engine, [folder])
    write(one, {"id": "1", "text": "Birne."})
    write(two, {"id": "2", "text": "Birne."})
    two.write_text(two.read_text() + bad)
    heard: list[InputError] = []
    for fates in ((0, 1, 2, 0), (0, 0, 2, 0)):
        report = update(engine, [folder], prune=True, hear=heard.append)
        assert counts(report) == fates
        assert report.failed == 1
        assert found(engine, "Apfel") == {"x"}
    assert sum(error.fatal for error in heard) == 2, "told once a run, though it is read twice in the first"
    write(two, {"id": "2", "text": "Birne."})
    assert counts(update(engine, [folder], prune=True)) == (0, 0, 2, 1)
    assert set(holds(engine)) == {"1", "2"}


@pytest.mark.parametrize("away", "23")
def test_a_file_that_cannot_be_read_keeps_what_another_one_has_meanwhile(
    engine: Engine, tmp_path: Path, away: str
) -> None:
    folders = [tmp_path / name for name in "123"]
    for folder in folders:
        folder.mkdir()
        write(folder / "a.jsonl", {"id": "x", "text": f"Apfel {folder.name}."})
    update(engine, list(map(str, folders)))
    (tmp_path / away).rename(tmp_path / "away")
    write(folders[0] / "a.jsonl", {"id": "y", "text": "Birne."})
    assert counts(update(engine, [str(folders[0])], prune=True)) == (1, 1, 0, 0)
    (there,) = {"2", "3"} - {away}
    assert holds(engine) == {"x": f"Apfel {there}.", "y": "Birne."}
    write(tmp_path / there / "a.jsonl", {"id": "z", "text": "Birne."})
    assert counts(update(engine, [str(tmp_path / there)], prune=True)) == (1, 1, 0, 0)
    assert holds(engine) == {"x": f"Apfel {there}.", "y": "Birne.", "z": "Birne."}


def test_articles_that_come_in_because_another_file_gave_one_up_are_counted(engine: Engine, tmp_path: Path) -> None:
    one, two = tmp_path / "1.jsonl", tmp_path / "2.jsonl"
    write(one, {"id": "x", "text": "Apfel."})
    update(engine, [str(one)])
    write(two, {"id": "x", "text": "Birne."}, {"id": "y", "text": "Birne."})
    assert counts(update(engine, [str(two)])) == (1, 1, 0, 0)
    write(one, {"id": "x", "text": "Apfel."}, {"id": "new", "text": "Kirsche."})
    write(two, {"id": "y", "text": "Birne."})
    assert counts(update(engine, [str(two)], prune=True)) == (1, 1, 1, 0)
    assert holds(engine) == {"x": "Apfel.", "y": "Birne.", "new": "Kirsche."}


def test_an_article_that_its_last_file_gave_up_unread_is_gone_and_counted_once(engine: Engine, tmp_path: Path) -> None:
    one, two = tmp_path / "1.jsonl", tmp_path / "2.jsonl"
    for path in (one, two):
        write(path, {"id": "x", "text": "Apfel."}, {"id": path.stem, "text": "Birne."})
    update(engine, [str(one), str(two)])
    for path in (one, two):
        write(path, {"id": path.stem, "text": "Birne."})
    assert counts(update(engine, [str(two)], prune=True)) == (0, 0, 2, 1)
    assert set(holds(engine)) == {"1", "2"}


def test_files_of_one_text_that_go_are_no_error(engine: Engine, tmp_path: Path) -> None:
    folder = texts(tmp_path / "in", a="Apfel", b="Apfel", c="Kirsche")
    update(engine, [folder])
    for name in "ab":
        (tmp_path / "in" / f"{name}.txt").unlink()
    report = update(engine, [folder], prune=True)
    assert (counts(report), report.errors) == ((0, 0, 1, 1), [])
    assert not found(engine, "Apfel")


def test_many_files_that_are_named_take_a_time_that_grows_with_their_number(engine: Engine, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    paths = [str(tmp_path / "in" / f"{number}.txt") for number in range(6000)]
    for number, path in enumerate(paths):
        Path(path).write_text(f"Text {number}.", encoding="utf-8")
    update(engine, paths, entities="none")
    began = time.process_time()
    assert counts(update(engine, paths, entities="none", prune=True)) == (0, 0, 6000, 0)
    assert time.process_time() - began < 3, "a quarter of a second on an idle machine; a square takes 14"


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["/a", "/a/b", "/a/b.txt", "/ab", "/a b/c", "/a/ä", "/ä/x/y"]), st.sampled_from("12")
        ),
        max_size=8,
    ),
    st.sampled_from(["/", "/a", "/a/b", "/ab", "/ä", "/ä/x"]),
)
def test_what_only_files_below_a_folder_hold_is_counted(claims: list[tuple[str, str]], folder: str) -> None:
    holders: dict[str, set[str]] = {}
    for path, article in claims:
        holders.setdefault(article, set()).add(path)
    inside = {path for path, _ in claims if path == folder or path.startswith(folder.rstrip("/") + "/")}
    assert inside == {path for path, _ in claims if below(path, {folder})}
    with opened(None) as manifest:
        for path, article in claims:
            manifest.claim(path, article, "")
        assert manifest.held_only_below(folder) == sum(paths <= inside for paths in holders.values())


def test_an_article_that_another_file_gave_up_keeps_the_date_of_its_folder(engine: Engine, tmp_path: Path) -> None:
    texts = tmp_path / "2024-12-28" / "texte"
    kept, changed = texts / "1989-11-09" / "politik" / "a.txt", texts / "b.txt"
    kept.parent.mkdir(parents=True)
    for path in (kept, changed):
        path.write_text("Die Mauer fiel.", encoding="utf-8")
    update(engine, [str(texts)])
    assert {document.article.date for document in engine.documents()} == {""}
    changed.write_text("Nichts fiel, und das sehr lange.", encoding="utf-8")
    update(engine, [str(texts)])
    assert {document.article.date for document in engine.documents()} == {"1989-11-09", ""}


def test_a_file_that_was_copied_and_changed_is_one_more_article(engine: Engine, tmp_path: Path) -> None:
    folder = texts(tmp_path / "in", a="Apfel")
    update(engine, [folder])
    texts(tmp_path / "in", b="Apfel", a="Birne")
    report = update(engine, [folder])
    assert report.removed == 0
    assert len(found(engine, "Apfel")) == len(found(engine, "Birne")) == 1


def test_a_folder_whose_files_lie_in_another_one_now_is_no_error(engine: Engine, tmp_path: Path) -> None:
    first, second = texts(tmp_path / "x", a="Apfel"), texts(tmp_path / "y", b="Birne")
    update(engine, [first, second])
    (tmp_path / "x" / "a.txt").rename(tmp_path / "y" / "a.txt")
    for _ in range(2):
        assert not update(engine, [first, second], prune=True).failed
    assert len(found(engine, "Apfel")) == len(found(engine, "Birne")) == 1


def test_a_renamed_file_is_the_same_article(engine: Engine, tmp_path: Path) -> None:
    before, after, other = (tmp_path / "in" / name for name in ("a.txt", "b.txt", "c.txt"))
    before.parent.mkdir()
    before.write_text("Der Apfel ist reif, sagt der Gärtner am Montag.")
    other.write_text("Die Birne ist faul, sagt der Gärtner am Dienstag.")
    update(engine, [str(before.parent)])
    before.rename(after)
    report = update(engine, [str(before.parent)], prune=True)
    assert (counts(report), report.errors) == ((0, 1, 1, 0), [])
    assert len(found(engine, "Apfel")) == 1


def test_a_moved_folder_is_read_once_more_at_most(engine: Engine, tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr("search.indexing.BATCH", 3)
    folder = tmp_path / "in"
    folder.mkdir()
    texts(folder / "old", **{f"f{number}": f"Sorte {number}" for number in range(20)})
    write(folder / "many.jsonl", *({"id": str(number), "text": f"Baum {number}."} for number in range(9)))
    update(engine, [str(folder)])
    (folder / "old").rename(folder / "new")
    asked: list[str] = []
    claimants = Manifest.claimants
    monkeypatch.setattr(
        Manifest, "claimants", lambda manifest, *each: asked.append(each[0]) or claimants(manifest, *each)
    )
    report = update(engine, [str(folder)], prune=True)
    assert (counts(report), report.errors) == ((0, 20, 9, 0), [])
    assert len(asked) <= 6 * 20
    assert len(found(engine, "Sorte")) == 20


def test_an_empty_folder_takes_no_article_away(engine: Engine, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    write(folder / "a.jsonl", {"id": "1", "text": "Apfel."})
    update(engine, [str(folder)])
    (folder / "a.jsonl").unlink()
    report = update(engine, [str(folder)], prune=True)
    assert found(engine, "Apfel") == {"1"}
    assert (report.removed, report.failed) == (0, 1)
    assert "is the disk mounted?" in report.errors[0].message


def test_many_files_of_one_text_take_a_time_that_grows_with_their_number(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = texts(tmp_path / "in", **{f"f{number}": "Apfel" for number in range(200)})
    asked: list[object] = []
    there = os.path.exists
    monkeypatch.setattr(os.path, "exists", lambda path: asked.append(path) or there(path))
    assert counts(update(engine, [folder])) == (1, 0, 0, 0)
    (tmp_path / "in" / "f7.txt").unlink()
    assert counts(update(engine, [folder], prune=True)) == (0, 1, 0, 0)
    assert len(asked) <= 2 * 30 * 200
    assert len(found(engine, "Apfel")) == 1


def test_paths_that_a_reindex_knows_of_itself_and_are_gone_are_told_with_their_mend(
    engine: Engine, tmp_path: Path
) -> None:
    first, second = texts(tmp_path / "r1", a="Apfel"), texts(tmp_path / "r2", b="Birne")
    update(engine, [first, second])
    (tmp_path / "r2").rename(tmp_path / "moved")
    report = rebuild(engine)
    assert (len(report.errors), report.failed, report.removed, len(holds(engine))) == (1, 1, 0, 2)
    assert report.errors[0].path == second
    assert "1 article stays: is the disk mounted? If they are to go, make the index anew" in report.errors[0].message
    update(engine, [str(tmp_path / "moved")])
    assert (rebuild(engine).errors, len(holds(engine))) == ([], 2)  # all of it is read elsewhere
    assert "there is no such file" in rebuild(engine, [first, second]).errors[0].message


def test_a_full_disk_of_temporary_files_is_thought_of(tmp_path: Path) -> None:
    full = sqlite3.OperationalError("database or disk is full")
    full.sqlite_errorname = "SQLITE_FULL"
    with pytest.raises(StorageError) as told, opened(tmp_path / "manifest.sqlite"):
        raise full
    assert "the disk is full, or that of temporary files" in str(told.value)


def test_a_worker_that_cannot_be_begun_is_told_with_its_mend(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path / "a.jsonl", *({"id": str(number), "text": f"Apfel {number}."} for number in range(300)))
    with monkeypatch.context() as patch:
        patch.setattr("multiprocessing.process.BaseProcess.start", Mock(side_effect=BlockingIOError(errno.EAGAIN, "?")))
        with pytest.raises(NachleseError, match="cannot be begun, perhaps for want of memory"):
            update(engine, [path], jobs=2)
    assert counts(update(engine, [path], jobs=2)) == (300, 0, 0, 0)


@pytest.mark.parametrize("by_link", [False, True])
def test_a_disk_that_is_away_below_a_folder_that_is_read_keeps_its_articles(
    engine: Engine, tmp_path: Path, by_link: bool
) -> None:
    top, disk, place = tmp_path / "in", tmp_path / "media" / "disk", tmp_path / "in" / "disk"
    texts(top, a="Apfel", b="Birne")
    if by_link:
        texts(disk / "1989", c="Kirsche", d="Quitte")
        place.symlink_to(disk)
    else:
        texts(place / "1989", c="Kirsche", d="Quitte")
    update(engine, [str(top)])
    (disk if by_link else place).rename(tmp_path / "away")
    if not by_link:
        place.mkdir()  # as a mount point is
    (top / "b.txt").unlink()
    report = update(engine, [str(top)], prune=True)
    assert ([error.path for error in report.errors], report.removed) == ([str(place)], 1)
    assert "2 articles stay: is the disk mounted? If they are to go, remove it" in report.errors[0].message
    report = rebuild(engine)
    assert ([error.path for error in report.errors], counts(report)) == ([str(place)], (3, 0, 0, 0))
    place.unlink() if by_link else place.rmdir()
    report = update(engine, [str(top)], prune=True)
    assert (report.errors, report.removed, len(holds(engine))) == ([], 2, 1)


def test_an_inbox_that_keeps_a_hidden_file_gives_its_articles_up(engine: Engine, tmp_path: Path) -> None:
    inbox = tmp_path / "in" / "eingang"
    texts(tmp_path / "in", a="Apfel")
    texts(inbox, b="Birne")
    (inbox / ".keep").touch()
    update(engine, [str(tmp_path / "in")])
    (inbox / "b.txt").unlink()
    report = update(engine, [str(tmp_path / "in")], prune=True)
    assert (report.errors, counts(report)) == ([], (0, 0, 1, 1))


@pytest.mark.parametrize("fault", [errno.ENOTCONN, errno.ESTALE, errno.EACCES])
def test_a_folder_that_cannot_be_looked_at_keeps_its_articles(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: int
) -> None:
    texts(tmp_path / "in", a="Apfel")
    texts(tmp_path / "in" / "1989" / "11", b="Birne")
    update(engine, [str(tmp_path / "in")])
    place, ask, may = str(tmp_path / "in" / "1989"), os.stat, os.access

    def fail(path: Any, *rest: Any, **how: Any) -> os.stat_result:
        if not isinstance(path, int) and os.fspath(path) == place:
            raise OSError(fault, os.strerror(fault))
        return ask(path, *rest, **how)

    # as root all would be allowed
    if fault == errno.EACCES:
        monkeypatch.setattr(os, "access", lambda path, mode: path != place and may(path, mode))
    else:
        monkeypatch.setattr(os, "stat", fail)
    report = update(engine, [str(tmp_path / "in")], prune=True)
    assert ([error.path for error in report.errors], report.removed, report.failed) == ([place], 0, 1)
    assert len(found(engine, "Apfel")) == len(found(engine, "Birne")) == 1


def test_what_an_exclamation_mark_is_in_the_name_of_is_taken_over(engine: Engine, tmp_path: Path) -> None:
    path = tmp_path / "Achtung!.jsonl"
    write(path, {"id": "1", "text": "Apfel."}, {"id": "2", "text": "Birne."})
    update(engine, [str(path)])
    write(path, {"id": "1", "text": "Apfel."}, {"id": "2"})
    assert rebuild(engine).failed == 1
    assert found(engine, "Birne") == {"2"}


def test_folders_with_unprintable_names_are_known_again(tmp_path: Path) -> None:
    for name in (b"K\xf6ln", "n\u00a0b".encode()):
        engine = open_index(tmp_path / f"index{len(name)}{name[0]}")
        folder = os.fsdecode(os.fsencode(tmp_path) + b"/" + name)
        os.mkdir(folder)
        first, second = os.path.join(folder, "a.txt"), os.path.join(folder, "b.txt")
        Path(first).write_text("Der Apfel ist reif, sagt der Gärtner am Montag.")
        Path(second).write_text("Der Apfel ist reif, sagt der Gärtner am Montag.")
        update(engine, [folder])
        Path(second).write_text("Die Birne ist faul, sagt der Gärtner am Dienstag.")
        assert not update(engine, [folder], prune=True).failed
        assert len(found(engine, "Apfel")) == len(found(engine, "Birne")) == 1
        os.unlink(second)
        assert update(engine, [folder], prune=True).removed == 1
        assert rebuild(engine, [folder]).added == 1
        assert rebuild(engine).added == 1


moves = st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from(["Apfel", "Birne", "", "a", "b"])), max_size=6)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(moves, min_size=1, max_size=4))
def test_files_of_the_same_texts_can_do_anything(tmp_path_factory: pytest.TempPathFactory, nights: Any) -> None:
    """They are written, deleted and renamed; what they say each night is what the index holds."""
    folder = tmp_path_factory.mktemp("same")
    texts(folder / "in", z="Kirsche")
    engine = open_index(folder / "index")
    for night, work in enumerate(nights):
        for at, (name, deed) in enumerate(work):
            path = folder / "in" / f"{name}.txt"
            if deed.istitle():
                texts(folder / "in", **{name: deed})
                os.utime(path, ns=(0, 10 * night + at))
            elif path.exists():
                path.rename(path.with_stem(deed)) if deed else path.unlink()
        before = engine.stats().articles if night else 0
        report = update(engine, [str(folder / "in")], prune=True)
        assert report.failed == 0
        assert report.removed >= 0
        assert set(holds(engine).values()) == {path.read_text() for path in (folder / "in").iterdir()}
        assert report.added + report.updated + report.unchanged == engine.stats().articles
        assert report.added - report.removed == engine.stats().articles - before


def test_an_article_of_several_files_and_lines_counts_once(engine: Engine, tmp_path: Path) -> None:
    one, two, folder = tmp_path / "in" / "1.jsonl", tmp_path / "in" / "2.jsonl", str(tmp_path / "in")
    one.parent.mkdir()
    write(one, {"id": "x", "text": "Apfel."}, {"id": "y", "text": "Birne."}, {"id": "y", "text": "Pflaume."})
    write(two, {"id": "x", "text": "Apfel."})
    first = update(engine, [folder])
    assert (counts(first), first.read) == ((2, 0, 0, 0), 4)
    assert counts(update(engine, [folder])) == (0, 0, 2, 0)
    write(two, {"id": "x", "text": "Kirsche."})
    assert counts(update(engine, [folder])) == (0, 1, 1, 0)
    one.rename(one.with_name("3.jsonl"))
    assert counts(update(engine, [folder], prune=True)) == (0, 2, 0, 0)
    assert counts(rebuild(engine)) == (2, 0, 0, 0)


def test_a_manifest_knows_the_state_that_a_rebuild_published(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("search.indexing.BATCH", 3)
    path = tmp_path / "a.jsonl"
    path.write_text("".join(f'{{"id": "{number}", "text": "Mauer {number}"}}\n' for number in range(20)))
    engine = open_index(tmp_path / "index")
    rebuild(engine, [str(path)])

    def anew(*_: object) -> None:
        raise AssertionError("every article was read from the index again")

    monkeypatch.setattr("search.manifest.Manifest.restart", anew)
    assert update(engine, [str(path)]).unchanged == 20
    assert len(list((tmp_path / "index").glob("*/*.seg"))) == 1


@pytest.mark.parametrize("full", [4, 1000])
def test_the_later_of_two_wins_in_a_rebuild_of_many_batches(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, full: int
) -> None:
    """Whether the earlier one is still in memory or in a segment that was written."""
    monkeypatch.setattr("search.indexing.BATCH", 3)
    monkeypatch.setattr("search.engine_whoosh.pool.MAX_DOCUMENTS", full)
    ids = [*range(12), 3, 8, 20, 3, 11]
    path = write(tmp_path / "a.jsonl", *({"id": f"n{number}", "text": f"Mauer {at}"} for at, number in enumerate(ids)))
    engine = open_index(tmp_path / "index")
    rebuild(engine, [path])
    assert holds(engine) == {f"n{number}": f"Mauer {at}" for at, number in enumerate(ids)}
    assert found(engine, "Mauer") == {f"n{number}" for number in ids}
    assert found(engine, "3") == set()


@given(st.lists(st.integers(0, 200_000), max_size=80))
def test_names_are_found_in_few_articles_together_and_in_long_ones_alone(lengths: list[int]) -> None:
    items = [(Article(str(number), "x" * length), "path", "hash") for number, length in enumerate(lengths)]
    groups = list(grouped(items))
    assert list(chain(*groups)) == items
    for group in groups:
        assert 1 <= len(group) <= TOGETHER
        assert len(group) == 1 or sum(len(article.text) for article, _, _ in group) <= TOGETHER_CHARACTERS


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_as_it_was_is_not_asked_for_permission(engine: Engine, tmp_path: Path) -> None:
    """As it is not read; a changed one is named, and what it held stays."""
    folder = texts(tmp_path / "in", a="Apfel", b="Birne")
    update(engine, [folder])
    (tmp_path / "in" / "a.txt").chmod(0)
    assert counts(update(engine, [folder])) == (0, 0, 2, 0)
    os.utime(tmp_path / "in" / "a.txt", ns=(0, 0))
    report = update(engine, [folder], prune=True)
    assert (counts(report), report.failed, len(found(engine, "Apfel"))) == ((0, 0, 1, 0), 1, 1)


def test_a_reindex_recalls_what_an_older_version_has_read(engine: Engine, tmp_path: Path) -> None:
    for number in range(3):
        (tmp_path / f"{number}.txt").write_text(f"Text {number}.")
    update(engine, [str(tmp_path / f"{number}.txt") for number in range(3)])
    (manifest,) = (tmp_path / "index").rglob("manifest.sqlite")
    with closing(sqlite3.connect(manifest)) as database:
        database.executescript(
            "CREATE TABLE files (path TEXT PRIMARY KEY, size INTEGER, mtime_ns INTEGER) WITHOUT ROWID;"
            "CREATE TABLE claims (path TEXT, id TEXT, hash TEXT, stale INTEGER NOT NULL DEFAULT 0, "
            "PRIMARY KEY (path, id)) WITHOUT ROWID;"
            "INSERT INTO claims SELECT path, id, hash, stale FROM held JOIN sources ON source = number;"
            "DROP TABLE held; DROP TABLE sources;"
        )
    manifest.with_name("version").write_text('{"version": 18}')
    (tmp_path / "1.txt").unlink()
    report = rebuild(engine)
    assert (report.removed, engine.stats().articles) == (1, 2)
